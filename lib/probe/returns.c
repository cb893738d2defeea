/* SPDX-License-Identifier: GPL-2.0-or-later */
/* returns.c - large replies to echoes that got out in fragments. */
#include "probe/returns.h"

#define IP6_MIN 1280 /* RFC 8200 5 */
#define PIECE_MIN 128 /* bytes: smaller fragments are not sent */
#define KNOWN 8 /* sizes below the question: they must come back */
#define ACK_WORD 4u /* bytes; replies have it or not (RFC 2637 4.1) */
/* So that each reply has its acknowledgment, on a busy server as well. */
#define GAP V6D_MS(10)

bool
v6d_returns_wanted(const struct v6d_sweep *s, unsigned needed)
{
	struct v6d_sweep_result in = v6d_sweep_in(s), out = v6d_sweep_out(s);

	return in.known == V6D_SWEEP_AT_LEAST && in.size < needed &&
	       out.known == V6D_SWEEP_LIMIT &&
	       out.size >= PIECE_MIN + V6D_GRE_OVERHEAD;
}

/*
 * The question begins below what LCP echoes have shown to come: where these
 * sizes come back, the server puts fragments together, and where only these
 * do, the limit is there.
 */
void
v6d_returns_begin(struct v6d_echoes *e, const struct v6d_sweep *s, unsigned mtu)
{
	unsigned limit = v6d_sweep_out(s).size - V6D_GRE_OVERHEAD;
	unsigned top = mtu < V6D_LIMIT_MAX ? mtu : V6D_LIMIT_MAX;
	unsigned lo = limit + 1 - KNOWN;

	v6d_echoes_init(e, (uint16_t)lo, (uint16_t)top, true);
	e->rtt = s->rtt;
	e->gap = GAP;
	e->vary = ACK_WORD;
	e->piece = (uint16_t)(lo - 1 < IP6_MIN ? lo - 1 : IP6_MIN);
}

struct v6d_sweep_result
v6d_returns_in(const struct v6d_echoes *e, const struct v6d_sweep *s)
{
	struct v6d_sweep_result in = v6d_sweep_in(s);
	unsigned limit;

	if (!v6d_echoes_measured(e))
		return in;
	limit = v6d_echoes_limit(e) + V6D_GRE_OVERHEAD;
	/* So much has come: how many acknowledgments were among it shows. */
	if (e->in_largest > 0 && limit <= e->in_largest + ACK_WORD)
		limit = e->in_largest;
	if (limit > in.size)
		in.size = (uint16_t)limit;
	in.known = v6d_echoes_all(e) ? V6D_SWEEP_ALL : V6D_SWEEP_LIMIT;
	in.exact = true;
	return in;
}
