/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_name.c - the four quadrants: does a page come by its name and by its
 * address, over IPv6 and over IPv4? Where only the literal works the fault is
 * DNS. Then what a program of this host would see: libc's answer, and the
 * page as a browser fetches it, IPv6 first (RFC 8305).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "probe/help.h"
#include "proto/dns.h"

#define RA_PATIENCE V6D_S(4)
#define DNS_PATIENCE V6D_MS(1500)
#define DNS_ROUNDS 3 /* of 1, 2, 3 queries side by side */
#define DNS_AGAIN V6D_MS(600) /* of a resolver that is known to be quick */
#define LIBC_PATIENCE V6D_S(3)
#define LIBC_TRIES 2
#define LIBC_LOSSY V6D_MS(1500) /* it repeats nothing before five seconds */
#define LIBC_COPIES 4
#define ASKS_UNTIL V6D_S(8) /* of the run, where the line is lossy */
#define ASK_LEAST V6D_MS(700)
#define FETCH_PATIENCE V6D_S(3)
#define STALL V6D_S(2)
#define HTTP 80
#define RESOLUTION_DELAY V6D_MS(50) /* RFC 8305 3 */

enum { SIX, FOUR, N_FAMILIES };

/* The first two: LOOKUP + family, the next: BY_NAME + family, ... */
enum tag {
	LOOKUP,
	BY_NAME = 2,
	BY_LITERAL = 4,
	RACE = 6,
	RA,
	OWN_ROUTE,
	LIBC,
	LIBC_CONF,
};

struct lookup {
	bool wanted, over;
	unsigned resolver; /* the one being asked */
	unsigned rounds, waiting; /* of it; asks without an answer */
	bool denied; /* it answered, and has no address */
	struct v6d_addr addr; /* family 0: none was found */
	v6d_ns took;
};

struct name {
	unsigned left;
	enum v6d_ns_kind ns; /* HOST: over this host's own IPv6 */
	const char *no_tunnel; /* why, where it is */
	struct lookup look[N_FAMILIES];
	bool tried_name[N_FAMILIES], tried_literal[N_FAMILIES];
	const char *name_word[N_FAMILIES], *literal_word[N_FAMILIES];
	bool raced, race_four, race_told;
	v6d_ns race_took, four_took;
	const char *libc_word; /* NULL: it is well, or was not asked */
	/* Without and with AI_ADDRCONFIG. */
	uint8_t libc_tries[2], libc_waiting[2];
	bool libc_told[2];
	unsigned lost; /* queries that were answered when asked again */
};

static struct name *
mine(struct v6d_probe_run *r)
{
	return (struct name *)(void *)r->state;
}

/* ---- questions ---- */

static v6d_ns
in_time(const struct v6d_probe_run *r, v6d_ns usual)
{
	return v6d_help_patience(r, usual, ASKS_UNTIL, ASK_LEAST);
}

static void
fill_fetch(
    struct v6d_probe_run *r, const struct v6d_addr *to, struct v6d_ask *q)
{
	*q = (struct v6d_ask){ .kind = V6D_ASK_HTTP,
		.ns = to->family == 6 ? mine(r)->ns : V6D_NS_HOST,
		.addr = *to,
		.port = HTTP,
		.timeout = in_time(r, FETCH_PATIENCE),
		.stall = STALL,
		.size = 1, /* that it begins to come is enough */
		.name = "/" };
	memcpy(q->host, r->plan->name, sizeof(q->host));
}

static void
fetch(struct v6d_probe_run *r, const struct v6d_addr *to, unsigned tag)
{
	struct v6d_ask q;

	fill_fetch(r, to, &q);
	q.tag = tag;
	v6d_probe_ask(r, &q);
	mine(r)->left++;
}

/* Once more, to one that took so long when all was quiet. */
static v6d_ns
again_patience(const struct v6d_obs *o)
{
	v6d_ns t = DNS_AGAIN;

	if (!o || o->state != V6D_OK || o->value < 0)
		return DNS_PATIENCE;
	t += 4 * V6D_MS((v6d_ns)o->value);
	return t < DNS_PATIENCE ? t : DNS_PATIENCE;
}

/* A resolver whose answer is known to fail is not asked again. */
static bool
ask_next(struct v6d_probe_run *r, unsigned family)
{
	static const enum v6d_fact facts[] = { V6D_FACT_DNS_AAAA,
		V6D_FACT_DNS_A };
	const struct v6d_plan *p = r->plan;
	struct lookup *x = &mine(r)->look[family];
	struct v6d_ask q = { .kind = V6D_ASK_DNS,
		.tag = LOOKUP + family,
		.timeout = DNS_PATIENCE,
		.qtype = family == SIX ? V6D_DNS_AAAA : V6D_DNS_A };
	char text[V6D_ADDR_TEXT];

	for (; x->resolver < p->n_resolvers; x->resolver++) {
		const struct v6d_addr *to = &p->resolvers[x->resolver];
		const struct v6d_obs *o = v6d_facts_of(
		    r->facts, facts[family], v6d_help_text(to, text));

		if (o && o->state == V6D_BAD && strcmp(o->word, "wrong") &&
		    strcmp(o->word, "slow"))
			continue;
		q.addr = *to;
		q.ns = to->family == 6 ? mine(r)->ns : V6D_NS_HOST;
		memcpy(q.name, p->name, sizeof(q.name));
		if (x->rounds++ > 0)
			q.timeout = again_patience(o);
		q.timeout = in_time(r, q.timeout);
		for (unsigned i = 0; i < x->rounds; i++)
			if (v6d_probe_ask(r, &q))
				x->waiting++;
		mine(r)->left += x->waiting;
		return x->waiting > 0;
	}
	x->over = true;
	return false;
}

/* Queries get lost by chance, of which libc repeats none in time. */
static bool
is_lossy(struct v6d_probe_run *r)
{
	return mine(r)->lost > 0 || v6d_help_lossy(r);
}

/* So, and where half of a pair is known not to come, there is less to see. */
static v6d_ns
libc_patience(struct v6d_probe_run *r)
{
	v6d_ns t = LIBC_LOSSY + 2 * mine(r)->look[SIX].took;
	const struct v6d_obs *pair =
	    v6d_facts_last(r->facts, V6D_FACT_DNS_PAIR);

	if (!is_lossy(r) && !(pair && pair->state == V6D_BAD))
		return LIBC_PATIENCE;
	return in_time(r, t < LIBC_PATIENCE ? t : LIBC_PATIENCE);
}

static void
ask_libc_as(struct v6d_probe_run *r, enum tag tag)
{
	struct v6d_ask q = { .kind = V6D_ASK_LIBC,
		.tag = tag,
		.ns = V6D_NS_HOST,
		.addrconfig = tag == LIBC_CONF,
		.timeout = LIBC_PATIENCE };

	unsigned copies = 1;

	/* Again, it is to show that no single loss was to blame. */
	if (is_lossy(r) || mine(r)->libc_tries[q.addrconfig] > 0)
		copies = LIBC_COPIES;
	memcpy(q.name, r->plan->name, sizeof(q.name));
	q.timeout = libc_patience(r);
	mine(r)->libc_tries[q.addrconfig]++;
	for (unsigned i = 0; i < copies; i++)
		if (v6d_probe_ask(r, &q)) {
			mine(r)->libc_waiting[q.addrconfig]++;
			mine(r)->left++;
		}
}

/* With AI_ADDRCONFIG only where libc sees the tunnel too. */
static void
ask_libc(struct v6d_probe_run *r)
{
	if (!r->plan->libc)
		return;
	ask_libc_as(r, LIBC);
	if (r->plan->in_place || mine(r)->ns == V6D_NS_HOST)
		ask_libc_as(r, LIBC_CONF);
}

/* ---- facts ---- */

static void
fetch_fact(struct v6d_probe_run *r, enum v6d_fact fact, const char *subject,
    const char *word, v6d_ns took)
{
	v6d_probe_fact(r, fact, subject, word ? V6D_BAD : V6D_OK, word,
	    word ? V6D_NO_VALUE : (int64_t)v6d_help_ms(took));
}

static void
name_fact(
    struct v6d_probe_run *r, unsigned family, const char *word, v6d_ns took)
{
	mine(r)->tried_name[family] = true;
	mine(r)->name_word[family] = word;
	fetch_fact(r, family == SIX ? V6D_FACT_DNS_NAME : V6D_FACT_V4_NAME,
	    r->plan->name, word, took);
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
on_literal(struct v6d_probe_run *r, const struct v6d_answer *a, unsigned family)
{
	const struct v6d_plan *p = r->plan;
	struct name *x = mine(r);
	char text[V6D_ADDR_TEXT];

	if (a->how == V6D_ANSWER_REFUSED)
		return;
	x->tried_literal[family] = true;
	x->literal_word[family] = fetch_word(a);
	fetch_fact(r,
	    family == SIX ? V6D_FACT_DNS_LITERAL : V6D_FACT_V4_LITERAL,
	    v6d_help_text(family == SIX ? &p->literal : &p->v4_target, text),
	    x->literal_word[family], a->took);
}

/* Names the servers know and libc does not; or not as programs ask. */
static void
on_libc(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct name *x = mine(r);
	bool conf = a->tag == LIBC_CONF, six = false;
	const char *word = NULL;

	x->libc_waiting[conf]--;
	if (a->how == V6D_ANSWER_REFUSED)
		return;
	for (unsigned i = 0; i < a->n_addrs; i++)
		six |= a->addrs[i].family == 6;
	if (a->how == V6D_ANSWER_TIMEOUT || a->err == ETIMEDOUT) {
		if (x->libc_waiting[conf] > 0)
			return; /* one of those beside it may come */
		/* A lost packet costs libc five seconds: that is no fault. */
		if (x->libc_tries[conf] < LIBC_TRIES && !is_lossy(r)) {
			ask_libc_as(r, conf ? LIBC_CONF : LIBC);
			return;
		}
		word = "timeout";
	} else if (a->err != 0 && a->err != ENOENT)
		word = "error";
	else if (!six)
		word = conf ? "addrconfig" : "none";
	x->libc_told[conf] = true;
	x->left -= x->libc_waiting[conf];
	if (conf && x->libc_word)
		return; /* not because of that flag */
	if (word && strcmp(word, "timeout") == 0 && is_lossy(r)) {
		v6d_probe_fact(r, V6D_FACT_DNS_LIBC, r->plan->name, V6D_UNKNOWN,
		    "lossy", V6D_NO_VALUE);
		return;
	}
	x->libc_word = word;
	v6d_probe_fact(r, V6D_FACT_DNS_LIBC, r->plan->name,
	    word ? V6D_BAD : V6D_OK, word,
	    word ? V6D_NO_VALUE : (int64_t)v6d_help_ms(a->took));
}

/* ---- as a browser does it ---- */

static void
fallback_fact(struct v6d_probe_run *r, const char *word, v6d_ns took)
{
	v6d_probe_fact(r, V6D_FACT_V6_FALLBACK, r->plan->name,
	    word ? V6D_BAD : V6D_OK, word, (int64_t)v6d_help_ms(took));
}

/* With one family resolved in time there is nothing to race. */
static void
race(struct v6d_probe_run *r)
{
	struct name *x = mine(r);
	const struct lookup *six = &x->look[SIX], *four = &x->look[FOUR];
	struct v6d_ask q;

	if (!six->wanted || !six->over || !four->over || x->raced ||
	    four->addr.family == 0)
		return;
	x->raced = true;
	if (six->addr.family == 0 ||
	    six->took > four->took + RESOLUTION_DELAY) {
		x->race_four = true;
		return; /* the fetch by name over IPv4 tells */
	}
	fill_fetch(r, &six->addr, &q);
	q.tag = RACE;
	q.addr2 = four->addr;
	v6d_probe_ask(r, &q);
	x->left++;
}

static v6d_ns
resolved_after(const struct name *x)
{
	v6d_ns six = x->look[SIX].took, four = x->look[FOUR].took;

	return six < four + RESOLUTION_DELAY ? six : four + RESOLUTION_DELAY;
}

static void
on_race(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct name *x = mine(r);

	if (a->how == V6D_ANSWER_REFUSED)
		return;
	x->race_told = true;
	x->race_took = resolved_after(x) + a->took;
	x->race_four = a->connected && a->via == 4;
	fallback_fact(r,
	    !a->connected || fetch_word(a) ? "none"
	    : a->via == 4                  ? "ipv4"
					   : NULL,
	    x->race_took);
}

/* There was no race: IPv6 had no address in time. */
static void
tell_four(struct v6d_probe_run *r)
{
	struct name *x = mine(r);

	if (!x->raced || !x->race_four || x->race_told || !x->tried_name[FOUR])
		return;
	x->race_told = true;
	x->race_took = resolved_after(x) + x->four_took;
	fallback_fact(r, x->name_word[FOUR] ? "none" : "ipv4", x->race_took);
}

/* ---- the end ---- */

static void
over_ipv4(const struct name *x, char *buf, size_t n)
{
	buf[0] = '\0';
	if (x->tried_name[FOUR] && !x->name_word[FOUR])
		snprintf(buf, n, "; over IPv4 it comes by name");
	else if (x->tried_name[FOUR])
		snprintf(buf, n, "; over IPv4 too: %s", x->name_word[FOUR]);
}

static void
conclude_failed(struct v6d_probe_run *r)
{
	const struct name *x = mine(r);
	char text[V6D_ADDR_TEXT], four[48];

	over_ipv4(x, four, sizeof(four));
	v6d_help_text(&r->plan->literal, text);
	if (x->tried_literal[SIX] && !x->literal_word[SIX])
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "by name: %s, by address %s: works; it is the name",
		    x->name_word[SIX], text);
	else if (x->tried_literal[SIX])
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "neither name (%s) nor address (%s) works: it is not "
		    "DNS%s",
		    x->name_word[SIX], x->literal_word[SIX], four);
	else
		v6d_probe_end(r, V6D_PROBE_FAIL, "%.60s over IPv6: %s%s",
		    r->plan->name, x->name_word[SIX], four);
}

static void
conclude(struct v6d_probe_run *r)
{
	const struct name *x = mine(r);
	bool name = x->tried_name[SIX] && !x->name_word[SIX];
	bool literal = x->tried_literal[SIX] && !x->literal_word[SIX];

	if (!x->tried_name[SIX])
		v6d_probe_end(
		    r, V6D_PROBE_UNKNOWN, "neither fetch could be tried");
	else if (!name)
		conclude_failed(r);
	else if (x->libc_word)
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "%.60s is reached over IPv6, but this host's own libc "
		    "does not find its address (%s)",
		    r->plan->name, x->libc_word);
	else if (x->race_four)
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "%.60s is reached over IPv6, but browsers would fall back "
		    "to IPv4 (after %u ms)",
		    r->plan->name, v6d_help_ms(x->race_took));
	else
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "%.60s is reached over %sIPv6 by name%s", r->plan->name,
		    x->ns == V6D_NS_HOST ? "this host's own " : "",
		    literal ? " and by address" : "");
}

/* ---- the course ---- */

static void
look_up(struct v6d_probe_run *r, unsigned family)
{
	mine(r)->look[family].wanted = true;
	if (!ask_next(r, family))
		name_fact(r, family, "unresolved", 0);
}

static void
begin(struct v6d_probe_run *r)
{
	const struct v6d_plan *p = r->plan;

	if (p->literal.family == 6)
		fetch(r, &p->literal, BY_LITERAL + SIX);
	if (p->v4_target.family == 4 && !v6d_probe_bad(r, V6D_FACT_V4_CONTROL))
		fetch(r, &p->v4_target, BY_LITERAL + FOUR);
	look_up(r, SIX);
	look_up(r, FOUR);
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
on_ra(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	if (a->how == V6D_ANSWER_DONE && a->ra_seen)
		begin(r);
	else
		v6d_probe_end(r, V6D_PROBE_SKIPPED,
		    "not tried: the tunnel has no IPv6 address");
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
on_lookup(struct v6d_probe_run *r, const struct v6d_answer *a, unsigned family)
{
	struct lookup *x = &mine(r)->look[family];

	x->waiting--;
	if (a->how == V6D_ANSWER_DONE && a->n_addrs > 0) {
		x->over = true;
		mine(r)->left -= x->waiting; /* the others say no more */
		x->addr = a->addrs[0];
		x->took += a->took;
		mine(r)->lost += x->rounds - 1;
		fetch(r, &x->addr, BY_NAME + family);
		if (family == SIX)
			ask_libc(r); /* it has no excuse now */
		return;
	}
	x->denied |= a->how == V6D_ANSWER_DONE;
	if (x->waiting > 0)
		return;
	/* What a lost packet cost says nothing of the resolver. */
	if (a->how == V6D_ANSWER_TIMEOUT && !x->denied &&
	    x->rounds < DNS_ROUNDS) {
		ask_next(r, family);
		return;
	}
	x->took += a->took;
	x->rounds = 0;
	x->denied = false;
	x->resolver++;
	if (!ask_next(r, family))
		name_fact(r, family, "unresolved", 0);
}

static void
on_name(struct v6d_probe_run *r, const struct v6d_answer *a, unsigned family)
{
	if (a->how == V6D_ANSWER_REFUSED)
		return;
	if (family == FOUR)
		mine(r)->four_took = a->took;
	name_fact(r, family, fetch_word(a), a->took);
}

/* Of asks side by side another one has told all that there is to tell. */
static bool
is_late(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	if (a->tag < BY_NAME)
		return mine(r)->look[a->tag - LOOKUP].over;
	if (a->tag == LIBC || a->tag == LIBC_CONF)
		return mine(r)->libc_told[a->tag == LIBC_CONF];
	return false;
}

static void
answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	if (a->tag == RA || a->tag == OWN_ROUTE) {
		if (a->tag == RA)
			on_ra(r, a);
		else
			on_own_route(r, a);
		return;
	}
	if (is_late(r, a))
		return;
	mine(r)->left--;
	if (a->tag < BY_NAME)
		on_lookup(r, a, a->tag - LOOKUP);
	else if (a->tag < BY_LITERAL)
		on_name(r, a, a->tag - BY_NAME);
	else if (a->tag < RACE)
		on_literal(r, a, a->tag - BY_LITERAL);
	else if (a->tag == RACE)
		on_race(r, a);
	else
		on_libc(r, a);
	race(r);
	tell_four(r);
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
