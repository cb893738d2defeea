/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netsh.c - netsh interface ipv6 show route, address, interface and
 * prefixpolicies, by the shape of their rows: no word of a header is needed,
 * so that every language will do.
 */
#include "paste/impl.h"

#include <string.h>

enum { SHOW_NONE, SHOW_ROUTE, SHOW_ADDRESS, SHOW_INTERFACE, SHOW_POLICY };

/* The words from i on, as they stood, or "". */
static void
tail(const struct v6d_tok *t, unsigned i, char *buf, size_t n)
{
	struct v6d_text text = v6d_text_to(buf, n);

	for (unsigned k = i; k < t->n; k++)
		v6d_text_add(&text, "%s%s", k > i ? " " : "", t->t[k]);
}

/* "No  Manual  256  ::/0  4  fe80::1": publish type metric prefix idx gw */
static int
route(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_route r = { .expires_s = -1, .at = t->at };
	int64_t index;
	unsigned i;
	int plen = -1;

	for (i = 2; i < 5 && i < t->n; i++)
		if (v6d_has(t->t[i], "/") &&
		    v6d_ip(t->t[i], &r.dst.addr, &plen, NULL, 0) &&
		    r.dst.addr.family == 6 && plen >= 0)
			break;
	if (i >= 5 || i + 1 >= t->n || !v6d_whole(t->t[i - 1], &r.metric) ||
	    !v6d_whole(t->t[i + 1], &index) || index >= 1 << 24 ||
	    v6d_is_digit(t->t[0][0]))
		return 0;
	r.dst.len = (uint8_t)plen;
	r.is_default = plen == 0;
	r.dev_index = (uint32_t)index;
	if (i + 2 < t->n && v6d_ip(t->t[i + 2], &r.gateway, NULL, NULL, 0))
		r.gw = V6D_GW_ADDR;
	else
		tail(t, i + 2, r.dev, sizeof(r.dev));
	p->place.sub = SHOW_ROUTE;
	v6d_routes_seen(p, t->at);
	(void)v6d_put_route(p, &r);
	return (int)(i + 3 < t->n ? i + 3 : t->n);
}

static unsigned
flags_of(const struct v6d_tok *t)
{
	static const struct {
		const char *word;
		unsigned flag;
	} words[] = {
		{ "Temporary", V6D_PA_TEMPORARY | V6D_PA_AUTOCONF },
		{ "テンポラリ", V6D_PA_TEMPORARY | V6D_PA_AUTOCONF },
		{ "一時", V6D_PA_TEMPORARY | V6D_PA_AUTOCONF },
		{ "Temporär", V6D_PA_TEMPORARY | V6D_PA_AUTOCONF },
		{ "Public", V6D_PA_AUTOCONF },
		{ "パブリック", V6D_PA_AUTOCONF },
		{ "Öffentlich", V6D_PA_AUTOCONF },
		{ "Deprecated", V6D_PA_DEPRECATED },
		{ "非推奨", V6D_PA_DEPRECATED },
		{ "Verworfen", V6D_PA_DEPRECATED },
		{ "Veraltet", V6D_PA_DEPRECATED },
		{ "Duplicate", V6D_PA_DUPLICATE },
		{ "重複", V6D_PA_DUPLICATE },
		{ "Duplikat", V6D_PA_DUPLICATE },
		{ "Tentative", V6D_PA_TENTATIVE },
	};
	unsigned f = 0;

	for (unsigned i = 0; i < 2 && i < t->n; i++)
		for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++)
			if (v6d_starts(t->t[i], words[k].word))
				f |= words[k].flag;
	return f;
}

static bool
is_lifetime(const char *s)
{
	if (strcmp(s, "infinite") == 0 || strcmp(s, "無限") == 0 ||
	    strcmp(s, "unendlich") == 0 || v6d_starts(s, "infini"))
		return true;
	return v6d_is_digit(s[0]) && s[strspn(s, "0123456789dhms")] == '\0' &&
	       !v6d_is_digit(s[strlen(s) - 1]);
}

/* "Public  Preferred  29d23h59m35s 6d23h59m35s 2001:db8::1" */
static int
address(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_addr *e;
	char zone[V6D_PASTE_NAME];
	struct v6d_addr a;
	int64_t index;

	/* the address went to the next line */
	if (t->n == 4 && p->place.sub == SHOW_ADDRESS && is_lifetime(t->t[2]) &&
	    is_lifetime(t->t[3]))
		return 4;
	if (t->n < 5 || p->place.ifi < 0 ||
	    !v6d_ip(t->t[t->n - 1], &a, NULL, zone, sizeof(zone)) ||
	    a.family != 6 || !is_lifetime(t->t[t->n - 2]) ||
	    !is_lifetime(t->t[t->n - 3]))
		return 0;
	e = v6d_put_addr(p, p->place.ifi, &a, t->at);
	if (e)
		e->flags |= flags_of(t);
	if (zone[0] && v6d_whole(zone, &index) && index < 1 << 24)
		p->ifs[p->place.ifi].index = (uint32_t)index;
	return (int)t->n;
}

/* "Interface 12: NAME", "インターフェイス 12: NAME", "Schnittstelle 12: NAME" */
static int
heading(struct v6d_paste *p, const struct v6d_tok *t)
{
	char name[V6D_PASTE_NAME];
	int64_t index;

	if (t->n < 3 || !v6d_lead(t->t[1], &index) || index >= 1 << 24 ||
	    !v6d_ends(t->t[1], ":") ||
	    !(v6d_tok_is(t, 0, "Interface") ||
		v6d_tok_is(t, 0, "Schnittstelle") ||
		v6d_starts(t->t[0], "インターフェ")))
		return 0;
	tail(t, 2, name, sizeof(name));
	p->place.ifi = v6d_put_if(p, name, t->at);
	p->place.sub = SHOW_ADDRESS;
	if (p->place.ifi >= 0)
		p->ifs[p->place.ifi].index = (uint32_t)index;
	return (int)t->n;
}

/* "12   20   1500  connected   Local Area Connection" */
static int
interface(struct v6d_paste *p, const struct v6d_tok *t)
{
	char name[V6D_PASTE_NAME];
	int64_t index, metric, mtu;
	int i;

	if (t->n < 5 || !v6d_whole(t->t[0], &index) || index >= 1 << 24 ||
	    !v6d_whole(t->t[1], &metric) || !v6d_whole(t->t[2], &mtu) ||
	    mtu < 68 || v6d_is_digit(t->t[3][0]) || v6d_has(t->t[3], ":") ||
	    v6d_is_digit(t->t[4][0]))
		return 0;
	tail(t, 4, name, sizeof(name));
	i = v6d_put_if(p, name, t->at);
	if (i < 0)
		return (int)t->n;
	p->ifs[i].index = (uint32_t)index;
	p->ifs[i].mtu = mtu < 1 << 20 ? (unsigned)mtu : 0;
	p->ifs[i].active = v6d_starts(t->t[3], "dis") ||
				   v6d_starts(t->t[3], "getr") ||
				   v6d_starts(t->t[3], "切断")
			       ? V6D_NO
			       : V6D_YES;
	p->place.sub = SHOW_INTERFACE;
	return (int)t->n;
}

/* "50  0  ::1/128" */
static int
policy(const struct v6d_tok *t)
{
	struct v6d_addr a;
	int64_t v;
	int plen;

	return t->n == 3 && v6d_whole(t->t[0], &v) && v6d_whole(t->t[1], &v) &&
		       v6d_ip(t->t[2], &a, &plen, NULL, 0) && a.family == 6 &&
		       plen >= 0
		   ? (int)t->n
		   : 0;
}

/* Headers, by a word of each language, and the dashes below them. */
static int
header(const struct v6d_paste *p, const struct v6d_tok *t)
{
	static const char *const words[] = { "Gateway/Interface Name",
		"ゲートウェイ/インターフェイス名", "Gateway/Schnittstelle",
		"DAD State", "DAD-Status", "DAD 状態", "Precedence", "優先順位",
		"Querying active state", "アクティブな状態を照会",
		"Idx     Met", "Idx Met" };

	if (t->line[0] == '-' && t->line[strspn(t->line, "- ")] == '\0')
		return p->place.cmd == V6D_PF_NETSH ||
			       p->place.format == V6D_PF_NETSH
			   ? (int)t->n
			   : 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (v6d_has(t->line, words[i]))
			return (int)t->n;
	return 0;
}

int
v6d_take_netsh(struct v6d_paste *p, const struct v6d_tok *t)
{
	int n = heading(p, t);

	if (n == 0)
		n = header(p, t);
	if (n == 0)
		n = route(p, t);
	if (n == 0)
		n = address(p, t);
	if (n == 0 &&
	    (p->place.format == V6D_PF_NETSH || p->place.cmd == V6D_PF_NETSH)) {
		n = interface(p, t);
		if (n == 0)
			n = policy(t);
		/* a wide row goes on in the next line */
		if (n == 0 && t->n >= 4 && v6d_has(t->t[t->n - 1], "/"))
			n = 1;
	}
	return n;
}
