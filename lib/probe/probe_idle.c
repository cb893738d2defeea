/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_idle.c - does the tunnel live through a time without packets? A
 * router forgets a GRE session after minutes (RFC 2637 has no keepalive in
 * GRE), and what comes from the server is lost from then on.
 */
#include <string.h>

#include "probe/help.h"

#define STEPS 3 /* a quarter, half, all of the time asked for */
#define ECHOES 4
#define ECHO_GAP V6D_MS(250)
#define PATIENCE V6D_MS(1500)
#define SMALL 100 /* outer bytes */
#define PINGS 3

enum tag { BEFORE, WAIT, AFTER, AGAIN, SERVER };

struct idle {
	unsigned step; /* under way */
	v6d_ns lived; /* the longest wait that it lived through */
};

static struct idle *
mine(struct v6d_probe_run *r)
{
	_Static_assert(sizeof(struct idle) <= V6D_PROBE_STATE, "state");
	return (struct idle *)(void *)r->state;
}

/* The wait of a step. */
static v6d_ns
wait_of(const struct v6d_probe_run *r, unsigned step)
{
	return r->plan->idle >> (STEPS - 1 - step);
}

static unsigned
seconds(v6d_ns t)
{
	return (unsigned)((t + V6D_MS(500)) / V6D_S(1));
}

static void
ask_echoes(struct v6d_probe_run *r, enum tag tag)
{
	struct v6d_ask q = { .kind = V6D_ASK_BURST,
		.tag = tag,
		.df = true,
		.n_frames = ECHOES,
		.gap = ECHO_GAP,
		.timeout = ECHOES * ECHO_GAP + PATIENCE };

	for (unsigned i = 0; i < ECHOES; i++)
		q.frames[i] = (struct v6d_ask_frame){ .outer_len = SMALL,
			.frame = V6D_FRAME_LCP_ECHO,
			.closes = true };
	v6d_probe_ask(r, &q);
}

static void
start(struct v6d_probe_run *r)
{
	const char *why = v6d_help_no_session(r->plan);

	if (!why && r->plan->in_place)
		why = "a session that carries traffic is not left idle";
	if (!why && !r->plan->have_raw)
		why = v6d_help_raw();
	if (!why && r->plan->idle == 0)
		why = "how long to wait was not said: --deep S";
	if (why)
		v6d_probe_end(r, V6D_PROBE_SKIPPED, "%s", why);
	else
		ask_echoes(r, BEFORE);
}

static void
wait(struct v6d_probe_run *r)
{
	struct v6d_ask q = { .kind = V6D_ASK_SLEEP,
		.tag = WAIT,
		.timeout = wait_of(r, mine(r)->step) };

	v6d_probe_ask(r, &q);
}

static void
lived(struct v6d_probe_run *r)
{
	struct idle *x = mine(r);

	x->lived = wait_of(r, x->step);
	if (++x->step < STEPS) {
		wait(r);
		return;
	}
	v6d_probe_fact(
	    r, V6D_FACT_GRE_IDLE, NULL, V6D_OK, NULL, seconds(x->lived));
	v6d_probe_end(r, V6D_PROBE_PASS,
	    "the tunnel lives through %u s without a packet",
	    seconds(x->lived));
}

/* Is it the tunnel that is dead, or the way to the server? */
static void
on_server(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	const struct idle *x = mine(r);
	unsigned s = seconds(wait_of(r, x->step));

	if (!v6d_help_pong(a)) {
		v6d_probe_fact(r, V6D_FACT_GRE_IDLE, NULL, V6D_UNKNOWN,
		    "server-silent", s);
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "after %u s without a packet nothing comes back; nor does "
		    "the server answer a ping",
		    s);
		return;
	}
	v6d_probe_fact(r, V6D_FACT_GRE_IDLE, NULL, V6D_BAD, "dead", s);
	if (x->lived > 0)
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "the tunnel is dead after %u s without a packet; it lived "
		    "through %u s",
		    s, seconds(x->lived));
	else
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "the tunnel is dead after %u s without a packet", s);
}

static bool
any_came(const struct v6d_answer *a)
{
	return v6d_help_pong(a) != NULL;
}

static void
answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	if (a->how == V6D_ANSWER_REFUSED) {
		v6d_probe_end(
		    r, V6D_PROBE_UNKNOWN, "not measured: %.120s", a->text);
		return;
	}
	switch ((enum tag)a->tag) {
	case BEFORE:
		if (any_came(a))
			wait(r);
		else
			v6d_probe_end(r, V6D_PROBE_SKIPPED,
			    "not tried: the server answers no LCP echo");
		return;
	case WAIT:
		ask_echoes(r, AFTER);
		return;
	case AFTER:
		if (any_came(a))
			lived(r);
		else
			ask_echoes(r, AGAIN);
		return;
	case AGAIN:
		if (any_came(a))
			lived(r);
		else
			v6d_help_ping(r, V6D_NS_HOST, &r->plan->server, PINGS,
			    PATIENCE, SERVER);
		return;
	case SERVER:
		on_server(r, a);
		return;
	}
}

const struct v6d_probe v6d_probe_idle = {
	.name = "idle",
	.question = "Does the tunnel live through a time without packets?",
	.after = "host control gre ppp ra route pmtu dns name napt",
	.needs = "gre.out",
	.without = "GRE does not pass",
	.exclusive = true,
	.start = start,
	.answer = answer,
};
