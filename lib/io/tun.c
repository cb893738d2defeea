/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tun.c - the tunnel's interface: a TUN device set up for RFC 5072. */
#include "io/tun.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/netlink.h"
#include "io/netns.h"
#include "io/sysctl.h"

/* TUN_F_USO4 and 6, which older headers lack. */
#define F_USO4 0x20u
#define F_USO6 0x40u

struct tun_args {
	const struct v6d_tun_conf *conf;
	int fd;
	char name[IFNAMSIZ];
};

/*
 * UDP's segmentation is newer than TCP's. A kernel that has neither hands
 * over finished packets, behind the same header.
 */
static int
set_offload(int fd)
{
	const unsigned tcp =
	    TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN;
	int little = 1;

	if (ioctl(fd, TUNSETVNETLE, &little) < 0)
		return -errno;
	if (ioctl(fd, TUNSETOFFLOAD, tcp | F_USO4 | F_USO6) < 0)
		ioctl(fd, TUNSETOFFLOAD, tcp);
	return 0;
}

static int
make_device(struct tun_args *a)
{
	struct ifreq r;
	int err, fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return errno == ENOENT || errno == ENXIO ? -ENODEV : -errno;
	memset(&r, 0, sizeof(r));
	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", a->conf->name);
	r.ifr_flags = IFF_TUN | IFF_NO_PI;
	if (a->conf->offload)
		r.ifr_flags |= IFF_VNET_HDR;
	err = ioctl(fd, TUNSETIFF, &r) < 0 ? -errno : 0;
	if (err == 0 && a->conf->offload)
		err = set_offload(fd);
	if (err < 0) {
		close(fd);
		return err;
	}
	a->fd = fd;
	memcpy(a->name, r.ifr_name, sizeof(a->name));
	return 0;
}

static void
set_sysctl(const char *device, const char *name, int64_t value)
{
	char path[96];

	snprintf(path, sizeof(path), "net/ipv6/conf/%s/%s", device, name);
	v6d_sysctl_write(-1, path, value);
}

/*
 * Best effort: /proc/sys may be read-only in a container. A TUN device does
 * no address resolution, so no duplicate detection happens anyway; what is
 * lost is the first router solicitation's second.
 */
static void
set_sysctls(const struct tun_args *a)
{
	set_sysctl(a->name, "accept_dad", 0);
	set_sysctl(a->name, "router_solicitation_delay", 0);
	for (unsigned i = 0; i < a->conf->n_sysctls; i++)
		set_sysctl(a->name, a->conf->sysctls[i].name,
		    a->conf->sysctls[i].value);
}

/*
 * Even without duplicate detection a new address becomes one of ours only
 * when a kernel thread gets to it; a packet to it that comes before would be
 * forwarded, or lost. Gives up quietly: it will be ours some time.
 */
static void
wait_until_ours(const char *name, const struct v6d_addr *addr)
{
	const struct timespec pause = { .tv_nsec = 100 * 1000 };
	v6d_ns until = v6d_clock_now() + V6D_MS(200);
	bool ours = false;

	while (v6d_netlink_is_ours(-1, name, addr, &ours) == 0 && !ours &&
	       v6d_clock_now() < until)
		nanosleep(&pause, NULL);
}

/*
 * The kernel's autoconfiguration takes the identifier of the link-local
 * address, so that address must be the negotiated one and the only one.
 */
static int
configure(const struct tun_args *a)
{
	struct v6d_prefix ll = { v6d_addr_link_local(a->conf->ifid), 64 };
	int err = v6d_netlink_no_addr_gen(-1, a->name);

	if (err < 0)
		return err;
	set_sysctls(a);
	if (a->conf->group)
		err = v6d_netlink_link_group(-1, a->name, a->conf->group);
	if (err < 0)
		return err;
	err = v6d_netlink_link_up(-1, a->name, a->conf->mtu);
	if (err < 0)
		return err;
	err = v6d_netlink_addr_add(-1, a->name, &ll, true);
	if (err == 0 && a->conf->global.addr.family)
		err = v6d_netlink_addr_add(-1, a->name, &a->conf->global, true);
	if (err == 0)
		wait_until_ours(a->name, &ll.addr);
	if (err == 0 && a->conf->global.addr.family)
		wait_until_ours(a->name, &a->conf->global.addr);
	/* The right was there a moment ago: it is disable_ipv6 that refuses. */
	return err == -EACCES ? -EAFNOSUPPORT : err;
}

static int
open_tun(void *arg)
{
	struct tun_args *a = arg;
	int err = make_device(a);

	if (err < 0)
		return err;
	err = configure(a);
	if (err < 0)
		close(a->fd);
	return err;
}

int
v6d_tun_open(
    int ns_fd, const struct v6d_tun_conf *conf, int *ret_fd, char *ret_name)
{
	struct tun_args a = { .conf = conf, .fd = -1 };
	int err = v6d_netns_run(ns_fd, open_tun, &a);

	if (err < 0)
		return err;
	*ret_fd = a.fd;
	memcpy(ret_name, a.name, sizeof(a.name));
	return 0;
}
