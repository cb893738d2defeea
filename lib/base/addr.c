/* SPDX-License-Identifier: GPL-2.0-or-later */
/* addr.c - IPv4 and IPv6 addresses and prefixes (RFC 4291 2.2, RFC 5952). */
#include "base/addr.h"

#include <string.h>

enum {
	GROUPS = 8, /* of 16 bits in an IPv6 address */
};

#define NO_GAP SIZE_MAX /* no "::" seen */

uint32_t
v6d_addr_number(const struct v6d_addr *a)
{
	return (uint32_t)a->b[0] << 24 | (uint32_t)a->b[1] << 16 |
	       (uint32_t)a->b[2] << 8 | a->b[3];
}

struct v6d_addr
v6d_addr_link_local(const uint8_t ifid[8])
{
	struct v6d_addr a = { .family = 6, .b = { 0xfe, 0x80 } };

	memcpy(a.b + 8, ifid, 8);
	return a;
}

struct v6d_addr
v6d_addr_join(const struct v6d_addr *prefix, const uint8_t ifid[8])
{
	struct v6d_addr a = { .family = 6 };

	memcpy(a.b, prefix->b, 8);
	memcpy(a.b + 8, ifid, 8);
	return a;
}

/* Significant bytes of an address of that family. */
static size_t
width(uint8_t family)
{
	return family == 6 ? 16 : family == 4 ? 4 : 0;
}

bool
v6d_addr_is_zero(const struct v6d_addr *a)
{
	static const uint8_t zero[16];

	return memcmp(a->b, zero, width(a->family)) == 0;
}

bool
v6d_addr_is_link_local(const struct v6d_addr *a)
{
	return a->family == 6 && a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80;
}

bool
v6d_addr_is_multicast(const struct v6d_addr *a)
{
	return a->family == 6 ? a->b[0] == 0xff
			      : a->family == 4 && a->b[0] >> 4 == 0xe;
}

bool
v6d_addr_is_global(const struct v6d_addr *a)
{
	return a->family == 6 && a->b[0] >> 5 == 1;
}

bool
v6d_prefix_has(const struct v6d_prefix *p, const struct v6d_addr *a)
{
	size_t whole = p->len / 8;
	unsigned rest = p->len % 8;

	if (p->addr.family != a->family || p->len > width(a->family) * 8)
		return false;
	if (memcmp(p->addr.b, a->b, whole) != 0)
		return false;
	return rest == 0 || (p->addr.b[whole] ^ a->b[whole]) >> (8 - rest) == 0;
}

/*
 * Reads a decimal number of at most three digits, without leading zeros,
 * ending at *s. False when there is none or it exceeds max.
 */
static bool
decimal(const char **s, const char *end, unsigned max, unsigned *ret_v)
{
	const char *p = *s;
	unsigned v = 0;

	while (p < end && *p >= '0' && *p <= '9' && p - *s < 3)
		v = v * 10 + (unsigned)(*p++ - '0');
	if (p == *s || (**s == '0' && p - *s > 1) || v > max)
		return false;
	*s = p;
	*ret_v = v;
	return true;
}

static bool
parse4(const char *s, const char *end, uint8_t b[4])
{
	for (unsigned i = 0; i < 4; i++) {
		unsigned v;

		if (i > 0 && (s == end || *s++ != '.'))
			return false;
		if (!decimal(&s, end, 255, &v))
			return false;
		b[i] = (uint8_t)v;
	}
	return s == end;
}

/* The value of a hexadecimal digit, or -1. */
static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One to four hexadecimal digits, ending at *s. */
static bool
group(const char **s, const char *end, uint8_t b[2])
{
	const char *p = *s;
	unsigned v = 0;

	while (p < end && hex(*p) >= 0 && p - *s < 4)
		v = v << 4 | (unsigned)hex(*p++);
	if (p == *s)
		return false;
	*s = p;
	b[0] = (uint8_t)(v >> 8);
	b[1] = (uint8_t)v;
	return true;
}

/* Makes the n bytes in b 16 by zeros at offset gap. */
static void
widen(uint8_t b[16], size_t n, size_t gap)
{
	memmove(b + 16 - (n - gap), b + gap, n - gap);
	memset(b + gap, 0, 16 - n);
}

static bool
parse6(const char *s, const char *end, uint8_t b[16])
{
	size_t n = 0, gap = NO_GAP;

	if (s < end && *s == ':' && *++s != ':')
		return false;
	while (s < end) {
		const char *start = s;

		if (*s == ':') {
			if (gap != NO_GAP)
				return false;
			gap = n;
			s++;
			continue;
		}
		if (n == 16 || !group(&s, end, b + n))
			return false;
		if (s < end && *s == '.') {
			if (n > 12 || !parse4(start, end, b + n))
				return false;
			n += 4;
			break;
		}
		n += 2;
		if (s < end && (*s++ != ':' || s == end))
			return false;
	}
	if (gap == NO_GAP || n == 16)
		return gap == NO_GAP && n == 16;
	widen(b, n, gap);
	return true;
}

static bool
parse(const char *s, const char *end, struct v6d_addr *ret_a)
{
	struct v6d_addr a = { 0 };

	if (parse4(s, end, a.b)) {
		a.family = 4;
	} else {
		memset(a.b, 0, sizeof(a.b));
		if (end - s >= 2 && *s == '[' && end[-1] == ']')
			s++, end--;
		if (!parse6(s, end, a.b))
			return false;
		a.family = 6;
	}
	*ret_a = a;
	return true;
}

bool
v6d_addr_parse(const char *s, struct v6d_addr *ret_a)
{
	return parse(s, s + strlen(s), ret_a);
}

bool
v6d_prefix_parse(const char *s, struct v6d_prefix *ret_p)
{
	const char *end = s + strlen(s), *slash = strchr(s, '/');
	struct v6d_prefix p;
	unsigned len;

	if (!parse(s, slash ? slash : end, &p.addr))
		return false;
	len = (unsigned)width(p.addr.family) * 8;
	if (slash) {
		slash++;
		if (!decimal(&slash, end, len, &len) || slash != end)
			return false;
	}
	p.len = (uint8_t)len;
	*ret_p = p;
	return true;
}

/* 16-bit group i of an IPv6 address. */
static unsigned
group_at(const struct v6d_addr *a, unsigned i)
{
	return (unsigned)a->b[2 * i] << 8 | a->b[2 * i + 1];
}

/* The longest run of two or more zero groups, the first of equals. */
static unsigned
longest_zeros(const struct v6d_addr *a, unsigned *ret_start)
{
	unsigned best = 1, run = 0;

	*ret_start = GROUPS;
	for (unsigned i = 0; i < GROUPS; i++) {
		run = group_at(a, i) == 0 ? run + 1 : 0;
		if (run > best) {
			best = run;
			*ret_start = i + 1 - run;
		}
	}
	return *ret_start < GROUPS ? best : 0;
}

/* A number in that base, behind what is there; where the text ends then. */
static char *
number(char *to, unsigned v, unsigned base)
{
	char digit[8];
	unsigned n = 0;

	do {
		digit[n++] = "0123456789abcdef"[v % base];
		v /= base;
	} while (v > 0);
	while (n > 0)
		*to++ = digit[--n];
	return to;
}

static char *
text4(const uint8_t b[4], char *to)
{
	for (unsigned i = 0; i < 4; i++) {
		if (i > 0)
			*to++ = '.';
		to = number(to, b[i], 10);
	}
	return to;
}

static char *
text6(const struct v6d_addr *a, char *to)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	unsigned start, run;

	if (memcmp(a->b, mapped, sizeof(mapped)) == 0) {
		memcpy(to, "::ffff:", 7);
		return text4(a->b + 12, to + 7);
	}
	run = longest_zeros(a, &start);
	for (unsigned i = 0; i < GROUPS; i++) {
		if (i == start) {
			*to++ = ':';
			*to++ = ':';
			i += run - 1;
			continue;
		}
		if (i > 0 && i != start + run)
			*to++ = ':';
		to = number(to, group_at(a, i), 16);
	}
	return to;
}

/* Written by hand: many tunnels have many addresses. */
const char *
v6d_addr_text(const struct v6d_addr *a, char *buf, size_t n)
{
	char text[V6D_ADDR_TEXT] = "none", *end = text + 4;
	size_t len;

	if (a->family == 4)
		end = text4(a->b, text);
	else if (a->family == 6)
		end = text6(a, text);
	len = (size_t)(end - text);
	if (n > 0) {
		len = len < n ? len : n - 1;
		memcpy(buf, text, len);
		buf[len] = '\0';
	}
	return buf;
}
