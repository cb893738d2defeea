/* SPDX-License-Identifier: GPL-2.0-or-later */
/* between.c - what several captures of one session tell together. */
#include "report/between.h"

#include <string.h>

/* Of a clock: less than this is none that anybody would look for. */
#define SAME_CLOCK_US 1000

/* ---- clocks ---- */

static void
say_clock(struct v6d_text *t, const struct v6d_report_between *b)
{
	const struct v6d_between *s = &b->seen;
	int64_t us = (s->ahead_min / 2 + s->ahead_max / 2) / 1000;
	int64_t doubt = (s->ahead_max - s->ahead_min) / 2000;
	int64_t off = us < 0 ? -us : us;

	if (!s->clock_known)
		v6d_text_say(t,
		    "Whether their clocks agree is not known: packets of one "
		    "way only are in both.");
	else if (s->drifts)
		v6d_text_say(t,
		    "One of their clocks runs faster or was set meanwhile: "
		    "they differ by %.3f s, give or take %.3f s.",
		    (double)off / 1e6, (double)doubt / 1e6);
	else if (off <= doubt || off < SAME_CLOCK_US)
		v6d_text_say(t,
		    "Their clocks agree, as far as packets tell: within "
		    "%.3f s.",
		    (double)(off + doubt) / 1e6);
	else
		v6d_text_say(t,
		    "The clock of %s is ahead by %.3f s, give or take %.3f s; "
		    "that is allowed for.",
		    us > 0 ? b->far_name : b->near_name, (double)off / 1e6,
		    (double)doubt / 1e6);
}

/* ---- what was lost ---- */

/* What a way is called, by what it carries. */
static const char *const ways[V6D_PASS_KINDS][V6D_N_DIRS] = {
	{ N_("Control connection, towards the server"),
	    N_("Control connection, towards the client") },
	{ N_("GRE, towards the server"), N_("GRE, towards the client") },
};

/* Which of them are lost: size tells, or it does not. */
static void
say_sizes(struct v6d_text *t, const struct v6d_crossing *w)
{
	if (w->lost == w->sent)
		return;
	v6d_text_add(t, " ");
	if (w->smallest_lost > w->largest_passed)
		v6d_text_say(t,
		    "All of %u bytes and more were lost, all of up to %u "
		    "bytes passed.",
		    w->smallest_lost, w->largest_passed);
	else
		v6d_text_say(t,
		    "Lost are sizes of %u to %u bytes; the largest that "
		    "passed has %u.",
		    w->smallest_lost, w->largest_lost, w->largest_passed);
}

static void
say_way(struct v6d_text *t, const struct v6d_crossing *w, unsigned kind,
    unsigned dir)
{
	const char *way = v6d_lang_get(t->lang, ways[kind][dir]);

	if (w->lost == 0)
		v6d_text_say(
		    t, "%s: %u of %u packets arrived.", way, w->sent, w->sent);
	else if (w->lost == w->sent)
		v6d_text_say(t,
		    "%s: none of %u packets arrived: they are lost between "
		    "these two places.",
		    way, w->sent);
	else
		v6d_text_say(t,
		    "%s: %u of %u packets are lost between these two places.",
		    way, w->lost, w->sent);
	if (w->lost > 0 && kind == V6D_PASS_GRE)
		say_sizes(t, w);
}

static unsigned
strays(const struct v6d_between *s)
{
	unsigned n = 0;

	for (int k = 0; k < V6D_PASS_KINDS; k++)
		for (int d = 0; d < V6D_N_DIRS; d++)
			n += s->way[k][d].stray;
	return n;
}

static unsigned
strangers(const struct v6d_between *s)
{
	return s->way[V6D_PASS_GRE][V6D_DIR_OUT].stranger +
	       s->way[V6D_PASS_GRE][V6D_DIR_IN].stranger;
}

/* One after the other; those that have nothing to say are passed over. */
static bool
say_remark(struct v6d_text *t, const struct v6d_report_between *b, unsigned i)
{
	unsigned n = 0;
	size_t before = t->len;

	if (strays(&b->seen) > 0 && i == n++)
		v6d_text_say(t,
		    "%u packets came out and are not in the capture before: "
		    "captures did not record all that passed, so a part of "
		    "what is counted as lost may be theirs.",
		    strays(&b->seen));
	else if (strangers(&b->seen) > 0 && i == n++)
		v6d_text_say(t,
		    "%u GRE packets arrived with a call id that was not "
		    "agreed there: a NAT between these places did not "
		    "translate it.",
		    strangers(&b->seen));
	else if (!b->ordered && i == n++)
		v6d_text_say(t,
		    "No router shows between them: that the first is nearer "
		    "to the client is taken from the order of the files.");
	else if (b->partial && i == n++)
		v6d_text_say(t,
		    "The captures are long: only their beginnings were "
		    "compared.");
	return t->len > before;
}

bool
v6d_between_say(
    struct v6d_text *t, const struct v6d_report_between *b, unsigned i)
{
	if (i-- == 0) {
		say_clock(t, b);
		return true;
	}
	for (unsigned k = 0; k < V6D_PASS_KINDS; k++)
		for (unsigned d = 0; d < V6D_N_DIRS; d++) {
			const struct v6d_crossing *w = &b->seen.way[k][d];

			if (w->sent == 0)
				continue;
			if (i-- == 0) {
				say_way(t, w, k, d);
				return true;
			}
		}
	return say_remark(t, b, i);
}

/* ---- for a terminal ---- */

static void
draw_place(struct v6d_paint *p, const struct v6d_report_place *place)
{
	char words[160], cell[64];
	struct v6d_text t = v6d_text_like(&p->t, words, sizeof(words));
	struct v6d_text c = v6d_text_like(&p->t, cell, sizeof(cell));

	v6d_text_pad(
	    &c, v6d_lang_get(c.lang, v6d_verdict_name(place->verdict)), 13);
	v6d_text_add(&p->t, "  ");
	v6d_paint_add(p, v6d_paint_ink(place->verdict), cell);
	v6d_text_add(&p->t, " %-12s %s\n", place->code, place->name);
	v6d_position_say(&t, &place->position);
	if (t.len == 0)
		return;
	v6d_text_add(&p->t, "                             ");
	v6d_paint_wrap(p, 29, 29, words);
}

static void
draw_pair(struct v6d_paint *p, const struct v6d_report_between *b)
{
	char words[768];
	struct v6d_text head = v6d_text_like(&p->t, words, sizeof(words));

	v6d_text_say(&head, "%s and %s: %u packets are in both.", b->near_name,
	    b->far_name, b->seen.n_both);
	v6d_text_add(&p->t, "  ");
	v6d_paint_wrap(p, 2, 2, words);
	for (unsigned i = 0;; i++) {
		struct v6d_text t = v6d_text_like(&p->t, words, sizeof(words));

		if (!v6d_between_say(&t, b, i))
			break;
		v6d_text_add(&p->t, "  - ");
		v6d_paint_wrap(p, 4, 4, words);
	}
}

void
v6d_between_draw(struct v6d_paint *p, const struct v6d_report *r)
{
	if (r->n_places < 2)
		return;
	v6d_paint_head(p, N_("CAPTURES, from the client to the server"));
	for (size_t i = 0; i < r->n_places; i++)
		draw_place(p, &r->places[i]);
	v6d_paint_head(p, N_("BETWEEN THE CAPTURES"));
	for (size_t i = 0; i < r->n_between; i++)
		draw_pair(p, &r->between[i]);
}
