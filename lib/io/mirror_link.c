/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mirror_link.c - a stand-in for each of the host's interfaces: a TUN device
 * of the same name, index, MTU and state. It resolves no neighbours, and what
 * it is given waits in its queue until the queue is full, then is dropped.
 */
#include "io/mirror_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "io/netlink.h"
#include "io/netns.h"
#include "io/sysctl.h"

struct standin {
	const struct v6d_mirroring *x;
	char name[IFNAMSIZ];
	unsigned index, mtu, flags;
	int fd;
};

/* The index is the host's, so that routes and rules need no change. */
static int
make_device(void *arg)
{
	struct standin *s = arg;
	struct ifreq r = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -errno;
	memcpy(r.ifr_name, s->name, sizeof(r.ifr_name));
	if (ioctl(fd, TUNSETIFINDEX, &s->index) < 0 ||
	    ioctl(fd, TUNSETIFF, &r) < 0) {
		int err = -errno;

		close(fd);
		return err;
	}
	s->fd = fd;
	return v6d_netlink_no_addr_gen(-1, s->name);
}

/* An interface without carrier has no usable routes; so has its stand-in. */
static int
set_state(void *arg)
{
	struct standin *s = arg;
	unsigned carrier = (s->flags & IFF_RUNNING) != 0;

	if (!(s->flags & IFF_UP))
		return 0;
	if (!carrier)
		ioctl(s->fd, TUNSETCARRIER, &carrier);
	return v6d_netlink_link_up(-1, s->name, s->mtu);
}

static bool
parse(const struct nlmsghdr *h, struct standin *s)
{
	const struct nlattr *name =
	    v6d_nlattr_of(h, sizeof(struct ifinfomsg), IFLA_IFNAME);
	struct ifinfomsg i;

	if (h->nlmsg_type != RTM_NEWLINK || !name)
		return false;
	memcpy(&i, NLMSG_DATA(h), sizeof(i));
	snprintf(s->name, sizeof(s->name), "%.*s", (int)v6d_nlattr_len(name),
	    (const char *)v6d_nlattr_data(name));
	s->index = (unsigned)i.ifi_index;
	s->flags = i.ifi_flags;
	s->mtu = v6d_nlattr_u32(
	    v6d_nlattr_of(h, sizeof(struct ifinfomsg), IFLA_MTU));
	return !(i.ifi_flags & IFF_LOOPBACK);
}

/* The first reason is told; how many there are, at the end. */
static int
stand_in(struct v6d_mirroring *x, struct standin *s)
{
	int err;

	if (strcmp(s->name, x->tunnel) == 0)
		return 0; /* its place is the tunnel's */
	if (x->m->n_links == V6D_MIRROR_LINKS)
		return -E2BIG;
	err = v6d_netns_run(x->private_ns, make_device, s);
	if (s->fd >= 0)
		x->m->fd[x->m->n_links++] = s->fd;
	if (err == 0)
		err = v6d_sysctl_mirror_if(x->host_ns, x->private_ns, s->name);
	if (err == 0)
		err = v6d_netns_run(x->private_ns, set_state, s);
	return err;
}

void
v6d_mirror_links(struct v6d_mirroring *x)
{
	struct ifinfomsg q = { .ifi_family = AF_UNSPEC };
	struct v6d_nlstore links = { 0 };
	struct nlmsghdr *h;
	unsigned failed = 0;
	size_t at;
	int first =
	    v6d_nlcopy_dump(x->from, &q, sizeof(q), RTM_GETLINK, &links);

	if (first < 0)
		v6d_mirror_gap(x->m, V6D_MIRROR_PATH, 1, "the interfaces: %s",
		    strerror(-first));
	V6D_NLSTORE_EACH(&links, at, h)
	{
		struct standin s = { .x = x, .fd = -1 };
		int err = parse(h, &s) ? stand_in(x, &s) : 0;

		if (err < 0 && failed++ == 0)
			first = err;
	}
	if (failed)
		v6d_mirror_gap(x->m, V6D_MIRROR_PATH, failed,
		    "%u of the interfaces: %s", failed, strerror(-first));
	v6d_nlstore_free(&links);
}
