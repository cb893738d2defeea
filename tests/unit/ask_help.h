/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ask_help.h - one asker in a private namespace, and one ask at a time. */
#ifndef TESTS_ASK_HELP_H
#define TESTS_ASK_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/wire.h"
#include "io/ask.h"
#include "io/clock.h"

#define PATIENCE V6D_S(5)

struct world {
	uv_loop_t loop;
	struct v6d_asker *asker;
	struct v6d_answer answer;
	unsigned n_answers;
	int ns;
	int server; /* a listening or bound socket, -1 */
	uv_poll_t server_poll;
	bool served;
};

static inline void
answered(void *arg, void *who, const struct v6d_answer *a)
{
	struct world *w = arg;

	assert_ptr_equal(who, &w->answer);
	w->answer = *a;
	w->n_answers++;
	if (w->served)
		uv_close((uv_handle_t *)&w->server_poll, NULL);
	w->served = false;
	v6d_asker_stop(w->asker);
}

static inline int
setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct v6d_asker_conf c = { 0 };
	int err;

	w->server = -1;
	err = v6d_netns_private(&w->ns);
	if (err == -EPERM) {
		free(w);
		*state = NULL;
		return 0;
	}
	assert_int_equal(err, 0);
	assert_int_equal(uv_loop_init(&w->loop), 0);
	c.loop = &w->loop;
	c.ns = (struct v6d_netns){ w->ns, w->ns };
	c.start = v6d_clock_now();
	c.no_session = "no server named";
	c.arg = w;
	c.answered = answered;
	assert_int_equal(v6d_asker_new(&c, &w->asker), 0);
	*state = w;
	return 0;
}

static inline int
teardown(void **state)
{
	struct world *w = *state;

	if (!w)
		return 0;
	v6d_asker_free(w->asker);
	assert_int_equal(uv_loop_close(&w->loop), 0);
	close(w->ns);
	if (w->server >= 0)
		close(w->server);
	free(w);
	return 0;
}

/* One ask, its answer, and nothing after it. */
static inline const struct v6d_answer *
ask(struct world *w, const struct v6d_ask *a)
{
	v6d_asker_put(w->asker, a, &w->answer);
	assert_int_equal(w->n_answers, 0);
	uv_run(&w->loop, UV_RUN_DEFAULT);
	assert_int_equal(w->n_answers, 1);
	assert_int_equal(w->answer.kind, a->kind);
	assert_int_equal(w->answer.tag, a->tag);
	return &w->answer;
}

static inline struct v6d_ask
to(enum v6d_ask_kind kind, const char *addr, uint16_t port)
{
	struct v6d_ask a = {
		.kind = kind, .tag = 7, .timeout = PATIENCE, .port = port
	};

	if (addr)
		assert_true(v6d_addr_parse(addr, &a.addr));
	return a;
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
