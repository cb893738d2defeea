/* SPDX-License-Identifier: GPL-2.0-or-later */
/* addr.h - IPv4 and IPv6 addresses and prefixes as values, and their text. */
#ifndef V6D_BASE_ADDR_H
#define V6D_BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define V6D_ADDR_TEXT 48 /* room for any address's text, with its NUL */

/* family 0: no address. IPv4 uses the first four bytes, the rest is zero. */
struct v6d_addr {
	uint8_t family; /* 0, 4 or 6 */
	uint8_t b[16]; /* network order */
};

struct v6d_prefix {
	struct v6d_addr addr;
	uint8_t len; /* bits */
};

static inline struct v6d_addr
v6d_addr_4(const uint8_t b[4])
{
	return (struct v6d_addr){ 4, { b[0], b[1], b[2], b[3] } };
}

/* An IPv4 address as a number: 192.0.2.1 is 0xc0000201. */
uint32_t v6d_addr_number(const struct v6d_addr *a);
static inline struct v6d_addr
v6d_addr_6(const uint8_t b[16])
{
	struct v6d_addr a = { .family = 6 };

	memcpy(a.b, b, sizeof(a.b));
	return a;
}

/* fe80::IFID (RFC 4291 2.5.6). */
struct v6d_addr v6d_addr_link_local(const uint8_t ifid[8]);

/* The first 64 bits of `prefix` with `ifid` behind them. */
struct v6d_addr
v6d_addr_join(const struct v6d_addr *prefix, const uint8_t ifid[8]);

static inline bool
v6d_addr_eq(const struct v6d_addr *a, const struct v6d_addr *b)
{
	if (a->family != b->family)
		return false;
	if (a->family == 6)
		return memcmp(a->b, b->b, 16) == 0;
	return a->family != 4 || memcmp(a->b, b->b, 4) == 0;
}
bool v6d_addr_is_zero(const struct v6d_addr *a);
bool v6d_addr_is_link_local(const struct v6d_addr *a); /* fe80::/10 */
bool v6d_addr_is_multicast(const struct v6d_addr *a);
/* Global unicast by form: 2000::/3 (documentation prefixes included). */
bool v6d_addr_is_global(const struct v6d_addr *a);

/* True when a lies in p; families must agree. */
bool v6d_prefix_has(const struct v6d_prefix *p, const struct v6d_addr *a);

/*
 * Reads a whole string as an IPv4 (dotted quad) or IPv6 (RFC 4291 2.2)
 * address, with or without brackets, without a zone. False leaves *ret_a
 * untouched.
 */
bool v6d_addr_parse(const char *s, struct v6d_addr *ret_a);

/* "ADDRESS/LENGTH", or an address alone (the whole length). */
bool v6d_prefix_parse(const char *s, struct v6d_prefix *ret_p);

/* RFC 5952 text. Writes at most n bytes, NUL included; returns buf. */
const char *v6d_addr_text(const struct v6d_addr *a, char *buf, size_t n);

#endif
