/* SPDX-License-Identifier: GPL-2.0-or-later */
/* serve.c - a PPTP server (RFC 2637, the PAC's side) on a uv loop. */
#include "io/serve.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "io/clock.h"
#include "io/netlink.h"
#include "io/netns.h"
#include "io/pump.h"
#include "io/rawsock.h"
#include "io/serve_ra.h"
#include "io/tun.h"
#include "proto/gre.h"

#define BACKLOG 64
#define TURN 64 /* packets received before others get a turn */
#define STOP_PATIENCE_MS 1000

struct call {
	struct call *next;
	struct v6d_serve *srv;
	struct v6d_pump pump;
	struct v6d_addr client;
	char who[80]; /* "192.0.2.1 port 4711 call 3" */
	uint16_t call_id;
	unsigned slot;
	struct v6d_prefix subnet;
	struct v6d_program radvd; /* pid 0: none runs */
	uv_poll_t radvd_poll;
	unsigned n_open; /* the pump, and radvd's handle */
};

struct v6d_serve {
	struct v6d_serve_conf conf;
	const struct v6d_profile_peer *peer;
	uv_loop_t *loop;
	int listen_fd;
	struct v6d_raw raw;
	struct v6d_raw_inbox inbox;
	struct v6d_outbox outbox; /* of all calls */
	uv_poll_t listen_poll, raw_poll;
	uv_timer_t stop_timer;
	struct call *calls;
	unsigned n_calls;
	uint16_t next_call_id;
	bool stopping, closed;
};

__attribute__((format(printf, 2, 3))) static void
say(const struct v6d_serve *s, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	if (!s->conf.on_event)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	s->conf.on_event(s->conf.arg, line);
}

/* ---- radvd ---- */

static void
call_part_closed(struct call *c)
{
	if (--c->n_open == 0)
		free(c);
}

static void
on_radvd_closed(uv_handle_t *h)
{
	call_part_closed(h->data);
}

static void
end_radvd(struct call *c)
{
	if (c->radvd.pid <= 0)
		return;
	uv_close((uv_handle_t *)&c->radvd_poll, on_radvd_closed);
	v6d_program_end(&c->radvd, 0);
}

/* It ended by itself, which it should not. */
static void
on_radvd(uv_poll_t *h, int status, int events)
{
	struct call *c = h->data;
	int code;

	(void)status;
	(void)events;
	if (v6d_program_wait(&c->radvd, 0, &code) < 0)
		return;
	uv_close((uv_handle_t *)h, on_radvd_closed);
	say(c->srv, "%s: radvd ended with status %d", c->who, code);
}

static void
start_radvd(struct call *c, const char *ifname)
{
	struct v6d_serve *s = c->srv;
	int err = v6d_serve_radvd(
	    s->conf.ns_fd, s->peer, ifname, &c->subnet, &c->radvd);

	if (err == 0) {
		err = uv_poll_init(s->loop, &c->radvd_poll, c->radvd.pidfd);
		if (err < 0)
			v6d_program_end(&c->radvd, 0);
	}
	if (err < 0) {
		c->radvd = (struct v6d_program){ 0, -1 };
		say(s, "%s: no radvd: %s", c->who,
		    err == -ENOENT ? "it is not installed" : strerror(-err));
		return;
	}
	c->radvd_poll.data = c;
	c->n_open++;
	uv_poll_start(&c->radvd_poll, UV_READABLE, on_radvd);
}

/* ---- what the machine of a call wants ---- */

static void
op_gre(void *arg, const uint8_t *p, size_t n)
{
	struct call *c = arg;

	v6d_outbox_copy(&c->srv->outbox, &c->pump.peer, p, n, c);
}

/* The smaller of what we want to send and what the client can take. */
static uint16_t
mtu_of(const struct call *c)
{
	unsigned theirs = v6d_session_mtu(c->pump.s);
	unsigned ours = c->srv->peer->mtu;

	return (uint16_t)(theirs && theirs < ours && theirs >= 1280 ? theirs
								    : ours);
}

static void
op_up(void *arg)
{
	struct call *c = arg;
	struct v6d_serve *s = c->srv;
	struct v6d_tun_conf conf = { .mtu = mtu_of(c),
		.global = c->subnet,
		.offload = s->peer->offload };
	char name[16], text[V6D_ADDR_TEXT];
	int fd, err;

	if (v6d_pump_has_tun(&c->pump)) /* negotiated again */
		return;
	snprintf(conf.name, sizeof(conf.name), "pptp%u", c->slot);
	memcpy(conf.ifid, v6d_session_ifid(c->pump.s), sizeof(conf.ifid));
	conf.global.addr.b[15] = 1;
	err = v6d_tun_open(s->conf.ns_fd, &conf, &fd, name);
	if (err == 0) {
		err = v6d_pump_tun(&c->pump, fd, conf.offload);
		if (err < 0)
			close(fd);
	}
	if (err < 0) {
		say(s, "%s: no interface: %s", c->who, strerror(-err));
		return;
	}
	say(s, "%s: up on %s with %s/64, MTU %u", c->who, name,
	    v6d_addr_text(&c->subnet.addr, text, sizeof(text)), conf.mtu);
	if (s->peer->radvd)
		start_radvd(c, name);
}

static void
on_pump_closed(void *arg)
{
	call_part_closed(arg);
}

static void
unlink_call(struct call *c)
{
	for (struct call **l = &c->srv->calls; *l; l = &(*l)->next)
		if (*l == c) {
			*l = c->next;
			c->srv->n_calls--;
			return;
		}
}

static void
close_server(struct v6d_serve *s)
{
	if (s->closed)
		return;
	s->closed = true;
	uv_close((uv_handle_t *)&s->raw_poll, NULL);
	uv_close((uv_handle_t *)&s->stop_timer, NULL);
	v6d_outbox_close(&s->outbox, NULL);
	v6d_raw_close(&s->raw);
}

static void
op_state(void *arg, enum v6d_session_state st)
{
	struct call *c = arg;
	struct v6d_serve *s = c->srv;
	const struct v6d_session *m = c->pump.s;

	if (st != V6D_SESSION_DEAD)
		return;
	say(s, "%s: ended while %s: %s", c->who,
	    v6d_session_state_text(v6d_session_failed_in(m)),
	    v6d_session_why_text(v6d_session_why(m)));
	end_radvd(c);
	unlink_call(c);
	v6d_pump_close(&c->pump, on_pump_closed);
	if (s->stopping && !s->calls)
		close_server(s);
}

static const struct v6d_pump_ops ops = {
	.gre = op_gre,
	.up = op_up,
	.state = op_state,
};

/* ---- new connections ---- */

static bool
slot_taken(const struct v6d_serve *s, unsigned slot)
{
	for (const struct call *c = s->calls; c; c = c->next)
		if (c->slot == slot)
			return true;
	return false;
}

static bool
call_id_taken(const struct v6d_serve *s, uint16_t id)
{
	for (const struct call *c = s->calls; c; c = c->next)
		if (c->call_id == id)
			return true;
	return false;
}

static int
find_place(struct v6d_serve *s, struct call *c)
{
	if (s->n_calls >= s->peer->max_sessions)
		return -EUSERS;
	while (slot_taken(s, c->slot))
		c->slot++;
	if (!v6d_serve_subnet(&s->peer->prefix, c->slot, &c->subnet))
		return -EUSERS;
	while (call_id_taken(s, s->next_call_id))
		s->next_call_id++;
	c->call_id = s->next_call_id++;
	return 0;
}

/* A password that nobody can send: every login fails, in either method. */
static void
spoil_password(struct v6d_session_conf *conf)
{
	snprintf(conf->password, sizeof(conf->password), "\x01%02x%02x%02x%02x",
	    conf->random[0], conf->random[1], conf->random[2], conf->random[3]);
}

static int
make_session_conf(const struct call *c, struct v6d_session_conf *conf)
{
	const struct v6d_profile_peer *p = c->srv->peer;

	memset(conf, 0, sizeof(*conf));
	if (getrandom(conf->random, sizeof(conf->random), 0) !=
	    (ssize_t)sizeof(conf->random))
		return -EIO;
	conf->role = V6D_ROLE_SERVER;
	conf->call_id = c->call_id;
	memcpy(conf->user, p->user, sizeof(conf->user));
	snprintf(conf->password, sizeof(conf->password), "%s",
	    c->srv->conf.password);
	if (p->wrong_password)
		spoil_password(conf);
	conf->auth = p->auth;
	conf->mppe = p->mppe;
	conf->mru = (uint16_t)p->mru;
	memcpy(conf->ifid, p->ifid, sizeof(conf->ifid));
	conf->server.silent = p->lcp == V6D_LCP_SILENT;
	conf->server.no_ipv6 = !p->ipv6;
	conf->server.offer_ipcp = p->offer_ipcp;
	conf->server.refuse_start = (uint8_t)p->refuse_start;
	conf->server.refuse_call = (uint8_t)p->refuse_call;
	conf->server.drop_call = p->drop_call;
	conf->server.ignore_icmp = p->ignore_icmp;
	conf->server.no_gre_ack = !p->gre_ack;
	memcpy(conf->server.peer_ifid, p->client_ifid,
	    sizeof(conf->server.peer_ifid));
	return 0;
}

/* Takes over fd in every case. */
static int
start_call(struct call *c, int fd)
{
	struct v6d_serve *s = c->srv;
	struct v6d_session_conf conf;
	int on = 1, err = make_session_conf(c, &conf);

	if (err == 0)
		err = v6d_pump_init(
		    &c->pump, s->loop, &conf, &ops, c, &s->outbox, &c->client);
	explicit_bzero(&conf, sizeof(conf));
	if (err < 0) {
		close(fd);
		return err;
	}
	c->n_open = 1;
	c->next = s->calls;
	s->calls = c;
	s->n_calls++;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	err = v6d_pump_tcp(&c->pump, fd, false);
	v6d_pump_feed(&c->pump, V6D_EV_START, NULL, 0, 0);
	if (err < 0) {
		close(fd);
		v6d_pump_feed(&c->pump, V6D_EV_TCP_CLOSED, NULL, 0, 0);
	}
	return 0;
}

/*
 * A kernel sends a reset for who closes with a message unread. Always so here,
 * else it would depend on who is faster.
 */
static void
close_unread(int fd)
{
	const struct linger reset = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(fd);
}

static void
turn_away(struct v6d_serve *s, const char *who, int err)
{
	say(s, "%s: turned away: %s", who,
	    err == -EUSERS ? "no session is free" : strerror(-err));
}

static void
take_client(struct v6d_serve *s, int fd, const struct sockaddr_in *from)
{
	struct call *c = calloc(1, sizeof(*c));
	char text[V6D_ADDR_TEXT];
	int err;

	if (!c) {
		close(fd);
		return;
	}
	c->srv = s;
	c->radvd.pidfd = -1;
	c->client = v6d_addr_4((const uint8_t *)&from->sin_addr);
	v6d_addr_text(&c->client, text, sizeof(text));
	err = find_place(s, c);
	if (err < 0) {
		turn_away(s, text, err);
		close_unread(fd);
		free(c);
		return;
	}
	snprintf(c->who, sizeof(c->who), "%s port %u call %u", text,
	    ntohs(from->sin_port), (unsigned)c->call_id);
	say(s, "%s: connected", c->who);
	err = start_call(c, fd);
	if (err < 0) {
		turn_away(s, c->who, err);
		free(c);
	}
}

static void
on_listen(uv_poll_t *h, int status, int events)
{
	struct v6d_serve *s = h->data;

	(void)status;
	(void)events;
	for (int i = 0; i < BACKLOG && !s->stopping; i++) {
		struct sockaddr_in from;
		socklen_t n = sizeof(from);
		int fd = accept4(s->listen_fd, (struct sockaddr *)&from, &n,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0)
			return;
		take_client(s, fd, &from);
	}
}

/* ---- GRE ---- */

static struct call *
find_call(const struct v6d_serve *s, const struct v6d_addr *client,
    uint16_t call_id, bool theirs)
{
	for (struct call *c = s->calls; c; c = c->next) {
		uint16_t id =
		    theirs ? v6d_session_peer_call_id(c->pump.s) : c->call_id;

		if (id == call_id && v6d_addr_eq(&c->client, client))
			return c;
	}
	return NULL;
}

static void
on_packet(void *arg, const struct v6d_raw_packet *p)
{
	struct v6d_serve *s = arg;
	struct v6d_wire w = v6d_wire_from(p->gre, p->gre_len, p->gre_len);
	struct v6d_wire payload;
	struct v6d_gre g = { 0 };
	struct call *c;

	if (v6d_gre_decode(&w, &g, &payload) != V6D_WIRE_OK ||
	    !v6d_gre_is_pptp(&g))
		return;
	c = find_call(s, &p->src, g.call_id, false);
	if (c)
		v6d_pump_receive(&c->pump, p->gre, p->gre_len, p->at);
}

static void
receive(struct v6d_serve *s)
{
	unsigned most = s->peer->offload ? V6D_RAW_BATCH : 1;
	struct call *next;
	int n = 1;

	for (unsigned got = 0; !s->closed && got < TURN; got += (unsigned)n) {
		n = v6d_raw_receive(&s->raw, &s->inbox, most, on_packet, s);
		for (struct call *c = s->calls; n > 0 && c; c = next) {
			next = c->next;
			v6d_pump_settle(&c->pump);
		}
		if (n < (int)most)
			return;
	}
}

static void
on_room(void *arg)
{
	struct v6d_serve *s = arg;
	struct call *next;

	for (struct call *c = s->calls; c; c = next) {
		next = c->next;
		v6d_pump_ready(&c->pump);
	}
}

/* The eight bytes that every router quotes hold the client's call id. */
static void
on_icmp(struct v6d_serve *s, const struct v6d_raw_icmp *e)
{
	char from[V6D_ADDR_TEXT];
	uint16_t id;
	struct call *c;

	if (e->local || e->len < 8)
		return;
	id = (uint16_t)((unsigned)e->quote[6] << 8 | e->quote[7]);
	c = find_call(s, &e->dst, id, true);
	if (!c)
		return;
	say(s, "%s: ICMP type %u code %u about GRE, from %s", c->who, e->type,
	    e->code, v6d_addr_text(&e->from, from, sizeof(from)));
	v6d_pump_feed(&c->pump, V6D_EV_GRE_ICMP, e->quote, e->len,
	    e->type << 8 | e->code);
}

static void
on_raw(uv_poll_t *h, int status, int events)
{
	struct v6d_serve *s = h->data;
	struct v6d_raw_icmp e;

	(void)events;
	while (!s->closed && v6d_raw_icmp(s->raw.fd, &e) == 1)
		on_icmp(s, &e);
	if (!s->closed)
		receive(s);
	if (!s->closed && status < 0) /* libuv stops at an error condition */
		uv_poll_start(h, UV_READABLE, on_raw);
}

/* ---- the server ---- */

static int
open_listener(struct v6d_serve *s)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)s->peer->port) };
	int on = 1, fd,
	    err = v6d_netns_socket(s->conf.ns_fd, AF_INET, SOCK_STREAM, 0, &fd);

	if (err < 0)
		return err;
	memcpy(&a.sin_addr, s->peer->listen.b, 4);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0 ||
	    listen(fd, BACKLOG) < 0) {
		err = -errno;
		close(fd);
		return err;
	}
	s->listen_fd = fd;
	return 0;
}

/* A server that cannot make interfaces should say so before a client comes. */
static int
try_tun(struct v6d_serve *s)
{
	struct v6d_tun_conf conf = { .name = "pptptry%d",
		.mtu = 1280,
		.ifid = { 0, 0, 0, 0, 0, 0, 0, 1 } };
	char name[16];
	int fd, err = v6d_tun_open(s->conf.ns_fd, &conf, &fd, name);

	if (err == 0)
		close(fd);
	return err;
}

static int
explain(char *text, size_t n, int err, const char *what)
{
	struct v6d_text t = v6d_text_to(text, n);

	v6d_text_add(&t, "%s: %s", what,
	    err == -ENODEV ? "/dev/net/tun is missing" : strerror(-err));
	if (err == -EPERM || err == -EACCES)
		v6d_text_add(&t, " (run it with sudo)");
	else if (err == -EADDRINUSE)
		v6d_text_add(&t, " (end the other server there, or name "
				 "another address or port in [peer])");
	else if (err == -ENODEV)
		v6d_text_add(&t, " (sudo modprobe tun)");
	return err;
}

static int
open_all(struct v6d_serve *s, char *text, size_t n)
{
	int err = v6d_raw_open(s->conf.ns_fd, NULL, V6D_RAW_TRAFFIC, &s->raw);

	if (err < 0)
		return explain(text, n, err, "no raw socket for GRE");
	err = try_tun(s);
	if (err < 0)
		return explain(text, n, err, "no tunnel interface");
	err = open_listener(s);
	if (err < 0)
		return explain(text, n, err, "cannot listen for PPTP");
	return 0;
}

static int
watch(struct v6d_serve *s, char *text, size_t n)
{
	int err = uv_poll_init(s->loop, &s->listen_poll, s->listen_fd);

	if (err < 0)
		return explain(text, n, err, "no event loop");
	err = uv_poll_init(s->loop, &s->raw_poll, s->raw.fd);
	if (err < 0) {
		uv_close((uv_handle_t *)&s->listen_poll, NULL);
		uv_run(s->loop, UV_RUN_NOWAIT); /* lets go of it */
		return explain(text, n, err, "no event loop");
	}
	uv_timer_init(s->loop, &s->stop_timer);
	v6d_outbox_init(&s->outbox, s->loop, s->raw.path_fd,
	    s->peer->offload ? V6D_OUTBOX_BATCH : 1);
	s->outbox.ready = on_room;
	s->outbox.arg = s;
	s->listen_poll.data = s->raw_poll.data = s->stop_timer.data = s;
	uv_poll_start(&s->listen_poll, UV_READABLE, on_listen);
	uv_poll_start(&s->raw_poll, UV_READABLE, on_raw);
	return 0;
}

int
v6d_serve_new(uv_loop_t *loop, const struct v6d_serve_conf *conf, char *text,
    size_t n, struct v6d_serve **ret)
{
	struct v6d_serve *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return explain(text, n, -ENOMEM, "cannot start");
	s->conf = *conf;
	s->peer = &conf->profile->peer;
	s->loop = loop;
	s->listen_fd = -1;
	s->raw = (struct v6d_raw){ -1, -1, -1, -1 };
	err = open_all(s, text, n);
	if (err == 0)
		err = watch(s, text, n);
	if (err < 0) {
		v6d_serve_free(s);
		return err;
	}
	*ret = s;
	return 0;
}

/* Who has not answered the goodbye by now is left alone. */
static void
on_stop_timer(uv_timer_t *t)
{
	struct v6d_serve *s = t->data;

	while (s->calls) {
		struct call *c = s->calls;

		end_radvd(c);
		unlink_call(c);
		v6d_pump_close(&c->pump, on_pump_closed);
	}
	close_server(s);
}

void
v6d_serve_stop(struct v6d_serve *s)
{
	struct call *next;

	if (s->stopping)
		return;
	s->stopping = true;
	uv_close((uv_handle_t *)&s->listen_poll, NULL);
	close(s->listen_fd);
	s->listen_fd = -1;
	for (struct call *c = s->calls; c; c = next) {
		next = c->next;
		v6d_pump_feed(&c->pump, V6D_EV_STOP, NULL, 0, 0);
	}
	if (!s->calls)
		close_server(s);
	else if (!s->closed)
		uv_timer_start(
		    &s->stop_timer, on_stop_timer, STOP_PATIENCE_MS, 0);
}

void
v6d_serve_free(struct v6d_serve *s)
{
	if (!s)
		return;
	if (s->listen_fd >= 0)
		close(s->listen_fd);
	v6d_raw_close(&s->raw);
	free(s);
}
