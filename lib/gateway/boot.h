/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boot.h - which kernel and which namespace a journal was written in. */
#ifndef V6D_GATEWAY_BOOT_H
#define V6D_GATEWAY_BOOT_H

#include <stdbool.h>
#include <stddef.h>

#include "gateway/journal.h"

#define V6D_BOOT_ID 40
#define V6D_BOOT_VERSION "1"

/* The boot's id; "" where the kernel tells none. Returns buf. */
const char *v6d_boot_id(char *buf, size_t n);

/* What the first record of a journal says. */
struct v6d_boot {
	bool known; /* it is a first record that we can read */
	bool same_boot, same_netns;
	long pid;
	const char *server, *tunnel, *folder; /* pieces of the record */
	unsigned long long started; /* ns, unix time */
};

#define V6D_BOOT_WORDS 9
/*
 * Makes the first record; its words are pieces of the buffers and of what was
 * handed in.
 */
struct v6d_boot_words {
	char id[V6D_BOOT_ID], netns[64], pid[16], started[24];
};
struct v6d_record v6d_boot_record(struct v6d_boot_words *w, int ns_fd,
    const char *server, const char *tunnel, const char *folder);

struct v6d_boot v6d_boot_of(const struct v6d_journal *j, int ns_fd);

#endif
