/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * macros.h - short lines for tables of fields. A table's file defines T, the
 * struct that the lines are of.
 */
#ifndef V6D_TRACE_MACROS_H
#define V6D_TRACE_MACROS_H

#include "base/wire.h"
#include "trace/field.h"

/* clang-format off */
#define FIELD(...) { __VA_ARGS__ }
/* clang-format on */

#define OF(m) (((T *)0)->m)
#define KIND(m, k)                                              \
	.key = #m, .kind = V6D_FIELD_##k, .at = offsetof(T, m), \
	.size = sizeof(OF(m))
#define WORDS(w) .words = (w), .n_words = V6D_ARRAY_LEN(w)

/* One alone: its key is the member's name. */
#define BOOL(m) FIELD(KIND(m, BOOL))
#define UINT(m) FIELD(KIND(m, UINT))
#define INT(m) FIELD(KIND(m, INT))
#define TIME(m) FIELD(KIND(m, UINT)) /* nanoseconds; -1: never */
#define ADDR(m) FIELD(KIND(m, ADDR))
#define PREFIX(m) FIELD(KIND(m, PREFIX))
#define BYTES(m) FIELD(KIND(m, BYTES))
#define TEXT(m, what) FIELD(KIND(m, TEXT), .holds = V6D_HOLDS_##what)
#define WORD(m, w) FIELD(KIND(m, WORD), WORDS(w))
#define STRUCT(m, t) FIELD(KIND(m, STRUCT), .sub = &(t))

/* An array of which n says how many are in use. */
#define MANY(m, n, k)                                           \
	.key = #m, .kind = V6D_FIELD_##k, .at = offsetof(T, m), \
	.size = sizeof(OF(m)[0]), .cap = V6D_ARRAY_LEN(OF(m)),  \
	.n_at = offsetof(T, n)
#define ADDRS(m, n) FIELD(MANY(m, n, ADDR))
#define STRUCTS(m, n, t) FIELD(MANY(m, n, STRUCT), .sub = &(t))

#define TABLE(t) FIELD(sizeof(T), V6D_ARRAY_LEN(t), t)

#endif
