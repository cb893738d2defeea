/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ruleset.c - the text of our packet filter (RFC 4890, RFC 6092). */
#include "gateway/ruleset.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

const char *
v6d_ruleset_table(const char *instance, char *buf, size_t n)
{
	snprintf(buf, n, "v6doctor_%s", instance);
	for (char *c = buf; *c; c++)
		if (!isalnum((unsigned char)*c))
			*c = '_';
	return buf;
}

const char *
v6d_ruleset_name(const struct v6d_ruleset *r, char *buf, size_t n)
{
	snprintf(buf, n, "ip6 %s", r->table);
	return buf;
}

/* { "br0", "br1" } */
static void
add_lan(struct v6d_text *t, const struct v6d_ruleset *r)
{
	v6d_text_add(t, "{ ");
	for (unsigned i = 0; i < r->n_lan; i++)
		v6d_text_add(t, "%s\"%s\"", i > 0 ? ", " : "", r->lan[i]);
	v6d_text_add(t, " }");
}

/* Every base chain of a kind looks at the same pairs of interfaces. */
static void
add_forward(struct v6d_text *t, const struct v6d_ruleset *r)
{
	v6d_text_add(t, "\tchain forward {\n"
			"\t\ttype filter hook forward priority 0; "
			"policy accept;\n");
	if (r->n_lan > 0) {
		v6d_text_add(t, "\t\tiifname \"%s\" oifname ", r->tunnel);
		add_lan(t, r);
		v6d_text_add(t, " jump inbound\n");
	}
	v6d_text_add(t, "\t\tiifname \"%s\" drop\n", r->tunnel);
	if (r->n_lan > 0) {
		v6d_text_add(t, "\t\tiifname ");
		add_lan(t, r);
		v6d_text_add(t, " oifname \"%s\" jump outbound\n", r->tunnel);
	}
	v6d_text_add(t, "\t\toifname \"%s\" drop\n", r->tunnel);
	if (r->only_tunnels)
		v6d_text_add(t, "\t\tiifgroup != %u oifgroup != %u drop\n",
		    V6D_RULESET_GROUP, V6D_RULESET_GROUP);
	v6d_text_add(t, "\t}\n");
}

/*
 * Any TCP but what may open a connection, whatever else is set in it (some
 * stacks take SYN with FIN). Without state nobody reassembles: a header that
 * is cut in two would hide its flags (RFC 1858, RFC 7112).
 */
static const char any_but_syn[] = "\t\texthdr frag exists drop\n"
				  "\t\ttcp flags & (syn | ack) == syn drop\n"
				  "\t\tmeta l4proto tcp accept\n";

/*
 * Into the LAN: replies, and the ICMPv6 errors that belong to what went out
 * (state "related"; types 1 to 4 in RFC 4890 4.3.1), echo both ways.
 */
static void
add_inbound(struct v6d_text *t, const struct v6d_ruleset *r)
{
	v6d_text_add(t, "\tchain inbound {\n\t\trt type 0 drop\n");
	if (r->no_syn)
		v6d_text_add(t, "%s\t\ticmpv6 type { 1, 2, 3, 4 } accept\n",
		    any_but_syn);
	else
		v6d_text_add(t, "\t\tct state established,related accept\n"
				"\t\tct state invalid drop\n");
	v6d_text_add(t, "\t\ticmpv6 type { 128, 129 } accept\n"
			"\t\tdrop\n\t}\n");
}

static void
add_outbound(struct v6d_text *t, const struct v6d_ruleset *r)
{
	v6d_text_add(t, "\tchain outbound {\n\t\trt type 0 drop\n");
	if (!r->no_syn)
		v6d_text_add(t, "\t\tct state invalid drop\n");
	v6d_text_add(t, "\t\taccept\n\t}\n");
}

static void
add_services(struct v6d_text *t, const struct v6d_ruleset *r)
{
	for (unsigned i = 0; i < r->n_allow; i++)
		v6d_text_add(t, "\t\t%.3s dport %s accept\n", r->allow[i],
		    r->allow[i] + 4);
}

/* RFC 4890 4.4: what this host itself must hear from its neighbour. */
static const char local_icmp[] =
    "\t\ticmpv6 type { 133, 134, 135, 136, 141, 142, 148, 149 } "
    "ip6 hoplimit 255 accept\n"
    "\t\tip6 saddr fe80::/10 icmpv6 type { 130, 131, 132, 143, 151, 152, "
    "153 } accept\n"
    "\t\ticmpv6 type { 128, 129 } accept\n";

static void
add_input(struct v6d_text *t, const struct v6d_ruleset *r)
{
	v6d_text_add(t,
	    "\tchain input {\n"
	    "\t\ttype filter hook input priority 0; policy accept;\n"
	    "\t\tiifname \"%s\" jump host\n\t}\n"
	    "\tchain host {\n\t\trt type 0 drop\n",
	    r->tunnel);
	if (r->no_syn)
		v6d_text_add(t, "\t\ticmpv6 type { 1, 2, 3, 4 } accept\n");
	else
		v6d_text_add(t, "\t\tct state established,related accept\n");
	v6d_text_add(t, "%s", local_icmp);
	add_services(t, r);
	if (r->no_syn)
		v6d_text_add(t, "%s", any_but_syn);
	v6d_text_add(t, "\t\tdrop\n\t}\n");
}

/* Both ways, and never upwards: the kernel sees to the latter. */
static void
add_mss(struct v6d_text *t, const struct v6d_ruleset *r)
{
	static const char *const ways[] = { "iifname", "oifname" };

	v6d_text_add(t, "\tchain mss {\n\t\ttype filter hook forward "
			"priority -150; policy accept;\n");
	for (unsigned i = 0; i < 2; i++)
		v6d_text_add(t,
		    "\t\t%s \"%s\" tcp flags & syn == syn tcp option maxseg "
		    "size set %u\n",
		    ways[i], r->tunnel, r->mss);
	v6d_text_add(t, "\t}\n");
}

bool
v6d_ruleset_text(const struct v6d_ruleset *r, char *buf, size_t n)
{
	struct v6d_text t = v6d_text_to(buf, n);

	v6d_text_add(&t, "table ip6 %s {\n", r->table);
	/* Chains that others jump to come first. */
	add_inbound(&t, r);
	add_outbound(&t, r);
	add_forward(&t, r);
	add_input(&t, r);
	if (r->mss)
		add_mss(&t, r);
	v6d_text_add(&t, "}\n");
	return !t.cut;
}
