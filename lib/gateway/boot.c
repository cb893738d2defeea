/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boot.c - which kernel and which namespace a journal was written in. */
#include "gateway/boot.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/netns.h"

const char *
v6d_boot_id(char *buf, size_t n)
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? 0 : read(fd, buf, n - 1);

	if (fd >= 0)
		close(fd);
	buf[got > 0 ? got : 0] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	return buf;
}

/* v6doctor VERSION BOOT NETNS PID STARTED SERVER TUNNEL FOLDER */
struct v6d_record
v6d_boot_record(struct v6d_boot_words *w, int ns_fd, const char *server,
    const char *tunnel, const char *folder)
{
	struct v6d_record r = { V6D_BOOT_WORDS,
		{ "v6doctor", V6D_BOOT_VERSION, w->id, w->netns, w->pid,
		    w->started, server, tunnel, folder } };

	v6d_boot_id(w->id, sizeof(w->id));
	v6d_netns_name(ns_fd, w->netns, sizeof(w->netns));
	snprintf(w->pid, sizeof(w->pid), "%ld", (long)getpid());
	snprintf(w->started, sizeof(w->started), "%llu",
	    (unsigned long long)v6d_clock_unix());
	return r;
}

struct v6d_boot
v6d_boot_of(const struct v6d_journal *j, int ns_fd)
{
	const struct v6d_record *r = &j->e[0].r;
	struct v6d_boot b = { 0 };
	char id[V6D_BOOT_ID], netns[64];

	if (j->n == 0 || r->n < V6D_BOOT_WORDS ||
	    strcmp(r->word[0], "v6doctor") != 0 ||
	    strcmp(r->word[1], V6D_BOOT_VERSION) != 0)
		return b;
	b.known = true;
	b.same_boot =
	    strcmp(r->word[2], v6d_boot_id(id, sizeof(id))) == 0 && id[0];
	b.same_netns = strcmp(r->word[3],
			   v6d_netns_name(ns_fd, netns, sizeof(netns))) == 0;
	b.pid = strtol(r->word[4], NULL, 10);
	b.started = strtoull(r->word[5], NULL, 10);
	b.server = r->word[6];
	b.tunnel = r->word[7];
	b.folder = r->word[8];
	return b;
}
