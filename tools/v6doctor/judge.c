/* SPDX-License-Identifier: GPL-2.0-or-later */
/* judge.c - what a capture can show, and what follows from it. */
#include "judge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "diag/witness.h"
#include "io/input.h"
#include "trace/file.h"

#define REPORT_MAX (64u << 20) /* bytes of a saved report */
#define SNIFF 48 /* bytes that tell a report */

/* ---- a saved report ---- */

static int
load(const char *path, const uint8_t *p, size_t n, struct v6d_judgement *j)
{
	char why[V6D_CAPTURE_MESSAGE];
	size_t len = 0;
	char *text =
	    v6d_trace_file_read(p, n, &len, j->message, sizeof(j->message));

	if (!text)
		return -ENOMEM;
	j->damaged = j->message[0] != '\0';
	j->trace = v6d_trace_read(text, len, why, sizeof(why));
	free(text);
	if (!j->trace && !j->damaged)
		memcpy(j->message, why, sizeof(j->message));
	if (!j->trace)
		return -EBADMSG;
	if (!j->trace->whole && !j->damaged) {
		j->damaged = true;
		memcpy(j->message, why, sizeof(j->message));
	}
	j->report = v6d_load(
	    j->trace, V6D_VERSION, strcmp(path, "-") == 0 ? NULL : path);
	return j->report ? 0 : -ENOMEM;
}

static int
read_report(const char *path, FILE *f, struct v6d_judgement *j)
{
	uint8_t *p;
	size_t n;
	int err = v6d_input_all(f, REPORT_MAX, &p, &n);

	v6d_input_close(f);
	if (err == -EFBIG)
		snprintf(j->message, sizeof(j->message),
		    "it is larger than any report");
	if (err)
		return err == -EFBIG ? -EBADMSG : err;
	err = load(path, p, n, j);
	free(p);
	return err;
}

/* ---- a capture ---- */

static int
feed(FILE *f, struct v6d_judgement *j)
{
	struct v6d_captured p = { 0 };
	struct v6d_capture *c;
	bool readable = false;
	v6d_ns last = 0;
	int r = v6d_capture_of(f, &c, j->message, sizeof(j->message));

	if (r)
		return r;
	while (
	    (r = v6d_capture_next(c, &p, j->message, sizeof(j->message))) > 0) {
		v6d_flow_packet(
		    j->flow, p.linktype, p.bytes, p.caplen, p.wirelen, p.at);
		readable = readable || v6d_link_known(p.linktype);
		if (p.at > last)
			last = p.at;
	}
	j->damaged = r < 0;
	v6d_capture_close(c);
	if (!readable && !j->damaged && v6d_flow_totals(j->flow)->packets > 0)
		return v6d_capture_unknown_link(
		    p.linktype, j->message, sizeof(j->message));
	v6d_flow_end(j->flow, last);
	return 0;
}

/* ---- what this capture can show of a session ---- */

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

static bool
cut_short(const struct v6d_view *v)
{
	return v->gre[V6D_DIR_OUT].cut + v->gre[V6D_DIR_IN].cut > 0;
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
	cannot(s, V6D_STAGE_DNS, "names are not looked at in captures");
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
				  : "no big transfer in the capture");
}

/* What a short capture cut away might be a fault: that is not healthy. */
static void
judge_cut(struct v6d_judged *s)
{
	const struct v6d_view *v = s->view;

	uint64_t unread =
	    v->inner.unread[V6D_DIR_OUT] + v->inner.unread[V6D_DIR_IN];
	bool ra_cut = v->ra.n > 0 && v->ra.err == V6D_WIRE_TRUNCATED;

	if (s->diagnosis.verdict != V6D_VERDICT_HEALTHY || v->ppp.opaque ||
	    (unread == 0 && !ra_cut))
		return;
	s->scope.cut = true;
	cannot(&s->scope, V6D_STAGE_MTU,
	    "the capture cut packets short; \"tcpdump -s 0\" keeps them "
	    "whole");
	v6d_diagnose(&s->facts, &s->scope, &s->diagnosis);
}

static struct v6d_judged *
judge_one(const struct v6d_view *v)
{
	static const struct v6d_witness_how how = { .live = false };
	struct v6d_judged *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->view = v;
	v6d_facts_init(&s->facts, s->obs, V6D_JUDGE_FACTS);
	s->facts.source = "capture";
	v6d_witness(v, &how, &s->facts);
	scope_of(v, &s->facts, &s->scope);
	v6d_diagnose(&s->facts, &s->scope, &s->diagnosis);
	judge_cut(s);
	return s;
}

/* How much a verdict asks for attention. */
static int
weight(enum v6d_verdict v)
{
	switch (v) {
	case V6D_VERDICT_FAULTY:
		return 3;
	case V6D_VERDICT_DEGRADED:
		return 2;
	case V6D_VERDICT_UNDETERMINED:
		return 1;
	case V6D_VERDICT_HEALTHY:
		return 0;
	}
	return 0;
}

/* Keeps the worst first, and in order of time among equals. */
static void
insert(struct v6d_judgement *j, struct v6d_judged *s)
{
	size_t at = j->n;
	int mine = weight(s->diagnosis.verdict);

	while (
	    at > 0 && weight(j->sessions[at - 1]->diagnosis.verdict) < mine) {
		j->sessions[at] = j->sessions[at - 1];
		at--;
	}
	j->sessions[at] = s;
	j->n++;
}

static int
read_capture(FILE *f, struct v6d_judgement *j)
{
	int r;

	j->flow = malloc(v6d_flow_size(V6D_JUDGE_TUNNELS));
	if (!j->flow) {
		v6d_input_close(f);
		return -ENOMEM;
	}
	v6d_flow_init(j->flow, V6D_JUDGE_TUNNELS);
	r = feed(f, j);
	if (r)
		return r;
	for (size_t i = 0; i < v6d_flow_n(j->flow); i++) {
		const struct v6d_view *v = v6d_flow_view(j->flow, i);
		struct v6d_judged *s;

		if (!v6d_witness_is_session(v))
			continue;
		s = judge_one(v);
		if (!s)
			return -ENOMEM;
		insert(j, s);
	}
	return 0;
}

int
v6d_judge_file(const char *path, struct v6d_judgement *j)
{
	uint8_t first[SNIFF];
	FILE *f;
	size_t n;

	memset(j, 0, sizeof(*j));
	f = v6d_input_open(path);
	if (!f)
		return -errno;
	n = v6d_input_peek(f, first, sizeof(first));
	return v6d_trace_file_is(first, n) ? read_report(path, f, j)
					   : read_capture(f, j);
}

void
v6d_judgement_done(struct v6d_judgement *j)
{
	v6d_loaded_free(j->report);
	v6d_trace_free(j->trace);
	j->report = NULL;
	j->trace = NULL;
	for (size_t i = 0; i < j->n; i++)
		free(j->sessions[i]);
	free(j->flow);
	j->n = 0;
	j->flow = NULL;
}

const struct v6d_diagnosis *
v6d_judgement_diagnosis(const struct v6d_judgement *j)
{
	if (j->report)
		return &j->report->diagnosis;
	return j->n > 0 ? &j->sessions[0]->diagnosis : NULL;
}

void
v6d_judgement_times(const struct v6d_judgement *j, struct v6d_report *r)
{
	const struct v6d_flow_totals *t = v6d_flow_totals(j->flow);

	if (t->packets == 0)
		return;
	r->started_unix_ms = (int64_t)(t->first / V6D_MS(1));
	r->duration_ms = (unsigned)((t->last - t->first) / V6D_MS(1));
}

void
v6d_judgement_report(
    const struct v6d_judgement *j, const char *name, struct v6d_report *ret)
{
	const struct v6d_judged *worst = j->sessions[0];

	*ret = (struct v6d_report){ .version = V6D_VERSION,
		.source_kind = "capture",
		.source_name = name,
		.facts = &worst->facts,
		.diagnosis = &worst->diagnosis,
		.scope = &worst->scope };
	v6d_addr_text(&worst->view->client, ret->client, sizeof(ret->client));
	v6d_addr_text(&worst->view->server, ret->server, sizeof(ret->server));
	v6d_judgement_times(j, ret);
}

enum v6d_verdict
v6d_judgement_verdict(const struct v6d_judgement *j)
{
	const struct v6d_diagnosis *d = v6d_judgement_diagnosis(j);

	return d ? d->verdict : V6D_VERDICT_UNDETERMINED;
}
