/* SPDX-License-Identifier: GPL-2.0-or-later */
/* path.c - the tunnel's path drawn in a few lines, with a mark at the break. */
#include "report/path.h"

#include <string.h>

#include "base/width.h"
#include "base/wire.h"

#define MARGIN 2
#define STRETCH 9 /* characters of a stretch, blanks included */

static const char *const nodes[] = { N_("this host"), N_("routers"),
	N_("PPTP server"), "IPv6" };

static unsigned
node_width(const struct v6d_paint *p, unsigned i)
{
	return v6d_width(v6d_lang_get(p->t.lang, nodes[i]));
}

static enum v6d_place
place_of_layer(enum v6d_layer l)
{
	switch (l) {
	case V6D_LAYER_HOST:
	case V6D_LAYER_ADDR:
	case V6D_LAYER_ROUTE:
	case V6D_LAYER_SECURITY:
		return V6D_AT_HOST;
	case V6D_LAYER_LINK:
		return V6D_TO_ROUTER;
	case V6D_LAYER_CONTROL:
	case V6D_LAYER_GRE:
	case V6D_LAYER_NAPT:
		return V6D_TO_SERVER;
	case V6D_LAYER_PPP:
	case V6D_LAYER_RA:
		return V6D_AT_SERVER;
	case V6D_LAYER_MTU:
	case V6D_LAYER_FAR:
		return V6D_BEYOND;
	case V6D_LAYER_DNS:
	case V6D_N_LAYERS:
		return V6D_NO_PLACE;
	}
	return V6D_NO_PLACE;
}

static enum v6d_place
place_of(enum v6d_cause c)
{
	if (c == V6D_CAUSE_GRE_BLOCKED_FIRST_HOP)
		return V6D_TO_ROUTER;
	if (c == V6D_CAUSE_GRE_BLOCKED_LOCAL ||
	    c == V6D_CAUSE_RA_IGNORED_FORWARDING ||
	    c == V6D_CAUSE_RA_IGNORED_SETTING ||
	    c == V6D_CAUSE_RA_FILTERED_LOCAL ||
	    c == V6D_CAUSE_TUNNEL_MTU_TOO_BIG ||
	    c == V6D_CAUSE_TUNNEL_MTU_TOO_SMALL)
		return V6D_AT_HOST;
	if (c == V6D_CAUSE_CALL_REFUSED || c == V6D_CAUSE_CALL_LIMIT ||
	    c == V6D_CAUSE_SERVER_REFUSES ||
	    c == V6D_CAUSE_SERVER_CLOSES_EARLY ||
	    c == V6D_CAUSE_CONTROL_NOT_PPTP ||
	    c == V6D_CAUSE_SERVER_DISCONNECTS)
		return V6D_AT_SERVER;
	return place_of_layer(v6d_cause_layer(c));
}

struct v6d_break
v6d_path_break(const struct v6d_diagnosis *d)
{
	struct v6d_break b = { V6D_NO_PLACE, NULL, NULL };

	if (d->n > 0 && d->findings[0].severity > V6D_SEV_ADVICE) {
		b.finding = &d->findings[0];
		b.place = place_of(b.finding->cause);
		b.direction = b.finding->direction;
	} else if (d->n_undecided > 0) {
		b.place = place_of(d->undecided[0].between[0]);
	}
	return b;
}

static const char *
broken_line(const char *direction)
{
	if (direction && strcmp(direction, "in") == 0)
		return " <<=X=<< ";
	if (direction && strcmp(direction, "out") == 0)
		return " >>=X=>> ";
	return " ===X=== ";
}

static void
draw_stretch(struct v6d_paint *p, const struct v6d_break *b,
    enum v6d_place here, bool passed)
{
	if (b->place == here)
		v6d_paint_add(p, V6D_INK_BAD, broken_line(b->direction));
	else if (passed)
		v6d_paint_add(p, V6D_INK_GOOD, " ======= ");
	else
		v6d_paint_add(p, V6D_INK_FAINT, " - - - - ");
}

static void
draw_node(struct v6d_paint *p, bool bad, unsigned i)
{
	v6d_paint_add(p, bad ? V6D_INK_BAD : V6D_INK_BOLD,
	    v6d_lang_get(p->t.lang, nodes[i]));
}

/* The column under which the mark stands. */
static unsigned
mark_column(const struct v6d_paint *p, enum v6d_place place)
{
	unsigned host = MARGIN, col = host + node_width(p, 0);
	unsigned router = col;

	switch (place) {
	case V6D_AT_HOST:
		return host + 4;
	case V6D_TO_ROUTER:
		return router + STRETCH / 2;
	case V6D_TO_SERVER:
		return router + STRETCH + node_width(p, 1) + STRETCH / 2;
	case V6D_AT_SERVER:
		return router + 2 * STRETCH + node_width(p, 1) + 5;
	case V6D_BEYOND:
		return router + 2 * STRETCH + node_width(p, 1) +
		       node_width(p, 2) + STRETCH / 2;
	case V6D_NO_PLACE:
		return MARGIN;
	}
	return MARGIN;
}

static void
draw_addresses(struct v6d_paint *p, const struct v6d_report *r)
{
	unsigned server =
	    MARGIN + node_width(p, 0) + 2 * STRETCH + node_width(p, 1);

	if (!r->client[0] && !r->server[0])
		return;
	v6d_text_add(&p->t, "%*s%-*s %s\n", MARGIN, "",
	    (int)server - MARGIN - 1, r->client, r->server);
}

const char *
v6d_path_mark(const struct v6d_break *b)
{
	if (!b->finding)
		return N_("about here; not decided yet");
	if (!b->direction || strcmp(b->direction, "unknown") == 0)
		return N_("here");
	if (strcmp(b->direction, "in") == 0)
		return N_("here, towards this host");
	if (strcmp(b->direction, "out") == 0)
		return N_("here, towards the server");
	return N_("here, in both directions");
}

static void
draw_mark(struct v6d_paint *p, const struct v6d_break *b)
{
	v6d_text_add(&p->t, "%*s", (int)mark_column(p, b->place), "");
	v6d_paint_add(p, V6D_INK_BAD, "^");
	v6d_text_add(&p->t, " %s\n", v6d_lang_get(p->t.lang, v6d_path_mark(b)));
}

bool
v6d_path_passed(const struct v6d_diagnosis *d, enum v6d_place stretch)
{
	bool outer = d->passed[V6D_STAGE_CONTROL] && d->passed[V6D_STAGE_GRE];

	if (stretch == V6D_TO_ROUTER)
		return outer || d->seen[V6D_STAGE_CONTROL];
	return stretch == V6D_BEYOND ? d->passed[V6D_STAGE_ROUTE] : outer;
}

static void
draw_across(struct v6d_paint *p, const struct v6d_report *r)
{
	const struct v6d_diagnosis *d = r->diagnosis;
	const struct v6d_break b = v6d_path_break(d);

	v6d_text_add(&p->t, "\n%*s", MARGIN, "");
	draw_node(p, b.place == V6D_AT_HOST, 0);
	draw_stretch(p, &b, V6D_TO_ROUTER, v6d_path_passed(d, V6D_TO_ROUTER));
	draw_node(p, false, 1);
	draw_stretch(p, &b, V6D_TO_SERVER, v6d_path_passed(d, V6D_TO_SERVER));
	draw_node(p, b.place == V6D_AT_SERVER, 2);
	draw_stretch(p, &b, V6D_BEYOND, v6d_path_passed(d, V6D_BEYOND));
	draw_node(p, false, 3);
	v6d_text_add(&p->t, "\n");
	draw_addresses(p, r);
	if (b.place != V6D_NO_PLACE)
		draw_mark(p, &b);
}

/* ---- on a narrow terminal: downwards ---- */

static bool
too_wide(const struct v6d_paint *p)
{
	unsigned all = MARGIN + 3 * STRETCH;

	for (unsigned i = 0; i < V6D_ARRAY_LEN(nodes); i++)
		all += node_width(p, i);
	return all > v6d_paint_width(p);
}

static void
draw_down_node(
    struct v6d_paint *p, const struct v6d_break *b, unsigned i, bool bad)
{
	v6d_text_add(&p->t, "%*s", MARGIN, "");
	draw_node(p, bad, i);
	if (bad)
		v6d_text_add(&p->t, "  <- %s",
		    v6d_lang_get(p->t.lang, v6d_path_mark(b)));
	v6d_text_add(&p->t, "\n");
}

static void
draw_down_stretch(struct v6d_paint *p, const struct v6d_break *b,
    enum v6d_place here, bool passed)
{
	bool bad = b->place == here;

	v6d_text_add(&p->t, "%*s", MARGIN + 2, "");
	v6d_paint_add(p,
	    bad      ? V6D_INK_BAD
	    : passed ? V6D_INK_GOOD
		     : V6D_INK_FAINT,
	    bad      ? "X"
	    : passed ? "|"
		     : ":");
	if (bad)
		v6d_text_add(&p->t, "  <- %s",
		    v6d_lang_get(p->t.lang, v6d_path_mark(b)));
	v6d_text_add(&p->t, "\n");
}

static void
draw_down(struct v6d_paint *p, const struct v6d_report *r)
{
	static const enum v6d_place stretches[] = { V6D_TO_ROUTER,
		V6D_TO_SERVER, V6D_BEYOND };
	const struct v6d_break b = v6d_path_break(r->diagnosis);

	v6d_text_add(&p->t, "\n");
	for (unsigned i = 0; i < V6D_ARRAY_LEN(nodes); i++) {
		draw_down_node(p, &b, i,
		    (i == 0 && b.place == V6D_AT_HOST) ||
			(i == 2 && b.place == V6D_AT_SERVER));
		if (i == 0 && r->client[0])
			v6d_text_add(&p->t, "  %s\n", r->client);
		if (i == 2 && r->server[0])
			v6d_text_add(&p->t, "  %s\n", r->server);
		if (i < V6D_ARRAY_LEN(stretches))
			draw_down_stretch(p, &b, stretches[i],
			    v6d_path_passed(r->diagnosis, stretches[i]));
	}
}

void
v6d_path_draw(struct v6d_paint *p, const struct v6d_report *r)
{
	if (too_wide(p))
		draw_down(p, r);
	else
		draw_across(p, r);
}
