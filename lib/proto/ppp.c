/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ppp.c - PPP framing (RFC 1661 2) and Configure packets (RFC 1661 5, 6). */
#include "proto/ppp.h"

enum {
	ADDRESS = 0xff, /* RFC 1662 3.1: all stations, unnumbered */
	CONTROL = 0x03,
	CP_HEADER = 4,
	OPT_HEADER = 2,
};

enum v6d_wire_err
v6d_ppp_decode(struct v6d_wire *w, struct v6d_ppp *p)
{
	uint8_t first = v6d_wire_u8(w);

	*p = (struct v6d_ppp){ 0 };
	/* 0xff is no protocol, so it can only begin the address field. */
	if (first == ADDRESS) {
		if (v6d_wire_u8(w) != CONTROL)
			v6d_wire_fail(w, V6D_WIRE_MALFORMED);
		p->had_ff03 = !w->err;
		first = v6d_wire_u8(w);
	}
	/* The last octet of a protocol number is odd, others even. */
	p->short_proto = first & 1;
	p->proto = first;
	if (!p->short_proto)
		p->proto = (uint16_t)((unsigned)first << 8 | v6d_wire_u8(w));
	return w->err;
}

void
v6d_ppp_encode(struct v6d_out *o, uint16_t proto)
{
	v6d_out_u8(o, ADDRESS);
	v6d_out_u8(o, CONTROL);
	v6d_out_be16(o, proto);
}

const char *
v6d_ppp_proto_name(uint16_t proto)
{
	static const struct {
		uint16_t proto;
		const char *name;
	} names[] = {
		{ V6D_PPP_IP, "IPv4" },
		{ V6D_PPP_IPV6, "IPv6" },
		{ V6D_PPP_COMP, "MPPE" },
		{ V6D_PPP_IPCP, "IPCP" },
		{ V6D_PPP_IPV6CP, "IPV6CP" },
		{ V6D_PPP_CCP, "CCP" },
		{ V6D_PPP_LCP, "LCP" },
		{ V6D_PPP_PAP, "PAP" },
		{ V6D_PPP_CHAP, "CHAP" },
		{ V6D_PPP_EAP, "EAP" },
	};

	for (size_t i = 0; i < V6D_ARRAY_LEN(names); i++)
		if (names[i].proto == proto)
			return names[i].name;
	return "unknown";
}

enum v6d_wire_err
v6d_cp_decode(struct v6d_wire *w, struct v6d_cp *c, struct v6d_wire *ret_data)
{
	c->code = v6d_wire_u8(w);
	c->id = v6d_wire_u8(w);
	c->length = v6d_wire_be16(w);
	if (!w->err && c->length < CP_HEADER)
		v6d_wire_fail(w, V6D_WIRE_MALFORMED);
	*ret_data = v6d_wire_payload(w, c->length - (size_t)CP_HEADER);
	return w->err;
}

void
v6d_cp_encode(
    struct v6d_out *o, uint8_t code, uint8_t id, const uint8_t *data, size_t n)
{
	if (n > UINT16_MAX - CP_HEADER) {
		o->full = true;
		return;
	}
	v6d_out_u8(o, code);
	v6d_out_u8(o, id);
	v6d_out_be16(o, (uint16_t)(CP_HEADER + n));
	v6d_out_bytes(o, data, n);
}

const char *
v6d_cp_code_name(uint8_t code)
{
	static const char *const names[] = {
		[V6D_CP_CONF_REQ] = "Configure-Request",
		[V6D_CP_CONF_ACK] = "Configure-Ack",
		[V6D_CP_CONF_NAK] = "Configure-Nak",
		[V6D_CP_CONF_REJ] = "Configure-Reject",
		[V6D_CP_TERM_REQ] = "Terminate-Request",
		[V6D_CP_TERM_ACK] = "Terminate-Ack",
		[V6D_CP_CODE_REJ] = "Code-Reject",
		[V6D_LCP_PROTO_REJ] = "Protocol-Reject",
		[V6D_LCP_ECHO_REQ] = "Echo-Request",
		[V6D_LCP_ECHO_REP] = "Echo-Reply",
		[V6D_LCP_DISCARD] = "Discard-Request",
		[V6D_LCP_IDENT] = "Identification",
		[V6D_LCP_TIME_LEFT] = "Time-Remaining",
	};

	return code < V6D_ARRAY_LEN(names) && names[code] ? names[code]
							  : "unknown";
}

bool
v6d_cp_next_opt(struct v6d_wire *w, struct v6d_cp_opt *ret_opt)
{
	struct v6d_cp_opt opt;
	uint8_t len;

	if (v6d_wire_left(w) == 0 && !w->cut)
		return false;
	opt.type = v6d_wire_u8(w);
	len = v6d_wire_u8(w);
	if (!w->err && len < OPT_HEADER)
		v6d_wire_fail(w, V6D_WIRE_MALFORMED);
	if (w->err)
		return false;
	opt.len = (uint8_t)(len - OPT_HEADER);
	opt.data = v6d_wire_take(w, opt.len);
	if (!opt.data)
		return false;
	*ret_opt = opt;
	return true;
}

void
v6d_cp_put_opt(struct v6d_out *o, uint8_t type, const uint8_t *data, uint8_t n)
{
	if (n > UINT8_MAX - OPT_HEADER) {
		o->full = true;
		return;
	}
	v6d_out_u8(o, type);
	v6d_out_u8(o, (uint8_t)(OPT_HEADER + n));
	v6d_out_bytes(o, data, n);
}

/* Authentication-Protocol (RFC 1661 6.2): CHAP names its algorithm. */
static bool
lcp_auth(struct v6d_lcp_opts *o, const struct v6d_cp_opt *opt)
{
	uint16_t proto;

	if (opt->len < 2)
		return false;
	proto = v6d_be16(opt->data);
	if (proto == V6D_PPP_CHAP && opt->len != 3)
		return false;
	o->has_auth = true;
	o->auth_proto = proto;
	o->auth_alg = proto == V6D_PPP_CHAP ? opt->data[2] : 0;
	return true;
}

/* False: the option's length contradicts its type. */
static bool
lcp_opt(struct v6d_lcp_opts *o, const struct v6d_cp_opt *opt)
{
	switch (opt->type) {
	case V6D_LCP_MRU:
		if (opt->len != 2)
			return false;
		o->has_mru = true;
		o->mru = v6d_be16(opt->data);
		return true;
	case V6D_LCP_ACCM:
		if (opt->len != 4)
			return false;
		o->has_accm = true;
		o->accm = v6d_be32(opt->data);
		return true;
	case V6D_LCP_AUTH:
		return lcp_auth(o, opt);
	case V6D_LCP_MAGIC:
		if (opt->len != 4)
			return false;
		o->has_magic = true;
		o->magic = v6d_be32(opt->data);
		return true;
	case V6D_LCP_PFC:
		o->pfc = opt->len == 0;
		return o->pfc;
	case V6D_LCP_ACFC:
		o->acfc = opt->len == 0;
		return o->acfc;
	}
	o->n_other++;
	return true;
}

enum v6d_wire_err
v6d_lcp_opts_decode(struct v6d_wire *w, struct v6d_lcp_opts *o)
{
	struct v6d_cp_opt opt;

	*o = (struct v6d_lcp_opts){ 0 };
	while (v6d_cp_next_opt(w, &opt))
		if (!lcp_opt(o, &opt))
			o->bad_option = true;
	return w->err;
}

enum v6d_wire_err
v6d_ipv6cp_opts_decode(struct v6d_wire *w, struct v6d_ipv6cp_opts *o)
{
	struct v6d_cp_opt opt;

	*o = (struct v6d_ipv6cp_opts){ 0 };
	while (v6d_cp_next_opt(w, &opt)) {
		if (opt.type != V6D_IPV6CP_IFID) {
			o->n_other++;
		} else if (opt.len != sizeof(o->ifid)) {
			o->bad_option = true;
		} else {
			o->has_ifid = true;
			memcpy(o->ifid, opt.data, sizeof(o->ifid));
		}
	}
	return w->err;
}
