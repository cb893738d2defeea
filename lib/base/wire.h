/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wire.h - bounds-checked reading and writing of packet bytes. */
#ifndef V6D_BASE_WIRE_H
#define V6D_BASE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define V6D_ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Network order at p. */
static inline uint16_t
v6d_be16(const uint8_t *p)
{
	return (uint16_t)((unsigned)p[0] << 8 | p[1]);
}

static inline uint32_t
v6d_be32(const uint8_t *p)
{
	return (uint32_t)v6d_be16(p) << 16 | v6d_be16(p + 2);
}

/* Why a reader stopped. The first problem sticks; later reads return 0. */
enum v6d_wire_err {
	V6D_WIRE_OK = 0,
	V6D_WIRE_TRUNCATED, /* the capture ended; the sender may be blameless */
	V6D_WIRE_MALFORMED, /* the bytes present contradict the protocol */
};

/*
 * A reader over borrowed bytes. `cut` says that the packet went on past `end`
 * on the wire (snap length), so that running out of bytes is TRUNCATED and
 * not MALFORMED.
 */
struct v6d_wire {
	const uint8_t *p; /* next unread byte; borrowed, never freed */
	const uint8_t *end; /* one past the last byte that may be read */
	bool cut;
	enum v6d_wire_err err;
};

/* caplen bytes are at buf, of a packet that had wirelen on the wire. */
static inline struct v6d_wire
v6d_wire_from(const uint8_t *buf, size_t caplen, size_t wirelen)
{
	return (struct v6d_wire){ buf, buf + caplen, caplen < wirelen,
		V6D_WIRE_OK };
}

/* Bytes that can still be read; 0 after an error. */
static inline size_t
v6d_wire_left(const struct v6d_wire *w)
{
	return w->err ? 0 : (size_t)(w->end - w->p);
}

/* Records why reading stops, unless an earlier reason stands. */
static inline void
v6d_wire_fail(struct v6d_wire *w, enum v6d_wire_err why)
{
	if (!w->err)
		w->err = why;
}

/* Returns n readable bytes and steps over them, or NULL; the error sticks. */
static inline const uint8_t *
v6d_wire_take(struct v6d_wire *w, size_t n)
{
	const uint8_t *q = w->p;

	if (v6d_wire_left(w) < n || w->err) {
		v6d_wire_fail(
		    w, w->cut ? V6D_WIRE_TRUNCATED : V6D_WIRE_MALFORMED);
		return NULL;
	}
	w->p += n;
	return q;
}

/*
 * A reader over nothing that fails as w did: what a decoder leaves as payload
 * where it did not get that far.
 */
static inline struct v6d_wire
v6d_wire_none(const struct v6d_wire *w)
{
	return (struct v6d_wire){ w->p, w->p, w->cut, w->err };
}

/*
 * Takes all that is left, for a field that goes on to the end. What a short
 * capture lost of it is TRUNCATED, what is there is returned all the same.
 */
static inline const uint8_t *
v6d_wire_rest(struct v6d_wire *w, size_t *ret_n)
{
	const uint8_t *q = w->p;

	*ret_n = v6d_wire_left(w);
	w->p += *ret_n;
	if (w->cut)
		v6d_wire_fail(w, V6D_WIRE_TRUNCATED);
	return q;
}

/* Copies n bytes into dst, or zeroes dst and the error sticks. */
static inline void
v6d_wire_copy(struct v6d_wire *w, uint8_t *dst, size_t n)
{
	const uint8_t *q = v6d_wire_take(w, n);

	if (q)
		memcpy(dst, q, n);
	else
		memset(dst, 0, n);
}

static inline uint8_t
v6d_wire_u8(struct v6d_wire *w)
{
	const uint8_t *q = v6d_wire_take(w, 1);

	return q ? q[0] : 0;
}

static inline uint16_t
v6d_wire_be16(struct v6d_wire *w)
{
	const uint8_t *q = v6d_wire_take(w, 2);

	return q ? v6d_be16(q) : 0;
}

static inline uint32_t
v6d_wire_be32(struct v6d_wire *w)
{
	const uint8_t *q = v6d_wire_take(w, 4);

	return q ? v6d_be32(q) : 0;
}

/* Splits off a reader over exactly the next n bytes (a TLV body). */
static inline struct v6d_wire
v6d_wire_sub(struct v6d_wire *w, size_t n)
{
	const uint8_t *q = v6d_wire_take(w, n);

	if (!q)
		return (struct v6d_wire){ w->end, w->end, w->cut, w->err };
	return (struct v6d_wire){ q, q + n, false, V6D_WIRE_OK };
}

/*
 * Splits off a reader over the next n bytes of a packet's payload, which a
 * short capture may have cut: what is there can be read, the rest is
 * TRUNCATED. Where the sender's own packet is too short (not cut) the parent
 * fails as MALFORMED and the child holds what is there.
 */
static inline struct v6d_wire
v6d_wire_payload(struct v6d_wire *w, size_t n)
{
	size_t have = v6d_wire_left(w);
	struct v6d_wire sub = { w->p, w->p, w->cut, w->err };

	if (w->err)
		return sub;
	if (n > have && !w->cut)
		v6d_wire_fail(w, V6D_WIRE_MALFORMED);
	sub.end = w->p + (n < have ? n : have);
	sub.cut = n > have && w->cut;
	w->p = sub.end;
	return sub;
}

/* A writer into borrowed memory. When it is full nothing more is written. */
struct v6d_out {
	uint8_t *p;
	size_t cap, len;
	bool full; /* sticks: something did not fit */
};

static inline struct v6d_out
v6d_out_to(uint8_t *buf, size_t cap)
{
	return (struct v6d_out){ buf, cap, 0, false };
}

/* Reserves n bytes and returns them, or NULL and `full` sticks. */
static inline uint8_t *
v6d_out_room(struct v6d_out *o, size_t n)
{
	uint8_t *q = o->p + o->len;

	if (o->full || o->cap - o->len < n) {
		o->full = true;
		return NULL;
	}
	o->len += n;
	return q;
}

static inline void
v6d_out_bytes(struct v6d_out *o, const void *src, size_t n)
{
	uint8_t *q = v6d_out_room(o, n);

	if (q && n > 0)
		memcpy(q, src, n);
}

static inline void
v6d_out_fill(struct v6d_out *o, uint8_t byte, size_t n)
{
	uint8_t *q = v6d_out_room(o, n);

	if (q && n > 0)
		memset(q, byte, n);
}

static inline void
v6d_out_u8(struct v6d_out *o, uint8_t v)
{
	v6d_out_bytes(o, &v, 1);
}

static inline void
v6d_out_be16(struct v6d_out *o, uint16_t v)
{
	uint8_t b[2] = { (uint8_t)(v >> 8), (uint8_t)v };

	v6d_out_bytes(o, b, sizeof(b));
}

static inline void
v6d_out_be32(struct v6d_out *o, uint32_t v)
{
	v6d_out_be16(o, (uint16_t)(v >> 16));
	v6d_out_be16(o, (uint16_t)v);
}

/* Overwrites two bytes written earlier (a length, a checksum). */
static inline void
v6d_out_patch16(struct v6d_out *o, size_t at, uint16_t v)
{
	if (o->full || at + 2 > o->len)
		return;
	o->p[at] = (uint8_t)(v >> 8);
	o->p[at + 1] = (uint8_t)v;
}

#endif
