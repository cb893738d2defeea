/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_pieces.c - what goes out fits, and is whole when put together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cksum.h"
#include "io/pieces.h"
#include "proto/ip.h"

#define MAX 1500

static uint8_t message[MAX], whole[MAX];

/* Sends n bytes through a socket pair; returns how many packets came. */
static unsigned
send_and_join(size_t n, size_t piece)
{
	struct v6d_addr src, dst;
	unsigned packets = 0;
	int fd[2];

	assert_true(v6d_addr_parse("2001:db8:1::2", &src));
	assert_true(v6d_addr_parse("2001:db8:b::80", &dst));
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, fd), 0);
	for (size_t i = 0; i < n; i++)
		message[i] = (uint8_t)(i * 7);
	memset(whole, 0, sizeof(whole));
	assert_int_equal(
	    v6d_pieces_send(fd[0], NULL, 0, &src, &dst, message, n, piece, 77),
	    0);
	close(fd[0]);
	for (;;) {
		uint8_t p[2 * MAX];
		ssize_t got = recv(fd[1], p, sizeof(p), MSG_DONTWAIT);
		struct v6d_wire w, body;
		struct v6d_ip ip;

		if (got <= 0)
			break;
		packets++;
		assert_true(got <= (ssize_t)piece);
		w = v6d_wire_from(p, (size_t)got, (size_t)got);
		assert_int_equal(v6d_ip_decode(&w, &ip, &body), V6D_WIRE_OK);
		assert_int_equal(ip.proto, V6D_IPPROTO_ICMP6);
		assert_true(v6d_addr_eq(&ip.src, &src));
		assert_true(v6d_addr_eq(&ip.dst, &dst));
		assert_true(ip.frag_offset + v6d_wire_left(&body) <= n);
		assert_int_equal(
		    ip.more_frags, ip.frag_offset + v6d_wire_left(&body) < n);
		memcpy(whole + ip.frag_offset, body.p, v6d_wire_left(&body));
	}
	close(fd[1]);
	assert_memory_equal(whole, message, n);
	assert_int_equal(
	    v6d_cksum_fold(v6d_cksum_add(
		v6d_cksum_pseudo(0, &src, &dst, V6D_IPPROTO_ICMP6, (uint32_t)n),
		whole, n)),
	    0);
	return packets;
}

static void
test_sizes(void **state)
{
	(void)state;
	assert_int_equal(send_and_join(8, V6D_PIECE), 1);
	assert_int_equal(send_and_join(1240, V6D_PIECE), 1); /* 1280 in all */
	assert_int_equal(send_and_join(1241, V6D_PIECE), 2);
	assert_int_equal(send_and_join(1404, V6D_PIECE), 2);
	assert_int_equal(send_and_join(1460, V6D_PIECE), 2);
	assert_int_equal(send_and_join(1404, 700), 3);
	assert_int_equal(send_and_join(88, 128), 1);
	assert_int_equal(send_and_join(89, 128), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
