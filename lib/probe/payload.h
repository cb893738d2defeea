/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * payload.h - do long GRE packets arrive as they were sent, by one burst of
 * LCP echoes (RFC 1661 5.8) whose data are compared?
 */
#ifndef V6D_PROBE_PAYLOAD_H
#define V6D_PROBE_PAYLOAD_H

#include "probe/ask.h"

struct v6d_payload {
	uint16_t size; /* outer bytes; 0: none is long enough to be asked */
	v6d_ns rtt;
	bool asked;
	unsigned answered, changed;
};

/* size: outer bytes of the largest packet that passes both ways. */
void v6d_payload_init(struct v6d_payload *p, uint16_t size, v6d_ns rtt);

/* The burst, all but its tag; false: it is over. */
bool v6d_payload_next(struct v6d_payload *p, struct v6d_ask *ret_ask);

void v6d_payload_feed(struct v6d_payload *p, const struct v6d_answer *a);

#endif
