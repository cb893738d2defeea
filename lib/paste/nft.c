/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft.c - nft list ruleset: the filter chains that see IPv6. */
#include "paste/impl.h"

#include <string.h>

#include "paste/filter_words.h"

enum { SUB_NONE, SUB_TABLE, SUB_CHAIN, SUB_OTHER };

/* A word without quotes, commas and braces around it. */
static void
bare(const char *s, char *buf, size_t n)
{
	s += strspn(s, "\"{");
	v6d_copy(buf, n, s);
	buf[strcspn(buf, "\",}")] = '\0';
}

static int
heading(struct v6d_paste *p, const struct v6d_tok *t)
{
	if (v6d_tok_is(t, 0, "table") && v6d_ends(t->line, "{") && t->n >= 3) {
		p->place.family =
		    v6d_tok_is(t, 1, "ip6") || v6d_tok_is(t, 1, "inet") ? 6 : 4;
		p->place.sub = SUB_TABLE;
		p->place.chain = -1;
		return (int)t->n;
	}
	if (v6d_tok_is(t, 0, "chain") && v6d_ends(t->line, "{") && t->n >= 2) {
		p->filter_v6 = true;
		p->place.chain = v6d_put_chain(p, t->t[1], t->at);
		if (p->place.chain >= 0) {
			/* without its table its family is not known */
			p->chains[p->place.chain].filter =
			    p->place.sub == SUB_TABLE && p->place.family == 6;
			p->chains[p->place.chain].policy = V6D_FATE_NONE;
		}
		p->place.sub = SUB_CHAIN;
		return (int)t->n;
	}
	if (p->place.sub == SUB_NONE)
		return 0;
	if (v6d_tok_is(t, 0, "}") && t->n == 1) {
		if (p->place.sub == SUB_TABLE)
			v6d_chains_whole(p);
		p->place.sub = p->place.sub == SUB_TABLE ? SUB_NONE : SUB_TABLE;
		p->place.chain = -1;
		return 1;
	}
	if ((v6d_tok_is(t, 0, "set") || v6d_tok_is(t, 0, "map") ||
		v6d_tok_is(t, 0, "counter") || v6d_tok_is(t, 0, "flowtable")) &&
	    v6d_ends(t->line, "{")) {
		p->place.sub = SUB_OTHER;
		return (int)t->n;
	}
	return 0;
}

/* "type filter hook forward priority filter; policy drop;" */
static int
hook(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_chain *c = &p->chains[p->place.chain];
	char word[32];

	if (!v6d_tok_is(t, 0, "type"))
		return 0;
	c->hook = v6d_filter_hook(v6d_tok_after(t, "hook"));
	c->policy = V6D_FATE_PASS;
	if (!v6d_tok_is(t, 1, "filter"))
		c->filter = false;
	v6d_copy(word, sizeof(word), v6d_tok_after(t, "policy"));
	word[strcspn(word, ";")] = '\0';
	if (v6d_filter_fate(word) != V6D_FATE_NONE)
		c->policy = v6d_filter_fate(word);
	return (int)t->n;
}

/* Past { a, b, c } from i on: index of the word behind it. */
static unsigned
past_set(const struct v6d_tok *t, unsigned i)
{
	if (i < t->n && t->t[i][0] == '{')
		while (i < t->n && !v6d_ends(t->t[i], "}"))
			i++;
	return i + 1;
}

static unsigned
set_of(const struct v6d_tok *t, unsigned i, struct v6d_paste_rule *r)
{
	unsigned end = past_set(t, i);
	char w[V6D_PASTE_NAME];

	for (; i < end && i < t->n; i++) {
		int type;

		bare(t->t[i], w, sizeof(w));
		type = w[0] ? v6d_filter_icmp(w) : -1;
		if (type >= 0) {
			r->icmp_types[type / 32] |= 1u << (type % 32);
			r->has_types = true;
		}
	}
	return end;
}

/* "tcp flags & (fin|syn|rst|ack) == syn", "tcp flags syn / fin,syn,rst,ack",
 * "tcp flags & syn == 0x0", "tcp flags & (...) != syn" */
static unsigned
tcp_flags(const struct v6d_tok *t, unsigned i, struct v6d_paste_rule *r)
{
	bool not = false, syn = false;
	unsigned k;

	r->proto = 6;
	for (k = i; k < t->n; k++) {
		if (v6d_filter_fate(t->t[k]) || v6d_tok_is(t, k, "counter") ||
		    v6d_tok_is(t, k, "jump") || v6d_tok_is(t, k, "ct"))
			break;
		if (v6d_tok_is(t, k, "!=") || v6d_tok_is(t, k, "!") ||
		    v6d_tok_is(t, k, "0x0") || v6d_tok_is(t, k, "0"))
			not = true;
		if (v6d_has(t->t[k], "syn"))
			syn = true;
	}
	if (syn)
		r->syn = not ? V6D_SYN_NOT : V6D_SYN_ONLY;
	else
		r->narrow = true;
	return k;
}

/* One condition or verdict at i; returns the index of the word behind it. */
static unsigned
condition(struct v6d_paste *p, struct v6d_paste_rule *r,
    const struct v6d_tok *t, unsigned i)
{
	bool not = v6d_tok_is(t, i + 1, "!=");
	unsigned v = i + 1 + not ; /* the value's index */
	char w[V6D_PASTE_NAME] = "";

	if (v < t->n)
		bare(t->t[v], w, sizeof(w));
	if (v6d_tok_is(t, i, "iifname") || v6d_tok_is(t, i, "iif")) {
		v6d_copy(r->in, sizeof(r->in), w);
		r->in_not = not ;
		r->narrow = r->narrow || (v < t->n && t->t[v][0] == '{');
		return past_set(t, v);
	}
	if (v6d_tok_is(t, i, "oifname") || v6d_tok_is(t, i, "oif")) {
		v6d_copy(r->out, sizeof(r->out), w);
		r->out_not = not ;
		r->narrow = r->narrow || (v < t->n && t->t[v][0] == '{');
		return past_set(t, v);
	}
	if ((v6d_tok_is(t, i, "meta") || v6d_tok_is(t, i, "ip6")) &&
	    (v6d_tok_is(t, i + 1, "l4proto") ||
		v6d_tok_is(t, i + 1, "nexthdr")) &&
	    i + 2 < t->n) {
		not = v6d_tok_is(t, i + 2, "!=");
		v = i + 2 + not ;
		bare(v < t->n ? t->t[v] : "", w, sizeof(w));
		r->proto = v6d_filter_proto(w);
		r->proto_not = not ;
		return past_set(t, v);
	}
	if (v6d_tok_is(t, i, "meta") && v6d_tok_is(t, i + 1, "nfproto")) {
		/* a rule for IPv4 only says nothing here */
		if (v6d_tok_is(t, i + 2, "ipv4"))
			r->proto = -1;
		return i + 3;
	}
	if (v6d_tok_is(t, i, "tcp") && v6d_tok_is(t, i + 1, "flags"))
		return tcp_flags(t, i + 2, r);
	if (v6d_tok_is(t, i, "ct") && v6d_tok_is(t, i + 1, "state")) {
		unsigned end;

		not = v6d_tok_is(t, i + 2, "!=");
		if (v6d_tok_is(t, i + 2, "vmap")) {
			/* { established : accept, invalid : drop }: the part
			 * of it that lets something pass */
			if (v6d_has(t->line, "established : accept")) {
				r->states = V6D_CT_EST;
				r->fate = V6D_FATE_PASS;
			}
			if (v6d_has(t->line, "related : accept"))
				r->states |= V6D_CT_REL;
			return t->n;
		}
		end = past_set(t, i + 2 + not );
		for (unsigned k = i + 2; k < end && k < t->n; k++)
			r->states |= v6d_filter_states(t->t[k]);
		if (not )
			r->states = ~r->states & 15u;
		return end;
	}
	if (v6d_tok_is(t, i, "icmpv6") && v6d_tok_is(t, i + 1, "type")) {
		r->proto = 58;
		not = v6d_tok_is(t, i + 2, "!=");
		r->narrow = r->narrow || not ;
		return set_of(t, i + 2 + not, r);
	}
	if (v6d_tok_is(t, i, "jump") || v6d_tok_is(t, i, "goto")) {
		r->fate = V6D_FATE_JUMP;
		v6d_copy(r->jump, sizeof(r->jump), w);
		return t->n;
	}
	if (v6d_filter_fate(t->t[i]) != V6D_FATE_NONE) {
		r->fate = v6d_filter_fate(t->t[i]);
		return t->n;
	}
	if (v6d_tok_is(t, i, "counter")) {
		/* "counter packets 0 bytes 0" */
		return v6d_tok_is(t, i + 1, "packets") ? i + 5 : i + 1;
	}
	if (v6d_tok_is(t, i, "log") || v6d_tok_is(t, i, "comment"))
		return i + 1;
	if ((v6d_tok_is(t, i, "tcp") || v6d_tok_is(t, i, "udp")) &&
	    i + 2 < t->n) {
		r->proto = v6d_tok_is(t, i, "tcp") ? 6 : 17;
		r->narrow = true;
		return past_set(t, i + 2);
	}
	if (v6d_tok_is(t, i, "ip"))
		r->proto = -1; /* IPv4 */
	r->narrow = true;
	(void)p;
	return i + 1;
}

/* A rule, not the rest of the one before, which was wrapped. */
static bool
begins_rule(const struct v6d_paste *p, const struct v6d_tok *t)
{
	static const char *const words[] = { "ip6", "ip", "meta", "iif",
		"iifname", "oif", "oifname", "tcp", "udp", "ct", "icmpv6",
		"icmp", "counter", "accept", "drop", "reject", "jump", "goto",
		"return", "log", "limit", "fib", "th", "ether", "masquerade",
		"snat", "dnat", "queue", "notrack", "mark", "rt", "socket",
		"exthdr", "frag", "hbh", "vlan", "pkttype", "comment" };
	const struct v6d_paste_rule *last =
	    p->n_rules ? &p->rules[p->n_rules - 1] : NULL;

	if (v6d_filter_fate(t->t[0]) != V6D_FATE_NONE && last &&
	    last->chain == (uint8_t)p->place.chain &&
	    last->fate == V6D_FATE_NONE && last->at.piece == t->at.piece &&
	    last->at.line + 1 == t->at.line)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (v6d_tok_is(t, 0, words[i]))
			return true;
	return false;
}

int
v6d_take_nft(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_rule *r;
	int n = heading(p, t);

	if (n > 0 || p->place.format != V6D_PF_NFT)
		return n;
	if (p->place.sub == SUB_OTHER)
		return (int)t->n;
	if (p->place.sub != SUB_CHAIN || p->place.chain < 0)
		return 0;
	n = hook(p, t);
	if (n > 0)
		return n;
	if (!begins_rule(p, t))
		return 0;
	r = v6d_put_rule(p, p->place.chain, t->at);
	if (!r)
		return 1;
	for (unsigned i = 0; i < t->n;)
		i = condition(p, r, t, i);
	return (int)t->n;
}
