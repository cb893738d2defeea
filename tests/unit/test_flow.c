/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_flow.c - the table of tunnels, and a live session's own view. */
#include "flow_help.h"

static void
test_tunnels(void **state)
{
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_handshake(&t);
	t.port++;
	tape_handshake(&t);
	tape_play(&t);
	assert_int_equal(v6d_flow_n(t.flow), 2);
	assert_int_equal(v6d_flow_view(t.flow, 0)->client_port, 40000);
	assert_int_equal(v6d_flow_view(t.flow, 1)->client_port, 40001);
	assert_null(v6d_flow_view(t.flow, 2));
	tape_done(&t);
}

/* The same ports again with another first number: another connection. */
static void
test_reused_ports(void **state)
{
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_handshake(&t);
	tape_tcp(&t, OUT, V6D_TCP_RST, NULL, 0);
	t.tcp[OUT] += 100000;
	tape_segment(&t, OUT, V6D_TCP_SYN, t.tcp[OUT], NULL, 0);
	tape_segment(&t, OUT, V6D_TCP_SYN, t.tcp[OUT], NULL, 0);
	tape_play(&t);
	assert_int_equal(v6d_flow_n(t.flow), 2);
	assert_int_equal(v6d_flow_view(t.flow, 1)->tcp.n_syn, 2);
	tape_done(&t);
}

/* The client's port can be 1723 as well. */
static void
test_both_ports_1723(void **state)
{
	struct tape t;

	(void)state;
	tape_init(&t);
	t.port = V6D_PPTP_PORT;
	tape_handshake(&t);
	tape_play(&t);
	assert_int_equal(v6d_flow_n(t.flow), 1);
	assert_true(v6d_addr_eq(&v6d_flow_view(t.flow, 0)->client, &t.client));
	assert_int_equal(v6d_flow_view(t.flow, 0)->tcp.n_syn, 1);
	assert_int_not_equal(v6d_flow_view(t.flow, 0)->tcp.up, V6D_NEVER);
	tape_done(&t);
}

static void
test_full_table(void **state)
{
	struct tape t;

	(void)state;
	tape_init(&t);
	for (int i = 0; i < 6; i++, t.port++)
		tape_handshake(&t);
	tape_play(&t); /* has room for four */
	assert_int_equal(v6d_flow_n(t.flow), 4);
	assert_true(v6d_flow_totals(t.flow)->tunnels_dropped > 0);
	tape_done(&t);
}

static void
test_totals(void **state)
{
	struct tape t;
	const struct v6d_flow_totals *n;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	tape_play(&t);
	n = v6d_flow_totals(t.flow);
	assert_int_equal(n->packets, t.n);
	assert_int_equal(n->pptp_control, 8);
	assert_int_equal(n->gre, t.n - 8);
	assert_int_equal(n->malformed + n->truncated + n->not_ip, 0);
	assert_int_equal(n->last - n->first, V6D_MS(t.n - 1));
	tape_done(&t);
}

/* Every packet of a whole session cut at every length, and from any on. */
static void
test_sweep(void **state)
{
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	for (size_t snap = 0; snap < 230; snap++) {
		const struct v6d_view *v = tape_play_part(&t, 0, snap, 0);

		assert_int_equal(v6d_flow_totals(t.flow)->malformed, 0);
		if (v)
			assert_int_equal(v->ppp.malformed, 0);
	}
	for (unsigned from = 0; from <= t.n; from++)
		tape_play_part(&t, from, SIZE_MAX, 0);
	tape_done(&t);
}

/* ---- live ---- */

struct live {
	struct v6d_flow *f;
	struct v6d_view *v;
};

static void
live_init(struct live *l, const struct tape *t)
{
	l->f = v6d_flow_init(malloc(v6d_flow_size(1)), 1);
	l->v = v6d_flow_live(l->f, &t->client, &t->server, 1);
	assert_non_null(l->v);
	assert_ptr_equal(l->v, v6d_flow_live(l->f, &t->client, &t->server, 2));
	v6d_flow_live_event(l->f, l->v, V6D_FLOW_TCP_SYN, 2);
}

static void
live_message(struct live *l, enum v6d_dir d, enum v6d_pptp_type type)
{
	struct v6d_pptp m = message(type);
	uint8_t buf[V6D_PPTP_MAX];
	size_t n = encode_message(&m, buf, sizeof(buf));

	for (size_t i = 0; i < n; i++)
		v6d_flow_live_control(l->f, l->v, d, buf + i, 1, 10);
}

static void
live_gre(struct live *l, enum v6d_dir d, uint16_t call_id)
{
	struct v6d_gre g = { .version = 1,
		.proto = V6D_GRE_PROTO_PPP,
		.call_id = call_id,
		.payload_len = 6,
		.has_seq = true };
	uint8_t buf[64];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_gre_encode(&o, &g);
	v6d_out_fill(&o, 0xff, 6);
	v6d_flow_live_gre(l->f, l->v, d, buf, o.len, o.len + 20, 20);
}

static void
test_live(void **state)
{
	struct tape t;
	struct live l;

	(void)state;
	tape_init(&t);
	live_init(&l, &t);
	v6d_flow_live_event(l.f, l.v, V6D_FLOW_TCP_UP, 3);
	live_message(&l, OUT, V6D_PPTP_SCCRQ);
	live_message(&l, IN, V6D_PPTP_SCCRP);
	live_message(&l, OUT, V6D_PPTP_OCRQ);
	live_message(&l, IN, V6D_PPTP_OCRP);
	live_gre(&l, OUT, SERVER_ID);
	live_gre(&l, IN, CLIENT_ID);
	live_gre(&l, IN, CLIENT_ID + 1);
	v6d_flow_live_icmp(l.f, l.v, true, 3, 13, 0, &t.server, 30);
	v6d_flow_live_icmp(l.f, l.v, true, 3, 13, 0, &t.server, 31);
	v6d_flow_live_event(l.f, l.v, V6D_FLOW_TCP_CLOSED, 40);
	v6d_flow_end(l.f, 50);
	assert_true(l.v->live);
	assert_int_equal(l.v->control.call_up, 10);
	assert_int_equal(l.v->control.call_id[OUT], SERVER_ID);
	assert_int_equal(l.v->gre[OUT].frames, 1);
	assert_int_equal(l.v->gre[IN].frames, 1);
	assert_int_equal(v6d_view_odd(&l.v->gre[IN])->foreign, 1);
	assert_int_equal(l.v->n_icmp, 1);
	assert_int_equal(l.v->icmp[0].n, 2);
	assert_int_equal(l.v->tcp.fin[IN], 40);
	assert_int_equal(l.v->end, 50);
	free(l.f);
	tape_done(&t);
}

static void
test_live_events(void **state)
{
	struct tape t;
	struct live l;

	(void)state;
	tape_init(&t);
	live_init(&l, &t);
	v6d_flow_live_event(l.f, l.v, V6D_FLOW_TCP_TIMEOUT, 3);
	v6d_flow_live_event(l.f, l.v, V6D_FLOW_TCP_UNREACHABLE, 4);
	v6d_flow_live_event(l.f, l.v, V6D_FLOW_TCP_REFUSED, 5);
	v6d_flow_live_event(l.f, l.v, V6D_FLOW_TCP_RESET, 6);
	v6d_flow_live_event(l.f, l.v, V6D_FLOW_GRE_DENIED, 7);
	assert_true(l.v->tcp.timeout && l.v->tcp.unreachable);
	assert_int_equal(l.v->tcp.rst[IN], 5);
	assert_true(l.v->gre_denied);
	assert_int_equal(l.v->tcp.n_syn, 1);
	free(l.f);
	tape_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tunnels),
		cmocka_unit_test(test_reused_ports),
		cmocka_unit_test(test_both_ports_1723),
		cmocka_unit_test(test_full_table),
		cmocka_unit_test(test_totals),
		cmocka_unit_test(test_sweep),
		cmocka_unit_test(test_live),
		cmocka_unit_test(test_live_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
