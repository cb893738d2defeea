/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mirror_legacy.c - the host's ip6tables rules of the old kind (xtables, as
 * ip6tables-legacy writes). They are not mirrored, but told of. Only tables
 * that are there are asked: to ask for another would make it.
 */
#include "io/mirror_impl.h"

#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "io/netns.h"

#define NAMES "/proc/net/ip6_tables_names"
#define MAX_TABLE (16u << 20) /* bytes */

struct legacy {
	char tables[64]; /* those that do something */
	unsigned n; /* rules, and policies other than "accept" */
};

/* The verdict of a chain's policy stands in its last entry. */
static bool
accepts(const struct ip6t_get_entries *e, unsigned at)
{
	const uint8_t *p = (const uint8_t *)e->entrytable + at;
	struct xt_standard_target t;
	struct ip6t_entry x;

	if (at + sizeof(x) > e->size)
		return true;
	memcpy(&x, p, sizeof(x));
	if (at + x.target_offset + sizeof(t) > e->size)
		return true;
	memcpy(&t, p + x.target_offset, sizeof(t));
	return t.verdict == -NF_ACCEPT - 1;
}

static unsigned
count_policies(int fd, const struct ip6t_getinfo *info)
{
	socklen_t len =
	    (socklen_t)(sizeof(struct ip6t_get_entries) + info->size);
	struct ip6t_get_entries *e =
	    info->size <= MAX_TABLE ? calloc(1, len) : NULL;
	unsigned n = 0;

	if (!e)
		return 0;
	memcpy(e->name, info->name, sizeof(e->name));
	e->size = info->size;
	if (getsockopt(fd, IPPROTO_IPV6, IP6T_SO_GET_ENTRIES, e, &len) == 0)
		for (unsigned h = 0; h < NF_INET_NUMHOOKS; h++)
			if (info->valid_hooks >> h & 1)
				n += !accepts(e, info->underflow[h]);
	free(e);
	return n;
}

/* A table without rules has one entry for each hook, and one at its end. */
static unsigned
count_rules(int fd, const char *name)
{
	struct ip6t_getinfo info = { 0 };
	socklen_t len = sizeof(info);
	unsigned n;

	memccpy(info.name, name, '\0', sizeof(info.name) - 1);
	if (getsockopt(fd, IPPROTO_IPV6, IP6T_SO_GET_INFO, &info, &len) < 0)
		return 0;
	n = info.num_entries - 1 -
	    (unsigned)__builtin_popcount(info.valid_hooks);
	return n + count_policies(fd, &info);
}

static int
look(void *arg)
{
	struct legacy *l = arg;
	struct v6d_text t = v6d_text_to(l->tables, sizeof(l->tables));
	char name[XT_TABLE_MAXNAMELEN + 1];
	FILE *f = fopen(NAMES, "re");
	int fd;

	if (!f)
		return -errno;
	fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	while (fd >= 0 && fgets(name, sizeof(name), f)) {
		unsigned n;

		name[strcspn(name, "\n")] = '\0';
		n = count_rules(fd, name);
		if (n > 0)
			v6d_text_add(&t, "%s%s", l->n > 0 ? ", " : "", name);
		l->n += n;
	}
	fclose(f);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

void
v6d_mirror_legacy(struct v6d_mirroring *x)
{
	struct legacy l = { .n = 0 };
	int err = v6d_netns_run(x->host_ns, look, &l);

	if (err == -EACCES)
		v6d_mirror_gap(x->m, V6D_MIRROR_FILTER, 1,
		    "rules of ip6tables-legacy: only root may look for them");
	else if (err < 0 && err != -ENOENT) /* ENOENT: this kernel has none */
		v6d_mirror_gap(x->m, V6D_MIRROR_FILTER, 1,
		    "rules of ip6tables-legacy: %s", strerror(-err));
	else if (l.n > 0)
		v6d_mirror_gap(x->m, V6D_MIRROR_FILTER, l.n,
		    "%u rule%s of ip6tables-legacy (%s): of the old kind", l.n,
		    l.n == 1 ? "" : "s", l.tables);
}
