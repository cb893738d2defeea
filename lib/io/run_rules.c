/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run_rules.c - which rule of this host's packet filter counts the GRE that
 * this host itself drops: its counters before and after a part of the loss.
 */
#include "io/run_impl.h"

#include <errno.h>
#include <string.h>

#define UNREADABLE UINT64_MAX /* lost, where the counters cannot be read */

static bool
newest_is(const struct v6d_run *r, enum v6d_fact fact, const char *word)
{
	const struct v6d_obs *o = v6d_facts_last(&r->facts, fact);

	return o && o->state == V6D_BAD && strcmp(o->word, word) == 0;
}

/* GRE that this host has dropped; 0: none, as far as it shows. */
static uint64_t
lost(struct v6d_run *r)
{
	const struct v6d_view *v = v6d_dial_view(r->dial);

	if (newest_is(r, V6D_FACT_GRE_SEND, "denied"))
		return v6d_dial_counts(r->dial)->gre_unsent;
	if (!v || !newest_is(r, V6D_FACT_GRE_IN, "filtered"))
		return 0;
	v6d_dial_look(r->dial);
	return v->wire_in;
}

void
v6d_run_rules_begin(struct v6d_run *r)
{
	uint64_t n;

	if (r->rules_call == r->dialled)
		return;
	n = lost(r);
	if (n == 0)
		return;
	v6d_rulecount_done(&r->rules);
	r->rules_call = r->dialled;
	r->rules_lost =
	    v6d_rulecount_read(r->ns.host_fd, &r->rules) == 0 ? n : UNREADABLE;
}

static void
say(struct v6d_run *r, const struct v6d_rulecount_found *f)
{
	static const char *const words[] = {
		[V6D_RULECOUNT_NONE] = "uncounted",
		[V6D_RULECOUNT_ONE] = "counted",
		[V6D_RULECOUNT_UNCLEAR] = "unclear",
	};

	v6d_facts_add(&r->facts, V6D_FACT_HOST_RULE,
	    f->how == V6D_RULECOUNT_NONE ? NULL : f->rule, V6D_BAD,
	    words[f->how],
	    f->how == V6D_RULECOUNT_NONE ? 0 : (int64_t)f->packets);
}

void
v6d_run_rules_end(struct v6d_run *r)
{
	struct v6d_rulecount_found f;
	struct v6d_rulecount now;
	uint64_t n;

	if (!r->dial || r->redialling || r->rules_call == 0 ||
	    r->rules_call != r->dialled)
		return;
	n = lost(r);
	if (n == 0 || n == r->rules_lost) /* nothing was lost since then */
		return;
	if (r->rules_lost == UNREADABLE ||
	    v6d_rulecount_read(r->ns.host_fd, &now) < 0) {
		v6d_facts_add(&r->facts, V6D_FACT_HOST_RULE, NULL, V6D_UNKNOWN,
		    "unreadable", V6D_NO_VALUE);
		return;
	}
	v6d_rulecount_compare(&r->rules, &now, n - r->rules_lost, &f);
	v6d_rulecount_done(&now);
	say(r, &f);
}
