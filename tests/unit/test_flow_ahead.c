/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_flow_ahead.c - packets in rows are taken as they are one by one. */
#include "flow_help.h"

#define MANY 64 /* tunnels at most */

static struct v6d_flow *
new_flow(void)
{
	struct v6d_flow *f = malloc(v6d_flow_size(MANY));

	assert_non_null(f);
	return v6d_flow_init(f, MANY);
}

/* The tape as a capture of raw IP, each packet kept up to `snap` bytes. */
static unsigned
capture(const struct tape *t, size_t snap, struct v6d_captured *ret)
{
	for (unsigned i = 0; i < t->n; i++) {
		const struct tape_packet *k = &t->packets[i];

		ret[i] = (struct v6d_captured){ k->p, k->n < snap ? k->n : snap,
			k->n, V6D_LINK_RAW, k->at };
	}
	return t->n;
}

static void
same_gre(const struct v6d_view_gre *a, const struct v6d_view_gre *b)
{
	assert_int_equal(a->frames, b->frames);
	assert_int_equal(a->acks, b->acks);
	assert_int_equal(a->bytes, b->bytes);
	assert_int_equal(a->last_seq, b->last_seq);
	assert_int_equal(a->exact_acks, b->exact_acks);
	assert_int_equal(a->gap_events, b->gap_events);
	assert_int_equal(v6d_view_odd(a)->cut, v6d_view_odd(b)->cut);
	assert_int_equal(a->n_sizes, b->n_sizes);
}

static void
same_inner(const struct v6d_view_inner *a, const struct v6d_view_inner *b)
{
	assert_int_equal(a->n_flows, b->n_flows);
	for (unsigned i = 0; i < a->n_flows; i++)
		for (unsigned d = 0; d < 2; d++) {
			const struct v6d_view_tcp_dir *x = &a->flows[i]->d[d];
			const struct v6d_view_tcp_dir *y = &b->flows[i]->d[d];

			assert_int_equal(x->data, y->data);
			assert_int_equal(x->acked, y->acked);
			assert_int_equal(x->largest_acked, y->largest_acked);
		}
}

static void
same(struct v6d_flow *a, struct v6d_flow *b)
{
	const struct v6d_flow_totals *x = v6d_flow_totals(a);
	const struct v6d_flow_totals *y = v6d_flow_totals(b);

	assert_int_equal(x->packets, y->packets);
	assert_int_equal(x->malformed, y->malformed);
	assert_int_equal(x->truncated, y->truncated);
	assert_int_equal(x->not_ip, y->not_ip);
	assert_int_equal(x->gre, y->gre);
	assert_int_equal(v6d_flow_n(a), v6d_flow_n(b));
	for (size_t i = 0; i < v6d_flow_n(a); i++) {
		const struct v6d_view *v = v6d_flow_view(a, i);
		const struct v6d_view *w = v6d_flow_view(b, i);

		assert_int_equal(v->first, w->first);
		assert_int_equal(v->last, w->last);
		for (int d = 0; d < V6D_N_DIRS; d++)
			same_gre(&v->gre[d], &w->gre[d]);
		same_inner(&v->inner, &w->inner);
	}
}

static void
one_inner(struct tape *t, enum v6d_dir d, uint16_t port, uint8_t flags,
    uint32_t seq, size_t n)
{
	static const uint8_t data[1000];
	uint8_t seg[1200], pkt[1400], frame[1500];
	struct v6d_out s = v6d_out_to(seg, sizeof(seg));
	struct v6d_out o = v6d_out_to(pkt, sizeof(pkt));
	struct v6d_out f = v6d_out_to(frame, sizeof(frame));
	struct v6d_ip ip = { .src = addr6(
				 d == OUT ? "2001:db8::2" : "2001:db8:b::80"),
		.dst = addr6(d == OUT ? "2001:db8:b::80" : "2001:db8::2"),
		.version = 6,
		.ttl = 64,
		.proto = V6D_IPPROTO_TCP };
	struct v6d_tcp tcp = { .sport = d == OUT ? port : 80,
		.dport = d == OUT ? 80 : port,
		.seq = seq,
		.ack = 1000,
		.flags = flags };

	v6d_tcp_encode(&s, &tcp, &ip, data, n);
	v6d_ip6_encode(&o, &ip, s.len);
	v6d_out_bytes(&o, s.p, s.len);
	v6d_ppp_encode(&f, V6D_PPP_IPV6);
	v6d_out_bytes(&f, o.p, o.len);
	assert_false(s.full || o.full || f.full);
	tape_gre(t, d, f.p, f.len);
}

/* Tunnels of three clients side by side, with inner connections, a hole, a
   packet twice, calls of nobody, and what is no IP. */
static void
fill(struct tape *t)
{
	static const uint8_t none[3] = { 0x33, 1, 2 };

	tape_init(t);
	for (uint8_t k = 0; k < 3; k++) {
		t->client.b[3] = (uint8_t)(10 + k);
		t->gre[OUT] = t->gre[IN] = 0;
		t->last_gre[OUT] = t->last_gre[IN] = 0;
		tape_call(t);
		tape_lcp_up(t);
		tape_ipv6cp_up(t);
		for (uint16_t i = 0; i < 40; i++) {
			uint16_t port = (uint16_t)(5000 + i % 3);

			one_inner(t, IN, port, V6D_TCP_ACK, i * 100u, 100);
			one_inner(t, OUT, port, V6D_TCP_ACK, 1000, 0);
		}
		tape_gre_lost(t, IN);
		one_inner(t, IN, 5001, V6D_TCP_ACK, 5000, 900);
		tape_again(t, t->n - 1);
		tape_raw(t, none, sizeof(none));
	}
	t->client.b[3] = 99; /* GRE of a pair without a call */
	tape_gre(t, OUT, none, sizeof(none));
}

static void
test_rows(void **state)
{
	static const size_t snaps[] = { 65535, 120, 70, 30, 3 };
	static struct v6d_captured p[TAPE_MAX];
	struct tape t;

	(void)state;
	fill(&t);
	for (size_t s = 0; s < V6D_ARRAY_LEN(snaps); s++)
		for (size_t by = 1; by < 40; by += 6) {
			struct v6d_flow *a = new_flow(), *b = new_flow();
			unsigned n = capture(&t, snaps[s], p);

			for (unsigned i = 0; i < n; i++)
				v6d_flow_packet(a, p[i].linktype, p[i].bytes,
				    p[i].caplen, p[i].wirelen, p[i].at);
			for (size_t i = 0; i < n; i += by)
				v6d_flow_packets(
				    b, p + i, n - i < by ? n - i : by);
			v6d_flow_end(a, t.now);
			v6d_flow_end(b, t.now);
			assert_true(v6d_flow_n(a) >= 3 || snaps[s] < 60);
			same(a, b);
			free(a);
			free(b);
		}
	tape_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
