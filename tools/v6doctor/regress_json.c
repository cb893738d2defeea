/* SPDX-License-Identifier: GPL-2.0-or-later */
/* regress_json.c - the outcomes of regress as JSON (docs/json.md). */
#include "regress_json.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"

/* A file may be named with bytes that are no UTF-8. */
static json_t *
string(const char *s, size_t len)
{
	json_t *j = json_stringn(s, len);
	char clean[2048];
	struct v6d_text t = v6d_text_to(clean, sizeof(clean));

	if (j)
		return j;
	v6d_text_add_foreign(&t, (const uint8_t *)s, len);
	return json_string(clean);
}

static json_t *
lines(const char *s)
{
	json_t *a = json_array();

	while (*s) {
		size_t indent = strspn(s, " "), n = strcspn(s, "\n");

		json_array_append_new(a, string(s + indent, n - indent));
		s += n + (s[n] == '\n');
	}
	return a;
}

static json_t *
outcome(const struct outcome *r)
{
	json_t *o = json_object();

	json_object_set_new(o, "name", string(r->name, strlen(r->name)));
	json_object_set_new(o, "status",
	    json_string(r->differs.len > 0 ? "differs" : "as-expected"));
	json_object_set_new(o, "differs", lines(r->text));
	json_object_set_new(o, "replay",
	    r->note[0] ? string(r->note, strlen(r->note)) : json_null());
	return o;
}

/* Appends the keys of the whole to o. */
static void
whole(json_t *o, const char *dir, const struct outcome *r, size_t n)
{
	size_t differing = 0;

	for (size_t i = 0; i < n; i++)
		differing += r[i].differs.len > 0;
	json_object_set_new(o, "schema", json_string("v6doctor-regress/1"));
	json_object_set_new(o, "version", json_string(V6D_VERSION));
	json_object_set_new(o, "directory", string(dir, strlen(dir)));
	json_object_set_new(o, "files", json_integer((json_int_t)n));
	json_object_set_new(
	    o, "differing", json_integer((json_int_t)differing));
}

static void
print(json_t *o, size_t flags)
{
	json_dumpf(o, stdout, flags | JSON_PRESERVE_ORDER);
	putchar('\n');
	json_decref(o);
}

void
regress_print_json(const char *dir, const struct outcome *r, size_t n)
{
	json_t *o = json_object(), *outcomes = json_array();

	whole(o, dir, r, n);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(outcomes, outcome(&r[i]));
	json_object_set_new(o, "outcomes", outcomes);
	print(o, JSON_INDENT(2));
}

static json_t *
line(const char *type)
{
	json_t *o = json_object();

	json_object_set_new(o, "type", json_string(type));
	return o;
}

void
regress_print_jsonl(const char *dir, const struct outcome *r, size_t n)
{
	json_t *o = line("regress");

	whole(o, dir, r, n);
	print(o, JSON_COMPACT);
	for (size_t i = 0; i < n; i++) {
		json_t *of = outcome(&r[i]);

		o = line("outcome");
		json_object_update(o, of);
		json_decref(of);
		print(o, JSON_COMPACT);
	}
}
