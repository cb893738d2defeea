/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * story_outer.c - the outside of a tunnel: TCP, control messages (RFC 2637),
 * GRE and the ICMP errors about them.
 */
#include "proto/pptp.h"
#include "report/story.h"

#define GAPS_TOLD 4 /* losses that are told one by one */
#define SILENT_MIN 3 /* frames without any answer */

static enum v6d_dir
other(enum v6d_dir d)
{
	return d == V6D_DIR_OUT ? V6D_DIR_IN : V6D_DIR_OUT;
}

/* ---- TCP ---- */

static void
tcp_begin(struct v6d_story *s)
{
	const struct v6d_view *v = s->v;
	const struct v6d_view_tcp *c = &v->tcp;
	struct v6d_text t;

	if (v->gre_only || c->midway) {
		t = v6d_story_add(s, v->first, V6D_EVENT_STATE, V6D_DIR_OUT);
		v6d_text_say(&t,
		    v->gre_only ? N_("GRE without its control connection")
				: N_("the control connection stood before the "
				     "capture"));
	}
	if (c->syn != V6D_NEVER) {
		t = v6d_story_add(s, c->syn, V6D_EVENT_SENT, V6D_DIR_OUT);
		v6d_text_say(&t, "TCP SYN to port 1723");
		if (c->n_syn > 1)
			v6d_text_say(&t, ", %u times", c->n_syn);
		if (c->synack == V6D_NEVER && c->rst[V6D_DIR_IN] == V6D_NEVER)
			v6d_story_silence(s, c->syn, V6D_DIR_IN);
	}
	if (c->synack != V6D_NEVER) {
		t = v6d_story_add(s, c->synack, V6D_EVENT_SENT, V6D_DIR_IN);
		v6d_text_add(&t, "TCP SYN, ACK");
	}
}

static void
tcp_end(struct v6d_story *s, enum v6d_dir d)
{
	const struct v6d_view_tcp *c = &s->v->tcp;
	struct v6d_text t;

	if (c->fin[d] != V6D_NEVER) {
		t = v6d_story_add(s, c->fin[d], V6D_EVENT_SENT, d);
		v6d_text_say(&t, "TCP FIN: the control connection ends");
	}
	if (c->rst[d] != V6D_NEVER) {
		t = v6d_story_add(s, c->rst[d], V6D_EVENT_SENT, d);
		v6d_text_say(&t, "TCP RST: refused or broken off");
	}
	if (c->unacked[d] && c->n_again[d] > 0 &&
	    c->rst[other(d)] == V6D_NEVER) {
		t = v6d_story_add(s, s->v->last, V6D_EVENT_LOST, d);
		v6d_text_say(&t,
		    "control data that the other end never acknowledged "
		    "(sent again: %u)",
		    c->n_again[d]);
	}
}

/* ---- control messages ---- */

static bool
has_result(unsigned type)
{
	return type == V6D_PPTP_SCCRP || type == V6D_PPTP_STOPCCRQ ||
	       type == V6D_PPTP_OCRP || type == V6D_PPTP_CDN;
}

/* Only what went wrong, or ended something, needs its code in words. */
static void
say_result(struct v6d_text *t, unsigned type, const struct v6d_view_msg *m)
{
	bool good =
	    m->result == 1 && (type == V6D_PPTP_SCCRP || type == V6D_PPTP_OCRP);

	if (!has_result(type) || good)
		return;
	v6d_text_add(t, ": %s",
	    v6d_lang_get(
		t->lang, v6d_pptp_result_text((uint16_t)type, m->result)));
	if (m->error > 0)
		v6d_text_add(t, ", %s",
		    v6d_lang_get(t->lang, v6d_pptp_error_text(m->error)));
}

static void
say_name(struct v6d_text *t, const uint8_t *name)
{
	if (!name)
		return;
	v6d_text_add(t, " \"");
	v6d_text_add_foreign(t, name, V6D_VIEW_TEXT);
	v6d_text_add(t, "\"");
}

static void
message(struct v6d_story *s, enum v6d_dir d, unsigned type)
{
	const struct v6d_view_control *c = &s->v->control;
	const struct v6d_view_msg *m = v6d_view_msg(c, d, type);
	struct v6d_text t;

	if (m->n == 0)
		return;
	t = v6d_story_add(s, m->first, V6D_EVENT_SENT, d);
	if (type == 0)
		v6d_text_say(&t, "a control message of no known type");
	else
		v6d_text_add(&t, "%s", v6d_pptp_type_name((uint16_t)type));
	say_result(&t, type, m);
	if (type == V6D_PPTP_SCCRP && m->result == 1) {
		say_name(&t, c->host);
		say_name(&t, c->vendor);
	}
	if (type == V6D_PPTP_OCRP && c->call_up != V6D_NEVER)
		v6d_text_say(&t, ": call %u to the server, %u to the client",
		    c->call_id[V6D_DIR_OUT], c->call_id[V6D_DIR_IN]);
	v6d_story_times(s, &t, m->n, m->last);
}

static void
unanswered(
    struct v6d_story *s, enum v6d_pptp_type ask, enum v6d_pptp_type reply)
{
	const struct v6d_view_control *c = &s->v->control;
	const struct v6d_view_msg *m = v6d_view_msg(c, V6D_DIR_OUT, ask);

	if (m->n > 0 && v6d_view_msg(c, V6D_DIR_IN, reply)->n == 0)
		v6d_story_silence(s, m->first, V6D_DIR_IN);
}

static void
control(struct v6d_story *s, enum v6d_dir d)
{
	const struct v6d_view_control *c = &s->v->control;
	struct v6d_text t;

	for (unsigned type = 0; type < V6D_VIEW_MSGS; type++)
		message(s, d, type);
	if (c->not_pptp[d]) {
		t = v6d_story_add(s, c->not_pptp_at[d], V6D_EVENT_SENT, d);
		v6d_text_say(&t, "this is no PPTP");
		say_name(&t, d == V6D_DIR_IN ? c->not_pptp_text : NULL);
	}
	if (c->n_echo_lost[d] > 0) {
		const struct v6d_view_msg *m =
		    v6d_view_msg(c, d, V6D_PPTP_ECHORQ);

		t = v6d_story_add(s, m->last, V6D_EVENT_MISSING, other(d));
		v6d_text_say(&t, "Echo-Requests without reply: %u of %u",
		    c->n_echo_lost[d], m->n);
	}
}

/* ---- GRE ---- */

static void
gre_frames(struct v6d_story *s, enum v6d_dir d)
{
	const struct v6d_view_gre *g = &s->v->gre[d];
	const struct v6d_view_gre *back = &s->v->gre[other(d)];
	struct v6d_text t;

	if (g->first == V6D_NEVER)
		return;
	t = v6d_story_add(s, g->first, V6D_EVENT_SENT, d);
	v6d_text_say(&t, "GRE, frames: %llu until %.3f s, largest: %u bytes",
	    (unsigned long long)g->frames,
	    (double)(g->last - s->v->begin) / 1e9, g->largest);
	if (back->frames + back->acks == 0)
		v6d_story_silence(s, g->first, other(d));
	else if (back->n_since == 0 && g->n_since >= SILENT_MIN &&
		 s->v->end > g->since + V6D_S(5)) {
		t = v6d_story_add(s, g->since, V6D_EVENT_MISSING, other(d));
		v6d_text_say(&t,
		    "no GRE comes back any more: %u frames without answer, "
		    "after a pause of %.0f s",
		    g->n_since, (double)g->idle_before / 1e9);
	}
}

static void
gre_losses(struct v6d_story *s, enum v6d_dir d)
{
	const struct v6d_view_gre *g = &s->v->gre[d];
	const struct v6d_view_odd *o = v6d_view_odd(g);
	struct v6d_text t;
	unsigned told = 0;

	for (unsigned i = 0; i < o->n_gap; i++) {
		if (o->gap[i].n == 0)
			continue;
		t = v6d_story_add(s, o->gap[i].to, V6D_EVENT_LOST, d);
		if (told++ < GAPS_TOLD) {
			v6d_text_say(&t,
			    "GRE frames lost: %u (from number %u on)",
			    o->gap[i].n, o->gap[i].first);
			continue;
		}
		v6d_text_say(&t,
		    "and so on: GRE frames lost in all: %llu, at %llu times",
		    (unsigned long long)o->gaps,
		    (unsigned long long)g->gap_events);
		return;
	}
}

/* Sizes that got through and sizes that did not. */
static void
gre_sizes(struct v6d_story *s, enum v6d_dir d)
{
	const struct v6d_view_gre *g = &s->v->gre[d];
	const struct v6d_view_size *least = NULL, *most = NULL;
	struct v6d_text t;

	for (unsigned i = 0; i < g->n_sizes; i++) {
		const struct v6d_view_size *k = &g->sizes[i];

		if (k->acked > 0)
			most = k;
		else if (k->silent > 1 && !least)
			least = k;
	}
	if (!least || (most && most->len > least->len))
		return;
	t = v6d_story_add(s, g->last, V6D_EVENT_LOST, d);
	v6d_text_say(&t,
	    "frames of %u bytes and more were never acknowledged; of %u and "
	    "less they were",
	    least->len, most ? most->len : 0);
}

static void
gre_oddities(struct v6d_story *s, enum v6d_dir d)
{
	const struct v6d_view_gre *g = &s->v->gre[d];
	const struct v6d_view_odd *o = v6d_view_odd(g);
	struct v6d_text t;

	if (o->lone_frags > 0) {
		t = v6d_story_add(s, g->last, V6D_EVENT_LOST, d);
		v6d_text_say(&t, "first fragments whose rest never came: %llu",
		    (unsigned long long)o->lone_frags);
	}
	if (o->late + o->duplicates > 0) {
		t = v6d_story_add(s, g->last, V6D_EVENT_STATE, d);
		v6d_text_say(&t, "GRE frames out of order: %llu, twice: %llu",
		    (unsigned long long)o->late,
		    (unsigned long long)o->duplicates);
	}
	if (o->foreign > 0) {
		t = v6d_story_add(s, g->last, V6D_EVENT_SENT, d);
		v6d_text_say(&t, "GRE of another call (%u): %llu packets",
		    o->foreign_id, (unsigned long long)o->foreign);
	}
}

/* ---- ICMP ---- */

static const char *
unreachable(uint8_t code)
{
	switch (code) {
	case 0:
		return N_("network unreachable");
	case 1:
		return N_("host unreachable");
	case 2:
		return N_("protocol unreachable");
	case 3:
		return N_("port unreachable");
	case 4:
		return N_("too big, and not to be fragmented");
	case 9:
	case 10:
	case 13:
		return N_("forbidden by a filter");
	default:
		return N_("unreachable");
	}
}

static void
icmp(struct v6d_story *s, const struct v6d_view_icmp *m)
{
	char from[V6D_ADDR_TEXT];
	struct v6d_text t =
	    v6d_story_add(s, m->first, V6D_EVENT_SENT, other(m->dir));

	v6d_text_say(&t, "ICMP from %s about %s: ",
	    v6d_addr_text(&m->from, from, sizeof(from)),
	    m->gre ? "GRE" : "TCP");
	if (m->type == 3)
		v6d_text_add(
		    &t, "%s", v6d_lang_get(t.lang, unreachable(m->code)));
	else
		v6d_text_say(&t, "type %u, code %u", m->type, m->code);
	if (m->mtu > 0)
		v6d_text_say(&t, ", MTU %u", m->mtu);
	if (m->n > 1)
		v6d_text_say(&t, ", %u times", m->n);
}

void
v6d_story_outer(struct v6d_story *s)
{
	tcp_begin(s);
	for (int i = 0; i < V6D_N_DIRS; i++) {
		enum v6d_dir d = i ? V6D_DIR_IN : V6D_DIR_OUT;

		control(s, d);
		gre_frames(s, d);
		gre_losses(s, d);
		gre_sizes(s, d);
		gre_oddities(s, d);
		tcp_end(s, d);
	}
	unanswered(s, V6D_PPTP_SCCRQ, V6D_PPTP_SCCRP);
	unanswered(s, V6D_PPTP_OCRQ, V6D_PPTP_OCRP);
	for (unsigned i = 0; i < s->v->n_icmp; i++)
		icmp(s, &s->v->icmp[i]);
}
