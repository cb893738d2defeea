/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_run.c - "v6doctor run PROBE...": some checks only. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cmd.h"
#include "live.h"
#include "nearest.h"
#include "say.h"
#include "tongue.h"

#define PROBES_MAX 32

static const char *
check(unsigned i, const char **ret_what)
{
	if (i >= v6d_n_probes)
		return NULL;
	*ret_what = v6d_probes[i]->question;
	return v6d_probes[i]->name;
}

const struct v6d_usage v6d_usage_run = {
	.words = "CHECK... [URL|ADDRESS]",
	.takes = V6D_TAKES_CHECK,
	.text = { N_("Runs these checks, and the ones that they need. What was "
		     "not looked at is reported as such.") },
	.lists = { { N_("Checks:"), NULL, check } },
	.options = { V6D_LIVE_OPTIONS, V6D_OPT_HELP },
	.status = { V6D_LIVE_STATUS },
	.examples = { { "sudo v6doctor run control gre", NULL } },
};

static int
unknown(const char *name)
{
	char all[512];
	struct v6d_text t = v6d_text_to(all, sizeof(all));
	struct v6d_nearest near = { .n = 0 };

	for (size_t i = 0; i < v6d_n_probes; i++) {
		v6d_text_add(&t, " %s", v6d_probes[i]->name);
		v6d_nearest_offer(&near, name, v6d_probes[i]->name);
	}
	return v6d_say("run", V6D_EXIT_USAGE,
	    "there is no check '%s'%s%s%s there are:%s", name,
	    near.n > 0 ? "; did you mean " : ";",
	    near.n > 0 ? near.names[0] : "", near.n > 0 ? "?" : "", all);
}

static bool
has(const struct v6d_probe *const *list, size_t n, const struct v6d_probe *p)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == p)
			return true;
	return false;
}

int
v6d_cmd_run(int argc, char **argv)
{
	const struct v6d_probe *list[PROBES_MAX], *p;
	struct v6d_live o;
	size_t n = 0;
	int status = v6d_live_options(argc, argv, &o);

	if (status != 0)
		return status;
	if (o.help)
		return V6D_EXIT_OK;
	for (int i = o.first; i < argc; i++) {
		if (v6d_live_take_target(&o, argv[i]))
			continue;
		p = v6d_probe_by_name(argv[i]);
		if (!p)
			return unknown(argv[i]);
		if (!has(list, n, p) && n < PROBES_MAX)
			list[n++] = p;
	}
	if (n == 0) {
		v6d_usage_print(v6d_cmd_by_name("run"), stderr);
		return v6d_say("run", V6D_EXIT_USAGE, "which check?");
	}
	return v6d_live_run(&o, list, n);
}
