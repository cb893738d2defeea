/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mirror_filter.c - the host's nftables ruleset (iptables-nft writes such,
 * too), as the kernel tells it, in one transaction. What the kernel refuses
 * is taken out and the rest tried again. Families ip, arp, bridge and netdev
 * see no IPv6 of the tunnel and are not read.
 */
#include "io/mirror_impl.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/wire.h"
#include "io/netns.h"

#define BIT(n) (1ULL << (n))
#define ROUNDS 12
#define HEADER sizeof(struct nfgenmsg)
#define TYPE(t) (NFNL_SUBSYS_NFTABLES << 8 | (t))
#define MAX_BYTES (4u << 20)

/* The order in which they can be made; what of each is sent on. */
enum kind { TABLES, OBJECTS, SETS, CHAINS, ELEMENTS, RULES, N_KINDS };

static const struct {
	int get, new, flags;
	uint64_t keep;
} kinds[N_KINDS] = {
	[TABLES] = { NFT_MSG_GETTABLE, NFT_MSG_NEWTABLE, 0,
	    BIT(NFTA_TABLE_NAME) | BIT(NFTA_TABLE_USERDATA) },
	[OBJECTS] = { NFT_MSG_GETOBJ, NFT_MSG_NEWOBJ, 0,
	    BIT(NFTA_OBJ_TABLE) | BIT(NFTA_OBJ_NAME) | BIT(NFTA_OBJ_TYPE) |
		BIT(NFTA_OBJ_DATA) },
	[SETS] = { NFT_MSG_GETSET, NFT_MSG_NEWSET, 0,
	    BIT(NFTA_SET_TABLE) | BIT(NFTA_SET_NAME) | BIT(NFTA_SET_FLAGS) |
		BIT(NFTA_SET_KEY_TYPE) | BIT(NFTA_SET_KEY_LEN) |
		BIT(NFTA_SET_DATA_TYPE) | BIT(NFTA_SET_DATA_LEN) |
		BIT(NFTA_SET_POLICY) | BIT(NFTA_SET_DESC) |
		BIT(NFTA_SET_TIMEOUT) | BIT(NFTA_SET_GC_INTERVAL) |
		BIT(NFTA_SET_USERDATA) | BIT(NFTA_SET_OBJ_TYPE) |
		BIT(NFTA_SET_EXPR) | BIT(NFTA_SET_EXPRESSIONS) },
	[CHAINS] = { NFT_MSG_GETCHAIN, NFT_MSG_NEWCHAIN, 0,
	    BIT(NFTA_CHAIN_TABLE) | BIT(NFTA_CHAIN_NAME) |
		BIT(NFTA_CHAIN_HOOK) | BIT(NFTA_CHAIN_POLICY) |
		BIT(NFTA_CHAIN_TYPE) | BIT(NFTA_CHAIN_FLAGS) },
	[ELEMENTS] = { NFT_MSG_GETSETELEM, NFT_MSG_NEWSETELEM, 0,
	    BIT(NFTA_SET_ELEM_LIST_TABLE) | BIT(NFTA_SET_ELEM_LIST_SET) |
		BIT(NFTA_SET_ELEM_LIST_ELEMENTS) },
	[RULES] = { NFT_MSG_GETRULE, NFT_MSG_NEWRULE, NLM_F_APPEND,
	    BIT(NFTA_RULE_TABLE) | BIT(NFTA_RULE_CHAIN) |
		BIT(NFTA_RULE_EXPRESSIONS) | BIT(NFTA_RULE_USERDATA) },
};

struct filter {
	int from, to;
	struct v6d_nlstore all; /* what shall be made, in order */
	bool *out; /* a message of `all` is left out; by number */
	unsigned n_sets, n_rules, out_rules, out_other;
	int first; /* why the first was left out */
};

static uint8_t
family(const struct nlmsghdr *h)
{
	struct nfgenmsg g;

	memcpy(&g, NLMSG_DATA(h), sizeof(g));
	return g.nfgen_family;
}

static bool
sees_ipv6(const struct nlmsghdr *h)
{
	return family(h) == NFPROTO_INET || family(h) == NFPROTO_IPV6;
}

static bool
is_kind(const struct nlmsghdr *h, enum kind k)
{
	return h->nlmsg_type == TYPE(kinds[k].new);
}

/* ---- what is read ---- */

static int
add(struct filter *f, const struct nlmsghdr *h, enum kind k)
{
	struct nlmsghdr *new;
	uint32_t id;
	size_t at;
	int err = v6d_nlstore_copy(&f->all, h, HEADER, kinds[k].keep, &at);

	if (err == 0 && k == SETS) {
		id = htonl(++f->n_sets);
		err =
		    v6d_nlstore_put(&f->all, at, NFTA_SET_ID, &id, sizeof(id));
	}
	if (err < 0)
		return err;
	new = v6d_nlstore_at(&f->all, at);
	new->nlmsg_type = (uint16_t)TYPE(kinds[k].new);
	new->nlmsg_flags =
	    (uint16_t)(NLM_F_REQUEST | NLM_F_CREATE | kinds[k].flags);
	/* Later in a dump than its first part, the header holds a number. */
	memset((uint8_t *)NLMSG_DATA(new) + 2, 0, 2);
	if (k == RULES) {
		f->n_rules++;
		v6d_mirror_mend(new);
	}
	return 0;
}

static int
add_all(struct filter *f, const struct v6d_nlstore *s, enum kind k)
{
	struct nlmsghdr *h;
	size_t at;
	int err = 0;

	V6D_NLSTORE_EACH(s, at, h)
	if (err == 0 && h->nlmsg_type == TYPE(kinds[k].new) && sees_ipv6(h))
		err = add(f, h, k);
	return err;
}

static int
read_kind(struct filter *f, enum kind k)
{
	struct nfgenmsg g = { .nfgen_family = NFPROTO_UNSPEC };
	struct v6d_nlstore s = { .max = MAX_BYTES };
	int err =
	    v6d_nlcopy_dump(f->from, &g, sizeof(g), TYPE(kinds[k].get), &s);

	if (err == 0)
		err = add_all(f, &s, k);
	v6d_nlstore_free(&s);
	return err;
}

/* The elements are asked for set by set. */
static int
read_elements_of(struct filter *f, const struct nlmsghdr *set)
{
	struct v6d_nlstore q = { 0 }, s = { .max = MAX_BYTES };
	const struct nlattr *table = v6d_nlattr_of(set, HEADER, NFTA_SET_TABLE);
	const struct nlattr *name = v6d_nlattr_of(set, HEADER, NFTA_SET_NAME);
	size_t at;
	int err = v6d_nlstore_open(&q, 0, 0, NLMSG_DATA(set), HEADER, &at);

	if (err == 0)
		err = v6d_nlstore_put(&q, at, NFTA_SET_ELEM_LIST_TABLE,
		    v6d_nlattr_data(table), v6d_nlattr_len(table));
	if (err == 0)
		err = v6d_nlstore_put(&q, at, NFTA_SET_ELEM_LIST_SET,
		    v6d_nlattr_data(name), v6d_nlattr_len(name));
	if (err == 0)
		err = v6d_nlcopy_dump(f->from, q.buf + NLMSG_HDRLEN,
		    q.len - NLMSG_HDRLEN, TYPE(NFT_MSG_GETSETELEM), &s);
	if (err == 0)
		err = add_all(f, &s, ELEMENTS);
	v6d_nlstore_free(&q);
	v6d_nlstore_free(&s);
	return err;
}

static int
read_elements(struct filter *f)
{
	struct nfgenmsg g = { .nfgen_family = NFPROTO_UNSPEC };
	struct v6d_nlstore sets = { .max = MAX_BYTES };
	struct nlmsghdr *h;
	size_t at;
	int err = 0;

	if (f->n_sets == 0)
		return 0;
	err = v6d_nlcopy_dump(
	    f->from, &g, sizeof(g), TYPE(NFT_MSG_GETSET), &sets);
	V6D_NLSTORE_EACH(&sets, at, h)
	if (err == 0 && is_kind(h, SETS) && sees_ipv6(h) &&
	    v6d_nlattr_of(h, HEADER, NFTA_SET_TABLE) &&
	    v6d_nlattr_of(h, HEADER, NFTA_SET_NAME))
		err = read_elements_of(f, h);
	v6d_nlstore_free(&sets);
	return err;
}

static int
read_all(struct filter *f)
{
	int err = read_kind(f, TABLES);

	for (enum kind k = OBJECTS; err == 0 && f->all.n && k < N_KINDS; k++)
		err = k == ELEMENTS ? read_elements(f) : read_kind(f, k);
	return err;
}

/* ---- what is written ---- */

static int
bracket(struct v6d_nlstore *b, int type)
{
	struct nfgenmsg g = { .nfgen_family = NFPROTO_UNSPEC,
		.version = NFNETLINK_V0,
		.res_id = htons(NFNL_SUBSYS_NFTABLES) };
	size_t at;

	return v6d_nlstore_open(b, type, NLM_F_REQUEST, &g, sizeof(g), &at);
}

/* The sequence number is the message's number in `all`, from 1 on. */
static int
make_batch(const struct filter *f, struct v6d_nlstore *b)
{
	struct nlmsghdr *h;
	unsigned i = 0;
	size_t at, to;
	int err = bracket(b, NFNL_MSG_BATCH_BEGIN);

	V6D_NLSTORE_EACH(&f->all, at, h)
	{
		if (f->out[i++] || err < 0)
			continue;
		err = v6d_nlstore_copy(b, h, HEADER, ~0ULL, &to);
		if (err < 0)
			return err;
		v6d_nlstore_at(b, to)->nlmsg_flags = h->nlmsg_flags;
		v6d_nlstore_at(b, to)->nlmsg_seq = i;
	}
	return err < 0 ? err : bracket(b, NFNL_MSG_BATCH_END);
}

static struct nlmsghdr *
number(const struct filter *f, unsigned i)
{
	struct nlmsghdr *h;
	size_t at;

	V6D_NLSTORE_EACH(&f->all, at, h)
	if (i-- == 0)
		return h;
	return NULL;
}

static bool
has_bytes(const struct nlmsghdr *h, const struct nlattr *a)
{
	return memmem(h, h->nlmsg_len, v6d_nlattr_data(a), v6d_nlattr_len(a));
}

static void leave_out(struct filter *f, unsigned i, int err);

static bool
is_anonymous(const struct nlmsghdr *set)
{
	return (ntohl(v6d_nlattr_u32(
		    v6d_nlattr_of(set, HEADER, NFTA_SET_FLAGS))) &
		   NFT_SET_ANONYMOUS) != 0;
}

static bool
same(const struct nlattr *a, const struct nlattr *b)
{
	return a && b && v6d_nlattr_len(a) == v6d_nlattr_len(b) &&
	       memcmp(v6d_nlattr_data(a), v6d_nlattr_data(b),
		   v6d_nlattr_len(a)) == 0;
}

static void
leave_out_elements_of(struct filter *f, const struct nlmsghdr *set)
{
	struct nlmsghdr *h;
	unsigned i = 0;
	size_t at;

	V6D_NLSTORE_EACH(&f->all, at, h)
	{
		if (is_kind(h, ELEMENTS) && family(h) == family(set) &&
		    same(v6d_nlattr_of(h, HEADER, NFTA_SET_ELEM_LIST_TABLE),
			v6d_nlattr_of(set, HEADER, NFTA_SET_TABLE)) &&
		    same(v6d_nlattr_of(h, HEADER, NFTA_SET_ELEM_LIST_SET),
			v6d_nlattr_of(set, HEADER, NFTA_SET_NAME)))
			leave_out(f, i, 0);
		i++;
	}
}

/* An anonymous set belongs to one rule, and must go with it. */
static void
leave_out_sets_of(struct filter *f, const struct nlmsghdr *rule)
{
	struct nlmsghdr *h;
	unsigned i = 0;
	size_t at;

	V6D_NLSTORE_EACH(&f->all, at, h)
	{
		const struct nlattr *name =
		    v6d_nlattr_of(h, HEADER, NFTA_SET_NAME);

		if (is_kind(h, SETS) && is_anonymous(h) && name &&
		    family(h) == family(rule) && has_bytes(rule, name) &&
		    same(v6d_nlattr_of(h, HEADER, NFTA_SET_TABLE),
			v6d_nlattr_of(rule, HEADER, NFTA_RULE_TABLE))) {
			leave_out(f, i, 0);
			leave_out_elements_of(f, h);
		}
		i++;
	}
}

static void
leave_out(struct filter *f, unsigned i, int err)
{
	const struct nlmsghdr *h;

	if (i >= f->all.n || f->out[i])
		return;
	f->out[i] = true;
	h = number(f, i);
	if (err != 0 && f->first == 0)
		f->first = err;
	if (is_kind(h, RULES)) {
		f->out_rules++;
		leave_out_sets_of(f, h);
	} else if (err != 0) {
		f->out_other++;
	}
}

/*
 * A packet for a program of the host that queues them would find no program
 * here, and be dropped: such a rule would lie.
 */
static void
leave_out_queues(struct filter *f)
{
	struct nlmsghdr *h;
	unsigned i = 0;
	size_t at;

	V6D_NLSTORE_EACH(&f->all, at, h)
	{
		if (is_kind(h, RULES) && v6d_mirror_has_expr(h, "queue"))
			leave_out(f, i, -EOPNOTSUPP);
		i++;
	}
}

/*
 * The kernel has answered when send returns. 1: something was refused and
 * left out; -errno: the whole was refused.
 */
static int
read_errors(struct filter *f)
{
	_Alignas(16) uint8_t buf[32768];
	struct nlmsgerr e;
	int again = 0;
	ssize_t n;

	while ((n = recv(f->to, buf, sizeof(buf), MSG_DONTWAIT)) > 0) {
		struct nlmsghdr *h = (struct nlmsghdr *)(void *)buf;

		if (!NLMSG_OK(h, (unsigned)n) || h->nlmsg_type != NLMSG_ERROR ||
		    h->nlmsg_len < NLMSG_LENGTH(sizeof(e)))
			return -EBADMSG;
		memcpy(&e, NLMSG_DATA(h), sizeof(e));
		if (e.error == 0)
			continue;
		if (e.msg.nlmsg_seq == 0 || e.msg.nlmsg_seq > f->all.n) {
			if (!again)
				return e.error;
			continue;
		}
		leave_out(f, e.msg.nlmsg_seq - 1, e.error);
		again = 1;
	}
	return again;
}

static int
try_once(struct filter *f)
{
	struct v6d_nlstore b = { .max = 2 * MAX_BYTES };
	int err = make_batch(f, &b), room = (int)b.len * 2;

	if (err == 0) {
		setsockopt(
		    f->to, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room));
		if (send(f->to, b.buf, b.len, 0) < 0)
			err = -errno;
	}
	v6d_nlstore_free(&b);
	return err < 0 ? err : read_errors(f);
}

static int
write_all(struct filter *f)
{
	int err = 1, one = 1, room = 2 << 20;

	f->out = calloc(f->all.n, sizeof(*f->out));
	if (!f->out)
		return -ENOMEM;
	setsockopt(f->to, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	setsockopt(f->to, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	leave_out_queues(f);
	for (unsigned i = 0; err == 1 && i < ROUNDS; i++)
		err = try_once(f);
	return err == 1 ? -ELOOP : err;
}

static void
conclude(struct v6d_mirror *m, const struct filter *f, int err)
{
	unsigned n = f->out_rules + f->out_other;

	if (err < 0) {
		v6d_mirror_gap(m, V6D_MIRROR_FILTER, f->all.n ? f->all.n : 1,
		    "the packet filter: %s",
		    err == -EPERM && f->all.n == 0
			? "only root or CAP_NET_ADMIN may read it"
			: strerror(-err));
		return;
	}
	m->n_filter = f->n_rules - f->out_rules;
	if (n > 0)
		v6d_mirror_gap(m, V6D_MIRROR_FILTER, n,
		    "%u of %u rules and %u other parts of the packet filter: "
		    "%s",
		    f->out_rules, f->n_rules, f->out_other,
		    strerror(-f->first));
}

void
v6d_mirror_filter(struct v6d_mirroring *x)
{
	struct filter f = { .from = -1, .to = -1, .all.max = MAX_BYTES };
	int err = v6d_netns_socket(
	    x->host_ns, AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER, &f.from);

	if (err == 0)
		err = v6d_netns_socket(x->private_ns, AF_NETLINK, SOCK_RAW,
		    NETLINK_NETFILTER, &f.to);
	if (err == -EPROTONOSUPPORT) /* a kernel without netfilter */
		err = 0;
	else if (err == 0)
		err = read_all(&f);
	if (err == 0 && f.all.n > 0)
		err = write_all(&f);
	conclude(x->m, &f, err);
	if (f.from >= 0)
		close(f.from);
	if (f.to >= 0)
		close(f.to);
	v6d_nlstore_free(&f.all);
	free(f.out);
}
