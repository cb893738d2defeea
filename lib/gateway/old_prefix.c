/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * old_prefix.c - prefixes that the LAN had before, taken back in the manner of
 * RFC 9096: no new connection begins there, and when no host can have an
 * address of it any more, ours and the route to it go too: it may be another
 * customer's by then.
 */
#include "gateway/gateway_impl.h"

#include <string.h>

#include "base/wire.h"
#include "io/clock.h"

/* All that the journal has with these words. */
static void
undo_all(struct v6d_gw *g, unsigned n, const char *const *word)
{
	int i;

	while ((i = v6d_change_noted(&g->j, n, word)) >= 0)
		if (v6d_change_undo(&g->c, (unsigned)i) == V6D_UNDO_FAILED) {
			v6d_gw_say(g, V6D_GW_WARN, "%s", g->c.why);
			return; /* it is tried again at the end */
		}
}

/* What undoes an advertisement ends radvd: this one has been taken back. */
static void
forget_advert(struct v6d_gw *g, const char *ifname, const char *prefix)
{
	const char *const advert[] = { "advert", ifname, prefix };
	int i = v6d_change_noted(&g->j, V6D_ARRAY_LEN(advert), advert);

	if (i >= 0)
		v6d_journal_undone(&g->j, (unsigned)i);
}

static void
retire(struct v6d_gw *g, struct v6d_gw_lan *l)
{
	const struct v6d_gw_old *o = &l->old[0];
	struct v6d_prefix at = { o->addr, o->prefix.len };
	char prefix[64], addr[64];
	const char *const address[] = { "address", l->ifname, addr };
	const char *const route[] = { "route", prefix, l->ifname };
	const char *const rule[] = { "rule", prefix };

	v6d_change_prefix_text(&o->prefix, prefix, sizeof(prefix));
	v6d_change_prefix_text(&at, addr, sizeof(addr));
	undo_all(g, V6D_ARRAY_LEN(rule), rule);
	undo_all(g, V6D_ARRAY_LEN(route), route);
	undo_all(g, V6D_ARRAY_LEN(address), address);
	forget_advert(g, l->ifname, prefix);
	v6d_gw_say(g, V6D_GW_INFO, "the old prefix %s is gone from %s", prefix,
	    l->ifname);
	l->n_old--;
	memmove(l->old, l->old + 1, l->n_old * sizeof(l->old[0]));
}

static void
forget(struct v6d_gw_lan *l, const struct v6d_prefix *p)
{
	unsigned n = 0;

	for (unsigned i = 0; i < l->n_old; i++)
		if (!v6d_addr_eq(&l->old[i].prefix.addr, &p->addr))
			l->old[n++] = l->old[i];
	l->n_old = n;
}

void
v6d_gw_old_keep(
    struct v6d_gw *g, struct v6d_gw_lan *l, const struct v6d_prefix *next)
{
	struct v6d_nlgate_addr a = { .addr = { l->addr, l->prefix.len },
		.valid_s = V6D_GW_VALID_LIMIT,
		.preferred_s = 0,
		.alone = true };

	forget(l, next);
	v6d_nlgate_addr(g->c.ns_fd, l->ifname, &a);
	if (l->n_old == V6D_GW_OLD)
		retire(g, l);
	l->old[l->n_old++] =
	    (struct v6d_gw_old){ l->prefix, l->addr, v6d_clock_now() };
}

bool
v6d_gw_old_retire(struct v6d_gw *g, v6d_ns now)
{
	bool any = false;

	for (unsigned i = 0; i < g->n_lan; i++) {
		struct v6d_gw_lan *l = &g->lan[i];

		while (l->n_old > 0 &&
		       now - l->old[0].since > V6D_S(V6D_GW_VALID_LIMIT)) {
			retire(g, l);
			any = true;
		}
	}
	return any;
}
