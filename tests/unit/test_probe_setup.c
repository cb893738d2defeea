/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_probe_setup.c - what of a host's settings a restart would take. */
#include <errno.h>
#include <stdio.h>

#include "probe_bench.h"

/* disable_ipv6, accept_ra, forwarding: now, and what files say (-1: none). */
static struct {
	int64_t now[3], file[3];
	bool unread, refused;
	char last[64]; /* out: the folder of the last one asked for */
} world;

static unsigned
index_of(const char *path)
{
	return strstr(path, "disable_ipv6") ? 0
	       : strstr(path, "accept_ra")  ? 1
					    : 2;
}

static void
answers(const struct v6d_ask *q, struct v6d_answer *a)
{
	if (world.refused) {
		a->how = V6D_ANSWER_REFUSED;
		a->err = EPERM;
	} else if (q->kind == V6D_ASK_SYSCTL) {
		a->value = world.now[index_of(q->name)];
	} else if (q->kind == V6D_ASK_BOOT) {
		snprintf(world.last, sizeof(world.last), "%.63s", q->name);
		a->value = world.file[index_of(q->name)];
		a->cut = world.unread;
		if (a->value >= 0 || a->cut)
			snprintf(a->text, sizeof(a->text),
			    "/etc/sysctl.d/10.conf:3");
	}
}

static void
test_settings(void **state)
{
	static const struct {
		int64_t now[3], file[3];
		const char *lost[3]; /* as many as there are */
	} rows[] = {
		/* The kernel's own, and files that say the same. */
		{ { 0, 1, 0 }, { -1, -1, -1 }, { NULL } },
		{ { 0, 1, 0 }, { 0, 1, 0 }, { NULL } },
		/* By hand, in both. */
		{ { 0, 2, 1 }, { -1, -1, -1 },
		    { "accept_ra = 2 (no file says so)",
			"forwarding = 1 (no file says so)" } },
		{ { 0, 2, 1 }, { -1, 2, 1 }, { NULL } },
		/* Once forwarding is kept, accept_ra has to be too. */
		{ { 0, 2, 1 }, { -1, -1, 1 },
		    { "accept_ra = 2 (no file says so)" } },
		{ { 0, 2, 1 }, { -1, 2, 0 },
		    { "forwarding = 1 (/etc/sysctl.d/10.conf:3 says 0)" } },
		/* A file will make a router of it, which then hears nothing. */
		{ { 0, 1, 0 }, { -1, -1, 1 },
		    { "accept_ra = 1 (no file says so)" } },
		{ { 0, 1, 0 }, { 1, -1, -1 },
		    { "disable_ipv6 = 0 (/etc/sysctl.d/10.conf:3 says 1)" } },
		/* What does not work now cannot be lost. */
		{ { 1, 0, 0 }, { 1, 0, 0 }, { NULL } },
		{ { 0, 1, 1 }, { -1, -1, 1 }, { NULL } },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(rows); i++) {
		struct v6d_probe_run r;
		unsigned n = 0;

		memset(&world, 0, sizeof(world));
		memcpy(world.now, rows[i].now, sizeof(world.now));
		memcpy(world.file, rows[i].file, sizeof(world.file));
		bench_reset();
		r = bench_run("setup", answers);
		for (size_t k = 0; k < bench_facts.n; k++) {
			const struct v6d_obs *o = &bench_obs[k];

			if (o->fact != V6D_FACT_HOST_PERSISTENT ||
			    o->state != V6D_BAD)
				continue;
			assert_true(n < 3);
			assert_non_null(rows[i].lost[n]);
			assert_string_equal(o->subject, rows[i].lost[n]);
			n++;
		}
		assert_true(n == 3 || !rows[i].lost[n]);
		bench_status(r, n ? V6D_PROBE_WARN : V6D_PROBE_PASS);
		bench_expect(HOST_PERSISTENT, n ? "bad lost" : "ok");
		assert_string_equal(
		    world.last, "net/ipv6/conf/default/forwarding");
	}
}

static void
test_unread(void **state)
{
	(void)state;
	memset(&world, 0, sizeof(world));
	world.now[1] = 1;
	world.now[2] = 1;
	world.file[0] = world.file[1] = world.file[2] = -1;
	world.unread = true;
	bench_reset();
	bench_status(bench_run("setup", answers), V6D_PROBE_WARN);
	assert_string_equal(
	    v6d_facts_last(&bench_facts, V6D_FACT_HOST_PERSISTENT)->subject,
	    "forwarding = 1 (/etc/sysctl.d/10.conf:3 is not read at the "
	    "start)");
}

/* A tunnel in place has settings of its own; "connect" makes them itself. */
static void
test_in_place(void **state)
{
	(void)state;
	memset(&world, 0, sizeof(world));
	world.now[1] = 2;
	world.now[2] = 1;
	world.file[0] = world.file[1] = world.file[2] = -1;
	bench_reset();
	bench_plan.in_place = true;
	bench_status(bench_run("setup", answers), V6D_PROBE_WARN);
	assert_string_equal(world.last, "net/ipv6/conf/v6tun0/forwarding");
	bench_reset();
	bench_plan.in_place = bench_plan.lent = true;
	bench_status(bench_run("setup", answers), V6D_PROBE_PASS);
	bench_expect(HOST_PERSISTENT, "ok");
}

static void
test_refused(void **state)
{
	(void)state;
	memset(&world, 0, sizeof(world));
	world.refused = true;
	bench_reset();
	bench_status(bench_run("setup", answers), V6D_PROBE_UNKNOWN);
	bench_expect(HOST_PERSISTENT, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_unread),
		cmocka_unit_test(test_in_place),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
