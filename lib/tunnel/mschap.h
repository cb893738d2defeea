/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mschap.h - the arithmetic of MS-CHAPv2 (RFC 2759 8). */
#ifndef V6D_TUNNEL_MSCHAP_H
#define V6D_TUNNEL_MSCHAP_H

#include <stddef.h>
#include <stdint.h>

#define V6D_MSCHAP_CHALLENGE 16
#define V6D_MSCHAP_HASH 16
#define V6D_MSCHAP_NT 24 /* NT-Response */
#define V6D_MSCHAP_RESPONSE \
	49 /* whole value: peer challenge, 8 zero, NT, flags */
#define V6D_MSCHAP_PROOF 42 /* "S=" and 40 hexadecimal digits */

/* What both ends know of one exchange; all borrowed. */
struct v6d_mschap {
	const uint8_t *auth_challenge; /* 16 bytes, the server's */
	const uint8_t *peer_challenge; /* 16 bytes, the client's */
	const char *user; /* with its realm; DOMAIN\ is stripped here */
	const char *password; /* each byte becomes one UTF-16 unit */
};

/* The first 8 bytes of SHA1(peer challenge, challenge, user): 8.2. */
void v6d_mschap_challenge_hash(const struct v6d_mschap *m, uint8_t ret[8]);

/* MD4 of the password in UTF-16LE: 8.3. */
void
v6d_mschap_password_hash(const char *password, uint8_t ret[V6D_MSCHAP_HASH]);

/* What the client sends to prove that it knows the password: 8.1. */
void
v6d_mschap_nt_response(const struct v6d_mschap *m, uint8_t ret[V6D_MSCHAP_NT]);

/* What the server sends to prove the same, with a NUL behind it: 8.7. */
void v6d_mschap_proof(const struct v6d_mschap *m,
    const uint8_t nt[V6D_MSCHAP_NT], char ret[V6D_MSCHAP_PROOF + 1]);

#endif
