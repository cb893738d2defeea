/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_paste_hurt.c - every text of captures/text cut at many places, and
 * with bytes changed: it ends, stays within its memory, and makes nothing
 * certain that the whole text did not.
 */
#include "paste_help.h"

#include <dirent.h>

#define TEXT "captures/text"

/* The same on every run: xorshift. */
static uint32_t
chance(uint32_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 17;
	*s ^= *s << 5;
	return *s;
}

/* Causes that are certain, as bits. */
static void
certain(const char *s, size_t n, bool ret[V6D_N_CAUSES])
{
	/* used again: new memory for each would be most of the time */
	static struct pasted used, *const q = &used;

	memset(q, 0, sizeof(*q));
	v6d_paste_init(&q->p);
	paste_bytes(&q->p, s, n);
	judge(q);
	memset(ret, 0, sizeof(ret[0]) * V6D_N_CAUSES);
	for (unsigned i = 0; i < q->d.n; i++)
		if (q->d.findings[i].certainty == V6D_CERTAIN)
			ret[q->d.findings[i].cause] = true;
	assert_int_not_equal(q->d.verdict, V6D_VERDICT_HEALTHY);
}

static void
no_more(const char *name, const char *what, size_t at, const bool *whole,
    const bool *part)
{
	for (int c = 0; c < V6D_N_CAUSES; c++)
		if (part[c] && !whole[c])
			fail_msg("%s, %s at %zu: %s is certain", name, what, at,
			    v6d_cause_name((enum v6d_cause)c));
}

static void
cut(const char *name, const char *s, size_t n)
{
	bool whole[V6D_N_CAUSES], part[V6D_N_CAUSES];
	size_t step = n / 200 + 1;

	certain(s, n, whole);
	for (size_t at = 0; at < n; at += step) {
		certain(s, at, part);
		no_more(name, "cut", at, whole, part);
		certain(s + at, n - at, part);
		no_more(name, "its end from", at, whole, part);
	}
	/* every end of a line too: there a cut shows least */
	for (size_t at = 0; at < n; at++)
		if (s[at] == '\n') {
			certain(s, at + 1, part);
			no_more(name, "cut behind the line", at, whole, part);
		}
}

/*
 * Bytes changed anywhere; or all but digits, since a text with another number
 * says another thing, and then what it says may be certain.
 */
static void
change(const char *name, const char *s, size_t n, unsigned times, bool digits)
{
	bool whole[V6D_N_CAUSES], part[V6D_N_CAUSES];
	uint32_t seed = 2463534242u;
	char *t = malloc(n);

	assert_non_null(t);
	certain(s, n, whole);
	for (unsigned i = 0; i < times; i++) {
		unsigned changes = 1 + chance(&seed) % 8;

		memcpy(t, s, n);
		for (unsigned k = 0; k < changes; k++) {
			size_t at = chance(&seed) % n;

			if (digits || !v6d_is_digit(s[at]))
				t[at] = (char)chance(&seed);
		}
		certain(t, n, part);
		if (!digits)
			no_more(name, "changed", i, whole, part);
	}
	free(t);
}

static void
every_text(void (*hurt)(const char *name, const char *s, size_t n))
{
	DIR *d = opendir(TEXT);
	struct dirent *e;
	unsigned files = 0;

	assert_non_null(d);
	while ((e = readdir(d))) {
		char path[512];
		size_t n;
		char *s;

		if (!strstr(e->d_name, ".txt"))
			continue;
		snprintf(path, sizeof(path), TEXT "/%s", e->d_name);
		s = slurp(path, &n);
		hurt(e->d_name, s, n);
		free(s);
		files++;
	}
	closedir(d);
	assert_true(files > 100);
}

static void
change_some(const char *name, const char *s, size_t n)
{
	change(name, s, n, 60, false);
	change(name, s, n, 60, true);
}

static void
test_cut(void **state)
{
	(void)state;
	every_text(cut);
}

static void
test_changed(void **state)
{
	(void)state;
	every_text(change_some);
}

/* The longest thread, a thousand times. */
static void
test_changed_often(void **state)
{
	size_t n;
	char *s = slurp(TEXT "/setup-all.txt", &n);

	(void)state;
	change("setup-all.txt", s, n, 1000, true);
	change("setup-all.txt", s, n, 1000, false);
	free(s);
}

RUN(cmocka_unit_test(test_cut), cmocka_unit_test(test_changed),
    cmocka_unit_test(test_changed_often))
