/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_place.c - sessions and tunnels that are up, seen from outside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/netns.h"
#include "io/place.h"
#include "io/tun.h"

/* A namespace of the test's own, or -1 where that is not allowed. */
static int
private_ns(void)
{
	int fd, err = v6d_netns_private(&fd);

	if (err == -EPERM)
		return -1;
	assert_int_equal(err, 0);
	return fd;
}

static void
test_connected(void **state)
{
	int ns = private_ns(), server, client;
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t n = sizeof(sa);
	struct v6d_addr addr, other;
	uint16_t port;
	struct v6d_place_calls c;

	(void)state;
	if (ns < 0)
		skip();
	assert_true(v6d_addr_parse("127.0.0.1", &addr));
	assert_true(v6d_addr_parse("127.0.0.2", &other));
	v6d_netns_socket(ns, AF_INET, SOCK_STREAM, 0, &server);
	v6d_netns_socket(ns, AF_INET, SOCK_STREAM, 0, &client);
	assert_int_equal(bind(server, (struct sockaddr *)&sa, n), 0);
	assert_int_equal(listen(server, 1), 0);
	getsockname(server, (struct sockaddr *)&sa, &n);
	port = ntohs(sa.sin_port);
	/* A listening socket is no session. */
	assert_int_equal(v6d_place_calls(ns, &addr, port, &c), 0);
	assert_int_equal(c.n, 0);
	connect(client, (struct sockaddr *)&sa, n);
	assert_int_equal(v6d_place_calls(ns, &addr, port, &c), 0);
	assert_int_equal(c.n, 1);
	assert_true(v6d_addr_eq(&c.server, &addr));
	assert_true(v6d_addr_eq(&c.client, &addr));
	getsockname(client, (struct sockaddr *)&sa, &n);
	assert_int_equal(c.client_port, ntohs(sa.sin_port));
	/* Whatever the server. */
	assert_int_equal(v6d_place_calls(ns, NULL, port, &c), 0);
	assert_int_equal(c.n, 1);
	assert_int_equal(v6d_place_calls(ns, &other, port, &c), 0);
	assert_int_equal(c.n, 0);
	assert_int_equal(
	    v6d_place_calls(ns, &addr, (uint16_t)(port ^ 1), &c), 0);
	assert_int_equal(c.n, 0);
	close(client);
	close(server);
	close(ns);
}

static void
test_tunnel(void **state)
{
	int ns = private_ns(), fd, err;
	struct v6d_tun_conf c = {
		.name = "tun7", .ifid = { 2, 0, 0, 0, 0, 0, 0, 1 }, .mtu = 1444
	};
	struct v6d_place_tunnel t = { .ifname = "unset" };
	char name[16];

	(void)state;
	if (ns < 0)
		skip();
	assert_int_equal(v6d_place_tunnel(ns, NULL, &t), 0);
	assert_string_equal(t.ifname, ""); /* loopback is none */
	assert_int_equal(v6d_place_tunnel(ns, "tun7", &t), -ENODEV);
	err = v6d_tun_open(ns, &c, &fd, name);
	if (err == -ENODEV)
		skip();
	assert_int_equal(err, 0);
	assert_int_equal(v6d_place_tunnel(ns, NULL, &t), 0);
	assert_string_equal(t.ifname, "tun7");
	assert_int_equal(t.mtu, 1444);
	assert_true(t.up);
	assert_true(t.has_ipv6);
	assert_int_equal(v6d_place_tunnel(ns, "tun7", &t), 0);
	assert_int_equal(v6d_place_tunnel(ns, "lo", &t), 0);
	assert_string_equal(t.ifname, "lo"); /* named: as it is */
	close(fd);
	assert_int_equal(v6d_place_tunnel(ns, NULL, &t), 0);
	assert_string_equal(t.ifname, "");
	close(ns);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connected),
		cmocka_unit_test(test_tunnel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
