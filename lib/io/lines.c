/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lines.c - lines of text on a local stream socket, on a uv loop. */
#include "io/lines.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct v6d_lines {
	uv_pipe_t pipe;
	uv_shutdown_t end;
	void (*on_line)(void *arg, const char *line);
	void *arg;
	bool over, ending;
	size_t n; /* bytes that wait for their line's end */
	char buf[V6D_LINES_MAX];
};

static struct v6d_lines *
new_lines(uv_loop_t *loop)
{
	struct v6d_lines *l = calloc(1, sizeof(*l));

	if (l && uv_pipe_init(loop, &l->pipe, 0) < 0) {
		free(l);
		l = NULL;
	}
	if (l)
		l->pipe.data = l;
	return l;
}

int
v6d_lines_open(uv_loop_t *loop, int fd, struct v6d_lines **ret)
{
	struct v6d_lines *l = new_lines(loop);
	int err = l ? uv_pipe_open(&l->pipe, fd) : -ENOMEM;

	if (err < 0)
		v6d_lines_close(l);
	else
		*ret = l;
	return err;
}

int
v6d_lines_accept(uv_loop_t *loop, uv_stream_t *listener, struct v6d_lines **ret)
{
	struct v6d_lines *l = new_lines(loop);
	int err = l ? uv_accept(listener, (uv_stream_t *)&l->pipe) : -ENOMEM;

	if (err < 0)
		v6d_lines_close(l);
	else
		*ret = l;
	return err;
}

/* ---- in ---- */

static void
give_room(uv_handle_t *h, size_t want, uv_buf_t *ret)
{
	struct v6d_lines *l = h->data;

	(void)want;
	*ret = uv_buf_init(l->buf + l->n, (unsigned)(sizeof(l->buf) - l->n));
}

/* Whoever hears a line may close l; it is freed only when the loop turns. */
static void
hand_over(struct v6d_lines *l)
{
	char *line = l->buf, *end;

	while (!l->over &&
	       (end = memchr(line, '\n', l->n - (size_t)(line - l->buf)))) {
		*end = '\0';
		l->on_line(l->arg, line);
		line = end + 1;
	}
	l->n -= (size_t)(line - l->buf);
	memmove(l->buf, line, l->n);
}

static void
on_read(uv_stream_t *s, ssize_t got, const uv_buf_t *b)
{
	struct v6d_lines *l = s->data;

	(void)b;
	if (l->over || got == 0)
		return;
	if (got > 0)
		l->n += (size_t)got;
	hand_over(l);
	if (l->over || (got > 0 && l->n < sizeof(l->buf)))
		return;
	uv_read_stop(s);
	l->on_line(l->arg, NULL);
}

void
v6d_lines_hear(struct v6d_lines *l,
    void (*on_line)(void *arg, const char *line), void *arg)
{
	l->on_line = on_line;
	l->arg = arg;
	uv_read_start((uv_stream_t *)&l->pipe, give_room, on_read);
}

/* ---- out ---- */

static void
on_sent(uv_write_t *w, int status)
{
	(void)status; /* an end that is gone is heard */
	free(w->data);
	free(w);
}

void
v6d_lines_send(struct v6d_lines *l, const char *line)
{
	size_t n = strlen(line);
	uv_write_t *w = malloc(sizeof(*w));
	char *copy = malloc(n + 1);
	uv_buf_t b;

	if (!w || !copy || l->over) {
		free(w);
		free(copy);
		return;
	}
	memcpy(copy, line, n);
	copy[n] = '\n';
	w->data = copy;
	b = uv_buf_init(copy, (unsigned)n + 1);
	if (uv_write(w, (uv_stream_t *)&l->pipe, &b, 1, on_sent) < 0)
		on_sent(w, 0);
}

static void
on_ended(uv_shutdown_t *e, int status)
{
	(void)e;
	(void)status;
}

void
v6d_lines_end(struct v6d_lines *l)
{
	if (!l->over && !l->ending)
		uv_shutdown(&l->end, (uv_stream_t *)&l->pipe, on_ended);
	l->ending = true;
}

static void
on_closed(uv_handle_t *h)
{
	free(h->data);
}

void
v6d_lines_close(struct v6d_lines *l)
{
	if (!l || l->over)
		return;
	l->over = true;
	uv_close((uv_handle_t *)&l->pipe, on_closed);
}
