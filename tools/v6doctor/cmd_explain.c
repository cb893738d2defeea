/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_explain.c - "v6doctor explain": a cause, probe or code in words. */
#include "args.h"
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

static const struct v6d_item what_items[] = {
	{ "CAUSE", N_("a cause: gre-size-limit") },
	{ "CODE", N_("a code read over the telephone: G3-1454") },
	{ "PROBE", N_("a check: gre") },
	{ "FACT", N_("an observation of --json: gre.size.in") },
	{ "NUMBER", N_("what another program says: 691 (the dial-up of "
		       "Windows), E=691 (MS-CHAP), pppd-19 (its exit status), "
		       "pptp-call-4 (PPTP); --codes lists them") },
	{ NULL, NULL },
};

const struct v6d_usage v6d_usage_explain = {
	.words = "CAUSE|CODE|PROBE|FACT|NUMBER...",
	.takes = V6D_TAKES_EXPLAINED,
	.text = { N_(
	    "Says what it means, how it is recognised, and what to do. "
	    "\"v6doctor list\" names the causes and the checks.") },
	.lists = { { N_("What can be explained:"), what_items, NULL } },
	.options = { V6D_OPT_CODES, V6D_OPT_HELP },
	.status = { { V6D_EXIT_OK, N_("explained") },
	    { V6D_EXIT_UNDETERMINED,
		N_("a number that can be one of these, but has no text") },
	    { V6D_EXIT_USAGE, N_("there is no such thing, or wrong usage") } },
	.examples = { { "v6doctor explain gre-size-limit", NULL },
	    { "v6doctor explain 721", N_("what Windows means by it") } },
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

static int
explain(const char *what)
{
	char *text = v6d_explain_text(what, v6d_tongue);

	if (!text)
		return unknown(what);
	fputs(text, stdout);
	free(text);
	return V6D_EXIT_OK;
}

int
v6d_cmd_explain(int argc, char **argv)
{
	struct v6d_args a;
	bool codes = false;
	int status = V6D_EXIT_OK, one;

	v6d_args_begin(&a, argc, argv);
	while (v6d_args_next(&a))
		codes = true; /* the only one */
	if (a.over)
		return a.status;
	if (codes)
		list_codes();
	else if (a.first == argc)
		return v6d_say("explain", V6D_EXIT_USAGE,
		    "what? \"v6doctor explain --help\" tells more");
	for (int i = a.first; i < argc; i++) {
		if (i > a.first || codes)
			putchar('\n');
		one = explain(argv[i]);
		status = one ? one : status;
	}
	return status;
}
