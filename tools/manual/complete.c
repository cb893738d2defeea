/* SPDX-License-Identifier: GPL-2.0-or-later */
/* complete.c - the words that a shell can suggest, of the program's tables. */
#include "complete.h"

#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "diag/diagnosis.h"
#include "gateway/rehearse.h"
#include "probe/probe.h"
#include "report/codes.h"
#include "report/format.h"
#include "v6doctor/regress_print.h"

#define FAULTS "faults/"

bool
complete_has_words(enum v6d_takes takes)
{
	switch (takes) {
	case V6D_TAKES_NOTHING:
	case V6D_TAKES_TEXT:
	case V6D_TAKES_FILE:
	case V6D_TAKES_DIR:
	case V6D_TAKES_PROFILE:
	case V6D_TAKES_INTERFACE:
		return false;
	case V6D_TAKES_FORMAT:
	case V6D_TAKES_REGRESS_FORMAT:
	case V6D_TAKES_COLOR:
	case V6D_TAKES_FAULT:
	case V6D_TAKES_STEP:
	case V6D_TAKES_CHECK:
	case V6D_TAKES_EXPLAINED:
	case V6D_TAKES_ITEM:
		return true;
	}
	return false;
}

static const char *
check(unsigned i, const char **ret_what)
{
	if (i >= v6d_n_probes)
		return NULL;
	*ret_what = v6d_probes[i]->question;
	return v6d_probes[i]->name;
}

static const char *
fault(unsigned i)
{
	for (const struct v6d_file *f = v6d_lab_files; f->name; f++)
		if (strncmp(f->name, FAULTS, strlen(FAULTS)) == 0 && i-- == 0)
			return f->name + strlen(FAULTS);
	return NULL;
}

/* Causes, then checks, then the numbers of other programs. */
static const char *
explained(unsigned i, char *ret_name, size_t n)
{
	const char *none;

	if (i < V6D_N_CAUSES)
		return v6d_cause_name((enum v6d_cause)i);
	i -= V6D_N_CAUSES;
	if (i < v6d_n_probes)
		return check(i, &none);
	i -= (unsigned)v6d_n_probes;
	if (i >= v6d_n_codes)
		return NULL;
	snprintf(ret_name, n, "%s-%u", v6d_group_name(v6d_codes[i].group),
	    v6d_codes[i].number);
	return ret_name;
}

/* The first word of an item of the command's first list. */
static const char *
item(const struct v6d_cmd *c, unsigned i, char *ret_name, size_t n,
    const char **ret_what)
{
	const char *name = v6d_list_item(&c->usage->lists[0], i, ret_what);

	if (!name)
		return NULL;
	snprintf(ret_name, n, "%.*s", (int)strcspn(name, " "), name);
	return ret_name;
}

const char *
complete_word(enum v6d_takes takes, const struct v6d_cmd *c, unsigned i,
    char *ret_name, size_t n, const char **ret_what)
{
	static const char *const colors[] = { "auto", "always", "never", NULL };

	*ret_what = NULL;
	switch (takes) {
	case V6D_TAKES_FORMAT:
		if (i >= v6d_n_formats)
			return NULL;
		*ret_what = v6d_formats[i].what;
		return v6d_formats[i].name;
	case V6D_TAKES_REGRESS_FORMAT:
		return regress_format_name(i);
	case V6D_TAKES_COLOR:
		return colors[i < 3 ? i : 3];
	case V6D_TAKES_FAULT:
		return fault(i);
	case V6D_TAKES_STEP:
		return v6d_rehearse_breakable(i, ret_what);
	case V6D_TAKES_CHECK:
		return check(i, ret_what);
	case V6D_TAKES_EXPLAINED:
		return explained(i, ret_name, n);
	case V6D_TAKES_ITEM:
		return item(c, i, ret_name, n, ret_what);
	case V6D_TAKES_NOTHING:
	case V6D_TAKES_TEXT:
	case V6D_TAKES_FILE:
	case V6D_TAKES_DIR:
	case V6D_TAKES_PROFILE:
	case V6D_TAKES_INTERFACE:
		return NULL;
	}
	return NULL;
}
