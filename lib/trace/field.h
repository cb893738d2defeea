/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * field.h - structs as JSON objects by tables: one list of a struct's fields
 * both writes and reads it, and tells redaction what each of them holds.
 */
#ifndef V6D_TRACE_FIELD_H
#define V6D_TRACE_FIELD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum v6d_field_kind {
	V6D_FIELD_BOOL,
	V6D_FIELD_UINT, /* of any size; as the same bits of an int64_t */
	V6D_FIELD_INT,
	V6D_FIELD_WORD, /* an enum by name: `words` */
	V6D_FIELD_TEXT, /* char[], NUL-terminated */
	V6D_FIELD_BYTES, /* uint8_t[], as hexadecimal digits */
	V6D_FIELD_ADDR, /* struct v6d_addr */
	V6D_FIELD_PREFIX, /* struct v6d_prefix */
	V6D_FIELD_STRUCT, /* another struct: `sub` */
};

/* What a text holds, for redaction; addresses are known by their kind. */
enum v6d_field_holds {
	V6D_HOLDS_NOTHING, /* nothing of a person: kept */
	V6D_HOLDS_NAME, /* the name of a host, or an address */
	V6D_HOLDS_PATH, /* a path on a web server */
	V6D_HOLDS_FILE, /* a file or folder of this host */
	V6D_HOLDS_TEXT, /* words among which names and addresses may be */
};

struct v6d_fields;

struct v6d_field {
	const char *key;
	enum v6d_field_kind kind;
	enum v6d_field_holds holds;
	size_t at, size; /* offset and bytes of one */
	/* A list: room for cap of them, used: how many `unsigned` at n_at
	 * says. cap 0: one alone. */
	size_t cap, n_at;
	const struct v6d_fields *sub;
	const char *const *words;
	size_t n_words;
};

struct v6d_fields {
	size_t size; /* of the struct */
	size_t n;
	const struct v6d_field *field;
};

/*
 * The struct at p as a new object. Fields that are zero, empty or of no
 * family are left out. NULL: no memory.
 */
json_t *v6d_fields_write(const struct v6d_fields *f, const void *p);

/*
 * Reads an object into the struct at p, which is zeroed first; keys that are
 * not known are passed over. False: a value is not of its field's kind or
 * does not fit; the field stays zero and its key is in *ret_key.
 */
bool v6d_fields_read(
    const struct v6d_fields *f, const json_t *o, void *p, const char **ret_key);

/* How many of a field are in use in the struct at p. */
size_t v6d_field_used(const struct v6d_field *f, const void *p);

/*
 * Compares two of the same struct. The first key that differs, or NULL; a
 * list's is that of the list.
 */
const char *
v6d_fields_differ(const struct v6d_fields *f, const void *a, const void *b);

#endif
