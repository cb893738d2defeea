/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_registry.c - every probe is whole, named once, and documented. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/embed.h"
#include "probe/probe.h"

/* Calls check for each word of a list with blanks between. */
static void
each_word(
    const char *list, void (*check)(const char *word, size_t self), size_t self)
{
	char word[48];

	while (*list) {
		size_t n = strcspn(list, " ");

		assert_true(n > 0 && n < sizeof(word));
		memcpy(word, list, n);
		word[n] = '\0';
		check(word, self);
		list += n + (list[n] == ' ');
	}
}

static void
is_probe(const char *word, size_t self)
{
	if (!v6d_probe_by_name(word))
		fail_msg("%s comes after %s", v6d_probes[self]->name, word);
}

/* Everything gets its turn; in place another order may hold. */
static void
no_circles(bool in_place)
{
	bool over[64] = { false }, moved = true;

	assert_true(v6d_n_probes <= 64);
	while (moved) {
		moved = false;
		for (size_t i = 0; i < v6d_n_probes; i++) {
			const struct v6d_probe *p = v6d_probes[i];
			const char *list = in_place && p->in_place_after
					       ? p->in_place_after
					       : p->after;
			bool ready = !over[i];

			for (size_t k = 0; k < v6d_n_probes; k++) {
				const char *at =
				    strstr(list, v6d_probes[k]->name);
				size_t n = strlen(v6d_probes[k]->name);

				if (at && (at == list || at[-1] == ' ') &&
				    (at[n] == ' ' || at[n] == '\0'))
					ready = ready && over[k];
			}
			moved = moved || ready;
			over[i] = over[i] || ready;
		}
	}
	for (size_t i = 0; i < v6d_n_probes; i++)
		if (!over[i])
			fail_msg("%s waits in a circle", v6d_probes[i]->name);
}

static void
test_order(void **state)
{
	(void)state;
	no_circles(false);
	no_circles(true);
}

static void
is_fact(const char *word, size_t self)
{
	enum v6d_fact fact;

	if (!v6d_fact_by_name(word, &fact))
		fail_msg("%s needs %s", v6d_probes[self]->name, word);
}

static void
test_entries(void **state)
{
	(void)state;
	for (size_t i = 0; i < v6d_n_probes; i++) {
		const struct v6d_probe *p = v6d_probes[i];

		assert_ptr_equal(v6d_probe_by_name(p->name), p);
		assert_true(p->question[strlen(p->question) - 1] == '?');
		assert_non_null(p->start);
		assert_non_null(p->answer);
		assert_true(!p->needs[0] || p->without[0]);
		assert_true(strlen(p->name) < 10); /* "probe NAME" */
		each_word(p->after, is_probe, i);
		each_word(p->needs, is_fact, i);
		if (p->in_place_after)
			each_word(p->in_place_after, is_probe, i);
	}
	assert_null(v6d_probe_by_name("nonsense"));
}

static void
test_pages(void **state)
{
	char name[64];

	(void)state;
	for (size_t i = 0; i < v6d_n_probes; i++) {
		const char *text;

		snprintf(
		    name, sizeof(name), "probes/%s.md", v6d_probes[i]->name);
		text = v6d_file_text(v6d_doc_files, name);
		if (!text || !strstr(text, v6d_probes[i]->question))
			fail_msg("docs/%s lacks its question", name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
