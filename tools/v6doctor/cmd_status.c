/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_status.c - "v6doctor status": a gateway that runs, or what one left. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <jansson.h>

#include "cmd.h"
#include "gateway/boot.h"
#include "gateway/residue.h"
#include "instance.h"
#include "report/paint.h"
#include "say.h"
#include "tongue.h"

#define MAX_TEXT 65536
#define HEAD 19 /* columns before what a line says */

const struct v6d_usage v6d_usage_status = {
	.words = "[PROFILE]",
	.takes = V6D_TAKES_PROFILE,
	.text = { N_(
	    "Each step, the session, addresses and counters of a \"connect\"; "
	    "where none runs, what a killed one left behind.") },
	.options = { V6D_OPT_PROFILE, V6D_OPT_STATE_DIR, V6D_OPT_JSON,
	    V6D_OPT_HELP },
	.status = { { V6D_EXIT_OK, N_("everything stands") },
	    { V6D_EXIT_DEGRADED,
		N_("it runs, but something is not as it should be") },
	    { V6D_EXIT_FAULT, N_("it runs without a session, or a run that was "
				 "killed left things behind") },
	    { V6D_EXIT_UNDETERMINED, N_("it does not run") },
	    { V6D_EXIT_USAGE, N_("wrong usage") },
	    { V6D_EXIT_UNAVAILABLE, N_("the journal cannot be read") },
	    { V6D_EXIT_INTERNAL, N_("internal error") } },
	.examples = { { "sudo v6doctor status home", NULL } },
};

/* Connecting is the whole question. The caller frees *ret. */
static int
ask(const struct v6d_instance *i, char **ret)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct timeval limit = { .tv_sec = 3 };
	char *text = malloc(MAX_TEXT);
	size_t n = 0;
	ssize_t got = 0;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), err = 0;

	if (fd < 0 || !text) {
		free(text);
		return -ENOMEM;
	}
	v6d_gw_control(i->run_dir, i->name, to.sun_path, sizeof(to.sun_path));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		err = -errno;
	while (err == 0 && n < MAX_TEXT - 1 &&
	       (got = read(fd, text + n, MAX_TEXT - 1 - n)) > 0)
		n += (size_t)got;
	if (err == 0 && got < 0)
		err = errno == EAGAIN ? -ETIMEDOUT : -errno;
	close(fd);
	text[n] = '\0';
	if (err < 0)
		free(text);
	else
		*ret = text;
	return err;
}

static const char *
text_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "-";
}

static long
number_of(const json_t *o, const char *key)
{
	return (long)json_integer_value(json_object_get(o, key));
}

/* Prints a sentence behind what stands in the line already. */
static void
print_wrapped(unsigned column, unsigned indent, const char *sentence)
{
	char lines[2048];
	struct v6d_paint p = { .t = v6d_tongue_text(lines, sizeof(lines)),
		.columns = v6d_say_columns() };

	v6d_paint_wrap(&p, column, indent, sentence);
	fputs(lines, stdout);
}

/* A head, a message as wide as the others, and what is to be said: printf. */
__attribute__((format(printf, 2, 3))) static void
print_row(const char *message, const char *fmt, ...)
{
	char head[96], sentence[1024];
	struct v6d_text t = v6d_tongue_text(head, sizeof(head));
	va_list ap;

	v6d_text_pad(&t, _(message), 16);
	printf("  %s ", head);
	va_start(ap, fmt);
	vsnprintf(sentence, sizeof(sentence), fmt, ap);
	va_end(ap);
	print_wrapped(HEAD, HEAD, sentence);
}

/* What the process said, in English. */
static const char *
retold(const char *s, char *buf, size_t n)
{
	struct v6d_text t = v6d_tongue_text(buf, n);

	v6d_text_retell(&t, s);
	return buf;
}

static void
print_steps(const json_t *steps)
{
	size_t i;
	const json_t *s;

	json_array_foreach(steps, i, s)
	{
		bool bad = strcmp(text_of(s, "state"), "bad") == 0;
		char why[512], since[600];

		snprintf(since, sizeof(since), "%s%s%s", text_of(s, "since"),
		    bad ? "  " : "",
		    bad ? retold(text_of(s, "why"), why, sizeof(why)) : "");
		printf(
		    "  %-16s %-5s ", text_of(s, "step"), text_of(s, "state"));
		print_wrapped(HEAD + 6, HEAD + 6, since);
	}
}

static void
print_lans(const json_t *lans)
{
	size_t i;
	const json_t *l;

	json_array_foreach(lans, i, l)
	{
		print_row(N_("lan"), _("%s: %s, prefix %s/64\n"),
		    text_of(l, "interface"), text_of(l, "address"),
		    text_of(l, "prefix"));
	}
}

static void
print_text(const json_t *o)
{
	const json_t *s = json_object_get(o, "session");
	char end[512];

	snprintf(end, sizeof(end), _("%s: %s since %s (process %ld)\n"),
	    text_of(o, "name"), text_of(o, "state"), text_of(o, "started"),
	    number_of(o, "pid"));
	print_wrapped(0, 2, end);
	print_steps(json_object_get(o, "steps"));
	print_row(N_("session"), _("%s on %s, MTU %ld, %s; %ld so far\n"),
	    text_of(s, "server"), text_of(s, "interface"), number_of(s, "mtu"),
	    json_is_true(json_object_get(s, "encrypted")) ? _("encrypted")
							  : _("not encrypted"),
	    number_of(s, "sessions"));
	print_row(N_("packets"), _("%ld in, %ld out, %ld dropped\n"),
	    number_of(s, "packets_in"), number_of(s, "packets_out"),
	    number_of(s, "packets_dropped"));
	print_row(N_("address"), "%s", text_of(o, "address"));
	print_lans(json_object_get(o, "lan"));
	if (json_is_string(json_object_get(s, "last_end")))
		print_row(N_("last end"), "%s",
		    retold(text_of(s, "last_end"), end, sizeof(end)));
	if (json_is_string(json_object_get(o, "foreign_records")))
		print_row(
		    N_("not ours in DNS"), "%s", text_of(o, "foreign_records"));
}

static int
exit_of(const json_t *o)
{
	const char *state = text_of(o, "state");

	if (strcmp(state, "up") == 0)
		return V6D_EXIT_OK;
	return strcmp(state, "degraded") == 0 ? V6D_EXIT_DEGRADED
					      : V6D_EXIT_FAULT;
}

static int
show(const struct v6d_instance *i, const char *text)
{
	json_t *o = json_loads(text, 0, NULL);
	int status;

	if (!o)
		return v6d_say(i->command, V6D_EXIT_INTERNAL,
		    "what the process says is no status");
	if (i->json)
		puts(text);
	else
		print_text(o);
	status = exit_of(o);
	json_decref(o);
	return status;
}

/* ---- what is left of one that does not run ---- */

static json_t *
residue_of(const struct v6d_journal *j, bool same_boot)
{
	json_t *all = json_array();

	for (unsigned k = j->n; k-- > 0;) {
		char text[200];

		if (!v6d_residue_is(j, k, same_boot))
			continue;
		json_array_append_new(
		    all, json_string(
			     v6d_change_text(&j->e[k].r, text, sizeof(text))));
	}
	return all;
}

static void
print_residue(const struct v6d_instance *i, const json_t *left)
{
	size_t k;
	const json_t *one;
	char text[512];

	if (json_array_size(left) == 0) {
		printf(_("%s does not run\n"), i->name);
		return;
	}
	snprintf(text, sizeof(text),
	    _("%s does not run, but left this behind; \"v6doctor restore "
	      "%s\" undoes it:\n"),
	    i->name, i->name);
	print_wrapped(0, 0, text);
	json_array_foreach(left, k, one)
	{
		fputs("  ", stdout);
		print_wrapped(
		    2, 2, retold(json_string_value(one), text, sizeof(text)));
	}
}

static int
without_process(const struct v6d_instance *i)
{
	static struct v6d_journal j;
	struct v6d_boot b = { 0 };
	int err = v6d_journal_peek(&j, i->state_dir, i->name);
	json_t *o, *left;
	int status;

	if (err < 0 && err != -ENOENT)
		return v6d_say(i->command, V6D_EXIT_UNAVAILABLE,
		    "the journal in %s cannot be read: %s", i->state_dir,
		    v6d_retold(strerror(-err)));
	if (err == 0)
		b = v6d_boot_of(&j, -1);
	left = err == 0 ? residue_of(&j, b.same_boot) : json_array();
	status = json_array_size(left) ? V6D_EXIT_FAULT : V6D_EXIT_UNDETERMINED;
	if (i->json) {
		o = json_pack("{s:s,s:s,s:s,s:O}", "schema",
		    "v6doctor-status/1", "name", i->name, "state",
		    json_array_size(left) ? "residue" : "down", "residue",
		    left);
		json_dumpf(o, stdout, JSON_INDENT(2));
		putchar('\n');
		json_decref(o);
	} else {
		print_residue(i, left);
	}
	json_decref(left);
	if (err == 0)
		v6d_journal_close(&j);
	return status;
}

int
v6d_cmd_status(int argc, char **argv)
{
	struct v6d_instance i;
	char *text = NULL;
	int status = v6d_instance_options(argc, argv, &i), err;

	if (status != 0)
		return status;
	if (i.help)
		return V6D_EXIT_OK;
	err = ask(&i, &text);
	if (err == -ENOENT || err == -ECONNREFUSED)
		return without_process(&i);
	if (err < 0)
		return v6d_say(i.command, V6D_EXIT_FAULT,
		    "the process of '%s' does not answer: %s", i.name,
		    v6d_retold(strerror(-err)));
	status = show(&i, text);
	free(text);
	return status;
}
