/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dial_probe.c - a session seen from outside, and what is sent by others. */
#include <errno.h>

#include "io/clock.h"
#include "io/dial_impl.h"

const char *
v6d_dial_ifname(const struct v6d_dial *d)
{
	return v6d_pump_has_tun(&d->pump) ? d->ifname : "";
}

struct v6d_view *
v6d_dial_view(const struct v6d_dial *d)
{
	return d->view;
}

struct v6d_addr
v6d_dial_client(const struct v6d_dial *d)
{
	return d->client;
}

const struct v6d_addr *
v6d_dial_server(const struct v6d_dial *d)
{
	return &d->conf.server;
}

void
v6d_dial_deliver(struct v6d_dial *d, const uint8_t *packet, size_t n)
{
	if (!d->over)
		v6d_pump_deliver(&d->pump, packet, n);
}

void
v6d_dial_send(struct v6d_dial *d, const uint8_t *packet, size_t n)
{
	if (!d->over)
		v6d_pump_feed(&d->pump, V6D_EV_TUN, packet, n, 0);
}

bool
v6d_dial_control_echo(struct v6d_dial *d)
{
	if (d->over || !v6d_session_control_echo(d->pump.s, v6d_clock_now()))
		return false;
	v6d_pump_drain(&d->pump);
	return true;
}

bool
v6d_dial_tcpinfo(const struct v6d_dial *d, struct v6d_tcpinfo *ret)
{
	return d->pump.tcp_fd >= 0 && v6d_tcpinfo_read(d->pump.tcp_fd, ret);
}

int
v6d_dial_examine(struct v6d_dial *d, struct v6d_flow *flow)
{
	int err;

	if (d->over)
		return flow ? -ENOTCONN : 0;
	err = v6d_raw_examine(d->conf.ns.host_fd, &d->raw, flow != NULL);
	if (err < 0)
		return err;
	d->conf.flow = flow;
	d->view = flow ? v6d_flow_live(
			     flow, &d->client, &d->conf.server, v6d_clock_now())
		       : NULL;
	return 0;
}

static void
probe_one(struct v6d_dial *d, struct v6d_dial_frame *f, uint32_t reused)
{
	f->err = -EAGAIN;
	if (!v6d_session_probe(d->pump.s, f->frame, f->outer_len, f->data,
		f->data_len, f->reuse, reused, &f->seq, v6d_clock_now()))
		return;
	d->df = f->df ? V6D_RAW_DF_ON : V6D_RAW_DF_OFF;
	d->send_err = -EAGAIN;
	v6d_pump_drain(&d->pump);
	f->err = d->send_err;
	d->df = V6D_RAW_DF_PATH;
}

unsigned
v6d_dial_probe(struct v6d_dial *d, struct v6d_dial_frame *frames, unsigned n)
{
	unsigned sent = 0;

	v6d_pump_drain(&d->pump); /* what waits goes with its own bits */
	for (unsigned i = 0; i < n; i++) {
		bool reuse = frames[i].reuse && frames[i].of < i;
		uint32_t seq = reuse ? frames[frames[i].of].seq : 0;

		probe_one(d, &frames[i], seq);
		if (frames[i].err == 0)
			sent++;
	}
	return sent;
}
