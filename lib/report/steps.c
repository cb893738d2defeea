/* SPDX-License-Identifier: GPL-2.0-or-later */
/* steps.c - when the tunnel came up, step by step, as a list in HTML. */
#include "report/steps.h"

#include "base/wire.h"

static const struct {
	enum v6d_fact fact;
	const char *words;
} steps[] = {
	{ V6D_FACT_CONTROL_TCP, N_("TCP connection to the server") },
	{ V6D_FACT_CONTROL_START, N_("PPTP control connection") },
	{ V6D_FACT_CONTROL_CALL, N_("the server takes the call") },
	{ V6D_FACT_GRE_IN, N_("first tunnel packet (GRE) comes") },
	{ V6D_FACT_PPP_LCP, N_("link agreed (LCP)") },
	{ V6D_FACT_PPP_AUTH, N_("login") },
	{ V6D_FACT_PPP_IPV6CP, N_("IPv6 agreed (IPV6CP)") },
	{ V6D_FACT_RA_RECEIVED, N_("router advertisement comes") },
	{ V6D_FACT_ADDR_GLOBAL, N_("global address") },
	{ V6D_FACT_V6_SMALL, N_("first answer over IPv6") },
};

struct step {
	const char *words;
	const struct v6d_obs *obs;
};

/* What was first observed of it; NULL: nothing was. */
static const struct v6d_obs *
first_of(const struct v6d_facts *f, enum v6d_fact fact)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->obs[i].fact == fact && f->obs[i].state != V6D_UNKNOWN)
			return &f->obs[i];
	return NULL;
}

/* In the order of time; those of one instant in that of the table. */
static size_t
collect(const struct v6d_facts *f, struct step *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < V6D_ARRAY_LEN(steps); i++) {
		struct step s = { steps[i].words, first_of(f, steps[i].fact) };
		size_t at = n;

		if (!s.obs)
			continue;
		while (at > 0 && ret[at - 1].obs->at > s.obs->at) {
			ret[at] = ret[at - 1];
			at--;
		}
		ret[at] = s;
		n++;
	}
	return n;
}

#define WIDTH 1000

static int
x_of(v6d_ns at, v6d_ns from, v6d_ns to)
{
	return to > from ? (int)(((at - from) * (WIDTH - 12)) / (to - from))
			 : 0;
}

static void
row(struct v6d_text *t, const struct step *s, v6d_ns before, v6d_ns from,
    v6d_ns to)
{
	bool ok = s->obs->state == V6D_OK;
	int x = x_of(before, from, to), end = x_of(s->obs->at, from, to);

	v6d_text_add(t,
	    "<li><span class=\"at\">%llu ms</span> "
	    "<span class=\"step%s\">",
	    (unsigned long long)((s->obs->at - from) / V6D_MS(1)),
	    ok ? "" : " bad");
	v6d_render_xml(t, v6d_lang_get(t->lang, s->words));
	if (!ok)
		v6d_text_add(t, ": %s",
		    v6d_lang_get(t->lang, v6d_state_name(s->obs->state)));
	v6d_text_add(t,
	    "</span><svg class=\"span\" viewBox=\"0 0 %d 10\" "
	    "preserveAspectRatio=\"none\" aria-hidden=\"true\">"
	    "<rect x=\"%d\" y=\"0\" width=\"%d\" height=\"10\" "
	    "class=\"%s\"/></svg></li>\n",
	    WIDTH, x, end - x + 12, ok ? "passes" : "lost");
}

bool
v6d_steps_draw(struct v6d_text *t, const struct v6d_facts *f)
{
	struct step list[V6D_ARRAY_LEN(steps)];
	size_t n = f ? collect(f, list) : 0;
	v6d_ns from, before;

	if (n < 2)
		return false;
	from = before = list[0].obs->at;
	v6d_text_add(t, "<ol class=\"steps\">\n");
	for (size_t i = 0; i < n; i++) {
		row(t, &list[i], before, from, list[n - 1].obs->at);
		before = list[i].obs->at;
	}
	v6d_text_add(t, "</ol>\n");
	return true;
}
