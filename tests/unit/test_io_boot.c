/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_io_boot.c - what files say of a setting at the next start: sysctl.d
 * in its order, networkd, NetworkManager. Covers io/boot.c and boot_link.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/wire.h"
#include "io/boot.h"

#define FORWARDING "net/ipv6/conf/default/forwarding"
#define ACCEPT_RA "net/ipv6/conf/default/accept_ra"

static char root[] = "/tmp/v6d-boot.XXXXXX";

static void
command(const char *words)
{
	char text[256];
	FILE *f;

	snprintf(text, sizeof(text), "cd %s && %s", root, words);
	f = popen(text, "w");
	assert_non_null(f);
	assert_int_equal(pclose(f), 0);
}

static int
start(void **state)
{
	(void)state;
	memcpy(root + strlen(root) - 6, "XXXXXX", 6);
	assert_non_null(mkdtemp(root));
	return 0;
}

static int
end(void **state)
{
	(void)state;
	command("rm -rf \"$PWD\"");
	return 0;
}

static void
put(const char *path, const char *text)
{
	char full[256];
	FILE *f;

	snprintf(full, sizeof(full), "%s%s", root, path);
	for (char *s = full + strlen(root) + 1; *s; s++)
		if (*s == '/') {
			*s = '\0';
			mkdir(full, 0700);
			*s = '/';
		}
	f = fopen(full, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* "2 /etc/sysctl.d/x.conf:3", "" where nobody says, "unread FILE:N". */
static void
says(const char *path, const char *want)
{
	struct v6d_boot b;
	bool unread;
	char text[256] = "";

	v6d_boot_setting(root, path, &b, &unread);
	if (unread)
		snprintf(text, sizeof(text), "unread %s", b.where);
	else if (b.said)
		snprintf(text, sizeof(text), "%d %s", (int)b.value, b.where);
	assert_string_equal(text, want);
}

static void
test_nothing(void **state)
{
	(void)state;
	says(FORWARDING, "");
	put("/etc/sysctl.d/a.conf", "# net.ipv6.conf.default.forwarding=1\n"
				    ";net.ipv6.conf.default.forwarding=1\n"
				    "net.ipv6.conf.default.forwarding\n"
				    "net.ipv6.conf.default.forwarding = x\n"
				    "net.ipv4.ip_forward = 1\n");
	put("/etc/sysctl.d/a.txt", "net.ipv6.conf.default.forwarding = 1\n");
	says(FORWARDING, "");
	says("net/ipv4/ip_forward", "1 /etc/sysctl.d/a.conf:5");
}

/* sysctl.d(5): names decide the order, folders which of one name is read. */
static void
test_order(void **state)
{
	(void)state;
	command("mkdir -p run/systemd/system");
	put("/usr/lib/sysctl.d/50-a.conf",
	    "\n  net/ipv6/conf/default/accept_ra  =  0  \n");
	says(ACCEPT_RA, "0 /usr/lib/sysctl.d/50-a.conf:2");
	put("/run/sysctl.d/50-a.conf", "net.ipv6.conf.default.accept_ra=1\n");
	says(ACCEPT_RA, "1 /run/sysctl.d/50-a.conf:1");
	put("/etc/sysctl.d/50-a.conf", "-net.ipv6.conf.default.accept_ra=2\n");
	says(ACCEPT_RA, "2 /etc/sysctl.d/50-a.conf:1");
	put("/etc/sysctl.d/40-z.conf", "net.ipv6.conf.default.accept_ra=7\n");
	says(ACCEPT_RA, "2 /etc/sysctl.d/50-a.conf:1");
	put("/usr/lib/sysctl.d/60-b.conf",
	    "net.ipv6.conf.default.accept_ra=5\n");
	says(ACCEPT_RA, "5 /usr/lib/sysctl.d/60-b.conf:1");
	command("ln -sf /dev/null etc/sysctl.d/60-b.conf");
	says(ACCEPT_RA, "2 /etc/sysctl.d/50-a.conf:1");
}

/* A line counts more than a pattern, wherever they stand. */
static void
test_patterns(void **state)
{
	(void)state;
	put("/etc/sysctl.d/1.conf", "net.ipv6.conf.default.accept_ra = 2\n");
	put("/etc/sysctl.d/2.conf", "net.ipv6.conf.*.accept_ra = 0\n");
	says(ACCEPT_RA, "2 /etc/sysctl.d/1.conf:1");
	says("net/ipv6/conf/ppp0/accept_ra", "0 /etc/sysctl.d/2.conf:1");
	put("/etc/sysctl.d/3.conf", "-net.ipv6.conf.ppp0.accept_ra\n");
	says("net/ipv6/conf/ppp0/accept_ra", "2 /etc/sysctl.d/1.conf:1");
	/* A dot in an interface's name. */
	put("/etc/sysctl.d/4.conf", "net.ipv6.conf.eth0/1.accept_ra = 3\n");
	says("net/ipv6/conf/eth0.1/accept_ra", "3 /etc/sysctl.d/4.conf:1");
}

/* "all" sets "default" too, of some; what comes later counts. */
static void
test_all(void **state)
{
	(void)state;
	put("/etc/sysctl.d/1.conf", "net.ipv6.conf.all.forwarding = 1\n"
				    "net.ipv6.conf.all.accept_ra = 2\n");
	says(FORWARDING, "1 /etc/sysctl.d/1.conf:1");
	says("net/ipv6/conf/ppp0/forwarding", "1 /etc/sysctl.d/1.conf:1");
	says(ACCEPT_RA, "");
	put("/etc/sysctl.d/0.conf", "net.ipv6.conf.default.forwarding = 0\n");
	says(FORWARDING, "1 /etc/sysctl.d/1.conf:1");
	put("/etc/sysctl.d/2.conf", "net.ipv6.conf.default.forwarding = 0\n");
	says(FORWARDING, "0 /etc/sysctl.d/2.conf:1");
	says("net/ipv6/conf/all/forwarding", "1 /etc/sysctl.d/1.conf:1");
	put("/etc/sysctl.d/3.conf", "net.ipv6.conf.ppp0.forwarding = 1\n");
	says("net/ipv6/conf/ppp0/forwarding", "1 /etc/sysctl.d/3.conf:1");
}

/* systemd-sysctl reads sysctl.conf by a link only; procps reads it last. */
static void
test_sysctl_conf(void **state)
{
	(void)state;
	put("/etc/sysctl.conf", "net.ipv6.conf.default.accept_ra = 2\n");
	put("/etc/sysctl.d/99-z.conf", "net.ipv6.conf.default.forwarding=1\n");
	says(ACCEPT_RA, "2 /etc/sysctl.conf:1");
	command("mkdir -p run/systemd/system");
	says(ACCEPT_RA, "unread /etc/sysctl.conf:1");
	command("ln -s ../sysctl.conf etc/sysctl.d/99-sysctl.conf");
	says(ACCEPT_RA, "2 /etc/sysctl.d/99-sysctl.conf:1");
}

static void
test_networkd(void **state)
{
	(void)state;
	put("/etc/sysctl.d/1.conf", "net.ipv6.conf.ppp0.accept_ra = 2\n");
	put("/etc/systemd/network/20-ppp.network",
	    "[Match]\nName=eth* ppp*\n[Network]\nIPv6AcceptRA = no\n"
	    "LinkLocalAddressing=ipv4\n");
	put("/usr/lib/systemd/network/80-all.network",
	    "[Match]\nName=*\n[Network]\nIPv6AcceptRA=off\nIPForward=ipv6\n");
	says("net/ipv6/conf/ppp0/accept_ra",
	    "0 /etc/systemd/network/20-ppp.network:4");
	says("net/ipv6/conf/ppp0/disable_ipv6",
	    "1 /etc/systemd/network/20-ppp.network:5");
	says("net/ipv6/conf/wg0/accept_ra",
	    "0 /usr/lib/systemd/network/80-all.network:4");
	says("net/ipv6/conf/wg0/disable_ipv6", "");
	says(FORWARDING, "1 /usr/lib/systemd/network/80-all.network:5");
	put("/etc/systemd/network/10-not.network",
	    "[Match]\nName=!wg0\n[Network]\nIPv6AcceptRA=yes\n");
	says("net/ipv6/conf/ppp0/accept_ra", "2 /etc/sysctl.d/1.conf:1");
	says("net/ipv6/conf/wg0/accept_ra",
	    "0 /usr/lib/systemd/network/80-all.network:4");
	command("rm usr/lib/systemd/network/80-all.network");
	put("/etc/systemd/networkd.conf", "[Network]\nIPv6Forwarding=yes\n");
	says(FORWARDING, "1 /etc/systemd/networkd.conf:2");
}

static void
test_networkmanager(void **state)
{
	(void)state;
	put("/etc/NetworkManager/system-connections/a.nmconnection",
	    "[connection]\nid=a\ninterface-name=ppp0\n\n[ipv6]\n"
	    "method=disabled\n");
	says("net/ipv6/conf/ppp0/disable_ipv6",
	    "1 /etc/NetworkManager/system-connections/a.nmconnection:6");
	says("net/ipv6/conf/ppp1/disable_ipv6", "");
	says("net/ipv6/conf/ppp0/accept_ra", "");
	put("/run/NetworkManager/system-connections/b.nmconnection",
	    "[connection]\ninterface-name=ppp1\n[ipv6]\nmethod=link-local\n");
	says("net/ipv6/conf/ppp1/accept_ra",
	    "0 /run/NetworkManager/system-connections/b.nmconnection:4");
}

/* Nothing that is in a folder is waited for or believed for what it is not. */
static void
test_odd(void **state)
{
	char longest[3000];

	(void)state;
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	put("/etc/sysctl.d/1.conf", longest);
	command("mkdir etc/sysctl.d/2.conf");
	command("mkfifo etc/sysctl.d/3.conf");
	put("/etc/sysctl.d/4.conf", "= 1\n=\n-\nnet.ipv6.conf.default."
				    "accept_ra = 2");
	says(ACCEPT_RA, "2 /etc/sysctl.d/4.conf:4");
	says("net/ipv6/conf/", "");
	says("", "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_nothing, start, end),
		cmocka_unit_test_setup_teardown(test_order, start, end),
		cmocka_unit_test_setup_teardown(test_patterns, start, end),
		cmocka_unit_test_setup_teardown(test_all, start, end),
		cmocka_unit_test_setup_teardown(test_sysctl_conf, start, end),
		cmocka_unit_test_setup_teardown(test_networkd, start, end),
		cmocka_unit_test_setup_teardown(
		    test_networkmanager, start, end),
		cmocka_unit_test_setup_teardown(test_odd, start, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
