/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * symptoms.c - reducers: what many observations, made at different times of
 * different targets, come to. A later success disproves an earlier worry
 * (a gateway that answers no echo, when the server was reached).
 */
#include "diag/rules.h"

#include <string.h>

/* A TUN frame inside: 20 IPv4, 16 GRE with both numbers, 4 PPP (RFC 2637 4) */
#define OVERHEAD 40
/* MPPE adds its count and the protocol inside (RFC 3078 3.1). */
#define OVERHEAD_MPPE 44
/* A size that GRE's acknowledgment number may seem to move (RFC 2637 4.1). */
#define GRE_ACK 4
/* A hang-up this soon after the call is not a time-out of the server's PPP. */
#define TURNED_AWAY 10 /* packets; fewer are any busy host's */
#define AT_ONCE_MS 3000
/* A loss rate in per mille: below it is no finding. */
#define LOSS_SOME 20

/* The observations of one symptom, being reduced. */
struct reduction {
	const struct v6d_facts *f;
	enum v6d_symptom sym;
	enum v6d_fact fact;
	const struct v6d_obs *from;
};

static bool
is_bad(const struct v6d_obs *o)
{
	return o && (o->state == V6D_BAD || o->state == V6D_WAS_OK);
}

static bool
was_ok(const struct reduction *r, enum v6d_fact fact)
{
	const struct v6d_obs *o = v6d_facts_last(r->f, fact);

	return o && o->state == V6D_OK;
}

/* An observation of this fact was ok at any time. */
static bool
ever_ok(const struct v6d_facts *f, enum v6d_fact fact)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->obs[i].fact == fact &&
		    (f->obs[i].state == V6D_OK ||
			f->obs[i].state == V6D_WAS_OK))
			return true;
	return false;
}

static int8_t
value_of(struct reduction *r, const struct v6d_obs *o)
{
	if (!o || o->state == V6D_UNKNOWN)
		return V6D_SYM_UNKNOWN;
	r->from = o;
	if (o->state == V6D_OK)
		return V6D_SYM_OK;
	return v6d_symptom_value(r->sym, o->word);
}

/* No observation is taken back: the symptom is as if it was not looked at. */
static int8_t
unknown(struct reduction *r)
{
	r->from = NULL;
	return V6D_SYM_UNKNOWN;
}

static int8_t
word(struct reduction *r, const char *w)
{
	return v6d_symptom_value(r->sym, w);
}

static int8_t
newest(struct reduction *r)
{
	return value_of(r, v6d_facts_last(r->f, r->fact));
}

/* True when obs[i] is the newest of its fact and subject. */
static bool
is_newest(const struct v6d_facts *f, size_t i)
{
	return v6d_facts_of(f, f->obs[i].fact, f->obs[i].subject) == &f->obs[i];
}

/* How the subjects of a fact stand: the newest good and bad one, counts. */
struct standing {
	const struct v6d_obs *good, *bad;
	unsigned n_good, n_bad;
};

static struct standing
stand(const struct v6d_facts *f, enum v6d_fact fact)
{
	struct standing s = { NULL, NULL, 0, 0 };

	for (size_t i = 0; i < f->n; i++) {
		const struct v6d_obs *o = &f->obs[i];

		if (o->fact != fact || !is_newest(f, i))
			continue;
		if (o->state == V6D_OK) {
			s.good = o;
			s.n_good++;
		} else if (is_bad(o)) {
			s.bad = o;
			s.n_bad++;
		}
	}
	return s;
}

/* One subject that works is enough. */
static int8_t
any_ok(struct reduction *r)
{
	struct standing s = stand(r->f, r->fact);

	return value_of(r, s.good ? s.good : s.bad);
}

/* One subject that is wrong is enough. */
static int8_t
any_bad(struct reduction *r)
{
	struct standing s = stand(r->f, r->fact);

	return value_of(r, s.bad ? s.bad : s.good);
}

/* Losses of GRE are so heavy that they explain a few other packets' too. */
static bool
loses_heavily(const struct v6d_facts *f)
{
	static const enum v6d_fact all[] = { V6D_FACT_GRE_LOSS,
		V6D_FACT_GRE_LOSS_IN, V6D_FACT_GRE_LOSS_OUT };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const struct v6d_obs *o = v6d_facts_last(f, all[i]);

		if (is_bad(o) && o->value > V6D_GRE_LOSS_HEAVY)
			return true;
	}
	return false;
}

/* Half of a pair of queries: few were asked. */
static int8_t
dns_pair(struct reduction *r)
{
	int8_t v = any_bad(r);

	return v > 0 && loses_heavily(r->f) ? unknown(r) : v;
}

/*
 * A few packets early in the run, of which none came back: what was reached
 * later, or that many are lost here, is the better witness.
 */
static int8_t
v4_control(struct reduction *r)
{
	int8_t v = any_ok(r);

	if (v <= 0 || strcmp(r->from->word, "timeout") != 0)
		return v;
	if (was_ok(r, V6D_FACT_V4_LITERAL))
		return value_of(r, v6d_facts_last(r->f, V6D_FACT_V4_LITERAL));
	return loses_heavily(r->f) ? unknown(r) : v;
}

/* What only matters as long as the server was not reached. */
static int8_t
before_server(struct reduction *r)
{
	const struct v6d_obs *tcp = v6d_facts_last(r->f, V6D_FACT_CONTROL_TCP);
	int8_t v = newest(r);

	if (v > 0 && tcp &&
	    (tcp->state == V6D_OK || strcmp(tcp->word, "refused") == 0))
		return unknown(r);
	return v;
}

/* Without an address nothing is reached; with a new one, what was is lost. */
static int8_t
lan_addr(struct reduction *r)
{
	const struct v6d_obs *o = v6d_facts_last(r->f, r->fact);

	return is_bad(o) && strcmp(o->word, "changed") == 0 ? newest(r)
							    : before_server(r);
}

static int8_t
host_ipv6(struct reduction *r)
{
	int8_t v = newest(r);

	return v > 0 && was_ok(r, V6D_FACT_ADDR_GLOBAL) ? unknown(r) : v;
}

static int8_t
host_accept_ra(struct reduction *r)
{
	int8_t v = newest(r);

	return v > 0 && was_ok(r, V6D_FACT_RA_USED) ? unknown(r) : v;
}

/*
 * What connection tracking turns away on a busy host is mostly others', and
 * tried again: it counts where it is much, and many sessions of ours failed.
 */
static int8_t
turned_away(struct reduction *r)
{
	int8_t v = newest(r);

	if (v <= 0 || strcmp(r->from->word, "evicted") == 0)
		return v;
	if (r->from->value >= TURNED_AWAY &&
	    (is_bad(v6d_facts_last(r->f, V6D_FACT_NAPT_SESSIONS)) ||
		is_bad(v6d_facts_last(r->f, V6D_FACT_NAPT_UDP))))
		return v;
	return unknown(r);
}

static int8_t
control_hangup(struct reduction *r)
{
	int8_t v = newest(r);

	if (v > 0 && strcmp(r->from->word, "closed") == 0 &&
	    r->from->value >= 0 && r->from->value <= AT_ONCE_MS &&
	    !ever_ok(r->f, V6D_FACT_GRE_IN))
		return word(r, "at-once");
	return v;
}

/* A capture sees the wire; our own socket only what the host lets through. */
static int8_t
gre_in(struct reduction *r)
{
	int8_t v = newest(r);

	if (v <= 0)
		return v;
	if (r->from->state == V6D_WAS_OK)
		return word(r, "died");
	if (strcmp(r->from->word, "none") == 0 &&
	    strncmp(r->from->source, "capture", 7) == 0)
		return word(r, "absent");
	return v;
}

static int8_t
gre_out(struct reduction *r)
{
	int8_t v = newest(r);

	return v > 0 && was_ok(r, V6D_FACT_PPP_LCP) ? unknown(r) : v;
}

static int8_t
gre_icmp(struct reduction *r)
{
	int8_t v = newest(r);

	return v > 0 && was_ok(r, V6D_FACT_PPP_LCP) ? unknown(r) : v;
}

int64_t
v6d_overhead_of(const struct v6d_facts *f)
{
	const struct v6d_obs *o = v6d_facts_last(f, V6D_FACT_PPP_ENCRYPTED);

	return o && strcmp(o->word, "opaque") == 0 ? OVERHEAD_MPPE : OVERHEAD;
}

/* The outer length that a full packet of the tunnel needs, 0: not known. */
static int64_t
needed(const struct v6d_facts *f)
{
	const struct v6d_obs *mtu = v6d_facts_last(f, V6D_FACT_V6_MTU);

	if (!mtu || mtu->value == V6D_NO_VALUE || mtu->value <= 0)
		return 0;
	return mtu->value + v6d_overhead_of(f);
}

/* A limit above what the tunnel ever sends does no harm. */
static int8_t
size_value(struct reduction *r, enum v6d_fact fact)
{
	const struct v6d_obs *o = v6d_facts_last(r->f, fact);
	int8_t v = value_of(r, o);
	int64_t need = needed(r->f);

	if (v == V6D_SYM_UNKNOWN || need == 0 || o->value == V6D_NO_VALUE)
		return v;
	if (v > 0 && strcmp(o->word, "hole") != 0 && o->value >= need)
		return V6D_SYM_OK;
	if (v == V6D_SYM_OK && o->value < need)
		return unknown(r);
	return v;
}

static int8_t
gre_size(struct reduction *r)
{
	int8_t v = size_value(r, r->fact);

	if (r->fact == V6D_FACT_GRE_SIZE && v > 0 &&
	    (is_bad(v6d_facts_last(r->f, V6D_FACT_GRE_SIZE_IN)) ||
		is_bad(v6d_facts_last(r->f, V6D_FACT_GRE_SIZE_OUT))))
		return unknown(r);
	if (v == V6D_SYM_UNKNOWN && r->fact != V6D_FACT_GRE_ICMP_MTU &&
	    size_value(r, V6D_FACT_GRE_SIZE) == V6D_SYM_OK)
		return V6D_SYM_OK;
	return v == V6D_SYM_UNKNOWN ? unknown(r) : v;
}

/* A rate worth a word; without a number it is one. */
static bool
is_loss(const struct v6d_obs *o)
{
	return is_bad(o) && (o->value == V6D_NO_VALUE || o->value > LOSS_SOME);
}

/* The worst of the three rates, and whether both directions lose. */
static int8_t
gre_loss(struct reduction *r)
{
	const struct v6d_obs *any = v6d_facts_last(r->f, V6D_FACT_GRE_LOSS);
	const struct v6d_obs *in = v6d_facts_last(r->f, V6D_FACT_GRE_LOSS_IN);
	const struct v6d_obs *out = v6d_facts_last(r->f, V6D_FACT_GRE_LOSS_OUT);
	const struct v6d_obs *const all[] = { any, in, out };
	bool seen = false, both = is_loss(in) && is_loss(out);

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		seen = seen || (all[i] && all[i]->state != V6D_UNKNOWN);
		if (is_loss(all[i]) &&
		    (!r->from || all[i]->value > r->from->value))
			r->from = all[i];
	}
	if (!r->from)
		return seen ? V6D_SYM_OK : V6D_SYM_UNKNOWN;
	if (r->from->value > V6D_GRE_LOSS_HEAVY)
		return word(r, both ? "heavy-both" : "heavy");
	return word(r, both ? "loss-both" : "loss");
}

/* The direction that carries less. */
static int8_t
gre_rate(struct reduction *r)
{
	const struct v6d_obs *in = v6d_facts_last(r->f, V6D_FACT_GRE_RATE_IN);
	const struct v6d_obs *out = v6d_facts_last(r->f, V6D_FACT_GRE_RATE_OUT);

	if (is_bad(in) && is_bad(out))
		return value_of(r, out->value < in->value ? out : in);
	if (is_bad(in) || is_bad(out))
		return value_of(r, is_bad(in) ? in : out);
	return value_of(r, in ? in : out);
}

/* An address that is there and works needs no advertisement. */
static int8_t
ra_prefix(struct reduction *r)
{
	int8_t v = newest(r);

	return v > 0 && was_ok(r, V6D_FACT_ADDR_GLOBAL) ? unknown(r) : v;
}

static int8_t
route_default(struct reduction *r)
{
	int8_t v = any_ok(r);

	return v > 0 && stand(r->f, V6D_FACT_ROUTE_TARGET).good ? unknown(r)
								: v;
}

static int8_t
v6_router(struct reduction *r)
{
	int8_t v = newest(r);

	return v > 0 && stand(r->f, V6D_FACT_V6_SMALL).good ? unknown(r) : v;
}

/* Resolvers with an IPv6 address are asked through the tunnel. */
enum inner { INNER_NOT_ASKED, INNER_SILENT, INNER_ANSWERS };

static bool
is_silent_inner(const struct v6d_obs *o)
{
	const char *silent = is_bad(o) ? "timeout" : "silent";

	return o->state != V6D_OK && strchr(o->subject, ':') &&
	       strcmp(o->word, silent) == 0;
}

static enum inner
inner_resolvers(const struct v6d_facts *f)
{
	enum inner found = INNER_NOT_ASKED;

	for (size_t i = 0; i < f->n; i++) {
		const struct v6d_obs *o = &f->obs[i];

		if (o->fact != V6D_FACT_DNS_A || !is_newest(f, i))
			continue;
		if (o->state == V6D_OK && strchr(o->subject, ':'))
			return INNER_ANSWERS;
		if (is_silent_inner(o))
			found = INNER_SILENT;
	}
	return found;
}

/* Several targets that all fail say more than one. */
static int8_t
v6_small(struct reduction *r)
{
	struct standing s = stand(r->f, r->fact);
	int8_t v = value_of(r, s.good ? s.good : s.bad);
	bool more = s.n_bad > 1 || inner_resolvers(r->f) == INNER_SILENT;

	if (v > 0 && more && strcmp(s.bad->word, "refused") != 0)
		return word(r, "all");
	return v;
}

static int8_t
v6_site(struct reduction *r)
{
	struct standing small = stand(r->f, V6D_FACT_V6_SMALL);
	struct standing get = stand(r->f, V6D_FACT_V6_GET);

	if (small.bad &&
	    (small.good || inner_resolvers(r->f) == INNER_ANSWERS)) {
		r->from = small.bad;
		return word(r, "differs");
	}
	if (get.good && get.bad) {
		r->from = get.bad;
		return word(r, "differs");
	}
	return V6D_SYM_UNKNOWN;
}

/*
 * As stand(), of resolvers. What is silent inside the tunnel says nothing of
 * DNS as long as nothing else answers there, if there are others.
 */
static struct standing
stand_resolvers(const struct v6d_facts *f, enum v6d_fact fact)
{
	struct standing s = { NULL, NULL, 0, 0 };

	for (size_t i = 0; i < f->n; i++) {
		const struct v6d_obs *o = &f->obs[i];

		if (o->fact != fact || !is_newest(f, i) || is_silent_inner(o))
			continue;
		if (o->state == V6D_OK)
			s.good = o;
		else if (is_bad(o))
			s.bad = o;
	}
	if ((!s.good && !s.bad) || stand(f, V6D_FACT_V6_SMALL).good)
		return stand(f, fact);
	return s;
}

/* A name that has only an AAAA record is as good as any. */
static int8_t
dns_a(struct reduction *r)
{
	struct standing s = stand_resolvers(r->f, r->fact);
	int8_t v = value_of(r, s.good ? s.good : s.bad);

	return v > 0 && strcmp(r->from->word, "nodata") == 0 ? unknown(r) : v;
}

/* One resolver of several that fails costs its time-out at each look-up. */
static int8_t
dns_aaaa(struct reduction *r)
{
	struct standing s = stand_resolvers(r->f, r->fact);
	int8_t v = value_of(r, s.bad ? s.bad : s.good);

	if (v > 0 && s.good && v != word(r, "wrong"))
		v = word(r, "slow");
	if (v == word(r, "slow") && loses_heavily(r->f))
		return unknown(r); /* a query was lost, and sent again */
	return v;
}

/* Two translations are worth a word where something suffers from it. */
static int8_t
napt_layers(struct reduction *r)
{
	static const enum v6d_fact effects[] = { V6D_FACT_GRE_IN,
		V6D_FACT_GRE_SIZE_IN, V6D_FACT_GRE_SIZE_OUT,
		V6D_FACT_GRE_FRAGMENTS, V6D_FACT_NAPT_SESSIONS,
		V6D_FACT_CONTROL_HANGUP };
	int8_t v = newest(r);

	for (size_t i = 0; i < sizeof(effects) / sizeof(effects[0]); i++)
		if (is_bad(v6d_facts_last(r->f, effects[i])))
			return v;
	return v > 0 ? unknown(r) : v;
}

/* libc is to blame only where every server knows the name. */
static int8_t
dns_libc(struct reduction *r)
{
	struct standing s = stand(r->f, V6D_FACT_DNS_AAAA);
	int8_t v = newest(r);

	return v > 0 && (!s.good || s.bad) ? unknown(r) : v;
}

/*
 * It came out of the tunnel, and yet what is longer than it names is still
 * sent, and lost: this host's kernel never got it. Where the limit is another
 * than the one it names, it is not about that limit.
 */
static int8_t
v6_ptb(struct reduction *r)
{
	const struct v6d_obs *out = v6d_facts_last(r->f, V6D_FACT_V6_PMTU_OUT);
	int8_t v = newest(r);

	if (v != V6D_SYM_OK || !is_bad(out))
		return v;
	if (out->value > r->from->value ||
	    out->value + GRE_ACK < r->from->value)
		return v;
	return word(r, "unheeded");
}

/*
 * What vanishes although GRE's own limit that way would let it through is lost
 * by something else.
 */
static int8_t
v6_pmtu(struct reduction *r)
{
	bool in = r->fact == V6D_FACT_V6_PMTU_IN;
	const struct v6d_obs *gre = v6d_facts_last(
	    r->f, in ? V6D_FACT_GRE_SIZE_IN : V6D_FACT_GRE_SIZE_OUT);
	int8_t v = any_ok(r);

	if (v <= 0 || !is_bad(gre) || gre->value == V6D_NO_VALUE ||
	    strcmp(gre->word, "hole") == 0 || r->from->value == V6D_NO_VALUE)
		return v;
	if (r->from->value + v6d_overhead_of(r->f) + GRE_ACK >= gre->value)
		return v;
	return word(r, "narrower");
}

/* The symptom that is made of another fact's observations. */
#define V6D_FACT_V6_SITE V6D_FACT_V6_SMALL
#define V6D_FACT_GRE_RATE V6D_FACT_GRE_RATE_IN

static const struct {
	const char *name, *words;
	enum v6d_stage stage;
	enum v6d_fact fact;
	int8_t (*reduce)(struct reduction *r);
} table[] = {
#define SYMPTOM(id, name, stage, words, reducer) \
	{ name, words "\0", V6D_STAGE_##stage, V6D_FACT_##id, reducer },
#include "diag/symptoms.def"
#undef SYMPTOM
};

void
v6d_symptoms_reduce(const struct v6d_facts *f, struct v6d_symptoms *ret_s)
{
	ret_s->facts = f;
	for (int i = 0; i < V6D_N_SYMPTOMS; i++) {
		struct reduction r = { f, (enum v6d_symptom)i, table[i].fact,
			NULL };

		ret_s->v[i] = table[i].reduce(&r);
		ret_s->from[i] = r.from;
	}
}

const char *
v6d_symptom_name(enum v6d_symptom s)
{
	return table[s].name;
}

enum v6d_stage
v6d_symptom_stage(enum v6d_symptom s)
{
	return table[s].stage;
}

int8_t
v6d_symptom_value(enum v6d_symptom s, const char *w)
{
	const char *p = table[s].words;

	for (int8_t i = 1; *p; i++, p += strlen(p) + 1)
		if (strcmp(p, w) == 0)
			return i;
	return V6D_SYM_OTHER;
}

const char *
v6d_symptom_word(enum v6d_symptom s, int8_t value)
{
	const char *p = table[s].words;

	if (value == V6D_SYM_UNKNOWN)
		return "unknown";
	if (value == V6D_SYM_OK)
		return "ok";
	for (int8_t i = 1; *p; i++, p += strlen(p) + 1)
		if (i == value)
			return p;
	return "other";
}

int8_t
v6d_symptom_n_words(enum v6d_symptom s)
{
	int8_t n = 0;

	for (const char *p = table[s].words; *p; p += strlen(p) + 1)
		n++;
	return n;
}
