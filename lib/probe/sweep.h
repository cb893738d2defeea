/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep.h - the search for the largest GRE packet that passes, each way, by
 * LCP frames of chosen sizes (RFC 1661 5.8, 5.9). Asks bursts, eats answers.
 *
 * What tells the directions apart depends on the peer. One that drops
 * repeated sequence numbers (pptpd): each large echo has a "shadow", a small
 * echo with the same number, which is answered only when the large one did
 * not arrive. One that answers late echoes (kernel drivers): Discard-Requests
 * and the acknowledgment in the next reply.
 */
#ifndef V6D_PROBE_SWEEP_H
#define V6D_PROBE_SWEEP_H

#include "probe/ask.h"
#include "probe/limit.h"

#define V6D_SWEEP_LO 100 /* outer bytes; smaller is taken to pass */
#define V6D_SWEEP_WINDOW 24 /* pppd loses echoes beyond 32 at a time */
#define V6D_SWEEP_RTTS 48
#define V6D_SWEEP_MARGIN 4 /* losses that chance does not explain */

enum v6d_sweep_mode {
	V6D_SWEEP_UNTRIED,
	V6D_SWEEP_SHADOW,
	V6D_SWEEP_ACK,
	V6D_SWEEP_BLIND, /* only the round trip can be measured */
};

enum v6d_sweep_burst {
	V6D_BURST_GRID, /* many sizes back to back */
	V6D_BURST_CAREFUL, /* few sizes, so far apart that every reply has
			      something to acknowledge: its size is fixed */
	V6D_BURST_PAUSE, /* the peer's queue must run dry */
	V6D_BURST_FLUSH, /* small echoes that make it look at its queue */
};

/* What one frame of a burst is there for. */
enum v6d_sweep_role {
	V6D_ROLE_ECHO, /* answered: this size passes both ways */
	V6D_ROLE_SHADOW, /* answered: the echo `of` did not arrive */
	V6D_ROLE_DISCARD, /* acknowledged: this size arrives */
	V6D_ROLE_LATE, /* an echo with an old number: its reply has no
			  acknowledgment, so its size is fixed */
	V6D_ROLE_CLOSE, /* answered: what was before it is through */
};

struct v6d_sweep_frame {
	uint16_t size;
	uint8_t role; /* enum v6d_sweep_role */
	uint8_t of;
};

struct v6d_sweep {
	enum v6d_sweep_mode mode;
	enum v6d_sweep_burst burst; /* under way */
	bool over, failed;
	unsigned n; /* frames of the burst under way */
	struct v6d_sweep_frame frames[V6D_ASK_FRAMES];
	struct v6d_limit out; /* of our packets */
	struct v6d_limit in; /* of replies; BLIND: of requests, both ways */
	int delta; /* a request's length less its reply's, bytes */
	bool have_delta;
	int delta_late; /* the same of late echoes; 0: none came back yet */
	unsigned shadows; /* of each echo */
	unsigned rounds, mute, no_ack, n_alone, untold, hole_tries, delta_tries;
	unsigned careful;
	bool paused;
	v6d_ns hint; /* of the round trip, before one was measured */
	v6d_ns rtt, jitter, spent, silent; /* silent: since the last burst */
	/* for what else a sweep shows */
	unsigned n_answered, n_changed, n_rtts, packets;
	v6d_ns rtts[V6D_SWEEP_RTTS]; /* of small echoes */
};

enum v6d_sweep_known {
	V6D_SWEEP_NOTHING, /* it could not be measured */
	V6D_SWEEP_ALL, /* up to the top everything passed */
	V6D_SWEEP_LIMIT, /* larger ones are lost */
	V6D_SWEEP_AT_LEAST, /* larger ones could not be tried */
	V6D_SWEEP_HOLE, /* some sizes are lost, larger ones pass */
};

struct v6d_sweep_result {
	enum v6d_sweep_known known;
	bool exact; /* the boundary was confirmed */
	uint16_t size; /* outer bytes; HOLE: the largest size below it */
	uint16_t hole; /* HOLE: the smallest size in it */
};

/*
 * top: the largest outer packet that both ends can take, bytes. rtt: about
 * how long an answer takes; 0: not known.
 */
void v6d_sweep_init(struct v6d_sweep *s, uint16_t top, v6d_ns rtt);

/* The next thing to ask; false: over (see `failed`). */
bool v6d_sweep_next(struct v6d_sweep *s, struct v6d_ask *ret_ask);

void v6d_sweep_feed(struct v6d_sweep *s, const struct v6d_answer *a);

/* BLIND: `in` is the round trip and `out` is not known. */
struct v6d_sweep_result v6d_sweep_out(const struct v6d_sweep *s);
struct v6d_sweep_result v6d_sweep_in(const struct v6d_sweep *s);

/* What s says harms a tunnel whose full packets have so many outer bytes. */
bool v6d_sweep_harms(struct v6d_sweep_result s, unsigned needed);

/* "all", "limit", ...: the word of a fact. */
const char *v6d_sweep_word(enum v6d_sweep_known known);

/*
 * An echo of `size` came back after the sweep, in `len`: what of about these
 * was lost before was chance.
 */
void v6d_sweep_passed(struct v6d_sweep *s, unsigned size, unsigned len);

/* Something was lost that is not too large. */
bool v6d_sweep_lossy(const struct v6d_sweep *s);

/* The median of the small echoes' round trips; 0: none. */
v6d_ns v6d_sweep_median_rtt(const struct v6d_sweep *s);

#endif
