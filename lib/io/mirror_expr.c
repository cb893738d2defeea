/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mirror_expr.c - the expressions of an nftables rule. A dump says things of
 * them that the kernel refuses in a request; those are hidden.
 */
#include "io/mirror_impl.h"

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <string.h>

#define HEADER sizeof(struct nfgenmsg)

struct expr {
	const char *name;
	const struct nlattr *data; /* NULL: it has none */
};

/* The first attribute of that type among a's. */
static const struct nlattr *
within(const struct nlattr *a, uint16_t type)
{
	const struct nlattr *n = NULL;

	while (a &&
	       (n = v6d_nlattr_next(v6d_nlattr_data(a), v6d_nlattr_len(a), n)))
		if ((n->nla_type & NLA_TYPE_MASK) == type)
			return n;
	return NULL;
}

/* The next element of the list, behind e (NULL: the first), or NULL. */
static const struct nlattr *
next_expr(const struct nlmsghdr *rule, const struct nlattr *e, struct expr *ret)
{
	const struct nlattr *name,
	    *list = v6d_nlattr_of(rule, HEADER, NFTA_RULE_EXPRESSIONS);

	if (!list)
		return NULL;
	e = v6d_nlattr_next(v6d_nlattr_data(list), v6d_nlattr_len(list), e);
	name = within(e, NFTA_EXPR_NAME);
	ret->name =
	    name && v6d_nlattr_len(name) > 0 &&
		    memchr(v6d_nlattr_data(name), '\0', v6d_nlattr_len(name))
		? v6d_nlattr_data(name)
		: "";
	ret->data = within(e, NFTA_EXPR_DATA);
	return e;
}

bool
v6d_mirror_has_expr(const struct nlmsghdr *rule, const char *name)
{
	const struct nlattr *e = NULL;
	struct expr x;

	while ((e = next_expr(rule, e, &x)))
		if (strcmp(x.name, name) == 0)
			return true;
	return false;
}

static bool
is_zero(const struct nlattr *a)
{
	const uint8_t *p = v6d_nlattr_data(a);

	for (size_t i = 0; i < v6d_nlattr_len(a); i++)
		if (p[i] != 0)
			return false;
	return true;
}

/* Type 0 is one that the kernel passes over. */
static void
hide(const struct nlattr *a)
{
	uint16_t none = 0;

	if (a)
		memcpy(
		    (uint8_t *)(uintptr_t)a + offsetof(struct nlattr, nla_type),
		    &none, sizeof(none));
}

static void
hide_zero(const struct expr *x, uint16_t type)
{
	const struct nlattr *a = within(x->data, type);

	if (a && is_zero(a))
		hide(a);
}

/* "tcp option set" may have no flags, "reset tcp option" no place either. */
static void
mend_exthdr(const struct expr *x)
{
	if (within(x->data, NFTA_EXTHDR_DREG))
		return;
	hide(within(x->data, NFTA_EXTHDR_FLAGS));
	if (within(x->data, NFTA_EXTHDR_SREG))
		return;
	hide(within(x->data, NFTA_EXTHDR_OFFSET));
	hide(within(x->data, NFTA_EXTHDR_LEN));
}

void
v6d_mirror_mend(struct nlmsghdr *rule)
{
	const struct nlattr *e = NULL;
	struct expr x;

	while ((e = next_expr(rule, e, &x))) {
		if (strcmp(x.name, "exthdr") == 0)
			mend_exthdr(&x);
		else if (strcmp(x.name, "dynset") == 0)
			hide_zero(&x, NFTA_DYNSET_TIMEOUT);
		else if (strcmp(x.name, "osf") == 0)
			hide_zero(&x, NFTA_OSF_FLAGS);
	}
}
