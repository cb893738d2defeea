/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rehearse.h - the whole set-up tried in private namespaces, with a host on
 * the LAN and somebody outside; what each step is for is checked by effect.
 */
#ifndef V6D_GATEWAY_REHEARSE_H
#define V6D_GATEWAY_REHEARSE_H

#include <stdbool.h>

#include "io/profile.h"

#define V6D_REHEARSE_ROWS 32

enum v6d_rehearse_state {
	V6D_REHEARSE_PASS,
	V6D_REHEARSE_FAIL,
	V6D_REHEARSE_UNKNOWN, /* could not be tried: text says why */
	V6D_REHEARSE_SKIPPED, /* the profile does not ask for it */
};

struct v6d_rehearse_row {
	const char *name; /* "inbound-syn" */
	const char *question; /* for people */
	enum v6d_rehearse_state state;
	char text[160]; /* what was seen */
	unsigned ms;
};

struct v6d_rehearse_report {
	unsigned n, n_failed, n_unknown;
	struct v6d_rehearse_row row[V6D_REHEARSE_ROWS];
	unsigned up_ms, duration_ms;
	char trouble[512]; /* it did not even come up; "" */
	int exit_status; /* of the set-up's process */
};

struct v6d_rehearse_conf {
	struct v6d_profile *profile; /* [lan] is filled in where empty */
	const char *password;
	int host_fd; /* outer sockets; -1: our own namespace */
	/* Where somebody outside lives who can send to the tunnel's prefix;
	 * -1: packets are put into the tunnel's end. */
	int outside_ns;
	const char *broken; /* a step made wrong on purpose, or NULL */
	bool verbose; /* the set-up's own words on standard error */
};

/*
 * Returns 0 with a report, or -errno with words in ret->trouble: -EINVAL: no
 * step of that name can be broken; -EPERM: no right to make namespaces.
 */
int v6d_rehearse(
    const struct v6d_rehearse_conf *conf, struct v6d_rehearse_report *ret);

/* The n-th step that can be broken, with what is done; NULL at the end. */
const char *v6d_rehearse_breakable(unsigned n, const char **ret_what);

#endif
