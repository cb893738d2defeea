/* SPDX-License-Identifier: GPL-2.0-or-later */
/* live.c - one live run as a command: profile or lab, run, report, status. */
#include "live.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "gateway/gateway.h"
#include "io/privileges.h"
#include "io/profile.h"
#include "io/run.h"
#include "io/savefile.h"
#include "lab/lab.h"
#include "last_good.h"
#include "leftovers.h"
#include "load.h"
#include "progress.h"
#include "save.h"
#include "say.h"
#include "watch.h"
#include "tongue.h"

#define DEADLINE_S 30

/* What one run needs and has to give back. */
struct live {
	const struct v6d_live *o;
	struct v6d_lab *lab;
	bool have_profile;
	struct v6d_profile profile;
	char path[4096]; /* of the profile */
	char password[V6D_PROFILE_TEXT];
	struct v6d_progress progress;
	char etc[64]; /* of the practice network's host */
	struct v6d_save save;
	struct v6d_savefile output; /* --output */
	struct v6d_last_good good;
	/* with --watch */
	const struct v6d_probe *const *probes;
	size_t n_probes;
	const struct v6d_seen *before; /* NULL: no --watch */
	struct v6d_seen *now;
};

static int
complain(const struct live *l, int status, const char *text)
{
	return v6d_say(l->o->command, status, "%s", v6d_retold(text));
}

static int
start_lab(struct live *l)
{
	const struct v6d_lab_opts opts = { .faults = l->o->faults,
		.n_faults = l->o->n_faults };
	char err[V6D_LAB_ERR];
	int status;

	v6d_progress_say(&l->progress, "building the practice network");
	status = v6d_lab_start(&opts, &l->lab, err);
	v6d_progress_end(&l->progress);
	if (status != 0)
		return complain(l, status, err);
	snprintf(l->etc, sizeof(l->etc), "/proc/%ld/root/run/c1",
	    v6d_lab_owner(l->lab));
	return 0;
}

/*
 * The page that hangs, named on the command line, takes the place of the
 * profile's: its name and its literal address are no longer of one site.
 */
static void
use_target(struct live *l)
{
	const struct v6d_url *u = &l->o->target;
	struct v6d_profile_probe *p = &l->profile.probe;

	if (u->addr.family == 4) {
		p->ipv4_target = u->addr;
		return;
	}
	p->literal = u->addr;
	p->name[0] = '\0';
	if (u->addr.family == 6) {
		snprintf(p->page, sizeof(p->page), "%s", u->path);
		p->ipv6_target.n = 1;
		p->ipv6_target.a[0] = u->addr;
	} else {
		snprintf(p->name, sizeof(p->name), "%s", u->host);
	}
}

static int
read_profile(struct live *l)
{
	int status = v6d_load_profile(l->o->command, l->path, &l->profile);

	l->have_profile = status == 0;
	if (status == 0 && l->profile.note[0] != '\0')
		v6d_say(l->o->command, 0, "%s: %s", l->path, l->profile.note);
	return status;
}

/* Only the host, and a tunnel that is up, can be judged then. */
static int
without_profile(const struct live *l)
{
	if (!l->o->interface)
		v6d_say(l->o->command, 0,
		    "no profile names a server (looked for %s), so nothing is "
		    "dialled: this host and a tunnel that is up are judged. "
		    "\"man v6doctor\" tells what a profile is.",
		    l->path);
	return 0;
}

/* Without --profile a profile may be missing; with it, it may not. */
static int
find_profile(struct live *l)
{
	int err;

	if (!l->o->profile && l->lab) {
		snprintf(l->path, sizeof(l->path), "%s",
		    v6d_lab_profile_path(l->lab));
		return read_profile(l);
	}
	err = v6d_profile_find(l->o->profile, l->path, sizeof(l->path));
	if (err == -ENOENT && !l->o->profile)
		return without_profile(l);
	if (err == -ENOENT)
		return v6d_say(l->o->command, V6D_EXIT_NOINPUT,
		    "no profile '%.64s'; looked for %s (a file of this "
		    "folder is named ./FILE)",
		    l->o->profile, l->path);
	if (err < 0)
		return complain(l, V6D_EXIT_NOINPUT, strerror(-err));
	return read_profile(l);
}

static int
get_password(struct live *l)
{
	const struct v6d_profile_tunnel *t = &l->profile.tunnel;

	if (!l->have_profile || t->server[0] == '\0' || t->user[0] == '\0' ||
	    l->o->interface)
		return 0;
	return v6d_load_password(
	    l->o->command, &l->profile, l->password, sizeof(l->password));
}

/*
 * So many sessions can be felt by everybody behind the same router: whoever
 * wants that says so, to our face or by --yes.
 */
static int
ask_consent(const struct live *l)
{
	char line[16] = "";

	if (l->o->stress == 0 || l->o->yes || l->lab)
		return 0;
	if (!isatty(STDIN_FILENO))
		return complain(l, V6D_EXIT_USAGE,
		    "--stress asks first, and there is no terminal: add --yes");
	fprintf(stderr,
	    _("Up to %u sessions will be opened through the routers on this "
	      "line, for some seconds.\nWhile they stand, others may not be "
	      "able to open new ones. Go on? [y/N] "),
	    l->o->stress);
	if (!fgets(line, sizeof(line), stdin) ||
	    (line[0] != 'y' && line[0] != 'Y'))
		return complain(l, V6D_EXIT_USAGE, "not begun");
	return 0;
}

static v6d_ns
deadline(const struct live *l)
{
	v6d_ns more = 0;

	if (l->o->deadline)
		return l->o->deadline;
	/* As long as docs/probes/idle.md promises. */
	if (l->o->idle)
		more = l->o->idle + l->o->idle * 3 / 4 + V6D_S(8);
	if (l->have_profile && l->profile.probe.deadline_s)
		return V6D_S(l->profile.probe.deadline_s) + more;
	return V6D_S(DEADLINE_S) + more;
}

static int
print_to(const struct live *l, const struct v6d_report *r, FILE *to)
{
	struct v6d_output out = l->o->output;
	int status;

	out.to = to;
	status = v6d_output_begin(&out, l->o->command);
	if (status == 0)
		status = v6d_output_report(&out, l->o->command, r);
	return status ? status : v6d_output_end(&out, l->o->command);
}

static int
no_output(const struct live *l, int err)
{
	return v6d_say(l->o->command, V6D_EXIT_UNAVAILABLE,
	    "%s cannot be written: %s", l->o->to,
	    err == -EINVAL ? _("it is there and is no plain file")
			   : v6d_retold(strerror(-err)));
}

/* --output: readable as what a shell would have made of ">FILE". */
static int
open_output(struct live *l)
{
	mode_t mask = umask(0);
	int err = 0;

	umask(mask);
	l->output.fd = -1;
	if (l->o->to)
		err = v6d_savefile_open(l->o->to, &l->output);
	if (l->o->to && err == 0 && fchmod(l->output.fd, 0666 & ~mask) < 0)
		err = -errno;
	return err < 0 ? no_output(l, err) : 0;
}

static int
print_report(struct live *l, const struct v6d_report *r)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to;
	int status, err;

	if (l->o->silent)
		return 0;
	if (!l->o->to)
		return print_to(l, r, stdout);
	to = open_memstream(&text, &n);
	if (!to)
		return complain(l, V6D_EXIT_INTERNAL, "out of memory");
	status = print_to(l, r, to);
	fclose(to);
	err = status == 0 ? v6d_savefile_end(&l->output, text, n) : 0;
	free(text);
	return err < 0 ? no_output(l, err) : status;
}

/*
 * With --watch: the first report, then what is otherwise. A run that a signal
 * cut short is none.
 */
static int
print_watched(struct live *l, const struct v6d_run *r)
{
	bool first = l->before->run == 0;
	int status = 0;

	v6d_output_take(&l->o->output, v6d_run_report(r), l->before, l->now);
	if (first || l->o->to)
		status = print_report(l, v6d_run_report(r));
	if (status == 0 && !first && v6d_seen_changed(l->before, l->now))
		status = v6d_output_changes(
		    &l->o->output, l->o->command, l->before, l->now);
	return status;
}

/* A run that is over is told whole: a signal is for the watch, not for it. */
static void
hold_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/* What could not be tried for want of a right outweighs "undetermined". */
static int
conclude(struct live *l, const struct v6d_run *r)
{
	const char *missing = v6d_run_missing(r);
	struct v6d_report report = *v6d_run_report(r);
	int status, unsaved;

	if (l->before)
		hold_signals();
	if (l->before && v6d_run_signal(r) != 0)
		return 0;
	report.since = v6d_last_good_since(&l->good, r);
	status = l->before ? print_watched(l, r) : print_report(l, &report);
	v6d_last_good_keep(&l->good, r);
	unsaved = v6d_save_run(
	    &l->save, r, l->have_profile ? l->profile.tunnel.user : "");
	if (status != 0 || unsaved != 0)
		return status != 0 ? status : unsaved;
	if (v6d_run_signal(r) != 0)
		complain(l, 0, "ended early, by a signal");
	if (missing[0] != '\0' && (!l->before || l->before->run == 0))
		fprintf(stderr,
		    _("\nv6doctor %s: some checks could not be made here:\n"
		      "%s"),
		    l->o->command, missing);
	status = v6d_verdict_exit(v6d_run_report(r)->diagnosis->verdict);
	if (status == V6D_EXIT_UNDETERMINED && missing[0] != '\0')
		return V6D_EXIT_UNAVAILABLE;
	return status;
}

/* What somebody tries (a page, other checks) is no run of the profile. */
static bool
keeps_good(const struct live *l)
{
	const struct v6d_live *o = l->o;

	return o->whole && !o->no_last_good && !o->watch &&
	       o->target.host[0] == '\0' && (!l->lab || o->last_good);
}

static int
open_good(struct live *l)
{
	l->good = (struct v6d_last_good){
		.command = l->o->command, .dir = l->o->last_good, .file.fd = -1
	};
	if (!keeps_good(l))
		return 0;
	return v6d_last_good_open(&l->good,
	    l->have_profile && !l->lab ? l->path : NULL, l->o->interface);
}

static int
run(struct live *l, const struct v6d_probe *const *probes, size_t n)
{
	struct v6d_run_conf c = {
		.profile = l->have_profile ? &l->profile : NULL,
		.password = l->password,
		.source_kind = l->lab ? "lab" : "live",
		.source_name = l->lab            ? "practice network"
			       : l->have_profile ? l->path
						 : NULL,
		.version = V6D_VERSION,
		.host_fd = l->lab ? v6d_lab_node_fd(l->lab, "c1") : -1,
		.etc = l->lab ? l->etc : NULL,
		.root = l->lab ? l->etc : NULL,
		.interface = l->o->interface,
		.run_dir = l->lab ? NULL : V6D_GW_RUN_DIR,
		.dial = l->o->dial,
		.sessions = l->o->stress,
		.deadline = deadline(l),
		.idle = l->o->idle,
		.record = l->o->save != NULL || keeps_good(l),
		.probes = probes,
		.n_probes = n,
		.observe = l->lab ? NULL : v6d_leftovers,
		.arg = &l->progress,
		.moved = v6d_progress_show,
	};
	struct v6d_run *r = NULL;
	char text[256];
	int err, status;

	if (!l->lab)
		v6d_rights_drop();
	err = v6d_run_go(&c, text, sizeof(text), &r);
	v6d_progress_end(&l->progress);
	if (err < 0)
		return complain(l,
		    err == -ENODEV ? V6D_EXIT_UNAVAILABLE : V6D_EXIT_INTERNAL,
		    text);
	status = conclude(l, r);
	v6d_run_free(r);
	return status;
}

/* One run of --watch, in its own process. */
static int
run_watched(void *arg, const struct v6d_seen *before, struct v6d_seen *now)
{
	struct live *l = arg;
	int status;

	l->before = before;
	l->now = now;
	status = open_output(l);
	if (status == 0)
		status = run(l, l->probes, l->n_probes);
	v6d_savefile_drop(&l->output);
	return status;
}

static int
watch(struct live *l, const struct v6d_probe *const *probes, size_t n)
{
	struct v6d_watch w = { l->o->watch, l, run_watched };
	int status;

	l->probes = probes;
	l->n_probes = n;
	v6d_savefile_drop(&l->output); /* it can be written */
	status = v6d_watch_go(&w);
	return status < 0 ? complain(l, V6D_EXIT_INTERNAL, strerror(-status))
			  : status;
}

int
v6d_live_run(
    const struct v6d_live *o, const struct v6d_probe *const *probes, size_t n)
{
	struct live *l = calloc(1, sizeof(*l));
	int status = 0;

	if (!l)
		return V6D_EXIT_INTERNAL;
	l->o = o;
	l->progress.on = !o->quiet &&
			 (o->to || !v6d_output_document(&o->output)) &&
			 isatty(STDERR_FILENO);
	l->save = (struct v6d_save){ .command = o->command,
		.path = o->save,
		.plain = o->no_redact,
		.mapping = o->mapping,
		.quiet = o->quiet || o->silent };
	status = v6d_save_open(&l->save);
	if (status == 0)
		status = open_output(l);
	if (status == 0 && o->lab)
		status = start_lab(l);
	if (status == 0)
		status = find_profile(l);
	if (status == 0 && o->target.host[0] != '\0') {
		if (!l->have_profile)
			v6d_profile_defaults(&l->profile);
		l->have_profile = true;
		use_target(l);
	}
	if (status == 0)
		status = ask_consent(l);
	if (status == 0)
		status = get_password(l);
	if (status == 0)
		status = open_good(l);
	if (status == 0)
		status = o->watch ? watch(l, probes, n) : run(l, probes, n);
	v6d_last_good_done(&l->good);
	v6d_save_drop(&l->save);
	v6d_savefile_drop(&l->output);
	if (l->lab)
		v6d_lab_stop(l->lab);
	explicit_bzero(l->password, sizeof(l->password));
	free(l);
	return status;
}
