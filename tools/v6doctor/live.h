/* SPDX-License-Identifier: GPL-2.0-or-later */
/* live.h - what run-all and run share: options, profile, lab, printing. */
#ifndef V6D_TOOLS_LIVE_H
#define V6D_TOOLS_LIVE_H

#include "base/url.h"
#include "output.h"
#include "probe/probe.h"

#define V6D_LIVE_FAULTS 16

struct v6d_live {
	const char *command; /* for messages: "run-all" */
	bool quiet, lab, dial, yes;
	bool help; /* was printed */
	bool silent; /* no report on standard output: it is saved only */
	unsigned stress; /* sessions that napt may open; 0: as usual */
	struct v6d_output output;
	const char *profile, *interface;
	const char *to; /* file instead of standard output, or NULL */
	const char *save; /* file for the report, or NULL */
	bool no_redact; /* it holds real names */
	const char *mapping; /* file for what stands for what, or NULL */
	const char *faults[V6D_LIVE_FAULTS];
	size_t n_faults;
	bool whole; /* all checks: the run can be kept as a good one */
	bool no_last_good;
	const char *last_good; /* folder for it, or NULL */
	v6d_ns deadline; /* 0: the profile's, or 30 s */
	v6d_ns watch; /* --watch: again so often; 0: once */
	v6d_ns idle; /* --deep: so long without a packet; 0: not wanted */
	struct v6d_url target; /* host "": none is named */
	int first; /* index of the first word that is no option */
};

/* Reads the options of argv. 0, or an exit status; the message is out. */
int v6d_live_options(int argc, char **argv, struct v6d_live *ret);

/*
 * Takes a word that is a URL or an IPv6 address for the target to be tried.
 * False: it is neither.
 */
bool v6d_live_take_target(struct v6d_live *o, const char *word);

/* The options of run-all and run (--help is the last of a command's), and what
 * their exit statuses mean. */
#define V6D_LIVE_OPTIONS                                                    \
	V6D_OPT_PROFILE, V6D_OPT_INTERFACE, V6D_OPT_DIAL, V6D_OPT_LAB,      \
	    V6D_OPT_FAULT, V6D_OPT_DEADLINE, V6D_OPT_DEEP, V6D_OPT_STRESS,  \
	    V6D_OPT_YES, V6D_OPT_JSON, V6D_OPT_FORMAT, V6D_OPT_OUTPUT,      \
	    V6D_OPT_WATCH, V6D_OPT_SAVE, V6D_OPT_REDACT, V6D_OPT_NO_REDACT, \
	    V6D_OPT_MAPPING, V6D_OPT_COLOR, V6D_OPT_QUIET, V6D_OPT_VERBOSE
#define V6D_LIVE_STATUS                                                        \
	{ V6D_EXIT_OK, N_("healthy") },                                        \
	    { V6D_EXIT_DEGRADED,                                               \
		    N_("it works, but something is degraded or at risk") },    \
	    { V6D_EXIT_FAULT, N_("a fault was found") },                       \
	    { V6D_EXIT_UNDETERMINED,                                           \
		    N_("undetermined: whether there is a fault could not "     \
		       "be told; the output says what is missing, and why") }, \
	    { V6D_EXIT_USAGE, N_("wrong usage") },                             \
	    { V6D_EXIT_NOINPUT, N_("there is no such profile") },              \
	    { V6D_EXIT_UNAVAILABLE,                                            \
		    N_("a right or device is missing, or a file cannot be "    \
		       "written; says which") },                               \
	    { V6D_EXIT_INTERNAL, N_("internal error") },                       \
	{                                                                      \
		V6D_EXIT_CONFIG, N_("the profile is wrong; says where")        \
	}

/* The run, the report, the exit status. */
int v6d_live_run(
    const struct v6d_live *o, const struct v6d_probe *const *probes, size_t n);

#endif
