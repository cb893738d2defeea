/* SPDX-License-Identifier: GPL-2.0-or-later */
/* charset.h - texts in the character sets of Japanese systems, as UTF-8. */
#ifndef V6D_IO_CHARSET_H
#define V6D_IO_CHARSET_H

#include <stddef.h>
#include <stdint.h>

/*
 * What a Japanese Windows writes to a file (code page 932, Shift-JIS) and old
 * Unix systems did (EUC-JP) becomes UTF-8 in *ret (free() it). NULL: the text
 * is UTF-8, UTF-16 or in another set, and is to be taken as it is; or there is
 * no memory.
 */
uint8_t *v6d_charset_japanese(const uint8_t *text, size_t n, size_t *ret_n);

#endif
