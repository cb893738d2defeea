/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rulecount.h - what rules that drop packets have counted: of nft's ruleset
 * and, where there are any, of iptables-legacy. Read before and after a loss
 * they tell which rule it was, as far as rules count at all.
 */
#ifndef V6D_IO_RULECOUNT_H
#define V6D_IO_RULECOUNT_H

#include <stddef.h>
#include <stdint.h>

#include "diag/facts.h"

struct v6d_rulecount_rule {
	char *name; /* heap: "inet filter input: meta l4proto gre drop" */
	uint64_t packets; /* counted so far */
};

/* Rules (and policies) that drop or reject, and count. Begins zeroed. */
struct v6d_rulecount {
	size_t n, cap;
	struct v6d_rulecount_rule *rules; /* in the order of the listing */
};

/*
 * Adds the rules of what "nft list ruleset" or "iptables-legacy-save -c"
 * prints. 0 or -ENOMEM.
 */
int v6d_rulecount_add_nft(struct v6d_rulecount *c, const char *list);
int v6d_rulecount_add_legacy(struct v6d_rulecount *c, const char *list);

/*
 * Reads those of a namespace (-1: our own); ret is zeroed first. Returns 0 or
 * -errno. -EPERM: no CAP_NET_ADMIN there.
 */
int v6d_rulecount_read(int ns_fd, struct v6d_rulecount *ret);
void v6d_rulecount_done(struct v6d_rulecount *c);

enum v6d_rulecount_how {
	V6D_RULECOUNT_NONE, /* none counted so many */
	V6D_RULECOUNT_ONE, /* this one did, and no other */
	V6D_RULECOUNT_UNCLEAR, /* several did, or the only one counted more */
};

struct v6d_rulecount_found {
	enum v6d_rulecount_how how;
	char rule[V6D_SUBJECT]; /* of several the nearest; NONE: "" */
	uint64_t packets; /* that it counted meanwhile */
};

/* Which rule counted about `lost` (not 0) packets between the two? */
void v6d_rulecount_compare(const struct v6d_rulecount *before,
    const struct v6d_rulecount *after, uint64_t lost,
    struct v6d_rulecount_found *ret);

#endif
