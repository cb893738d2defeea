/* SPDX-License-Identifier: GPL-2.0-or-later */
/* capture.h - packets of a capture file (pcap, pcapng), in their order. */
#ifndef V6D_IO_CAPTURE_H
#define V6D_IO_CAPTURE_H

#include <stdio.h>

#include "base/captured.h"

#define V6D_CAPTURE_MESSAGE 200

struct v6d_capture; /* opaque */

/*
 * Opens a file, or standard input for "-". Returns 0 and the capture in
 * *ret_c, or: -errno of opening it; -EBADMSG: it is no capture, -ENOTSUP: one
 * that cannot be read here; then message says what is wrong with it (at most
 * n bytes).
 */
int v6d_capture_open(
    const char *path, struct v6d_capture **ret_c, char *message, size_t n);

/* The same of a file that is open (io/input.h); it is taken over. */
int
v6d_capture_of(FILE *f, struct v6d_capture **ret_c, char *message, size_t n);

/*
 * The next packet: 1 and *ret_p, or 0 at the end, or -EBADMSG where the file
 * is damaged: then message says how, and nothing more can be read. Its bytes
 * are valid until the next call.
 */
int v6d_capture_next(
    struct v6d_capture *c, struct v6d_captured *ret_p, char *message, size_t n);

/*
 * The next packets, as many of them as are at hand, at least one and at most
 * `most`: how many, or as v6d_capture_next. All are valid until the next call.
 */
int v6d_capture_some(struct v6d_capture *c, struct v6d_captured *ret_p,
    size_t most, char *message, size_t n);

/* Says in message that no packet of that link type can be read: -ENOTSUP. */
int v6d_capture_unknown_link(uint32_t linktype, char *message, size_t n);

/* Closes it; NULL is fine. */
void v6d_capture_close(struct v6d_capture *c);

#endif
