/* SPDX-License-Identifier: GPL-2.0-or-later */
/* eap.h - EAP packets in PPP (RFC 3748 4, 5), with MD5-Challenge. */
#ifndef V6D_PROTO_EAP_H
#define V6D_PROTO_EAP_H

#include "proto/ppp.h"

enum v6d_eap_code {
	V6D_EAP_REQUEST = 1,
	V6D_EAP_RESPONSE = 2,
	V6D_EAP_SUCCESS = 3,
	V6D_EAP_FAILURE = 4,
};

enum v6d_eap_type {
	V6D_EAP_IDENTITY = 1,
	V6D_EAP_NOTIFICATION = 2,
	V6D_EAP_NAK = 3, /* in responses: the types that are wanted */
	V6D_EAP_MD5 = 4,
};

/* Borrowed parts. Success and Failure have neither type nor data. */
struct v6d_eap {
	struct v6d_cp cp;
	uint8_t type;
	const uint8_t *data; /* behind the type; identity, text, types */
	size_t data_len;
	const uint8_t *value, *name; /* of V6D_EAP_MD5 */
	size_t value_len, name_len;
};

/* Reads one whole EAP packet. */
enum v6d_wire_err v6d_eap_decode(struct v6d_wire *w, struct v6d_eap *e);

/* A request or response with its data. */
void v6d_eap_encode(struct v6d_out *o, uint8_t code, uint8_t id, uint8_t type,
    const void *data, size_t n);

/* A request or response of type MD5-Challenge. */
void v6d_eap_encode_md5(struct v6d_out *o, uint8_t code, uint8_t id,
    const uint8_t *value, uint8_t value_len, const char *name);

#endif
