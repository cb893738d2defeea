/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pool.h - memory for many small tables that grow, cut from blocks that the
 * caller gives. What is given back is used again, whole or in parts; the
 * blocks themselves stay the caller's.
 */
#ifndef V6D_BASE_POOL_H
#define V6D_BASE_POOL_H

#include <stddef.h>
#include <stdint.h>

#define V6D_POOL_UNIT 8 /* bytes; all sizes are multiples of it */
#define V6D_POOL_LINE 64 /* pieces of multiples of it are aligned to it */
#define V6D_POOL_LINES(n) \
	(((n) + V6D_POOL_LINE - 1) / V6D_POOL_LINE * V6D_POOL_LINE)
#define V6D_POOL_KEPT 8192 /* larger pieces are cut, not kept as they are */
#define V6D_POOL_FIRST 4 /* entries of a table's first piece; of large ones 1 */
#define V6D_POOL_LARGE 48 /* bytes; larger entries are large */

struct v6d_pool_piece;

struct v6d_pool {
	uint8_t *at; /* the rest of the newest block */
	size_t left;
	/* A block of at least n bytes, aligned as malloc aligns, and its size;
	   NULL: there is no memory. `more` is NULL where none is to be had. */
	void *(*more)(void *arg, size_t n, size_t *ret_n);
	void *arg;
	uint64_t n_refused; /* asked for, and there was no memory */
	/* by size in units, and which of these sizes there are: a bit each */
	struct v6d_pool_piece *given[V6D_POOL_KEPT / V6D_POOL_UNIT + 1];
	uint64_t sizes[V6D_POOL_KEPT / V6D_POOL_UNIT / 64 + 1];
};

/* Starts with one block (n bytes, aligned as malloc aligns) and no more. */
void v6d_pool_init(struct v6d_pool *p, void *block, size_t n);

/* n bytes of zeros, or NULL (and counted). */
void *v6d_pool_take(struct v6d_pool *p, size_t n);

/*
 * Takes back what v6d_pool_take gave for n. A table that grew leaves pieces
 * that nothing of its kind needs again: they serve smaller ones.
 */
void v6d_pool_give(struct v6d_pool *p, void *piece, size_t n);

/*
 * A table (NULL: none yet) of *cap entries, of which n are used, with room
 * for one more: the table itself, or a larger copy of it, with zeros behind.
 * Where `most` entries are reached or memory is short, the table itself, and
 * n is still *cap.
 */
void *v6d_pool_room(struct v6d_pool *p, void *table, unsigned n, uint16_t *cap,
    unsigned most, size_t entry);

#endif
