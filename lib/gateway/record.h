/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record.h - one line of a journal: words, escaped so that a word may hold
 * anything, with a checksum behind them. A line that was torn by a crash or
 * damaged later is told from a good one.
 */
#ifndef V6D_GATEWAY_RECORD_H
#define V6D_GATEWAY_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define V6D_RECORD_WORDS 64
#define V6D_RECORD_LINE 65536 /* bytes, newline included */

/* word[0] says what kind of record it is. */
struct v6d_record {
	unsigned n;
	const char *word[V6D_RECORD_WORDS];
};

/*
 * Writes a whole line with its newline and a NUL. Returns its length without
 * the NUL, or 0: it does not fit, or has no word.
 */
size_t v6d_record_encode(const struct v6d_record *r, char *buf, size_t n);

/*
 * Reads one line in place (the words are pieces of it). end: where the
 * newline stands. False: torn, damaged, or no record at all.
 */
bool v6d_record_decode(char *line, char *end, struct v6d_record *ret);

#endif
