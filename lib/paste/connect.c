/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * connect.c - telnet, nc and curl: whom they tried, and how far they got.
 * "Connected" proves packets of some 80 bytes each way, no more; a first
 * line of an answer and its end are further levels.
 */
#include "paste/impl.h"

#include <string.h>

static struct v6d_paste_try *
now(struct v6d_paste *p)
{
	return p->place.try_i < 0 ? NULL : &p->tries[p->place.try_i];
}

/* "Trying 2001:...", "*   Trying [2001:...]:80...": an address is tried. */
static int
trying(struct v6d_paste *p, const struct v6d_tok *t, unsigned i)
{
	struct v6d_paste_try *e = now(p);
	struct v6d_addr a;

	if (!v6d_tok_is(t, i, "Trying") || i + 1 >= t->n ||
	    !v6d_ip(t->t[i + 1], &a, NULL, NULL, 0))
		return 0;
	/* another address of the same name */
	if (e && e->level == V6D_TRIED && e->addr.family && !e->literal &&
	    !v6d_addr_eq(&e->addr, &a) && !e->word[0])
		v6d_copy(e->word, sizeof(e->word), "timeout");
	if (!e || e->word[0] || e->level > V6D_TRIED) {
		struct v6d_paste_try old = { .port = 0 };

		if (e)
			old = *e;
		e = v6d_put_try(p, old.name[0] ? old.name : t->t[i + 1], t->at);
		if (!e)
			return 1;
		e->port = old.port;
		e->fetch = old.fetch;
		if (!old.name[0])
			v6d_addr_text(&a, e->name, sizeof(e->name));
	}
	e->addr = a;
	e->at = t->at;
	return (int)t->n;
}

static int
connected(struct v6d_paste *p, const struct v6d_tok *t, unsigned i)
{
	struct v6d_paste_try *e = now(p);
	bool nc = v6d_starts(t->line, "Connection to ") &&
		  v6d_has(t->line, "succeeded");
	struct v6d_addr a;
	int64_t port;

	if (!nc &&
	    !(v6d_tok_is(t, i, "Connected") && v6d_tok_is(t, i + 1, "to")))
		return 0;
	if (i + 2 >= t->n)
		return 1;
	if (!e || (e->level > V6D_TRIED && e->level < V6D_COMPLETE &&
		      !e->fetch && nc))
		e = v6d_put_try(p, t->t[i + 2], t->at);
	if (!e)
		return 1;
	if (e->level < V6D_CONNECTED)
		e->level = V6D_CONNECTED;
	e->word[0] = '\0';
	e->at = t->at;
	for (unsigned k = i + 2; k < t->n; k++)
		if (!e->addr.family && v6d_ip(t->t[k], &a, NULL, NULL, 0))
			e->addr = a;
	if (v6d_whole(v6d_tok_after(t, "port"), &port) && port < 65536)
		e->port = (unsigned)port;
	else if (nc && i + 3 < t->n && v6d_whole(t->t[i + 3], &port) &&
		 port < 65536)
		e->port = (unsigned)port;
	return (int)t->n;
}

static const char *
failure(const char *line)
{
	if (v6d_has_word(line, "connection refused") ||
	    v6d_has(line, "接続が拒否されました") ||
	    v6d_has(line, "接続を拒否されました"))
		return "refused";
	if (v6d_has_word(line, "timed out") || v6d_has_word(line, "timeout") ||
	    v6d_has(line, "接続がタイムアウトしました"))
		return "timeout";
	if (v6d_has_word(line, "unreachable") ||
	    v6d_has_word(line, "no route to host") ||
	    v6d_has(line, "到達できません") || v6d_has(line, "到達不能") ||
	    v6d_has(line, "ホストへの経路がありません"))
		return "unreachable";
	return NULL;
}

static int
failed(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_try *e = now(p);
	const char *word;

	if (!v6d_starts(t->line, "telnet:") && !v6d_starts(t->line, "nc:") &&
	    !v6d_starts(t->line, "Ncat:"))
		return 0;
	word = failure(t->line);
	if (!word || !e)
		return word ? (int)t->n : 0;
	e->at = t->at;
	if (e->level == V6D_TRIED)
		v6d_copy(e->word, sizeof(e->word), word);
	return (int)t->n;
}

/* ---- curl ---- */

/* "... with 1234 out of 5678 bytes received" */
static int64_t
bytes_received(const struct v6d_tok *t)
{
	int64_t v = -1;
	int i = v6d_tok_find(t, 0, "with");

	if (i >= 0 && (unsigned)i + 1 < t->n)
		(void)v6d_lead(t->t[i + 1], &v);
	return v;
}

static int
curl_error(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_try *e = now(p);
	const char *word = NULL;
	int64_t code;

	if (!v6d_tok_is(t, 0, "curl:") || t->n < 2 || t->t[1][0] != '(' ||
	    !v6d_lead(t->t[1] + 1, &code))
		return 0;
	if (code == 3) {
		/* it never left this host */
		p->curl_syntax = true;
		p->curl_syntax_at = t->at;
		if (e)
			v6d_copy(e->word, sizeof(e->word), "syntax");
		return (int)t->n;
	}
	if (!e)
		return (int)t->n;
	e->at = t->at;
	switch (code) {
	case 7: /* could not connect */
		word = failure(t->line);
		word = word ? word : "refused";
		break;
	case 28: /* a time limit: before or after the connection */
		word = e->level >= V6D_CONNECTED || bytes_received(t) > 0 ||
			       v6d_has(t->line, "bytes received")
			   ? "stall"
			   : "timeout";
		if (v6d_has(t->line, "Connection timed out"))
			word = "timeout";
		e->bytes = bytes_received(t);
		break;
	case 18: /* ended early */
	case 52: /* nothing came */
	case 56: /* reset while receiving */
		word = "stall";
		break;
	case 6: /* the name does not resolve */
		word = "unresolved";
		break;
	default:
		return (int)t->n;
	}
	v6d_copy(e->word, sizeof(e->word), word);
	return (int)t->n;
}

static int
answer(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_try *e = now(p);
	unsigned i = v6d_tok_is(t, 0, "<") ? 1 : 0;

	if (v6d_starts(t->t[i < t->n ? i : 0], "HTTP/") && t->n >= i + 2) {
		if (e && e->level < V6D_FIRST_BYTE)
			e->level = V6D_FIRST_BYTE;
		return (int)t->n;
	}
	if (v6d_has(t->line, "left intact") ||
	    (v6d_has(t->line, "Closing connection") && e &&
		e->level == V6D_FIRST_BYTE && !e->word[0]) ||
	    v6d_has(t->line, "</html>") || v6d_has(t->line, "</HTML>")) {
		if (e && e->level >= V6D_CONNECTED && !e->word[0])
			e->level = V6D_COMPLETE;
		return (int)t->n;
	}
	return 0;
}

/* Lines of curl -v and of an answer's head that say nothing more. */
static int
chatter(const struct v6d_paste *p, const struct v6d_tok *t)
{
	static const char *const words[] = { "Escape character is",
		"Connection closed by foreign host", "Dload", "Current",
		"% Total", "--:--:--", "GET /",
		"Host:", "User-Agent:", "Accept:", "Content-",
		"Server:", "Date:", "Last-Modified", "ETag", "Cache-Control",
		"Location:" };

	if (v6d_has(t->line, words[0]) || v6d_has(t->line, words[1]))
		return (int)t->n;
	if (p->place.format != V6D_PF_CONNECT && p->place.cmd != V6D_PF_CONNECT)
		return 0;
	if (v6d_tok_is(t, 0, "*") || v6d_tok_is(t, 0, "<"))
		return (int)t->n;
	for (size_t i = 2; i < sizeof(words) / sizeof(words[0]); i++)
		if (v6d_has(t->line, words[i]))
			return (int)t->n;
	return 0;
}

int
v6d_take_connect(struct v6d_paste *p, const struct v6d_tok *t)
{
	unsigned i = v6d_tok_is(t, 0, "*") ? 1 : 0;
	int n = trying(p, t, i);

	if (v6d_tok_is(t, 0, "Ncat:"))
		i = v6d_tok_find(t, 0, "Connected") > 0
			? (unsigned)v6d_tok_find(t, 0, "Connected")
			: 0;
	if (n == 0)
		n = connected(p, t, i);
	if (n == 0)
		n = failed(p, t);
	if (n == 0)
		n = curl_error(p, t);
	if (n == 0)
		n = answer(p, t);
	if (n == 0)
		n = chatter(p, t);
	return n;
}
