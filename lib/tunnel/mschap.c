/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mschap.c - the arithmetic of MS-CHAPv2 (RFC 2759 8). */
#include "tunnel/mschap.h"

#include <string.h>

#include <nettle/des.h>
#include <nettle/md4.h>
#include <nettle/sha1.h>

static const char magic1[] = "Magic server to client signing constant";
static const char magic2[] = "Pad to make it do more than one iteration";

static void
sha1_text(struct sha1_ctx *c, const char *s)
{
	sha1_update(c, strlen(s), (const uint8_t *)s);
}

static const char *
without_domain(const char *user)
{
	const char *slash = strrchr(user, '\\');

	return slash ? slash + 1 : user;
}

void
v6d_mschap_challenge_hash(const struct v6d_mschap *m, uint8_t ret[8])
{
	struct sha1_ctx c;

	sha1_init(&c);
	sha1_update(&c, V6D_MSCHAP_CHALLENGE, m->peer_challenge);
	sha1_update(&c, V6D_MSCHAP_CHALLENGE, m->auth_challenge);
	sha1_text(&c, without_domain(m->user));
	sha1_digest(&c, 8, ret);
}

void
v6d_mschap_password_hash(const char *password, uint8_t ret[V6D_MSCHAP_HASH])
{
	struct md4_ctx c;

	md4_init(&c);
	for (; *password != '\0'; password++) {
		uint8_t unit[2] = { (uint8_t)*password, 0 };

		md4_update(&c, sizeof(unit), unit);
	}
	md4_digest(&c, V6D_MSCHAP_HASH, ret);
}

/* Spreads 7 bytes over the upper 7 bits of 8; DES ignores the lowest. */
static void
des_key(const uint8_t k[7], uint8_t ret[DES_KEY_SIZE])
{
	unsigned bits = 0, n = 0;

	for (size_t i = 0, j = 0; i < DES_KEY_SIZE; i++) {
		if (n < 7) {
			bits = bits << 8 | (j < 7 ? k[j++] : 0u);
			n += 8;
		}
		n -= 7;
		ret[i] = (uint8_t)((bits >> n & 0x7fu) << 1);
	}
}

/* DES of the challenge hash under each third of the padded hash: 8.5. */
static void
challenge_response(const uint8_t challenge[8],
    const uint8_t hash[V6D_MSCHAP_HASH], uint8_t ret[V6D_MSCHAP_NT])
{
	uint8_t padded[21] = { 0 };

	memcpy(padded, hash, V6D_MSCHAP_HASH);
	for (size_t i = 0; i < 3; i++) {
		uint8_t key[DES_KEY_SIZE];
		struct des_ctx c;

		des_key(padded + 7 * i, key);
		des_set_key(&c, key);
		des_encrypt(&c, DES_BLOCK_SIZE, ret + 8 * i, challenge);
	}
}

void
v6d_mschap_nt_response(const struct v6d_mschap *m, uint8_t ret[V6D_MSCHAP_NT])
{
	uint8_t challenge[8], hash[V6D_MSCHAP_HASH];

	v6d_mschap_challenge_hash(m, challenge);
	v6d_mschap_password_hash(m->password, hash);
	challenge_response(challenge, hash, ret);
}

static void
put_hex(const uint8_t *p, size_t n, char *ret)
{
	static const char digit[] = "0123456789ABCDEF";

	for (size_t i = 0; i < n; i++) {
		*ret++ = digit[p[i] >> 4];
		*ret++ = digit[p[i] & 15];
	}
	*ret = '\0';
}

void
v6d_mschap_proof(const struct v6d_mschap *m, const uint8_t nt[V6D_MSCHAP_NT],
    char ret[V6D_MSCHAP_PROOF + 1])
{
	uint8_t hash[V6D_MSCHAP_HASH], challenge[8], digest[SHA1_DIGEST_SIZE];
	struct md4_ctx md4;
	struct sha1_ctx c;

	v6d_mschap_password_hash(m->password, hash);
	md4_init(&md4);
	md4_update(&md4, sizeof(hash), hash);
	md4_digest(&md4, sizeof(hash), hash);

	sha1_init(&c);
	sha1_update(&c, sizeof(hash), hash);
	sha1_update(&c, V6D_MSCHAP_NT, nt);
	sha1_text(&c, magic1);
	sha1_digest(&c, sizeof(digest), digest);

	v6d_mschap_challenge_hash(m, challenge);
	sha1_init(&c);
	sha1_update(&c, sizeof(digest), digest);
	sha1_update(&c, sizeof(challenge), challenge);
	sha1_text(&c, magic2);
	sha1_digest(&c, sizeof(digest), digest);

	memcpy(ret, "S=", 2);
	put_hex(digest, sizeof(digest), ret + 2);
}
