/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dial.h - one PPTP session as a client, on a uv loop: TCP and GRE in the
 * host's namespace, the TUN device in the private one. The machine in
 * lib/tunnel decides; this file only moves bytes and tells what moved.
 */
#ifndef V6D_IO_DIAL_H
#define V6D_IO_DIAL_H

#include <uv.h>

#include "flow/flow.h"
#include "io/netns.h"
#include "io/rawsock.h"
#include "io/tcpinfo.h"
#include "io/tun.h"
#include "trace/packets.h"
#include "tunnel/session.h"

struct v6d_dial;

struct v6d_dial_conf {
	struct v6d_netns ns;
	struct v6d_addr server;
	uint16_t port; /* 0: 1723 */
	/* role, random, call_id and first_seq are filled in. */
	struct v6d_session_conf session;
	char ifname[16]; /* of the TUN device in the private namespace; "":
			    none is made, packets through it are dropped */
	uint16_t mtu; /* of the TUN device, bytes */
	/*
	 * What the session is for. TRAFFIC: no probes can be sent until it is
	 * examined (v6d_dial_examine). offload: packets pass the kernel in
	 * batches and before they are cut into segments, not one by one.
	 */
	enum v6d_raw_use use;
	bool offload;
	/* Written to net/ipv6/conf/IFNAME/ before the device comes up. */
	const struct v6d_tun_sysctl *sysctls;
	unsigned n_sysctls;
	unsigned group; /* of interfaces that the device joins; 0: none */
	/*
	 * An orderly end as soon as the session is past this state; IDLE or
	 * DEAD: stay up. WAIT_CALL is as far as TCP goes: no raw socket is
	 * opened then, and no right to one is needed.
	 */
	enum v6d_session_state stop_at;
	struct v6d_flow *flow; /* all that passes is told to it; or NULL */
	struct v6d_packets *packets; /* all that passes is kept; or NULL */

	/* Any of these may be NULL. They may call v6d_dial_stop and
	 * v6d_dial_probe, not v6d_dial_free. */
	void *arg;
	/* The state changed; after DEAD nothing more comes. */
	void (*on_state)(void *arg, enum v6d_session_state st);
	/* An LCP Echo-Reply: the data behind its magic number, and the length
	 * of the outer IPv4 packet that it came in. */
	void (*on_echo)(void *arg, const uint8_t *data, size_t len,
	    size_t outer_len, v6d_ns at);
	/* A control Echo-Reply (RFC 2637 2.6) to our newest request. */
	void (*on_control_echo)(void *arg);
	/* The peer acknowledged up to this GRE sequence number. */
	void (*on_acked)(void *arg, uint32_t seq, v6d_ns at);
	/* An ICMP error about our GRE (gre) or TCP; quote is the GRE packet. */
	void (*on_icmp)(
	    void *arg, bool gre, const struct v6d_raw_icmp *e, v6d_ns at);
	/* A router advertisement went to the TUN device: its IPv6 packet. */
	void (*on_ra)(void *arg, const uint8_t *packet, size_t len, v6d_ns at);
};

/* What did not go as it should, beside the machine's own reasons. */
struct v6d_dial_counts {
	uint64_t gre_in, gre_out;
	uint64_t gre_in_bytes, gre_out_bytes; /* of outer packets */
	struct v6d_tcp_sent control; /* without its end */
	uint64_t gre_foreign; /* for a call that is not ours: dropped */
	uint64_t gre_other; /* not the enhanced GRE of RFC 2637 */
	uint64_t gre_unsent; /* refused by this host */
	uint64_t tun_in, tun_out, tun_dropped;
	int tun_err; /* why there is no TUN device, or 0 */
	int gre_err; /* last errno of sending GRE, or 0 */
};

/*
 * Opens TCP and (unless stop_at makes it needless) raw GRE, then dials.
 * Returns 0 or -errno. -EPERM: no raw socket; -EAFNOSUPPORT: the server is
 * no IPv4 address. The session may be dead before
 * the loop turns; on_state tells that from the loop, never from here.
 */
int v6d_dial_new(
    uv_loop_t *loop, const struct v6d_dial_conf *conf, struct v6d_dial **ret);

/* An orderly end; on_state(DEAD) comes when it is done. */
void v6d_dial_stop(struct v6d_dial *d);

/*
 * Closes everything at once and frees d when the loop has turned again; the
 * TUN device and its routes are gone on return. NULL is no error.
 */
void v6d_dial_free(struct v6d_dial *d);

/*
 * The MTU that the tunnel's interface gets, in bytes of IPv6: what was asked
 * for, or the peer's MRU where that is less (RFC 1661 6.1). IPv6 wants 1280.
 */
uint16_t v6d_dial_mtu(const struct v6d_dial *d);

/* The machine, for its state, reasons and times. Read only. */
const struct v6d_session *v6d_dial_session(const struct v6d_dial *d);
const struct v6d_dial_counts *v6d_dial_counts(struct v6d_dial *d);

/* The TUN device's name, "" while there is none. */
const char *v6d_dial_ifname(const struct v6d_dial *d);

/* The live view (NULL without conf.flow). */
struct v6d_view *v6d_dial_view(const struct v6d_dial *d);

/* Our IPv4 address towards the server; family 0 before TCP has chosen it. */
struct v6d_addr v6d_dial_client(const struct v6d_dial *d);

/* Looks at once at what passed the wire (v6d_view's wire_*). */
void v6d_dial_look(struct v6d_dial *d);

/* Whom it calls; borrowed. */
const struct v6d_addr *v6d_dial_server(const struct v6d_dial *d);

/* Gives the TUN device an IPv6 packet as if the peer had sent it. */
void v6d_dial_deliver(struct v6d_dial *d, const uint8_t *packet, size_t n);

/* Sends an IPv6 packet to the peer as if it had come out of the device. */
void v6d_dial_send(struct v6d_dial *d, const uint8_t *packet, size_t n);

/*
 * Sends a control Echo-Request, unless one waits for its reply already.
 * False: there is no control connection to send it on.
 */
bool v6d_dial_control_echo(struct v6d_dial *d);

/* What the kernel knows of the control connection; false: there is none. */
bool v6d_dial_tcpinfo(const struct v6d_dial *d, struct v6d_tcpinfo *ret);

/*
 * A session that carries traffic is looked at for a while: from now on probes
 * can be sent, and all that passes is told to the flow, which is empty and
 * stays the caller's. NULL: that is over; nothing of it is left. Returns 0, or
 * -errno, and then it is as before.
 */
int v6d_dial_examine(struct v6d_dial *d, struct v6d_flow *flow);

struct v6d_dial_frame {
	enum v6d_probe_frame frame;
	size_t outer_len; /* of the whole IPv4 packet */
	bool df; /* don't-fragment, past any known path MTU */
	bool reuse; /* use the sequence number of frame `of` */
	unsigned of; /* index in the same list, smaller than ours */
	const uint8_t *data; /* comes back behind the magic number */
	size_t data_len;
	uint32_t seq; /* out: the sequence number used */
	int err; /* out: 0: sent; -errno: not sent */
};

/*
 * Sends probing frames back to back, in order. Returns how many were sent;
 * each frame's err says what became of it (-EAGAIN: the machine would not
 * take it, LCP being closed or the size impossible).
 */
unsigned
v6d_dial_probe(struct v6d_dial *d, struct v6d_dial_frame *frames, unsigned n);

#endif
