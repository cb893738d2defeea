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

static void
keep(struct v6d_pool *p, void *piece, size_t n)
{
	struct v6d_pool_piece *k = piece;
	size_t u = units(n);

	if (n == 0 || n > V6D_POOL_KEPT)
		return;
	k->next = p->given[u];
	p->given[u] = k;
	p->sizes[u / 64] |= (uint64_t)1 << u % 64;
}

/* The smallest size of at least u units that there is; 0: none. */
static size_t
at_least(const struct v6d_pool *p, size_t u)
{
	uint64_t bits = p->sizes[u / 64] >> u % 64 << u % 64;

	for (size_t i = u / 64;;) {
		if (bits)
			return i * 64 + (size_t)__builtin_ctzll(bits);
		if (++i == sizeof(p->sizes) / sizeof(p->sizes[0]))
			return 0;
		bits = p->sizes[i];
	}
}

static void *
again(struct v6d_pool *p, size_t n)
{
	size_t u = units(n), has;
	struct v6d_pool_piece *piece;

	has = n > 0 && n <= V6D_POOL_KEPT ? at_least(p, u) : 0;
	if (has == 0)
		return NULL;
	piece = p->given[has];
	p->given[has] = piece->next;
	if (!piece->next)
		p->sizes[has / 64] &= ~((uint64_t)1 << has % 64);
	keep(
	    p, (uint8_t *)piece + u * V6D_POOL_UNIT, (has - u) * V6D_POOL_UNIT);
	return piece;
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

/* The piece of n bytes that will be cut next begins with a line, or not. */
static void
align(struct v6d_pool *p, size_t n)
{
	size_t over = (uintptr_t)p->at % V6D_POOL_LINE;
	size_t skip = over ? V6D_POOL_LINE - over : 0;

	if (n == 0 || n % V6D_POOL_LINE != 0 || p->left < skip)
		return;
	keep(p, p->at, skip);
	p->at += skip;
	p->left -= skip;
}

static void *
cut(struct v6d_pool *p, size_t n)
{
	void *piece;

	n = units(n) * V6D_POOL_UNIT;
	align(p, n);
	if (p->left < n) {
		next_block(p, n + V6D_POOL_LINE);
		align(p, n);
	}
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

/* Few of what is large; then half as many again. */
static unsigned
next_cap(unsigned cap, size_t entry)
{
	if (cap == 0)
		return entry > V6D_POOL_LARGE ? 1 : V6D_POOL_FIRST;
	return cap > 1 ? cap + cap / 2 : 2;
}

void *
v6d_pool_room(struct v6d_pool *p, void *table, unsigned n, uint16_t *cap,
    unsigned most, size_t entry)
{
	unsigned more = next_cap(*cap, entry);
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
