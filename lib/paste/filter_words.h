/* SPDX-License-Identifier: GPL-2.0-or-later */
/* filter_words.h - the words that ip6tables and nft have in common. */
#ifndef V6D_PASTE_FILTER_WORDS_H
#define V6D_PASTE_FILTER_WORDS_H

#include "paste/paste.h"

int v6d_filter_icmp(const char *s); /* a type's name or number, or -1 */
int v6d_filter_proto(const char *s); /* 0: any; -1: not known */
unsigned v6d_filter_states(const char *s); /* V6D_CT_* */
enum v6d_fate v6d_filter_fate(const char *s); /* NONE: another target */
enum v6d_hook v6d_filter_hook(const char *s);
int v6d_filter_chain_by_name(const struct v6d_paste *p, const char *name);

#endif
