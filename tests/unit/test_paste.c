/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_paste.c - from lines to a picture and to facts: which format a line
 * is of, where wrapped lines belong, and what follows. Covers paste/paste.c,
 * paste/picture.c and paste/observe.c.
 */
#include "paste_help.h"

static void
test_source(void **state)
{
	struct pasted *q = pasted("\n\nppp0: flags=8051<UP,POINTOPOINT,RUNNING,"
				  "MULTICAST> mtu 1444\n");
	char buf[64];

	(void)state;
	v6d_paste_source(&q->p, &q->p.ifs[0].at, buf, sizeof(buf));
	assert_string_equal(buf, "paste: ifconfig, line 3");
	paste_bytes(&q->p, "en0: flags=0<> mtu 1500\n", 24);
	v6d_paste_source(&q->p, &q->p.ifs[1].at, buf, sizeof(buf));
	assert_string_equal(buf, "paste 2: ifconfig, line 1");
	free(q);
}

static void
test_unknown_lines(void **state)
{
	struct pasted *q = pasted("Dear all,\nplease look.\n\nlo0: flags="
				  "8049<UP> mtu 1\nyours\n");

	(void)state;
	assert_int_equal(q->p.n_lines, 4);
	assert_int_equal(q->p.n_known, 1);
	assert_int_equal(q->p.n_gaps, 2);
	assert_int_equal(q->p.gaps[0].first, 1);
	assert_int_equal(q->p.gaps[0].last, 2);
	assert_int_equal(q->p.gaps[1].first, 5);
	free(q);
}

/* A line that goes on is one line; a line behind a table is not its end. */
static void
test_wrapped(void **state)
{
	struct pasted *q = pasted("default fe80::1%ppp0\nUGc\nppp0\n"
				  "Trying 2001:db8::1...\n"
				  "Connected to\nwww.example.net.\n");

	(void)state;
	assert_int_equal(q->p.n_routes, 1);
	assert_string_equal(q->p.routes[0].dev, "ppp0");
	assert_int_equal(q->p.n_tries, 1);
	assert_int_equal(q->p.tries[0].level, V6D_CONNECTED);
	assert_int_equal(q->p.n_gaps, 0);
	free(q);
	/* an empty line ends what went before */
	q = pasted("default fe80::1%ppp0\n\nUGc ppp0\n");
	assert_int_equal(q->p.n_routes, 0);
	free(q);
}

/* Full tables count what they lose, and nothing is certain any more. */
static void
test_full(void **state)
{
	struct pasted *q = calloc(1, sizeof(*q));
	char line[128];

	(void)state;
	assert_non_null(q);
	v6d_paste_init(&q->p);
	for (unsigned i = 0; i < 300; i++) {
		int n = snprintf(line, sizeof(line),
		    "en%u: flags=8863<UP> mtu 1500\ninet6 2001:db8::%x "
		    "prefixlen 64\n",
		    i, i + 1);

		/* as lines of one piece, not as 300 pieces */
		q->p.n_pieces = 0;
		paste_bytes(&q->p, line, (size_t)n);
	}
	paste_bytes(&q->p, "CHAP authentication failed\n", 27);
	judge(q);
	assert_int_equal(q->p.n_ifs, V6D_PASTE_IFS);
	assert_true(q->p.n_dropped > 0);
	assert_int_equal(q->d.findings[0].cause, V6D_CAUSE_AUTH_REJECTED);
	assert_int_equal(q->d.findings[0].certainty, V6D_LIKELY);
	need_note(q, V6D_NOTE_LOST, "left out");
	free(q);
}

#define PPP0 "ppp0: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1444\n"
#define LL "inet6 fe80::1%ppp0 prefixlen 64 scopeid 0x7\n"
#define GLOBAL "inet6 2001:db8::1 prefixlen 64 autoconf\n"

/* What a text that may have been cut does not prove. */
static void
test_cut(void **state)
{
	struct pasted *q = pasted(PPP0 LL);

	(void)state;
	need_fact(q, V6D_FACT_ADDR_GLOBAL, V6D_BAD, "none", NULL);
	free(q);
	q = pasted(PPP0 "inet6 fe80::1%ppp0 prefixlen 64");
	no_fact(q, V6D_FACT_ADDR_GLOBAL); /* its last line has no end */
	free(q);
	q = pasted(PPP0 LL GLOBAL);
	need_fact(q, V6D_FACT_ADDR_GLOBAL, V6D_OK, NULL, "2001:db8::1");
	free(q);
	q = pasted(PPP0);
	no_fact(q, V6D_FACT_ADDR_GLOBAL); /* no list at all */
	free(q);
	q = pasted("ppp0: flags=8051<UP,POINTOPOINT> mtu 14");
	no_fact(q, V6D_FACT_V6_MTU); /* half a number */
	free(q);
	q = pasted("ppp0: flags=8051<UP,POINTOPOINT> mtu 1000\n" LL);
	need_fact(q, V6D_FACT_V6_MTU, V6D_BAD, "too-small", NULL);
	free(q);
}

static void
test_tunnel(void **state)
{
	static const struct {
		const char *text, *name; /* NULL: none */
	} t[] = {
		{ "en0: flags=8863<UP,BROADCAST> mtu 1500\n", NULL },
		{ "en0: flags=8863<UP> mtu 1500\n" PPP0, "ppp0" },
		{ "utun0: flags=8051<UP,POINTOPOINT> mtu 1380\n", NULL },
		{ "tun0: flags=8051<UP,POINTOPOINT> mtu 1380\n", "tun0" },
		{ "ppp0: flags=8010<POINTOPOINT> mtu 1\nppp1: "
		  "flags=8051<UP,POINTOPOINT> mtu 1444\n",
		    "ppp1" },
		{ "ifname ipv6\n2: ipv6: <UP,LOWER_UP> mtu 1500\n", "ipv6" },
		{ "PPP adapter IIJ:\n\n   IPv6 Address. . . . : "
		  "2001:db8::1\n",
		    "IIJ" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct pasted *q = pasted(t[i].text);
		int n = v6d_paste_tunnel(&q->p);

		if ((n < 0) != !t[i].name ||
		    (n >= 0 && strcmp(q->p.ifs[n].name, t[i].name) != 0))
			fail_msg("%s: %s", t[i].text,
			    n < 0 ? "none" : q->p.ifs[n].name);
		free(q);
	}
}

/* Told is weaker than printed, and it is the older of the two. */
static void
test_told(void **state)
{
	struct pasted *q = pasted("ping6 works fine.\n");

	(void)state;
	need_fact(q, V6D_FACT_V6_SMALL, V6D_OK, NULL, NULL);
	assert_non_null(strstr(q->f.obs[0].source, "told"));
	free(q);
	q = pasted("ping6 does not work.\nI got no address.\n");
	assert_int_equal(q->f.n, 0);
	free(q);
}

/* Bytes of a stranger end up in names: nothing but text comes out. */
static void
test_escaped(void **state)
{
	struct pasted *q =
	    pasted("ppp0\x1b]0;x\x07: flags=8051<UP,POINTOPOINT> mtu 1444\n"
		   "PPP adapter a\x01\x02:\n");

	(void)state;
	for (unsigned i = 0; i < q->p.n_ifs; i++)
		for (const char *s = q->p.ifs[i].name; *s; s++)
			assert_true((uint8_t)*s >= 0x20 && *s != 0x7f);
	free(q);
}

/* A text never shows that everything works. */
static void
test_never_healthy(void **state)
{
	struct pasted *q = pasted(PPP0 LL GLOBAL
	    "default fe80::2%ppp0 UGc ppp0\nTrying 2001:db8::2...\n"
	    "Connected to a.\n");

	(void)state;
	assert_int_equal(q->d.verdict, V6D_VERDICT_UNDETERMINED);
	assert_false(q->scope.can[V6D_STAGE_MTU]);
	assert_non_null(q->scope.why_not[V6D_STAGE_MTU]);
	free(q);
}

RUN(cmocka_unit_test(test_source), cmocka_unit_test(test_unknown_lines),
    cmocka_unit_test(test_wrapped), cmocka_unit_test(test_full),
    cmocka_unit_test(test_cut), cmocka_unit_test(test_tunnel),
    cmocka_unit_test(test_told), cmocka_unit_test(test_escaped),
    cmocka_unit_test(test_never_healthy))
