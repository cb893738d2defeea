/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fields_fill.h - structs filled with all that their fields can hold. */
#ifndef TESTS_FIELDS_FILL_H
#define TESTS_FIELDS_FILL_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/addr.h"
#include "trace/field.h"

static uint64_t fill_seed = 88172645463325252u;

static inline uint64_t
fill_random(void)
{
	fill_seed ^= fill_seed << 13;
	fill_seed ^= fill_seed >> 7;
	fill_seed ^= fill_seed << 17;
	return fill_seed;
}

static inline void
fill_bytes(uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)fill_random();
}

static inline void
fill_addr(struct v6d_addr *a)
{
	memset(a->b, 0, sizeof(a->b));
	a->family = (uint8_t)(fill_random() % 2 ? 4 : 6);
	fill_bytes(a->b, a->family == 4 ? 4 : 16);
}

static inline void fill_fields(const struct v6d_fields *f, uint8_t *p);

/* Leaves in p what a field of its kind can hold. */
static inline void
fill_one(const struct v6d_field *f, uint8_t *p)
{
	struct v6d_prefix prefix = { 0 };
	size_t n;

	switch (f->kind) {
	case V6D_FIELD_BOOL:
		p[0] &= 1;
		break;
	case V6D_FIELD_UINT:
	case V6D_FIELD_INT:
	case V6D_FIELD_BYTES:
		break;
	case V6D_FIELD_WORD:
		memset(p, 0, f->size);
		p[0] = (uint8_t)(fill_random() % (f->n_words + 2));
		break;
	case V6D_FIELD_TEXT:
		n = fill_random() % f->size;
		memset(p + n, 0, f->size - n);
		for (size_t i = 0; i < n; i++)
			p[i] = (uint8_t)(1 + p[i] % 126);
		break;
	case V6D_FIELD_ADDR:
		fill_addr(&prefix.addr);
		memcpy(p, &prefix.addr, sizeof(prefix.addr));
		break;
	case V6D_FIELD_PREFIX:
		fill_addr(&prefix.addr);
		prefix.len = (uint8_t)(fill_random() %
				       (prefix.addr.family == 4 ? 33 : 129));
		memcpy(p, &prefix, sizeof(prefix));
		break;
	case V6D_FIELD_STRUCT:
		fill_fields(f->sub, p);
		break;
	}
}

/* p is random already; what no field covers stays so. */
static inline void
fill_fields(const struct v6d_fields *f, uint8_t *p)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct v6d_field *d = &f->field[i];
		size_t all = d->cap ? d->cap : 1, used = all;
		unsigned n;

		if (d->cap > 0) {
			n = (unsigned)(fill_random() % (d->cap + 1));
			memcpy(p + d->n_at, &n, sizeof(n));
			used = n;
		}
		for (size_t k = 0; k < all; k++)
			if (k < used)
				fill_one(d, p + d->at + k * d->size);
			else
				memset(p + d->at + k * d->size, 0, d->size);
	}
}

#endif
