/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_witness_position.c - where a capture was taken, by TTLs. */
#include "flow_help.h"

#include "diag/witness.h"

static void
test_positions(void **state)
{
	static const struct {
		uint8_t client, server;
		const char *from;
		int client_hops, server_hops;
	} cases[] = {
		{ 64, 57, "client", 0, 7 }, { 128, 57, "client", 0, 7 },
		{ 62, 64, "server", 2, 0 }, { 63, 250, "between", 1, 5 },
		{ 127, 60, "between", 1, 4 }, { 64, 64, "both", 0, 0 },
		{ 64, 255, "both", 0, 0 },
		{ 64, 0, "client", 0, -1 }, /* the server was not heard */
		{ 63, 0, "unknown", 1, -1 }, { 0, 64, "server", -1, 0 },
		{ 0, 0, "unknown", -1, -1 },
		{ 5, 20, "unknown", -1, -1 }, /* no host starts so low */
	};
	struct v6d_view *v = calloc(1, sizeof(*v));

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(cases); i++) {
		struct v6d_position p;

		v->ttl[OUT] = cases[i].client;
		v->ttl[IN] = cases[i].server;
		v6d_witness_position(v, &p);
		assert_string_equal(v6d_seen_from_name(p.from), cases[i].from);
		assert_int_equal(p.client_hops, cases[i].client_hops);
		assert_int_equal(p.server_hops, cases[i].server_hops);
	}
	free(v);
}

/* Of GRE alone it is a guess which end is the client. */
static void
test_guessed_roles(void **state)
{
	struct v6d_view *v = calloc(1, sizeof(*v));
	struct v6d_position p;

	(void)state;
	v->roles_guessed = true;
	v->ttl[OUT] = 64;
	v->ttl[IN] = 57;
	v6d_witness_position(v, &p);
	assert_int_equal(p.from, V6D_SEEN_UNKNOWN);
	v->ttl[OUT] = 60;
	v6d_witness_position(v, &p);
	assert_int_equal(p.from, V6D_SEEN_BETWEEN);
	free(v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_positions),
		cmocka_unit_test(test_guessed_roles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
