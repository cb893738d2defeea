/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pcapng.c - reads pcapng blocks; every length is checked, none is trusted. */
#include "io/pcapng.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_MAX (16u << 20) /* bytes; larger ones are taken for damage */
#define INTERFACES_MAX 1024
#define BYTE_ORDER_MAGIC 0x1a2b3c4du

enum block_type {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 2, /* obsolete, still in old files */
	BLOCK_SIMPLE = 3,
	BLOCK_ENHANCED = 6,
};

enum option_code { OPT_END = 0, OPT_TSRESOL = 9, OPT_TSOFFSET = 14 };

struct interface {
	uint16_t linktype;
	uint32_t snaplen;
	uint8_t tsresol; /* as the option has it; 6: microseconds */
	int64_t offset_s;
};

struct v6d_pcapng {
	bool swapped, in_section;
	unsigned n_if;
	struct interface ifs[INTERFACES_MAX];
	const uint8_t *block; /* the body of the one that was read last */
};

static int damaged(char *message, size_t n, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static int
damaged(char *message, size_t n, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, n, fmt, ap);
	va_end(ap);
	return -EBADMSG;
}

/* ---- fields, in the section's byte order ---- */

static uint32_t
u32(const struct v6d_pcapng *g, const uint8_t *p)
{
	if (g->swapped)
		return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		       (uint32_t)p[2] << 8 | p[3];
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[1] << 8 | p[0];
}

static uint16_t
u16(const struct v6d_pcapng *g, const uint8_t *p)
{
	return (uint16_t)(g->swapped ? p[0] << 8 | p[1] : p[1] << 8 | p[0]);
}

/* ---- blocks ---- */

/* A section header tells its own byte order, behind its length. */
static bool
read_order(struct v6d_pcapng *g, const uint8_t head[12])
{
	static const uint8_t big[4] = { 0x1a, 0x2b, 0x3c, 0x4d };
	static const uint8_t little[4] = { 0x4d, 0x3c, 0x2b, 0x1a };

	if (memcmp(head + 8, big, 4) == 0)
		g->swapped = true;
	else if (memcmp(head + 8, little, 4) == 0)
		g->swapped = false;
	else
		return false;
	return true;
}

/* What follows is less than a block: is that the end, or damage? */
static int
ends(const struct v6d_window *w, char *message, size_t n)
{
	if (w->held)
		return -EAGAIN;
	if (w->no_memory)
		return -ENOMEM;
	if (v6d_window_left(w) > 0)
		return damaged(message, n, "it ends within a block");
	if (ferror(w->f))
		return damaged(message, n, "its packing is damaged");
	return 0;
}

/*
 * Sees one block, with its body as g->block: 1 and its type and the body's
 * length, or as v6d_pcapng_next.
 */
static int
read_block(struct v6d_pcapng *g, struct v6d_window *w, uint32_t *ret_type,
    size_t *ret_len, char *message, size_t n)
{
	const uint8_t *p = v6d_window_see(w, 12);
	bool section;
	size_t len;

	if (!p)
		return ends(w, message, n);
	section = memcmp(p, "\x0a\x0d\x0d\x0a", 4) == 0;
	if (section && !read_order(g, p))
		return damaged(message, n, "a section has no byte order");
	if (!section && !g->in_section)
		return damaged(message, n, "it is no pcapng file");
	*ret_type = section ? BLOCK_SECTION : u32(g, p);
	len = u32(g, p + 4);
	if (len < 12 || len % 4 || len > BLOCK_MAX)
		return damaged(message, n, "a block claims %zu bytes", len);
	p = v6d_window_see(w, len);
	if (!p)
		return ends(w, message, n);
	if (u32(g, p + len - 4) != len)
		return damaged(message, n, "a block's two lengths differ");
	v6d_window_step(w, len);
	g->block = p + 8;
	*ret_len = len - 12; /* without type, length, and length again */
	return 1;
}

static void
interface_options(
    struct v6d_pcapng *g, struct interface *i, const uint8_t *p, size_t n)
{
	while (n >= 4) {
		uint16_t code = u16(g, p), len = u16(g, p + 2);
		size_t padded = ((size_t)len + 3) & ~(size_t)3;

		if (code == OPT_END || n - 4 < padded)
			return;
		if (code == OPT_TSRESOL && len >= 1)
			i->tsresol = p[4];
		if (code == OPT_TSOFFSET && len >= 8) {
			uint64_t a = u32(g, p + 4), b = u32(g, p + 8);

			i->offset_s =
			    (int64_t)(g->swapped ? a << 32 | b : b << 32 | a);
		}
		p += 4 + padded;
		n -= 4 + padded;
	}
}

static bool
add_interface(struct v6d_pcapng *g, size_t len)
{
	struct interface *i;

	if (len < 8 || g->n_if == INTERFACES_MAX)
		return false;
	i = &g->ifs[g->n_if++];
	memset(i, 0, sizeof(*i));
	i->linktype = u16(g, g->block);
	i->snaplen = u32(g, g->block + 4);
	i->tsresol = 6;
	interface_options(g, i, g->block + 8, len - 8);
	return true;
}

/* ---- time ---- */

/* Units since the epoch to nanoseconds; bit 7 of tsresol: a power of two. */
static v6d_ns
to_ns(const struct interface *i, uint64_t units)
{
	unsigned e = i->tsresol & 0x7f;
	uint64_t per_s = 1, s, rest;

	if (e > (i->tsresol & 0x80 ? 63u : 19u))
		return 0;
	for (unsigned k = 0; k < e; k++)
		per_s *= i->tsresol & 0x80 ? 2 : 10;
	s = units / per_s;
	rest = units % per_s;
	while (per_s > UINT32_MAX) { /* or the product overflows */
		per_s >>= 1;
		rest >>= 1;
	}
	return (s + (uint64_t)i->offset_s) * 1000000000u +
	       rest * 1000000000u / per_s;
}

/* ---- packets ---- */

static bool
packet(struct v6d_pcapng *g, uint32_t ifnum, uint64_t units, size_t at,
    size_t len, uint32_t caplen, uint32_t wirelen, struct v6d_captured *ret_p)
{
	if (ifnum >= g->n_if || at > len || caplen > len - at)
		return false;
	*ret_p = (struct v6d_captured){
		.bytes = g->block + at,
		.caplen = caplen,
		.wirelen = wirelen >= caplen ? wirelen : caplen,
		.linktype = g->ifs[ifnum].linktype,
		.at = to_ns(&g->ifs[ifnum], units),
	};
	return true;
}

static bool
simple_packet(struct v6d_pcapng *g, size_t len, struct v6d_captured *ret_p)
{
	uint32_t wire = u32(g, g->block), cap;

	if (g->n_if == 0)
		return false;
	cap = g->ifs[0].snaplen && g->ifs[0].snaplen < wire ? g->ifs[0].snaplen
							    : wire;
	return packet(g, 0, 0, 4, len, cap, wire, ret_p);
}

static bool
timed_packet(
    struct v6d_pcapng *g, bool old, size_t len, struct v6d_captured *ret_p)
{
	const uint8_t *b = g->block;
	uint64_t units = (uint64_t)u32(g, b + 4) << 32 | u32(g, b + 8);

	return packet(g, old ? u16(g, b) : u32(g, b), units, 20, len,
	    u32(g, b + 12), u32(g, b + 16), ret_p);
}

/* 1: a packet, 0: a block to pass over, -1: damage. */
static int
take_block(
    struct v6d_pcapng *g, uint32_t type, size_t len, struct v6d_captured *ret_p)
{
	if (type == BLOCK_SECTION) {
		g->in_section = true;
		g->n_if = 0;
		return len >= 16 && u16(g, g->block + 4) == 1 ? 0 : -1;
	}
	if (type == BLOCK_INTERFACE)
		return add_interface(g, len) ? 0 : -1;
	if (type == BLOCK_ENHANCED || type == BLOCK_PACKET)
		return len >= 20 &&
			       timed_packet(g, type == BLOCK_PACKET, len, ret_p)
			   ? 1
			   : -1;
	if (type == BLOCK_SIMPLE)
		return len >= 4 && simple_packet(g, len, ret_p) ? 1 : -1;
	return 0;
}

int
v6d_pcapng_next(struct v6d_pcapng *g, struct v6d_window *w,
    struct v6d_captured *ret_p, char *message, size_t n)
{
	uint32_t type = 0;
	size_t len = 0;
	int r;

	while ((r = read_block(g, w, &type, &len, message, n)) > 0) {
		r = take_block(g, type, len, ret_p);
		if (r < 0)
			return damaged(message, n,
			    "a block of type %u contradicts itself", type);
		if (r > 0)
			return 1;
	}
	return r;
}

struct v6d_pcapng *
v6d_pcapng_new(void)
{
	return calloc(1, sizeof(struct v6d_pcapng));
}

void
v6d_pcapng_free(struct v6d_pcapng *g)
{
	free(g);
}
