/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pppd.h - one PPTP session by other programs, on a uv loop: pppd, and pptp
 * (or pppd's plugin for the kernel's PPTP) as what carries it. It is followed
 * by its interface, by its words and by its exit status.
 */
#ifndef V6D_IO_PPPD_H
#define V6D_IO_PPPD_H

#include <uv.h>

#include "io/pppd_text.h"
#include "io/tun.h"

struct v6d_pppd;

struct v6d_pppd_conf {
	int ns_fd; /* the namespace for all of it; -1: our own */
	struct v6d_pppd_wish wish; /* plugin is filled in */
	const char *options; /* path of the file: made 0600, with the password,
				and gone again as soon as pppd has read it */
	/* Written to net/ipv6/conf/IFNAME/ before the device comes up. */
	const struct v6d_tun_sysctl *sysctls;
	unsigned n_sysctls;
	unsigned group; /* of interfaces that the device joins; 0: none */

	/* They may not call v6d_pppd_free. */
	void *arg;
	/* UP, or DEAD: after that nothing more comes. */
	void (*on_state)(void *arg, enum v6d_session_state st);
	/* A router advertisement has arrived: its IPv6 packet. */
	void (*on_ra)(void *arg, const uint8_t *packet, size_t len, v6d_ns at);
};

struct v6d_pppd_counts {
	uint64_t in, out, dropped; /* packets of the interface */
};

enum v6d_pppd_lack {
	V6D_PPPD_HERE, /* nothing is lacking */
	V6D_PPPD_NO_PPPD, /* the program */
	V6D_PPPD_NO_PPTP, /* neither the program pptp nor pppd's plugin */
	V6D_PPPD_NO_KERNEL, /* no /dev/ppp */
	V6D_PPPD_NO_ROOT, /* pppd takes such options from root alone */
};

/* What this host lacks for such sessions; nothing is started. */
enum v6d_pppd_lack v6d_pppd_look(void);

/* Writes the options and starts pppd. 0 or -errno; -ENOENT: no pppd. */
int v6d_pppd_new(
    uv_loop_t *loop, const struct v6d_pppd_conf *conf, struct v6d_pppd **ret);

/* An orderly end; on_state(DEAD) comes when it is done. */
void v6d_pppd_stop(struct v6d_pppd *p);

/*
 * Ends it, at once where it still runs, and frees p when the loop has turned
 * again; its interface is gone on return. NULL is no error.
 */
void v6d_pppd_free(struct v6d_pppd *p);

/* How far it came, and why it ended; borrowed. */
const struct v6d_pppd_tale *v6d_pppd_tale(const struct v6d_pppd *p);
/* After DEAD: pppd's exit status, or 128 + the signal that killed it. */
int v6d_pppd_status(const struct v6d_pppd *p);

/* Of a session that is up: its interface's MTU, our interface identifier. */
unsigned v6d_pppd_mtu(const struct v6d_pppd *p);
const uint8_t *v6d_pppd_ifid(const struct v6d_pppd *p);

/* As of now; after its end as they were when somebody last looked. */
struct v6d_pppd_counts v6d_pppd_counts(struct v6d_pppd *p);

/* Sends an IPv6 packet to the peer. */
void v6d_pppd_send(struct v6d_pppd *p, const uint8_t *packet, size_t n);

#endif
