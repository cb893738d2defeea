/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * index.c - tunnels by what their packets carry: one hash table, whose
 * entries are held against the tunnel itself.
 */
#include "flow/index.h"

#include "flow/track.h"

#define FIRST 64 /* entries */

static uint32_t
stir(uint32_t h, uint32_t word)
{
	h = (h ^ word) * 0x9e3779b1u;
	return h ^ h >> 15;
}

static uint32_t
hash_addr(const struct v6d_addr *a)
{
	size_t n = a->family == 4 ? 4 : sizeof(a->b);
	uint32_t h = a->family, word;

	for (size_t i = 0; i < n; i += sizeof(word)) {
		memcpy(&word, a->b + i, sizeof(word));
		h = stir(h, word);
	}
	return h;
}

/* A pair's is the same for both directions. */
uint32_t
v6d_index_hash(const struct v6d_index_key *k)
{
	uint32_t from = hash_addr(k->from), to = hash_addr(k->to);

	if (k->kind == V6D_INDEX_PAIR)
		return stir(from + to, k->kind);
	return stir(stir(from, to), (uint32_t)k->kind << 16 | k->id);
}

static bool
goes(const struct v6d_tunnel *t, const struct v6d_index_key *k, enum v6d_dir d)
{
	const struct v6d_addr *from = d ? &t->v.server : &t->v.client;
	const struct v6d_addr *to = d ? &t->v.client : &t->v.server;

	return v6d_addr_eq(from, k->from) && v6d_addr_eq(to, k->to);
}

static bool
carries(
    const struct v6d_tunnel *t, const struct v6d_index_key *k, enum v6d_dir d)
{
	const struct v6d_view_control *c = &t->v.control;

	return c->call_id_known[d] && c->call_id[d] == k->id && goes(t, k, d);
}

static bool
fits(const struct v6d_tunnel *t, const struct v6d_index_key *k)
{
	switch (k->kind) {
	case V6D_INDEX_PAIR:
		return goes(t, k, V6D_DIR_OUT) || goes(t, k, V6D_DIR_IN);
	case V6D_INDEX_PORT:
		return !t->v.gre_only && t->v.client_port == k->id &&
		       goes(t, k, V6D_DIR_OUT);
	case V6D_INDEX_CALL:
		return carries(t, k, V6D_DIR_OUT) || carries(t, k, V6D_DIR_IN);
	}
	return false;
}

struct v6d_tunnel *
v6d_index_find_hash(
    const struct v6d_index *x, const struct v6d_index_key *key, uint32_t hash)
{
	for (size_t i = hash; x->cap > 0; i++) {
		const struct v6d_index_entry *e = &x->entries[i & (x->cap - 1)];

		if (!e->tunnel)
			break;
		if (e->hash == hash && fits(e->tunnel, key))
			return e->tunnel;
	}
	return NULL;
}

struct v6d_tunnel *
v6d_index_find(const struct v6d_index *x, const struct v6d_index_key *key)
{
	return v6d_index_find_hash(x, key, v6d_index_hash(key));
}

const struct v6d_index_entry *
v6d_index_home(const struct v6d_index *x, uint32_t hash)
{
	return x->cap > 0 ? &x->entries[hash & (x->cap - 1)] : NULL;
}

struct v6d_tunnel *
v6d_index_guess(const struct v6d_index *x, uint32_t hash)
{
	for (size_t i = hash; x->cap > 0; i++) {
		const struct v6d_index_entry *e = &x->entries[i & (x->cap - 1)];

		if (!e->tunnel || e->hash == hash)
			return e->tunnel;
	}
	return NULL;
}

/* Where the key's entry is, or a free one. */
static struct v6d_index_entry *
place(struct v6d_index *x, uint32_t hash, const struct v6d_index_key *key)
{
	for (size_t i = hash;; i++) {
		struct v6d_index_entry *e = &x->entries[i & (x->cap - 1)];

		if (!e->tunnel ||
		    (key && e->hash == hash && fits(e->tunnel, key)))
			return e;
	}
}

static bool
grow(struct v6d_index *x)
{
	struct v6d_index larger = {
		.pool = x->pool, .cap = x->cap ? 2 * x->cap : FIRST, .n = x->n
	};

	larger.entries =
	    v6d_pool_take(x->pool, larger.cap * sizeof(larger.entries[0]));
	if (!larger.entries)
		return false;
	for (size_t i = 0; i < x->cap; i++)
		if (x->entries[i].tunnel)
			*place(&larger, x->entries[i].hash, NULL) =
			    x->entries[i];
	v6d_pool_give(x->pool, x->entries, x->cap * sizeof(x->entries[0]));
	*x = larger;
	return true;
}

bool
v6d_index_put(
    struct v6d_index *x, const struct v6d_index_key *key, struct v6d_tunnel *t)
{
	uint32_t hash = v6d_index_hash(key);
	struct v6d_index_entry *e;

	if (x->n >= x->cap / 4 * 3 && !grow(x))
		return false;
	e = place(x, hash, key);
	if (e->tunnel && e->tunnel->number > t->number)
		return true;
	x->n += !e->tunnel;
	*e = (struct v6d_index_entry){ t, hash };
	return true;
}
