/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watched.c - a tunnel in place: after the other checks' traffic, a few
 * echoes; then what was watched of its GRE is judged.
 */
#include "probe/watched.h"

#include "base/wire.h"
#include "probe/help.h"

/* Through the tunnel: small ones, full ones, small ones again. */
#define ECHOES 12
#define SMALL 84 /* bytes of IPv6: what ping sends */
#define GAP V6D_MS(10)
#define ANSWER_TIME V6D_MS(1100) /* lib/flow waits 1 s for an answer */
#define PATIENCE V6D_MS(1500)
#define REST V6D_MS(400) /* acks and late frames come by then */

enum tag { PAUSE, ASK_ECHOES, WATCHED };

static void
ask_watched(struct v6d_probe_run *r)
{
	struct v6d_ask q = {
		.kind = V6D_ASK_WATCHED, .tag = WATCHED, .timeout = REST
	};

	v6d_probe_ask(r, &q);
}

/* What came late to the others' packets is no answer any more by then. */
void
v6d_watched_start(struct v6d_probe_run *r)
{
	struct v6d_ask q = {
		.kind = V6D_ASK_SLEEP, .tag = PAUSE, .timeout = ANSWER_TIME
	};

	v6d_probe_ask(r, &q);
}

/* What comes now shows that the others' lost packets are lost. */
static void
ask_echoes(struct v6d_probe_run *r)
{
	struct v6d_ask q;

	if (r->plan->n_targets == 0 || r->plan->interface[0] == '\0') {
		ask_watched(r);
		return;
	}
	q = (struct v6d_ask){ .kind = V6D_ASK_PING,
		.tag = ASK_ECHOES,
		.ns = V6D_NS_TUNNEL,
		.addr = r->plan->targets[0],
		.timeout = PATIENCE,
		.gap = GAP,
		.n_frames = ECHOES,
		.df = true };
	for (unsigned i = 0; i < ECHOES; i++)
		q.frames[i].outer_len =
		    i / 4 == 1 ? r->plan->mtu : (uint16_t)SMALL;
	v6d_probe_ask(r, &q);
}

/* The losses that are bad, one way; NULL: neither. */
static const struct v6d_obs *
lossy(const struct v6d_probe_run *r)
{
	static const enum v6d_fact ways[] = { V6D_FACT_GRE_LOSS_IN,
		V6D_FACT_GRE_LOSS_OUT };

	for (unsigned i = 0; i < V6D_ARRAY_LEN(ways); i++)
		if (v6d_probe_bad(r, ways[i]))
			return v6d_facts_last(r->facts, ways[i]);
	return NULL;
}

void
v6d_watched_end(struct v6d_probe_run *r)
{
	const struct v6d_obs *loss = lossy(r);
	const struct v6d_obs *in = v6d_facts_last(r->facts, V6D_FACT_GRE_IN);
	const struct v6d_obs *size_in =
	    v6d_facts_last(r->facts, V6D_FACT_GRE_SIZE_IN);
	const struct v6d_obs *size_out =
	    v6d_facts_last(r->facts, V6D_FACT_GRE_SIZE_OUT);

	if (v6d_probe_bad(r, V6D_FACT_GRE_IN))
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "no GRE comes from the server while this host sends");
	else if (v6d_probe_bad(r, V6D_FACT_GRE_OUT))
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "GRE comes from the server, ours does not reach it");
	else if (size_out && size_out->state == V6D_BAD)
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "GRE over %lld bytes is lost on the way out",
		    (long long)size_out->value);
	else if (size_in && size_in->state == V6D_BAD)
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "GRE over %lld bytes is lost on the way in",
		    (long long)size_in->value);
	else if (loss)
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "GRE of the session in place is lost: %lld per mille on "
		    "the way %s",
		    (long long)loss->value,
		    loss->fact == V6D_FACT_GRE_LOSS_IN ? "in" : "out");
	else if (in && v6d_probe_ok(r, V6D_FACT_GRE_OUT))
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "GRE of the session in place passes both ways (%lld came)",
		    (long long)in->value);
	else
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "too little was seen of the session in place: its GRE "
		    "does not tell");
}

bool
v6d_watched_answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	switch ((enum tag)a->tag) {
	case PAUSE:
		ask_echoes(r);
		break;
	case ASK_ECHOES:
		ask_watched(r);
		break;
	case WATCHED:
		return true;
	}
	return false;
}
