/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_explain.c - "v6doctor explain": a cause, probe or code in words,
 * and causes by the words of people. */
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
#include "report/lay.h"
#include "report/report.h"
#include "walk/walk.h"

#define SURE 700 /* of 1000: more is said than the number */

static const struct v6d_item what_items[] = {
	{ "WORDS", N_("what you see: \"pages hang\", slow, no internet; the "
		      "causes that it can come from") },
	{ "CAUSE", N_("a cause: gre-size-limit") },
	{ "CODE", N_("a code read over the telephone: G3-1454") },
	{ "PROBE", N_("a check: gre") },
	{ "FACT", N_("an observation of --json: gre.size.in") },
	{ "TERM", N_("an abbreviation, as it is written: MTU") },
	{ "NUMBER", N_("what another program says: 691 (the dial-up of "
		       "Windows), E=691 (MS-CHAP), pppd-19 (its exit status), "
		       "pptp-call-4 (PPTP); --codes lists them") },
	{ NULL, NULL },
};

const struct v6d_usage v6d_usage_explain = {
	.words = "WORDS|CAUSE|CODE|PROBE|FACT|TERM|NUMBER...",
	.takes = V6D_TAKES_EXPLAINED,
	.text = { N_(
	    "Says what it means, how it is recognised, and what to do. "
	    "\"v6doctor list\" names the causes and the checks.") },
	.lists = { { N_("What can be explained:"), what_items, NULL } },
	.options = { V6D_OPT_CODES, V6D_OPT_HELP },
	.status = { { V6D_EXIT_OK, N_("explained") },
	    { V6D_EXIT_UNDETERMINED,
		N_("a number that can be one of these, but has no text; words "
		   "that fit nearly every cause") },
	    { V6D_EXIT_USAGE, N_("there is no such thing, or wrong usage") } },
	.examples = { { "v6doctor explain pages hang",
			  N_("what that can come from") },
	    { "v6doctor explain gre-size-limit", NULL },
	    { "v6doctor explain 721", N_("what Windows means by it") } },
};

/* One word that is nothing's name. */
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
	    "names all of them; or say what you see: \"pages hang\"",
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

/* The text of one thing; false: there is none. */
static bool
explained(const char *what)
{
	char *text = v6d_explain_text(what, v6d_tongue, v6d_say_columns());

	if (text)
		fputs(text, stdout);
	free(text);
	return text != NULL;
}

/* All words are names of things that have a text or could have one. */
static bool
all_named(int n, char **words)
{
	for (int i = 0; i < n; i++) {
		char *text =
		    v6d_explain_text(words[i], NULL, v6d_say_columns());

		free(text);
		if (!text && !v6d_explain_no_text(words[i]))
			return false;
	}
	return true;
}

static int
each(int n, char **words)
{
	int status = V6D_EXIT_OK;

	for (int i = 0; i < n; i++) {
		if (i > 0)
			putchar('\n');
		if (!explained(words[i]))
			status = unknown(words[i]);
	}
	return status;
}

/* ---- in the words of whoever asks ---- */

/* A name, or a slip in one, and no word of anybody's: gre-sise-limit. */
static bool
like_a_name(const char *word)
{
	return strpbrk(word, "-._/=") && !strchr(word, ' ');
}

/* "error 691 when dialling": what has a number is explained by it. */
static bool
numbers_of(const char *question)
{
	bool any = false;

	while (*question) {
		size_t n = strspn(question, "0123456789");
		char one[8];

		if (n >= 3 && n < sizeof(one)) {
			snprintf(one, sizeof(one), "%.*s", (int)n, question);
			any = explained(one) || any;
		}
		question += n ? n : 1;
	}
	return any;
}

/* Causes by what somebody sees, in one word or many. */
static int
asked(const char *question)
{
	struct v6d_lay_found f;
	bool number = numbers_of(question);
	char *text = v6d_lay_text(
	    question, v6d_walk_usual, v6d_tongue, v6d_say_columns(), &f);

	if (text && (!number || f.score[0] >= SURE)) {
		printf("%s%s", number ? "\n" : "", text);
		free(text);
		return V6D_EXIT_OK;
	}
	free(text);
	if (number)
		return V6D_EXIT_OK;
	if (f.any)
		return v6d_say("explain", V6D_EXIT_UNDETERMINED,
		    "'%s' can be nearly anything; say more of what you see, "
		    "like \"pages hang\", \"no internet\" or \"slow "
		    "downloads\"; or let \"v6doctor walk\" ask you",
		    question);
	if (!strchr(question, ' '))
		return unknown(question);
	return v6d_say("explain", V6D_EXIT_USAGE,
	    "not understood: '%s'; say in a few words what you see, like "
	    "\"pages hang\", \"no internet\" or \"slow downloads\"; or let "
	    "\"v6doctor walk\" ask you",
	    question);
}

static int
explain(int n, char **words)
{
	char question[512];
	struct v6d_text t = v6d_text_to(question, sizeof(question));

	if (all_named(n, words))
		return each(n, words);
	for (int i = 0; i < n; i++) {
		if (like_a_name(words[i]))
			return each(n, words);
		v6d_text_add(&t, "%s%s", i ? " " : "", words[i]);
	}
	return asked(question);
}

int
v6d_cmd_explain(int argc, char **argv)
{
	struct v6d_args a;
	bool codes = false;

	v6d_args_begin(&a, argc, argv);
	while (v6d_args_next(&a))
		codes = true; /* the only one */
	if (a.over)
		return a.status;
	if (codes)
		list_codes();
	else if (a.first == argc)
		return v6d_say("explain", V6D_EXIT_USAGE,
		    "what? A name, or what you see: \"pages hang\"; "
		    "\"v6doctor explain --help\" tells more");
	if (a.first == argc)
		return V6D_EXIT_OK;
	if (codes)
		putchar('\n');
	return explain(argc - a.first, argv + a.first);
}
