/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * serve.h - a PPTP server on a uv loop: control connections, one raw GRE
 * socket, a TUN device and a radvd for each session.
 */
#ifndef V6D_IO_SERVE_H
#define V6D_IO_SERVE_H

#include <uv.h>

#include "io/profile.h"

struct v6d_serve;

struct v6d_serve_conf {
	int ns_fd; /* everything happens in this namespace; -1: our own */
	const struct v6d_profile *profile; /* [peer]; must outlive the server */
	const char *password; /* "" when none is needed */
	void *arg;
	/* One line about one event; NULL: not wanted. */
	void (*on_event)(void *arg, const char *line);
};

/*
 * Listens when it returns. text (n bytes) says what failed, in words.
 * -EPERM, -EADDRINUSE, -EADDRNOTAVAIL, -ENODEV (no /dev/net/tun), ...
 */
int v6d_serve_new(uv_loop_t *loop, const struct v6d_serve_conf *conf,
    char *text, size_t n, struct v6d_serve **ret);

/* Ends every session in order; the loop runs out when that is done. */
void v6d_serve_stop(struct v6d_serve *s);

/* After the loop has run out. NULL is no error. */
void v6d_serve_free(struct v6d_serve *s);

#endif
