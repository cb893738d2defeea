/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leftovers.h - what "connect" left after a crash, as facts for run-all. */
#ifndef V6D_TOOLS_LEFTOVERS_H
#define V6D_TOOLS_LEFTOVERS_H

#include "diag/facts.h"

/* host.residue, from the journals below /var/lib/v6doctor. */
void v6d_leftovers(void *arg, struct v6d_facts *facts);

#endif
