/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay.h - a recorded run once more: today's probes with the answers of
 * then, in their order and at their times. Same probes, same observations.
 */
#ifndef V6D_TRACE_REPLAY_H
#define V6D_TRACE_REPLAY_H

#include "trace/trace.h"

#define V6D_REPLAY_WHAT 256

enum v6d_replay_how {
	V6D_REPLAY_SAME, /* every ask, observation and check */
	V6D_REPLAY_OTHER_ASKS, /* a probe asks otherwise than it did */
	V6D_REPLAY_OTHER_FACTS, /* the same asks, other observations */
	V6D_REPLAY_IMPOSSIBLE, /* what says why; trace may be NULL */
};

struct v6d_replay {
	enum v6d_replay_how how;
	char what[V6D_REPLAY_WHAT]; /* the first difference, in words */
	struct v6d_trace *trace; /* as it went now; v6d_replay_done frees it */
};

/* True: ret is filled. False: no memory. */
bool v6d_replay(const struct v6d_trace *t, struct v6d_replay *ret);
void v6d_replay_done(struct v6d_replay *r);

#endif
