/* SPDX-License-Identifier: GPL-2.0-or-later */
/* filter_words.c - names of protocols and ICMPv6 types in packet filters. */
#include "paste/filter_words.h"

#include <string.h>

#include "paste/impl.h"

static const struct {
	const char *name;
	int type;
} types[] = {
	{ "destination-unreachable", 1 },
	{ "no-route", 1 },
	{ "packet-too-big", 2 },
	{ "time-exceeded", 3 },
	{ "ttl-exceeded", 3 },
	{ "ttl-zero-during-transit", 3 },
	{ "parameter-problem", 4 },
	{ "bad-header", 4 },
	{ "unknown-header-type", 4 },
	{ "echo-request", 128 },
	{ "echo-reply", 129 },
	{ "mld-listener-query", 130 },
	{ "mld-listener-report", 131 },
	{ "mld-listener-done", 132 },
	{ "mld-listener-reduction", 132 },
	{ "router-solicitation", 133 },
	{ "nd-router-solicit", 133 },
	{ "router-advertisement", 134 },
	{ "nd-router-advert", 134 },
	{ "neighbour-solicitation", 135 },
	{ "neighbor-solicitation", 135 },
	{ "nd-neighbor-solicit", 135 },
	{ "neighbour-advertisement", 136 },
	{ "neighbor-advertisement", 136 },
	{ "nd-neighbor-advert", 136 },
	{ "redirect", 137 },
	{ "nd-redirect", 137 },
	{ "mld2-listener-report", 143 },
};

int
v6d_filter_icmp(const char *s)
{
	int64_t v;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(s, types[i].name) == 0)
			return types[i].type;
	/* "2", "1/0" */
	return v6d_lead(s, &v) && v < 256 ? (int)v : -1;
}

int
v6d_filter_proto(const char *s)
{
	static const struct {
		const char *name;
		int number;
	} protos[] = {
		{ "tcp", 6 },
		{ "udp", 17 },
		{ "ipv6-icmp", 58 },
		{ "icmpv6", 58 },
		{ "icmp6", 58 },
		{ "icmp", 1 },
		{ "gre", 47 },
		{ "esp", 50 },
		{ "all", 0 },
		{ "ipv6", 0 },
		{ "0", 0 },
	};
	int64_t v;

	for (size_t i = 0; i < sizeof(protos) / sizeof(protos[0]); i++)
		if (strcmp(s, protos[i].name) == 0)
			return protos[i].number;
	return v6d_whole(s, &v) && v < 256 ? (int)v : -1;
}

unsigned
v6d_filter_states(const char *s)
{
	unsigned f = 0;

	if (v6d_has_word(s, "new"))
		f |= V6D_CT_NEW;
	if (v6d_has_word(s, "established"))
		f |= V6D_CT_EST;
	if (v6d_has_word(s, "related"))
		f |= V6D_CT_REL;
	if (v6d_has_word(s, "invalid"))
		f |= V6D_CT_INVALID;
	return f;
}

enum v6d_fate
v6d_filter_fate(const char *s)
{
	if (strcmp(s, "ACCEPT") == 0 || strcmp(s, "accept") == 0)
		return V6D_FATE_PASS;
	if (strcmp(s, "DROP") == 0 || strcmp(s, "drop") == 0 ||
	    strcmp(s, "REJECT") == 0 || strcmp(s, "reject") == 0)
		return V6D_FATE_DROP;
	return V6D_FATE_NONE;
}

enum v6d_hook
v6d_filter_hook(const char *s)
{
	if (strcmp(s, "FORWARD") == 0 || strcmp(s, "forward") == 0)
		return V6D_HOOK_FORWARD;
	if (strcmp(s, "INPUT") == 0 || strcmp(s, "input") == 0)
		return V6D_HOOK_IN;
	if (strcmp(s, "OUTPUT") == 0 || strcmp(s, "output") == 0)
		return V6D_HOOK_OUT;
	return V6D_HOOK_OTHER;
}

int
v6d_filter_chain_by_name(const struct v6d_paste *p, const char *name)
{
	/* the newest of that name: tables follow one another */
	for (unsigned i = p->n_chains; i-- > 0;)
		if (strcmp(p->chains[i].name, name) == 0)
			return (int)i;
	return -1;
}
