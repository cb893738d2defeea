/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_paste_command.c - prompts and URLs. Covers paste/command.c. */
#include "paste_help.h"

static void
test_prompts(void **state)
{
	static const struct {
		const char *line, *cmd; /* NULL: no prompt */
	} t[] = {
		{ "MacBook-Pro:~ user$ ifconfig", "ifconfig" },
		{ "acBook-Pro:~ user$ netstat -rn", "netstat -rn" },
		{ "MacBook-Pro:~ user$", "" },
		{ "$ ip addr", "ip addr" },
		{ "# sysctl -a", "sysctl -a" },
		{ "[root@gw ~]# ip -6 route", "ip -6 route" },
		{ "C:\\Users\\x>ipconfig /all", "ipconfig /all" },
		{ "C:\\Users\\x> ipconfig.exe /all", "ipconfig.exe /all" },
		{ "PS C:\\Windows> netsh interface ipv6 show route",
		    "netsh interface ipv6 show route" },
		{ "user@host:~$ vim notes", "vim notes" },
		{ "$ sudo /sbin/ifconfig", "sudo /sbin/ifconfig" },
		{ "telnet www.example.net 80", "telnet www.example.net 80" },
		{ "$", "" },
		{ "inet6 fe80::1%lo0 prefixlen 64 scopeid 0x1", NULL },
		{ "lo0: flags=8049<UP,LOOPBACK> mtu 16384", NULL },
		{ "default fe80::1%ppp0 UGc ppp0", NULL },
		{ "ADDR=$(ip -f inet6 addr show)", NULL },
		{ "I paid 5$ for it", NULL },
		{ "service radvd start > /dev/null", NULL },
		{ "ppp0にアドレスが降ってきています。", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const char *cmd = v6d_prompt(t[i].line);

		if (!cmd != !t[i].cmd || (cmd && strcmp(cmd, t[i].cmd) != 0))
			fail_msg("%s: %s", t[i].line, cmd ? cmd : "none");
	}
}

static void
test_urls(void **state)
{
	static const struct {
		const char *line, *mended; /* NULL: nothing to mend */
	} t[] = {
		{ "$ curl -6 \"http://2001:200:dff:fff1:216:3eff:feb1:44d7/\"",
		    "curl -6 -g \"http://[2001:200:dff:fff1:216:3eff:feb1:"
		    "44d7]/\"" },
		{ "$ curl http://2001:db8::1/x",
		    "curl -g http://[2001:db8::1]/x" },
		{ "see https://2001:db8::1:8080/ please",
		    "https://[2001:db8::1:8080]/" },
		{ "$ curl -g http://2001:db8::1/",
		    "curl -g http://[2001:db8::1]/" },
		{ "$ curl -6 \"http://[2001:db8::1]/\"", NULL },
		{ "http://www.example.net:80/", NULL },
		{ "http://192.0.2.1:8080/", NULL },
		{ "http://cafe:80/", NULL },
		{ "http://", NULL },
		{ "2001:db8::1 without a scheme", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct pasted *q = calloc(1, sizeof(*q));

		assert_non_null(q);
		v6d_paste_init(&q->p);
		v6d_url_lint(&q->p, t[i].line, (struct v6d_at){ 0 });
		assert_int_equal(q->p.n_urls, t[i].mended ? 1 : 0);
		if (t[i].mended)
			assert_string_equal(q->p.urls[0].mended, t[i].mended);
		free(q);
	}
}

/* As long as a line may be: nothing is written past its end. */
static void
test_long_url(void **state)
{
	struct pasted *q = calloc(1, sizeof(*q));
	char line[1024] = "curl http://";

	(void)state;
	assert_non_null(q);
	v6d_paste_init(&q->p);
	for (size_t n = strlen(line); n < sizeof(line) - 6; n += 5)
		memcpy(line + n, "2001:", 6);
	for (unsigned i = 0; i < V6D_PASTE_URLS + 2; i++)
		v6d_url_lint(&q->p, line, (struct v6d_at){ 0 });
	assert_int_equal(q->p.n_urls, V6D_PASTE_URLS);
	assert_int_equal(q->p.n_dropped, 2);
	free(q);
}

static void
test_announces(void **state)
{
	struct pasted *q =
	    pasted("$ telnet 2001:db8::1 25\n$ curl -6 -m 5 -o x "
		   "https://www.example.net/a\n$ ping6 -s 1400 2001:db8::1\n");

	(void)state;
	assert_int_equal(q->p.n_tries, 2);
	assert_int_equal(q->p.tries[0].port, 25);
	assert_true(q->p.tries[0].literal);
	assert_false(q->p.tries[0].fetch);
	assert_string_equal(q->p.tries[1].name, "www.example.net");
	assert_int_equal(q->p.tries[1].port, 443);
	assert_true(q->p.tries[1].fetch);
	assert_int_equal(q->p.n_pings, 1);
	assert_int_equal(q->p.pings[0].size, 1400);
	/* commands alone show nothing of the network */
	assert_int_equal(q->f.n, 0);
	free(q);
}

RUN(cmocka_unit_test(test_prompts), cmocka_unit_test(test_urls),
    cmocka_unit_test(test_long_url), cmocka_unit_test(test_announces))
