/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_lend.c - lines over a socket; who may have a session lent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/borrow.h"
#include "io/lend.h"
#include "io/lines.h"

struct heard {
	struct v6d_lines *lines;
	unsigned n, close_at;
	char text[8][64];
	bool ended;
};

static void
on_line(void *arg, const char *line)
{
	struct heard *h = arg;

	if (!line) {
		h->ended = true;
		v6d_lines_close(h->lines);
		return;
	}
	assert_true(h->n < 8);
	snprintf(h->text[h->n++], sizeof(h->text[0]), "%.60s", line);
	if (h->n == h->close_at)
		v6d_lines_close(h->lines);
}

/* What is heard of these bytes, and of the end behind them. */
static void
hear(const char *bytes, size_t n, struct heard *h)
{
	uv_loop_t loop;
	int fd[2];

	uv_loop_init(&loop);
	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd), 0);
	assert_int_equal(v6d_lines_open(&loop, fd[0], &h->lines), 0);
	v6d_lines_hear(h->lines, on_line, h);
	for (size_t at = 0; at < n;) {
		ssize_t put = send(
		    fd[1], bytes + at, n - at, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (put > 0)
			at += (size_t)put;
		else if (h->ended)
			break;
		uv_run(&loop, UV_RUN_NOWAIT);
	}
	close(fd[1]);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
}

static void
test_lines(void **state)
{
	static const char text[] = "one\n\ntwo\nrest without an end";
	struct heard h = { 0 };

	(void)state;
	hear(text, sizeof(text) - 1, &h);
	assert_int_equal(h.n, 3);
	assert_string_equal(h.text[0], "one");
	assert_string_equal(h.text[1], "");
	assert_string_equal(h.text[2], "two");
	assert_true(h.ended);
}

static void
test_closed_by_a_line(void **state)
{
	struct heard h = { .close_at = 1 };

	(void)state;
	hear("one\ntwo\n", 8, &h);
	assert_int_equal(h.n, 1);
	assert_false(h.ended);
}

static void
test_too_long(void **state)
{
	char *text = malloc(2 * V6D_LINES_MAX);
	struct heard h = { 0 };

	(void)state;
	memset(text, 'x', 2 * V6D_LINES_MAX);
	hear(text, 2 * V6D_LINES_MAX, &h);
	assert_int_equal(h.n, 0);
	assert_true(h.ended);
	free(text);
}

/* ---- a gateway without a session ---- */

struct search {
	const char *dir, *interface;
	int err, fd;
	uv_async_t *done;
};

static void *
search(void *arg)
{
	struct search *s = arg;

	s->err = v6d_borrow_find(s->dir, s->interface, -1, &s->fd);
	uv_async_send(s->done);
	return NULL;
}

static void
on_done(uv_async_t *a)
{
	uv_stop(a->loop);
}

static int
find(uv_loop_t *loop, const char *dir, const char *interface)
{
	uv_async_t done;
	struct search s = { dir, interface, 0, -1, &done };
	pthread_t thread;

	uv_async_init(loop, &done, on_done);
	assert_int_equal(pthread_create(&thread, NULL, search, &s), 0);
	uv_run(loop, UV_RUN_DEFAULT);
	pthread_join(thread, NULL);
	uv_close((uv_handle_t *)&done, NULL);
	uv_run(loop, UV_RUN_NOWAIT);
	assert_int_equal(s.fd, -1);
	return s.err;
}

static void
test_find(void **state)
{
	char dir[] = "/tmp/v6d-lend.XXXXXX", folder[64], path[80];
	struct v6d_lend_conf c = {
		.path = path, .interface = "v6tun0", .ns = { -1, -1 }
	};
	struct v6d_lend *l;
	struct stat st;
	uv_loop_t loop;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(folder, sizeof(folder), "%s/a", dir);
	snprintf(path, sizeof(path), "%s/session", folder);
	assert_int_equal(mkdir(folder, 0700), 0);
	uv_loop_init(&loop);
	c.loop = &loop;
	assert_int_equal(find(&loop, dir, "v6tun0"), -ENOENT);
	assert_int_equal(v6d_lend_open(&c, &l), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(find(&loop, dir, "v6tun0"), -ENOTCONN);
	assert_int_equal(find(&loop, dir, "v6tun1"), -ENOENT);
	v6d_lend_close(l);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	unlink(path);
	rmdir(folder);
	rmdir(dir);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_closed_by_a_line),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
