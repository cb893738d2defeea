/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_ppp.c - does PPP agree on a link, a user and IPv6 (RFC 1661, RFC
 * 5072)? The exchange is witnessed elsewhere; here is the patience.
 */
#include "base/lang.h"
#include "probe/help.h"
#include "proto/auth.h"

#define LINK_PATIENCE V6D_MS(4500) /* as the GRE check's: they end together */
/* A peer that answers asks again every 3 s (RFC 1661 4.6) when it is lost. */
#define LATE_PATIENCE V6D_S(4)
#define REST_PATIENCE V6D_S(8)

enum tag { LINK, LATE_LINK, REST };

static void
start(struct v6d_probe_run *r)
{
	const char *why = v6d_help_no_session(r->plan);

	if (!why && !r->plan->have_raw && !r->plan->lent)
		why = v6d_help_raw();
	if (why)
		v6d_probe_end(r, V6D_PROBE_SKIPPED, "%s", why);
	else
		v6d_help_session(r, V6D_SESSION_AUTH, LINK_PATIENCE, LINK);
}

static enum v6d_fact
fact_of(enum v6d_session_state st)
{
	return st <= V6D_SESSION_LCP    ? V6D_FACT_PPP_LCP
	       : st == V6D_SESSION_AUTH ? V6D_FACT_PPP_AUTH
					: V6D_FACT_PPP_IPV6CP;
}

static const char *
name_of(enum v6d_session_state st)
{
	return st <= V6D_SESSION_LCP    ? "LCP"
	       : st == V6D_SESSION_AUTH ? N_("authentication")
					: "IPV6CP";
}

static void
up(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	const struct v6d_session_times *t = &a->times;
	const struct v6d_obs *o = v6d_facts_last(r->facts, V6D_FACT_PPP_AUTH);
	unsigned ms = t->ipv6cp != V6D_NEVER && t->ocrp != V6D_NEVER
			  ? v6d_help_ms(t->ipv6cp - t->ocrp)
			  : 0;

	v6d_probe_end(r, V6D_PROBE_PASS, "LCP, %s%s and IPV6CP agreed (%u ms)",
	    o && o->subject[0] ? "" : N_("authentication"), o ? o->subject : "",
	    ms);
}

static void
timed_out(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	enum v6d_fact fact = fact_of(a->state);

	if (a->times.first_gre == V6D_NEVER) {
		v6d_probe_end(r, V6D_PROBE_SKIPPED,
		    "not tried: no GRE comes from the server");
		return;
	}
	if (!v6d_probe_bad(r, fact))
		v6d_probe_fact(r, fact, NULL, V6D_BAD, "timeout", V6D_NO_VALUE);
	v6d_probe_end(
	    r, V6D_PROBE_FAIL, "%s came to no end in time", name_of(a->state));
}

static const char *
method_of(const struct v6d_answer *a)
{
	if (a->code == V6D_PPP_CHAP && a->code2 == V6D_CHAP_MSV2)
		return "MS-CHAPv2";
	if (a->code == V6D_PPP_CHAP && a->code2 == V6D_CHAP_MS)
		return "MS-CHAP";
	return v6d_ppp_proto_name((uint16_t)a->code);
}

static void
dead(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	if (!v6d_help_reached(a, V6D_SESSION_LCP))
		v6d_probe_end(
		    r, V6D_PROBE_SKIPPED, "not tried: no call came up");
	else if (a->times.first_gre == V6D_NEVER)
		v6d_probe_end(r, V6D_PROBE_SKIPPED,
		    "not tried: no GRE came from the server");
	else if (a->why == V6D_WHY_AUTH_METHOD && a->code != 0)
		v6d_probe_end(r, V6D_PROBE_FAIL, "%s: the server wants %s",
		    v6d_session_why_text(a->why), method_of(a));
	else if (a->why == V6D_WHY_MPPE)
		v6d_probe_end(
		    r, V6D_PROBE_FAIL, "%s", v6d_session_why_text(a->why));
	else if (a->code != 0)
		v6d_probe_end(r, V6D_PROBE_FAIL, "%s: %s (%d)",
		    name_of(a->failed_in), v6d_session_why_text(a->why),
		    a->code);
	else
		v6d_probe_end(r, V6D_PROBE_FAIL, "%s: %s",
		    name_of(a->failed_in), v6d_session_why_text(a->why));
}

static void
answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	if (a->how == V6D_ANSWER_REFUSED)
		v6d_probe_end(
		    r, V6D_PROBE_UNKNOWN, "no session: %.120s", a->text);
	else if (a->state == V6D_SESSION_UP)
		up(r, a);
	else if (a->state >= V6D_SESSION_CLOSING)
		dead(r, a);
	else if (a->how == V6D_ANSWER_TIMEOUT && a->tag == LINK &&
		 v6d_probe_ok(r, V6D_FACT_GRE_OUT))
		v6d_help_session(r, V6D_SESSION_AUTH, LATE_PATIENCE, LATE_LINK);
	else if (a->how == V6D_ANSWER_TIMEOUT)
		timed_out(r, a);
	else
		v6d_help_session(r, V6D_SESSION_UP, REST_PATIENCE, REST);
}

const struct v6d_probe v6d_probe_ppp = {
	.name = "ppp",
	.question = "Does PPP agree on the link, the user and IPv6?",
	.after = "control",
	.needs = "control.call",
	.without = "no call came up",
	.start = start,
	.answer = answer,
};
