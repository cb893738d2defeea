/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror.c - a private namespace made a model of the host. */
#include "io/mirror.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/mirror_impl.h"
#include "io/netns.h"

void
v6d_mirror_gap(struct v6d_mirror *m, enum v6d_mirror_part part, unsigned n,
    const char *fmt, ...)
{
	struct v6d_mirror_gap *g = &m->gaps[m->n_gaps];
	va_list ap;

	if (m->n_gaps == V6D_MIRROR_GAPS)
		return;
	va_start(ap, fmt);
	vsnprintf(g->text, sizeof(g->text), fmt, ap);
	va_end(ap);
	g->part = part;
	g->n = n;
	m->n_gaps++;
}

static int
open_both(struct v6d_mirroring *x)
{
	int err = v6d_netns_socket(
	    x->host_ns, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, &x->from);

	if (err < 0)
		return err;
	err = v6d_netns_socket(
	    x->private_ns, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, &x->to);
	if (err < 0)
		close(x->from);
	return err;
}

void
v6d_mirror_make(
    int host_fd, int private_fd, const char *tunnel, struct v6d_mirror *ret)
{
	struct v6d_mirroring x = { host_fd, private_fd, -1, -1,
		tunnel ? tunnel : "", ret };
	int err;

	*ret = (struct v6d_mirror){ 0 };
	err = open_both(&x);
	if (err < 0) {
		v6d_mirror_gap(ret, V6D_MIRROR_FILTER, 1, "anything of it: %s",
		    strerror(-err));
		return;
	}
	v6d_mirror_links(&x);
	v6d_mirror_addrs(&x);
	v6d_mirror_routes(&x);
	v6d_mirror_rules(&x);
	v6d_mirror_labels(&x);
	close(x.from);
	close(x.to);
	v6d_mirror_filter(&x);
	v6d_mirror_legacy(&x);
}

void
v6d_mirror_only_filter(int host_fd, int private_fd, struct v6d_mirror *ret)
{
	struct v6d_mirroring x = { host_fd, private_fd, -1, -1, "", ret };

	*ret = (struct v6d_mirror){ 0 };
	v6d_mirror_filter(&x);
}

void
v6d_mirror_close(struct v6d_mirror *m)
{
	for (unsigned i = 0; i < m->n_links; i++)
		close(m->fd[i]);
	m->n_links = 0;
}
