/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leftovers.c - what "connect" left after a crash, as facts for run-all. */
#include "leftovers.h"

#include <stdio.h>
#include <string.h>

#include "base/wire.h"
#include "gateway/change.h"
#include "gateway/gateway.h"
#include "gateway/residue.h"

struct seen {
	struct v6d_facts *facts;
	unsigned n;
};

/* The words of host.residue; NULL: it harms nobody. */
static const char *
word_of(const struct v6d_record *r)
{
	static const struct {
		const char *kind, *word;
	} words[] = {
		{ "sysctl", "sysctl" },
		{ "forwarding", "sysctl" },
		{ "table", "rule" },
		{ "rule", "rule" },
		{ "address", "address" },
		{ "route", "route" },
		{ "advert", "radvd" },
		{ "dns", "record" },
	};

	for (size_t i = 0; i < V6D_ARRAY_LEN(words); i++)
		if (strcmp(r->word[0], words[i].kind) == 0)
			return words[i].word;
	return NULL;
}

static void
found(void *arg, const char *instance, const struct v6d_record *r)
{
	const char *word = word_of(r);
	char what[200], subject[V6D_SUBJECT];
	struct seen *s = arg;

	if (!word)
		return;
	s->n++;
	snprintf(subject, sizeof(subject), "%.40s: %s", instance,
	    v6d_change_text(r, what, sizeof(what)));
	v6d_facts_add(s->facts, V6D_FACT_HOST_RESIDUE, subject, V6D_BAD, word,
	    V6D_NO_VALUE);
}

void
v6d_leftovers(void *arg, struct v6d_facts *facts)
{
	struct seen s = { facts, 0 };
	int err = v6d_residue_each(V6D_GW_STATE_DIR, -1, found, &s);

	(void)arg;
	if (err < 0)
		v6d_facts_add(facts, V6D_FACT_HOST_RESIDUE, strerror(-err),
		    V6D_UNKNOWN, NULL, V6D_NO_VALUE);
	else if (s.n == 0)
		v6d_facts_add(facts, V6D_FACT_HOST_RESIDUE, NULL, V6D_OK, NULL,
		    V6D_NO_VALUE);
}
