/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lang.h - a language that people are spoken to in. English is what stands in
 * the code; another language is a table from the English message to its own
 * (made of po/ja.po), handed in by whoever starts a text (base/text.h).
 */
#ifndef V6D_BASE_LANG_H
#define V6D_BASE_LANG_H

#include <stdbool.h>
#include <stddef.h>

struct v6d_message {
	const char *english, *own;
};

struct v6d_lang {
	const char *tag; /* BCP 47: "ja" */
	size_t n;
	const struct v6d_message *messages; /* by english, as strcmp orders */
};

extern const struct v6d_lang v6d_lang_en; /* no messages: all as it stands */
extern const struct v6d_lang v6d_lang_ja;

/* Marks a message of a table; whoever prints it asks for its translation. */
#define N_(s) s

/* "en" or "ja"; l NULL: English. */
const char *v6d_lang_tag(const struct v6d_lang *l);

/*
 * The message in this language; as it stands where l is NULL or has no such
 * message, so that nothing is ever lost. Lives as long as l or s.
 */
const char *v6d_lang_get(const struct v6d_lang *l, const char *s)
    __attribute__((format_arg(2)));

/*
 * The language of a name as people and environments write it: "ja",
 * "ja_JP.UTF-8". Only UTF-8 is spoken: of a locale with another code only
 * English can be shown. NULL: not a language of this program.
 */
const struct v6d_lang *v6d_lang_by_name(const char *name);

/*
 * What the environment asks for, by the rules of gettext: LANGUAGE (a list)
 * counts unless the locale is C; the locale is the first of LC_ALL,
 * LC_MESSAGES and LANG that is set. Each may be NULL. Never NULL.
 */
const struct v6d_lang *v6d_lang_by_environment(const char *language,
    const char *lc_all, const char *lc_messages, const char *lang);

#endif
