/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unpack.c - packed streams, with zlib and libzstd behind one FILE. */
#include "io/unpack.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <zlib.h>
#include <zstd.h>

#include "io/input.h"

#define PACKED 16384 /* bytes read at a time */
#define GZIP (15 + 16) /* windowBits of inflateInit2 */

struct packed {
	FILE *f;
	const struct packing *how;
	z_stream z;
	ZSTD_DCtx *zstd;
	bool within; /* a member or frame that has not ended */
	bool broken;
	size_t at, n; /* of `in` */
	uint8_t in[PACKED];
};

struct packing {
	uint8_t magic[V6D_UNPACK_MAGIC];
	size_t n_magic;
	bool (*start)(struct packed *p);
	/* From in[at..n) to buf: bytes made. Sets within and broken. */
	size_t (*step)(struct packed *p, char *buf, size_t n);
	void (*stop)(struct packed *p);
};

/* ---- gzip: members may stand behind one another (RFC 1952 2.2) ---- */

static bool
gzip_start(struct packed *p)
{
	return inflateInit2(&p->z, GZIP) == Z_OK;
}

static size_t
gzip_step(struct packed *p, char *buf, size_t n)
{
	int r;

	p->z.next_in = p->in + p->at;
	p->z.avail_in = (unsigned)(p->n - p->at);
	p->z.next_out = (uint8_t *)buf;
	p->z.avail_out = (unsigned)n;
	r = inflate(&p->z, Z_NO_FLUSH);
	p->at = p->n - p->z.avail_in;
	p->within = r != Z_STREAM_END;
	if (r == Z_STREAM_END)
		r = inflateReset(&p->z);
	p->broken = r != Z_OK && r != Z_BUF_ERROR;
	return n - p->z.avail_out;
}

static void
gzip_stop(struct packed *p)
{
	inflateEnd(&p->z);
}

/* ---- Zstandard: so may frames (RFC 8878 3.1) ---- */

static bool
zstd_start(struct packed *p)
{
	p->zstd = ZSTD_createDCtx();
	return p->zstd != NULL;
}

static size_t
zstd_step(struct packed *p, char *buf, size_t n)
{
	ZSTD_inBuffer in = { p->in, p->n, p->at };
	ZSTD_outBuffer out = { buf, n, 0 };
	size_t r = ZSTD_decompressStream(p->zstd, &out, &in);

	p->at = in.pos;
	p->within = r != 0;
	p->broken = ZSTD_isError(r);
	return out.pos;
}

static void
zstd_stop(struct packed *p)
{
	ZSTD_freeDCtx(p->zstd);
}

static const struct packing packings[] = {
	{ { 0x1f, 0x8b }, 2, gzip_start, gzip_step, gzip_stop },
	{ { 0x28, 0xb5, 0x2f, 0xfd }, 4, zstd_start, zstd_step, zstd_stop },
};

/* ---- either ---- */

static bool
refill(struct packed *p)
{
	if (p->at < p->n)
		return true;
	p->at = 0;
	p->n = fread(p->in, 1, sizeof(p->in), p->f);
	return p->n > 0;
}

static ssize_t
packed_read(void *cookie, char *buf, size_t n)
{
	struct packed *p = cookie;
	size_t made = 0;

	/* Once more after the input's end: something may still be held back. */
	while (made == 0 && !p->broken) {
		bool more = refill(p);

		if (!more && !p->within)
			break;
		made = p->how->step(p, buf, n);
		if (!more && made == 0)
			p->broken = p->within; /* it was cut */
	}
	if (made > 0 || !p->broken)
		return (ssize_t)made;
	errno = EBADMSG;
	return -1;
}

static int
packed_close(void *cookie)
{
	struct packed *p = cookie;

	p->how->stop(p);
	v6d_input_close(p->f);
	free(p);
	return 0;
}

static FILE *
open_packed(FILE *f, const struct packing *how)
{
	static const cookie_io_functions_t io = { .read = packed_read,
		.close = packed_close };
	struct packed *p = calloc(1, sizeof(*p));
	bool started = p && how->start(p);
	FILE *plain = NULL;

	if (started) {
		p->f = f;
		p->how = how;
		plain = fopencookie(p, "r", io);
	}
	if (plain)
		return plain;
	if (started)
		how->stop(p);
	free(p);
	v6d_input_close(f);
	errno = ENOMEM;
	return NULL;
}

FILE *
v6d_unpack(FILE *f, const uint8_t *magic, size_t n)
{
	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++) {
		const struct packing *k = &packings[i];

		if (n >= k->n_magic && memcmp(magic, k->magic, k->n_magic) == 0)
			return open_packed(f, k);
	}
	return f;
}
