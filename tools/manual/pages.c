/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pages.c - v6doctor-causes(7) and v6doctor-probes(7), of what explain says. */
#include "manual.h"

#include <string.h>

#include "base/text.h"
#include "diag/diagnosis.h"
#include "mdoc.h"
#include "probe/probe.h"
#include "report/page.h"

/* Every "## Section" of a page. */
static void
sections(FILE *f, const char *page)
{
	const char *at = page;

	while ((at = strstr(at, "\n## "))) {
		const char *name = at + 4, *body = strchr(name, '\n');
		const char *end = strstr(body, "\n## ");

		fputs(".Pp\n.Em ", f);
		for (; name < body; name++)
			fputc(*name, f);
		fputc('\n', f);
		mdoc_markdown(f, body + 1,
		    end ? (size_t)(end - body - 1) : strlen(body + 1));
		at = body;
	}
}

static void
key(FILE *f, const char *page, const char *name)
{
	char raw[V6D_PAGE_TITLE], words[V6D_PAGE_TITLE];
	struct v6d_text t = v6d_text_to(raw, sizeof(raw));
	struct v6d_text w = v6d_text_to(words, sizeof(words));

	if (!v6d_page_key(page, name, &t))
		return;
	v6d_page_fill(&w, raw, t.len, NULL);
	mdoc_text(f, words);
}

void
manual_causes(FILE *f)
{
	mdoc_head(f, "v6doctor-causes", 7, "v6doctor-causes",
	    "what a diagnosis of v6doctor can name");
	fputs(".Sh DESCRIPTION\n"
	      "Each cause has a name and a code that can be read over the "
	      "telephone.\n"
	      "The same is said by\n"
	      ".Ql v6doctor explain Ar cause .\n"
	      ".Sh CAUSES\n",
	    f);
	for (int i = 0; i < V6D_N_CAUSES; i++) {
		enum v6d_cause c = (enum v6d_cause)i;

		fprintf(
		    f, ".Ss %s (%s)\n", v6d_cause_name(c), v6d_cause_code(c));
		key(f, v6d_page_of(c, NULL), "title");
		sections(f, v6d_page_of(c, NULL));
	}
	fputs(".Sh SEE ALSO\n.Xr v6doctor 1 ,\n.Xr v6doctor-explain 1 ,\n"
	      ".Xr v6doctor-probes 7\n",
	    f);
}

void
manual_probes(FILE *f)
{
	mdoc_head(f, "v6doctor-probes", 7, "v6doctor-probes",
	    "the checks of v6doctor, and how they measure");
	fputs(".Sh DESCRIPTION\n"
	      "A check observes; what follows from all observations together "
	      "is the diagnosis.\n"
	      "The same is said by\n"
	      ".Ql v6doctor explain Ar probe .\n"
	      ".Sh CHECKS\n",
	    f);
	for (size_t i = 0; i < v6d_n_probes; i++) {
		const struct v6d_probe *p = v6d_probes[i];
		const char *page = v6d_page_find("probes", p->name, NULL);

		fprintf(f, ".Ss %s\n", p->name);
		mdoc_text(f, p->question);
		sections(f, page);
	}
	fputs(".Sh SEE ALSO\n.Xr v6doctor 1 ,\n.Xr v6doctor-run 1 ,\n"
	      ".Xr v6doctor-causes 7\n",
	    f);
}
