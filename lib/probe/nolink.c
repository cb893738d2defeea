/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nolink.c - what is known of GRE where the link does not carry echoes. */
#include "probe/nolink.h"

#include <string.h>

#include "probe/help.h"

#define GAPS_MIN 2 /* of the few packets of a negotiation: no accident */

static bool
filtered_here(const struct v6d_probe_run *r)
{
	const struct v6d_obs *o = v6d_facts_last(r->facts, V6D_FACT_GRE_IN);

	return o && o->state == V6D_BAD && strcmp(o->word, "filtered") == 0;
}

void
v6d_nolink_silent(
    struct v6d_probe_run *r, const struct v6d_answer *a, v6d_ns waited)
{
	const struct v6d_obs *o = v6d_facts_last(r->facts, V6D_FACT_GRE_ICMP);

	if (!v6d_probe_bad(r, V6D_FACT_GRE_IN))
		v6d_probe_fact(r, V6D_FACT_GRE_IN, NULL, V6D_BAD, "none", 0);
	if (o && o->state == V6D_BAD)
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "no GRE comes back; %s refuses ours by ICMP",
		    o->subject[0] ? o->subject : "a router");
	else if (filtered_here(r))
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "GRE from the server reaches this host, and its own "
		    "firewall drops it");
	else if (v6d_probe_bad(r, V6D_FACT_GRE_SEND))
		v6d_probe_end(
		    r, V6D_PROBE_FAIL, "this host does not let GRE out");
	else if (v6d_probe_bad(r, V6D_FACT_CONTROL_HANGUP))
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "no GRE comes; the server hung up after the call");
	else if (a->state == V6D_SESSION_DEAD)
		v6d_probe_end(r, V6D_PROBE_FAIL, "no GRE came: %s",
		    v6d_session_why_text(a->why));
	else
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "no GRE comes from the server (waited %u.%u s)",
		    v6d_help_ms(waited) / 1000, v6d_help_ms(waited) / 100 % 10);
}

void
v6d_nolink_gaps(struct v6d_probe_run *r, unsigned came, unsigned gaps)
{
	if (gaps >= GAPS_MIN)
		v6d_probe_rate(r, V6D_FACT_GRE_LOSS_IN, V6D_BAD, "loss", gaps,
		    came + gaps);
}

static void
end_gaps(struct v6d_probe_run *r, unsigned came, unsigned gaps, const char *why)
{
	v6d_probe_end(r, V6D_PROBE_WARN,
	    "GRE is lost: %u of %u packets on the way in; sizes not measured: "
	    "%s",
	    gaps, came + gaps, why);
}

/*
 * The server repeats its request, and for all that time neither acknowledged
 * nor answered ours: what it had done of either would be a fact by now.
 */
static bool
ignored(struct v6d_probe_run *r, const struct v6d_answer *a, bool long_enough)
{
	const struct v6d_obs *in = v6d_facts_last(r->facts, V6D_FACT_GRE_IN);

	return a->how == V6D_ANSWER_TIMEOUT && long_enough &&
	       !v6d_probe_seen(r, V6D_FACT_GRE_OUT) && in && in->value >= 2;
}

void
v6d_nolink_stuck(
    struct v6d_probe_run *r, const struct v6d_answer *a, bool long_enough)
{
	if (!v6d_probe_ok(r, V6D_FACT_GRE_IN))
		v6d_probe_fact(
		    r, V6D_FACT_GRE_IN, NULL, V6D_OK, NULL, V6D_NO_VALUE);
	if (ignored(r, a, long_enough))
		v6d_probe_fact(r, V6D_FACT_GRE_OUT, NULL, V6D_BAD,
		    "unacknowledged", V6D_NO_VALUE);
	v6d_nolink_gaps(r, a->in_frames, a->in_gaps);
	if (v6d_probe_bad(r, V6D_FACT_GRE_OUT) &&
	    v6d_probe_bad(r, V6D_FACT_GRE_SEND))
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "GRE comes from the server, and this host does not let "
		    "ours out");
	else if (v6d_probe_bad(r, V6D_FACT_GRE_OUT))
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "GRE comes from the server, ours does not reach it");
	else if (v6d_probe_bad(r, V6D_FACT_GRE_LOSS_IN))
		end_gaps(r, a->in_frames, a->in_gaps, "the link did not open");
	else if (v6d_probe_ok(r, V6D_FACT_GRE_OUT))
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "GRE passes both ways; sizes not measured: %s",
		    a->state == V6D_SESSION_DEAD ? "the link ended"
						 : "the link did not open");
	else
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "GRE comes from the server; whether ours gets there "
		    "does not show");
}

void
v6d_nolink_mute(struct v6d_probe_run *r, unsigned came, unsigned gaps)
{
	v6d_nolink_gaps(r, came, gaps);
	if (v6d_probe_bad(r, V6D_FACT_GRE_LOSS_IN))
		end_gaps(r, came, gaps, "the server answers no LCP echo");
	else
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "GRE passes; sizes not measured: the server answers no "
		    "LCP echo");
}
