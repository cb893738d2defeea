/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nearest.h - names that a mistyped one may have meant. */
#ifndef V6D_TOOLS_NEAREST_H
#define V6D_TOOLS_NEAREST_H

#include <stddef.h>

/*
 * Up to max names of causes and probes that are close to `what`, the closest
 * first, as static strings. Returns how many; 0 when none is near.
 */
size_t v6d_nearest(const char *what, const char **ret_names, size_t max);

#endif
