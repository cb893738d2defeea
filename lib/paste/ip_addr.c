/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ip_addr.c - iproute2: ip addr, ip link, ip -s link, and the one-line form
 * of ip -o addr.
 */
#include "paste/impl.h"

#include <string.h>

enum { COUNTERS_NONE, COUNTERS_RX, COUNTERS_TX };

static const struct {
	const char *word;
	unsigned flag;
} words[] = {
	{ "temporary", V6D_PA_TEMPORARY },
	{ "dynamic", V6D_PA_DYNAMIC | V6D_PA_AUTOCONF },
	{ "mngtmpaddr", V6D_PA_AUTOCONF },
	{ "deprecated", V6D_PA_DEPRECATED },
	{ "tentative", V6D_PA_TENTATIVE },
	{ "dadfailed", V6D_PA_DUPLICATE },
	{ "noprefixroute", 0 },
	{ "stable-privacy", V6D_PA_SECURED },
	{ "proto", 0 },
	{ "kernel_ra", V6D_PA_AUTOCONF },
	{ "kernel_ll", 0 },
	{ "nodad", 0 },
	{ "scope", 0 },
	{ "global", 0 },
	{ "link", 0 },
	{ "host", 0 },
	{ "peer", 0 },
};

static void
read_flags(struct v6d_paste_if *f, const char *s)
{
	f->up = v6d_has(s, "<UP") || v6d_has(s, ",UP");
	f->ptp = v6d_has(s, "POINTOPOINT");
	f->loopback = v6d_has(s, "LOOPBACK");
	if (v6d_has(s, "NO-CARRIER"))
		f->active = V6D_NO;
	else if (v6d_has(s, "LOWER_UP"))
		f->active = V6D_YES;
}

/* "3: ppp0: <POINTOPOINT,...> mtu 1444 qdisc ..": the name, or NULL. */
static int
enter(struct v6d_paste *p, const struct v6d_tok *t)
{
	char name[V6D_PASTE_NAME];
	int64_t index;
	size_t n;
	unsigned i = 0;

	/* its number may have been lost in copying */
	if (v6d_lead(t->t[0], &index) && v6d_ends(t->t[0], ":"))
		i = 1;
	else
		index = 0;
	if (t->n < i + 2 || t->t[i + 1][0] != '<' || !v6d_ends(t->t[i], ":") ||
	    !v6d_has(t->t[i + 1], ">"))
		return -1;
	v6d_copy(name, sizeof(name), t->t[i]);
	n = strcspn(name, "@:");
	name[n] = '\0';
	if (n == 0)
		return -1;
	p->place.ifi = v6d_put_if(p, name, t->at);
	p->place.sub = COUNTERS_NONE;
	if (p->place.ifi < 0)
		return 0;
	if (index > 0)
		p->ifs[p->place.ifi].index = (uint32_t)index;
	read_flags(&p->ifs[p->place.ifi], t->t[i + 1]);
	return (int)i + 2;
}

static int
interface(struct v6d_paste *p, const struct v6d_tok *t)
{
	int n = enter(p, t);
	int64_t v;

	if (n < 0)
		return 0;
	for (unsigned i = 0; i + 1 < t->n; i++)
		if (v6d_tok_is(t, i, "mtu") && v6d_lead(t->t[i + 1], &v) &&
		    v < 1 << 24 && p->place.ifi >= 0) {
			p->ifs[p->place.ifi].mtu = (unsigned)v;
			n += 2;
		} else if (v6d_tok_is(t, i, "qdisc") ||
			   v6d_tok_is(t, i, "state") ||
			   v6d_tok_is(t, i, "qlen")) {
			n += 2;
		}
	return n + 2;
}

static int
lifetime(const struct v6d_tok *t, unsigned i, int64_t *ret)
{
	int64_t v;

	if (i + 1 >= t->n)
		return 1;
	if (v6d_starts(t->t[i + 1], "forever"))
		*ret = -1;
	else if (v6d_lead(t->t[i + 1], &v))
		*ret = v;
	return 2;
}

/* The words behind an address. */
static int
address_words(struct v6d_paste_addr *a, const struct v6d_tok *t, unsigned i)
{
	int understood = 0;

	for (; i < t->n; i++) {
		int n = 0;

		if (v6d_tok_is(t, i, "valid_lft"))
			n = lifetime(t, i, &a->valid_s);
		else if (v6d_tok_is(t, i, "preferred_lft"))
			n = lifetime(t, i, &a->preferred_s);
		else if (v6d_tok_is(t, i, "brd") && i + 1 < t->n) {
			(void)v6d_ip(t->t[i + 1], &a->broadcast, NULL, NULL, 0);
			n = 2;
		}
		for (size_t k = 0;
		     n == 0 && k < sizeof(words) / sizeof(words[0]); k++)
			if (v6d_tok_is(t, i, words[k].word)) {
				a->flags |= words[k].flag;
				n = 1;
			}
		understood += n;
		i += n > 1;
	}
	return understood;
}

static int
address(struct v6d_paste *p, const struct v6d_tok *t, unsigned i)
{
	struct v6d_paste_addr *a;
	struct v6d_addr addr;
	int plen;

	if (i + 1 >= t->n)
		return 1;
	if (!v6d_ip(t->t[i + 1], &addr, &plen, NULL, 0) || p->place.ifi < 0)
		return 0;
	if (v6d_tok_is(t, i, "inet") != (addr.family == 4))
		return 0;
	a = v6d_put_addr(p, p->place.ifi, &addr, t->at);
	if (!a)
		return 1;
	if (plen >= 0)
		a->plen = plen;
	p->place.resolver = (int)(a - p->addrs); /* for its lifetimes */
	return 2 + address_words(a, t, i + 2);
}

/* "3: ppp0    inet6 2001:db8::1/64 scope global dynamic \ valid_lft .." */
static int
one_line(struct v6d_paste *p, const struct v6d_tok *t)
{
	int64_t index;
	int n;

	if (t->n < 4 || !v6d_lead(t->t[0], &index) || !v6d_ends(t->t[0], ":") ||
	    !(v6d_tok_is(t, 2, "inet") || v6d_tok_is(t, 2, "inet6")))
		return 0;
	p->place.ifi = v6d_put_if(p, t->t[1], t->at);
	if (p->place.ifi < 0)
		return 1;
	p->ifs[p->place.ifi].index = (uint32_t)index;
	n = address(p, t, 2);
	return n ? n + 2 : 0;
}

/* "link/ether 00:.. brd ..", "link/ppp" */
static int
link_line(struct v6d_paste_if *f, const struct v6d_tok *t)
{
	uint8_t len;

	if (v6d_starts(t->t[0], "link/ppp"))
		f->ppp = f->ptp = true;
	else if (v6d_starts(t->t[0], "link/loopback"))
		f->loopback = true;
	else if (t->n > 1 && v6d_mac(t->t[1], f->mac, &len))
		f->mac_len = len;
	return t->n > 1 ? 2 : 1;
}

/* "RX: bytes  packets  errors  dropped ..." and the numbers below. */
static int
counters(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_if *f = &p->ifs[p->place.ifi];
	int64_t errors, dropped;

	if (v6d_starts(t->t[0], "RX") || v6d_starts(t->t[0], "TX")) {
		p->place.sub = t->t[0][0] == 'R' ? COUNTERS_RX : COUNTERS_TX;
		return 1;
	}
	if (p->place.sub == COUNTERS_NONE || t->n < 4 ||
	    !v6d_whole(t->t[2], &errors) || !v6d_whole(t->t[3], &dropped))
		return 0;
	f->errors += (uint64_t)errors;
	f->dropped += (uint64_t)dropped;
	p->place.sub = COUNTERS_NONE;
	return 4;
}

int
v6d_take_ip_addr(struct v6d_paste *p, const struct v6d_tok *t)
{
	int n = interface(p, t);

	if (n == 0)
		n = one_line(p, t);
	if (n == 0 && t->n == 2 && v6d_is_digit(t->t[0][0]) &&
	    v6d_ends(t->t[0], ":") && v6d_ends(t->t[1], ":") &&
	    v6d_is_alpha(t->t[1][0]))
		n = 2; /* its flags went to the next line */
	if (n > 0)
		return n;
	if (p->place.ifi < 0 || p->place.format != V6D_PF_IP_ADDR)
		return 0;
	if (v6d_tok_is(t, 0, "inet") || v6d_tok_is(t, 0, "inet6"))
		return address(p, t, 0);
	if (v6d_tok_is(t, 0, "valid_lft") && p->place.resolver >= 0)
		return address_words(&p->addrs[p->place.resolver], t, 0);
	if (v6d_starts(t->t[0], "link/"))
		return link_line(&p->ifs[p->place.ifi], t);
	if (v6d_tok_is(t, 0, "altname") || v6d_tok_is(t, 0, "alias"))
		return 1;
	return counters(p, t);
}
