/* SPDX-License-Identifier: GPL-2.0-or-later */
/* codes.c - numbers of other programs and messages: the tables, looked up. */
#include "report/codes.h"

#include <string.h>

#include "base/wire.h"

static const struct {
	const char *name;
	unsigned first, last;
	const char *title, *seen;
} groups[] = {
#define GROUP(id, name, first, last, title, seen) \
	{ name, first, last, title, seen },
#define CODE(group, number, meaning, todo, causes)
#include "report/codes.def"
#undef GROUP
#undef CODE
};

const struct v6d_code v6d_codes[] = {
#define GROUP(id, name, first, last, title, seen)
#define CODE(group, number, meaning, todo, causes) \
	{ V6D_GROUP_##group, number, meaning, todo, causes },
#include "report/codes.def"
#undef GROUP
#undef CODE
};
const size_t v6d_n_codes = V6D_ARRAY_LEN(v6d_codes);

const char *
v6d_group_name(enum v6d_code_group g)
{
	return groups[g].name;
}

const char *
v6d_group_title(enum v6d_code_group g)
{
	return groups[g].title;
}

const char *
v6d_group_seen(enum v6d_code_group g)
{
	return groups[g].seen;
}

bool
v6d_group_spans(enum v6d_code_group g, unsigned number)
{
	return number >= groups[g].first && number <= groups[g].last;
}

const struct v6d_code *
v6d_code_of(enum v6d_code_group g, unsigned number)
{
	for (size_t i = 0; i < v6d_n_codes; i++)
		if (v6d_codes[i].group == g && v6d_codes[i].number == number)
			return &v6d_codes[i];
	return NULL;
}

/* The whole of s as a number of at most five digits. */
static bool
number(const char *s, unsigned *ret)
{
	unsigned n = 0;
	size_t i = 0;

	for (; s[i] >= '0' && s[i] <= '9' && i < 5; i++)
		n = n * 10 + (unsigned)(s[i] - '0');
	*ret = n;
	return i > 0 && s[i] == '\0';
}

static bool
begins(const char *s, const char *with)
{
	for (; *with; s++, with++) {
		char c = *s >= 'A' && *s <= 'Z' ? (char)(*s - 'A' + 'a') : *s;

		if (c != *with)
			return false;
	}
	return true;
}

bool
v6d_code_parse(const char *s, enum v6d_code_group *ret_group,
    unsigned *ret_number, bool *ret_any)
{
	*ret_any = false;
	if (number(s, ret_number)) {
		*ret_any = true;
		return true;
	}
	if (begins(s, "e=")) {
		*ret_group = V6D_GROUP_MSCHAP;
		return number(s + 2, ret_number);
	}
	for (int g = 0; g < V6D_N_GROUPS; g++) {
		size_t n = strlen(groups[g].name);

		if (begins(s, groups[g].name) && (s[n] == '-' || s[n] == ' ') &&
		    number(s + n + 1, ret_number)) {
			*ret_group = (enum v6d_code_group)g;
			return true;
		}
	}
	return false;
}
