/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_outbox.c - packets that leave together, and those that must wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/outbox.h"

struct env {
	uv_loop_t loop;
	struct v6d_outbox *box;
	int in, out; /* of a pair of datagram sockets */
	unsigned sent, failed, ready;
	int err;
};

static void
done(void *arg, const uint8_t *gre, size_t n, int err)
{
	struct env *e = arg;

	assert_true(n > 0 && gre[0] == n);
	if (err == 0)
		e->sent++;
	else
		e->failed++;
	e->err = err;
}

static void
ready(void *arg)
{
	struct env *e = arg;

	e->ready++;
}

/* A pair of UNIX sockets: the kernel says "full" when nobody reads. */
static void
begin(struct env *e, unsigned limit)
{
	int fds[2];

	memset(e, 0, sizeof(*e));
	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), 0);
	e->in = fds[0];
	e->out = fds[1];
	e->box = calloc(1, sizeof(*e->box));
	uv_loop_init(&e->loop);
	v6d_outbox_init(e->box, &e->loop, e->out, limit);
	e->box->done = done;
	e->box->ready = ready;
	e->box->arg = e;
}

static void
end(struct env *e)
{
	v6d_outbox_close(e->box, NULL);
	uv_run(&e->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&e->loop), 0);
	free(e->box);
	close(e->in);
	close(e->out);
}

/* A packet of n bytes that begins with n; false: no room. */
static bool
add(struct env *e, uint8_t n)
{
	const struct sockaddr_in nobody = { 0 };
	uint8_t *p = v6d_outbox_room(e->box);

	if (!p)
		return false;
	memset(p, n, n);
	v6d_outbox_add(e->box, &nobody, p, n, e);
	return true;
}

/* The length of the next packet that came out, 0: none. */
static size_t
came(struct env *e)
{
	uint8_t b[256];
	ssize_t n = recv(e->in, b, sizeof(b), MSG_DONTWAIT);

	return n > 0 && b[0] == n ? (size_t)n : 0;
}

static void
leaves_together(void **state)
{
	struct env e;

	(void)state;
	begin(&e, 3);
	assert_true(add(&e, 1));
	assert_true(add(&e, 2));
	assert_int_equal(came(&e), 0); /* waits for more */
	assert_true(add(&e, 3));
	for (unsigned i = 1; i <= 3; i++)
		assert_int_equal(came(&e), i);
	assert_true(add(&e, 4));
	assert_true(v6d_outbox_flush(e.box));
	assert_int_equal(came(&e), 4);
	assert_int_equal(e.sent, 4);
	end(&e);
}

static void
one_by_one(void **state)
{
	struct env e;

	(void)state;
	begin(&e, 1);
	assert_true(add(&e, 9));
	assert_int_equal(came(&e), 9);
	end(&e);
}

/* Nothing is lost, nothing overtakes; the session's own still have room. */
static void
waits_when_full(void **state)
{
	static const uint8_t own[200] = { 200 };
	const struct sockaddr_in nobody = { 0 };
	struct env e;
	unsigned added = 0, got = 0;

	(void)state;
	begin(&e, V6D_OUTBOX_BATCH);
	while (add(&e, (uint8_t)(1 + added % 100)))
		added++;
	assert_false(v6d_outbox_flush(e.box));
	assert_true(e.sent < added);
	for (unsigned i = 0; i < V6D_OUTBOX_SPARE; i++)
		assert_true(
		    v6d_outbox_copy(e.box, &nobody, own, sizeof(own), &e));
	assert_false(v6d_outbox_copy(e.box, &nobody, own, sizeof(own), &e));
	while (e.ready == 0) {
		size_t n = came(&e);

		if (n > 0 && got < added)
			assert_int_equal(n, 1 + got % 100);
		got += n > 0;
		uv_run(&e.loop, UV_RUN_NOWAIT);
	}
	while (came(&e) > 0)
		got++;
	assert_int_equal(got, added + V6D_OUTBOX_SPARE);
	assert_int_equal(e.sent, got);
	assert_int_equal(e.failed, 0);
	assert_true(add(&e, 1));
	end(&e);
}

/* What can never leave is told, and does not hold up the others. */
static void
tells_failure(void **state)
{
	struct env e;

	(void)state;
	begin(&e, 2);
	close(e.in);
	e.in = dup(e.out);
	assert_true(add(&e, 1));
	assert_true(add(&e, 2));
	assert_int_equal(e.failed, 2);
	assert_int_equal(e.err, -EPIPE);
	assert_int_equal(e.box->n, 0);
	end(&e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_together),
		cmocka_unit_test(one_by_one),
		cmocka_unit_test(waits_when_full),
		cmocka_unit_test(tells_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
