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

#endif
