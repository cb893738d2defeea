/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ppp.h - PPP framing (RFC 1661 2) and Configure packets (RFC 1661 5, 6). */
#ifndef V6D_PROTO_PPP_H
#define V6D_PROTO_PPP_H

#include "base/wire.h"

enum v6d_ppp_proto {
	V6D_PPP_IP = 0x0021,
	V6D_PPP_IPV6 = 0x0057,
	V6D_PPP_COMP = 0x00fd, /* compressed or MPPE datagram */
	V6D_PPP_IPCP = 0x8021,
	V6D_PPP_IPV6CP = 0x8057,
	V6D_PPP_CCP = 0x80fd,
	V6D_PPP_LCP = 0xc021,
	V6D_PPP_PAP = 0xc023,
	V6D_PPP_CHAP = 0xc223,
	V6D_PPP_EAP = 0xc227,
};

struct v6d_ppp {
	uint16_t proto;
	bool had_ff03; /* address and control field present */
	bool short_proto; /* one-octet protocol field (PFC) */
};

/* Reads FF03 (or not) and the protocol (one or two octets): any mixture. */
enum v6d_wire_err v6d_ppp_decode(struct v6d_wire *w, struct v6d_ppp *p);

/* Writes FF03 and a two-octet protocol: what every peer accepts. */
void v6d_ppp_encode(struct v6d_out *o, uint16_t proto);

/* "LCP", "IPV6CP", ...; "unknown" for others. */
const char *v6d_ppp_proto_name(uint16_t proto);

enum v6d_cp_code {
	V6D_CP_CONF_REQ = 1,
	V6D_CP_CONF_ACK = 2,
	V6D_CP_CONF_NAK = 3,
	V6D_CP_CONF_REJ = 4,
	V6D_CP_TERM_REQ = 5,
	V6D_CP_TERM_ACK = 6,
	V6D_CP_CODE_REJ = 7,
	V6D_LCP_PROTO_REJ = 8,
	V6D_LCP_ECHO_REQ = 9,
	V6D_LCP_ECHO_REP = 10,
	V6D_LCP_DISCARD = 11,
	V6D_LCP_IDENT = 12,
	V6D_LCP_TIME_LEFT = 13,
};

/* The header shared by LCP, the NCPs, PAP and CHAP. */
struct v6d_cp {
	uint8_t code, id;
	uint16_t length; /* header included, bytes */
};

/* Reads the header and leaves the data behind it (padding cut) in *ret_data. */
enum v6d_wire_err
v6d_cp_decode(struct v6d_wire *w, struct v6d_cp *c, struct v6d_wire *ret_data);

/* Writes code, id and a length of 4 + n, then the n bytes of data. */
void v6d_cp_encode(
    struct v6d_out *o, uint8_t code, uint8_t id, const uint8_t *data, size_t n);

/* "Configure-Request", "Protocol-Reject", ...; "unknown" for others. */
const char *v6d_cp_code_name(uint8_t code);

/* One option of a Configure packet; data borrowed from the reader. */
struct v6d_cp_opt {
	uint8_t type;
	uint8_t len; /* of data, bytes: the option's own length less 2 */
	const uint8_t *data;
};

/* The next option; false at the end or on an error (look at w->err). */
bool v6d_cp_next_opt(struct v6d_wire *w, struct v6d_cp_opt *ret_opt);

/* Writes one option. */
void
v6d_cp_put_opt(struct v6d_out *o, uint8_t type, const uint8_t *data, uint8_t n);

enum v6d_lcp_opt {
	V6D_LCP_MRU = 1,
	V6D_LCP_ACCM = 2,
	V6D_LCP_AUTH = 3,
	V6D_LCP_QUALITY = 4,
	V6D_LCP_MAGIC = 5,
	V6D_LCP_PFC = 7,
	V6D_LCP_ACFC = 8,
	V6D_LCP_CALLBACK = 13,
	V6D_LCP_MRRU = 17,
	V6D_LCP_SSNHF = 18,
	V6D_LCP_ENDPOINT = 19,
};

/* LCP options of one Configure packet (RFC 1661 6), by presence. */
struct v6d_lcp_opts {
	bool has_mru, has_accm, has_auth, has_magic, pfc, acfc;
	uint16_t mru;
	uint32_t accm, magic;
	uint16_t auth_proto; /* V6D_PPP_PAP, _CHAP, _EAP, others as seen */
	uint8_t auth_alg; /* CHAP: 5 MD5, 0x80 MS-CHAP, 0x81 MS-CHAPv2 */
	unsigned n_other; /* options of other types */
	bool bad_option; /* a known option of the wrong length */
};

enum v6d_wire_err
v6d_lcp_opts_decode(struct v6d_wire *w, struct v6d_lcp_opts *o);

/* IPV6CP options (RFC 5072 4.1). */
struct v6d_ipv6cp_opts {
	bool has_ifid;
	uint8_t ifid[8];
	unsigned n_other;
	bool bad_option;
};

enum v6d_ipv6cp_opt { V6D_IPV6CP_IFID = 1, V6D_IPV6CP_COMPRESSION = 2 };

enum v6d_wire_err
v6d_ipv6cp_opts_decode(struct v6d_wire *w, struct v6d_ipv6cp_opts *o);

#endif
