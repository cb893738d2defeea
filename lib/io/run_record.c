/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run_record.c - what of a run is written down beside its report. */
#include <errno.h>
#include <stdio.h>
#include <sys/utsname.h>

#include "io/run_impl.h"

int
v6d_run_record(struct v6d_run *r)
{
	struct v6d_trace_head h = { .schema = V6D_TRACE_SCHEMA,
		.started_unix_ms = r->start_unix_ms };
	struct utsname u;

	if (!r->conf.record)
		return 0;
	snprintf(h.version, sizeof(h.version), "%s", r->conf.version);
	snprintf(h.kind, sizeof(h.kind), "%s", r->conf.source_kind);
	snprintf(h.source, sizeof(h.source), "%s",
	    r->conf.source_name ? r->conf.source_name : "");
	if (uname(&u) == 0)
		snprintf(h.system, sizeof(h.system), "%.30s %.60s %.30s",
		    u.sysname, u.release, u.machine);
	r->packets = v6d_packets_new();
	if (!v6d_record_init(&r->record, &h, &r->plan, &r->facts) ||
	    !r->packets)
		return -ENOMEM;
	v6d_record_scope(&r->record, &r->scope);
	for (size_t i = 0; i < r->conf.n_probes; i++)
		v6d_record_probe(&r->record, r->conf.probes[i]->name);
	return 0;
}

void
v6d_run_record_end(struct v6d_run *r)
{
	v6d_record_end(
	    &r->record, &r->report, r->packets ? r->packets->left_out : 0);
}
