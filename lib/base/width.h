/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * width.h - how many columns of a terminal UTF-8 text takes (Unicode UAX #11:
 * wide and full-width characters two, combining ones none, others one).
 */
#ifndef V6D_BASE_WIDTH_H
#define V6D_BASE_WIDTH_H

#include <stdint.h>
#include <stddef.h>

/*
 * The character at s, which is not at its end; *ret_len its bytes. A byte that
 * is no UTF-8 counts as U+FFFD and one byte.
 */
uint32_t v6d_width_char(const char *s, size_t *ret_len);

/* 0, 1 or 2 columns. */
unsigned v6d_width_of(uint32_t c);

/* Columns of the first n bytes of s, or of all up to its NUL. */
unsigned v6d_width_n(const char *s, size_t n);
unsigned v6d_width(const char *s);

#endif
