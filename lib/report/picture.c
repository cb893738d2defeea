/* SPDX-License-Identifier: GPL-2.0-or-later */
/* picture.c - the drawings of the HTML report, as SVG. */
#include "report/picture.h"

#include <string.h>

#include "base/wire.h"
#include "report/path.h"

/* ---- the path ---- */

/* Lengths in units of the view box. "Along" is the way to IPv6. */
struct layout {
	bool standing;
	int width, height;
	int box_w, box_h;
	int gap; /* between boxes, along */
	int across; /* where the boxes begin */
};

static const struct layout lying = { false, 868, 136, 136, 64, 108, 10 };
static const struct layout standing = { true, 380, 490, 164, 60, 80, 2 };

#define NODES 4

static const char *const nodes[NODES] = { N_("this host"), N_("routers"),
	N_("PPTP server"), "IPv6" };

static int
along(const struct layout *l, unsigned node)
{
	int box = l->standing ? l->box_h : l->box_w;

	return 0 + (int)node * (box + l->gap);
}

static int
box_x(const struct layout *l, unsigned node)
{
	return l->standing ? l->across : along(l, node);
}

static int
box_y(const struct layout *l, unsigned node)
{
	return l->standing ? along(l, node) : l->across;
}

static void
words(struct v6d_text *t, int x, int y, const char *class, const char *anchor,
    const char *s)
{
	v6d_text_add(t,
	    "<text x=\"%d\" y=\"%d\" font-size=\"15\" class=\"%s\" "
	    "text-anchor=\"%s\">",
	    x, y, class, anchor);
	v6d_render_xml(t, s);
	v6d_text_add(t, "</text>");
}

static void
node(struct v6d_text *t, const struct layout *l, unsigned i, bool bad,
    const char *address)
{
	int x = box_x(l, i), y = box_y(l, i);
	int mid = x + l->box_w / 2;

	v6d_text_add(t,
	    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"10\" "
	    "class=\"box%s\"/>",
	    x + 1, y + 1, l->box_w - 2, l->box_h - 2, bad ? " bad" : "");
	words(t, mid, y + (address[0] ? 26 : 35), bad ? "bad" : "", "middle",
	    v6d_lang_get(t->lang, nodes[i]));
	if (address[0])
		words(t, mid, y + 46, "faint", "middle", address);
}

/* A line from box i to the next, with a cross where it breaks. */
static void
stretch(struct v6d_text *t, const struct layout *l, unsigned i,
    const char *class, const char *direction)
{
	int from = along(l, i) + (l->standing ? l->box_h : l->box_w) + 6;
	int to = along(l, i + 1) - 6, mid = (from + to) / 2;
	int side = l->across + (l->standing ? l->box_w : l->box_h) / 2;

	v6d_text_add(t,
	    "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"%s\"/>",
	    l->standing ? side : from, l->standing ? from : side,
	    l->standing ? side : to, l->standing ? to : side, class);
	if (strcmp(class, "broken") != 0)
		return;
	v6d_text_add(t,
	    "<g transform=\"translate(%d %d)%s\">"
	    "<path d=\"M-9 -9L9 9M-9 9L9 -9\" class=\"broken\" fill=\"none\"/>",
	    l->standing ? side : mid, l->standing ? mid : side,
	    l->standing ? " rotate(90)" : "");
	if (strcmp(direction, "in") == 0 || strcmp(direction, "both") == 0)
		v6d_text_add(t, "<path d=\"M-26 -9L-35 0L-26 9\" "
				"class=\"broken\" fill=\"none\"/>");
	if (strcmp(direction, "out") == 0 || strcmp(direction, "both") == 0)
		v6d_text_add(t, "<path d=\"M26 -9L35 0L26 9\" "
				"class=\"broken\" fill=\"none\"/>");
	v6d_text_add(t, "</g>");
}

static const enum v6d_place stretches[NODES - 1] = { V6D_TO_ROUTER,
	V6D_TO_SERVER, V6D_BEYOND };

/* Where a clause ends: a comma, a semicolon, the Japanese comma. */
static const char *
clause_end(const char *s)
{
	const char *latin = s + strcspn(s, ",;"), *own = strstr(s, "、");

	return own && own < latin ? own : latin;
}

/* The size above which packets are lost, "" where it is not of sizes. */
static void
size_of(struct v6d_text *t, const struct v6d_finding *f)
{
	if (f && f->value_name &&
	    (strcmp(f->value_name, "limit_bytes") == 0 ||
		strcmp(f->value_name, "mtu_bytes") == 0))
		v6d_text_say(t, "over %lld bytes", (long long)f->value);
}

/* Beside the path there is little room: a line for each clause. */
static void
mark_standing(struct v6d_text *t, const struct layout *l, int at, const char *s,
    const char *size)
{
	int x = l->across + l->box_w + 10;
	const char *end = clause_end(s);
	const char *rest = end + strspn(end, ",; ");
	char first[V6D_SUBJECT];
	struct v6d_text w = v6d_text_like(t, first, sizeof(first));

	if (strncmp(rest, "、", strlen("、")) == 0)
		rest += strlen("、");
	v6d_text_add(&w, "%.*s", (int)(end - s), s);
	at -= (rest[0] ? 9 : 0) + (size[0] ? 9 : 0) - 5;
	words(t, x, at, "bad", "start", first);
	if (rest[0])
		words(t, x, at += 20, "bad", "start", rest);
	if (size[0])
		words(t, x, at + 20, "bad", "start", size);
}

/* Under the path the mark; over the line the size. */
static void
mark_lying(struct v6d_text *t, const struct layout *l, enum v6d_place place,
    int at, const char *s, const char *size)
{
	words(t, place == V6D_AT_HOST ? 0 : at, l->across + l->box_h + 32,
	    "bad", place == V6D_AT_HOST ? "start" : "middle", s);
	if (size[0])
		words(t, place == V6D_AT_HOST ? 0 : at,
		    l->across + l->box_h + 52, "bad",
		    place == V6D_AT_HOST ? "start" : "middle", size);
}

static void
mark(struct v6d_text *t, const struct layout *l, const struct v6d_break *b)
{
	char size[48];
	struct v6d_text w = v6d_text_like(t, size, sizeof(size));
	const char *s = v6d_lang_get(t->lang, v6d_path_mark(b));
	int at = 0;

	if (b->place == V6D_NO_PLACE)
		return;
	if (b->place == V6D_AT_SERVER)
		at = along(l, 2) + (l->standing ? l->box_h : l->box_w) / 2;
	else if (b->place == V6D_AT_HOST)
		at = (l->standing ? l->box_h : l->box_w) / 2;
	for (unsigned i = 0; i < NODES - 1; i++)
		if (stretches[i] == b->place)
			at = along(l, i + 1) - l->gap / 2;
	size_of(&w, b->finding);
	if (l->standing)
		mark_standing(t, l, at, s, size);
	else
		mark_lying(t, l, b->place, at, s, size);
}

/* The picture in a sentence. */
static void
describe(
    struct v6d_text *t, const struct v6d_report *r, const struct v6d_break *b)
{
	static const char *const at[] = {
		[V6D_AT_HOST] = N_("at this host"),
		[V6D_TO_ROUTER] = N_("between this host and the first router"),
		[V6D_TO_SERVER] = N_("between the routers and the PPTP server"),
		[V6D_AT_SERVER] = N_("at the PPTP server"),
		[V6D_BEYOND] = N_("behind the PPTP server"),
	};

	v6d_text_say(t,
	    "The path from this host (%s) over the routers and the PPTP "
	    "server (%s) to IPv6.",
	    r->client[0] ? r->client : "?", r->server[0] ? r->server : "?");
	if (b->place == V6D_NO_PLACE)
		return;
	v6d_text_say(t,
	    b->finding ? N_(" It breaks %s.")
		       : N_(" It breaks %s, as far as is known."),
	    v6d_lang_get(t->lang, at[b->place]));
}

void
v6d_picture_path(
    struct v6d_text *t, const struct v6d_report *r, bool is_standing)
{
	const struct layout *l = is_standing ? &standing : &lying;
	const struct v6d_diagnosis *d = r->diagnosis;
	struct v6d_break b = v6d_path_break(d);
	char sentence[3 * V6D_SUBJECT];
	struct v6d_text s = v6d_text_like(t, sentence, sizeof(sentence));

	describe(&s, r, &b);
	v6d_text_add(t,
	    "<svg class=\"path %s\" viewBox=\"0 0 %d %d\" role=\"img\" "
	    "aria-label=\"",
	    is_standing ? "tall" : "wide", l->width,
	    is_standing || b.place != V6D_NO_PLACE ? l->height
						   : 2 * l->across + l->box_h);
	v6d_render_xml(t, sentence);
	v6d_text_add(t, "\">");
	node(t, l, 0, b.place == V6D_AT_HOST, r->client);
	node(t, l, 1, false, "");
	node(t, l, 2, b.place == V6D_AT_SERVER, r->server);
	node(t, l, 3, false, "");
	for (unsigned i = 0; i < NODES - 1; i++)
		stretch(t, l, i,
		    b.place == stretches[i]            ? "broken"
		    : v6d_path_passed(d, stretches[i]) ? "pass"
						       : "not",
		    b.direction ? b.direction : "");
	mark(t, l, &b);
	v6d_text_add(t, "</svg>\n");
}

/* ---- sizes ---- */

#define BAR_FROM 1200 /* below that nothing tells anything: IPv6 needs 1280 */
#define BAR_TO 1540
#define BAR_W (BAR_TO - BAR_FROM) /* a unit is a byte */

static const struct {
	enum v6d_fact fact;
	const char *words;
} bars[] = {
	{ V6D_FACT_GRE_SIZE_OUT, N_("GRE towards the server") },
	{ V6D_FACT_GRE_SIZE_IN, N_("GRE towards this host") },
	{ V6D_FACT_V6_PMTU_OUT, N_("IPv6 towards the target") },
	{ V6D_FACT_V6_PMTU_IN, N_("IPv6 from the target") },
};

static int
bar_x(int64_t bytes)
{
	if (bytes < BAR_FROM)
		return 0;
	return bytes > BAR_TO ? BAR_W : (int)(bytes - BAR_FROM);
}

static void
rect(struct v6d_text *t, int from, int to, const char *class)
{
	if (to > from)
		v6d_text_add(t,
		    "<rect x=\"%d\" y=\"0\" width=\"%d\" height=\"16\" "
		    "class=\"%s\"/>",
		    from, to - from, class);
}

/* What passed up to the value; what is known to be lost above it. */
static void
bar(struct v6d_text *t, const struct v6d_obs *o, const char *label)
{
	bool lost = o->state == V6D_BAD || o->state == V6D_WAS_OK;
	int at = bar_x(o->value);

	v6d_text_add(t, "<p>%s: ", v6d_lang_get(t->lang, label));
	v6d_text_say(t, "up to %lld bytes pass", (long long)o->value);
	v6d_text_add(t, "%s</p>\n",
	    v6d_lang_get(t->lang, lost ? N_("; larger ones are lost")
				  : o->state == V6D_UNKNOWN
				      ? N_("; larger ones: not known")
				      : ""));
	v6d_text_add(t,
	    "<svg class=\"bar\" viewBox=\"0 0 %d 16\" "
	    "preserveAspectRatio=\"none\" aria-hidden=\"true\">",
	    BAR_W);
	rect(t, 0, at, "passes");
	if (lost)
		rect(t, at, BAR_W, "lost");
	v6d_text_add(t, "</svg>\n");
}

bool
v6d_picture_sizes(struct v6d_text *t, const struct v6d_facts *f)
{
	bool any = false;

	for (size_t i = 0; f && i < V6D_ARRAY_LEN(bars); i++) {
		const struct v6d_obs *o = v6d_facts_last(f, bars[i].fact);

		if (!o || o->value == V6D_NO_VALUE)
			continue;
		bar(t, o, bars[i].words);
		any = true;
	}
	if (any)
		v6d_text_say(t,
		    "<div class=\"scale\" aria-hidden=\"true\">"
		    "<span>%d</span><span>%d bytes</span></div>\n",
		    BAR_FROM, BAR_TO);
	return any;
}
