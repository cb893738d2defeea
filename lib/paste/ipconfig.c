/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipconfig.c - ipconfig /all of Windows in English, Japanese and German. What
 * a line is about is told by its value where that is enough (an address of
 * the link, a hardware address), else by words of its label.
 */
#include "paste/impl.h"

#include <string.h>

enum kind { KIND_NONE, KIND_ADDRESS, KIND_GATEWAY, KIND_DNS, KIND_OTHER };

/* Where the value begins behind "Label . . . . :", or NULL. */
static const char *
value_of(const char *s)
{
	bool dots = false;

	for (const char *p = s; *p; p++) {
		if (*p == ':' && dots)
			return p + 1 + strspn(p + 1, " ");
		if (*p == '.')
			dots = true;
		else if (*p != ' ')
			dots = false;
	}
	/* the one label that fills its line in German */
	s = strstr(s, "DNS-Suffix:");
	return s ? s + strlen("DNS-Suffix:") : NULL;
}

static bool
in_label(const char *line, const char *value, const char *word)
{
	const char *at = strstr(line, word);

	return at && at < value;
}

static enum kind
kind_of(const char *line, const char *v)
{
	static const char *const addresses[] = { "IPv6", "IPv4", "IP Address",
		"IP-Adresse", "IP アドレス", "Address", "アドレス", "Adresse" };
	static const char *const others[] = { "DHCP", "NetBIOS", "Subnet",
		"Subnetz", "サブネット", "WINS", "NetBios", "Lease", "リース",
		"Tcpip", "IAID", "DUID", "Autokonfig", "自動構成",
		"Autoconfiguration Enabled" };

	if (in_label(line, v, "Gateway") || in_label(line, v, "gateway") ||
	    in_label(line, v, "ゲートウェイ"))
		return KIND_GATEWAY;
	if (in_label(line, v, "DNS")) {
		return in_label(line, v, "Suffi") ||
			       in_label(line, v, "サフィックス")
			   ? KIND_OTHER
			   : KIND_DNS;
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (in_label(line, v, others[i]))
			return KIND_OTHER;
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
		if (in_label(line, v, addresses[i]))
			return KIND_ADDRESS;
	return KIND_OTHER;
}

static unsigned
flags_of(const char *line)
{
	static const struct {
		const char *word;
		unsigned flag;
	} words[] = {
		{ "Temporary", V6D_PA_TEMPORARY | V6D_PA_AUTOCONF },
		{ "一時", V6D_PA_TEMPORARY | V6D_PA_AUTOCONF },
		{ "Tempor\303\244r", V6D_PA_TEMPORARY | V6D_PA_AUTOCONF },
		{ "Temporär", V6D_PA_TEMPORARY | V6D_PA_AUTOCONF },
		{ "(Deprecated)", V6D_PA_DEPRECATED },
		{ "(非推奨)", V6D_PA_DEPRECATED },
		{ "(Veraltet)", V6D_PA_DEPRECATED },
		{ "(Verworfen)", V6D_PA_DEPRECATED },
		{ "(Duplicate)", V6D_PA_DUPLICATE },
		{ "(重複)", V6D_PA_DUPLICATE },
		{ "(Duplikat)", V6D_PA_DUPLICATE },
		{ "(Tentative)", V6D_PA_TENTATIVE },
		{ "(仮)", V6D_PA_TENTATIVE },
		{ "(Mit Vorbehalt)", V6D_PA_TENTATIVE },
	};
	unsigned f = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (v6d_has(line, words[i].word))
			f |= words[i].flag;
	return f;
}

static void
gateway(struct v6d_paste *p, const struct v6d_addr *a, struct v6d_at at)
{
	struct v6d_paste_route r = {
		.metric = -1, .expires_s = -1, .is_default = true, .at = at
	};

	if (a->family != 6)
		return;
	r.dst.addr.family = 6;
	if (!v6d_addr_is_zero(a)) {
		r.gw = V6D_GW_ADDR;
		r.gateway = *a;
	}
	v6d_copy(r.dev, sizeof(r.dev), p->ifs[p->place.ifi].name);
	(void)v6d_put_route(p, &r);
}

/* One value of a kind: the first behind a label, or more lines below it. */
static int
value(struct v6d_paste *p, const struct v6d_tok *t, const char *v)
{
	struct v6d_paste_if *f = &p->ifs[p->place.ifi];
	char zone[V6D_PASTE_NAME];
	struct v6d_paste_addr *e;
	struct v6d_paste_resolver *r;
	struct v6d_addr a;
	int64_t index;
	int plen;

	if (!v6d_ip(v, &a, &plen, zone, sizeof(zone)))
		return 0;
	switch ((enum kind)p->place.sub) {
	case KIND_ADDRESS:
		e = v6d_put_addr(p, p->place.ifi, &a, t->at);
		if (e)
			e->flags |= flags_of(t->line) | flags_of(p->place.word);
		if (zone[0] && v6d_whole(zone, &index) && index < 1 << 24)
			f->index = (uint32_t)index;
		return 3 + v6d_has(t->line, "(") + (plen >= 0);
	case KIND_GATEWAY:
		gateway(p, &a, t->at);
		return 3;
	case KIND_DNS:
		r = v6d_put_resolver(p, &a, t->at);
		if (r)
			v6d_copy(r->dev, sizeof(r->dev), f->name);
		return 3;
	case KIND_NONE:
	case KIND_OTHER:
		break;
	}
	return 2;
}

static int
label(struct v6d_paste *p, const struct v6d_tok *t, const char *v)
{
	struct v6d_paste_if *f;
	uint8_t mac[8], len;
	char word[V6D_PASTE_NAME];
	int n;

	if (p->place.ifi < 0 || p->place.format != V6D_PF_IPCONFIG)
		return p->place.cmd == V6D_PF_IPCONFIG ||
			       p->place.format == V6D_PF_IPCONFIG
			   ? 1
			   : 0;
	f = &p->ifs[p->place.ifi];
	v6d_copy(word, sizeof(word), v);
	word[strcspn(word, " ")] = '\0';
	if (v6d_mac(word, mac, &len)) {
		/* a PPP adapter's is all zeros, a tunnel's has eight */
		memcpy(f->mac, mac, sizeof(f->mac));
		f->mac_len = len;
		p->place.sub = KIND_OTHER;
		return 3;
	}
	if (v6d_has(v, "disconnected") || v6d_has(v, "getrennt") ||
	    v6d_has(v, "接続されていません")) {
		f->active = V6D_NO;
		return 3;
	}
	p->place.sub = (int)kind_of(t->line, v);
	v6d_copy(p->place.word, sizeof(p->place.word), t->line);
	n = value(p, t, v);
	return n ? n : 2;
}

/* "PPP adapter NAME:", "PPP アダプター NAME:", "PPP-Adapter NAME:" */
static int
adapter(struct v6d_paste *p, const struct v6d_tok *t)
{
	static const char *const words[] = { "adapter ", "アダプター ",
		"アダプタ ", "-Adapter ", "Adapter " };
	char name[V6D_PASTE_NAME];
	const char *at = NULL;
	size_t k = 0;

	if (!v6d_ends(t->line, ":") || v6d_has(t->line, ". ."))
		return 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && !at; i++) {
		at = strstr(t->line, words[i]);
		k = strlen(words[i]);
	}
	if (!at)
		return 0;
	v6d_copy(name, sizeof(name), at + k);
	if (name[0] && name[strlen(name) - 1] == ':')
		name[strlen(name) - 1] = '\0';
	p->place.ifi = v6d_put_if(p, name, t->at);
	p->place.sub = KIND_NONE;
	if (p->place.ifi < 0)
		return 1;
	p->ifs[p->place.ifi].ppp = v6d_starts(t->line, "PPP");
	p->ifs[p->place.ifi].ptp = p->ifs[p->place.ifi].ppp;
	p->ifs[p->place.ifi].up = true;
	return (int)t->n;
}

int
v6d_take_ipconfig(struct v6d_paste *p, const struct v6d_tok *t)
{
	const char *v;
	int n = adapter(p, t);

	if (n > 0)
		return n;
	if (v6d_has(t->line, "Windows IP Configuration") ||
	    v6d_has(t->line, "Windows IP 構成") ||
	    v6d_has(t->line, "Windows-IP-Konfiguration")) {
		/* what follows before the first adapter is of the host */
		p->place.ifi = -1;
		return (int)t->n;
	}
	v = value_of(t->line);
	if (v)
		return label(p, t, v);
	if (p->place.format != V6D_PF_IPCONFIG || p->place.ifi < 0 || t->n > 2)
		return 0;
	return value(p, t, t->t[0]);
}
