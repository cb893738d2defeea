/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ctstats.h - what the kernel's connection tracking of a namespace has turned
 * away so far, all processors together. Read before and after, it tells what
 * was turned away meanwhile. Reading it loads no module of the kernel's.
 */
#ifndef V6D_IO_CTSTATS_H
#define V6D_IO_CTSTATS_H

#include <stdint.h>

/* Numbers of 32 bits, as the kernel counts; they wrap. */
struct v6d_ctstats {
	uint32_t drop; /* packets, for whatever reason */
	uint32_t insert_failed; /* those of them whose entry met one of the
				   same addresses and ports */
	uint32_t early_drop; /* entries thrown out to make room */
};

/*
 * Of "/proc/net/stat/nf_conntrack": its first line names the columns. 0 or
 * -EINVAL: it does not.
 */
int v6d_ctstats_parse(const char *text, struct v6d_ctstats *ret);

/* Of a namespace (-1: our own). 0 or -errno. -ENOENT: it does not tell. */
int v6d_ctstats_read(int ns_fd, struct v6d_ctstats *ret);

/* What was turned away between the two. */
struct v6d_ctstats_grew {
	uint32_t refused; /* packets for whose entry there was no room */
	uint32_t failed; /* whose entry met another */
	uint32_t evicted;
};

struct v6d_ctstats_grew v6d_ctstats_compare(
    const struct v6d_ctstats *before, const struct v6d_ctstats *after);

#endif
