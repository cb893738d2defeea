/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compare_setup.c - what two runs read of their host: addresses, routes,
 * policy rules, settings, the packet filter. Told is what only one had.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "trace/compare.h"

#define ITEMS 64
#define ITEM 96

/* What one run read of a kind, each as a text. */
struct items {
	bool known;
	unsigned n;
	char item[ITEMS][ITEM];
};

/* ---- asks and their answers ---- */

static const struct v6d_answer *
answer_to(const struct v6d_trace *t, unsigned id)
{
	const struct v6d_trace_answer *a;
	size_t at = 0;

	while ((a = v6d_trace_next(t, V6D_TRACE_ANSWER, &at)))
		if (a->id == id)
			return a->answer.how == V6D_ANSWER_DONE &&
				       a->answer.err == 0
				   ? &a->answer
				   : NULL;
	return NULL;
}

/* The next ask of the check "setup" of that kind; NULL: there is none. */
static const struct v6d_trace_ask *
next_ask(const struct v6d_trace *t, enum v6d_ask_kind kind, size_t *at)
{
	const struct v6d_trace_ask *q;

	while (t && (q = v6d_trace_next(t, V6D_TRACE_ASK, at)))
		if (q->ask.kind == kind && strcmp(q->probe, "setup") == 0)
			return q;
	return NULL;
}

/* The answer, whole, to the first one. */
static const struct v6d_answer *
read_of(const struct v6d_side *s, enum v6d_ask_kind kind)
{
	size_t at = 0;
	const struct v6d_trace_ask *q = next_ask(s->trace, kind, &at);
	const struct v6d_answer *a = q ? answer_to(s->trace, q->id) : NULL;

	return a && !a->cut ? a : NULL;
}

/* ---- as texts ---- */

static struct v6d_text
new_item(struct items *l)
{
	if (l->n == ITEMS) {
		l->known = false;
		return v6d_text_to(NULL, 0);
	}
	return v6d_text_to(l->item[l->n++], ITEM);
}

static bool
is_link_local(const struct v6d_addr *a)
{
	return a->family == 6 && a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80;
}

/* The tunnel's come with the session, temporary ones with the day. */
static void
list_addresses(const struct v6d_side *s, struct items *l)
{
	const struct v6d_answer *a = read_of(s, V6D_ASK_ADDRS_OF);
	const struct v6d_obs *lan =
	    v6d_facts_last(s->report->facts, V6D_FACT_LAN_ADDR);

	l->known = a != NULL;
	for (unsigned i = 0; a && i < a->n_kernel_addrs; i++) {
		const struct v6d_answer_addr *k = &a->kernel_addrs[i];
		char text[V6D_ADDR_TEXT];
		struct v6d_text t;

		v6d_addr_text(&k->addr.addr, text, sizeof(text));
		if (k->tunnel || k->temporary || is_link_local(&k->addr.addr) ||
		    (lan && strcmp(lan->subject, text) == 0)) /* the line */
			continue;
		t = new_item(l);
		v6d_text_add(&t, "%s/%u dev %s%s", text, k->addr.len, k->ifname,
		    k->deprecated ? " deprecated" : "");
	}
}

static void
list_routes(const struct v6d_side *s, struct items *l)
{
	const struct v6d_answer *a = read_of(s, V6D_ASK_ROUTES_OF);

	l->known = a != NULL;
	for (unsigned i = 0; a && i < a->n_routes; i++) {
		const struct v6d_answer_route *k = &a->routes[i];
		char text[V6D_ADDR_TEXT];
		struct v6d_text t;

		if (is_link_local(&k->dst.addr) ||
		    (k->tunnel && k->dst.len != 0))
			continue;
		t = new_item(l);
		v6d_text_add(&t, "%s", k->reject ? "reject " : "");
		if (k->dst.len == 0)
			v6d_text_add(&t, "default");
		else
			v6d_text_add(&t, "%s/%u",
			    v6d_addr_text(&k->dst.addr, text, sizeof(text)),
			    k->dst.len);
		if (k->gateway.family)
			v6d_text_add(&t, " via %s",
			    v6d_addr_text(&k->gateway, text, sizeof(text)));
		if (k->ifname[0])
			v6d_text_add(&t, " dev %s", k->ifname);
		if (k->metric)
			v6d_text_add(&t, " metric %u", k->metric);
	}
}

static void
list_rules(const struct v6d_side *s, struct items *l)
{
	const struct v6d_answer *a = read_of(s, V6D_ASK_RULES);
	const char *r = a ? a->text : "";

	l->known = a != NULL;
	while (*r) {
		const char *end = strstr(r, "; ");
		size_t n = end ? (size_t)(end - r) : strlen(r);
		struct v6d_text t = new_item(l);

		v6d_text_add(&t, "%.*s", (int)n, r);
		r += end ? n + 2 : n;
	}
}

/* "net/ipv6/conf/all/forwarding" as people write it. */
static void
list_sysctls(const struct v6d_side *s, struct items *l)
{
	const struct v6d_trace_ask *q;
	size_t at = 0;

	while ((q = next_ask(s->trace, V6D_ASK_SYSCTL, &at))) {
		const struct v6d_answer *a = answer_to(s->trace, q->id);
		struct v6d_text t;

		if (!a)
			continue;
		l->known = true;
		t = new_item(l);
		for (const char *c = q->ask.name; *c; c++)
			v6d_text_add(&t, "%c", *c == '/' ? '.' : *c);
		v6d_text_add(&t, " = %lld", (long long)a->value);
	}
}

static void
list(const struct v6d_side *s, enum v6d_aspect what, struct items *l)
{
	l->known = false;
	l->n = 0;
	if (what == V6D_ASPECT_ADDRESSES)
		list_addresses(s, l);
	else if (what == V6D_ASPECT_ROUTES)
		list_routes(s, l);
	else if (what == V6D_ASPECT_RULES)
		list_rules(s, l);
	else
		list_sysctls(s, l);
}

/* ---- what only one has ---- */

static bool
has(const struct items *l, const char *item)
{
	for (unsigned i = 0; i < l->n; i++)
		if (strcmp(l->item[i], item) == 0)
			return true;
	return false;
}

/* Not half of one: what finds no room is counted. */
static void
only(const struct items *l, const struct items *other, struct v6d_text *t)
{
	unsigned left = 0;

	for (unsigned i = 0; i < l->n; i++) {
		const char *s = l->item[i];
		size_t room = t->cap - t->len;

		if (has(other, s))
			continue;
		if (left > 0 || strlen(s) + sizeof(", and 99 more") > room)
			left++;
		else
			v6d_text_add(t, "%s%s", t->len ? ", " : "", s);
	}
	if (left > 0 && t->len > 0)
		v6d_text_add(t, ", ");
	if (left > 0)
		v6d_text_add(t, N_("and %u more"), left);
}

static enum v6d_aspect_how
compare_filter(const struct v6d_side *was, const struct v6d_side *is,
    struct v6d_text *ret_was, struct v6d_text *ret_is)
{
	const struct v6d_answer *a = read_of(was, V6D_ASK_FILTER);
	const struct v6d_answer *b = read_of(is, V6D_ASK_FILTER);

	if (!a || !b)
		return V6D_ASPECT_UNKNOWN;
	v6d_text_add(ret_was, N_("%lld rules"), (long long)a->value);
	v6d_text_add(ret_is,
	    a->value == b->value ? N_("%lld rules; not the same ones")
				 : N_("%lld rules"),
	    (long long)b->value);
	return strcmp(a->text, b->text) == 0 ? V6D_ASPECT_SAME
					     : V6D_ASPECT_CHANGED;
}

enum v6d_aspect_how
v6d_compare_setup(const struct v6d_side *was, const struct v6d_side *is,
    enum v6d_aspect what, struct v6d_text *ret_was, struct v6d_text *ret_is)
{
	struct items a, b;

	if (what == V6D_ASPECT_FILTER)
		return compare_filter(was, is, ret_was, ret_is);
	list(was, what, &a);
	list(is, what, &b);
	if (!a.known || !b.known)
		return V6D_ASPECT_UNKNOWN;
	only(&a, &b, ret_was);
	only(&b, &a, ret_is);
	return ret_was->len + ret_is->len > 0 ? V6D_ASPECT_CHANGED
					      : V6D_ASPECT_SAME;
}
