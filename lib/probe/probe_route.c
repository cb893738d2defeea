/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_route.c - does the kernel route the targets into the tunnel, with a
 * source that can come back, and do they answer small packets?
 */
#include <errno.h>
#include <string.h>

#include "base/netblock.h"
#include "base/wire.h"
#include "probe/help.h"

#define PATIENCE V6D_MS(1500)
#define RA_PATIENCE V6D_S(4)
#define ECHOES 3
#define HTTP 80

enum {
	RA = 100,
	SERVER,
	ROUTES,
	ROUTER,
	ADDRS,
	ROUTE_TO = 200,
	PING = 300,
	TCP = 400
};

struct route {
	unsigned left;
	bool loop, routed[V6D_TARGETS], alive[V6D_TARGETS];
	bool asked[V6D_TARGETS];
	const char *word[V6D_TARGETS]; /* what is wrong with the route */
	bool by_main[V6D_TARGETS]; /* the main table leads into the tunnel */
	struct v6d_addr router;
	char closed[V6D_ADDR_TEXT]; /* a closed network's address, or "" */
	bool filtered; /* this host's filter let no echo out */
	bool foreign[V6D_TARGETS]; /* its source is not of the tunnel */
	unsigned n_own;
	struct v6d_prefix own[8]; /* of the tunnel's global addresses */
	char tied[V6D_ASK_IFNAME]; /* where another default route leads */
	bool router_asked, router_alive;
	v6d_ns router_rtt;
	char from[V6D_ADDR_TEXT]; /* the source of the first target */
};

static struct route *
mine(struct v6d_probe_run *r)
{
	return (struct route *)(void *)r->state;
}

static void
ask_route(struct v6d_probe_run *r, enum v6d_ask_kind kind, enum v6d_ns_kind ns,
    const struct v6d_addr *to, unsigned tag)
{
	struct v6d_ask q = { .kind = kind,
		.tag = tag,
		.ns = ns,
		.addr = *to,
		.timeout = V6D_S(1) };

	v6d_probe_ask(r, &q);
	mine(r)->left++;
}

static void
look(struct v6d_probe_run *r)
{
	static const struct v6d_addr any = { .family = 6 };
	const struct v6d_plan *p = r->plan;

	ask_route(r, V6D_ASK_ROUTES_OF, V6D_NS_TUNNEL, &any, ROUTES);
	ask_route(r, V6D_ASK_ADDRS_OF, V6D_NS_TUNNEL, &any, ADDRS);
	if (p->server.family == 4)
		ask_route(r, V6D_ASK_ROUTE_TO, V6D_NS_HOST, &p->server, SERVER);
	for (unsigned i = 0; i < p->n_targets; i++)
		ask_route(r, V6D_ASK_ROUTE_TO, V6D_NS_TUNNEL, &p->targets[i],
		    ROUTE_TO + i);
}

static void
start(struct v6d_probe_run *r)
{
	const char *why = v6d_help_no_tunnel(r->plan);

	if (why)
		v6d_probe_end(r, V6D_PROBE_SKIPPED, "%s", why);
	else if (r->plan->in_place || v6d_probe_seen(r, V6D_FACT_ROUTE_DEFAULT))
		look(r);
	else
		v6d_help_ra(r, RA_PATIENCE, RA);
}

/* ---- routes ---- */

/* The longest prefix of the main table, and of those the least metric. */
static bool
main_leads_in(const struct v6d_answer *a, const struct v6d_addr *to)
{
	const struct v6d_answer_route *best = NULL;

	for (unsigned i = 0; i < a->n_routes; i++) {
		const struct v6d_answer_route *k = &a->routes[i];

		if (k->dst.addr.family != to->family ||
		    !v6d_prefix_has(&k->dst, to))
			continue;
		if (!best || k->dst.len > best->dst.len ||
		    (k->dst.len == best->dst.len && k->metric < best->metric))
			best = k;
	}
	return best && best->tunnel && !best->reject && !a->cut;
}

/* Of two default routes with one metric the kernel takes whichever it will. */
static void
metric_fact(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	const struct v6d_answer_route *ours = NULL, *other = NULL;

	for (unsigned i = 0; i < a->n_routes; i++) {
		const struct v6d_answer_route *k = &a->routes[i];

		if (k->dst.len == 0 && k->tunnel && !k->reject && !ours)
			ours = k;
	}
	for (unsigned i = 0; i < a->n_routes && ours; i++) {
		const struct v6d_answer_route *k = &a->routes[i];

		if (k->dst.len == 0 && !k->tunnel && !k->reject &&
		    k->metric == ours->metric)
			other = k;
	}
	if (!ours || (!other && a->cut))
		return;
	if (other)
		memcpy(mine(r)->tied, other->ifname, V6D_ASK_IFNAME);
	v6d_probe_fact(r, V6D_FACT_ROUTE_METRIC, other ? other->ifname : NULL,
	    other ? V6D_BAD : V6D_OK, other ? "tied" : NULL, ours->metric);
}

static void
on_routes(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct route *x = mine(r);

	metric_fact(r, a);

	for (unsigned i = 0; i < r->plan->n_targets; i++)
		x->by_main[i] = a->how == V6D_ANSWER_DONE &&
				main_leads_in(a, &r->plan->targets[i]);
	for (unsigned i = 0; i < a->n_routes; i++) {
		const struct v6d_answer_route *k = &a->routes[i];

		if (k->dst.len != 0 || !k->tunnel || k->reject ||
		    k->gateway.family != 6)
			continue;
		x->router = k->gateway;
		x->router_asked = true;
		v6d_help_ping(
		    r, V6D_NS_TUNNEL, &x->router, ECHOES, PATIENCE, ROUTER);
		x->left++;
		return;
	}
}

static void
on_server(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct route *x = mine(r);
	char text[V6D_ADDR_TEXT];

	if (a->how != V6D_ANSWER_DONE || a->n_routes == 0)
		return;
	x->loop = a->routes[0].tunnel;
	v6d_probe_fact(r, V6D_FACT_ROUTE_LOOP,
	    v6d_help_text(&r->plan->server, text), x->loop ? V6D_BAD : V6D_OK,
	    x->loop ? "loop" : NULL, V6D_NO_VALUE);
}

static void
on_addrs(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct route *x = mine(r);
	bool closed = false;

	if (a->how != V6D_ANSWER_DONE)
		return;
	for (unsigned i = 0; i < a->n_kernel_addrs; i++) {
		const struct v6d_answer_addr *k = &a->kernel_addrs[i];

		if (k->tunnel && v6d_addr_is_global(&k->addr.addr) &&
		    x->n_own < V6D_ARRAY_LEN(x->own))
			x->own[x->n_own++] = k->addr;
	}
	for (unsigned i = 0; i < a->n_kernel_addrs && !closed; i++) {
		const struct v6d_answer_addr *k = &a->kernel_addrs[i];

		closed = !k->tunnel && v6d_netblock_closed(&k->addr.addr);
		if (closed)
			v6d_help_text(&k->addr.addr, x->closed);
	}
	if (!closed && a->cut)
		return; /* one that was not told may be such */
	v6d_probe_fact(r, V6D_FACT_ADDR_CLOSED, x->closed,
	    closed ? V6D_BAD : V6D_OK, closed ? "closed" : NULL, V6D_NO_VALUE);
}

static const char *
route_word(const struct v6d_answer *a)
{
	const struct v6d_answer_route *k = &a->routes[0];

	/* What a prohibit, unreachable, blackhole route is answered with. */
	if (a->n_routes == 0)
		return a->err == EACCES || a->err == EHOSTUNREACH ||
			       a->err == EINVAL
			   ? "prohibited"
			   : "none";
	if (k->reject)
		return "prohibited";
	if (!k->tunnel)
		return "elsewhere";
	if (k->src.family != 6 || !v6d_addr_is_global(&k->src) ||
	    v6d_netblock_closed(&k->src))
		return "source";
	return NULL;
}

static void
routed_fact(struct v6d_probe_run *r, unsigned i)
{
	char text[V6D_ADDR_TEXT];

	v6d_probe_fact(r, V6D_FACT_ROUTE_TARGET,
	    v6d_help_text(&r->plan->targets[i], text), V6D_OK, NULL,
	    V6D_NO_VALUE);
}

/*
 * A source that is in no prefix of the tunnel's. It need not be wrong (a
 * gateway can have its address on the LAN side alone): the effect tells.
 */
static bool
is_foreign(const struct route *x, const struct v6d_addr *src)
{
	for (unsigned i = 0; i < x->n_own; i++)
		if (v6d_prefix_has(&x->own[i], src))
			return false;
	return x->n_own > 0;
}

static void
on_route_to(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	unsigned i = a->tag - ROUTE_TO;
	const struct v6d_addr *to = &r->plan->targets[i];
	struct route *x = mine(r);
	const char *word;

	if (a->how != V6D_ANSWER_DONE)
		return;
	word = x->word[i] = route_word(a);
	x->routed[i] = !word;
	if (word)
		return; /* told at the end, when the main table is known */
	x->foreign[i] = is_foreign(x, &a->routes[0].src);
	if (!x->foreign[i])
		routed_fact(r, i);
	if (x->from[0] == '\0')
		v6d_help_text(&a->routes[0].src, x->from);
	v6d_help_ping(r, V6D_NS_TUNNEL, to, ECHOES, PATIENCE, PING + i);
	x->left++;
}

/* ---- small packets ---- */

static void
small_fact(struct v6d_probe_run *r, unsigned i, const char *word, v6d_ns rtt)
{
	char text[V6D_ADDR_TEXT];

	struct route *x = mine(r);

	x->asked[i] = true;
	x->alive[i] = !word;
	if (x->foreign[i] && !word)
		routed_fact(r, i);
	else if (x->foreign[i])
		x->word[i] = "source"; /* told at the end */
	v6d_probe_fact(r, V6D_FACT_V6_SMALL,
	    v6d_help_text(&r->plan->targets[i], text), word ? V6D_BAD : V6D_OK,
	    word, word ? V6D_NO_VALUE : (int64_t)v6d_help_ms(rtt));
}

/* This host's own filter says no before anything is sent. */
static void
out_fact(struct v6d_probe_run *r, unsigned i, const struct v6d_answer *a)
{
	bool sent = false, filtered;
	char text[V6D_ADDR_TEXT];

	for (unsigned k = 0; k < a->n_frames; k++)
		sent |= a->frames[k].sent;
	filtered = a->err == EPERM && !sent;
	if (!filtered && !v6d_help_pong(a))
		return; /* on its way, or not: it cannot be told */
	mine(r)->filtered |= filtered;
	v6d_probe_fact(r, V6D_FACT_V6_OUT,
	    v6d_help_text(&r->plan->targets[i], text),
	    filtered ? V6D_BAD : V6D_OK, filtered ? "filtered" : NULL,
	    V6D_NO_VALUE);
}

/* Some do not answer echoes: a TCP handshake is as good. */
static void
on_ping(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	const struct v6d_answer_frame *f = v6d_help_pong(a);
	unsigned i = a->tag - PING;

	out_fact(r, i, a);
	if (f) {
		small_fact(r, i, NULL, f->rtt);
		return;
	}
	v6d_help_tcp(
	    r, V6D_NS_TUNNEL, &r->plan->targets[i], HTTP, PATIENCE, TCP + i);
	mine(r)->left++;
}

static void
on_tcp(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	unsigned i = a->tag - TCP;

	if (a->how == V6D_ANSWER_REFUSED)
		return;
	if (v6d_help_tcp_answered(a))
		small_fact(r, i, NULL, a->took);
	else if (a->how == V6D_ANSWER_TIMEOUT || a->err == ETIMEDOUT)
		small_fact(r, i, "timeout", 0);
	else
		small_fact(r, i, "unreachable", 0);
}

static void
on_router(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	const struct v6d_answer_frame *f = v6d_help_pong(a);
	struct route *x = mine(r);

	x->router_asked = a->how != V6D_ANSWER_REFUSED;
	x->router_alive = f != NULL;
	x->router_rtt = f ? f->rtt : 0;
}

/* ---- the end ---- */

static unsigned
n_alive(const struct route *x)
{
	unsigned n = 0;

	for (unsigned i = 0; i < V6D_TARGETS; i++)
		n += x->alive[i];
	return n;
}

/* A router need not answer echoes; it is a fault when nobody else does. */
static void
router_fact(struct v6d_probe_run *r)
{
	const struct route *x = mine(r);
	char text[V6D_ADDR_TEXT];

	if (!x->router_asked)
		return;
	v6d_probe_fact(r, V6D_FACT_V6_ROUTER, v6d_help_text(&x->router, text),
	    x->router_alive  ? V6D_OK
	    : n_alive(x) > 0 ? V6D_UNKNOWN
			     : V6D_BAD,
	    x->router_alive ? NULL : "timeout",
	    x->router_alive ? (int64_t)v6d_help_ms(x->router_rtt)
			    : V6D_NO_VALUE);
}

static const char *
route_words(const char *word)
{
	if (strcmp(word, "none") == 0)
		return "there is no route to it";
	if (strcmp(word, "elsewhere") == 0)
		return "its route does not lead into the tunnel";
	if (strcmp(word, "prohibited") == 0)
		return "a route forbids it";
	if (strcmp(word, "rule") == 0)
		return "a policy rule leads past the tunnel's route";
	return "the source address chosen cannot come back";
}

/* What the main table would have led in, a policy rule took elsewhere. */
static void
bad_routes(struct v6d_probe_run *r)
{
	struct route *x = mine(r);
	char text[V6D_ADDR_TEXT];

	for (unsigned i = 0; i < r->plan->n_targets; i++) {
		if (!x->word[i])
			continue;
		if (x->by_main[i] && strcmp(x->word[i], "source") != 0)
			x->word[i] = "rule";
		v6d_probe_fact(r, V6D_FACT_ROUTE_TARGET,
		    v6d_help_text(&r->plan->targets[i], text), V6D_BAD,
		    x->word[i], V6D_NO_VALUE);
	}
}

static void
conclude(struct v6d_probe_run *r)
{
	const struct route *x = mine(r);
	unsigned n = r->plan->n_targets, alive = n_alive(x);
	char text[V6D_ADDR_TEXT];

	router_fact(r);
	bad_routes(r);
	if (x->loop) {
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "the server's own address is routed into the tunnel");
		return;
	}
	for (unsigned i = 0; i < n; i++)
		if (x->word[i]) {
			v6d_probe_end(r, V6D_PROBE_FAIL, "%s: %s",
			    v6d_help_text(&r->plan->targets[i], text),
			    route_words(x->word[i]));
			return;
		}
	if (x->filtered && alive == 0) {
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "this host's own packet filter lets no echo out to %s",
		    v6d_help_text(&r->plan->targets[0], text));
		return;
	}
	for (unsigned i = 0; i < n; i++)
		if (x->asked[i] && !x->alive[i]) {
			v6d_probe_end(r,
			    alive ? V6D_PROBE_WARN : V6D_PROBE_FAIL,
			    "%s does not answer%s",
			    v6d_help_text(&r->plan->targets[i], text),
			    alive             ? ", another target does"
			    : x->router_alive ? "; the tunnel's far end does"
					      : "");
			return;
		}
	if (alive == n && n > 0 && x->tied[0] != '\0')
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "the targets answer; another default route, by %s, has "
		    "the same metric",
		    x->tied);
	else if (alive == n && n > 0 && x->closed[0] != '\0')
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "the targets answer; %s beside the tunnel belongs to a "
		    "closed network",
		    x->closed);
	else if (alive == n && n > 0)
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "%u of %u target%s answer%s, from %s", alive, n,
		    n == 1 ? "" : "s", n == 1 ? "s" : "", x->from);
	else if (n == 0)
		v6d_probe_end(r,
		    x->router_alive ? V6D_PROBE_PASS : V6D_PROBE_UNKNOWN,
		    "the tunnel's far end %s; no IPv6 target is named",
		    x->router_alive ? "answers" : "does not answer");
	else
		v6d_probe_end(
		    r, V6D_PROBE_UNKNOWN, "the routes could not be read");
}

static void
answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct route *x = mine(r);

	if (a->tag == RA) {
		if (a->how == V6D_ANSWER_REFUSED)
			v6d_probe_end(
			    r, V6D_PROBE_UNKNOWN, "no tunnel: %.120s", a->text);
		else
			look(r);
		return;
	}
	x->left--;
	if (a->tag >= TCP)
		on_tcp(r, a);
	else if (a->tag >= PING)
		on_ping(r, a);
	else if (a->tag >= ROUTE_TO)
		on_route_to(r, a);
	else if (a->tag == SERVER)
		on_server(r, a);
	else if (a->tag == ROUTES)
		on_routes(r, a);
	else if (a->tag == ADDRS)
		on_addrs(r, a);
	else if (a->tag == ROUTER)
		on_router(r, a);
	if (x->left == 0)
		conclude(r);
}

const struct v6d_probe v6d_probe_route = {
	.name = "route",
	.question = "Do the targets lie behind the tunnel, and answer?",
	.after = "ra",
	.needs = "ppp.ipv6cp",
	.without = "IPV6CP did not open",
	.start = start,
	.answer = answer,
};
