/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ask_frames.c - when frames of a burst or of echoes go out, and the end. */
#include "io/ask_impl.h"

#include "io/clock.h"

/* Frames that use a number again go with the one before them. */
static unsigned
end_of_group(const struct v6d_job *j, unsigned first)
{
	unsigned end = first + 1;

	while (end < j->ask.n_frames && j->ask.frames[end].reuse)
		end++;
	return end;
}

static void
send_next(uv_timer_t *t)
{
	struct v6d_job *j = t->data;
	unsigned end = end_of_group(j, j->n_sent);

	j->send(j, j->n_sent, end);
	j->n_sent = end;
	if (j->n_sent == j->ask.n_frames)
		uv_timer_stop(&j->tick);
	v6d_frames_check(j);
}

void
v6d_frames_start(struct v6d_job *j,
    void (*send)(struct v6d_job *j, unsigned first, unsigned end))
{
	uint64_t ms = (j->ask.gap + V6D_MS(1) - 1) / V6D_MS(1);
	unsigned n = j->ask.gap ? end_of_group(j, 0) : j->ask.n_frames;

	j->send = send;
	send(j, 0, n);
	j->n_sent = n;
	if (n < j->ask.n_frames)
		uv_timer_start(&j->tick, send_next, ms, ms);
	v6d_frames_check(j);
}

static void
grace_over(uv_timer_t *t)
{
	v6d_job_done(t->data);
}

/* The first answer to a frame that closes: what is late gets its grace. */
static void
close_soon(struct v6d_job *j)
{
	uint64_t ms = (j->ask.grace + V6D_MS(1) - 1) / V6D_MS(1);

	if (j->closing)
		return;
	j->closing = true;
	if (ms == 0)
		v6d_job_done(j);
	else
		uv_timer_start(&j->tick, grace_over, ms, 0);
}

void
v6d_frames_check(struct v6d_job *j)
{
	bool all = j->n_sent == j->ask.n_frames;

	if (j->over)
		return;
	for (unsigned i = 0; i < j->n_sent; i++) {
		const struct v6d_answer_frame *f = &j->answer.frames[i];

		if (f->answered && j->ask.frames[i].closes)
			close_soon(j);
		/* What was not sent, or came to grief, brings no answer. */
		all &= !f->sent || f->answered || f->error != 0;
	}
	if (all)
		v6d_job_done(j);
}
