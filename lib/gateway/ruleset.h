/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ruleset.h - the text of our packet filter: what may pass between the
 * tunnel, the LAN and this host (RFC 4890, RFC 6092).
 */
#ifndef V6D_GATEWAY_RULESET_H
#define V6D_GATEWAY_RULESET_H

#include <stdbool.h>
#include <stddef.h>

/* Devices of this group are tunnels of ours, of any instance. */
#define V6D_RULESET_GROUP 118

struct v6d_ruleset {
	const char *table; /* "v6doctor_home" */
	const char *tunnel; /* interface */
	unsigned n_lan;
	const char *lan[8]; /* interfaces */
	/* The story's stateless policy: from the tunnel any TCP but a SYN. */
	bool no_syn;
	unsigned n_allow;
	const char *allow[8]; /* "tcp/22": services of this host */
	/*
	 * This host forwarded nothing before: what is neither from nor to a
	 * tunnel of ours stays so.
	 */
	bool only_tunnels;
	unsigned mss; /* bytes; 0: no clamp */
};

/* "ip6 v6doctor_home": the name in nft's language. Returns buf. */
const char *v6d_ruleset_name(const struct v6d_ruleset *r, char *buf, size_t n);

/*
 * A table's name for an instance: what may not stand in one becomes '_'.
 * Returns buf.
 */
const char *v6d_ruleset_table(const char *instance, char *buf, size_t n);

/* "table ip6 NAME { ... }". False: it does not fit. */
bool v6d_ruleset_text(const struct v6d_ruleset *r, char *buf, size_t n);

#endif
