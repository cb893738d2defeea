/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dial.c - one PPTP session as a client (RFC 2637), on a uv loop. */
#include "io/dial_impl.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/clock.h"
#include "proto/gre.h"

#define PPTP_PORT 1723
#define IPV6_MIN_MTU 1280 /* bytes, RFC 8200 5 */
#define TURN 64 /* packets received before others get a turn */

/* One of n_open parts. */
static void
on_closed(void *arg)
{
	struct v6d_dial *d = arg;

	if (--d->n_open == 0)
		free(d);
}

static void
tell_flow(struct v6d_dial *d, enum v6d_flow_ev ev)
{
	v6d_ns now = v6d_clock_now();

	v6d_packets_event(d->conf.packets, ev, now);
	if (d->view)
		v6d_flow_live_event(d->conf.flow, d->view, ev, now);
}

/* ---- TCP ---- */

/* The kernel has chosen our address by now. */
static void
learn_client(struct v6d_dial *d, int fd)
{
	struct sockaddr_in me;
	socklen_t n = sizeof(me);

	if (getsockname(fd, (struct sockaddr *)&me, &n) == 0 &&
	    me.sin_family == AF_INET && me.sin_addr.s_addr != INADDR_ANY)
		d->client = v6d_addr_4((const uint8_t *)&me.sin_addr);
}

static void
op_connect(void *arg)
{
	struct v6d_dial *d = arg;
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(d->conf.port ? d->conf.port : PPTP_PORT) };
	v6d_ns now = v6d_clock_now();
	int fd = d->tcp_fd, err = 0;

	memcpy(&to.sin_addr, d->conf.server.b, 4);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0 &&
	    errno != EINPROGRESS)
		err = errno;
	learn_client(d, fd);
	v6d_packets_ends(d->conf.packets, &d->client, &d->conf.server);
	if (d->conf.flow)
		d->view = v6d_flow_live(
		    d->conf.flow, &d->client, &d->conf.server, now);
	if (d->view && d->tapped)
		v6d_flow_live_wire(d->conf.flow, d->view, 0, 0);
	tell_flow(d, V6D_FLOW_TCP_SYN);
	if (err == 0) {
		err = -v6d_pump_tcp(&d->pump, fd, true);
		if (err == 0)
			d->tcp_fd = -1;
	}
	if (err) {
		tell_flow(d, V6D_FLOW_TCP_UNREACHABLE);
		v6d_pump_feed(&d->pump, V6D_EV_TCP_FAILED, NULL, 0, err);
	}
}

static void
tell_icmp(struct v6d_dial *d, bool gre, const struct v6d_raw_icmp *e)
{
	v6d_ns now = v6d_clock_now();

	if (!e->local)
		v6d_packets_icmp(d->conf.packets, gre, e->type, e->code, e->mtu,
		    &e->from, now);
	if (d->view && !e->local)
		v6d_flow_live_icmp(d->conf.flow, d->view, gre, e->type, e->code,
		    e->mtu, &e->from, now);
	if (d->conf.on_icmp)
		d->conf.on_icmp(d->conf.arg, gre, e, now);
}

static enum v6d_flow_ev
failure_of(int err)
{
	switch (err) {
	case ECONNREFUSED:
		return V6D_FLOW_TCP_REFUSED;
	case ETIMEDOUT:
		return V6D_FLOW_TCP_TIMEOUT;
	default:
		return V6D_FLOW_TCP_UNREACHABLE;
	}
}

static void
op_tcp(void *arg, enum v6d_session_ev ev, int err)
{
	struct v6d_dial *d = arg;
	struct v6d_raw_icmp e;
	int off = 0;

	while (v6d_raw_icmp(d->pump.tcp_fd, &e) == 1)
		tell_icmp(d, false, &e);
	if (ev == V6D_EV_TCP_UP) {
		/* From here on an ICMP error must not end the connection. */
		setsockopt(
		    d->pump.tcp_fd, IPPROTO_IP, IP_RECVERR, &off, sizeof(off));
		tell_flow(d, V6D_FLOW_TCP_UP);
	} else if (ev == V6D_EV_TCP_FAILED) {
		tell_flow(d, failure_of(err));
	} else if (ev == V6D_EV_TCP_CLOSED) {
		tell_flow(d, V6D_FLOW_TCP_CLOSED);
	} else {
		tell_flow(d, V6D_FLOW_TCP_RESET);
	}
}

static void
op_control(void *arg, bool out, const uint8_t *p, size_t n)
{
	struct v6d_dial *d = arg;
	enum v6d_dir dir = out ? V6D_DIR_OUT : V6D_DIR_IN;
	v6d_ns now = v6d_clock_now();

	v6d_packets_control(d->conf.packets, dir, p, n, now);
	if (d->view)
		v6d_flow_live_control(d->conf.flow, d->view, dir, p, n, now);
}

/* ---- GRE ---- */

static void
count_unsent(struct v6d_dial *d, int err)
{
	d->counts.gre_unsent++;
	d->counts.gre_err = -err;
	if (err != -EPERM || d->denied_told)
		return;
	d->denied_told = true;
	tell_flow(d, V6D_FLOW_GRE_DENIED);
}

/* The view is told of the session's own words, not of their cipher text. */
static void
tell_gre(struct v6d_dial *d, enum v6d_dir dir, const uint8_t *p, size_t n,
    size_t outer_len, v6d_ns at)
{
	uint8_t plain[V6D_SESSION_FRAME];
	size_t len;

	if (!d->view)
		return;
	len = v6d_session_plain(d->pump.s, dir == V6D_DIR_OUT, p, n, plain);
	if (len > 0) {
		p = plain;
		n = len;
	}
	v6d_packets_gre(d->conf.packets, dir, p, n, outer_len, at);
	v6d_flow_live_gre(d->conf.flow, d->view, dir, p, n, outer_len, at);
}

static void
on_sent(void *arg, const uint8_t *p, size_t n, int err)
{
	struct v6d_dial *d = arg;

	if (err < 0) {
		count_unsent(d, err);
		return;
	}
	d->counts.gre_out++;
	d->counts.gre_out_bytes += n + 20;
	if (d->view) /* or the clock is read for every packet of the tunnel */
		tell_gre(d, V6D_DIR_OUT, p, n, n + 20, v6d_clock_now());
}

/* A probe has bits of its own, and its sender wants to know. */
static void
op_gre(void *arg, const uint8_t *p, size_t n)
{
	struct v6d_dial *d = arg;

	if (d->raw.fd < 0) /* not wanted: it ends before GRE matters */
		return;
	if (d->df == V6D_RAW_DF_PATH) {
		if (!v6d_outbox_copy(&d->outbox, &d->pump.peer, p, n, d))
			count_unsent(d, -ENOBUFS);
		return;
	}
	d->send_err = v6d_raw_send(&d->raw, &d->conf.server, p, n, d->df);
	on_sent(d, p, n, d->send_err);
}

static void
on_room(void *arg)
{
	struct v6d_dial *d = arg;

	v6d_pump_ready(&d->pump);
}

static void
on_packet(void *arg, const struct v6d_raw_packet *p)
{
	struct v6d_dial *d = arg;
	struct v6d_wire w = v6d_wire_from(p->gre, p->gre_len, p->gre_len);
	struct v6d_wire payload;
	struct v6d_gre g = { 0 };

	if (d->over)
		return;
	tell_gre(d, V6D_DIR_IN, p->gre, p->gre_len, p->len, p->at);
	if (v6d_gre_decode(&w, &g, &payload) != V6D_WIRE_OK ||
	    !v6d_gre_is_pptp(&g)) {
		d->counts.gre_other++;
		return;
	}
	if (g.call_id != v6d_session_call_id(d->pump.s)) {
		d->counts.gre_foreign++;
		return;
	}
	d->counts.gre_in++;
	d->counts.gre_in_bytes += p->len;
	d->outer_len = p->len;
	d->at = p->at;
	v6d_pump_receive(&d->pump, p->gre, p->gre_len, p->at);
}

static void
receive(struct v6d_dial *d)
{
	bool single = d->conf.use == V6D_RAW_TRAFFIC && !d->conf.offload;
	unsigned most = single ? 1 : V6D_RAW_BATCH;
	int n = 1;

	for (unsigned got = 0; !d->over && got < TURN && n > 0;
	     got += (unsigned)n) {
		n = v6d_raw_receive(&d->raw, &d->inbox, most, on_packet, d);
		if (n > 0 && !d->over)
			v6d_pump_settle(&d->pump);
		if (n < (int)most)
			return;
	}
}

static void
on_raw(uv_poll_t *h, int status, int events)
{
	struct v6d_dial *d = h->data;
	struct v6d_raw_icmp e;

	(void)events;
	while (!d->over && v6d_raw_icmp(d->raw.fd, &e) == 1) {
		tell_icmp(d, true, &e);
		if (!d->over && !e.local)
			v6d_pump_feed(&d->pump, V6D_EV_GRE_ICMP, e.quote, e.len,
			    e.type << 8 | e.code);
	}
	if (!d->over)
		receive(d);
	/* An error on the socket makes libuv stop watching. */
	if (!d->over && status < 0)
		uv_poll_start(h, UV_READABLE, on_raw);
}

/* ---- the wire ---- */

static void
on_tap_closed(uv_handle_t *h)
{
	on_closed(h->data);
}

static void
close_tap(struct v6d_dial *d)
{
	if (!d->tapped)
		return;
	d->tapped = false;
	uv_close((uv_handle_t *)&d->tap_poll, on_tap_closed);
	v6d_wiretap_close(&d->tap);
}

void
v6d_dial_look(struct v6d_dial *d)
{
	if (!d->tapped)
		return;
	v6d_wiretap_read(&d->tap, v6d_session_call_id(d->pump.s));
	if (d->view)
		v6d_flow_live_wire(
		    d->conf.flow, d->view, d->tap.in, d->tap.out);
}

/* What both see needs no second look: large transfers are not counted. */
static void
on_tap(uv_poll_t *h, int status, int events)
{
	struct v6d_dial *d = h->data;

	(void)status;
	(void)events;
	v6d_dial_look(d);
	if (d->counts.gre_in > 0 && d->tap.in > 0 && d->tap.out > 0)
		close_tap(d);
}

/* Only a second look: without it there is less to say, nothing else. */
static void
open_tap(struct v6d_dial *d, uv_loop_t *loop)
{
	if (!d->conf.flow ||
	    v6d_wiretap_open(d->conf.ns.host_fd, &d->conf.server, &d->tap) < 0)
		return;
	if (uv_poll_init(loop, &d->tap_poll, d->tap.fd) < 0) {
		v6d_wiretap_close(&d->tap);
		return;
	}
	d->tap_poll.data = d;
	d->tapped = true;
	d->n_open++;
	uv_poll_start(&d->tap_poll, UV_READABLE, on_tap);
}

static void
op_event(void *arg, const struct v6d_session_act *a)
{
	struct v6d_dial *d = arg;

	if (a->kind == V6D_ACT_ACKED && d->conf.on_acked)
		d->conf.on_acked(d->conf.arg, a->seq, d->at);
	if (a->kind == V6D_ACT_CONTROL_ECHO_REPLY && d->conf.on_control_echo)
		d->conf.on_control_echo(d->conf.arg);
	if (a->kind == V6D_ACT_LCP_ECHO_REPLY && d->conf.on_echo)
		d->conf.on_echo(
		    d->conf.arg, a->bytes, a->len, d->outer_len, d->at);
}

/* ---- TUN ---- */

static void
op_up(void *arg)
{
	struct v6d_dial *d = arg;
	struct v6d_tun_conf conf = { .mtu = v6d_dial_mtu(d),
		.sysctls = d->conf.sysctls,
		.n_sysctls = d->conf.n_sysctls,
		.group = d->conf.group,
		.offload = d->conf.offload };
	int fd, err;

	if (d->conf.ifname[0] == '\0') /* no device is wanted */
		return;
	if (v6d_pump_has_tun(&d->pump)) /* negotiated again */
		return;
	memcpy(conf.name, d->conf.ifname, sizeof(conf.name));
	memcpy(conf.ifid, v6d_session_ifid(d->pump.s), sizeof(conf.ifid));
	err = v6d_tun_open(d->conf.ns.private_fd, &conf, &fd, d->ifname);
	if (err == 0) {
		err = v6d_pump_tun(&d->pump, fd, conf.offload);
		if (err < 0)
			close(fd);
	}
	if (err < 0)
		d->ifname[0] = '\0';
	d->counts.tun_err = -err;
}

/* RFC 4861 4.2: ICMPv6 type 134 right behind the IPv6 header. */
static bool
is_advertisement(const uint8_t *p, size_t n)
{
	return n > 40 && p[6] == 58 && p[40] == 134;
}

static void
op_written(void *arg, const uint8_t *p, size_t n)
{
	struct v6d_dial *d = arg;

	if (!d->over && d->conf.on_ra && is_advertisement(p, n))
		d->conf.on_ra(d->conf.arg, p, n, d->at);
}

static void
op_state(void *arg, enum v6d_session_state st)
{
	struct v6d_dial *d = arg;
	const struct v6d_session *s = d->pump.s;

	if (st == V6D_SESSION_DEAD &&
	    v6d_session_failed_in(s) == V6D_SESSION_CONNECTING &&
	    v6d_session_why(s) == V6D_WHY_TIMEOUT)
		tell_flow(d, V6D_FLOW_TCP_TIMEOUT);
	if (d->conf.on_state)
		d->conf.on_state(d->conf.arg, st);
	if (st > d->conf.stop_at && st < V6D_SESSION_CLOSING)
		v6d_dial_stop(d);
}

static const struct v6d_pump_ops ops = {
	.connect = op_connect,
	.tcp = op_tcp,
	.control = op_control,
	.gre = op_gre,
	.up = op_up,
	.written = op_written,
	.event = op_event,
	.state = op_state,
};

/* ---- life ---- */

static int
open_tcp(struct v6d_dial *d)
{
	int on = 1, fd, err;

	err =
	    v6d_netns_socket(d->conf.ns.host_fd, AF_INET, SOCK_STREAM, 0, &fd);
	if (err < 0)
		return err;
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on)) < 0) {
		err = -errno;
		close(fd);
		return err;
	}
	d->tcp_fd = fd;
	return 0;
}

static int
open_raw(struct v6d_dial *d, uv_loop_t *loop)
{
	int err;

	if (d->conf.stop_at < V6D_SESSION_LCP)
		return 0;
	err = v6d_raw_open(
	    d->conf.ns.host_fd, &d->conf.server, d->conf.use, &d->raw);
	if (err < 0)
		return err;
	d->outbox.fd = d->raw.path_fd;
	err = uv_poll_init(loop, &d->raw_poll, d->raw.fd);
	if (err < 0)
		return err;
	d->raw_poll.data = d;
	d->raw_polled = true;
	d->n_open++;
	uv_poll_start(&d->raw_poll, UV_READABLE, on_raw);
	open_tap(d, loop);
	return 0;
}

/* What must be new for every call. First numbers of 1 suit every server. */
static int
make_session_conf(struct v6d_session_conf *c)
{
	uint8_t id[4];

	if (getrandom(c->random, sizeof(c->random), 0) !=
		(ssize_t)sizeof(c->random) ||
	    getrandom(id, sizeof(id), 0) != (ssize_t)sizeof(id))
		return -EIO;
	c->role = V6D_ROLE_CLIENT;
	c->call_id = (uint16_t)((unsigned)id[0] << 8 | id[1]);
	c->serial = (uint16_t)((unsigned)id[2] << 8 | id[3]);
	c->first_seq = 0;
	return 0;
}

static void
open_outbox(struct v6d_dial *d, uv_loop_t *loop)
{
	v6d_outbox_init(
	    &d->outbox, loop, -1, d->conf.offload ? V6D_OUTBOX_BATCH : 1);
	d->outbox.done = on_sent;
	d->outbox.ready = on_room;
	d->outbox.arg = d;
	d->n_open++;
}

static void
on_raw_closed(uv_handle_t *h)
{
	on_closed(h->data);
}

int
v6d_dial_new(
    uv_loop_t *loop, const struct v6d_dial_conf *conf, struct v6d_dial **ret)
{
	struct v6d_dial *d;
	int err;

	if (conf->server.family != 4)
		return -EAFNOSUPPORT;
	d = calloc(1, sizeof(*d));
	if (!d)
		return -ENOMEM;
	d->conf = *conf;
	if (d->conf.stop_at == V6D_SESSION_IDLE)
		d->conf.stop_at = V6D_SESSION_DEAD;
	d->raw = (struct v6d_raw){ -1, -1, -1, -1 };
	d->tcp_fd = -1;
	d->df = V6D_RAW_DF_PATH;
	err = make_session_conf(&d->conf.session);
	if (err == 0)
		err = v6d_pump_init(&d->pump, loop, &d->conf.session, &ops, d,
		    &d->outbox, &d->conf.server);
	if (err < 0) {
		free(d);
		return err;
	}
	d->n_open = 1;
	open_outbox(d, loop);
	err = open_tcp(d);
	if (err == 0)
		err = open_raw(d, loop);
	if (err < 0) {
		v6d_dial_free(d);
		return err;
	}
	v6d_pump_start(&d->pump);
	*ret = d;
	return 0;
}

void
v6d_dial_stop(struct v6d_dial *d)
{
	if (d->stopping || d->over)
		return;
	d->stopping = true;
	v6d_pump_feed(&d->pump, V6D_EV_STOP, NULL, 0, 0);
}

void
v6d_dial_free(struct v6d_dial *d)
{
	if (!d || d->over)
		return;
	d->over = true;
	if (d->raw_polled)
		uv_close((uv_handle_t *)&d->raw_poll, on_raw_closed);
	close_tap(d);
	v6d_outbox_close(&d->outbox, on_closed);
	v6d_raw_close(&d->raw);
	if (d->tcp_fd >= 0)
		close(d->tcp_fd);
	v6d_pump_close(&d->pump, on_closed);
}

uint16_t
v6d_dial_mtu(const struct v6d_dial *d)
{
	uint16_t theirs = v6d_session_peer_mru(d->pump.s);
	uint16_t room = v6d_session_mtu(d->pump.s);
	uint16_t mtu = d->conf.mtu;

	if (theirs >= IPV6_MIN_MTU && theirs < mtu)
		mtu = theirs;
	return room < mtu ? room : mtu;
}

const struct v6d_session *
v6d_dial_session(const struct v6d_dial *d)
{
	return d->pump.s;
}

const struct v6d_dial_counts *
v6d_dial_counts(struct v6d_dial *d)
{
	v6d_tcpinfo_sent(d->pump.tcp_fd, 4, &d->counts.control);
	d->counts.tun_in = d->pump.tun_in;
	d->counts.tun_out = d->pump.tun.written_n;
	d->counts.tun_dropped = d->pump.tun_dropped + d->pump.tun.dropped;
	return &d->counts;
}
