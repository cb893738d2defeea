/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror_route.c - the host's IPv6 addresses, routes, rules, labels. */
#include "io/mirror_impl.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_addrlabel.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#define ALL (~0ULL)
#define BIT(n) (1ULL << (n))

/* How many of a kind were left out, and why the first was. */
struct tally {
	unsigned done, failed;
	int first;
};

static void
count(struct tally *t, int err)
{
	if (err == 0 || err == -EEXIST)
		t->done++;
	else if (t->failed++ == 0)
		t->first = err;
}

static void
conclude(struct v6d_mirroring *x, const char *what, int err,
    const struct tally *t, unsigned *ret_n)
{
	*ret_n = t->done;
	if (err < 0)
		v6d_mirror_gap(x->m, V6D_MIRROR_PATH, 1, "the %s: %s", what,
		    strerror(-err));
	else if (t->failed)
		v6d_mirror_gap(x->m, V6D_MIRROR_PATH, t->failed,
		    "%u of the %s: %s", t->failed, what, strerror(-t->first));
}

/* ---- addresses ---- */

/*
 * The host checked it for duplicates already, and its routes are copied too:
 * neither is done again. An address that failed that check is not used there
 * and is not needed here.
 */
static int
copy_addr(struct v6d_mirroring *x, const struct nlmsghdr *h)
{
	struct v6d_nlstore s = { 0 };
	const struct nlattr *f =
	    v6d_nlattr_of(h, sizeof(struct ifaddrmsg), IFA_FLAGS);
	uint32_t flags = IFA_F_NODAD | IFA_F_NOPREFIXROUTE;
	struct ifaddrmsg i;
	size_t at;
	int err;

	memcpy(&i, NLMSG_DATA(h), sizeof(i));
	flags |= (f ? v6d_nlattr_u32(f) : i.ifa_flags) & IFA_F_HOMEADDRESS;
	err = v6d_nlstore_copy(&s, h, sizeof(i), ALL & ~BIT(IFA_FLAGS), &at);
	if (err == 0)
		err = v6d_nlstore_put(&s, at, IFA_FLAGS, &flags, sizeof(flags));
	if (err == 0)
		err = v6d_nlcopy_send(x->to, v6d_nlstore_at(&s, at),
		    RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
	v6d_nlstore_free(&s);
	return err;
}

/*
 * The kernel puts a new one before those it has, and takes the first of
 * several that are equally good as a source: the order counts.
 */
void
v6d_mirror_addrs(struct v6d_mirroring *x)
{
	struct ifaddrmsg q = { .ifa_family = AF_INET6 };
	struct v6d_nlstore all = { 0 };
	struct tally t = { 0 };
	unsigned temporary = 0;
	struct nlmsghdr *h;
	size_t at;
	int err = v6d_nlcopy_dump(x->from, &q, sizeof(q), RTM_GETADDR, &all);

	if (err == 0)
		err = v6d_nlstore_reverse(&all);
	V6D_NLSTORE_EACH(&all, at, h)
	{
		struct ifaddrmsg i;

		memcpy(&i, NLMSG_DATA(h), sizeof(i));
		if (i.ifa_scope == RT_SCOPE_HOST ||
		    (i.ifa_flags & IFA_F_DADFAILED))
			continue;
		temporary += (i.ifa_flags & IFA_F_TEMPORARY) != 0;
		count(&t, copy_addr(x, h));
	}
	conclude(x, "addresses", err, &t, &x->m->n_addrs);
	if (temporary)
		v6d_mirror_gap(x->m, V6D_MIRROR_PATH, temporary,
		    "%u temporary address%s: lasting in there", temporary,
		    temporary == 1 ? "" : "es");
	v6d_nlstore_free(&all);
}

/* ---- routes ---- */

/* What the kernel makes by itself for each address and interface. */
static bool
comes_by_itself(const struct rtmsg *r)
{
	return (r->rtm_flags & RTM_F_CLONED) ||
	       (r->rtm_protocol == RTPROT_KERNEL &&
		   (r->rtm_type == RTN_LOCAL || r->rtm_type == RTN_ANYCAST ||
		       r->rtm_type == RTN_MULTICAST));
}

/* Not kept: its age, and a next hop object, whose content stands beside it. */
static int
copy_route(struct v6d_mirroring *x, const struct nlmsghdr *h)
{
	struct v6d_nlstore s = { 0 };
	struct rtmsg r;
	size_t at;
	int err = v6d_nlstore_copy(&s, h, sizeof(r),
	    ALL & ~(BIT(RTA_CACHEINFO) | BIT(RTA_NH_ID)), &at);

	if (err == 0) {
		uint8_t *p = NLMSG_DATA(v6d_nlstore_at(&s, at));

		memcpy(&r, p, sizeof(r));
		r.rtm_flags &= RTNH_F_ONLINK;
		memcpy(p, &r, sizeof(r));
		err = v6d_nlcopy_send(
		    x->to, v6d_nlstore_at(&s, at), RTM_NEWROUTE, NLM_F_CREATE);
	}
	v6d_nlstore_free(&s);
	return err;
}

/* A gateway must be on a link that has a route already: those come last. */
static void
some_routes(struct v6d_mirroring *x, const struct v6d_nlstore *all,
    bool with_gateway, struct tally *t)
{
	struct nlmsghdr *h;
	size_t at;

	V6D_NLSTORE_EACH(all, at, h)
	{
		struct rtmsg r;
		bool gateway =
		    v6d_nlattr_of(h, sizeof(r), RTA_GATEWAY) != NULL ||
		    v6d_nlattr_of(h, sizeof(r), RTA_MULTIPATH) != NULL;

		memcpy(&r, NLMSG_DATA(h), sizeof(r));
		if (gateway == with_gateway && !comes_by_itself(&r))
			count(t, copy_route(x, h));
	}
}

void
v6d_mirror_routes(struct v6d_mirroring *x)
{
	struct rtmsg q = { .rtm_family = AF_INET6 };
	struct v6d_nlstore all = { 0 };
	struct tally t = { 0 };
	int err = v6d_nlcopy_dump(x->from, &q, sizeof(q), RTM_GETROUTE, &all);

	some_routes(x, &all, false, &t);
	some_routes(x, &all, true, &t);
	conclude(x, "routes", err, &t, &x->m->n_routes);
	v6d_nlstore_free(&all);
}

/* ---- lists that a new namespace has already: rules, labels ---- */

struct list {
	const char *what;
	const void *request;
	size_t len;
	int get, new, del;
	bool reversed; /* a new one comes before its equals, not behind */
};

static void
replace(struct v6d_mirroring *x, const struct list *l,
    const struct v6d_nlstore *ours, const struct v6d_nlstore *theirs,
    struct tally *t)
{
	struct nlmsghdr *h;
	size_t at;

	V6D_NLSTORE_EACH(ours, at, h)
	v6d_nlcopy_send(x->to, h, l->del, 0);
	V6D_NLSTORE_EACH(theirs, at, h)
	count(t, v6d_nlcopy_send(x->to, h, l->new, NLM_F_CREATE | NLM_F_EXCL));
}

/* Mostly they are alike, and nothing is done. */
static void
copy_list(struct v6d_mirroring *x, const struct list *l, unsigned *ret_n)
{
	struct v6d_nlstore ours = { 0 }, theirs = { 0 };
	struct tally t = { 0 };
	bool alike;
	int err = v6d_nlcopy_dump(x->from, l->request, l->len, l->get, &theirs);

	if (err == 0)
		err = v6d_nlcopy_dump(x->to, l->request, l->len, l->get, &ours);
	alike = ours.len == theirs.len &&
		memcmp(ours.buf, theirs.buf, ours.len) == 0;
	if (err == 0 && l->reversed && !alike)
		err = v6d_nlstore_reverse(&theirs);
	if (err == 0 && alike)
		t.done = theirs.n;
	else if (err == 0)
		replace(x, l, &ours, &theirs, &t);
	conclude(x, l->what, err, &t, ret_n);
	v6d_nlstore_free(&ours);
	v6d_nlstore_free(&theirs);
}

void
v6d_mirror_rules(struct v6d_mirroring *x)
{
	struct fib_rule_hdr q = { .family = AF_INET6 };

	copy_list(x,
	    &(struct list){ "policy rules", &q, sizeof(q), RTM_GETRULE,
		RTM_NEWRULE, RTM_DELRULE, false },
	    &x->m->n_rules);
}

void
v6d_mirror_labels(struct v6d_mirroring *x)
{
	struct ifaddrlblmsg q = { .ifal_family = AF_INET6 };

	copy_list(x,
	    &(struct list){ "address labels", &q, sizeof(q), RTM_GETADDRLABEL,
		RTM_NEWADDRLABEL, RTM_DELADDRLABEL, true },
	    &x->m->n_labels);
}
