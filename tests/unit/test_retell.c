/* SPDX-License-Identifier: GPL-2.0-or-later */
/* retell.c: finished English sentences in another language. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

/* By english, as strcmp orders. */
static const struct v6d_message messages[] = {
	{ "%s over IPv6: %s", "IPv6:%s/%s" },
	{ "%u hop%s on the way", "%1$u HOPS%2$.0s" },
	{ "%u of %u came back", "<%2$u> <%1$u>" },
	{ "%u of %u came back, %.1f %% late", "[%u %u %.1f%%]" },
	{ "all is well", "WELL" },
	{ "between %lld and %lld ms", "%lld-%lld" },
	{ "it failed: %s", "FAILED(%s)" },
	{ "no answer", "NONE" },
	{ "way %s", "W%s" },
};
static const struct v6d_lang lang = { "xx",
	sizeof(messages) / sizeof(messages[0]), messages };

static void
test_sentences(void **state)
{
	static const struct {
		const char *english, *own;
	} t[] = {
		{ "all is well", "WELL" },
		{ "3 of 20 came back", "<20> <3>" },
		{ "3 of 20 came back, 1.5 % late", "[3 20 1.5%]" },
		{ "between -1 and 30 ms", "-1-30" },
		/* an ending that the other language has not */
		{ "3 hops on the way", "3 HOPS" },
		{ "1 hop on the way", "1 HOPS" },
		{ "it failed: no answer", "FAILED(NONE)" },
		{ "it failed: the sky", "FAILED(the sky)" },
		{ "it failed: 3 of 4 came back", "FAILED(<4> <3>)" },
		{ "www.example.net over IPv6: no answer",
		    "IPv6:www.example.net/NONE" },
		/* two parts, one behind the other; brackets */
		{ "no answer: all is well", "NONE: WELL" },
		{ "no answer; all is well; all is well", "NONE; WELL; WELL" },
		{ "no answer: all is well (691)", "NONE: WELL (691)" },
		{ "the sky: no answer", "the sky: NONE" },
		/* what no message made stays */
		{ "x of 20 came back", "x of 20 came back" },
		{ "3 of 20 came back!", "3 of 20 came back!" },
		{ "all is wel", "all is wel" },
		{ "", "" },
		/* four letters in common are too little */
		{ "way off", "way off" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		char buf[80];
		struct v6d_text x = v6d_text_to(buf, sizeof(buf));

		x.lang = &lang;
		v6d_text_retell(&x, t[i].english);
		assert_string_equal(buf, t[i].own);
		x = v6d_text_to(buf, sizeof(buf));
		v6d_text_retell(&x, t[i].english);
		assert_string_equal(buf, t[i].english);
	}
}

/* A sentence that could cost the matcher dearly: many %s, long text. */
static void
test_cost(void **state)
{
	static const struct v6d_message m[] = { { "%s and %s, %s, %s: %s.",
	    "%s" } };
	const struct v6d_lang l = { "xx", 1, m };
	char long_text[300], buf[400];
	struct v6d_text t = v6d_text_to(buf, sizeof(buf));

	(void)state;
	memset(long_text, ',', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	t.lang = &l;
	v6d_text_retell(&t, long_text);
	assert_string_equal(buf, long_text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sentences),
		cmocka_unit_test(test_cost),
	};

	return cmocka_run_group_tests_name("retell", tests, NULL, NULL);
}
