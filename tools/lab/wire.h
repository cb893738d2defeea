/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wire.h - bad lines: a link into which a fault puts a relay leads through
 * a namespace of its own. Without such a fault there is none.
 */
#ifndef V6D_TOOLS_LAB_WIRE_H
#define V6D_TOOLS_LAB_WIRE_H

#include "lab/child.h"
#include "lab/net.h"

#define V6D_WIRE "wire" /* the namespace's name inside the lab */

/* Is there a bad line in this lab? */
bool v6d_wire_wanted(const struct v6d_lab_plan *plan);

/*
 * Appends the "[links]" lines of a node to t. Where the node has a relay,
 * its link away from the client becomes two, which end in the wire.
 */
void v6d_wire_links(const struct v6d_lab_plan *plan, enum v6d_lab_node node,
    const char *lines, struct v6d_text *t);

/*
 * Starts the relay of a node; ready_fd becomes its descriptor 3. 1: started,
 * 0: it has none, or -errno.
 */
int v6d_wire_relay(const struct v6d_lab_plan *plan, enum v6d_lab_node node,
    int ready_fd, struct v6d_child *ret_child);

#endif
