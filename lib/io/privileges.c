/* SPDX-License-Identifier: GPL-2.0-or-later */
/* privileges.c - what this process may do, and giving up the rest. */
#include "io/privileges.h"

#include <errno.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"
#include "io/netns.h"
#include "io/tun.h"

static int
try_tun(int ns_fd)
{
	struct v6d_tun_conf conf = { .name = "v6try%d",
		.ifid = { 0, 0, 0, 0, 0, 0, 0, 1 },
		.mtu = 1280 };
	char name[16];
	int fd, err = v6d_tun_open(ns_fd, &conf, &fd, name);

	if (err == 0)
		close(fd);
	return err;
}

void
v6d_rights_look(int host_fd, struct v6d_rights *ret)
{
	int fd;

	ret->raw =
	    v6d_netns_socket(host_fd, AF_INET, SOCK_RAW, IPPROTO_GRE, &fd);
	if (ret->raw == 0)
		close(fd);
	ret->netns = v6d_netns_private(&fd);
	if (ret->netns < 0) {
		ret->tun =
		    access("/dev/net/tun", F_OK) < 0 ? -ENODEV : ret->netns;
		return;
	}
	ret->tun = try_tun(fd);
	close(fd);
}

static void
add_right(struct v6d_text *t, int err, const char *what, const char *how)
{
	if (err < 0)
		v6d_text_add(t, "%s (%s): %s\n", what, strerror(-err), how);
}

const char *
v6d_rights_text(const struct v6d_rights *r, char *buf, size_t n)
{
	struct v6d_text t = v6d_text_to(buf, n);

	add_right(
	    &t, r->raw, "No raw socket for GRE", "run v6doctor with sudo.");
	add_right(&t, r->netns, "No network namespace for the tunnel",
	    "run v6doctor with sudo (in a container, it needs CAP_SYS_ADMIN).");
	if (r->tun == -ENODEV)
		add_right(&t, r->tun, "/dev/net/tun is missing",
		    "sudo modprobe tun; in a container, pass the device in "
		    "(--device /dev/net/tun).");
	else if (r->tun == -EAFNOSUPPORT || r->tun == -EOPNOTSUPP)
		add_right(&t, r->tun, "This kernel has no IPv6",
		    "boot without ipv6.disable=1.");
	else if (r->netns == 0)
		add_right(&t, r->tun, "No TUN device",
		    "run v6doctor with sudo (in a container, it needs "
		    "CAP_NET_ADMIN).");
	return buf;
}

/* What a run needs to its end: sockets in both namespaces, the TUN device. */
static const unsigned kept[] = { CAP_NET_ADMIN, CAP_NET_RAW, CAP_SYS_ADMIN };

static bool
is_kept(unsigned cap)
{
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (kept[i] == cap)
			return true;
	return false;
}

/* What a program executed by root would get back. */
static void
drop_bounding(void)
{
	for (unsigned c = 0; c <= CAP_LAST_CAP; c++)
		if (!is_kept(c) && prctl(PR_CAPBSET_READ, c, 0, 0, 0) == 1)
			prctl(PR_CAPBSET_DROP, c, 0, 0, 0);
}

int
v6d_rights_drop(void)
{
	struct __user_cap_header_struct h = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct d[2];
	uint32_t mask = 0;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	drop_bounding();
	if (syscall(SYS_capget, &h, d) < 0)
		return -errno;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		mask |= UINT32_C(1) << kept[i]; /* all three are below 32 */
	d[0].effective &= mask;
	d[0].permitted &= mask;
	d[0].inheritable &= mask;
	d[1].effective = d[1].permitted = d[1].inheritable = 0;
	return syscall(SYS_capset, &h, d) < 0 ? -errno : 0;
}
