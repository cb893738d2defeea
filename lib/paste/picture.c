/* SPDX-License-Identifier: GPL-2.0-or-later */
/* picture.c - the tables of what was read; full ones count what they lose. */
#include "paste/impl.h"

#include <string.h>

/* Index of a new entry, or -1 when the table is full. */
static int
room(struct v6d_paste *p, unsigned *n, unsigned cap)
{
	if (*n == cap) {
		p->n_dropped++;
		return -1;
	}
	return (int)(*n)++;
}

int
v6d_put_if(struct v6d_paste *p, const char *name, struct v6d_at at)
{
	struct v6d_paste_if *f;
	int i;

	for (unsigned k = 0; k < p->n_ifs; k++)
		if (strncmp(p->ifs[k].name, name, V6D_PASTE_NAME - 1) == 0)
			return (int)k;
	i = room(p, &p->n_ifs, V6D_PASTE_IFS);
	if (i < 0)
		return -1;
	f = &p->ifs[i];
	*f = (struct v6d_paste_if){ .at = at };
	v6d_copy(f->name, sizeof(f->name), name);
	f->ppp = v6d_starts(name, "ppp") && v6d_is_digit(name[3]);
	f->loopback = strcmp(name, "lo") == 0 || strcmp(name, "lo0") == 0;
	return i;
}

struct v6d_paste_addr *
v6d_put_addr(
    struct v6d_paste *p, int ifi, const struct v6d_addr *a, struct v6d_at at)
{
	struct v6d_paste_addr *e;
	int i;

	if (ifi < 0 || (unsigned)ifi >= p->n_ifs)
		return NULL;
	if (a->family == 4) {
		p->v4_lines = true;
		p->ifs[ifi].v4_shown = true;
	} else {
		p->v6_lines = true;
		p->ifs[ifi].v6_shown = true;
	}
	for (unsigned k = 0; k < p->n_addrs; k++)
		if (p->addrs[k].ifi == (uint8_t)ifi &&
		    v6d_addr_eq(&p->addrs[k].addr, a))
			return &p->addrs[k];
	i = room(p, &p->n_addrs, V6D_PASTE_ADDRS);
	if (i < 0)
		return NULL;
	e = &p->addrs[i];
	*e = (struct v6d_paste_addr){ .ifi = (uint8_t)ifi,
		.addr = *a,
		.plen = -1,
		.valid_s = -1,
		.preferred_s = -1,
		.at = at };
	return e;
}

static bool
same_route(const struct v6d_paste_route *a, const struct v6d_paste_route *b)
{
	return a->is_default == b->is_default && a->dst.len == b->dst.len &&
	       v6d_addr_eq(&a->dst.addr, &b->dst.addr) && a->gw == b->gw &&
	       v6d_addr_eq(&a->gateway, &b->gateway) && a->link == b->link &&
	       strcmp(a->dev, b->dev) == 0 && a->reject == b->reject;
}

struct v6d_paste_route *
v6d_put_route(struct v6d_paste *p, const struct v6d_paste_route *like)
{
	int i;

	for (unsigned k = 0; k < p->n_routes; k++)
		if (same_route(&p->routes[k], like)) {
			struct v6d_at at = p->routes[k].at;

			p->routes[k] = *like;
			p->routes[k].at = at;
			return &p->routes[k];
		}
	i = room(p, &p->n_routes, V6D_PASTE_ROUTES);
	if (i < 0)
		return NULL;
	p->routes[i] = *like;
	return &p->routes[i];
}

void
v6d_routes_seen(struct v6d_paste *p, struct v6d_at at)
{
	if (!p->routes6_seen)
		p->routes6_at = at;
	p->routes6_seen = true;
}

void
v6d_put_sysctl(struct v6d_paste *p, const char *key, int64_t value,
    enum v6d_origin origin, struct v6d_at at)
{
	struct v6d_paste_sysctl *s;
	int i;

	for (unsigned k = 0; k < p->n_sysctls; k++) {
		s = &p->sysctls[k];
		if (s->origin == origin && s->at.piece == at.piece &&
		    s->at.line == at.line && strcmp(s->key, key) == 0) {
			s->value = value;
			return;
		}
	}
	i = room(p, &p->n_sysctls, V6D_PASTE_SYSCTLS);
	if (i < 0)
		return;
	s = &p->sysctls[i];
	*s = (struct v6d_paste_sysctl){
		.value = value, .origin = origin, .at = at
	};
	v6d_copy(s->key, sizeof(s->key), key);
}

struct v6d_paste_resolver *
v6d_put_resolver(
    struct v6d_paste *p, const struct v6d_addr *a, struct v6d_at at)
{
	int i;

	for (unsigned k = 0; k < p->n_resolvers; k++)
		if (v6d_addr_eq(&p->resolvers[k].addr, a))
			return &p->resolvers[k];
	i = room(p, &p->n_resolvers, V6D_PASTE_RESOLVERS);
	if (i < 0)
		return NULL;
	p->resolvers[i] = (struct v6d_paste_resolver){ .addr = *a, .at = at };
	return &p->resolvers[i];
}

struct v6d_paste_neigh *
v6d_put_neigh(struct v6d_paste *p, const struct v6d_addr *a, struct v6d_at at)
{
	int i;

	for (unsigned k = 0; k < p->n_neighs; k++)
		if (v6d_addr_eq(&p->neighs[k].addr, a))
			return &p->neighs[k];
	i = room(p, &p->n_neighs, V6D_PASTE_NEIGHS);
	if (i < 0)
		return NULL;
	p->neighs[i] = (struct v6d_paste_neigh){ .addr = *a, .at = at };
	return &p->neighs[i];
}

struct v6d_paste_try *
v6d_put_try(struct v6d_paste *p, const char *name, struct v6d_at at)
{
	struct v6d_paste_try *e;
	int i = room(p, &p->n_tries, V6D_PASTE_TRIES);

	p->place.try_i = i;
	if (i < 0)
		return NULL;
	e = &p->tries[i];
	*e = (struct v6d_paste_try){ .bytes = -1, .at = at };
	v6d_copy(e->name, sizeof(e->name), name);
	return e;
}

struct v6d_paste_lookup *
v6d_put_lookup(struct v6d_paste *p, struct v6d_at at)
{
	int i = room(p, &p->n_lookups, V6D_PASTE_LOOKUPS);

	p->place.lookup_i = i;
	if (i < 0)
		return NULL;
	p->lookups[i] =
	    (struct v6d_paste_lookup){ .ms = V6D_NO_VALUE, .at = at };
	return &p->lookups[i];
}

struct v6d_paste_ping *
v6d_put_ping(struct v6d_paste *p, const char *name, struct v6d_at at)
{
	struct v6d_paste_ping *e;
	int i = room(p, &p->n_pings, V6D_PASTE_PINGS);

	p->place.ping_i = i;
	if (i < 0)
		return NULL;
	e = &p->pings[i];
	*e = (struct v6d_paste_ping){
		.size = -1, .sent = -1, .received = -1, .at = at
	};
	v6d_copy(e->name, sizeof(e->name), name);
	return e;
}

void
v6d_say_fact(struct v6d_paste *p, struct v6d_at at, enum v6d_fact fact,
    enum v6d_state state, const char *word, int64_t value, const char *subject)
{
	struct v6d_paste_said *s;
	int i;

	for (unsigned k = 0; k < p->n_said; k++) {
		s = &p->said[k];
		if (s->fact == fact && s->at.piece == at.piece &&
		    s->at.line == at.line) {
			s->state = state;
			s->word = word;
			s->value = value;
			return;
		}
	}
	i = room(p, &p->n_said, V6D_PASTE_SAID);
	if (i < 0)
		return;
	s = &p->said[i];
	*s = (struct v6d_paste_said){ fact, state, word, value, "", at };
	v6d_copy(s->subject, sizeof(s->subject), subject ? subject : "");
}

void
v6d_put_claim(struct v6d_paste *p, enum v6d_claim c, struct v6d_at at)
{
	if (p->claimed[c])
		return;
	p->claimed[c] = true;
	p->claims[c] = at;
}

void
v6d_chains_whole(struct v6d_paste *p)
{
	for (unsigned i = 0; i < p->n_chains; i++)
		p->chains[i].whole = true;
}

int
v6d_put_chain(struct v6d_paste *p, const char *name, struct v6d_at at)
{
	int i = room(p, &p->n_chains, V6D_PASTE_CHAINS);

	if (i < 0)
		return -1;
	p->chains[i] = (struct v6d_paste_chain){ .at = at };
	v6d_copy(p->chains[i].name, V6D_PASTE_NAME, name);
	return i;
}

struct v6d_paste_rule *
v6d_put_rule(struct v6d_paste *p, int chain, struct v6d_at at)
{
	struct v6d_paste_rule *r;
	int i;

	if (chain < 0)
		return NULL;
	/* the same line again, longer this time */
	if (p->n_rules > 0) {
		r = &p->rules[p->n_rules - 1];
		if (r->at.piece == at.piece && r->at.line == at.line) {
			*r = (struct v6d_paste_rule){ .chain = (uint8_t)chain,
				.icmp_type = -1,
				.at = at };
			return r;
		}
	}
	i = room(p, &p->n_rules, V6D_PASTE_RULES);
	if (i < 0)
		return NULL;
	p->rules[i] = (struct v6d_paste_rule){
		.chain = (uint8_t)chain, .icmp_type = -1, .at = at
	};
	return &p->rules[i];
}
