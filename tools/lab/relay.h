/* SPDX-License-Identifier: GPL-2.0-or-later */
/* relay.h - "v6doctor lab relay": a bad line between two interfaces. */
#ifndef V6D_TOOLS_LAB_RELAY_H
#define V6D_TOOLS_LAB_RELAY_H

/*
 * relay [--ready-fd N] NEAR FAR [KEY=VALUE]...: carries frames between two
 * interfaces of this network namespace until it is ended, and does to them
 * what the keys say (impair.h). Returns an exit status.
 */
int v6d_relay_main(int argc, char **argv);

#endif
