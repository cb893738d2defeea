/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_witness_outside.c - a full table, a small one, and what is neither. */
#include "witness_help.h"

#define QUIET V6D_S(8)

static void
standing(struct tape *t, unsigned n)
{
	tape_up(t);
	for (unsigned i = 0; i < n; i++)
		tape_beside_up(t, (uint16_t)(1000 + i), 80);
}

/* The tunnel goes on after new connections began to fail. */
static void
tunnel_lives(struct tape *t)
{
	tape_wait(t, V6D_S(2));
	tape_echo(t, OUT, false, 1, 104);
	tape_echo(t, IN, true, 1, 104);
}

static void
write_limit(struct tape *t)
{
	standing(t, 8);
	tape_beside_lost(t, 2000, 80);
	tape_beside_lost(t, 2001, 80);
	tunnel_lives(t);
}

static void
write_ports(struct tape *t)
{
	write_limit(t);
	tape_ping4(t, OUT, 5);
	tape_ping4(t, IN, 5);
}

static void
write_none_new(struct tape *t)
{
	write_limit(t);
	tape_ping4(t, OUT, 5);
	tape_ping4(t, OUT, 5);
}

static void
write_two_hosts(struct tape *t)
{
	write_limit(t);
	tape_beside_lost(t, 2002, 81);
}

static void
write_per_target(struct tape *t)
{
	write_limit(t);
	tape_beside_up(t, 2003, 82);
}

static void
write_passing(struct tape *t)
{
	write_limit(t);
	tape_beside_up(t, 2003, 80);
}

/* All of the line went dead: no table is to blame. */
static void
write_dead_line(struct tape *t)
{
	standing(t, 8);
	tape_beside_lost(t, 2000, 80);
	tape_beside_lost(t, 2001, 81);
}

static void
write_one(struct tape *t)
{
	standing(t, 8);
	tape_beside_lost(t, 2000, 80);
	tunnel_lives(t);
}

static void
write_silent_server(struct tape *t)
{
	tape_tcp(t, OUT, V6D_TCP_SYN, NULL, 0);
	tape_ping4(t, OUT, 5);
	tape_ping4(t, OUT, 5);
}

static void
write_another_answers(struct tape *t)
{
	write_silent_server(t);
	tape_beside_up(t, 2000, 80);
}

static void
write_another_port(struct tape *t)
{
	write_silent_server(t);
	tape_beside_up(t, 2000, 5);
}

static void
write_another_silent(struct tape *t)
{
	write_silent_server(t);
	tape_beside_lost(t, 2000, 80);
}

static void
test_sessions(void **state)
{
	static const struct scene t[] = {
		{ "limit", write_limit, QUIET, V6D_FACT_NAPT_SESSIONS,
		    "bad limit" },
		{ "ports", write_ports, QUIET, V6D_FACT_NAPT_SESSIONS,
		    "bad ports" },
		{ "none new", write_none_new, QUIET, V6D_FACT_NAPT_SESSIONS,
		    "bad none-new" },
		{ "two hosts", write_two_hosts, QUIET, V6D_FACT_NAPT_SESSIONS,
		    "bad exhausted" },
		{ "per target", write_per_target, QUIET, V6D_FACT_NAPT_SESSIONS,
		    "bad per-target" },
		{ "it passed", write_passing, QUIET, V6D_FACT_NAPT_SESSIONS,
		    "" },
		{ "dead line", write_dead_line, QUIET, V6D_FACT_NAPT_SESSIONS,
		    "" },
		{ "one lost", write_one, QUIET, V6D_FACT_NAPT_SESSIONS, "" },
	};
	struct testimony w;
	struct tape one;

	(void)state;
	CHECK_SCENES(t);
	tape_init(&one);
	write_limit(&one);
	testify(&w, tape_play_part(&one, 0, SIZE_MAX, QUIET), false, 0);
	assert_int_equal(number(&w, V6D_FACT_NAPT_SESSIONS), 8);
	tape_done(&one);
}

static void
test_others(void **state)
{
	static const struct scene t[] = {
		{ "alone", write_silent_server, QUIET, V6D_FACT_V4_CONTROL,
		    "" },
		{ "another host answers", write_another_answers, QUIET,
		    V6D_FACT_V4_CONTROL, "ok" },
		{ "another port answers", write_another_port, QUIET,
		    V6D_FACT_SERVER_ALIVE, "ok" },
		{ "another port is no other host", write_another_port, QUIET,
		    V6D_FACT_V4_CONTROL, "" },
		{ "another host is silent too", write_another_silent, QUIET,
		    V6D_FACT_V4_CONTROL, "bad timeout" },
	};

	(void)state;
	CHECK_SCENES(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sessions),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
