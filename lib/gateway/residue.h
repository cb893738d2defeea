/* SPDX-License-Identifier: GPL-2.0-or-later */
/* residue.h - what a run left that ended without undoing, by its journal. */
#ifndef V6D_GATEWAY_RESIDUE_H
#define V6D_GATEWAY_RESIDUE_H

#include "gateway/journal.h"

/* Entry i: a change, not undone, and of this boot or one that outlives it. */
bool v6d_residue_is(const struct v6d_journal *j, unsigned i, bool same_boot);

/*
 * Every residue of all instances in state_dir that do not run and belong to
 * this namespace (-1: our own). The record lives as long as the call. Locks
 * nothing. 0 (also where there is no such folder), or -errno: what was not
 * looked at is unknown.
 */
int v6d_residue_each(const char *state_dir, int ns_fd,
    void (*found)(void *arg, const char *instance, const struct v6d_record *r),
    void *arg);

#endif
