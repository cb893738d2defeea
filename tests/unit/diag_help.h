/* SPDX-License-Identifier: GPL-2.0-or-later */
/* diag_help.h - symptoms from text, and a diagnosis back as text. */
#ifndef TESTS_DIAG_HELP_H
#define TESTS_DIAG_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "diag/diagnosis.h"

static inline enum v6d_symptom
sym_by_name(const char *name, size_t n)
{
	for (int i = 0; i < V6D_N_SYMPTOMS; i++) {
		const char *s = v6d_symptom_name((enum v6d_symptom)i);

		if (strlen(s) == n && memcmp(s, name, n) == 0)
			return (enum v6d_symptom)i;
	}
	fail_msg("no symptom %.*s", (int)n, name);
	return V6D_SYM_HOST_TUN;
}

/* "gre.in=none control.call=ok": the rest is unknown. */
static inline struct v6d_symptoms
symptoms(const char *text)
{
	struct v6d_symptoms s;

	memset(s.v, V6D_SYM_UNKNOWN, sizeof(s.v));
	memset(s.from, 0, sizeof(s.from));
	s.facts = NULL;
	while (*text) {
		size_t n = strcspn(text, " "), k = strcspn(text, "=");
		char word[V6D_WORD];
		enum v6d_symptom sym = sym_by_name(text, k);

		snprintf(
		    word, sizeof(word), "%.*s", (int)(n - k - 1), text + k + 1);
		s.v[sym] = strcmp(word, "ok") == 0
			       ? V6D_SYM_OK
			       : v6d_symptom_value(sym, word);
		if (s.v[sym] == V6D_SYM_OTHER && strcmp(word, "other") != 0)
			fail_msg(
			    "%s has no word %s", v6d_symptom_name(sym), word);
		text += n;
		text += *text == ' ';
	}
	return s;
}

/* "faulty gre-size-limit!(v6.get) {a b} ?unexplained": ! certain, ~ possible */
static inline const char *
told(const struct v6d_diagnosis *d, char *buf, size_t cap)
{
	struct v6d_text t = v6d_text_to(buf, cap);

	v6d_text_add(&t, "%s", v6d_verdict_name(d->verdict));
	for (unsigned i = 0; i < d->n; i++) {
		const struct v6d_finding *f = &d->findings[i];

		v6d_text_add(&t, " %s", v6d_cause_name(f->cause));
		v6d_text_add(&t, "%s",
		    f->certainty == V6D_CERTAIN    ? "!"
		    : f->certainty == V6D_POSSIBLE ? "~"
						   : "");
		for (unsigned j = 0; j < f->n_consequences; j++)
			v6d_text_add(&t, "%s%s%s", j ? "," : "(",
			    v6d_symptom_name(f->consequences[j]),
			    j + 1 == f->n_consequences ? ")" : "");
	}
	for (unsigned i = 0; i < d->n_undecided; i++)
		for (unsigned j = 0; j < d->undecided[i].n; j++)
			v6d_text_add(&t, "%s%s%s", j ? " " : " {",
			    v6d_cause_name(d->undecided[i].between[j]),
			    j + 1 == d->undecided[i].n ? "}" : "");
	for (unsigned i = 0; i < d->n_unexplained; i++)
		v6d_text_add(&t, " ?%s", v6d_symptom_name(d->unexplained[i]));
	return buf;
}

#define CONTROL "control.tcp=ok control.start=ok control.call=ok "
#define GRE "gre.send=ok gre.in=ok gre.out=ok "
#define PPP "ppp.lcp=ok ppp.auth=ok ppp.ipv6cp=ok "
#define RA                                                        \
	"ra.received=ok ra.valid=ok ra.lifetime=ok ra.prefix=ok " \
	"ra.used=ok addr.global=ok "
#define ROUTE "route.default=ok route.target=ok v6.small=ok "
#define SIZE "gre.size.in=ok gre.size.out=ok "
#define BULK "v6.get=ok v6.put=ok "
#define DNS "dns.a=ok dns.aaaa=ok "
#define LINK CONTROL GRE PPP
#define UP LINK RA ROUTE

/* Symptoms, and what told() must make of their diagnosis. */
struct diag_case {
	const char *symptoms, *told;
};

static inline void
check_cases(const struct diag_case *c, size_t n)
{
	int bad = 0;

	for (size_t i = 0; i < n; i++) {
		struct v6d_symptoms s = symptoms(c[i].symptoms);
		struct v6d_diagnosis d;
		char buf[512];

		v6d_diagnose_symptoms(&s, NULL, &d);
		if (strcmp(told(&d, buf, sizeof(buf)), c[i].told) == 0)
			continue;
		print_error("[%s]\n  gives    %s\n  expected %s\n",
		    c[i].symptoms, buf, c[i].told);
		bad++;
	}
	assert_int_equal(bad, 0);
}

#define RUN(...)                                                   \
	int main(void)                                             \
	{                                                          \
		const struct CMUnitTest tests[] = { __VA_ARGS__ }; \
		return cmocka_run_group_tests(tests, NULL, NULL);  \
	}

#endif
