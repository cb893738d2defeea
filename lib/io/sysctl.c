/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sysctl.c - numbers below /proc/sys, which shows the thread's namespace. */
#include "io/sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/wire.h"
#include "io/netns.h"

struct sysctl {
	const char *path;
	bool write;
	int64_t value;
};

static int
open_sysctl(const char *path, int flags)
{
	char full[256];
	int fd, n = snprintf(full, sizeof(full), "/proc/sys/%s", path);

	if (n < 0 || (size_t)n >= sizeof(full))
		return -ENAMETOOLONG;
	fd = open(full, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int
read_number(int fd, int64_t *ret_value)
{
	char text[64], *end;
	ssize_t n = read(fd, text, sizeof(text) - 1);
	int64_t v;

	if (n < 0)
		return -errno;
	text[n] = '\0';
	errno = 0;
	v = strtoll(text, &end, 10);
	if (errno || end == text)
		return -EINVAL;
	*ret_value = v;
	return 0;
}

static int
write_number(int fd, int64_t value)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%" PRId64 "\n", value);

	return write(fd, text, (size_t)n) < 0 ? -errno : 0;
}

static int
access_sysctl(void *arg)
{
	struct sysctl *s = arg;
	int fd = open_sysctl(s->path, s->write ? O_WRONLY : O_RDONLY), err;

	if (fd < 0)
		return fd;
	err =
	    s->write ? write_number(fd, s->value) : read_number(fd, &s->value);
	close(fd);
	return err;
}

int
v6d_sysctl_read(int ns_fd, const char *path, int64_t *ret_value)
{
	struct sysctl s = { path, false, 0 };
	int err = v6d_netns_run(ns_fd, access_sysctl, &s);

	if (err == 0)
		*ret_value = s.value;
	return err;
}

int
v6d_sysctl_write(int ns_fd, const char *path, int64_t value)
{
	struct sysctl s = { path, true, value };

	return v6d_netns_run(ns_fd, access_sysctl, &s);
}

/*
 * What decides how an interface treats advertisements, addresses and
 * forwarded packets. forwarding comes first: writing it for "all" overwrites
 * "default".
 */
static const char *const ipv6_keys[] = {
	"forwarding",
	"disable_ipv6",
	"accept_ra",
	"accept_ra_defrtr",
	"accept_ra_from_local",
	"accept_ra_min_hop_limit",
	"accept_ra_min_lft",
	"accept_ra_mtu",
	"accept_ra_pinfo",
	"accept_ra_rt_info_max_plen",
	"accept_ra_rt_info_min_plen",
	"accept_ra_rtr_pref",
	"accept_redirects",
	"accept_source_route",
	"autoconf",
	"hop_limit",
	"max_addresses",
	"ra_defrtr_metric",
	"router_solicitation_interval",
	"router_solicitation_max_interval",
	"router_solicitations",
	"temp_prefered_lft",
	"temp_valid_lft",
	"use_oif_addrs_only",
	"use_tempaddr",
};

#define N_KEYS V6D_ARRAY_LEN(ipv6_keys)

/* The values of one conf/ folder in one namespace. */
struct conf {
	const char *name; /* "all", "default", an interface */
	bool have[N_KEYS];
	int64_t value[N_KEYS];
	unsigned missing;
	int err; /* the first that is not a missing key */
};

static void
key_path(char *buf, size_t n, const char *conf, size_t i)
{
	snprintf(buf, n, "net/ipv6/conf/%s/%s", conf, ipv6_keys[i]);
}

static int
read_conf(void *arg)
{
	struct conf *c = arg;

	for (size_t i = 0; i < N_KEYS; i++) {
		char path[128];

		key_path(path, sizeof(path), c->name, i);
		c->have[i] = v6d_sysctl_read(-1, path, &c->value[i]) == 0;
		if (!c->have[i])
			c->missing++;
	}
	return 0;
}

/* Writes what differs; writing all/forwarding is not free of side effects. */
static int
write_conf(void *arg)
{
	struct conf *c = arg;

	for (size_t i = 0; i < N_KEYS; i++) {
		char path[128];
		int64_t now = 0;
		int err = 0;

		key_path(path, sizeof(path), c->name, i);
		if (!c->have[i])
			continue;
		if (v6d_sysctl_read(-1, path, &now) < 0)
			c->missing++;
		else if (now != c->value[i])
			err = v6d_sysctl_write(-1, path, c->value[i]);
		if (err < 0 && c->err == 0)
			c->err = err;
	}
	return 0;
}

static int
copy_conf(
    int from_fd, const char *from, int to_fd, const char *to, unsigned *missing)
{
	struct conf c = { .name = from };
	int err = v6d_netns_run(from_fd, read_conf, &c);

	if (err < 0)
		return err;
	c.name = to;
	err = v6d_netns_run(to_fd, write_conf, &c);
	*missing += c.missing;
	return err < 0 ? err : c.err;
}

/* An interface's name becomes part of a path: no surprises in it. */
static bool
has_conf(int ns_fd, const char *ifname)
{
	char path[64];
	int64_t v;

	if (!ifname || !ifname[0] || strchr(ifname, '/') ||
	    strcmp(ifname, ".") == 0 || strcmp(ifname, "..") == 0)
		return false;
	snprintf(
	    path, sizeof(path), "net/ipv6/conf/%.15s/disable_ipv6", ifname);
	return v6d_sysctl_read(ns_fd, path, &v) == 0;
}

int
v6d_sysctl_mirror_ipv6(
    int host_fd, int private_fd, const char *ifname, unsigned *ret_missing)
{
	unsigned missing = 0;
	const char *from = has_conf(host_fd, ifname) ? ifname : "default";
	int err = copy_conf(host_fd, "all", private_fd, "all", &missing);

	if (err == 0)
		err = copy_conf(host_fd, from, private_fd, "default", &missing);
	if (err == 0 && ret_missing)
		*ret_missing = missing;
	return err;
}

int
v6d_sysctl_mirror_if(int host_fd, int private_fd, const char *ifname)
{
	unsigned missing = 0;

	if (!has_conf(host_fd, ifname)) /* its MTU is too small for IPv6 */
		return 0;
	return copy_conf(host_fd, ifname, private_fd, ifname, &missing);
}
