/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare.c - what differs between two reports, and what that allows. */
#include "trace/compare.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/wire.h"

_Static_assert(V6D_SINCE_TEXT == V6D_COMPARE_TEXT, "copied whole");

/* ---- observations ---- */

/* Numbers that differ from run to run without meaning anything. */
static bool
is_noise(enum v6d_fact f)
{
	static const char *const units[] = { "bytes outer IPv4",
		"bytes inner IPv6", "bytes", "sessions", "translations", "bits",
		"result code", "type*256+code", "sysctl value" };

	for (size_t i = 0; i < V6D_ARRAY_LEN(units); i++)
		if (strcmp(v6d_fact_unit(f), units[i]) == 0)
			return false;
	return true;
}

static bool
fact_differs(enum v6d_fact f, const struct v6d_obs *a, const struct v6d_obs *b)
{
	if (!a || !b)
		return (a || b) && (a ? a : b)->state != V6D_UNKNOWN;
	return a->state != b->state || strcmp(a->word, b->word) != 0 ||
	       (!is_noise(f) && a->value != b->value);
}

static void
compare_facts(struct v6d_comparison *c)
{
	for (int i = 0; i < V6D_N_FACTS; i++) {
		enum v6d_fact f = (enum v6d_fact)i;
		const struct v6d_obs *a =
		    v6d_facts_last(c->was.report->facts, f);
		const struct v6d_obs *b =
		    v6d_facts_last(c->is.report->facts, f);

		if (!fact_differs(f, a, b))
			continue;
		if (c->n_facts == V6D_COMPARE_FACTS)
			c->n_facts_dropped++;
		else
			c->facts[c->n_facts++] =
			    (struct v6d_fact_pair){ f, a, b };
	}
}

/* ---- causes ---- */

static bool
names(const struct v6d_diagnosis *d, enum v6d_cause c)
{
	for (unsigned i = 0; i < d->n; i++)
		if (d->findings[i].cause == c)
			return true;
	for (unsigned i = 0; i < d->n_undecided; i++)
		for (unsigned k = 0; k < d->undecided[i].n; k++)
			if (d->undecided[i].between[k] == c)
				return true;
	return false;
}

static void
list(struct v6d_cause_list *l, enum v6d_cause c)
{
	if (l->n < V6D_COMPARE_CAUSES)
		l->cause[l->n++] = c;
}

static void
compare_causes(struct v6d_comparison *c)
{
	for (int i = 0; i < V6D_N_CAUSES; i++) {
		enum v6d_cause cause = (enum v6d_cause)i;
		bool a = names(c->was.report->diagnosis, cause);
		bool b = names(c->is.report->diagnosis, cause);

		if (a && b)
			list(&c->stayed, cause);
		else if (a)
			list(&c->gone, cause);
		else if (b)
			list(&c->come, cause);
	}
}

/* ---- surroundings, each in words; "" where the report does not say ---- */

static void
put_addr(struct v6d_text *t, const struct v6d_addr *a)
{
	char text[V6D_ADDR_TEXT];

	if (a->family)
		v6d_text_add(t, "%s%s", t->len ? ", " : "",
		    v6d_addr_text(a, text, sizeof(text)));
}

/* The network counts, not the host's number in it. */
static void
say_line(const struct v6d_side *s, struct v6d_text *t)
{
	const struct v6d_obs *o =
	    v6d_facts_last(s->report->facts, V6D_FACT_LAN_ADDR);
	struct v6d_addr a;

	if ((o && v6d_addr_parse(o->subject, &a)) ||
	    v6d_addr_parse(s->report->client, &a))
		put_addr(t, &a);
}

static void
say_device(const struct v6d_side *s, struct v6d_text *t)
{
	if (s->plan)
		put_addr(t, &s->plan->gateway);
}

static void
say_nat(const struct v6d_side *s, struct v6d_text *t)
{
	const struct v6d_obs *o =
	    v6d_facts_last(s->report->facts, V6D_FACT_NAPT_LAYERS);

	if (o && o->value != V6D_NO_VALUE)
		v6d_text_add(t,
		    o->value == 1 ? N_("%lld layer") : N_("%lld layers"),
		    (long long)o->value);
}

static void
say_size(const struct v6d_side *s, enum v6d_fact f, const char *what,
    struct v6d_text *t)
{
	const struct v6d_obs *o = v6d_facts_last(s->report->facts, f);

	if (!o || o->value == V6D_NO_VALUE)
		return;
	v6d_text_add(t, "%s", t->len ? ", " : "");
	v6d_text_add(t,
	    o->state == V6D_OK ? N_("%s at least %lld") : N_("%s up to %lld"),
	    what, (long long)o->value);
}

static void
say_path_mtu(const struct v6d_side *s, struct v6d_text *t)
{
	say_size(s, V6D_FACT_GRE_SIZE_IN, N_("GRE in"), t);
	say_size(s, V6D_FACT_GRE_SIZE_OUT, N_("GRE out"), t);
	say_size(s, V6D_FACT_GRE_SIZE, "GRE", t);
	say_size(s, V6D_FACT_V6_PMTU_IN, N_("IPv6 in"), t);
	say_size(s, V6D_FACT_V6_PMTU_OUT, N_("IPv6 out"), t);
}

static void
say_server(const struct v6d_side *s, struct v6d_text *t)
{
	v6d_text_add(t, "%s", s->report->server);
}

static void
say_tunnel(const struct v6d_side *s, struct v6d_text *t)
{
	if (!s->plan)
		return;
	v6d_text_add(t, "MTU %u, MRU %u", s->plan->mtu,
	    s->plan->mru ? s->plan->mru : 1500);
	if (s->plan->in_place)
		v6d_text_add(t, ", %s", N_("judged in place"));
}

static void
say_login(const struct v6d_side *s, struct v6d_text *t)
{
	const struct v6d_facts *f = s->report->facts;
	const struct v6d_obs *o = v6d_facts_last(f, V6D_FACT_PPP_AUTH);

	if (o && o->subject[0])
		v6d_text_add(t, "%s%s%s", o->subject,
		    v6d_facts_last(f, V6D_FACT_PPP_ENCRYPTED) ? ", " : "",
		    v6d_facts_last(f, V6D_FACT_PPP_ENCRYPTED) ? N_("encrypted")
							      : "");
}

static void
say_resolvers(const struct v6d_side *s, struct v6d_text *t)
{
	for (unsigned i = 0; s->plan && i < s->plan->n_resolvers; i++)
		put_addr(t, &s->plan->resolvers[i]);
}

static void
say_targets(const struct v6d_side *s, struct v6d_text *t)
{
	for (unsigned i = 0; s->plan && i < s->plan->n_targets; i++)
		put_addr(t, &s->plan->targets[i]);
	if (s->plan && s->plan->name[0])
		v6d_text_add(t, "%s%s", t->len ? ", " : "", s->plan->name);
}

static void
say_system(const struct v6d_side *s, struct v6d_text *t)
{
	v6d_text_add(t, "%s", s->system);
}

static const struct {
	const char *name, *words;
	void (*say)(const struct v6d_side *s, struct v6d_text *t);
	bool addresses; /* pseudonyms of two reports cannot be compared */
	bool result; /* may follow from the cause */
} aspects[V6D_N_ASPECTS] = {
	[V6D_ASPECT_LINE] = { "line", N_("the line (this host's address)"),
	    say_line, true, false },
	[V6D_ASPECT_DEVICE] = { "device",
	    N_("the router (the gateway's address)"), say_device, true, false },
	[V6D_ASPECT_NAT] = { "nat-layers", N_("the layers of NAT"), say_nat,
	    false, false },
	[V6D_ASPECT_PATH_MTU] = { "path-mtu",
	    N_("what the path carries, bytes"), say_path_mtu, false, true },
	[V6D_ASPECT_SERVER] = { "server", N_("the server"), say_server, true,
	    false },
	[V6D_ASPECT_TUNNEL] = { "tunnel", N_("the tunnel's settings"),
	    say_tunnel, false, false },
	[V6D_ASPECT_LOGIN] = { "login", N_("the login"), say_login, false,
	    true },
	[V6D_ASPECT_RESOLVERS] = { "resolvers", N_("the resolvers"),
	    say_resolvers, true, false },
	[V6D_ASPECT_TARGETS] = { "targets", N_("the targets"), say_targets,
	    true, false },
	[V6D_ASPECT_SYSTEM] = { "system", N_("this host's system"), say_system,
	    false, false },
	[V6D_ASPECT_ADDRESSES] = { "addresses", N_("this host's addresses"),
	    NULL, true, false },
	[V6D_ASPECT_ROUTES] = { "routes", N_("this host's routes"), NULL, true,
	    false },
	[V6D_ASPECT_RULES] = { "rules", N_("this host's policy routing"), NULL,
	    true, false },
	[V6D_ASPECT_SYSCTLS] = { "sysctls", N_("this host's kernel settings"),
	    NULL, false, false },
	[V6D_ASPECT_FILTER] = { "filter", N_("this host's packet filter"), NULL,
	    false, false },
};

static enum v6d_aspect_how
compare_said(const struct v6d_comparison *c, int i, struct v6d_text *was,
    struct v6d_text *is)
{
	aspects[i].say(&c->was, was);
	aspects[i].say(&c->is, is);
	if (was->len == 0 || is->len == 0)
		return V6D_ASPECT_UNKNOWN;
	return strcmp(was->p, is->p) == 0 ? V6D_ASPECT_SAME
					  : V6D_ASPECT_CHANGED;
}

static void
compare_aspects(struct v6d_comparison *c)
{
	bool hidden = c->was.pseudonyms || c->is.pseudonyms;

	for (int i = 0; i < V6D_N_ASPECTS; i++) {
		struct v6d_aspect_pair *p = &c->aspects[i];
		struct v6d_text a = v6d_text_to(p->was, sizeof(p->was));
		struct v6d_text b = v6d_text_to(p->is, sizeof(p->is));

		p->result = aspects[i].result;
		p->how = aspects[i].say ? compare_said(c, i, &a, &b)
					: v6d_compare_setup(&c->was, &c->is,
					      (enum v6d_aspect)i, &a, &b);
		if (hidden && aspects[i].addresses)
			p->how = V6D_ASPECT_UNKNOWN;
		c->n_changed += p->how == V6D_ASPECT_CHANGED && !p->result;
	}
}

/* ---- what may be concluded ---- */

/*
 * Between a report with the cause and one without, it lies in what changed.
 * With several changes no one of them is shown to be it (a new line comes
 * with another router and other NAT). One run each is one observation each.
 */
static enum v6d_conclusion
conclude(const struct v6d_comparison *c)
{
	enum v6d_verdict a = c->was.report->diagnosis->verdict;
	enum v6d_verdict b = c->is.report->diagnosis->verdict;

	if (c->gone.n == 0 && c->come.n == 0)
		return a == V6D_VERDICT_UNDETERMINED ||
			       b == V6D_VERDICT_UNDETERMINED
			   ? V6D_CONCLUDE_OPEN
			   : V6D_CONCLUDE_SAME;
	if ((c->gone.n > 0 && b == V6D_VERDICT_UNDETERMINED) ||
	    (c->come.n > 0 && a == V6D_VERDICT_UNDETERMINED))
		return V6D_CONCLUDE_OPEN;
	if (c->n_changed == 0)
		return V6D_CONCLUDE_UNSEEN;
	return c->n_changed == 1 ? V6D_CONCLUDE_POINTED : V6D_CONCLUDE_NARROWED;
}

void
v6d_compare(const struct v6d_side *was, const struct v6d_side *is,
    struct v6d_comparison *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->was = *was;
	ret->is = *is;
	compare_aspects(ret);
	compare_causes(ret);
	compare_facts(ret);
	ret->conclusion = conclude(ret);
}

void
v6d_compare_since(const struct v6d_comparison *c, struct v6d_report_since *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->started_unix_ms = c->was.report->started_unix_ms;
	for (int i = 0; i < V6D_N_ASPECTS; i++) {
		const struct v6d_aspect_pair *p = &c->aspects[i];
		struct v6d_report_change *k = &ret->changes[ret->n];

		if (p->how != V6D_ASPECT_CHANGED || ret->n == V6D_SINCE_CHANGES)
			continue;
		k->name = aspects[i].name;
		k->words = aspects[i].words;
		memcpy(k->was, p->was, sizeof(k->was));
		memcpy(k->is, p->is, sizeof(k->is));
		k->result = p->result;
		ret->n++;
	}
}

const char *
v6d_aspect_name(enum v6d_aspect a)
{
	return aspects[a].name;
}

const char *
v6d_aspect_words(enum v6d_aspect a)
{
	return aspects[a].words;
}

const char *
v6d_conclusion_name(enum v6d_conclusion c)
{
	switch (c) {
	case V6D_CONCLUDE_SAME:
		return "same";
	case V6D_CONCLUDE_NARROWED:
		return "narrowed";
	case V6D_CONCLUDE_POINTED:
		return "pointed";
	case V6D_CONCLUDE_UNSEEN:
		return "unseen";
	case V6D_CONCLUDE_OPEN:
		return "open";
	}
	return "open";
}
