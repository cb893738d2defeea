/* SPDX-License-Identifier: GPL-2.0-or-later */
/* judge_session.c - one session of a capture: what it shows, what follows. */
#include "judge.h"

#include <stdio.h>
#include <string.h>

#include "base/wire.h"
#include "diag/witness.h"

static bool
big_transfer_seen(const struct v6d_facts *f)
{
	static const enum v6d_fact facts[] = { V6D_FACT_V6_GET, V6D_FACT_V6_PUT,
		V6D_FACT_GRE_SIZE_IN, V6D_FACT_GRE_SIZE_OUT,
		V6D_FACT_V6_PMTU_IN, V6D_FACT_V6_PMTU_OUT };

	for (size_t i = 0; i < V6D_ARRAY_LEN(facts); i++)
		if (v6d_facts_last(f, facts[i]))
			return true;
	return false;
}

/* Something is known of AAAA, or was asked in vain. */
static bool
names_seen(const struct v6d_view *v, const struct v6d_facts *f)
{
	const struct v6d_view_inner *n = &v->inner;

	if (v6d_facts_last(f, V6D_FACT_DNS_AAAA))
		return true;
	for (unsigned i = 0; i < n->n_lookups; i++)
		if (n->lookups[i].n_asked > 1 && n->lookups[i].n_answered == 0)
			return true;
	return false;
}

static bool
cut_short(const struct v6d_view *v)
{
	return v6d_view_odd(&v->gre[V6D_DIR_OUT])->cut +
		   v6d_view_odd(&v->gre[V6D_DIR_IN])->cut >
	       0;
}

static void
cannot(struct v6d_scope *s, enum v6d_stage stage, const char *why)
{
	s->can[stage] = false;
	s->why_not[stage] = why;
}

static void
scope_of(
    const struct v6d_view *v, const struct v6d_facts *f, struct v6d_scope *s)
{
	memset(s, 0, sizeof(*s));
	for (int i = 0; i < V6D_N_STAGES; i++)
		s->can[i] = true;
	cannot(s, V6D_STAGE_ROUTE, "a capture does not show routes");
	if (!names_seen(v, f))
		cannot(s, V6D_STAGE_DNS,
		    v->ppp.opaque ? N_("the payload is encrypted")
				  : N_("no name with an IPv6 address is looked "
				       "up inside the tunnel"));
	if (v->gre_only)
		cannot(s, V6D_STAGE_CONTROL,
		    "the control connection is not in the capture");
	else if (v->tcp.midway)
		cannot(s, V6D_STAGE_CONTROL,
		    "the capture began after the call was made");
	if (v->ppp.opaque)
		cannot(s, V6D_STAGE_RA, "the payload is encrypted");
	else if ((v->gre_only || v->tcp.midway) &&
		 v->ppp.opened[V6D_VIEW_IPV6CP] == V6D_NEVER && v->ra.n == 0)
		cannot(s, V6D_STAGE_RA,
		    "the capture began after the link came up");
	if ((v->gre_only || v->tcp.midway) &&
	    v6d_view_neg(&v->ppp, V6D_VIEW_LCP, V6D_DIR_OUT)->n_req == 0 &&
	    v6d_view_neg(&v->ppp, V6D_VIEW_LCP, V6D_DIR_IN)->n_req == 0)
		cannot(s, V6D_STAGE_PPP,
		    "the capture began after the link came up");
	/* What a short capture cut away may have been one: that stays open. */
	if (!big_transfer_seen(f) && (v->ppp.opaque || !cut_short(v)))
		cannot(s, V6D_STAGE_MTU,
		    v->ppp.opaque ? "the payload is encrypted"
				  : N_("no big transfer in the capture"));
}

/* GRE is missing, and what that means is open. */
static bool
loss_open(const struct v6d_facts *f, const char *word)
{
	static const enum v6d_fact facts[] = { V6D_FACT_GRE_LOSS_OUT,
		V6D_FACT_GRE_LOSS_IN };

	for (size_t i = 0; i < V6D_ARRAY_LEN(facts); i++) {
		const struct v6d_obs *o = v6d_facts_last(f, facts[i]);

		if (o && o->state == V6D_UNKNOWN && strcmp(o->word, word) == 0)
			return true;
	}
	return false;
}

/* Why what the capture holds is not enough for "healthy"; NULL: it is. */
static const char *
not_enough(const struct v6d_judged *s)
{
	const struct v6d_view *v = s->view;
	uint64_t unread =
	    v->inner.unread[V6D_DIR_OUT] + v->inner.unread[V6D_DIR_IN];
	bool ra_cut = v->ra.n > 0 && v->ra.err == V6D_WIRE_TRUNCATED;

	if (loss_open(&s->facts, "not-captured"))
		return "the capture lacks packets that the other end has; "
		       "\"tcpdump -B 8192\" loses fewer";
	if (loss_open(&s->facts, "by-size-or-chance"))
		return "GRE is missing here; whether by its size or by chance "
		       "does not show";
	if (loss_open(&s->facts, "by-load-or-chance"))
		return "GRE is missing in a few rows; whether by its rate or "
		       "by chance does not show";
	if (loss_open(&s->facts, "lost-behind"))
		return "much was sent again: it was lost behind the place of "
		       "the capture";
	if (!v->ppp.opaque && (unread > 0 || ra_cut))
		return "the capture cut packets short; \"tcpdump -s 0\" keeps "
		       "them whole";
	return NULL;
}

/* What the capture lacks might be a fault: that is not healthy. */
static void
judge_lack(struct v6d_judged *s)
{
	const char *why =
	    s->diagnosis.verdict == V6D_VERDICT_HEALTHY ? not_enough(s) : NULL;

	if (!why)
		return;
	s->scope.cut = true;
	cannot(&s->scope, V6D_STAGE_MTU, why);
	v6d_diagnose(&s->facts, &s->scope, &s->diagnosis);
}

void
v6d_judge_view(const struct v6d_view *v, struct v6d_judged *s)
{
	static const struct v6d_witness_how how = { .live = false };

	s->view = v;
	v6d_facts_init(&s->facts, s->obs, V6D_JUDGE_FACTS);
	s->facts.source = "capture";
	v6d_witness(v, &how, &s->facts);
	scope_of(v, &s->facts, &s->scope);
	v6d_diagnose(&s->facts, &s->scope, &s->diagnosis);
	judge_lack(s);
}
