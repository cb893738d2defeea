/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_witness_dns.c - what look-ups inside the tunnel prove of a resolver. */
#include "dns_help.h"

#define LONG V6D_S(20)
#define WWW "www.example.net"
#define MAIL "mail.example.net"

static void
inside_works(struct tape *t)
{
	tape_up(t);
	tape_echo(t, OUT, false, 1, 104);
	tape_echo(t, IN, true, 1, 104);
}

/* A and AAAA from one port; what comes back: an error's code, 0 or -1. */
static void
pair(struct tape *t, const char *name, uint16_t port, int a, int aaaa)
{
	tape_ask(t, name, V6D_DNS_A, port);
	tape_ask(t, name, V6D_DNS_AAAA, port);
	if (a >= 0)
		tape_answer(t, name, V6D_DNS_A, port, (uint8_t)a, a == 0);
	if (aaaa >= 0)
		tape_answer(
		    t, name, V6D_DNS_AAAA, port, (uint8_t)aaaa, aaaa == 0);
	tape_wait(t, V6D_S(1));
}

static void
good(struct tape *t)
{
	inside_works(t);
	pair(t, WWW, 4000, 0, 0);
}

static void
aaaa_servfail(struct tape *t)
{
	inside_works(t);
	pair(t, WWW, 4000, 0, 2);
}

static void
aaaa_nxdomain(struct tape *t)
{
	inside_works(t);
	pair(t, WWW, 4000, 0, 3);
	pair(t, MAIL, 4001, 0, 0);
}

/* It was asked again, and is well. */
static void
aaaa_servfail_once(struct tape *t)
{
	inside_works(t);
	pair(t, WWW, 4000, 0, 2);
	pair(t, WWW, 4001, 0, 0);
}

/* A search domain was tried first: no such name, whatever the type. */
static void
no_such_name(struct tape *t)
{
	inside_works(t);
	pair(t, "www.lan", 4000, 3, 3);
}

static void
refused_always(struct tape *t)
{
	inside_works(t);
	pair(t, WWW, 4000, 5, 5);
}

/* A name's own servers may be down: no more than that shows. */
static void
servfail_once(struct tape *t)
{
	inside_works(t);
	pair(t, WWW, 4000, 2, 2);
}

/* As libc asks: both from one port; which answer is kept back is open. */
static void
one_of_a_port(struct tape *t)
{
	inside_works(t);
	for (uint16_t i = 0; i < 6; i++)
		pair(t, WWW, (uint16_t)(4000 + i), 0, -1);
}

static void
aaaa_dropped(struct tape *t)
{
	one_of_a_port(t);
	tape_ask(t, WWW, V6D_DNS_AAAA, 5000);
}

/* Two losses happen. */
static void
few_lost(struct tape *t)
{
	inside_works(t);
	tape_ask(t, WWW, V6D_DNS_AAAA, 5000);
	tape_ask(t, WWW, V6D_DNS_AAAA, 5001);
	tape_ask(t, WWW, V6D_DNS_A, 5002);
	tape_answer(t, WWW, V6D_DNS_A, 5002, 0, true);
}

static void
silent(struct tape *t)
{
	inside_works(t);
	for (uint16_t i = 0; i < 5; i++)
		pair(t, WWW, (uint16_t)(4000 + i), -1, -1);
}

/* Nothing else answers inside either: it need not be the resolver. */
static void
silent_all(struct tape *t)
{
	tape_up(t);
	for (uint16_t i = 0; i < 5; i++)
		pair(t, WWW, (uint16_t)(4000 + i), -1, -1);
}

static void
slow(struct tape *t, const char *name, uint16_t port)
{
	tape_ask(t, name, V6D_DNS_A, port);
	tape_ask(t, name, V6D_DNS_AAAA, port);
	tape_answer(t, name, V6D_DNS_A, port, 0, true);
	tape_wait(t, V6D_MS(1200));
	tape_answer(t, name, V6D_DNS_AAAA, port, 0, true);
}

static void
aaaa_slow(struct tape *t)
{
	inside_works(t);
	slow(t, WWW, 4000);
	slow(t, MAIL, 4001);
}

/* One answer may have had far to go. */
static void
aaaa_slow_once(struct tape *t)
{
	inside_works(t);
	slow(t, WWW, 4000);
}

static void
no_record(struct tape *t)
{
	inside_works(t);
	tape_ask(t, WWW, V6D_DNS_A, 4000);
	tape_ask(t, WWW, V6D_DNS_AAAA, 4000);
	tape_answer(t, WWW, V6D_DNS_A, 4000, 0, true);
	tape_answer(t, WWW, V6D_DNS_AAAA, 4000, 0, false);
}

static void
test_scenes(void **state)
{
	static const struct scene scenes[] = {
		{ "good", good, LONG, V6D_FACT_DNS_AAAA, "ok" },
		{ "good", good, LONG, V6D_FACT_DNS_A, "ok" },
		{ "no questions", inside_works, LONG, V6D_FACT_DNS_AAAA, "" },
		{ "SERVFAIL", aaaa_servfail, LONG, V6D_FACT_DNS_AAAA,
		    "bad servfail" },
		{ "SERVFAIL", aaaa_servfail, LONG, V6D_FACT_DNS_A, "ok" },
		{ "NXDOMAIN of one", aaaa_nxdomain, LONG, V6D_FACT_DNS_AAAA,
		    "bad nxdomain" },
		{ "SERVFAIL once", aaaa_servfail_once, LONG, V6D_FACT_DNS_AAAA,
		    "ok" },
		{ "no such name", no_such_name, LONG, V6D_FACT_DNS_AAAA, "" },
		{ "no such name", no_such_name, LONG, V6D_FACT_DNS_A, "" },
		{ "refused", refused_always, LONG, V6D_FACT_DNS_A,
		    "bad refused" },
		{ "SERVFAIL of both", servfail_once, LONG, V6D_FACT_DNS_A, "" },
		{ "one of a port", one_of_a_port, LONG, V6D_FACT_DNS_AAAA, "" },
		{ "dropped", aaaa_dropped, LONG, V6D_FACT_DNS_AAAA,
		    "bad timeout" },
		{ "dropped, cut", aaaa_dropped, V6D_MS(100), V6D_FACT_DNS_AAAA,
		    "" },
		{ "few lost", few_lost, LONG, V6D_FACT_DNS_AAAA, "" },
		{ "silent", silent, LONG, V6D_FACT_DNS_A, "bad timeout" },
		{ "silent", silent, LONG, V6D_FACT_DNS_AAAA, "bad timeout" },
		{ "silent all", silent_all, LONG, V6D_FACT_DNS_A, "" },
		{ "slow", aaaa_slow, LONG, V6D_FACT_DNS_AAAA, "bad slow" },
		{ "slow once", aaaa_slow_once, LONG, V6D_FACT_DNS_AAAA, "ok" },
		{ "no record", no_record, LONG, V6D_FACT_DNS_AAAA, "" },
	};

	(void)state;
	CHECK_SCENES(scenes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scenes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
