/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pppd.c - a session by pppd and pptp: started, followed, ended. */
#include "io/pppd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <ifaddrs.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/wire.h"
#include "io/clock.h"
#include "io/netlink.h"
#include "io/netns.h"
#include "io/program.h"
#include "io/sysctl.h"
#include "proto/icmp.h"
#include "proto/nd.h"

#define PATIENCE V6D_S(1) /* of an end that nobody waits for */
#define LIMIT_MS 55000 /* LCP alone may take 30 s (RFC 1661 4.6) */
#define PLUGIN "/usr/lib*/pppd/*/pptp.so"
#define PLUGIN_MULTIARCH "/usr/lib/*/pppd/*/pptp.so"

/* One of its descriptors, watched. */
struct ear {
	uv_poll_t poll;
	int fd; /* -1: none */
	bool polled;
};

enum { WORDS, END, LINKS, PACKETS, EARS };

struct v6d_pppd {
	struct v6d_pppd_conf conf;
	uv_loop_t *loop;
	char options[300];
	struct v6d_program prog;
	struct ear ear[EARS];
	uv_timer_t limit; /* for coming up; pppd itself may wait for ever */
	bool limited;
	unsigned n_open;
	bool freed;
	struct v6d_pppd_tale tale;
	int status;
	char line[512]; /* of pppd's words, as far as it has come */
	size_t n_line;
	bool found, up, over;
	bool late; /* it was up before it was dressed */
	unsigned index, mtu; /* of the interface */
	uint8_t ifid[8];
	struct v6d_pppd_counts counts;
	uint32_t seen[3]; /* the kernel's, when we last looked */
};

/* ---- is it there? ---- */

static bool
has_plugin(void)
{
	glob_t g;
	bool there = glob(PLUGIN, 0, NULL, &g) == 0;

	globfree(&g);
	if (there)
		return true;
	there = glob(PLUGIN_MULTIARCH, 0, NULL, &g) == 0;
	globfree(&g);
	return there;
}

/* Opening it loads the module, as pppd's own opening would. */
static bool
has_kernel(void)
{
	int fd = open("/dev/ppp", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

enum v6d_pppd_lack
v6d_pppd_look(void)
{
	if (v6d_program_look("pppd") < 0)
		return V6D_PPPD_NO_PPPD;
	if (v6d_program_look("pptp") < 0 && !has_plugin())
		return V6D_PPPD_NO_PPTP;
	if (geteuid() != 0)
		return V6D_PPPD_NO_ROOT;
	return has_kernel() ? V6D_PPPD_HERE : V6D_PPPD_NO_KERNEL;
}

/* ---- the end ---- */

static void
on_closed(uv_handle_t *h)
{
	struct v6d_pppd *p = h->data;

	if (--p->n_open == 0 && p->freed)
		free(p);
}

static void
deafen(struct v6d_pppd *p, unsigned i)
{
	struct ear *e = &p->ear[i];

	if (e->polled)
		uv_close((uv_handle_t *)&e->poll, on_closed);
	e->polled = false;
	/* The pidfd is the program's, which closes it. */
	if (e->fd >= 0 && i != END)
		close(e->fd);
	e->fd = -1;
}

static void
close_all(struct v6d_pppd *p)
{
	for (unsigned i = 0; i < EARS; i++)
		deafen(p, i);
	if (p->limited)
		uv_close((uv_handle_t *)&p->limit, on_closed);
	p->limited = false;
}

static void
died(struct v6d_pppd *p)
{
	if (p->over)
		return;
	p->over = true;
	p->up = false;
	close_all(p);
	unlink(p->options);
	p->conf.on_state(p->conf.arg, V6D_SESSION_DEAD);
}

/* ---- its words ---- */

void
v6d_pppd_stop(struct v6d_pppd *p)
{
	if (p->prog.pid > 0)
		kill(p->prog.pid, SIGTERM);
}

static void
hear(struct v6d_pppd *p, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] != '\n' && bytes[i] != '\r') {
			if (p->n_line < sizeof(p->line) - 1)
				p->line[p->n_line++] = bytes[i];
			continue;
		}
		p->line[p->n_line] = '\0';
		v6d_pppd_hear(&p->tale, p->line);
		p->n_line = 0;
	}
	/* It would wait for what can not come any more. */
	if (p->tale.why == V6D_WHY_IPV6CP_REJECTED && !p->up)
		v6d_pppd_stop(p);
}

/* False: nobody has it open for writing any more. */
static bool
read_words(struct v6d_pppd *p)
{
	char buf[2048];
	ssize_t n;

	while ((n = read(p->ear[WORDS].fd, buf, sizeof(buf))) > 0)
		hear(p, buf, (size_t)n);
	return n < 0 && (errno == EAGAIN || errno == EINTR);
}

static void
on_limit(uv_timer_t *t)
{
	struct v6d_pppd *p = t->data;

	if (p->up)
		return;
	if (p->tale.why == V6D_WHY_NONE)
		p->tale.why = V6D_WHY_TIMEOUT;
	v6d_pppd_stop(p);
}

static void
on_words(uv_poll_t *h, int status, int events)
{
	struct v6d_pppd *p = h->data;

	(void)events;
	if (status < 0 || !read_words(p))
		uv_poll_stop(h);
}

static void
on_end(uv_poll_t *h, int status, int events)
{
	struct v6d_pppd *p = h->data;

	(void)status;
	(void)events;
	if (v6d_program_wait(&p->prog, 0, &p->status) == -ETIMEDOUT)
		return;
	read_words(p);
	v6d_pppd_ended(&p->tale, p->status);
	died(p);
}

/* ---- its interface ---- */

static bool
is_link_local(const struct sockaddr *a)
{
	const uint8_t *b;

	if (!a || a->sa_family != AF_INET6)
		return false;
	b = ((const struct sockaddr_in6 *)(const void *)a)->sin6_addr.s6_addr;
	return b[0] == 0xfe && (b[1] & 0xc0) == 0x80;
}

/* The kernel's numbers have 32 bits and begin anew. */
static void
count(struct v6d_pppd *p, const struct rtnl_link_stats *s)
{
	const uint32_t now[3] = { s->rx_packets, s->tx_packets,
		s->rx_dropped + s->tx_dropped };
	uint64_t *sum[3] = { &p->counts.in, &p->counts.out,
		&p->counts.dropped };

	for (unsigned i = 0; i < 3; i++) {
		*sum[i] += now[i] - p->seen[i];
		p->seen[i] = now[i];
	}
}

struct look {
	struct v6d_pppd *p;
	bool there, up, addressed;
};

static void
look_at(struct look *l, const struct ifaddrs *i)
{
	struct v6d_pppd *p = l->p;

	l->there = true;
	l->up = i->ifa_flags & IFF_UP;
	if (is_link_local(i->ifa_addr)) {
		const struct sockaddr_in6 *a =
		    (const struct sockaddr_in6 *)(const void *)i->ifa_addr;

		l->addressed = true;
		memcpy(p->ifid, a->sin6_addr.s6_addr + 8, 8);
	}
	/* The link's own entry has no address where the link has none. */
	if ((!i->ifa_addr || i->ifa_addr->sa_family == AF_PACKET) &&
	    i->ifa_data)
		count(p, i->ifa_data);
}

static unsigned
mtu_of(const char *ifname)
{
	struct ifreq r = { 0 };
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return 0;
	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", ifname);
	if (ioctl(fd, SIOCGIFMTU, &r) < 0)
		r.ifr_mtu = 0;
	close(fd);
	return (unsigned)r.ifr_mtu;
}

static int
look_here(void *arg)
{
	struct look *l = arg;
	const char *name = l->p->conf.wish.ifname;
	struct ifaddrs *all;

	if (getifaddrs(&all) < 0)
		return -errno;
	for (struct ifaddrs *i = all; i; i = i->ifa_next)
		if (strcmp(i->ifa_name, name) == 0)
			look_at(l, i);
	freeifaddrs(all);
	if (l->there) {
		l->p->index = if_nametoindex(name);
		l->p->mtu = mtu_of(name);
	}
	return 0;
}

/* Nothing but advertisements that arrive (RFC 4861 4.2). */
static int
attach(int fd)
{
	struct sock_filter f[] = {
		{ BPF_LD | BPF_B | BPF_ABS, 0, 0,
		    (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE) },
		{ BPF_JMP | BPF_JEQ | BPF_K, 4, 0, PACKET_OUTGOING },
		{ BPF_LD | BPF_B | BPF_ABS, 0, 0, 6 }, /* next header */
		{ BPF_JMP | BPF_JEQ | BPF_K, 0, 2, IPPROTO_ICMPV6 },
		{ BPF_LD | BPF_B | BPF_ABS, 0, 0, 40 }, /* type */
		{ BPF_JMP | BPF_JEQ | BPF_K, 1, 0, V6D_ICMP6_RA },
		{ BPF_RET | BPF_K, 0, 0, 0 },
		{ BPF_RET | BPF_K, 0, 0, 0xffff },
	};
	struct sock_fprog filter = { V6D_ARRAY_LEN(f), f };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter,
		   sizeof(filter)) < 0
		   ? -errno
		   : 0;
}

/* One that is bound to a device that is down begins with an error. */
static void
forget_error(int fd)
{
	int err;
	socklen_t n = sizeof(err);

	getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &n);
}

static void
on_packets(uv_poll_t *h, int status, int events)
{
	struct v6d_pppd *p = h->data;
	uint8_t buf[2048];
	ssize_t n;

	(void)events;
	if (status < 0)
		return;
	while (
	    (n = recv(p->ear[PACKETS].fd, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		p->conf.on_ra(p->conf.arg, buf, (size_t)n, v6d_clock_now());
}

static int
listen_to(struct v6d_pppd *p, unsigned i, int fd, uv_poll_cb cb)
{
	struct ear *e = &p->ear[i];
	int err = uv_poll_init(p->loop, &e->poll, fd);

	e->fd = fd;
	if (err < 0)
		return err;
	e->poll.data = p;
	e->polled = true;
	p->n_open++;
	uv_poll_start(&e->poll, UV_READABLE, cb);
	return 0;
}

static int
open_packets(struct v6d_pppd *p)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IPV6),
		.sll_ifindex = (int)p->index };
	int fd, err = v6d_netns_socket(
		    p->conf.ns_fd, AF_PACKET, SOCK_DGRAM, 0, &fd);

	if (err < 0)
		return err;
	err = attach(fd);
	if (err == 0 && bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		err = -errno;
	if (err < 0) {
		close(fd);
		return err;
	}
	forget_error(fd);
	return listen_to(p, PACKETS, fd, on_packets);
}

static void
set_sysctl(struct v6d_pppd *p, const char *name, int64_t value)
{
	char path[96];

	snprintf(path, sizeof(path), "net/ipv6/conf/%s/%s", p->conf.wish.ifname,
	    name);
	v6d_sysctl_write(p->conf.ns_fd, path, value);
}

/*
 * pppd makes the device before pptp has even dialled, and brings it up when
 * IPV6CP has opened: now is the time for all that must be set before.
 */
static void
dress(struct v6d_pppd *p)
{
	p->found = true;
	unlink(p->options);
	set_sysctl(p, "accept_dad", 0);
	set_sysctl(p, "router_solicitation_delay", 0);
	for (unsigned i = 0; i < p->conf.n_sysctls; i++)
		set_sysctl(
		    p, p->conf.sysctls[i].name, p->conf.sysctls[i].value);
	if (p->conf.group)
		v6d_netlink_link_group(
		    p->conf.ns_fd, p->conf.wish.ifname, p->conf.group);
	open_packets(p);
}

void
v6d_pppd_send(struct v6d_pppd *p, const uint8_t *packet, size_t n)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IPV6),
		.sll_ifindex = (int)p->index };

	if (p->ear[PACKETS].fd >= 0)
		sendto(p->ear[PACKETS].fd, packet, n, 0, (struct sockaddr *)&to,
		    sizeof(to));
}

/*
 * It came up before it was dressed (this host has much to do): what the kernel
 * has made of an advertisement meanwhile goes.
 */
static void
take_back(struct v6d_pppd *p)
{
	struct v6d_answer_addr a[16];
	unsigned n = 0;

	if (v6d_netlink_addrs(p->conf.ns_fd, 6, p->conf.wish.ifname, a,
		V6D_ARRAY_LEN(a), &n) < 0)
		return;
	for (unsigned i = 0; i < n && i < V6D_ARRAY_LEN(a); i++)
		if (a[i].tunnel && a[i].valid_s != UINT32_MAX)
			v6d_netlink_addr_del(
			    p->conf.ns_fd, p->conf.wish.ifname, &a[i].addr);
}

/* What the kernel has asked for itself was answered before we listened. */
static void
solicit(struct v6d_pppd *p)
{
	struct v6d_addr from = v6d_addr_link_local(p->ifid);
	uint8_t buf[128];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_rs_encode_packet(&o, &from);
	v6d_pppd_send(p, buf, o.len);
}

static void
look(struct v6d_pppd *p)
{
	struct look l = { .p = p };

	if (p->over || v6d_netns_run(p->conf.ns_fd, look_here, &l) < 0)
		return;
	if (l.there && !p->found) {
		dress(p);
		v6d_netns_run(p->conf.ns_fd, look_here, &l);
		p->late = l.up;
		if (p->late)
			take_back(p);
	}
	if (!l.up || !l.addressed || p->up)
		return;
	p->up = true;
	p->tale.at = V6D_SESSION_UP;
	if (p->late)
		solicit(p);
	p->conf.on_state(p->conf.arg, V6D_SESSION_UP);
}

static void
on_links(uv_poll_t *h, int status, int events)
{
	struct v6d_pppd *p = h->data;
	char drop[8192];

	(void)events;
	if (status < 0)
		return;
	while (recv(p->ear[LINKS].fd, drop, sizeof(drop), MSG_DONTWAIT) > 0)
		continue;
	look(p);
}

static int
open_links(struct v6d_pppd *p)
{
	struct sockaddr_nl at = { .nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_LINK | RTMGRP_IPV6_IFADDR };
	int fd, err = v6d_netns_socket(
		    p->conf.ns_fd, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, &fd);

	if (err < 0)
		return err;
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0) {
		err = -errno;
		close(fd);
		return err;
	}
	return listen_to(p, LINKS, fd, on_links);
}

/* ---- the beginning ---- */

static int
write_options(struct v6d_pppd *p)
{
	char text[4096];
	int fd, err = 0;
	size_t n;

	if (!v6d_pppd_options(&p->conf.wish, text, sizeof(text)))
		return -ENAMETOOLONG;
	n = strlen(text);
	unlink(p->options); /* of one that was killed */
	fd = open(p->options,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		err = -errno;
	else if (write(fd, text, n) != (ssize_t)n)
		err = -EIO;
	if (fd >= 0)
		close(fd);
	explicit_bzero(text, sizeof(text));
	return err;
}

/* Both write to one pipe: pppd gives pptp its own for complaints. */
static int
start(struct v6d_pppd *p)
{
	const char *argv[] = { "pppd", "file", p->options, NULL };
	struct v6d_program_conf c = {
		.ns_fd = p->conf.ns_fd, .argv = argv, .in_fd = -1
	};
	int pipes[2], err;

	if (pipe2(pipes, O_CLOEXEC) < 0)
		return -errno;
	fcntl(pipes[0], F_SETFL, O_NONBLOCK);
	c.out_fd = c.err_fd = pipes[1];
	err = v6d_program_start(&c, &p->prog);
	close(pipes[1]);
	if (err < 0) {
		close(pipes[0]);
		return err;
	}
	err = listen_to(p, WORDS, pipes[0], on_words);
	return err < 0 ? err : listen_to(p, END, p->prog.pidfd, on_end);
}

static int
begin(struct v6d_pppd *p)
{
	struct v6d_pppd_wish *w = &p->conf.wish;
	int err;

	uv_timer_init(p->loop, &p->limit);
	p->limit.data = p;
	p->limited = true;
	p->n_open++;
	uv_timer_start(&p->limit, on_limit, LIMIT_MS, 0);
	w->plugin = v6d_program_look("pptp") < 0;
	err = write_options(p);
	if (err == 0)
		err = open_links(p);
	if (err == 0)
		err = start(p);
	/* Names of others are not kept any longer than this call. */
	w->user = w->password = NULL;
	return err;
}

int
v6d_pppd_new(
    uv_loop_t *loop, const struct v6d_pppd_conf *conf, struct v6d_pppd **ret)
{
	struct v6d_pppd *p = calloc(1, sizeof(*p));
	int err;

	if (!p)
		return -ENOMEM;
	p->conf = *conf;
	p->loop = loop;
	p->prog = (struct v6d_program){ 0, -1 };
	for (unsigned i = 0; i < EARS; i++)
		p->ear[i].fd = -1;
	snprintf(p->options, sizeof(p->options), "%s", conf->options);
	err = begin(p);
	if (err < 0) {
		v6d_pppd_free(p);
		return err;
	}
	*ret = p;
	return 0;
}

void
v6d_pppd_free(struct v6d_pppd *p)
{
	if (!p)
		return;
	p->over = p->freed = true;
	close_all(p);
	v6d_program_end(&p->prog, PATIENCE);
	unlink(p->options);
	if (p->n_open == 0)
		free(p);
}

/* ---- what is known of it ---- */

const struct v6d_pppd_tale *
v6d_pppd_tale(const struct v6d_pppd *p)
{
	return &p->tale;
}

int
v6d_pppd_status(const struct v6d_pppd *p)
{
	return p->status;
}

unsigned
v6d_pppd_mtu(const struct v6d_pppd *p)
{
	return p->mtu;
}

const uint8_t *
v6d_pppd_ifid(const struct v6d_pppd *p)
{
	return p->ifid;
}

struct v6d_pppd_counts
v6d_pppd_counts(struct v6d_pppd *p)
{
	struct look l = { .p = p };

	if (!p->over)
		v6d_netns_run(p->conf.ns_fd, look_here, &l);
	return p->counts;
}
