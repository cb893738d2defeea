/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_run_all.c - "v6doctor run-all": every check, the diagnosis. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "live.h"
#include "say.h"
#include "tongue.h"

const struct v6d_usage v6d_usage_run_all = {
	.words = "[URL|ADDRESS]",
	.takes = V6D_TAKES_TEXT,
	.text = { N_("Finds out which part of the path fails, how sure that "
		     "is, and what to do. The tunnel is brought up inside a "
		     "private network namespace: the host is only read."),
	    N_("A URL or an IPv6 address is the page that hangs: it takes "
	       "the place of the profile's targets. Without a profile the "
	       "host, and whatever tunnel is up, are judged.") },
	.options = { V6D_LIVE_OPTIONS, V6D_OPT_LAST_GOOD, V6D_OPT_NO_LAST_GOOD,
	    V6D_OPT_HELP },
	.status = { V6D_LIVE_STATUS },
	.examples = { { "sudo v6doctor run-all", NULL },
	    { "sudo v6doctor run-all 'http://[2001:db8:b::80]/big'",
		N_("with the page that hangs") },
	    { "sudo v6doctor run-all --save report.pcapng",
		N_("a report to send to whoever helps") },
	    { "sudo v6doctor run-all --lab --fault gre-size-in=1454@nat2",
		N_("to see what a fault looks like, without a tunnel") } },
};

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
	if (o.help)
		return V6D_EXIT_OK;
	if (o.first < argc && v6d_live_take_target(&o, argv[o.first]))
		o.first++;
	if (o.first < argc)
		return v6d_say("run-all", V6D_EXIT_USAGE,
		    "'%s' is not wanted here; \"v6doctor run %s\" runs "
		    "single checks",
		    argv[o.first], argv[o.first]);
	o.whole = true;
	return run_all(&o);
}
