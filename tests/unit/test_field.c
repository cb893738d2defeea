/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_field.c - structs as JSON by tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/addr.h"
#include "trace/macros.h"

struct part {
	uint16_t a;
};

struct whole {
	bool yes;
	int8_t small;
	int64_t large;
	uint64_t never;
	unsigned word;
	char text[8];
	uint8_t bytes[2];
	struct v6d_addr addr;
	struct v6d_prefix prefix;
	unsigned n_parts, n_addrs;
	struct part parts[2];
	struct v6d_addr addrs[2];
};

static const char *const words[] = { "zero", "one" };

#define T struct part
static const struct v6d_field part[] = { UINT(a) };
static const struct v6d_fields part_table = TABLE(part);
#undef T

#define T struct whole
static const struct v6d_field whole[] = {
	BOOL(yes),
	INT(small),
	INT(large),
	TIME(never),
	WORD(word, words),
	TEXT(text, NOTHING),
	BYTES(bytes),
	ADDR(addr),
	PREFIX(prefix),
	STRUCTS(parts, n_parts, part_table),
	ADDRS(addrs, n_addrs),
};
static const struct v6d_fields table = TABLE(whole);
#undef T

static const struct whole sample = {
	.yes = true,
	.small = -5,
	.large = INT64_MIN,
	.never = UINT64_MAX,
	.word = 1,
	.text = "seven..",
	.bytes = { 0xab, 0x01 },
	.addr = { 4, { 192, 0, 2, 1 } },
	.prefix = { { 6, { 0x20, 0x01, 0x0d, 0xb8 } }, 32 },
	.n_parts = 1,
	.parts = { { 7 } },
	.n_addrs = 1,
	.addrs = { { 4, { 203, 0, 113, 9 } } },
};

static void
test_words_out(void **state)
{
	json_t *o = v6d_fields_write(&table, &sample);
	char *s = json_dumps(o, JSON_COMPACT);

	(void)state;
	assert_string_equal(s,
	    "{\"yes\":true,\"small\":-5,\"large\":-9223372036854775808,"
	    "\"never\":-1,\"word\":\"one\",\"text\":\"seven..\","
	    "\"bytes\":\"ab01\",\"addr\":\"192.0.2.1\","
	    "\"prefix\":\"2001:db8::/32\",\"parts\":[{\"a\":7}],"
	    "\"addrs\":[\"203.0.113.9\"]}");
	free(s);
	json_decref(o);
}

static void
test_empty(void **state)
{
	const struct whole none = { 0 };
	struct whole back;
	json_t *o = v6d_fields_write(&table, &none);
	const char *key = "";

	(void)state;
	assert_int_equal(json_object_size(o), 0);
	memset(&back, 0xff, sizeof(back));
	assert_true(v6d_fields_read(&table, o, &back, &key));
	assert_null(v6d_fields_differ(&table, &none, &back));
	json_decref(o);
}

static bool
reads(const char *text, const char **ret_key)
{
	struct whole w;
	json_t *o = json_loads(text, 0, NULL);
	bool ok;

	assert_non_null(o);
	ok = v6d_fields_read(&table, o, &w, ret_key);
	json_decref(o);
	return ok;
}

static void
test_refused(void **state)
{
	static const struct {
		const char *text, *key;
	} bad[] = {
		{ "{\"yes\":1}", "yes" },
		{ "{\"small\":128}", "small" },
		{ "{\"small\":\"1\"}", "small" },
		{ "{\"word\":\"two\"}", "word" },
		{ "{\"text\":\"eight...\"}", "text" },
		{ "{\"bytes\":\"ab0\"}", "bytes" },
		{ "{\"bytes\":\"ag01\"}", "bytes" },
		{ "{\"addr\":\"192.0.2\"}", "addr" },
		{ "{\"prefix\":\"2001:db8::/129\"}", "prefix" },
		{ "{\"parts\":{}}", "parts" },
		{ "{\"parts\":[{},{},{}]}", "parts" },
		{ "{\"parts\":[{\"a\":65536}]}", "a" },
		{ "{\"addrs\":[1]}", "addrs" },
	};
	const char *key = "";

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(reads(bad[i].text, &key));
		assert_string_equal(key, bad[i].key);
	}
	assert_true(reads("{\"other\":1,\"small\":127}", &key));
}

static void
test_differ(void **state)
{
	struct whole b = sample;

	(void)state;
	assert_null(v6d_fields_differ(&table, &sample, &b));
	b.parts[1].a = 9; /* not in use */
	assert_null(v6d_fields_differ(&table, &sample, &b));
	b.parts[0].a = 9;
	assert_string_equal(v6d_fields_differ(&table, &sample, &b), "parts");
	b = sample;
	b.n_addrs = 0;
	assert_string_equal(v6d_fields_differ(&table, &sample, &b), "addrs");
	b = sample;
	b.text[0] = 'S';
	assert_string_equal(v6d_fields_differ(&table, &sample, &b), "text");
}

/* A count that points beyond the list is held to it. */
static void
test_too_many(void **state)
{
	struct whole w = sample;
	json_t *o;

	(void)state;
	w.n_parts = 99;
	o = v6d_fields_write(&table, &w);
	assert_int_equal(json_array_size(json_object_get(o, "parts")), 2);
	json_decref(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_out),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_differ),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
