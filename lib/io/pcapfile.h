/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pcapfile.h - pcap files as they are written today: version 2.4, micro- or
 * nanoseconds, either byte order (draft-ietf-opsawg-pcap). All others are
 * libpcap's.
 */
#ifndef V6D_IO_PCAPFILE_H
#define V6D_IO_PCAPFILE_H

#include "base/captured.h"
#include "io/window.h"

#define V6D_PCAPFILE_HEAD 24 /* bytes of a file's header */

struct v6d_pcapfile {
	bool swapped; /* big endian */
	bool nano; /* seconds are divided in nanoseconds */
	uint32_t snaplen, linktype;
};

/* True: n bytes begin such a file, of a link type that is read here. */
bool v6d_pcapfile_is(const uint8_t *p, size_t n, struct v6d_pcapfile *ret_file);

/*
 * The next packet, in the window behind the file's header: 1 and *ret_p, 0
 * at the end, -EAGAIN where the window is held and has none, or -EBADMSG and
 * a message (n bytes).
 */
int v6d_pcapfile_next(const struct v6d_pcapfile *c, struct v6d_window *w,
    struct v6d_captured *ret_p, char *message, size_t n);

#endif
