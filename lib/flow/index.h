/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * index.h - tunnels by what their packets carry: two addresses, a port, a
 * call id. Only lib/flow includes this.
 */
#ifndef V6D_FLOW_INDEX_H
#define V6D_FLOW_INDEX_H

#include "base/addr.h"
#include "base/pool.h"

struct v6d_tunnel;

/* What a tunnel is looked for by. */
struct v6d_index_key {
	enum v6d_index_kind {
		V6D_INDEX_PAIR, /* two hosts, in any order */
		V6D_INDEX_PORT, /* client, its port, server */
		V6D_INDEX_CALL, /* sender, receiver, the call id in GRE */
	} kind;
	const struct v6d_addr *from, *to;
	uint16_t id; /* port or call id; of a pair: 0 */
};

struct v6d_index_entry {
	struct v6d_tunnel *tunnel;
	uint32_t hash;
};

struct v6d_index {
	struct v6d_pool *pool;
	size_t cap, n; /* a power of two; at most three quarters are used */
	struct v6d_index_entry *entries;
};

/* The newest tunnel that was put there for this key, or NULL. */
struct v6d_tunnel *
v6d_index_find(const struct v6d_index *x, const struct v6d_index_key *key);
/* The same where the key's hash is known already. */
struct v6d_tunnel *v6d_index_find_hash(
    const struct v6d_index *x, const struct v6d_index_key *key, uint32_t hash);

/* ---- what a search will touch, to have it fetched before ---- */

uint32_t v6d_index_hash(const struct v6d_index_key *key);
/* Where the search for a hash begins; NULL: nowhere. */
const struct v6d_index_entry *
v6d_index_home(const struct v6d_index *x, uint32_t hash);
/* The first tunnel with that hash, of which nothing is looked at; or NULL. */
struct v6d_tunnel *v6d_index_guess(const struct v6d_index *x, uint32_t hash);

/*
 * Puts a tunnel there, which must fit the key, unless a newer one is there.
 * False: no memory.
 */
bool v6d_index_put(
    struct v6d_index *x, const struct v6d_index_key *key, struct v6d_tunnel *t);

#endif
