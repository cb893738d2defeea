/* SPDX-License-Identifier: GPL-2.0-or-later */
/* path.h - the tunnel's path drawn in a few lines, with a mark at the break. */
#ifndef V6D_REPORT_PATH_H
#define V6D_REPORT_PATH_H

#include "report/paint.h"

/*
 *   this host ======= routers <<=X=<< PPTP server ======= IPv6
 *   192.168.0.2                       203.0.113.10
 *                                ^ here, towards this host
 */
void v6d_path_draw(struct v6d_paint *p, const struct v6d_report *r);

/* Places along the path: three stretches between four nodes. */
enum v6d_place {
	V6D_AT_HOST,
	V6D_TO_ROUTER,
	V6D_TO_SERVER,
	V6D_AT_SERVER,
	V6D_BEYOND,
	V6D_NO_PLACE,
};

/* Where the path breaks, for every drawing of it. */
struct v6d_break {
	enum v6d_place place;
	const char *direction; /* "in", "out", "both", "unknown" or NULL */
	const struct v6d_finding *finding; /* NULL: undecided, or none */
};

struct v6d_break v6d_path_break(const struct v6d_diagnosis *d);

/* "here, towards this host": what stands at the mark. */
const char *v6d_path_mark(const struct v6d_break *b);

/* The stretch was seen to carry something to its end. */
bool v6d_path_passed(const struct v6d_diagnosis *d, enum v6d_place stretch);

#endif
