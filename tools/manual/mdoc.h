/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mdoc.h - man pages in mdoc(7): escaping, and texts into paragraphs. */
#ifndef V6D_TOOLS_MANUAL_MDOC_H
#define V6D_TOOLS_MANUAL_MDOC_H

#include <stddef.h>
#include <stdio.h>

/* The head of a page, up to and with NAME. */
void mdoc_head(FILE *f, const char *title, int section, const char *name,
    const char *what);

/* A text line, escaped, sentences each on a line of their own. */
void mdoc_text(FILE *f, const char *s);

/* The same of n bytes, without their line ends. */
void mdoc_text_n(FILE *f, const char *s, size_t n);

/* As it is, escaped: an argument of a macro. */
void mdoc_word(FILE *f, const char *s);

/*
 * A section of a page of docs (Markdown: paragraphs, lists, tables), n bytes,
 * {name|words} read as the words.
 */
void mdoc_markdown(FILE *f, const char *s, size_t n);

#endif
