/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnel_words.c - every state and every end has words of its own. */
#include "unit/sweep.h"

#include "tunnel/session.h"

static void
check_distinct(const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		assert_string_not_equal(words[i], "unknown");
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(words[i], words[j]);
	}
}

static void
test_states(void **state)
{
	const char *words[V6D_SESSION_DEAD + 1];

	(void)state;
	for (unsigned i = 0; i < V6D_ARRAY_LEN(words); i++)
		words[i] = v6d_session_state_text((enum v6d_session_state)i);
	check_distinct(words, V6D_ARRAY_LEN(words));
}

static void
test_reasons(void **state)
{
	const char *words[V6D_WHY_HUNG_UP + 1];

	(void)state;
	for (unsigned i = 0; i < V6D_ARRAY_LEN(words); i++)
		words[i] = v6d_session_why_text((enum v6d_session_why)i);
	check_distinct(words, V6D_ARRAY_LEN(words));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
