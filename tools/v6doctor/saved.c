/* SPDX-License-Identifier: GPL-2.0-or-later */
/* saved.c - a saved report printed as its run did, or replayed. */
#include "saved.h"

#include <stdio.h>

#include "cmd.h"
#include "say.h"
#include "trace/replay.h"

static int
print(const struct v6d_loaded *l, struct v6d_output *o)
{
	int status = v6d_output_report(o, "read", &l->report);

	return status ? status : v6d_verdict_exit(l->diagnosis.verdict);
}

/* How today's probes went with the answers of then. */
static void
say_replay(const struct v6d_replay *r)
{
	switch (r->how) {
	case V6D_REPLAY_SAME:
		v6d_say("read", 0,
		    "replayed: the checks ask, observe and conclude as "
		    "recorded");
		break;
	case V6D_REPLAY_OTHER_ASKS:
		v6d_say("read", 0,
		    "replayed: this version asks otherwise than the one that "
		    "recorded (%s); judged was what was observed then",
		    r->what);
		break;
	case V6D_REPLAY_OTHER_FACTS:
		v6d_say("read", 0,
		    "replayed: from the same answers this version concludes "
		    "otherwise (%s); judged was what it observes now",
		    r->what);
		break;
	case V6D_REPLAY_IMPOSSIBLE:
		v6d_say("read", 0,
		    "cannot be replayed: %s; judged was what was observed "
		    "then",
		    r->what);
		break;
	}
}

static int
print_replayed(const struct v6d_judgement *j, struct v6d_output *o)
{
	const struct v6d_report *then = &j->report->report;
	struct v6d_loaded *now = NULL;
	struct v6d_replay r;
	int status = V6D_EXIT_INTERNAL;
	bool ok = v6d_replay(j->trace, &r);

	if (ok && r.how == V6D_REPLAY_OTHER_FACTS) {
		now = v6d_load(r.trace, V6D_VERSION, then->source_name);
		ok = now != NULL;
	}
	if (ok) {
		status = print(now ? now : j->report, o);
		fflush(stdout);
		say_replay(&r);
	} else {
		v6d_say("read", 0, "out of memory");
	}
	v6d_loaded_free(now);
	v6d_replay_done(&r);
	return status;
}

int
v6d_saved_print(
    const struct v6d_judgement *j, bool replay, struct v6d_output *o)
{
	int status = replay ? print_replayed(j, o) : print(j->report, o);

	if (j->report->n_strange > 0) {
		fflush(stdout);
		v6d_say("read", 0,
		    "%u observations of the report are not known to this "
		    "version and were passed over",
		    j->report->n_strange);
	}
	return status;
}
