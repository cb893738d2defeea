/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_read.c - v6doctor read: captures to a diagnosis of each session. */
#include "cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "judge.h"
#include "output.h"
#include "read_save.h"
#include "read_sides.h"
#include "read_text.h"
#include "saved.h"
#include "say.h"
#include "tongue.h"

struct options {
	struct v6d_output out;
	bool replay;
	size_t tunnel; /* the only one that is wanted; 0: all */
	struct v6d_save save;
};

const struct v6d_usage v6d_usage_read = {
	.words = "FILE...",
	.takes = V6D_TAKES_FILE,
	.text = { N_("Judges saved reports, the PPTP sessions in captures, and "
		     "pasted text; \"-\" is standard input."),
	    N_("Captures (pcap, pcapng, also packed with gzip or zstd) may be "
	       "taken on the client, between two routers or on the server, "
	       "whole or in part. What a capture cannot show is reported as "
	       "not seen, never as a failure."),
	    N_("Several captures are read together: files of one place, as "
	       "rotation makes them, become one; of two places of the same "
	       "path it is told which packets were lost between them."),
	    N_("Text is what ifconfig, ip, netstat, ipconfig, telnet, curl, "
	       "ping and others print, logs, settings and scripts, quoted and "
	       "wrapped; several texts are one piece of evidence. Of a text "
	       "the report also has findings with a grade, hypotheses in "
	       "their order, and the tests that decide."),
	    N_("A capture can hold the exchange of a password: send what "
	       "--save makes of it.") },
	.options = { V6D_OPT_JSON, V6D_OPT_FORMAT, V6D_OPT_VERBOSE,
	    V6D_OPT_TUNNEL, V6D_OPT_REPLAY, V6D_OPT_COLOR, V6D_OPT_READ_SAVE,
	    V6D_OPT_REDACT, V6D_OPT_NO_REDACT, V6D_OPT_MAPPING, V6D_OPT_HELP },
	.status = { { V6D_EXIT_OK, N_("healthy; of several files, all") },
	    { V6D_EXIT_DEGRADED,
		N_("it works, but something is degraded or at risk") },
	    { V6D_EXIT_FAULT, N_("a fault was found") },
	    { V6D_EXIT_UNDETERMINED,
		N_("undetermined; also: no PPTP in the file") },
	    { V6D_EXIT_USAGE, N_("wrong usage") },
	    { V6D_EXIT_DATA, N_("nothing that is known, or damaged; what "
				"could be read is still reported") },
	    { V6D_EXIT_NOINPUT, N_("a file cannot be opened") },
	    { V6D_EXIT_UNAVAILABLE, N_("the report cannot be written") },
	    { V6D_EXIT_INTERNAL, N_("internal error") } },
	.examples = { { "tcpdump -i any -s 0 -w session.pcap 'tcp port 1723 "
			"or proto 47 or icmp'",
			  N_("a good capture: from before the tunnel is "
			     "dialled") },
	    { "v6doctor read session.pcap", NULL },
	    { "v6doctor read ifconfig.txt netstat.txt", NULL },
	    { "v6doctor read --save report.pcapng session.pcap", NULL } },
};

/* Returns an exit status, or -1: go on. */
static int
read_options(int argc, char **argv, struct options *o)
{
	struct v6d_args a;
	int c, status;
	char *end;

	o->save.command = "read";
	v6d_color_of(NULL, &o->out.how.color);
	v6d_args_begin(&a, argc, argv);
	while ((c = v6d_args_next(&a)))
		switch (c) {
		case V6D_OPT_JSON:
		case V6D_OPT_FORMAT:
			status = v6d_output_format(&o->out, "read",
			    c == V6D_OPT_JSON ? "json" : a.value);
			if (status)
				return status;
			break;
		case V6D_OPT_VERBOSE:
			o->out.how.verbose = true;
			break;
		case V6D_OPT_COLOR:
			if (v6d_color_of(a.value, &o->out.how.color))
				break;
			return v6d_say("read", V6D_EXIT_USAGE,
			    "--color '%s': auto, always or never", a.value);
		case V6D_OPT_REPLAY:
			o->replay = true;
			break;
		case V6D_OPT_TUNNEL:
			o->tunnel = strtoul(a.value, &end, 10);
			if (a.value[0] >= '1' && a.value[0] <= '9' && !*end)
				break;
			return v6d_say("read", V6D_EXIT_USAGE,
			    "--tunnel '%s': its number, from 1 on", a.value);
		case V6D_OPT_READ_SAVE:
			o->save.path = a.value;
			break;
		case V6D_OPT_REDACT:
		case V6D_OPT_NO_REDACT:
			o->save.plain = c == V6D_OPT_NO_REDACT;
			break;
		case V6D_OPT_MAPPING:
			o->save.mapping = a.value;
			break;
		}
	if (a.over)
		return a.status;
	status = v6d_save_check(&o->save);
	if (status)
		return status;
	if (o->save.path && optind + 1 < argc)
		return v6d_say("read", V6D_EXIT_USAGE,
		    "--save makes one report: one file at a time");
	if (o->tunnel > 0 && optind + 1 < argc)
		return v6d_say("read", V6D_EXIT_USAGE,
		    "--tunnel is one of a capture: one file at a time");
	if (optind < argc)
		return -1;
	return v6d_say("read", V6D_EXIT_USAGE,
	    "which file? \"v6doctor read --help\" tells more");
}

/* ---- one file's report ---- */

static const char *
name_of(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

/* Where the tunnels of a report are told from. */
struct tunnels {
	const struct v6d_judgement *j;
	struct v6d_judged *whole; /* the one that was asked for last */
};

static void
tell_tunnel(void *arg, size_t i, bool whole, struct v6d_report_tunnel *ret)
{
	struct tunnels *a = arg;
	const struct v6d_session *s = &a->j->sessions[i];
	const struct v6d_view *v = v6d_flow_view(a->j->flow, s->view);

	*ret = (struct v6d_report_tunnel){ .number = s->number,
		.began_ms = (unsigned)((v->first - v->begin) / V6D_MS(1)),
		.verdict = s->verdict,
		.code = s->code };
	v6d_addr_text(&v->client, ret->client, sizeof(ret->client));
	v6d_addr_text(&v->server, ret->server, sizeof(ret->server));
	v6d_witness_position(v, &ret->position);
	if (!whole)
		return;
	v6d_judge_view(v, a->whole);
	ret->facts = &a->whole->facts;
	ret->diagnosis = &a->whole->diagnosis;
}

/* one: only the tunnel that was chosen. */
static int
report_sessions(const char *path, const struct v6d_judgement *j, bool one,
    struct v6d_output *o)
{
	struct tunnels all = { j, malloc(sizeof(*all.whole)) };
	struct v6d_report r;
	int status;

	if (!all.whole)
		return v6d_say("read", V6D_EXIT_INTERNAL, "out of memory");
	v6d_judgement_report(j, name_of(path), &r);
	if (!one)
		r.tunnels =
		    (struct v6d_report_tunnels){ j->n, tell_tunnel, &all };
	status = v6d_output_report(o, "read", &r);
	free(all.whole);
	return status;
}

static int
report_none(
    const char *path, const struct v6d_judgement *j, struct v6d_output *o)
{
	const struct v6d_flow_totals *t = v6d_flow_totals(j->flow);
	struct v6d_facts none;
	struct v6d_diagnosis d;
	struct v6d_scope scope = { 0 };
	struct v6d_report r = { .version = V6D_VERSION,
		.source_kind = "capture",
		.source_name = name_of(path),
		.facts = &none,
		.diagnosis = &d,
		.scope = &scope };

	if (!v6d_output_document(o)) {
		printf(_("%s: no PPTP session in this file (%llu packets).\n"
			 "Nothing to judge: capture TCP port 1723 and IP "
			 "protocol 47 from before the\n"
			 "tunnel is dialled:  tcpdump -i any -s 0 -w FILE "
			 "'tcp port 1723 or proto 47 or icmp'\n"),
		    name_of(path), (unsigned long long)t->packets);
		return 0;
	}
	for (int i = 0; i < V6D_N_STAGES; i++)
		scope.why_not[i] = N_("no PPTP session in this file");
	v6d_facts_init(&none, NULL, 0);
	v6d_diagnose(&none, &scope, &d);
	v6d_judgement_times(j, &r);
	return v6d_output_report(o, "read", &r);
}

/* Of two: trouble with a file first, then faults. */
static int
worse(int a, int b)
{
	static const int order[] = { V6D_EXIT_OK, V6D_EXIT_UNDETERMINED,
		V6D_EXIT_DEGRADED, V6D_EXIT_FAULT, V6D_EXIT_DATA,
		V6D_EXIT_NOINPUT, V6D_EXIT_USAGE, V6D_EXIT_UNAVAILABLE,
		V6D_EXIT_INTERNAL };
	size_t at_a = 0, at_b = 0;

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (order[i] == a)
			at_a = i;
		if (order[i] == b)
			at_b = i;
	}
	return at_a > at_b ? a : b;
}

static int
no_such_tunnel(const char *path, const struct v6d_judgement *j, size_t number)
{
	return v6d_say("read", V6D_EXIT_USAGE,
	    "--tunnel %zu: tunnels in %s: %zu", number, name_of(path), j->n);
}

/* What a damage cost; status: of what was judged. */
static int
say_damage(const char *path, const struct v6d_judgement *j, int status)
{
	if (!j->damaged)
		return status;
	fflush(stdout);
	return v6d_say("read", V6D_EXIT_DATA,
	    "%s is damaged%s%s. What stands before that was judged.",
	    name_of(path), j->report ? ": " : " ", v6d_retold(j->message));
}

/* A file that was judged, or could not be: err. */
static int
tell_file(const char *path, int err, struct v6d_judgement *j, struct options *o)
{
	int status;

	if (err)
		return v6d_say_cannot("read", name_of(path), err, j->message);
	if (j->report)
		status = v6d_saved_print(j, o->replay, &o->out);
	else if (o->tunnel > 0 && !v6d_judge_choose(j, o->tunnel))
		status = no_such_tunnel(path, j, o->tunnel);
	else if (j->n > 0)
		status = report_sessions(path, j, o->tunnel > 0, &o->out);
	else
		status = report_none(path, j, &o->out);
	if (status == 0)
		status = v6d_verdict_exit(v6d_judgement_verdict(j));
	return say_damage(path, j, status);
}

static int
read_file(const char *path, struct options *o)
{
	struct v6d_judgement j;
	int err = v6d_judge_file(path, &j);
	int status = tell_file(path, err, &j, o);

	if (!err && o->save.path) {
		fflush(stdout);
		status = worse(status, v6d_read_save(&o->save, path, &j));
	}
	v6d_judgement_done(&j);
	return status;
}

/* ---- several captures ---- */

/* Names of files before what is said of them, where a person reads. */
static void
say_name(const struct options *o, bool first, const char *name)
{
	if (!v6d_output_document(&o->out))
		printf("%s== %s ==\n", first ? "" : "\n", name);
}

/* Places that saw the same packets, of which i is the first. */
static int
tell_group(struct v6d_sides *s, size_t i, struct options *o)
{
	struct v6d_sides_report *g = malloc(sizeof(*g));
	struct tunnels all = { NULL, malloc(sizeof(*all.whole)) };
	int status = 0;

	if (g)
		v6d_sides_report(s, i, g);
	if (!g || !all.whole || !g->told) {
		status = v6d_say("read", V6D_EXIT_INTERNAL, "out of memory");
	} else {
		struct v6d_report r;

		say_name(o, i == 0, g->name);
		all.j = g->told;
		v6d_judgement_report(g->told, g->name, &r);
		r.tunnels = (struct v6d_report_tunnels){ g->told->n,
			tell_tunnel, &all };
		r.n_places = g->n;
		r.places = g->places;
		r.n_between = g->n - 1;
		r.between = g->between;
		status = v6d_output_report(&o->out, "read", &r);
		if (status == 0)
			status =
			    v6d_verdict_exit(v6d_judgement_verdict(g->told));
	}
	for (size_t k = i; k < s->n; k = v6d_sides_next(s, k))
		status = say_damage(s->places[k].name, &s->places[k].j, status);
	free(all.whole);
	free(g);
	return status;
}

/* The first of its group. */
static bool
leads(const struct v6d_sides *s, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (s->places[k].group == s->places[i].group)
			return false;
	return true;
}

static int
tell_sides(struct v6d_sides *s, struct options *o)
{
	size_t reports = 0;
	int status = 0;

	for (size_t i = 0; i < s->n; i++)
		reports += leads(s, i);
	if (reports > 1 && o->out.format && o->out.format->one)
		return v6d_say("read", V6D_EXIT_USAGE,
		    "--format %s holds one report: these captures have "
		    "nothing in common",
		    o->out.format->name);
	for (size_t i = 0; i < s->n; i++) {
		struct v6d_place_read *p = &s->places[i];

		if (!leads(s, i))
			continue;
		if (v6d_sides_next(s, i) < s->n) {
			status = worse(status, tell_group(s, i, o));
			continue;
		}
		say_name(o, i == 0, p->name);
		status = worse(status, tell_file(p->name, p->err, &p->j, o));
	}
	return status;
}

/* All files are captures, of which there are several, and not too many. */
static bool
are_sides(char *const *paths, int n)
{
	for (int i = 0; i < n; i++)
		if (v6d_text_file(paths[i]) || !v6d_sides_takes(paths[i]))
			return false;
	return n > 1 && n <= V6D_SIDES;
}

static int
read_sides(char **paths, int n, struct options *o)
{
	struct v6d_sides *s = malloc(sizeof(*s));
	const char *all[V6D_SIDES];
	int status = V6D_EXIT_INTERNAL;

	for (int i = 0; i < n; i++)
		all[i] = paths[i];
	if (s && v6d_sides_read(all, (size_t)n, s) == 0)
		status = tell_sides(s, o);
	else
		v6d_say("read", V6D_EXIT_INTERNAL, "out of memory");
	if (s)
		v6d_sides_done(s);
	free(s);
	return status;
}

/* Before anything is read: 0 or an exit status. */
static int
begin_save(struct options *o, const char *path)
{
	if (!o->save.path)
		return v6d_save_open(&o->save);
	if (!v6d_read_save_can(path))
		return v6d_say("read", V6D_EXIT_USAGE,
		    "--save reads the file twice: it takes no pipe and no "
		    "standard input");
	if (v6d_text_file(path))
		return v6d_say("read", V6D_EXIT_USAGE,
		    "--save: %s is a text; reports are made of captures and "
		    "reports",
		    path);
	return v6d_save_open(&o->save);
}

/* Each file by itself, and all texts as one. */
static int
read_each(char **paths, int n, struct options *o)
{
	char **texts = n > 0 ? calloc((size_t)n, sizeof(*texts)) : NULL;
	int status = 0, n_texts = 0;

	if (!texts)
		return v6d_say("read", V6D_EXIT_INTERNAL, "out of memory");
	for (int i = 0; i < n; i++) {
		if (v6d_text_file(paths[i])) {
			texts[n_texts++] = paths[i];
			continue;
		}
		if (n > 1)
			say_name(o, i == 0, name_of(paths[i]));
		status = worse(status, read_file(paths[i], o));
	}
	/* pieces of text are one piece of evidence */
	if (n_texts > 0)
		status = worse(status, v6d_read_text(&o->out, texts, n_texts));
	free(texts);
	return status;
}

int
v6d_cmd_read(int argc, char **argv)
{
	struct options o = { 0 };
	int status = read_options(argc, argv, &o), n;
	bool sides;
	char **paths;

	if (status >= 0)
		return status;
	paths = argv + optind;
	n = argc - optind;
	status = begin_save(&o, paths[0]);
	if (status)
		return status;
	sides = are_sides(paths, n);
	if (!sides && n > 1 && o.out.format && o.out.format->one)
		return v6d_say("read", V6D_EXIT_USAGE,
		    "--format %s holds one report: one file at a time",
		    o.out.format->name);
	status = v6d_output_begin(&o.out, "read");
	status = worse(
	    status, sides ? read_sides(paths, n, &o) : read_each(paths, n, &o));
	v6d_save_drop(&o.save);
	return worse(status, v6d_output_end(&o.out, "read"));
}
