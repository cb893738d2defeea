/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_io_tunport.c - packets out of and into a device, which here is a pair
 * of sockets that keep packets apart as a TUN device does.
 */
#include "offload_help.h"

#include <sys/socket.h>
#include <unistd.h>

#include "io/tunport.h"

#define HEADERS (40 + 32) /* IPv6, TCP with time stamps */

static struct v6d_tunport port;
static int kernel; /* its side of the device */
static unsigned alone;
static uint8_t buf[V6D_TUNPORT_READ];

static size_t
packet(uint8_t *p, size_t cap, size_t at, size_t n)
{
	return tcp_packet(p, cap, tcp_of(5), 1, at, n);
}

static void
written(void *arg, const uint8_t *p, size_t n)
{
	(void)arg;
	assert_true(n >= 40 && p[0] >> 4 == 6);
	alone++;
}

static void
begin(bool offload)
{
	int fds[2], size = 1 << 20;

	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), 0);
	setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(fds[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	kernel = fds[0];
	memset(&port, 0, sizeof(port));
	port.written = written;
	alone = 0;
	v6d_tunport_open(&port, fds[1], offload);
}

static void
end(void)
{
	v6d_tunport_close(&port);
	assert_int_equal(port.fd, -1);
	close(kernel);
}

/* What the kernel got: its length, with the header where there is one. */
static size_t
got(struct v6d_vnet *ret)
{
	ssize_t n = recv(kernel, buf, sizeof(buf), MSG_DONTWAIT);
	struct v6d_wire w;

	if (n <= 0)
		return 0;
	w = v6d_wire_from(buf, (size_t)n, (size_t)n);
	if (port.offload)
		assert_int_equal(v6d_vnet_decode(&w, ret), V6D_WIRE_OK);
	return v6d_wire_left(&w);
}

static void
joins(void **state)
{
	uint8_t p[3][1500];
	struct v6d_vnet how;

	(void)state;
	begin(true);
	for (unsigned i = 0; i < 3; i++) {
		size_t n = packet(p[i], sizeof(p[i]), i * 100, 100);

		v6d_tunport_add(&port, p[i], n);
	}
	assert_int_equal(got(&how), 0); /* not before the flush */
	v6d_tunport_flush(&port);
	assert_int_equal(got(&how), HEADERS + 300);
	assert_int_equal(how.gso, V6D_VNET_TCP6);
	assert_int_equal(how.gso_size, 100);
	assert_int_equal(got(&how), 0);
	assert_int_equal(port.written_n, 3);
	assert_int_equal(alone, 0);
	end();
}

/* More than a batch holds: all of it arrives. */
static void
overflows(void **state)
{
	static uint8_t p[V6D_COALESCE_MAX + 10][128];
	const unsigned n = V6D_ARRAY_LEN(p);
	struct v6d_vnet how;
	size_t data = 0, len;

	(void)state;
	begin(true);
	for (unsigned i = 0; i < n; i++)
		v6d_tunport_add(
		    &port, p[i], packet(p[i], sizeof(p[i]), i * 10, 10));
	v6d_tunport_flush(&port);
	while ((len = got(&how)) > 0)
		data += len - HEADERS;
	assert_int_equal(data, n * 10);
	assert_int_equal(port.written_n, n);
	end();
}

/* Without offload each goes at once; a closed one counts what it drops. */
static void
one_by_one(void **state)
{
	uint8_t p[200];
	size_t n = packet(p, sizeof(p), 0, 100);

	(void)state;
	begin(false);
	v6d_tunport_add(&port, p, n);
	assert_int_equal(got(NULL), n);
	assert_memory_equal(buf, p, n);
	assert_int_equal(alone, 1);
	end();
	v6d_tunport_add(&port, p, n);
	assert_int_equal(port.dropped, 1);
}

/* What waits stays before what is written at once. */
static void
keeps_order(void **state)
{
	uint8_t a[200], b[200];
	struct v6d_vnet how;
	size_t n = packet(a, sizeof(a), 0, 100);
	size_t m = packet(b, sizeof(b), 100, 50);

	(void)state;
	begin(true);
	v6d_tunport_add(&port, a, n);
	v6d_tunport_write(&port, b, m);
	assert_int_equal(got(&how), n);
	assert_int_equal(how.gso, V6D_VNET_WHOLE);
	assert_int_equal(got(&how), m);
	end();
}

/* IPv4 and headers that fit nothing are skipped, and counted. */
static void
reads(void **state)
{
	uint8_t p[V6D_VNET_HEADER + 400] = { 0 }, one[1500];
	struct v6d_segment s;
	struct v6d_out o = v6d_out_to(p, V6D_VNET_HEADER);
	size_t n = packet(p + V6D_VNET_HEADER, 400, 0, 300);

	(void)state;
	begin(true);
	v6d_vnet_encode(&o, &(struct v6d_vnet){ .needs_csum = true,
				.gso = V6D_VNET_TCP6,
				.gso_size = 100,
				.csum_start = 40,
				.csum_offset = 16 });
	assert_int_equal(v6d_tunport_read(&port, buf, &s), 0);
	send(kernel, "\0\0\0\0\0\0\0\0\0\0\x45....................", 31, 0);
	send(kernel, "short", 5, 0);
	send(kernel, p, V6D_VNET_HEADER + n, 0);
	assert_int_equal(v6d_tunport_read(&port, buf, &s), 1);
	assert_int_equal(port.dropped, 2);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(
		    v6d_segment_next(&s, one, sizeof(one)), HEADERS + 100);
	assert_true(s.over);
	assert_int_equal(v6d_tunport_read(&port, buf, &s), 0);
	end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joins),
		cmocka_unit_test(overflows),
		cmocka_unit_test(one_by_one),
		cmocka_unit_test(keeps_order),
		cmocka_unit_test(reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
