/* SPDX-License-Identifier: GPL-2.0-or-later */
/* change_route.c - addresses, routes and rules that outlive the tunnel. */
#include "base/lang.h"
#include "gateway/change_impl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/netlink.h"

const char *
v6d_change_prefix_text(const struct v6d_prefix *p, char *buf, size_t n)
{
	char addr[V6D_ADDR_TEXT];

	snprintf(buf, n, "%s/%u", v6d_addr_text(&p->addr, addr, sizeof(addr)),
	    p->len);
	return buf;
}

static uint32_t
number(const char *s)
{
	return (uint32_t)strtoul(s, NULL, 10);
}

/* ---- address IFNAME ADDRESS/LEN ---- */

int
v6d_change_addr(
    struct v6d_changes *c, const char *ifname, const struct v6d_nlgate_addr *a)
{
	char addr[64];
	struct v6d_record r = { 3, { "address", ifname, addr } };
	struct v6d_nlgate_addr make = *a;
	bool ours = false, noted;
	int err = 0;

	v6d_change_prefix_text(&a->addr, addr, sizeof(addr));
	noted = v6d_change_noted(c->j, r.n, r.word) >= 0;
	v6d_netlink_is_ours(c->ns_fd, ifname, &a->addr.addr, &ours);
	if (ours && !noted)
		return v6d_change_told(
		    c, -EEXIST, "%s has the address %s already", ifname, addr);
	if (!noted)
		err = v6d_change_note(c, &r);
	if (err < 0)
		return err;
	make.create = !noted;
	err = v6d_nlgate_addr(c->ns_fd, ifname, &make);
	if (err == 0)
		return 0;
	v6d_change_told(c, err, "%s cannot have the address %s: %s", ifname,
	    addr,
	    err == -EACCES ? N_("IPv6 is switched off there") : strerror(-err));
	return noted ? err : v6d_change_not_made(c, err);
}

enum v6d_undo
v6d_undo_addr(struct v6d_changes *c, const struct v6d_record *r)
{
	struct v6d_prefix p;
	int err;

	if (!v6d_prefix_parse(r->word[2], &p))
		return v6d_change_stuck(c, "no address: %s", r->word[2]);
	err = v6d_netlink_addr_del(c->ns_fd, r->word[1], &p);
	if (err == 0 || err == -EADDRNOTAVAIL || err == -ENODEV)
		return V6D_UNDO_DONE;
	return v6d_change_stuck(c, "%s cannot be taken from %s: %s", r->word[2],
	    r->word[1], strerror(-err));
}

/* ---- route DST IFNAME TABLE METRIC PROTO ---- */

int
v6d_change_route(struct v6d_changes *c, const struct v6d_nlgate_route *x)
{
	char dst[64], table[12], metric[12], proto[12];
	struct v6d_record r = { 6,
		{ "route", dst, x->ifname, table, metric, proto } };
	bool noted;
	int err = 0;

	v6d_change_prefix_text(&x->dst, dst, sizeof(dst));
	snprintf(table, sizeof(table), "%u", x->table);
	snprintf(metric, sizeof(metric), "%u", x->metric);
	snprintf(proto, sizeof(proto), "%u", x->proto);
	noted = v6d_change_noted(c->j, r.n, r.word) >= 0;
	if (!noted)
		err = v6d_change_note(c, &r);
	if (err < 0)
		return err;
	err = v6d_nlgate_route_add(c->ns_fd, x);
	if (err == 0 || (noted && err == -EEXIST))
		return 0;
	v6d_change_told(c, err,
	    "the route to %s in table %s cannot be made: "
	    "%s",
	    dst, table,
	    err == -EEXIST ? N_("there is one already") : strerror(-err));
	return noted ? err : v6d_change_not_made(c, err);
}

enum v6d_undo
v6d_undo_route(struct v6d_changes *c, const struct v6d_record *r)
{
	struct v6d_nlgate_route x = { .table = number(r->word[3]),
		.metric = number(r->word[4]),
		.proto = (uint8_t)number(r->word[5]) };
	int err;

	snprintf(x.ifname, sizeof(x.ifname), "%s", r->word[2]);
	if (!v6d_prefix_parse(r->word[1], &x.dst))
		return v6d_change_stuck(c, "no prefix: %s", r->word[1]);
	err = v6d_nlgate_route_del(c->ns_fd, &x);
	if (err == 0 || err == -ESRCH || err == -ENODEV)
		return V6D_UNDO_DONE;
	return v6d_change_stuck(c, "the route to %s cannot be taken away: %s",
	    r->word[1], strerror(-err));
}

/* ---- rule FROM PREF TABLE no-default|all PROTO ---- */

int
v6d_change_rule(struct v6d_changes *c, const struct v6d_nlgate_rule *x)
{
	char from[64], pref[12], table[12], proto[12];
	struct v6d_record r = { 6,
		{ "rule", from, pref, table,
		    x->no_default ? "no-default" : "all", proto } };
	int err;

	v6d_change_prefix_text(&x->from, from, sizeof(from));
	snprintf(pref, sizeof(pref), "%u", x->pref);
	snprintf(table, sizeof(table), "%u", x->table);
	snprintf(proto, sizeof(proto), "%u", x->proto);
	err = v6d_change_note(c, &r);
	if (err < 0)
		return err;
	err = v6d_nlgate_rule_add(c->ns_fd, x);
	if (err == 0)
		return 0;
	v6d_change_told(c, err, "the rule from %s cannot be made: %s", from,
	    err == -EEXIST ? N_("there is one already") : strerror(-err));
	return v6d_change_not_made(c, err);
}

enum v6d_undo
v6d_undo_rule(struct v6d_changes *c, const struct v6d_record *r)
{
	struct v6d_nlgate_rule x = { .pref = number(r->word[2]),
		.table = number(r->word[3]),
		.no_default = strcmp(r->word[4], "no-default") == 0,
		.proto =
		    r->n > 5 ? (uint8_t)number(r->word[5]) : V6D_CHANGE_PROTO };
	int err;

	if (!v6d_prefix_parse(r->word[1], &x.from))
		return v6d_change_stuck(c, "no prefix: %s", r->word[1]);
	err = v6d_nlgate_rule_del(c->ns_fd, &x);
	if (err == 0 || err == -ENOENT || err == -ESRCH)
		return V6D_UNDO_DONE;
	return v6d_change_stuck(c, "the rule from %s cannot be taken away: %s",
	    r->word[1], strerror(-err));
}
