/* SPDX-License-Identifier: GPL-2.0-or-later */
/* judge.c - what a capture can show, and what follows from it. */
#include "judge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "cmd.h"
#include "diag/witness.h"
#include "io/input.h"
#include "merge.h"
#include "trace/file.h"

#define REPORT_MAX (64u << 20) /* bytes of a saved report */
#define SNIFF 48 /* bytes that tell a report */
#define BLOCK (256u << 10) /* bytes of memory taken at a time, at least */
/* Where there are many tunnels: memory in pages of this size, of which the
   processor has the places of all at hand. */
#define HUGE_PAGE (2u << 20)
#define HUGE_FROM (4u << 20) /* bytes that were taken before */
#define PACKETS 256 /* of a capture at a time, at most */
#define MEMORY (1u << 30) /* bytes at most for the tunnels of a capture */
#define PASSES (1u << 20) /* packets of a place that are compared */

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
		    N_("it is larger than any report"));
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
	struct v6d_captured p[PACKETS];
	struct v6d_capture *c;
	uint32_t linktype = 0;
	bool readable = false;
	v6d_ns last = 0;
	int r = v6d_capture_of(f, &c, j->message, sizeof(j->message));

	if (r)
		return r;
	while ((r = v6d_capture_some(
		    c, p, PACKETS, j->message, sizeof(j->message))) > 0) {
		v6d_flow_packets(j->flow, p, (size_t)r);
		for (int i = 0; i < r; i++) {
			linktype = p[i].linktype;
			readable = readable || v6d_link_known(linktype);
			if (p[i].at > last)
				last = p[i].at;
		}
	}
	j->damaged = r < 0;
	v6d_capture_close(c);
	if (!readable && !j->damaged && v6d_flow_totals(j->flow)->packets > 0)
		return v6d_capture_unknown_link(
		    linktype, j->message, sizeof(j->message));
	v6d_flow_end(j->flow, last);
	return 0;
}

/* ---- memory for its tunnels ---- */

struct v6d_judge_block {
	struct v6d_judge_block *next;
	max_align_t bytes[];
};

static void *
more(void *arg, size_t n, size_t *ret_n)
{
	struct v6d_judgement *j = arg;
	struct v6d_judge_block *b = NULL;
	size_t size = sizeof(*b) + (n > BLOCK ? n : BLOCK);
	bool huge = j->memory >= HUGE_FROM;

	if (huge)
		size = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
	if (size <= MEMORY - j->memory)
		b = huge ? aligned_alloc(HUGE_PAGE, size) : malloc(size);
	if (!b)
		return NULL;
	if (huge)
		madvise(b, size, MADV_HUGEPAGE); /* or small pages */
	b->next = j->blocks;
	j->blocks = b;
	j->memory += size;
	*ret_n = size - sizeof(*b);
	return b->bytes;
}

static void
free_blocks(struct v6d_judgement *j)
{
	while (j->blocks) {
		struct v6d_judge_block *b = j->blocks;

		j->blocks = b->next;
		free(b);
	}
}

/* ---- its sessions ---- */

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

/* The worst first, and in order of time among equals. */
static int
by_weight(const void *a, const void *b)
{
	const struct v6d_session *x = a, *y = b;
	int d = weight(y->verdict) - weight(x->verdict);

	return d != 0 ? d : (x->number > y->number) - (x->number < y->number);
}

static void
note(struct v6d_judgement *j, size_t view, const struct v6d_judged *s)
{
	struct v6d_session *k = &j->sessions[j->n++];

	k->view = (uint32_t)view;
	k->number = (uint32_t)j->n;
	k->verdict = s->diagnosis.verdict;
	memcpy(k->code, s->diagnosis.code, sizeof(k->code));
}

/* Each session by itself; of all but the chosen one only the verdict stays. */
static int
judge_all(struct v6d_judgement *j)
{
	size_t n = v6d_flow_n(j->flow);

	j->chosen = malloc(sizeof(*j->chosen));
	j->sessions = malloc((n + 1) * sizeof(*j->sessions));
	if (!j->chosen || !j->sessions)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const struct v6d_view *v = v6d_flow_view(j->flow, i);

		if (!v6d_witness_is_session(v))
			continue;
		v6d_judge_view(v, j->chosen);
		note(j, i, j->chosen);
	}
	qsort(j->sessions, j->n, sizeof(*j->sessions), by_weight);
	if (j->n > 0)
		v6d_judge_choose(j, j->sessions[0].number);
	return 0;
}

static bool
make_flow(struct v6d_judgement *j)
{
	j->flow = malloc(v6d_flow_size(0));
	if (!j->flow)
		return false;
	v6d_flow_init(j->flow, 0);
	v6d_flow_grows(j->flow, V6D_JUDGE_TUNNELS, more, j);
	return true;
}

static int
read_capture(FILE *f, struct v6d_judgement *j)
{
	int r;

	if (!make_flow(j)) {
		v6d_input_close(f);
		return -ENOMEM;
	}
	r = feed(f, j);
	return r ? r : judge_all(j);
}

/* ---- several of one place ---- */

static void
note_pass(void *arg, const struct v6d_pass *pass)
{
	struct v6d_passed *p = arg;
	struct v6d_trail *t = &p->trail;

	if (t->n == p->cap) {
		size_t cap = p->cap ? 2 * p->cap : 1024;
		struct v6d_pass *all = NULL;

		if (cap <= PASSES)
			all = realloc(t->p, cap * sizeof(*all));
		if (!all) {
			p->n_left_out++;
			return;
		}
		t->p = all;
		p->cap = cap;
	}
	t->p[t->n++] = *pass;
	t->last = pass->at;
}

/* Whose ways turned out to be the other way round at the end. */
static void
turn(const struct v6d_flow *f, struct v6d_trail *t)
{
	for (size_t i = 0; i < t->n; i++)
		t->p[i].dir ^= v6d_flow_view(f, t->p[i].tunnel)->turned;
}

static void
finish_passed(const struct v6d_flow *f, struct v6d_passed *p)
{
	const struct v6d_flow_totals *all = v6d_flow_totals(f);

	p->trail.first = all->first;
	/* what was not kept was not looked at */
	if (p->n_left_out == 0)
		p->trail.last = all->last;
	turn(f, &p->trail);
	v6d_trail_sort(&p->trail);
}

void
v6d_passed_done(struct v6d_passed *p)
{
	free(p->trail.p);
	*p = (struct v6d_passed){ 0 };
}

static int
feed_merged(struct v6d_merge *m, struct v6d_judgement *j)
{
	uint32_t linktype = 0;
	bool readable = false;
	v6d_ns last = 0;
	struct v6d_captured p;

	while (v6d_merge_next(m, &p) > 0) {
		v6d_flow_packets(j->flow, &p, 1);
		linktype = p.linktype;
		readable = readable || v6d_link_known(linktype);
		if (p.at > last)
			last = p.at;
	}
	snprintf(j->message, sizeof(j->message), "%s", v6d_merge_damage(m));
	j->damaged = j->message[0] != '\0';
	if (!readable && !j->damaged && v6d_flow_totals(j->flow)->packets > 0)
		return v6d_capture_unknown_link(
		    linktype, j->message, sizeof(j->message));
	v6d_flow_end(j->flow, last);
	return 0;
}

int
v6d_judge_captures(const char *const *paths, size_t n,
    struct v6d_passed *passed, struct v6d_judgement *j)
{
	struct v6d_merge *m;
	int r;

	memset(j, 0, sizeof(*j));
	if (passed)
		*passed = (struct v6d_passed){ 0 };
	r = v6d_merge_open(paths, n, &m, j->message, sizeof(j->message));
	if (r)
		return r;
	if (!make_flow(j)) {
		v6d_merge_close(m);
		return -ENOMEM;
	}
	if (passed)
		v6d_flow_watch(j->flow, note_pass, passed);
	r = feed_merged(m, j);
	v6d_merge_close(m);
	if (r == 0 && passed)
		finish_passed(j->flow, passed);
	return r ? r : judge_all(j);
}

bool
v6d_judge_choose(struct v6d_judgement *j, size_t number)
{
	for (size_t i = 0; i < j->n; i++) {
		if (j->sessions[i].number != number)
			continue;
		j->number = number;
		v6d_judge_view(
		    v6d_flow_view(j->flow, j->sessions[i].view), j->chosen);
		return true;
	}
	return false;
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
	free(j->sessions);
	free(j->chosen);
	free(j->flow);
	free_blocks(j);
	*j = (struct v6d_judgement){ 0 };
}

const struct v6d_diagnosis *
v6d_judgement_diagnosis(const struct v6d_judgement *j)
{
	if (j->report)
		return &j->report->diagnosis;
	return j->n > 0 ? &j->chosen->diagnosis : NULL;
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
	const struct v6d_judged *s = j->chosen;

	*ret = (struct v6d_report){ .version = V6D_VERSION,
		.source_kind = "capture",
		.source_name = name,
		.facts = &s->facts,
		.diagnosis = &s->diagnosis,
		.scope = &s->scope,
		.view = s->view,
		.tunnel = j->number,
		.n_in_capture = j->n,
		.n_left_out = v6d_flow_totals(j->flow)->tunnels_dropped };
	v6d_addr_text(&s->view->client, ret->client, sizeof(ret->client));
	v6d_addr_text(&s->view->server, ret->server, sizeof(ret->server));
	v6d_witness_position(s->view, &ret->position);
	v6d_judgement_times(j, ret);
}

enum v6d_verdict
v6d_judgement_verdict(const struct v6d_judgement *j)
{
	const struct v6d_diagnosis *d = v6d_judgement_diagnosis(j);

	return d ? d->verdict : V6D_VERDICT_UNDETERMINED;
}
