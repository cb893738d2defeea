/* SPDX-License-Identifier: GPL-2.0-or-later */
/* regress_json.h - the outcomes of regress as JSON (docs/json.md). */
#ifndef V6D_TOOLS_REGRESS_JSON_H
#define V6D_TOOLS_REGRESS_JSON_H

#include "regress_print.h"

/* One document, schema v6doctor-regress/1, to standard output. */
void regress_print_json(const char *dir, const struct outcome *r, size_t n);

/* The same, an object a line. */
void regress_print_jsonl(const char *dir, const struct outcome *r, size_t n);

#endif
