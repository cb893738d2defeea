/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mdoc.c - man pages in mdoc(7): escaping, and texts into paragraphs. */
#include "mdoc.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/page.h"

#define LINE 60 /* bytes before escapes */
#define DATE "November 26, 2026" /* of the last change to what pages say */

void
mdoc_head(
    FILE *f, const char *title, int section, const char *name, const char *what)
{
	fputs(".\\\" generated: do not edit\n"
	      ".\\\" SPDX-License-Identifier: GPL-2.0-or-later\n"
	      ".Dd " DATE "\n.Dt ",
	    f);
	for (; *title; title++)
		fputc(toupper((unsigned char)*title), f);
	fprintf(f, " %d\n.Os\n.Sh NAME\n.Nm %s\n.Nd ", section, name);
	mdoc_word(f, what);
	fputc('\n', f);
}

static void
put(FILE *f, char c)
{
	switch (c) {
	case '\\':
		fputs("\\e", f);
		break;
	case '~':
		fputs("\\(ti", f);
		break;
	case '^':
		fputs("\\(ha", f);
		break;
	case '`':
		fputs("\\(ga", f);
		break;
	case '-':
		fputs("\\-", f);
		break;
	case '\'':
		fputs("\\(aq", f);
		break;
	case '"':
		fputs("\\(dq", f);
		break;
	default:
		fputc(c, f);
	}
}

void
mdoc_word(FILE *f, const char *s)
{
	for (; *s; s++)
		put(f, *s);
}

/* The word of n bytes at s ends a sentence: mdoc wants a new line there. */
static bool
ends(const char *s, size_t n, const char *next)
{
	return n > 0 && strchr(".?!", s[n - 1]) &&
	       isupper((unsigned char)*next);
}

void
mdoc_text_n(FILE *f, const char *s, size_t n)
{
	const char *end = s + n;
	size_t column = 0;

	while (s < end) {
		const char *word = s + strspn(s, " \n"), *next;
		size_t len = strcspn(word, " \n");

		if (word >= end)
			break;
		if (word + len > end)
			len = (size_t)(end - word);
		if (column > 0 && column + 1 + len > LINE) {
			fputc('\n', f);
			column = 0;
		}
		if (column > 0)
			fputc(' ', f);
		else if (*word == '.' || *word == '\'')
			fputs("\\&", f);
		for (size_t i = 0; i < len; i++)
			put(f, word[i]);
		column += 1 + len;
		s = word + len;
		next = s + strspn(s, " \n");
		if (next < end && ends(word, len, next)) {
			fputc('\n', f);
			column = 0;
		}
	}
	fputs(column > 0 ? "\n" : "", f);
}

void
mdoc_text(FILE *f, const char *s)
{
	mdoc_text_n(f, s, strlen(s));
}

/* ---- Markdown ---- */

static size_t
line(const char *s, const char *end)
{
	size_t n = 0;

	while (s + n < end && s[n] != '\n')
		n++;
	return n;
}

/* "1. " or "- " at s: its length, else 0. */
static size_t
bullet(const char *s, const char *end)
{
	if (s + 2 < end && s[0] == '-' && s[1] == ' ')
		return 2;
	if (s + 3 < end && isdigit((unsigned char)s[0]) && s[1] == '.' &&
	    s[2] == ' ')
		return 3;
	return 0;
}

/* Lines up to an empty one, or up to the next item or table. */
static size_t
block(const char *s, const char *end)
{
	const char *at = s;

	do
		at += line(at, end) + 1;
	while (at < end && *at != '\n' && *at != '|' && !bullet(at, end));
	return (size_t)((at < end ? at : end) - s);
}

/* A table, or what is indented by four: as it stands. */
static const char *
literal(FILE *f, const char *s, const char *end)
{
	char first = *s;

	fputs(".Bd -literal\n", f);
	for (; s < end && *s == first; s += line(s, end) + 1) {
		size_t n = line(s, end);

		if (n > 1 && s[0] == '|' && s[1] == '-')
			continue; /* the rule below the head */
		while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '|'))
			n--;
		for (size_t i = 0; i < n; i++)
			if (s[i] != '|' || i > 0)
				put(f, s[i] == '|' ? ' ' : s[i]);
		fputc('\n', f);
	}
	fputs(".Ed\n", f);
	return s;
}

static const char *
list(FILE *f, const char *s, const char *end)
{
	bool numbers = *s != '-';
	size_t skip;

	fprintf(f, ".Bl -%s\n", numbers ? "enum" : "bullet");
	while (s < end && (skip = bullet(s, end))) {
		size_t n = block(s, end);

		fputs(".It\n", f);
		mdoc_text_n(f, s + skip, n - skip);
		s += n;
		while (s < end && *s == '\n')
			s++;
	}
	fputs(".El\n", f);
	return s;
}

static void
filled(FILE *f, const char *s, const char *end)
{
	while (s < end) {
		size_t n;

		if (*s == '\n') {
			s++;
			continue;
		}
		if (bullet(s, end)) {
			s = list(f, s, end);
			continue;
		}
		if (*s == '|' || *s == ' ') {
			s = literal(f, s, end);
			continue;
		}
		n = block(s, end);
		fputs(".Pp\n", f);
		mdoc_text_n(f, s, n);
		s += n;
	}
}

void
mdoc_markdown(FILE *f, const char *s, size_t n)
{
	size_t cap = 2 * n + 64;
	char *buf = malloc(cap);
	struct v6d_text t;

	if (!buf)
		abort();
	t = v6d_text_to(buf, cap);
	v6d_page_fill(&t, s, n, NULL);
	filled(f, buf, buf + t.len);
	free(buf);
}
