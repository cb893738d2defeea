/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pcapng.h - pcapng files block by block (draft-ietf-opsawg-pcapng): several
 * interfaces, each with its own link type and clock, which libpcap refuses.
 */
#ifndef V6D_IO_PCAPNG_H
#define V6D_IO_PCAPNG_H

#include <stdio.h>

#include "io/capture.h"

#define V6D_PCAPNG_FIRST 0x0a /* a pcapng file's first byte; no pcap's */

struct v6d_pcapng; /* opaque */

/* Takes over f (closed by v6d_pcapng_free). NULL: no memory. */
struct v6d_pcapng *v6d_pcapng_new(FILE *f);
void v6d_pcapng_free(struct v6d_pcapng *g);

/*
 * The next packet, of any interface: 1 and *ret_p, 0 at the end, -EBADMSG
 * and a message where the file is damaged or (at its start) no pcapng.
 */
int v6d_pcapng_next(
    struct v6d_pcapng *g, struct v6d_captured *ret_p, char *message, size_t n);

#endif
