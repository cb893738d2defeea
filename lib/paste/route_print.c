/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * route_print.c - route print -6 of Windows: the list of interfaces, then
 * rows "If Metric Destination Gateway", whose gateway may stand alone on the
 * next line. Persistent routes are settings, not what is used now.
 */
#include "paste/impl.h"

#include <string.h>

enum { PART_NONE, PART_LIST, PART_V4, PART_ACTIVE, PART_PERSISTENT };

static int
heading(struct v6d_paste *p, const struct v6d_tok *t)
{
	static const struct {
		const char *words;
		int part;
	} heads[] = {
		{ "IPv6 Route Table", PART_ACTIVE },
		{ "IPv6 ルート テーブル", PART_ACTIVE },
		{ "IPv6-Routentabelle", PART_ACTIVE },
		{ "IPv4 Route Table", PART_V4 },
		{ "IPv4 ルート テーブル", PART_V4 },
		{ "IPv4-Routentabelle", PART_V4 },
		{ "Interface List", PART_LIST },
		{ "インターフェイス一覧", PART_LIST },
		{ "Schnittstellenliste", PART_LIST },
		{ "Persistent Routes:", PART_PERSISTENT },
		{ "固定ルート:", PART_PERSISTENT },
		{ "St\303\244ndige Routen:", PART_PERSISTENT },
		{ "Active Routes:", 0 },
		{ "アクティブ ルート:", 0 },
		{ "Aktive Routen:", 0 },
		{ "Network Destination", 0 },
		{ "ネットワーク宛先", 0 },
		{ "Netzwerkziel", 0 },
	};

	if (t->line[0] == '=' && t->line[strspn(t->line, "=")] == '\0' &&
	    strlen(t->line) > 20)
		return 1;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		if (!v6d_has(t->line, heads[i].words))
			continue;
		if (heads[i].part)
			p->place.sub = heads[i].part;
		if (heads[i].part == PART_ACTIVE)
			v6d_routes_seen(p, t->at);
		return 1;
	}
	return 0;
}

/* "12...00 1c 42 00 00 08 ......Intel(R) PRO/1000", "23....IIJ IPv6" */
static int
interface(struct v6d_paste *p, const struct v6d_tok *t)
{
	const char *dots = strstr(t->line, "...");
	char name[V6D_PASTE_NAME];
	const char *s = t->line;
	int64_t index;
	int i;

	if (!dots || !v6d_lead(s, &index) || index >= 1 << 24 ||
	    s + strspn(s, "0123456789 ") < dots)
		return 0;
	/* the name stands behind the last dots */
	for (const char *k = dots; *k; k++)
		if (k[0] == '.' && k[1] == '.')
			s = k + 2;
	v6d_copy(name, sizeof(name), s);
	if (!name[0])
		return 1;
	/* the same interface may be known by another name already */
	for (unsigned k = 0; k < p->n_ifs; k++)
		if (p->ifs[k].index == (uint32_t)index)
			return (int)t->n;
	i = v6d_put_if(p, name, t->at);
	if (i >= 0) {
		p->ifs[i].index = (uint32_t)index;
		if (v6d_has(t->line, "...........................") &&
		    !v6d_has(name, "Loopback"))
			p->ifs[i].ppp = p->ifs[i].ptp = true;
	}
	return (int)t->n;
}

static int
row(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_route r = { .expires_s = -1, .at = t->at };
	int64_t index;
	int plen;

	if (t->n < 3 || !v6d_whole(t->t[0], &index) || index >= 1 << 24 ||
	    !v6d_whole(t->t[1], &r.metric) ||
	    !v6d_ip(t->t[2], &r.dst.addr, &plen, NULL, 0) ||
	    r.dst.addr.family != 6 || plen < 0)
		return 0;
	if (t->n == 3)
		return 3; /* its gateway is still to come */
	if (p->place.sub == PART_PERSISTENT || p->place.sub == PART_V4)
		return (int)t->n;
	r.dst.len = (uint8_t)plen;
	r.is_default = plen == 0;
	r.dev_index = (uint32_t)index;
	if (v6d_ip(t->t[3], &r.gateway, NULL, NULL, 0))
		r.gw = V6D_GW_ADDR;
	v6d_routes_seen(p, t->at);
	(void)v6d_put_route(p, &r);
	return 4;
}

int
v6d_take_route_print(struct v6d_paste *p, const struct v6d_tok *t)
{
	bool here = p->place.format == V6D_PF_ROUTE_PRINT ||
		    p->place.cmd == V6D_PF_ROUTE_PRINT;
	int n = heading(p, t);

	if (n == 0)
		n = row(p, t);
	if (n == 0 && here) {
		n = interface(p, t);
		if (n == 0 &&
		    (v6d_tok_is(t, 0, "None") || v6d_tok_is(t, 0, "なし") ||
			v6d_tok_is(t, 0, "Keine")))
			n = 1;
		if (n == 0 && p->place.sub == PART_V4 &&
		    v6d_is_digit(t->t[0][0]))
			n = (int)t->n;
	}
	return n;
}
