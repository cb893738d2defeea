/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_rehearse.c - "v6doctor rehearse": connect, tried in namespaces. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "args.h"
#include "cmd.h"
#include "gateway/rehearse.h"
#include "lab/lab.h"
#include "load.h"
#include "say.h"
#include "tongue.h"
#include "tongue.h"

#define FAULTS 16

struct rehearse {
	bool lab, json, verbose;
	bool help; /* was printed */
	const char *name, *broken;
	const char *faults[FAULTS];
	size_t n_faults;
	struct v6d_profile profile;
	char password[V6D_PROFILE_TEXT];
	struct v6d_lab *practice;
	struct v6d_rehearse_report report;
};

const struct v6d_usage v6d_usage_rehearse = {
	.words = "[PROFILE]",
	.takes = V6D_TAKES_PROFILE,
	.text = { N_(
	    "What \"connect\" does, in private namespaces with a host on the "
	    "LAN and somebody outside; each step is checked by its effect. "
	    "This host is only read, and nothing is kept. The name of "
	    "[dns-update] is published for these seconds.") },
	.lists = { { N_("Steps that --break can make wrong:"), NULL,
	    v6d_rehearse_breakable } },
	.options = { V6D_OPT_PROFILE, V6D_OPT_LAB, V6D_OPT_FAULT, V6D_OPT_BREAK,
	    V6D_OPT_JSON, V6D_OPT_SETUP_VERBOSE, V6D_OPT_HELP },
	.status = { { V6D_EXIT_OK, N_("every check passed") },
	    { V6D_EXIT_FAULT, N_("one failed, or it did not come up") },
	    { V6D_EXIT_UNDETERMINED, N_("one could not be made") },
	    { V6D_EXIT_USAGE, N_("wrong usage") },
	    { V6D_EXIT_NOINPUT, N_("there is no such profile") },
	    { V6D_EXIT_UNAVAILABLE, N_("a right or device is missing") },
	    { V6D_EXIT_INTERNAL, N_("internal error") },
	    { V6D_EXIT_CONFIG, N_("the profile is wrong; says where") } },
	.examples = { { "sudo v6doctor rehearse home", NULL },
	    { "sudo v6doctor rehearse --lab",
		N_("without a tunnel of your own") } },
};

static int
take_break(struct rehearse *r, const char *word)
{
	const char *name, *what;

	for (unsigned i = 0; (name = v6d_rehearse_breakable(i, &what)); i++)
		if (strcmp(name, word) == 0) {
			r->broken = word;
			return 0;
		}
	return v6d_say("rehearse", V6D_EXIT_USAGE,
	    "there is no step '%s' to break; \"v6doctor rehearse --help\" "
	    "lists them",
	    word);
}

static int
take(struct rehearse *r, int option, const char *value)
{
	switch (option) {
	case V6D_OPT_PROFILE:
		r->name = value;
		return 0;
	case V6D_OPT_LAB:
		r->lab = true;
		return 0;
	case V6D_OPT_FAULT:
		if (r->n_faults == FAULTS)
			return v6d_say("rehearse", V6D_EXIT_USAGE,
			    "--fault '%s' is one too many", value);
		r->faults[r->n_faults++] = value;
		return 0;
	case V6D_OPT_BREAK:
		return take_break(r, value);
	case V6D_OPT_JSON:
		r->json = true;
		return 0;
	case V6D_OPT_SETUP_VERBOSE:
		r->verbose = true;
		return 0;
	}
	return V6D_EXIT_INTERNAL;
}

static int
read_options(int argc, char **argv, struct rehearse *r)
{
	struct v6d_args a;
	int option, status = 0;

	v6d_args_begin(&a, argc, argv);
	while (status == 0 && (option = v6d_args_next(&a)))
		status = take(r, option, a.value);
	r->help = a.over;
	if (a.over)
		return a.status;
	if (status == 0 && a.first < argc && !r->name)
		r->name = argv[a.first++];
	if (status == 0 && a.first < argc)
		return v6d_say("rehearse", V6D_EXIT_USAGE,
		    "'%s' is not wanted here", argv[a.first]);
	if (status == 0 && r->n_faults > 0 && !r->lab)
		return v6d_say("rehearse", V6D_EXIT_USAGE,
		    "--fault needs --lab: faults are made in the practice "
		    "network only");
	return status;
}

static int
start_lab(struct rehearse *r)
{
	const struct v6d_lab_opts o = { .faults = r->faults,
		.n_faults = r->n_faults };
	char err[V6D_LAB_ERR];
	int status = v6d_lab_start(&o, &r->practice, err);

	return status == 0 ? 0 : v6d_say("rehearse", status, "%s", err);
}

/* The practice network's server keeps ::1 of each prefix for itself. */
static void
furnish(struct v6d_profile *p)
{
	if (p->lan.interface.n > 0)
		return;
	v6d_addr_parse("::64", &p->lan.suffix);
	p->lan.rdnss.n = 1;
	v6d_addr_parse("2001:db8:b::53", &p->lan.rdnss.a[0]);
}

static int
load(struct rehearse *r)
{
	char path[4096];
	int err, status;

	if (r->practice && !r->name) {
		status = v6d_load_profile(
		    "rehearse", v6d_lab_profile_path(r->practice), &r->profile);
		if (status == 0)
			furnish(&r->profile);
		return status;
	}
	err = v6d_profile_find(r->name, path, sizeof(path));
	if (err < 0)
		return v6d_say("rehearse", V6D_EXIT_NOINPUT,
		    "no profile '%.64s'; looked for %s",
		    r->name ? r->name : "v6doctor", path);
	return v6d_load_profile("rehearse", path, &r->profile);
}

/* ---- what is printed ---- */

static const char *const states[] = { N_("pass"), N_("FAIL"), N_("unknown"),
	N_("skipped") };
static const char *const json_states[] = { "pass", "fail", "unknown",
	"skipped" };

/* What was finished in English, in the language of this run. */
static const char *
retold(const char *s, char *buf, size_t n)
{
	struct v6d_text t = v6d_tongue_text(buf, n);

	v6d_text_retell(&t, s);
	return buf;
}

static void
print_text(const struct rehearse *r)
{
	char text[640];

	const struct v6d_rehearse_report *p = &r->report;

	for (unsigned i = 0; i < p->n; i++) {
		const struct v6d_rehearse_row *w = &p->row[i];

		struct v6d_text t = v6d_tongue_text(text, sizeof(text));

		v6d_text_pad(&t, _(states[w->state]), 8);
		printf("  %s %-16s %s\n", text, w->name, _(w->question));
		if (w->text[0])
			printf("%27s %s\n", "",
			    retold(w->text, text, sizeof(text)));
	}
	if (p->trouble[0])
		printf(_("It did not come up: %s\n"),
		    retold(p->trouble, text, sizeof(text)));
	else
		printf(_("\nup after %u ms; %u checks, %u failed, %u could "
			 "not be made; %.1f s in all\n"),
		    p->up_ms, p->n, p->n_failed, p->n_unknown,
		    p->duration_ms / 1000.0);
}

static void
print_json(const struct rehearse *r)
{
	const struct v6d_rehearse_report *p = &r->report;
	json_t *rows = json_array(), *o;

	for (unsigned i = 0; i < p->n; i++) {
		const struct v6d_rehearse_row *w = &p->row[i];

		json_array_append_new(
		    rows, json_pack("{s:s,s:s,s:s,s:s,s:i}", "check", w->name,
			      "state", json_states[w->state], "question",
			      w->question, "text", w->text, "ms", (int)w->ms));
	}
	o = json_pack("{s:s,s:o,s:i,s:i,s:i,s:i,s:s?}", "schema",
	    "v6doctor-rehearse/1", "checks", rows, "failed", (int)p->n_failed,
	    "unknown", (int)p->n_unknown, "up_ms", (int)p->up_ms, "duration_ms",
	    (int)p->duration_ms, "trouble", p->trouble[0] ? p->trouble : NULL);
	json_dumpf(o, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(o);
}

static int
run(struct rehearse *r)
{
	struct v6d_rehearse_conf c = { .profile = &r->profile,
		.password = r->password,
		.host_fd =
		    r->practice ? v6d_lab_node_fd(r->practice, "c1") : -1,
		.outside_ns =
		    r->practice ? v6d_lab_node_fd(r->practice, "web") : -1,
		.broken = r->broken,
		.verbose = r->verbose };
	const struct v6d_rehearse_report *p = &r->report;
	int err = v6d_rehearse(&c, &r->report);

	if (err < 0)
		return v6d_say("rehearse",
		    err == -EPERM ? V6D_EXIT_UNAVAILABLE : V6D_EXIT_INTERNAL,
		    "%s", p->trouble);
	if (r->json)
		print_json(r);
	else
		print_text(r);
	if (p->trouble[0] || p->n_failed > 0)
		return V6D_EXIT_FAULT;
	return p->n_unknown > 0 ? V6D_EXIT_UNDETERMINED : V6D_EXIT_OK;
}

int
v6d_cmd_rehearse(int argc, char **argv)
{
	static struct rehearse r; /* large */
	int status = read_options(argc, argv, &r);

	if (status == 0 && r.help)
		return V6D_EXIT_OK;
	if (status == 0 && r.lab)
		status = start_lab(&r);
	if (status == 0)
		status = load(&r);
	if (status == 0)
		status = v6d_load_password(
		    "rehearse", &r.profile, r.password, sizeof(r.password));
	if (status == 0)
		status = run(&r);
	if (r.practice)
		v6d_lab_stop(r.practice);
	explicit_bzero(r.password, sizeof(r.password));
	return status;
}
