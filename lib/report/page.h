/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * page.h - the pages of docs/causes: front matter (key: value between two
 * lines of ---), then sections "## Name". Its keys: title; plain, the cause in
 * a sentence for people who know no networking; said, what they say of it
 * (lay.h), with semicolons between. One source for `explain`, for the
 * titles and remedies of reports and for the documentation. Where a report
 * knows a number, {name|words} in a page becomes the number, else the words.
 * What is appended to a text is in the text's language.
 */
#ifndef V6D_REPORT_PAGE_H
#define V6D_REPORT_PAGE_H

#include "base/text.h"
#include "diag/diagnosis.h"

/* bytes: three for each character of Japanese */
#define V6D_PAGE_TITLE 320
#define V6D_PAGE_ITEM 1280
#define V6D_PAGE_SAID 1280
#define V6D_PAGE_ITEMS 8

/*
 * The page of a folder of docs in a language, the English one where it is not
 * translated, or NULL: "causes", "gre-loss" is causes/ja/gre-loss.md or
 * causes/gre-loss.md.
 */
const char *
v6d_page_find(const char *folder, const char *what, const struct v6d_lang *l);

/* The page of a cause, or NULL. */
const char *v6d_page_of(enum v6d_cause c, const struct v6d_lang *l);

/* A front-matter value, as written; false when the key is not there. */
bool v6d_page_key(const char *page, const char *key, struct v6d_text *t);

/*
 * The body of a section: *ret_len bytes at the returned place, up to the
 * next "## " or the end. NULL when there is no such section.
 */
const char *
v6d_page_section(const char *page, const char *name, size_t *ret_len);

/* Appends text with its {name|words} filled; f NULL: always the words. */
void v6d_page_fill(
    struct v6d_text *t, const char *s, size_t n, const struct v6d_finding *f);

/* Item i (from 0) of "## What to do", on one line, filled; false: no more. */
bool v6d_page_remedy(const char *page, unsigned i, const struct v6d_finding *f,
    struct v6d_text *t);

/* The title of a cause, filled; its name where it has no page. */
void v6d_page_title(
    enum v6d_cause c, const struct v6d_finding *f, struct v6d_text *t);

#endif
