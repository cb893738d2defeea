/* SPDX-License-Identifier: GPL-2.0-or-later */
/* read.c - a walk over pasted text: what it suggests, and what it tells. */
#include "walk/impl.h"

#include "base/wire.h"

/* What people say that answers a step. */
static const struct {
	enum v6d_claim claim;
	enum v6d_walk_step step;
	char key;
} claims[] = {
	{ V6D_CLAIM_OTHER_LINE_OK, V6D_STEP_OTHER_LINE, 'y' },
	{ V6D_CLAIM_TWO_ROUTERS, V6D_STEP_TWO_ROUTERS, '2' },
	{ V6D_CLAIM_V4_PAGES_OK, V6D_STEP_ORDINARY, 'y' },
};

static bool
given(const struct v6d_walk *w, enum v6d_walk_step step)
{
	for (unsigned i = 0; i < w->n_said; i++)
		if (w->said[i].step == step)
			return true;
	return false;
}

void
v6d_walk_read(
    const struct v6d_paste *p, const struct v6d_ranking *r, struct v6d_walk *w)
{
	w->n_hints = 0;
	for (unsigned i = 0; i < r->n_tests && i < V6D_WALK_NEXT; i++)
		if (v6d_walk_step_by_name(r->tests[i], &w->hints[w->n_hints]))
			w->n_hints++;
	for (size_t i = 0; i < V6D_ARRAY_LEN(claims); i++) {
		if (!p->claimed[claims[i].claim] ||
		    w->n_said >= V6D_WALK_SAID || given(w, claims[i].step))
			continue;
		w->said[w->n_said++] =
		    (struct v6d_walk_said){ claims[i].step, claims[i].key };
		w->n_read++;
	}
}
