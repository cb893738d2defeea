/* SPDX-License-Identifier: GPL-2.0-or-later */
/* borrow.c - asks the session of a gateway that runs on this host. */
#include "io/borrow.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <jansson.h>

#include "io/lend.h"
#include "io/lines.h"
#include "io/netns.h"
#include "trace/tables.h"

#define GREETING_S 2 /* seconds: its owner may have much to do */

struct v6d_borrow {
	struct v6d_lines *lines;
	void (*answered)(void *arg, unsigned id, const struct v6d_answer *a);
	void *arg;
	bool over;
	uv_timer_t last; /* for being freed by the loop, not by a caller */
};

/* ---- finding it ---- */

/* Byte by byte: what comes behind the line belongs to the loop. */
static bool
read_line(int fd, char *line, size_t n)
{
	size_t len = 0;

	while (len + 1 < n && read(fd, line + len, 1) == 1)
		if (line[len++] == '\n') {
			line[len - 1] = '\0';
			return true;
		}
	return false;
}

static bool
says(const json_t *o, const char *key, const char *value)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s && strcmp(s, value) == 0;
}

/* -ENOENT: it is of another tunnel. */
static int
judge_greeting(const char *line, const char *interface, int ns_fd)
{
	json_t *o = json_loads(line, 0, NULL);
	char netns[64];
	int err = 0;

	v6d_netns_name(ns_fd, netns, sizeof(netns));
	if (!says(o, "schema", V6D_LEND_SCHEMA) ||
	    !says(o, "interface", interface) || !says(o, "netns", netns))
		err = -ENOENT;
	else if (json_is_true(json_object_get(o, "busy")))
		err = -EBUSY;
	else if (!json_is_true(json_object_get(o, "up")))
		err = -ENOTCONN;
	json_decref(o);
	return err;
}

static int
try_one(const char *path, const char *interface, int ns_fd, int *ret_fd)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct timeval limit = { .tv_sec = GREETING_S };
	char line[1024];
	int fd, err = -ENOENT;

	if (strlen(path) >= sizeof(to.sun_path))
		return -ENOENT;
	memcpy(to.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -ENOENT;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 &&
	    read_line(fd, line, sizeof(line)))
		err = judge_greeting(line, interface, ns_fd);
	if (err == 0)
		*ret_fd = fd;
	else
		close(fd);
	return err;
}

int
v6d_borrow_find(
    const char *run_dir, const char *interface, int ns_fd, int *ret_fd)
{
	DIR *d = opendir(run_dir);
	char path[512];
	struct dirent *e;
	int err = -ENOENT;

	while (d && err == -ENOENT && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(
		    path, sizeof(path), "%s/%s/session", run_dir, e->d_name);
		err = try_one(path, interface, ns_fd, ret_fd);
	}
	if (d)
		closedir(d);
	return err;
}

/* ---- asking it ---- */

static void
ended(struct v6d_borrow *b)
{
	if (b->over)
		return;
	b->over = true;
	b->answered(b->arg, 0, NULL);
}

static void
on_line(void *arg, const char *line)
{
	struct v6d_borrow *b = arg;
	json_t *o = line ? json_loads(line, 0, NULL) : NULL;
	const json_t *answer = json_object_get(o, "answer");
	json_int_t id = json_integer_value(json_object_get(o, "id"));
	struct v6d_answer *a = malloc(sizeof(*a));
	const char *key;

	if (a && json_is_object(answer) && id > 0 && id <= UINT32_MAX &&
	    v6d_fields_read(&v6d_fields_answer, answer, a, &key))
		b->answered(b->arg, (unsigned)id, a);
	else
		ended(b);
	free(a);
	json_decref(o);
}

int
v6d_borrow_new(uv_loop_t *loop, int fd,
    void (*answered)(void *arg, unsigned id, const struct v6d_answer *a),
    void *arg, struct v6d_borrow **ret)
{
	struct v6d_borrow *b = calloc(1, sizeof(*b));
	int err = b ? v6d_lines_open(loop, fd, &b->lines) : -ENOMEM;

	if (err < 0) {
		free(b);
		return err;
	}
	b->answered = answered;
	b->arg = arg;
	uv_timer_init(loop, &b->last);
	b->last.data = b;
	v6d_lines_hear(b->lines, on_line, b);
	*ret = b;
	return 0;
}

void
v6d_borrow_ask(struct v6d_borrow *b, unsigned id, const struct v6d_ask *ask)
{
	json_t *o = json_pack("{s:I,s:o}", "id", (json_int_t)id, "ask",
	    v6d_fields_write(&v6d_fields_ask, ask));
	char *text = o ? json_dumps(o, JSON_COMPACT) : NULL;

	if (text)
		v6d_lines_send(b->lines, text);
	free(text);
	json_decref(o);
}

static void
on_freed(uv_handle_t *h)
{
	free(h->data);
}

void
v6d_borrow_free(struct v6d_borrow *b)
{
	if (!b)
		return;
	b->over = true;
	v6d_lines_close(b->lines);
	uv_close((uv_handle_t *)&b->last, on_freed);
}
