/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_pppd.c - pppd's options file; what its words and its status tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/wire.h"
#include "io/pppd_text.h"

static const struct v6d_pppd_wish wish = {
	.server = { 4, { 192, 0, 2, 1 } },
	.user = "alice@example.net",
	.password = "a b\"\\\t#",
	.auth = V6D_AUTH_ANY & ~V6D_AUTH_PAP,
	.mru = 1444,
	.mtu = 1400,
	.echo_s = 20,
	.ifid = { 0x12, 0x34, 0, 0, 0, 1, 0xff, 0xfe },
	.ifname = "v6tun0",
};

static void
has(const char *text, const char *line)
{
	if (!strstr(text, line))
		fail_msg("'%s' is missing in:\n%s", line, text);
}

static void
writes_options(void **state)
{
	char text[4096];

	(void)state;
	assert_true(v6d_pppd_options(&wish, text, sizeof(text)));
	has(text, "\npty \"exec pptp 192.0.2.1 --nolaunchpppd\"\n");
	has(text, "\nuser \"alice@example.net\"\n");
	/* No character of a password ends its word or the line. */
	has(text, "\npassword \"a\\040b\\042\\134\\011\\043\"\n");
	has(text, "\nipv6 ::1234:0:1:fffe,\n");
	has(text, "\nrefuse-pap\n");
	assert_null(strstr(text, "refuse-chap"));
	has(text, "\nnomppe\n");
	has(text, "\nmtu 1400\nmru 1444\n");
	has(text, "\nlcp-echo-interval 20\n");
	has(text, "\nifname v6tun0\n");
	has(text, "\nnoip\n");
}

static void
writes_other_options(void **state)
{
	struct v6d_pppd_wish w = wish;
	char text[4096];

	(void)state;
	w.mppe = w.plugin = true;
	assert_true(v6d_pppd_options(&w, text, sizeof(text)));
	has(text, "\nplugin pptp.so\npptp_server 192.0.2.1\n");
	assert_null(strstr(text, "pty"));
	has(text, "\nrequire-mppe-128\n");
	assert_false(v6d_pppd_options(&w, text, 100));
}

#define CONNECT                              \
	"Renamed interface ppp0 to v6tun0\n" \
	"Using interface v6tun0\nConnect: v6tun0 <--> /dev/pts/0\n"
#define LCP "rcvd [LCP ConfReq id=0x1 <auth chap MS-v2> <magic 0x1>]\n"
#define LOGGED_IN                                          \
	"rcvd [CHAP Challenge id=0x1 <a>, name = \"b\"]\n" \
	"CHAP authentication succeeded\n"
#define HANGUP "Modem hangup\nConnection terminated.\n"

/* As pppd 2.4.9 and pptp 1.10 wrote them, against servers of each kind. */
static const struct {
	const char *words;
	int status;
	enum v6d_session_state at;
	enum v6d_session_why why;
} tales[] = {
	{ CONNECT LCP LOGGED_IN
	    "local  LL address fe80::0001\nremote LL address fe80::0002\n"
	    "Terminating on signal 15\n" HANGUP
	    "Connect time 0.5 minutes.\nSent 76 bytes, received 392 bytes.\n",
	    16, V6D_SESSION_UP, V6D_WHY_STOPPED },
	{ CONNECT
	    "anon warn[open_inetsock:pptp_callmgr.c:352]: connect: Connection "
	    "refused\nanon fatal[callmgr_main:pptp_callmgr.c:134]: Could not "
	    "open control connection to 192.0.2.1\n"
	    "anon fatal[open_callmgr:pptp.c:525]: Call manager exited with "
	    "error 256\n" HANGUP,
	    16, V6D_SESSION_CONNECTING, V6D_WHY_TCP_FAILED },
	{ CONNECT "anon fatal[open_callmgr:pptp.c:533]: Could not launch call "
		  "manager after 3 tries.\n" HANGUP,
	    16, V6D_SESSION_WAIT_START, V6D_WHY_CLOSED },
	{ CONNECT "LCP: timeout sending Config-Requests\n"
		  "Connection terminated.\nModem hangup\n",
	    16, V6D_SESSION_LCP, V6D_WHY_TIMEOUT },
	{ CONNECT LCP "sent [LCP ConfRej id=0x1 <auth chap MS-v2>]\n" HANGUP,
	    16, V6D_SESSION_LCP, V6D_WHY_AUTH_METHOD },
	{ CONNECT LCP "MS-CHAP authentication failed: Access denied\n"
		      "CHAP authentication failed\nConnection terminated.\n",
	    19, V6D_SESSION_AUTH, V6D_WHY_AUTH_REJECTED },
	{ CONNECT LCP "Connection terminated.\n", 19, V6D_SESSION_AUTH,
	    V6D_WHY_AUTH_REJECTED },
	{ CONNECT LCP LOGGED_IN "MPPE required but peer negotiation failed\n"
				"Connection terminated.\n",
	    10, V6D_SESSION_NETWORK, V6D_WHY_MPPE },
	{ CONNECT LCP LOGGED_IN
	    "rcvd [CCP ConfReq id=0x1 <mppe +H -M +S -L -D -C>]\n"
	    "sent [CCP ConfRej id=0x1 <mppe +H -M +S -L -D -C>]\n" HANGUP,
	    16, V6D_SESSION_NETWORK, V6D_WHY_MPPE },
	{ CONNECT LCP LOGGED_IN "LCP terminated by peer\n" HANGUP, 16,
	    V6D_SESSION_NETWORK, V6D_WHY_TERMINATED },
	{ CONNECT LCP LOGGED_IN
	    "rcvd [LCP ProtRej id=0x2 80 57 01 01 00 0e 01 0a]\n"
	    "Terminating on signal 15\n" HANGUP,
	    16, V6D_SESSION_NETWORK, V6D_WHY_IPV6CP_REJECTED },
	{ CONNECT LCP LOGGED_IN "remote LL address fe80::0002\n"
				"No response to 5 echo-requests\n"
				"Serial link appears to be disconnected.\n",
	    15, V6D_SESSION_UP, V6D_WHY_ECHO_LOST },
	{ CONNECT LCP LOGGED_IN "remote LL address fe80::0002\n" HANGUP, 16,
	    V6D_SESSION_UP, V6D_WHY_CLOSED },
	{ CONNECT LCP, 15, V6D_SESSION_LCP, V6D_WHY_ECHO_LOST },
	{ CONNECT, 17, V6D_SESSION_CONNECTING, V6D_WHY_LOOPED },
	{ CONNECT LCP, 10, V6D_SESSION_LCP, V6D_WHY_LCP_FAILED },
	{ CONNECT LCP LOGGED_IN, 10, V6D_SESSION_NETWORK,
	    V6D_WHY_IPV6CP_FAILED },
	{ "pppd: unrecognized option 'ipv6'\n", 2, V6D_SESSION_IDLE,
	    V6D_WHY_NONE },
	{ CONNECT, 137, V6D_SESSION_CONNECTING, V6D_WHY_NONE },
};

static void
understands(void **state)
{
	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(tales); i++) {
		struct v6d_pppd_tale t = { 0 };
		char line[512];

		for (const char *w = tales[i].words; *w;) {
			size_t n = strcspn(w, "\n");

			memcpy(line, w, n);
			line[n] = '\0';
			v6d_pppd_hear(&t, line);
			w += n + 1;
		}
		v6d_pppd_ended(&t, tales[i].status);
		if (t.at != tales[i].at || t.why != tales[i].why)
			fail_msg("tale %zu: %s (while %s)", i,
			    v6d_session_why_text(t.why),
			    v6d_session_state_text(t.at));
	}
}

static void
keeps_the_last_words(void **state)
{
	struct v6d_pppd_tale t = { 0 };

	(void)state;
	v6d_pppd_hear(&t, "pppd: unrecognized option 'ipv6'");
	v6d_pppd_hear(&t, "Connection terminated.");
	assert_string_equal(t.last, "pppd: unrecognized option 'ipv6'");
	assert_false(t.encrypted);
	v6d_pppd_hear(&t, "MPPE 128-bit stateless compression enabled");
	assert_true(t.encrypted);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_options),
		cmocka_unit_test(writes_other_options),
		cmocka_unit_test(understands),
		cmocka_unit_test(keeps_the_last_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
