/* SPDX-License-Identifier: GPL-2.0-or-later */
/* regress_print.h - the outcomes of regress, for people and for CI. */
#ifndef V6D_TOOLS_REGRESS_PRINT_H
#define V6D_TOOLS_REGRESS_PRINT_H

#include <stddef.h>

#include "base/text.h"
#include "expect_update.h"
#include "trace/replay.h"

/* The outcome for one file; `differs` is empty when all is as expected. */
struct outcome {
	char name[256];
	char expect[4096 + 8]; /* the path of its .expect file */
	bool no_expect; /* which is not there */
	char text[2048]; /* what `differs` writes to: lines, indented by four */
	struct v6d_text differs;
	struct v6d_expect_update *update; /* asked for and differs; or NULL */
	char note[V6D_REPLAY_WHAT + 64]; /* of a replay; "" */
};

struct regress_format {
	const char *name; /* "junit": command line */
	/* All outcomes of the folder, to standard output. */
	void (*print)(const char *dir, const struct outcome *r, size_t n);
};

/* The format of that name, or NULL. */
const struct regress_format *regress_format_by_name(const char *name);

/* The name of format i; NULL: no more. */
const char *regress_format_name(unsigned i);

#endif
