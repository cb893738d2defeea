/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_trace_packets.c - a live session's words as packets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/wire.h"
#include "trace/packets.h"

static unsigned
port_at(const struct v6d_packet *k, size_t at)
{
	return (unsigned)k->bytes[at] << 8 | k->bytes[at + 1];
}

/* Whoever reads them must be able to tell one call from the next. */
static void
test_connections(void **state)
{
	struct v6d_packets *p = v6d_packets_new();
	struct v6d_addr client = { 0 }, server = { 0 };

	(void)state;
	assert_non_null(p);
	assert_true(v6d_addr_parse("192.0.2.1", &client));
	assert_true(v6d_addr_parse("203.0.113.10", &server));
	for (unsigned call = 0; call < 3; call++) {
		v6d_packets_ends(p, &client, &server);
		v6d_packets_event(p, V6D_FLOW_TCP_SYN, V6D_S(call + 1));
		v6d_packets_event(p, V6D_FLOW_TCP_REFUSED, V6D_S(call + 1));
	}
	assert_int_equal(p->n, 6);
	for (unsigned call = 0; call < 3; call++) {
		const struct v6d_packet *syn = &p->packet[2 * call];
		unsigned port = port_at(syn, 20);

		assert_int_equal(port_at(syn, 22), 1723);
		assert_int_equal(port_at(syn + 1, 22), port);
		for (unsigned i = 0; i < call; i++)
			assert_int_not_equal(
			    port_at(&p->packet[2 * i], 20), port);
	}
	v6d_packets_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
