/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnel_mppe.c - MPPE's keys after RFC 3079 3.5.3, and its counting. */
#include "sweep.h"

#include "tunnel/mppe.h"

static void
assert_key(const uint8_t *key, const char *hex)
{
	struct v6d_out o = { 0 };
	uint8_t copy[V6D_MPPE_KEY];

	o = v6d_out_to(copy, sizeof(copy));
	v6d_out_bytes(&o, key, V6D_MPPE_KEY);
	assert_hex(&o, hex);
}

static void
master_key(uint8_t ret[V6D_MPPE_KEY])
{
	uint8_t nt[24];

	unhex("82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF", nt, 24);
	v6d_mppe_master_key("clientPass", nt, ret);
}

static void
test_keys(void **state)
{
	static const struct {
		bool from_client;
		const char *start, *session;
	} t[] = {
		{ false, "8B7CDC149B993A1BA118CB153F56DCCB",
		    "405CB2247A7956E6E211007AE27B22D4" },
		{ true, "D5F0E9521E3EA9589645E86051C82226",
		    "49D11D0F0CC6BEFBA2A9B4B688F91EEE" },
	};
	uint8_t master[V6D_MPPE_KEY], start[V6D_MPPE_KEY];

	(void)state;
	master_key(master);
	assert_key(master, "FDECE3717A8C838CB388E527AE3CDD31");
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		struct v6d_mppe m;

		v6d_mppe_start_key(master, t[i].from_client, start);
		assert_key(start, t[i].start);
		v6d_mppe_init(&m, start);
		assert_key(m.key, t[i].session);
	}
}

/* RFC 3079 3.5.3: the sample message under the first session key. */
static void
test_cipher(void **state)
{
	uint8_t master[V6D_MPPE_KEY], start[V6D_MPPE_KEY], got[12], want[12];
	struct v6d_mppe m;

	(void)state;
	master_key(master);
	v6d_mppe_start_key(master, false, start);
	v6d_mppe_init(&m, start);
	v6d_mppe_crypt(&m, got, (const uint8_t *)"test message", 12);
	unhex("81848317DF68846272FB5ABE", want, 12);
	assert_memory_equal(got, want, 12);
	v6d_mppe_crypt(&m, got, got, 12);
	assert_memory_equal(got, "test message", 12);
}

/* One end counts one by one, the other skips what was lost. */
static void
test_counting(void **state)
{
	uint8_t start[V6D_MPPE_KEY] = "0123456789abcde";
	struct v6d_mppe a, b;

	(void)state;
	v6d_mppe_init(&a, start);
	v6d_mppe_init(&b, start);
	assert_int_equal(v6d_mppe_next(&a), 0);
	assert_true(v6d_mppe_seek(&b, 0));
	assert_memory_equal(a.key, b.key, V6D_MPPE_KEY);
	for (unsigned n = 1; n < 10000; n++) {
		uint16_t count = v6d_mppe_next(&a);

		assert_int_equal(count, n % 4096);
		if (n % 100 != 0)
			continue;
		assert_true(v6d_mppe_seek(&b, count));
		assert_memory_equal(a.key, b.key, V6D_MPPE_KEY);
		assert_false(v6d_mppe_seek(&b, count)); /* twice */
		assert_false(v6d_mppe_seek(&b, (uint16_t)((n - 1) % 4096)));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_cipher),
		cmocka_unit_test(test_counting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
