/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sysctl.h - numbers below /proc/sys, in a namespace (-1: our own). */
#ifndef V6D_IO_SYSCTL_H
#define V6D_IO_SYSCTL_H

#include <stdint.h>

/* path: "net/ipv6/conf/all/forwarding". Returns 0 or -errno. */
int v6d_sysctl_read(int ns_fd, const char *path, int64_t *ret_value);
int v6d_sysctl_write(int ns_fd, const char *path, int64_t value);

/*
 * Makes the private namespace behave towards router advertisements and
 * forwarding as the host would: net/ipv6/conf/{all,default} are copied. Where
 * the host has an interface `ifname` (the tunnel's name in the profile; NULL:
 * none) its values win, so that the tunnel made afterwards inherits them.
 * Call it before the tunnel's device is made. A key that one of the two
 * kernels does not have is left out and counted in *ret_missing (or NULL).
 */
int v6d_sysctl_mirror_ipv6(
    int host_fd, int private_fd, const char *ifname, unsigned *ret_missing);

/* Copies the same keys of one interface that both have by that name. */
int v6d_sysctl_mirror_if(int host_fd, int private_fd, const char *ifname);

#endif
