/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fault.h - faults by name: which there are, where they may stand. */
#ifndef V6D_TOOLS_LAB_FAULT_H
#define V6D_TOOLS_LAB_FAULT_H

#include "lab/lab.h"
#include "lab/sheet.h"
#include "report/paint.h"

#define V6D_LAB_FAULTS 16 /* at once, in one lab */

struct v6d_lab_fault {
	const char *text; /* its file */
	char name[V6D_SHEET_WORD];
	char value[V6D_SHEET_WORD]; /* "" when it takes none */
	enum v6d_lab_node place;
	char id[12]; /* unique in its lab: names its nft table */
};

/*
 * Reads NAME[=VALUE][@PLACE]. Returns 0, or 64 with a message that lists
 * what there is.
 */
int v6d_fault_parse(
    const char *spec, size_t index, struct v6d_lab_fault *ret_fault, char *err);

/* Appends "NAME=VALUE@PLACE". */
void v6d_fault_text(struct v6d_text *t, const struct v6d_lab_fault *f);

/*
 * Appends all lines of that kind that concern `node` to t: of sections
 * "[KIND NODE]", and where node is the fault's place of "[KIND @NODE]" or, if
 * there is none, of "[KIND]".
 */
void v6d_fault_lines(struct v6d_text *t, const struct v6d_lab_fault *f,
    const char *kind, enum v6d_lab_node node);

/* Each fault: name, default value, summary in the language of p, places. */
void v6d_fault_list(struct v6d_paint *p);

/* "c1" -> V6D_LAB_C1; V6D_LAB_NODES when there is no such node. */
enum v6d_lab_node v6d_lab_node_by_name(const char *name);

#endif
