/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * redact.c - pseudonyms of addresses. Bit by bit: each is kept or turned as a
 * keyed hash of the bits before it says, so that common prefixes stay common
 * (Xu, Fan, Ammar, Moon: prefix-preserving IP address anonymization, 2002).
 * What left its kind on the way is sent through again until it is back.
 */
#include "trace/redact.h"

#include <nettle/hmac.h>
#include <string.h>

#include "base/netblock.h"
#include "probe/ask.h"

/* Different keys for the same bytes. */
enum domain {
	DOMAIN_IP4 = '4',
	DOMAIN_IP6 = '6',
	DOMAIN_IFID = 'i',
	DOMAIN_MAC = 'm',
};

/* Kinds of addresses: the first `len` bits, which are kept. */
struct kind {
	uint8_t b[4];
	uint8_t len; /* that tell the kind */
	uint8_t keep; /* that are kept */
};

static const struct kind kinds4[] = {
	{ { 0 }, 8, 32 }, { { 10 }, 8, 8 }, { { 100, 64 }, 10, 10 },
	{ { 127 }, 8, 32 }, { { 169, 254 }, 16, 16 }, { { 172, 16 }, 12, 12 },
	{ { 192, 168 }, 16, 16 },
	{ { 224 }, 3, 32 }, /* multicast, reserved, broadcast */
};

static const struct kind kinds6[] = {
	{ { 0x20, 0x02 }, 16, 16 }, /* 6to4 */
	{ { 0x20, 0x01, 0, 0 }, 32, 32 }, /* Teredo */
	{ { 0x20 }, 3, 3 },
	{ { 0xfc }, 7, 8 },
	{ { 0xfe, 0x80 }, 10, 64 },
	{ { 0xff }, 8, 128 },
	{ { 0 }, 8, 8 },
};

/* ---- bits ---- */

static unsigned
bit(const uint8_t *p, unsigned i)
{
	return (unsigned)p[i / 8] >> (7 - i % 8) & 1u;
}

/* The keyed hash of the first n bits: one bit. */
static unsigned
hash_bit(
    const struct v6d_redact *r, enum domain d, const uint8_t *p, unsigned n)
{
	struct hmac_sha256_ctx c;
	uint8_t in[18] = { 0 }, out[1];

	in[0] = (uint8_t)d;
	in[1] = (uint8_t)n;
	memcpy(in + 2, p, (n + 7) / 8);
	if (n % 8)
		in[2 + n / 8] &= (uint8_t)(0xff00u >> n % 8);
	hmac_sha256_set_key(&c, sizeof(r->key), r->key);
	hmac_sha256_update(&c, sizeof(in), in);
	hmac_sha256_digest(&c, sizeof(out), out);
	return out[0] & 1u;
}

/* Turns the bits from `from` on, up to `to`; one-to-one. */
static void
turn(const struct v6d_redact *r, enum domain d, uint8_t *p, unsigned from,
    unsigned to)
{
	uint8_t was[16];

	memcpy(was, p, (to + 7) / 8);
	for (unsigned i = from; i < to; i++)
		if (hash_bit(r, d, was, i))
			p[i / 8] ^= (uint8_t)(0x80u >> i % 8);
}

static bool
has_kind(const struct kind *k, const uint8_t *p)
{
	for (unsigned i = 0; i < k->len; i++)
		if (bit(k->b, i) != bit(p, i))
			return false;
	return true;
}

static const struct kind *
kind_of(const struct kind *list, size_t n, const uint8_t *p)
{
	for (size_t i = 0; i < n; i++)
		if (has_kind(&list[i], p))
			return &list[i];
	return NULL;
}

/* ---- MAC and interface identifier ---- */

/* The bits that say group and local stay (IEEE 802). */
void
v6d_redact_mac(const struct v6d_redact *r, uint8_t mac[6])
{
	uint8_t low = mac[0] & 3;

	mac[0] &= (uint8_t)~3u;
	turn(r, DOMAIN_MAC, mac, 0, 6);
	turn(r, DOMAIN_MAC, mac, 8, 48);
	mac[0] |= low;
}

enum ifid_kind { IFID_ZERO, IFID_OURS, IFID_SMALL, IFID_EUI, IFID_OTHER };

static enum ifid_kind
ifid_kind(const uint8_t p[8])
{
	static const uint8_t zero[8], ours[8] = V6D_ASK_NOBODY;

	if (memcmp(p, zero, 8) == 0)
		return IFID_ZERO;
	if (memcmp(p, ours, 8) == 0)
		return IFID_OURS;
	if (memcmp(p, zero, 6) == 0)
		return IFID_SMALL;
	return p[3] == 0xff && p[4] == 0xfe ? IFID_EUI : IFID_OTHER;
}

/* RFC 4291 appendix A: a MAC with ff:fe in its middle, one bit turned. */
static void
redact_eui(const struct v6d_redact *r, uint8_t p[8])
{
	uint8_t mac[6] = { (uint8_t)(p[0] ^ 2), p[1], p[2], p[5], p[6], p[7] };

	v6d_redact_mac(r, mac);
	p[0] = (uint8_t)(mac[0] ^ 2);
	p[1] = mac[1];
	p[2] = mac[2];
	memcpy(p + 5, mac + 3, 3);
}

/* The same whatever prefix stands before it. */
void
v6d_redact_ifid(const struct v6d_redact *r, uint8_t ifid[8])
{
	enum ifid_kind k = ifid_kind(ifid);

	switch (k) {
	case IFID_ZERO:
	case IFID_OURS: /* tells nothing of anybody */
		break;
	case IFID_EUI:
		redact_eui(r, ifid);
		break;
	case IFID_SMALL:
	case IFID_OTHER:
		do
			turn(
			    r, DOMAIN_IFID, ifid, k == IFID_SMALL ? 48 : 0, 64);
		while (ifid_kind(ifid) != k);
		break;
	}
}

/* ---- addresses ---- */

static void
redact4(const struct v6d_redact *r, uint8_t *p)
{
	const struct kind *k = kind_of(kinds4, V6D_ARRAY_LEN(kinds4), p);

	do
		turn(r, DOMAIN_IP4, p, k ? k->keep : 0, 32);
	while (kind_of(kinds4, V6D_ARRAY_LEN(kinds4), p) != k);
}

/* ff02::1:ffXX:XXXX holds the end of an address (RFC 4291 2.7.1). */
static bool
is_solicited(const uint8_t *p)
{
	static const uint8_t start[13] = { 0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 1, 0xff };

	return memcmp(p, start, sizeof(start)) == 0;
}

/* ::ffff:0:0/96 and 64:ff9b::/96 hold an IPv4 address (RFC 6052). */
static bool
holds_ip4(const uint8_t *p)
{
	static const uint8_t mapped[12] = { [10] = 0xff, 0xff };
	static const uint8_t nat64[12] = { 0, 0x64, 0xff, 0x9b };

	return memcmp(p, mapped, 12) == 0 || memcmp(p, nat64, 12) == 0;
}

/* :: and ::1 are nobody's. */
static bool
is_nobodys(const struct v6d_addr *a)
{
	static const uint8_t zero[15];

	return memcmp(a->b, zero, 15) == 0 && a->b[15] <= 1;
}

static unsigned
keep6(const struct v6d_addr *a)
{
	const struct kind *k = kind_of(kinds6, V6D_ARRAY_LEN(kinds6), a->b);
	unsigned closed = v6d_netblock_closed_bits(a);

	if (closed)
		return closed;
	return k ? k->keep : 3;
}

static bool
same_kind6(const struct v6d_addr *a, const struct v6d_addr *b)
{
	return kind_of(kinds6, V6D_ARRAY_LEN(kinds6), a->b) ==
		   kind_of(kinds6, V6D_ARRAY_LEN(kinds6), b->b) &&
	       v6d_netblock_closed_bits(a) == v6d_netblock_closed_bits(b);
}

static void
redact6(const struct v6d_redact *r, struct v6d_addr *a)
{
	const struct v6d_addr was = *a;
	unsigned keep = keep6(a);

	if (is_nobodys(a))
		return;
	if (holds_ip4(a->b)) {
		redact4(r, a->b + 12);
		return;
	}
	if (is_solicited(a->b))
		turn(r, DOMAIN_IP6, a->b, 104, 128);
	if (keep == 128)
		return;
	while (keep < 64) {
		turn(r, DOMAIN_IP6, a->b, keep, 64);
		if (same_kind6(a, &was))
			break;
	}
	v6d_redact_ifid(r, a->b + 8);
}

struct v6d_addr
v6d_redact_addr(struct v6d_redact *r, const struct v6d_addr *a)
{
	struct v6d_addr ret = *a;

	for (unsigned i = 0; i < r->n_addrs; i++)
		if (v6d_addr_eq(&r->addrs[i].real, a))
			return r->addrs[i].pseudonym;
	if (a->family == 4)
		redact4(r, ret.b);
	else if (a->family == 6)
		redact6(r, &ret);
	if (r->n_addrs < V6D_REDACT_ADDRS && a->family)
		r->addrs[r->n_addrs++] = (struct v6d_redact_pair){ *a, ret };
	return ret;
}

/* Where no bit stands behind the prefix, none does afterwards. */
struct v6d_prefix
v6d_redact_prefix(struct v6d_redact *r, const struct v6d_prefix *p)
{
	struct v6d_prefix ret = { v6d_redact_addr(r, &p->addr), p->len };
	unsigned all = p->addr.family == 4 ? 32 : 128;
	bool none = true;

	for (unsigned i = p->len; i < all; i++)
		none = none && bit(p->addr.b, i) == 0;
	for (unsigned i = p->len; none && i < all; i++)
		ret.addr.b[i / 8] &= (uint8_t) ~(0x80u >> i % 8);
	if (p->len == 0 && none)
		ret.addr = p->addr; /* everything: ::/0 */
	return ret;
}

void
v6d_redact_init(struct v6d_redact *r, const uint8_t key[V6D_REDACT_KEY])
{
	memset(r, 0, sizeof(*r));
	memcpy(r->key, key, sizeof(r->key));
}
