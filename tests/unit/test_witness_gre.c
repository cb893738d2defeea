/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_witness_gre.c - whether GRE passes, each way, and who complained. */
#include "witness_help.h"

#define LONG V6D_S(20)

static void
request(struct tape *t, enum v6d_dir d)
{
	tape_cp(t, d, V6D_PPP_LCP, V6D_CP_CONF_REQ, 1, NULL, 0);
}

static void
out_only(struct tape *t)
{
	tape_call(t);
	for (int i = 0; i < 5; i++) {
		request(t, OUT);
		tape_wait(t, V6D_S(3));
	}
}

static void
out_once(struct tape *t)
{
	tape_call(t);
	request(t, OUT);
}

static void
out_then_cleared(struct tape *t)
{
	out_once(t);
	tape_type(t, OUT, V6D_PPTP_CCR);
}

/* The server repeats its request and never acknowledges ours. */
static void
unheard(struct tape *t)
{
	tape_call(t);
	for (int i = 0; i < 5; i++) {
		request(t, OUT);
		t->last_gre[OUT] = 0;
		request(t, IN);
		tape_wait(t, V6D_S(3));
	}
}

/* The server acknowledges; the client never takes notice of anything. */
static void
deaf(struct tape *t)
{
	tape_call(t);
	for (int i = 0; i < 5; i++) {
		request(t, OUT);
		request(t, IN);
		t->last_gre[IN] = 0;
		tape_wait(t, V6D_S(3));
	}
}

static void
deaf_elsewhere(struct tape *t)
{
	t->ttl[OUT] = 62;
	deaf(t);
}

/* Recorded behind the place where the client's GRE is lost. */
static void
nothing_comes_out(struct tape *t)
{
	t->ttl[OUT] = 61;
	tape_call(t);
	for (int i = 0; i < 5; i++) {
		request(t, IN);
		tape_wait(t, V6D_S(3));
	}
}

/* Beside the client it may be that it sent nothing. */
static void
client_says_nothing(struct tape *t)
{
	tape_call(t);
	for (int i = 0; i < 5; i++) {
		request(t, IN);
		tape_wait(t, V6D_S(3));
	}
}

static void
died(struct tape *t)
{
	tape_up(t);
	for (uint32_t i = 0; i < 3; i++)
		tape_gre(t, IN, NULL, 0); /* pure acks: it owes them */
	tape_wait(t, V6D_S(60));
	for (uint16_t i = 0; i < 5; i++) {
		tape_echo(t, OUT, false, i, 100);
		tape_wait(t, V6D_S(1));
	}
}

/* The same from a server that acknowledges nothing by itself: no proof. */
static void
silent_target(struct tape *t)
{
	tape_up(t);
	for (uint16_t i = 0; i < 5; i++) {
		tape_echo(t, OUT, false, i, 100);
		tape_wait(t, V6D_S(1));
	}
}

static void
foreign(struct tape *t)
{
	struct v6d_gre g;

	tape_up(t);
	g = gre_header(t, IN, 4);
	g.call_id = 1;
	tape_gre_as(t, IN, &g, (const uint8_t *)"\377\3\300!", 4);
}

static void
gre_alone(struct tape *t)
{
	for (int i = 0; i < 5; i++) {
		request(t, OUT);
		tape_wait(t, V6D_S(3));
	}
}

/* Another tunnel between the same two hosts (RFC 2784). */
static void
plain_gre(struct tape *t)
{
	static const uint8_t ipip[24] = { 0, 0, 8, 0, 0x45 };
	struct v6d_ip ip = tape_ip(t, IN, V6D_IPPROTO_GRE);

	tape_call(t);
	tape_ip4(t, &ip, ipip, sizeof(ipip));
}

/* ---- beside the server: a router refuses what it sends ---- */

/* The ICMP that the newest GRE towards the client meets (RFC 792). */
static void
refuse(struct tape *t)
{
	uint8_t buf[8 + 28] = { 3, 2 };
	const struct tape_packet *k = &t->packets[t->n - 1];
	struct v6d_ip ip = tape_ip(t, OUT, V6D_IPPROTO_ICMP);

	memcpy(buf + 8, k->p, sizeof(buf) - 8);
	tape_ip4(t, &ip, buf, sizeof(buf));
}

static void
beside_server(struct tape *t)
{
	t->ttl[OUT] = 61;
	t->ttl[IN] = 64;
}

static void
never_known(struct tape *t)
{
	beside_server(t);
	tape_call(t);
	request(t, OUT);
	t->last_gre[OUT] = 0;
	request(t, IN);
	refuse(t);
}

static void
forgotten(struct tape *t)
{
	beside_server(t);
	tape_up(t);
	tape_gre(t, OUT, NULL, 0);
	tape_wait(t, V6D_S(4));
	tape_echo(t, IN, false, 1, 100);
	refuse(t);
}

/* In the middle of a busy session: no idle time is to blame. */
static void
forgotten_busy(struct tape *t)
{
	beside_server(t);
	tape_up(t);
	tape_echo(t, IN, false, 1, 100);
	refuse(t);
}

/* It comes late, about a frame of a session that goes on. */
static void
refused_once(struct tape *t)
{
	forgotten_busy(t);
	tape_echo(t, OUT, true, 1, 100);
}

/*
 * Beside the client that ICMP does not show: an echo after an idle time, and
 * at once the server hangs up.
 */
static void
woken(struct tape *t, v6d_ns idle, v6d_ns until_end)
{
	static const uint8_t magic[4] = { 1, 2, 3, 4 };

	tape_up(t);
	tape_gre(t, IN, NULL, 0);
	tape_wait(t, idle);
	tape_cp(t, OUT, V6D_PPP_LCP, V6D_LCP_ECHO_REQ, 1, magic, 4);
	tape_wait(t, until_end);
	tape_tcp(t, IN, V6D_TCP_FIN | V6D_TCP_ACK, NULL, 0);
}

static void
woken_and_hung_up(struct tape *t)
{
	woken(t, V6D_S(4), V6D_MS(20));
}

static void
woken_while_busy(struct tape *t)
{
	woken(t, V6D_MS(300), V6D_MS(20));
}

static void
hung_up_later(struct tape *t)
{
	woken(t, V6D_S(4), V6D_S(2));
}

/* It hangs up by itself: nothing of the client's came just before. */
static void
hung_up_while_idle(struct tape *t)
{
	tape_up(t);
	tape_gre(t, IN, NULL, 0);
	tape_wait(t, V6D_S(4));
	tape_tcp(t, IN, V6D_TCP_FIN | V6D_TCP_ACK, NULL, 0);
}

/* The client has gone, and its host says so. */
static void
refused_after_the_end(struct tape *t)
{
	beside_server(t);
	tape_up(t);
	tape_type(t, OUT, V6D_PPTP_CCR);
	tape_wait(t, V6D_S(4));
	tape_echo(t, IN, false, 1, 100);
	refuse(t);
}

static void
test_scenes(void **state)
{
	static const struct scene scenes[] = {
		{ "plain GRE", plain_gre, 0, V6D_FACT_GRE_PLAIN, "bad plain" },
		{ "nothing in", out_only, LONG, V6D_FACT_GRE_IN, "bad none" },
		{ "nothing in: out unknown", out_only, LONG, V6D_FACT_GRE_OUT,
		    "" },
		{ "sent", out_only, 0, V6D_FACT_GRE_SEND, "ok" },
		{ "nothing in yet", out_once, V6D_S(1), V6D_FACT_GRE_IN, "" },
		{ "the client gave up", out_then_cleared, LONG, V6D_FACT_GRE_IN,
		    "" },
		{ "unheard: in", unheard, 0, V6D_FACT_GRE_IN, "ok" },
		{ "unheard: out", unheard, 0, V6D_FACT_GRE_OUT,
		    "bad unacknowledged" },
		{ "deaf: in", deaf, 0, V6D_FACT_GRE_IN, "bad filtered" },
		{ "deaf: out", deaf, 0, V6D_FACT_GRE_OUT, "ok" },
		{ "deaf, seen elsewhere", deaf_elsewhere, 0, V6D_FACT_GRE_IN,
		    "bad none" },
		{ "nothing of the client's", nothing_comes_out, 0,
		    V6D_FACT_GRE_OUT, "bad unacknowledged" },
		{ "nothing of the client's, beside it", client_says_nothing, 0,
		    V6D_FACT_GRE_OUT, "" },
		{ "up: in", tape_up, LONG, V6D_FACT_GRE_IN, "ok" },
		{ "up: out", tape_up, LONG, V6D_FACT_GRE_OUT, "ok" },
		{ "died", died, V6D_S(3), V6D_FACT_GRE_IN, "was-ok died" },
		{ "died idle", died, V6D_S(3), V6D_FACT_GRE_IDLE, "bad dead" },
		{ "only the target is silent", silent_target, V6D_S(3),
		    V6D_FACT_GRE_IN, "ok" },
		{ "foreign", foreign, 0, V6D_FACT_GRE_FOREIGN, "bad foreign" },
		{ "none foreign", tape_up, 0, V6D_FACT_GRE_FOREIGN, "ok" },
		{ "refused from the first", never_known, 0, V6D_FACT_GRE_IN,
		    "bad none" },
		{ "refused after an idle time", forgotten, 0, V6D_FACT_GRE_IN,
		    "was-ok died" },
		{ "refused after an idle time", forgotten, 0, V6D_FACT_GRE_IDLE,
		    "bad dead" },
		{ "refused while busy", forgotten_busy, 0, V6D_FACT_GRE_IN,
		    "was-ok died" },
		{ "refused while busy", forgotten_busy, 0, V6D_FACT_GRE_IDLE,
		    "" },
		{ "refused once", refused_once, 0, V6D_FACT_GRE_IN, "ok" },
		{ "refused after the end", refused_after_the_end, 0,
		    V6D_FACT_GRE_IN, "ok" },
		{ "hung up on waking", woken_and_hung_up, V6D_S(3),
		    V6D_FACT_GRE_IDLE, "bad dead" },
		{ "hung up on waking", woken_and_hung_up, V6D_S(3),
		    V6D_FACT_GRE_IN, "ok" },
		{ "hung up while busy", woken_while_busy, V6D_S(3),
		    V6D_FACT_GRE_IDLE, "" },
		{ "hung up later", hung_up_later, V6D_S(3), V6D_FACT_GRE_IDLE,
		    "" },
		{ "hung up while idle", hung_up_while_idle, V6D_S(3),
		    V6D_FACT_GRE_IDLE, "" },
		{ "GRE alone, one way", gre_alone, LONG, V6D_FACT_GRE_IN, "" },
	};

	(void)state;
	CHECK_SCENES(scenes);
}

/* ---- complaints ---- */

struct complaint {
	const char *what;
	uint8_t from[4], ttl, code;
	enum v6d_fact fact;
	const char *want;
	int64_t value;
};

static void
check_complaint(const struct complaint *c)
{
	struct v6d_addr from = v6d_addr_4(c->from);
	struct testimony w;
	struct tape t;
	struct v6d_flow *f = v6d_flow_init(malloc(v6d_flow_size(1)), 1);
	struct v6d_view *v;

	tape_init(&t);
	v = v6d_flow_live(f, &t.client, &t.server, 1);
	v->live = false; /* as of a capture: the TTL is known */
	v->ttl[OUT] = 64;
	v->control.call_up = 1;
	v6d_flow_live_icmp(f, v, true, 3, c->code, 1400, &from, 2);
	v->icmp[0].ttl = c->ttl;
	testify(&w, v, false, 0);
	if (strcmp(said(&w, c->fact), c->want) != 0 ||
	    number(&w, c->fact) != c->value)
		fail_msg("%s: \"%s\" %lld", c->what, said(&w, c->fact),
		    (long long)number(&w, c->fact));
	free(f);
	tape_done(&t);
}

static void
test_complaints(void **state)
{
	static const struct complaint cases[] = {
		{ "first hop", { 10, 0, 0, 1 }, 64, 13, V6D_FACT_GRE_ICMP,
		    "bad first-hop", 3 * 256 + 13 },
		{ "first hop of a router's TTL", { 10, 0, 0, 1 }, 255, 1,
		    V6D_FACT_GRE_ICMP, "bad first-hop", 3 * 256 + 1 },
		{ "second hop", { 192, 0, 2, 1 }, 63, 13, V6D_FACT_GRE_ICMP,
		    "bad later-hop", 3 * 256 + 13 },
		{ "neighbour, TTL unknown", { 192, 0, 2, 1 }, 0, 13,
		    V6D_FACT_GRE_ICMP, "bad first-hop", 3 * 256 + 13 },
		{ "stranger, TTL unknown", { 10, 9, 9, 9 }, 0, 13,
		    V6D_FACT_GRE_ICMP, "bad later-hop", 3 * 256 + 13 },
		{ "fragmentation needed", { 192, 0, 2, 1 }, 64, 4,
		    V6D_FACT_GRE_ICMP_MTU, "bad first-hop", 1400 },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(cases); i++)
		check_complaint(&cases[i]);
}

/* The host's own route, where it is known, tells which hop is the first. */
static void
test_gateway(void **state)
{
	static const uint8_t r[4] = { 10, 0, 0, 1 };
	struct v6d_addr router = v6d_addr_4(r);
	struct v6d_witness_how how = { .live = true, .now = 5 };
	struct testimony w;
	struct tape t;
	struct v6d_flow *f = v6d_flow_init(malloc(v6d_flow_size(1)), 1);
	struct v6d_view *v;

	(void)state;
	tape_init(&t);
	v = v6d_flow_live(f, &t.client, &t.server, 1);
	v->control.call_up = 1;
	v6d_flow_live_icmp(f, v, true, 3, 13, 0, &router, 2);
	v6d_flow_live_event(f, v, V6D_FLOW_GRE_DENIED, 3);
	v6d_facts_init(&w.f, w.obs, V6D_ARRAY_LEN(w.obs));
	v6d_facts_add(
	    &w.f, V6D_FACT_LAN_ROUTE, "10.0.0.1", V6D_OK, NULL, V6D_NO_VALUE);
	v6d_witness(v, &how, &w.f);
	assert_string_equal(said(&w, V6D_FACT_GRE_ICMP), "bad first-hop");
	assert_string_equal(said(&w, V6D_FACT_GRE_SEND), "bad denied");
	free(f);
	tape_done(&t);
}

/* What the wire shows beside our socket tells who swallows GRE. */
static void
test_wire(void **state)
{
	static const struct {
		bool seen;
		uint32_t in, out;
		v6d_ns now;
		const char *in_word, *send_word;
	} c[] = {
		{ false, 0, 0, V6D_S(6), "bad none", "ok" },
		{ true, 0, 4, V6D_S(6), "bad absent", "ok" },
		{ true, 0, 4, V6D_S(1), "", "ok" },
		{ true, 1, 4, V6D_S(1), "", "ok" },
		{ true, 1, 4, V6D_S(6), "bad filtered", "ok" },
		{ true, 2, 4, V6D_S(1), "bad filtered", "ok" },
		{ true, 2, 0, V6D_S(1), "bad filtered", "ok" },
		{ true, 2, 0, V6D_S(6), "bad filtered", "bad denied" },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(c); i++) {
		struct testimony w;
		struct tape t;
		struct v6d_flow *f = v6d_flow_init(malloc(v6d_flow_size(1)), 1);
		struct v6d_view *v;

		tape_init(&t);
		v = v6d_flow_live(f, &t.client, &t.server, 1);
		v->control.call_up = 1;
		v->gre[OUT].frames = 3;
		v->gre[OUT].first = v->gre[OUT].last = 2;
		if (c[i].seen)
			v6d_flow_live_wire(f, v, c[i].in, c[i].out);
		testify(&w, v, true, c[i].now);
		assert_string_equal(said(&w, V6D_FACT_GRE_IN), c[i].in_word);
		assert_string_equal(
		    said(&w, V6D_FACT_GRE_SEND), c[i].send_word);
		free(f);
		tape_done(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scenes),
		cmocka_unit_test(test_complaints),
		cmocka_unit_test(test_gateway),
		cmocka_unit_test(test_wire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
