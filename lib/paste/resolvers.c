/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolvers.c - which resolvers are asked: scutil --dns, resolvectl. */
#include "paste/impl.h"

#include <string.h>

/* The value behind "name : value"; NULL when there is no colon. */
static const char *
value_of(const char *line)
{
	const char *s = strchr(line, ':');

	if (!s)
		return NULL;
	s++;
	return s + strspn(s, " ");
}

static int
scutil_value(struct v6d_paste *p, const struct v6d_tok *t, const char *v)
{
	struct v6d_paste_resolver *r = NULL;
	struct v6d_addr a;

	if (v6d_starts(t->t[0], "nameserver[")) {
		if (v6d_ip(v, &a, NULL, NULL, 0)) {
			r = v6d_put_resolver(p, &a, t->at);
			p->place.resolver = r ? (int)(r - p->resolvers) : -1;
		}
		return (int)t->n;
	}
	if (p->place.resolver >= 0)
		r = &p->resolvers[p->place.resolver];
	if (v6d_tok_is(t, 0, "flags") && r) {
		r->asks_a = v6d_has(v, "Request A records") ? V6D_YES : V6D_NO;
		r->asks_aaaa =
		    v6d_has(v, "Request AAAA records") ? V6D_YES : V6D_NO;
	}
	if (v6d_tok_is(t, 0, "if_index") && r && strchr(v, '(')) {
		v6d_copy(r->dev, sizeof(r->dev), strchr(v, '(') + 1);
		r->dev[strcspn(r->dev, ")")] = '\0';
	}
	return (int)t->n;
}

int
v6d_take_scutil(struct v6d_paste *p, const struct v6d_tok *t)
{
	static const char *const words[] = { "nameserver[", "search", "domain",
		"if_index", "flags", "reach", "order", "options", "timeout",
		"port", "service_identifier", "Reachable" };
	const char *v = value_of(t->line);

	if (v6d_starts(t->line, "DNS configuration")) {
		p->place.resolver = -1;
		return (int)t->n;
	}
	if (v6d_tok_is(t, 0, "resolver") && t->n >= 2 && t->t[1][0] == '#') {
		p->place.resolver = -1;
		p->place.sub = 1;
		return (int)t->n;
	}
	if (!v || (p->place.format != V6D_PF_SCUTIL &&
		      !v6d_starts(t->t[0], "nameserver[")))
		return 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (v6d_starts(t->t[0], words[i]))
			return scutil_value(p, t, v);
	return 0;
}

/* ---- resolvectl ---- */

static int
addresses(struct v6d_paste *p, const struct v6d_tok *t, unsigned i)
{
	struct v6d_addr a;
	int n = 0;

	for (; i < t->n; i++) {
		struct v6d_paste_resolver *r;

		if (!v6d_ip(t->t[i], &a, NULL, NULL, 0))
			continue;
		n++;
		r = v6d_put_resolver(p, &a, t->at);
		if (r)
			v6d_copy(r->dev, sizeof(r->dev), p->place.word);
	}
	return n;
}

int
v6d_take_resolvectl(struct v6d_paste *p, const struct v6d_tok *t)
{
	static const char *const words[] = { "Current Scopes:", "Protocols:",
		"resolv.conf mode:", "DNS Domain:", "DefaultRoute setting:",
		"LLMNR setting:", "MulticastDNS setting:",
		"DNSOverTLS setting:", "DNSSEC setting:", "DNSSEC supported:",
		"DNSSEC NTA:", "Fallback DNS Servers:", "Default Route:" };
	char *end;

	if (v6d_tok_is(t, 0, "Link") && t->n >= 3 && t->t[2][0] == '(') {
		v6d_copy(p->place.word, sizeof(p->place.word), t->t[2] + 1);
		end = strchr(p->place.word, ')');
		if (end)
			*end = '\0';
		p->place.sub = 0;
		return (int)t->n;
	}
	if (v6d_starts(t->line, "DNS Servers:") ||
	    v6d_starts(t->line, "Current DNS Server:")) {
		p->place.sub = 1;
		return 2 + addresses(p, t, 2);
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (v6d_starts(t->line, words[i])) {
			p->place.sub = 0;
			return (int)t->n;
		}
	if (v6d_tok_is(t, 0, "Global") && t->n == 1)
		return 1;
	if (p->place.format != V6D_PF_RESOLVECTL)
		return 0;
	/* the second server stands alone on its line */
	return p->place.sub == 1 ? addresses(p, t, 0) : 0;
}
