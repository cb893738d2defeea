/* SPDX-License-Identifier: GPL-2.0-or-later */
/* page.c - reads the pages of docs/causes that travel inside the program. */
#include "report/page.h"

#include <string.h>

#include "base/embed.h"
#include "base/width.h"

#define OUTER_OVERHEAD 40 /* IPv4 20, GRE 16, PPP 4 */
#define IPV6_MIN 1280 /* RFC 8200 5 */

const char *
v6d_page_find(const char *folder, const char *what, const struct v6d_lang *l)
{
	char name[80];
	struct v6d_text t = v6d_text_to(name, sizeof(name));
	const char *page;

	v6d_text_add(&t, "%s/%s/%s.md", folder, v6d_lang_tag(l), what);
	page = v6d_file_text(v6d_doc_files, name);
	if (page)
		return page;
	t = v6d_text_to(name, sizeof(name));
	v6d_text_add(&t, "%s/%s.md", folder, what);
	return v6d_file_text(v6d_doc_files, name);
}

const char *
v6d_page_of(enum v6d_cause c, const struct v6d_lang *l)
{
	return v6d_page_find("causes", v6d_cause_name(c), l);
}

static size_t
line_len(const char *s)
{
	return strcspn(s, "\n");
}

static const char *
next_line(const char *s)
{
	s += line_len(s);
	return *s ? s + 1 : s;
}

bool
v6d_page_key(const char *page, const char *key, struct v6d_text *t)
{
	size_t n = strlen(key);

	if (strncmp(page, "---\n", 4) != 0)
		return false;
	for (page += 4; *page && strncmp(page, "---\n", 4) != 0;
	     page = next_line(page)) {
		if (strncmp(page, key, n) != 0 || page[n] != ':')
			continue;
		page += n + 1;
		page += strspn(page, " ");
		v6d_text_add(t, "%.*s", (int)line_len(page), page);
		return true;
	}
	return false;
}

const char *
v6d_page_section(const char *page, const char *name, size_t *ret_len)
{
	size_t n = strlen(name);

	for (; *page; page = next_line(page)) {
		const char *end;

		if (strncmp(page, "## ", 3) != 0 || line_len(page) != n + 3 ||
		    memcmp(page + 3, name, n) != 0)
			continue;
		page = next_line(page);
		end = page;
		while (*end && strncmp(end, "## ", 3) != 0)
			end = next_line(end);
		*ret_len = (size_t)(end - page);
		return page;
	}
	return NULL;
}

/* ---- {name|words} ---- */

static bool
named(const char *s, size_t n, const char *name)
{
	return strlen(name) == n && memcmp(s, name, n) == 0;
}

static bool
fill_direction(struct v6d_text *t, const struct v6d_finding *f)
{
	if (!f->direction || strcmp(f->direction, "unknown") == 0)
		return false;
	if (strcmp(f->direction, "in") == 0)
		v6d_text_say(t, "towards this host");
	else if (strcmp(f->direction, "out") == 0)
		v6d_text_say(t, "towards the server");
	else
		v6d_text_say(t, "in both directions");
	return true;
}

static bool
fill_text(struct v6d_text *t, const char *s)
{
	v6d_text_add(t, "%s", s);
	return s[0] != '\0';
}

/*
 * The tunnel's MTU that an outer limit leaves: by the largest size that is
 * known to pass. Below IPv6's 1280 there is no number to give.
 */
static bool
fill_tunnel_mtu(struct v6d_text *t, const struct v6d_finding *f)
{
	int64_t pass = f->value;
	int64_t around = f->overhead ? f->overhead : OUTER_OVERHEAD;

	if (!f->value_name || f->value < IPV6_MIN + around)
		return false;
	if (f->value2_name && strcmp(f->value2_name, "passed_bytes") == 0)
		pass = f->value2;
	if (pass < IPV6_MIN + around)
		pass = IPV6_MIN + around;
	v6d_text_add(t, "%lld", (long long)(pass - around));
	return true;
}

/* Lines by the largest IPv4 packet that they carry, bytes. */
static const struct {
	int64_t mtu;
	const char *line;
} lines[] = {
	{ 1500, "Ethernet" },
	{ 1492, "PPPoE" },
	{ 1460, N_("MAP-E or DS-Lite") },
	{ 1454, N_("FLET'S PPPoE") },
	{ 1438, N_("FLET'S Hikari Premium") },
};

/* Where the tunnel's MTU comes from, in words. */
static bool
fill_budget(struct v6d_text *t, const struct v6d_finding *f)
{
	if (!f->value_name || f->value < IPV6_MIN + OUTER_OVERHEAD)
		return false;
	v6d_text_add(t, "%lld", (long long)f->value);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (lines[i].mtu == f->value)
			v6d_text_say(t, ", as %s has,",
			    v6d_lang_get(t->lang, lines[i].line));
	v6d_text_say(t, " less 20 for IPv4, 16 for GRE and 4 for PPP");
	return true;
}

static bool
fill_one(
    struct v6d_text *t, const char *s, size_t n, const struct v6d_finding *f)
{
	if (named(s, n, "direction"))
		return fill_direction(t, f);
	if (named(s, n, "before"))
		return fill_text(t, f->before);
	if (named(s, n, "after"))
		return fill_text(t, f->after);
	if (named(s, n, "word")) {
		v6d_text_retell(t, f->word);
		return f->word[0] != '\0';
	}
	if (named(s, n, "tunnel_mtu"))
		return fill_tunnel_mtu(t, f);
	if (named(s, n, "budget"))
		return fill_budget(t, f);
	if (!f->value_name || !named(s, n, f->value_name))
		return false;
	if (named(s, n, "per_mille"))
		v6d_text_add(t, "%lld.%lld", (long long)(f->value / 10),
		    (long long)(f->value % 10));
	else
		v6d_text_add(t, "%lld", (long long)f->value);
	return true;
}

void
v6d_page_fill(
    struct v6d_text *t, const char *s, size_t n, const struct v6d_finding *f)
{
	const char *end = s + n;

	while (s < end) {
		const char *close = memchr(s, '}', (size_t)(end - s));
		const char *bar = memchr(s, '|', (size_t)(end - s));

		if (*s != '{' || !close || !bar || bar > close) {
			v6d_text_add(t, "%c", *s++);
			continue;
		}
		if (!f || !fill_one(t, s + 1, (size_t)(bar - s - 1), f))
			v6d_text_add(
			    t, "%.*s", (int)(close - bar - 1), bar + 1);
		s = close + 1;
	}
}

/* ---- the numbered list of remedies ---- */

/* "1. " at the start of a line. */
static size_t
item_mark(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n > 0 && s[n] == '.' && s[n + 1] == ' ' ? n + 2 : 0;
}

/* Lines behind the mark that belong to the item are indented. */
static bool
continues(const char *s)
{
	return *s == ' ' && s[strspn(s, " ")] != '\n';
}

/* Between two lines that become one: no blank beside a full-width character,
 * whose script writes none between words. */
static const char *
joint(const struct v6d_text *before, const char *after)
{
	size_t at = before->len, len;

	if (at == 0)
		return "";
	do
		at--;
	while (at > 0 && ((uint8_t)before->p[at] & 0xc0) == 0x80);
	return v6d_width_of(v6d_width_char(before->p + at, &len)) == 2 ||
		       v6d_width_of(v6d_width_char(after, &len)) == 2
		   ? ""
		   : " ";
}

static void
add_item(struct v6d_text *t, const char *s, const char *end,
    const struct v6d_finding *f)
{
	char line[V6D_PAGE_ITEM];
	struct v6d_text all = v6d_text_to(line, sizeof(line));

	s += item_mark(s);
	do {
		s += strspn(s, " ");
		v6d_text_add(
		    &all, "%s%.*s", joint(&all, s), (int)line_len(s), s);
		s = next_line(s);
	} while (s < end && continues(s));
	v6d_page_fill(t, line, all.len, f);
}

bool
v6d_page_remedy(const char *page, unsigned i, const struct v6d_finding *f,
    struct v6d_text *t)
{
	const char *name = N_("What to do");
	size_t n;
	const char *s = v6d_page_section(page, v6d_lang_get(t->lang, name), &n);
	const char *end;

	if (!s) /* a page that is in English only */
		s = v6d_page_section(page, name, &n);
	end = s ? s + n : NULL;

	for (; s && s < end; s = next_line(s)) {
		if (!item_mark(s))
			continue;
		if (i-- == 0) {
			add_item(t, s, end, f);
			return true;
		}
	}
	return false;
}

void
v6d_page_title(
    enum v6d_cause c, const struct v6d_finding *f, struct v6d_text *t)
{
	const char *page = v6d_page_of(c, t->lang);
	char raw[V6D_PAGE_TITLE * 2];
	struct v6d_text r = v6d_text_to(raw, sizeof(raw));

	if (!page || !v6d_page_key(page, "title", &r))
		v6d_text_add(t, "%s", v6d_cause_name(c));
	else
		v6d_page_fill(t, raw, r.len, f);
}
