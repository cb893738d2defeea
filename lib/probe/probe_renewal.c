/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_renewal.c - will the default route be there tomorrow? It lives as
 * long as the router lifetime (RFC 4861 6.3.4) and is renewed by the next
 * advertisement, which must come without being asked for: the kernel solicits
 * once, when the link comes up. Takes as long as that lifetime.
 */
#include "probe/help.h"

#define SLICE V6D_S(1)
#define RESERVE V6D_S(3) /* of the run's time, for what comes after */

struct renewal {
	v6d_ns until; /* the lifetime of what came is over, since the start */
};

static struct renewal *
mine(struct v6d_probe_run *r)
{
	return (struct renewal *)(void *)r->state;
}

static void
pause_a_while(struct v6d_probe_run *r)
{
	struct v6d_ask q = { .kind = V6D_ASK_SLEEP, .timeout = SLICE };

	v6d_probe_ask(r, &q);
}

static void
start(struct v6d_probe_run *r)
{
	const struct v6d_plan *p = r->plan;
	const struct v6d_obs *life =
	    v6d_facts_last(r->facts, V6D_FACT_RA_LIFETIME);
	const char *why = v6d_help_no_tunnel(p);
	int64_t s = life && life->state == V6D_OK ? life->value : 0;

	if (!why && p->in_place)
		why = "in place the advertisement came long ago";
	if (why || s <= 0)
		v6d_probe_end(r, V6D_PROBE_SKIPPED, "%s",
		    why ? why : "no advertisement with a router lifetime came");
	else if (v6d_probe_ok(r, V6D_FACT_RA_UNSOLICITED))
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "an advertisement came without being asked for");
	else if (p->idle == 0)
		v6d_probe_end(r, V6D_PROBE_SKIPPED,
		    "would take %lld s, the router lifetime: only with --deep "
		    "S",
		    (long long)s);
	else if (r->now + V6D_S((uint64_t)s) + RESERVE > p->deadline)
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "takes %lld s, the router lifetime: more than --deep gave",
		    (long long)s);
	else {
		mine(r)->until = life->at + V6D_S((uint64_t)s) + SLICE;
		pause_a_while(r);
	}
}

/* The wire's witness tells what came by the end of that time. */
static void
conclude(struct v6d_probe_run *r)
{
	const struct v6d_obs *o =
	    v6d_facts_last(r->facts, V6D_FACT_RA_UNSOLICITED);

	if (o && o->state == V6D_BAD)
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "no advertisement came unasked within the router lifetime "
		    "of %lld s: the default route is over",
		    (long long)o->value);
	else
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "it does not show whether advertisements come unasked");
}

static void
answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	(void)a;
	if (v6d_probe_ok(r, V6D_FACT_RA_UNSOLICITED))
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "an advertisement came without being asked for");
	else if (r->now >= mine(r)->until)
		conclude(r);
	else
		pause_a_while(r);
}

const struct v6d_probe v6d_probe_renewal = {
	.name = "renewal",
	.question = "Is the default route renewed before it expires?",
	.after = "ra route pmtu name napt idle",
	.needs = "ra.received",
	.without = "no router advertisement came",
	.start = start,
	.answer = answer,
};
