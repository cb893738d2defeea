/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_witness_path.c - sizes, loss and stalls told apart in a capture. */
#include "witness_help.h"

#define ACK V6D_TCP_ACK
#define LONG V6D_S(20)

static void
open_connection(struct tape *t)
{
	tape_inner_tcp(t, OUT, V6D_TCP_SYN, 100, 0, 0);
	tape_inner_tcp(t, IN, V6D_TCP_SYN | ACK, 900, 101, 0);
	tape_inner_tcp(t, OUT, ACK, 101, 901, 0);
}

static void
small_pings(struct tape *t)
{
	for (uint16_t i = 0; i < 3; i++) {
		tape_echo(t, OUT, false, i, 104);
		tape_echo(t, IN, true, i, 104);
	}
}

static void
healthy(struct tape *t)
{
	tape_up(t);
	small_pings(t);
	open_connection(t);
	tape_inner_tcp(t, OUT, ACK, 101, 901, 80);
	for (uint32_t i = 0; i < 20; i++) {
		tape_inner_tcp(t, IN, ACK, 901 + i * 1384, 181, 1384);
		tape_inner_tcp(t, OUT, ACK, 181, 901 + (i + 1) * 1384, 0);
	}
}

/* Big replies never come; the server's numbers say that it sent them. */
static void
limit_in(struct tape *t)
{
	tape_up(t);
	small_pings(t);
	for (uint16_t i = 10; i < 13; i++) {
		tape_echo(t, OUT, false, i, 1480);
		tape_gre_lost(t, IN);
		tape_wait(t, V6D_S(2));
		tape_echo(t, OUT, false, i + 10, 104);
		tape_echo(t, IN, true, i + 10, 104);
		tape_wait(t, V6D_S(2));
	}
}

/* Without DF: no link on the way could have refused them for that. */
static void
limit_in_whole(struct tape *t)
{
	t->dont_frag = false;
	tape_up(t);
	small_pings(t);
	for (uint16_t i = 10; i < 13; i++) {
		tape_echo(t, OUT, false, i, 1400);
		tape_gre_lost(t, IN);
		tape_wait(t, V6D_S(2));
		tape_echo(t, OUT, false, i + 10, 104);
		tape_echo(t, IN, true, i + 10, 104);
		tape_wait(t, V6D_S(2));
	}
}

static void
limit_in_df(struct tape *t)
{
	limit_in_whole(t);
	/* the server's small packets said "don't fragment" */
	t->dont_frag = true;
	small_pings(t);
}

/* Full segments do not get out: nobody acknowledges their numbers. */
static void
limit_out(struct tape *t)
{
	t->dont_frag = false;
	tape_up(t);
	small_pings(t);
	open_connection(t);
	for (int i = 0; i < 3; i++) {
		uint32_t acked = t->last_gre[OUT];

		tape_inner_tcp(t, OUT, ACK, 101, 901, 1384);
		t->last_gre[OUT] = acked;
		tape_wait(t, V6D_S(3));
		tape_echo(t, IN, false, (uint16_t)i, 80);
	}
}

/* They do get to the server, and no further. */
static void
beyond_out(struct tape *t)
{
	tape_up(t);
	small_pings(t);
	open_connection(t);
	for (int i = 0; i < 3; i++) {
		tape_inner_tcp(t, OUT, ACK, 101, 901, 1384);
		tape_gre(t, IN, NULL, 0); /* acknowledged */
		tape_wait(t, V6D_S(3));
	}
}

/* The server never got them: no number is missing. */
static void
beyond_in(struct tape *t)
{
	tape_up(t);
	small_pings(t);
	open_connection(t);
	tape_inner_tcp(t, OUT, ACK, 101, 901, 80);
	tape_inner_tcp(t, IN, ACK, 901, 181, 200);
	tape_inner_tcp(t, OUT, ACK, 181, 1101, 0);
	tape_wait(t, V6D_S(8));
	tape_inner_tcp(t, IN, ACK, 1101 + 9000, 181, 0);
}

/* One packet in five is lost, big and small alike. */
static void
lossy(struct tape *t)
{
	tape_up(t);
	open_connection(t);
	for (uint32_t i = 0; i < 100; i++) {
		if (i % 5 == 2)
			tape_gre_lost(t, IN);
		tape_inner_tcp(t, IN, ACK, 901 + i * 1384, 101, 1384);
		tape_inner_tcp(t, OUT, ACK, 101, 901 + (i + 1) * 1384, 0);
	}
}

/* One in a hundred is chance. */
static void
a_little_lossy(struct tape *t)
{
	tape_up(t);
	open_connection(t);
	for (uint32_t i = 0; i < 100; i++) {
		if (i % 50 == 2)
			tape_gre_lost(t, IN);
		tape_inner_tcp(t, IN, ACK, 901 + i * 1384, 101, 1384);
		tape_inner_tcp(t, OUT, ACK, 101, 901 + (i + 1) * 1384, 0);
	}
}

static void
some_twice(struct tape *t)
{
	unsigned n;

	a_little_lossy(t);
	n = t->n;
	for (unsigned i = 40; i < n; i += 4)
		tape_again(t, i);
}

/* Captured on two interfaces: everything twice. */
static void
all_twice(struct tape *t)
{
	struct tape_packet all[TAPE_MAX];
	unsigned n;

	a_little_lossy(t);
	n = t->n;
	memcpy(all, t->packets, sizeof(all));
	t->n = 0;
	for (unsigned i = 0; i < n; i++) {
		tape_raw(t, all[i].p, all[i].n);
		tape_raw(t, all[i].p, all[i].n);
		free(all[i].p);
	}
}

/* The server acknowledges what was not recorded: the recorder lost it. */
static void
lossy_recorder(struct tape *t)
{
	tape_up(t);
	open_connection(t);
	for (uint32_t i = 0; i < 100; i++) {
		if (i % 5 == 2) {
			struct v6d_gre ack = gre_header(t, OUT, 0);

			tape_gre_lost(t, IN);
			ack.has_ack = true;
			ack.ack = t->gre[IN] - 1;
			tape_gre_as(t, OUT, &ack, NULL, 0);
		}
		tape_inner_tcp(t, IN, ACK, 901 + i * 1384, 101, 1384);
		tape_inner_tcp(t, OUT, ACK, 101, 901 + (i + 1) * 1384, 0);
	}
}

/* What comes is smaller than what is sent: the rest may have been larger. */
static void
lossy_and_small(struct tape *t)
{
	tape_up(t);
	for (uint16_t i = 0; i < 100; i++) {
		tape_echo(t, OUT, false, i, 1400);
		if (i % 5 == 2)
			tape_gre_lost(t, IN);
		else
			tape_echo(t, IN, true, i, 1300);
	}
}

/* Losses in three rows: a policer that begins, or chance. */
static void
lossy_in_rows(struct tape *t)
{
	tape_up(t);
	open_connection(t);
	for (uint32_t i = 0; i < 60; i++) {
		for (unsigned k = 0; i % 20 == 2 && k < 8; k++)
			tape_gre_lost(t, IN);
		tape_inner_tcp(t, IN, ACK, 901 + i * 1384, 101, 1384);
		tape_inner_tcp(t, OUT, ACK, 101, 901 + (i + 1) * 1384, 0);
	}
}

/* It all left this place, and every tenth segment had to be sent again. */
static void
lost_behind(struct tape *t)
{
	tape_up(t);
	small_pings(t);
	open_connection(t);
	for (uint32_t i = 0; i < 100; i++) {
		tape_inner_tcp(t, OUT, ACK, 101 + i * 1384, 901, 1384);
		if (i % 10 == 2)
			tape_inner_tcp(t, OUT, ACK, 101 + i * 1384, 901, 1384);
		tape_inner_tcp(t, IN, ACK, 901, 101 + (i + 1) * 1384, 0);
	}
}

static void
corrupt(struct tape *t)
{
	healthy(t);
	for (unsigned i = 0; i < 6; i += 2)
		t->packets[t->n - 2 - i].p[300] ^= 1;
}

/* The client's: whole where they left it, wrong where they arrive. */
static void
corrupt_out(struct tape *t)
{
	tape_up(t);
	open_connection(t);
	for (uint32_t i = 0; i < 3; i++) {
		tape_inner_tcp(t, OUT, ACK, 101 + i * 500, 901, 500);
		t->packets[t->n - 1].p[300] ^= 1;
	}
}

static void
corrupt_out_elsewhere(struct tape *t)
{
	t->ttl[OUT] = 61;
	corrupt_out(t);
}

static void
silent_target(struct tape *t)
{
	tape_up(t);
	for (uint16_t i = 0; i < 4; i++) {
		tape_echo(t, OUT, false, i, 104);
		tape_gre(t, IN, NULL, 0);
		tape_wait(t, V6D_S(1));
		tape_gre(t, IN, (const uint8_t *)"\377\3\300!\13\1\0\4", 8);
	}
	tape_wait(t, V6D_S(2));
	tape_gre(t, IN, (const uint8_t *)"\377\3\300!\13\1\0\4", 8);
}

static void
echo_from(struct tape *t, const char *from)
{
	struct v6d_ip ip = inner_ip(OUT, V6D_IPPROTO_ICMP6);
	struct v6d_icmp m = { .type = V6D_ICMP6_ECHO, .id = 9, .seq = 1 };
	static const uint8_t zeros[64];
	uint8_t buf[256];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	ip.src = addr6(from);
	v6d_icmp6_encode_echo(&o, &m, &ip, zeros, sizeof(zeros));
	tape_ip6(t, OUT, &ip, buf, o.len);
}

static void
with_mac(struct tape *t)
{
	tape_up(t);
	echo_from(t, "2001:db8:1:0:129a:ddff:fe4a:472d");
}

static void
without_mac(struct tape *t)
{
	tape_up(t);
	echo_from(t, "2001:db8:1:0:5001:71a0:6e46:771");
}

/* A LAN host opens a connection with an MSS of its own Ethernet. */
static void
mss_of(struct tape *t, uint16_t mss)
{
	struct v6d_ip ip = inner_ip(OUT, V6D_IPPROTO_TCP);
	struct v6d_tcp tcp = {
		.sport = 50001, .dport = 80, .flags = V6D_TCP_SYN, .mss = mss
	};
	struct v6d_ra ra = good_ra();
	uint8_t buf[256];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	ra.mtu = 1444;
	tape_up(t);
	tape_ra(t, &ra);
	tape_echo(t, OUT, false, 1, 104);
	ip.src = addr6("2001:db8:1::77");
	v6d_tcp_encode(&o, &tcp, &ip, NULL, 0);
	tape_ip6(t, OUT, &ip, buf, o.len);
}

static void
mss_too_big(struct tape *t)
{
	mss_of(t, 1440);
}

static void
mss_clamped(struct tape *t)
{
	mss_of(t, 1384);
}

static void
test_scenes(void **state)
{
	static const struct scene scenes[] = {
		{ "the address tells the MAC", with_mac, 0,
		    V6D_FACT_ADDR_PRIVACY, "bad eui64" },
		{ "the address tells nothing", without_mac, 0,
		    V6D_FACT_ADDR_PRIVACY, "ok" },
		{ "a LAN host's MSS", mss_too_big, 0, V6D_FACT_LAN_MSS,
		    "bad too-big" },
		{ "a clamped MSS", mss_clamped, 0, V6D_FACT_LAN_MSS, "" },
		{ "healthy: in", healthy, 0, V6D_FACT_GRE_SIZE_IN, "ok" },
		{ "healthy: get", healthy, LONG, V6D_FACT_V6_GET, "ok" },
		{ "healthy: small", healthy, 0, V6D_FACT_V6_SMALL, "ok" },
		{ "healthy: loss", healthy, 0, V6D_FACT_GRE_LOSS_IN, "" },
		{ "healthy: address", healthy, 0, V6D_FACT_ADDR_GLOBAL, "ok" },
		{ "limit in", limit_in, 0, V6D_FACT_GRE_SIZE_IN,
		    "bad fragments" },
		{ "limit in, whole", limit_in_whole, 0, V6D_FACT_GRE_SIZE_IN,
		    "bad limit" },
		{ "limit in, DF", limit_in_df, 0, V6D_FACT_GRE_SIZE_IN,
		    "bad dont-fragment" },
		{ "limit in: not out", limit_in_whole, 0, V6D_FACT_GRE_SIZE_OUT,
		    "" },
		{ "limit out", limit_out, LONG, V6D_FACT_GRE_SIZE_OUT,
		    "bad limit" },
		{ "limit out: put", limit_out, LONG, V6D_FACT_V6_PUT,
		    "bad stall" },
		{ "limit out: not beyond", limit_out, LONG,
		    V6D_FACT_V6_PMTU_OUT, "" },
		{ "beyond, out", beyond_out, LONG, V6D_FACT_V6_PMTU_OUT,
		    "bad blackhole" },
		{ "beyond, out: GRE is fine", beyond_out, LONG,
		    V6D_FACT_GRE_SIZE_OUT, "ok" },
		{ "beyond, in", beyond_in, 0, V6D_FACT_V6_PMTU_IN,
		    "bad blackhole" },
		{ "beyond, in: get", beyond_in, 0, V6D_FACT_V6_GET,
		    "bad stall" },
		{ "beyond, in: GRE unknown", beyond_in, 0, V6D_FACT_GRE_SIZE_IN,
		    "" },
		{ "lossy", lossy, 0, V6D_FACT_GRE_LOSS_IN, "bad loss" },
		{ "lossy: no limit", lossy, 0, V6D_FACT_GRE_SIZE_IN, "ok" },
		{ "lossy recorder", lossy_recorder, 0, V6D_FACT_GRE_LOSS_IN,
		    "unknown not-captured" },
		{ "lossy and small", lossy_and_small, 0, V6D_FACT_GRE_LOSS_IN,
		    "unknown by-size-or-chance" },
		{ "lossy in rows", lossy_in_rows, 0, V6D_FACT_GRE_LOSS_IN,
		    "unknown by-load-or-chance" },
		{ "lost behind", lost_behind, 0, V6D_FACT_GRE_LOSS_OUT,
		    "unknown lost-behind" },
		{ "a little lossy", a_little_lossy, 0, V6D_FACT_GRE_LOSS_IN,
		    "ok" },
		{ "some twice", some_twice, 0, V6D_FACT_GRE_REORDER,
		    "bad duplicate" },
		{ "all twice", all_twice, 0, V6D_FACT_GRE_REORDER, "" },
		{ "all twice: loss", all_twice, 0, V6D_FACT_GRE_LOSS_IN, "ok" },
		{ "corrupt", corrupt, 0, V6D_FACT_GRE_DATA, "bad changed" },
		{ "corrupt out, beside the client", corrupt_out, 0,
		    V6D_FACT_GRE_DATA, "" },
		{ "corrupt out", corrupt_out_elsewhere, 0, V6D_FACT_GRE_DATA,
		    "bad changed" },
		{ "not corrupt", healthy, 0, V6D_FACT_GRE_DATA, "" },
		{ "silent target", silent_target, 0, V6D_FACT_V6_SMALL,
		    "bad timeout" },
	};

	(void)state;
	CHECK_SCENES(scenes);
}

static void
test_values(void **state)
{
	struct testimony w;
	struct tape t;

	(void)state;
	tape_init(&t);
	limit_in_whole(&t);
	testify(&w, tape_play(&t), false, 0);
	/* 1400 inside was lost with 40 around it */
	assert_int_equal(number(&w, V6D_FACT_GRE_SIZE_IN), 1439);
	assert_in_range(number(&w, V6D_FACT_GRE_PASSED_IN), 140, 150);
	tape_done(&t);

	tape_init(&t);
	lossy(&t);
	testify(&w, tape_play(&t), false, 0);
	assert_in_range(number(&w, V6D_FACT_GRE_LOSS_IN), 140, 200);
	tape_done(&t);
}

/* From the server's side the same limit is seen the other way round. */
static void
test_beside_the_server(void **state)
{
	struct testimony w;
	struct tape t;

	(void)state;
	tape_init(&t);
	t.ttl[OUT] = 60;
	t.ttl[IN] = 64;
	t.dont_frag = false;
	tape_up(&t);
	small_pings(&t);
	open_connection(&t);
	for (int i = 0; i < 3; i++) {
		uint32_t acked = t.last_gre[IN];

		tape_inner_tcp(&t, IN, ACK, 901, 101, 1384);
		t.last_gre[IN] = acked;
		tape_wait(&t, V6D_S(3));
		tape_echo(&t, OUT, false, (uint16_t)i, 80);
		tape_echo(&t, IN, true, (uint16_t)i, 80);
	}
	testify(&w, tape_play(&t), false, 0);
	assert_string_equal(said(&w, V6D_FACT_GRE_SIZE_IN), "bad limit");
	assert_string_equal(said(&w, V6D_FACT_V6_GET), "bad stall");
	assert_string_equal(said(&w, V6D_FACT_V6_PMTU_IN), "");
	tape_done(&t);
}

/* ---- only what carries the session, met in its middle ---- */

static const struct v6d_view *
play_from_call(struct tape *t, unsigned from)
{
	v6d_ns at = t->packets[from].at;

	free(t->flow);
	t->flow = v6d_flow_init(malloc(v6d_flow_size(1)), 1);
	assert_true(
	    v6d_flow_midway(t->flow, &t->client, t->port, &t->server, at));
	/* There is room for one. */
	assert_false(
	    v6d_flow_midway(t->flow, &t->client, t->port, &t->server, at));
	for (unsigned i = from; i < t->n; i++)
		v6d_flow_packet(t->flow, V6D_LINK_RAW, t->packets[i].p,
		    t->packets[i].n, t->packets[i].n, t->packets[i].at);
	v6d_flow_end(t->flow, t->now);
	return v6d_flow_view(t->flow, 0);
}

static void
carried(struct testimony *w, const struct v6d_view *v, v6d_ns now)
{
	struct v6d_witness_how how = { .carrier = true, .now = now };

	v6d_facts_init(&w->f, w->obs, V6D_ARRAY_LEN(w->obs));
	w->f.source = "run";
	w->f.now = V6D_MS(777);
	v6d_witness(v, &how, &w->f);
}

static void
test_carrier(void **state)
{
	static struct testimony w;
	static struct tape tape;
	struct tape *t = &tape;
	unsigned up;

	(void)state;
	tape_init(t);
	tape_up(t);
	up = t->n;
	tape_done(t);
	tape_init(t);
	limit_in_df(t);
	carried(&w, play_from_call(t, up), t->now);
	assert_string_equal(said(&w, V6D_FACT_GRE_IN), "ok");
	assert_string_equal(said(&w, V6D_FACT_GRE_OUT), "ok");
	assert_string_equal(
	    said(&w, V6D_FACT_GRE_SIZE_IN), "bad dont-fragment");
	/* Its inside is for probes to say, and so is TCP. */
	assert_string_equal(said(&w, V6D_FACT_V6_SMALL), "");
	assert_string_equal(said(&w, V6D_FACT_CONTROL_TCP), "");
	assert_string_equal(said(&w, V6D_FACT_PPP_LCP), "");
	for (size_t i = 0; i < w.f.n; i++)
		assert_int_equal(w.f.obs[i].at, V6D_MS(777));
	/* The way back dies: the client sends, and nothing comes. */
	tape_done(t);
	tape_init(t);
	tape_up(t);
	up = t->n;
	for (uint16_t i = 0; i < 6; i++) {
		tape_echo(t, OUT, false, i, 104);
		tape_wait(t, V6D_S(1));
	}
	carried(&w, play_from_call(t, up), t->now);
	assert_string_equal(said(&w, V6D_FACT_GRE_IN), "bad none");
	tape_done(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scenes),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_beside_the_server),
		cmocka_unit_test(test_carrier),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
