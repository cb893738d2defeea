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
	bool quiet, lab, dial, yes, help;
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

/* The options' part of a help text. */
extern const char v6d_live_options_help[];

/* The run, the report, the exit status. */
int v6d_live_run(
    const struct v6d_live *o, const struct v6d_probe *const *probes, size_t n);

#endif
