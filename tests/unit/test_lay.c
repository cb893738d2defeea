/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_lay.c - causes by the words of people. Covers report/lay.c. */
#include "report_help.h"

#include <stdlib.h>

#include "report/lay.h"
#include "report/page.h"
#include "walk/walk.h"

#define FIRST 3 /* where the wanted cause must be */

static const struct {
	const char *words, *cause;
} asked[] = {
	/* as people wrote it */
	{ "pages hang", "gre-size-limit" },
	{ "some pages just hang forever and never load", "gre-size-limit" },
	{ "the browser keeps spinning, but ping works fine", "gre-size-limit" },
	{ "hang pages", "gre-size-limit" },
	{ "Web site doesn't load completely", "gre-size-limit" },
	{ "blank page", "gre-size-limit" },
	{ "can't open big files", "gre-size-limit" },
	{ "slow", "gre-loss" },
	{ "Internet is so slow", "gre-loss" },
	{ "slow downloads", "policer" },
	{ "my games lag when someone is downloading", "policer" },
	{ "pages take a long time to start", "dns-aaaa-slow" },
	{ "no internet", "lan-down" },
	{ "I can't get online", "lan-down" },
	{ "nothing works", "lan-down" },
	{ "VPN won't connect", "gre-blocked" },
	{ "vpn doesn't work in the hotel", "control-blocked" },
	{ "wrong password?", "auth-rejected" },
	{ "login failed", "auth-rejected" },
	{ "server not responding", "server-unreachable" },
	{ "VPN disconnects after a few minutes", "gre-idle-timeout" },
	{ "drops when idle", "gre-idle-timeout" },
	{ "the server kicks me out", "server-disconnects" },
	{ "my family complains that they have no internet", "napt-exhausted" },
	{ "works again after I restart the router", "napt-exhausted" },
	{ "second PC can't connect", "napt-one-session" },
	{ "server not found", "dns-error" },
	{ "DNS not responding", "dns-unreachable" },
	{ "pictures don't load", "napt-limit-low" },
	{ "uploading a file gets stuck", "path-mtu-blackhole-out" },
	{ "can't send e-mails with attachments", "path-mtu-blackhole-out" },
	{ "network is unreachable", "route-missing" },
	{ "connected but no internet", "route-missing" },
	{ "Connected, but I get no IPv6 address", "addr-none" },
	{ "after reboot it does not work anymore", "settings-not-persistent" },
	{ "is this safe?", "gateway-exposed" },
	{ "can sites track me", "privacy-eui64" },
	{ "only one web site does not open", "far-end" },
	{ "two routers", "napt-double" },
	{ "pages hang on my phone but the gateway is ok", "mss-not-clamped" },
	{ "firewall blocks vpn", "gre-blocked-local" },
	{ "download broken, file damaged", "gre-corruption" },
	{ "IPv6 is disabled", "ipv6-disabled" },
	/* mistyped */
	{ "pagse dont open, donwload stops", "gre-size-limit" },
	{ "wrong pasword", "auth-rejected" },
	/* Japanese */
	{ "ページが開かない", "gre-size-limit" },
	{ "ページが固まる", "gre-size-limit" },
	{ "ホームページの表示が途中で止まってしまいます", "gre-size-limit" },
	{ "pingは通るのにサイトが見られない", "gre-size-limit" },
	{ "画面が真っ白のまま", "gre-size-limit" },
	{ "遅い", "gre-loss" },
	{ "ネットが遅いです", "gre-loss" },
	{ "ダウンロードの速度が出ない", "policer" },
	{ "最初の表示だけ遅い", "dns-aaaa-slow" },
	{ "ネットにつながらない", "lan-down" },
	{ "インターネットに接続できません", "lan-down" },
	{ "ＶＰＮが繋がらない", "gre-blocked" },
	{ "ホテルからVPNに接続できない", "control-blocked" },
	{ "パスワードが間違っていると言われる", "auth-rejected" },
	{ "サーバーが応答しません", "server-unreachable" },
	{ "１０分くらい放置すると切れる", "gre-idle-timeout" },
	{ "しばらくすると切断される", "gre-idle-timeout" },
	{ "サーバーから切断されました", "server-disconnects" },
	{ "家族がネットにつながらないと言っている", "napt-exhausted" },
	{ "ルーターを再起動すると直る", "napt-exhausted" },
	{ "2台目のパソコンがつながらない", "napt-one-session" },
	{ "サーバーが見つかりません", "dns-error" },
	{ "画像が一部表示されない", "napt-limit-low" },
	{ "添付ファイル付きのメールが送れない", "path-mtu-blackhole-out" },
	{ "接続はできたのにインターネットが使えない", "route-missing" },
	{ "再起動したら動かなくなった", "settings-not-persistent" },
	{ "特定のサイトだけ開かない", "far-end" },
	{ "二重ルーター", "napt-double" },
	{ "フレッツでページが開かない", "closed-network" },
	{ "スマホだけページが開かない", "mss-not-clamped" },
	{ "ファイアウォールがVPNを遮断している", "gre-blocked-local" },
	{ "ipv6が使えない", "ipv6-disabled" },
};

static int
open_pages(void **state)
{
	*state = v6d_lay_new();
	return *state ? 0 : -1;
}

static int
close_pages(void **state)
{
	v6d_lay_free(*state);
	return 0;
}

/* Where it stands among what was found; n: nowhere. */
static size_t
place(const struct v6d_lay_found *f, enum v6d_cause c)
{
	size_t i = 0;

	while (i < f->n && f->cause[i] != c)
		i++;
	return i;
}

static void
test_asked(void **state)
{
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		struct v6d_lay_found f;
		enum v6d_cause c;

		assert_true(v6d_cause_by_name(asked[i].cause, &c));
		v6d_lay_find(*state, asked[i].words, v6d_walk_usual, &f);
		if (place(&f, c) >= (f.n < FIRST ? f.n : FIRST)) {
			for (size_t k = 0; k < f.n; k++)
				print_error("  %s %u\n",
				    v6d_cause_name(f.cause[k]), f.score[k]);
			fail_msg("%s: no %s", asked[i].words, asked[i].cause);
		}
		if (f.strange[0])
			fail_msg("%s: strange: %s", asked[i].words, f.strange);
	}
}

/* What a page says of itself leads to it, in each language. */
static void
own_phrases(const struct v6d_lay *l, enum v6d_cause c, const char *page)
{
	char said[V6D_PAGE_SAID];
	struct v6d_text t = v6d_text_to(said, sizeof(said));
	bool found = false;

	assert_non_null(page);
	if (!v6d_page_key(page, "said", &t) || t.cut)
		fail_msg("%s: no phrase, or too many", v6d_cause_name(c));
	for (char *s = said; *s;) {
		size_t n = strcspn(s, ";");
		char *next = s[n] ? s + n + 1 : s + n;
		struct v6d_lay_found f;

		s[n] = '\0';
		v6d_lay_find(l, s, v6d_walk_usual, &f);
		if (f.strange[0])
			fail_msg("%s: '%s': lay.def lacks %s",
			    v6d_cause_name(c), s, f.strange);
		found = found || place(&f, c) < f.n;
		s = next;
	}
	if (!found)
		fail_msg("%s: none of its phrases finds it: %s",
		    v6d_cause_name(c), page);
}

static void
test_pages(void **state)
{
	for (int i = 0; i < V6D_N_CAUSES; i++) {
		enum v6d_cause c = (enum v6d_cause)i;

		own_phrases(*state, c, v6d_page_of(c, &v6d_lang_en));
		own_phrases(*state, c, v6d_page_of(c, &v6d_lang_ja));
	}
}

static void
test_not_understood(void **state)
{
	struct v6d_lay_found f;

	v6d_lay_find(*state, "xyzzy", NULL, &f);
	assert_true(f.n == 0 && !f.any);
	assert_string_equal(f.strange, "xyzzy");
	v6d_lay_find(*state, "", NULL, &f);
	assert_true(f.n == 0 && !f.any && !f.strange[0]);
	v6d_lay_find(*state, "!? ...", NULL, &f);
	assert_true(f.n == 0 && !f.any && !f.strange[0]);
	/* understood, and it fits everything */
	v6d_lay_find(*state, "It does not work!", NULL, &f);
	assert_true(f.n == 0 && f.any && !f.strange[0]);
	v6d_lay_find(*state, "動きません", NULL, &f);
	assert_true(f.n == 0 && f.any && !f.strange[0]);
	/* a part is */
	v6d_lay_find(*state, "pages hang in plugh, xyzzy", NULL, &f);
	assert_true(f.n > 0);
	assert_string_equal(f.strange, "plugh, xyzzy");
	v6d_lay_find(*state, "麒麟がページを固まらせる", NULL, &f);
	assert_true(f.n > 0);
	assert_string_equal(f.strange, "麒麟");
	/* bytes that are no UTF-8, and more than is looked at */
	v6d_lay_find(*state, "\xff\xe3\x81 pages \xc3", NULL, &f);
	char many[4000];

	memset(many, 'q', sizeof(many) - 1);
	many[sizeof(many) - 1] = '\0';
	v6d_lay_find(*state, many, NULL, &f);
	assert_int_equal(f.n, 0);
}

/* The order is that of the scores where nobody says what is common. */
static void
test_ranked(void **state)
{
	struct v6d_lay_found f;

	v6d_lay_find(*state, "vpn drops after ten minutes", NULL, &f);
	assert_in_range(f.n, 2, V6D_LAY_FOUND);
	for (size_t i = 1; i < f.n; i++)
		assert_true(f.score[i] <= f.score[i - 1]);
	/* the order of the words does not matter, nor how they are written */
	struct v6d_lay_found g;

	v6d_lay_find(*state, "MINUTES ten, after: drops (VPN)", NULL, &g);
	assert_int_equal(f.n, g.n);
	assert_memory_equal(f.cause, g.cause, f.n * sizeof(f.cause[0]));
}

static void
test_text(void **state)
{
	struct v6d_lay_found f;
	char *s = v6d_lay_text("pages hang xyzzy", NULL, NULL, 0, &f);

	(void)state;
	assert_non_null(s);
	assert_non_null(strstr(s, "\ngre-size-limit\n  Small packets pass"));
	assert_non_null(strstr(s, "\nNot understood: xyzzy.\n"));
	assert_non_null(strstr(s, "\"sudo v6doctor run-all\""));
	free(s);
	s = v6d_lay_text("ページが開かない", NULL, &v6d_lang_ja, 0, &f);
	assert_non_null(s);
	assert_non_null(strstr(s, "\ngre-size-limit\n  小さなパケット"));
	assert_null(strstr(s, "likeliest"));
	free(s);
	assert_null(v6d_lay_text("xyzzy", NULL, NULL, 0, &f));
	assert_string_equal(f.strange, "xyzzy");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_asked),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_not_understood),
		cmocka_unit_test(test_ranked),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, open_pages, close_pages);
}
