/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_io_kernel.c - namespaces, sysctls, netlink, TUN and raw sockets
 * against the kernel, in namespaces of this test's own. Needs root.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <grp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/netlink.h"
#include "io/netns.h"
#include "io/privileges.h"
#include "io/rawsock.h"
#include "io/sysctl.h"
#include "io/tun.h"

static int ns = -1;

static ino_t
here(void)
{
	struct stat st;
	int fd;

	assert_int_equal(v6d_netns_here(&fd), 0);
	assert_int_equal(fstat(fd, &st), 0);
	close(fd);
	return st.st_ino;
}

static int
new_ns(void **state)
{
	(void)state;
	if (geteuid() != 0)
		return 0;
	return v6d_netns_private(&ns);
}

static int
end_ns(void **state)
{
	(void)state;
	if (ns >= 0)
		close(ns);
	ns = -1;
	return 0;
}

static void
need_root(void)
{
	if (geteuid() == 0)
		return;
	print_message("skipped: needs root\n");
	skip();
}

static int
inside(void *arg)
{
	*(ino_t *)arg = here();
	return -ENOTTY; /* comes back as it is */
}

static void
enters_and_comes_back(void **state)
{
	ino_t home = here(), there = 0;
	int fd;

	(void)state;
	need_root();
	assert_int_equal(v6d_netns_run(ns, inside, &there), -ENOTTY);
	assert_true(there != 0 && there != home);
	assert_int_equal(here(), home);
	assert_int_equal(v6d_netns_run(-1, inside, &there), -ENOTTY);
	assert_int_equal(there, home);
	assert_int_equal(v6d_netns_open("v6d-none", &fd), -ENOENT);
	assert_int_equal(v6d_netns_open("/dev/null", &fd), 0);
	assert_int_equal(v6d_netns_run(fd, inside, &there), -EINVAL);
	close(fd);
	assert_int_equal(v6d_netns_socket(ns, AF_INET, SOCK_STREAM, 0, &fd), 0);
	close(fd);
	assert_int_equal(
	    v6d_netns_socket(ns, 9999, SOCK_STREAM, 0, &fd), -EAFNOSUPPORT);
	assert_int_equal(here(), home);
}

static void
mirrors_sysctls(void **state)
{
	int other;
	int64_t v;
	unsigned missing = 99;

	(void)state;
	need_root();
	assert_int_equal(v6d_netns_private(&other), 0);
	assert_int_equal(
	    v6d_sysctl_write(ns, "net/ipv6/conf/default/accept_ra", 0), 0);
	assert_int_equal(
	    v6d_sysctl_write(ns, "net/ipv6/conf/all/forwarding", 1), 0);
	assert_int_equal(
	    v6d_sysctl_write(ns, "net/ipv6/conf/lo/accept_ra", 2), 0);
	assert_int_equal(
	    v6d_sysctl_mirror_ipv6(ns, other, "none0", &missing), 0);
	assert_int_equal(
	    v6d_sysctl_read(other, "net/ipv6/conf/default/accept_ra", &v), 0);
	assert_int_equal(v, 0);
	assert_int_equal(
	    v6d_sysctl_read(other, "net/ipv6/conf/all/forwarding", &v), 0);
	assert_int_equal(v, 1);
	/* An interface of that name on the host is the better model. */
	assert_int_equal(v6d_sysctl_mirror_ipv6(ns, other, "lo", NULL), 0);
	assert_int_equal(
	    v6d_sysctl_read(other, "net/ipv6/conf/default/accept_ra", &v), 0);
	assert_int_equal(v, 2);
	assert_int_equal(v6d_sysctl_read(other, "net/none", &v), -ENOENT);
	assert_int_equal(v6d_sysctl_read(other, "kernel/ostype", &v), -EINVAL);
	assert_int_equal(v6d_sysctl_mirror_ipv6(ns, other, "../lo", NULL), 0);
	close(other);
}

static struct v6d_addr
addr(const char *text)
{
	struct v6d_addr a;

	assert_true(v6d_addr_parse(text, &a));
	return a;
}

static int
open_tun(int *ret_fd)
{
	struct v6d_tun_conf conf = { .name = "t0",
		.mtu = 1444,
		.ifid = { 0, 0, 0, 0, 0, 0, 0, 2 },
		.global = { addr("2001:db8:1::1"), 64 } };
	char name[16];
	int err = v6d_tun_open(ns, &conf, ret_fd, name);

	if (err == 0)
		assert_string_equal(name, "t0");
	return err;
}

static void
makes_a_tun(void **state)
{
	struct v6d_answer_addr a[4];
	struct v6d_answer_route r[8];
	struct v6d_addr far = addr("2001:db8:9::1");
	struct v6d_prefix all = { addr("::"), 0 };
	struct v6d_addr gw = addr("fe80::1"), me;
	unsigned n;
	int fd, again, index;
	bool ours = false;

	(void)state;
	need_root();
	assert_int_equal(open_tun(&fd), 0);
	assert_int_equal(open_tun(&again), -EBUSY);
	me = addr("fe80::2"); /* already, when open_tun has returned */
	assert_int_equal(v6d_netlink_is_ours(ns, "t0", &me, &ours), 0);
	assert_true(ours);
	assert_int_equal(v6d_netlink_is_ours(ns, "t0", &gw, &ours), 0);
	assert_false(ours);
	assert_int_equal(v6d_netlink_is_ours(ns, "t0", &far, &ours), 0);
	assert_false(ours);
	assert_int_equal(v6d_netlink_addrs(ns, 6, "t0", a, 4, &n), 0);
	assert_int_equal(n, 2); /* no address of the kernel's own */
	for (unsigned i = 0; i < 2; i++) {
		assert_string_equal(a[i].ifname, "t0");
		assert_true(a[i].tunnel && !a[i].tentative);
		assert_int_equal(a[i].addr.len, 64);
	}
	assert_int_equal(v6d_netlink_routes(ns, 6, "t0", r, 8, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(v6d_netlink_route_to(ns, &far, "t0", r), -ENETUNREACH);
	assert_int_equal(v6d_netlink_route_add(ns, &all, &gw, "t0"), 0);
	assert_int_equal(v6d_netlink_route_to(ns, &far, "t0", r), 0);
	assert_true(r[0].tunnel && v6d_addr_eq(&r[0].gateway, &gw));
	assert_int_equal(v6d_netlink_gateway(ns, &far, &gw), 0);
	assert_true(v6d_addr_eq(&gw, &r[0].gateway));
	assert_int_equal(v6d_netlink_routes(ns, 6, "t0", r, 1, &n), 0);
	assert_int_equal(n, 3); /* counted, though only one was wanted */
	assert_int_equal(v6d_netlink_route_del(ns, &all, &gw, "t0"), 0);
	assert_int_equal(v6d_netlink_route_del(ns, &all, &gw, "t0"), -ESRCH);
	assert_int_equal(v6d_netlink_ifindex(ns, "t0", &index), 0);
	assert_int_equal(v6d_netlink_ifindex(ns, "t1", &index), -ENODEV);
	assert_int_equal(v6d_netlink_link_up(ns, "t1", 0), -ENODEV);
	close(fd);
	assert_int_equal(v6d_netlink_ifindex(ns, "t0", &index), -ENODEV);
}

/* A host may have more addresses and routes than there is room for. */
static void
keeps_what_is_the_tunnels(void **state)
{
	struct v6d_tun_conf other = {
		.name = "a0", .mtu = 1400, .ifid = { 0, 0, 0, 0, 0, 0, 0, 3 }
	};
	struct v6d_prefix p = { addr("2001:db8:2::"), 64 };
	struct v6d_prefix all = { addr("::"), 0 };
	struct v6d_addr gw = addr("fe80::1");
	struct v6d_answer_addr a[3];
	struct v6d_answer_route r[3];
	unsigned n, tunnels = 0, defaults = 0;
	int fd, more;
	char name[16];

	(void)state;
	need_root();
	assert_int_equal(v6d_tun_open(ns, &other, &more, name), 0);
	for (p.addr.b[15] = 1; p.addr.b[15] < 6; p.addr.b[15]++)
		assert_int_equal(v6d_netlink_addr_add(ns, "a0", &p, true), 0);
	assert_int_equal(open_tun(&fd), 0);
	assert_int_equal(v6d_netlink_route_add(ns, &all, &gw, "a0"), 0);
	assert_int_equal(v6d_netlink_addrs(ns, 6, "t0", a, 3, &n), 0);
	assert_int_equal(n, 8);
	for (unsigned i = 0; i < 3; i++)
		tunnels += a[i].tunnel;
	assert_int_equal(tunnels, 2);
	assert_int_equal(v6d_netlink_routes(ns, 6, "t0", r, 3, &n), 0);
	assert_true(n > 3);
	for (unsigned i = 0; i < 3; i++) {
		tunnels += r[i].tunnel;
		defaults += r[i].dst.len == 0;
	}
	assert_int_equal(tunnels, 4);
	assert_int_equal(defaults, 1);
	close(fd);
	close(more);
}

static void
tells_disabled_ipv6_from_missing_rights(void **state)
{
	int fd;

	(void)state;
	need_root();
	assert_int_equal(
	    v6d_sysctl_write(ns, "net/ipv6/conf/default/disable_ipv6", 1), 0);
	assert_int_equal(open_tun(&fd), -EAFNOSUPPORT);
}

static void
knows_expiry_and_rejects(void **state)
{
	struct v6d_prefix p = { addr("192.0.2.0"), 24 };
	struct v6d_addr dst = addr("192.0.2.7"), gw = addr("192.0.2.1");
	struct v6d_prefix me = { addr("10.0.0.1"), 8 };
	struct v6d_answer_addr a[2];
	struct v6d_answer_route r;
	unsigned n;
	int fd;

	(void)state;
	need_root();
	assert_int_equal(open_tun(&fd), 0);
	assert_int_equal(v6d_netlink_addr_add(ns, "t0", &me, true), 0);
	assert_int_equal(v6d_netlink_addr_add(ns, "t0", &me, true), 0);
	assert_int_equal(v6d_netlink_addrs(ns, 4, NULL, a, 2, &n), 0);
	assert_int_equal(n, 1);
	assert_false(a[0].tunnel || a[0].temporary);
	assert_int_equal(a[0].valid_s, UINT32_MAX);
	assert_int_equal(v6d_netlink_route_add(ns, &p, NULL, "t0"), 0);
	assert_int_equal(v6d_netlink_route_to(ns, &dst, "t0", &r), 0);
	assert_string_equal(r.ifname, "t0");
	assert_true(v6d_addr_eq(&r.src, &me.addr));
	assert_int_equal(v6d_netlink_gateway(ns, &dst, &gw), 0);
	assert_int_equal(gw.family, 0); /* on the link */
	assert_int_equal(v6d_netlink_addr_del(ns, "t0", &me), 0);
	assert_int_equal(v6d_netlink_addr_del(ns, "t0", &me), -EADDRNOTAVAIL);
	close(fd);
}

static void
on_packet(void *arg, const struct v6d_raw_packet *p)
{
	unsigned *n = arg;

	assert_int_equal(p->len, 20 + 12);
	assert_int_equal(p->gre_len, 12);
	assert_int_equal(p->gre[7], 9);
	(*n)++;
}

/* GRE to ourselves over loopback, and to where nobody is. */
static void
sends_and_receives_gre(void **state)
{
	static const uint8_t gre[2000] = { 0x20, 0x81, 0x88, 0x0b, 0, 0, 0, 9 };
	struct v6d_addr me = addr("127.0.0.1"), far = addr("192.0.2.1");
	struct pollfd p = { -1, POLLIN, 0 };
	static struct v6d_raw_inbox inbox;
	struct v6d_raw r;
	struct v6d_raw_icmp e;
	unsigned n = 0;

	(void)state;
	need_root();
	assert_int_equal(v6d_raw_open(ns, &me, V6D_RAW_PROBES, &r), 0);
	assert_int_equal(v6d_raw_send(&r, &me, gre, 12, V6D_RAW_DF_ON), 0);
	assert_int_equal(v6d_raw_send(&r, &me, gre, 12, V6D_RAW_DF_OFF), 0);
	assert_int_equal(v6d_raw_send(&r, &me, gre, 12, V6D_RAW_DF_PATH), 0);
	p.fd = r.fd;
	assert_int_equal(poll(&p, 1, 5000), 1);
	assert_int_equal(v6d_raw_receive(&r, &inbox, 64, on_packet, &n), 3);
	assert_int_equal(n, 3); /* each once, whichever socket sent it */
	assert_int_equal(v6d_raw_receive(&r, &inbox, 64, on_packet, &n), 0);
	assert_int_equal(
	    v6d_raw_send(&r, &far, gre, 12, V6D_RAW_DF_ON), -ENETUNREACH);
	assert_int_equal(v6d_raw_icmp(r.fd, &e), 0);
	v6d_raw_close(&r);
	assert_int_equal(r.fd, -1);
	v6d_raw_close(&r);
}

/* Longer than the device allows: in fragments, or not at all. */
static void
keeps_the_df_promise(void **state)
{
	static const uint8_t gre[1600] = { 0x20, 0x81, 0x88, 0x0b, 0, 0, 0, 9 };
	struct v6d_prefix me = { addr("10.0.0.1"), 8 };
	struct v6d_addr far = addr("10.0.0.2");
	struct v6d_raw r;
	uint8_t packet[2048];
	ssize_t got, longest = 0;
	int fd;

	(void)state;
	need_root();
	assert_int_equal(open_tun(&fd), 0);
	assert_int_equal(v6d_netlink_addr_add(ns, "t0", &me, true), 0);
	assert_int_equal(v6d_raw_open(ns, NULL, V6D_RAW_PROBES, &r), 0);
	while (read(fd, packet, sizeof(packet)) > 0)
		continue; /* the kernel's own greetings */
	assert_int_equal(
	    v6d_raw_send(&r, &far, gre, 1600, V6D_RAW_DF_ON), -EMSGSIZE);
	assert_int_equal(v6d_raw_send(&r, &far, gre, 1600, V6D_RAW_DF_OFF), 0);
	while ((got = read(fd, packet, sizeof(packet))) > 0)
		if (packet[0] == 0x45) {
			assert_int_equal(packet[6] & 0x40, 0);
			longest = got > longest ? got : longest;
		}
	assert_true(longest > 1400 && longest <= 1444);
	assert_int_equal(v6d_raw_send(&r, &far, gre, 100, V6D_RAW_DF_PATH), 0);
	do {
		got = read(fd, packet, sizeof(packet));
	} while (got > 0 && packet[0] != 0x45);
	assert_int_equal(got, 120);
	assert_int_equal(packet[6] & 0x40, 0x40);
	v6d_raw_close(&r);
	close(fd);
}

static void
says_how_to_get_rights(void **state)
{
	static const struct {
		struct v6d_rights r;
		const char *says, *not ;
	} rows[] = {
		{ { 0, 0, 0, NULL }, "", "sudo" },
		{ { -EPERM, 0, 0, NULL }, "sudo setcap cap_net_raw+ep", "TUN" },
		{ { 0, -EPERM, -EPERM, NULL }, "CAP_SYS_ADMIN", "TUN" },
		{ { 0, -EPERM, -ENODEV, NULL }, "modprobe tun", "sysctl" },
		{ { 0, -ENOSPC, 0, "user.max_user_namespaces=10000" },
		    "sudo sysctl user.max_user_namespaces=10000", "TUN" },
		{ { 0, 0, -EACCES, NULL }, "chmod 0666 /dev/net/tun",
		    "namespace" },
		{ { 0, 0, -EPERM, NULL }, "CAP_NET_ADMIN", "namespace" },
		{ { 0, 0, -EAFNOSUPPORT, NULL }, "ipv6.disable=1", "sudo" },
	};
	char text[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		v6d_rights_text(&rows[i].r, text, sizeof(text));
		assert_non_null(strstr(text, rows[i].says));
		assert_null(strstr(text, rows[i].not ));
	}
}

/* What a user can do in a namespace that belongs to him. */
static int
use_as_user(void)
{
	struct v6d_prefix a = { .len = 64 };
	int there, fd, err = v6d_netns_private(&there);
	int64_t v = 0;

	if (err == -EPERM || err == -ENOSPC)
		return 77;
	if (err < 0 || prctl(PR_GET_DUMPABLE) != 0)
		return 1;
	if (v6d_sysctl_write(there, "net/ipv6/conf/all/forwarding", 1) < 0 ||
	    v6d_sysctl_read(there, "net/ipv6/conf/all/forwarding", &v) < 0 ||
	    v != 1)
		return 2;
	v6d_addr_parse("2001:db8::1", &a.addr);
	if (v6d_netlink_addr_add(there, "lo", &a, true) < 0)
		return 3;
	if (v6d_netns_socket(there, AF_INET6, SOCK_RAW, IPPROTO_ICMPV6, &fd) <
	    0)
		return 4;
	/* And no more than that: here he is as he was. */
	return v6d_netns_socket(-1, AF_INET, SOCK_RAW, IPPROTO_GRE, &fd) ==
		       -EPERM
		   ? 0
		   : 5;
}

static void
works_without_root(void **state)
{
	int status = -1;
	pid_t pid;

	(void)state;
	need_root();
	pid = fork();
	if (pid == 0) {
		if (setgroups(0, NULL) < 0 || setresgid(65534, 65534, 65534) ||
		    setresuid(65534, 65534, 65534))
			_exit(99);
		_exit(use_as_user());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77) {
		print_message("skipped: user namespaces are forbidden here\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
looks_at_rights(void **state)
{
	struct v6d_rights r;
	char text[1024];

	(void)state;
	need_root();
	v6d_rights_look(-1, &r);
	assert_int_equal(r.raw, 0);
	assert_int_equal(r.netns, 0);
	assert_int_equal(r.tun, 0);
	assert_string_equal(v6d_rights_text(&r, text, sizeof(text)), "");
}

/* Last: there is no way back. What a run still needs must go on working. */
static void
drops_rights(void **state)
{
	struct v6d_rights r;

	(void)state;
	assert_int_equal(v6d_rights_drop(), 0);
	need_root();
	v6d_rights_look(-1, &r);
	assert_int_equal(r.raw, 0);
	assert_int_equal(r.tun, 0);
	assert_int_equal(setgroups(0, NULL) < 0 ? errno : 0, EPERM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    enters_and_comes_back, new_ns, end_ns),
		cmocka_unit_test_setup_teardown(
		    mirrors_sysctls, new_ns, end_ns),
		cmocka_unit_test_setup_teardown(makes_a_tun, new_ns, end_ns),
		cmocka_unit_test_setup_teardown(
		    keeps_what_is_the_tunnels, new_ns, end_ns),
		cmocka_unit_test_setup_teardown(
		    tells_disabled_ipv6_from_missing_rights, new_ns, end_ns),
		cmocka_unit_test_setup_teardown(
		    knows_expiry_and_rejects, new_ns, end_ns),
		cmocka_unit_test_setup_teardown(
		    sends_and_receives_gre, new_ns, end_ns),
		cmocka_unit_test_setup_teardown(
		    keeps_the_df_promise, new_ns, end_ns),
		cmocka_unit_test(says_how_to_get_rights),
		cmocka_unit_test(works_without_root),
		cmocka_unit_test(looks_at_rights),
		cmocka_unit_test(drops_rights),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
