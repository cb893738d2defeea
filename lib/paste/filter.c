/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter.c - what a packet filter does with a packet: its chain is walked as
 * the kernel walks it, with three answers. Where a rule that may or may not
 * match would change the answer, it is "unknown".
 */
#include "paste/impl.h"

#include <string.h>

#include "base/wire.h"

#define DEPTH 6

enum match { MATCH_NO, MATCH_MAYBE, MATCH_YES };

/* Is an interface's name that of the tunnel, or of the LAN? */
enum side { SIDE_UNKNOWN, SIDE_TUNNEL, SIDE_LAN };

static enum side
side_of(const struct v6d_paste *p, const char *name)
{
	static const char *const lans[] = { "br", "eth", "en", "lan", "wl",
		"vlan", "bond" };
	int tunnel = v6d_paste_tunnel(p);

	if (v6d_starts(name, "ppp") ||
	    (tunnel >= 0 && strcmp(name, p->ifs[tunnel].name) == 0) ||
	    (p->setup.ifname[0] && strcmp(name, p->setup.ifname) == 0) ||
	    strcmp(name, "ipv6") == 0 || v6d_starts(name, "v6tun"))
		return SIDE_TUNNEL;
	for (size_t i = 0; i < V6D_ARRAY_LEN(lans); i++)
		if (v6d_starts(name, lans[i]))
			return SIDE_LAN;
	return SIDE_UNKNOWN;
}

static enum match
by_name(const struct v6d_paste *p, const char *name, bool not, bool tunnel)
{
	enum side side;

	if (!name[0] || strcmp(name, "+") == 0)
		return not ? MATCH_NO : MATCH_YES;
	if (strcmp(name, "lo") == 0)
		return not ? MATCH_YES : MATCH_NO;
	side = side_of(p, name);
	if (side == SIDE_UNKNOWN)
		return MATCH_MAYBE;
	return ((side == SIDE_TUNNEL) == tunnel) != not ? MATCH_YES : MATCH_NO;
}

static enum match
least(enum match a, enum match b)
{
	return a < b ? a : b;
}

static bool
has_type(const struct v6d_paste_rule *r, int type)
{
	return type >= 0 && type < 256 &&
	       (r->icmp_types[type / 32] >> (type % 32) & 1u);
}

static enum match
matches(const struct v6d_paste *p, const struct v6d_paste_rule *r,
    const struct v6d_probe_packet *k)
{
	enum match m = MATCH_YES;

	if (r->proto < 0)
		return MATCH_NO; /* another protocol, or IPv4 only */
	if (r->proto > 0 && (r->proto == k->proto) == r->proto_not)
		return MATCH_NO;
	if (r->syn != V6D_SYN_ANY && k->proto == 6 &&
	    (r->syn == V6D_SYN_ONLY) != k->syn)
		return MATCH_NO;
	if (r->states && !(r->states & k->state))
		return MATCH_NO;
	if (r->icmp_type >= 0 && r->icmp_type != k->icmp_type)
		return MATCH_NO;
	if (r->has_types && !has_type(r, k->icmp_type))
		return MATCH_NO;
	m = least(m, by_name(p, r->in, r->in_not, k->inbound));
	m = least(m, by_name(p, r->out, r->out_not, !k->inbound));
	if (r->narrow)
		m = least(m, MATCH_MAYBE);
	return m;
}

static int
chain_of(const struct v6d_paste *p, const char *name, int near)
{
	int found = -1;

	for (unsigned i = 0; i < p->n_chains; i++)
		if (strcmp(p->chains[i].name, name) == 0 &&
		    p->chains[i].at.piece == p->chains[near].at.piece)
			found = (int)i;
	return found;
}

static enum v6d_answer
fate(enum v6d_fate f)
{
	return f == V6D_FATE_PASS   ? V6D_ANSWER_PASS
	       : f == V6D_FATE_DROP ? V6D_ANSWER_DROP
				    : V6D_ANSWER_UNKNOWN;
}

/* maybe_*: what would have happened, had a doubtful rule matched. */
struct walk {
	const struct v6d_paste *p;
	const struct v6d_probe_packet *k;
	bool maybe_pass, maybe_drop;
};

/* True when the chain decides; the answer goes to *ret. */
static bool
walk(struct walk *w, int chain, unsigned depth, bool sure, enum v6d_answer *ret)
{
	if (depth == DEPTH || chain < 0)
		return false;
	for (unsigned i = 0; i < w->p->n_rules; i++) {
		const struct v6d_paste_rule *r = &w->p->rules[i];
		enum match m;

		if (r->chain != (uint8_t)chain)
			continue;
		m = matches(w->p, r, w->k);
		if (m == MATCH_NO || r->fate == V6D_FATE_NONE)
			continue;
		if (r->fate == V6D_FATE_JUMP) {
			if (walk(w, chain_of(w->p, r->jump, chain), depth + 1,
				sure && m == MATCH_YES, ret))
				return true;
			continue;
		}
		if (m == MATCH_YES && sure) {
			*ret = fate(r->fate);
			return true;
		}
		w->maybe_pass = w->maybe_pass || r->fate == V6D_FATE_PASS;
		w->maybe_drop = w->maybe_drop || r->fate == V6D_FATE_DROP;
	}
	return false;
}

int
v6d_filter_chain(const struct v6d_paste *p, enum v6d_hook hook)
{
	for (unsigned i = 0; i < p->n_chains; i++)
		if (p->chains[i].hook == hook && p->chains[i].filter)
			return (int)i;
	return -1;
}

static enum v6d_answer
ask_chain(const struct v6d_paste *p, int c, const struct v6d_probe_packet *k)
{
	struct walk w = { p, k, false, false };
	enum v6d_answer a = V6D_ANSWER_UNKNOWN;

	if (!walk(&w, c, 0, true, &a))
		a = p->chains[c].whole ? fate(p->chains[c].policy)
				       : V6D_ANSWER_UNKNOWN;
	if ((a == V6D_ANSWER_DROP && w.maybe_pass) ||
	    (a == V6D_ANSWER_PASS && w.maybe_drop))
		return V6D_ANSWER_UNKNOWN;
	return a;
}

enum v6d_answer
v6d_filter_ask(const struct v6d_paste *p, enum v6d_hook hook,
    const struct v6d_probe_packet *k)
{
	enum v6d_answer all = V6D_ANSWER_PASS;
	bool any = false;

	/* every chain of the hook must let it pass */
	for (unsigned c = 0; c < p->n_chains; c++) {
		enum v6d_answer a;

		if (p->chains[c].hook != hook || !p->chains[c].filter)
			continue;
		any = true;
		a = ask_chain(p, (int)c, k);
		if (a == V6D_ANSWER_DROP)
			return a;
		if (a == V6D_ANSWER_UNKNOWN)
			all = a;
	}
	return any ? all : V6D_ANSWER_UNKNOWN;
}

/* ---- what follows ---- */

enum v6d_answer
v6d_filter_inbound(
    const struct v6d_paste *p, int proto, bool syn, unsigned state, int type)
{
	struct v6d_probe_packet k = { true, proto, syn, state, type };

	return v6d_filter_ask(p, V6D_HOOK_FORWARD, &k);
}

bool
v6d_forwards(const struct v6d_paste *p)
{
	if (p->setup.has_radvd || p->setup.radvd_start)
		return true;
	for (unsigned i = 0; i < p->n_sysctls; i++)
		if (v6d_starts(p->sysctls[i].key, "net.ipv6.conf.") &&
		    v6d_ends(p->sysctls[i].key, ".forwarding") &&
		    p->sysctls[i].value == 1)
			return true;
	return false;
}

static bool
uses_states(const struct v6d_paste *p)
{
	for (unsigned i = 0; i < p->n_rules; i++)
		if (p->rules[i].states &&
		    p->chains[p->rules[i].chain].hook == V6D_HOOK_FORWARD)
			return true;
	return false;
}

void
v6d_notes_filter(const struct v6d_paste *p, struct v6d_notes *n)
{
	int c = v6d_filter_chain(p, V6D_HOOK_FORWARD);
	enum v6d_answer syn, ack, udp, ptb, ptb_rel;
	struct v6d_at at;

	if (c < 0)
		return;
	at = p->chains[c].at;
	syn = v6d_filter_inbound(p, 6, true, V6D_CT_NEW, -1);
	ack = v6d_filter_inbound(p, 6, false, V6D_CT_INVALID, -1);
	udp = v6d_filter_inbound(p, 17, false, V6D_CT_EST, -1);
	ptb = v6d_filter_inbound(p, 58, false, V6D_CT_NEW, 2);
	ptb_rel = v6d_filter_inbound(p, 58, false, V6D_CT_REL, 2);
	if (syn == V6D_ANSWER_PASS) {
		bool forwards = v6d_forwards(p);

		v6d_note(n, V6D_NOTE_EXPOSED, at,
		    "%she forward chain lets connections from outside in: "
		    "every host of the LAN with a global address can be "
		    "reached.",
		    forwards ? N_("T")
			     : N_("Where this host forwards IPv6, t"));
		if (!forwards && n->n > 0)
			n->note[n->n - 1].grade = V6D_GRADE_MEDIUM;
		return;
	}
	if (syn != V6D_ANSWER_DROP)
		return;
	if (ack == V6D_ANSWER_PASS && !uses_states(p))
		v6d_note(n, V6D_NOTE_STATELESS, at,
		    "A stateless filter by TCP's SYN: it stops new inbound "
		    "connections and passes probes with ACK, FIN or RST. "
		    "Better: ct state established,related accept; the ICMPv6 "
		    "that RFC 4890 asks for; drop the rest.");
	if (udp == V6D_ANSWER_DROP)
		v6d_note(n, V6D_NOTE_UDP_BLOCKED, at,
		    "DNS over UDP blocked: yes. Replies by UDP (also QUIC, "
		    "NTP) do not come back to hosts of the LAN.");
	if (ptb_rel == V6D_ANSWER_DROP)
		v6d_note(n, V6D_NOTE_PTB_BLOCKED, at,
		    "Packet-too-big blocked: yes. ICMPv6 type 2 does not reach "
		    "the hosts of the LAN: large packets of theirs vanish.");
	else if (uses_states(p) && udp == V6D_ANSWER_PASS &&
		 (ptb_rel == V6D_ANSWER_PASS || ptb == V6D_ANSWER_PASS))
		v6d_note(n, V6D_NOTE_FILTER_STATEFUL, at,
		    "A stateful filter: answers and packet-too-big come in, "
		    "new connections do not.");
}
