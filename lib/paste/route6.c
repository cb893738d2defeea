/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * route6.c - Linux's route -A inet6 -n: "Destination Next Hop Flag Met Ref
 * Use If"; a flag with "!" is a route that rejects.
 */
#include "paste/impl.h"

#include <string.h>

int
v6d_take_route6(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_route r = { .expires_s = -1, .at = t->at };
	struct v6d_addr gw;
	int plen;

	if (v6d_has(t->line, "Kernel IPv6 routing table")) {
		v6d_routes_seen(p, t->at);
		return (int)t->n;
	}
	if (v6d_has(t->line, "Next Hop") && v6d_has(t->line, "Flag"))
		return (int)t->n;
	if (t->n < 2 || !v6d_ip(t->t[0], &r.dst.addr, &plen, NULL, 0) ||
	    r.dst.addr.family != 6 || !v6d_ip(t->t[1], &gw, NULL, NULL, 0) ||
	    gw.family != 6)
		return 0;
	/* "[::]/0" has its length behind the bracket */
	if (plen < 0 && v6d_has(t->t[0], "]/")) {
		int64_t v;

		if (v6d_lead(strstr(t->t[0], "]/") + 2, &v) && v <= 128)
			plen = (int)v;
	}
	if (t->n < 7)
		return p->place.format == V6D_PF_ROUTE6 ||
			       p->place.cmd == V6D_PF_ROUTE6
			   ? (int)t->n
			   : 0;
	if (!v6d_whole(t->t[3] + (t->t[3][0] == '-'), &r.metric) ||
	    !v6d_is_alpha(t->t[6][0]))
		return 0;
	if (t->t[3][0] == '-')
		r.metric = -1;
	r.dst.len = (uint8_t)(plen >= 0 ? plen : 128);
	r.is_default = r.dst.len == 0;
	r.reject = strchr(t->t[2], '!') != NULL;
	r.from_ra = strchr(t->t[2], 'A') != NULL;
	r.host = strchr(t->t[2], 'H') != NULL;
	if (!v6d_addr_is_zero(&gw)) {
		r.gw = V6D_GW_ADDR;
		r.gateway = gw;
	}
	v6d_copy(r.flags, sizeof(r.flags), t->t[2]);
	v6d_copy(r.dev, sizeof(r.dev), t->t[6]);
	v6d_routes_seen(p, t->at);
	(void)v6d_put_route(p, &r);
	return 7;
}
