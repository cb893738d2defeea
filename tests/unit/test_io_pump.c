/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_pump.c - packets out of the device, all of them and in turns. */
#include "offload_help.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/pump.h"

#define SEGMENT 8
#define SEGMENTS 500 /* more than one turn takes */

static const struct v6d_pump_ops ops;

static void
closed(void *arg)
{
	*(bool *)arg = true;
}

/*
 * What one read brought goes out to its end, even if nothing comes after it.
 * The session is not up, so that each packet is dropped, and counted.
 */
static void
nothing_stays(void **state)
{
	static const struct v6d_session_conf conf = { .auth = V6D_AUTH_ANY };
	static uint8_t big[V6D_VNET_HEADER + 8192];
	const struct v6d_addr peer = v6d_addr_4((uint8_t[]){ 192, 0, 2, 1 });
	struct v6d_outbox *box = calloc(1, sizeof(*box));
	struct v6d_pump *p = calloc(1, sizeof(*p));
	struct v6d_out o = v6d_out_to(big, V6D_VNET_HEADER);
	bool over = false;
	uv_loop_t loop;
	size_t n;
	int fds[2];

	(void)state;
	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), 0);
	uv_loop_init(&loop);
	v6d_outbox_init(box, &loop, -1, V6D_OUTBOX_BATCH);
	assert_int_equal(
	    v6d_pump_init(p, &loop, &conf, &ops, &over, box, &peer), 0);
	assert_int_equal(v6d_pump_tun(p, fds[1], true), 0);
	v6d_vnet_encode(&o, &(struct v6d_vnet){ .needs_csum = true,
				.gso = V6D_VNET_TCP6,
				.gso_size = SEGMENT,
				.csum_start = 40,
				.csum_offset = 16 });
	n = tcp_packet(
	    big + V6D_VNET_HEADER, 8192, tcp_of(5), 1, 0, SEGMENT * SEGMENTS);
	assert_true(send(fds[0], big, V6D_VNET_HEADER + n, 0) > 0);
	for (int i = 0; i < 5; i++)
		uv_run(&loop, UV_RUN_NOWAIT);
	assert_int_equal(p->tun_in, SEGMENTS);
	assert_int_equal(p->tun_dropped, SEGMENTS);
	v6d_pump_close(p, closed);
	v6d_outbox_close(box, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_true(over);
	assert_int_equal(uv_loop_close(&loop), 0);
	close(fds[0]);
	free(p);
	free(box);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
