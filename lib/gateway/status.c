/* SPDX-License-Identifier: GPL-2.0-or-later */
/* status.c - what a running gateway says of itself, on its control socket. */
#include "gateway/gateway_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "io/clock.h"

static void
set(json_t *o, const char *key, json_t *value)
{
	json_object_set_new(o, key, value);
}

/* RFC 3339; null for 0. */
static json_t *
when(v6d_ns unix_time)
{
	time_t s = (time_t)(unix_time / V6D_S(1));
	struct tm tm;
	char text[32];

	if (unix_time == 0 || !gmtime_r(&s, &tm))
		return json_null();
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_string(text);
}

static json_t *
address(const struct v6d_addr *a)
{
	char text[V6D_ADDR_TEXT];

	if (a->family == 0)
		return json_null();
	return json_string(v6d_addr_text(a, text, sizeof(text)));
}

/* A session or radvd that is gone for the moment is seen at once. */
static const char *
state_of(struct v6d_gw *g, unsigned i, const char **ret_text)
{
	const struct v6d_gw_step *s = v6d_gw_steps[i];

	*ret_text = g->step[i].text;
	if (g->step[i].state == V6D_GW_STEP_UP &&
	    (s == &v6d_gw_step_session || s == &v6d_gw_step_radvd) &&
	    s->check(g) < 0) {
		*ret_text = g->c.why;
		return "bad";
	}
	switch (g->step[i].state) {
	case V6D_GW_STEP_OPEN:
		return "open";
	case V6D_GW_STEP_OFF:
		return "off";
	case V6D_GW_STEP_UP:
		return "up";
	case V6D_GW_STEP_BAD:
		return "bad";
	}
	return "open";
}

static json_t *
steps_json(struct v6d_gw *g, bool *ret_well)
{
	json_t *all = json_array();

	*ret_well = true;
	for (unsigned i = 0; i < v6d_gw_n_steps; i++) {
		const char *text, *state = state_of(g, i, &text);
		json_t *o = json_object();

		set(o, "step", json_string(v6d_gw_steps[i]->name));
		set(o, "state", json_string(state));
		set(o, "since", when(g->step[i].at));
		if (strcmp(state, "bad") == 0)
			set(o, "why", json_string(text));
		if (strcmp(state, "bad") == 0 || strcmp(state, "open") == 0)
			*ret_well = false;
		json_array_append_new(all, o);
	}
	return all;
}

static json_t *
session_json(struct v6d_gw *g)
{
	struct v6d_pppd_counts n = v6d_gw_packets(g);
	json_t *o = json_object();

	set(o, "up", json_boolean(g->up));
	set(o, "since", when(g->up ? g->up_at : 0));
	set(o, "server", address(&g->server));
	set(o, "interface", json_string(g->tunnel));
	set(o, "mtu", json_integer(g->mtu));
	set(o, "encrypted", json_boolean(v6d_gw_encrypted(g)));
	set(o, "sessions", json_integer(g->n_sessions));
	set(o, "last_end",
	    g->last_end[0] ? json_string(g->last_end) : json_null());
	set(o, "packets_in", json_integer((json_int_t)n.in));
	set(o, "packets_out", json_integer((json_int_t)n.out));
	set(o, "packets_dropped", json_integer((json_int_t)n.dropped));
	return o;
}

static json_t *
lan_json(const struct v6d_gw *g)
{
	json_t *all = json_array();

	for (unsigned i = 0; i < g->n_lan; i++) {
		json_t *o = json_object();

		set(o, "interface", json_string(g->lan[i].ifname));
		set(o, "prefix", address(&g->lan[i].prefix.addr));
		set(o, "address", address(&g->lan[i].addr));
		set(o, "old_prefixes", json_integer(g->lan[i].n_old));
		json_array_append_new(all, o);
	}
	return all;
}

char *
v6d_gw_status_json(struct v6d_gw *g)
{
	json_t *o = json_object();
	bool well;
	char *text;

	set(o, "schema", json_string("v6doctor-status/1"));
	set(o, "name", json_string(g->conf.name));
	set(o, "profile", json_string(g->p->path));
	set(o, "pid", json_integer(getpid()));
	set(o, "started", when(g->started));
	set(o, "steps", steps_json(g, &well));
	set(o, "state",
	    json_string(g->down  ? "going-down"
			: !g->up ? "no-session"
			: !well  ? "degraded"
				 : "up"));
	set(o, "session", session_json(g));
	set(o, "address", address(&g->addr));
	set(o, "lan", lan_json(g));
	set(o, "radvd_starts", json_integer(g->n_radvd));
	set(o, "prefix_changes", json_integer(g->n_renumbered));
	set(o, "foreign_records",
	    g->dns_note[0] ? json_string(g->dns_note) : json_null());
	text = json_dumps(o, JSON_INDENT(2));
	json_decref(o);
	return text;
}

int
v6d_gw_write_report(struct v6d_gw *g)
{
	char path[V6D_GW_PATH + 32], *text = v6d_gw_status_json(g);
	FILE *f;
	int err = 0;

	snprintf(path, sizeof(path), "%s/report.json", g->folder);
	f = text ? fopen(path, "we") : NULL;
	if (!f || fprintf(f, "%s\n", text) < 0)
		err = -EIO;
	if (f && fclose(f) != 0)
		err = -EIO;
	free(text);
	v6d_gw_say(g, err < 0 ? V6D_GW_WARN : V6D_GW_INFO,
	    err < 0 ? "%s cannot be written" : "%s is written", path);
	return err;
}

/* ---- the control socket: whoever connects is told, and that is all ---- */

struct listener {
	uv_pipe_t pipe;
	uv_write_t write;
	char *text;
};

static void
on_gone(uv_handle_t *h)
{
	struct listener *l = h->data;

	free(l->text);
	free(l);
}

static void
on_told(uv_write_t *w, int status)
{
	struct listener *l = w->data;

	(void)status;
	uv_close((uv_handle_t *)&l->pipe, on_gone);
}

static void
on_come(uv_stream_t *server, int status)
{
	struct v6d_gw *g = server->data;
	struct listener *l = status < 0 ? NULL : calloc(1, sizeof(*l));
	uv_buf_t b;

	if (!l)
		return;
	uv_pipe_init(&g->loop, &l->pipe, 0);
	l->pipe.data = l->write.data = l;
	l->text = v6d_gw_status_json(g);
	if (uv_accept(server, (uv_stream_t *)&l->pipe) < 0 || !l->text) {
		uv_close((uv_handle_t *)&l->pipe, on_gone);
		return;
	}
	b = uv_buf_init(l->text, (unsigned)strlen(l->text));
	if (uv_write(&l->write, (uv_stream_t *)&l->pipe, &b, 1, on_told) < 0)
		uv_close((uv_handle_t *)&l->pipe, on_gone);
}

const char *
v6d_gw_control(const char *run_dir, const char *name, char *buf, size_t n)
{
	snprintf(buf, n, "%s/%s/control", run_dir, name);
	return buf;
}

static int
write_pid(const struct v6d_gw *g)
{
	char path[V6D_GW_PATH + 8], text[16];
	int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid()), fd;
	int err = 0;

	snprintf(path, sizeof(path), "%s/pid", g->folder);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	if (write(fd, text, (size_t)n) != n)
		err = -EIO;
	close(fd);
	return err;
}

/* Beside it the socket at which a session of our own is lent. */
static int
lend(struct v6d_gw *g)
{
	char path[V6D_GW_PATH + 16];
	struct v6d_lend_conf c = { .loop = &g->loop,
		.path = path,
		.interface = g->tunnel,
		.ns = g->conf.ns };

	if (v6d_gw_by_pppd(g))
		return 0; /* there is nothing that could be lent */
	snprintf(path, sizeof(path), "%s/session", g->folder);
	return v6d_lend_open(&c, &g->lend);
}

int
v6d_gw_control_open(struct v6d_gw *g)
{
	char path[V6D_GW_PATH + 16];
	int err = write_pid(g);

	v6d_gw_control(g->conf.run_dir, g->conf.name, path, sizeof(path));
	unlink(path);
	if (err == 0)
		err = uv_pipe_init(&g->loop, &g->control, 0);
	if (err < 0)
		return v6d_change_told(&g->c, err, "%s cannot be used: %s",
		    g->folder, strerror(-err));
	g->control.data = g;
	g->control_made = true;
	err = uv_pipe_bind(&g->control, path);
	if (err == 0)
		err = chmod(path, 0600) < 0 ? -errno : 0;
	if (err == 0)
		err = uv_listen((uv_stream_t *)&g->control, 8, on_come);
	if (err == 0)
		err = lend(g);
	return err < 0
		   ? v6d_change_told(&g->c, err, "no control socket at %s: %s",
			 path, strerror(-err))
		   : 0;
}

static void
on_control_closed(uv_handle_t *h)
{
	struct v6d_gw *g = h->data;

	g->control_made = false;
}

void
v6d_gw_control_close(struct v6d_gw *g)
{
	v6d_lend_close(g->lend);
	g->lend = NULL;
	if (!g->control_made)
		return;
	uv_close((uv_handle_t *)&g->control, on_control_closed);
	while (g->control_made)
		uv_run(&g->loop, UV_RUN_ONCE);
}
