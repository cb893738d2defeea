/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_tcpinfo.c - TCP_INFO of a connection over loopback. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <netinet/in.h>

#include "io/tcpinfo.h"

static void
test_connection(void **state)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int server = socket(AF_INET6, SOCK_STREAM, 0), peer;
	int fd = socket(AF_INET6, SOCK_STREAM, 0);
	struct v6d_tcpinfo i = { 0 };
	struct v6d_tcp_sent sent = { 0 };
	socklen_t n = sizeof(a);
	char byte = 'v';

	(void)state;
	if (bind(server, (struct sockaddr *)&a, sizeof(a)) < 0)
		skip(); /* no IPv6 here */
	assert_int_equal(listen(server, 1), 0);
	assert_int_equal(getsockname(server, (struct sockaddr *)&a, &n), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, n), 0);
	peer = accept(server, NULL, NULL);
	assert_true(peer >= 0);
	assert_int_equal(send(fd, &byte, 1, 0), 1);
	assert_int_equal(recv(peer, &byte, 1, 0), 1);
	assert_true(v6d_tcpinfo_read(fd, &i));
	assert_int_equal(i.segments, 1);
	assert_int_equal(i.again, 0);
	assert_true(i.segment > 0);
	assert_true(i.packet >= i.segment + 60);
	/* SYN, ACK and the byte's segment. */
	assert_true(v6d_tcpinfo_sent(fd, 6, &sent));
	assert_int_equal(sent.packets, 3);
	assert_true(sent.bytes >= 3 * 60 + 1 && sent.bytes <= 3 * 80 + 1);
	close(peer);
	close(fd);
	close(server);
}

static void
test_no_connection(void **state)
{
	struct v6d_tcpinfo i = { 0 };
	struct v6d_tcp_sent sent = { 0 };

	(void)state;
	assert_false(v6d_tcpinfo_read(-1, &i));
	assert_int_equal(i.segments, 0);
	assert_false(v6d_tcpinfo_sent(-1, 4, &sent));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connection),
		cmocka_unit_test(test_no_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
