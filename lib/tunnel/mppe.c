/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mppe.c - 128-bit stateless MPPE (RFC 3078), keys of MS-CHAPv2 (RFC 3079). */
#include "tunnel/mppe.h"

#include <string.h>

#include <nettle/arcfour.h>
#include <nettle/md4.h>
#include <nettle/sha1.h>

#include "proto/ccp.h"
#include "tunnel/mschap.h"

#define PAD 40

static const char magic1[] = "This is the MPPE Master Key";
static const char magic2[] = "On the client side, this is the send key; on "
			     "the server side, it is the receive key.";
static const char magic3[] = "On the client side, this is the receive key; "
			     "on the server side, it is the send key.";

void
v6d_mppe_master_key(
    const char *password, const uint8_t nt[24], uint8_t ret[V6D_MPPE_KEY])
{
	uint8_t hash[V6D_MSCHAP_HASH];
	struct md4_ctx md4;
	struct sha1_ctx c;

	v6d_mschap_password_hash(password, hash);
	md4_init(&md4);
	md4_update(&md4, sizeof(hash), hash);
	md4_digest(&md4, sizeof(hash), hash);
	sha1_init(&c);
	sha1_update(&c, sizeof(hash), hash);
	sha1_update(&c, V6D_MSCHAP_NT, nt);
	sha1_update(&c, sizeof(magic1) - 1, (const uint8_t *)magic1);
	sha1_digest(&c, V6D_MPPE_KEY, ret);
}

/* SHA1(a, 40 zeros, b, 40 times F2), its first 16 bytes: RFC 3079 2.4, 3.3 */
static void
derive(const uint8_t a[V6D_MPPE_KEY], const void *b, size_t n,
    uint8_t ret[V6D_MPPE_KEY])
{
	uint8_t pad[PAD];
	struct sha1_ctx c;

	sha1_init(&c);
	sha1_update(&c, V6D_MPPE_KEY, a);
	memset(pad, 0, sizeof(pad));
	sha1_update(&c, sizeof(pad), pad);
	sha1_update(&c, n, b);
	memset(pad, 0xf2, sizeof(pad));
	sha1_update(&c, sizeof(pad), pad);
	sha1_digest(&c, V6D_MPPE_KEY, ret);
}

void
v6d_mppe_start_key(const uint8_t master[V6D_MPPE_KEY], bool from_client,
    uint8_t ret[V6D_MPPE_KEY])
{
	if (from_client)
		derive(master, magic2, sizeof(magic2) - 1, ret);
	else
		derive(master, magic3, sizeof(magic3) - 1, ret);
}

void
v6d_mppe_init(struct v6d_mppe *m, const uint8_t start[V6D_MPPE_KEY])
{
	memcpy(m->start, start, V6D_MPPE_KEY);
	derive(start, start, V6D_MPPE_KEY, m->key);
	m->count = V6D_MPPE_COUNTS - 1;
}

/* Stateless mode changes the key before every packet (RFC 3078 7.3, 8.1). */
uint16_t
v6d_mppe_next(struct v6d_mppe *m)
{
	uint8_t fresh[V6D_MPPE_KEY];
	struct arcfour_ctx rc4;

	derive(m->start, m->key, V6D_MPPE_KEY, fresh);
	arcfour128_set_key(&rc4, fresh);
	arcfour_crypt(&rc4, V6D_MPPE_KEY, m->key, fresh);
	m->count = (uint16_t)((m->count + 1) % V6D_MPPE_COUNTS);
	return m->count;
}

bool
v6d_mppe_seek(struct v6d_mppe *m, uint16_t count)
{
	unsigned ahead =
	    (count + (unsigned)V6D_MPPE_COUNTS - m->count) % V6D_MPPE_COUNTS;

	if (ahead == 0 || ahead > V6D_MPPE_COUNTS / 2)
		return false;
	while (m->count != count)
		v6d_mppe_next(m);
	return true;
}

void
v6d_mppe_crypt(
    const struct v6d_mppe *m, uint8_t *ret, const uint8_t *p, size_t n)
{
	struct arcfour_ctx rc4;

	arcfour128_set_key(&rc4, m->key);
	arcfour_crypt(&rc4, n, ret, p);
}
