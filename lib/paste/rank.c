/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rank.c - where pages do not load: what may be behind it, the likeliest
 * first, what observations rule out, and the cheapest test that decides.
 * Weights only order; what is certain is the engine's to say.
 */
#include "paste/impl.h"

#include <stdio.h>
#include <string.h>

#include "base/wire.h"

static const struct {
	const char *name, *text;
	int weight;
} table[] = {
#define HYPOTHESIS(id, name, weight, text) { name, text, weight },
#include "paste/hypotheses.def"
#undef HYPOTHESIS
};

const char *
v6d_hypothesis_name(enum v6d_hypothesis h)
{
	return table[h].name;
}

const char *
v6d_hypothesis_text(enum v6d_hypothesis h)
{
	return table[h].text;
}

static const struct {
	const char *name, *text;
} tests[] = {
	{ "addresses", "show the interfaces: \"ifconfig\", \"ip addr\" or "
		       "\"ipconfig /all\" while the tunnel is up" },
	{ "routes", "show the IPv6 routes: \"netstat -rn -f inet6\", \"ip -6 "
		    "route\" or \"route print -6\"" },
	{ "size-sweep", "ping6 -s with growing sizes (1232, 1362, 1366, 1396 "
			"bytes of data): where does it end? Or \"v6doctor run "
			"gre pmtu\"" },
	{ "literal-fetch", "fetch a page by its literal address and count the "
			   "bytes: curl -6 -g -o /dev/null \"http://"
			   "[2001:200:dff:fff1:216:3eff:feb1:44d7]/\"" },
	{ "capture", "record the line outside the tunnel (tcpdump 'tcp port "
		     "1723 or proto 47 or icmp') during one page, and read it "
		     "here" },
	{ "other-line", "dial over another line (a mobile phone's)" },
	{ "one-router-less", "dial with one router less on the way" },
	{ "mtu-1280", "set the tunnel's MTU to 1280 and load the page again: "
		      "the cheapest test that decides" },
	{ "direct-cable", "connect straight to the first router by cable" },
	{ "watch-table", "watch the router's session table with the tunnel "
			 "off" },
};

const char *
v6d_rank_test_text(const char *name)
{
	for (size_t i = 0; i < V6D_ARRAY_LEN(tests); i++)
		if (strcmp(tests[i].name, name) == 0)
			return tests[i].text;
	return name;
}

/* ---- what is known ---- */

struct known {
	const struct v6d_paste *p;
	const struct v6d_facts *f;
	struct v6d_symptoms s;
	bool small_data; /* a connection or echo that a command printed */
	bool connect80, addresses, routes;
	struct v6d_ranked *r;
};

static bool
ok(const struct known *k, enum v6d_symptom s)
{
	return k->s.v[s] == V6D_SYM_OK;
}

static bool
bad(const struct known *k, enum v6d_symptom s)
{
	return k->s.v[s] > 0;
}

static bool
claimed(const struct known *k, enum v6d_claim c)
{
	return k->p->claimed[c];
}

static void
learn(struct known *k)
{
	const struct v6d_paste *p = k->p;

	v6d_symptoms_reduce(k->f, &k->s);
	for (size_t i = 0; i < k->f->n; i++)
		if (k->f->obs[i].fact == V6D_FACT_V6_SMALL &&
		    k->f->obs[i].state == V6D_OK &&
		    !strstr(k->f->obs[i].source, ": told,"))
			k->small_data = true;
	for (unsigned i = 0; i < p->n_tries; i++)
		if (p->tries[i].level >= V6D_CONNECTED &&
		    p->tries[i].addr.family == 6 &&
		    (p->tries[i].port == 80 || p->tries[i].port == 443))
			k->connect80 = true;
	k->addresses = v6d_paste_tunnel(p) >= 0;
	k->routes = p->routes6_seen;
}

/* Several interfaces have IPv6: which of them is the default may differ. */
static bool
several_with_ipv6(const struct v6d_paste *p)
{
	unsigned n = 0;

	for (unsigned i = 0; i < p->n_ifs; i++) {
		bool six = false;

		for (unsigned a = 0; a < p->n_addrs; a++)
			six = six || (p->addrs[a].ifi == i &&
					 p->addrs[a].addr.family == 6 &&
					 !p->ifs[i].loopback);
		n += six;
	}
	return n > 1;
}

/* ---- weights ---- */

static void
add(struct known *k, enum v6d_hypothesis h, int weight, const char *why)
{
	k->r[h].weight += weight;
	if (weight > 0)
		v6d_copy(k->r[h].why, sizeof(k->r[h].why), why);
}

static void
refute(struct known *k, enum v6d_hypothesis h, const char *why)
{
	k->r[h].standing = V6D_REFUTED;
	v6d_copy(k->r[h].why, sizeof(k->r[h].why), why);
}

static void
path(struct known *k)
{
	if (ok(k, V6D_SYM_V6_SMALL)) {
		add(k, V6D_HYP_SIZE, 3, "small packets pass, pages do not");
		refute(k, V6D_HYP_NO_ROUTE, "small IPv6 packets get through");
		refute(k, V6D_HYP_SERVER, "the site answers over IPv6");
	} else if (bad(k, V6D_SYM_V6_SMALL)) {
		add(k, V6D_HYP_NO_ROUTE, 8, "not even small packets pass");
	}
	if (bad(k, V6D_SYM_V6_PMTU) || bad(k, V6D_SYM_V6_GET))
		add(k, V6D_HYP_SIZE, 3, "a transfer stops, larger echoes fail");
	if (bad(k, V6D_SYM_DNS_LITERAL))
		add(k, V6D_HYP_SIZE, 1, "the literal address stalls as well");
	if (k->connect80)
		refute(k, V6D_HYP_PORT, "port 80 was connected to");
	if (claimed(k, V6D_CLAIM_OTHER_APPS_FAIL))
		refute(k, V6D_HYP_APP, "several applications fail");
}

static void
addressing(struct known *k)
{
	if (ok(k, V6D_SYM_ADDR_GLOBAL))
		refute(k, V6D_HYP_NO_ADDRESS, "the tunnel has an address");
	else if (bad(k, V6D_SYM_ADDR_GLOBAL))
		add(k, V6D_HYP_NO_ADDRESS, 9, "no global address in the list");
	if (ok(k, V6D_SYM_ADDR_CLOSED)) {
		refute(k, V6D_HYP_CLOSED,
		    "no address of a closed network in the list");
	} else if (bad(k, V6D_SYM_ADDR_CLOSED)) {
		add(k, V6D_HYP_CLOSED, 8, "such an address is in the list");
	} else if (claimed(k, V6D_CLAIM_CLOSED_DENIED)) {
		k->r[V6D_HYP_CLOSED].standing = V6D_CLAIMED_AGAINST;
		v6d_copy(k->r[V6D_HYP_CLOSED].why,
		    sizeof(k->r[V6D_HYP_CLOSED].why),
		    "somebody says the router does not let it in; the address "
		    "list would show");
	}
	if (ok(k, V6D_SYM_ROUTE_DEFAULT))
		refute(k, V6D_HYP_ROUTE, "the default route is the tunnel");
	else if (bad(k, V6D_SYM_ROUTE_DEFAULT))
		add(k, V6D_HYP_ROUTE, 8, "the table shows it");
	else if (several_with_ipv6(k->p))
		add(k, V6D_HYP_ROUTE, 2,
		    "several interfaces have IPv6, and the table was not seen");
}

static void
names(struct known *k)
{
	if (bad(k, V6D_SYM_DNS_LITERAL))
		refute(k, V6D_HYP_DNS, "the literal address fails as well");
	else if (bad(k, V6D_SYM_DNS_AAAA))
		add(k, V6D_HYP_DNS, 5, "the resolver fails on AAAA");
	else if (ok(k, V6D_SYM_DNS_LITERAL))
		add(k, V6D_HYP_DNS, 4, "the literal address works");
}

static void
topology(struct known *k)
{
	if (claimed(k, V6D_CLAIM_TWO_ROUTERS)) {
		add(k, V6D_HYP_FRAGMENTS, k->r[V6D_HYP_SIZE].weight + 2,
		    "two boxes in a row must both pass fragments of GRE");
		add(k, V6D_HYP_OUTER_MTU, k->r[V6D_HYP_SIZE].weight + 1,
		    "a line of 1454 bytes takes no full packet");
	} else {
		k->r[V6D_HYP_FRAGMENTS].weight = -1;
		k->r[V6D_HYP_OUTER_MTU].weight = -1;
	}
	k->r[V6D_HYP_HOME_LINE].weight = -1;
	if (claimed(k, V6D_CLAIM_OTHER_LINE_OK)) {
		k->r[V6D_HYP_HOME_LINE].weight = 0;
		add(k, V6D_HYP_HOME_LINE, k->r[V6D_HYP_SIZE].weight + 5,
		    "it works over another line; line, routers and path MTU "
		    "changed together");
		refute(k, V6D_HYP_CLIENT, "the same computer works elsewhere");
		refute(k, V6D_HYP_SERVER, "the server works from elsewhere");
	} else if (claimed(k, V6D_CLAIM_OTHER_HOST_OK)) {
		k->r[V6D_HYP_CLIENT].weight = -1;
	}
	if (!bad(k, V6D_SYM_NAPT_SESSIONS))
		k->r[V6D_HYP_TABLE].weight = -1;
	else
		v6d_copy(k->r[V6D_HYP_TABLE].why,
		    sizeof(k->r[V6D_HYP_TABLE].why),
		    "what is inside the tunnel takes no entries: it explains "
		    "other trouble, not this stall");
}

/* ---- the test that decides ---- */

static void
test(struct v6d_ranking *r, const char *name)
{
	if (r->n_tests < V6D_RANK_TESTS)
		r->tests[r->n_tests++] = name;
}

static bool
stands(const struct known *k, enum v6d_hypothesis h)
{
	return k->r[h].standing != V6D_REFUTED && k->r[h].weight >= 0;
}

static void
propose(const struct known *k, struct v6d_ranking *r)
{
	if (bad(k, V6D_SYM_V6_PMTU)) {
		/* sizes were tried, and it is known that they matter */
		test(r, "mtu-1280");
		test(r, "capture");
	} else if (!k->addresses && !stands(k, V6D_HYP_HOME_LINE)) {
		test(r, "addresses");
	} else if (stands(k, V6D_HYP_HOME_LINE)) {
		test(r, "mtu-1280");
		test(r, "direct-cable");
	} else if (stands(k, V6D_HYP_ROUTE) && !k->small_data) {
		test(r, "routes");
	} else if (stands(k, V6D_HYP_ROUTE)) {
		test(r, "size-sweep");
		test(r, "literal-fetch");
	} else if (stands(k, V6D_HYP_DNS)) {
		test(r, "literal-fetch");
	} else if (claimed(k, V6D_CLAIM_TWO_ROUTERS)) {
		test(r, "size-sweep");
		test(r, "mtu-1280");
	} else {
		test(r, "size-sweep");
		test(r, "capture");
		test(r, "other-line");
		test(r, "one-router-less");
	}
	if (stands(k, V6D_HYP_TABLE))
		test(r, "watch-table");
}

/* ---- order ---- */

/* Before another: standing first, then by weight, then as in the table. */
static bool
before(const struct v6d_ranked *a, const struct v6d_ranked *b)
{
	bool ra = a->standing == V6D_REFUTED, rb = b->standing == V6D_REFUTED;

	if (ra != rb)
		return rb;
	return a->weight > b->weight;
}

static void
order(const struct known *k, struct v6d_ranking *r)
{
	for (int h = 0; h < V6D_N_HYPOTHESES; h++) {
		const struct v6d_ranked *e = &k->r[h];
		unsigned at = r->n;

		if (e->weight < 0)
			continue;
		for (; at > 0 && before(e, &r->ranked[at - 1]); at--)
			r->ranked[at] = r->ranked[at - 1];
		r->ranked[at] = *e;
		r->n++;
		r->n_standing += e->standing != V6D_REFUTED;
	}
}

/* Something that a page needs fails, and nothing before it does. */
static bool
pages_fail(const struct known *k)
{
	static const enum v6d_symptom inner[] = { V6D_SYM_DNS_NAME,
		V6D_SYM_DNS_LITERAL, V6D_SYM_V6_GET, V6D_SYM_V6_PUT,
		V6D_SYM_V6_PMTU };
	static const enum v6d_symptom outer[] = { V6D_SYM_CONTROL_TCP,
		V6D_SYM_CONTROL_START, V6D_SYM_CONTROL_CALL, V6D_SYM_GRE_IN,
		V6D_SYM_PPP_LCP, V6D_SYM_PPP_AUTH, V6D_SYM_PPP_IPV6CP,
		V6D_SYM_PPP_CCP };

	for (size_t i = 0; i < V6D_ARRAY_LEN(outer); i++)
		if (bad(k, outer[i]))
			return false;
	for (size_t i = 0; i < V6D_ARRAY_LEN(inner); i++)
		if (bad(k, inner[i]))
			return true;
	return false;
}

void
v6d_paste_rank(const struct v6d_paste *p, const struct v6d_facts *f,
    struct v6d_ranking *ret_r)
{
	struct v6d_ranked all[V6D_N_HYPOTHESES];
	struct known k = { .p = p, .f = f, .r = all };

	memset(ret_r, 0, sizeof(*ret_r));
	memset(all, 0, sizeof(all));
	learn(&k);
	if (!pages_fail(&k))
		return;
	for (int h = 0; h < V6D_N_HYPOTHESES; h++) {
		all[h].hypothesis = (enum v6d_hypothesis)h;
		all[h].weight = table[h].weight;
	}
	path(&k);
	addressing(&k);
	names(&k);
	topology(&k);
	order(&k, ret_r);
	propose(&k, ret_r);
}
