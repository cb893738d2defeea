/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sheet.c - the text files of the lab: a head, then sections of raw lines. */
#include "lab/sheet.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
copy_word(char *to, const char *from, size_t n)
{
	if (n >= V6D_SHEET_WORD)
		n = V6D_SHEET_WORD - 1;
	memcpy(to, from, n);
	to[n] = '\0';
}

/* The next '[' at the start of a line, or the end of the text. */
static const char *
find_header(const char *p)
{
	if (*p == '[')
		return p;
	p = strstr(p, "\n[");
	return p ? p + 1 : NULL;
}

static void
read_header(struct v6d_sheet *s, const char *p)
{
	size_t all = strcspn(p, "]\n"), kind = strcspn(p, " ]\n");

	copy_word(s->kind, p, kind);
	s->arg[0] = '\0';
	if (kind < all)
		copy_word(s->arg, p + kind + 1, all - kind - 1);
}

bool
v6d_sheet_next(struct v6d_sheet *s, const char *text)
{
	const char *p = s->next ? s->next : text, *end;

	if (s->next && *p == '\0')
		return false;
	if (*p == '[') {
		read_header(s, p + 1);
		p += strcspn(p, "\n");
		p += *p == '\n';
	} else {
		s->kind[0] = s->arg[0] = '\0';
	}
	end = find_header(p);
	if (!end)
		end = p + strlen(p);
	s->body = p;
	s->len = (size_t)(end - p);
	s->next = end;
	return true;
}

bool
v6d_sheet_line(const struct v6d_sheet *s, size_t *pos, char *ret_line)
{
	while (*pos < s->len) {
		const char *p = s->body + *pos;
		const char *nl = memchr(p, '\n', s->len - *pos);
		size_t n = nl ? (size_t)(nl - p) : s->len - *pos;

		*pos += n + 1;
		while (n > 0 && isspace((unsigned char)*p))
			p++, n--;
		while (n > 0 && isspace((unsigned char)p[n - 1]))
			n--;
		if (n == 0 || *p == '#')
			continue;
		if (n >= V6D_SHEET_LINE)
			n = V6D_SHEET_LINE - 1;
		memcpy(ret_line, p, n);
		ret_line[n] = '\0';
		return true;
	}
	return false;
}

char *
v6d_sheet_split(char *line)
{
	char *eq = strchr(line, '='), *end = eq;

	if (!eq)
		return NULL;
	while (end > line && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	for (eq++; isspace((unsigned char)*eq); eq++)
		;
	return eq;
}

bool
v6d_sheet_key(const struct v6d_sheet *s, const char *key, char *ret_value)
{
	char line[V6D_SHEET_LINE];
	size_t pos = 0;

	while (v6d_sheet_line(s, &pos, line)) {
		const char *value = v6d_sheet_split(line);

		if (!value || strcmp(line, key) != 0)
			continue;
		memcpy(ret_value, value, strlen(value) + 1);
		return true;
	}
	return false;
}

static const struct v6d_sheet_var *
find_var(const struct v6d_sheet_var *vars, const char *name, size_t n)
{
	for (; vars->name; vars++)
		if (strlen(vars->name) == n && memcmp(vars->name, name, n) == 0)
			return vars;
	return NULL;
}

static void
add_line(struct v6d_text *t, const char *p, const struct v6d_sheet_var *vars)
{
	while (*p) {
		size_t plain = strcspn(p, "$"), n = 0;
		const struct v6d_sheet_var *v;

		v6d_text_add(t, "%.*s", (int)plain, p);
		p += plain;
		if (*p == '\0')
			break;
		while (isupper((unsigned char)p[1 + n]))
			n++;
		v = find_var(vars, p + 1, n);
		if (v) {
			v6d_text_add(t, "%s", v->value);
			p += 1 + n;
		} else {
			v6d_text_add(t, "$");
			p++;
		}
	}
	v6d_text_add(t, "\n");
}

static void
add_loop(struct v6d_text *t, const char *p)
{
	char number[12];
	const struct v6d_sheet_var vars[] = { { "N", number }, { NULL, NULL } };
	unsigned long from, to, step;
	char *end;

	from = strtoul(p, &end, 10);
	end += strspn(end, ".");
	to = strtoul(end, &end, 10);
	step = strtoul(end, &end, 10);
	end += strspn(end, ": ");
	for (unsigned long i = from; step > 0 && i <= to; i += step) {
		snprintf(number, sizeof(number), "%lu", i);
		add_line(t, end, vars);
	}
}

void
v6d_sheet_expand(struct v6d_text *t, const struct v6d_sheet *s,
    const struct v6d_sheet_var *vars)
{
	char line[V6D_SHEET_LINE];
	size_t pos = 0;

	while (v6d_sheet_line(s, &pos, line)) {
		if (strncmp(line, "@for ", 5) == 0)
			add_loop(t, line + 5);
		else
			add_line(t, line[0] == '\\' ? line + 1 : line, vars);
	}
}

/*
 * Appends the lines of text that set this key to something. Returns whether
 * there are any that name it.
 */
static bool
add_setting(struct v6d_text *t, const char *text, const char *key)
{
	struct v6d_sheet s = { .body = text, .len = strlen(text) };
	char line[V6D_SHEET_LINE], other[V6D_SHEET_LINE];
	size_t pos = 0;
	bool any = false;

	while (v6d_sheet_line(&s, &pos, line)) {
		const char *value;

		memcpy(other, line, sizeof(other));
		value = v6d_sheet_split(other);
		if (!value || strcmp(key, other) != 0)
			continue;
		if (t && *value)
			v6d_text_add(t, "%s\n", line);
		any = true;
	}
	return any;
}

void
v6d_sheet_merge(struct v6d_text *t, const char *usual, const char *instead)
{
	struct v6d_sheet s = { .body = usual, .len = strlen(usual) };
	struct v6d_sheet i = { .body = instead, .len = strlen(instead) };
	char line[V6D_SHEET_LINE], key[V6D_SHEET_LINE];
	size_t pos = 0;

	while (v6d_sheet_line(&s, &pos, line)) {
		memcpy(key, line, sizeof(key));
		if (!v6d_sheet_split(key) || !add_setting(NULL, instead, key))
			v6d_text_add(t, "%s\n", line);
		else if (!add_setting(NULL, t->p, key))
			add_setting(t, instead, key);
	}
	pos = 0;
	while (v6d_sheet_line(&i, &pos, line)) {
		memcpy(key, line, sizeof(key));
		if (!v6d_sheet_split(key) || !add_setting(NULL, usual, key))
			v6d_text_add(t, "%s\n", line);
	}
}
