/* SPDX-License-Identifier: GPL-2.0-or-later */
/* say.h - symptoms, coverage and times in words, for every rendering. */
#ifndef V6D_REPORT_SAY_H
#define V6D_REPORT_SAY_H

#include "base/text.h"
#include "report/report.h"

/* "no GRE packet of our call comes back": a symptom as it stands. */
void v6d_say_symptom(
    struct v6d_text *t, const struct v6d_symptoms *s, enum v6d_symptom sym);

/* The sentence of a word, with its {value|..} and {subject|..}; or NULL. */
const char *v6d_say_of(enum v6d_symptom sym, const char *word);

/*
 * What the model of the host lacks, that the tunnel was tried in: the next
 * from *pos on, which begins as 0; or NULL.
 */
const char *v6d_say_gap(const struct v6d_facts *f, size_t *pos);

/* What the verdict means, one sentence with its full stop. */
void v6d_say_verdict(struct v6d_text *t, const struct v6d_diagnosis *d);

/* Why nothing is known of a stage, or NULL: something was seen of it. */
const char *v6d_say_not_seen(const struct v6d_diagnosis *d,
    const struct v6d_scope *scope, enum v6d_stage stage);

/* Between what the fault lies, "" where that is not known: the finding's own
 * places, else both ends of the leg that the cause belongs to. */
void v6d_say_where(const struct v6d_report *r, const struct v6d_finding *f,
    const char **ret_after, const char **ret_before);

/* The same in words with the direction: "between A and B, towards this
 * host"; appends nothing where nothing is known. */
void v6d_say_place(struct v6d_text *t, const struct v6d_report *r,
    const struct v6d_finding *f);

/* RFC 3339, UTC, milliseconds. */
void v6d_say_time(struct v6d_text *t, int64_t unix_ms);
/* The same for people: "2026-11-23 12:20:00 UTC". */
void v6d_say_when(struct v6d_text *t, int64_t unix_ms);

#endif
