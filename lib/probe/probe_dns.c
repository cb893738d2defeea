/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_dns.c - does each resolver, the host's and those of the router
 * advertisement, answer for A and for AAAA (RFC 3596, RFC 4074)? The two are
 * asked apart, each six times in three rounds before it counts as silent; then
 * as libc and modern stubs ask: both from one port, over TCP, with EDNS.
 */
#include <errno.h>
#include <string.h>

#include "base/wire.h"
#include "probe/help.h"
#include "proto/dns.h"

#define PATIENCE V6D_MS(1500)
#define MANNER_PATIENCE V6D_S(1) /* it has answered once */
#define AGAIN V6D_MS(600) /* one that has answered before, and quickly */
#define ROUNDS 3 /* before a server counts as silent: of 1, 2, 3 queries */
#define ROUNDS_LOSSY 4 /* where others were lost, one of so many more: */
#define COPIES_LOSSY 8
#define MANNER_ROUNDS 2 /* the second one of so many: */
#define MANNER_COPIES 4
#define RA_PATIENCE V6D_S(5)
#define SLOW V6D_S(1)
#define EDNS_SIZE 1232 /* bytes: what fits IPv6's smallest MTU */
#define SERVERS (V6D_TARGETS + V6D_RA_RDNSS)
#define TAG_RA 1000

/* What one resolver is asked; the first two first. */
enum { TYPE_A, TYPE_AAAA, PAIR, TCP, EDNS, N_QUERIES };

struct query {
	unsigned rounds, waiting; /* waiting: asks of it without an answer */
	unsigned unanswered; /* queries of earlier rounds */
	bool asked, settled;
	bool tcp, over, ok;
	bool silent; /* not a word came back */
	const char *word;
};

struct server {
	struct v6d_addr addr;
	bool of_ra; /* the router advertisement named it */
	unsigned left; /* queries not yet over */
	bool more_asked;
	v6d_ns slowest; /* of its answers so far */
	struct query q[N_QUERIES];
};

struct dns {
	unsigned n, left;
	unsigned lost; /* queries that were answered when asked again */
	bool ra_waits;
	struct server s[SERVERS];
};

static struct dns *
mine(struct v6d_probe_run *r)
{
	return (struct dns *)(void *)r->state;
}

/* ---- questions ---- */

static void
ask(struct v6d_probe_run *r, unsigned i, unsigned what)
{
	struct server *s = &mine(r)->s[i];
	struct query *x = &s->q[what];
	struct v6d_ask q = { .kind = V6D_ASK_DNS, .timeout = PATIENCE };

	q.tag = i * N_QUERIES + what;
	q.addr = s->addr;
	q.ns = q.addr.family == 6 ? V6D_NS_TUNNEL : V6D_NS_HOST;
	q.qtype = what == TYPE_A ? V6D_DNS_A : V6D_DNS_AAAA;
	q.tcp = x->tcp || what == TCP;
	if (what == PAIR) {
		q.qtype = V6D_DNS_A;
		q.qtype2 = V6D_DNS_AAAA;
		q.timeout = MANNER_PATIENCE + s->slowest;
	}
	if (what == EDNS) {
		q.timeout = MANNER_PATIENCE + s->slowest;
		q.edns = EDNS_SIZE; /* of the type that was answered */
		if (s->q[TYPE_AAAA].silent)
			q.qtype = V6D_DNS_A;
	}
	memcpy(q.name, r->plan->name, sizeof(q.name));
	if (x->rounds > 1 && s->slowest > 0 &&
	    AGAIN + 4 * s->slowest < q.timeout)
		q.timeout = AGAIN + 4 * s->slowest;
	if (!x->asked) {
		x->asked = true;
		s->left++;
		mine(r)->left++;
	}
	if (v6d_probe_ask(r, &q))
		x->waiting++;
}

/* One, and more side by side where it stayed unanswered. */
static void
ask_round(struct v6d_probe_run *r, unsigned i, unsigned what)
{
	struct query *x = &mine(r)->s[i].q[what];
	bool first_two = what == TYPE_A || what == TYPE_AAAA;
	unsigned n = ++x->rounds;

	if (n > 1 && !first_two)
		n = MANNER_COPIES;
	else if (n > ROUNDS)
		n = COPIES_LOSSY;
	for (unsigned k = 0; k < n; k++)
		ask(r, i, what);
}

static bool
is_known(const struct dns *d, const struct v6d_addr *a)
{
	for (unsigned i = 0; i < d->n; i++)
		if (v6d_addr_eq(&d->s[i].addr, a))
			return true;
	return false;
}

static void
add_server(struct v6d_probe_run *r, const struct v6d_addr *a, bool of_ra)
{
	struct dns *d = mine(r);

	if (d->n == SERVERS || is_known(d, a))
		return;
	d->s[d->n].addr = *a;
	d->s[d->n].of_ra = of_ra;
	ask_round(r, d->n, TYPE_A);
	ask_round(r, d->n, TYPE_AAAA);
	d->n++;
}

static void
add_family(struct v6d_probe_run *r, uint8_t family)
{
	const struct v6d_plan *p = r->plan;

	for (unsigned i = 0; i < p->n_resolvers; i++)
		if (p->resolvers[i].family == family)
			add_server(r, &p->resolvers[i], false);
}

static void
start(struct v6d_probe_run *r)
{
	const struct v6d_plan *p = r->plan;
	bool through = !v6d_help_no_tunnel(p);

	if (p->name[0] == '\0') {
		v6d_probe_end(r, V6D_PROBE_SKIPPED,
		    "the profile names no name to look up");
		return;
	}
	add_family(r, 4);
	if (through && p->in_place)
		add_family(r, 6);
	else if (through) { /* it brings IPv6, and names resolvers */
		v6d_help_ra(r, RA_PATIENCE, TAG_RA);
		mine(r)->ra_waits = true;
	}
	if (r->n_pending == 0)
		v6d_probe_end(r, V6D_PROBE_SKIPPED,
		    p->n_resolvers
			? "the resolvers are behind the tunnel, which is not "
			  "there"
			: "no resolver is known");
}

static void
on_ra(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	if (a->how != V6D_ANSWER_DONE || !a->ra_seen)
		return;
	add_family(r, 6);
	if (a->ra.rdnss_lifetime_s == 0)
		return; /* RFC 8106 5.1: no longer to be used */
	for (unsigned i = 0; i < a->ra.n_rdnss; i++)
		add_server(r, &a->ra.rdnss[i], true);
}

/* ---- what an answer is worth ---- */

static const char *
rcode_word(unsigned rcode)
{
	switch (rcode) {
	case V6D_DNS_FORMERR:
		return "malformed"; /* it says so of our query */
	case V6D_DNS_NXDOMAIN:
		return "nxdomain";
	case V6D_DNS_NOTIMP:
		return "notimp";
	case V6D_DNS_REFUSED:
		return "refused";
	}
	return "servfail";
}

/* Unspecified, loopback, mapped IPv4 and the like, or link-local. */
static bool
is_nobodys(const struct v6d_addr *a)
{
	static const uint8_t zeros[8] = { 0 };

	return memcmp(a->b, zeros, sizeof(zeros)) == 0 ||
	       v6d_addr_is_link_local(a);
}

/*
 * With a literal known, an AAAA that does not hold it is wrong; without one,
 * an AAAA that nobody can be reached at.
 */
static bool
is_wrong(const struct v6d_plan *p, const struct v6d_answer *a)
{
	for (unsigned i = 0; i < a->n_addrs; i++)
		if (p->literal.family == 6
			? v6d_addr_eq(&a->addrs[i], &p->literal)
			: !is_nobodys(&a->addrs[i]))
			return false;
	/* A full table: it may be among those that did not fit. */
	return a->n_addrs < V6D_ARRAY_LEN(a->addrs);
}

static const char *
word_of(const struct v6d_plan *p, const struct v6d_answer *a, unsigned type,
    bool cut_before)
{
	bool silent = a->how == V6D_ANSWER_TIMEOUT;

	if (cut_before && (silent || a->err != 0))
		return "truncated"; /* and the whole cannot be had */
	if (silent)
		return "timeout";
	if (a->err != 0)
		return a->err == ECONNREFUSED ? "refused"
		       : a->err == EBADMSG    ? "malformed"
					      : "timeout";
	if (a->rcode != 0)
		return rcode_word(a->rcode);
	if (a->n_addrs == 0)
		return "nodata";
	if (type == TYPE_A)
		return NULL;
	if (is_wrong(p, a))
		return "wrong";
	return a->took > SLOW ? "slow" : NULL;
}

/* This host itself has no way to it: nothing was asked. */
static bool
no_way(const struct v6d_answer *a)
{
	return a->err == ENETUNREACH || a->err == EHOSTUNREACH ||
	       a->err == EADDRNOTAVAIL || a->err == EACCES || a->err == EPERM ||
	       a->err == EINVAL /* blackhole */;
}

/*
 * Behind the tunnel, silence says something of the resolver only where
 * something else answers there.
 */
static bool
not_to_be_told(const struct v6d_probe_run *r, const struct server *s,
    const struct v6d_answer *a)
{
	bool silent = a->how == V6D_ANSWER_TIMEOUT || a->err == ETIMEDOUT;

	return no_way(a) || (s->addr.family == 6 && silent &&
				!v6d_probe_ok(r, V6D_FACT_V6_SMALL));
}

/* Any answer will do where only the manner of asking is in question. */
static const char *
manner_word(const struct v6d_answer *a)
{
	if (a->how == V6D_ANSWER_TIMEOUT)
		return "timeout";
	if (a->err == ECONNREFUSED || a->err == ECONNRESET)
		return "refused";
	if (a->err != 0)
		return a->err == EBADMSG ? "malformed" : "timeout";
	if (a->rcode == V6D_DNS_FORMERR || a->rcode == V6D_DNS_NOTIMP)
		return rcode_word(a->rcode);
	return NULL;
}

static bool
is_lossy(struct v6d_probe_run *r)
{
	return mine(r)->lost > 0 || v6d_help_lossy(r);
}

/*
 * Queries are lost here by chance, so that silence in a manner that is asked
 * for shortly says little.
 */
static bool
may_be_chance(
    struct v6d_probe_run *r, const struct v6d_answer *a, unsigned what)
{
	return a->how == V6D_ANSWER_TIMEOUT && what != TYPE_A &&
	       what != TYPE_AAAA && is_lossy(r);
}

static void
settle(struct v6d_probe_run *r, const struct v6d_answer *a, unsigned what)
{
	static const enum v6d_fact facts[N_QUERIES] = { V6D_FACT_DNS_A,
		V6D_FACT_DNS_AAAA, V6D_FACT_DNS_PAIR, V6D_FACT_DNS_TCP,
		V6D_FACT_DNS_EDNS };
	struct server *s = &mine(r)->s[a->tag / N_QUERIES];
	struct query *q = &s->q[what];
	bool silent = a->how == V6D_ANSWER_TIMEOUT;
	char text[V6D_ADDR_TEXT];

	if (not_to_be_told(r, s, a)) {
		q->silent = true;
		v6d_probe_fact(r, facts[what], v6d_help_text(&s->addr, text),
		    V6D_UNKNOWN, no_way(a) ? "unreachable" : "silent",
		    V6D_NO_VALUE);
		return;
	}
	if (may_be_chance(r, a, what)) {
		v6d_probe_fact(r, facts[what], v6d_help_text(&s->addr, text),
		    V6D_UNKNOWN, "lossy", V6D_NO_VALUE);
		return;
	}
	if (what == PAIR)
		q->word = a->dns_answered == 3 ? NULL : "one";
	else if (what == TCP || what == EDNS)
		q->word = manner_word(a);
	else
		q->word = word_of(r->plan, a, what, q->tcp);
	q->over = true;
	q->ok = !q->word;
	q->silent = silent || a->err != 0;
	/* Not even one of a pair: the resolver has died meanwhile. */
	v6d_probe_fact(r, facts[what], v6d_help_text(&s->addr, text),
	    what == PAIR && a->dns_answered == 0 ? V6D_UNKNOWN
	    : q->ok                              ? V6D_OK
						 : V6D_BAD,
	    what == PAIR && a->dns_answered == 0 ? "none" : q->word,
	    silent         ? V6D_NO_VALUE
	    : what == EDNS ? EDNS_SIZE
			   : (int64_t)v6d_help_ms(a->took));
}

/* ---- the course ---- */

/* One that answered at all is asked in the other manners too. */
static void
ask_more(struct v6d_probe_run *r, unsigned i)
{
	struct server *s = &mine(r)->s[i];
	const struct query *a = &s->q[TYPE_A], *aaaa = &s->q[TYPE_AAAA];

	if (s->more_asked || s->left > 0)
		return;
	s->more_asked = true;
	if (a->over && aaaa->over && !a->silent && !aaaa->silent && !a->tcp &&
	    !aaaa->tcp)
		ask_round(r, i, PAIR);
	if ((a->over && !a->silent) || (aaaa->over && !aaaa->silent)) {
		ask_round(r, i, TCP);
		ask_round(r, i, EDNS);
	}
}

static unsigned
rounds(struct v6d_probe_run *r, unsigned what)
{
	if (what != TYPE_A && what != TYPE_AAAA)
		return MANNER_ROUNDS;
	return is_lossy(r) ? ROUNDS_LOSSY : ROUNDS;
}

/* A truncated answer's whole is asked for over TCP, not again. */
static bool
try_again(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	unsigned i = a->tag / N_QUERIES, what = a->tag % N_QUERIES;
	struct query *q = &mine(r)->s[i].q[what];
	bool first_two = what == TYPE_A || what == TYPE_AAAA;

	if (a->how == V6D_ANSWER_TIMEOUT && !q->tcp &&
	    q->rounds < rounds(r, what)) {
		q->unanswered += what != PAIR;
		ask_round(r, i, what);
		return true;
	}
	if (a->how == V6D_ANSWER_DONE && a->truncated && !q->tcp && first_two) {
		q->tcp = true; /* RFC 7766 5 */
		q->rounds = rounds(r, what);
		ask(r, i, what);
		return true;
	}
	return false;
}

/* Of queries side by side the first answer counts, or the last silence. */
static void
on_query(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct dns *d = mine(r);
	unsigned i = a->tag / N_QUERIES, what = a->tag % N_QUERIES;
	struct query *q = &d->s[i].q[what];

	q->waiting--;
	/* Not even one of two, of a resolver that answers each. */
	d->lost += what == PAIR && a->how == V6D_ANSWER_TIMEOUT &&
		   a->dns_answered == 0;
	if (q->settled || (a->how == V6D_ANSWER_TIMEOUT && q->waiting > 0) ||
	    try_again(r, a))
		return;
	q->settled = true;
	if (a->how == V6D_ANSWER_DONE && !q->tcp)
		d->lost += q->unanswered;
	if (a->how == V6D_ANSWER_DONE && a->took > d->s[i].slowest)
		d->s[i].slowest = a->took;
	if (a->how != V6D_ANSWER_REFUSED)
		settle(r, a, what);
	d->left--;
	d->s[i].left--;
	ask_more(r, i);
}

/* ---- the end ---- */

/* The first query that is not well, AAAA before A; NULL: all are. */
static const struct query *
worst(const struct dns *d, unsigned *ret_server, unsigned *ret_what)
{
	static const unsigned order[] = { TYPE_AAAA, TYPE_A, PAIR };

	for (unsigned i = 0; i < d->n; i++)
		for (unsigned k = 0; k < V6D_ARRAY_LEN(order); k++) {
			const struct query *q = &d->s[i].q[order[k]];

			if (!q->over || q->ok)
				continue;
			*ret_server = i;
			*ret_what = order[k];
			return q;
		}
	return NULL;
}

/* Another resolver serves: each look-up that begins with this one waits. */
static bool
other_serves(const struct dns *d, unsigned what)
{
	for (unsigned i = 0; i < d->n; i++)
		if (what != PAIR && d->s[i].q[what].ok)
			return true;
	return false;
}

static void
say_worst(
    struct v6d_probe_run *r, const struct query *q, unsigned i, unsigned what)
{
	const struct server *s = &mine(r)->s[i];
	char text[V6D_ADDR_TEXT];
	bool other = what != PAIR && s->q[1 - what].ok;

	v6d_help_text(&s->addr, text);
	if (what == PAIR)
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "%s answers only one of A and AAAA when both are asked "
		    "from one port",
		    text);
	else
		v6d_probe_end(r,
		    strcmp(q->word, "slow") == 0 ||
			    (other_serves(mine(r), what) &&
				strcmp(q->word, "wrong") != 0)
			? V6D_PROBE_WARN
			: V6D_PROBE_FAIL,
		    "%s of %.50s: %s from %s%s", what == TYPE_A ? "A" : "AAAA",
		    r->plan->name, q->word, text,
		    !other           ? ""
		    : what == TYPE_A ? "; its AAAA is answered"
				     : "; its A is answered");
}

static void
conclude(struct v6d_probe_run *r)
{
	const struct dns *d = mine(r);
	const struct query *q;
	unsigned i = 0, what = 0, over = 0, of_ra = 0;

	for (unsigned k = 0; k < d->n; k++) {
		over += d->s[k].q[TYPE_A].over;
		of_ra += d->s[k].q[TYPE_A].over && d->s[k].of_ra;
	}
	q = worst(d, &i, &what);
	if (q)
		say_worst(r, q, i, what);
	else if (d->n == 0 && r->plan->n_resolvers == 0)
		v6d_probe_end(r, V6D_PROBE_SKIPPED,
		    "no resolver is known, and none was advertised");
	else if (over == 0)
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "no resolver could be asked for %.80s", r->plan->name);
	else
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "A and AAAA of %.60s from %u resolver%s%s", r->plan->name,
		    over, over == 1 ? "" : "s",
		    of_ra ? ", advertised ones among them" : "");
}

static void
answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	if (a->tag == TAG_RA) {
		mine(r)->ra_waits = false;
		on_ra(r, a);
	} else {
		on_query(r, a);
	}
	if (mine(r)->left == 0 && !mine(r)->ra_waits)
		conclude(r);
}

const struct v6d_probe v6d_probe_dns = {
	.name = "dns",
	.question = "Do the resolvers answer for A and for AAAA?",
	.after = "",
	.needs = "",
	.without = "",
	.start = start,
	.answer = answer,
};
