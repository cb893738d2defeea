/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * witness_dns.c - what look-ups inside the tunnel prove of each resolver:
 * A and AAAA of the same names against one another (RFC 4074). A name without
 * an AAAA record is as good as any; that one is missing proves nothing here.
 */
#include "diag/witness_impl.h"

#include "proto/dns.h"

/* A question is repeated so often before silence is no chance. */
#define UNANSWERED 4

/* What one resolver made of all names of one type. */
struct tally {
	unsigned names, good; /* asked for; answered with an address */
	unsigned answered, silent; /* questions */
	unsigned alone; /* silent ones that had a port of their own */
	unsigned slow, fast; /* names */
	unsigned refused; /* names */
	v6d_ns asked, answered_at; /* the newest */
	v6d_ns took; /* of a good one */
};

static const struct v6d_view_lookup *
other_type(const struct v6d_view_inner *n, const struct v6d_view_lookup *l)
{
	for (unsigned i = 0; i < n->n_lookups; i++) {
		const struct v6d_view_lookup *o = &n->lookups[i];

		if (o->name == l->name && o->type != l->type &&
		    v6d_addr_eq(&o->server, &l->server))
			return o;
	}
	return NULL;
}

static bool
is_good(const struct v6d_view_lookup *l)
{
	return l && l->n_answered > 0 && l->rcode == V6D_DNS_NOERROR &&
	       l->has_addr;
}

/* The fact's word for an answer's code; NULL: none that counts here. */
static const char *
error_word(uint8_t rcode)
{
	switch (rcode) {
	case V6D_DNS_FORMERR:
		return "malformed";
	case V6D_DNS_SERVFAIL:
		return "servfail";
	case V6D_DNS_NXDOMAIN:
		return "nxdomain";
	case V6D_DNS_NOTIMP:
		return "notimp";
	case V6D_DNS_REFUSED:
		return "refused";
	default:
		return NULL;
	}
}

static struct tally
tally(const struct v6d_view_inner *n, const struct v6d_addr *server,
    uint16_t type)
{
	struct tally t = { 0 };

	for (unsigned i = 0; i < n->n_lookups; i++) {
		const struct v6d_view_lookup *l = &n->lookups[i];
		bool answers = l->n_answered > 0;

		if (l->type != type || !v6d_addr_eq(&l->server, server))
			continue;
		t.names++;
		t.asked = l->asked > t.asked ? l->asked : t.asked;
		t.answered += l->n_answered;
		t.silent += answers ? 0 : l->n_asked;
		t.alone += answers ? 0 : l->alone;
		t.slow += answers && l->n_slow == l->n_answered;
		t.fast += answers && l->n_slow == 0;
		t.refused += answers && l->rcode == V6D_DNS_REFUSED;
		if (!is_good(l))
			continue;
		t.good++;
		t.answered_at = l->answered;
		t.took = l->took;
	}
	return t;
}

static void
say(struct v6d_witness *w, enum v6d_fact fact, const struct v6d_addr *server,
    const char *word, const struct tally *t)
{
	char text[V6D_ADDR_TEXT];

	v6d_witness_say(w, word ? V6D_NEVER : t->answered_at, fact,
	    v6d_addr_text(server, text, sizeof(text)), word ? V6D_BAD : V6D_OK,
	    word, word ? V6D_NO_VALUE : (int64_t)(t->took / V6D_MS(1)));
}

/* AAAA is answered with an error by who has an A record of the name. */
static const char *
error_beside_a(const struct v6d_view_inner *n, const struct v6d_addr *server)
{
	for (unsigned i = 0; i < n->n_lookups; i++) {
		const struct v6d_view_lookup *l = &n->lookups[i];

		if (l->type == V6D_DNS_AAAA && l->n_answered > 0 &&
		    v6d_addr_eq(&l->server, server) && error_word(l->rcode) &&
		    is_good(other_type(n, l)))
			return error_word(l->rcode);
	}
	return NULL;
}

/* Nobody is answered: the resolver refuses its service, whatever the name. */
static bool
always_refuses(const struct tally *a, const struct tally *aaaa)
{
	return a->names > 0 && aaaa->names > 0 && a->refused == a->names &&
	       aaaa->refused == aaaa->names;
}

/* All A come and no AAAA does, from a port of its own too. */
static bool
aaaa_vanishes(const struct v6d_witness *w, const struct tally *a,
    const struct tally *aaaa)
{
	return a->answered >= 2 && a->silent == 0 && aaaa->answered == 0 &&
	       aaaa->alone > 0 && aaaa->silent >= UNANSWERED &&
	       v6d_witness_waited(w, aaaa->asked);
}

static bool
is_silent(const struct v6d_witness *w, const struct tally *a,
    const struct tally *aaaa)
{
	const struct v6d_obs *inside = v6d_facts_last(w->f, V6D_FACT_V6_SMALL);

	return a->answered + aaaa->answered == 0 && a->silent >= UNANSWERED &&
	       aaaa->silent >= UNANSWERED && inside &&
	       inside->state == V6D_OK && v6d_witness_waited(w, a->asked) &&
	       v6d_witness_waited(w, aaaa->asked);
}

static void
resolver(struct v6d_witness *w, const struct v6d_addr *server, bool whole)
{
	const struct v6d_view_inner *n = &w->v->inner;
	struct tally a = tally(n, server, V6D_DNS_A);
	struct tally aaaa = tally(n, server, V6D_DNS_AAAA);
	const char *error = error_beside_a(n, server);

	if (whole && is_silent(w, &a, &aaaa)) {
		say(w, V6D_FACT_DNS_A, server, "timeout", &a);
		say(w, V6D_FACT_DNS_AAAA, server, "timeout", &aaaa);
		return;
	}
	if (always_refuses(&a, &aaaa)) {
		say(w, V6D_FACT_DNS_A, server, "refused", &a);
		say(w, V6D_FACT_DNS_AAAA, server, "refused", &aaaa);
		return;
	}
	if (a.good > 0)
		say(w, V6D_FACT_DNS_A, server, NULL, &a);
	if (error)
		say(w, V6D_FACT_DNS_AAAA, server, error, &aaaa);
	else if (whole && aaaa_vanishes(w, &a, &aaaa))
		say(w, V6D_FACT_DNS_AAAA, server, "timeout", &aaaa);
	else if (aaaa.slow >= 2 && aaaa.fast == 0 && a.fast >= 2 && !a.slow)
		say(w, V6D_FACT_DNS_AAAA, server, "slow", &aaaa);
	else if (aaaa.good > 0)
		say(w, V6D_FACT_DNS_AAAA, server, NULL, &aaaa);
}

void
v6d_witness_dns(struct v6d_witness *w, bool whole)
{
	const struct v6d_view_inner *n = &w->v->inner;

	whole = whole && n->n_lookups_dropped == 0 &&
		n->unread[V6D_DIR_IN] + n->unread[V6D_DIR_OUT] == 0;
	for (unsigned i = 0; i < n->n_lookups; i++) {
		bool seen = false;

		for (unsigned k = 0; k < i && !seen; k++)
			seen = v6d_addr_eq(
			    &n->lookups[k].server, &n->lookups[i].server);
		if (!seen)
			resolver(w, &n->lookups[i].server, whole);
	}
}
