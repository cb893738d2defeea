/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doubt.h - a size that seemed to be lost each time, on a line that loses
 * others as well: LCP echoes of that size (RFC 1661 5.8), until one comes back
 * or chance does not explain any more that none does.
 */
#ifndef V6D_PROBE_DOUBT_H
#define V6D_PROBE_DOUBT_H

#include "probe/ask.h"

struct v6d_doubt {
	uint16_t size; /* outer bytes; 0: none is doubted */
	bool shadowed; /* as struct v6d_losses */
	v6d_ns rtt;
	unsigned tries, rounds; /* rounds: those that told something */
	unsigned n, copies; /* of the try under way */
	bool passed; /* one came back, */
	uint16_t len; /* of so many outer bytes */
};

/* rtt: of small echoes, 0: not known. */
void
v6d_doubt_init(struct v6d_doubt *d, uint16_t size, bool shadowed, v6d_ns rtt);

/* The next burst, all but its tag; false: it is decided. */
bool v6d_doubt_next(struct v6d_doubt *d, struct v6d_ask *ret_ask);

void v6d_doubt_feed(struct v6d_doubt *d, const struct v6d_answer *a);

#endif
