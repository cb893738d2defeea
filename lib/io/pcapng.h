/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pcapng.h - pcapng files block by block (draft-ietf-opsawg-pcapng): several
 * interfaces, each with its own link type and clock, which libpcap refuses.
 */
#ifndef V6D_IO_PCAPNG_H
#define V6D_IO_PCAPNG_H

#include "base/captured.h"
#include "io/window.h"

#define V6D_PCAPNG_FIRST 0x0a /* a pcapng file's first byte; no pcap's */

struct v6d_pcapng; /* opaque */

/* NULL: no memory. */
struct v6d_pcapng *v6d_pcapng_new(void);
void v6d_pcapng_free(struct v6d_pcapng *g);

/*
 * The next packet in the window, of any interface: 1 and *ret_p, 0 at the
 * end, -EAGAIN where the window is held and has none, or -EBADMSG and a
 * message where the file is damaged or (at its start) no pcapng.
 */
int v6d_pcapng_next(struct v6d_pcapng *g, struct v6d_window *w,
    struct v6d_captured *ret_p, char *message, size_t n);

#endif
