/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_filter.c - this host's own packet filter, by its effect in the model
 * of the host: does it let in the ICMPv6 that RFC 4890 says must pass, and
 * does it keep strangers from the hosts behind this one? Made-up packets come
 * out of the tunnel; counters tell how far they got.
 */
#include <string.h>

#include "probe/help.h"

#define LANS 4 /* interfaces behind this host that are tried */
#define SSH 22

enum tag { RA_COUNT, ICMP_IN, FORWARDING, ADDRS, LAN };

struct filter {
	unsigned left;
	bool ra_asked, ra_dropped;
	bool icmp_asked;
	unsigned icmp_in; /* bit n: type n passes */
	int64_t forwarding;
	unsigned n_lans, n_tried, n_open;
	char lan[LANS][V6D_ASK_IFNAME];
	struct v6d_addr inside[LANS]; /* an address of nobody there */
	char open[V6D_ASK_IFNAME];
};

static struct filter *
mine(struct v6d_probe_run *r)
{
	return (struct filter *)(void *)r->state;
}

static void
put(struct v6d_probe_run *r, struct v6d_ask *q, enum tag tag)
{
	q->tag = tag;
	q->ns = V6D_NS_TUNNEL;
	q->timeout = V6D_S(1);
	v6d_probe_ask(r, q);
	mine(r)->left++;
}

/* What the model lacks of the filter would have its say on the host. */
static bool
filter_is_missing(const struct v6d_facts *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->obs[i].fact == V6D_FACT_HOST_MODEL &&
		    f->obs[i].state == V6D_UNKNOWN &&
		    strcmp(f->obs[i].word, "filter") == 0)
			return true;
	return false;
}

static const char *
why_not(const struct v6d_probe_run *r)
{
	const char *why = v6d_help_no_tunnel(r->plan);

	if (!why && r->plan->in_place)
		why = "a tunnel in place is not given made-up packets";
	if (!why && filter_is_missing(r->facts))
		why = "not tried: this host's packet filter could not be "
		      "looked at, or not wholly";
	return why;
}

static void
start(struct v6d_probe_run *r)
{
	const struct v6d_plan *p = r->plan;
	const char *why = why_not(r);
	struct v6d_ask ra = { .kind = V6D_ASK_COUNTER,
		.name = "Icmp6InRouterAdvertisements" };
	struct v6d_ask icmp = { .kind = V6D_ASK_ICMP_IN, .size = p->mtu };
	struct v6d_ask addrs = { .kind = V6D_ASK_ADDRS_OF };

	if (why) {
		v6d_probe_end(r, V6D_PROBE_SKIPPED, "%s", why);
		return;
	}
	if (v6d_probe_ok(r, V6D_FACT_RA_VALID))
		put(r, &ra, RA_COUNT);
	if (p->n_targets > 0 && v6d_probe_ok(r, V6D_FACT_ADDR_GLOBAL)) {
		icmp.addr = p->targets[0];
		put(r, &icmp, ICMP_IN);
	}
	addrs.addr.family = 6;
	put(r, &addrs, ADDRS);
	mine(r)->left++;
	v6d_help_sysctl(
	    r, V6D_NS_TUNNEL, p->interface, "forwarding", FORWARDING);
}

/* ---- what must get in ---- */

static void
on_ra_count(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct filter *x = mine(r);

	if (a->how != V6D_ANSWER_DONE)
		return;
	x->ra_asked = true;
	x->ra_dropped = a->value == 0;
	v6d_probe_fact(r, V6D_FACT_RA_INPUT, NULL,
	    x->ra_dropped ? V6D_BAD : V6D_OK, x->ra_dropped ? "filtered" : NULL,
	    a->value);
}

/* RFC 4890 4.4.1: errors that must not be dropped. */
static const char *
first_dropped(unsigned in, unsigned *ret_type)
{
	static const char *const names[] = { NULL, "destination-unreachable",
		"packet-too-big", "time-exceeded", "parameter-problem" };
	static const unsigned by_weight[] = { 2, 1, 3, 4 };

	for (unsigned i = 0; i < 4; i++)
		if (!(in >> by_weight[i] & 1)) {
			*ret_type = by_weight[i];
			return names[by_weight[i]];
		}
	return NULL;
}

static void
on_icmp(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct filter *x = mine(r);
	unsigned type = 0;
	bool dropped;

	if (a->how != V6D_ANSWER_DONE)
		return;
	x->icmp_asked = true;
	x->icmp_in = (unsigned)a->value;
	dropped = first_dropped(x->icmp_in, &type) != NULL;
	v6d_probe_fact(r, V6D_FACT_HOST_ICMP6, "input",
	    dropped ? V6D_BAD : V6D_OK, dropped ? "dropped" : NULL,
	    dropped ? (int64_t)type : V6D_NO_VALUE);
}

/* ---- what must not get through ---- */

/* In the prefix of a LAN. */
static void
on_addrs(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	static const uint8_t nobody[8] = V6D_ASK_NOBODY;
	struct filter *x = mine(r);

	for (unsigned i = 0; i < a->n_kernel_addrs; i++) {
		const struct v6d_answer_addr *k = &a->kernel_addrs[i];

		if (x->n_lans == LANS || k->tunnel || k->addr.len > 64 ||
		    !v6d_addr_is_global(&k->addr.addr))
			continue;
		memcpy(x->lan[x->n_lans], k->ifname, V6D_ASK_IFNAME);
		x->inside[x->n_lans] = v6d_addr_join(&k->addr.addr, nobody);
		x->n_lans++;
	}
}

static void
try_lan(struct v6d_probe_run *r, unsigned i)
{
	const struct filter *x = mine(r);
	struct v6d_ask q = { .kind = V6D_ASK_SYN_IN,
		.addr = x->inside[i],
		.addr2 = r->plan->targets[0],
		.port = SSH,
		.name = "Ip6OutOctets" };

	memcpy(q.host, x->lan[i], V6D_ASK_IFNAME);
	put(r, &q, LAN + i);
}

/* A stranger's connection to the LAN, once this host is known to forward. */
static void
try_lans(struct v6d_probe_run *r)
{
	struct filter *x = mine(r);

	if (x->forwarding <= 0 || r->plan->n_targets == 0)
		return;
	for (unsigned i = 0; i < x->n_lans; i++)
		try_lan(r, i);
}

static void
on_lan(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct filter *x = mine(r);
	const char *name = x->lan[a->tag - LAN];

	if (a->how != V6D_ANSWER_DONE)
		return;
	x->n_tried++;
	x->n_open += a->value > 0;
	if (a->value > 0)
		memcpy(x->open, name, V6D_ASK_IFNAME);
	v6d_probe_fact(r, V6D_FACT_LAN_EXPOSED, name,
	    a->value > 0 ? V6D_BAD : V6D_OK, a->value > 0 ? "open" : NULL, SSH);
}

/* ---- the end ---- */

static void
conclude(struct v6d_probe_run *r)
{
	const struct filter *x = mine(r);
	unsigned type;
	const char *dropped =
	    x->icmp_asked ? first_dropped(x->icmp_in, &type) : NULL;

	if (x->ra_dropped)
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "this host's filter drops router advertisements before "
		    "they are looked at");
	else if (dropped)
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "this host's filter drops ICMPv6 %s, which RFC 4890 wants "
		    "let in",
		    dropped);
	else if (x->n_open > 0)
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "strangers reach hosts behind %s: the filter forwards new "
		    "connections from the tunnel",
		    x->open);
	else if (!x->icmp_asked)
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "not tried: there is no IPv6 address or target to try "
		    "with");
	else
		v6d_probe_end(r, V6D_PROBE_PASS, "ICMPv6 errors get in%s",
		    x->n_tried ? ", new connections do not get through" : "");
}

static void
answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct filter *x = mine(r);

	x->left--;
	if (a->tag == RA_COUNT)
		on_ra_count(r, a);
	else if (a->tag == ICMP_IN)
		on_icmp(r, a);
	else if (a->tag == FORWARDING)
		x->forwarding = a->how == V6D_ANSWER_DONE ? a->value : -1;
	else if (a->tag == ADDRS)
		on_addrs(r, a);
	else
		on_lan(r, a);
	if (x->left == 0 && a->tag < LAN)
		try_lans(r);
	if (x->left == 0)
		conclude(r);
}

const struct v6d_probe v6d_probe_filter = {
	.name = "filter",
	.question = "Does this host's own packet filter suit IPv6?",
	.after = "ra",
	.needs = "ppp.ipv6cp",
	.without = "IPV6CP did not open",
	.start = start,
	.answer = answer,
};
