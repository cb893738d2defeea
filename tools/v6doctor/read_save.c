/* SPDX-License-Identifier: GPL-2.0-or-later */
/* read_save.c - read --save: a judged file's facts and packets as a report. */
#include "read_save.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd.h"
#include "io/input.h"
#include "say.h"
#include "tongue.h"
#include "trace/captured.h"
#include "trace/record.h"
#include "trace/redact.h"

bool
v6d_read_save_can(const char *path)
{
	struct stat st;

	return strcmp(path, "-") != 0 &&
	       (stat(path, &st) != 0 || S_ISREG(st.st_mode));
}

/* ---- packets ---- */

/* What a damage leaves is what was judged, too: it is no error here. */
static int
pick(const char *path, const struct v6d_captured_of *of, v6d_ns epoch,
    struct v6d_packets *p)
{
	char message[V6D_CAPTURE_MESSAGE];
	struct v6d_captured c;
	struct v6d_capture *in;
	int err = v6d_capture_open(path, &in, message, sizeof(message));

	if (err)
		return err;
	while (v6d_capture_next(in, &c, message, sizeof(message)) > 0)
		v6d_captured_packet(p, of, epoch, c.linktype, c.bytes, c.caplen,
		    c.wirelen, c.at);
	v6d_capture_close(in);
	return 0;
}

static struct v6d_captured_of
session_of(const struct v6d_view *v)
{
	return (struct v6d_captured_of){ .client = v->client,
		.server = v->server,
		.client_port = v->client_port,
		.first = v->first,
		.last = v->last };
}

/* A report of a run without a session has no packets. */
static struct v6d_captured_of
run_of(const struct v6d_report *r)
{
	struct v6d_captured_of of = { .last = V6D_NEVER };

	if (!v6d_addr_parse(r->client, &of.client) ||
	    !v6d_addr_parse(r->server, &of.server))
		of.last = 0;
	return of;
}

/* ---- the trace of a capture ---- */

static struct v6d_trace *
trace_of(const struct v6d_judgement *j, uint64_t packets_left_out)
{
	static const struct v6d_plan none;
	const struct v6d_judged *worst = j->chosen;
	struct v6d_trace_head h = { .schema = V6D_TRACE_SCHEMA,
		.version = V6D_VERSION,
		.kind = "capture" };
	struct v6d_report report;
	struct v6d_record r;

	v6d_judgement_report(j, NULL, &report);
	h.started_unix_ms = report.started_unix_ms;
	if (!v6d_record_init(&r, &h, &none, &worst->facts))
		return NULL;
	v6d_record_scope(&r, &worst->scope);
	v6d_record_end(&r, &report, packets_left_out);
	return r.trace;
}

/* ---- the file ---- */

static int
save_trace(struct v6d_save *s, struct v6d_trace *t, struct v6d_packets *p,
    const struct v6d_captured_of *of, v6d_ns epoch)
{
	char user[V6D_REDACT_NAME];

	v6d_captured_user(p, of, user, sizeof(user));
	return v6d_save_trace(s, t, p, epoch, user);
}

static int
save_capture(struct v6d_save *s, const char *path,
    const struct v6d_judgement *j, struct v6d_packets *p)
{
	const struct v6d_captured_of of = session_of(j->chosen->view);
	v6d_ns epoch = v6d_flow_totals(j->flow)->first;
	int err = pick(path, &of, epoch, p), status = V6D_EXIT_INTERNAL;
	struct v6d_trace *t = err ? NULL : trace_of(j, p->left_out);

	if (t && !t->lost)
		status = save_trace(s, t, p, &of, epoch);
	else
		v6d_say(s->command, 0, "%s cannot be saved: %s", path,
		    v6d_retold(strerror(err ? -err : ENOMEM)));
	v6d_trace_free(t);
	return status;
}

static int
save_report(struct v6d_save *s, const char *path, const struct v6d_judgement *j,
    struct v6d_packets *p)
{
	const struct v6d_report *r = &j->report->report;
	const struct v6d_captured_of of = run_of(r);
	v6d_ns epoch = (v6d_ns)r->started_unix_ms * V6D_MS(1);

	/* what cannot be read of its packets is left out of the copy */
	(void)pick(path, &of, epoch, p);
	return save_trace(s, j->trace, p, &of, epoch);
}

int
v6d_read_save(
    struct v6d_save *s, const char *path, const struct v6d_judgement *j)
{
	struct v6d_packets *p;
	int status;

	if (!j->report && j->n == 0)
		return v6d_say(s->command, V6D_EXIT_DATA,
		    "no PPTP session in %s: there is nothing to save", path);
	p = v6d_packets_new();
	if (!p)
		return v6d_say(s->command, V6D_EXIT_INTERNAL, "out of memory");
	status = j->report ? save_report(s, path, j, p)
			   : save_capture(s, path, j, p);
	v6d_packets_free(p);
	if (status == 0 && j->n > 1)
		v6d_say(s->command, 0,
		    "of %zu sessions the worst is saved, the first one", j->n);
	return status;
}
