/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_peer.c - v6doctor peer: the practice PPTP server alone. */
#include "args.h"
#include "cmd.h"
#include "say.h"
#include "tongue.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <uv.h>

#include "io/privileges.h"
#include "io/profile.h"
#include "io/serve.h"

struct options {
	const char *profile;
	int ready_fd; /* -1: none */
	bool verbose;
};

const struct v6d_usage v6d_usage_peer = {
	.words = "",
	.text = { N_("A PPTP server for practice and tests: every login, IPv6 "
		     "only, a /64 and a radvd for each session. It stays in "
		     "the foreground until Ctrl-C or SIGTERM, and takes its "
		     "interfaces with it. The [peer] section of the profile "
		     "says whom it plays.") },
	.options = { V6D_OPT_PROFILE, V6D_OPT_EVENTS, V6D_OPT_READY_FD,
	    V6D_OPT_KEYS, V6D_OPT_HELP },
	.status = { { V6D_EXIT_OK, N_("ended as asked") },
	    { V6D_EXIT_USAGE, N_("wrong usage") },
	    { V6D_EXIT_NOINPUT, N_("there is no such profile") },
	    { V6D_EXIT_UNAVAILABLE,
		N_("a right or device is missing, or the port is taken") },
	    { V6D_EXIT_INTERNAL, N_("internal error") },
	    { V6D_EXIT_CONFIG, N_("the profile is wrong; says where") } },
	.examples = { { "sudo v6doctor peer --profile ./practice.conf "
			"--verbose",
	    NULL } },
};

/* Returns an exit status, or -1: go on. */
static int
read_options(int argc, char **argv, struct options *o)
{
	struct v6d_args a;
	char *end;
	int c;

	v6d_args_begin(&a, argc, argv);
	while ((c = v6d_args_next(&a)))
		switch (c) {
		case V6D_OPT_PROFILE:
			o->profile = a.value;
			break;
		case V6D_OPT_READY_FD:
			o->ready_fd = (int)strtol(a.value, &end, 10);
			if (*end || end == a.value || o->ready_fd < 0)
				return v6d_say("peer", V6D_EXIT_USAGE,
				    "--ready-fd takes a number, not '%s'",
				    a.value);
			break;
		case V6D_OPT_EVENTS:
			o->verbose = true;
			break;
		case V6D_OPT_KEYS:
			v6d_profile_print_keys(stdout);
			return V6D_EXIT_OK;
		}
	if (a.over)
		return a.status;
	if (optind == argc)
		return -1;
	return v6d_say("peer", V6D_EXIT_USAGE,
	    "'%s' is not wanted here; \"v6doctor peer --help\" tells more",
	    argv[optind]);
}

static int
complain(const struct v6d_profile_error *e)
{
	struct v6d_profile_error where = *e;
	char text[8192];

	where.reason[0] = '\0'; /* "FILE:LINE: " is left */
	return v6d_say("peer", V6D_EXIT_CONFIG, "%s%s",
	    v6d_profile_error_text(&where, text, sizeof(text)),
	    v6d_retold(e->reason));
}

static int
load_profile(const char *name, struct v6d_profile *p)
{
	struct v6d_profile_error e = { 0 };
	char path[4096];
	int err = v6d_profile_find(name, path, sizeof(path));

	if (err < 0)
		return v6d_say("peer", V6D_EXIT_NOINPUT,
		    "no profile: looked for %s; name one with --profile FILE",
		    path);
	err = v6d_profile_read(path, p, &e);
	if (err < 0) {
		complain(&e);
		return err == -EINVAL ? V6D_EXIT_CONFIG : V6D_EXIT_NOINPUT;
	}
	if (p->peer.given)
		return -1;
	snprintf(e.file, sizeof(e.file), "%s", path);
	snprintf(
	    e.reason, sizeof(e.reason), "%s", N_("there is no [peer] section"));
	return complain(&e);
}

/* Who needs none gets none. */
static int
load_password(const struct v6d_profile *p, char *password, size_t n)
{
	struct v6d_profile_error e = { 0 };

	password[0] = '\0';
	if (!(p->peer.auth & ~(unsigned)V6D_AUTH_NONE))
		return -1;
	if (p->peer.user[0] && p->peer.password_file[0])
		return v6d_profile_password(
			   p->peer.password_file, password, n, &e) < 0
			   ? complain(&e)
			   : -1;
	memcpy(e.file, p->path, sizeof(e.file));
	snprintf(e.reason, sizeof(e.reason), "%s",
	    N_("[peer] needs user and password-file, or auth = none"));
	return complain(&e);
}

static void
print_event(void *arg, const char *line)
{
	(void)arg;
	puts(line);
	fflush(stdout);
}

static void
on_signal(uv_signal_t *h, int signum)
{
	(void)signum;
	v6d_serve_stop(h->data);
}

static void
watch_signal(uv_loop_t *loop, uv_signal_t *h, int signum, struct v6d_serve *s)
{
	uv_signal_init(loop, h);
	h->data = s;
	uv_signal_start(h, on_signal, signum);
	uv_unref((uv_handle_t *)h); /* the server decides when it is over */
}

static void
tell_ready(const struct options *o, const struct v6d_profile *p)
{
	char text[V6D_ADDR_TEXT];

	if (o->ready_fd >= 0) {
		if (write(o->ready_fd, "\n", 1) < 0)
			perror("v6doctor peer: --ready-fd");
		close(o->ready_fd);
		return;
	}
	printf(_("ready: PPTP on %s port %u; Ctrl-C ends it\n"),
	    v6d_addr_text(&p->peer.listen, text, sizeof(text)), p->peer.port);
	fflush(stdout);
}

static int
serve(
    const struct options *o, const struct v6d_profile *p, const char *password)
{
	struct v6d_serve_conf conf = { .ns_fd = -1,
		.profile = p,
		.password = password,
		.on_event = o->verbose ? print_event : NULL };
	struct v6d_serve *s;
	uv_signal_t term, intr;
	uv_loop_t loop;
	char text[256];

	if (uv_loop_init(&loop) < 0)
		return v6d_say("peer", V6D_EXIT_INTERNAL, "no event loop");
	if (v6d_serve_new(&loop, &conf, text, sizeof(text), &s) < 0) {
		uv_loop_close(&loop);
		return v6d_say("peer", V6D_EXIT_UNAVAILABLE, "%s", text);
	}
	if (v6d_rights_drop() < 0) /* goes on: it was asked to serve */
		v6d_say("peer", 0,
		    "cannot give up the rights that it does not need");
	watch_signal(&loop, &term, SIGTERM, s);
	watch_signal(&loop, &intr, SIGINT, s);
	tell_ready(o, p);
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_close((uv_handle_t *)&term, NULL);
	uv_close((uv_handle_t *)&intr, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	v6d_serve_free(s);
	uv_loop_close(&loop);
	return V6D_EXIT_OK;
}

int
v6d_cmd_peer(int argc, char **argv)
{
	struct options o = { .ready_fd = -1 };
	struct v6d_profile p;
	char password[V6D_PROFILE_TEXT];
	int rc = read_options(argc, argv, &o);

	if (rc < 0)
		rc = load_profile(o.profile, &p);
	if (rc < 0)
		rc = load_password(&p, password, sizeof(password));
	if (rc < 0)
		rc = serve(&o, &p, password);
	return rc;
}
