/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * place.c - finds a session that is up: by sock_diag(7) its control
 * connection, by its flags the tunnel's interface.
 */
#include "io/place.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netlink/msg.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/netns.h"

#define ANSWER_MS 1000

struct seek {
	const struct v6d_addr *server; /* NULL: any */
	uint16_t port;
	struct v6d_place_calls calls;
	bool done;
	int err;
};

static bool
is_it(const struct seek *s, const struct inet_diag_msg *d)
{
	return ntohs(d->id.idiag_dport) == s->port &&
	       (!s->server || memcmp(d->id.idiag_dst, s->server->b, 4) == 0);
}

static void
found(struct seek *s, const struct inet_diag_msg *d)
{
	struct v6d_place_calls *c = &s->calls;

	if (!is_it(s, d))
		return;
	c->n++;
	c->client = v6d_addr_4((const uint8_t *)d->id.idiag_src);
	c->server = v6d_addr_4((const uint8_t *)d->id.idiag_dst);
	c->client_port = ntohs(d->id.idiag_sport);
}

static void
take(struct seek *s, struct nlmsghdr *h, int n)
{
	struct inet_diag_msg d;

	for (; nlmsg_ok(h, n); h = nlmsg_next(h, &n)) {
		if (h->nlmsg_type == NLMSG_DONE ||
		    h->nlmsg_type == NLMSG_ERROR) {
			s->done = true;
			if (h->nlmsg_type == NLMSG_ERROR)
				s->err = -EOPNOTSUPP;
			return;
		}
		if (h->nlmsg_len < NLMSG_LENGTH(sizeof(d)))
			continue;
		memcpy(&d, NLMSG_DATA(h), sizeof(d));
		found(s, &d);
	}
}

static int
read_dump(struct seek *s, int fd)
{
	_Alignas(16) char buf[16384];
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t n;

	while (!s->done) {
		if (poll(&p, 1, ANSWER_MS) <= 0)
			return -ETIMEDOUT;
		n = recv(fd, buf, sizeof(buf), 0);
		if (n < 0)
			return -errno;
		take(s, (struct nlmsghdr *)(void *)buf, (int)n);
	}
	return s->err;
}

int
v6d_place_calls(int ns_fd, const struct v6d_addr *server, uint16_t port,
    struct v6d_place_calls *ret)
{
	struct {
		struct nlmsghdr h;
		struct inet_diag_req_v2 r;
	} q = {
		.h = { .nlmsg_len = sizeof(q),
		    .nlmsg_type = SOCK_DIAG_BY_FAMILY,
		    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.r = { .sdiag_family = AF_INET,
		    .sdiag_protocol = IPPROTO_TCP,
		    .idiag_states = 1u << TCP_ESTABLISHED },
	};
	struct seek s = { .server = server, .port = port };
	int fd, r;

	if (server && server->family != 4) {
		*ret = s.calls; /* PPTP runs over IPv4 */
		return 0;
	}
	r = v6d_netns_socket(
	    ns_fd, AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG, &fd);
	if (r < 0)
		return r;
	r = send(fd, &q, sizeof(q), 0) < 0 ? -errno : read_dump(&s, fd);
	close(fd);
	if (r == 0)
		*ret = s.calls;
	return r;
}

struct pick {
	const char *name;
	struct v6d_place_tunnel best;
};

static bool
fits(const struct pick *p, const struct ifaddrs *i)
{
	if (p->name)
		return strcmp(i->ifa_name, p->name) == 0;
	return (i->ifa_flags & IFF_UP) && (i->ifa_flags & IFF_POINTOPOINT) &&
	       !(i->ifa_flags & IFF_LOOPBACK);
}

static void
look(struct pick *p, const struct ifaddrs *i)
{
	struct v6d_place_tunnel *b = &p->best;
	bool six = i->ifa_addr && i->ifa_addr->sa_family == AF_INET6;
	bool same = strcmp(b->ifname, i->ifa_name) == 0;

	if (!fits(p, i))
		return;
	if (b->ifname[0] != '\0' && !same && (b->has_ipv6 || !six))
		return;
	if (!same) {
		*b = (struct v6d_place_tunnel){ 0 };
		memccpy(b->ifname, i->ifa_name, '\0', sizeof(b->ifname) - 1);
	}
	b->up = (i->ifa_flags & IFF_UP) != 0;
	b->has_ipv6 |= six;
}

static void
read_mtu(struct v6d_place_tunnel *t)
{
	struct ifreq r = { 0 };
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (s < 0)
		return;
	memcpy(r.ifr_name, t->ifname, sizeof(t->ifname));
	if (ioctl(s, SIOCGIFMTU, &r) == 0 && r.ifr_mtu > 0)
		t->mtu = (unsigned)r.ifr_mtu;
	close(s);
}

static int
pick_here(void *arg)
{
	struct pick *p = arg;
	struct ifaddrs *list;

	if (getifaddrs(&list) < 0)
		return -errno;
	for (struct ifaddrs *i = list; i; i = i->ifa_next)
		look(p, i);
	freeifaddrs(list);
	if (p->best.ifname[0] != '\0')
		read_mtu(&p->best);
	else if (p->name)
		return -ENODEV;
	return 0;
}

int
v6d_place_tunnel(int ns_fd, const char *name, struct v6d_place_tunnel *ret)
{
	struct pick p = { .name = name };
	int r = v6d_netns_run(ns_fd, pick_here, &p);

	if (r == 0)
		*ret = p.best;
	return r;
}
