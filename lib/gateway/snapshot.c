/* SPDX-License-Identifier: GPL-2.0-or-later */
/* snapshot.c - what a namespace is like, as text that can be compared. */
#include "gateway/snapshot.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/netns.h"
#include "io/nft.h"
#include "io/nlcopy.h"

#define CONF "/proc/sys/net/ipv6/conf"

/* One message in hexadecimal, without what passes by itself. */
static void
print_message(FILE *f, const struct nlmsghdr *h, size_t header, uint64_t keep)
{
	const uint8_t *p = NLMSG_DATA(h);
	const struct nlattr *a = NULL;

	fprintf(f, "message %u ", h->nlmsg_type);
	for (size_t i = 0; i < header; i++)
		fprintf(f, "%02x", p[i]);
	while ((a = v6d_nlattr_next(
		    p + header, h->nlmsg_len - NLMSG_HDRLEN - header, a))) {
		const uint8_t *v = v6d_nlattr_data(a);
		uint16_t type = a->nla_type & 0x3fff; /* no flags */

		if (type > 63 || !(keep >> type & 1))
			continue;
		fprintf(f, " %u=", type);
		for (size_t i = 0; i < v6d_nlattr_len(a); i++)
			fprintf(f, "%02x", v[i]);
	}
	fputc('\n', f);
}

static void
print_dump(FILE *f, int fd, int type, const void *request, size_t header,
    uint64_t keep)
{
	struct v6d_nlstore s = { 0 };
	struct nlmsghdr *h;
	size_t at;

	if (v6d_nlcopy_dump(fd, request, header, type, &s) == 0)
		V6D_NLSTORE_EACH(&s, at, h)
	print_message(f, h, header, keep);
	v6d_nlstore_free(&s);
}

#define BIT(n) (1ULL << (n))

static void
print_netlink(FILE *f, int ns_fd)
{
	struct ifaddrmsg addr = { .ifa_family = AF_INET6 };
	struct rtmsg route = { .rtm_family = AF_INET6 };
	struct fib_rule_hdr rule = { .family = AF_INET6 };
	int fd;

	if (v6d_netns_socket(ns_fd, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, &fd) <
	    0)
		return;
	print_dump(f, fd, RTM_GETADDR, &addr, sizeof(addr), BIT(IFA_ADDRESS));
	print_dump(f, fd, RTM_GETROUTE, &route, sizeof(route),
	    BIT(RTA_DST) | BIT(RTA_OIF) | BIT(RTA_GATEWAY) | BIT(RTA_TABLE) |
		BIT(RTA_PRIORITY));
	print_dump(f, fd, RTM_GETRULE, &rule, sizeof(rule), ~0ULL);
	close(fd);
}

static void
print_file(FILE *f, const char *folder, const char *name)
{
	char path[640], text[128];
	int fd;
	ssize_t n;

	snprintf(path, sizeof(path), CONF "/%s/%s", folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n > 0)
		fprintf(f, "%s/%s %.*s", folder, name, (int)n, text);
}

static void
print_folder(FILE *f, const char *folder)
{
	char path[320];
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof(path), CONF "/%s", folder);
	d = opendir(path);
	while (d && (e = readdir(d)))
		if (e->d_name[0] != '.')
			print_file(f, folder, e->d_name);
	if (d)
		closedir(d);
}

static int
print_sysctls(void *arg)
{
	FILE *f = arg;
	DIR *d = opendir(CONF);
	struct dirent *e;

	while (d && (e = readdir(d)))
		if (e->d_name[0] != '.')
			print_folder(f, e->d_name);
	if (d)
		closedir(d);
	return 0;
}

char *
v6d_snapshot(int ns_fd)
{
	char *text = NULL, *rules = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	if (!f)
		return NULL;
	print_netlink(f, ns_fd);
	v6d_netns_run(ns_fd, print_sysctls, f);
	if (v6d_nft_list(ns_fd, "ruleset", &rules) == 0)
		fputs(rules, f);
	free(rules);
	fclose(f);
	return text;
}

static const char *
first_missing(const char *from, const char *in, char *buf, size_t n)
{
	for (const char *l = from; *l;) {
		size_t len = strcspn(l, "\n");
		char line[2048];

		snprintf(line, sizeof(line), "%.*s\n", (int)len, l);
		if (len > 0 && !strstr(in, line)) {
			snprintf(buf, n, "%.*s", (int)len, l);
			return buf;
		}
		l += len + (l[len] == '\n');
	}
	return NULL;
}

const char *
v6d_snapshot_differ(const char *before, const char *after, char *buf, size_t n)
{
	if (!first_missing(before, after, buf, n) &&
	    !first_missing(after, before, buf, n) && n > 0)
		buf[0] = '\0';
	return buf;
}
