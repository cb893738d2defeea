/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * redact_packet.c - kept packets without names: addresses, interface
 * identifiers and MACs become pseudonyms, texts zero. What is not known to
 * be harmless is zeroed. Checksums that cover what is gone are zero.
 */
#include "base/cksum.h"
#include "proto/auth.h"
#include "proto/eap.h"
#include "proto/gre.h"
#include "proto/icmp.h"
#include "proto/ip.h"
#include "proto/ppp.h"
#include "proto/pptp.h"
#include "trace/redact.h"

#define IP4_HEADER 20
#define IP6_HEADER 40
#define TCP_HEADER 20
#define UDP_HEADER 8
#define TCP_SUM 16 /* where checksums stand */
#define UDP_SUM 6
#define ICMP_SUM 2
#define CP_HEADER 4
#define OPT_HEADER 2
#define HOP_BY_HOP 0 /* eight bytes of it were kept: options, no names */

/* Bytes of a packet that may be changed in place. */
struct part {
	struct v6d_redact *r;
	uint8_t *p;
	size_t n;
};

static struct part
behind(struct part w, size_t n)
{
	size_t skip = n < w.n ? n : w.n;

	return (struct part){ w.r, w.p + skip, w.n - skip };
}

static void
zero(struct part w, size_t from, size_t n)
{
	struct part z = behind(w, from);

	memset(z.p, 0, n < z.n ? n : z.n);
}

static void
addr4(struct part w, size_t at)
{
	struct v6d_addr a;

	if (at + 4 > w.n) {
		zero(w, at, 4);
		return;
	}
	a = v6d_addr_4(w.p + at);
	a = v6d_redact_addr(w.r, &a);
	memcpy(w.p + at, a.b, 4);
}

static void
addr6(struct part w, size_t at)
{
	struct v6d_addr a;

	if (at + 16 > w.n) {
		zero(w, at, 16);
		return;
	}
	a = v6d_addr_6(w.p + at);
	a = v6d_redact_addr(w.r, &a);
	memcpy(w.p + at, a.b, 16);
}

static void
put_sum(uint8_t *p, uint32_t sum)
{
	uint16_t s = v6d_cksum_fold(sum);

	p[0] = (uint8_t)(s >> 8);
	p[1] = (uint8_t)s;
}

/* Addresses of an IPv4 header, and its checksum; what is behind it. */
static struct part
ip4_header(struct part w)
{
	size_t n = w.n > 0 ? (size_t)(w.p[0] & 15) * 4 : 0;

	if (w.n < IP4_HEADER || n < IP4_HEADER) {
		zero(w, 0, w.n);
		return behind(w, w.n);
	}
	addr4(w, 12);
	addr4(w, 16);
	zero(w, IP4_HEADER, n - IP4_HEADER); /* options */
	w.p[10] = w.p[11] = 0;
	if (n <= w.n)
		put_sum(w.p + 10, v6d_cksum_add(0, w.p, n));
	return behind(w, n);
}

/* ---- control messages ---- */

/* Where a message's texts begin (RFC 2637 2); it is zero from there. */
static size_t
text_at(uint16_t type)
{
	switch (type) {
	case V6D_PPTP_SCCRQ:
	case V6D_PPTP_SCCRP:
		return 28; /* host and vendor name */
	case V6D_PPTP_OCRQ:
		return 40; /* phone number, subaddress */
	case V6D_PPTP_ICRQ:
		return 28;
	case V6D_PPTP_CDN:
		return 20; /* call statistics */
	}
	return v6d_pptp_length(type); /* 0 for an unknown one */
}

static void
control(struct part w)
{
	while (w.n > 0) {
		bool ours = w.n >= V6D_PPTP_HEADER &&
			    v6d_be32(w.p + 4) == V6D_PPTP_COOKIE;
		size_t len = ours ? v6d_be16(w.p) : 0;

		if (len < V6D_PPTP_HEADER) {
			zero(w, 0, w.n);
			return;
		}
		if (len < w.n) {
			struct part one = { w.r, w.p, len };

			zero(one, text_at(v6d_be16(w.p + 8)), len);
		} else {
			zero(w, text_at(v6d_be16(w.p + 8)), w.n);
		}
		w = behind(w, len);
	}
}

static void
tcp(struct part w, struct part ip)
{
	size_t n = w.n >= TCP_HEADER ? (size_t)(w.p[12] >> 4) * 4 : 0;
	struct v6d_addr src, dst;
	uint32_t sum;

	if (n < TCP_HEADER) {
		zero(w, 0, w.n);
		return;
	}
	control(behind(w, n));
	w.p[TCP_SUM] = w.p[TCP_SUM + 1] = 0;
	if (v6d_be16(ip.p + 2) != ip.n)
		return; /* not whole */
	src = v6d_addr_4(ip.p + 12);
	dst = v6d_addr_4(ip.p + 16);
	sum = v6d_cksum_pseudo(0, &src, &dst, V6D_IPPROTO_TCP, (uint32_t)w.n);
	put_sum(w.p + TCP_SUM, v6d_cksum_add(sum, w.p, w.n));
}

static void
icmp4(struct part w)
{
	struct part quote = behind(w, 8);

	if (w.n < 8)
		return;
	ip4_header(quote);
	w.p[ICMP_SUM] = w.p[ICMP_SUM + 1] = 0;
	put_sum(w.p + ICMP_SUM, v6d_cksum_add(0, w.p, w.n));
}

/* ---- PPP ---- */

/* Of each option of a Configure packet: what an option holds stays or not. */
static void
options(struct part w, void (*one)(struct part data, uint8_t type))
{
	while (w.n >= OPT_HEADER) {
		size_t len = w.p[1];
		struct part data = behind(w, OPT_HEADER);

		if (len < OPT_HEADER || len > w.n) {
			zero(w, OPT_HEADER, w.n);
			return;
		}
		data.n = len - OPT_HEADER;
		one(data, w.p[0]);
		w = behind(w, len);
	}
}

static void
lcp_option(struct part data, uint8_t type)
{
	switch (type) {
	case V6D_LCP_MRU:
	case V6D_LCP_ACCM:
	case V6D_LCP_AUTH:
	case V6D_LCP_QUALITY:
	case V6D_LCP_MAGIC:
	case V6D_LCP_PFC:
	case V6D_LCP_ACFC:
	case V6D_LCP_MRRU:
	case V6D_LCP_SSNHF:
		return;
	}
	zero(data, 0, data.n); /* an end point holds a MAC */
}

static void
ipv6cp_option(struct part data, uint8_t type)
{
	if (type == V6D_IPV6CP_IFID && data.n == 8)
		v6d_redact_ifid(data.r, data.p);
	else
		zero(data, 0, data.n);
}

/* RFC 1332 3.3, RFC 1877 1: an address, name servers. */
static void
ipcp_option(struct part data, uint8_t type)
{
	if (data.n == 4 && (type == 3 || (type >= 129 && type <= 132)))
		addr4(data, 0);
	else if (type != 2) /* header compression */
		zero(data, 0, data.n);
}

static void
ccp_option(struct part data, uint8_t type)
{
	(void)data;
	(void)type;
}

static void
configure(struct part w, void (*one)(struct part data, uint8_t type))
{
	if (w.n < CP_HEADER || w.p[0] < V6D_CP_CONF_REQ ||
	    w.p[0] > V6D_CP_CONF_REJ)
		return; /* of the others only headers were kept */
	options(behind(w, CP_HEADER), one);
}

/* A number of an MS-CHAP failure stays: "E=691"; names do not. */
static void
auth(struct part w, uint16_t proto)
{
	size_t n = CP_HEADER;

	if (w.n < CP_HEADER)
		return;
	if (proto == V6D_PPP_CHAP && w.p[0] == V6D_CHAP_FAILURE)
		for (n += 2; n < w.n && w.p[n] >= '0' && w.p[n] <= '9';)
			n++;
	else if (proto == V6D_PPP_CHAP && w.p[0] < V6D_CHAP_SUCCESS)
		n += 1; /* the size of the value */
	else if (proto == V6D_PPP_EAP && w.n > n)
		n += w.p[n] == V6D_EAP_MD5 || w.p[n] == V6D_EAP_NAK ? 2 : 1;
	zero(w, n, w.n);
}

/* ---- inner packets ---- */

/* RFC 4861 4.6, RFC 8106 5.1. */
static void
nd_option(struct part w, uint8_t type)
{
	struct part data = behind(w, 2);

	switch (type) {
	case 1: /* source and target link-layer address */
	case 2:
		if (data.n == 6)
			v6d_redact_mac(data.r, data.p);
		else
			zero(data, 0, data.n);
		return;
	case 3: /* prefix information */
		if (w.n == 32)
			addr6(w, 16);
		return;
	case 5: /* MTU */
		return;
	case 25: /* resolvers */
		for (size_t at = 8; at + 16 <= w.n; at += 16)
			addr6(w, at);
		return;
	}
	zero(data, 0, data.n);
}

static void
nd_options(struct part w)
{
	while (w.n >= 8) {
		size_t len = (size_t)w.p[1] * 8;
		struct part one = w;

		if (len == 0 || len > w.n)
			break;
		one.n = len;
		nd_option(one, w.p[0]);
		w = behind(w, len);
	}
	zero(w, 0, w.n);
}

static void
nd(struct part w)
{
	switch (w.p[0]) {
	case V6D_ICMP6_RS:
		nd_options(behind(w, 8));
		return;
	case V6D_ICMP6_RA:
		nd_options(behind(w, 16));
		return;
	case V6D_ICMP6_NS:
	case V6D_ICMP6_NA:
		addr6(w, 8);
		nd_options(behind(w, 24));
		return;
	}
	zero(w, 4, w.n);
}

static void
icmp6(struct part w, struct part ip)
{
	bool whole = v6d_be16(ip.p + 4) == w.n;
	struct v6d_addr src, dst;
	uint32_t sum;

	if (w.n < 8)
		return;
	if (w.p[0] >= V6D_ICMP6_RS)
		nd(w);
	else
		zero(w, 8, w.n);
	w.p[ICMP_SUM] = w.p[ICMP_SUM + 1] = 0;
	if (!whole)
		return;
	src = v6d_addr_6(ip.p + 8);
	dst = v6d_addr_6(ip.p + 24);
	sum = v6d_cksum_pseudo(0, &src, &dst, V6D_IPPROTO_ICMP6, (uint32_t)w.n);
	put_sum(w.p + ICMP_SUM, v6d_cksum_add(sum, w.p, w.n));
}

/* Only the checksum of a transport header tells of addresses. */
static void
transport(struct part w, uint8_t proto)
{
	if (proto == V6D_IPPROTO_TCP) {
		zero(w, TCP_SUM, 2);
		zero(w, TCP_HEADER, w.n);
	} else if (proto == V6D_IPPROTO_UDP) {
		zero(w, UDP_SUM, 2);
		zero(w, UDP_HEADER, w.n);
	} else if (proto != HOP_BY_HOP) {
		zero(w, 0, w.n);
	}
}

static void
inner6(struct part w)
{
	struct part next = behind(w, IP6_HEADER);

	if (w.n < IP6_HEADER) {
		zero(w, 0, w.n);
		return;
	}
	addr6(w, 8);
	addr6(w, 24);
	if (w.p[6] == V6D_IPPROTO_ICMP6)
		icmp6(next, w);
	else
		transport(next, w.p[6]);
}

static void
inner4(struct part w)
{
	uint8_t proto = w.n >= IP4_HEADER ? w.p[9] : 0;

	transport(ip4_header(w), proto);
}

static void
gre(struct part w)
{
	struct v6d_wire in = v6d_wire_from(w.p, w.n, UINT16_MAX), body;
	struct v6d_gre g = { 0 };
	struct v6d_ppp p = { 0 };
	struct part rest;

	if (v6d_gre_decode(&in, &g, &body) == V6D_WIRE_MALFORMED ||
	    !v6d_gre_is_pptp(&g) || v6d_wire_left(&body) == 0 ||
	    v6d_ppp_decode(&body, &p) != V6D_WIRE_OK)
		return; /* four bytes of it, or a header alone */
	rest = behind(w, (size_t)(body.p - w.p));
	switch (p.proto) {
	case V6D_PPP_LCP:
		configure(rest, lcp_option);
		break;
	case V6D_PPP_IPV6CP:
		configure(rest, ipv6cp_option);
		break;
	case V6D_PPP_IPCP:
		configure(rest, ipcp_option);
		break;
	case V6D_PPP_CCP:
		configure(rest, ccp_option);
		break;
	case V6D_PPP_PAP:
	case V6D_PPP_CHAP:
	case V6D_PPP_EAP:
		auth(rest, p.proto);
		break;
	case V6D_PPP_IPV6:
		inner6(rest);
		break;
	case V6D_PPP_IP:
		inner4(rest);
		break;
	default:
		zero(rest, 0, rest.n);
	}
}

void
v6d_redact_packets(struct v6d_redact *r, struct v6d_packets *p)
{
	for (size_t i = 0; p && i < p->n; i++) {
		struct v6d_packet *k = &p->packet[i];
		struct part ip = { r, k->bytes, k->len };
		uint8_t proto = k->len >= IP4_HEADER ? k->bytes[9] : 0;
		struct part next = ip4_header(ip);

		if (proto == V6D_IPPROTO_TCP)
			tcp(next, ip);
		else if (proto == V6D_IPPROTO_ICMP)
			icmp4(next);
		else if (proto == V6D_IPPROTO_GRE)
			gre(next);
		else
			zero(next, 0, next.n);
	}
}
