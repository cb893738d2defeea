/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ask_kernel.c - what the kernel says of itself: addresses, routes, sysctls. */
#include "io/ask_impl.h"

#include <errno.h>
#include <string.h>

#include "io/netlink.h"
#include "io/sysctl.h"

static unsigned
at_most(unsigned n, unsigned max)
{
	return n < max ? n : max;
}

static int
addrs_of(struct v6d_job *j)
{
	struct v6d_answer *r = &j->answer;
	unsigned n = 0;
	int e = v6d_netlink_addrs(v6d_job_ns(j), j->ask.addr.family,
	    j->asker->tunnel, r->kernel_addrs, V6D_ASK_ADDRS, &n);

	r->n_kernel_addrs = at_most(n, V6D_ASK_ADDRS);
	r->cut = n > V6D_ASK_ADDRS;
	return e;
}

static int
routes_of(struct v6d_job *j)
{
	struct v6d_answer *r = &j->answer;
	unsigned n = 0;
	int e = v6d_netlink_routes(v6d_job_ns(j), j->ask.addr.family,
	    j->asker->tunnel, r->routes, V6D_ASK_ROUTES, &n);

	r->n_routes = at_most(n, V6D_ASK_ROUTES);
	r->cut = n > V6D_ASK_ROUTES;
	return e;
}

/* No route is an answer, not a failure to ask. */
static int
route_to(struct v6d_job *j)
{
	struct v6d_answer *r = &j->answer;
	int e = v6d_netlink_route_to(
	    v6d_job_ns(j), &j->ask.addr, j->asker->tunnel, &r->routes[0]);

	switch (e) {
	case 0:
		r->n_routes = 1;
		return 0;
	case -ENETUNREACH:
	case -EACCES:
	case -EHOSTUNREACH:
	case -EINVAL:
		v6d_job_failed(j, -e);
		return 0;
	}
	return e;
}

int
v6d_ask_kernel_start(struct v6d_job *j)
{
	int r;

	if (j->ask.kind == V6D_ASK_ADDRS_OF)
		r = addrs_of(j);
	else if (j->ask.kind == V6D_ASK_ROUTES_OF)
		r = routes_of(j);
	else if (j->ask.kind == V6D_ASK_ROUTE_TO)
		r = route_to(j);
	else
		r = v6d_sysctl_read(
		    v6d_job_ns(j), j->ask.name, &j->answer.value);
	if (r == 0)
		v6d_job_done(j);
	return r;
}
