/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nearest.c - names that a mistyped one may have meant. */
#include "nearest.h"

#include <stdbool.h>
#include <string.h>

#include "diag/diagnosis.h"
#include "probe/probe.h"

#define LONGEST 40

/* Levenshtein's distance between words of up to LONGEST letters. */
static size_t
distance(const char *a, const char *b)
{
	size_t row[LONGEST + 1], na = strlen(a), nb = strlen(b);

	if (na > LONGEST || nb > LONGEST)
		return LONGEST;
	for (size_t j = 0; j <= nb; j++)
		row[j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t up = row[j];
			size_t best = corner + (a[i - 1] != b[j - 1]);

			best = up + 1 < best ? up + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			row[j] = best;
			corner = up;
		}
	}
	return row[nb];
}

/* How far a name is; a name that holds the word, or the other way, is near. */
static size_t
far(const char *what, const char *name)
{
	if (strlen(what) >= 2 && (strstr(name, what) || strstr(what, name)))
		return 1;
	return distance(what, name);
}

struct best {
	const char **names;
	size_t far[8], n, max;
};

static void
offer(struct best *b, const char *what, const char *name)
{
	size_t d = far(what, name), at = b->n;

	if (d > strlen(what) / 3 + 1)
		return;
	if (b->n < b->max)
		b->n++;
	else if (b->far[b->n - 1] <= d)
		return;
	else
		at = b->n - 1;
	for (; at > 0 && b->far[at - 1] > d; at--) {
		b->far[at] = b->far[at - 1];
		b->names[at] = b->names[at - 1];
	}
	b->far[at] = d;
	b->names[at] = name;
}

size_t
v6d_nearest(const char *what, const char **ret_names, size_t max)
{
	struct best b = { ret_names, { 0 }, 0, max < 8 ? max : 8 };

	for (int i = 0; i < V6D_N_CAUSES; i++)
		offer(&b, what, v6d_cause_name((enum v6d_cause)i));
	for (size_t i = 0; i < v6d_n_probes; i++)
		offer(&b, what, v6d_probes[i]->name);
	return b.n;
}
