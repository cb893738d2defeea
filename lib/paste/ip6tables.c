/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ip6tables.c - ip6tables-save (also /etc/sysconfig/ip6tables), ip6tables -S,
 * commands of a script, and ip6tables -L -n with and without -v.
 */
#include "paste/impl.h"

#include <string.h>

#include "paste/filter_words.h"

enum { SUB_NONE, SUB_FILTER, SUB_OTHER_TABLE, SUB_LIST, SUB_LIST_V };

static int
chain(struct v6d_paste *p, const char *name, struct v6d_at at)
{
	bool filter = p->place.sub != SUB_OTHER_TABLE && p->place.family != 4;
	int i = v6d_filter_chain_by_name(p, name);

	/* the same name in another table or a later listing: another chain */
	if (i >= 0 && p->chains[i].at.piece == at.piece &&
	    p->chains[i].filter == filter)
		return i;
	i = v6d_put_chain(p, name, at);
	if (i < 0)
		return -1;
	p->chains[i].hook = v6d_filter_hook(name);
	p->chains[i].policy = V6D_FATE_NONE; /* not said so far */
	p->chains[i].filter = filter;
	return i;
}

static void
policy(
    struct v6d_paste *p, const char *name, const char *word, struct v6d_at at)
{
	int i = chain(p, name, at);

	if (i >= 0 && v6d_filter_fate(word) != V6D_FATE_NONE)
		p->chains[i].policy = v6d_filter_fate(word);
}

/* One option of a rule at i; returns how many words it took, 0: unknown. */
static unsigned
option(struct v6d_paste_rule *r, const struct v6d_tok *t, unsigned i, bool not )
{
	const char *w = t->t[i], *v = i + 1 < t->n ? t->t[i + 1] : "";
	static const char *const narrow[] = { "-s", "-d", "--source",
		"--destination", "--dport", "--sport", "--dports", "--sports",
		"--destination-port", "--source-port", "--limit",
		"--limit-burst", "--mac-source", "--hl-eq", "--hl-lt" };

	if (not &&strcmp(v, "!") == 0) /* the old order: -p ! tcp */
		v = i + 2 < t->n ? t->t[i + 2] : "";
	if (strcmp(w, "-i") == 0) {
		v6d_copy(r->in, sizeof(r->in), v);
		r->in_not = not ;
		return 2;
	}
	if (strcmp(w, "-o") == 0) {
		v6d_copy(r->out, sizeof(r->out), v);
		r->out_not = not ;
		return 2;
	}
	if (strcmp(w, "-p") == 0 || strcmp(w, "--protocol") == 0) {
		r->proto = v6d_filter_proto(v);
		r->proto_not = not ;
		return 2;
	}
	if (strcmp(w, "--syn") == 0) {
		r->syn = not ? V6D_SYN_NOT : V6D_SYN_ONLY;
		return 1;
	}
	if (strcmp(w, "--tcp-flags") == 0) {
		const char *set = i + 2 < t->n ? t->t[i + 2] : "";

		if (strcmp(set, "SYN") == 0)
			r->syn = not ? V6D_SYN_NOT : V6D_SYN_ONLY;
		else
			r->narrow = true;
		return 3;
	}
	if (strcmp(w, "--state") == 0 || strcmp(w, "--ctstate") == 0) {
		r->states = v6d_filter_states(v);
		if (not )
			r->states = ~r->states & 15u;
		return 2;
	}
	if (strcmp(w, "--icmpv6-type") == 0 || strcmp(w, "--icmp6-type") == 0) {
		r->icmp_type = v6d_filter_icmp(v);
		r->narrow = r->narrow || not || r->icmp_type < 0;
		return 2;
	}
	if (strcmp(w, "-m") == 0)
		return 2;
	for (size_t k = 0; k < sizeof(narrow) / sizeof(narrow[0]); k++)
		if (strcmp(w, narrow[k]) == 0) {
			/* every address is no condition */
			if (strcmp(v, "::/0") != 0)
				r->narrow = true;
			return 2;
		}
	return 0;
}

/* Words that only one of the two families has. */
static void
family(struct v6d_paste *p, const struct v6d_tok *t)
{
	for (unsigned i = 0; i < t->n; i++) {
		struct v6d_addr a;
		bool ip = v6d_ip(t->t[i], &a, NULL, NULL, 0) &&
			  (v6d_has(t->t[i], ".") || v6d_has(t->t[i], "::"));

		if ((ip && a.family == 6) || v6d_has(t->t[i], "icmp6") ||
		    v6d_has(t->t[i], "icmpv6") || v6d_has(t->t[i], "ipv6-"))
			p->filter_v6 = true;
		if ((ip && a.family == 4) || v6d_tok_is(t, i, "icmp"))
			for (unsigned c = 0; c < p->n_chains; c++)
				if (p->chains[c].at.piece == t->at.piece)
					p->chains[c].filter = false;
	}
}

/* "-A CHAIN ... -j TARGET ..." with the words from i on */
static int
rule(struct v6d_paste *p, const struct v6d_tok *t, unsigned i)
{
	struct v6d_paste_rule *r;
	int c;

	if (i + 1 >= t->n)
		return 1;
	c = chain(p, t->t[i + 1], t->at);
	family(p, t);
	r = v6d_put_rule(p, c, t->at);
	if (!r)
		return 2;
	for (i += 2; i < t->n;) {
		bool not = strcmp(t->t[i], "!") == 0;
		unsigned n;

		if (strcmp(t->t[i], "-j") == 0 || strcmp(t->t[i], "-g") == 0) {
			const char *to = i + 1 < t->n ? t->t[i + 1] : "";

			r->fate = v6d_filter_fate(to);
			if (r->fate == V6D_FATE_NONE && to[0] &&
			    v6d_filter_chain_by_name(p, to) >= 0) {
				r->fate = V6D_FATE_JUMP;
				v6d_copy(r->jump, sizeof(r->jump), to);
			}
			break;
		}
		if (not )
			i++;
		if (i >= t->n)
			break;
		n = option(r, t, i,
		    not || (i + 1 < t->n && strcmp(t->t[i + 1], "!") == 0));
		if (n == 0) {
			r->narrow = true;
			n = 1;
		}
		if (!not &&i + 1 < t->n && strcmp(t->t[i + 1], "!") == 0)
			n++;
		i += n;
	}
	return (int)t->n;
}

/* A row of ip6tables -L: target prot opt [in out] source destination ... */
static int
listed(struct v6d_paste *p, const struct v6d_tok *t)
{
	bool v = p->place.sub == SUB_LIST_V;
	unsigned i = v ? 2 : 0;
	struct v6d_paste_rule *r;

	if (t->n < i + 4 || p->place.chain < 0)
		return 0;
	if (v && !v6d_is_digit(t->t[0][0]))
		return 0;
	r = v6d_put_rule(p, p->place.chain, t->at);
	if (!r)
		return 1;
	family(p, t);
	r->fate = v6d_filter_fate(t->t[i]);
	if (r->fate == V6D_FATE_NONE)
		v6d_copy(r->jump, sizeof(r->jump), t->t[i]);
	if (r->jump[0])
		r->fate = V6D_FATE_JUMP;
	r->proto = v6d_filter_proto(t->t[i + 1]);
	i += 2;
	/* "opt" is empty in newer versions, "--" or "    " in others */
	if (v6d_tok_is(t, i, "--") || v6d_tok_is(t, i, "opt"))
		i++;
	if (v && i + 3 < t->n) {
		bool in_not = t->t[i][0] == '!', out_not;

		if (!v6d_tok_is(t, i, "*") && !v6d_tok_is(t, i, "any"))
			v6d_copy(r->in, sizeof(r->in), t->t[i] + in_not);
		r->in_not = in_not;
		out_not = t->t[i + 1][0] == '!';
		if (!v6d_tok_is(t, i + 1, "*") && !v6d_tok_is(t, i + 1, "any"))
			v6d_copy(r->out, sizeof(r->out), t->t[i + 1] + out_not);
		r->out_not = out_not;
		i += 2;
	} else {
		r->narrow = true; /* its interfaces are not shown */
	}
	for (unsigned k = i; k < i + 2 && k < t->n; k++)
		if (!v6d_tok_is(t, k, "::/0") && !v6d_tok_is(t, k, "anywhere"))
			r->narrow = true;
	if (v6d_has(t->line, "flags:!0x17/0x02") ||
	    v6d_has(t->line, "flags:! 0x17/0x02") ||
	    v6d_has(t->line, "flags:!FIN,SYN,RST,ACK/SYN"))
		r->syn = V6D_SYN_NOT;
	else if (v6d_has(t->line, "flags:0x17/0x02") ||
		 v6d_has(t->line, "flags:FIN,SYN,RST,ACK/SYN"))
		r->syn = V6D_SYN_ONLY;
	if (v6d_has(t->line, "state ") || v6d_has(t->line, "ctstate "))
		r->states = v6d_filter_states(strstr(t->line, "state "));
	if (v6d_has(t->line, "dpt:") || v6d_has(t->line, "spt:") ||
	    v6d_has(t->line, "dports ") || v6d_has(t->line, "limit:"))
		r->narrow = true;
	if (v6d_has(t->line, "ipv6-icmp ") || v6d_has(t->line, "icmpv6 ") ||
	    v6d_has(t->line, "ipv6-icmptype "))
		for (unsigned k = i; k < t->n; k++)
			if (v6d_tok_is(t, k, "type") ||
			    v6d_tok_is(t, k, "ipv6-icmptype") ||
			    v6d_tok_is(t, k, "icmptype"))
				r->icmp_type =
				    k + 1 < t->n ? v6d_filter_icmp(t->t[k + 1])
						 : -1;
	return (int)t->n;
}

/* "Chain FORWARD (policy DROP 0 packets, 0 bytes)" and the head below it */
static int
list_head(struct v6d_paste *p, const struct v6d_tok *t)
{
	if (v6d_tok_is(t, 0, "Chain") && t->n >= 3 && t->t[2][0] == '(') {
		v6d_chains_whole(p);
		p->place.sub = SUB_LIST;
		p->place.chain = chain(p, t->t[1], t->at);
		if (p->place.chain >= 0)
			p->chains[p->place.chain].whole = false;
		if (v6d_tok_is(t, 2, "(policy") && t->n > 3) {
			char word[16];

			v6d_copy(word, sizeof(word), t->t[3]);
			word[strcspn(word, ")")] = '\0';
			policy(p, t->t[1], word, t->at);
		}
		return (int)t->n;
	}
	if (v6d_has(t->line, "target") && v6d_has(t->line, "prot") &&
	    v6d_has(t->line, "destination")) {
		p->place.sub =
		    v6d_tok_is(t, 0, "pkts") || v6d_tok_find(t, 0, "in") > 0
			? SUB_LIST_V
			: SUB_LIST;
		return (int)t->n;
	}
	return 0;
}

int
v6d_take_ip6tables(struct v6d_paste *p, const struct v6d_tok *t)
{
	unsigned i = v6d_ends(t->t[0], "ip6tables") ? 1 : 0;
	int n;

	if (t->line[0] == '*' && t->n == 1 && strlen(t->line) > 3 &&
	    v6d_is_alpha(t->line[1])) {
		p->place.sub = strcmp(t->line, "*filter") == 0
				   ? SUB_FILTER
				   : SUB_OTHER_TABLE;
		return 1;
	}
	if (v6d_tok_is(t, 0, "COMMIT")) {
		v6d_chains_whole(p);
		return 1;
	}
	/* ":FORWARD DROP [0:0]" */
	if (t->line[0] == ':' && t->n >= 2 && strlen(t->t[0]) > 1 &&
	    (v6d_filter_fate(t->t[1]) || v6d_tok_is(t, 1, "-"))) {
		policy(p, t->t[0] + 1, t->t[1], t->at);
		return (int)t->n;
	}
	if (i == 1 && v6d_tok_is(t, 1, "-t") && !v6d_tok_is(t, 2, "filter"))
		return (int)t->n;
	if (v6d_tok_is(t, i, "-P") && t->n >= i + 3) {
		policy(p, t->t[i + 1], t->t[i + 2], t->at);
		return (int)t->n;
	}
	if (v6d_tok_is(t, i, "-N") && t->n >= i + 2) {
		(void)chain(p, t->t[i + 1], t->at);
		return (int)t->n;
	}
	if ((v6d_tok_is(t, i, "-A") || v6d_tok_is(t, i, "-I")) && t->n > i + 1)
		return rule(p, t, i);
	if (i == 1)
		return (int)t->n; /* -F, -X and the like */
	n = list_head(p, t);
	if (n == 0 &&
	    (p->place.sub == SUB_LIST || p->place.sub == SUB_LIST_V) &&
	    p->place.format == V6D_PF_IP6TABLES)
		n = listed(p, t);
	return n;
}
