/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_paste_story.c - the pastes of one long thread: what each must be read
 * as, to the last number, and what is likeliest as one follows the other.
 * Covers paste/ifconfig.c, paste/netstat.c, paste/notes.c, paste/rank.c,
 * paste/told.c and paste/connect.c.
 */
#include "paste_help.h"

#define TEXT "captures/text/"

static struct pasted *
new_(void)
{
	struct pasted *q = calloc(1, sizeof(*q));

	assert_non_null(q);
	v6d_paste_init(&q->p);
	return q;
}

static const struct {
	const char *name;
	uint32_t flags;
	unsigned mtu;
} interfaces[] = {
	{ "lo0", 0x8049, 16384 },
	{ "gif0", 0x8010, 1280 },
	{ "stf0", 0x0, 1280 },
	{ "en0", 0x8863, 1500 },
	{ "en1", 0x8863, 1500 },
	{ "fw0", 0x8863, 4078 },
	{ "ppp0", 0x8051, 1444 },
};

/* Everything about F1; it may have come in any number of pieces. */
static void
check_f1(const struct pasted *q)
{
	static const uint8_t en0[6] = { 0x10, 0x9a, 0xdd, 0x4a, 0x47, 0x2d };
	static const uint8_t en1[6] = { 0xf0, 0xb4, 0x79, 0x18, 0x00, 0x89 };
	static const uint8_t fw0[8] = { 0x70, 0xcd, 0x60, 0xff, 0xfe, 0x03,
		0xc8, 0x5a };
	const struct v6d_paste_addr *a;
	uint8_t mac[6];
	unsigned n = 0;

	assert_int_equal(q->p.n_ifs, 7);
	for (unsigned i = 0; i < 7; i++) {
		assert_string_equal(q->p.ifs[i].name, interfaces[i].name);
		assert_true(q->p.ifs[i].has_flags);
		assert_true(q->p.ifs[i].flags_agree);
		assert_int_equal(q->p.ifs[i].flags, interfaces[i].flags);
		assert_int_equal(q->p.ifs[i].mtu, interfaces[i].mtu);
	}
	assert_memory_equal(interface(q, "en0")->mac, en0, 6);
	assert_int_equal(interface(q, "en0")->active, V6D_NO);
	assert_memory_equal(interface(q, "en1")->mac, en1, 6);
	assert_int_equal(interface(q, "en1")->active, V6D_YES);
	assert_int_equal(interface(q, "fw0")->mac_len, 8);
	assert_memory_equal(interface(q, "fw0")->mac, fw0, 8);
	assert_int_equal(interface(q, "fw0")->active, V6D_NO);
	assert_int_equal(interface(q, "en1")->index, 5);
	assert_int_equal(interface(q, "ppp0")->index, 7);

	a = address(q, "en1", "192.168.0.11");
	assert_int_equal(a->plen, 24);
	assert_int_equal(a->broadcast.b[3], 255);
	a = address(q, "en1", "fe80::f2b4:79ff:fe18:89");
	assert_int_equal(a->scope_id, 5);
	assert_true(v6d_eui64_mac(&a->addr, mac));
	assert_memory_equal(mac, en1, 6);
	a = address(q, "ppp0", "fe80::129a:ddff:fe4a:472d");
	assert_int_equal(a->scope_id, 7);
	assert_int_equal(a->plen, 64);
	a = address(q, "ppp0", "2001:240:bb8a:118:129a:ddff:fe4a:472d");
	assert_int_equal(a->flags, V6D_PA_AUTOCONF);
	assert_int_equal(a->plen, 64);
	assert_true(v6d_eui64_mac(&a->addr, mac));
	assert_memory_equal(mac, en0, 6);
	assert_int_equal(v6d_mac_owner(&q->p, mac), 3);
	a = address(q, "ppp0", "2001:240:bb8a:118:5001:71a0:6e46:771");
	assert_int_equal(a->flags, V6D_PA_AUTOCONF | V6D_PA_TEMPORARY);
	assert_int_equal(a->addr.b[8] & 2, 0); /* not made of hardware */
	for (unsigned i = 0; i < q->p.n_addrs; i++) {
		const char *name = q->p.ifs[q->p.addrs[i].ifi].name;

		n += strcmp(name, "ppp0") == 0;
		assert_string_not_equal(name, "en0");
		assert_false(strcmp(name, "en1") == 0 &&
			     v6d_addr_is_global(&q->p.addrs[i].addr));
		assert_false(strcmp(name, "ppp0") == 0 &&
			     q->p.addrs[i].addr.family == 4);
	}
	assert_int_equal(n, 3);
	assert_int_equal(v6d_paste_tunnel(&q->p), 6);

	need_note(q, V6D_NOTE_IDENTIFIER, "10:9a:dd:4a:47:2d, that of en0");
	need_note(q, V6D_NOTE_MPPE_BY_MTU, "1448 - 4: MPPE is active");
	need_note(q, V6D_NOTE_MTU_ARITHMETIC, "1444 + 44 = 1488");
	need_note(q, V6D_NOTE_MTU_ARITHMETIC, "1484 with compressed");
	need_note(q, V6D_NOTE_MTU_ARITHMETIC, "1454 by 34");
	need_note(q, V6D_NOTE_MTU_ARITHMETIC, "fits 1492, 1500");
	need_note(q, V6D_NOTE_HOLDER, "IIJ");
	need_note(q, V6D_NOTE_NO_IPCP, "ppp0");
	need_note(q, V6D_NOTE_NOT_CLOSED, "ppp0");
	need_note(q, V6D_NOTE_TEMPORARY, "5001:71a0:6e46:771");
	assert_null(note(q, V6D_NOTE_EUI64));
	assert_null(note(q, V6D_NOTE_FLAGS));
	need_fact(q, V6D_FACT_ADDR_GLOBAL, V6D_OK, NULL,
	    "2001:240:bb8a:118:129a:ddff:fe4a:472d");
	need_fact(q, V6D_FACT_ADDR_CLOSED, V6D_OK, NULL, NULL);
	no_fact(q, V6D_FACT_ROUTE_DEFAULT);
}

static void
test_f1(void **state)
{
	struct pasted *q = new_();
	const struct v6d_obs *o;

	(void)state;
	paste_file(q, TEXT "story-2-ifconfig.txt");
	check_f1(q);
	o = v6d_facts_last(&q->f, V6D_FACT_ADDR_GLOBAL);
	assert_string_equal(o->source, "paste: ifconfig, line 26");
	free(q);
}

/* Cut into three at every pair of lines: comments have a longest length. */
static void
test_f1_in_pieces(void **state)
{
	size_t n;
	char *s = slurp(TEXT "story-2-ifconfig.txt", &n);

	(void)state;
	for (size_t a = 0; a < n; a++) {
		struct pasted *q;
		size_t b = a + (n - a) / 2;

		if (s[a] != '\n')
			continue;
		while (s[b] != '\n')
			b++;
		q = new_();
		paste_bytes(&q->p, s, a);
		paste_bytes(&q->p, s + a + 1, b - a);
		paste_bytes(&q->p, s + b + 1, n - b - 1);
		judge(q);
		check_f1(q);
		assert_int_equal(q->p.n_pieces, 3);
		free(q);
	}
	free(s);
}

/* As mail and web forms hand it on. */
static void
test_f1_damaged(void **state)
{
	size_t n, k = 0;
	char *s = slurp(TEXT "story-2-ifconfig.txt", &n);
	char *d = malloc(n * 4);
	struct pasted *q = new_();

	(void)state;
	assert_non_null(d);
	/* quoted twice, long lines wrapped, CR LF, blanks at the end */
	for (size_t i = 0, col = 0; i < n; i++, col++) {
		if (i == 0 || s[i - 1] == '\n') {
			memcpy(d + k, ">> ", 3);
			k += 3;
			col = 0;
		}
		if (s[i] == ' ' && col > 38) {
			memcpy(d + k, "\r\n>> ", 5);
			k += 5;
			col = 0;
			continue;
		}
		if (s[i] == '\n') {
			memcpy(d + k, "  \r\n", 4);
			k += 4;
			continue;
		}
		d[k++] = s[i];
	}
	paste_bytes(&q->p, d, k);
	judge(q);
	check_f1(q);
	free(q);
	free(d);
	free(s);
}

static const struct v6d_paste_route *
route(const struct pasted *q, unsigned i)
{
	assert_in_range(i, 0, q->p.n_routes - 1);
	return &q->p.routes[i];
}

static void
test_f2(void **state)
{
	static const uint8_t mac[6] = { 0xf0, 0xb4, 0x79, 0x18, 0x00, 0x89 };
	struct pasted *q = new_();
	const struct v6d_paste_route *r;
	char text[V6D_ADDR_TEXT];
	unsigned multicast = 0;

	(void)state;
	paste_file(q, TEXT "story-4-netstat.txt");
	assert_int_equal(q->p.n_routes, 16);
	r = route(q, 0);
	assert_true(r->is_default);
	assert_string_equal(r->flags, "UGc");
	assert_false(r->scoped);
	assert_string_equal(r->dev, "ppp0");
	assert_string_equal(v6d_addr_text(&r->gateway, text, sizeof(text)),
	    "fe80::21c:eff:fe67:701b");
	r = route(q, 2);
	assert_string_equal(v6d_addr_text(&r->dst.addr, text, sizeof(text)),
	    "2001:240:bb8a:118::");
	assert_int_equal(r->dst.len, 64);
	assert_string_equal(r->dev, "ppp0");
	r = route(q, 3);
	assert_string_equal(v6d_addr_text(&r->dst.addr, text, sizeof(text)),
	    "2001:240:bb8a:118:1ed:458f:71ca:b4a6");
	assert_int_equal(r->gw, V6D_GW_LINK);
	assert_int_equal(r->link, 7);
	assert_string_equal(r->dev, "lo0");
	assert_string_equal(
	    v6d_addr_text(&route(q, 4)->dst.addr, text, sizeof(text)),
	    "2001:240:bb8a:118:129a:ddff:fe4a:472d");
	assert_int_equal(route(q, 7)->link, 5);
	r = route(q, 8);
	assert_int_equal(r->gw, V6D_GW_MAC);
	assert_memory_equal(r->mac, mac, 6);
	for (unsigned i = 0; i < 16; i++)
		multicast += q->p.routes[i].dst.addr.b[0] == 0xff &&
			     q->p.routes[i].dst.addr.b[1] == 2 &&
			     q->p.routes[i].dst.len == 32;
	assert_int_equal(multicast, 3);
	need_note(q, V6D_NOTE_DEFAULT_ROUTE, "not scoped");
	need_note(q, V6D_NOTE_GATEWAY_MAC, "00:1c:0e:67:70:1b (Cisco)");
	need_fact(
	    q, V6D_FACT_ROUTE_DEFAULT, V6D_OK, NULL, "fe80::21c:eff:fe67:701b");
	free(q);
}

/* The same host: another temporary address is no error. */
static void
test_f1_f2(void **state)
{
	struct pasted *q = new_();

	(void)state;
	paste_file(q, TEXT "story-2-ifconfig.txt");
	paste_file(q, TEXT "story-4-netstat.txt");
	assert_int_equal(q->p.routes[7].link, interface(q, "en1")->index);
	assert_int_equal(q->p.routes[3].link, interface(q, "ppp0")->index);
	need_note(q, V6D_NOTE_TEMPORARY_CHANGED, "no error");
	assert_int_equal(q->d.n, 0);
	assert_int_equal(q->d.n_undecided, 0);
	free(q);
}

static void
test_f3(void **state)
{
	struct pasted *q = new_();
	const struct v6d_paste_try *t = &q->p.tries[0];
	char text[V6D_ADDR_TEXT];

	(void)state;
	paste_file(q, TEXT "story-3-telnet.txt");
	assert_int_equal(q->p.n_tries, 1);
	assert_string_equal(t->name, "www.iij4u.or.jp");
	assert_string_equal(v6d_addr_text(&t->addr, text, sizeof(text)),
	    "2001:240:bb81:8500::3:101");
	assert_int_equal(t->port, 80);
	assert_int_equal(t->level, V6D_CONNECTED);
	assert_int_equal(t->bytes, -1);
	need_note(q, V6D_NOTE_CONNECT_PROVES, "no data was seen");
	need_fact(
	    q, V6D_FACT_V6_SMALL, V6D_OK, NULL, "2001:240:bb81:8500::3:101");
	no_fact(q, V6D_FACT_V6_GET);
	free(q);
}

static void
test_f4(void **state)
{
	struct pasted *q = new_();

	(void)state;
	paste_file(q, TEXT "story-7-curl.txt");
	assert_int_equal(q->p.n_urls, 1);
	assert_string_equal(q->p.urls[0].mended,
	    "curl -6 -g \"http://[2001:200:dff:fff1:216:3eff:feb1:44d7]/\"");
	paste_bytes(&q->p,
	    "curl: (3) URL using bad/illegal format or missing URL\n", 54);
	judge(q);
	need_note(q, V6D_NOTE_CURL_SYNTAX, "nothing was sent");
	assert_int_equal(q->f.n, 0); /* no evidence about the network */
	free(q);
}

static void
check_sysctl(const struct pasted *q, unsigned i, const char *key, int64_t value,
    enum v6d_origin origin)
{
	assert_in_range(i, 0, q->p.n_sysctls - 1);
	assert_string_equal(q->p.sysctls[i].key, key);
	assert_int_equal(q->p.sysctls[i].value, value);
	assert_int_equal(q->p.sysctls[i].origin, origin);
}

static void
test_f5(void **state)
{
	struct pasted *q = new_();

	(void)state;
	paste_file(q, TEXT "story-1-symptom.txt");
	assert_int_equal(q->p.n_sysctls, 2);
	check_sysctl(q, 0, "net.inet6.ip6.use_tempaddr", 1, V6D_IN_FILE);
	check_sysctl(q, 1, "net.inet6.ip6.accept_rtadv", 1, V6D_IN_FILE);
	free(q);
	q = new_();
	paste_file(q, TEXT "story-steps.txt");
	assert_int_equal(q->p.n_sysctls, 3);
	check_sysctl(q, 0, "net.ipv6.conf.all.accept_ra", 1, V6D_IN_SCRIPT);
	check_sysctl(q, 1, "net.ipv6.conf.all.accept_ra", 0, V6D_IN_SCRIPT);
	check_sysctl(q, 2, "net.ipv6.conf.all.forwarding", 1, V6D_IN_SCRIPT);
	need_note(q, V6D_NOTE_ALL_ACCEPT_RA, "no effect");
	need_note(q, V6D_NOTE_RA_EXPIRES, NULL);
	free(q);
}

/* ---- the thread, piece by piece ---- */

/* The first names of the ranking, blanks between; then what is refuted. */
static void
check_rank(const struct pasted *q, const char *first, const char *refuted,
    const char *next)
{
	char got[512] = "", out[512] = "", tests[512] = "";
	struct v6d_text g = v6d_text_to(got, sizeof(got));
	struct v6d_text o = v6d_text_to(out, sizeof(out));
	struct v6d_text t = v6d_text_to(tests, sizeof(tests));

	for (unsigned i = 0; i < q->rank.n; i++) {
		const struct v6d_ranked *e = &q->rank.ranked[i];

		v6d_text_add(e->standing == V6D_REFUTED ? &o : &g, "%s ",
		    v6d_hypothesis_name(e->hypothesis));
	}
	for (unsigned i = 0; i < q->rank.n_tests; i++)
		v6d_text_add(&t, "%s%s", i ? " " : "", q->rank.tests[i]);
	if (strncmp(got, first, strlen(first)) != 0)
		fail_msg("ranking: %s, not %s", got, first);
	while (*refuted) {
		char name[64];
		size_t n = strcspn(refuted, " ");

		snprintf(name, sizeof(name), "%.*s ", (int)n, refuted);
		if (!strstr(out, name))
			fail_msg(
			    "%s is not among those refuted: %s", name, out);
		refuted += n;
		refuted += *refuted == ' ';
	}
	if (strcmp(tests, next) != 0)
		fail_msg("next: %s, not %s", tests, next);
}

static void
test_ranking(void **state)
{
	struct pasted *q = new_();

	(void)state;
	paste_file(q, TEXT "story-1-symptom.txt");
	check_rank(q, "size-dependent-loss closed-network dns ",
	    "no-address no-ipv6 server-down", "addresses");
	paste_file(q, TEXT "story-2-ifconfig.txt");
	check_rank(
	    q, "size-dependent-loss routing dns ", "closed-network", "routes");
	paste_file(q, TEXT "story-3-telnet.txt");
	check_rank(q, "size-dependent-loss ",
	    "application port-blocked no-ipv6", "size-sweep literal-fetch");
	paste_file(q, TEXT "story-4-netstat.txt");
	check_rank(q, "size-dependent-loss ", "routing", "literal-fetch");
	paste_file(q, TEXT "story-5-literal.txt");
	check_rank(q, "size-dependent-loss ", "dns routing",
	    "size-sweep capture other-line one-router-less");
	/* the engine: nothing but a loss that depends on size is left */
	assert_int_equal(q->d.n, 0);
	assert_int_equal(q->d.n_undecided, 1);
	assert_int_equal(q->d.undecided[0].n, 3);
	paste_file(q, TEXT "story-6-two-routers.txt");
	check_rank(q, "fragments-lost outer-mtu size-dependent-loss ", "",
	    "size-sweep mtu-1280");
	paste_file(q, TEXT "story-8-other-line.txt");
	check_rank(q, "home-line fragments-lost ", "client server-down",
	    "mtu-1280 direct-cable");
	assert_int_equal(q->d.verdict, V6D_VERDICT_FAULTY);
	paste_file(q, TEXT "story-9-table.txt");
	check_rank(q, "home-line fragments-lost ", "client",
	    "mtu-1280 direct-cable watch-table");
	assert_int_equal(
	    q->rank.ranked[q->rank.n_standing - 1].hypothesis, V6D_HYP_TABLE);
	/* a finding of its own: told, so never certain, and not the stall's */
	assert_int_equal(q->d.n, 1);
	assert_int_equal(q->d.findings[0].cause, V6D_CAUSE_NAPT_EXHAUSTED);
	assert_int_equal(q->d.findings[0].certainty, V6D_LIKELY);
	assert_int_equal(q->d.findings[0].severity, V6D_SEV_WARNING);
	assert_int_equal(q->d.n_undecided, 1);
	free(q);
}

/* A belief is weaker than a list of addresses. */
static void
test_belief(void **state)
{
	struct pasted *q = new_();
	static const char says[] =
	    "自宅で使っているブロードバンドルータが古いもので\n"
	    "フレッツ網内のv6はブリッジできず遮断してしまっているからです。\n";

	(void)state;
	paste_file(q, TEXT "story-1-symptom.txt");
	paste_bytes(&q->p, says, strlen(says));
	judge(q);
	for (unsigned i = 0; i < q->rank.n; i++)
		if (q->rank.ranked[i].hypothesis == V6D_HYP_CLOSED)
			assert_int_equal(
			    q->rank.ranked[i].standing, V6D_CLAIMED_AGAINST);
	paste_file(q, TEXT "story-2-ifconfig.txt");
	for (unsigned i = 0; i < q->rank.n; i++)
		if (q->rank.ranked[i].hypothesis == V6D_HYP_CLOSED)
			assert_int_equal(
			    q->rank.ranked[i].standing, V6D_REFUTED);
	free(q);
}

RUN(cmocka_unit_test(test_f1), cmocka_unit_test(test_f1_in_pieces),
    cmocka_unit_test(test_f1_damaged), cmocka_unit_test(test_f2),
    cmocka_unit_test(test_f1_f2), cmocka_unit_test(test_f3),
    cmocka_unit_test(test_f4), cmocka_unit_test(test_f5),
    cmocka_unit_test(test_ranking), cmocka_unit_test(test_belief))
