/* SPDX-License-Identifier: GPL-2.0-or-later */
/* input.c - files to read, unpacked with zlib where they are packed. */
#include "io/input.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#define PACKED 16384 /* bytes read at a time */
#define READ_FIRST 65536 /* bytes; doubled as they are needed */
#define GZIP_OR_ZLIB (15 + 32) /* windowBits of inflateInit2 */
#define PEEK_MAX 64

/* ---- gzip ---- */

struct packed {
	FILE *f;
	z_stream z;
	bool within; /* a member that has not ended */
	bool broken;
	uint8_t in[PACKED];
};

/* Several members may stand behind one another (RFC 1952 2.2). */
static bool
refill(struct packed *p)
{
	size_t n;

	if (p->z.avail_in > 0)
		return true;
	n = fread(p->in, 1, sizeof(p->in), p->f);
	p->z.next_in = p->in;
	p->z.avail_in = (unsigned)n;
	return n > 0;
}

static ssize_t
packed_read(void *cookie, char *buf, size_t n)
{
	struct packed *p = cookie;
	int r = Z_OK;

	p->z.next_out = (uint8_t *)buf;
	p->z.avail_out = (unsigned)n;
	while (p->z.avail_out == n && !p->broken) {
		if (!refill(p)) {
			p->broken = p->within; /* it was cut */
			break;
		}
		r = inflate(&p->z, Z_NO_FLUSH);
		p->within = r != Z_STREAM_END;
		if (r == Z_STREAM_END)
			r = inflateReset(&p->z);
		p->broken = r != Z_OK && r != Z_BUF_ERROR;
	}
	if (p->z.avail_out < n || !p->broken)
		return (ssize_t)(n - p->z.avail_out);
	errno = EBADMSG;
	return -1;
}

static int
packed_close(void *cookie)
{
	struct packed *p = cookie;

	inflateEnd(&p->z);
	v6d_input_close(p->f);
	free(p);
	return 0;
}

static FILE *
unpack(FILE *f)
{
	static const cookie_io_functions_t io = { .read = packed_read,
		.close = packed_close };
	struct packed *p = calloc(1, sizeof(*p));
	FILE *plain = NULL;

	if (p && inflateInit2(&p->z, GZIP_OR_ZLIB) == Z_OK) {
		p->f = f;
		plain = fopencookie(p, "r", io);
	}
	if (plain)
		return plain;
	if (p)
		inflateEnd(&p->z);
	free(p);
	v6d_input_close(f);
	errno = ENOMEM;
	return NULL;
}

/* ---- any file ---- */

static FILE *
open_path(const char *path)
{
	struct stat st;
	FILE *f;

	if (strcmp(path, "-") == 0)
		return stdin;
	f = fopen(path, "rbe");
	if (f && fstat(fileno(f), &st) == 0 && S_ISDIR(st.st_mode)) {
		fclose(f);
		errno = EISDIR;
		return NULL;
	}
	return f;
}

FILE *
v6d_input_open(const char *path)
{
	FILE *f = open_path(path);
	uint8_t magic[2];

	if (f && v6d_input_peek(f, magic, 2) == 2 && magic[0] == 0x1f &&
	    magic[1] == 0x8b)
		return unpack(f);
	return f;
}

/* What was just read goes back into the stream's own buffer. */
size_t
v6d_input_peek(FILE *f, uint8_t *buf, size_t n)
{
	size_t got = fread(buf, 1, n < PEEK_MAX ? n : PEEK_MAX, f);

	for (size_t i = got; i-- > 0;)
		if (ungetc(buf[i], f) == EOF)
			return 0;
	return got;
}

int
v6d_input_all(FILE *f, size_t ceiling, uint8_t **ret, size_t *ret_n)
{
	size_t cap = READ_FIRST, n = 0;
	uint8_t *p = malloc(cap), *more;

	while (p) {
		n += fread(p + n, 1, cap - n, f);
		if ((ferror(f) && n == 0) || n > ceiling) {
			free(p);
			return n > ceiling ? -EFBIG : -EBADMSG;
		}
		if (n < cap)
			break;
		cap *= 2;
		more = realloc(p, cap);
		if (!more)
			free(p);
		p = more;
	}
	if (!p)
		return -ENOMEM;
	*ret = p;
	*ret_n = n;
	return 0;
}

void
v6d_input_close(FILE *f)
{
	if (f != stdin)
		fclose(f);
}
