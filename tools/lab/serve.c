/* SPDX-License-Identifier: GPL-2.0-or-later */
/* serve.c - the lab's servers: files, start, readiness. */
#include "lab/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/embed.h"
#include "cmd.h"
#include "lab/child.h"
#include "lab/wire.h"

#define SERVICES 16
#define FILE_MAX 16384
#define DIR_MAX 64
#define READY_MS 10000

/* A server that was started, and what tells that it answers. */
struct service {
	char name[V6D_SHEET_WORD];
	struct v6d_child server, knock;
	int ready_fd; /* readable when it is ready; -1: by its knock */
	bool is_ready;
};

struct services {
	size_t n;
	struct service s[SERVICES];
};

static int
fail(const struct v6d_lab_plan *plan, const char *what, int err)
{
	snprintf(plan->err, V6D_LAB_ERR, "%s: %s", what, strerror(err));
	return V6D_EXIT_UNAVAILABLE;
}

static void
node_dir(char *buf, enum v6d_lab_node node)
{
	snprintf(buf, DIR_MAX, "/run/%s", v6d_lab_node_name(node));
}

/* Opens a new file below dir; makes the one folder its name may hold. */
static int
open_new(const char *dir, const char *name)
{
	char path[DIR_MAX + V6D_SHEET_WORD + 2];
	const char *slash = strchr(name, '/');

	if (slash) {
		snprintf(path, sizeof(path), "%s/%.*s", dir,
		    (int)(slash - name), name);
		if (mkdir(path, 0755) != 0 && errno != EEXIST)
			return -1;
	}
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
}

/*
 * "[file NAME]": its lines, and those that faults have under "[NAME]", which
 * take the place of lines with the same key.
 */
static int
write_file(const struct v6d_lab_plan *plan, enum v6d_lab_node node,
    const struct v6d_sheet *s, const char *dir)
{
	const struct v6d_sheet_var vars[] = { { "DIR", dir }, { NULL, NULL } };
	char *buf = calloc(3, FILE_MAX); /* zeroed: three empty texts */
	struct v6d_text usual = { .p = buf, .cap = FILE_MAX },
			faults = { .p = buf + FILE_MAX, .cap = FILE_MAX },
			all = { .p = buf + 2 * FILE_MAX, .cap = FILE_MAX };
	int fd = buf ? open_new(dir, s->arg) : -1;
	ssize_t n = -1;

	if (fd >= 0) {
		v6d_sheet_expand(&usual, s, vars);
		for (size_t i = 0; i < plan->n_faults; i++)
			v6d_fault_lines(
			    &faults, &plan->faults[i], s->arg, node);
		v6d_sheet_merge(&all, usual.p, faults.p);
		if (!usual.cut && !faults.cut && !all.cut)
			n = write(fd, all.p, all.len);
	}
	if (fd >= 0)
		close(fd);
	free(buf);
	return n >= 0 ? V6D_EXIT_OK : fail(plan, s->arg, errno);
}

/* "[blob NAME]": that many zeros, which take no memory. */
static int
write_blob(
    const struct v6d_lab_plan *plan, const struct v6d_sheet *s, const char *dir)
{
	char size[V6D_SHEET_LINE];
	int fd = open_new(dir, s->arg), rc = -1;

	if (fd >= 0 && v6d_sheet_key(s, "size", size))
		rc = ftruncate(fd, strtol(size, NULL, 10));
	if (fd >= 0)
		close(fd);
	return rc == 0 ? V6D_EXIT_OK : fail(plan, s->arg, errno);
}

/* "ready = fd" or "ready = ADDRESS PORT". */
static int
start_readiness(const struct v6d_lab_plan *plan, struct service *v,
    enum v6d_lab_node node, const struct v6d_sheet *s, int ret_pipe[2])
{
	char line[V6D_SHEET_LINE];
	const char *words[V6D_CHILD_WORDS];

	ret_pipe[0] = ret_pipe[1] = -1;
	if (!v6d_sheet_key(s, "ready", line))
		return -EINVAL;
	if (strcmp(line, "fd") == 0)
		return pipe2(ret_pipe, O_CLOEXEC) == 0 ? 0 : -errno;
	if (v6d_child_words(line, words) != 2)
		return -EINVAL;
	return v6d_child_connect(&v->knock, plan->ns[node], words[0], words[1]);
}

static int
start_service(const struct v6d_lab_plan *plan, struct services *all,
    enum v6d_lab_node node, const struct v6d_sheet *s, const char *dir)
{
	const struct v6d_sheet_var vars[] = { { "DIR", dir }, { NULL, NULL } };
	struct service *v = &all->s[all->n];
	char buf[2 * V6D_SHEET_LINE], *exec;
	const char *words[V6D_CHILD_WORDS];
	struct v6d_text t = v6d_text_to(buf, sizeof(buf));
	int p[2], rc;

	if (all->n == SERVICES)
		return fail(plan, "too many servers", ENOSPC);
	memset(v, 0, sizeof(*v));
	memcpy(v->name, s->arg, sizeof(v->name));
	rc = start_readiness(plan, v, node, s, p);
	if (rc < 0)
		return fail(plan, s->arg, -rc);
	v->ready_fd = p[0];
	v6d_sheet_expand(&t, s, vars);
	buf[strcspn(buf, "\n")] = '\0'; /* "exec = ..." is the first line */
	exec = v6d_sheet_split(buf);
	if (!exec || v6d_child_words(exec, words) == 0)
		return fail(plan, s->arg, EINVAL);
	rc = v6d_child_start(
	    &v->server, plan->ns[node], words, NULL, p[1], plan->self_fd);
	if (p[1] >= 0)
		close(p[1]);
	if (rc < 0)
		return fail(plan, s->arg, -rc);
	v->server.what = v->name;
	all->n++;
	return V6D_EXIT_OK;
}

/* "[service]" of faults: a server that is there only with the fault. */
static int
start_of_faults(const struct v6d_lab_plan *plan, struct services *all,
    enum v6d_lab_node node, const char *dir)
{
	int rc = V6D_EXIT_OK;

	for (size_t i = 0; i < plan->n_faults && rc == V6D_EXIT_OK; i++) {
		char lines[2 * V6D_SHEET_LINE];
		struct v6d_text t = v6d_text_to(lines, sizeof(lines));
		struct v6d_sheet s = { .body = lines };

		v6d_fault_lines(&t, &plan->faults[i], "service", node);
		s.len = t.len;
		memcpy(s.arg, plan->faults[i].name, sizeof(s.arg));
		if (t.len > 0)
			rc = start_service(plan, all, node, &s, dir);
	}
	return rc;
}

/* The relay of a bad line at this node, where there is one. */
static int
start_relay(const struct v6d_lab_plan *plan, struct services *all,
    enum v6d_lab_node node)
{
	struct service *v = &all->s[all->n];
	int p[2], rc;

	if (all->n == SERVICES)
		return fail(plan, "too many servers", ENOSPC);
	memset(v, 0, sizeof(*v));
	if (pipe2(p, O_CLOEXEC) != 0)
		return fail(plan, "relay", errno);
	rc = v6d_wire_relay(plan, node, p[1], &v->server);
	close(p[1]);
	if (rc <= 0)
		close(p[0]);
	if (rc < 0)
		return fail(plan, "relay", -rc);
	if (rc > 0) {
		memcpy(v->name, "relay", sizeof("relay"));
		v->server.what = v->name;
		v->ready_fd = p[0];
		all->n++;
	}
	return V6D_EXIT_OK;
}

/* Files first: a server reads them when it starts. */
static int
start_node(const struct v6d_lab_plan *plan, struct services *all,
    enum v6d_lab_node node, const char *kind)
{
	struct v6d_sheet s = { 0 };
	char dir[DIR_MAX], path[64];
	int rc = V6D_EXIT_OK;

	node_dir(dir, node);
	snprintf(path, sizeof(path), "topology/%s", v6d_lab_node_name(node));
	while (rc == V6D_EXIT_OK &&
	       v6d_sheet_next(&s, v6d_file_text(v6d_lab_files, path))) {
		if (strcmp(s.kind, kind) != 0)
			continue;
		if (strcmp(kind, "file") == 0)
			rc = write_file(plan, node, &s, dir);
		else if (strcmp(kind, "blob") == 0)
			rc = write_blob(plan, &s, dir);
		else
			rc = start_service(plan, all, node, &s, dir);
	}
	return rc;
}

static int
start_all(const struct v6d_lab_plan *plan, struct services *all)
{
	static const char *const kinds[] = { "file", "blob", "service" };
	int rc = V6D_EXIT_OK;

	for (unsigned i = 0; i < V6D_LAB_NODES && rc == V6D_EXIT_OK; i++) {
		char dir[DIR_MAX];

		node_dir(dir, (enum v6d_lab_node)i);
		if (mkdir(dir, 0755) != 0)
			return fail(plan, dir, errno);
		if (plan->wire >= 0)
			rc = start_relay(plan, all, (enum v6d_lab_node)i);
		for (size_t k = 0; k < 3 && rc == V6D_EXIT_OK; k++)
			rc = start_node(
			    plan, all, (enum v6d_lab_node)i, kinds[k]);
		if (rc == V6D_EXIT_OK)
			rc = start_of_faults(
			    plan, all, (enum v6d_lab_node)i, dir);
	}
	return rc;
}

static int
ended(const struct v6d_lab_plan *plan, const struct service *v)
{
	char said[V6D_LAB_ERR / 2];

	v6d_child_said(&v->server, said, sizeof(said));
	snprintf(plan->err, V6D_LAB_ERR, "the lab's %s ended at once: %s",
	    v->name, said[0] ? said : "it said nothing");
	return V6D_EXIT_UNAVAILABLE;
}

static int
ms_since(const struct timespec *t0)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int)((t.tv_sec - t0->tv_sec) * 1000 +
		     (t.tv_nsec - t0->tv_nsec) / 1000000);
}

/* Looks at one server after poll(): 0, or a failure. */
static int
look(const struct v6d_lab_plan *plan, struct service *v,
    const struct pollfd *server, const struct pollfd *ready)
{
	char byte;

	if (server->revents)
		return ended(plan, v);
	if (!ready->revents)
		return V6D_EXIT_OK;
	if (v->ready_fd < 0) {
		v6d_child_wait(&v->knock, 0);
		v6d_child_forget(&v->knock);
	} else if (read(v->ready_fd, &byte, 1) != 1) {
		/* Closed without a word: the end shows on its pidfd. */
		v6d_child_wait(&v->server, READY_MS);
		return ended(plan, v);
	}
	v->is_ready = true;
	return V6D_EXIT_OK;
}

static int
await_one(const struct v6d_lab_plan *plan, struct service *v, int left_ms)
{
	struct pollfd p[2] = {
		{ .fd = v->server.pidfd, .events = POLLIN },
		{ .fd = v->ready_fd >= 0 ? v->ready_fd : v->knock.pidfd,
		    .events = POLLIN },
	};
	char what[64];

	if (left_ms > 0 && poll(p, 2, left_ms) > 0)
		return look(plan, v, &p[0], &p[1]);
	snprintf(what, sizeof(what), "the lab's %s is not ready", v->name);
	return fail(plan, what, ETIMEDOUT);
}

int
v6d_serve_start(struct v6d_lab_plan *plan)
{
	struct services all = { 0 };
	struct timespec t0;
	int rc = start_all(plan, &all);

	clock_gettime(CLOCK_MONOTONIC, &t0);
	for (size_t i = 0; i < all.n && rc == V6D_EXIT_OK; i++) {
		while (rc == V6D_EXIT_OK && !all.s[i].is_ready)
			rc = await_one(
			    plan, &all.s[i], READY_MS - ms_since(&t0));
	}
	return rc;
}
