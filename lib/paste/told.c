/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * told.c - what people tell in their own words, in English or Japanese: a
 * claim is made of a line by words of three lists at most. What is told is
 * weaker than what a command printed: it never makes a finding certain.
 */
#include "paste/impl.h"

#include <string.h>

/* Words of a list stand one behind the other, each ended by a bar. */
static const struct {
	enum v6d_claim claim;
	const char *all[3]; /* one word of each list must stand in the line */
	const char *none; /* and none of these */
} rows[] = {
	/* clang-format off */
	{ V6D_CLAIM_HAS_ADDRESS,
	    {
		"ppp|tunnel|トンネル|",
		"v6アドレス|IPv6 address|IPv6アドレス|",
		"振|降って|割り当て|has |got |gets |" },
	    "ない|ません|no |not |" },
	{ V6D_CLAIM_PING_OK,
	    {
		"ping6|traceroute6|ping -6|ping |",
		"通る|通り|通って|返って|works|fine|ok|passes|"
		"replies|succeed|",
		NULL },
	    "ない|ません|not |doesn't|fails|no reply|" },
	{ V6D_CLAIM_CONNECT_OK,
	    {
		"telnet|",
		"応答がある|つなが|繋が|connects|connected|"
		"answers|",
		NULL },
	    "ない|ません|not |doesn't|" },
	{ V6D_CLAIM_AAAA_PAGES_TIME_OUT,
	    {
		"AAAA|",
		"タイムアウト|time out|timeout|times out|"
		"timed out|hang|stall|",
		NULL },
	    NULL },
	{ V6D_CLAIM_V4_PAGES_OK,
	    {
		"v4だけ|v4のみ|v4 only|v4-only|IPv4だけ|IPv4 only|"
		"IPv4-only|",
		"表示される|見られ|見れ|works|load|fine|ok|",
		NULL },
	    "ません|not |" },
	{ V6D_CLAIM_LITERAL_FAILS,
	    {
		"直接ip|直接IP|literal|リテラル|"
		"IPv6 address directly|",
		"アクセスできない|できません|見られ|"
		"fails|does not|doesn't|hang|time|",
		NULL },
	    NULL },
	{ V6D_CLAIM_OTHER_APPS_FAIL,
	    {
		"Thunderbird|メール|mail|Outlook|imap|pop3|",
		"失敗|できない|できません|fail|not |time out|"
		"hang|",
		NULL },
	    NULL },
	{ V6D_CLAIM_PAGES_FAIL,
	    {
		"ブラウザ|ブラウズ|browser|safari|firefox|"
		"chrome|pages|web page|ページ|",
		"見られません|見れません|見られない|"
		"見れない|表示されない|表示されません|"
		"できない|できません|開け|fail|hang|"
		"don't load|do not load|doesn't load|does not load|"
		"time out|never load|blank|",
		NULL },
	    "でしょうか|?|" },
	{ V6D_CLAIM_CLOSED_DENIED,
	    {
		"フレッツ|flets|FLET'S|NGN|閉域|",
		"ブリッジできず|遮断|通さない|not bridge|"
		"does not bridge|blocks|",
		NULL },
	    NULL },
	{ V6D_CLAIM_CLOSED_SUSPECTED,
	    {
		"閉域網|closed network|closed-network|フレッツ|"
		"NGN|",
		"アドレスが割り当て|でしょうか|address|?|",
		NULL },
	    NULL },
	{ V6D_CLAIM_TWO_ROUTERS,
	    {
		"2段|二段|2台|double NAT|two routers|二重|多段|"
		"2つの|",
		"ルータ|ルーター|NAT|router|つない|重ね|"
		"機器|",
		NULL },
	    NULL },
	{ V6D_CLAIM_TWO_ROUTERS,
	    {
		"ルータ|router|",
		"--|",
		"アクセスポイント|access point|AP|" },
	    NULL },
	{ V6D_CLAIM_BRIDGE_MODE,
	    {
		"ブリッジモード|bridge mode|",
		NULL,
		NULL },
	    NULL },
	{ V6D_CLAIM_OTHER_LINE_OK,
	    {
		"イーモバ|ポケットWIFI|3G|LTE|mobile|"
		"テザリング|別の回線|他の回線|another line|"
		"hotspot|グローバルIP|VPN張ったら|",
		"繋がりました|つながりました|繋がった|"
		"works|worked|できました|",
		NULL },
	    "ない|ません|not |" },
	{ V6D_CLAIM_OTHER_HOST_OK,
	    {
		"こちら|環境|here|my |",
		"問題なく動作|works|works fine|",
		NULL },
	    "ない|ません|not |doesn't|" },
	{ V6D_CLAIM_TABLE_FULL,
	    {
		"セッションテーブル|session table|"
		"NATテーブル|",
		"使い切|一杯|いっぱい|full|exhaust|",
		NULL },
	    "ない|ません|not |" },
	/* clang-format on */
};

static bool
one_of(const char *line, const char *list)
{
	char word[64];

	while (*list) {
		size_t n = strcspn(list, "|");

		if (n > 0 && n < sizeof(word)) {
			memcpy(word, list, n);
			word[n] = '\0';
			if (v6d_has_word(line, word))
				return true;
		}
		list += n;
		list += *list == '|';
	}
	return false;
}

int
v6d_take_told(struct v6d_paste *p, const struct v6d_tok *t)
{
	int n = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool all = true;

		for (size_t k = 0; k < 3 && rows[i].all[k]; k++)
			all = all && one_of(t->line, rows[i].all[k]);
		if (!all || (rows[i].none && one_of(t->line, rows[i].none)))
			continue;
		v6d_put_claim(p, rows[i].claim, t->at);
		n = 1;
	}
	return n;
}
