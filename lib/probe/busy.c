/* SPDX-License-Identifier: GPL-2.0-or-later */
/* busy.c - what large transfers do to the line. */
#include "probe/busy.h"

#include <string.h>

#include "base/rate.h"

#define SMALL 84 /* bytes of an echo: what ping sends */
#define PINGS 16
#define PING_GAP V6D_MS(50)
#define PING_PATIENCE V6D_MS(1500)
#define LOOK_AGAIN V6D_MS(150)
#define LONG_QUEUE V6D_MS(400) /* voice and games are dead long before */
#define SHARE V6D_MS(100) /* of it, where one way alone is loaded */
#define POLICED_PPM 30000 /* of packets, more than on the idle line */
#define FAST 20000 /* kbit/s: no limit that anybody would notice */
#define PACKETS_MIN 50 /* fewer tell no rate */
#define BYTES_MIN 32768

static unsigned
kbit_of(const struct v6d_answer *a)
{
	uint64_t ms = a->took / V6D_MS(1);

	if (a->bytes < BYTES_MIN || ms == 0)
		return 0;
	return (unsigned)(a->bytes * 8 / ms);
}

void
v6d_busy_transfer(struct v6d_busy *l, const struct v6d_answer *a, bool put)
{
	struct v6d_busy_way *w = put ? &l->out : &l->in;

	if (a->how == V6D_ANSWER_REFUSED || !a->connected || a->stalled)
		return;
	w->kbit = kbit_of(a);
	w->sent = w->lost = 0;
	if (put && a->packet < l->mtu)
		return; /* what was too large had to be sent again */
	if (put) {
		w->sent = a->segments;
		w->lost = a->again < a->segments ? a->again : a->segments;
	} else if (a->in_gaps_known) {
		w->sent = a->in_frames + a->in_gaps;
		w->lost = a->in_gaps;
	}
	if (a->rtt_max - a->rtt_min > l->added)
		l->added = a->rtt_max - a->rtt_min;
}

bool
v6d_busy_suspicious(const struct v6d_busy *l)
{
	return l->added >= LOOK_AGAIN;
}

void
v6d_busy_ask(struct v6d_ask *q)
{
	memset(q, 0, sizeof(*q));
	q->kind = V6D_ASK_PING;
	q->df = true;
	q->gap = PING_GAP;
	q->timeout = PINGS * PING_GAP + PING_PATIENCE;
	for (unsigned i = 0; i < PINGS; i++)
		q->frames[q->n_frames++].outer_len = SMALL;
}

void
v6d_busy_pings(
    struct v6d_busy *l, const struct v6d_answer *a, bool put, v6d_ns idle)
{
	struct v6d_busy_way *w = put ? &l->out : &l->in;

	for (unsigned i = 0; i < a->n_frames; i++) {
		v6d_ns rtt = a->frames[i].rtt;

		if (!a->frames[i].answered)
			continue;
		w->pinged = true;
		if (rtt > idle && rtt - idle > w->added)
			w->added = rtt - idle;
	}
}

/* Lost under load, surely more often than of single small packets. */
static bool
policed(
    const struct v6d_busy_way *w, const struct v6d_facts *f, enum v6d_fact idle)
{
	const struct v6d_obs *o = v6d_facts_last(f, idle);
	uint32_t low;

	if (w->sent < PACKETS_MIN || w->kbit == 0 || w->kbit > FAST || !o ||
	    o->value == V6D_NO_VALUE)
		return false;
	low = v6d_rate_of(w->lost, w->sent).low;
	return low > POLICED_PPM && low > (uint32_t)o->value * 2000;
}

static void
rate_fact(const struct v6d_busy_way *w, struct v6d_probe_run *r,
    enum v6d_fact fact, enum v6d_fact idle, v6d_ns both)
{
	const char *word = NULL;

	if (w->kbit == 0)
		return;
	if (policed(w, r->facts, idle))
		word = "policed";
	else if (both >= LONG_QUEUE && w->added >= SHARE)
		word = "queue";
	v6d_probe_fact(r, fact, NULL, word ? V6D_BAD : V6D_OK, word,
	    word ? (int64_t)w->kbit : V6D_NO_VALUE);
}

void
v6d_busy_facts(const struct v6d_busy *l, struct v6d_probe_run *r)
{
	v6d_ns added = l->added;

	added = l->in.added > added ? l->in.added : added;
	added = l->out.added > added ? l->out.added : added;
	rate_fact(&l->in, r, V6D_FACT_GRE_RATE_IN, V6D_FACT_GRE_LOSS_IN, added);
	rate_fact(
	    &l->out, r, V6D_FACT_GRE_RATE_OUT, V6D_FACT_GRE_LOSS_OUT, added);
	if (l->in.pinged || l->out.pinged)
		v6d_probe_fact(r, V6D_FACT_GRE_QUEUE, NULL, V6D_OK, NULL,
		    (int64_t)(added / V6D_MS(1)));
}
