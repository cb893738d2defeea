/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_explain.c - "v6doctor explain": a cause, probe or code in words. */
#include "cmd.h"
#include "nearest.h"
#include "say.h"
#include "tongue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "diag/diagnosis.h"
#include "probe/probe.h"
#include "report/codes.h"
#include "report/report.h"

static const char usage[] =
    N_("v6doctor explain - what it means, how it is recognised, what to do\n"
       "\n"
       "  v6doctor explain CAUSE   a cause: gre-size-limit\n"
       "  v6doctor explain CODE    a code read over the telephone: G3-1454\n"
       "  v6doctor explain PROBE   a check: gre\n"
       "  v6doctor explain FACT    an observation of --json: gre.size.in\n"
       "  v6doctor explain NUMBER  what another program says: 691 (Windows), "
       "E=691,\n"
       "                           pppd-19 (its exit status), pptp-call-4; "
       "--codes lists\n"
       "                           them\n"
       "\n"
       "\"v6doctor list\" names the causes and the probes.\n");

static const struct option no_more[] = {
	{ "codes", no_argument, NULL, 'c' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int
unknown(const char *what)
{
	const char *no_text = v6d_explain_no_text(what);
	struct v6d_nearest near = { .n = 0 };
	char hint[160] = "";
	struct v6d_text t = v6d_text_to(hint, sizeof(hint));

	for (int i = 0; i < V6D_N_CAUSES; i++)
		v6d_nearest_offer(
		    &near, what, v6d_cause_name((enum v6d_cause)i));
	for (size_t i = 0; i < v6d_n_probes; i++)
		v6d_nearest_offer(&near, what, v6d_probes[i]->name);
	for (size_t i = 0; i < near.n; i++)
		v6d_text_add(&t, "%s%s%s", i ? ", " : _(" did you mean: "),
		    near.names[i], i + 1 == near.n ? "?" : "");
	if (no_text)
		return v6d_say("explain", V6D_EXIT_UNDETERMINED,
		    "'%s' is %s, and there is no text for it here", what,
		    _(no_text));
	return v6d_say("explain", V6D_EXIT_USAGE,
	    "there is no cause, probe, fact or code '%s';%s \"v6doctor list\" "
	    "names "
	    "all of them",
	    what, hint);
}

static void
list_codes(void)
{
	for (size_t i = 0; i < v6d_n_codes; i++) {
		const struct v6d_code *c = &v6d_codes[i];

		if (i == 0 || c[-1].group != c->group)
			printf("%s%s: %s\n", i ? "\n" : "",
			    v6d_group_name(c->group),
			    _(v6d_group_title(c->group)));
		printf("  %s-%u\n", v6d_group_name(c->group), c->number);
	}
}

int
v6d_cmd_explain(int argc, char **argv)
{
	int status = V6D_EXIT_OK;

	if (argc < 2) {
		fputs(_(usage), stderr);
		return V6D_EXIT_USAGE;
	}
	for (int i = 1; i < argc; i++) {
		char *text;

		if (strcmp(argv[i], "--help") == 0 ||
		    strcmp(argv[i], "-h") == 0) {
			fputs(_(usage), stdout);
			return V6D_EXIT_OK;
		}
		if (strcmp(argv[i], "--codes") == 0) {
			list_codes();
			continue;
		}
		if (argv[i][0] == '-')
			return v6d_say_option("explain", '?', argv[i], no_more);
		text = v6d_explain_text(argv[i], v6d_tongue);
		if (!text) {
			status = unknown(argv[i]);
			continue;
		}
		printf("%s%s", i > 1 ? "\n" : "", text);
		free(text);
	}
	return status;
}
