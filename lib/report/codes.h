/* SPDX-License-Identifier: GPL-2.0-or-later */
/* codes.h - numbers of other programs and messages in words; codes.def. */
#ifndef V6D_REPORT_CODES_H
#define V6D_REPORT_CODES_H

#include <stdbool.h>
#include <stddef.h>

enum v6d_code_group {
#define GROUP(id, name, first, last, title, seen) V6D_GROUP_##id,
#define CODE(group, number, meaning, todo, causes)
#include "report/codes.def"
#undef GROUP
#undef CODE
	V6D_N_GROUPS
};

struct v6d_code {
	enum v6d_code_group group;
	unsigned number;
	const char *meaning, *todo;
	const char *causes; /* names, blanks between; "" for none */
};

extern const struct v6d_code v6d_codes[];
extern const size_t v6d_n_codes;

/* "windows"; "an error of ..."; where it is met. */
const char *v6d_group_name(enum v6d_code_group g);
const char *v6d_group_title(enum v6d_code_group g);
const char *v6d_group_seen(enum v6d_code_group g);
/* True when the number can be one of the group's at all. */
bool v6d_group_spans(enum v6d_code_group g, unsigned number);

/* The code of a group, or NULL: there is no text for it. */
const struct v6d_code *v6d_code_of(enum v6d_code_group g, unsigned number);

/*
 * Reads "windows-691", "pppd 19", "E=691" (MS-CHAP) or a number alone ("any"
 * is set then: of whichever group). False: it is no such thing.
 */
bool v6d_code_parse(const char *s, enum v6d_code_group *ret_group,
    unsigned *ret_number, bool *ret_any);

#endif
