/* SPDX-License-Identifier: GPL-2.0-or-later */
/* captured.c - captured packets, picked and cut for a report. */
#include "trace/captured.h"

#include "base/cksum.h"
#include "proto/auth.h"
#include "proto/eap.h"
#include "proto/gre.h"
#include "proto/icmp.h"
#include "proto/link.h"
#include "proto/ppp.h"
#include "proto/pptp.h"
#include "proto/tcp.h"
#include "trace/scrub.h"

#define ETHERTYPE_IP4 0x0800
#define TOTAL_LENGTH 2 /* in an IPv4 header */
#define CHECKSUM 10
#define ICMP_KEPT 36 /* header, quoted IPv4 header, eight bytes behind it */
#define ECHO_KEPT 8

/* One packet: its header as bytes and as a struct, and what is behind it. */
struct one {
	const uint8_t *header;
	struct v6d_ip ip;
	struct v6d_wire body;
};

static bool
between(const struct v6d_captured_of *of, const struct v6d_addr *src,
    const struct v6d_addr *dst)
{
	return (v6d_addr_eq(src, &of->client) &&
		   v6d_addr_eq(dst, &of->server)) ||
	       (v6d_addr_eq(src, &of->server) && v6d_addr_eq(dst, &of->client));
}

/* Of a later fragment nobody can tell; it is one of both ends. */
static bool
is_control(const struct v6d_captured_of *of, const struct one *o)
{
	struct v6d_wire w = o->body;
	uint16_t src = v6d_wire_be16(&w), dst = v6d_wire_be16(&w), port;

	if (o->ip.frag_offset > 0)
		return true;
	if (w.err || (src != V6D_PPTP_PORT && dst != V6D_PPTP_PORT))
		return false;
	port = dst == V6D_PPTP_PORT ? src : dst;
	return of->client_port == 0 || port == of->client_port;
}

/* Returns how much of an ICMP message is kept, 0: it is not wanted. */
static size_t
icmp_kept(const struct v6d_captured_of *of, const struct one *o)
{
	struct v6d_wire w = o->body;
	struct v6d_icmp m = { 0 };

	if (o->ip.frag_offset > 0 ||
	    v6d_icmp4_decode(&w, &m) == V6D_WIRE_MALFORMED)
		return 0;
	if (!m.error)
		return (m.type == V6D_ICMP_ECHO ||
			   m.type == V6D_ICMP_ECHO_REPLY) &&
			       between(of, &o->ip.src, &o->ip.dst)
			   ? ECHO_KEPT
			   : 0;
	if (m.quoted.version != 4 || (m.quoted.proto != V6D_IPPROTO_GRE &&
					 m.quoted.proto != V6D_IPPROTO_TCP))
		return 0;
	return between(of, &m.quoted.src, &m.quoted.dst) ? ICMP_KEPT : 0;
}

static bool
is_wanted(
    const struct v6d_captured_of *of, const struct one *o, size_t *ret_kept)
{
	*ret_kept = V6D_PACKET_BYTES;
	switch (o->ip.proto) {
	case V6D_IPPROTO_ICMP:
		*ret_kept = icmp_kept(of, o);
		return *ret_kept > 0;
	case V6D_IPPROTO_TCP:
		return between(of, &o->ip.src, &o->ip.dst) && is_control(of, o);
	case V6D_IPPROTO_GRE:
		return between(of, &o->ip.src, &o->ip.dst);
	}
	return false;
}

/* The header says how long the packet is now. */
static void
shorten(uint8_t *header, const struct v6d_ip *ip, uint32_t total)
{
	struct v6d_out o = v6d_out_to(header, ip->header_len);

	o.len = ip->header_len;
	v6d_out_patch16(&o, TOTAL_LENGTH, (uint16_t)total);
	if (ip->bad_checksum)
		return; /* as it was captured: wrong */
	v6d_out_patch16(&o, CHECKSUM, 0);
	v6d_out_patch16(&o, CHECKSUM,
	    v6d_cksum_fold(v6d_cksum_add(0, header, ip->header_len)));
}

/* On the wire; of a first fragment: it goes on behind that. */
static size_t
gre_length(const struct v6d_ip *ip)
{
	return ip->more_frags ? UINT16_MAX
			      : (size_t)(ip->total_len - ip->header_len);
}

static void
keep(struct v6d_packet *k, const struct one *one, size_t kept)
{
	struct v6d_out o = v6d_out_to(k->bytes, sizeof(k->bytes));
	size_t n = v6d_wire_left(&one->body), shorter = 0;

	v6d_out_bytes(&o, one->header, one->ip.header_len);
	if (one->ip.frag_offset > 0)
		n = 0;
	if (n > kept)
		n = kept;
	if (n > sizeof(k->bytes) - o.len)
		n = sizeof(k->bytes) - o.len;
	if (one->ip.frag_offset == 0 && one->ip.proto == V6D_IPPROTO_GRE)
		shorter = v6d_scrub_gre(&o, one->body.p,
		    v6d_wire_left(&one->body), gre_length(&one->ip));
	else
		v6d_out_bytes(&o, one->body.p, n);
	k->len = (uint16_t)o.len;
	k->wire_len = one->ip.total_len;
	if (shorter > 0)
		k->wire_len -= shorter < k->wire_len - k->len
				   ? (uint32_t)shorter
				   : k->wire_len - k->len;
	if (shorter > 0)
		shorten(k->bytes, &one->ip, k->wire_len);
}

void
v6d_captured_packet(struct v6d_packets *p, const struct v6d_captured_of *of,
    v6d_ns epoch, uint32_t linktype, const uint8_t *bytes, size_t caplen,
    size_t wirelen, v6d_ns at)
{
	struct v6d_wire w = v6d_wire_from(bytes, caplen, wirelen);
	struct v6d_link l = { 0 };
	struct one o = { 0 };
	struct v6d_packet *k;
	size_t kept;

	if (!p || at < of->first || at > of->last || at < epoch ||
	    v6d_link_decode(&w, linktype, &l) != V6D_WIRE_OK ||
	    l.ethertype != ETHERTYPE_IP4)
		return;
	o.header = w.p;
	if (v6d_ip4_decode(&w, &o.ip, &o.body) != V6D_WIRE_OK ||
	    !is_wanted(of, &o, &kept))
		return;
	k = v6d_packets_add(p, at - epoch);
	if (k)
		keep(k, &o, kept);
}

/* ---- who logs in ---- */

static bool
name_in(struct v6d_wire *w, uint16_t proto, char *ret, size_t n)
{
	const uint8_t *name = NULL;
	size_t len = 0;
	struct v6d_pap pap = { 0 };
	struct v6d_chap chap = { 0 };
	struct v6d_eap eap = { 0 };

	if (proto == V6D_PPP_PAP && v6d_pap_decode(w, &pap) == V6D_WIRE_OK &&
	    pap.cp.code == V6D_PAP_REQ) {
		name = pap.id;
		len = pap.id_len;
	} else if (proto == V6D_PPP_CHAP &&
		   v6d_chap_decode(w, &chap) == V6D_WIRE_OK &&
		   chap.cp.code == V6D_CHAP_RESPONSE) {
		name = chap.name;
		len = chap.name_len;
	} else if (proto == V6D_PPP_EAP &&
		   v6d_eap_decode(w, &eap) == V6D_WIRE_OK &&
		   eap.cp.code == V6D_EAP_RESPONSE &&
		   eap.type == V6D_EAP_IDENTITY) {
		name = eap.data;
		len = eap.data_len;
	}
	if (!name || len == 0 || len >= n)
		return false;
	memcpy(ret, name, len);
	ret[len] = '\0';
	return true;
}

void
v6d_captured_user(const struct v6d_packets *p, const struct v6d_captured_of *of,
    char *ret, size_t n)
{
	ret[0] = '\0';
	for (size_t i = 0; i < p->n; i++) {
		const struct v6d_packet *k = &p->packet[i];
		struct v6d_wire w = v6d_wire_from(
				    k->bytes, k->len, k->wire_len),
				body, frame;
		struct v6d_ip ip;
		struct v6d_gre g;
		struct v6d_ppp ppp;

		if (v6d_ip4_decode(&w, &ip, &body) == V6D_WIRE_OK &&
		    ip.proto == V6D_IPPROTO_GRE && ip.frag_offset == 0 &&
		    v6d_addr_eq(&ip.src, &of->client) &&
		    v6d_gre_decode(&body, &g, &frame) == V6D_WIRE_OK &&
		    v6d_ppp_decode(&frame, &ppp) == V6D_WIRE_OK &&
		    name_in(&frame, ppp.proto, ret, n))
			return;
	}
}
