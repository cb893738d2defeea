/* SPDX-License-Identifier: GPL-2.0-or-later */
/* findings.c - what a chosen cause says of place, direction and numbers. */
#include "diag/rules.h"

#include <stdio.h>

#include "base/wire.h"
#include "proto/auth.h"
#include "proto/pptp.h"

static const enum v6d_severity severities[] = {
#define CAUSE(id, name, layer, number, severity) V6D_SEV_##severity,
#include "diag/causes.def"
#undef CAUSE
};

enum v6d_severity
v6d_cause_severity(enum v6d_cause c, const struct v6d_symptoms *s)
{
	if (v6d_terms_any(v6d_rule_of(c)->worse, s))
		return V6D_SEV_FAULT;
	return severities[c];
}

static bool
is_bad(const struct v6d_symptoms *s, enum v6d_symptom sym)
{
	return s->v[sym] > 0;
}

/* "in", "out" or "both" by which of two symptoms are bad, else neither. */
static const char *
direction(const struct v6d_symptoms *s, enum v6d_symptom in,
    enum v6d_symptom out, const char *neither)
{
	if (is_bad(s, in) && is_bad(s, out))
		return "both";
	if (is_bad(s, in))
		return "in";
	return is_bad(s, out) ? "out" : neither;
}

static const char *
direction_of_blocked(const struct v6d_symptoms *s)
{
	if (v6d_symptom_is(s, V6D_SYM_GRE_IN, "ok"))
		return "out";
	return "unknown";
}

static const char *
direction_of_fragments(const struct v6d_symptoms *s)
{
	if (v6d_symptom_is(s, V6D_SYM_GRE_FRAGMENTS, "lost-in"))
		return "in";
	if (v6d_symptom_is(s, V6D_SYM_GRE_FRAGMENTS, "lost-out"))
		return "out";
	return "unknown";
}

static const char *
direction_of_loss(const struct v6d_symptoms *s)
{
	const struct v6d_obs *o = s->from[V6D_SYM_GRE_LOSS];

	if (!o || !is_bad(s, V6D_SYM_GRE_LOSS))
		return "unknown";
	if (v6d_symptom_is(s, V6D_SYM_GRE_LOSS, "loss-both heavy-both"))
		return "both";
	if (o->fact == V6D_FACT_GRE_LOSS_IN)
		return "in";
	return o->fact == V6D_FACT_GRE_LOSS_OUT ? "out" : "unknown";
}

static const char *
direction_of_rate(const struct v6d_symptoms *s)
{
	const struct v6d_obs *o = s->from[V6D_SYM_GRE_RATE];
	const struct v6d_obs *other;

	if (!o || !is_bad(s, V6D_SYM_GRE_RATE))
		return "unknown";
	other = s->facts
		    ? v6d_facts_last(s->facts, o->fact == V6D_FACT_GRE_RATE_IN
						   ? V6D_FACT_GRE_RATE_OUT
						   : V6D_FACT_GRE_RATE_IN)
		    : NULL;
	if (other && other->state == V6D_BAD)
		return "both";
	return o->fact == V6D_FACT_GRE_RATE_IN ? "in" : "out";
}

/* The first of the symptoms that is bad and carries a number. */
static const struct v6d_obs *
number(const struct v6d_symptoms *s, const enum v6d_symptom *sym, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct v6d_obs *o = s->from[sym[i]];

		if (is_bad(s, sym[i]) && o && o->value != V6D_NO_VALUE)
			return o;
	}
	return NULL;
}

static const struct {
	enum v6d_cause cause;
	const char *name;
	enum v6d_symptom from[3];
} values[] = {
	{ V6D_CAUSE_GRE_SIZE_LIMIT, "limit_bytes",
	    { V6D_SYM_GRE_SIZE_IN, V6D_SYM_GRE_SIZE_OUT, V6D_SYM_GRE_SIZE } },
	{ V6D_CAUSE_OUTER_MTU, "mtu_bytes",
	    { V6D_SYM_GRE_ICMP_MTU, V6D_SYM_GRE_SIZE_OUT,
		V6D_SYM_GRE_SIZE_IN } },
	{ V6D_CAUSE_PATH_MTU_BLACKHOLE_IN, "mtu_bytes",
	    { V6D_SYM_V6_PMTU_IN, V6D_SYM_V6_PMTU_IN, V6D_SYM_V6_PMTU_IN } },
	{ V6D_CAUSE_PATH_MTU_BLACKHOLE_OUT, "mtu_bytes",
	    { V6D_SYM_V6_PMTU_OUT, V6D_SYM_V6_PMTU_OUT, V6D_SYM_V6_PMTU_OUT } },
	{ V6D_CAUSE_PTB_FILTERED_LOCAL, "mtu_bytes",
	    { V6D_SYM_V6_PMTU_OUT, V6D_SYM_V6_PMTU_OUT, V6D_SYM_V6_PMTU_OUT } },
	{ V6D_CAUSE_GRE_LOSS, "per_mille",
	    { V6D_SYM_GRE_LOSS, V6D_SYM_GRE_REORDER, V6D_SYM_GRE_LOSS } },
	{ V6D_CAUSE_GRE_IDLE_TIMEOUT, "idle_s",
	    { V6D_SYM_GRE_IDLE, V6D_SYM_GRE_IDLE, V6D_SYM_GRE_IDLE } },
	{ V6D_CAUSE_CALL_REFUSED, "result_code",
	    { V6D_SYM_CONTROL_CALL, V6D_SYM_CONTROL_START,
		V6D_SYM_CONTROL_CALL } },
	{ V6D_CAUSE_AUTH_REJECTED, "error_code",
	    { V6D_SYM_PPP_AUTH, V6D_SYM_PPP_AUTH, V6D_SYM_PPP_AUTH } },
	{ V6D_CAUSE_RA_BAD_PREFIX_LENGTH, "prefix_bits",
	    { V6D_SYM_RA_PREFIX, V6D_SYM_RA_PREFIX, V6D_SYM_RA_PREFIX } },
	{ V6D_CAUSE_RA_MTU, "mtu_bytes",
	    { V6D_SYM_RA_MTU, V6D_SYM_RA_MTU, V6D_SYM_RA_MTU } },
	{ V6D_CAUSE_RA_SOLICITED_ONLY, "lifetime_s",
	    { V6D_SYM_RA_UNSOLICITED, V6D_SYM_RA_UNSOLICITED,
		V6D_SYM_RA_UNSOLICITED } },
	{ V6D_CAUSE_POLICER, "rate_kbit",
	    { V6D_SYM_GRE_RATE, V6D_SYM_GRE_RATE, V6D_SYM_GRE_RATE } },
	{ V6D_CAUSE_SERVER_SLOW, "slow_ms",
	    { V6D_SYM_CONTROL_SLOW, V6D_SYM_CONTROL_SLOW,
		V6D_SYM_CONTROL_SLOW } },
	{ V6D_CAUSE_MSS_NOT_CLAMPED, "mss_bytes",
	    { V6D_SYM_LAN_MSS, V6D_SYM_LAN_MSS, V6D_SYM_LAN_MSS } },
	{ V6D_CAUSE_NAPT_EXHAUSTED, "sessions",
	    { V6D_SYM_NAPT_SESSIONS, V6D_SYM_NAPT_SESSIONS,
		V6D_SYM_NAPT_SESSIONS } },
	{ V6D_CAUSE_NAPT_PORTS_PER_TARGET, "sessions",
	    { V6D_SYM_NAPT_SESSIONS, V6D_SYM_NAPT_UDP, V6D_SYM_NAPT_UDP } },
	{ V6D_CAUSE_NAPT_LIMIT_LOW, "sessions",
	    { V6D_SYM_NAPT_SESSIONS, V6D_SYM_NAPT_UDP, V6D_SYM_NAPT_UDP } },
	{ V6D_CAUSE_TUNNEL_MTU_TOO_BIG, "mtu_bytes",
	    { V6D_SYM_V6_MTU, V6D_SYM_V6_MTU, V6D_SYM_V6_MTU } },
	{ V6D_CAUSE_TUNNEL_MTU_TOO_SMALL, "mtu_bytes",
	    { V6D_SYM_V6_MTU, V6D_SYM_V6_MTU, V6D_SYM_V6_MTU } },
};

static void
fill_value(const struct v6d_symptoms *s, struct v6d_finding *ret)
{
	for (size_t i = 0; i < V6D_ARRAY_LEN(values); i++) {
		const struct v6d_obs *o;

		if (values[i].cause != ret->cause)
			continue;
		o = number(s, values[i].from, V6D_ARRAY_LEN(values[i].from));
		if (!o)
			return;
		ret->value_name = values[i].name;
		ret->value = o->value;
	}
}

/* Different limits in and out: the smaller one is the first value. */
static void
fill_second_limit(const struct v6d_symptoms *s, struct v6d_finding *ret)
{
	const struct v6d_obs *in = s->from[V6D_SYM_GRE_SIZE_IN];
	const struct v6d_obs *out = s->from[V6D_SYM_GRE_SIZE_OUT];

	if (!is_bad(s, V6D_SYM_GRE_SIZE_IN) ||
	    !is_bad(s, V6D_SYM_GRE_SIZE_OUT) || !in || !out ||
	    in->value == V6D_NO_VALUE || out->value == V6D_NO_VALUE ||
	    in->value == out->value)
		return;
	ret->value = in->value < out->value ? in->value : out->value;
	ret->value2_name =
	    in->value < out->value ? "limit_out_bytes" : "limit_in_bytes";
	ret->value2 = in->value < out->value ? out->value : in->value;
}

/*
 * A capture knows that one size was lost and that a smaller one passed: the
 * limit lies between, and only the smaller one is safe advice.
 */
static void
fill_passed(const struct v6d_symptoms *s, struct v6d_finding *ret)
{
	bool in = is_bad(s, V6D_SYM_GRE_SIZE_IN);
	const struct v6d_obs *o;

	if (!s->facts || ret->value2_name || !ret->value_name)
		return;
	o = v6d_facts_last(
	    s->facts, in ? V6D_FACT_GRE_PASSED_IN : V6D_FACT_GRE_PASSED_OUT);
	if (!o || o->value == V6D_NO_VALUE || o->value >= ret->value)
		return;
	ret->value2_name = "passed_bytes";
	ret->value2 = o->value;
}

/* How long what is above the rate waits. */
static void
fill_queue(const struct v6d_symptoms *s, struct v6d_finding *ret)
{
	const struct v6d_obs *o;

	if (!s->facts ||
	    !v6d_symptom_is(s, V6D_SYM_GRE_RATE, "queue full-queue"))
		return;
	o = v6d_facts_last(s->facts, V6D_FACT_GRE_QUEUE);
	if (!o || o->value == V6D_NO_VALUE)
		return;
	ret->value2_name = "queue_ms";
	ret->value2 = o->value;
}

/* The one that has a table, or a part of it, of its own; or "". */
static const char *
protocol_of_limit(const struct v6d_symptoms *s)
{
	if (v6d_symptom_is(s, V6D_SYM_NAPT_UDP, "limit"))
		return "UDP";
	return v6d_symptom_is(s, V6D_SYM_NAPT_UDP, "ok") ? "TCP" : "";
}

static void
fill_word(const struct v6d_symptoms *s, struct v6d_finding *ret)
{
	const struct v6d_obs *call = s->from[V6D_SYM_CONTROL_CALL];
	const char *text = "";

	if (ret->cause == V6D_CAUSE_CALL_REFUSED && ret->value_name &&
	    ret->value >= 0 && ret->value <= 255)
		text = v6d_pptp_result_text(
		    is_bad(s, V6D_SYM_CONTROL_CALL) && call ? V6D_PPTP_OCRP
							    : V6D_PPTP_SCCRP,
		    (uint8_t)ret->value);
	else if (ret->cause == V6D_CAUSE_AUTH_REJECTED && ret->value > 0)
		text = v6d_mschap_error_text((unsigned)ret->value);
	else if (ret->cause == V6D_CAUSE_AUTH_METHOD &&
		 is_bad(s, V6D_SYM_PPP_CCP))
		text = "encryption";
	else if (ret->cause == V6D_CAUSE_NAPT_LIMIT_LOW)
		text = protocol_of_limit(s);
	snprintf(ret->word, sizeof(ret->word), "%s", text);
}

static void
fill_direction(const struct v6d_symptoms *s, struct v6d_finding *ret)
{
	const char *d = NULL;

	if (ret->cause == V6D_CAUSE_GRE_SIZE_LIMIT ||
	    ret->cause == V6D_CAUSE_OUTER_MTU)
		d = direction(s, V6D_SYM_GRE_SIZE_IN, V6D_SYM_GRE_SIZE_OUT,
		    ret->cause == V6D_CAUSE_OUTER_MTU &&
			    is_bad(s, V6D_SYM_GRE_ICMP_MTU)
			? "out"
			: "unknown");
	else if (ret->cause == V6D_CAUSE_GRE_BLOCKED ||
		 ret->cause == V6D_CAUSE_GRE_BLOCKED_LOCAL)
		d = direction_of_blocked(s);
	else if (ret->cause == V6D_CAUSE_GRE_FRAGMENTS)
		d = direction_of_fragments(s);
	else if (ret->cause == V6D_CAUSE_GRE_LOSS)
		d = direction_of_loss(s);
	else if (ret->cause == V6D_CAUSE_POLICER)
		d = direction_of_rate(s);
	else if (ret->cause == V6D_CAUSE_GRE_BLOCKED_FIRST_HOP ||
		 ret->cause == V6D_CAUSE_PATH_MTU_BLACKHOLE_OUT ||
		 ret->cause == V6D_CAUSE_PTB_FILTERED_LOCAL)
		d = "out";
	else if (ret->cause == V6D_CAUSE_NAPT_NO_HELPER ||
		 ret->cause == V6D_CAUSE_PATH_MTU_BLACKHOLE_IN ||
		 ret->cause == V6D_CAUSE_GRE_IDLE_TIMEOUT)
		d = "in";
	ret->direction = d;
}

/* Between which routers large packets vanish on the way to the target. */
static void
fill_hops(const struct v6d_facts *f, struct v6d_finding *ret)
{
	const struct v6d_obs *last = v6d_facts_last(f, V6D_FACT_V6_HOP_LAST);
	const struct v6d_obs *next = v6d_facts_last(f, V6D_FACT_V6_HOP_NEXT);

	if (last)
		snprintf(ret->after, sizeof(ret->after), "%s", last->subject);
	if (next)
		snprintf(ret->before, sizeof(ret->before), "%s", next->subject);
}

static void
fill_control_hops(const struct v6d_facts *f, struct v6d_finding *ret)
{
	const struct v6d_obs *last =
	    v6d_facts_last(f, V6D_FACT_CONTROL_HOP_LAST);
	const struct v6d_obs *next =
	    v6d_facts_last(f, V6D_FACT_CONTROL_HOP_NEXT);

	if (last)
		snprintf(ret->after, sizeof(ret->after), "%s", last->subject);
	if (next && ret->cause == V6D_CAUSE_CONTROL_BLOCKED)
		snprintf(ret->before, sizeof(ret->before), "%s", next->subject);
}

/* The router that said so, where one did. */
static void
fill_where(const struct v6d_symptoms *s, struct v6d_finding *ret)
{
	const struct v6d_obs *lan = s->from[V6D_SYM_LAN_ADDR];
	const struct v6d_obs *router = NULL;

	if (ret->cause == V6D_CAUSE_GRE_BLOCKED_FIRST_HOP ||
	    ret->cause == V6D_CAUSE_GRE_BLOCKED)
		router = s->from[V6D_SYM_GRE_ICMP];
	else if (ret->cause == V6D_CAUSE_CONTROL_BLOCKED ||
		 ret->cause == V6D_CAUSE_SERVER_UNREACHABLE)
		router = s->from[V6D_SYM_CONTROL_ICMP];
	else if (ret->cause == V6D_CAUSE_OUTER_MTU)
		router = s->from[V6D_SYM_GRE_ICMP_MTU];
	if (router)
		snprintf(
		    ret->before, sizeof(ret->before), "%s", router->subject);
	if ((ret->cause == V6D_CAUSE_CONTROL_BLOCKED ||
		ret->cause == V6D_CAUSE_SERVER_UNREACHABLE) &&
	    s->facts && !router)
		fill_control_hops(s->facts, ret);
	if (ret->cause == V6D_CAUSE_PATH_MTU_BLACKHOLE_OUT && s->facts)
		fill_hops(s->facts, ret);
	if (lan && (router || v6d_cause_layer(ret->cause) == V6D_LAYER_GRE))
		snprintf(ret->after, sizeof(ret->after), "%s", lan->subject);
}

void
v6d_finding_list(struct v6d_mask mask, unsigned *ret_n, enum v6d_symptom *ret)
{
	unsigned n = 0;

	for (unsigned i = 0; i < V6D_N_SYMPTOMS && n < V6D_DIAG_EVIDENCE; i++)
		if (v6d_mask_has(mask, i))
			ret[n++] = (enum v6d_symptom)i;
	*ret_n = n;
}

void
v6d_finding_fill(const struct v6d_symptoms *s, struct v6d_mask symptoms,
    struct v6d_finding *ret)
{
	const struct v6d_rule *r = v6d_rule_of(ret->cause);
	struct v6d_mask shows =
	    v6d_mask_and(v6d_terms_mask(r->shows, s), symptoms);
	struct v6d_mask leads =
	    v6d_mask_and(v6d_mask_or(v6d_terms_mask(r->leads, s),
			     v6d_terms_mask(r->and_leads, s)),
		symptoms);

	ret->severity = v6d_cause_severity(ret->cause, s);
	ret->overhead = s->facts ? (unsigned)v6d_overhead_of(s->facts) : 0;
	/* nothing of its own was seen: what follows from it is all there is */
	if (!v6d_mask_any(shows))
		shows = leads;
	v6d_finding_list(shows, &ret->n_evidence, ret->evidence);
	v6d_finding_list(v6d_mask_minus(leads, shows), &ret->n_consequences,
	    ret->consequences);
	fill_value(s, ret);
	if (ret->cause == V6D_CAUSE_GRE_SIZE_LIMIT) {
		fill_second_limit(s, ret);
		fill_passed(s, ret);
	}
	if (ret->cause == V6D_CAUSE_POLICER)
		fill_queue(s, ret);
	fill_word(s, ret);
	fill_direction(s, ret);
	fill_where(s, ret);
}
