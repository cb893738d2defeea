/* SPDX-License-Identifier: GPL-2.0-or-later */
/* format.c - the table of renderings. */
#include "report/format.h"

#include <string.h>

#include "base/text.h"
#include "report/render.h"

static char *
text(const struct v6d_report *r, struct v6d_format_how *h)
{
	return v6d_report_text(r, h->color, h->verbose);
}

static char *
json(const struct v6d_report *r, struct v6d_format_how *h)
{
	(void)h;
	return v6d_report_json(r);
}

const struct v6d_format v6d_formats[] = {
	{ "text", "for people, on a terminal", "", text, "", V6D_WORDS_READER,
	    false, false, true },
	{ "json", "one document, docs/json.md", "", json, "", V6D_WORDS_ASKED,
	    true, false, false },
	{ "jsonl", "the same, one object a line", "", v6d_render_jsonl, "",
	    V6D_WORDS_ASKED, true, false, true },
	{ "tap", "Test Anything Protocol 13", "TAP version 13\n",
	    v6d_render_tap, "1..%u\n", V6D_WORDS_ENGLISH, true, false, false },
	{ "junit", "JUnit XML",
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n",
	    v6d_render_junit, "</testsuites>\n", V6D_WORDS_ENGLISH, true, false,
	    false },
	{ "prometheus", "metrics, for the node exporter's textfile collector",
	    "", v6d_render_prometheus, "", V6D_WORDS_ENGLISH, true, true,
	    false },
	{ "markdown", "for a ticket", "", v6d_render_markdown, "",
	    V6D_WORDS_READER, true, false, false },
	{ "html", "one file to look at and to send", "", v6d_render_html, "",
	    V6D_WORDS_READER, true, true, false },
};
const size_t v6d_n_formats = sizeof(v6d_formats) / sizeof(v6d_formats[0]);

const struct v6d_format *
v6d_format_by_name(const char *name)
{
	for (size_t i = 0; i < v6d_n_formats; i++)
		if (strcmp(v6d_formats[i].name, name) == 0)
			return &v6d_formats[i];
	return NULL;
}

const char *
v6d_format_names(char *buf, size_t n)
{
	struct v6d_text t = v6d_text_to(buf, n);

	for (size_t i = 0; i < v6d_n_formats; i++)
		v6d_text_add(&t, "%s%s", i ? ", " : "", v6d_formats[i].name);
	return buf;
}
