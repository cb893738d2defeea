/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lay.h - causes by the words of people who do not know their names: "pages
 * hang". The words become ideas (lay.def), in English or Japanese and in any
 * order, and so do the phrases that the pages of docs/causes list in their
 * front matter ("said: ") and their titles; what has most in common comes
 * first.
 */
#ifndef V6D_REPORT_LAY_H
#define V6D_REPORT_LAY_H

#include "base/text.h"
#include "diag/diagnosis.h"

#define V6D_LAY_FOUND 6

struct v6d_lay; /* the phrases of all pages, as ideas */

struct v6d_lay_found {
	size_t n; /* causes, the likeliest first */
	enum v6d_cause cause[V6D_LAY_FOUND];
	unsigned score[V6D_LAY_FOUND]; /* 1000: the very words of the page */
	bool any; /* an idea was understood, be it one that fits everything */
	char strange[160]; /* words that were not, "a, b" */
};

/* Of the pages that travel inside the program; NULL: no memory. */
struct v6d_lay *v6d_lay_new(void);
void v6d_lay_free(struct v6d_lay *l);

/*
 * The causes that these words fit. usual, where it is not NULL, says how often
 * a cause is met, 1 to 9: of those that fit alike, the commoner comes first.
 */
void v6d_lay_find(const struct v6d_lay *l, const char *words,
    unsigned (*usual)(enum v6d_cause c), struct v6d_lay_found *ret);

/*
 * `explain` of such words: each cause with a sentence, then how to learn which
 * it is. free() it; NULL: nothing fits (*ret_found says what was understood),
 * or no memory. columns: of the terminal, 0: the usual.
 */
char *v6d_lay_text(const char *words, unsigned (*usual)(enum v6d_cause c),
    const struct v6d_lang *l, unsigned columns,
    struct v6d_lay_found *ret_found);

#endif
