/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_io_wiretap.c - GRE on a loopback of its own, counted beside the
 * sockets. Needs the right to make a namespace.
 */
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

#include "base/wire.h"
#include "io/netns.h"
#include "io/wiretap.h"
#include "proto/gre.h"

#define OURS 0x1234
#define SERVER 0x7f000002 /* 127.0.0.2 */
#define CLIENT 0x7f000001

static struct sockaddr_in
at(uint32_t a)
{
	struct sockaddr_in s = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(a) };

	return s;
}

static void
send_gre(int ns, int proto, uint32_t from, uint32_t to, uint16_t call_id)
{
	struct sockaddr_in src = at(from), dst = at(to);
	struct v6d_gre g = {
		.has_seq = true, .payload_len = 400, .call_id = call_id
	};
	uint8_t p[512] = { 0 };
	struct v6d_out o = v6d_out_to(p, sizeof(p));
	int fd;

	v6d_gre_encode(&o, &g);
	assert_int_equal(
	    v6d_netns_socket(ns, AF_INET, SOCK_RAW, proto, &fd), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&src, sizeof(src)), 0);
	assert_int_equal(
	    sendto(fd, p, o.len + 400, 0, (struct sockaddr *)&dst, sizeof(dst)),
	    (ssize_t)o.len + 400);
	close(fd);
}

static void
test_counts(void **state)
{
	static const uint8_t server[4] = { 127, 0, 0, 2 };
	struct v6d_addr a = v6d_addr_4(server);
	struct v6d_wiretap t;
	int ns, err = v6d_netns_private(&ns);

	(void)state;
	if (err == -EPERM)
		skip();
	assert_int_equal(err, 0);
	assert_int_equal(v6d_wiretap_open(ns, &a, &t), 0);
	v6d_wiretap_read(&t, OURS);
	assert_int_equal(t.in + t.out, 0);
	send_gre(ns, 47, SERVER, CLIENT, OURS + 1);
	send_gre(ns, 17, SERVER, CLIENT, OURS);
	send_gre(ns, 47, CLIENT, CLIENT, OURS);
	v6d_wiretap_read(&t, OURS);
	assert_int_equal(t.in + t.out, 0);
	send_gre(ns, 47, SERVER, CLIENT, OURS);
	v6d_wiretap_read(&t, OURS);
	assert_true(t.in > 0);
	assert_int_equal(t.out, 0);
	t.in = 0;
	send_gre(ns, 47, CLIENT, SERVER, OURS + 7);
	v6d_wiretap_read(&t, OURS);
	assert_int_equal(t.in, 0);
	assert_true(t.out > 0);
	v6d_wiretap_close(&t);
	assert_int_equal(t.fd, -1);
	close(ns);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
