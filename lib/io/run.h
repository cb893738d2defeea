/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.h - one live run: from a profile to a finished report. The host is only
 * read; what has to be made is made in a private namespace that is gone when
 * the process is.
 */
#ifndef V6D_IO_RUN_H
#define V6D_IO_RUN_H

#include "io/profile.h"
#include "probe/probe.h"
#include "report/report.h"
#include "trace/packets.h"
#include "trace/trace.h"

struct v6d_run;

struct v6d_run_conf {
	const struct v6d_profile *profile; /* NULL: none */
	const char *password; /* "" when none is needed; borrowed */
	const char *source_kind; /* "live" or "lab" */
	const char *source_name; /* profile or lab; or NULL */
	const char *version;
	int host_fd; /* the host's namespace; -1: our own */
	const char *etc; /* the host's hosts, nsswitch.conf, resolv.conf are
			    in this folder; NULL: /etc */
	const char *root; /* folder with its etc, run and usr; NULL: "/" */
	const char *interface; /* judge this one, in place; or NULL */
	const char *run_dir; /* where gateways have their sockets; NULL: the
				session of one is not asked */
	bool dial; /* even where a session is up already */
	unsigned sessions; /* napt may open so many, 0: the profile's number */
	v6d_ns deadline; /* of the whole run, its end included */
	v6d_ns idle; /* for the check of idle times; 0: it is not made */
	bool record; /* for v6d_run_trace and v6d_run_packets */
	const struct v6d_probe *const *probes;
	size_t n_probes;
	/* What the caller knows of the host, as facts; NULL: nothing. */
	void (*observe)(void *arg, struct v6d_facts *facts);
	void *arg;
	/* Something moved (progress); NULL: not wanted. */
	void (*moved)(void *arg, const struct v6d_graph *g);
};

/*
 * Runs to the end; SIGINT and SIGTERM end it early and in order. Everything
 * in conf is borrowed until v6d_run_free. Returns 0, or -errno with words in
 * text (n bytes): -ENODEV: there is no interface of that name.
 */
int v6d_run_go(const struct v6d_run_conf *conf, char *text, size_t n,
    struct v6d_run **ret);

/* What was found. Borrowed until v6d_run_free. */
const struct v6d_report *v6d_run_report(const struct v6d_run *r);

/*
 * Everything that the run asked, was answered and observed, and its packets,
 * on the clock that v6d_run_epoch brings to Unix time. NULL where nothing was
 * recorded (no memory, or not asked for). Borrowed until v6d_run_free.
 */
struct v6d_trace *v6d_run_trace(const struct v6d_run *r);
struct v6d_packets *v6d_run_packets(const struct v6d_run *r);
v6d_ns v6d_run_epoch(const struct v6d_run *r);

/* Rights that were missing and how to get them, a sentence a line; or "". */
const char *v6d_run_missing(const struct v6d_run *r);

/* The signal that ended it early, or 0. */
int v6d_run_signal(const struct v6d_run *r);

void v6d_run_free(struct v6d_run *r);

#endif
