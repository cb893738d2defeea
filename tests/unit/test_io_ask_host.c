/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_io_ask_host.c - asks about this host and what is around it: hops,
 * counters, made-up packets, libc. Needs the right to make a namespace.
 */
#include "ask_help.h"

/* The loopback is the target at any TTL. */
static void
test_trace(void **state)
{
	struct world *w = *state;
	struct v6d_ask a = to(V6D_ASK_TRACE, "::1", 0);
	const struct v6d_answer *r;

	if (!w)
		skip();
	a.flows = 3;
	a.port = 1; /* nobody listens: a refusal is its own word */
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_DONE);
	assert_int_equal(r->n_frames, 3);
	assert_true(r->frames[0].answered);
	assert_int_equal(r->frames[0].error_from.family, 0);
}

static void
test_counter(void **state)
{
	struct world *w = *state;
	struct v6d_ask a = { .kind = V6D_ASK_COUNTER,
		.tag = 7,
		.timeout = PATIENCE,
		.name = "Ip6InReceives",
		.host = "lo" };

	if (!w)
		skip();
	assert_int_equal(ask(w, &a)->how, V6D_ANSWER_DONE);
}

/* Without a session nothing can come out of a tunnel. */
static void
test_inject(void **state)
{
	struct world *w = *state;
	struct v6d_ask a = to(V6D_ASK_SYN_IN, "2001:db8::1", 22);

	if (!w)
		skip();
	memcpy(a.name, "Ip6InReceives", 14);
	memcpy(a.host, "lo", 3);
	assert_int_equal(ask(w, &a)->how, V6D_ANSWER_REFUSED);
}

/* A literal needs no resolver; no resolver knows the other. */
static void
test_libc(void **state)
{
	struct world *w = *state;
	struct v6d_ask a = { .kind = V6D_ASK_LIBC,
		.tag = 7,
		.timeout = V6D_S(20),
		.name = "2001:db8::1" };
	const struct v6d_answer *r;

	if (!w)
		skip();
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_DONE);
	assert_int_equal(r->err, 0);
	assert_int_equal(r->n_addrs, 1);
	assert_int_equal(r->addrs[0].family, 6);
}

static void
test_libc_fails(void **state)
{
	struct world *w = *state;
	struct v6d_ask a = { .kind = V6D_ASK_LIBC,
		.tag = 7,
		.timeout = V6D_S(20),
		.name = "nobody.invalid" };
	const struct v6d_answer *r;

	if (!w)
		skip();
	r = ask(w, &a);
	assert_int_equal(r->n_addrs, 0);
	assert_int_not_equal(r->err, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_trace),
		T(test_counter),
		T(test_inject),
		T(test_libc),
		T(test_libc_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
