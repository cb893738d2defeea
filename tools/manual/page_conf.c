/* SPDX-License-Identifier: GPL-2.0-or-later */
/* page_conf.c - v6doctor.conf(5), of the table that the reader uses. */
#include "manual.h"

#include <stdlib.h>
#include <string.h>

#include "io/profile_keys.h"
#include "mdoc.h"

/* The value of a key in the example, which has each key once. */
static const char *
value_of(const char *example, const struct v6d_key *k, size_t *ret_len)
{
	char head[64];
	const char *at;
	size_t n = strlen(k->name);

	snprintf(head, sizeof(head), "\n[%s]\n", k->section);
	at = strstr(example, head);
	for (at = at ? at + 1 : ""; (at = strchr(at, '\n')) && at[1] != '[';) {
		at++;
		if (strncmp(at, k->name, n) != 0 ||
		    strncmp(at + n, " = ", 3) != 0)
			continue;
		at += n + 3;
		*ret_len = strcspn(at, "\n");
		return at;
	}
	fprintf(
	    stderr, "manual: [%s] %s has no example\n", k->section, k->name);
	exit(1);
}

static void
one(FILE *f, const struct v6d_key *k, const char *example)
{
	char form[64], line[300];
	size_t n;
	const char *value = value_of(example, k, &n);

	fprintf(f, ".It Ic %s\n", k->name);
	snprintf(line, sizeof(line), "%s.", k->meaning);
	mdoc_text(f, line);
	fputs(".br\nValue: ", f);
	mdoc_word(f, v6d_key_form_text(k, form, sizeof(form)));
	if (k->unit[0]) {
		fputc(' ', f);
		mdoc_word(f, k->unit);
	}
	fputs(".\nDefault: ", f);
	mdoc_word(f, k->standard[0] ? k->standard : "none");
	fputs(".\n.br\nExample:\n.Ql ", f);
	snprintf(line, sizeof(line), "%s = %.*s", k->name, (int)n, value);
	mdoc_word(f, line);
	fputc('\n', f);
}

static void
keys(FILE *f, const char *example)
{
	const char *section = "";

	for (size_t i = 0; i < v6d_n_keys; i++) {
		const struct v6d_key *k = &v6d_keys[i];

		if (strcmp(section, k->section) != 0) {
			fputs(*section ? ".El\n" : "", f);
			fprintf(f, ".Ss \\&[%s]\\&\n", k->section);
			mdoc_text(f, v6d_section_meaning(k->section));
			fputs(".Bl -tag -width Ds\n", f);
		}
		section = k->section;
		one(f, k, example);
	}
	fputs(".El\n", f);
}

void
manual_conf(FILE *f, const char *frame, const char *example)
{
	for (; *frame; frame += strcspn(frame, "\n") + 1) {
		if (strncmp(frame, "@keys\n", 6) == 0)
			keys(f, example);
		else
			fprintf(f, "%.*s\n", (int)strcspn(frame, "\n"), frame);
	}
}
