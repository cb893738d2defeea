/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.h - a report as one pcapng file: the trace's lines in comments of the
 * section, the packets behind it. Every pcapng program opens it.
 */
#ifndef V6D_TRACE_FILE_H
#define V6D_TRACE_FILE_H

#include "trace/packets.h"

struct v6d_trace_bytes {
	uint8_t *p;
	size_t n, cap;
	bool failed; /* no memory */
};

/*
 * Appends the whole file to *ret (p: free() it). Packets may be NULL; to their
 * times `epoch` is added. False: no memory.
 */
bool v6d_trace_file_write(const char *text, size_t n, const char *program,
    const struct v6d_packets *packets, v6d_ns epoch,
    struct v6d_trace_bytes *ret);

/* True: these first bytes of a file (48 or more) are a report's. */
bool v6d_trace_file_is(const uint8_t *p, size_t n);

/*
 * The lines of a report file, NUL-terminated; free() them. What is damaged
 * ends them; message (n_message bytes) says how, or is "". NULL: no report,
 * or no memory.
 */
char *v6d_trace_file_read(const uint8_t *p, size_t n, size_t *ret_len,
    char *message, size_t n_message);

#endif
