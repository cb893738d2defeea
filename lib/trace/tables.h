/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tables.h - what is recorded of a run, as tables of fields (field.h). */
#ifndef V6D_TRACE_TABLES_H
#define V6D_TRACE_TABLES_H

#include "trace/field.h"

/* Of probe/ask.h and probe/probe.h. */
extern const struct v6d_fields v6d_fields_ask, v6d_fields_answer;
extern const struct v6d_fields v6d_fields_plan;

#endif
