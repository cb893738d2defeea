/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lookup.c - dig, drill, kdig, host, nslookup (of Unix and of Windows) and
 * resolvectl query:
 * whom they asked for which record, and what came back. Windows translates
 * the words, not the reasons behind the last colon.
 */
#include "paste/impl.h"

#include <string.h>

#include "base/wire.h"

/* Where a list of nslookup's stands; place.sub. */
enum { PLAIN, SERVER, ASKED, NAMED };

static struct v6d_paste_lookup *
current(struct v6d_paste *p)
{
	int i = p->place.lookup_i;

	return i >= 0 ? &p->lookups[i] : NULL;
}

/* The one that a command announced and whose output begins, or a new one. */
static struct v6d_paste_lookup *
begin(struct v6d_paste *p, struct v6d_at at)
{
	struct v6d_paste_lookup *l = current(p);

	if (!l || l->begun)
		l = v6d_put_lookup(p, at);
	if (l) {
		l->begun = true;
		l->at = at;
	}
	return l;
}

/* What a code or a reason means, as a fact's word; NULL: no error. */
static const char *
error_word(const char *s)
{
	static const struct {
		const char *part, *word;
	} rows[] = {
		{ "NXDOMAIN", "nxdomain" },
		{ "Non-existent domain", "nxdomain" },
		{ "SERVFAIL", "servfail" },
		{ "Server failed", "servfail" },
		{ "REFUSED", "refused" },
		{ "Query refused", "refused" },
		{ "NOTIMP", "notimp" },
		{ "Not implemented", "notimp" },
		{ "FORMERR", "malformed" },
		{ "Format error", "malformed" },
		{ "timed out", "timeout" },
		{ "timed-out", "timeout" },
		{ "no servers could be reached", "timeout" },
		{ "No response from server", "timeout" },
		{ "タイムアウト", "timeout" },
		{ "Zeitüberschreitung", "timeout" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (v6d_has(s, rows[i].part))
			return rows[i].word;
	return NULL;
}

/* An address or a name without port, brackets or a last dot. */
static void
copy_host(char *to, size_t cap, const char *s)
{
	size_t n;

	s += *s == '@';
	v6d_copy(to, cap, s);
	to[strcspn(to, "#(@,")] = '\0';
	n = strlen(to);
	if (n > 1 && (to[n - 1] == '.' || to[n - 1] == ':'))
		to[n - 1] = '\0';
}

static unsigned
type_of(const char *s)
{
	const char *eq = strchr(s, '=');

	s = eq && s[0] == '-' ? eq + 1 : s;
	if (strlen(s) == 4 && v6d_has_word(s, "AAAA"))
		return V6D_PASTE_AAAA;
	return strlen(s) == 1 && v6d_has_word(s, "A") ? V6D_PASTE_A : 0;
}

void
v6d_lookup_begin(struct v6d_paste *p, const struct v6d_tok *t, struct v6d_at at)
{
	struct v6d_paste_lookup *l = v6d_put_lookup(p, at);
	bool dig = v6d_has(t->line, "dig") || v6d_has(t->line, "drill");
	unsigned first = v6d_tok_is(t, 1, "query") ? 2 : 1; /* resolvectl's */

	if (!l)
		return;
	l->asked = dig ? V6D_PASTE_A : V6D_PASTE_A | V6D_PASTE_AAAA;
	for (unsigned i = first; i < t->n; i++) {
		unsigned type = type_of(t->t[i]);

		if (type)
			l->asked = type;
		else if (t->t[i][0] == '@')
			copy_host(l->server, sizeof(l->server), t->t[i]);
		else if (t->t[i][0] == '-' || v6d_has(t->t[i], "="))
			l->asked = 0; /* for another type, perhaps */
		else if (t->t[i][0] == '+')
			continue;
		else if (!l->name[0])
			copy_host(l->name, sizeof(l->name), t->t[i]);
		else if (!l->server[0] && !dig)
			copy_host(l->server, sizeof(l->server), t->t[i]);
	}
}

static void
answer(struct v6d_paste_lookup *l, const char *s)
{
	struct v6d_addr a;

	if (!l || !v6d_ip(s, &a, NULL, NULL, 0))
		return;
	l->got |= a.family == 4 ? V6D_PASTE_A : V6D_PASTE_AAAA;
}

/* ---- dig, drill, kdig ---- */

static int
header(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_lookup *l;
	const char *code;

	if (!v6d_has(t->line, "->>HEADER<<-"))
		return 0;
	l = begin(p, t->at);
	code = v6d_tok_after(t, "status:");
	if (l)
		l->word =
		    error_word(code[0] ? code : v6d_tok_after(t, "rcode:"));
	return (int)t->n;
}

/* ";www.example.net.  IN  AAAA"; drill has a blank after ";;". */
static int
question(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_lookup *l = current(p);
	int in = v6d_tok_find(t, 1, "IN");
	const char *name;

	if (!l || in < 1 || (unsigned)in + 2 != t->n)
		return 0;
	name = t->t[in - 1] + strspn(t->t[in - 1], ";");
	copy_host(l->name, sizeof(l->name), name);
	l->asked = type_of(t->t[in + 1]);
	return (int)t->n;
}

/* Lines of dig's that begin with ";". */
static int
comment(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_lookup *l = current(p);
	const char *server = v6d_tok_after(t, "SERVER:");
	const char *to = v6d_tok_after(t, "to");
	bool ours = l || v6d_starts(t->line, ";; ") || v6d_has(t->line, "DiG ");
	int n;

	if (t->line[0] != ';' || !ours)
		return 0;
	n = question(p, t);
	if (n > 0 || !l)
		return n > 0 ? n : (int)t->n;
	if (!server[0] && v6d_starts(t->line, ";; From "))
		server = v6d_tok_after(t, "From");
	if (!server[0] && v6d_has(t->line, "communications error"))
		server = to;
	if (server[0])
		copy_host(l->server, sizeof(l->server), server);
	if (v6d_has(t->line, "timed out") ||
	    v6d_has(t->line, "no servers could be reached"))
		l->word = "timeout";
	if (v6d_has(t->line, "Query time:"))
		(void)v6d_lead(v6d_tok_after(t, "time:"), &l->ms);
	return (int)t->n;
}

/* "www.example.net.  60  IN  AAAA  2001:db8::80" */
static int
record(struct v6d_paste *p, const struct v6d_tok *t)
{
	int in = v6d_tok_find(t, 1, "IN");

	if (!current(p) || in < 1 || in > 2 || (unsigned)in + 2 > t->n)
		return 0;
	/* it may be wrapped before the address */
	if ((unsigned)in + 2 < t->n && type_of(t->t[in + 1]))
		answer(current(p), t->t[in + 2]);
	return (int)t->n;
}

/* ---- host ---- */

static int
host(struct v6d_paste *p, const struct v6d_tok *t)
{
	bool has = v6d_has(t->line, " has address ") ||
		   v6d_has(t->line, " has IPv6 address ");
	bool none =
	    v6d_starts(t->line, "Host ") && v6d_has(t->line, " not found: ");
	struct v6d_paste_lookup *l = current(p);

	struct v6d_addr a;

	/* a sentence is none of these */
	has = has && v6d_ip(t->t[t->n - 1], &a, NULL, NULL, 0);
	if (!has && !none)
		return l && v6d_has(t->line, " has no AAAA record") ? (int)t->n
								    : 0;
	if (!l)
		l = begin(p, t->at);
	if (!l)
		return (int)t->n;
	copy_host(l->name, sizeof(l->name), t->t[none]);
	if (has)
		answer(l, t->t[t->n - 1]);
	else
		l->word = error_word(t->line);
	return (int)t->n;
}

/* ---- resolvectl query ---- */

/* "NAME: ADDRESS -- link: eth0"; of older versions without the link. */
static int
query_answer(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_lookup *l = current(p);
	unsigned at = t->n > 0 && v6d_ends(t->t[0], ":") ? 1 : 0;
	bool link =
	    v6d_tok_is(t, at + 1, "--") && v6d_tok_is(t, at + 2, "link:");
	/* as a command above has it */
	bool announced = l && at == 1 && t->n == 2 && l->name[0] &&
			 strlen(t->t[0]) == strlen(l->name) + 1 &&
			 strncmp(t->t[0], l->name, strlen(l->name)) == 0;
	struct v6d_addr a;

	if (t->n <= at || (!link && !announced) ||
	    !v6d_ip(t->t[at], &a, NULL, NULL, 0))
		return 0;
	if (at == 1 && (!l || l->got == 0))
		l = begin(p, t->at);
	if (!l)
		return (int)t->n;
	if (at == 1 && !l->name[0])
		copy_host(l->name, sizeof(l->name), t->t[0]);
	if (l->asked == 0)
		l->asked = V6D_PASTE_A | V6D_PASTE_AAAA;
	answer(l, t->t[at]);
	return (int)t->n;
}

/* "NAME: resolve call failed: REASON" */
static int
query_failed(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_lookup *l;
	const char *why = strstr(t->line, ": resolve call failed: ");

	if (!why)
		return 0;
	l = begin(p, t->at);
	if (!l)
		return (int)t->n;
	copy_host(l->name, sizeof(l->name), t->t[0]);
	if (l->asked == 0)
		l->asked = V6D_PASTE_A | V6D_PASTE_AAAA;
	if (v6d_has(why, "' not found"))
		l->word = "nxdomain";
	else if (v6d_has(why, "All attempts to contact name servers"))
		l->word = "timeout";
	else
		l->word = error_word(why);
	return (int)t->n;
}

static int
query(struct v6d_paste *p, const struct v6d_tok *t)
{
	static const char *const remarks[] = { "-- Information acquired via ",
		"-- Data is authenticated:", "-- Data from:" };
	int n = query_answer(p, t);

	if (n == 0)
		n = query_failed(p, t);
	for (size_t i = 0; n == 0 && i < V6D_ARRAY_LEN(remarks); i++)
		if (v6d_starts(t->line, remarks[i]))
			n = (int)t->n;
	return n;
}

/* ---- nslookup ---- */

static bool
is_one_of(const char *s, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(s, *words) == 0)
			return true;
	return false;
}

static const char *const servers[] = { "Server:", "サーバー:", NULL };
static const char *const names[] = { "Name:", "名前:", NULL };
static const char *const addresses[] = { "Address:", "Addresses:", NULL };
static const char *const prose[] = { "Non-authoritative answer:",
	"権限のない回答:", "Nicht autorisierende Antwort:",
	"DNS request timed out.", "timeout was 2 seconds.", NULL };

/* "** server can't find NAME: REASON", "*** ...: Server failed" */
static int
complaint(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_lookup *l = current(p);
	bool ours = v6d_starts(t->line, "*** ") ||
		    v6d_starts(t->line, "** server can't find ");
	const char *word = error_word(t->line);

	if (!l || !ours)
		return 0;
	if (word)
		l->word = word;
	p->place.sub = PLAIN;
	return (int)t->n;
}

/* Without a name to look up it shows whom it will ask, and then a prompt. */
static bool
is_default_server(const struct v6d_tok *t)
{
	static const char *const words[] = {
		"Default Server:", "既定のサーバー:", "Standardserver:"
	};

	for (size_t i = 0; i < V6D_ARRAY_LEN(words); i++)
		if (v6d_starts(t->line, words[i]))
			return true;
	return false;
}

/* "set type=AAAA" at its prompt: of what is asked next. */
static void
set_type(struct v6d_paste *p, const struct v6d_tok *t)
{
	const char *eq = strchr(t->t[1], '=');
	struct v6d_paste_lookup *l = eq ? v6d_put_lookup(p, t->at) : NULL;

	if (l)
		l->asked = type_of(eq + 1);
}

static int
nslookup(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_lookup *l = current(p);

	if (is_default_server(t)) {
		p->place.sub = PLAIN;
		return (int)t->n;
	}
	if (v6d_tok_is(t, 0, "set") && t->n == 2 &&
	    (v6d_starts(t->t[1], "type=") || v6d_starts(t->t[1], "q="))) {
		set_type(p, t);
		return 2;
	}
	if (t->n == 2 && is_one_of(t->t[0], servers)) {
		(void)begin(p, t->at);
		p->place.sub = SERVER;
		return 2;
	}
	if (!l)
		return 0;
	if (is_one_of(t->line, prose))
		return (int)t->n;
	if (t->n == 2 && is_one_of(t->t[0], names)) {
		copy_host(l->name, sizeof(l->name), t->t[1]);
		p->place.sub = NAMED;
		return 2;
	}
	if (t->n == 2 && is_one_of(t->t[0], addresses)) {
		if (p->place.sub == SERVER)
			copy_host(l->server, sizeof(l->server), t->t[1]);
		if (p->place.sub == NAMED)
			answer(l, t->t[1]);
		else
			p->place.sub = ASKED;
		return 2;
	}
	/* more addresses, one a line */
	if (p->place.sub == NAMED && t->n == 1 &&
	    p->place.format == V6D_PF_LOOKUP) {
		unsigned got = l->got;

		l->got = 0;
		answer(l, t->t[0]);
		got |= l->got;
		p->place.sub = l->got ? NAMED : PLAIN;
		l->got = got;
		return p->place.sub == NAMED;
	}
	return complaint(p, t);
}

int
v6d_take_lookup(struct v6d_paste *p, const struct v6d_tok *t)
{
	int n = header(p, t);

	if (n == 0)
		n = comment(p, t);
	if (n == 0)
		n = record(p, t);
	if (n == 0)
		n = query(p, t);
	if (n == 0)
		n = host(p, t);
	return n > 0 ? n : nslookup(p, t);
}
