/* SPDX-License-Identifier: GPL-2.0-or-later */
/* regress_print.c - the outcomes of regress, for people and for CI. */
#include "regress_print.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io/clock.h"
#include "regress_json.h"
#include "tongue.h"
#include "report/format.h"
#include "report/render.h"
#include "report/say.h"

static bool
is_ok(const struct outcome *r)
{
	return r->differs.len == 0;
}

static size_t
n_bad(const struct outcome *r, size_t n)
{
	size_t bad = 0;

	for (size_t i = 0; i < n; i++)
		bad += !is_ok(&r[i]);
	return bad;
}

/* What an .expect file says is not translated: it is what one writes there. */
static bool
print_values(const char *line)
{
	static const char wanted[] = ": expected ", had[] = ", got ";
	const char *w = strstr(line, wanted), *h = w ? strstr(w, had) : NULL;

	if (!h || strstr(w, " among them"))
		return false;
	line += strspn(line, " ");
	w += sizeof(wanted) - 1;
	printf(_("    %.*s: expected %.*s, got %s"),
	    (int)(w - line) - (int)(sizeof(wanted) - 1), line, (int)(h - w), w,
	    h + sizeof(had) - 1);
	return true;
}

/* What differs is said in English, a line each, for the other formats. */
static void
print_retold(const char *lines)
{
	char line[V6D_EXPECT_LINE * 3];

	while (*lines) {
		size_t n = strcspn(lines, "\n");

		n += lines[n] == '\n';
		snprintf(line, sizeof(line), "%.*s", (int)n, lines);
		if (!print_values(line))
			fputs(v6d_retold(line), stdout);
		lines += n;
	}
}

static void
print_differs(const struct outcome *r)
{
	printf(_("DIFFERS  %s\n%s"), r->name, "");
	print_retold(r->text);
	if (!r->update)
		return;
	printf("  %s\n%s", r->expect, r->update->diff);
	if (r->update->too_long)
		printf("%s", _("    ? it is too long to be updated\n"));
}

static void
print_text(const char *dir, const struct outcome *r, size_t n)
{
	size_t bad = n_bad(r, n), other = 0;

	for (size_t i = 0; i < n; i++) {
		other += r[i].note[0] != '\0';
		if (!is_ok(&r[i]))
			print_differs(&r[i]);
		else if (r[i].note[0])
			printf(_("replay   %s %s\n"), r[i].name, r[i].note);
	}
	printf(_("%s: %zu files, %zu as expected, %zu differ\n"), dir, n,
	    n - bad, bad);
	if (other > 0)
		printf(_("%zu reports were recorded by checks that ask or "
			 "observe otherwise now\n"),
		    other);
}

static void
print_tap(const char *dir, const struct outcome *r, size_t n)
{
	(void)dir;
	printf("TAP version 13\n1..%zu\n", n);
	for (size_t i = 0; i < n; i++) {
		printf("%s %zu - %s\n", is_ok(&r[i]) ? "ok" : "not ok", i + 1,
		    r[i].name);
		for (const char *s = r[i].text; *s; s = strchr(s, '\n') + 1)
			printf("# %.*s\n", (int)strcspn(s + 4, "\n"), s + 4);
		if (is_ok(&r[i]) && r[i].note[0])
			printf("# %s\n", r[i].note);
	}
}

static void
print_xml(const char *s)
{
	char buf[2048 * 6];
	struct v6d_text t = v6d_text_to(buf, sizeof(buf));

	v6d_render_xml(&t, s);
	fputs(buf, stdout);
}

static void
print_case(const struct outcome *r)
{
	printf("\t\t<testcase classname=\"v6doctor.regress\" name=\"");
	print_xml(r->name);
	printf("\" time=\"0.000\">");
	if (!is_ok(r)) {
		printf("<failure message=\"not as expected\">");
		print_xml(r->text);
		printf("</failure>");
	} else if (r->note[0]) {
		printf("<system-out>");
		print_xml(r->note);
		printf("</system-out>");
	}
	printf("</testcase>\n");
}

/* JUnit's time has neither fraction nor zone. */
static void
print_where(void)
{
	char when[32], host[256] = "";
	struct v6d_text t = v6d_text_to(when, sizeof(when));

	v6d_say_time(&t, (int64_t)(v6d_clock_unix() / V6D_MS(1)));
	if (gethostname(host, sizeof(host) - 1) < 0)
		host[0] = '\0';
	printf("timestamp=\"%.19s\" hostname=\"", when);
	print_xml(host[0] ? host : "unknown");
}

static void
print_junit(const char *dir, const struct outcome *r, size_t n)
{
	const struct v6d_format *f = v6d_format_by_name("junit");

	fputs(f->head, stdout);
	printf("\t<testsuite name=\"");
	print_xml(dir);
	printf("\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\" ",
	    n, n_bad(r, n));
	print_where();
	puts("\" time=\"0.000\">\n\t\t<properties/>");
	for (size_t i = 0; i < n; i++)
		print_case(&r[i]);
	puts("\t\t<system-out></system-out><system-err></system-err>\n"
	     "\t</testsuite>");
	fputs(f->tail, stdout);
}

static void
print_prometheus(const char *dir, const struct outcome *r, size_t n)
{
	char label[4096];
	struct v6d_text t = v6d_text_to(label, sizeof(label));
	size_t bad = n_bad(r, n);

	v6d_render_label(&t, dir);
	printf("# HELP v6doctor_regress_files Files of the folder, by whether "
	       "the diagnosis is as expected.\n"
	       "# TYPE v6doctor_regress_files gauge\n"
	       "v6doctor_regress_files{directory=%s,outcome=\"as-expected\"} "
	       "%zu\n"
	       "v6doctor_regress_files{directory=%s,outcome=\"differs\"} "
	       "%zu\n",
	    label, n - bad, label, bad);
}

static const struct regress_format formats[] = {
	{ "text", print_text },
	{ "json", regress_print_json },
	{ "jsonl", regress_print_jsonl },
	{ "tap", print_tap },
	{ "junit", print_junit },
	{ "prometheus", print_prometheus },
};
#define N_FORMATS (sizeof(formats) / sizeof(formats[0]))

const struct regress_format *
regress_format_by_name(const char *name)
{
	for (size_t i = 0; i < N_FORMATS; i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

const char *
regress_format_name(unsigned i)
{
	return i < N_FORMATS ? formats[i].name : NULL;
}
