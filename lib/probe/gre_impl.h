/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gre_impl.h - the inside of the GRE check, for probe_gre.c and gre_facts.c. */
#ifndef V6D_PROBE_GRE_IMPL_H
#define V6D_PROBE_GRE_IMPL_H

#include "probe/doubt.h"
#include "probe/frags.h"
#include "probe/losses.h"
#include "probe/payload.h"
#include "probe/returns.h"
#include "probe/sweep.h"

struct gre {
	struct v6d_sweep sweep;
	struct v6d_ask ask;
	uint16_t top;
	bool watching; /* a session in place */
	bool up; /* PPP is, wholly */
	bool waited; /* for that, once more */
	unsigned whole; /* outer bytes that both ends can take */
	unsigned came, gaps; /* before any sweep: GRE; numbers not seen */
	bool repeated; /* the link took so long that it shows */
	struct v6d_losses losses;
	bool told; /* that it loses heavily: others wait less by it */
	bool counted; /* while the sizes were searched, or before */
	bool doubtful; /* the sizes' limits, which are no facts yet */
	struct v6d_doubt doubt;
	unsigned doubts;
	struct v6d_payload payload;
	struct v6d_addr peer; /* its link-local address in the tunnel */
	/* Replies to echoes in IPv6 fragments, where GRE ends below what the
	 * other way carries. */
	struct v6d_echoes back;
	struct v6d_frags frags;
};

static inline struct gre *
v6d_gre_mine(struct v6d_probe_run *r)
{
	_Static_assert(sizeof(struct gre) <= V6D_PROBE_STATE, "state");
	return (struct gre *)(void *)r->state;
}

/* Outer bytes of a full packet of this tunnel. */
unsigned v6d_gre_needed(const struct v6d_probe_run *r);

/* The limit harms this tunnel: its full packets are larger. */
bool v6d_gre_harms(const struct v6d_probe_run *r, struct v6d_sweep_result s);

/* The peer drops repeated numbers. */
bool v6d_gre_shadowed(const struct gre *g);

/* What ends below a full packet for those that may not be fragmented. */
struct v6d_sweep_result v6d_gre_cut_out(const struct gre *g);
bool v6d_gre_is_cut(const struct v6d_probe_run *r, const struct gre *g);

/* A full packet has to travel in IPv4 fragments, or could where none else. */
bool v6d_gre_wants_pieces(const struct v6d_probe_run *r, const struct gre *g);

/* gre.size.*, v6.mtu, gre.data, gre.rtt; gre.data; gre.fragments. */
void v6d_gre_size_facts(struct v6d_probe_run *r);
void v6d_gre_data_fact(struct v6d_probe_run *r);
void v6d_gre_pieces_facts(struct v6d_probe_run *r);

/* What of gre.size.* and v6.mtu is bad may be chance: it is unknown now. */
void v6d_gre_doubt_facts(struct v6d_probe_run *r);

/* The facts of losses, and the check's end. */
void v6d_gre_conclude(struct v6d_probe_run *r);

#endif
