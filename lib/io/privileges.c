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
#include "io/sysctl.h"
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

/* What keeps users from making user namespaces, here or there. */
static const char *
find_sysctl(void)
{
	static const struct {
		const char *path;
		int64_t forbids;
		const char *allowed;
	} known[] = {
		{ "user/max_user_namespaces", 0,
		    "user.max_user_namespaces=10000" },
		{ "user/max_net_namespaces", 0,
		    "user.max_net_namespaces=10000" },
		{ "kernel/unprivileged_userns_clone", 0,
		    "kernel.unprivileged_userns_clone=1" },
		{ "kernel/apparmor_restrict_unprivileged_userns", 1,
		    "kernel.apparmor_restrict_unprivileged_userns=0" },
	};
	int64_t v;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (v6d_sysctl_read(-1, known[i].path, &v) == 0 &&
		    v == known[i].forbids)
			return known[i].allowed;
	return NULL;
}

void
v6d_rights_look(int host_fd, struct v6d_rights *ret)
{
	int fd;

	ret->raw =
	    v6d_netns_socket(host_fd, AF_INET, SOCK_RAW, IPPROTO_GRE, &fd);
	if (ret->raw == 0)
		close(fd);
	ret->sysctl = NULL;
	ret->netns = v6d_netns_private(&fd);
	if (ret->netns < 0) {
		ret->sysctl = find_sysctl();
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

static void
add_netns(struct v6d_text *t, const struct v6d_rights *r)
{
	const char *what = "No network namespace for the tunnel";

	if (r->netns < 0 && r->sysctl)
		v6d_text_add(t,
		    "%s (%s): user namespaces are forbidden here; run "
		    "v6doctor with sudo, or sudo sysctl %s\n",
		    what, strerror(-r->netns), r->sysctl);
	else
		add_right(t, r->netns, what,
		    "user namespaces are forbidden here; run v6doctor with "
		    "sudo (in a container, it needs CAP_SYS_ADMIN).");
}

static void
add_tun(struct v6d_text *t, const struct v6d_rights *r)
{
	const char *what = "No TUN device", *how;

	switch (r->tun) {
	case -ENODEV:
		what = "/dev/net/tun is missing";
		how = "sudo modprobe tun; in a container, pass the device in "
		      "(--device /dev/net/tun).";
		break;
	case -EAFNOSUPPORT:
	case -EOPNOTSUPP:
		what = "This kernel has no IPv6";
		how = "boot without ipv6.disable=1.";
		break;
	case -EACCES:
		how = "/dev/net/tun is not open to this user; run v6doctor "
		      "with sudo, or sudo chmod 0666 /dev/net/tun (as udev "
		      "has it).";
		break;
	default:
		how = "run v6doctor with sudo (in a container, it needs "
		      "CAP_NET_ADMIN, and the device allowed).";
	}
	if (r->tun == -ENODEV || r->netns == 0) /* else it was not tried */
		add_right(t, r->tun, what, how);
}

const char *
v6d_rights_text(const struct v6d_rights *r, char *buf, size_t n)
{
	struct v6d_text t = v6d_text_to(buf, n);

	add_right(&t, r->raw, "No raw socket for GRE",
	    "run v6doctor with sudo, or once: sudo setcap cap_net_raw+ep "
	    "\"$(command -v v6doctor)\"");
	add_netns(&t, r);
	add_tun(&t, r);
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
