/* SPDX-License-Identifier: GPL-2.0-or-later */
/* radvd_text.h - radvd's configuration from what shall be advertised. */
#ifndef V6D_IO_RADVD_TEXT_H
#define V6D_IO_RADVD_TEXT_H

#include "base/text.h"
#include "proto/nd.h"

/*
 * Appends one interface: an advertisement at least every interval_s seconds
 * (only_asked: none but those that are asked for), with lifetime, MTU (0:
 * none), prefixes and resolvers of ra.
 */
void v6d_radvd_text(struct v6d_text *t, const char *ifname, unsigned interval_s,
    bool only_asked, const struct v6d_ra *ra);

#endif
