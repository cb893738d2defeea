/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch.h - a tunnel that somebody else holds, watched on the interface that
 * carries it: its control connection, its GRE, and ICMP, told to lib/flow.
 * Nothing is sent and nothing is kept.
 */
#ifndef V6D_IO_WATCH_H
#define V6D_IO_WATCH_H

#include <uv.h>

#include "flow/flow.h"

struct v6d_watch;

/*
 * Starts to watch what passes between the two, by the interface (of the
 * namespace; -1: our own) that has the client's address. flow is borrowed
 * and must have room for one tunnel; client_port: of its control connection.
 * Returns 0 or -errno. -EPERM: no CAP_NET_RAW; -ENODEV: no such interface.
 */
int v6d_watch_new(uv_loop_t *loop, int ns_fd, const struct v6d_addr *client,
    uint16_t client_port, const struct v6d_addr *server, struct v6d_flow *flow,
    struct v6d_watch **ret);

/* Reads what waits, up to a thousand packets. */
void v6d_watch_read(struct v6d_watch *w);

/* Some went by unread: what is missing in the numbers was perhaps not lost. */
bool v6d_watch_missed(const struct v6d_watch *w);

/* Frees it when the loop has turned again. NULL is no error. */
void v6d_watch_free(struct v6d_watch *w);

#endif
