/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_packet.c - libFuzzer: a capture file's packets through every decoder
 * by themselves, and through v6d_flow_packet as a stream, up to a verdict.
 *
 * The input is a little-endian pcap file, so that any capture is a seed and
 * every mutation is some capture. Where its first byte is odd the same bytes
 * are what a live session sends and gets.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "diag/diagnosis.h"
#include "diag/witness.h"
#include "flow/flow.h"
#include "proto/auth.h"
#include "proto/ccp.h"
#include "proto/dns.h"
#include "proto/eap.h"
#include "proto/gre.h"
#include "proto/icmp.h"
#include "proto/ip.h"
#include "proto/link.h"
#include "proto/nd.h"
#include "proto/ppp.h"
#include "proto/pptp.h"
#include "proto/tcp.h"
#include "proto/udp.h"

enum {
	FILE_HEADER = 24,
	RECORD_HEADER = 16,
	PACKET_MAX = 65536,
	PACKETS_MAX = 200,
	TUNNELS = 3,
	FACTS = 256,
	ADVERT_MAX = 2048,
	DEPTH = 4, /* IP in PPP in GRE in IP ... */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ip(struct v6d_wire w, unsigned depth);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

/* What a decoder leaves lies within what it was given. */
static void
inside(const struct v6d_wire *outer, const struct v6d_wire *inner)
{
	must(inner->p >= outer->p && inner->p <= inner->end);
	must(inner->end <= outer->end);
}

static uint32_t
le32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static void
control_eap(struct v6d_wire w)
{
	const uint8_t *end = w.end;
	struct v6d_eap eap;

	v6d_eap_decode(&w, &eap);
	if (eap.data)
		must(eap.data + eap.data_len <= end);
	if (eap.value)
		must(eap.value + eap.value_len <= end);
	if (eap.name)
		must(eap.name + eap.name_len <= end);
}

/* Options of Configure packets, auth packets: whatever the protocol says. */
static void
control(struct v6d_wire w)
{
	struct v6d_wire data, a = w, b = w, c = w;
	struct v6d_lcp_opts lcp;
	struct v6d_ipv6cp_opts ipv6cp;
	struct v6d_pap pap;
	struct v6d_chap chap;
	struct v6d_cp cp;

	if (v6d_cp_decode(&a, &cp, &data) == V6D_WIRE_OK) {
		struct v6d_wire again = data, third = data;
		struct v6d_ccp_opts ccp;

		inside(&w, &data);
		must(cp.length >= 4);
		v6d_lcp_opts_decode(&data, &lcp);
		v6d_ipv6cp_opts_decode(&again, &ipv6cp);
		v6d_ccp_opts_decode(&third, &ccp);
		must(data.err == again.err && data.err == third.err);
	}
	control_eap(w);
	if (v6d_pap_decode(&b, &pap) == V6D_WIRE_OK && pap.id)
		must(pap.id + pap.id_len <= w.end);
	v6d_chap_decode(&c, &chap);
	if (chap.message)
		must(chap.message + chap.message_len <= w.end);
	if (chap.message)
		(void)v6d_mschap_error(chap.message, chap.message_len);
	if (chap.name)
		must(chap.name + chap.name_len <= w.end);
}

static void
mppe(struct v6d_wire w)
{
	struct v6d_mppe_head h;

	(void)v6d_mppe_head_decode(&w, &h);
}

static void
ppp(struct v6d_wire w, unsigned depth)
{
	struct v6d_ppp p;

	if (v6d_ppp_decode(&w, &p) != V6D_WIRE_OK)
		return;
	(void)v6d_ppp_proto_name(p.proto);
	control(w);
	mppe(w);
	if (p.proto == V6D_PPP_IP || p.proto == V6D_PPP_IPV6)
		ip(w, depth + 1);
}

static void
gre(struct v6d_wire w, unsigned depth)
{
	struct v6d_wire r = w, payload;
	struct v6d_gre g;

	v6d_gre_decode(&r, &g, &payload);
	inside(&w, &payload);
	if (v6d_gre_is_pptp(&g))
		ppp(payload, depth);
}

/* Every field that was read can be written, and reads back the same. */
static void
pptp(struct v6d_wire w)
{
	uint8_t a[V6D_PPTP_MAX], b[V6D_PPTP_MAX];
	struct v6d_out oa = v6d_out_to(a, sizeof(a));
	struct v6d_out ob = v6d_out_to(b, sizeof(b));
	struct v6d_pptp m;

	if (v6d_pptp_decode(&w, &m) != V6D_WIRE_OK || !v6d_pptp_length(m.type))
		return;
	(void)v6d_pptp_result_text(m.type, m.result);
	(void)v6d_pptp_error_text(m.error);
	v6d_pptp_encode(&oa, &m);
	must(!oa.full && oa.len == m.length);
	w = v6d_wire_from(a, oa.len, oa.len);
	must(v6d_pptp_decode(&w, &m) == V6D_WIRE_OK);
	v6d_pptp_encode(&ob, &m);
	must(ob.len == oa.len && memcmp(a, b, oa.len) == 0);
}

static void
dns(struct v6d_wire w)
{
	uint8_t out[512];
	struct v6d_out o = v6d_out_to(out, sizeof(out));
	struct v6d_dns d;

	v6d_dns_decode(&w, &d);
	must(strlen(d.qname) < V6D_DNS_NAME && d.n_addrs <= V6D_DNS_ADDRS);
	if (v6d_dns_encode_query(&o, d.id, d.qname, d.qtype, d.id))
		must(!o.full);
	else
		must(o.len == 0);
}

/* What of an advertisement can be written reads back the same. */
static void
advert(struct v6d_wire w, const struct v6d_ip *h)
{
	static struct v6d_ra ra, back;
	uint8_t buf[ADVERT_MAX];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	enum v6d_wire_err err = v6d_ra_decode(&w, h, &ra);

	must(ra.n_prefixes <= V6D_RA_PREFIXES && ra.n_rdnss <= V6D_RA_RDNSS &&
	     ra.n_routes <= V6D_RA_ROUTES);
	must(memchr(ra.search, '\0', sizeof(ra.search)) != NULL);
	must(memchr(ra.portal, '\0', sizeof(ra.portal)) != NULL);
	(void)v6d_ra_valid(&ra);
	if (err != V6D_WIRE_OK || ra.bad_option)
		return;
	v6d_ra_encode(&o, &ra, h);
	must(!o.full);
	w = v6d_wire_from(buf, o.len, o.len);
	must(v6d_ra_decode(&w, h, &back) == V6D_WIRE_OK && back.checksum_ok);
	must(back.n_prefixes == ra.n_prefixes && back.mtu == ra.mtu);
	must(back.n_rdnss == ra.n_rdnss && back.n_routes == ra.n_routes);
	must(back.has_pref64 == ra.has_pref64);
}

static void
transport(struct v6d_wire w, const struct v6d_ip *h, unsigned depth)
{
	struct v6d_wire t = w, u = w, i4 = w, i6 = w, data;
	struct v6d_icmp icmp;
	struct v6d_tcp tcp;
	struct v6d_udp udp;

	v6d_tcp_decode(&t, &tcp);
	inside(&w, &t);
	pptp(t);
	v6d_udp_decode(&u, &udp, &data);
	inside(&w, &data);
	dns(data);
	v6d_icmp4_decode(&i4, &icmp);
	v6d_icmp6_decode(&i6, h, &icmp);
	if (icmp.quoted_payload)
		must(icmp.quoted_payload + icmp.quoted_len <= w.end);
	if (h->version == 6)
		advert(w, h);
	gre(w, depth);
}

static void
ip(struct v6d_wire w, unsigned depth)
{
	char text[V6D_ADDR_TEXT];
	struct v6d_wire r = w, payload;
	struct v6d_addr back;
	struct v6d_ip h;

	if (depth == DEPTH)
		return;
	v6d_ip_decode(&r, &h, &payload);
	inside(&w, &payload);
	if (h.version == 0)
		return;
	must(v6d_addr_parse(v6d_addr_text(&h.src, text, sizeof(text)), &back));
	must(v6d_addr_eq(&h.src, &back));
	transport(payload, &h, depth);
}

static void
packet(struct v6d_flow *f, uint32_t linktype, const uint8_t *p, size_t caplen,
    size_t wirelen, v6d_ns at)
{
	uint8_t *heap = malloc(caplen > 0 ? caplen : 1);
	struct v6d_wire w, all;
	struct v6d_link link;

	must(heap);
	memcpy(heap, p, caplen);
	all = w = v6d_wire_from(heap, caplen, wirelen);
	if (v6d_link_decode(&w, linktype, &link) == V6D_WIRE_OK)
		ip(w, 0);
	else
		ip(all, 0);
	v6d_flow_packet(f, linktype, heap, caplen, wirelen, at);
	free(heap);
}

/* What a view of a tunnel proves, and what follows from that. */
static void
judge(const struct v6d_view *v)
{
	static const struct v6d_witness_how how = { .live = false };
	struct v6d_scope scope = { .why_not = { NULL } };
	struct v6d_obs *obs = calloc(FACTS, sizeof(*obs));
	struct v6d_diagnosis *d = calloc(1, sizeof(*d));
	struct v6d_position at;
	struct v6d_facts facts;

	must(obs && d);
	for (int i = 0; i < V6D_N_STAGES; i++)
		scope.can[i] = true;
	v6d_facts_init(&facts, obs, FACTS);
	facts.source = "capture";
	v6d_witness(v, &how, &facts);
	must(facts.n <= FACTS);
	v6d_diagnose(&facts, &scope, d);
	must(d->n <= V6D_DIAG_CAUSES && d->n_undecided <= V6D_DIAG_UNDECIDED);
	v6d_witness_position(v, &at);
	must(v6d_seen_from_name(at.from)[0] != '\0');
	must(d->verdict != V6D_VERDICT_HEALTHY || d->n_undecided == 0);
	must(memchr(d->code, '\0', sizeof(d->code)) != NULL);
	free(d);
	free(obs);
}

/* The record as something that a session of our own met. */
static void
live(struct v6d_flow *f, const uint8_t *p, size_t n, v6d_ns at)
{
	static const struct v6d_addr client = { 4, { 192, 0, 2, 2 } };
	static const struct v6d_addr server = { 4, { 203, 0, 113, 10 } };
	struct v6d_view *v = v6d_flow_live(f, &client, &server, at);
	enum v6d_dir dir;

	if (!v || n == 0)
		return;
	dir = p[0] & 0x80 ? V6D_DIR_IN : V6D_DIR_OUT;
	switch (p[0] & 3) {
	case 0:
		v6d_flow_live_event(f, v,
		    (enum v6d_flow_ev)((p[0] >> 2) % (V6D_FLOW_GRE_DENIED + 1)),
		    at);
		break;
	case 1:
		v6d_flow_live_control(f, v, dir, p + 1, n - 1, at);
		break;
	case 2:
		v6d_flow_live_gre(f, v, dir, p + 1, n - 1, n + 19, at);
		break;
	case 3:
		v6d_flow_live_icmp(f, v, p[0] & 4, p[0] >> 3, p[n - 1],
		    (uint32_t)n * 37, &server, at);
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *p = data, *end = data + size;
	uint32_t linktype;
	struct v6d_flow *f;
	v6d_ns at = 0;
	void *mem;

	if (size < FILE_HEADER)
		return 0;
	linktype = le32(p + 20) & 0x1ff;
	mem = malloc(v6d_flow_size(TUNNELS));
	must(mem);
	f = v6d_flow_init(mem, TUNNELS);
	p += FILE_HEADER;
	for (int i = 0; i < PACKETS_MAX && end - p >= RECORD_HEADER; i++) {
		size_t left = (size_t)(end - p) - RECORD_HEADER;
		size_t caplen = le32(p + 8) % PACKET_MAX;
		size_t wirelen = le32(p + 12) % PACKET_MAX;

		/* Time goes back now and then, as in bad captures. */
		at = V6D_S(le32(p)) + V6D_US(le32(p + 4));
		caplen = caplen < left ? caplen : left;
		wirelen = wirelen < caplen ? caplen : wirelen;
		p += RECORD_HEADER;
		if (data[0] & 1)
			live(f, p, caplen, at);
		else
			packet(f, linktype, p, caplen, wirelen, at);
		p += caplen;
	}
	v6d_flow_end(f, at);
	for (size_t i = 0; i < v6d_flow_n(f); i++)
		judge(v6d_flow_view(f, i));
	must(v6d_flow_n(f) <= TUNNELS);
	free(mem);
	return 0;
}
