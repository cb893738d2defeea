/* SPDX-License-Identifier: GPL-2.0-or-later */
/* field.c - structs as JSON objects, by tables of their fields. */
#include "trace/field.h"

#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/text.h"

#define BYTES_MAX 64
#define PREFIX_TEXT (V6D_ADDR_TEXT + 4)

size_t
v6d_field_used(const struct v6d_field *f, const void *p)
{
	unsigned n;

	if (f->cap == 0)
		return 1;
	memcpy(&n, (const uint8_t *)p + f->n_at, sizeof(n));
	return n < f->cap ? n : f->cap;
}

/* ---- numbers of any size ---- */

static uint64_t
get_unsigned(const uint8_t *p, size_t size)
{
	uint8_t a;
	uint16_t b;
	uint32_t c;
	uint64_t d = 0;

	switch (size) {
	case 1:
		memcpy(&a, p, sizeof(a));
		return a;
	case 2:
		memcpy(&b, p, sizeof(b));
		return b;
	case 4:
		memcpy(&c, p, sizeof(c));
		return c;
	case 8:
		memcpy(&d, p, sizeof(d));
		return d;
	}
	return d;
}

static int64_t
get_number(const struct v6d_field *f, const uint8_t *p)
{
	uint64_t u = get_unsigned(p, f->size);
	uint64_t sign = f->size < 8 ? UINT64_C(1) << (8 * f->size - 1) : 0;

	if (f->kind == V6D_FIELD_INT && (u & sign))
		u |= ~(sign - 1);
	return (int64_t)u;
}

static bool
put_number(const struct v6d_field *f, uint8_t *p, int64_t v)
{
	uint8_t a = (uint8_t)v;
	uint16_t b = (uint16_t)v;
	uint32_t c = (uint32_t)v;
	uint64_t d = (uint64_t)v;

	switch (f->size) {
	case 1:
		memcpy(p, &a, sizeof(a));
		break;
	case 2:
		memcpy(p, &b, sizeof(b));
		break;
	case 4:
		memcpy(p, &c, sizeof(c));
		break;
	case 8:
		memcpy(p, &d, sizeof(d));
		break;
	}
	if (get_number(f, p) == v)
		return true;
	memset(p, 0, f->size);
	return false;
}

/* ---- writing one value; *ret_skip: it is as if not there ---- */

static json_t *
write_text(const char *s)
{
	char clean[4096];
	struct v6d_text t = v6d_text_to(clean, sizeof(clean));
	json_t *j = json_string(s);

	if (j)
		return j;
	/* bytes of a stranger: jansson takes UTF-8 only */
	v6d_text_add_foreign(&t, (const uint8_t *)s, strlen(s));
	return json_string(clean);
}

static json_t *
write_bytes(const uint8_t *p, size_t n)
{
	char text[2 * BYTES_MAX + 1] = "";

	for (size_t i = 0; i < n && i < BYTES_MAX; i++)
		snprintf(text + 2 * i, 3, "%02x", p[i]);
	return json_string(text);
}

static json_t *
write_addr(const uint8_t *p)
{
	char text[V6D_ADDR_TEXT] = "";
	struct v6d_addr a;

	memcpy(&a, p, sizeof(a));
	if (a.family)
		v6d_addr_text(&a, text, sizeof(text));
	return json_string(text);
}

static json_t *
write_prefix(const uint8_t *p)
{
	char text[PREFIX_TEXT] = "", addr[V6D_ADDR_TEXT];
	struct v6d_prefix a;

	memcpy(&a, p, sizeof(a));
	if (a.addr.family)
		snprintf(text, sizeof(text), "%s/%u",
		    v6d_addr_text(&a.addr, addr, sizeof(addr)), a.len);
	return json_string(text);
}

static json_t *
write_word(const struct v6d_field *f, const uint8_t *p)
{
	int64_t v = get_number(f, p);

	if (v >= 0 && (uint64_t)v < f->n_words && f->words[v])
		return json_string(f->words[v]);
	return json_integer(v); /* a name is missing: nothing is lost */
}

static json_t *
write_one(const struct v6d_field *f, const uint8_t *p)
{
	switch (f->kind) {
	case V6D_FIELD_BOOL:
		return json_boolean(*p);
	case V6D_FIELD_UINT:
	case V6D_FIELD_INT:
		return json_integer(get_number(f, p));
	case V6D_FIELD_WORD:
		return write_word(f, p);
	case V6D_FIELD_TEXT:
		return write_text((const char *)p);
	case V6D_FIELD_BYTES:
		return write_bytes(p, f->size);
	case V6D_FIELD_ADDR:
		return write_addr(p);
	case V6D_FIELD_PREFIX:
		return write_prefix(p);
	case V6D_FIELD_STRUCT:
		return v6d_fields_write(f->sub, p);
	}
	return NULL;
}

static bool
all_zero(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

static bool
left_out(const struct v6d_field *f, const uint8_t *p)
{
	if (f->cap > 0)
		return v6d_field_used(f, p) == 0;
	if (f->kind == V6D_FIELD_TEXT)
		return p[f->at] == '\0';
	return all_zero(p + f->at, f->size);
}

static json_t *
write_list(const struct v6d_field *f, const uint8_t *p)
{
	json_t *a = json_array();

	for (size_t i = 0; i < v6d_field_used(f, p); i++)
		json_array_append_new(a, write_one(f, p + f->at + i * f->size));
	return a;
}

json_t *
v6d_fields_write(const struct v6d_fields *fields, const void *p)
{
	json_t *o = json_object();

	for (size_t i = 0; i < fields->n; i++) {
		const struct v6d_field *f = &fields->field[i];

		if (left_out(f, p))
			continue;
		json_object_set_new(o, f->key,
		    f->cap > 0 ? write_list(f, p)
			       : write_one(f, (const uint8_t *)p + f->at));
	}
	return o;
}

/* ---- reading ---- */

static bool
read_text(const struct v6d_field *f, const json_t *v, uint8_t *p)
{
	size_t n = json_string_length(v);

	if (!json_is_string(v) || n >= f->size)
		return false;
	memcpy(p, json_string_value(v), n);
	return true;
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
read_bytes(const struct v6d_field *f, const json_t *v, uint8_t *p)
{
	const char *s = json_string_value(v);

	if (!s || strlen(s) != 2 * f->size)
		return false;
	for (size_t i = 0; i < f->size; i++) {
		int a = digit(s[2 * i]), b = digit(s[2 * i + 1]);

		if (a < 0 || b < 0)
			return false;
		p[i] = (uint8_t)(a << 4 | b);
	}
	return true;
}

static bool
read_addr(const json_t *v, uint8_t *p)
{
	struct v6d_addr a = { 0 };
	const char *s = json_string_value(v);

	if (!s || (s[0] != '\0' && !v6d_addr_parse(s, &a)))
		return false;
	memcpy(p, &a, sizeof(a));
	return true;
}

static bool
read_prefix(const json_t *v, uint8_t *p)
{
	struct v6d_prefix a = { 0 };
	const char *s = json_string_value(v);

	if (!s || (s[0] != '\0' && !v6d_prefix_parse(s, &a)))
		return false;
	memcpy(p, &a, sizeof(a));
	return true;
}

static bool
read_word(const struct v6d_field *f, const json_t *v, uint8_t *p)
{
	if (json_is_integer(v))
		return put_number(f, p, json_integer_value(v));
	for (size_t i = 0; json_is_string(v) && i < f->n_words; i++)
		if (f->words[i] &&
		    strcmp(f->words[i], json_string_value(v)) == 0)
			return put_number(f, p, (int64_t)i);
	return false;
}

static bool
read_one(const struct v6d_field *f, const json_t *v, uint8_t *p,
    const char **ret_key)
{
	switch (f->kind) {
	case V6D_FIELD_BOOL:
		*p = json_is_true(v);
		return json_is_boolean(v);
	case V6D_FIELD_UINT:
	case V6D_FIELD_INT:
		return json_is_integer(v) &&
		       put_number(f, p, json_integer_value(v));
	case V6D_FIELD_WORD:
		return read_word(f, v, p);
	case V6D_FIELD_TEXT:
		return read_text(f, v, p);
	case V6D_FIELD_BYTES:
		return read_bytes(f, v, p);
	case V6D_FIELD_ADDR:
		return read_addr(v, p);
	case V6D_FIELD_PREFIX:
		return read_prefix(v, p);
	case V6D_FIELD_STRUCT:
		return json_is_object(v) &&
		       v6d_fields_read(f->sub, v, p, ret_key);
	}
	return false;
}

static bool
read_list(const struct v6d_field *f, const json_t *v, uint8_t *p,
    const char **ret_key)
{
	unsigned n = (unsigned)json_array_size(v);

	if (!json_is_array(v) || json_array_size(v) > f->cap)
		return false;
	for (unsigned i = 0; i < n; i++)
		if (!read_one(f, json_array_get(v, i), p + f->at + i * f->size,
			ret_key))
			return false;
	memcpy(p + f->n_at, &n, sizeof(n));
	return true;
}

bool
v6d_fields_read(const struct v6d_fields *fields, const json_t *o, void *p,
    const char **ret_key)
{
	uint8_t *b = p;

	memset(b, 0, fields->size);
	for (size_t i = 0; i < fields->n; i++) {
		const struct v6d_field *f = &fields->field[i];
		const json_t *v = json_object_get(o, f->key);
		bool ok = true;

		*ret_key = f->key;
		if (v && f->cap > 0)
			ok = read_list(f, v, b, ret_key);
		else if (v)
			ok = read_one(f, v, b + f->at, ret_key);
		if (!ok)
			return false;
	}
	return true;
}

/* ---- comparing ---- */

static bool
one_differs(const struct v6d_field *f, const uint8_t *a, const uint8_t *b)
{
	if (f->kind == V6D_FIELD_STRUCT)
		return v6d_fields_differ(f->sub, a, b) != NULL;
	if (f->kind == V6D_FIELD_TEXT)
		return strncmp((const char *)a, (const char *)b, f->size) != 0;
	return memcmp(a, b, f->size) != 0;
}

const char *
v6d_fields_differ(const struct v6d_fields *fields, const void *a, const void *b)
{
	const uint8_t *x = a, *y = b;

	for (size_t i = 0; i < fields->n; i++) {
		const struct v6d_field *f = &fields->field[i];
		size_t n = v6d_field_used(f, a);

		if (n != v6d_field_used(f, b))
			return f->key;
		for (size_t k = 0; k < n; k++)
			if (one_differs(f, x + f->at + k * f->size,
				y + f->at + k * f->size))
				return f->key;
	}
	return NULL;
}
