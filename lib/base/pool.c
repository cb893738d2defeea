/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pool.c - memory for many small tables that grow. */
#include "base/pool.h"

#include <string.h>

struct v6d_pool_piece {
	struct v6d_pool_piece *next;
};

void
v6d_pool_init(struct v6d_pool *p, void *block, size_t n)
{
	memset(p, 0, sizeof(*p));
	p->at = block;
	p->left = n;
}

static size_t
units(size_t n)
{
	return (n + V6D_POOL_UNIT - 1) / V6D_POOL_UNIT;
}

static void *
again(struct v6d_pool *p, size_t n)
{
	struct v6d_pool_piece *piece;

	if (n > V6D_POOL_KEPT)
		return NULL;
	piece = p->given[units(n)];
	if (piece)
		p->given[units(n)] = piece->next;
	return piece;
}

static void
keep(struct v6d_pool *p, void *piece, size_t n)
{
	struct v6d_pool_piece *k = piece;

	if (n == 0 || n > V6D_POOL_KEPT)
		return;
	k->next = p->given[units(n)];
	p->given[units(n)] = k;
}

/* Pieces are cut from here on; the rest of before is kept for small ones. */
static void
cut_from(struct v6d_pool *p, void *block, size_t n)
{
	keep(p, p->at, p->left / V6D_POOL_UNIT * V6D_POOL_UNIT);
	p->at = block;
	p->left = n;
}

void
v6d_pool_give(struct v6d_pool *p, void *piece, size_t n)
{
	n = units(n) * V6D_POOL_UNIT;
	if (n > V6D_POOL_KEPT && n > p->left)
		cut_from(p, piece, n);
	else if (piece)
		keep(p, piece, n);
}

static void
next_block(struct v6d_pool *p, size_t n)
{
	size_t got = 0;
	void *block = p->more ? p->more(p->arg, n, &got) : NULL;

	if (block)
		cut_from(p, block, got);
}

static void *
cut(struct v6d_pool *p, size_t n)
{
	void *piece;

	n = units(n) * V6D_POOL_UNIT;
	if (p->left < n)
		next_block(p, n);
	if (p->left < n)
		return NULL;
	piece = p->at;
	p->at += n;
	p->left -= n;
	return piece;
}

void *
v6d_pool_take(struct v6d_pool *p, size_t n)
{
	void *piece = again(p, n);

	if (!piece)
		piece = cut(p, n);
	if (piece)
		memset(piece, 0, n);
	else
		p->n_refused++;
	return piece;
}

/* Few of what is large. */
static unsigned
first_of(size_t entry)
{
	return entry > V6D_POOL_LARGE ? 1 : V6D_POOL_FIRST;
}

void *
v6d_pool_room(struct v6d_pool *p, void *table, unsigned n, uint16_t *cap,
    unsigned most, size_t entry)
{
	unsigned more = *cap ? 2u * *cap : first_of(entry);
	void *larger;

	if (n < *cap || *cap >= most)
		return table;
	if (more > most)
		more = most;
	larger = v6d_pool_take(p, more * entry);
	if (!larger)
		return table;
	if (n > 0)
		memcpy(larger, table, n * entry);
	v6d_pool_give(p, table, *cap * entry);
	*cap = (uint16_t)more;
	return larger;
}
