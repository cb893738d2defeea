/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft.h - the packet filter of a namespace (-1: our own), by libnftables. */
#ifndef V6D_IO_NFT_H
#define V6D_IO_NFT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Runs commands in nft's language, all or none of them. Returns 0, or
 * -errno: -EPERM: no right; -EINVAL: refused, and text (n bytes) has nft's
 * own words, one line.
 */
int v6d_nft_run(int ns_fd, const char *commands, char *text, size_t n);

/*
 * What "nft -s list WHAT" prints ("table ip6 x", "ruleset"): a heap block
 * that the caller frees. -ENOENT: there is no such thing.
 */
int v6d_nft_list(int ns_fd, const char *what, char **ret);

/* The same of the ruleset without the elements of sets (nft -t); with what
 * its counters have counted, or without (nft -s). */
int v6d_nft_rules(int ns_fd, bool counters, char **ret);

#endif
