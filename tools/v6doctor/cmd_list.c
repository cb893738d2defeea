/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_list.c - "v6doctor list": the probes and the causes. */
#include "args.h"
#include "cmd.h"
#include "say.h"
#include "tongue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/probe.h"
#include "report/report.h"

static const struct v6d_item what_items[] = {
	{ "probes", N_("the checks that \"run\" can run") },
	{ "causes", N_("what a diagnosis can name, with its code") },
	{ NULL, NULL },
};

const struct v6d_usage v6d_usage_list = {
	.words = "[probes|causes]",
	.takes = V6D_TAKES_ITEM,
	.text = { N_("Lists the checks, the causes, or both; \"v6doctor "
		     "explain NAME\" tells more of each.") },
	.lists = { { N_("What to list:"), what_items, NULL } },
	.options = { V6D_OPT_HELP },
	.status = { { V6D_EXIT_OK, N_("listed") },
	    { V6D_EXIT_USAGE, N_("wrong usage") },
	    { V6D_EXIT_INTERNAL, N_("internal error") } },
};

static void
list_probes(void)
{
	for (size_t i = 0; i < v6d_n_probes; i++)
		printf("  %-10s %s\n", v6d_probes[i]->name,
		    _(v6d_probes[i]->question));
}

static int
list_causes(void)
{
	char *text = v6d_list_causes_text(v6d_tongue);

	if (!text)
		return v6d_say("list", V6D_EXIT_INTERNAL, "out of memory");
	fputs(text, stdout);
	free(text);
	return V6D_EXIT_OK;
}

int
v6d_cmd_list(int argc, char **argv)
{
	struct v6d_args a;
	const char *what;
	int status = V6D_EXIT_OK;

	v6d_args_begin(&a, argc, argv);
	v6d_args_next(&a);
	if (a.over)
		return a.status;
	what = a.first < argc ? argv[a.first] : "";
	if (a.first + 1 < argc ||
	    (what[0] && strcmp(what, "probes") && strcmp(what, "causes")))
		return v6d_say("list", V6D_EXIT_USAGE,
		    "it takes \"probes\" or \"causes\" or nothing, not '%s'",
		    argv[argc - 1]);
	if (strcmp(what, "causes") != 0) {
		if (!what[0])
			puts(_("Probes (\"v6doctor run PROBE...\"):"));
		list_probes();
	}
	if (strcmp(what, "probes") != 0) {
		if (!what[0])
			puts(_("\nCauses (\"v6doctor explain CAUSE\"):"));
		status = list_causes();
	}
	return status;
}
