/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ask_borrow.c - what needs the session itself, where its owner lends it. */
#include "io/ask_impl.h"

#include <errno.h>
#include <stdlib.h>

#include "io/borrow.h"

#define MORE_MS 1000 /* beyond the ask's own time: its owner keeps that */

static struct v6d_job *
job_of(struct v6d_asker *a, unsigned id)
{
	for (struct v6d_job *j = a->jobs; j; j = j->next)
		if (j->borrowed == id && !j->over)
			return j;
	return NULL;
}

static void
refuse(struct v6d_job *j)
{
	v6d_job_refuse(
	    j, ENOTCONN, "the session has ended, or \"v6doctor connect\" has");
}

static void
answered(void *arg, unsigned id, const struct v6d_answer *answer)
{
	struct v6d_asker *a = arg;
	struct v6d_job *j;

	if (answer) {
		j = job_of(a, id);
		if (j)
			v6d_job_answered(j, answer);
		return;
	}
	a->borrow_over = true;
	for (j = a->jobs; j; j = j->next)
		if (j->borrowed && !j->over)
			refuse(j);
}

int
v6d_asker_borrow(struct v6d_asker *a, int fd)
{
	return v6d_borrow_new(a->conf.loop, fd, answered, a, &a->borrow);
}

int
v6d_ask_borrow_start(struct v6d_job *j)
{
	struct v6d_asker *a = j->asker;

	if (a->borrow_over) {
		refuse(j);
		return 0;
	}
	j->borrowed = ++a->n_borrowed;
	v6d_job_patience(j, MORE_MS);
	v6d_borrow_ask(a->borrow, j->borrowed, &j->ask);
	return 0;
}
