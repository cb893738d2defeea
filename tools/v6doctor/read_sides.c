/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * read_sides.c - captures given together: which are of one place (rotated
 * files, control and GRE apart) and which saw the same packets elsewhere.
 */
#include "read_sides.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/input.h"
#include "read_save.h"
#include "trace/file.h"

#define SNIFF 48 /* bytes that tell a report */
#define PAIRS (1u << 20) /* of sessions that are looked at for a match */

bool
v6d_sides_takes(const char *path)
{
	uint8_t first[SNIFF];
	size_t n;
	FILE *f;

	if (!v6d_read_save_can(path))
		return false;
	f = v6d_input_open(path);
	if (!f)
		return false;
	n = v6d_input_peek(f, first, sizeof(first));
	v6d_input_close(f);
	return !v6d_trace_file_is(first, n);
}

/* ---- which are of one place ---- */

static const struct v6d_view *
view(const struct v6d_place_read *p, size_t i)
{
	return v6d_flow_view(p->j.flow, p->j.sessions[i].view);
}

static bool
same_ends(const struct v6d_view *a, const struct v6d_view *b)
{
	bool straight = v6d_addr_eq(&a->client, &b->client) &&
			v6d_addr_eq(&a->server, &b->server);
	bool turned = v6d_addr_eq(&a->client, &b->server) &&
		      v6d_addr_eq(&a->server, &b->client);
	bool port = a->client_port == b->client_port || a->client_port == 0 ||
		    b->client_port == 0;

	return (straight && port) ||
	       (turned && (a->roles_guessed || b->roles_guessed));
}

/* Both packets have as many routers behind them. */
static bool
same_ttl(const struct v6d_view *a, const struct v6d_view *b)
{
	if (a->roles_guessed || b->roles_guessed)
		return true;
	for (int d = 0; d < V6D_N_DIRS; d++)
		if (a->ttl[d] != b->ttl[d] && a->ttl[d] > 0 && b->ttl[d] > 0)
			return false;
	return true;
}

/* They have a session in common and not one packet of it. */
static bool
one_place(const struct v6d_place_read *a, const struct v6d_place_read *b)
{
	if (a->err || b->err || a->j.n == 0 || b->j.n > PAIRS / a->j.n ||
	    v6d_trail_related(&a->passed.trail, &b->passed.trail))
		return false;
	for (size_t i = 0; i < a->j.n; i++)
		for (size_t k = 0; k < b->j.n; k++)
			if (same_ends(view(a, i), view(b, k)) &&
			    same_ttl(view(a, i), view(b, k)))
				return true;
	return false;
}

static void
read_place(struct v6d_place_read *p)
{
	p->err = v6d_judge_captures(p->paths, p->n, &p->passed, &p->j);
}

static void
close_place(struct v6d_place_read *p)
{
	v6d_passed_done(&p->passed);
	v6d_judgement_done(&p->j);
}

static void
name_place(struct v6d_place_read *p)
{
	size_t len = 0;

	p->name[0] = '\0';
	for (size_t i = 0; i < p->n && len < sizeof(p->name); i++)
		len += (size_t)snprintf(p->name + len, sizeof(p->name) - len,
		    "%s%s", i > 0 ? " + " : "", p->paths[i]);
}

static void
add_file(struct v6d_place_read *p, const char *path, v6d_ns first)
{
	size_t at = p->n++;

	for (; at > 0 && first < p->first[at - 1]; at--) {
		p->paths[at] = p->paths[at - 1];
		p->first[at] = p->first[at - 1];
	}
	p->paths[at] = path;
	p->first[at] = first;
}

/* Makes the files of b a's, too. */
static void
join(struct v6d_sides *s, size_t a, size_t b)
{
	struct v6d_place_read *to = &s->places[a], *from = &s->places[b];

	close_place(to);
	close_place(from);
	for (size_t i = 0; i < from->n; i++)
		add_file(to, from->paths[i], from->first[i]);
	memmove(from, from + 1, (--s->n - b) * sizeof(*from));
	read_place(to);
}

static bool
join_any(struct v6d_sides *s)
{
	for (size_t a = 0; a < s->n; a++)
		for (size_t b = a + 1; b < s->n; b++)
			if (one_place(&s->places[a], &s->places[b])) {
				join(s, a, b);
				return true;
			}
	return false;
}

/* ---- which belong together ---- */

static void
group(struct v6d_sides *s)
{
	for (size_t i = 0; i < s->n; i++)
		s->places[i].group = i;
	for (size_t a = 0; a < s->n; a++)
		for (size_t b = a + 1; b < s->n; b++) {
			const struct v6d_place_read *p = s->places;
			size_t old = p[b].group;

			if (p[a].err || p[b].err || p[a].group == old ||
			    !v6d_trail_related(
				&p[a].passed.trail, &p[b].passed.trail))
				continue;
			for (size_t i = 0; i < s->n; i++)
				if (p[i].group == old)
					s->places[i].group = p[a].group;
		}
}

int
v6d_sides_read(const char *const *paths, size_t n, struct v6d_sides *s)
{
	memset(s, 0, sizeof(*s));
	for (; s->n < n && s->n < V6D_SIDES; s->n++) {
		struct v6d_place_read *p = &s->places[s->n];

		p->paths[p->n++] = paths[s->n];
		read_place(p);
		p->first[0] = p->passed.trail.first;
		if (p->err == -ENOMEM)
			return -ENOMEM;
	}
	while (join_any(s))
		;
	for (size_t i = 0; i < s->n; i++)
		name_place(&s->places[i]);
	group(s);
	return 0;
}

void
v6d_sides_done(struct v6d_sides *s)
{
	for (size_t i = 0; i < s->n; i++)
		close_place(&s->places[i]);
	s->n = 0;
}

size_t
v6d_sides_next(const struct v6d_sides *s, size_t i)
{
	size_t k = i + 1;

	while (k < s->n && s->places[k].group != s->places[i].group)
		k++;
	return k;
}

/* ---- the report of a group ---- */

/* A place that saw the session, and as which tunnel. */
struct seen {
	struct v6d_place_read *p;
	uint32_t tunnel; /* in its flow */
	const struct v6d_view *v;
};

/* < 0: a is nearer to the client, by what is left of the TTL; 0: unknown. */
static int
nearer(const struct v6d_view *a, const struct v6d_view *b)
{
	for (int d = 0; d < V6D_N_DIRS; d++) {
		int left = (int)b->ttl[d] - a->ttl[d];

		if (a->ttl[d] > 0 && b->ttl[d] > 0 && left != 0)
			return d == V6D_DIR_OUT ? left : -left;
	}
	return 0;
}

/* How much is open after a judgement: candidates of what is undecided. */
static unsigned
open_after(const struct v6d_diagnosis *d)
{
	unsigned n = d->n_unexplained;

	for (unsigned i = 0; i < d->n_undecided; i++)
		n += d->undecided[i].n;
	return n;
}

static int
verdict_weight(enum v6d_verdict v)
{
	static const int weights[] = { [V6D_VERDICT_HEALTHY] = 0,
		[V6D_VERDICT_UNDETERMINED] = 1,
		[V6D_VERDICT_DEGRADED] = 2,
		[V6D_VERDICT_FAULTY] = 3 };

	return weights[v];
}

static bool
tells_more(const struct v6d_judgement *a, const struct v6d_judgement *b)
{
	const struct v6d_diagnosis *x = v6d_judgement_diagnosis(a);
	const struct v6d_diagnosis *y = v6d_judgement_diagnosis(b);

	if (x->verdict != y->verdict)
		return verdict_weight(x->verdict) > verdict_weight(y->verdict);
	return open_after(x) < open_after(y);
}

/* The place whose worst session is the worst of all. */
static struct v6d_place_read *
worst_place(struct v6d_sides *s, size_t i)
{
	struct v6d_place_read *worst = NULL;

	for (; i < s->n; i = v6d_sides_next(s, i)) {
		struct v6d_place_read *p = &s->places[i];

		if (p->j.n > 0 && (!worst || tells_more(&p->j, &worst->j)))
			worst = p;
	}
	return worst;
}

/* The session of that number in the flow becomes the chosen one. */
static bool
choose(struct v6d_judgement *j, uint32_t tunnel)
{
	for (size_t i = 0; i < j->n; i++)
		if (j->sessions[i].view == tunnel)
			return v6d_judge_choose(j, j->sessions[i].number);
	return false;
}

/* All places that saw the worst session, the nearest to the client first. */
static size_t
find_seen(struct v6d_sides *s, size_t i, struct seen *all)
{
	const struct v6d_place_read *worst = worst_place(s, i);
	uint32_t tunnel = 0;
	size_t n = 0;

	for (size_t k = 0; worst && k < worst->j.n; k++)
		if (worst->j.sessions[k].number == worst->j.number)
			tunnel = (uint32_t)worst->j.sessions[k].view;
	for (; worst && i < s->n; i = v6d_sides_next(s, i)) {
		struct v6d_place_read *p = &s->places[i];
		long twin = p == worst ? (long)tunnel
				       : v6d_trail_twin(&worst->passed.trail,
					     tunnel, &p->passed.trail);
		struct seen one = { p, (uint32_t)twin, NULL };
		size_t at = n;

		if (twin < 0 || !choose(&p->j, one.tunnel))
			continue;
		one.v = v6d_flow_view(p->j.flow, one.tunnel);
		for (; at > 0 && nearer(one.v, all[at - 1].v) < 0; at--)
			all[at] = all[at - 1];
		all[at] = one;
		n++;
	}
	return n;
}

static void
compare(struct seen *a, struct seen *b, struct v6d_report_between *ret)
{
	struct v6d_trail *x = &a->p->passed.trail, *y = &b->p->passed.trail;

	*ret = (struct v6d_report_between){ .near_name = a->p->name,
		.far_name = b->p->name,
		.ordered = nearer(a->v, b->v) != 0,
		.partial =
		    a->p->passed.n_left_out + b->p->passed.n_left_out > 0 };
	if (a->v->roles_guessed && !b->v->roles_guessed)
		v6d_trail_align(y, b->tunnel, x, a->tunnel);
	else
		v6d_trail_align(x, a->tunnel, y, b->tunnel);
	v6d_trail_compare(x, a->tunnel, y, b->tunnel, &ret->seen);
}

void
v6d_sides_report(struct v6d_sides *s, size_t i, struct v6d_sides_report *ret)
{
	struct seen all[V6D_SIDES];
	size_t n = find_seen(s, i, all), len = 0;

	*ret = (struct v6d_sides_report){ .n = n };
	for (size_t k = 0; k < n; k++) {
		struct v6d_judgement *j = &all[k].p->j;
		const struct v6d_diagnosis *d = v6d_judgement_diagnosis(j);

		ret->places[k] =
		    (struct v6d_report_place){ .name = all[k].p->name,
			    .verdict = d->verdict,
			    .code = d->code };
		v6d_witness_position(all[k].v, &ret->places[k].position);
		if (!ret->told || tells_more(j, ret->told))
			ret->told = j;
		if (len < sizeof(ret->name))
			len += (size_t)snprintf(ret->name + len,
			    sizeof(ret->name) - len, "%s%s", k > 0 ? ", " : "",
			    all[k].p->name);
		if (k > 0)
			compare(&all[k - 1], &all[k], &ret->between[k - 1]);
	}
}
