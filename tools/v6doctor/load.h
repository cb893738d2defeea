/* SPDX-License-Identifier: GPL-2.0-or-later */
/* load.h - a profile and its password for a command, or a message. */
#ifndef V6D_TOOLS_LOAD_H
#define V6D_TOOLS_LOAD_H

#include "io/profile.h"

/* Reads the file at path. 0, or an exit status; the message is out. */
int v6d_load_profile(
    const char *command, const char *path, struct v6d_profile *ret);

/*
 * [tunnel]'s password: from the file that it names, else from the terminal;
 * never from the command line. 0, or an exit status; the message is out.
 */
int v6d_load_password(
    const char *command, const struct v6d_profile *p, char *ret, size_t n);

#endif
