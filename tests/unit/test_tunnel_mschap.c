/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnel_mschap.c - the numbers of RFC 2759 9.2. */
#include "unit/sweep.h"

#include "tunnel/mschap.h"

static const uint8_t auth_challenge[16] = { 0x5B, 0x5D, 0x7C, 0x7D, 0x7B, 0x3F,
	0x2F, 0x3E, 0x3C, 0x2C, 0x60, 0x21, 0x32, 0x26, 0x26, 0x28 };
static const uint8_t peer_challenge[16] = { 0x21, 0x40, 0x23, 0x24, 0x25, 0x5E,
	0x26, 0x2A, 0x28, 0x29, 0x5F, 0x2B, 0x3A, 0x33, 0x7C, 0x7E };
static const uint8_t nt_response[24] = { 0x82, 0x30, 0x9E, 0xCD, 0x8D, 0x70,
	0x8B, 0x5E, 0xA0, 0x8F, 0xAA, 0x39, 0x81, 0xCD, 0x83, 0x54, 0x42, 0x33,
	0x11, 0x4A, 0x3D, 0x85, 0xD6, 0xDF };

static struct v6d_mschap
exchange(const char *user)
{
	return (struct v6d_mschap){ auth_challenge, peer_challenge, user,
		"clientPass" };
}

static void
test_hashes(void **state)
{
	static const uint8_t challenge[8] = { 0xD0, 0x2E, 0x43, 0x86, 0xBC,
		0xE9, 0x12, 0x26 };
	static const uint8_t password[16] = { 0x44, 0xEB, 0xBA, 0x8D, 0x53,
		0x12, 0xB8, 0xD6, 0x11, 0x47, 0x44, 0x11, 0xF5, 0x69, 0x89,
		0xAE };
	struct v6d_mschap m = exchange("User");
	uint8_t got[16];

	(void)state;
	v6d_mschap_challenge_hash(&m, got);
	assert_memory_equal(got, challenge, 8);
	v6d_mschap_password_hash("clientPass", got);
	assert_memory_equal(got, password, 16);
}

static void
test_response_and_proof(void **state)
{
	struct v6d_mschap m = exchange("User");
	uint8_t nt[V6D_MSCHAP_NT];
	char proof[V6D_MSCHAP_PROOF + 1];

	(void)state;
	v6d_mschap_nt_response(&m, nt);
	assert_memory_equal(nt, nt_response, sizeof(nt));
	v6d_mschap_proof(&m, nt, proof);
	assert_string_equal(
	    proof, "S=407A5589115FD0D6209F510FE9C04566932CDA56");
}

/* A domain in front is left out, a realm behind is not. */
static void
test_domain_and_realm(void **state)
{
	struct v6d_mschap with_domain = exchange("DOMAIN\\User");
	struct v6d_mschap with_realm = exchange("User@example.jp");
	uint8_t nt[V6D_MSCHAP_NT];

	(void)state;
	v6d_mschap_nt_response(&with_domain, nt);
	assert_memory_equal(nt, nt_response, sizeof(nt));
	v6d_mschap_nt_response(&with_realm, nt);
	assert_memory_not_equal(nt, nt_response, sizeof(nt));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hashes),
		cmocka_unit_test(test_response_and_proof),
		cmocka_unit_test(test_domain_and_realm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
