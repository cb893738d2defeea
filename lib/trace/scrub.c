/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scrub.c - a GRE packet as a report may keep it. What is not known to be
 * harmless is not kept: headers are, negotiations are, payload is not.
 */
#include "trace/scrub.h"

#include "proto/auth.h"
#include "proto/eap.h"
#include "proto/gre.h"
#include "proto/ip.h"
#include "proto/ppp.h"

#define CP_HEADER 4 /* code, id, length */
#define MAGIC 4
#define IP6_HEADER 40
#define IP4_HEADER 20
#define TRANSPORT 8 /* kept of what is behind: ports, or an ICMP header */
#define TCP_HEADER 20
#define ND_FIRST 133 /* RFC 4861: router solicitation to redirect */
#define ND_LAST 137
#define NUMBER_DIGITS 8

/* The first n bytes of data, or all that there is. */
static void
keep(struct v6d_out *o, const uint8_t *p, size_t have, size_t n)
{
	v6d_out_bytes(o, p, have < n ? have : n);
}

/* A header with the length of what is written behind it. */
static void
cp(struct v6d_out *o, const struct v6d_cp *c, size_t body)
{
	v6d_out_u8(o, c->code);
	v6d_out_u8(o, c->id);
	v6d_out_be16(o, (uint16_t)(CP_HEADER + body));
}

/* Of a packet that is damaged or cut, no length: it may tell a password's. */
static void
unread(struct v6d_out *o, const struct v6d_cp *c, size_t have)
{
	if (have >= CP_HEADER)
		cp(o, c, 0);
}

static void
value_and_name(struct v6d_out *o, const struct v6d_cp *c, int type,
    size_t value, const uint8_t *name, size_t n_name)
{
	cp(o, c, (type >= 0 ? 2u : 1u) + value + n_name);
	if (type >= 0)
		v6d_out_u8(o, (uint8_t)type);
	v6d_out_u8(o, (uint8_t)value);
	v6d_out_fill(o, 0, value);
	v6d_out_bytes(o, name, n_name);
}

/* The name stays, the password goes, and with it its length. */
static void
pap(struct v6d_out *o, struct v6d_wire w)
{
	struct v6d_pap p = { 0 };
	size_t have = v6d_wire_left(&w);

	if (v6d_pap_decode(&w, &p) != V6D_WIRE_OK) {
		unread(o, &p.cp, have);
		return;
	}
	cp(o, &p.cp, 1u + p.id_len + (p.cp.code == V6D_PAP_REQ));
	v6d_out_u8(o, p.id_len);
	v6d_out_bytes(o, p.id, p.id_len);
	if (p.cp.code == V6D_PAP_REQ)
		v6d_out_u8(o, 0);
}

/* "E=691", of all that a failure says; its challenge is none of ours. */
static size_t
number_of(const struct v6d_chap *c)
{
	size_t n = 2;

	if (c->message_len < n || memcmp(c->message, "E=", n) != 0)
		return 0;
	while (n < c->message_len && n < NUMBER_DIGITS &&
	       c->message[n] >= '0' && c->message[n] <= '9')
		n++;
	return n;
}

static void
chap(struct v6d_out *o, struct v6d_wire w)
{
	struct v6d_chap c = { 0 };
	size_t have = v6d_wire_left(&w), n;

	if (v6d_chap_decode(&w, &c) != V6D_WIRE_OK) {
		unread(o, &c.cp, have);
		return;
	}
	if (c.cp.code == V6D_CHAP_CHALLENGE || c.cp.code == V6D_CHAP_RESPONSE) {
		value_and_name(o, &c.cp, -1, c.value_len, c.name, c.name_len);
		return;
	}
	n = number_of(&c);
	cp(o, &c.cp, c.message_len);
	v6d_out_bytes(o, c.message, n);
	v6d_out_fill(o, 0, c.message_len - n);
}

static void
eap(struct v6d_out *o, struct v6d_wire w)
{
	struct v6d_eap e = { 0 };
	size_t have = v6d_wire_left(&w);
	bool plain;

	if (v6d_eap_decode(&w, &e) != V6D_WIRE_OK) {
		unread(o, &e.cp, have);
		return;
	}
	if (e.cp.code != V6D_EAP_REQUEST && e.cp.code != V6D_EAP_RESPONSE) {
		cp(o, &e.cp, 0);
		return;
	}
	if (e.type == V6D_EAP_MD5 && e.value) {
		value_and_name(
		    o, &e.cp, e.type, e.value_len, e.name, e.name_len);
		return;
	}
	plain = e.type == V6D_EAP_IDENTITY || e.type == V6D_EAP_NAK;
	cp(o, &e.cp, 1 + e.data_len);
	v6d_out_u8(o, e.type);
	if (plain)
		v6d_out_bytes(o, e.data, e.data_len);
	else
		v6d_out_fill(o, 0, e.data_len);
}

/* Configure packets are whole; of the others only what is no one's text. */
static void
control(struct v6d_out *o, struct v6d_wire w, uint16_t proto)
{
	size_t n;
	const uint8_t *p = v6d_wire_rest(&w, &n);
	uint8_t code = n > 0 ? p[0] : 0;

	if (code >= V6D_CP_CONF_REQ && code <= V6D_CP_CONF_REJ)
		keep(o, p, n, n);
	else if (proto == V6D_PPP_LCP &&
		 (code == V6D_LCP_ECHO_REQ || code == V6D_LCP_ECHO_REP ||
		     code == V6D_LCP_DISCARD))
		keep(o, p, n, CP_HEADER + MAGIC);
	else if (proto == V6D_PPP_LCP && code == V6D_LCP_PROTO_REJ)
		keep(o, p, n, CP_HEADER + 2); /* which protocol */
	else
		keep(o, p, n, CP_HEADER);
}

/* Headers; router and neighbour discovery whole. */
static void
ip6(struct v6d_out *o, struct v6d_wire w)
{
	size_t n;
	const uint8_t *p = v6d_wire_rest(&w, &n);
	bool icmp, nd;

	if (n < IP6_HEADER + 1)
		return;
	icmp = p[6] == V6D_IPPROTO_ICMP6;
	nd = icmp && p[IP6_HEADER] >= ND_FIRST && p[IP6_HEADER] <= ND_LAST;
	keep(o, p, n,
	    nd                        ? n
	    : p[6] == V6D_IPPROTO_TCP ? IP6_HEADER + TCP_HEADER
				      : IP6_HEADER + TRANSPORT);
}

static void
ip4(struct v6d_out *o, struct v6d_wire w)
{
	size_t n;
	const uint8_t *p = v6d_wire_rest(&w, &n);

	keep(o, p, n, IP4_HEADER + TRANSPORT);
}

static void
payload(struct v6d_out *o, struct v6d_wire w, uint16_t proto)
{
	switch (proto) {
	case V6D_PPP_LCP:
	case V6D_PPP_IPV6CP:
	case V6D_PPP_IPCP:
	case V6D_PPP_CCP:
		control(o, w, proto);
		break;
	case V6D_PPP_PAP:
		pap(o, w);
		break;
	case V6D_PPP_CHAP:
		chap(o, w);
		break;
	case V6D_PPP_EAP:
		eap(o, w);
		break;
	case V6D_PPP_IPV6:
		ip6(o, w);
		break;
	case V6D_PPP_IP:
		ip4(o, w);
		break;
	}
}

static bool
may_shrink(uint16_t proto)
{
	return proto == V6D_PPP_PAP || proto == V6D_PPP_CHAP ||
	       proto == V6D_PPP_EAP;
}

size_t
v6d_scrub_gre(struct v6d_out *o, const uint8_t *gre, size_t n, size_t wire_n)
{
	struct v6d_wire w = v6d_wire_from(gre, n, wire_n), body;
	struct v6d_gre g = { 0 };
	struct v6d_ppp p = { 0 };
	size_t start = o->len, header, ppp, kept, all;

	if (v6d_gre_decode(&w, &g, &body) != V6D_WIRE_OK ||
	    !v6d_gre_is_pptp(&g)) {
		keep(o, gre, n, 4);
		return 0;
	}
	header = (size_t)(body.p - gre);
	all = body.cut ? g.payload_len : v6d_wire_left(&body);
	v6d_out_bytes(o, gre, header);
	if (all == 0 || v6d_ppp_decode(&body, &p) != V6D_WIRE_OK)
		return 0;
	ppp = (size_t)(body.p - gre) - header;
	v6d_out_bytes(o, gre + header, ppp);
	payload(o, body, p.proto);
	kept = o->len - start - header;
	if (!may_shrink(p.proto) || kept >= all)
		return 0;
	v6d_out_patch16(o, start + 4, (uint16_t)kept); /* RFC 2637 4.1 */
	return all - kept;
}
