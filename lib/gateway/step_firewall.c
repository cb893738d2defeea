/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * step_firewall.c - our table of the packet filter, before anything else; and
 * as the last thing of the path the clamp of TCP's segment size in it.
 */
#include "gateway/gateway_impl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/lang.h"
#include "io/nft.h"

#define IPV6_TCP_HEADERS 60 /* bytes, without options */

static void
describe(const struct v6d_gw *g, char *table, size_t n, unsigned mss,
    struct v6d_ruleset *ret)
{
	const struct v6d_profile *p = g->p;

	*ret = (struct v6d_ruleset){
		.table = v6d_ruleset_table(g->conf.name, table, n),
		.tunnel = g->tunnel,
		.n_lan = p->lan.interface.n,
		.no_syn = p->firewall.no_syn,
		.n_allow = p->firewall.allow.n,
		.only_tunnels = !g->was_forwarding,
		.mss = mss,
	};
	for (unsigned i = 0; i < ret->n_lan; i++)
		ret->lan[i] = p->lan.interface.s[i];
	for (unsigned i = 0; i < ret->n_allow; i++)
		ret->allow[i] = p->firewall.allow.s[i];
}

static int
write_table(struct v6d_gw *g, unsigned mss)
{
	char table[80], name[96], text[8192];
	struct v6d_ruleset r;

	describe(g, table, sizeof(table), mss, &r);
	if (!v6d_ruleset_text(&r, text, sizeof(text))) {
		snprintf(g->c.why, sizeof(g->c.why),
		    N_("the packet filter's text is too long"));
		return -EMSGSIZE;
	}
	return v6d_change_table(
	    &g->c, v6d_ruleset_name(&r, name, sizeof(name)), text);
}

/* Somebody may flush all rules while we run. */
static int
check_firewall(struct v6d_gw *g)
{
	char table[80], what[128], *listed = NULL;
	int err;

	v6d_ruleset_table(g->conf.name, table, sizeof(table));
	snprintf(what, sizeof(what), "chain ip6 %s forward", table);
	err = v6d_nft_list(g->c.ns_fd, what, &listed);
	if (err == 0 && !strstr(listed, " drop"))
		err = -ENOENT;
	free(listed);
	if (err < 0)
		snprintf(g->c.why, sizeof(g->c.why),
		    N_("the packet filter's table %s is gone"), table);
	return err;
}

static int
make_firewall(struct v6d_gw *g)
{
	return write_table(g, 0);
}

const struct v6d_gw_step v6d_gw_step_firewall = {
	.name = "firewall", .check = check_firewall, .make = make_firewall
};

int
v6d_gw_write_table(struct v6d_gw *g)
{
	return write_table(
	    g, g->mtu > IPV6_TCP_HEADERS ? g->mtu - IPV6_TCP_HEADERS : 0);
}

int
v6d_gw_mend_table(struct v6d_gw *g)
{
	char table[80], name[96];

	v6d_ruleset_table(g->conf.name, table, sizeof(table));
	snprintf(name, sizeof(name), "ip6 %s", table);
	return v6d_change_table_again(&g->c, name);
}

const struct v6d_gw_step v6d_gw_step_mss = { .name = "mss",
	.make = v6d_gw_write_table };
