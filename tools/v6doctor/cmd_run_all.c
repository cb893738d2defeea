/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_run_all.c - "v6doctor run-all": every check, the diagnosis. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "live.h"
#include "say.h"

/* What takes minutes is made only when it is asked for. */
static int
run_all(const struct v6d_live *o)
{
	const struct v6d_probe *idle = v6d_probe_by_name("idle");
	const struct v6d_probe **probes =
	    calloc(v6d_n_probes, sizeof(const struct v6d_probe *));
	size_t n = 0;
	int status;

	if (!probes)
		return v6d_say(o->command, V6D_EXIT_INTERNAL, "no memory");
	for (size_t i = 0; i < v6d_n_probes; i++)
		if (o->idle || v6d_probes[i] != idle)
			probes[n++] = v6d_probes[i];
	status = v6d_live_run(o, probes, n);
	free(probes);
	return status;
}

int
v6d_cmd_run_all(int argc, char **argv)
{
	struct v6d_live o;
	int status = v6d_live_options(argc, argv, &o);

	if (status != 0)
		return status;
	if (o.help) {
		printf("v6doctor run-all [OPTION]... [URL|ADDRESS] - every "
		       "check, the diagnosis,\nwhat to do; with the page "
		       "that hangs as the target\n\n%s",
		    v6d_live_options_help);
		return V6D_EXIT_OK;
	}
	if (o.first < argc && v6d_live_take_target(&o, argv[o.first]))
		o.first++;
	if (o.first < argc)
		return v6d_say("run-all", V6D_EXIT_USAGE,
		    "'%s' is not wanted here; \"v6doctor run %s\" runs "
		    "single checks",
		    argv[o.first], argv[o.first]);
	return run_all(&o);
}
