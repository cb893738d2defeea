/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lines.h - bytes of a pasted text to clean lines. */
#ifndef V6D_PASTE_LINES_H
#define V6D_PASTE_LINES_H

#include "paste/paste.h"

/* Fills mem; returns the number of lines, *ret_lost those without room. */
size_t v6d_paste_lines(
    const uint8_t *text, size_t n, struct v6d_paste_mem *mem, size_t *ret_lost);

#endif
