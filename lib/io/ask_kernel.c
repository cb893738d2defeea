/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ask_kernel.c - what the kernel says of itself, and what will be of it. */
#include "io/ask_impl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/boot.h"
#include "io/netlink.h"
#include "io/nft.h"
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

static int
rules(struct v6d_job *j)
{
	struct v6d_answer *r = &j->answer;

	return v6d_netlink_rules(v6d_job_ns(j), j->ask.addr.family, r->text,
	    sizeof(r->text), &r->cut);
}

/* Lines that are no braces and no heads of tables, chains and sets. */
static bool
is_rule(const char *line, size_t n)
{
	return n > 0 && line[n - 1] != '{' && line[n - 1] != '}' &&
	       strncmp(line, "type ", 5) != 0 &&
	       strncmp(line, "flags ", 6) != 0 &&
	       strncmp(line, "elements ", 9) != 0;
}

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
static int
filter(struct v6d_job *j)
{
	uint64_t hash = 0xcbf29ce484222325u;
	char *list = NULL;
	int err = v6d_nft_rules(v6d_job_ns(j), false, &list);

	if (err < 0)
		return err;
	for (const char *s = list; *s != '\0';) {
		size_t n = strcspn(s, "\n"), blanks = strspn(s, "\t ");

		j->answer.value += is_rule(s + blanks, n - blanks);
		for (size_t i = 0; i <= n && s[i] != '\0'; i++)
			hash = (hash ^ (uint8_t)s[i]) * 0x100000001b3u;
		s += n + (s[n] == '\n');
	}
	snprintf(j->answer.text, sizeof(j->answer.text), "%016llx",
	    (unsigned long long)hash);
	free(list);
	return 0;
}

static int
boot(struct v6d_job *j)
{
	struct v6d_answer *r = &j->answer;
	struct v6d_boot b;

	v6d_boot_setting(j->asker->conf.root, j->ask.name, &b, &r->cut);
	r->value = b.said && !r->cut ? b.value : -1;
	if (b.said)
		snprintf(r->text, sizeof(r->text), "%s", b.where);
	return 0;
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
	else if (j->ask.kind == V6D_ASK_RULES)
		r = rules(j);
	else if (j->ask.kind == V6D_ASK_FILTER)
		r = filter(j);
	else if (j->ask.kind == V6D_ASK_BOOT)
		r = boot(j);
	else
		r = v6d_sysctl_read(
		    v6d_job_ns(j), j->ask.name, &j->answer.value);
	if (r == 0)
		v6d_job_done(j);
	return r;
}
