/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ndopt.c - the options of a router advertisement (RFC 4861 4.6, 4191 2.3,
 * 8106 5, 8910 2.3, 8781 4).
 */
#include "proto/ndopt.h"

#include <string.h>

enum {
	OPT_SOURCE = 1,
	OPT_PREFIX = 3,
	OPT_MTU = 5,
	OPT_ROUTE = 24,
	OPT_RDNSS = 25,
	OPT_DNSSL = 31,
	OPT_PORTAL = 37,
	OPT_PREF64 = 38,

	FLAG_ON_LINK = 0x80,
	FLAG_AUTONOMOUS = 0x40,
	PREF_SHIFT = 3,
	PREF_HIGH = 1,
	PREF_LOW = 3,
	PREF64_UNIT_S = 8,
	LABEL_MAX = 63,
};

int8_t
v6d_ndopt_preference(uint8_t flags)
{
	switch (flags >> PREF_SHIFT & 3) {
	case PREF_HIGH:
		return 1;
	case PREF_LOW:
		return -1;
	}
	return 0; /* 10 is reserved, and means medium */
}

uint8_t
v6d_ndopt_preference_bits(int8_t preference)
{
	unsigned bits = preference > 0   ? PREF_HIGH
			: preference < 0 ? PREF_LOW
					 : 0;

	return (uint8_t)(bits << PREF_SHIFT);
}

/* Each option's reader below returns false where the option is bad. */

static bool
read_prefix(struct v6d_wire *o, struct v6d_ra *ra)
{
	const uint8_t *h = v6d_wire_take(o, 30);
	struct v6d_ra_prefix p = { 0 };

	if (!h || v6d_wire_left(o) > 0 || h[0] > 128)
		return false;
	p.prefix.len = h[0];
	p.on_link = h[1] & FLAG_ON_LINK;
	p.autonomous = h[1] & FLAG_AUTONOMOUS;
	p.valid_s = v6d_be32(h + 2);
	p.preferred_s = v6d_be32(h + 6);
	p.prefix.addr = v6d_addr_6(h + 14);
	/* RFC 4862 5.5.3: such an option is ignored. */
	if (p.preferred_s > p.valid_s)
		return false;
	if (ra->n_prefixes == V6D_RA_PREFIXES)
		ra->n_dropped++;
	else
		ra->prefixes[ra->n_prefixes++] = p;
	return true;
}

static bool
read_mtu(struct v6d_wire *o, struct v6d_ra *ra)
{
	const uint8_t *h = v6d_wire_take(o, 6);

	if (!h || v6d_wire_left(o) > 0)
		return false;
	ra->mtu = v6d_be32(h + 2);
	return true;
}

static bool
read_rdnss(struct v6d_wire *o, struct v6d_ra *ra)
{
	const uint8_t *h = v6d_wire_take(o, 6);

	if (!h || v6d_wire_left(o) == 0 || v6d_wire_left(o) % 16 != 0)
		return false;
	ra->rdnss_lifetime_s = v6d_be32(h + 2);
	while ((h = v6d_wire_left(o) > 0 ? v6d_wire_take(o, 16) : NULL)) {
		if (ra->n_rdnss == V6D_RA_RDNSS)
			ra->n_dropped++;
		else
			ra->rdnss[ra->n_rdnss++] = v6d_addr_6(h);
	}
	return true;
}

/* The option holds as much of the prefix as its length needs. */
static bool
read_route(struct v6d_wire *o, struct v6d_ra *ra)
{
	const uint8_t *h = v6d_wire_take(o, 6);
	size_t n = h ? v6d_wire_left(o) : 0;
	struct v6d_ra_route r = { 0 };
	uint8_t b[16] = { 0 };

	if (!h || h[0] > 128 || n > 16 || n % 8 != 0 || n * 8 < h[0])
		return false;
	if (n > 0)
		memcpy(b, v6d_wire_take(o, n), n);
	r.prefix.len = h[0];
	r.prefix.addr = v6d_addr_6(b);
	r.preference = v6d_ndopt_preference(h[1]);
	r.lifetime_s = v6d_be32(h + 2);
	if (ra->n_routes == V6D_RA_ROUTES)
		ra->n_dropped++;
	else
		ra->routes[ra->n_routes++] = r;
	return true;
}

/* What cannot be printed is shown as '?'; what is too long is cut. */
static void
put_char(char *text, size_t *len, uint8_t c)
{
	if (*len + 1 >= V6D_RA_TEXT)
		return;
	text[(*len)++] = c > 0x20 && c < 0x7f ? (char)c : '?';
	text[*len] = '\0';
}

/* One name (RFC 1035 3.1, no compression); false: it does not end. */
static bool
read_name(struct v6d_wire *o, char *text)
{
	size_t len = 0;

	for (;;) {
		uint8_t n = v6d_wire_u8(o);
		const uint8_t *label;

		if (o->err || n > LABEL_MAX)
			return false;
		if (n == 0)
			return true;
		label = v6d_wire_take(o, n);
		if (!label)
			return false;
		if (len > 0)
			put_char(text, &len, '.');
		for (uint8_t i = 0; i < n; i++)
			put_char(text, &len, label[i]);
	}
}

static bool
read_dnssl(struct v6d_wire *o, struct v6d_ra *ra)
{
	const uint8_t *h = v6d_wire_take(o, 6);

	if (!h || v6d_wire_left(o) == 0)
		return false;
	ra->search_lifetime_s = v6d_be32(h + 2);
	/* zeros fill it up behind the last name */
	while (v6d_wire_left(o) > 0 && *o->p != 0) {
		char other[V6D_RA_TEXT] = "";

		if (!read_name(o, ra->n_search == 0 ? ra->search : other))
			return false;
		ra->n_search++;
	}
	return true;
}

static bool
read_portal(struct v6d_wire *o, struct v6d_ra *ra)
{
	size_t len = 0;

	if (v6d_wire_left(o) == 0 || *o->p == 0)
		return false;
	while (v6d_wire_left(o) > 0 && *o->p != 0)
		put_char(ra->portal, &len, v6d_wire_u8(o));
	return true;
}

static bool
read_pref64(struct v6d_wire *o, struct v6d_ra *ra)
{
	static const uint8_t lengths[] = { 96, 64, 56, 48, 40, 32 };
	const uint8_t *h = v6d_wire_take(o, 14);
	uint8_t b[16] = { 0 };
	unsigned code;

	if (!h || v6d_wire_left(o) > 0)
		return false;
	code = h[1] & 7;
	if (code >= sizeof(lengths))
		return false;
	memcpy(b, h + 2, 12);
	ra->has_pref64 = true;
	ra->pref64.addr = v6d_addr_6(b);
	ra->pref64.len = lengths[code];
	ra->pref64_lifetime_s = (v6d_be16(h) >> 3) * (uint32_t)PREF64_UNIT_S;
	return true;
}

bool
v6d_ndopt_read(uint8_t type, struct v6d_wire *o, struct v6d_ra *ra)
{
	switch (type) {
	case OPT_SOURCE:
		ra->has_link_addr = true;
		return true;
	case OPT_PREFIX:
		return read_prefix(o, ra);
	case OPT_MTU:
		return read_mtu(o, ra);
	case OPT_ROUTE:
		return read_route(o, ra);
	case OPT_RDNSS:
		return read_rdnss(o, ra);
	case OPT_DNSSL:
		return read_dnssl(o, ra);
	case OPT_PORTAL:
		return read_portal(o, ra);
	case OPT_PREF64:
		return read_pref64(o, ra);
	}
	return true;
}

/* ---- writing ---- */

static void
write_prefix(struct v6d_out *o, const struct v6d_ra_prefix *p)
{
	v6d_out_u8(o, OPT_PREFIX);
	v6d_out_u8(o, 4);
	v6d_out_u8(o, p->prefix.len);
	v6d_out_u8(o, (uint8_t)((p->on_link ? FLAG_ON_LINK : 0) |
				(p->autonomous ? FLAG_AUTONOMOUS : 0)));
	v6d_out_be32(o, p->valid_s);
	v6d_out_be32(o, p->preferred_s);
	v6d_out_be32(o, 0);
	v6d_out_bytes(o, p->prefix.addr.b, 16);
}

static void
write_rdnss(struct v6d_out *o, const struct v6d_ra *ra)
{
	v6d_out_u8(o, OPT_RDNSS);
	v6d_out_u8(o, (uint8_t)(1 + 2 * ra->n_rdnss));
	v6d_out_be16(o, 0);
	v6d_out_be32(o, ra->rdnss_lifetime_s);
	for (unsigned i = 0; i < ra->n_rdnss; i++)
		v6d_out_bytes(o, ra->rdnss[i].b, 16);
}

static void
write_route(struct v6d_out *o, const struct v6d_ra_route *r)
{
	size_t n = ((size_t)r->prefix.len + 63) / 64 * 8;

	v6d_out_u8(o, OPT_ROUTE);
	v6d_out_u8(o, (uint8_t)(1 + n / 8));
	v6d_out_u8(o, r->prefix.len);
	v6d_out_u8(o, v6d_ndopt_preference_bits(r->preference));
	v6d_out_be32(o, r->lifetime_s);
	v6d_out_bytes(o, r->prefix.addr.b, n);
}

static void
write_pref64(struct v6d_out *o, const struct v6d_ra *ra)
{
	static const uint8_t lengths[] = { 96, 64, 56, 48, 40, 32 };
	uint32_t units = ra->pref64_lifetime_s / PREF64_UNIT_S;
	unsigned code = 0;

	while (code < sizeof(lengths) - 1 && lengths[code] != ra->pref64.len)
		code++;
	v6d_out_u8(o, OPT_PREF64);
	v6d_out_u8(o, 2);
	v6d_out_be16(
	    o, (uint16_t)((units < 0x1fff ? units : 0x1fff) << 3 | code));
	v6d_out_bytes(o, ra->pref64.addr.b, 12);
}

void
v6d_ndopt_write(struct v6d_out *o, const struct v6d_ra *ra)
{
	for (unsigned i = 0; i < ra->n_prefixes; i++)
		write_prefix(o, &ra->prefixes[i]);
	if (ra->mtu > 0) {
		v6d_out_u8(o, OPT_MTU);
		v6d_out_u8(o, 1);
		v6d_out_be16(o, 0);
		v6d_out_be32(o, ra->mtu);
	}
	if (ra->n_rdnss > 0)
		write_rdnss(o, ra);
	for (unsigned i = 0; i < ra->n_routes; i++)
		write_route(o, &ra->routes[i]);
	if (ra->has_pref64)
		write_pref64(o, ra);
}
