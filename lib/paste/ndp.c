/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ndp.c - neighbours: ndp -an of macOS and BSD, ip -6 neigh of Linux. */
#include "paste/impl.h"

#include <string.h>

static bool
state_word(const char *s)
{
	static const char *const words[] = { "REACHABLE", "STALE", "DELAY",
		"PROBE", "FAILED", "INCOMPLETE", "PERMANENT", "NOARP", "NONE" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(s, words[i]) == 0)
			return true;
	return false;
}

static int
linux_row(
    struct v6d_paste *p, const struct v6d_tok *t, const struct v6d_addr *a)
{
	struct v6d_paste_neigh *e;
	uint8_t mac[8], len;

	if (!v6d_tok_is(t, 1, "dev") || !state_word(t->t[t->n - 1]))
		return 0;
	e = v6d_put_neigh(p, a, t->at);
	if (!e)
		return (int)t->n;
	v6d_copy(e->dev, sizeof(e->dev), v6d_tok_after(t, "dev"));
	e->router = v6d_tok_find(t, 2, "router") > 0;
	if (v6d_mac(v6d_tok_after(t, "lladdr"), mac, &len) && len == 6) {
		memcpy(e->mac, mac, 6);
		e->has_mac = true;
	}
	return (int)t->n;
}

/* "fe80::1%en0  0:1c:e:67:70:1b  en0 23h59m58s S R" */
static int
bsd_row(struct v6d_paste *p, const struct v6d_tok *t, const struct v6d_addr *a)
{
	struct v6d_paste_neigh *e;
	uint8_t mac[8], len = 0;
	bool has = v6d_mac(t->t[1], mac, &len) && len == 6;

	/* upper case: the flags of a routing table */
	if ((!has && !v6d_tok_is(t, 1, "(incomplete)")) ||
	    (t->t[2][0] >= 'A' && t->t[2][0] <= 'Z'))
		return 0;
	e = v6d_put_neigh(p, a, t->at);
	if (!e)
		return (int)t->n;
	e->has_mac = has;
	if (has)
		memcpy(e->mac, mac, 6);
	v6d_copy(e->dev, sizeof(e->dev), t->t[2]);
	for (unsigned i = 4; i < t->n; i++)
		e->router = e->router || strchr(t->t[i], 'R');
	return (int)t->n;
}

int
v6d_take_ndp(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_addr a;

	if (v6d_tok_is(t, 0, "Neighbor") && v6d_has(t->line, "Linklayer"))
		return (int)t->n;
	if (t->n < 3 || !v6d_ip(t->t[0], &a, NULL, NULL, 0) || a.family != 6)
		return 0;
	if (v6d_tok_is(t, 1, "dev"))
		return linux_row(p, t, &a);
	return t->n >= 4 ? bsd_row(p, t, &a) : 0;
}
