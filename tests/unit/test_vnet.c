/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_vnet.c - the header of unfinished packets (VIRTIO 1.2, 5.1.6). */
#include "sweep.h"

#include "proto/vnet.h"

/* As a Linux TUN device gives it for TCP over IPv6 with timestamps. */
static const uint8_t golden[V6D_VNET_HEADER] = { 0x01, 0x84, 72, 0, 0x5c, 0x05,
	40, 0, 16, 0 };

static enum v6d_wire_err
decode(struct v6d_wire *w, const void *arg)
{
	struct v6d_vnet h;

	(void)arg;
	return v6d_vnet_decode(w, &h);
}

static void
test_golden(void **state)
{
	struct v6d_wire w = v6d_wire_from(golden, sizeof(golden), 10);
	uint8_t buf[V6D_VNET_HEADER];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_vnet h;

	(void)state;
	assert_int_equal(v6d_vnet_decode(&w, &h), V6D_WIRE_OK);
	assert_true(h.needs_csum && h.ecn);
	assert_int_equal(h.gso, V6D_VNET_TCP6);
	assert_int_equal(h.header_len, 72);
	assert_int_equal(h.gso_size, 1372);
	assert_int_equal(h.csum_start, 40);
	assert_int_equal(h.csum_offset, 16);
	v6d_vnet_encode(&o, &h);
	assert_false(o.full);
	assert_memory_equal(buf, golden, sizeof(golden));
}

static void
test_truncations(void **state)
{
	(void)state;
	sweep(golden, sizeof(golden), sizeof(golden), decode, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_truncations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
