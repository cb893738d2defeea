/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netlink_rules.c - policy routing rules of a namespace, in ip's words. */
#include "io/netlink.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include <netlink/attr.h>

#include "base/text.h"
#include "io/nlreq.h"

struct rules {
	int family;
	struct v6d_text t;
};

static int
fill(struct nl_msg *m, void *arg)
{
	const struct rules *r = arg;
	struct fib_rule_hdr h = { .family = (uint8_t)r->family };

	return nlmsg_append(m, &h, sizeof(h), NLMSG_ALIGNTO) < 0 ? -ENOMEM : 0;
}

static uint32_t
number(struct nlattr *const *t, int which)
{
	return t[which] && nla_len(t[which]) >= 4 ? nla_get_u32(t[which]) : 0;
}

/* Those that every kernel has: 0 local, 32766 main, 32767 default. */
static bool
is_kernels(const struct fib_rule_hdr *h, uint32_t preference, uint32_t table)
{
	if (h->src_len || h->dst_len || h->action != FR_ACT_TO_TBL)
		return false;
	return (preference == 0 && table == RT_TABLE_LOCAL) ||
	       (preference == 32766 && table == RT_TABLE_MAIN) ||
	       (preference == 32767 && table == RT_TABLE_DEFAULT);
}

static void
add_prefix(struct rules *r, const char *word, const struct nlattr *a,
    uint8_t len, uint8_t af)
{
	char text[V6D_ADDR_TEXT];
	struct v6d_addr addr;

	if (!a || nla_len(a) < (af == AF_INET ? 4 : 16))
		return;
	addr =
	    af == AF_INET ? v6d_addr_4(nla_data(a)) : v6d_addr_6(nla_data(a));
	v6d_text_add(&r->t, " %s %s/%u", word,
	    v6d_addr_text(&addr, text, sizeof(text)), len);
}

static void
add_name(struct rules *r, const char *word, const struct nlattr *a)
{
	if (a && nla_len(a) > 0)
		v6d_text_add(
		    &r->t, " %s %.15s", word, (const char *)nla_data(a));
}

static void
add_action(struct rules *r, const struct fib_rule_hdr *h, uint32_t table)
{
	switch (h->action) {
	case FR_ACT_TO_TBL:
		v6d_text_add(&r->t, " lookup %u", table);
		return;
	case FR_ACT_BLACKHOLE:
		v6d_text_add(&r->t, " blackhole");
		return;
	case FR_ACT_UNREACHABLE:
		v6d_text_add(&r->t, " unreachable");
		return;
	case FR_ACT_PROHIBIT:
		v6d_text_add(&r->t, " prohibit");
		return;
	}
	v6d_text_add(&r->t, " action %u", h->action);
}

static void
on_rule(const struct nlmsghdr *n, void *arg)
{
	struct rules *r = arg;
	struct nlattr *t[FRA_MAX + 1];
	struct fib_rule_hdr h;
	uint32_t table, preference;

	if (n->nlmsg_type != RTM_NEWRULE ||
	    nlmsg_parse((struct nlmsghdr *)(uintptr_t)n, sizeof(h), t, FRA_MAX,
		NULL) < 0)
		return;
	memcpy(&h, nlmsg_data(n), sizeof(h));
	if (h.family != AF_INET && h.family != AF_INET6)
		return;
	table = t[FRA_TABLE] ? number(t, FRA_TABLE) : h.table;
	preference = number(t, FRA_PRIORITY);
	if (is_kernels(&h, preference, table))
		return;
	v6d_text_add(&r->t, "%s%u:", r->t.len ? "; " : "", preference);
	if (h.flags & FIB_RULE_INVERT)
		v6d_text_add(&r->t, " not");
	if (!t[FRA_SRC] && !t[FRA_DST])
		v6d_text_add(&r->t, h.family == AF_INET ? " IPv4" : " IPv6");
	add_prefix(r, "from", t[FRA_SRC], h.src_len, h.family);
	add_prefix(r, "to", t[FRA_DST], h.dst_len, h.family);
	add_name(r, "iif", t[FRA_IIFNAME]);
	add_name(r, "oif", t[FRA_OIFNAME]);
	if (number(t, FRA_FWMARK))
		v6d_text_add(&r->t, " fwmark 0x%x", number(t, FRA_FWMARK));
	add_action(r, &h, table);
}

static int
to_af(int family)
{
	return family == 4 ? AF_INET : family == 6 ? AF_INET6 : AF_UNSPEC;
}

int
v6d_netlink_rules(int ns_fd, int family, char *text, size_t n, bool *ret_cut)
{
	struct rules r = { to_af(family), v6d_text_to(text, n) };
	struct v6d_nlreq q = { RTM_GETRULE, NLM_F_DUMP, fill, on_rule, &r };
	int err = v6d_nlreq_run(ns_fd, &q);

	if (err == 0)
		*ret_cut = r.t.cut;
	return err;
}
