/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rehearse_dns.c - questions of a rehearsal to name servers; and whether the
 * name of [dns-update] leads to the gateway, and afterwards no more.
 */
#include "base/lang.h"
#include "gateway/rehearse_impl.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/wire.h"
#include "io/clock.h"
#include "io/netns.h"
#include "io/resolver.h"

#define PORT 53
#define ID 0x7636
#define PATIENCE V6D_S(1)
#define TRIES 3

static int
dial(int ns, const struct v6d_addr *server, int *ret_fd)
{
	struct sockaddr_in s4 = { .sin_family = AF_INET,
		.sin_port = htons(PORT) };
	struct sockaddr_in6 s6 = { .sin6_family = AF_INET6,
		.sin6_port = htons(PORT) };
	bool four = server->family == 4;
	struct sockaddr *to =
	    four ? (struct sockaddr *)&s4 : (struct sockaddr *)&s6;
	int fd, err;

	memcpy(&s4.sin_addr, server->b, 4);
	memcpy(&s6.sin6_addr, server->b, 16);
	err =
	    v6d_netns_socket(ns, four ? AF_INET : AF_INET6, SOCK_DGRAM, 0, &fd);
	if (err < 0)
		return err;
	if (connect(fd, to, four ? sizeof(s4) : sizeof(s6)) < 0) {
		err = -errno;
		close(fd);
		return err;
	}
	*ret_fd = fd;
	return 0;
}

static bool
wait_for_input(int fd, v6d_ns until)
{
	struct pollfd p = { fd, POLLIN, 0 };
	v6d_ns now = v6d_clock_now();

	return now < until &&
	       poll(&p, 1, (int)((until - now) / V6D_MS(1)) + 1) > 0;
}

static int
answer(int fd, struct v6d_dns *ret)
{
	v6d_ns until = v6d_clock_now() + PATIENCE;
	uint8_t buf[1500];
	struct v6d_wire w;

	while (wait_for_input(fd, until)) {
		ssize_t n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);

		if (n < 0 && errno != EAGAIN)
			return -errno;
		if (n < 0)
			continue;
		w = v6d_wire_from(buf, (size_t)n, (size_t)n);
		*ret = (struct v6d_dns){ 0 };
		if (v6d_dns_decode(&w, ret) == V6D_WIRE_OK && ret->response &&
		    ret->id == ID)
			return 0;
	}
	return -ETIMEDOUT;
}

int
v6d_rehearse_ask(int ns, const struct v6d_addr *server, const char *name,
    struct v6d_dns *ret)
{
	uint8_t buf[512];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	int fd = -1, err = -ETIMEDOUT;

	if (!v6d_dns_encode_query(&o, ID, name, V6D_DNS_AAAA, 0))
		return -EINVAL;
	for (int i = 0; err == -ETIMEDOUT && i < TRIES; i++) {
		err = dial(ns, server, &fd);
		if (err < 0)
			return err;
		err = send(fd, buf, o.len, MSG_NOSIGNAL) < 0 ? -errno
							     : answer(fd, ret);
		close(fd);
	}
	return err;
}

/* What the server of the updates itself has; it is reached as connect does. */
static int
read_records(const struct v6d_rehearsal *r, struct v6d_dns *ret)
{
	const struct v6d_profile_dns_update *p = &r->conf.profile->dns_update;
	struct v6d_addr server;
	int err = 0;

	if (!v6d_addr_parse(p->server, &server))
		err = v6d_resolver_lookup(r->conf.host_fd, p->server, 4,
		    v6d_clock_now() + PATIENCE, &server);
	return err < 0
		   ? err
		   : v6d_rehearse_ask(r->conf.host_fd, &server, p->name, ret);
}

static bool
has_ours(const struct v6d_rehearsal *r, const struct v6d_dns *d)
{
	for (unsigned i = 0; i < d->n_addrs; i++)
		if (v6d_addr_eq(&d->addrs[i], &r->gw_addr))
			return true;
	return false;
}

enum v6d_rehearse_state
v6d_rehearse_dns_name(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	const struct v6d_profile *p = r->conf.profile;
	struct v6d_answer_addr a[V6D_REHEARSE_ADDRS];
	const struct v6d_answer_addr *x =
	    v6d_rehearse_addr(r->gw, p->lan.interface.s[0], a);
	char text[V6D_ADDR_TEXT];
	struct v6d_dns d;
	int err;

	if (p->dns_update.name[0] == '\0')
		return SKIP("[dns-update] names no name");
	if (!x)
		return UNKNOWN("this host has no address on the LAN");
	r->gw_addr = x->addr.addr;
	err = read_records(r, &d);
	if (err < 0)
		return UNKNOWN("%.60s: %s", p->dns_update.server,
		    err == -ETIMEDOUT ? N_("no answer") : strerror(-err));
	return has_ours(r, &d)
		   ? PASS("%.60s is %s", p->dns_update.name,
			 v6d_addr_text(&r->gw_addr, text, sizeof(text)))
		   : FAIL("%.60s is not %s: was the update refused?",
			 p->dns_update.name,
			 v6d_addr_text(&r->gw_addr, text, sizeof(text)));
}

enum v6d_rehearse_state
v6d_rehearse_dns_gone(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	struct v6d_dns d;
	int err;

	if (r->conf.profile->dns_update.name[0] == '\0')
		return SKIP("[dns-update] names no name");
	if (r->gw_addr.family == 0)
		return UNKNOWN("it was not known where it leads");
	err = read_records(r, &d);
	if (err < 0)
		return UNKNOWN("%.60s: %s", r->conf.profile->dns_update.server,
		    err == -ETIMEDOUT ? N_("no answer") : strerror(-err));
	return has_ours(r, &d) ? FAIL("the record is still there")
			       : PASS("no record of ours");
}
