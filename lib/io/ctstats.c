/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ctstats.c - statistics of connection tracking: /proc/net/stat, or where a
 * kernel is built without it the same by netlink (nfnetlink_conntrack.h).
 */
#include "io/ctstats.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/netns.h"
#include "io/nlcopy.h"

#define PROC "/proc/thread-self/net/stat/nf_conntrack"
#define MODULE "/sys/module/nf_conntrack_netlink"
#define TEXT_MAX (256u << 10) /* bytes: some 1500 processors */

/* ---- /proc ---- */

/* The column's place in the first line, or -1. */
static int
column_of(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (int i = 0; *text && *text != '\n'; i++) {
		size_t len;

		text += strspn(text, " ");
		len = strcspn(text, " \n");
		if (len == n && memcmp(text, name, n) == 0)
			return i;
		text += len;
	}
	return -1;
}

/* The sum of a column of hexadecimal numbers. */
static uint32_t
sum(const char *text, int column)
{
	uint32_t all = 0;

	while ((text = strchr(text, '\n')) != NULL) {
		text++;
		for (int i = 0; *text && *text != '\n'; i++) {
			text += strspn(text, " ");
			if (i == column)
				all += (uint32_t)strtoul(text, NULL, 16);
			text += strcspn(text, " \n");
		}
	}
	return all;
}

int
v6d_ctstats_parse(const char *text, struct v6d_ctstats *ret)
{
	int drop = column_of(text, "drop");
	int insert_failed = column_of(text, "insert_failed");
	int early_drop = column_of(text, "early_drop");

	if (drop < 0 || insert_failed < 0 || early_drop < 0)
		return -EINVAL;
	ret->drop = sum(text, drop);
	ret->insert_failed = sum(text, insert_failed);
	ret->early_drop = sum(text, early_drop);
	return 0;
}

static int
read_proc(void *arg)
{
	char *text = malloc(TEXT_MAX);
	ssize_t got = 0;
	size_t n = 0;
	int fd, err;

	if (!text)
		return -ENOMEM;
	fd = open(PROC, O_RDONLY | O_CLOEXEC);
	err = fd < 0 ? -errno : 0;
	while (fd >= 0 && n < TEXT_MAX - 1 &&
	       (got = read(fd, text + n, TEXT_MAX - 1 - n)) > 0)
		n += (size_t)got;
	text[n] = '\0';
	if (fd >= 0) {
		err = got < 0 ? -EIO : v6d_ctstats_parse(text, arg);
		close(fd);
	}
	free(text);
	return err;
}

/* ---- netlink ---- */

static uint32_t
number(const struct nlmsghdr *h, uint16_t type)
{
	const struct nlattr *a =
	    v6d_nlattr_of(h, sizeof(struct nfgenmsg), type);

	return ntohl(v6d_nlattr_u32(a));
}

static int
read_netlink(int ns_fd, struct v6d_ctstats *ret)
{
	struct nfgenmsg request = { .nfgen_family = AF_UNSPEC,
		.version = NFNETLINK_V0 };
	struct v6d_nlstore s = { 0 };
	struct v6d_ctstats all = { 0 };
	struct nlmsghdr *h;
	size_t at;
	int fd, err;

	/* To ask where it is not there would load it. */
	if (access(MODULE, F_OK) < 0)
		return -ENOENT;
	err = v6d_netns_socket(
	    ns_fd, AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER, &fd);
	if (err < 0)
		return err;
	err = v6d_nlcopy_dump(fd, &request, sizeof(request),
	    NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET_STATS_CPU, &s);
	close(fd);
	V6D_NLSTORE_EACH(&s, at, h)
	{
		all.drop += number(h, CTA_STATS_DROP);
		all.insert_failed += number(h, CTA_STATS_INSERT_FAILED);
		all.early_drop += number(h, CTA_STATS_EARLY_DROP);
	}
	if (err == 0 && s.n == 0)
		err = -ENOENT;
	if (err == 0)
		*ret = all;
	v6d_nlstore_free(&s);
	return err;
}

int
v6d_ctstats_read(int ns_fd, struct v6d_ctstats *ret)
{
	struct v6d_ctstats s = { 0 };
	int err = v6d_netns_run(ns_fd, read_proc, &s);

	if (err < 0)
		err = read_netlink(ns_fd, &s);
	if (err == 0)
		*ret = s;
	return err;
}

struct v6d_ctstats_grew
v6d_ctstats_compare(
    const struct v6d_ctstats *before, const struct v6d_ctstats *after)
{
	uint32_t drop = after->drop - before->drop;
	struct v6d_ctstats_grew g = {
		.failed = after->insert_failed - before->insert_failed,
		.evicted = after->early_drop - before->early_drop,
	};

	/* What failed to be inserted is dropped, too, and counted twice. */
	g.refused = drop > g.failed ? drop - g.failed : 0;
	return g;
}
