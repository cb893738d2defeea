/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_page.c - the pages of causes: read right, and all of them whole. */
#include "diag_help.h"

#include "report/page.h"

static const char page[] =
    "---\n"
    "title: Over {limit_bytes|N} bytes {direction|gone}\n"
    "---\n"
    "## Meaning\n"
    "\n"
    "text\n"
    "\n"
    "## What to do\n"
    "\n"
    "1. Set it to {tunnel_mtu|less}\n"
    "   and dial again.\n"
    "2. Second.\n"
    "\n"
    "## Whom to tell\n"
    "\n"
    "nobody\n";

static void
test_key(void **state)
{
	char buf[64];
	struct v6d_text t = v6d_text_to(buf, sizeof(buf));

	(void)state;
	assert_true(v6d_page_key(page, "title", &t));
	assert_string_equal(buf, "Over {limit_bytes|N} bytes {direction|gone}");
	assert_false(v6d_page_key(page, "tit", &t));
	assert_false(v6d_page_key(page, "1", &t));
	assert_false(v6d_page_key("no front matter", "title", &t));
	assert_false(v6d_page_key("---\n", "title", &t));
}

static void
test_section(void **state)
{
	size_t n = 0;
	const char *s = v6d_page_section(page, "Meaning", &n);

	(void)state;
	assert_non_null(s);
	assert_int_equal(n, 7);
	assert_memory_equal(s, "\ntext\n\n", 7);
	assert_non_null(v6d_page_section(page, "Whom to tell", &n));
	assert_int_equal(n, 8);
	assert_null(v6d_page_section(page, "Mean", &n));
}

static const char *
filled(const char *s, const struct v6d_finding *f)
{
	static char buf[128];
	struct v6d_text t = v6d_text_to(buf, sizeof(buf));

	v6d_page_fill(&t, s, strlen(s), f);
	return buf;
}

static void
test_fill(void **state)
{
	struct v6d_finding f = {
		.value_name = "limit_bytes", .value = 1454, .direction = "in"
	};

	(void)state;
	assert_string_equal(filled("a {limit_bytes|N} b", NULL), "a N b");
	assert_string_equal(filled("a {limit_bytes|N} b", &f), "a 1454 b");
	assert_string_equal(
	    filled("{direction|gone}", &f), "towards this host");
	assert_string_equal(filled("{tunnel_mtu|less}", &f), "1414");
	assert_string_equal(filled("{before|there}", &f), "there");
	assert_string_equal(filled("{word|}.", &f), ".");
	f.value2_name = "passed_bytes";
	f.value2 = 1340;
	assert_string_equal(filled("{tunnel_mtu|less}", &f), "1300");
	f.value2 = 900;
	assert_string_equal(filled("{tunnel_mtu|less}", &f), "1280");
	f.value2_name = NULL;
	/* a limit that leaves no room for IPv6 gives no advice */
	f.value = 1319;
	assert_string_equal(filled("{tunnel_mtu|less}", &f), "less");
	f.direction = "unknown";
	assert_string_equal(filled("{direction|gone}", &f), "gone");
	/* braces that are none of ours stay */
	assert_string_equal(filled("type { a, b }", &f), "type { a, b }");
	assert_string_equal(filled("{open|", &f), "{open|");
	f = (struct v6d_finding){ .value_name = "per_mille", .value = 35 };
	assert_string_equal(filled("{per_mille|some} %", &f), "3.5 %");
}

static void
test_remedy(void **state)
{
	struct v6d_finding f = { .value_name = "limit_bytes", .value = 1454 };
	char buf[128];
	struct v6d_text t = v6d_text_to(buf, sizeof(buf));

	(void)state;
	assert_true(v6d_page_remedy(page, 0, &f, &t));
	assert_string_equal(buf, "Set it to 1414 and dial again.");
	t = v6d_text_to(buf, sizeof(buf));
	assert_true(v6d_page_remedy(page, 1, &f, &t));
	assert_string_equal(buf, "Second.");
	assert_false(v6d_page_remedy(page, 2, &f, &t));
	assert_false(v6d_page_remedy("no sections", 0, &f, &t));
}

static void
check_section(enum v6d_cause c, const char *name)
{
	size_t n = 0;
	const char *s = v6d_page_section(v6d_page_of(c, NULL), name, &n);

	if (!s || n < 15)
		fail_msg("%s: no section \"%s\"", v6d_cause_name(c), name);
}

/* Every cause has its page, with every section and something to do. */
static void
test_all_pages(void **state)
{
	(void)state;
	for (int i = 0; i < V6D_N_CAUSES; i++) {
		enum v6d_cause c = (enum v6d_cause)i;
		const struct v6d_finding none = { .cause = c };
		char title[V6D_PAGE_TITLE], item[V6D_PAGE_ITEM];
		struct v6d_text t = v6d_text_to(title, sizeof(title));

		if (!v6d_page_of(c, NULL))
			fail_msg("%s has no page", v6d_cause_name(c));
		v6d_page_title(c, &none, &t);
		assert_true(t.len > 10 && t.len <= 76 && !t.cut);
		assert_null(strpbrk(title, "{}|"));
		check_section(c, "Meaning");
		check_section(c, "How it is recognised");
		check_section(c, "Often mistaken for");
		check_section(c, "Whom to tell");
		for (unsigned j = 0; j < V6D_PAGE_ITEMS; j++) {
			t = v6d_text_to(item, sizeof(item));
			if (!v6d_page_remedy(
				v6d_page_of(c, NULL), j, &none, &t)) {
				assert_true(j >= 2);
				break;
			}
			assert_true(t.len > 10 && !t.cut);
			assert_null(strchr(item, '|'));
		}
	}
}

RUN(cmocka_unit_test(test_key), cmocka_unit_test(test_section),
    cmocka_unit_test(test_fill), cmocka_unit_test(test_remedy),
    cmocka_unit_test(test_all_pages))
