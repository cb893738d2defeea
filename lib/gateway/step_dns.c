/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * step_dns.c - our name's AAAA record: added, read back, replaced when the
 * prefix changes. Records of the name that are not ours are named and left.
 */
#include "gateway/gateway_impl.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "io/clock.h"
#include "io/resolver.h"
#include "proto/dns.h"

#define ASK_PATIENCE V6D_S(2)
#define TRIES 2

static bool
is_wanted(const struct v6d_gw *g)
{
	return g->p->dns_update.name[0] != '\0';
}

/* ---- reading ---- */

static socklen_t
address_of(const struct v6d_addr *a, struct sockaddr_storage *ret)
{
	struct sockaddr_in *s4 = (struct sockaddr_in *)(void *)ret;
	struct sockaddr_in6 *s6 = (struct sockaddr_in6 *)(void *)ret;

	memset(ret, 0, sizeof(*ret));
	if (a->family == 4) {
		s4->sin_family = AF_INET;
		s4->sin_port = htons(53);
		memcpy(&s4->sin_addr, a->b, 4);
		return sizeof(*s4);
	}
	s6->sin6_family = AF_INET6;
	s6->sin6_port = htons(53);
	memcpy(&s6->sin6_addr, a->b, 16);
	return sizeof(*s6);
}

static int
ask_once(struct v6d_gw *g, int fd, struct v6d_dns *ret)
{
	v6d_ns until = v6d_clock_now() + ASK_PATIENCE;
	uint8_t buf[1500];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	uint16_t id;

	if (getrandom(&id, sizeof(id), 0) != sizeof(id) ||
	    !v6d_dns_encode_query(
		&o, id, g->p->dns_update.name, V6D_DNS_AAAA, 0))
		return -EINVAL;
	if (send(fd, buf, o.len, MSG_NOSIGNAL) < 0)
		return -errno;
	for (;;) {
		int err = g->c.wait(g->c.wait_arg, fd, until);
		ssize_t n;
		struct v6d_wire w;

		if (err < 0)
			return err;
		n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (n < 0)
			return -errno;
		w = v6d_wire_from(buf, (size_t)n, (size_t)n);
		*ret = (struct v6d_dns){ 0 };
		if (v6d_dns_decode(&w, ret) == V6D_WIRE_OK && ret->response &&
		    ret->id == id)
			return 0;
	}
}

/* The server of the updates itself, not a cache in between. */
static int
read_records(struct v6d_gw *g, struct v6d_dns *ret)
{
	const char *name = g->p->dns_update.server;
	struct v6d_addr server;
	struct sockaddr_storage to;
	socklen_t len;
	int fd, err = 0;

	if (!v6d_addr_parse(name, &server))
		err = v6d_resolver_lookup(g->conf.ns.host_fd, name, 4,
		    v6d_clock_now() + ASK_PATIENCE, &server);
	if (err < 0)
		return err;
	len = address_of(&server, &to);
	err = v6d_netns_socket(g->c.host_fd, to.ss_family, SOCK_DGRAM, 0, &fd);
	if (err < 0)
		return err;
	if (connect(fd, (struct sockaddr *)&to, len) < 0)
		err = -errno;
	else
		err = -ETIMEDOUT;
	for (int i = 0; err == -ETIMEDOUT && i < TRIES; i++)
		err = ask_once(g, fd, ret);
	close(fd);
	return err;
}

/* An old one of this run counts as ours: it is removed in a moment. */
static bool
is_ours(const struct v6d_gw *g, const struct v6d_addr *a)
{
	char text[V6D_ADDR_TEXT];

	v6d_addr_text(a, text, sizeof(text));
	for (unsigned i = 0; i < g->j.n; i++) {
		const struct v6d_record *r = &g->j.e[i].r;

		if (strcmp(r->word[0], "dns") == 0 && r->n >= 7 &&
		    strcmp(r->word[6], text) == 0)
			return true;
	}
	return false;
}

static void
look_for_others(struct v6d_gw *g, const struct v6d_dns *d)
{
	struct v6d_text t = v6d_text_to(g->dns_note, sizeof(g->dns_note));
	char text[V6D_ADDR_TEXT];

	g->dns_note[0] = '\0';
	for (unsigned i = 0; i < d->n_addrs; i++)
		if (!is_ours(g, &d->addrs[i]))
			v6d_text_add(&t, "%s%s", t.len ? ", " : "",
			    v6d_addr_text(&d->addrs[i], text, sizeof(text)));
	if (g->dns_note[0])
		v6d_gw_say(g, V6D_GW_WARN,
		    "%s has an address that is not this host's: %s. It is "
		    "left; whoever connects to it does not get here.",
		    g->p->dns_update.name, g->dns_note);
}

/* ---- writing ---- */

static int
read_back(struct v6d_gw *g, const struct v6d_addr *addr)
{
	struct v6d_dns d;
	char text[V6D_ADDR_TEXT];
	int err = read_records(g, &d);

	if (err < 0)
		return v6d_change_told(&g->c, err,
		    "the record cannot be read back from %s: %s",
		    g->p->dns_update.server,
		    err == -ETIMEDOUT ? N_("no answer") : strerror(-err));
	look_for_others(g, &d);
	for (unsigned i = 0; i < d.n_addrs; i++)
		if (v6d_addr_eq(&d.addrs[i], addr))
			return v6d_change_told(&g->c, 0, "%s is %s",
			    g->p->dns_update.name,
			    v6d_addr_text(addr, text, sizeof(text)));
	return v6d_change_told(&g->c, -ENOENT,
	    "the update was accepted, but %s does not have our record",
	    g->p->dns_update.server);
}

/* Our records of older prefixes go. */
static void
remove_old(struct v6d_gw *g, const char *now)
{
	for (unsigned i = 0; i < g->j.n; i++) {
		struct v6d_journal_entry *e = &g->j.e[i];

		if (e->undone || strcmp(e->r.word[0], "dns") != 0 ||
		    e->r.n < 7 || strcmp(e->r.word[6], now) == 0)
			continue;
		if (v6d_change_undo(&g->c, i) == V6D_UNDO_FAILED)
			v6d_gw_say(g, V6D_GW_WARN, "%s", g->c.why);
	}
}

static bool
is_noted(const struct v6d_gw *g, const char *addr)
{
	for (unsigned i = 0; i < g->j.n; i++) {
		const struct v6d_journal_entry *e = &g->j.e[i];

		if (!e->undone && strcmp(e->r.word[0], "dns") == 0 &&
		    e->r.n >= 7 && strcmp(e->r.word[6], addr) == 0)
			return true;
	}
	return false;
}

int
v6d_gw_dns_update(struct v6d_gw *g)
{
	const struct v6d_profile_dns_update *p = &g->p->dns_update;
	struct v6d_change_dns d = { p->server, p->zone, p->name, p->key_file,
		p->ttl_s, *v6d_gw_public(g) };
	char text[V6D_ADDR_TEXT];
	int err = 0;

	v6d_addr_text(&d.addr, text, sizeof(text));
	if (!is_noted(g, text))
		err = v6d_change_dns(&g->c, &d);
	if (err < 0)
		return err;
	remove_old(g, text);
	return read_back(g, &d.addr);
}

const struct v6d_gw_step v6d_gw_step_dns = { .name = "dns-update",
	.wanted = is_wanted,
	.make = v6d_gw_dns_update,
	.optional = true };
