/* SPDX-License-Identifier: GPL-2.0-or-later */
/* notes.h - what a pasted text has beside a diagnosis, as text and JSON. */
#ifndef V6D_REPORT_NOTES_H
#define V6D_REPORT_NOTES_H

#include <jansson.h>

#include "report/paint.h"

/* FINDINGS, HYPOTHESES, NEXT; nothing where the report has none. */
void v6d_notes_draw(struct v6d_paint *p, const struct v6d_report *r);

/* Adds findings, hypotheses and next to the document o. */
void v6d_notes_json(json_t *o, const struct v6d_report *r);

#endif
