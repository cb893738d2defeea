/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep.h - what every decoder's test does alike: bytes in a heap block of
 * exactly their size, so that the sanitizer sees one byte too many, and every
 * truncation of a good packet.
 */
#ifndef TESTS_UNIT_SWEEP_H
#define TESTS_UNIT_SWEEP_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/wire.h"

/* n bytes of p in a block of exactly n bytes; free() it. */
static inline uint8_t *
exact(const void *p, size_t n)
{
	uint8_t *heap = malloc(n > 0 ? n : 1);

	assert_non_null(heap);
	if (n > 0)
		memcpy(heap, p, n);
	return heap;
}

/* Decodes the bytes of w; arg is the test's own. */
typedef enum v6d_wire_err sweep_fn(struct v6d_wire *w, const void *arg);

static inline enum v6d_wire_err
sweep_once(const uint8_t *p, size_t caplen, size_t wirelen, sweep_fn *fn,
    const void *arg)
{
	uint8_t *heap = exact(p, caplen);
	struct v6d_wire w = v6d_wire_from(heap, caplen, wirelen);
	enum v6d_wire_err e = fn(&w, arg);

	free(heap);
	return e;
}

/*
 * Every truncation of a good packet of n bytes, of which a decoder needs
 * `need`. As a cut capture: never MALFORMED, TRUNCATED up to need. As a
 * packet that was sent that short: never TRUNCATED, MALFORMED up to need
 * (and either OK or MALFORMED beyond, where a length field may tell).
 */
static inline void
sweep(const uint8_t *p, size_t n, size_t need, sweep_fn *fn, const void *arg)
{
	assert_int_equal(sweep_once(p, n, n, fn, arg), V6D_WIRE_OK);
	for (size_t i = 0; i < n; i++) {
		enum v6d_wire_err cut = sweep_once(p, i, n, fn, arg);
		enum v6d_wire_err sent = sweep_once(p, i, i, fn, arg);

		if (cut == V6D_WIRE_MALFORMED || sent == V6D_WIRE_TRUNCATED ||
		    (i < need && (cut == V6D_WIRE_OK || sent == V6D_WIRE_OK)))
			fail_msg("%zu of %zu bytes: cut %d, sent %d", i, n,
			    (int)cut, (int)sent);
	}
}

/* Writes hex digits (blanks ignored) as bytes; returns their number. */
static inline size_t
unhex(const char *s, uint8_t *buf, size_t cap)
{
	size_t n = 0;

	for (; *s; s++) {
		char digits[3] = { s[0], s[1], '\0' };

		if (*s == ' ')
			continue;
		assert_true(n < cap && s[1] != '\0');
		buf[n++] = (uint8_t)strtoul(digits, NULL, 16);
		s++;
	}
	return n;
}

/* The bytes written out are those that the hex digits say. */
static inline void
assert_hex(const struct v6d_out *o, const char *hex)
{
	uint8_t want[2048];
	size_t n = unhex(hex, want, sizeof(want));

	assert_false(o->full);
	assert_int_equal(o->len, n);
	assert_memory_equal(o->p, want, n);
}

#endif
