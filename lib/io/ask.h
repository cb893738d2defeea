/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ask.h - carries out what probes ask (probe/ask.h) on a uv loop. Every ask
 * gets exactly one answer, never from within the call that put it.
 */
#ifndef V6D_IO_ASK_H
#define V6D_IO_ASK_H

#include <uv.h>

#include "io/netns.h"
#include "io/rawsock.h"
#include "probe/ask.h"

struct v6d_asker;
struct v6d_dial;

struct v6d_asker_conf {
	uv_loop_t *loop;
	struct v6d_netns ns; /* private_fd -1: see no_tunnel */
	bool in_place; /* the tunnel is in the host's namespace */
	v6d_ns start; /* of the run: answers count from it */
	const char *tunnel; /* its interface's name, or "" */
	const char *no_tunnel; /* why there is no tunnel to ask through, or
				   NULL; borrowed, as all texts here */
	const char *etc; /* folder with the host's hosts, nsswitch.conf and
			    resolv.conf, NULL: /etc */
	const char *root; /* folder with the host's etc, run and usr in it,
			     of which files of settings are read; NULL: "/" */
	struct v6d_dial *dial; /* the session of this run, or NULL */
	const char *no_session; /* why there is none; NULL where dial is */
	void *arg;
	void (*answered)(void *arg, void *who, const struct v6d_answer *a);
};

/* Returns 0 or -errno. */
int v6d_asker_new(const struct v6d_asker_conf *conf, struct v6d_asker **ret);

/*
 * What the answers so far have sent in the host's namespace, IP packets and
 * their bytes: not GRE, nor what libc asked for itself.
 */
struct v6d_asker_sent {
	uint64_t packets, bytes;
};
struct v6d_asker_sent v6d_asker_sent(const struct v6d_asker *a);

/*
 * Begins to carry out one ask (copied). `who` comes back with the answer. An
 * ask that cannot be carried out is answered V6D_ANSWER_REFUSED.
 */
void v6d_asker_put(struct v6d_asker *a, const struct v6d_ask *ask, void *who);

/* What the session's driver (io/dial.h) saw goes on to those who wait. */
enum v6d_ask_news_kind {
	V6D_NEWS_STATE, /* the session changed its state */
	V6D_NEWS_ECHO, /* an LCP Echo-Reply: data, len, outer_len */
	V6D_NEWS_ACKED, /* seq */
	V6D_NEWS_CONTROL_ECHO, /* a control Echo-Reply */
	V6D_NEWS_ICMP, /* icmp, about our GRE */
	V6D_NEWS_RA, /* data, len: its IPv6 packet */
};

struct v6d_ask_news {
	enum v6d_ask_news_kind kind;
	const uint8_t *data;
	size_t len, outer_len;
	uint32_t seq;
	const struct v6d_raw_icmp *icmp;
	v6d_ns at;
};

void v6d_asker_news(struct v6d_asker *a, const struct v6d_ask_news *n);

/* The session has been dialled, after the asker was made. */
void v6d_asker_set_dial(struct v6d_asker *a, struct v6d_dial *dial);

/*
 * What needs the session itself is asked of who lends it (io/borrow.h): fd is
 * taken over. Returns 0 or -errno.
 */
int v6d_asker_borrow(struct v6d_asker *a, int fd);

/* While held, who waits for the session is not told that it is dead. */
void v6d_asker_hold(struct v6d_asker *a, bool held);

/* The tunnel has its interface now (or, NULL, has lost it). */
void v6d_asker_set_tunnel(
    struct v6d_asker *a, const char *ifname, const char *no_tunnel);

/*
 * Drops what is under way, without answers. The loop must run once more
 * (until its handles are closed) before v6d_asker_free.
 */
void v6d_asker_stop(struct v6d_asker *a);
void v6d_asker_free(struct v6d_asker *a);

#endif
