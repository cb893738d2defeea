/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gateway.h - the whole set-up on a host: firewall, session, addresses,
 * forwarding, advertisements, routes, DNS; supervised, and undone exactly.
 */
#ifndef V6D_GATEWAY_GATEWAY_H
#define V6D_GATEWAY_GATEWAY_H

#include "gateway/change.h"
#include "io/netns.h"
#include "io/profile.h"

#define V6D_GW_STATE_DIR "/var/lib/v6doctor" /* the journal: survives a boot */
#define V6D_GW_RUN_DIR "/run/v6doctor" /* all else */

enum v6d_gw_level { V6D_GW_INFO, V6D_GW_WARN, V6D_GW_ERROR };

struct v6d_gw_conf {
	const struct v6d_profile *profile;
	const char *password; /* "" when none is needed */
	const char *name; /* of the instance */
	const char *state_dir; /* NULL: a journal in memory, no lock */
	const char *run_dir; /* our folder is made below it */
	struct v6d_netns ns; /* outer sockets; the set-up (-1: our own) */
	int outside_fd; /* datagrams that come from here are taken as packets
			   that the tunnel brought; -1: none */
	bool own_engine; /* whatever the profile says: a rehearsal's */
	bool hands_off; /* what somebody changes is not mended: a rehearsal's */
	int ready_fd; /* gets a line when all stands; -1: none */
	v6d_ns backoff_min, backoff_max; /* of reconnecting; 0: 1 s, 60 s */
	v6d_ns echo; /* between LCP echoes; 0: the profile's */
	/* After SIGHUP: the profile anew. 0, or -1: it is wrong, and the one
	 * in use stays (the message is out). NULL: cannot. */
	int (*reload)(void *arg, const struct v6d_profile **ret);
	void *arg;
	/* One line about one event, for people. */
	void (*say)(void *arg, enum v6d_gw_level level, const char *line);
};

enum v6d_gw_end {
	V6D_GW_OK, /* did all it was asked, and undid it */
	V6D_GW_FAULT, /* the network would not: nothing is left changed */
	V6D_GW_CONFIG, /* the profile asks for what cannot be */
	V6D_GW_UNAVAILABLE, /* a right, program, device is missing, or busy */
	V6D_GW_RESIDUE, /* something could not be undone: the journal has it */
	V6D_GW_INTERNAL,
};

/*
 * Sets everything up, supervises it until SIGTERM or SIGINT, and undoes it.
 * A journal that an earlier run left is worked off first.
 */
enum v6d_gw_end v6d_gw_run(const struct v6d_gw_conf *conf);

/*
 * Undoes what a run left that was killed. Uses name, state_dir, ns, say.
 * V6D_GW_UNAVAILABLE: the run is alive, or belongs to another namespace.
 */
enum v6d_gw_end v6d_gw_restore(const struct v6d_gw_conf *conf);

/* The control socket of an instance. Returns buf. */
const char *
v6d_gw_control(const char *run_dir, const char *name, char *buf, size_t n);

#endif
