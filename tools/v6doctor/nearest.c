/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nearest.c - which known names a mistyped one may have meant. */
#include "nearest.h"

#include <string.h>

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

/* How far a name is; one that holds the word, or the other way, is near. */
static size_t
far(const char *what, const char *name)
{
	if (strlen(what) >= 3 && (strstr(name, what) || strstr(what, name)))
		return 1;
	return distance(what, name);
}

void
v6d_nearest_offer(struct v6d_nearest *b, const char *word, const char *name)
{
	size_t d = far(word, name), at = b->n;

	if (d > strlen(word) / 3 + 1)
		return;
	if (b->n < V6D_NEAREST)
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
