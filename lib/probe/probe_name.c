/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_name.c - name against literal: is a page fetched over IPv6 by its
 * name, and by its address? Where only the literal works the fault is DNS.
 */
#include <errno.h>
#include <string.h>

#include "probe/help.h"
#include "proto/dns.h"

#define RA_PATIENCE V6D_S(4)
#define DNS_PATIENCE V6D_MS(1500)
#define FETCH_PATIENCE V6D_S(3)
#define STALL V6D_S(2)
#define HTTP 80

enum tag { RA, OWN_ROUTE, LOOKUP, BY_NAME, BY_LITERAL };

struct name {
	unsigned resolver; /* the one being asked */
	unsigned left;
	enum v6d_ns_kind ns; /* HOST: over this host's own IPv6 */
	const char *no_tunnel; /* why, where it is */
	bool tried_name, tried_literal;
	const char *name_word, *literal_word;
};

static struct name *
mine(struct v6d_probe_run *r)
{
	return (struct name *)(void *)r->state;
}

static void
fetch(struct v6d_probe_run *r, const struct v6d_addr *to, enum tag tag)
{
	struct v6d_ask q = { .kind = V6D_ASK_HTTP,
		.tag = tag,
		.ns = mine(r)->ns,
		.addr = *to,
		.port = HTTP,
		.timeout = FETCH_PATIENCE,
		.stall = STALL,
		.name = "/" };

	memcpy(q.host, r->plan->name, sizeof(q.host));
	q.size = 1; /* that it begins to come is enough */
	v6d_probe_ask(r, &q);
	mine(r)->left++;
}

/* A resolver whose AAAA is known to fail is not asked again. */
static bool
ask_next(struct v6d_probe_run *r)
{
	const struct v6d_plan *p = r->plan;
	struct name *x = mine(r);
	struct v6d_ask q = { .kind = V6D_ASK_DNS,
		.tag = LOOKUP,
		.timeout = DNS_PATIENCE,
		.qtype = V6D_DNS_AAAA };
	char text[V6D_ADDR_TEXT];

	for (; x->resolver < p->n_resolvers; x->resolver++) {
		const struct v6d_addr *to = &p->resolvers[x->resolver];
		const struct v6d_obs *o = v6d_facts_of(
		    r->facts, V6D_FACT_DNS_AAAA, v6d_help_text(to, text));

		if (o && o->state == V6D_BAD && strcmp(o->word, "wrong") &&
		    strcmp(o->word, "slow"))
			continue;
		q.addr = *to;
		q.ns = to->family == 6 ? x->ns : V6D_NS_HOST;
		memcpy(q.name, p->name, sizeof(q.name));
		x->left++;
		return v6d_probe_ask(r, &q);
	}
	return false;
}

static void
name_fact(struct v6d_probe_run *r, const char *word, v6d_ns took)
{
	mine(r)->tried_name = true;
	mine(r)->name_word = word;
	v6d_probe_fact(r, V6D_FACT_DNS_NAME, r->plan->name,
	    word ? V6D_BAD : V6D_OK, word,
	    word ? V6D_NO_VALUE : (int64_t)v6d_help_ms(took));
}

static void
conclude(struct v6d_probe_run *r)
{
	const struct name *x = mine(r);
	bool name = x->tried_name && !x->name_word;
	bool literal = x->tried_literal && !x->literal_word;
	char text[V6D_ADDR_TEXT];

	v6d_help_text(&r->plan->literal, text);
	if (name)
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "%.60s is reached over %sIPv6 by name%s", r->plan->name,
		    x->ns == V6D_NS_HOST ? "this host's own " : "",
		    literal ? " and by address" : "");
	else if (x->tried_name && literal)
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "by name: %s, by address %s: works; it is the name",
		    x->name_word, text);
	else if (x->tried_name && x->tried_literal)
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "neither name (%s) nor address (%s) works: it is not "
		    "DNS",
		    x->name_word, x->literal_word);
	else if (x->tried_name)
		v6d_probe_end(r, V6D_PROBE_FAIL, "%.60s over IPv6: %s",
		    r->plan->name, x->name_word);
	else
		v6d_probe_end(
		    r, V6D_PROBE_UNKNOWN, "neither fetch could be tried");
}

static void
begin(struct v6d_probe_run *r)
{
	if (r->plan->literal.family == 6)
		fetch(r, &r->plan->literal, BY_LITERAL);
	if (!ask_next(r))
		name_fact(r, "unresolved", 0);
	if (mine(r)->left == 0)
		conclude(r);
}

/*
 * Without the right to make a tunnel the two are still compared, where the
 * host has IPv6 of its own.
 */
static bool
try_own(struct v6d_probe_run *r)
{
	const struct v6d_plan *p = r->plan;
	struct v6d_ask q = { .kind = V6D_ASK_ROUTE_TO,
		.tag = OWN_ROUTE,
		.ns = V6D_NS_HOST,
		.addr = p->literal,
		.timeout = V6D_S(1) };

	if (p->in_place || (p->have_raw && p->have_tun) ||
	    p->literal.family != 6)
		return false;
	return v6d_probe_ask(r, &q);
}

static void
start(struct v6d_probe_run *r)
{
	const char *why = NULL, *no_tunnel = v6d_help_no_tunnel(r->plan);

	mine(r)->ns = V6D_NS_TUNNEL;
	mine(r)->no_tunnel = no_tunnel;
	if (r->plan->name[0] == '\0')
		why = "the profile names no name to look up";
	else if (r->plan->n_resolvers == 0)
		why = "no resolver is known";
	if (!why && no_tunnel && try_own(r))
		return;
	if (!why)
		why = no_tunnel;
	if (why)
		v6d_probe_end(r, V6D_PROBE_SKIPPED, "%s", why);
	else if (r->plan->in_place || v6d_probe_seen(r, V6D_FACT_V6_SMALL))
		begin(r);
	else
		v6d_help_ra(r, RA_PATIENCE, RA);
}

static void
on_own_route(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	if (a->how != V6D_ANSWER_DONE || a->n_routes == 0 ||
	    a->routes[0].reject) {
		v6d_probe_end(r, V6D_PROBE_SKIPPED, "%s", mine(r)->no_tunnel);
		return;
	}
	mine(r)->ns = V6D_NS_HOST;
	begin(r);
}

static void
on_lookup(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	if (a->how == V6D_ANSWER_DONE && a->n_addrs > 0) {
		fetch(r, &a->addrs[0], BY_NAME);
		return;
	}
	mine(r)->resolver++;
	if (!ask_next(r))
		name_fact(r, "unresolved", 0);
}

static const char *
fetch_word(const struct v6d_answer *a)
{
	if (a->status != 0 || a->bytes > 0)
		return NULL;
	if (!a->connected)
		return a->err == ECONNREFUSED ? "refused" : "timeout";
	return "stall";
}

static void
on_literal(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct name *x = mine(r);
	char text[V6D_ADDR_TEXT];

	if (a->how == V6D_ANSWER_REFUSED)
		return;
	x->tried_literal = true;
	x->literal_word = fetch_word(a);
	v6d_probe_fact(r, V6D_FACT_DNS_LITERAL,
	    v6d_help_text(&r->plan->literal, text),
	    x->literal_word ? V6D_BAD : V6D_OK, x->literal_word,
	    x->literal_word ? V6D_NO_VALUE : (int64_t)v6d_help_ms(a->took));
}

static void
answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	if (a->tag == RA) {
		if (a->how == V6D_ANSWER_DONE && a->ra_seen)
			begin(r);
		else
			v6d_probe_end(r, V6D_PROBE_SKIPPED,
			    "not tried: the tunnel has no IPv6 address");
		return;
	}
	if (a->tag == OWN_ROUTE) {
		on_own_route(r, a);
		return;
	}
	mine(r)->left--;
	switch ((enum tag)a->tag) {
	case RA:
	case OWN_ROUTE:
		break;
	case LOOKUP:
		on_lookup(r, a);
		break;
	case BY_NAME:
		if (a->how != V6D_ANSWER_REFUSED)
			name_fact(r, fetch_word(a), a->took);
		break;
	case BY_LITERAL:
		on_literal(r, a);
		break;
	}
	if (mine(r)->left == 0)
		conclude(r);
}

const struct v6d_probe v6d_probe_name = {
	.name = "name",
	.question = "Does a page come by its name as by its address?",
	.after = "dns route",
	.needs = "v6.small",
	.without = "no IPv6 target was reached",
	.start = start,
	.answer = answer,
};
