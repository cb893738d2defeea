/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_explain.c - causes, codes, probes, facts and numbers in words.
 * Covers report/explain.c, report/codes.c. */
#include "report_help.h"

#include <stdlib.h>

#include "probe/probe.h"
#include "proto/auth.h"
#include "proto/pptp.h"
#include "report/codes.h"
#include "walk/walk.h"

static void
says(const char *what, const char *part)
{
	char *s = v6d_explain_text(what, NULL, 0);

	if (!s || !strstr(s, part))
		fail_msg("explain %s: no \"%s\" in\n%s", what, part,
		    s ? s : "(nothing)");
	free(s);
}

static void
says_not(const char *what, const char *part)
{
	char *s = v6d_explain_text(what, NULL, 0);

	assert_non_null(s);
	assert_null(strstr(s, part));
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
	/* what a page abbreviates stands under it, and nothing else does */
	says("gre-size-limit", "\nWORDS\n");
	says("gre-size-limit", "  MTU: the largest packet");
	says_not("lan-down", "  AAAA: ");
	says_not("gre-size-limit", "  MPPE-");
	/* so is it where it is asked for by itself, as it is written */
	says("MTU", "MTU: the largest packet");
	says_not("MTU", "MRU");
	says("GRE", "GRE: the kind of packet");
	says_not("gre", "GRE: the kind of packet");
}

static void
test_unknown(void **state)
{
	static const char *const t[] = { "", "nonsense", "G99", "G1/", "/",
		"G1/X9", "gre-size-limit " };

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		char *s = v6d_explain_text(t[i], NULL, 0);

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
		char *s = v6d_explain_text(
		    v6d_cause_name((enum v6d_cause)i), NULL, 0);

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
	char *s = v6d_list_causes_text(NULL);

	(void)state;
	assert_non_null(s);
	check_width(s);
	for (int i = 0; i < V6D_N_CAUSES; i++)
		assert_non_null(strstr(s, v6d_cause_name((enum v6d_cause)i)));
	free(s);
}

/* ---- numbers of other programs ---- */

static void
test_numbers(void **state)
{
	(void)state;
	says("691", "windows-691 - an error of the dial-up of Windows");
	says("691", "mschap-691 - ");
	says("E=691", "mschap-691 - ");
	says("windows-806", "gre-blocked");
	says("WINDOWS 806", "WHAT TO DO");
	says("pppd-19", "exit status");
	says("pptp-call-4", "Busy");
	says("4", "pptp-start-4");
	says("4", "pppd-4");
	says("gre.size.in", "causes: gre-size-limit");
	assert_null(v6d_explain_text("mschap-806", NULL, 0));
}

/* Such a number can be, and has no text; or there is no such thing. */
static void
test_no_text(void **state)
{
	static const char *const none[] = { "", "nonsense", "599", "1000",
		"99999999999", "windows-", "windows-12", "691", "E=691",
		"pppd-256", "pppd-x", "gre", "6 91" };

	(void)state;
	assert_non_null(strstr(v6d_explain_no_text("999"), "Windows"));
	assert_non_null(strstr(v6d_explain_no_text("windows-999"), "Windows"));
	assert_non_null(strstr(v6d_explain_no_text("pptp-call-99"), "PPTP"));
	assert_non_null(strstr(v6d_explain_no_text("pppd-99"), "pppd"));
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (v6d_explain_no_text(none[i]))
			fail_msg("\"%s\" is said to be a number", none[i]);
}

/* Each code: sentences, causes that there are, within the screen. */
static void
test_every_code(void **state)
{
	(void)state;
	for (size_t i = 0; i < v6d_n_codes; i++) {
		const struct v6d_code *c = &v6d_codes[i];
		char what[64], *s;

		snprintf(what, sizeof(what), "%s-%u", v6d_group_name(c->group),
		    c->number);
		assert_true(v6d_group_spans(c->group, c->number));
		assert_ptr_equal(v6d_code_of(c->group, c->number), c);
		s = v6d_explain_text(what, NULL, 0);
		assert_non_null(s);
		check_width(s);
		free(s);
		assert_int_equal(c->meaning[strlen(c->meaning) - 1], '.');
		assert_int_equal(c->todo[strlen(c->todo) - 1], '.');
		for (const char *k = c->causes; *k;) {
			char name[64];
			size_t n = strcspn(k, " ");
			enum v6d_cause cause;

			snprintf(name, sizeof(name), "%.*s", (int)n, k);
			if (!v6d_cause_by_name(name, &cause))
				fail_msg("%s: no cause %s", what, name);
			k += n;
			k += *k == ' ';
		}
	}
}

/* What the decoders name, and no more, has a text. */
static void
test_codes_are_whole(void **state)
{
	static const struct {
		uint16_t type;
		enum v6d_code_group group;
	} t[] = {
		{ V6D_PPTP_SCCRP, V6D_GROUP_PPTP_START },
		{ V6D_PPTP_STOPCCRQ, V6D_GROUP_PPTP_STOP },
		{ V6D_PPTP_STOPCCRP, V6D_GROUP_PPTP_STOPPED },
		{ V6D_PPTP_ECHORP, V6D_GROUP_PPTP_ECHO },
		{ V6D_PPTP_OCRP, V6D_GROUP_PPTP_CALL },
		{ V6D_PPTP_ICRP, V6D_GROUP_PPTP_IN },
		{ V6D_PPTP_CDN, V6D_GROUP_PPTP_CLEAR },
	};

	(void)state;
	for (unsigned n = 0; n < 256; n++) {
		for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
			if ((v6d_code_of(t[i].group, n) != NULL) !=
			    (strcmp(v6d_pptp_result_text(t[i].type, (uint8_t)n),
				 "unknown code") != 0))
				fail_msg(
				    "%s-%u", v6d_group_name(t[i].group), n);
		assert_int_equal(v6d_code_of(V6D_GROUP_PPTP_ERROR, n) != NULL,
		    strcmp(v6d_pptp_error_text((uint8_t)n), "unknown code") !=
			0);
		/* pppd(8): 0 to 21 */
		assert_int_equal(
		    v6d_code_of(V6D_GROUP_PPPD, n) != NULL, n <= 21);
	}
	for (unsigned n = 600; n < 1000; n++)
		if ((v6d_code_of(V6D_GROUP_MSCHAP, n) != NULL) !=
		    (v6d_mschap_error_text(n) != NULL))
			fail_msg("mschap-%u", n);
}

/* What people meet most, and every number that a walk takes for an answer. */
static void
test_windows(void **state)
{
	static const unsigned t[] = { 619, 629, 633, 638, 645, 678, 691, 718,
		720, 721, 734, 741, 742, 800, 806, 807, 809, 812, 868 };

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (!v6d_code_of(V6D_GROUP_WINDOWS, t[i]))
			fail_msg("windows-%u", t[i]);
	for (unsigned n = 1; n < 1000; n++) {
		char text[16], key;
		enum v6d_walk_step step = V6D_STEP_MESSAGE;
		enum v6d_code_group g =
		    n < 600 ? V6D_GROUP_PPPD : V6D_GROUP_WINDOWS;

		snprintf(text, sizeof(text), "%u", n);
		if (v6d_walk_alias(&step, text, &key) && !v6d_code_of(g, n))
			fail_msg("%u is an answer, without text", n);
	}
}

/* Every fact and probe is explained; a fault of one names its causes. */
static void
test_every_fact(void **state)
{
	(void)state;
	for (int i = 0; i < V6D_N_FACTS; i++) {
		char *s =
		    v6d_explain_text(v6d_fact_name((enum v6d_fact)i), NULL, 0);

		assert_non_null(s);
		check_width(s);
		free(s);
	}
	for (size_t i = 0; i < v6d_n_probes; i++) {
		char *s = v6d_explain_text(v6d_probes[i]->name, NULL, 0);

		assert_non_null(s);
		free(s);
	}
}

RUN(cmocka_unit_test(test_numbers), cmocka_unit_test(test_no_text),
    cmocka_unit_test(test_every_code), cmocka_unit_test(test_codes_are_whole),
    cmocka_unit_test(test_windows), cmocka_unit_test(test_every_fact),
    cmocka_unit_test(test_explain), cmocka_unit_test(test_unknown),
    cmocka_unit_test(test_every_cause), cmocka_unit_test(test_list))
