/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnels.h - the tunnels of a capture as a table, and where it was taken. */
#ifndef V6D_REPORT_TUNNELS_H
#define V6D_REPORT_TUNNELS_H

#include "report/paint.h"

/* Above so many no tunnel's own report follows the table. */
#define V6D_TUNNELS_FEW 20

/* How many of them are at fault, and a table: the worst first. */
void
v6d_tunnels_draw(struct v6d_paint *p, const struct v6d_report *r, bool verbose);

/* "Captured beside the client; the server is 3 routers away." A line. */
void v6d_position_draw(struct v6d_paint *p, const struct v6d_report *r);

#endif
