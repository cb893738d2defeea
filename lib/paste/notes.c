/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notes.c - findings of addresses, sizes, routes and commands: what follows
 * from the numbers that stand in the text.
 */
#include "paste/impl.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/netblock.h"
#include "base/wire.h"

/* 20 IPv4, 16 GRE, 4 PPP, 4 MPPE; compressed fields save 4 (RFC 2637 4). */
#define FULL_HEADS 44
#define COMPRESSED 4
#define NO_MPPE 4
#define MACOS_MTU 1448 /* of its PPTP, less MPPE's 4 where it is on */
#define FLETS 1454

static const struct {
	const char *name;
	enum v6d_grade grade;
} table[] = {
#define NOTE(id, name, grade) { name, V6D_GRADE_##grade },
#include "paste/notes.def"
#undef NOTE
};

const char *
v6d_note_name(enum v6d_note_id id)
{
	return table[id].name;
}

const char *
v6d_grade_name(enum v6d_grade g)
{
	static const char *const names[] = { "critical", "high", "medium",
		"low", "info", "good" };

	return names[g];
}

void
v6d_note(struct v6d_notes *n, enum v6d_note_id id, struct v6d_at at,
    const char *fmt, ...)
{
	struct v6d_note *e;
	va_list ap;

	if (n->n == V6D_PASTE_NOTES) {
		n->n_dropped++;
		return;
	}
	e = &n->note[n->n++];
	e->id = id;
	e->grade = table[id].grade;
	e->at = at;
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
}

/* ---- identifiers ---- */

bool
v6d_eui64_mac(const struct v6d_addr *a, uint8_t mac[6])
{
	if (a->family != 6 || a->b[11] != 0xff || a->b[12] != 0xfe ||
	    !(a->b[8] & 2))
		return false;
	memcpy(mac, a->b + 8, 3);
	memcpy(mac + 3, a->b + 13, 3);
	mac[0] ^= 2;
	return true;
}

int
v6d_mac_owner(const struct v6d_paste *p, const uint8_t mac[6])
{
	for (unsigned i = 0; i < p->n_ifs; i++)
		if (p->ifs[i].mac_len == 6 &&
		    memcmp(p->ifs[i].mac, mac, 6) == 0)
			return (int)i;
	return -1;
}

static const char *
mac_text(const uint8_t m[6], char *buf, size_t n)
{
	snprintf(buf, n, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2],
	    m[3], m[4], m[5]);
	return buf;
}

/* Vendors of boxes that PPTP servers stand behind; by their first octets. */
static const char *
vendor(const uint8_t m[6])
{
	static const struct {
		uint8_t oui[3];
		const char *name;
	} known[] = {
		{ { 0x00, 0x1c, 0x0e }, "Cisco" },
		{ { 0x00, 0x16, 0x3e }, "Xen" },
	};

	for (size_t i = 0; i < V6D_ARRAY_LEN(known); i++)
		if (memcmp(m, known[i].oui, 3) == 0)
			return known[i].name;
	return NULL;
}

/* Who holds the block, where it is one that this tool knows. */
static const char *
holder(const struct v6d_addr *a)
{
	static const struct {
		const char *prefix, *name;
	} known[] = {
		{ "2001:240::/32", "IIJ" },
		{ "2001:200::/32", "WIDE" },
		{ "2002::/16", "6to4" },
		{ "2001::/32", "Teredo" },
	};

	for (size_t i = 0; i < V6D_ARRAY_LEN(known); i++) {
		struct v6d_prefix x;

		if (v6d_prefix_parse(known[i].prefix, &x) &&
		    v6d_prefix_has(&x, a))
			return known[i].name;
	}
	return v6d_netblock_closed(a);
}

static void
identifier(const struct v6d_paste *p, struct v6d_notes *n, int tunnel,
    const struct v6d_paste_addr *a)
{
	char mac_s[24], text[V6D_ADDR_TEXT];
	uint8_t mac[6];
	int owner;

	if (!v6d_eui64_mac(&a->addr, mac))
		return;
	owner = v6d_mac_owner(p, mac);
	v6d_addr_text(&a->addr, text, sizeof(text));
	mac_text(mac, mac_s, sizeof(mac_s));
	if (owner >= 0)
		v6d_note(n, V6D_NOTE_IDENTIFIER, a->at,
		    "%s on %s is made of hardware address %s, that of %s%s.",
		    text, p->ifs[tunnel].name, mac_s, p->ifs[owner].name,
		    p->ifs[owner].active == V6D_NO ? " (inactive)" : "");
	else
		v6d_note(n, V6D_NOTE_IDENTIFIER, a->at,
		    "%s on %s is made of hardware address %s.", text,
		    p->ifs[tunnel].name, mac_s);
}

static void
tunnel_addresses(const struct v6d_paste *p, struct v6d_notes *n, int tunnel)
{
	const struct v6d_paste_addr *eui = NULL, *temp = NULL, *global = NULL;
	char text[V6D_ADDR_TEXT];
	bool v4 = false, link = false;
	uint8_t mac[6];

	for (unsigned i = 0; i < p->n_addrs; i++) {
		const struct v6d_paste_addr *a = &p->addrs[i];

		if (a->ifi != (unsigned)tunnel)
			continue;
		v4 = v4 || a->addr.family == 4;
		if (v6d_addr_is_link_local(&a->addr)) {
			link = true;
			identifier(p, n, tunnel, a);
		}
		if (!v6d_addr_is_global(&a->addr))
			continue;
		global = global ? global : a;
		if (a->flags & V6D_PA_TEMPORARY)
			temp = a;
		else if (v6d_eui64_mac(&a->addr, mac))
			eui = a;
	}
	if (link && !v4 && p->v4_lines && p->ifs[tunnel].whole)
		v6d_note(n, V6D_NOTE_NO_IPCP, p->ifs[tunnel].at,
		    "%s has no IPv4 address: IPCP was not used, as this kind "
		    "of service wants it.",
		    p->ifs[tunnel].name);
	if (global && holder(&global->addr))
		v6d_note(n, V6D_NOTE_HOLDER, global->at,
		    "%s belongs to a block of %s.",
		    v6d_addr_text(&global->addr, text, sizeof(text)),
		    holder(&global->addr));
	if (temp)
		v6d_note(n, V6D_NOTE_TEMPORARY, temp->at,
		    "%s is a temporary address: it does not tell the hardware "
		    "address.",
		    v6d_addr_text(&temp->addr, text, sizeof(text)));
	else if (eui)
		v6d_note(n, V6D_NOTE_EUI64, eui->at,
		    "%s tells the hardware address to every server, and there "
		    "is no temporary one: set use_tempaddr.",
		    v6d_addr_text(&eui->addr, text, sizeof(text)));
}

static void
closed(const struct v6d_paste *p, struct v6d_notes *n, int tunnel)
{
	const struct v6d_paste_addr *shown = NULL;
	char text[V6D_ADDR_TEXT];
	bool any = false;

	for (unsigned i = 0; i < p->n_addrs; i++) {
		const struct v6d_paste_addr *a = &p->addrs[i];
		const char *name = v6d_netblock_closed(&a->addr);

		if (a->ifi == (unsigned)tunnel || a->addr.family != 6 ||
		    p->ifs[a->ifi].loopback)
			continue;
		shown = a;
		if (!name)
			continue;
		any = true;
		v6d_note(n, V6D_NOTE_CLOSED, a->at,
		    "%s on %s is of a closed network (%s): it looks global "
		    "and reaches nothing outside.",
		    v6d_addr_text(&a->addr, text, sizeof(text)),
		    p->ifs[a->ifi].name, name);
	}
	if (shown && !any && tunnel >= 0)
		v6d_note(n, V6D_NOTE_NOT_CLOSED, shown->at,
		    "No address of a closed network outside %s.",
		    p->ifs[tunnel].name);
}

/* ---- sizes ---- */

static void
fits(struct v6d_text *t, unsigned outer)
{
	static const unsigned mtus[] = { 1500, 1492, 1460, FLETS, 1438, 1400 };
	bool first = true;

	for (size_t i = 0; i < V6D_ARRAY_LEN(mtus); i++)
		if (outer > mtus[i]) {
			v6d_text_add(t, "%s %u by %u", first ? " exceeds" : ",",
			    mtus[i], outer - mtus[i]);
			first = false;
		}
	first = first ? true : (v6d_text_add(t, ";"), true);
	for (size_t i = V6D_ARRAY_LEN(mtus); i-- > 0;)
		if (outer <= mtus[i]) {
			v6d_text_add(
			    t, "%s %u", first ? " fits" : ",", mtus[i]);
			first = false;
		}
}

/*
 * The arithmetic of a full packet. Only macOS tells by its number whether
 * MPPE is on; elsewhere the larger sum is the one to plan with.
 */
static void
sizes(const struct v6d_paste *p, struct v6d_notes *n, int tunnel)
{
	const struct v6d_paste_if *f = &p->ifs[tunnel];
	bool macos = f->at.format == V6D_PF_IFCONFIG && f->has_flags &&
		     f->mtu == MACOS_MTU - NO_MPPE && p->n_ifs > 0 &&
		     strcmp(p->ifs[0].name, "lo0") == 0;
	unsigned outer = f->mtu + FULL_HEADS;
	char buf[200];
	struct v6d_text t = v6d_text_to(buf, sizeof(buf));

	if (f->mtu < 1280 || f->mtu > 1500)
		return;
	if (macos)
		v6d_note(n, V6D_NOTE_MPPE_BY_MTU, f->at,
		    "An MTU of %u is macOS's constant %u - %u: MPPE is active. "
		    "It is not a measurement of the path.",
		    f->mtu, MACOS_MTU, NO_MPPE);
	fits(&t, outer);
	v6d_note(n, V6D_NOTE_MTU_ARITHMETIC, f->at,
	    "%s's MTU is %u: a full packet needs %u + %u = %u bytes outside "
	    "(%u with compressed fields%s). That%s. What exceeds is cut in "
	    "fragments, which not every router passes.",
	    f->name, f->mtu, f->mtu, FULL_HEADS, outer, outer - COMPRESSED,
	    macos ? "" : N_("; 4 less without MPPE"), buf);
}

/* ---- routes ---- */

static void
gateway(const struct v6d_paste *p, struct v6d_notes *n,
    const struct v6d_paste_route *r)
{
	char text[V6D_ADDR_TEXT], m[24];
	uint8_t mac[6];

	(void)p;
	if (r->gw != V6D_GW_ADDR || !v6d_eui64_mac(&r->gateway, mac))
		return;
	v6d_note(n, V6D_NOTE_GATEWAY_MAC, r->at,
	    "The gateway %s is made of hardware address %s%s%s%s: the "
	    "server's end of the tunnel, not a router of this network.",
	    v6d_addr_text(&r->gateway, text, sizeof(text)),
	    mac_text(mac, m, sizeof(m)), vendor(mac) ? " (" : "",
	    vendor(mac) ? vendor(mac) : "", vendor(mac) ? ")" : "");
}

static void
default_routes(const struct v6d_paste *p, struct v6d_notes *n, int tunnel)
{
	char text[V6D_ADDR_TEXT];
	bool plain = false;

	for (unsigned i = 0; i < p->n_routes; i++)
		plain =
		    plain || (p->routes[i].is_default && !p->routes[i].scoped &&
				 p->routes[i].dst.addr.family == 6);
	for (unsigned i = 0; i < p->n_routes; i++) {
		const struct v6d_paste_route *r = &p->routes[i];

		if (!r->is_default || r->dst.addr.family != 6 || r->reject)
			continue;
		if (r->scoped) {
			v6d_note(n, V6D_NOTE_SCOPED, r->at,
			    "The default route on %s is scoped to it (I): it "
			    "is not the system's default route.",
			    r->dev);
			if (plain && n->n > 0)
				n->note[n->n - 1].grade = V6D_GRADE_INFO;
			continue;
		}
		v6d_note(n, V6D_NOTE_DEFAULT_ROUTE, r->at,
		    "The default route leads to %s%s%s, and is not scoped to "
		    "an interface.",
		    r->gw == V6D_GW_ADDR
			? v6d_addr_text(&r->gateway, text, sizeof(text))
			: "the link",
		    r->dev[0] ? " on " : "", r->dev);
		if (tunnel < 0 || r->dev[0] == '\0' ||
		    strcmp(r->dev, p->ifs[tunnel].name) == 0)
			gateway(p, n, r);
	}
}

/* The routing table's own addresses against those of the interface list. */
static void
temporary_changed(const struct v6d_paste *p, struct v6d_notes *n, int tunnel)
{
	const struct v6d_paste_addr *temp = NULL;
	char a[V6D_ADDR_TEXT], b[V6D_ADDR_TEXT];
	uint8_t mac[6];

	for (unsigned i = 0; i < p->n_addrs; i++)
		if (p->addrs[i].ifi == (unsigned)tunnel &&
		    p->addrs[i].flags & V6D_PA_TEMPORARY)
			temp = &p->addrs[i];
	if (!temp)
		return;
	for (unsigned i = 0; i < p->n_routes; i++) {
		const struct v6d_paste_route *r = &p->routes[i];

		if (!r->host || !v6d_starts(r->dev, "lo") ||
		    !v6d_addr_is_global(&r->dst.addr) ||
		    memcmp(r->dst.addr.b, temp->addr.b, 8) != 0 ||
		    v6d_eui64_mac(&r->dst.addr, mac) ||
		    v6d_addr_eq(&r->dst.addr, &temp->addr))
			continue;
		v6d_note(n, V6D_NOTE_TEMPORARY_CHANGED, r->at,
		    "Same prefix, another temporary address (%s here, %s "
		    "there): another session or a regeneration between the "
		    "two, no error.",
		    v6d_addr_text(&r->dst.addr, a, sizeof(a)),
		    v6d_addr_text(&temp->addr, b, sizeof(b)));
		return;
	}
}

/* ---- commands ---- */

static void
commands(const struct v6d_paste *p, struct v6d_notes *n)
{
	char text[V6D_ADDR_TEXT];

	for (unsigned i = 0; i < p->n_tries; i++) {
		const struct v6d_paste_try *t = &p->tries[i];

		if (t->addr.family != 6 || t->level != V6D_CONNECTED)
			continue;
		v6d_note(n, V6D_NOTE_CONNECT_PROVES, t->at,
		    "%s port %u: connected. That proves packets below about "
		    "100 bytes each way (a handshake), nothing of full-size "
		    "ones; no data was seen.",
		    v6d_addr_text(&t->addr, text, sizeof(text)), t->port);
	}
	for (unsigned i = 0; i < p->n_pings; i++) {
		const struct v6d_paste_ping *g = &p->pings[i];
		int64_t size = g->size < 0 ? 56 : g->size;

		if (g->addr.family != 6 || g->received <= 0 ||
		    v6d_addr_is_link_local(&g->addr) || size > 1200)
			continue;
		v6d_note(n, V6D_NOTE_PING_PROVES, g->at,
		    "%s answers an IPv6 packet of %lld bytes (%lld of data + "
		    "48). That says nothing of larger ones.",
		    v6d_addr_text(&g->addr, text, sizeof(text)),
		    (long long)size + 48, (long long)size);
		break;
	}
	if (p->claimed[V6D_CLAIM_PING_OK])
		v6d_note(n, V6D_NOTE_PING_PROVES, p->claims[V6D_CLAIM_PING_OK],
		    "ping6 sends IPv6 packets of 104 bytes by default: that "
		    "they pass says nothing of full-size ones.");
	for (unsigned i = 0; i < p->n_urls; i++)
		v6d_note(n, V6D_NOTE_URL, p->urls[i].at,
		    "An IPv6 address in a URL needs brackets: %s",
		    p->urls[i].mended);
	if (p->curl_syntax)
		v6d_note(n, V6D_NOTE_CURL_SYNTAX, p->curl_syntax_at,
		    "curl: (3) is an error of the command line on this host; "
		    "nothing was sent, and it says nothing of the network.");
	for (unsigned i = 0; i < p->n_said; i++)
		if (p->said[i].fact == V6D_FACT_PPP_IPCP) {
			v6d_note(n, V6D_NOTE_IPCP_REJECTED, p->said[i].at,
			    "The server rejects IPCP (0x8021): expected for "
			    "this kind of service.");
			break;
		}
}

static void
resolvers(const struct v6d_paste *p, struct v6d_notes *n)
{
	for (unsigned i = 0; i < p->n_resolvers; i++) {
		const struct v6d_paste_resolver *r = &p->resolvers[i];
		char text[V6D_ADDR_TEXT];

		if (r->asks_a != V6D_YES || r->asks_aaaa != V6D_NO)
			continue;
		v6d_note(n, V6D_NOTE_NO_AAAA_ASKED, r->at,
		    "Resolver %s is asked for A records only: the system sees "
		    "no usable IPv6 route, so names never give an IPv6 "
		    "address.",
		    v6d_addr_text(&r->addr, text, sizeof(text)));
		return;
	}
}

static void
interfaces(const struct v6d_paste *p, struct v6d_notes *n, int tunnel)
{
	for (unsigned i = 0; i < p->n_ifs; i++)
		if (p->ifs[i].has_flags && !p->ifs[i].flags_agree)
			v6d_note(n, V6D_NOTE_FLAGS, p->ifs[i].at,
			    "%s: the number of the flags and their names "
			    "disagree; was the text changed?",
			    p->ifs[i].name);
	if (tunnel >= 0 && p->ifs[tunnel].dropped + p->ifs[tunnel].errors > 0)
		v6d_note(n, V6D_NOTE_DROPS, p->ifs[tunnel].at,
		    "%s counts %llu errors and %llu dropped packets.",
		    p->ifs[tunnel].name,
		    (unsigned long long)p->ifs[tunnel].errors,
		    (unsigned long long)p->ifs[tunnel].dropped);
}

void
v6d_paste_notes(const struct v6d_paste *p, struct v6d_notes *ret_n)
{
	int tunnel = v6d_paste_tunnel(p);

	ret_n->n = ret_n->n_dropped = 0;
	v6d_notes_setup(p, ret_n);
	v6d_notes_filter(p, ret_n);
	if (tunnel >= 0) {
		tunnel_addresses(p, ret_n, tunnel);
		sizes(p, ret_n, tunnel);
		temporary_changed(p, ret_n, tunnel);
	}
	closed(p, ret_n, tunnel);
	default_routes(p, ret_n, tunnel);
	resolvers(p, ret_n);
	interfaces(p, ret_n, tunnel);
	commands(p, ret_n);
	if (p->n_dropped > 0)
		v6d_note(ret_n, V6D_NOTE_LOST, (struct v6d_at){ 0, 0, 1 },
		    "%u lines or entries were too many, and were left out.",
		    p->n_dropped);
}
