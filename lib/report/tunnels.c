/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnels.c - the tunnels of a capture as a table. */
#include "report/tunnels.h"

#include <string.h>

#include "base/wire.h"
#include "report/between.h"

#define ROWS_VERBOSE 1000
#define KINDS 32 /* diagnoses that are counted apart */

/* ---- how many of which ---- */

/* Tunnels with the same diagnosis. */
struct kind {
	char code[V6D_CODE];
	enum v6d_verdict verdict;
	size_t n;
};

struct count {
	size_t n_kinds, n_other; /* other: more kinds than are told apart */
	struct kind kinds[KINDS];
	size_t n[4]; /* by verdict */
};

static void
count_one(struct count *c, const struct v6d_report_tunnel *t)
{
	struct kind *k = c->kinds;

	c->n[t->verdict]++;
	while (k < c->kinds + c->n_kinds && strcmp(k->code, t->code) != 0)
		k++;
	if (k == c->kinds + KINDS) {
		c->n_other++;
		return;
	}
	if (k == c->kinds + c->n_kinds) {
		c->n_kinds++;
		k->verdict = t->verdict;
		memcpy(k->code, t->code, strlen(t->code) + 1);
	}
	k->n++;
}

static void
count_all(const struct v6d_report_tunnels *all, struct count *ret_c)
{
	struct v6d_report_tunnel t;

	memset(ret_c, 0, sizeof(*ret_c));
	for (size_t i = 0; i < all->n; i++) {
		all->get(all->arg, i, false, &t);
		count_one(ret_c, &t);
	}
}

static void
say_count(struct v6d_text *t, const struct count *c, size_t n)
{
	if (c->n[V6D_VERDICT_FAULTY] > 0)
		v6d_text_say(t, "%zu of %zu tunnels have a fault.",
		    c->n[V6D_VERDICT_FAULTY], n);
	else if (c->n[V6D_VERDICT_DEGRADED] > 0)
		v6d_text_say(t,
		    "%zu of %zu tunnels work, with something at risk; none "
		    "has a fault.",
		    c->n[V6D_VERDICT_DEGRADED], n);
	else if (c->n[V6D_VERDICT_UNDETERMINED] > 0)
		v6d_text_say(t,
		    "Not enough was seen of %zu of %zu tunnels; none shows a "
		    "fault.",
		    c->n[V6D_VERDICT_UNDETERMINED], n);
	else
		v6d_text_say(t, "All %zu tunnels work.", n);
}

/* ---- the table ---- */

/* A verdict in a cell. */
static void
draw_verdict(struct v6d_paint *p, enum v6d_verdict v)
{
	char cell[64];
	struct v6d_text t = v6d_text_like(&p->t, cell, sizeof(cell));

	v6d_text_pad(&t, v6d_lang_get(t.lang, v6d_verdict_name(v)), 13);
	v6d_paint_add(p, v6d_paint_ink(v), cell);
}

static void
draw_kinds(struct v6d_paint *p, const struct count *c)
{
	for (size_t i = 0; i < c->n_kinds; i++) {
		const struct kind *k = &c->kinds[i];

		v6d_text_add(&p->t, "  %8zu  ", k->n);
		draw_verdict(p, k->verdict);
		v6d_text_add(&p->t, " %s\n", k->code);
	}
	if (c->n_other > 0)
		v6d_text_say(
		    &p->t, "  %8zu  with other diagnoses\n", c->n_other);
	v6d_text_add(&p->t, "\n");
}

static void
draw_row(struct v6d_paint *p, const struct v6d_report_tunnel *t)
{
	v6d_text_add(&p->t, "  %6zu %9.3f s  %-15s  %-15s  ", t->number,
	    t->began_ms / 1000.0, t->client, t->server);
	draw_verdict(p, t->verdict);
	v6d_text_add(&p->t, " %s\n", t->code);
}

static void
draw_rows(struct v6d_paint *p, const struct v6d_report_tunnels *all, size_t n)
{
	struct v6d_report_tunnel t;

	v6d_text_say(&p->t,
	    "  number      begins  client           server           verdict  "
	    "     code\n");
	for (size_t i = 0; i < n; i++) {
		all->get(all->arg, i, false, &t);
		draw_row(p, &t);
	}
	if (n < all->n)
		v6d_text_say(&p->t, "  and %zu more: --json lists them all\n",
		    all->n - n);
}

void
v6d_tunnels_draw(struct v6d_paint *p, const struct v6d_report *r, bool verbose)
{
	size_t n = r->tunnels.n,
	       rows = verbose ? ROWS_VERBOSE : V6D_TUNNELS_FEW;
	char words[160];
	struct v6d_text t = v6d_text_like(&p->t, words, sizeof(words));
	struct count c;

	count_all(&r->tunnels, &c);
	say_count(&t, &c, n);
	v6d_paint_verdict(p, r->diagnosis->verdict, words);
	v6d_paint_head(p, N_("TUNNELS"));
	if (n > rows)
		draw_kinds(p, &c);
	draw_rows(p, &r->tunnels, n < rows ? n : rows);
	if (r->n_left_out > 0)
		v6d_text_say(&p->t,
		    "  no room for more tunnels: %llu packets were not "
		    "looked at\n",
		    (unsigned long long)r->n_left_out);
	v6d_text_say(&p->t,
	    "  \"v6doctor read --tunnel NUMBER FILE\" tells all of one.\n");
}

/* ---- where it was taken ---- */

void
v6d_position_say(struct v6d_text *t, const struct v6d_position *p)
{
	switch (p->from) {
	case V6D_SEEN_UNKNOWN:
		break;
	case V6D_SEEN_CLIENT:
		if (p->server_hops > 0)
			v6d_text_say(t,
			    "beside the client; routers between here and the "
			    "server: %d",
			    p->server_hops);
		else
			v6d_text_say(t, "beside the client");
		break;
	case V6D_SEEN_SERVER:
		if (p->client_hops > 0)
			v6d_text_say(t,
			    "beside the server; routers between here and the "
			    "client: %d",
			    p->client_hops);
		else
			v6d_text_say(t, "beside the server");
		break;
	case V6D_SEEN_BETWEEN:
		v6d_text_say(t,
		    "between them; routers towards the client: %d, towards "
		    "the server: %d",
		    p->client_hops, p->server_hops);
		break;
	case V6D_SEEN_BOTH:
		v6d_text_say(t, "beside both: no router lies between them");
		break;
	}
}

void
v6d_position_draw(struct v6d_paint *p, const struct v6d_report *r)
{
	char words[160];
	struct v6d_text t = v6d_text_like(&p->t, words, sizeof(words));

	v6d_position_say(&t, &r->position);
	if (t.len == 0 || r->n_places > 1)
		return;
	v6d_paint_head(p, N_("CAPTURED"));
	v6d_text_add(&p->t, "  ");
	v6d_paint_wrap(p, 2, 2, words);
}
