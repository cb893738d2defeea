/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command.c - prompts, and the commands behind them: which output they
 * announce, whom they try, and IPv6 literals without brackets in URLs
 * (RFC 3986 3.2.2).
 */
#include "paste/impl.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *word, *second; /* second: a word that must stand too */
	enum v6d_paste_format format;
} commands[] = {
	{ "ifconfig", NULL, V6D_PF_IFCONFIG },
	{ "netstat", NULL, V6D_PF_NETSTAT },
	{ "scutil", NULL, V6D_PF_SCUTIL },
	{ "ndp", NULL, V6D_PF_NDP },
	{ "sysctl", NULL, V6D_PF_SYSCTL },
	{ "resolvectl", "query", V6D_PF_LOOKUP },
	{ "resolvectl", NULL, V6D_PF_RESOLVECTL },
	{ "systemd-resolve", NULL, V6D_PF_RESOLVECTL },
	{ "nft", NULL, V6D_PF_NFT },
	{ "ip6tables", NULL, V6D_PF_IP6TABLES },
	{ "ip6tables-save", NULL, V6D_PF_IP6TABLES },
	{ "iptables", NULL, V6D_PF_IP6TABLES },
	{ "iptables-save", NULL, V6D_PF_IP6TABLES },
	{ "ipconfig", NULL, V6D_PF_IPCONFIG },
	{ "netsh", NULL, V6D_PF_NETSH },
	{ "route", "print", V6D_PF_ROUTE_PRINT },
	{ "route", NULL, V6D_PF_ROUTE6 },
	{ "ip", "route", V6D_PF_IP_ROUTE },
	{ "ip", "ro", V6D_PF_IP_ROUTE },
	{ "ip", "r", V6D_PF_IP_ROUTE },
	{ "ip", "rule", V6D_PF_IP_ROUTE },
	{ "ip", "neigh", V6D_PF_NDP },
	{ "ip", NULL, V6D_PF_IP_ADDR },
	{ "telnet", NULL, V6D_PF_CONNECT },
	{ "nc", NULL, V6D_PF_CONNECT },
	{ "curl", NULL, V6D_PF_CONNECT },
	{ "wget", NULL, V6D_PF_CONNECT },
	{ "ping", NULL, V6D_PF_PING },
	{ "ping6", NULL, V6D_PF_PING },
	{ "traceroute", NULL, V6D_PF_PING },
	{ "traceroute6", NULL, V6D_PF_PING },
	{ "tracert", NULL, V6D_PF_PING },
	{ "dig", NULL, V6D_PF_LOOKUP },
	{ "drill", NULL, V6D_PF_LOOKUP },
	{ "kdig", NULL, V6D_PF_LOOKUP },
	{ "host", NULL, V6D_PF_LOOKUP },
	{ "nslookup", NULL, V6D_PF_LOOKUP },
	{ "journalctl", NULL, V6D_PF_PPP_LOG },
	{ "pppd", NULL, V6D_PF_PPP_LOG },
	{ "pptp", NULL, V6D_PF_PPP_LOG },
	{ "pon", NULL, V6D_PF_PPP_LOG },
	{ "dmesg", NULL, V6D_PF_ROUTER_LOG },
	{ "cat", "radvd.conf", V6D_PF_RADVD },
	{ "cat", "sysctl.conf", V6D_PF_SYSCTL },
	{ "cat", ".sh", V6D_PF_SCRIPT },
	{ "cat", "options", V6D_PF_PPP_OPTIONS },
	{ "cat", "ppp/peers", V6D_PF_PPP_OPTIONS },
	{ "cat", ".log", V6D_PF_PPP_LOG },
	{ "cat", "messages", V6D_PF_PPP_LOG },
	{ "tail", NULL, V6D_PF_PPP_LOG },
	{ "grep", NULL, V6D_PF_PPP_LOG },
	{ "ls", NULL, V6D_PF_PPP_OPTIONS },
};

/* The command of a line without "sudo" and a path, cut at its end. */
static size_t
command_word(const char **s)
{
	const char *p = *s;
	size_t n;

	for (;;) {
		p += strspn(p, " ");
		n = strcspn(p, " ");
		if (!(n == 4 && strncmp(p, "sudo", 4) == 0))
			break;
		p += n;
	}
	for (size_t i = 0; i < n; i++)
		if (p[i] == '/' && i + 1 < n) {
			p += i + 1;
			n -= i + 1;
			i = 0;
		}
	*s = p;
	if (n > 4 && strncmp(p + n - 4, ".exe", 4) == 0)
		return n - 4;
	return n;
}

/* Which row of the table a command is, or -1. */
static int
row_of(const char *cmd)
{
	size_t n = command_word(&cmd);

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		const char *w = commands[i].word, *second = commands[i].second;
		const char *rest = cmd + n;
		bool has = !second;

		if (strlen(w) != n || strncmp(cmd, w, n) != 0)
			continue;
		while (second && !has && *rest) {
			size_t k;

			rest += strspn(rest, " ");
			k = strcspn(rest, " ");
			has = k == strlen(second) &&
			      strncmp(rest, second, k) == 0;
			/* files are named with their paths */
			if (w[0] == 'c')
				has = v6d_has(rest, second);
			rest += k;
		}
		if (has)
			return (int)i;
	}
	return -1;
}

/* "host:~ user", "[user@host ~]", "C:\\Users\\x", "PS C:\\>", or nothing. */
static bool
like_prompt(const char *s, size_t n)
{
	unsigned blanks = 0;
	bool mark = n == 0;

	if (n > 70)
		return false;
	for (size_t i = 0; i < n; i++) {
		uint8_t c = (uint8_t)s[i];

		if (c == ' ')
			blanks++;
		if (c == '@' || c == ':' || c == '\\' || c == '~' || c == '[')
			mark = true;
		if (c == '"' || c == '=' || c == '<' || c == '{' || c == ';')
			return false;
	}
	return mark && blanks <= 3;
}

/* Typed without a prompt: only what cannot be taken for a sentence. */
static bool
bare_command(const char *s)
{
	static const char *const words[] = { "telnet ", "curl ", "ping6 ",
		"dig ", "nslookup " };

	if (v6d_starts(s, "ipconfig /") || v6d_starts(s, "netsh interface") ||
	    v6d_starts(s, "scutil --dns") || v6d_starts(s, "ifconfig -a") ||
	    strcmp(s, "ifconfig") == 0)
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!v6d_starts(s, words[i]))
			continue;
		/* an option, or a name or address with a mark within */
		for (const char *p = s + strlen(words[i]); *p; p++)
			if ((*p == '-' && p[-1] == ' ') ||
			    ((*p == '.' || *p == ':') && p[1] && p[1] != ' '))
				return true;
	}
	return false;
}

const char *
v6d_prompt(const char *s)
{
	for (const char *p = s; *p && p - s <= 70; p++) {
		const char *rest = p + 1;
		size_t n = (size_t)(p - s);

		if (*p != '$' && *p != '#' && *p != '%' && *p != '>')
			continue;
		rest += strspn(rest, " ");
		if (*p == '%' && n > 0 && p[-1] != ' ')
			continue; /* a zone */
		/* a prompt alone; of files it is an empty comment */
		if (*rest == '\0' && n == 0 && (*p == '$' || *p == '#'))
			return rest;
		if (row_of(rest) >= 0 && (n == 0 || like_prompt(s, n)))
			return rest;
		if (*rest == '\0' && n > 0 && like_prompt(s, n) &&
		    (v6d_has(s, ":~") || v6d_has(s, "@") || v6d_has(s, ":\\")))
			return rest;
		/* a command that is not known, behind a real prompt */
		if (n > 0 && p[1] == ' ' && *p != '>' && like_prompt(s, n) &&
		    (v6d_has(s, ":~") || v6d_has(s, "@")))
			return rest;
	}
	return bare_command(s) ? s : NULL;
}

/* ---- URLs ---- */

/*
 * A literal without brackets behind http://; *ret_n is its length. Two colons
 * and nothing but hexadecimal digits: no host name and port look like that.
 */
static const char *
bare_literal(const char *s, size_t *ret_n)
{
	const char *p = strstr(s, "http://");
	unsigned colons = 0;
	size_t n = 0;

	if (!p)
		p = strstr(s, "https://");
	if (!p)
		return NULL;
	p = strstr(p, "//") + 2;
	for (; p[n]; n++) {
		if (p[n] == ':')
			colons++;
		else if (!strchr("0123456789abcdefABCDEF", p[n]))
			break;
	}
	/* "2001:200:...:44d7": shortened by who wrote it */
	if (colons >= 2 && p[n] && (uint8_t)p[n] >= 0x80)
		n = strcspn(p, "/\" '>");
	*ret_n = n;
	return colons >= 2 && p[0] != ':' ? p : NULL;
}

void
v6d_url_lint(struct v6d_paste *p, const char *s, struct v6d_at at)
{
	struct v6d_paste_url *u;
	size_t n, before, from = 0, to;
	const char *host = bare_literal(s, &n);
	bool curl;

	if (!host)
		return;
	if (p->n_urls == V6D_PASTE_URLS) {
		p->n_dropped++;
		return;
	}
	u = &p->urls[p->n_urls++];
	at.format = V6D_PF_CONNECT;
	u->at = at;
	/* from the command, where one stands there */
	curl = strstr(s, "curl") != NULL && strstr(s, "curl") < host;
	from = curl ? (size_t)(strstr(s, "curl") - s) : 0;
	if (!curl) {
		const char *h = host;

		while (h > s && h[-1] != ' ' && h[-1] != '"')
			h--;
		from = (size_t)(h - s);
	}
	to = (size_t)(host - s) + n;
	to += strcspn(s + to, " ");
	before = (size_t)(host - s) - from;
	v6d_copy(u->line, sizeof(u->line), s + from);
	if (to - from < sizeof(u->line))
		u->line[to - from] = '\0';
	snprintf(u->mended, sizeof(u->mended), "%.*s[%.*s]%.*s", (int)before,
	    s + from, (int)n, host, (int)(to - (size_t)(host - s) - n),
	    host + n);
	if (curl && !v6d_has(u->mended, " -g")) {
		char tail[sizeof(u->mended)];
		const char *url = strstr(u->mended, "\"http");

		url = url ? url : strstr(u->mended, "http");
		v6d_copy(tail, sizeof(tail), url);
		snprintf(u->mended + (url - u->mended),
		    sizeof(u->mended) - (size_t)(url - u->mended), "-g %s",
		    tail);
	}
}

/* ---- commands ---- */

static void
literal_of(const char *url, char *buf, size_t n)
{
	const char *s = strstr(url, "//");

	v6d_copy(buf, n, s ? s + 2 : url);
	buf[strcspn(buf, "/\"'")] = '\0';
}

/* telnet HOST [PORT], nc, curl URL: one attempt begins. */
static void
begin_try(struct v6d_paste *p, const struct v6d_tok *t, struct v6d_at at)
{
	bool fetch = v6d_has(t->line, "curl") || v6d_has(t->line, "wget");
	struct v6d_paste_try *e;
	char host[V6D_SUBJECT] = "";
	unsigned port = fetch ? 80 : 23;
	int64_t v;

	for (unsigned i = 1; i < t->n; i++) {
		if (v6d_has(t->t[i], "://")) {
			literal_of(t->t[i], host, sizeof(host));
			port = v6d_has(t->t[i], "https") ? 443 : port;
		} else if (t->t[i][0] == '-') {
			if (v6d_tok_is(t, i, "-m") || v6d_tok_is(t, i, "-o") ||
			    v6d_tok_is(t, i, "--max-time") ||
			    v6d_tok_is(t, i, "-w"))
				i++;
		} else if (host[0] && v6d_whole(t->t[i], &v) && v < 65536) {
			port = (unsigned)v;
		} else if (!host[0] && strchr("/\"'", t->t[i][0]) == NULL &&
			   !v6d_tok_is(t, i, "sudo") &&
			   !v6d_tok_is(t, i, "telnet") &&
			   !v6d_tok_is(t, i, "curl") &&
			   !v6d_tok_is(t, i, "nc")) {
			v6d_copy(host, sizeof(host), t->t[i]);
		}
	}
	if (!host[0])
		return;
	e = v6d_put_try(p, host, at);
	if (!e)
		return;
	e->port = port;
	e->fetch = fetch;
	e->literal = v6d_ip(host, &e->addr, NULL, NULL, 0);
}

static void
begin_ping(struct v6d_paste *p, const struct v6d_tok *t, struct v6d_at at)
{
	const char *host = t->n > 1 ? t->t[t->n - 1] : "";
	struct v6d_paste_ping *e;
	const char *s = v6d_tok_after(t, "-s");

	if (v6d_has(t->line, "traceroute") || v6d_has(t->line, "tracert"))
		return;
	if (!s[0])
		s = v6d_tok_after(t, "-l"); /* Windows */
	/* options behind the host: Windows lets one write so */
	for (unsigned i = 1; i < t->n; i++)
		if (t->t[i][0] != '-' && v6d_has(t->t[i], ".") &&
		    v6d_is_alpha(t->t[i][0]))
			host = t->t[i];
	e = v6d_put_ping(p, host, at);
	if (!e)
		return;
	(void)v6d_lead(s, &e->size);
	e->dont_fragment = v6d_tok_find(t, 1, "do") > 0 ||
			   v6d_tok_find(t, 1, "-D") > 0 ||
			   v6d_tok_find(t, 1, "-f") > 0;
	(void)v6d_ip(host, &e->addr, NULL, NULL, 0);
}

void
v6d_command(struct v6d_paste *p, const char *cmd, struct v6d_at at)
{
	int row = row_of(cmd);
	struct v6d_tok t = { .at = { .piece = 0 } };

	if (row < 0)
		return;
	at.format = commands[row].format;
	p->place.cmd = (int)at.format;
	t.at = at;
	v6d_tok_split(&t, cmd);
	switch (at.format) {
	case V6D_PF_CONNECT:
		begin_try(p, &t, at);
		break;
	case V6D_PF_PING:
		begin_ping(p, &t, at);
		break;
	case V6D_PF_LOOKUP:
		v6d_lookup_begin(p, &t, at);
		break;
	case V6D_PF_SYSCTL:
		if (v6d_starts(cmd, "cat"))
			p->place.in_file = true;
		else
			(void)v6d_take_sysctl(p, &t);
		break;
	case V6D_PF_NETSTAT:
	case V6D_PF_IP_ROUTE:
	case V6D_PF_IP_ADDR:
	case V6D_PF_ROUTE6:
		p->place.family = v6d_has(cmd, "inet6") || v6d_has(cmd, "-6")
				      ? 6
				  : v6d_has(cmd, "-4") ? 4
						       : 0;
		break;
	case V6D_PF_IP6TABLES:
		if (v6d_has(cmd, "ip6tables"))
			p->filter_v6 = true;
		else
			p->place.family = 4;
		break;
	case V6D_PF_IFCONFIG:
	case V6D_PF_IPCONFIG:
	case V6D_PF_NETSH:
	case V6D_PF_ROUTE_PRINT:
	case V6D_PF_SCUTIL:
	case V6D_PF_RESOLVECTL:
	case V6D_PF_NDP:
	case V6D_PF_PPP_LOG:
	case V6D_PF_ROUTER_LOG:
	case V6D_PF_NFT:
	case V6D_PF_RADVD:
	case V6D_PF_SCRIPT:
	case V6D_PF_PPP_OPTIONS:
	case V6D_PF_TOLD:
	case V6D_N_PFS:
		break;
	}
}
