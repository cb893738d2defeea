/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mppe.h - 128-bit stateless MPPE (RFC 3078) with keys from MS-CHAPv2
 * (RFC 3079 3): arithmetic and one direction's state.
 */
#ifndef V6D_TUNNEL_MPPE_H
#define V6D_TUNNEL_MPPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define V6D_MPPE_KEY 16
#define V6D_MPPE_GROWTH 4 /* its header, and the protocol moved inside */

/* SHA1(hash of the password's hash, NT-Response, text): RFC 3079 3.4. */
void v6d_mppe_master_key(
    const char *password, const uint8_t nt[24], uint8_t ret[V6D_MPPE_KEY]);

/* from_client: of what the client sends and the server receives. */
void v6d_mppe_start_key(const uint8_t master[V6D_MPPE_KEY], bool from_client,
    uint8_t ret[V6D_MPPE_KEY]);

/* What both ends keep of one direction. */
struct v6d_mppe {
	uint8_t start[V6D_MPPE_KEY];
	uint8_t key[V6D_MPPE_KEY]; /* of packet `count` */
	uint16_t count; /* of the newest packet; 4095 before the first */
};

void v6d_mppe_init(struct v6d_mppe *m, const uint8_t start[V6D_MPPE_KEY]);

/* Changes the key for the next packet, whose count it returns. */
uint16_t v6d_mppe_next(struct v6d_mppe *m);

/*
 * Changes the key for packet `count`, counting what was lost before it; false
 * when that count is behind, not ahead.
 */
bool v6d_mppe_seek(struct v6d_mppe *m, uint16_t count);

/* RC4 with the current key, from its start: encrypts and decrypts. */
void v6d_mppe_crypt(
    const struct v6d_mppe *m, uint8_t *ret, const uint8_t *p, size_t n);

#endif
