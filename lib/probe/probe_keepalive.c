/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_keepalive.c - does the control connection still answer once the link
 * is established (RFC 2637 2.5)? A client says so by a Set-Link-Info, and
 * there are routers that lose the connection at that message.
 */
#include "probe/help.h"

#define PATIENCE V6D_MS(3500) /* TCP has sent it four times more by then */
#define LOSSY_PATIENCE V6D_S(7) /* five times */
#define AGAIN 3 /* so often sent again for nothing: not by chance */

static bool
is_lossy(const struct v6d_probe_run *r)
{
	return v6d_probe_bad(r, V6D_FACT_GRE_LOSS_OUT) ||
	       v6d_probe_bad(r, V6D_FACT_GRE_LOSS_IN) ||
	       v6d_probe_bad(r, V6D_FACT_GRE_LOSS);
}

static void
start(struct v6d_probe_run *r)
{
	const char *why = v6d_help_no_session(r->plan);
	struct v6d_ask q = { .kind = V6D_ASK_CONTROL_ECHO,
		.timeout = is_lossy(r) ? LOSSY_PATIENCE : PATIENCE };

	if (why)
		v6d_probe_end(r, V6D_PROBE_SKIPPED, "%s", why);
	else
		v6d_probe_ask(r, &q);
}

/* The Set-Link-Info, which went before, arrived; the echo did not. */
static bool
lost_since_link_info(const struct v6d_answer *a)
{
	return a->unacked == 1 && a->again >= AGAIN;
}

static void
silent(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	unsigned s10 = v6d_help_ms(a->took) / 100;

	if (!v6d_probe_bad(r, V6D_FACT_CONTROL_ECHO))
		v6d_probe_fact(r, V6D_FACT_CONTROL_ECHO, NULL, V6D_BAD,
		    "timeout", V6D_NO_VALUE);
	if (lost_since_link_info(a))
		v6d_probe_fact(r, V6D_FACT_CONTROL_LOST, NULL, V6D_BAD,
		    "after-sli", V6D_NO_VALUE);
	v6d_probe_end(r, V6D_PROBE_WARN,
	    "the control connection answers no Echo-Request in %u.%u s%s",
	    s10 / 10, s10 % 10,
	    a->unacked > 0 ? "; TCP acknowledges it no more" : "");
}

static void
answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	switch (a->how) {
	case V6D_ANSWER_REFUSED:
		v6d_probe_end(
		    r, V6D_PROBE_UNKNOWN, "not asked: %.120s", a->text);
		return;
	case V6D_ANSWER_TIMEOUT:
		silent(r, a);
		return;
	case V6D_ANSWER_DONE:
		break;
	}
	if (a->err)
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "the session ended before the answer");
	else
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "the control connection answers (%u ms)",
		    v6d_help_ms(a->took));
}

const struct v6d_probe v6d_probe_keepalive = {
	.name = "keepalive",
	.question = "Does the control connection live while the tunnel does?",
	.after = "control gre ppp",
	.needs = "ppp.lcp",
	.without = "LCP did not open",
	.start = start,
	.answer = answer,
};
