/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nlreq.c - one rtnetlink request and all its answers (RFC 3549). */
#include "io/nlreq.h"

#include <errno.h>
#include <net/if.h>
#include <stdbool.h>

#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "io/netns.h"

/* One request under way. libnl's own error codes lose the kernel's errno. */
struct state {
	const struct v6d_nlreq *q;
	bool done;
	int err;
};

static int
on_valid(struct nl_msg *m, void *arg)
{
	struct state *s = arg;

	if (s->q->answer)
		s->q->answer(nlmsg_hdr(m), s->q->arg);
	/* A dump ends by itself; a single answer has an ack behind it. */
	return NL_OK;
}

static int
on_done(struct nl_msg *m, void *arg)
{
	struct state *s = arg;

	(void)m;
	s->done = true;
	return NL_STOP;
}

static int
on_error(struct sockaddr_nl *from, struct nlmsgerr *e, void *arg)
{
	struct state *s = arg;

	(void)from;
	s->err = e->error;
	s->done = true;
	return NL_STOP;
}

static int
receive(struct nl_sock *sk, struct state *s)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);

	if (!cb)
		return -ENOMEM;
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_valid, s);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_done, s);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_done, s);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, s);
	while (!s->done)
		if (nl_recvmsgs(sk, cb) < 0 && !s->done) {
			s->err = -EIO;
			break;
		}
	nl_cb_put(cb);
	return s->err;
}

static int
exchange(struct nl_sock *sk, struct state *s)
{
	const struct v6d_nlreq *q = s->q;
	struct nl_msg *m = nlmsg_alloc_simple(q->type, q->flags);
	int err;

	if (!m)
		return -ENOMEM;
	err = q->fill(m, q->arg);
	if (err == 0 && nl_send_auto(sk, m) < 0)
		err = -EIO;
	nlmsg_free(m);
	return err < 0 ? err : receive(sk, s);
}

static int
run_here(void *arg)
{
	struct state *s = arg;
	struct nl_sock *sk = nl_socket_alloc();
	int err;

	if (!sk)
		return -ENOMEM;
	err = nl_connect(sk, NETLINK_ROUTE) < 0 ? -EIO : exchange(sk, s);
	nl_socket_free(sk);
	return err;
}

int
v6d_nlreq_run(int ns_fd, const struct v6d_nlreq *q)
{
	struct state s = { .q = q };

	return v6d_netns_run(ns_fd, run_here, &s);
}

int
v6d_nlreq_ifindex(const char *ifname)
{
	unsigned i = if_nametoindex(ifname);

	return i == 0 ? -ENODEV : (int)i;
}
