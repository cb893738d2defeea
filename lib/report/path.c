/* SPDX-License-Identifier: GPL-2.0-or-later */
/* path.c - the tunnel's path drawn in a few lines, with a mark at the break. */
#include "report/path.h"

#include <string.h>

/* Places along the path: three stretches between four nodes. */
enum place {
	AT_HOST,
	TO_ROUTER,
	TO_SERVER,
	AT_SERVER,
	BEYOND,
	NO_PLACE,
};

#define MARGIN 2
#define STRETCH 9 /* characters of a stretch, blanks included */

static const char *const nodes[] = { "this host", "routers", "PPTP server",
	"IPv6" };

static enum place
place_of_layer(enum v6d_layer l)
{
	switch (l) {
	case V6D_LAYER_HOST:
	case V6D_LAYER_ADDR:
	case V6D_LAYER_ROUTE:
	case V6D_LAYER_SECURITY:
		return AT_HOST;
	case V6D_LAYER_LINK:
		return TO_ROUTER;
	case V6D_LAYER_CONTROL:
	case V6D_LAYER_GRE:
	case V6D_LAYER_NAPT:
		return TO_SERVER;
	case V6D_LAYER_PPP:
	case V6D_LAYER_RA:
		return AT_SERVER;
	case V6D_LAYER_MTU:
	case V6D_LAYER_FAR:
		return BEYOND;
	case V6D_LAYER_DNS:
	case V6D_N_LAYERS:
		return NO_PLACE;
	}
	return NO_PLACE;
}

static enum place
place_of(enum v6d_cause c)
{
	if (c == V6D_CAUSE_GRE_BLOCKED_FIRST_HOP)
		return TO_ROUTER;
	if (c == V6D_CAUSE_GRE_BLOCKED_LOCAL ||
	    c == V6D_CAUSE_RA_IGNORED_FORWARDING ||
	    c == V6D_CAUSE_RA_IGNORED_SETTING ||
	    c == V6D_CAUSE_RA_FILTERED_LOCAL ||
	    c == V6D_CAUSE_TUNNEL_MTU_TOO_BIG ||
	    c == V6D_CAUSE_TUNNEL_MTU_TOO_SMALL)
		return AT_HOST;
	if (c == V6D_CAUSE_CALL_REFUSED || c == V6D_CAUSE_CALL_LIMIT ||
	    c == V6D_CAUSE_SERVER_REFUSES ||
	    c == V6D_CAUSE_SERVER_CLOSES_EARLY ||
	    c == V6D_CAUSE_CONTROL_NOT_PPTP ||
	    c == V6D_CAUSE_SERVER_DISCONNECTS)
		return AT_SERVER;
	return place_of_layer(v6d_cause_layer(c));
}

struct broken {
	enum place place;
	const char *direction; /* or NULL */
	const struct v6d_finding *finding; /* NULL: undecided */
};

static struct broken
find_break(const struct v6d_diagnosis *d)
{
	struct broken b = { NO_PLACE, NULL, NULL };

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
draw_stretch(
    struct v6d_paint *p, const struct broken *b, enum place here, bool passed)
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
	v6d_paint_add(p, bad ? V6D_INK_BAD : V6D_INK_BOLD, nodes[i]);
}

/* The column under which the mark stands. */
static unsigned
mark_column(enum place place)
{
	unsigned host = MARGIN, col = host + (unsigned)strlen(nodes[0]);
	unsigned router = col;

	switch (place) {
	case AT_HOST:
		return host + 4;
	case TO_ROUTER:
		return router + STRETCH / 2;
	case TO_SERVER:
		return router + STRETCH + (unsigned)strlen(nodes[1]) +
		       STRETCH / 2;
	case AT_SERVER:
		return router + 2 * STRETCH + (unsigned)strlen(nodes[1]) + 5;
	case BEYOND:
		return router + 2 * STRETCH + (unsigned)strlen(nodes[1]) +
		       (unsigned)strlen(nodes[2]) + STRETCH / 2;
	case NO_PLACE:
		return MARGIN;
	}
	return MARGIN;
}

static void
draw_addresses(struct v6d_paint *p, const struct v6d_report *r)
{
	unsigned server = MARGIN + (unsigned)strlen(nodes[0]) + 2 * STRETCH +
			  (unsigned)strlen(nodes[1]);

	if (!r->client[0] && !r->server[0])
		return;
	v6d_text_add(&p->t, "%*s%-*s %s\n", MARGIN, "",
	    (int)server - MARGIN - 1, r->client, r->server);
}

static const char *
mark_words(const struct broken *b)
{
	if (!b->finding)
		return "about here; not decided yet";
	if (!b->direction || strcmp(b->direction, "unknown") == 0)
		return "here";
	if (strcmp(b->direction, "in") == 0)
		return "here, towards this host";
	if (strcmp(b->direction, "out") == 0)
		return "here, towards the server";
	return "here, in both directions";
}

static void
draw_mark(struct v6d_paint *p, const struct broken *b)
{
	v6d_text_add(&p->t, "%*s", (int)mark_column(b->place), "");
	v6d_paint_add(p, V6D_INK_BAD, "^");
	v6d_text_add(&p->t, " %s\n", mark_words(b));
}

void
v6d_path_draw(struct v6d_paint *p, const struct v6d_report *r)
{
	const struct v6d_diagnosis *d = r->diagnosis;
	const struct broken b = find_break(d);
	bool outer = d->passed[V6D_STAGE_CONTROL] && d->passed[V6D_STAGE_GRE];

	v6d_text_add(&p->t, "\n%*s", MARGIN, "");
	draw_node(p, b.place == AT_HOST, 0);
	draw_stretch(p, &b, TO_ROUTER, outer || d->seen[V6D_STAGE_CONTROL]);
	draw_node(p, false, 1);
	draw_stretch(p, &b, TO_SERVER, outer);
	draw_node(p, b.place == AT_SERVER, 2);
	draw_stretch(p, &b, BEYOND, d->passed[V6D_STAGE_ROUTE]);
	draw_node(p, false, 3);
	v6d_text_add(&p->t, "\n");
	draw_addresses(p, r);
	if (b.place != NO_PLACE)
		draw_mark(p, &b);
}
