/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ask_fields.c - every field of an ask, an answer and a plan is written
 * and read again. Covers trace/ask_fields.c and trace/plan_fields.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fields_fill.h"
#include "probe/probe.h"
#include "trace/tables.h"

#define ROUNDS 300

#define GAP 8 /* bytes: padding is shorter */

/* Marks the bytes that the table knows of. */
static void
cover(const struct v6d_fields *f, uint8_t *map)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct v6d_field *d = &f->field[i];

		if (d->cap > 0)
			memset(map + d->n_at, 1, sizeof(unsigned));
		for (size_t k = 0; k < (d->cap ? d->cap : 1); k++)
			if (d->sub)
				cover(d->sub, map + d->at + k * d->size);
			else
				memset(map + d->at + k * d->size, 1, d->size);
	}
}

/*
 * No member was forgotten. A small one can hide where padding may be; that
 * each has its line is also held by tests/checks/registry.sh, by name.
 */
static void
check_covered(const struct v6d_fields *f)
{
	uint8_t *map = calloc(1, f->size);
	size_t gap = 0;

	cover(f, map);
	for (size_t i = 0; i < f->size; i++) {
		gap = map[i] ? 0 : gap + 1;
		if (gap >= GAP)
			print_message("nothing covers byte %zu\n", i);
		assert_true(gap < GAP);
	}
	free(map);
}

/* Whatever the fields can hold comes back as it was. */
static void
round_trip(const struct v6d_fields *f)
{
	uint8_t *a = malloc(f->size), *b = malloc(f->size);
	uint8_t *map = calloc(1, f->size);

	check_covered(f);
	cover(f, map);
	for (int round = 0; round < ROUNDS; round++) {
		const char *key = "";
		json_t *o;

		fill_bytes(a, f->size);
		fill_fields(f, a);
		memset(b, 0x55, f->size);
		o = v6d_fields_write(f, a);
		if (!v6d_fields_read(f, o, b, &key))
			fail_msg("%s cannot be read", key);
		assert_null(v6d_fields_differ(f, a, b));
		json_decref(o);
		for (size_t i = 0; i < f->size; i++)
			assert_true(!map[i] || a[i] == b[i]);
	}
	free(a);
	free(b);
	free(map);
}

static void
test_ask(void **state)
{
	(void)state;
	round_trip(&v6d_fields_ask);
}

static void
test_answer(void **state)
{
	(void)state;
	round_trip(&v6d_fields_answer);
}

static void
test_plan(void **state)
{
	(void)state;
	round_trip(&v6d_fields_plan);
}

/* Every value of these enums has a word of its own. */
static void
test_words(void **state)
{
	static const struct {
		const char *key;
		size_t n;
	} want[] = {
		{ "kind", V6D_ASK_WATCHED + 1 },
		{ "how", V6D_ANSWER_REFUSED + 1 },
		{ "state", V6D_SESSION_DEAD + 1 },
		{ "why", V6D_WHY_HUNG_UP + 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		for (size_t k = 0; k < v6d_fields_answer.n; k++) {
			const struct v6d_field *f = &v6d_fields_answer.field[k];

			if (strcmp(f->key, want[i].key) != 0)
				continue;
			assert_true(f->n_words >= want[i].n);
			for (size_t w = 0; w < f->n_words; w++)
				assert_non_null(f->words[w]);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ask),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
