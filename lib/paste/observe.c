/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * observe.c - from the picture to observations. What a text does not show is
 * not said: a list that may have been cut never proves that something is
 * missing for certain, and only success that was printed is "ok".
 */
#include "paste/impl.h"

#include <stdio.h>
#include <string.h>

#include "base/lang.h"
#include "base/netblock.h"
#include "base/wire.h"

#define SMALL 1200 /* bytes of echo data: nothing on the way minds these */
#define ECHO 48 /* IPv6 and ICMPv6 heads around echo data */
#define FULL 9 / 10 /* of a connection table */

struct emit {
	const struct v6d_paste *p;
	struct v6d_facts *f;
};

static void
emit(const struct emit *e, struct v6d_at at, enum v6d_fact fact,
    const char *subject, enum v6d_state state, const char *word, int64_t value)
{
	char source[48];

	v6d_paste_source(e->p, &at, source, sizeof(source));
	e->f->source = source;
	v6d_facts_add(e->f, fact, subject, state, word, value);
	e->f->source = "paste";
}

/* ---- the tunnel ---- */

/* Interfaces to a peer that are not PPP: tunnels of other kinds. */
static bool
other_kind(const char *name)
{
	static const char *const kinds[] = { "gif", "stf", "utun", "awdl",
		"ipsec", "sit", "ip6tnl", "gre", "wg", "teredo", "isatap" };

	for (size_t i = 0; i < V6D_ARRAY_LEN(kinds); i++)
		if (v6d_starts(name, kinds[i]))
			return true;
	return false;
}

static int
tunnel_score(const struct v6d_paste *p, const struct v6d_paste_if *f)
{
	int score = 0;

	if (f->loopback || other_kind(f->name))
		return 0;
	if (f->ppp)
		score = 4;
	else if (p->setup.ifname[0] && strcmp(p->setup.ifname, f->name) == 0)
		score = 4;
	else if (f->ptp)
		score = 2;
	return score ? score + f->up : 0;
}

int
v6d_paste_tunnel(const struct v6d_paste *p)
{
	int best = -1, best_score = 0;

	for (unsigned i = 0; i < p->n_ifs; i++) {
		int score = tunnel_score(p, &p->ifs[i]);

		for (unsigned k = 0; k < p->n_addrs && score; k++)
			if (p->addrs[k].ifi == i &&
			    p->addrs[k].addr.family == 6)
				score = score | 8;
		if (score > best_score) {
			best = (int)i;
			best_score = score;
		}
	}
	return best;
}

static bool
into_tunnel(
    const struct v6d_paste *p, int tunnel, const char *dev, uint32_t index)
{
	if (tunnel >= 0) {
		const struct v6d_paste_if *f = &p->ifs[tunnel];

		if (dev[0] ? strcmp(f->name, dev) == 0
			   : index > 0 && f->index == index)
			return true;
	}
	if (p->setup.ifname[0] && strcmp(p->setup.ifname, dev) == 0)
		return true;
	return v6d_starts(dev, "ppp") && v6d_is_digit(dev[3]);
}

/* ---- addresses ---- */

static void
global_addresses(const struct emit *e, int tunnel)
{
	const struct v6d_paste *p = e->p;
	bool any = false, six = false;
	char text[V6D_ADDR_TEXT];

	for (unsigned i = 0; i < p->n_addrs; i++) {
		const struct v6d_paste_addr *a = &p->addrs[i];
		const char *word = NULL;

		if (a->ifi != (unsigned)tunnel || a->addr.family != 6)
			continue;
		six = true;
		if (!v6d_addr_is_global(&a->addr))
			continue;
		any = true;
		if (a->flags & V6D_PA_DUPLICATE)
			word = "dadfailed";
		else if (a->flags & V6D_PA_TENTATIVE)
			word = "tentative";
		else if (a->flags & V6D_PA_DEPRECATED)
			word = "deprecated";
		emit(e, a->at, V6D_FACT_ADDR_GLOBAL,
		    v6d_addr_text(&a->addr, text, sizeof(text)),
		    word ? V6D_BAD : V6D_OK, word, V6D_NO_VALUE);
	}
	if (!any && six && p->ifs[tunnel].whole)
		emit(e, p->ifs[tunnel].at, V6D_FACT_ADDR_GLOBAL, NULL, V6D_BAD,
		    "none", V6D_NO_VALUE);
}

static void
closed_networks(const struct emit *e, int tunnel)
{
	const struct v6d_paste *p = e->p;
	const struct v6d_paste_addr *shown = NULL;
	char text[V6D_ADDR_TEXT];
	bool closed = false;

	for (unsigned i = 0; i < p->n_addrs; i++) {
		const struct v6d_paste_addr *a = &p->addrs[i];

		if (a->ifi == (unsigned)tunnel || a->addr.family != 6 ||
		    p->ifs[a->ifi].loopback)
			continue;
		shown = a;
		if (!v6d_netblock_closed(&a->addr))
			continue;
		closed = true;
		emit(e, a->at, V6D_FACT_ADDR_CLOSED,
		    v6d_addr_text(&a->addr, text, sizeof(text)), V6D_BAD,
		    "closed", V6D_NO_VALUE);
	}
	/* only where the list of the others was seen */
	if (!closed && shown && tunnel >= 0)
		emit(e, shown->at, V6D_FACT_ADDR_CLOSED, NULL, V6D_OK, NULL,
		    V6D_NO_VALUE);
}

static void
lan(const struct emit *e, int tunnel)
{
	const struct v6d_paste *p = e->p;
	char text[V6D_ADDR_TEXT];

	for (unsigned i = 0; i < p->n_addrs; i++) {
		const struct v6d_paste_addr *a = &p->addrs[i];

		if (a->addr.family != 4 || a->ifi == (unsigned)tunnel ||
		    a->addr.b[0] == 127 ||
		    (a->addr.b[0] == 169 && a->addr.b[1] == 254))
			continue;
		emit(e, a->at, V6D_FACT_LAN_ADDR,
		    v6d_addr_text(&a->addr, text, sizeof(text)), V6D_OK, NULL,
		    V6D_NO_VALUE);
	}
}

static void
tunnel_mtu(const struct emit *e, int tunnel)
{
	const struct v6d_paste_if *f = &e->p->ifs[tunnel];

	if (f->mtu == 0)
		return;
	/* the last number of a text that breaks off may be half of one */
	if (f->mtu < 1280 && e->p->ends_open && !f->whole)
		return;
	if (f->mtu < 1280)
		emit(e, f->at, V6D_FACT_V6_MTU, f->name, V6D_BAD, "too-small",
		    f->mtu);
	else
		emit(e, f->at, V6D_FACT_V6_MTU, f->name, V6D_UNKNOWN,
		    "not-tried", f->mtu);
}

/* ---- routes ---- */

static void
default_route(const struct emit *e, int tunnel)
{
	const struct v6d_paste *p = e->p;
	const struct v6d_paste_route *best = NULL, *bad = NULL;
	bool tunnel_known = tunnel >= 0;
	char text[V6D_ADDR_TEXT] = "";

	for (unsigned i = 0; i < p->n_routes; i++) {
		const struct v6d_paste_route *r = &p->routes[i];

		tunnel_known = tunnel_known ||
			       into_tunnel(p, tunnel, r->dev, r->dev_index);
		if (!r->is_default || r->dst.addr.family != 6 || r->scoped)
			continue;
		if (r->reject)
			bad = r;
		else if (!best || (r->metric >= 0 && best->metric >= 0 &&
				      r->metric < best->metric))
			best = r;
	}
	if (best && into_tunnel(p, tunnel, best->dev, best->dev_index)) {
		if (best->gw == V6D_GW_ADDR)
			v6d_addr_text(&best->gateway, text, sizeof(text));
		emit(e, best->at, V6D_FACT_ROUTE_DEFAULT, text, V6D_OK, NULL,
		    best->metric >= 0 ? best->metric : V6D_NO_VALUE);
	} else if (!tunnel_known || !p->routes6_seen) {
		return; /* whether it leads into a tunnel is not to be told */
	} else if (best) {
		emit(e, best->at, V6D_FACT_ROUTE_DEFAULT, best->dev, V6D_BAD,
		    "elsewhere", V6D_NO_VALUE);
	} else if (bad) {
		emit(e, bad->at, V6D_FACT_ROUTE_DEFAULT, NULL, V6D_BAD,
		    "prohibited", V6D_NO_VALUE);
	} else if (p->routes6_whole && p->n_routes > 0) {
		emit(e, p->routes6_at, V6D_FACT_ROUTE_DEFAULT, NULL, V6D_BAD,
		    "none", V6D_NO_VALUE);
	}
}

/* ---- settings of the host ---- */

/* The newest running value of a setting, or NULL. */
static const struct v6d_paste_sysctl *
running(const struct v6d_paste *p, const char *key)
{
	for (unsigned i = p->n_sysctls; i-- > 0;)
		if (p->sysctls[i].origin == V6D_RUNNING &&
		    strcmp(p->sysctls[i].key, key) == 0)
			return &p->sysctls[i];
	return NULL;
}

/* net.ipv6.conf.DEV.what, else .default., which new interfaces get. */
static const struct v6d_paste_sysctl *
of_tunnel(const struct v6d_paste *p, int tunnel, const char *what)
{
	const char *dev = tunnel >= 0          ? p->ifs[tunnel].name
			  : p->setup.ifname[0] ? p->setup.ifname
					       : "ppp0";
	const struct v6d_paste_sysctl *s;
	char key[V6D_PASTE_NAME + 64];

	snprintf(key, sizeof(key), "net.ipv6.conf.%s.%s", dev, what);
	s = running(p, key);
	if (s)
		return s;
	snprintf(key, sizeof(key), "net.ipv6.conf.default.%s", what);
	return running(p, key);
}

static bool
any_ok(const struct v6d_facts *f, enum v6d_fact fact)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->obs[i].fact == fact && f->obs[i].state == V6D_OK)
			return true;
	return false;
}

static void
accept_ra(const struct emit *e, int tunnel)
{
	const struct v6d_paste_sysctl *ra =
					  of_tunnel(e->p, tunnel, "accept_ra"),
				      *fw =
					  of_tunnel(e->p, tunnel, "forwarding"),
				      *mac = running(
					  e->p, "net.inet6.ip6.accept_rtadv");
	bool works = any_ok(e->f, V6D_FACT_ADDR_GLOBAL) &&
		     any_ok(e->f, V6D_FACT_ROUTE_DEFAULT);

	if (!fw)
		fw = running(e->p, "net.ipv6.conf.all.forwarding");
	if (fw)
		emit(e, fw->at, V6D_FACT_HOST_FORWARDING, NULL, V6D_OK, NULL,
		    fw->value);
	if (mac)
		emit(e, mac->at, V6D_FACT_HOST_ACCEPT_RA, NULL,
		    mac->value > 0 ? V6D_OK : V6D_BAD,
		    mac->value > 0 ? NULL : "off", mac->value);
	if (!ra)
		return;
	/* what is there and works was not made by what is ignored now */
	if (ra->value == 0 && !works)
		emit(e, ra->at, V6D_FACT_HOST_ACCEPT_RA, NULL, V6D_BAD, "off",
		    0);
	else if (ra->value == 1 && fw && fw->value == 1 && !works)
		emit(e, ra->at, V6D_FACT_HOST_ACCEPT_RA, NULL, V6D_BAD,
		    "forwarding", 1);
	else if (ra->value == 2 || (ra->value == 1 && fw && fw->value == 0))
		emit(e, ra->at, V6D_FACT_HOST_ACCEPT_RA, NULL, V6D_OK, NULL,
		    ra->value);
}

static void
host(const struct emit *e, int tunnel)
{
	const struct v6d_paste_sysctl *off =
	    of_tunnel(e->p, tunnel, "disable_ipv6");
	const struct v6d_paste_sysctl *n, *max;

	if (!off)
		off = running(e->p, "net.ipv6.conf.all.disable_ipv6");
	if (off && (off->value == 0 || !any_ok(e->f, V6D_FACT_ADDR_GLOBAL)))
		emit(e, off->at, V6D_FACT_HOST_IPV6, NULL,
		    off->value ? V6D_BAD : V6D_OK,
		    off->value ? "disabled" : NULL, V6D_NO_VALUE);
	accept_ra(e, tunnel);
	for (unsigned i = 0; i < e->p->n_sysctls; i++)
		if (v6d_lost_at_boot(e->p, &e->p->sysctls[i]))
			emit(e, e->p->sysctls[i].at, V6D_FACT_HOST_PERSISTENT,
			    e->p->sysctls[i].key, V6D_BAD, "lost",
			    V6D_NO_VALUE);
	n = running(e->p, "net.netfilter.nf_conntrack_count");
	max = running(e->p, "net.netfilter.nf_conntrack_max");
	if (n && max && max->value > 0 && n->value >= max->value * FULL)
		emit(e, n->at, V6D_FACT_NAPT_SESSIONS, NULL, V6D_BAD, "full",
		    n->value);
}

/* ---- a gateway's settings ---- */

static void
gateway(const struct emit *e)
{
	const struct v6d_paste *p = e->p;
	int c = v6d_filter_chain(p, V6D_HOOK_FORWARD);

	if (p->setup.noccp && p->setup.require_mppe)
		emit(e, p->setup.noccp_at, V6D_FACT_PPP_MPPE, NULL, V6D_BAD,
		    "clear", V6D_NO_VALUE);
	if (c < 0 || !v6d_forwards(p) || !p->filter_v6)
		return;
	if (v6d_filter_inbound(p, 6, true, V6D_CT_NEW, -1) == V6D_ANSWER_PASS)
		emit(e, p->chains[c].at, V6D_FACT_LAN_EXPOSED, NULL, V6D_BAD,
		    "open", V6D_NO_VALUE);
	if (v6d_filter_inbound(p, 58, false, V6D_CT_REL, 2) == V6D_ANSWER_DROP)
		emit(e, p->chains[c].at, V6D_FACT_HOST_ICMP6, p->chains[c].name,
		    V6D_BAD, "dropped", 2);
}

/* An address that tells the hardware address, and none that does not. */
static void
privacy(const struct emit *e, int tunnel)
{
	const struct v6d_paste_addr *eui = NULL;
	char text[V6D_ADDR_TEXT];
	uint8_t mac[6];

	for (unsigned i = 0; i < e->p->n_addrs; i++) {
		const struct v6d_paste_addr *a = &e->p->addrs[i];

		if (a->ifi != (unsigned)tunnel || !v6d_addr_is_global(&a->addr))
			continue;
		if (!v6d_eui64_mac(&a->addr, mac))
			return;
		eui = a;
	}
	if (eui && e->p->ifs[tunnel].whole)
		emit(e, eui->at, V6D_FACT_ADDR_PRIVACY,
		    v6d_addr_text(&eui->addr, text, sizeof(text)), V6D_BAD,
		    "eui64", V6D_NO_VALUE);
}

/* ---- attempts ---- */

static void
attempt(const struct emit *e, const struct v6d_paste_try *t)
{
	char text[V6D_ADDR_TEXT];
	const char *to = v6d_addr_text(&t->addr, text, sizeof(text));
	bool six = t->addr.family == 6 && v6d_addr_is_global(&t->addr);
	enum v6d_fact page =
	    t->literal ? V6D_FACT_DNS_LITERAL : V6D_FACT_DNS_NAME;

	if (strcmp(t->word, "unresolved") == 0) {
		emit(e, t->at, V6D_FACT_DNS_NAME, t->name, V6D_BAD,
		    "unresolved", V6D_NO_VALUE);
		return;
	}
	if (t->addr.family == 4) {
		if (t->level >= V6D_CONNECTED)
			emit(e, t->at, V6D_FACT_V4_CONTROL, to, V6D_OK, NULL,
			    V6D_NO_VALUE);
		return;
	}
	if (!six)
		return;
	if (t->level >= V6D_CONNECTED)
		emit(e, t->at, V6D_FACT_V6_SMALL, to, V6D_OK, NULL,
		    V6D_NO_VALUE);
	else if (strcmp(t->word, "timeout") == 0 ||
		 strcmp(t->word, "refused") == 0 ||
		 strcmp(t->word, "unreachable") == 0)
		emit(e, t->at, V6D_FACT_V6_SMALL, to, V6D_BAD, t->word,
		    V6D_NO_VALUE);
	if (!t->fetch)
		return;
	if (strcmp(t->word, "stall") == 0) {
		emit(e, t->at, V6D_FACT_V6_GET, to, V6D_BAD, "stall",
		    t->bytes >= 0 ? t->bytes : V6D_NO_VALUE);
		emit(e, t->at, page, t->name, V6D_BAD, "stall", V6D_NO_VALUE);
	} else if (t->level == V6D_COMPLETE) {
		emit(e, t->at, page, t->name, V6D_OK, NULL, V6D_NO_VALUE);
	}
}

/* The same target answered an echo of at most this size (-1: any). */
static bool
answered(const struct v6d_paste *p, const struct v6d_paste_ping *g)
{
	for (unsigned i = 0; i < p->n_pings; i++)
		if (p->pings[i].received > 0 &&
		    v6d_addr_eq(&p->pings[i].addr, &g->addr))
			return true;
	return false;
}

/* The largest echo of a target that came back, and the smallest lost one. */
static void
sweep(const struct emit *e, const struct v6d_paste_ping *g)
{
	const struct v6d_paste *p = e->p;
	int64_t passed = -1, lost = -1;
	char text[V6D_ADDR_TEXT];

	for (unsigned i = 0; i < p->n_pings; i++) {
		const struct v6d_paste_ping *o = &p->pings[i];
		int64_t size = o->size < 0 ? 56 : o->size;

		if (!v6d_addr_eq(&o->addr, &g->addr))
			continue;
		if (o->received > 0 && size > passed)
			passed = size;
		if (o->received == 0 && o->sent > 0 &&
		    (lost < 0 || size < lost))
			lost = size;
	}
	if (passed < 0 || lost <= passed)
		return;
	emit(e, g->at, V6D_FACT_V6_PMTU,
	    v6d_addr_text(&g->addr, text, sizeof(text)), V6D_BAD, "blackhole",
	    passed + ECHO);
}

static void
ping(const struct emit *e, const struct v6d_paste_ping *g)
{
	char text[V6D_ADDR_TEXT];
	const char *to = v6d_addr_text(&g->addr, text, sizeof(text));
	enum v6d_fact fact;

	if (g->addr.family != 6)
		return;
	if (v6d_addr_is_link_local(&g->addr))
		fact = V6D_FACT_V6_ROUTER;
	else if (v6d_addr_is_global(&g->addr))
		fact = V6D_FACT_V6_SMALL;
	else
		return;
	if (g->received > 0) {
		emit(e, g->at, fact, to, V6D_OK, NULL, V6D_NO_VALUE);
	} else if (g->size > SMALL) {
		sweep(e, g);
	} else if (!answered(e->p, g) && (g->sent > 0 || g->word[0])) {
		emit(e, g->at, fact, to, V6D_BAD,
		    g->word[0] && fact == V6D_FACT_V6_SMALL ? g->word
							    : "timeout",
		    V6D_NO_VALUE);
	}
}

/* ---- what was told ---- */

/* An address of a command's output connected: pages begin, then stall. */
static bool
connected(const struct v6d_paste *p)
{
	for (unsigned i = 0; i < p->n_tries; i++)
		if (p->tries[i].level >= V6D_CONNECTED &&
		    p->tries[i].addr.family == 6)
			return true;
	return p->claimed[V6D_CLAIM_CONNECT_OK];
}

/* The other type's record of that name, from the same resolver. */
static bool
has_other(
    const struct v6d_paste *p, const struct v6d_paste_lookup *l, unsigned type)
{
	for (unsigned i = 0; i < p->n_lookups; i++) {
		const struct v6d_paste_lookup *o = &p->lookups[i];

		if ((o->got & ~type) && strcmp(o->name, l->name) == 0 &&
		    strcmp(o->server, l->server) == 0)
			return true;
	}
	return false;
}

/*
 * "No such name" is a fault only beside a record of the other type; that
 * there is no record of one type is none.
 */
static void
look_up(const struct emit *e, const struct v6d_paste_lookup *l)
{
	static const struct {
		unsigned type;
		enum v6d_fact fact;
	} types[] = { { V6D_PASTE_A, V6D_FACT_DNS_A },
		{ V6D_PASTE_AAAA, V6D_FACT_DNS_AAAA } };

	for (size_t i = 0; i < V6D_ARRAY_LEN(types); i++) {
		unsigned type = types[i].type;

		if (l->got & type)
			emit(e, l->at, types[i].fact, l->server, V6D_OK, NULL,
			    l->ms);
		else if (l->word && (l->asked & type) &&
			 (strcmp(l->word, "nxdomain") != 0 ||
			     has_other(e->p, l, type)))
			emit(e, l->at, types[i].fact, l->server, V6D_BAD,
			    l->word, V6D_NO_VALUE);
	}
}

static void
told(const struct emit *e, enum v6d_claim c, enum v6d_fact fact,
    enum v6d_state state, const char *word)
{
	if (e->p->claimed[c])
		emit(e, e->p->claims[c], fact, NULL, state, word, V6D_NO_VALUE);
}

static void
claims(const struct emit *e)
{
	const char *fails = connected(e->p) ? "stall" : "timeout";

	told(e, V6D_CLAIM_HAS_ADDRESS, V6D_FACT_ADDR_GLOBAL, V6D_OK, NULL);
	told(e, V6D_CLAIM_PING_OK, V6D_FACT_V6_SMALL, V6D_OK, NULL);
	told(e, V6D_CLAIM_CONNECT_OK, V6D_FACT_V6_SMALL, V6D_OK, NULL);
	told(e, V6D_CLAIM_V4_PAGES_OK, V6D_FACT_V4_CONTROL, V6D_OK, NULL);
	told(e, V6D_CLAIM_PAGES_FAIL, V6D_FACT_DNS_NAME, V6D_BAD, fails);
	told(e, V6D_CLAIM_AAAA_PAGES_TIME_OUT, V6D_FACT_DNS_NAME, V6D_BAD,
	    fails);
	told(e, V6D_CLAIM_LITERAL_FAILS, V6D_FACT_DNS_LITERAL, V6D_BAD, fails);
	told(e, V6D_CLAIM_TABLE_FULL, V6D_FACT_NAPT_SESSIONS, V6D_BAD, "full");
}

void
v6d_paste_facts(const struct v6d_paste *p, struct v6d_facts *f)
{
	struct emit e = { p, f };
	int tunnel = v6d_paste_tunnel(p);

	/* what was told first: what was printed is newer, and counts */
	claims(&e);
	if (tunnel >= 0) {
		global_addresses(&e, tunnel);
		tunnel_mtu(&e, tunnel);
		privacy(&e, tunnel);
	}
	closed_networks(&e, tunnel);
	lan(&e, tunnel);
	default_route(&e, tunnel);
	host(&e, tunnel);
	gateway(&e);
	for (unsigned i = 0; i < p->n_tries; i++)
		attempt(&e, &p->tries[i]);
	for (unsigned i = 0; i < p->n_pings; i++)
		ping(&e, &p->pings[i]);
	for (unsigned i = 0; i < p->n_lookups; i++)
		look_up(&e, &p->lookups[i]);
	for (unsigned i = 0; i < p->n_said; i++) {
		const struct v6d_paste_said *s = &p->said[i];

		emit(&e, s->at, s->fact, s->subject, s->state, s->word,
		    s->value);
	}
}

void
v6d_paste_scope(const struct v6d_paste *p, const struct v6d_facts *f,
    struct v6d_scope *ret_s)
{
	static const char *const why[V6D_N_STAGES] = {
		[V6D_STAGE_CONTROL] = N_("the text has no log of the dial-up"),
		[V6D_STAGE_GRE] = N_("text does not show packets"),
		[V6D_STAGE_PPP] = N_("the text has no log of PPP"),
		[V6D_STAGE_RA] = N_("the text has no addresses of the tunnel"),
		[V6D_STAGE_ROUTE] = N_("the text has no IPv6 routes"),
		[V6D_STAGE_DNS] = N_("the text shows no look-up of a name"),
	};

	(void)p;
	memset(ret_s, 0, sizeof(*ret_s));
	for (int i = 0; i < V6D_N_STAGES; i++) {
		ret_s->can[i] = why[i] == NULL;
		ret_s->why_not[i] = why[i];
	}
	/* what was seen in spite of that must have passed, to be healthy */
	for (size_t i = 0; i < f->n; i++)
		for (int s = 0; s < V6D_N_SYMPTOMS; s++) {
			enum v6d_stage stage =
			    v6d_symptom_stage((enum v6d_symptom)s);

			if (stage < V6D_N_STAGES &&
			    strcmp(v6d_symptom_name((enum v6d_symptom)s),
				v6d_fact_name(f->obs[i].fact)) == 0)
				ret_s->can[stage] = true;
		}
}

/* Said by somebody, or written in a file that may not have been used. */
static bool
is_weak(const struct v6d_obs *o)
{
	return o && (strstr(o->source, ": told,") ||
			strstr(o->source, ": pppd options,"));
}

void
v6d_paste_temper(
    const struct v6d_paste *p, struct v6d_diagnosis *d, struct v6d_scope *s)
{
	/* it was asked for, so that no text is healthy without it */
	if (!d->seen[V6D_STAGE_MTU]) {
		s->can[V6D_STAGE_MTU] = false;
		s->why_not[V6D_STAGE_MTU] =
		    N_("the text shows no large transfer");
	}
	for (unsigned i = 0; i < d->n; i++) {
		struct v6d_finding *f = &d->findings[i];
		bool weak = p->n_dropped > 0;

		for (unsigned k = 0; k < f->n_evidence; k++)
			weak =
			    weak || is_weak(d->symptoms.from[f->evidence[k]]);
		/* that there is no other address, no text shows for certain */
		weak = weak || f->cause == V6D_CAUSE_PRIVACY_EUI64;
		/* nor that advertisements came, to be ignored */
		weak = weak || f->cause == V6D_CAUSE_RA_IGNORED_FORWARDING ||
		       f->cause == V6D_CAUSE_RA_IGNORED_SETTING;
		if (weak && f->certainty == V6D_CERTAIN)
			f->certainty = V6D_LIKELY;
	}
}
