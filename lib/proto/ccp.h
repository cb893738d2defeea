/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ccp.h - CCP (RFC 1962) as MPPE uses it, and MPPE's frames (RFC 3078). */
#ifndef V6D_PROTO_CCP_H
#define V6D_PROTO_CCP_H

#include "proto/ppp.h"

enum v6d_ccp_code { V6D_CCP_RESET_REQ = 14, V6D_CCP_RESET_ACK = 15 };

enum v6d_ccp_opt {
	V6D_CCP_MPPE = 18,
	V6D_CCP_BSD = 21,
	V6D_CCP_DEFLATE = 26,
};

/* The supported bits of the MPPE option (RFC 3078 2.1, RFC 3079). */
enum v6d_mppe_bit {
	V6D_MPPE_BIT_STATELESS = 0x01000000,
	V6D_MPPE_BIT_56 = 0x80,
	V6D_MPPE_BIT_128 = 0x40,
	V6D_MPPE_BIT_40 = 0x20,
	V6D_MPPE_BIT_MPPC = 0x01, /* compression */
};

#define V6D_MPPE_HEAD 2 /* bytes before what is encrypted */
#define V6D_MPPE_COUNTS 4096 /* coherency counts before they wrap */

struct v6d_ccp_opts {
	bool has_mppe;
	uint32_t mppe; /* enum v6d_mppe_bit */
	unsigned n_other; /* options of other types */
	bool bad_option; /* an MPPE option of the wrong length */
};

enum v6d_wire_err
v6d_ccp_opts_decode(struct v6d_wire *w, struct v6d_ccp_opts *o);

void v6d_ccp_put_mppe(struct v6d_out *o, uint32_t bits);

/* What stands before the encrypted bytes (RFC 3078 3.1). */
struct v6d_mppe_head {
	bool flushed; /* the tables were started anew before this packet */
	bool encrypted;
	uint16_t count; /* coherency count, 12 bits */
};

enum v6d_wire_err
v6d_mppe_head_decode(struct v6d_wire *w, struct v6d_mppe_head *h);
void v6d_mppe_head_encode(struct v6d_out *o, const struct v6d_mppe_head *h);

#endif
