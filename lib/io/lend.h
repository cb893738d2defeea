/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lend.h - a session that is up is lent to a check in another process of this
 * host: at a local socket, which only its owner may open, asks come in and
 * answers go out, as lines of JSON. What may be asked is what needs the session
 * itself: its state, LCP frames inside GRE, an echo of the control
 * connection. Traffic goes on meanwhile. docs/json.md describes the lines.
 */
#ifndef V6D_IO_LEND_H
#define V6D_IO_LEND_H

#include <uv.h>

#include "io/ask.h"

#define V6D_LEND_SCHEMA "v6doctor-session/1"

struct v6d_lend;

struct v6d_lend_conf {
	uv_loop_t *loop;
	const char *path; /* of the socket; what is there is replaced */
	const char *interface; /* of the tunnel; both borrowed */
	struct v6d_netns ns;
};

/* Opens the socket. Returns 0 or -errno. */
int v6d_lend_open(const struct v6d_lend_conf *conf, struct v6d_lend **ret);

/*
 * The session in use from now on; NULL: there is none, and whoever asks about
 * the one before is told that it has ended. Before v6d_dial_free.
 */
void v6d_lend_session(struct v6d_lend *l, struct v6d_dial *dial);

/* What the session's driver saw. l may be NULL. */
void v6d_lend_news(struct v6d_lend *l, const struct v6d_ask_news *n);

/* The socket is gone at once, l when the loop has turned. NULL is fine. */
void v6d_lend_close(struct v6d_lend *l);

#endif
