/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hold_main.c - a session that is up on "the host": dials in the namespace
 * that it runs in, TUN device included, says "up" on standard output and then
 * when it had got how far, and stays until standard input ends. What an
 * administrator's own client does.
 *
 * hold SERVER USER PASSWORD-FILE INTERFACE [offload]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "io/dial.h"
#include "io/profile.h"

#define LIMIT_MS 300000 /* it goes by itself, whoever forgot it */

struct hold {
	uv_loop_t loop;
	uv_timer_t limit;
	uv_pipe_t in;
	struct v6d_dial *dial;
	uint64_t cpu; /* of this process, when it dialled */
	bool over;
};

static void
end(struct hold *h)
{
	if (h->over)
		return;
	h->over = true;
	v6d_dial_free(h->dial);
	uv_close((uv_handle_t *)&h->limit, NULL);
	uv_close((uv_handle_t *)&h->in, NULL);
}

static void
limit(uv_timer_t *t)
{
	end(t->data);
}

static void
room(uv_handle_t *h, size_t n, uv_buf_t *ret)
{
	static char buf[64];

	(void)h;
	(void)n;
	*ret = uv_buf_init(buf, sizeof(buf));
}

static void
input(uv_stream_t *s, ssize_t n, const uv_buf_t *b)
{
	struct hold *h = s->data;

	(void)b;
	if (n < 0)
		v6d_dial_stop(h->dial);
}

static uint64_t
cpu_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/*
 * When each part was done, in milliseconds since the start, and how much of
 * it this process itself was at work.
 */
static void
say_times(const struct hold *h)
{
	const struct v6d_session *s = v6d_dial_session(h->dial);
	const struct v6d_session_times *m = v6d_session_times(s);
	const struct {
		const char *name;
		v6d_ns at;
	} part[] = { { "tcp", m->tcp }, { "sccrp", m->sccrp },
		{ "ocrp", m->ocrp }, { "gre", m->first_gre }, { "lcp", m->lcp },
		{ "auth", m->auth }, { "ipv6cp", m->ipv6cp } };

	for (size_t i = 0; i < V6D_ARRAY_LEN(part); i++)
		printf("%s%s %.1f", i ? " " : "", part[i].name,
		    (double)(part[i].at - m->start) / 1e6);
	printf(" own %.1f\n", (double)(cpu_now() - h->cpu) / 1e6);
}

static void
state(void *arg, enum v6d_session_state st)
{
	struct hold *h = arg;

	if (st == V6D_SESSION_UP) {
		puts("up");
		say_times(h);
		fflush(stdout);
	}
	if (st == V6D_SESSION_DEAD) {
		puts(v6d_session_why_text(
		    v6d_session_why(v6d_dial_session(h->dial))));
		uv_timer_start(&h->limit, limit, 0, 0);
	}
}

int
main(int argc, char **argv)
{
	struct hold h = { 0 };
	struct v6d_profile_error e;
	struct v6d_dial_conf c = {
		.ns = { -1, -1 }, .mtu = 1444, .arg = &h, .on_state = state
	};

	if (argc < 5 || argc > 6 || !v6d_addr_parse(argv[1], &c.server) ||
	    v6d_profile_password(argv[3], c.session.password,
		sizeof(c.session.password), &e) < 0)
		return 64;
	snprintf(c.session.user, sizeof(c.session.user), "%s", argv[2]);
	snprintf(c.ifname, sizeof(c.ifname), "%s", argv[4]);
	c.offload = argc == 6 && strcmp(argv[5], "offload") == 0;
	if (argc == 6 && !c.offload)
		return 64;
	c.use = c.offload ? V6D_RAW_TRAFFIC : V6D_RAW_PROBES;
	c.session.auth = V6D_AUTH_ANY;
	c.session.mru = 1444;
	memcpy(c.session.ifid, "\0\0\0\0\0\0\0\7", 8);
	c.session.lcp_echo = V6D_S(5);
	uv_loop_init(&h.loop);
	uv_timer_init(&h.loop, &h.limit);
	uv_pipe_init(&h.loop, &h.in, 0);
	h.limit.data = h.in.data = &h;
	uv_timer_start(&h.limit, limit, LIMIT_MS, 0);
	uv_pipe_open(&h.in, STDIN_FILENO);
	h.cpu = cpu_now();
	if (v6d_dial_new(&h.loop, &c, &h.dial) < 0)
		return 69;
	uv_read_start((uv_stream_t *)&h.in, room, input);
	uv_run(&h.loop, UV_RUN_DEFAULT);
	return uv_loop_close(&h.loop) == 0 ? 0 : 70;
}
