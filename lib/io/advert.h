/* SPDX-License-Identifier: GPL-2.0-or-later */
/* advert.h - one router advertisement, sent by this program itself. */
#ifndef V6D_IO_ADVERT_H
#define V6D_IO_ADVERT_H

#include "proto/nd.h"

/*
 * Sends it to all nodes on an interface's link, from its link-local address.
 * What takes back what another program advertised. Returns 0 or -errno;
 * -EADDRNOTAVAIL: the interface has no such address.
 */
int v6d_advert_send(int ns_fd, const char *ifname, const struct v6d_ra *ra);

#endif
