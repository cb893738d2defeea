/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lay.c - causes by the words of people who do not know their names. */
#include "report/lay.h"

#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/width.h"
#include "base/wire.h"
#include "report/page.h"
#include "report/paint.h"
#include "report/render.h"

#define WORDS 512 /* bytes of a question that are looked at */
#define STEMS 1400
#define PHRASES 1600
#define ENOUGH 3 /* weight in common with a phrase that is not the same */
#define LEAST 150 /* of 1000 */

static const struct {
	unsigned weight;
	const char *stems;
} ideas[] = {
#define IDEA(id, weight, stems) { weight, stems },
#include "report/lay.def"
#undef IDEA
};

#define N_IDEAS V6D_ARRAY_LEN(ideas)

struct mask {
	uint64_t w[(N_IDEAS + 63) / 64];
};

struct stem {
	const char *s;
	uint8_t n, idea;
};

struct phrase {
	struct mask ideas;
	enum v6d_cause cause;
	unsigned worth; /* of 4 */
};

struct v6d_lay {
	size_t n_stems, n_phrases;
	struct stem stems[STEMS];
	struct phrase phrases[PHRASES];
};

/* ---- one spelling ---- */

static bool
letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Full-width Latin as ASCII, capitals small; 0: an apostrophe, left out. */
static uint32_t
plain(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e)
		c -= 0xfee0;
	if (c == '\'' || c == 0x2019)
		return 0;
	if (c >= 'A' && c <= 'Z')
		return c + ('a' - 'A');
	if (c < 0x80 && !letter((char)c))
		return ' ';
	/* the stops and brackets of Japanese, and its blank */
	return c == 0xff1a || (c >= 0x3000 && c <= 0x301f) ? ' ' : c;
}

/* Small letters with one blank between words, none at the ends. */
static void
spell(const char *s, struct v6d_text *t)
{
	size_t len;

	for (; *s; s += len) {
		uint32_t c = plain(v6d_width_char(s, &len));

		if (c == ' ' && (t->len == 0 || t->p[t->len - 1] == ' '))
			continue;
		if (c >= 0x80)
			v6d_text_add(t, "%.*s", (int)len, s);
		else if (c)
			v6d_text_add(t, "%c", (char)c);
	}
	if (t->len > 0 && t->p[t->len - 1] == ' ')
		t->p[--t->len] = '\0';
}

/* ---- words to ideas ---- */

/*
 * Bytes at s, where a word may begin, that the stem takes: 0, it is another
 * word. '_' in a stem is a blank, '-' at its end whatever the word goes on
 * with.
 */
static size_t
takes(const struct stem *k, const char *s, bool at_start)
{
	bool latin = letter(k->s[0]), open = k->s[k->n - 1] == '-';
	size_t n = open ? k->n - 1U : k->n;

	if (latin && !at_start)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (s[i] != (k->s[i] == '_' ? ' ' : k->s[i]))
			return 0;
	if (latin && !open && letter(s[n]))
		return 0;
	while (latin && letter(s[n]))
		n++;
	return n;
}

/* The stem that takes most; 0: none. */
static size_t
longest(
    const struct v6d_lay *l, const char *s, bool at_start, unsigned *ret_idea)
{
	size_t most = 0;

	for (size_t i = 0; i < l->n_stems; i++) {
		const struct stem *k = &l->stems[i];
		size_t n = k->s[0] == s[0] ? takes(k, s, at_start) : 0;

		if (n > most) {
			most = n;
			*ret_idea = k->idea;
		}
	}
	return most;
}

/* One letter more, less or other. */
static bool
one_slip(const char *a, size_t na, const char *b, size_t nb)
{
	size_t i = 0, j = 0;

	while (i < na && i < nb && a[i] == b[i])
		i++;
	while (j < na - i && j < nb - i && a[na - 1 - j] == b[nb - 1 - j])
		j++;
	if (na == nb) /* or two that changed places */
		return i + j + 1 >= na ||
		       (i + j + 2 == na && a[i] == b[i + 1] &&
			   a[i + 1] == b[i]);
	return na + 1 == nb ? i + j >= na : nb + 1 == na && i + j >= nb;
}

/* A mistyped word of five letters or more. */
static bool
slip(const struct v6d_lay *l, const char *s, size_t n, unsigned *ret_idea)
{
	for (size_t i = 0; n >= 5 && i < l->n_stems; i++) {
		const struct stem *k = &l->stems[i];
		bool open = k->s[k->n - 1] == '-';
		size_t len = open ? k->n - 1U : k->n;

		if (len < 4 || !letter(k->s[0]))
			continue;
		for (size_t cut = n; cut + 3 >= n && cut >= 5; cut--) {
			if (one_slip(s, cut, k->s, len)) {
				*ret_idea = k->idea;
				return true;
			}
			if (!open)
				break;
		}
	}
	return false;
}

static void
strange(struct v6d_text *t, const char *s, size_t n)
{
	v6d_text_add(t, "%s%.*s", t->len ? ", " : "", (int)n, s);
}

/* Characters of a word that nobody knows: kanji or katakana, up to others. */
static size_t
foreign(const char *s)
{
	size_t n = 0, len;

	for (; s[n]; n += len) {
		uint32_t c = v6d_width_char(s + n, &len);

		if (!(c >= 0x4e00 && c <= 0x9fff) &&
		    !(c >= 0x30a0 && c <= 0x30ff))
			break;
	}
	return n;
}

/* The ideas of words; what is none goes to ret_strange, unless that is NULL. */
static struct mask
understand(
    const struct v6d_lay *l, const char *words, struct v6d_text *ret_strange)
{
	char all[WORDS];
	struct v6d_text t = v6d_text_to(all, sizeof(all));
	struct mask m = { { 0 } };

	spell(words, &t);
	for (const char *s = all; *s;) {
		bool at_start = s == all || !letter(s[-1]);
		unsigned idea = N_IDEAS;
		size_t n = longest(l, s, at_start, &idea), len;

		if (n == 0 && letter(*s)) {
			while (letter(s[n]))
				n++;
			if (!slip(l, s, n, &idea) && ret_strange &&
			    strspn(s, "0123456789") < n)
				strange(ret_strange, s, n);
		} else if (n == 0) {
			v6d_width_char(s, &len);
			n = foreign(s);
			if (n > len && ret_strange) /* one kanji is little */
				strange(ret_strange, s, n);
			n = n ? n : len;
		}
		if (idea < N_IDEAS)
			m.w[idea / 64] |= UINT64_C(1) << idea % 64;
		s += n;
	}
	return m;
}

static unsigned
weigh(const struct mask *a, const struct mask *b)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < N_IDEAS; i++)
		if ((a->w[i / 64] & b->w[i / 64]) >> i % 64 & 1)
			sum += ideas[i].weight;
	return sum;
}

/* ---- the phrases of the pages ---- */

static void
add_stems(struct v6d_lay *l)
{
	for (unsigned i = 0; i < N_IDEAS; i++)
		for (const char *s = ideas[i].stems; *s;) {
			size_t n = strcspn(s, " ");

			if (l->n_stems < STEMS)
				l->stems[l->n_stems++] =
				    (struct stem){ s, (uint8_t)n, (uint8_t)i };
			s += n;
			s += *s == ' ';
		}
}

static void
add_phrase(struct v6d_lay *l, enum v6d_cause c, const char *s, unsigned worth)
{
	if (l->n_phrases < PHRASES)
		l->phrases[l->n_phrases++] =
		    (struct phrase){ understand(l, s, NULL), c, worth };
}

static void
add_page(struct v6d_lay *l, enum v6d_cause c, const char *page)
{
	char said[V6D_PAGE_SAID], title[V6D_PAGE_TITLE * 2];
	struct v6d_text t = v6d_text_to(said, sizeof(said));
	struct v6d_text raw = v6d_text_to(title, sizeof(title));

	if (v6d_page_key(page, "title", &raw))
		v6d_page_fill(&t, title, raw.len, NULL);
	add_phrase(l, c, said, 3); /* not written by those who ask */
	t = v6d_text_to(said, sizeof(said));
	if (!v6d_page_key(page, "said", &t))
		return;
	for (char *s = said; *s;) {
		size_t n = strcspn(s, ";");
		char *next = s[n] ? s + n + 1 : s + n;

		s[n] = '\0';
		add_phrase(l, c, s, 4);
		s = next;
	}
}

struct v6d_lay *
v6d_lay_new(void)
{
	static const struct v6d_lang *const langs[] = { &v6d_lang_en,
		&v6d_lang_ja };
	struct v6d_lay *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	add_stems(l);
	for (int i = 0; i < V6D_N_CAUSES; i++)
		for (size_t k = 0; k < V6D_ARRAY_LEN(langs); k++) {
			enum v6d_cause c = (enum v6d_cause)i;
			const char *page = v6d_page_of(c, langs[k]);

			if (page)
				add_page(l, c, page);
		}
	return l;
}

void
v6d_lay_free(struct v6d_lay *l)
{
	free(l);
}

/* ---- what fits ---- */

/* The square of the cosine between question and phrase, of 1000. */
static unsigned
score(const struct mask *q, const struct mask *p)
{
	unsigned both = weigh(q, p), all = weigh(q, q) * weigh(p, p);
	unsigned s = all ? 1000 * both * both / all : 0;

	return s >= 1000 || (both >= ENOUGH && s >= LEAST) ? s : 0;
}

/* Puts a cause where its rank belongs; the least falls out. */
static void
rank(struct v6d_lay_found *f, unsigned *ranks, enum v6d_cause c,
    unsigned points, unsigned r)
{
	size_t at = f->n;

	if (f->n < V6D_LAY_FOUND)
		f->n++;
	else if (ranks[--at] >= r)
		return;
	for (; at > 0 && ranks[at - 1] < r; at--) {
		ranks[at] = ranks[at - 1];
		f->cause[at] = f->cause[at - 1];
		f->score[at] = f->score[at - 1];
	}
	ranks[at] = r;
	f->cause[at] = c;
	f->score[at] = points;
}

void
v6d_lay_find(const struct v6d_lay *l, const char *words,
    unsigned (*usual)(enum v6d_cause c), struct v6d_lay_found *ret)
{
	unsigned best[V6D_N_CAUSES] = { 0 }, ranks[V6D_LAY_FOUND], top = 0;
	struct v6d_text t = v6d_text_to(ret->strange, sizeof(ret->strange));
	struct mask q = understand(l, words, &t);

	ret->n = 0;
	ret->any = weigh(&q, &q) > 0;
	for (size_t i = 0; i < l->n_phrases; i++) {
		const struct phrase *p = &l->phrases[i];
		unsigned s = score(&q, &p->ideas) * p->worth / 4;

		if (s > best[p->cause])
			best[p->cause] = s;
		if (s > top)
			top = s;
	}
	for (int i = 0; i < V6D_N_CAUSES; i++) {
		enum v6d_cause c = (enum v6d_cause)i;

		if (best[i] > 0 && best[i] * 5 >= top * 2)
			rank(ret, ranks, c, best[i],
			    best[i] * (20 + (usual ? usual(c) : 0)));
	}
}

/* ---- in words ---- */

static void
add_cause(struct v6d_paint *p, enum v6d_cause c)
{
	const char *page = v6d_page_of(c, p->t.lang);
	char sentence[V6D_PAGE_ITEM];
	struct v6d_text t = v6d_text_to(sentence, sizeof(sentence));

	if (!page || !v6d_page_key(page, "plain", &t))
		return;
	v6d_text_add(&p->t, "\n%s\n  ", v6d_cause_name(c));
	v6d_paint_wrap(p, 2, 2, sentence);
}

static void
add_found(struct v6d_paint *p, const char *words, const struct v6d_lay_found *f)
{
	char line[WORDS + 160];
	struct v6d_text t = v6d_text_like(&p->t, line, sizeof(line));

	v6d_text_say(
	    &t, "\"%s\" can come from these, the likeliest first:", words);
	v6d_paint_wrap(p, 0, 0, line);
	for (size_t i = 0; i < f->n; i++)
		add_cause(p, f->cause[i]);
	v6d_text_add(&p->t, "\n");
	if (f->strange[0]) {
		t = v6d_text_like(&p->t, line, sizeof(line));
		v6d_text_say(&t, "Not understood: %s.", f->strange);
		v6d_paint_wrap(p, 0, 0, line);
	}
	t = v6d_text_like(&p->t, line, sizeof(line));
	v6d_text_say(&t, "What to do about the first: \"v6doctor explain %s\".",
	    v6d_cause_name(f->cause[0]));
	v6d_paint_wrap(p, 0, 0, line);
	v6d_paint_say(p, 0, 0,
	    "Which of them it is: \"sudo v6doctor run-all\" measures it, "
	    "\"v6doctor walk\" asks you one thing after another.");
}

char *
v6d_lay_text(const char *words, unsigned (*usual)(enum v6d_cause c),
    const struct v6d_lang *l, unsigned columns, struct v6d_lay_found *ret_found)
{
	struct v6d_paint p = { .t = v6d_render_start(l), .columns = columns };
	struct v6d_lay *lay = v6d_lay_new();

	memset(ret_found, 0, sizeof(*ret_found));
	if (lay && p.t.p)
		v6d_lay_find(lay, words, usual, ret_found);
	v6d_lay_free(lay);
	if (ret_found->n == 0) {
		free(p.t.p);
		return NULL;
	}
	add_found(&p, words, ret_found);
	return v6d_render_end(&p.t);
}
