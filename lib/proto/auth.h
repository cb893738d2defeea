/* SPDX-License-Identifier: GPL-2.0-or-later */
/* auth.h - PAP (RFC 1334) and CHAP (RFC 1994, RFC 2759) packets. */
#ifndef V6D_PROTO_AUTH_H
#define V6D_PROTO_AUTH_H

#include "proto/ppp.h"

enum v6d_pap_code { V6D_PAP_REQ = 1, V6D_PAP_ACK = 2, V6D_PAP_NAK = 3 };

enum v6d_chap_code {
	V6D_CHAP_CHALLENGE = 1,
	V6D_CHAP_RESPONSE = 2,
	V6D_CHAP_SUCCESS = 3,
	V6D_CHAP_FAILURE = 4,
};

enum v6d_chap_alg {
	V6D_CHAP_MD5 = 5,
	V6D_CHAP_MS = 0x80,
	V6D_CHAP_MSV2 = 0x81,
};

/* Both parts are borrowed from the reader. PAP ack and nak: message in id. */
struct v6d_pap {
	struct v6d_cp cp;
	const uint8_t *id, *password;
	uint8_t id_len, password_len;
};

/* Reads one whole PAP packet. */
enum v6d_wire_err v6d_pap_decode(struct v6d_wire *w, struct v6d_pap *p);

void v6d_pap_encode_req(
    struct v6d_out *o, uint8_t id, const char *user, const char *password);

/* code: V6D_PAP_ACK or V6D_PAP_NAK. */
void v6d_pap_encode_reply(
    struct v6d_out *o, uint8_t code, uint8_t id, const char *message);

/* Borrowed parts: value and name of 1 and 2, message of 3 and 4. */
struct v6d_chap {
	struct v6d_cp cp;
	const uint8_t *value, *name, *message;
	size_t value_len, name_len, message_len;
};

/* Reads one whole CHAP packet. */
enum v6d_wire_err v6d_chap_decode(struct v6d_wire *w, struct v6d_chap *c);

void v6d_chap_encode_value(struct v6d_out *o, uint8_t code, uint8_t id,
    const uint8_t *value, uint8_t value_len, const char *name);
void v6d_chap_encode_message(
    struct v6d_out *o, uint8_t code, uint8_t id, const char *message);

/*
 * The number behind "E=" of an MS-CHAP failure message (RFC 2759 6), or 0
 * where the message holds none.
 */
unsigned v6d_mschap_error(const uint8_t *message, size_t n);

/* 691 -> "authentication failure"; NULL for an unknown number. */
const char *v6d_mschap_error_text(unsigned e);

#endif
