/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boot.h - what a setting of the kernel will be after the next start of this
 * host, by the files that are read then. Nothing is changed.
 */
#ifndef V6D_IO_BOOT_H
#define V6D_IO_BOOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The last word on one setting. */
struct v6d_boot {
	bool said;
	int64_t value;
	unsigned order; /* of two, the one with more is carried out later */
	char where[160]; /* "/etc/sysctl.d/10-x.conf:3" */
};

/*
 * What files below root ("" or NULL: the host's own) say of a path below
 * /proc/sys ("net/ipv6/conf/ppp0/accept_ra"): /etc/sysctl.d, /run/sysctl.d,
 * /usr/local/lib/sysctl.d, /usr/lib/sysctl.d in the order of systemd-sysctl
 * (sysctl.d(5)), or, where systemd does not run the host, in that of "sysctl
 * --system" with /etc/sysctl.conf last. Of forwarding and disable_ipv6 "all"
 * counts for every interface, and "default" for those that come later. For
 * interfaces then the files of systemd-networkd (systemd.network(5)) and the
 * profiles of NetworkManager (nm-settings-keyfile(5)). *ret_unread: a file
 * says it that is not read, ret->where.
 */
void v6d_boot_setting(
    const char *root, const char *path, struct v6d_boot *ret, bool *ret_unread);

/* ---- its parts ---- */

/* The files of several folders (with root before them), by name; a name of an
 * earlier folder hides that of a later. Calls each for every path. */
void v6d_boot_files(const char *root, const char *const *folders, size_t n,
    const char *ending,
    void (*each)(void *arg, const char *root, const char *path), void *arg);

/* The lines of one file, trimmed, without comments; numbered from 1. */
void v6d_boot_lines(const char *root, const char *path,
    void (*each)(void *arg, char *line, unsigned number), void *arg);

/* boot_link.c: what networkd and NetworkManager make of it. */
void v6d_boot_link(
    const char *root, const char *ifname, const char *key, struct v6d_boot *b);

#endif
