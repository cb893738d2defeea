/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_witness_out.c - what never comes out into the tunnel was filtered. */
#include "witness_help.h"

#define TARGET "2001:db8:b::80"

/* What a probe has said of the target before the witness is heard. */
static const char *
judged(struct tape *t, bool routed, bool tried, enum v6d_state small)
{
	static struct testimony w;
	struct v6d_witness_how how = { .live = true, .now = t->now };
	const struct v6d_view *v = tape_play(t);

	v6d_facts_init(&w.f, w.obs, V6D_ARRAY_LEN(w.obs));
	w.f.source = "probe route";
	v6d_facts_add(&w.f, V6D_FACT_ROUTE_TARGET, TARGET,
	    routed ? V6D_OK : V6D_BAD, routed ? NULL : "none", V6D_NO_VALUE);
	if (tried)
		v6d_facts_add(&w.f, V6D_FACT_V6_SMALL, TARGET, small,
		    small == V6D_OK ? NULL : "unreachable", V6D_NO_VALUE);
	v6d_witness(v, &how, &w.f);
	return said(&w, V6D_FACT_V6_OUT);
}

static void
test_out(void **state)
{
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	assert_string_equal(judged(&t, true, true, V6D_BAD), "bad filtered");
	/* a local reset looks like an answer, and nothing came out either */
	assert_string_equal(judged(&t, true, true, V6D_OK), "bad filtered");
	/* not tried yet; routed elsewhere; not to be told */
	assert_string_equal(judged(&t, true, false, V6D_BAD), "");
	assert_string_equal(judged(&t, false, true, V6D_BAD), "");
	assert_string_equal(judged(&t, true, true, V6D_UNKNOWN), "");
	/* an echo or a SYN to it came out */
	tape_echo(&t, OUT, false, 1, 104);
	assert_string_equal(judged(&t, true, true, V6D_BAD), "ok");
	tape_done(&t);
	tape_init(&t);
	tape_up(&t);
	tape_inner_tcp(&t, OUT, V6D_TCP_SYN, 1, 0, 0);
	assert_string_equal(judged(&t, true, true, V6D_BAD), "ok");
	tape_done(&t);
}

/* Where not all could be read or kept, nothing is said. */
static void
test_unread(void **state)
{
	static const uint8_t mppe[] = { 0xff, 3, 0, 0xfd, 0x90, 0, 1, 2, 3 };
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	tape_gre(&t, OUT, mppe, sizeof(mppe));
	assert_string_equal(judged(&t, true, true, V6D_BAD), "");
	tape_done(&t);
	tape_init(&t);
	tape_call(&t);
	assert_string_equal(judged(&t, true, true, V6D_BAD), "");
	tape_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_out),
		cmocka_unit_test(test_unread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
