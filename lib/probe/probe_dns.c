/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_dns.c - does each resolver answer for A and for AAAA (RFC 3596, RFC
 * 4074)? The two are asked apart, each twice before it counts as silent.
 */
#include <errno.h>
#include <string.h>

#include "probe/help.h"
#include "proto/dns.h"

#define PATIENCE V6D_MS(1500)
#define RA_PATIENCE V6D_S(6)
#define SLOW V6D_S(1)

enum { TYPE_A, TYPE_AAAA, N_TYPES, TAG_RA = 100 };

struct query {
	unsigned tries;
	bool tcp, over, ok;
	const char *word;
};

struct dns {
	unsigned left;
	struct query q[V6D_TARGETS][N_TYPES];
};

static struct dns *
mine(struct v6d_probe_run *r)
{
	return (struct dns *)(void *)r->state;
}

static void
ask(struct v6d_probe_run *r, unsigned resolver, unsigned type)
{
	const struct v6d_plan *p = r->plan;
	struct query *x = &mine(r)->q[resolver][type];
	struct v6d_ask q = { .kind = V6D_ASK_DNS, .timeout = PATIENCE };

	q.tag = resolver * N_TYPES + type;
	q.addr = p->resolvers[resolver];
	q.ns = q.addr.family == 6 ? V6D_NS_TUNNEL : V6D_NS_HOST;
	q.qtype = type == TYPE_A ? V6D_DNS_A : V6D_DNS_AAAA;
	q.tcp = x->tcp;
	memcpy(q.name, p->name, sizeof(q.name));
	x->tries++;
	v6d_probe_ask(r, &q);
}

static void
ask_family(struct v6d_probe_run *r, uint8_t family)
{
	for (unsigned i = 0; i < r->plan->n_resolvers; i++) {
		if (r->plan->resolvers[i].family != family)
			continue;
		ask(r, i, TYPE_A);
		ask(r, i, TYPE_AAAA);
		mine(r)->left += N_TYPES;
	}
}

static unsigned
n_of(const struct v6d_plan *p, uint8_t family)
{
	unsigned n = 0;

	for (unsigned i = 0; i < p->n_resolvers; i++)
		n += p->resolvers[i].family == family;
	return n;
}

static void
start(struct v6d_probe_run *r)
{
	const struct v6d_plan *p = r->plan;
	bool through = n_of(p, 6) > 0 && !v6d_help_no_tunnel(p);

	if (p->name[0] == '\0') {
		v6d_probe_end(r, V6D_PROBE_SKIPPED,
		    "the profile names no name to look up");
		return;
	}
	ask_family(r, 4);
	if (through && p->in_place)
		ask_family(r, 6);
	else if (through)
		v6d_help_ra(r, RA_PATIENCE, TAG_RA); /* IPv6 comes first */
	if (r->n_pending == 0)
		v6d_probe_end(r, V6D_PROBE_SKIPPED,
		    p->n_resolvers
			? "the resolvers are behind the tunnel, which is not "
			  "there"
			: "no resolver is known");
}

static const char *
rcode_word(unsigned rcode)
{
	switch (rcode) {
	case 1:
		return "malformed"; /* FORMERR: it says so of our query */
	case 3:
		return "nxdomain";
	case 4:
		return "notimp";
	case 5:
		return "refused";
	}
	return "servfail";
}

/* With a literal known, an AAAA that does not hold it is wrong. */
static bool
is_wrong(const struct v6d_plan *p, const struct v6d_answer *a)
{
	if (p->literal.family != 6)
		return false;
	for (unsigned i = 0; i < a->n_addrs; i++)
		if (v6d_addr_eq(&a->addrs[i], &p->literal))
			return false;
	return true;
}

static const char *
word_of(const struct v6d_plan *p, const struct v6d_answer *a, unsigned type)
{
	if (a->how == V6D_ANSWER_TIMEOUT)
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

static void
settle(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	unsigned i = a->tag / N_TYPES, type = a->tag % N_TYPES;
	struct query *q = &mine(r)->q[i][type];
	char text[V6D_ADDR_TEXT];

	q->word = word_of(r->plan, a, type);
	q->over = true;
	q->ok = !q->word;
	v6d_probe_fact(r, type == TYPE_A ? V6D_FACT_DNS_A : V6D_FACT_DNS_AAAA,
	    v6d_help_text(&r->plan->resolvers[i], text),
	    q->ok ? V6D_OK : V6D_BAD, q->word,
	    a->how == V6D_ANSWER_TIMEOUT ? V6D_NO_VALUE
					 : (int64_t)v6d_help_ms(a->took));
}

/* The first query that is not well, AAAA before A; NULL: all are. */
static const struct query *
worst(const struct v6d_probe_run *r, unsigned *ret_resolver, unsigned *ret_type)
{
	const struct dns *d = (const struct dns *)(const void *)r->state;

	for (unsigned i = 0; i < r->plan->n_resolvers; i++)
		for (unsigned t = N_TYPES; t-- > 0;)
			if (d->q[i][t].over && !d->q[i][t].ok) {
				*ret_resolver = i;
				*ret_type = t;
				return &d->q[i][t];
			}
	return NULL;
}

static void
conclude(struct v6d_probe_run *r)
{
	const struct dns *d = mine(r);
	const struct query *q;
	unsigned i = 0, type = 0, over = 0;
	char text[V6D_ADDR_TEXT];
	bool other;

	for (unsigned k = 0; k < r->plan->n_resolvers; k++)
		over += d->q[k][TYPE_A].over;
	q = worst(r, &i, &type);
	if (!q) {
		v6d_probe_end(r, over ? V6D_PROBE_PASS : V6D_PROBE_UNKNOWN,
		    over ? "A and AAAA of %.80s are answered"
			 : "no resolver could be asked for %.80s",
		    r->plan->name);
		return;
	}
	other = d->q[i][1 - type].ok;
	v6d_probe_end(r,
	    strcmp(q->word, "slow") == 0 ? V6D_PROBE_WARN : V6D_PROBE_FAIL,
	    "%s of %.50s: %s from %s%s", type == TYPE_A ? "A" : "AAAA",
	    r->plan->name, q->word, v6d_help_text(&r->plan->resolvers[i], text),
	    !other           ? ""
	    : type == TYPE_A ? "; its AAAA is answered"
			     : "; its A is answered");
}

static void
on_query(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	unsigned i = a->tag / N_TYPES, type = a->tag % N_TYPES;
	struct query *q = &mine(r)->q[i][type];

	if (a->how == V6D_ANSWER_TIMEOUT && q->tries < 2) {
		ask(r, i, type);
		return;
	}
	if (a->how == V6D_ANSWER_DONE && a->truncated && !q->tcp) {
		q->tcp = true; /* RFC 7766 5 */
		ask(r, i, type);
		return;
	}
	if (a->how != V6D_ANSWER_REFUSED)
		settle(r, a);
	mine(r)->left--;
}

static void
answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	if (a->tag == TAG_RA) {
		if (a->how == V6D_ANSWER_DONE && a->ra_seen)
			ask_family(r, 6);
	} else {
		on_query(r, a);
	}
	if (mine(r)->left == 0 && r->n_pending == 0)
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
