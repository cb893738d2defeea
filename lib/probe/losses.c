/* SPDX-License-Identifier: GPL-2.0-or-later */
/* losses.c - how much of small GRE is lost, comes late or comes twice. */
#include "probe/losses.h"

#include <string.h>

#include "base/rate.h"

#define SMALL 100 /* outer bytes */
#define FRAMES 24
#define SENTINELS 3
#define SENTINELS_SHADOWED 2 /* each with its copies */
#define ROUNDS 2
#define ROUNDS_SUSPECTED 5 /* where only others had losses */
#define ROUNDS_ODD 8
#define ROUNDS_MAX 32
#define SENT_MAX 480
#define ONE_WAY 96 /* so many without a loss, where every tenth shows */
#define MUTE_MAX 3
/* So long for more than ROUNDS_ODD; and where it is a finding, or may be. */
#define BUDGET V6D_MS(1200)
#define BUDGET_FINDING V6D_MS(2500)
/* A rate is a finding when it is above this with 95 % confidence. */
#define FINDING_PPM 30000
#define HEAVY_PPM (V6D_GRE_LOSS_HEAVY * 1000)

void
v6d_losses_init(struct v6d_losses *l, bool shadowed, bool suspected, v6d_ns rtt)
{
	memset(l, 0, sizeof(*l));
	l->shadowed = shadowed;
	l->suspected = suspected;
	l->rtt = rtt;
}

/* ---- the next round ---- */

/* Something was lost, late or twice, or held back, in the rounds so far. */
static bool
is_odd(const struct v6d_losses *l)
{
	return l->unclosed > 0 || l->in + l->out + l->late + l->twice > 0;
}

/*
 * So many copies that one of each number arrives, or the peer would hold back
 * the rest; and so few numbers that all of it fits a burst.
 */
static void
choose(struct v6d_losses *l)
{
	bool odd = l->suspected || is_odd(l);
	bool heavy = l->unclosed * 4 > l->rounds || l->out * 5 > l->sent;

	l->copies = !l->shadowed ? 0 : heavy ? 5 : odd ? 3 : 1;
	l->n = l->copies < 3 ? FRAMES : l->copies == 3 ? 20 : 13;
}

static unsigned
n_sentinels(const struct v6d_losses *l)
{
	return l->copies > 0 ? SENTINELS_SHADOWED : SENTINELS;
}

static void
add(struct v6d_ask *q, unsigned of, bool closes)
{
	struct v6d_ask_frame *f = &q->frames[q->n_frames];

	f->frame = V6D_FRAME_LCP_ECHO;
	f->outer_len = SMALL;
	f->closes = closes;
	f->reuse = of != q->n_frames;
	f->of = (uint8_t)(f->reuse ? of : 0);
	q->n_frames++;
}

/* Each number's copies at once behind it: a peer may drop what comes late. */
static void
add_numbers(struct v6d_ask *q, unsigned n, unsigned copies, bool closes)
{
	for (unsigned i = 0; i < n; i++) {
		unsigned of = q->n_frames;

		for (unsigned k = 0; k <= copies; k++)
			add(q, of, closes);
	}
}

static void
compose(const struct v6d_losses *l, struct v6d_ask *q)
{
	memset(q, 0, sizeof(*q));
	q->kind = V6D_ASK_BURST;
	q->df = true;
	q->timeout = V6D_MS(300) + 2 * l->rtt;
	q->grace = V6D_MS(2) + l->rtt / 2;
	add_numbers(q, l->n, l->copies, false);
	add_numbers(q, n_sentinels(l), l->copies, true);
}

static bool
is_clear(unsigned hits, unsigned n, uint32_t bound)
{
	struct v6d_rate x;

	if (n == 0)
		return false;
	x = v6d_rate_sure_of(hits, n);
	return x.low > bound || x.high < bound;
}

static bool
is_heavy(unsigned hits, unsigned n)
{
	return n > 0 && v6d_rate_sure_of(hits, n).low > HEAVY_PPM;
}

bool
v6d_losses_heavy(const struct v6d_losses *l)
{
	return is_heavy(l->out, l->sent) || is_heavy(l->in, l->arrived);
}

static bool
is_way_settled(unsigned hits, unsigned n)
{
	return is_clear(hits, n, FINDING_PPM) && is_clear(hits, n, HEAVY_PPM);
}

/* More rounds would change nothing of what is said. */
static bool
is_settled(const struct v6d_losses *l)
{
	/* The fault is certain; that it is the other way's too would show. */
	if ((is_heavy(l->in, l->arrived) && l->out == 0 &&
		l->sent >= ONE_WAY) ||
	    (is_heavy(l->out, l->sent) && l->in == 0 && l->arrived >= ONE_WAY))
		return true;
	return is_way_settled(l->out, l->sent) &&
	       is_way_settled(l->in, l->arrived) &&
	       is_clear(l->late, l->came, FINDING_PPM) &&
	       is_clear(l->twice, l->came, FINDING_PPM);
}

static bool
is_finding(unsigned hits, unsigned n)
{
	return n > 0 && v6d_rate_of(hits, n).low > FINDING_PPM;
}

bool
v6d_losses_found(const struct v6d_losses *l)
{
	return is_finding(l->out, l->sent) || is_finding(l->in, l->arrived) ||
	       is_finding(l->late, l->came) || is_finding(l->twice, l->came);
}

static bool
may_be_heavy(unsigned hits, unsigned n)
{
	return n == 0 || v6d_rate_of(hits, n).high > HEAVY_PPM;
}

static v6d_ns
budget(const struct v6d_losses *l)
{
	return is_finding(l->out, l->sent) || is_finding(l->in, l->arrived) ||
		       may_be_heavy(l->out, l->sent) ||
		       may_be_heavy(l->in, l->arrived)
		   ? BUDGET_FINDING
		   : BUDGET;
}

static bool
wants_more(const struct v6d_losses *l)
{
	if (l->rounds < ROUNDS)
		return true;
	if (!is_odd(l))
		return l->suspected && l->rounds < ROUNDS_SUSPECTED;
	if (l->mute == l->rounds)
		return l->mute < MUTE_MAX;
	return !is_settled(l) &&
	       (l->rounds < ROUNDS_ODD ||
		   (l->rounds < ROUNDS_MAX && l->sent < SENT_MAX &&
		       l->spent < budget(l)));
}

bool
v6d_losses_next(struct v6d_losses *l, struct v6d_ask *ret_ask)
{
	if (l->over || !wants_more(l))
		return false;
	l->rounds++;
	choose(l);
	compose(l, ret_ask);
	return true;
}

/* ---- what came of it ---- */

/* The first copy of the i-th number, closing ones behind the others. */
static unsigned
at(const struct v6d_losses *l, unsigned i)
{
	return i * (l->copies + 1);
}

/* How often the i-th number was answered. */
static unsigned
answers(const struct v6d_losses *l, const struct v6d_answer *a, unsigned i)
{
	unsigned count = 0;

	for (unsigned k = 0; k <= l->copies; k++)
		count += a->frames[at(l, i) + k].answered;
	return count;
}

/* From one echo of a burst to the next: what all wait for cancels out. */
static void
count_jitter(struct v6d_losses *l, const struct v6d_answer *a)
{
	for (unsigned i = 0; i < l->n; i++) {
		const struct v6d_answer_frame *f = &a->frames[at(l, i)];
		v6d_ns last = l->last_rtt;

		if (!f->answered)
			continue;
		l->last_rtt = f->rtt;
		if (i == 0 || last == 0)
			continue;
		l->jitter_sum += f->rtt > last ? f->rtt - last : last - f->rtt;
		l->n_jitter++;
	}
}

/* So many numbers are behind us: up to the last one answered. */
static unsigned
n_told(const struct v6d_losses *l, const struct v6d_answer *a)
{
	unsigned n = l->n + n_sentinels(l);

	while (n > 0 && answers(l, a, n - 1) == 0)
		n--;
	return n;
}

/* One that answers late echoes answers copies too: the counts begin anew. */
static void
know_peer(struct v6d_losses *l, const struct v6d_answer *a)
{
	for (unsigned i = 0; i < l->n && l->shadowed; i++)
		if (answers(l, a, i) > 1) {
			l->shadowed = false;
			l->numbers = l->copied = l->lost = 0;
			l->all = l->all_in = 0;
		}
}

/*
 * What the peer sent and we did not get shows as a hole in its numbers, with
 * every kind of peer; the rest of what stays unanswered was lost outwards. So
 * was what is answered by a copy alone, of a peer that answers one of them.
 */
static void
count(struct v6d_losses *l, const struct v6d_answer *a, unsigned told)
{
	unsigned all = 0, in;

	for (unsigned i = 0; i < told; i++) {
		bool answered = l->shadowed ? answers(l, a, i) > 0
					    : a->frames[at(l, i)].answered;

		all += !answered;
		if (i >= l->n && !l->shadowed)
			continue;
		l->numbers++;
		l->lost += !answered;
		l->copied += answered && !a->frames[at(l, i)].answered;
	}
	in = a->in_gaps < all ? a->in_gaps : all;
	l->all += all;
	l->all_in += in;
	l->in = l->all > 0 ? (l->lost * l->all_in + l->all / 2) / l->all : 0;
	l->out = l->copied + l->lost - l->in;
	/* Of what was lost inwards not even this shows: which copy it was. */
	l->sent = l->numbers - (l->shadowed ? l->in : 0);
	l->arrived = l->numbers - (l->lost - l->in);
}

void
v6d_losses_feed(struct v6d_losses *l, const struct v6d_answer *a)
{
	unsigned told;

	l->spent += a->took;
	if (a->how == V6D_ANSWER_REFUSED) {
		l->over = true;
		return;
	}
	told = n_told(l, a);
	l->mute += told == 0;
	l->unclosed += told <= l->n;
	if (told == 0)
		return;
	know_peer(l, a);
	count(l, a, told);
	l->undirected |= !a->in_gaps_known;
	l->came += a->in_frames;
	l->late += a->in_late;
	l->twice += a->in_twice;
	count_jitter(l, a);
}

/* ---- facts ---- */

static void
rate_fact(struct v6d_probe_run *r, enum v6d_fact fact, const char *word,
    unsigned hits, unsigned n)
{
	bool bad = is_finding(hits, n);

	if (n == 0)
		return;
	v6d_probe_rate(
	    r, fact, bad ? V6D_BAD : V6D_OK, bad ? word : NULL, hits, n);
}

void
v6d_losses_facts(const struct v6d_losses *l, struct v6d_probe_run *r)
{
	bool twice = l->twice > l->late;

	rate_fact(r, V6D_FACT_GRE_REORDER, twice ? "duplicate" : "late",
	    twice ? l->twice : l->late, l->came);
	if (l->n_jitter > 0)
		v6d_probe_fact(r, V6D_FACT_GRE_JITTER, NULL, V6D_OK, NULL,
		    (int64_t)(l->jitter_sum / l->n_jitter / 1000));
	if (l->undirected) {
		rate_fact(
		    r, V6D_FACT_GRE_LOSS, "loss", l->in + l->out, l->sent);
		return;
	}
	rate_fact(r, V6D_FACT_GRE_LOSS_OUT, "loss", l->out, l->sent);
	rate_fact(r, V6D_FACT_GRE_LOSS_IN, "loss", l->in, l->arrived);
}
