/* SPDX-License-Identifier: GPL-2.0-or-later */
/* way.c - between which two routers large packets vanish, by hop limits. */
#include "probe/way.h"

#include <string.h>

#include "probe/help.h"

#define HOPS 8
#define COPIES 2
#define SMALL 128
#define EXCEEDED (3 << 8) /* ICMPv6 type 3, code 0 */

void
v6d_way_ask(struct v6d_ask *ret_ask, uint16_t big, v6d_ns rtt)
{
	memset(ret_ask, 0, sizeof(*ret_ask));
	ret_ask->kind = V6D_ASK_PING;
	ret_ask->df = true;
	ret_ask->gap = V6D_MS(1);
	ret_ask->timeout = V6D_MS(150) + 2 * rtt;
	for (unsigned i = 0; i < HOPS * 2 * COPIES; i++) {
		struct v6d_ask_frame *f = &ret_ask->frames[ret_ask->n_frames++];

		f->outer_len = i % 2 ? big : SMALL;
		f->hops = (uint8_t)(i / (2 * COPIES) + 1);
	}
}

/* Who reported the small or the large echoes of that hop, or NULL. */
static const struct v6d_answer_frame *
reported(const struct v6d_answer *a, unsigned hop, bool large)
{
	for (unsigned k = 0; k < COPIES; k++) {
		unsigned i = (hop * COPIES + k) * 2 + large;

		if (i < a->n_frames && a->frames[i].error == EXCEEDED)
			return &a->frames[i];
	}
	return NULL;
}

static void
hop_fact(struct v6d_probe_run *r, enum v6d_fact fact, unsigned hop,
    const struct v6d_addr *router)
{
	char text[V6D_ADDR_TEXT];

	v6d_probe_fact(r, fact, v6d_help_text(router, text), V6D_OK, NULL,
	    (int64_t)hop + 1);
}

void
v6d_way_facts(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	const struct v6d_answer_frame *f, *last = NULL;
	unsigned hop, last_hop = 0;

	if (a->how == V6D_ANSWER_REFUSED)
		return;
	for (hop = 0; hop < HOPS; hop++) {
		f = reported(a, hop, true);
		if (f) {
			last = f;
			last_hop = hop;
		}
	}
	if (last)
		hop_fact(r, V6D_FACT_V6_HOP_LAST, last_hop, &last->error_from);
	for (hop = last ? last_hop + 1 : 0; hop < HOPS; hop++) {
		f = reported(a, hop, false);
		if (!f)
			continue;
		hop_fact(r, V6D_FACT_V6_HOP_NEXT, hop, &f->error_from);
		return;
	}
}
