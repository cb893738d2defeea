/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_list.c - "v6doctor list": the probes and the causes. */
#include "cmd.h"
#include "say.h"
#include "tongue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/probe.h"
#include "report/report.h"

static const char usage[] =
    N_("v6doctor list - the probes and the causes\n"
       "\n"
       "  v6doctor list            both\n"
       "  v6doctor list probes     the checks that \"run\" can run\n"
       "  v6doctor list causes     what a diagnosis can name, with its code\n");

static const struct option no_more[] = {
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
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
	const char *what = argc > 1 ? argv[1] : "";
	int status = V6D_EXIT_OK;

	if (strcmp(what, "--help") == 0 || strcmp(what, "-h") == 0) {
		fputs(_(usage), stdout);
		return V6D_EXIT_OK;
	}
	if (argc > 2 ||
	    (what[0] && strcmp(what, "probes") && strcmp(what, "causes"))) {
		if (what[0] == '-')
			return v6d_say_option("list", '?', what, no_more);
		return v6d_say("list", V6D_EXIT_USAGE,
		    "it takes \"probes\" or \"causes\" or nothing, not '%s'",
		    argv[argc - 1]);
	}
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
