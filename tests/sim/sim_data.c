/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim_data.c - IPv6 packets through a pair of machines over a path that
 * delays, loses, repeats and damages, in virtual time: what arrives is what
 * was sent, once and in order, plain and encrypted.
 */
#include "sim/pair.h"

#define PACKETS 3000
#define LENGTH 200

static uint32_t random_state;

static unsigned
pick(unsigned n)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (random_state >> 8) % n;
}

/* Packet `id`; every byte of it follows from that. */
static size_t
make(uint8_t *p, uint32_t id)
{
	memset(p, 0, 40);
	p[0] = 0x60;
	for (unsigned i = 0; i < 4; i++)
		p[40 + i] = (uint8_t)(id >> 8 * i);
	for (unsigned i = 44; i < LENGTH; i++)
		p[i] = (uint8_t)(id * 31 + i);
	return LENGTH;
}

struct seen {
	unsigned n, out_of_order;
	uint32_t last;
	uint8_t of[PACKETS];
};

static void
note(struct seen *s, const uint8_t *p, size_t n)
{
	uint8_t want[LENGTH];
	uint32_t id;

	assert_int_equal(n, LENGTH);
	id = p[40] | (uint32_t)p[41] << 8 | (uint32_t)p[42] << 16;
	assert_true(id < PACKETS);
	make(want, id);
	assert_memory_equal(p, want, LENGTH);
	assert_int_equal(s->of[id], 0); /* once */
	s->of[id] = 1;
	s->out_of_order += s->n > 0 && id < s->last;
	s->last = id;
	s->n++;
}

/* A GRE packet on its way to the server. */
struct flying {
	v6d_ns at;
	size_t n;
	uint8_t b[V6D_SESSION_FRAME];
};

struct path {
	unsigned loss, twice, later; /* per mille */
	v6d_ns delay; /* of those that come later */
};

static void
drain(struct v6d_session *s, struct seen *seen)
{
	const struct v6d_session_act *a;

	while ((a = v6d_session_take(s)) != NULL)
		if (a->kind == V6D_ACT_TUN_WRITE)
			note(seen, a->bytes, a->len);
}

/* By the data path or, fast being false, by events. */
static void
arrive(struct v6d_session *s, struct flying *f, bool fast, struct seen *seen)
{
	struct v6d_session_packets got;

	if (!fast) {
		v6d_session_feed(s, V6D_EV_GRE, f->b, f->n, 0, f->at);
		drain(s, seen);
		return;
	}
	v6d_session_receive(s, f->b, f->n, f->at, &got);
	for (unsigned i = 0; i < got.n; i++)
		note(seen, got.packet[i].p, got.packet[i].n);
	v6d_session_feed(s, V6D_EV_TICK, NULL, 0, 0, f->at);
	drain(s, seen);
}

static void
launch(struct flying *f, unsigned *n, const uint8_t *gre, size_t len, v6d_ns at)
{
	assert_true(*n < 256);
	f[*n].at = at;
	f[*n].n = len;
	memcpy(f[*n].b, gre, len);
	(*n)++;
}

/* All that is due by `now`, in the order of arrival; ticks between. */
static void
land(struct v6d_session *s, struct flying *f, unsigned *n, v6d_ns now,
    bool fast, struct seen *seen)
{
	for (;;) {
		unsigned first = 0;
		v6d_ns due = v6d_session_deadline(s);

		for (unsigned i = 1; i < *n; i++)
			if (f[i].at < f[first].at)
				first = i;
		if (due <= now && (*n == 0 || due < f[first].at)) {
			v6d_session_feed(s, V6D_EV_TICK, NULL, 0, 0, due);
			drain(s, seen);
			continue;
		}
		if (*n == 0 || f[first].at > now)
			return;
		arrive(s, &f[first], fast, seen);
		f[first] = f[--*n];
	}
}

static size_t
send_one(struct v6d_session *s, uint32_t id, bool fast, v6d_ns now,
    uint8_t *ret, size_t *ret_n)
{
	uint8_t buf[V6D_SESSION_HEADROOM + LENGTH], *gre;
	const struct v6d_session_act *a;
	size_t n;

	make(buf + V6D_SESSION_HEADROOM, id);
	if (fast) {
		gre = v6d_session_wrap(
		    s, buf + V6D_SESSION_HEADROOM, LENGTH, now, &n);
		assert_non_null(gre);
		memcpy(ret, gre, n);
		return *ret_n = n;
	}
	v6d_session_feed(
	    s, V6D_EV_TUN, buf + V6D_SESSION_HEADROOM, LENGTH, 0, now);
	*ret_n = 0;
	while ((a = v6d_session_take(s)) != NULL)
		if (a->kind == V6D_ACT_GRE_SEND && a->len > LENGTH) {
			memcpy(ret, a->bytes, a->len);
			*ret_n = a->len;
		}
	return *ret_n;
}

static void
carry(const struct path *path, enum v6d_mppe_wish mppe, v6d_ns reorder,
    bool fast, struct seen *seen)
{
	static struct flying flying[256];
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, V6D_AUTH_ANY);
	struct v6d_session_conf v =
	    pair_conf(V6D_ROLE_SERVER, V6D_AUTH_MSCHAPV2);
	uint8_t gre[V6D_SESSION_FRAME];
	unsigned n_flying = 0;
	struct pair p;
	size_t n;

	c.mppe = mppe;
	c.reorder = v.reorder = reorder;
	pair_connect(&p, &c, &v);
	assert_int_equal(
	    v6d_session_encrypted(p.end[SERVER]), mppe == V6D_MPPE_REQUIRE);
	memset(seen, 0, sizeof(*seen));
	random_state = 1;
	for (uint32_t id = 0; id < PACKETS; id++) {
		v6d_ns at;

		p.now += V6D_US(200);
		assert_true(
		    send_one(p.end[CLIENT], id, fast, p.now, gre, &n) > 0);
		at = p.now + V6D_MS(1) +
		     (pick(1000) < path->later ? path->delay : 0);
		if (pick(1000) >= path->loss)
			launch(flying, &n_flying, gre, n, at);
		if (pick(1000) < path->twice)
			launch(flying, &n_flying, gre, n, at + V6D_US(300));
		land(p.end[SERVER], flying, &n_flying, p.now, fast, seen);
	}
	land(p.end[SERVER], flying, &n_flying, p.now + V6D_MS(100), fast, seen);
	assert_int_equal(n_flying, 0);
	assert_true(pair_is_up(&p));
	pair_done(&p);
}

static const enum v6d_mppe_wish wishes[] = { V6D_MPPE_REFUSE,
	V6D_MPPE_REQUIRE };

/* Overtaken by less than the wait: not one is missing, not one out of turn. */
static void
test_reordered(void **state)
{
	const struct path path = { .later = 100, .delay = V6D_MS(5) };
	static struct seen seen;

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		carry(&path, wishes[i & 1], V6D_MS(10), i & 2, &seen);
		assert_int_equal(seen.n, PACKETS);
		assert_int_equal(seen.out_of_order, 0);
	}
}

/* Without the wait the overtaken ones are lost, and only they. */
static void
test_no_wait(void **state)
{
	const struct path path = { .later = 100, .delay = V6D_MS(5) };
	static struct seen seen;

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		carry(&path, wishes[i & 1], 0, i & 2, &seen);
		assert_true(seen.n > PACKETS * 8 / 10 && seen.n < PACKETS);
		assert_int_equal(seen.out_of_order, 0);
	}
}

/* Loss, repetition and overtaking at once: only the lost ones are missing. */
static void
test_all_at_once(void **state)
{
	const struct path path = {
		.loss = 30, .twice = 30, .later = 50, .delay = V6D_MS(4)
	};
	static struct seen seen;

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		carry(&path, wishes[i & 1], V6D_MS(10), i & 2, &seen);
		assert_true(seen.n > PACKETS * 95 / 100 && seen.n < PACKETS);
		assert_int_equal(seen.out_of_order, 0);
	}
}

/* Overtaken by more than the wait: given up, and never delivered late. */
static void
test_given_up(void **state)
{
	const struct path path = { .later = 20, .delay = V6D_MS(30) };
	static struct seen seen;

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		carry(&path, wishes[i & 1], V6D_MS(10), i & 2, &seen);
		assert_true(seen.n < PACKETS && seen.n > PACKETS * 95 / 100);
		assert_int_equal(seen.out_of_order, 0);
	}
}

/* An echo behind a gap is answered at once: measuring must not wait. */
static void
test_lcp_does_not_wait(void **state)
{
	static const uint8_t echo[] = { V6D_LCP_ECHO_REQ, 7, 0, 8, 0, 0, 0, 1 };
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, V6D_AUTH_NONE);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, V6D_AUTH_NONE);
	uint8_t packet[LENGTH];
	struct pair p;
	uint16_t proto;
	struct v6d_wire w;

	(void)state;
	c.reorder = v.reorder = V6D_MS(10);
	pair_connect(&p, &c, &v);
	p.end[CLIENT]->carrier.next_seq++; /* one is lost */
	make(packet, 1);
	pair_inject(&p, SERVER, V6D_PPP_IPV6, packet, sizeof(packet));
	assert_int_equal(p.tun[SERVER], 0);
	pair_inject(&p, SERVER, V6D_PPP_LCP, echo, sizeof(echo));
	w = pair_answer(&p, SERVER, &proto);
	assert_int_equal(proto, V6D_PPP_LCP);
	assert_int_equal(v6d_wire_u8(&w), V6D_LCP_ECHO_REP);
	assert_int_equal(p.tun[SERVER], 0);
	pair_run(&p, V6D_MS(9));
	assert_int_equal(p.tun[SERVER], 0);
	pair_run(&p, V6D_MS(2));
	assert_int_equal(p.tun[SERVER], 1);
	pair_done(&p);
}

/* A jump over more than is held: what was held goes first, then it. */
static void
test_a_jump(void **state)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, V6D_AUTH_NONE);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, V6D_AUTH_NONE);
	uint8_t packet[LENGTH];
	struct pair p;

	(void)state;
	c.reorder = v.reorder = V6D_MS(10);
	pair_connect(&p, &c, &v);
	p.end[CLIENT]->carrier.next_seq++;
	make(packet, 1);
	pair_inject(&p, SERVER, V6D_PPP_IPV6, packet, sizeof(packet));
	assert_int_equal(p.tun[SERVER], 0);
	p.end[CLIENT]->carrier.next_seq += 1000;
	make(packet, 2);
	pair_inject(&p, SERVER, V6D_PPP_IPV6, packet, sizeof(packet));
	assert_int_equal(p.tun[SERVER], 2);
	assert_memory_equal(p.tun_data[SERVER], packet, sizeof(packet));
	pair_done(&p);
}

/* What the data path refuses: as V6D_EV_TUN does. */
static void
test_wrap_refuses(void **state)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, V6D_AUTH_NONE);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, V6D_AUTH_NONE);
	uint8_t buf[V6D_SESSION_HEADROOM + 2000];
	uint8_t *packet = buf + V6D_SESSION_HEADROOM;
	struct pair p;
	size_t n;

	(void)state;
	memset(buf, 0, sizeof(buf));
	pair_init(&p, &c, &v);
	make(packet, 1);
	assert_null(v6d_session_wrap(p.end[CLIENT], packet, LENGTH, 0, &n));
	pair_done(&p);
	pair_connect(&p, &c, &v);
	assert_null(v6d_session_wrap(p.end[CLIENT], packet, 39, 0, &n));
	assert_null(v6d_session_wrap(p.end[CLIENT], packet, 1501, 0, &n));
	packet[0] = 0x45;
	assert_null(v6d_session_wrap(p.end[CLIENT], packet, LENGTH, 0, &n));
	packet[0] = 0x60;
	assert_non_null(v6d_session_wrap(p.end[CLIENT], packet, 1500, 0, &n));
	pair_done(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reordered),
		cmocka_unit_test(test_no_wait),
		cmocka_unit_test(test_all_at_once),
		cmocka_unit_test(test_given_up),
		cmocka_unit_test(test_lcp_does_not_wait),
		cmocka_unit_test(test_a_jump),
		cmocka_unit_test(test_wrap_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
