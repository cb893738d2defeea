/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_profile.c - profiles: what they hold, and every way to be wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/wire.h"
#include "io/profile.h"
#include "io/profile_keys.h"

static const char whole[] =
    "# a comment\n"
    "[tunnel]\n"
    "server = vpn.example.net\n"
    "  user = alice@example.net ; indented keys are keys\n"
    "password-file = secret\n"
    "auth = pap, mschapv2\n"
    "mppe = refuse\n"
    "mtu = 1280\n"
    "[probe]\n"
    "ipv6-target = 2001:db8::1 2001:db8::2\n"
    "ipv6-target = 2001:db8::3\n"
    "dns-server = 192.0.2.1, 2001:db8::53\n"
    "napt-target = [2001:db8::80]:80\n"
    "[lan]\n"
    "interface = br0 br1\n"
    "radvd = no\n"
    "[firewall]\n"
    "policy = no-syn\n"
    "allow = tcp/22 udp/53\n"
    "[dns-update]\n"
    "ttl = 60\n"
    "[peer]\n"
    "prefix = 2001:db8:1::/48\n"
    "lcp = silent\n"
    "refuse-call = 4\n"
    "ifid = ::abcd\n"
    "radvd = no\n";

static void
reads_everything(void **state)
{
	struct v6d_profile p;
	struct v6d_profile_error e = { 0 };
	char text[V6D_ADDR_TEXT];

	(void)state;
	assert_int_equal(
	    v6d_profile_parse(whole, "/etc/v6doctor/x.conf", &p, &e), 0);
	assert_string_equal(p.tunnel.server, "vpn.example.net");
	assert_string_equal(p.tunnel.user, "alice@example.net");
	assert_string_equal(p.tunnel.password_file, "/etc/v6doctor/secret");
	assert_int_equal(p.tunnel.auth, V6D_AUTH_PAP | V6D_AUTH_MSCHAPV2);
	assert_int_equal(p.tunnel.mppe, V6D_MPPE_REFUSE);
	assert_int_equal(p.tunnel.mtu, 1280);
	assert_int_equal(p.tunnel.mru, 1500);
	assert_string_equal(p.tunnel.interface, "v6tun0");
	assert_int_equal(p.probe.ipv6_target.n, 3);
	assert_string_equal(
	    v6d_addr_text(&p.probe.ipv6_target.a[2], text, sizeof(text)),
	    "2001:db8::3");
	assert_int_equal(p.probe.dns_server.n, 2);
	assert_int_equal(p.probe.dns_server.a[0].family, 4);
	assert_int_equal(p.probe.max_sessions, 128);
	assert_int_equal(p.lan.interface.n, 2);
	assert_false(p.lan.radvd);
	assert_true(p.firewall.no_syn);
	assert_int_equal(p.firewall.allow.n, 2);
	assert_int_equal(p.dns_update.ttl_s, 60);
	assert_true(p.peer.given);
	assert_int_equal(p.peer.prefix.len, 48);
	assert_int_equal(p.peer.lcp, V6D_LCP_SILENT);
	assert_int_equal(p.peer.refuse_call, 4);
	assert_int_equal(p.peer.ifid[6], 0xab);
	/* Not said for the peer: the tunnel's. */
	assert_string_equal(p.peer.user, "alice@example.net");
	assert_string_equal(p.peer.password_file, "/etc/v6doctor/secret");
}

static void
knows_authentication(void **state)
{
	static const struct {
		const char *text;
		unsigned auth;
		enum v6d_mppe_wish mppe;
	} t[] = {
		{ "", V6D_AUTH_ANY, V6D_MPPE_ALLOW },
		{ "auth = any\n", V6D_AUTH_ANY, V6D_MPPE_ALLOW },
		{ "auth = chap\n", V6D_AUTH_CHAP, V6D_MPPE_ALLOW },
		{ "auth = chap, eap\n", V6D_AUTH_CHAP | V6D_AUTH_EAP,
		    V6D_MPPE_ALLOW },
		{ "mppe = require\n", V6D_AUTH_ANY, V6D_MPPE_REQUIRE },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		struct v6d_profile p;
		struct v6d_profile_error e;
		char text[128];

		snprintf(text, sizeof(text), "[tunnel]\n%s[peer]\n%s",
		    t[i].text, t[i].text);
		assert_int_equal(v6d_profile_parse(text, "x", &p, &e), 0);
		assert_int_equal(p.tunnel.auth, t[i].auth);
		assert_int_equal(p.tunnel.mppe, t[i].mppe);
		assert_int_equal(p.peer.mppe, t[i].mppe);
		assert_int_equal(p.peer.auth,
		    strstr(t[i].text, "auth") ? t[i].auth : V6D_AUTH_MSCHAPV2);
	}
}

static const struct {
	const char *text;
	unsigned line;
	const char *reason; /* is part of it */
} bad[] = {
	{ "server = x\n", 1, "before the first [section]" },
	{ "[tunnels]\n", 1, "unknown section [tunnels]" },
	{ "\n[tunnels]\na = b\n", 2, "unknown section [tunnels]" },
	{ "[tunnel]\nsever = x\n", 2, "unknown key 'sever' in [tunnel]" },
	{ "[tunnel]\nmru = 1500\nnonsense\n", 3, "neither [section]" },
	{ "[tunnel\nmru = 1500\n", 1, "no ']'" },
	{ "[tunnel]\nnonsense\n[x]\n", 2, "neither [section]" },
	{ "[tunnel]\nmtu = 1280\nmtu = 1280\n", 3, "mtu is given twice" },
	{ "[tunnel]\npassword = x\n", 2, "does not belong here" },
	{ "[tunnel]\nmtu =\n", 2, "mtu has no value" },
	{ "[tunnel]\nmtu = 1279\n", 2, "whole number: 1280 to 1500; found" },
	{ "[tunnel]\nmtu = -1\n", 2, "must be a whole number" },
	{ "[tunnel]\nmtu = 1400x\n", 2, "found '1400x'" },
	{ "[tunnel]\nmtu = 99999999999999999999\n", 2, "whole number" },
	{ "[tunnel]\nauth = md5\n", 2, "must be any, none, pap" },
	{ "[tunnel]\nmppe = maybe\n", 2,
	    "must be one of these words: allow | require | refuse; found" },
	{ "[tunnel]\nengine = pptp\n", 2,
	    "must be one of these words: builtin | pppd; found" },
	{ "[tunnel]\ninterface = sixteen-letters-\n", 2, "interface name" },
	{ "[tunnel]\ninterface = a/b\n", 2, "interface name" },
	{ "[tunnel]\nserver = two words\n", 2, "host name or an address" },
	{ "[probe]\nipv6-target = 192.0.2.1\n", 2, "IPv6 address" },
	{ "[probe]\nipv4-target = 2001:db8::1\n", 2, "IPv4 address" },
	{ "[probe]\ndns-server = here\n", 2, "must be an address" },
	{ "[probe]\nipv6-target = ::1 ::2 ::3 ::4 ::5 ::6 ::7 ::8 ::9\n", 2,
	    "too many values" },
	{ "[probe]\nnapt-target = host:0\n", 2, "HOST:PORT" },
	{ "[lan]\nradvd = true\n", 2, "must be yes or no" },
	{ "[firewall]\npolicy = open\n", 2, "stateful or no-syn" },
	{ "[firewall]\nallow = ssh\n", 2, "services like tcp/22" },
	{ "[peer]\nprefix = 2001:db8::/65\n", 2, "at most 64 bits" },
	{ "[peer]\nifid = 2001::1\n", 2, "interface identifier" },
	{ "[peer]\nifid = ::\n", 2, "interface identifier" },
	{ "[tunnel]\nuser = a\x1b[31m\nmtu = \x1b[31m\n", 3, "'?[31m'" },
};

static void
names_the_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(bad); i++) {
		struct v6d_profile p = { .path = "untouched" };
		struct v6d_profile_error e = { 0 };
		char text[5000];

		if (v6d_profile_parse(bad[i].text, "f", &p, &e) != -EINVAL ||
		    e.line != bad[i].line || !strstr(e.reason, bad[i].reason))
			fail_msg("%s: %s", bad[i].text,
			    v6d_profile_error_text(&e, text, sizeof(text)));
		assert_string_equal(p.path, "untouched");
		assert_string_equal(e.file, "f");
	}
}

static void
refuses_long_lines(void **state)
{
	struct v6d_profile p;
	struct v6d_profile_error e = { 0 };
	char text[8192] = "[tunnel]\nuser = ";

	(void)state;
	memset(text + strlen(text), 'a', 5000);
	assert_int_equal(v6d_profile_parse(text, "f", &p, &e), -EINVAL);
	assert_int_equal(e.line, 2);
	assert_non_null(strstr(e.reason, "too long"));
}

static void
reads_an_empty_file(void **state)
{
	struct v6d_profile p;
	struct v6d_profile_error e = { 0 };

	(void)state;
	assert_int_equal(v6d_profile_parse("", "f", &p, &e), 0);
	assert_false(p.peer.given);
	assert_int_equal(p.probe.deadline_s, 30);
	assert_int_equal(v6d_profile_parse("[peer]\n", "f", &p, &e), 0);
	assert_true(p.peer.given);
	assert_int_equal(p.peer.auth, V6D_AUTH_MSCHAPV2);
}

/* Each default must be readable and each key findable. */
static void
table_is_sound(void **state)
{
	struct v6d_profile p;

	(void)state;
	memset(&p, 0, sizeof(p));
	for (size_t i = 0; i < v6d_n_keys; i++) {
		const struct v6d_key *k = &v6d_keys[i];
		char form[64];
		bool section;

		assert_ptr_equal(
		    v6d_key_find(k->section, k->name, &section), k);
		if (k->standard[0])
			assert_null(v6d_key_set(k, &p, k->standard, false));
		v6d_key_form_text(k, form, sizeof(form));
		assert_true(strlen(form) > 0 && strlen(k->meaning) > 0);
	}
}

static char folder[] = "/tmp/v6d-test-profile-XXXXXX";

static int
make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int
remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static void
put(char *path, size_t n, const char *name, const char *text, mode_t mode)
{
	int fd;

	snprintf(path, n, "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void
finds_by_name(void **state)
{
	char path[256], found[4096], sub[256];

	(void)state;
	assert_int_equal(v6d_profile_find("./x", found, sizeof(found)), 0);
	assert_string_equal(found, "./x");
	setenv("XDG_CONFIG_HOME", folder, 1);
	assert_int_equal(
	    v6d_profile_find("v6d-test-none", found, sizeof(found)), -ENOENT);
	assert_non_null(strstr(found, "/etc/v6doctor/v6d-test-none.conf"));
	snprintf(sub, sizeof(sub), "%s/v6doctor", folder);
	assert_int_equal(mkdir(sub, 0700), 0);
	put(path, sizeof(path), "v6doctor/home.conf", "", 0644);
	assert_int_equal(v6d_profile_find("home", found, sizeof(found)), 0);
	assert_string_equal(found, path);
	unlink(path);
	rmdir(sub);
}

/* sudo makes HOME root's; the profile is in its caller's. */
static void
finds_it_under_sudo(void **state)
{
	const struct passwd *nobody = getpwuid(65534);
	char found[4096], want[512];

	(void)state;
	assert_non_null(nobody);
	snprintf(want, sizeof(want), "%s/.config/v6doctor/x.conf, %s/.config",
	    nobody->pw_dir, folder);
	unsetenv("XDG_CONFIG_HOME");
	setenv("HOME", folder, 1);
	setenv("SUDO_UID", "65534", 1);
	assert_int_equal(v6d_profile_find("x", found, sizeof(found)), -ENOENT);
	if (geteuid() == 0)
		assert_memory_equal(found, want, strlen(want));
	else
		assert_memory_equal(found, folder, strlen(folder));
	unsetenv("SUDO_UID");
	assert_int_equal(v6d_profile_find("x", found, sizeof(found)), -ENOENT);
	assert_memory_equal(found, folder, strlen(folder));
}

static void
reads_from_disk(void **state)
{
	char path[256];
	struct v6d_profile p;
	struct v6d_profile_error e = { 0 };

	(void)state;
	put(path, sizeof(path), "p.conf", "[tunnel]\npassword-file = pw\n",
	    0644);
	assert_int_equal(v6d_profile_read(path, &p, &e), 0);
	assert_memory_equal(p.tunnel.password_file, folder, strlen(folder));
	unlink(path);
	assert_int_equal(v6d_profile_read(path, &p, &e), -ENOENT);
	assert_int_equal(e.line, 0);
	assert_non_null(strstr(e.reason, "cannot be opened"));
	assert_int_equal(v6d_profile_read(folder, &p, &e), -EISDIR);
}

static void
guards_the_password(void **state)
{
	char path[256], pw[V6D_PROFILE_TEXT] = "untouched";
	struct v6d_profile_error e = { 0 };

	(void)state;
	put(path, sizeof(path), "pw", "se cret\nsecond line\n", 0600);
	assert_int_equal(v6d_profile_password(path, pw, sizeof(pw), &e), 0);
	assert_string_equal(pw, "se cret");
	put(path, sizeof(path), "pw", "hush", 0640);
	assert_int_equal(
	    v6d_profile_password(path, pw, sizeof(pw), &e), -EPERM);
	assert_non_null(strstr(e.reason, "chmod 600"));
	assert_null(strstr(e.reason, "hush"));
	put(path, sizeof(path), "pw", "\n", 0600);
	assert_int_equal(
	    v6d_profile_password(path, pw, sizeof(pw), &e), -EINVAL);
	assert_non_null(strstr(e.reason, "empty"));
	unlink(path);
	assert_int_equal(
	    v6d_profile_password(path, pw, sizeof(pw), &e), -ENOENT);
	assert_int_equal(
	    v6d_profile_password(folder, pw, sizeof(pw), &e), -EPERM);
	assert_string_equal(pw, "se cret");
}

/* The page that hung, as people write it down. */
static void
takes_a_url(void **state)
{
	struct v6d_profile p;
	struct v6d_profile_error e = { 0 };
	char text[V6D_ADDR_TEXT];

	(void)state;
	assert_int_equal(v6d_profile_parse("[probe]\nliteral = "
					   "http://[2001:db8::1]:80/x\n",
			     "f", &p, &e),
	    0);
	assert_string_equal(
	    v6d_addr_text(&p.probe.literal, text, sizeof(text)), "2001:db8::1");
	assert_string_equal(p.note, "");
	assert_int_equal(
	    v6d_profile_parse(
		"[probe]\n\nliteral = http://2001:db8::1/\n", "f", &p, &e),
	    0);
	assert_string_equal(
	    v6d_addr_text(&p.probe.literal, text, sizeof(text)), "2001:db8::1");
	assert_non_null(strstr(p.note, "line 3"));
	assert_non_null(strstr(p.note, "http://[2001:db8::1]/"));
	assert_int_equal(
	    v6d_profile_parse(
		"[probe]\nliteral = http://www.example.net/\n", "f", &p, &e),
	    -EINVAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_everything),
		cmocka_unit_test(knows_authentication),
		cmocka_unit_test(names_the_line),
		cmocka_unit_test(refuses_long_lines),
		cmocka_unit_test(reads_an_empty_file),
		cmocka_unit_test(table_is_sound),
		cmocka_unit_test(finds_by_name),
		cmocka_unit_test(finds_it_under_sudo),
		cmocka_unit_test(reads_from_disk),
		cmocka_unit_test(guards_the_password),
		cmocka_unit_test(takes_a_url),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
