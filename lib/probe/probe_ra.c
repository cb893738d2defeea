/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_ra.c - does a router advertisement come (RFC 4861), and does the
 * kernel make an address and a route of it? What it says is witnessed
 * elsewhere.
 */
#include <errno.h>
#include <string.h>

#include "probe/help.h"

#define PATIENCE V6D_S(4)
#define PATIENCE_MOST V6D_S(15)
#define AGAIN V6D_MS(250) /* a tentative address becomes usable meanwhile */
#define MAX_LOOKS 8
#define SECOND V6D_MS(1500) /* for an advertisement better than a farewell */

enum tag {
	DISABLE_IPV6, /* the first three: indexes of values[] */
	ACCEPT_RA,
	FORWARDING,
	RA,
	RA_AGAIN,
	FAREWELL,
	ADDRS,
	ROUTES,
	PAUSE,
};

struct ra {
	int64_t values[3];
	v6d_ns patience;
	bool came, can_route, can_address;
	bool read; /* addresses and routes were read */
	unsigned left, looks;
	const char *addr_word; /* why there is no address; NULL: there is */
	bool has_addr, has_route;
	bool present; /* a global address, be it deprecated */
	bool kept; /* it was made of an advertisement: it has a lifetime */
	char eui64[V6D_ADDR_TEXT]; /* an address that tells the hardware's */
	const char *route_word;
	char addr[V6D_ADDR_TEXT], gateway[V6D_ADDR_TEXT];
	int64_t metric;
};

static struct ra *
mine(struct v6d_probe_run *r)
{
	return (struct ra *)(void *)r->state;
}

static void
ask_kernel(struct v6d_probe_run *r, enum v6d_ask_kind kind, enum tag tag)
{
	struct v6d_ask q = { .kind = kind,
		.tag = tag,
		.ns = V6D_NS_TUNNEL,
		.timeout = V6D_S(1) };

	q.addr.family = 6;
	v6d_probe_ask(r, &q);
	mine(r)->left++;
}

static void
look(struct v6d_probe_run *r)
{
	struct ra *x = mine(r);

	x->looks++;
	ask_kernel(r, V6D_ASK_ADDRS_OF, ADDRS);
	ask_kernel(r, V6D_ASK_ROUTES_OF, ROUTES);
}

static void
look_first(struct v6d_probe_run *r)
{
	static const char *const names[] = { "disable_ipv6", "accept_ra",
		"forwarding" };
	struct ra *x = mine(r);

	for (unsigned i = 0; i < 3; i++)
		v6d_help_sysctl(
		    r, V6D_NS_TUNNEL, r->plan->interface, names[i], i);
	x->left += 3;
	look(r);
}

/*
 * For an advertisement. Many servers start what advertises only when the link
 * is up: one that is slow to log in is slow at that, too. Losses say nothing of
 * the server.
 */
static v6d_ns
patience(const struct v6d_probe_run *r)
{
	const struct v6d_obs *call =
	    v6d_facts_last(r->facts, V6D_FACT_CONTROL_CALL);
	const struct v6d_obs *up =
	    v6d_facts_last(r->facts, V6D_FACT_PPP_IPV6CP);
	v6d_ns wait;

	if (!call || !up || up->at < call->at || v6d_help_lossy(r))
		return PATIENCE;
	wait = 3 * (up->at - call->at);
	if (wait < PATIENCE)
		return PATIENCE;
	return wait < PATIENCE_MOST ? wait : PATIENCE_MOST;
}

static void
start(struct v6d_probe_run *r)
{
	const char *why = v6d_help_no_tunnel(r->plan);
	struct ra *x = mine(r);

	x->values[0] = x->values[1] = x->values[2] = -1;
	if (why)
		v6d_probe_end(r, V6D_PROBE_SKIPPED, "%s", why);
	else if (r->plan->in_place)
		look_first(r); /* the advertisement came long ago */
	else
		v6d_help_ra(r, x->patience = patience(r), RA);
}

/* ---- what the advertisement allows, what the kernel has ---- */

/*
 * A router that stops says so by a lifetime of 0 (RFC 4861 6.2.5): after a
 * redial it can be the last word about the session before.
 */
static bool
may_be_farewell(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct v6d_ask q = {
		.kind = V6D_ASK_SLEEP, .tag = FAREWELL, .timeout = SECOND
	};

	return a->tag == RA && a->ra_seen && a->ra.lifetime_s == 0 &&
	       v6d_probe_ask(r, &q);
}

/* What it names is more than the tunnel's device takes. */
static void
mtu_fact(struct v6d_probe_run *r, uint32_t mtu)
{
	const char *ifname = r->plan->interface;

	v6d_probe_fact(r, V6D_FACT_RA_MTU, ifname[0] ? ifname : "tunnel",
	    V6D_BAD, "too-big", mtu);
}

static void
on_ra(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct ra *x = mine(r);

	if (a->how == V6D_ANSWER_REFUSED) {
		v6d_probe_end(
		    r, V6D_PROBE_UNKNOWN, "no tunnel: %.120s", a->text);
		return;
	}
	if (may_be_farewell(r, a))
		return;
	x->came = a->how == V6D_ANSWER_DONE && a->ra_seen;
	if (x->came && a->ra.mtu > r->plan->mtu)
		mtu_fact(r, a->ra.mtu);
	if (x->came && v6d_ra_valid(&a->ra)) {
		x->can_route = a->ra.lifetime_s > 0;
		for (unsigned i = 0; i < a->ra.n_prefixes; i++) {
			const struct v6d_ra_prefix *p = &a->ra.prefixes[i];

			x->can_address |= p->autonomous && p->valid_s > 0 &&
					  p->prefix.len == 64;
		}
	}
	if (!x->came && !v6d_probe_bad(r, V6D_FACT_RA_RECEIVED))
		v6d_probe_fact(r, V6D_FACT_RA_RECEIVED, NULL, V6D_BAD, "none",
		    V6D_NO_VALUE);
	look_first(r);
}

/* RFC 4291 appendix A: FF FE in the middle, the u-bit set. */
static bool
is_eui64(const struct v6d_addr *a)
{
	return a->b[11] == 0xff && a->b[12] == 0xfe && (a->b[8] & 2);
}

static void
on_addrs(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct ra *x = mine(r);

	x->read = a->how == V6D_ANSWER_DONE;
	x->has_addr = x->present = false;
	x->addr_word = "none";
	for (unsigned i = 0; i < a->n_kernel_addrs && x->read; i++) {
		const struct v6d_answer_addr *k = &a->kernel_addrs[i];

		if (!k->tunnel || !v6d_addr_is_global(&k->addr.addr))
			continue;
		v6d_help_text(&k->addr.addr, x->addr);
		x->present |= !k->dadfailed && !k->tentative;
		x->kept |= k->valid_s != UINT32_MAX;
		if (is_eui64(&k->addr.addr))
			memcpy(x->eui64, x->addr, sizeof(x->eui64));
		x->addr_word = k->dadfailed    ? "dadfailed"
			       : k->tentative  ? "tentative"
			       : k->deprecated ? "deprecated"
					       : NULL;
		x->has_addr = !x->addr_word;
		if (x->has_addr)
			return;
	}
}

static void
on_routes(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct ra *x = mine(r);

	x->read &= a->how == V6D_ANSWER_DONE;
	x->has_route = false;
	x->route_word = "none";
	for (unsigned i = 0; i < a->n_routes; i++) {
		const struct v6d_answer_route *k = &a->routes[i];

		if (k->dst.len != 0)
			continue;
		if (k->reject || !k->tunnel) {
			/* The kernel's own last "unreachable" is no finding. */
			if (!k->reject || k->metric < UINT32_MAX)
				x->route_word =
				    k->reject ? "prohibited" : "elsewhere";
			continue;
		}
		x->has_route = true;
		x->route_word = NULL;
		x->metric = k->metric;
		if (k->gateway.family == 6)
			v6d_help_text(&k->gateway, x->gateway);
		return;
	}
}

/* ---- the end ---- */

/*
 * In place the advertisement came long ago. An address made of one, no
 * default route, and settings by which the next is ignored: forwarding was
 * switched on since, which takes such routes away.
 */
static void
trap_fact(struct v6d_probe_run *r)
{
	const struct ra *x = mine(r);
	bool deaf = x->values[ACCEPT_RA] == 0 ||
		    (x->values[FORWARDING] > 0 && x->values[ACCEPT_RA] == 1);

	if (x->kept && !x->has_route && deaf)
		v6d_probe_fact(r, V6D_FACT_RA_USED, NULL, V6D_BAD, "no-route",
		    V6D_NO_VALUE);
}

/* Did the kernel do what the advertisement told it to? */
static void
used_fact(struct v6d_probe_run *r)
{
	const struct ra *x = mine(r);
	bool no_addr = x->can_address && !x->present;
	bool no_route = x->can_route && !x->has_route;
	bool some =
	    (x->can_address && x->present) || (x->can_route && x->has_route);
	const char *word = !some      ? "nothing"
			   : no_addr  ? "no-address"
			   : no_route ? "no-route"
				      : NULL;

	if (r->plan->in_place)
		trap_fact(r);
	else if (x->came && (x->can_address || x->can_route))
		v6d_probe_fact(r, V6D_FACT_RA_USED, NULL,
		    word ? V6D_BAD : V6D_OK, word, V6D_NO_VALUE);
}

static void
kernel_facts(struct v6d_probe_run *r)
{
	const struct ra *x = mine(r);

	v6d_help_host_facts(r, x->values, false);
	if (!x->read)
		return;
	v6d_probe_fact(r, V6D_FACT_ADDR_GLOBAL, x->addr,
	    x->has_addr ? V6D_OK : V6D_BAD, x->addr_word, V6D_NO_VALUE);
	v6d_probe_fact(r, V6D_FACT_ROUTE_DEFAULT, x->gateway,
	    x->has_route ? V6D_OK : V6D_BAD, x->route_word,
	    x->has_route ? x->metric : V6D_NO_VALUE);
	used_fact(r);
	if (x->present)
		v6d_probe_fact(r, V6D_FACT_ADDR_PRIVACY,
		    x->eui64[0] ? x->eui64 : x->addr,
		    x->eui64[0] ? V6D_BAD : V6D_OK,
		    x->eui64[0] ? "eui64" : NULL, V6D_NO_VALUE);
}

static const char *
ignored_words(const struct ra *x)
{
	if (x->values[DISABLE_IPV6] > 0)
		return "IPv6 is switched off";
	if (x->values[ACCEPT_RA] == 0)
		return "accept_ra is 0";
	if (x->values[FORWARDING] > 0 && x->values[ACCEPT_RA] == 1)
		return "forwarding is 1, so accept_ra has to be 2";
	return "why does not show";
}

static void
conclude(struct v6d_probe_run *r)
{
	const struct ra *x = mine(r);
	const struct v6d_obs *used;

	kernel_facts(r);
	used = v6d_facts_last(r->facts, V6D_FACT_RA_USED);
	if (!x->came && !r->plan->in_place)
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "no router advertisement came in %u s",
		    v6d_help_ms(x->patience) / 1000);
	else if (!x->read)
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "addresses and routes could not be read");
	else if (used && used->state == V6D_BAD)
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "the kernel did not use the advertisement (%s): %s",
		    used->word, ignored_words(x));
	else if (v6d_probe_bad(r, V6D_FACT_RA_VALID))
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "the advertisement is not valid: hosts must ignore it");
	else if (!x->has_addr && x->present && x->has_route)
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "the address %s is deprecated: new connections avoid it",
		    x->addr);
	else if (!x->has_addr)
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "the tunnel has no usable global address (%s)",
		    x->addr_word);
	else if (!x->has_route)
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "address %s, but no default route%s", x->addr,
		    x->came && !x->can_route
			? ": the advertised router lifetime is 0"
			: "");
	else
		v6d_probe_end(r, V6D_PROBE_PASS, "address %s, default via %s",
		    x->addr, x->gateway[0] ? x->gateway : "the tunnel");
}

/* The kernel may need a moment more: duplicate address detection. */
static bool
worth_another_look(struct v6d_probe_run *r)
{
	const struct ra *x = mine(r);
	struct v6d_ask q = {
		.kind = V6D_ASK_SLEEP, .tag = PAUSE, .timeout = AGAIN
	};
	bool moving = x->addr_word && strcmp(x->addr_word, "tentative") == 0;

	if (!x->read || x->looks >= MAX_LOOKS)
		return false;
	if (!moving && x->looks > 1)
		return false;
	if (!moving && (!x->came || ((x->has_addr || !x->can_address) &&
					(x->has_route || !x->can_route))))
		return false;
	return v6d_probe_ask(r, &q);
}

static void
answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct ra *x = mine(r);

	switch ((enum tag)a->tag) {
	case RA:
	case RA_AGAIN:
		on_ra(r, a);
		return;
	case FAREWELL:
		v6d_help_ra(r, mine(r)->patience, RA_AGAIN);
		return;
	case PAUSE:
		look(r);
		return;
	case DISABLE_IPV6:
	case ACCEPT_RA:
	case FORWARDING:
		if (a->how == V6D_ANSWER_DONE && a->err == 0)
			x->values[a->tag] = a->value;
		break;
	case ADDRS:
		on_addrs(r, a);
		break;
	case ROUTES:
		on_routes(r, a);
		break;
	}
	if (--x->left == 0 && !worth_another_look(r))
		conclude(r);
}

const struct v6d_probe v6d_probe_ra = {
	.name = "ra",
	.question = "Does a router advertisement come, and is it used?",
	.after = "ppp",
	.needs = "ppp.ipv6cp",
	.without = "IPV6CP did not open",
	.start = start,
	.answer = answer,
};
