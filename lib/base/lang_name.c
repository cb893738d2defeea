/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lang_name.c - which language a name or an environment means. */
#include "base/lang.h"

#include <string.h>

static const struct v6d_lang *const langs[] = { &v6d_lang_en, &v6d_lang_ja };

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The first n of s are the letters of word, in either case. */
static bool
is_word(const char *s, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (word[i] == '\0' || lower(s[i]) != word[i])
			return false;
	return word[n] == '\0';
}

/* n bytes: language[_TERRITORY][.codeset][@modifier] */
static const struct v6d_lang *
by_name(const char *s, size_t n)
{
	size_t code = strcspn(s, "_-.@:");
	const char *dot = memchr(s, '.', n);

	if (code > n)
		code = n;
	if (dot) {
		size_t len = strcspn(++dot, "@:");

		if (len > (size_t)(s + n - dot))
			len = (size_t)(s + n - dot);
		if (!is_word(dot, len, "utf-8") && !is_word(dot, len, "utf8"))
			return is_word(s, code, "en") ? &v6d_lang_en : NULL;
	}
	for (size_t i = 0; i < sizeof(langs) / sizeof(langs[0]); i++)
		if (is_word(s, code, langs[i]->tag))
			return langs[i];
	return NULL;
}

const struct v6d_lang *
v6d_lang_by_name(const char *name)
{
	return by_name(name, strlen(name));
}

static bool
is_c(const char *locale)
{
	size_t n = strcspn(locale, ".");

	return is_word(locale, n, "c") || is_word(locale, n, "posix");
}

static const char *
first_set(const char *a, const char *b, const char *c)
{
	if (a && a[0])
		return a;
	if (b && b[0])
		return b;
	return c && c[0] ? c : "C";
}

const struct v6d_lang *
v6d_lang_by_environment(const char *language, const char *lc_all,
    const char *lc_messages, const char *lang)
{
	const char *locale = first_set(lc_all, lc_messages, lang);
	const struct v6d_lang *l;

	for (const char *s = language; s && *s && !is_c(locale);) {
		size_t n = strcspn(s, ":");

		l = by_name(s, n);
		if (l)
			return l;
		s += n;
		s += *s == ':';
	}
	l = v6d_lang_by_name(locale);
	return l ? l : &v6d_lang_en;
}
