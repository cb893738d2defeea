/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * impair.h - what a bad line does to each frame, decided without a clock or
 * a socket: delay, jitter, loss, reordering, duplication, corruption, a rate
 * with a queue, a rate with a policer.
 */
#ifndef V6D_TOOLS_LAB_IMPAIR_H
#define V6D_TOOLS_LAB_IMPAIR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/time.h"

enum v6d_way {
	V6D_WAY_OUT, /* from near to far: away from the client */
	V6D_WAY_IN,
	V6D_WAYS
};

/* All zero: a perfect line. Chances are in percent. */
struct v6d_impair_conf {
	unsigned delay_ms; /* there and back; each way takes half of it */
	unsigned jitter_ms; /* up to so much more, each way; in order */
	unsigned loss[V6D_WAYS];
	unsigned reorder; /* held back until later ones have passed */
	unsigned duplicate;
	unsigned corrupt; /* one bit of a long packet's payload changes */
	unsigned rate_kbit; /* 0: none; what comes faster waits */
	unsigned queue_ms; /* so long at most, else it is dropped */
	unsigned police_kbit; /* 0: none; what comes faster is dropped */
	unsigned burst_bytes; /* above it */
	unsigned proto; /* only this IP protocol; 0: each */
	unsigned seed; /* the same seed, the same dice */
};

#define V6D_IMPAIR_QUEUE_MS 100 /* unless said otherwise */
#define V6D_IMPAIR_BURST 16384

/* The state of one way. */
struct v6d_impair {
	const struct v6d_impair_conf *conf;
	enum v6d_way way;
	uint64_t dice[6]; /* one per kind of chance: none disturbs another */
	v6d_ns last; /* when the newest frame in order leaves */
	v6d_ns line_free; /* when the line has sent what it took */
	v6d_ns tokens_at;
	uint64_t tokens; /* of the policer: bits times 10^6 */
};

/* What happens to one frame. */
struct v6d_fate {
	unsigned copies; /* 0: lost */
	v6d_ns at; /* when they leave */
	bool flips; /* the bit of that number in the IP payload changes */
	size_t flip_bit;
};

/*
 * Reads one "KEY=VALUE" into *conf. NULL, or what is wrong with it. Keys:
 * delay jitter loss-in loss-out reorder duplicate corrupt rate queue
 * police burst proto seed.
 */
const char *v6d_impair_read(const char *word, struct v6d_impair_conf *conf);

void v6d_impair_init(
    struct v6d_impair *m, const struct v6d_impair_conf *conf, enum v6d_way way);

/*
 * A frame of n bytes (Ethernet) arrives at `now`. ARP and neighbour discovery
 * belong to the cables at both ends, which are sound and short.
 */
struct v6d_fate v6d_impair_frame(
    struct v6d_impair *m, const uint8_t *frame, size_t n, v6d_ns now);

/* Changes the frame as fate says, so that the IP header stays valid. */
void v6d_impair_flip(const struct v6d_fate *f, uint8_t *frame, size_t n);

#endif
