/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ifconfig.c - what ifconfig prints on macOS, BSD and Linux (net-tools before
 * and since 2.0): an interface's line, then lines about it. Words may be in
 * any language; "inet", "inet6" and addresses are the same in all.
 */
#include "paste/impl.h"

#include <string.h>

#define UP 0x1u
#define LOOPBACK 0x8u
#define POINTOPOINT 0x10u

static const struct {
	const char *name;
	uint32_t bsd, linux_;
} flags[] = {
	{ "UP", UP, UP },
	{ "BROADCAST", 2, 2 },
	{ "DEBUG", 4, 4 },
	{ "LOOPBACK", LOOPBACK, LOOPBACK },
	{ "POINTOPOINT", POINTOPOINT, POINTOPOINT },
	{ "SMART", 0x20, 0x20 },
	{ "NOTRAILERS", 0x20, 0x20 },
	{ "RUNNING", 0x40, 0x40 },
	{ "NOARP", 0x80, 0x80 },
	{ "PROMISC", 0x100, 0x100 },
	{ "ALLMULTI", 0x200, 0x200 },
	{ "OACTIVE", 0x400, 0 },
	{ "MASTER", 0, 0x400 },
	{ "SLAVE", 0, 0x800 },
	{ "SIMPLEX", 0x800, 0 },
	{ "LINK0", 0x1000, 0 },
	{ "LINK1", 0x2000, 0 },
	{ "LINK2", 0x4000, 0 },
	{ "MULTICAST", 0x8000, 0x1000 },
};

/* Both sums of the names between < and >; false for an unknown name. */
static bool
sum_names(const char *s, uint32_t *ret_bsd, uint32_t *ret_linux)
{
	bool all = true;

	*ret_bsd = *ret_linux = 0;
	while (*s && *s != '>') {
		size_t n = strcspn(s, ",>"), i = 0;

		for (; i < sizeof(flags) / sizeof(flags[0]); i++)
			if (strlen(flags[i].name) == n &&
			    strncmp(flags[i].name, s, n) == 0)
				break;
		if (i < sizeof(flags) / sizeof(flags[0])) {
			*ret_bsd |= flags[i].bsd;
			*ret_linux |= flags[i].linux_;
		} else if (n > 0) {
			all = false;
		}
		s += n;
		s += *s == ',';
	}
	return all;
}

/* "flags=8863<UP,...>": BSD writes a hexadecimal number, Linux a decimal. */
static void
read_flags(struct v6d_paste_if *f, const char *s)
{
	const char *names = strchr(s, '<');
	uint32_t hex = 0, bsd = 0, lin = 0;
	int64_t dec = 0;
	bool all;

	s += strlen("flags=");
	if (!v6d_hex(s, &hex) || !names)
		return;
	(void)v6d_lead(s, &dec);
	all = sum_names(names + 1, &bsd, &lin);
	f->has_flags = true;
	f->flags = hex;
	f->flags_agree = !all || hex == bsd || dec == (int64_t)lin;
	if (all && hex != bsd && dec == (int64_t)lin)
		f->flags = (uint32_t)dec;
	f->up = (bsd & UP) != 0;
	f->ptp = (bsd & POINTOPOINT) != 0;
	f->loopback = (bsd & LOOPBACK) != 0;
}

/* "UP POINTOPOINT RUNNING NOARP MULTICAST  MTU:1444  Metric:1" */
static int
old_flags(struct v6d_paste_if *f, const struct v6d_tok *t)
{
	int understood = 0;
	int64_t v;

	for (unsigned i = 0; i < t->n; i++) {
		uint32_t bsd, lin;

		if (v6d_starts(t->t[i], "MTU:") && v6d_lead(t->t[i] + 4, &v) &&
		    v < 1 << 24) {
			f->mtu = (unsigned)v;
			understood++;
		} else if (sum_names(t->t[i], &bsd, &lin) && bsd) {
			f->up = f->up || (bsd & UP) != 0;
			f->ptp = f->ptp || (bsd & POINTOPOINT) != 0;
			f->loopback = f->loopback || (bsd & LOOPBACK) != 0;
			understood++;
		} else if (v6d_starts(t->t[i], "Metric:")) {
			understood++;
		}
	}
	return understood;
}

static int
enter(struct v6d_paste *p, const struct v6d_tok *t, size_t name_len)
{
	char name[V6D_PASTE_NAME];

	v6d_copy(name, sizeof(name), t->t[0]);
	if (name_len < sizeof(name))
		name[name_len] = '\0';
	p->place.ifi = v6d_put_if(p, name, t->at);
	return p->place.ifi;
}

/* "name: flags=..<..> mtu n" */
static int
new_line(struct v6d_paste *p, const struct v6d_tok *t)
{
	const char *at = strstr(t->line, "flags=");
	struct v6d_paste_if *f;
	int64_t v;
	int i, understood = 2;
	size_t n = strcspn(t->t[0], ":");

	if (!at || n == 0 || t->t[0][n] != ':' || n >= V6D_PASTE_NAME ||
	    !(v6d_starts(t->t[0] + n + 1, "flags=") ||
		(t->n > 1 && v6d_starts(t->t[1], "flags="))))
		return 0;
	i = enter(p, t, n);
	if (i < 0)
		return understood;
	f = &p->ifs[i];
	read_flags(f, at);
	if (v6d_lead(v6d_tok_after(t, "mtu"), &v) && v < 1 << 24) {
		f->mtu = (unsigned)v;
		understood += 2;
	}
	if (v6d_lead(v6d_tok_after(t, "index"), &v))
		f->index = (uint32_t)v;
	return understood;
}

/* "eth0      Link encap:Ethernet  HWaddr 00:16:..", in any language */
static int
old_line(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_if *f;
	int i, understood = 2;
	uint8_t len;

	if (t->n < 2 || strlen(t->t[0]) >= V6D_PASTE_NAME ||
	    !(v6d_has(t->line, "Link encap:") ||
		v6d_has(t->line, "リンク方法:")))
		return 0;
	i = enter(p, t, V6D_PASTE_NAME);
	if (i < 0)
		return understood;
	f = &p->ifs[i];
	if (v6d_has(t->line, "Point-to-Point"))
		f->ppp = true;
	for (unsigned k = 2; k < t->n; k++) {
		if (v6d_mac(t->t[k], f->mac, &len)) {
			f->mac_len = len;
			understood++;
		}
		understood +=
		    v6d_has(t->t[k], "HWaddr") || v6d_starts(t->t[k], "encap:");
	}
	return understood;
}

/* The address in a word such as "addr:192.168.0.1" or "fe80::1%en1". */
static bool
address_in(const char *s, uint8_t family, struct v6d_addr *ret, int *ret_plen)
{
	if (v6d_ip(s, ret, ret_plen, NULL, 0) && ret->family == family)
		return true;
	while (*s && *s != ':' && *s != '=')
		s++;
	return *s && v6d_ip(s + 1, ret, ret_plen, NULL, 0) &&
	       ret->family == family;
}

static const struct {
	const char *word;
	unsigned flag;
} words[] = {
	{ "autoconf", V6D_PA_AUTOCONF },
	{ "temporary", V6D_PA_TEMPORARY },
	{ "deprecated", V6D_PA_DEPRECATED },
	{ "tentative", V6D_PA_TENTATIVE },
	{ "duplicated", V6D_PA_DUPLICATE },
	{ "dynamic", V6D_PA_DYNAMIC },
	{ "secured", V6D_PA_SECURED },
	{ "detached", V6D_PA_DEPRECATED },
	{ "autoconfprivacy", V6D_PA_TEMPORARY | V6D_PA_AUTOCONF },
	{ "anycast", 0 },
	{ "pltime", 0 },
	{ "vltime", 0 },
};

static int
inet6_word(struct v6d_paste_addr *a, const struct v6d_tok *t, unsigned i)
{
	uint32_t hex;
	int64_t v;

	for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++)
		if (v6d_tok_is(t, i, words[k].word)) {
			a->flags |= words[k].flag;
			return 1;
		}
	if (v6d_tok_is(t, i, "prefixlen") && i + 1 < t->n &&
	    v6d_lead(t->t[i + 1], &v) && v <= 128) {
		a->plen = (int)v;
		return 2;
	}
	if (v6d_tok_is(t, i, "scopeid") && i + 1 < t->n &&
	    v6d_starts(t->t[i + 1], "0x") && v6d_hex(t->t[i + 1] + 2, &hex)) {
		a->scope_id = hex;
		return 2;
	}
	/* "Scope:Global", in any language */
	return v6d_has(t->t[i], ":") && !v6d_has(t->t[i], "::");
}

static int
inet6(struct v6d_paste *p, const struct v6d_tok *t)
{
	char zone[V6D_PASTE_NAME] = "";
	struct v6d_paste_addr *a;
	struct v6d_addr addr;
	int plen = -1, understood = 2;
	unsigned at = 0;

	for (unsigned i = 0; i < t->n && i < 4 && at == 0; i++)
		if (address_in(t->t[i], 6, &addr, &plen))
			at = i + 1;
	if (at == 0)
		return 0;
	(void)v6d_ip(t->t[at - 1], &addr, NULL, zone, sizeof(zone));
	if (p->place.ifi < 0 && zone[0])
		p->place.ifi = v6d_put_if(p, zone, t->at);
	a = v6d_put_addr(p, p->place.ifi, &addr, t->at);
	if (!a)
		return p->place.ifi < 0 ? 0 : 1;
	if (plen >= 0)
		a->plen = plen;
	for (unsigned i = at; i < t->n; i++) {
		int k = inet6_word(a, t, i);

		understood += k;
		i += k > 1;
	}
	/* Linux numbers scopes (0x20<link>): that is no interface's number */
	if (a->scope_id && !v6d_has(t->line, "<") &&
	    p->ifs[p->place.ifi].index == 0)
		p->ifs[p->place.ifi].index = a->scope_id;
	return understood;
}

/* Bits of 0xffffff00 or 255.255.255.0; -1 for something else. */
static int
mask_bits(const char *s)
{
	struct v6d_addr m;
	uint32_t v = 0;
	int bits = 0;

	if (v6d_starts(s, "0x")) {
		if (!v6d_hex(s + 2, &v))
			return -1;
	} else if (address_in(s, 4, &m, NULL)) {
		v = v6d_addr_number(&m);
	} else {
		return -1;
	}
	for (; v & 0x80000000u; v <<= 1)
		bits++;
	return v ? -1 : bits;
}

static int
inet4(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_addr addr, other;
	struct v6d_paste_addr *a;
	int plen = -1, bits, understood = 2;
	unsigned at = 0;

	for (unsigned i = 0; i < t->n && i < 4 && at == 0; i++)
		if (address_in(t->t[i], 4, &addr, &plen))
			at = i + 1;
	if (at == 0 || p->place.ifi < 0)
		return 0;
	a = v6d_put_addr(p, p->place.ifi, &addr, t->at);
	if (!a)
		return 1;
	a->plen = plen;
	for (unsigned i = at; i < t->n; i++) {
		bits = mask_bits(t->t[i]);
		if (bits > 0 || v6d_starts(t->t[i], "Mask:"))
			a->plen = bits;
		else if (address_in(t->t[i], 4, &other, NULL))
			a->broadcast = other;
		else if (!v6d_tok_is(t, i, "netmask") &&
			 !v6d_tok_is(t, i, "broadcast") &&
			 !v6d_tok_is(t, i, "-->"))
			continue;
		understood++;
	}
	return understood;
}

/* Words that begin the lines that say nothing of interest here. */
static const char *const others[] = { "media:", "nd6", "options=", "RX", "TX",
	"collisions", "衝突", "Kollisionen", "loop", "ppp", "unspec", "tunnel",
	"groups:", "description:", "member:", "priority:", "Interrupt:",
	"割り込み", "supported", "eflags=", "xflags",
	"type:", "scheduler:", "link", "capabilities", "qosmarking", "inet" };

static int
about(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_if *f = &p->ifs[p->place.ifi];
	uint8_t len;
	int n;

	if (v6d_starts(t->t[0], "inet6"))
		return inet6(p, t);
	if (v6d_starts(t->t[0], "inet")) {
		n = inet4(p, t);
		return n ? n : 1; /* wrapped behind its first word */
	}
	if ((v6d_tok_is(t, 0, "ether") || v6d_tok_is(t, 0, "lladdr") ||
		v6d_tok_is(t, 0, "address:")) &&
	    t->n > 1) {
		if (v6d_mac(t->t[1], f->mac, &len))
			f->mac_len = len;
		return 2;
	}
	if (v6d_starts(t->t[0], "status:")) {
		f->active = v6d_has(t->line, "inactive") ||
				    v6d_has(t->line, "no carrier")
				? V6D_NO
				: V6D_YES;
		return 2;
	}
	if (v6d_has(t->line, "MTU:"))
		return old_flags(f, t);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (v6d_starts(t->t[0], others[i]))
			return 1;
	return 0;
}

/* "en0:" alone: what stands behind it went to the next line. */
static bool
name_alone(const struct v6d_tok *t)
{
	size_t n = strcspn(t->t[0], "0123456789:");

	if (t->n != 1 || n == 0 || n > 8 || !v6d_ends(t->t[0], ":"))
		return false;
	return strcmp(t->t[0], "lo:") == 0 ||
	       (v6d_is_digit(t->t[0][n]) &&
		   strspn(t->t[0] + n, "0123456789") + n + 1 ==
		       strlen(t->t[0]));
}

int
v6d_take_ifconfig(struct v6d_paste *p, const struct v6d_tok *t)
{
	int n = new_line(p, t);

	if (n == 0)
		n = old_line(p, t);
	if (n > 0)
		return n;
	if (name_alone(t))
		return 1;
	if (p->place.ifi >= 0 && (p->place.format == V6D_PF_IFCONFIG))
		return about(p, t);
	/* the beginning was lost: a zone still tells the interface */
	if (v6d_tok_is(t, 0, "inet6") && v6d_tok_find(t, 0, "prefixlen") > 0 &&
	    v6d_tok_find(t, 0, "scope") < 0)
		return inet6(p, t);
	return 0;
}
