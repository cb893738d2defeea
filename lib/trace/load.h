/* SPDX-License-Identifier: GPL-2.0-or-later */
/* load.h - a recorded run as a report: what the run itself would have said. */
#ifndef V6D_TRACE_LOAD_H
#define V6D_TRACE_LOAD_H

#include "report/report.h"
#include "trace/trace.h"

#define V6D_LOAD_CHECKS 32

struct v6d_loaded {
	const struct v6d_trace *trace; /* borrowed */
	struct v6d_plan plan; /* as it was last */
	struct v6d_obs *obs;
	struct v6d_facts facts;
	unsigned n_strange; /* observations that this version does not know */
	struct v6d_scope scope;
	struct v6d_diagnosis diagnosis;
	struct v6d_check checks[V6D_LOAD_CHECKS];
	struct v6d_report report;
};

/*
 * Judges what was recorded. version: of this program; name: of the file, or
 * NULL. All are borrowed. NULL: no memory.
 */
struct v6d_loaded *
v6d_load(const struct v6d_trace *t, const char *version, const char *name);
void v6d_loaded_free(struct v6d_loaded *l); /* NULL is fine */

#endif
