/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_explain.c - "v6doctor explain": a cause, probe or code in words. */
#include "cmd.h"
#include "nearest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"

static const char usage[] =
    "v6doctor explain - what it means, how it is recognised, what to do\n"
    "\n"
    "  v6doctor explain CAUSE   a cause: gre-size-limit\n"
    "  v6doctor explain CODE    a code read over the telephone: G3-1454\n"
    "  v6doctor explain PROBE   a check: gre\n"
    "  v6doctor explain FACT    an observation of --json: gre.size.in\n"
    "\n"
    "\"v6doctor list\" names the causes and the probes.\n";

static int
unknown(const char *what)
{
	const char *near[3];
	size_t n = v6d_nearest(what, near, 3);

	fprintf(stderr,
	    "v6doctor explain: there is no cause, probe or code '%s'\n", what);
	for (size_t i = 0; i < n; i++)
		fprintf(stderr, "%s%s%s",
		    i ? ", " : "  did you mean: ", near[i],
		    i + 1 == n ? "?\n" : "");
	fputs("  \"v6doctor list\" names all of them\n", stderr);
	return V6D_EXIT_USAGE;
}

int
v6d_cmd_explain(int argc, char **argv)
{
	int status = V6D_EXIT_OK;

	if (argc < 2) {
		fputs(usage, stderr);
		return V6D_EXIT_USAGE;
	}
	for (int i = 1; i < argc; i++) {
		char *text;

		if (strcmp(argv[i], "--help") == 0 ||
		    strcmp(argv[i], "-h") == 0) {
			fputs(usage, stdout);
			return V6D_EXIT_OK;
		}
		text = v6d_explain_text(argv[i]);
		if (!text) {
			status = unknown(argv[i]);
			continue;
		}
		printf("%s%s", i > 1 ? "\n" : "", text);
		free(text);
	}
	return status;
}
