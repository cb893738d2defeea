/* SPDX-License-Identifier: GPL-2.0-or-later */
/* embed.h - text files that travel inside the program. */
#ifndef V6D_BASE_EMBED_H
#define V6D_BASE_EMBED_H

/* Tables end with an entry whose name is NULL. */
struct v6d_file {
	const char *name; /* "faults/gre-drop": path below its root */
	const char *text; /* NUL-terminated */
};

/* tools/lab: faults/, topology/ */
extern const struct v6d_file v6d_lab_files[];
/* docs: causes/, probes/ */
extern const struct v6d_file v6d_doc_files[];
/* lib/report: html.css */
extern const struct v6d_file v6d_report_files[];

/* The text of that name, or NULL. */
const char *v6d_file_text(const struct v6d_file *table, const char *name);

#endif
