/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * witness_position.c - where a capture was taken, by what is left of the TTL
 * of either end's packets.
 */
#include "diag/witness.h"

/* What hosts and routers start with (RFC 1700, and what is seen). */
static const uint8_t starts[] = { 64, 128, 255 };
#define FAR 30 /* more hops than this is another start */

/* Hops from the sender to here; -1: not known. */
static int
hops_of(uint8_t ttl)
{
	for (size_t i = 0; ttl > 0 && i < V6D_ARRAY_LEN(starts); i++)
		if (ttl <= starts[i] && starts[i] - ttl <= FAR)
			return starts[i] - ttl;
	return -1;
}

void
v6d_witness_position(const struct v6d_view *v, struct v6d_position *ret_p)
{
	int client = hops_of(v->ttl[V6D_DIR_OUT]);
	int server = hops_of(v->ttl[V6D_DIR_IN]);

	*ret_p = (struct v6d_position){ V6D_SEEN_UNKNOWN, client, server };
	if (v->live)
		ret_p->from = V6D_SEEN_CLIENT;
	else if (v->roles_guessed && client >= 0 && server >= 0 &&
		 (client == 0) != (server == 0))
		ret_p->from = V6D_SEEN_UNKNOWN; /* which end is which? */
	else if (client == 0 && server == 0)
		ret_p->from = V6D_SEEN_BOTH;
	else if (client == 0)
		ret_p->from = V6D_SEEN_CLIENT;
	else if (server == 0)
		ret_p->from = V6D_SEEN_SERVER;
	else if (client > 0 && server > 0)
		ret_p->from = V6D_SEEN_BETWEEN;
}

const char *
v6d_seen_from_name(enum v6d_seen_from from)
{
	switch (from) {
	case V6D_SEEN_UNKNOWN:
		break;
	case V6D_SEEN_CLIENT:
		return "client";
	case V6D_SEEN_SERVER:
		return "server";
	case V6D_SEEN_BETWEEN:
		return "between";
	case V6D_SEEN_BOTH:
		return "both";
	}
	return "unknown";
}
