/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ask_flows_udp.h - UDP sessions that stand side by side: DNS queries, each
 * from a socket of its own. A session is up once its answer came.
 */
#ifndef V6D_IO_ASK_FLOWS_UDP_H
#define V6D_IO_ASK_FLOWS_UDP_H

#include "io/ask_impl.h"

/* In epoll_event.data.u32 beside the index: the event is one of these. */
#define V6D_UDP_EVENT 0x80000000u

struct v6d_udp_flow {
	int fd; /* -1: given back */
	uint16_t id; /* of the query that stands */
	bool up, waiting;
	bool old; /* v6d_udp_ask_old asked it */
	bool other; /* to the ask's udp_addr2 */
};

struct v6d_udp_flows {
	int epoll; /* borrowed */
	unsigned max, n; /* at most; opened so far, in this order */
	unsigned n_waiting;
	struct v6d_udp_flow f[];
};

/* Room for `max` of the job's; NULL: no memory. Freed by v6d_udp_free. */
struct v6d_udp_flows *v6d_udp_new(int epoll, unsigned max);
void v6d_udp_free(struct v6d_udp_flows *u);

/*
 * Opens one more and sends its query; `other`: to udp_addr2. 0, or -errno:
 * there is no such session then.
 */
int v6d_udp_open(struct v6d_job *j, struct v6d_udp_flows *u, bool other);

/* Sends the query again of each that waits. */
void v6d_udp_again(struct v6d_job *j, struct v6d_udp_flows *u);

/* A new query on up to n of the oldest that are up; returns how many. */
unsigned
v6d_udp_ask_old(struct v6d_job *j, struct v6d_udp_flows *u, unsigned n);

/* What epoll says of one of them (its index). */
void v6d_udp_event(struct v6d_udp_flows *u, unsigned i);

/* Fills udp and what follows it of the answer. */
void v6d_udp_fill(const struct v6d_udp_flows *u, struct v6d_answer *ret);

#endif
