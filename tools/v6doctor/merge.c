/* SPDX-License-Identifier: GPL-2.0-or-later */
/* merge.c - several captures as one, in the order of time. */
#include "merge.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

struct source {
	const char *path;
	struct v6d_capture *c;
	bool has; /* its next packet is known */
	struct v6d_captured next;
};

struct v6d_merge {
	size_t n;
	struct source *taken; /* whose packet the caller has; or NULL */
	char damage[V6D_CAPTURE_MESSAGE];
	struct source s[];
};

/* The next packet of one; where the file is damaged that is its end. */
static void
advance(struct v6d_merge *m, struct source *s)
{
	char why[V6D_CAPTURE_MESSAGE / 2] = "";
	int r = v6d_capture_next(s->c, &s->next, why, sizeof(why));

	s->has = r > 0;
	if (r < 0 && !m->damage[0])
		snprintf(m->damage, sizeof(m->damage), "%s%.80s%s%s",
		    m->n > 1 ? "(" : "", m->n > 1 ? s->path : "",
		    m->n > 1 ? ") " : "", why);
}

int
v6d_merge_open(const char *const *paths, size_t n, struct v6d_merge **ret_m,
    char *message, size_t size)
{
	struct v6d_merge *m = calloc(1, sizeof(*m) + n * sizeof(m->s[0]));

	message[0] = '\0';
	if (!m)
		return -ENOMEM;
	m->n = n;
	for (size_t i = 0; i < n; i++) {
		struct source *s = &m->s[i];
		int err = v6d_capture_open(paths[i], &s->c, message, size);

		if (err) {
			v6d_merge_close(m);
			return err;
		}
		s->path = paths[i];
		advance(m, s);
	}
	*ret_m = m;
	return 0;
}

int
v6d_merge_next(struct v6d_merge *m, struct v6d_captured *ret_p)
{
	struct source *first = NULL;

	if (m->taken)
		advance(m, m->taken);
	for (size_t i = 0; i < m->n; i++) {
		struct source *s = &m->s[i];

		if (s->has && (!first || s->next.at < first->next.at))
			first = s;
	}
	m->taken = first;
	if (!first)
		return 0;
	*ret_p = first->next;
	return 1;
}

const char *
v6d_merge_damage(const struct v6d_merge *m)
{
	return m->damage;
}

void
v6d_merge_close(struct v6d_merge *m)
{
	for (size_t i = 0; m && i < m->n; i++)
		v6d_capture_close(m->s[i].c);
	free(m);
}
