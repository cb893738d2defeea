/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ping.c - ping of Linux, macOS, BSD and Windows (English, Japanese, German),
 * and the last line of a traceroute. What small echoes prove of large packets
 * is nothing: their size is kept.
 */
#include "paste/impl.h"

#include <string.h>

static struct v6d_paste_ping *
now(struct v6d_paste *p)
{
	return p->place.ping_i < 0 ? NULL : &p->pings[p->place.ping_i];
}

static struct v6d_paste_ping *
begin(struct v6d_paste *p, const struct v6d_tok *t, const char *name)
{
	struct v6d_paste_ping *e = now(p);

	/* the command announced it already */
	if (e && e->sent < 0 && e->received < 0 && !e->word[0]) {
		if (!e->name[0])
			v6d_copy(e->name, sizeof(e->name), name);
		return e;
	}
	return v6d_put_ping(p, name, t->at);
}

/* The first IPv6 address of the line, in brackets of any kind. */
static bool
first_ip(const struct v6d_tok *t, unsigned from, struct v6d_addr *ret)
{
	for (unsigned i = from; i < t->n; i++)
		for (const char *s = t->t[i]; *s; s++)
			if ((s == t->t[i] || *s == '(' || *s == '[') &&
			    v6d_ip(s, ret, NULL, NULL, 0) && ret->family == 6)
				return true;
	return false;
}

/* "PING6(56=40+8+8 bytes) A --> B", "PING name(addr) 56 data bytes" */
static int
unix_head(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_ping *e;
	struct v6d_addr a;
	int i;
	int64_t v;

	if (v6d_starts(t->t[0], "PING6(") &&
	    (i = v6d_tok_find(t, 1, "-->")) > 0 && (unsigned)i + 1 < t->n) {
		const char *plus = strrchr(t->t[0], '+');

		e = begin(p, t, t->t[i + 1]);
		if (!e)
			return 1;
		(void)v6d_ip(t->t[i + 1], &e->addr, NULL, NULL, 0);
		if (plus)
			(void)v6d_lead(plus + 1, &e->size);
		return (int)t->n;
	}
	if (!v6d_tok_is(t, 0, "PING") || t->n < 3)
		return 0;
	if (!first_ip(t, 1, &a))
		return v6d_has(t->line, "data bytes") ||
			       v6d_has(t->line, "bytes of data")
			   ? (int)t->n
			   : 0; /* over IPv4: of no use here */
	e = begin(p, t, t->t[1]);
	if (!e)
		return 1;
	e->addr = a;
	e->name[strcspn(e->name, "(")] = '\0';
	for (unsigned k = 2; k + 1 < t->n; k++)
		if (v6d_starts(t->t[k + 1], "data") && v6d_lead(t->t[k], &v))
			e->size = v;
	return (int)t->n;
}

static int
windows_head(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_ping *e;
	struct v6d_addr a;

	if (!(v6d_starts(t->t[0], "Pinging") ||
		v6d_has(t->line, "ping を送信しています") ||
		v6d_starts(t->line, "Ping wird ausgef")) ||
	    !first_ip(t, 0, &a))
		return 0;
	e = begin(p, t, "");
	if (!e)
		return 1;
	e->addr = a;
	if (!e->name[0])
		v6d_addr_text(&a, e->name, sizeof(e->name));
	for (unsigned i = 1; i + 1 < t->n; i++)
		if (v6d_starts(t->t[i + 1], "bytes") ||
		    v6d_starts(t->t[i + 1], "Bytes") ||
		    v6d_starts(t->t[i + 1], "バイト"))
			(void)v6d_lead(t->t[i], &e->size);
	return (int)t->n;
}

static int
reply(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_ping *e = now(p);
	struct v6d_addr a;
	int64_t v;

	if (!((v6d_has(t->line, "bytes from") && v6d_has(t->line, "icmp_")) ||
		v6d_starts(t->line, "Reply from") ||
		v6d_starts(t->line, "Antwort von") ||
		v6d_has(t->line, "からの応答")))
		return 0;
	if (!e && first_ip(t, 0, &a)) {
		/* its head was not pasted */
		e = v6d_put_ping(p, "", t->at);
		if (e) {
			e->addr = a;
			v6d_addr_text(&a, e->name, sizeof(e->name));
			if (v6d_lead(t->t[0], &v) && v >= 8)
				e->size = v - 8;
		}
	}
	if (!e || (!v6d_has(t->line, "time") && !v6d_has(t->line, "Zeit") &&
		      !v6d_has(t->line, "時間")))
		return (int)t->n;
	e->received = e->received < 0 ? 1 : e->received + 1;
	return (int)t->n;
}

/* Numbers of "4 packets transmitted, 4 received", "Sent = 4, Received = 4" */
static int
summary(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_ping *e = now(p);
	bool unix_ = v6d_has(t->line, "packets transmitted");
	int64_t v[4], one;
	unsigned n = 0;

	if (!unix_ && !v6d_has(t->line, "Sent = ") &&
	    !v6d_has(t->line, "送信 = ") && !v6d_has(t->line, "Gesendet = "))
		return 0;
	for (unsigned i = 0; i < t->n && n < 2; i++) {
		const char *s = t->t[i];

		/* Japanese writes "= 4、受信": the number leads the word */
		if (v6d_is_digit(s[0]) && v6d_lead(s, &one))
			v[n++] = one;
	}
	if (n < 2 || !e)
		return (int)t->n;
	e->sent = v[0];
	e->received = v[1];
	p->place.ping_i = -1;
	return (int)t->n;
}

static int
trouble(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_ping *e = now(p);
	const char *at = strstr(t->line, "mtu=");
	const char *word = NULL;
	int64_t mtu;

	if (v6d_has_word(t->line, "packet too big") ||
	    v6d_has_word(t->line, "message too long")) {
		at = at ? at + 4 : strstr(t->line, "mtu: ");
		if (at && *at == 'm')
			at += 5;
		/* a router's word, not this host's own MTU */
		if (at && v6d_lead(at, &mtu) &&
		    v6d_has_word(t->line, "packet too big"))
			v6d_say_fact(
			    p, t->at, V6D_FACT_V6_PTB, V6D_OK, NULL, mtu, NULL);
		return (int)t->n;
	}
	if (v6d_has(t->line, "Network is unreachable") ||
	    v6d_has(t->line, "No route to host") ||
	    v6d_has(t->line, "Destination unreachable") ||
	    v6d_has(t->line, "宛先ネットワークに到達できません") ||
	    v6d_has(t->line, "宛先ホストに到達できません") ||
	    v6d_has(t->line, "Zielhost nicht erreichbar") ||
	    v6d_has(t->line, "Destination host unreachable") ||
	    v6d_has(t->line, "Destination net unreachable"))
		word = "unreachable";
	else if (v6d_has(t->line, "Request timed out") ||
		 v6d_has(t->line, "要求がタイムアウトしました") ||
		 v6d_has(t->line, "Zeitüberschreitung der Anforderung"))
		word = "timeout";
	if (!word)
		return 0;
	if (e && e->received <= 0)
		v6d_copy(e->word, sizeof(e->word), word);
	else if (!e)
		return p->place.cmd == V6D_PF_PING ? (int)t->n : 0;
	return (int)t->n;
}

/*
 * "traceroute6 to name (addr) from ..", "Tracing route to name [addr]": where
 * the address is looked for from; 0: no such line.
 */
static unsigned
trace_head(const struct v6d_tok *t)
{
	if (v6d_starts(t->t[0], "traceroute") && v6d_tok_is(t, 1, "to"))
		return 2;
	if (v6d_starts(t->line, "Tracing route to"))
		return 3;
	if (v6d_starts(t->line, "Routenverfolgung zu"))
		return 2;
	/* the name is in front */
	return v6d_has(t->line, "へのルートをトレースしています") ? t->n : 0;
}

/* Then a hop that has this address. */
static int
trace(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_addr a;
	unsigned head = trace_head(t);
	int64_t hop;

	if (head > 0 && first_ip(t, head == t->n ? 0 : head, &a)) {
		v6d_addr_text(&a, p->place.word, sizeof(p->place.word));
		p->place.sub = 'T';
		return (int)t->n;
	}
	if (p->place.sub != 'T' || p->place.format != V6D_PF_PING || t->n < 2 ||
	    !v6d_whole(t->t[0], &hop) || hop > 64)
		return 0;
	if (first_ip(t, 1, &a)) {
		char text[V6D_ADDR_TEXT];

		v6d_addr_text(&a, text, sizeof(text));
		if (strcmp(text, p->place.word) == 0)
			v6d_say_fact(p, t->at, V6D_FACT_V6_SMALL, V6D_OK, NULL,
			    V6D_NO_VALUE, text);
	}
	return (int)t->n;
}

int
v6d_take_ping(struct v6d_paste *p, const struct v6d_tok *t)
{
	static const char *const rest[] = { "ping statistics ---",
		"ping6 statistics ---", "rtt min/avg", "round-trip min",
		"Ping statistics for", "Approximate round",
		"Minimum = ", "の ping 統計", "ラウンド トリップ",
		"最小 = ", "Ping-Statistik", "Ca. Zeitangaben",
		"Request timeout for", "Packets:", "over a maximum of",
		"Trace complete", "経由するホップ数", "トレースを完了しました",
		"über maximal", "Ablaufverfolgung beendet" };
	int n = unix_head(p, t);

	if (n == 0)
		n = windows_head(p, t);
	if (n == 0)
		n = reply(p, t);
	if (n == 0)
		n = summary(p, t);
	if (n == 0)
		n = trouble(p, t);
	if (n == 0)
		n = trace(p, t);
	for (size_t i = 0; n == 0 && i < sizeof(rest) / sizeof(rest[0]); i++)
		if (v6d_has(t->line, rest[i]))
			n = (int)t->n;
	return n;
}
