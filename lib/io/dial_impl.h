/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dial_impl.h - a session being dialled, for dial.c and dial_probe.c. */
#ifndef V6D_IO_DIAL_IMPL_H
#define V6D_IO_DIAL_IMPL_H

#include "io/dial.h"
#include "io/pump.h"
#include "io/wiretap.h"

struct v6d_dial {
	struct v6d_dial_conf conf;
	struct v6d_pump pump;
	struct v6d_raw raw; /* fd -1: none */
	uv_poll_t raw_poll;
	bool raw_polled;
	struct v6d_raw_inbox inbox;
	struct v6d_outbox outbox;
	struct v6d_wiretap tap; /* until both ways are known to work */
	uv_poll_t tap_poll;
	bool tapped;
	int tcp_fd; /* until the pump takes it over */
	struct v6d_view *view;
	struct v6d_addr client;
	struct v6d_dial_counts counts;
	char ifname[16];
	/* Of the frame being sent: the bits of v6d_dial_probe. */
	enum v6d_raw_df df;
	int send_err;
	/* Of the packet being received. */
	size_t outer_len;
	v6d_ns at;
	bool stopping, denied_told, over;
	unsigned n_open; /* the pump, the outbox, the raw handle, the tap */
};

#endif
