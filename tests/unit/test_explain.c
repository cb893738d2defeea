/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_explain.c - causes, codes, probes and facts in words. */
#include "report_help.h"

#include <stdlib.h>

static void
says(const char *what, const char *part)
{
	char *s = v6d_explain_text(what);

	if (!s || !strstr(s, part))
		fail_msg("explain %s: no \"%s\" in\n%s", what, part,
		    s ? s : "(nothing)");
	free(s);
}

static void
test_explain(void **state)
{
	(void)state;
	says("gre-size-limit", "gre-size-limit - GRE packets over N bytes");
	says("gre-size-limit", "\nWHAT TO DO\n");
	says("G3-1454", "gre-size-limit");
	says("g3", "gre-size-limit");
	says("G1/G5", "gre-blocked - ");
	says("G1/G5", "napt-no-helper - ");
	says("ok", "works");
	says("U1", "no cause of the catalogue");
	says("gre.size.in", "bytes outer IPv4");
	says("gre", "a probe");
}

static void
test_unknown(void **state)
{
	static const char *const t[] = { "", "nonsense", "G99", "G1/", "/",
		"G1/X9", "gre-size-limit " };

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		char *s = v6d_explain_text(t[i]);

		if (s && strcmp(t[i], "G1/") != 0)
			fail_msg("\"%s\" is explained", t[i]);
		free(s);
	}
}

static void
test_every_cause(void **state)
{
	(void)state;
	for (int i = 0; i < V6D_N_CAUSES; i++) {
		char *s = v6d_explain_text(v6d_cause_name((enum v6d_cause)i));

		assert_non_null(s);
		check_width(s);
		assert_non_null(strstr(s, "\nMEANING\n"));
		assert_null(strstr(s, "---\n"));
		free(s);
	}
}

static void
test_list(void **state)
{
	char *s = v6d_list_causes_text();

	(void)state;
	assert_non_null(s);
	check_width(s);
	for (int i = 0; i < V6D_N_CAUSES; i++)
		assert_non_null(strstr(s, v6d_cause_name((enum v6d_cause)i)));
	free(s);
}

RUN(cmocka_unit_test(test_explain), cmocka_unit_test(test_unknown),
    cmocka_unit_test(test_every_cause), cmocka_unit_test(test_list))
