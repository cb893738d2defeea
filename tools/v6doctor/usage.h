/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage.h - what a command takes and says of itself: one table, from which
 * come its options' reading, its --help, its man page and the completions of
 * the shells. All texts are messages.
 */
#ifndef V6D_TOOLS_USAGE_H
#define V6D_TOOLS_USAGE_H

#include <stdio.h>

/* What a word or an option's value is, for completion. */
enum v6d_takes {
	V6D_TAKES_NOTHING,
	V6D_TAKES_TEXT, /* anything: nothing can be suggested */
	V6D_TAKES_FILE,
	V6D_TAKES_DIR,
	V6D_TAKES_PROFILE, /* a file, or a name */
	V6D_TAKES_INTERFACE,
	V6D_TAKES_FORMAT,
	V6D_TAKES_REGRESS_FORMAT,
	V6D_TAKES_COLOR,
	V6D_TAKES_FAULT, /* of the practice network */
	V6D_TAKES_STEP, /* that rehearse can break */
	V6D_TAKES_CHECK,
	V6D_TAKES_EXPLAINED, /* a cause, check, fact or number */
	V6D_TAKES_ITEM, /* a word of the command's first list */
};

enum v6d_opt {
	V6D_OPT_NONE,
#define OPTION(id, name, letter, value, takes, help) V6D_OPT_##id,
#include "options.def"
#undef OPTION
	V6D_N_OPTS,
};

struct v6d_option {
	const char *name;
	char letter; /* or 0 */
	const char *value; /* its name; NULL: it takes none */
	enum v6d_takes takes;
	const char *help;
};

/* By enum v6d_opt. */
extern const struct v6d_option v6d_options[V6D_N_OPTS];

/* A word and what it means; a list ends with a name of NULL. */
struct v6d_item {
	const char *name, *what;
};

struct v6d_list {
	const char *head; /* "Checks:" */
	const struct v6d_item *items; /* or, where another table has them: */
	const char *(*item)(unsigned i, const char **ret_what);
};

struct v6d_status {
	int status;
	const char *meaning;
};

#define V6D_USAGE_OPTIONS 26

struct v6d_usage {
	const char *words; /* after the options: "BEFORE AFTER" */
	enum v6d_takes takes; /* each of these words */
	const char *text[5]; /* paragraphs */
	const char *picture; /* shown as it is; not a message; or NULL */
	struct v6d_list lists[2];
	enum v6d_opt options[V6D_USAGE_OPTIONS]; /* ended by V6D_OPT_NONE */
	struct v6d_status status[11]; /* ended by no meaning */
	struct v6d_item examples[4]; /* a command line, what it is for */
};

struct v6d_cmd;

/* Item i of a list, with *ret_what; NULL: no more. */
const char *
v6d_list_item(const struct v6d_list *l, unsigned i, const char **ret_what);

/* The help of a command, in the language of v6d_tongue. */
void v6d_usage_print(const struct v6d_cmd *c, FILE *f);

#endif
