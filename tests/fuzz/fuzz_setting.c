/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_setting.c - what a person or a disk hands over as text: profiles,
 * URLs, addresses, a journal's lines, texts in Japanese character sets. The
 * first byte says which.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/url.h"
#include "gateway/record.h"
#include "io/charset.h"
#include "io/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

/* Either it is understood, or the error says where and why. */
static void
profile(const char *text)
{
	struct v6d_profile *p = calloc(1, sizeof(*p));
	struct v6d_profile_error *err = calloc(1, sizeof(*err));

	must(p && err);
	if (v6d_profile_parse(text, "fuzz", p, err) < 0)
		must(err->reason[0] &&
		     memchr(err->reason, '\0', sizeof(err->reason)));
	free(err);
	free(p);
}

/* What was read is written so that it reads back the same. */
static void
url(const char *s)
{
	char text[3 * V6D_URL_TEXT], again[3 * V6D_URL_TEXT];
	struct v6d_url u, back;

	if (!v6d_url_parse(s, &u))
		return;
	v6d_url_text(&u, text, sizeof(text));
	must(v6d_url_parse(text, &back) && !back.bare);
	must(back.port == u.port && v6d_addr_eq(&back.addr, &u.addr));
	must(strcmp(v6d_url_text(&back, again, sizeof(again)), text) == 0);
}

static void
prefix(const char *s)
{
	struct v6d_prefix p;

	if (v6d_prefix_parse(s, &p))
		must(p.len <= (p.addr.family == 4 ? 32 : 128));
}

static void
same_words(const struct v6d_record *a, const struct v6d_record *b)
{
	must(a->n == b->n);
	for (unsigned i = 0; i < a->n; i++)
		must(strcmp(a->word[i], b->word[i]) == 0);
}

/* A line reads back as it was written. */
static void
written(const struct v6d_record *r)
{
	static char line[V6D_RECORD_LINE];
	size_t n = v6d_record_encode(r, line, sizeof(line));
	struct v6d_record back;

	must(n > 1 && n < sizeof(line) && line[n - 1] == '\n');
	must(v6d_record_decode(line, line + n - 1, &back));
	same_words(r, &back);
}

/* The bytes as a line; and as words, for few lines have a right sum. */
static void
record(char *line, size_t n)
{
	struct v6d_record r, words = { .n = 1, .word = { line } };
	char *copy = malloc(n + 1);

	must(copy);
	memcpy(copy, line, n + 1);
	if (v6d_record_decode(copy, copy + n, &r)) {
		must(r.n > 0 && r.n <= V6D_RECORD_WORDS);
		for (unsigned i = 0; i < r.n; i++)
			must(r.word[i] >= copy && r.word[i] <= copy + n);
		written(&r);
	}
	free(copy);
	for (char *s = strchr(line, ' '); s && words.n < V6D_RECORD_WORDS;
	     s = strchr(s, ' ')) {
		*s++ = '\0';
		words.word[words.n++] = s;
	}
	written(&words);
}

/* Nothing of more than Unicode has, and no byte that begins nothing. */
static bool
is_utf8(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t more = p[i] < 0x80   ? 0
			      : p[i] < 0xc2 ? n
			      : p[i] < 0xe0 ? 1
			      : p[i] < 0xf0 ? 2
			      : p[i] < 0xf5 ? 3
					    : n;

		if (more >= n - i)
			return false;
		for (size_t k = 1; k <= more; k++)
			if ((p[i + k] & 0xc0) != 0x80)
				return false;
		i += more + 1;
	}
	return true;
}

static void
charset(const uint8_t *p, size_t n)
{
	size_t len = 0;
	uint8_t *utf8 = v6d_charset_japanese(p, n, &len);

	if (utf8)
		must(is_utf8(utf8, len));
	free(utf8);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (size == 0)
		return 0;
	/* Of the exact size, so that reading too far is noticed. */
	text = malloc(size);
	must(text);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	switch (data[0]) {
	case 'p':
		profile(text);
		break;
	case 'u':
		url(text);
		prefix(text);
		break;
	case 'r':
		record(text, size - 1);
		break;
	case 'c':
		charset(data + 1, size - 1);
		break;
	default:
		break;
	}
	free(text);
	return 0;
}
