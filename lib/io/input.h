/* SPDX-License-Identifier: GPL-2.0-or-later */
/* input.h - files to read: plain or packed, or standard input. */
#ifndef V6D_IO_INPUT_H
#define V6D_IO_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Opens a file ("-": standard input) and, where it is packed (unpack.h),
 * unpacks it while it is read. NULL and errno where it cannot be opened.
 */
FILE *v6d_input_open(const char *path);

/* The next bytes, which stay there to be read; fewer at the end. n <= 64. */
size_t v6d_input_peek(FILE *f, uint8_t *buf, size_t n);

/* All that is left, of at most `ceiling` bytes; free() *ret. Returns 0 or
 * -errno, -EFBIG: it is larger. */
int v6d_input_all(FILE *f, size_t ceiling, uint8_t **ret, size_t *ret_n);

/* Standard input stays open. */
void v6d_input_close(FILE *f);

#endif
