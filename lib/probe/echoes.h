/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * echoes.h - the search for the largest IPv6 packet that passes, by ICMPv6
 * echoes of many sizes side by side (RFC 8201; where and why it departs from
 * RFC 8899: docs/probes/pmtu.md). Asks rounds, eats answers.
 */
#ifndef V6D_PROBE_ECHOES_H
#define V6D_PROBE_ECHOES_H

#include "probe/ask.h"
#include "probe/limit.h"

#define V6D_ECHOES_WINDOW 32 /* sizes of a round */

struct v6d_echoes {
	struct v6d_limit limit;
	bool pieces; /* requests in fragments: only replies go whole */
	uint16_t piece; /* of at most so many bytes; 0: 1280 */
	v6d_ns gap; /* between echoes; 0: a little */
	uint8_t vary; /* bytes by which replies of a size differ on the line */
	unsigned n;
	uint16_t sent[V6D_ECHOES_WINDOW]; /* of the round under way */
	unsigned rounds, mute; /* mute: in a row without any sentinel */
	unsigned packets, n_changed;
	bool lost_first; /* a size came only at a later try */
	bool over;
	/* The largest fragment, where replies came in such; 0: all whole. */
	uint16_t reply_piece;
	uint16_t in_largest; /* as of the answers */
	uint16_t came, sure; /* where replies vary: the largest size that came;
				in_largest when sizes around it were asked */
	v6d_ns rtt, jitter;
	struct v6d_answer_frame ptb; /* the least packet-too-big that came */
	unsigned n_ptb, ptb_size; /* how many; the size it was about */
};

/* lo: smaller is taken to pass; top: the largest to be tried, bytes. */
void
v6d_echoes_init(struct v6d_echoes *e, uint16_t lo, uint16_t top, bool pieces);

/* Packets of this size are known to pass: by other means than echoes. */
void v6d_echoes_known(struct v6d_echoes *e, unsigned size);

/* The next round, all but its target and tag; false: it is over. */
bool v6d_echoes_next(struct v6d_echoes *e, struct v6d_ask *ret_ask);

void v6d_echoes_feed(struct v6d_echoes *e, const struct v6d_answer *a);

/* Something came back, so that there is a result. */
bool v6d_echoes_measured(const struct v6d_echoes *e);

/* The largest size that passes, and whether it is all that was tried. */
unsigned v6d_echoes_limit(const struct v6d_echoes *e);
bool v6d_echoes_all(const struct v6d_echoes *e);

/*
 * What is wrong with the packet-too-big that came, or NULL: one that names
 * less than 1280 is to be ignored (RFC 8201 4), and one that does not name
 * less than the packet it is about says nothing.
 */
const char *v6d_echoes_ptb_word(const struct v6d_echoes *e);

#endif
