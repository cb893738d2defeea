/* SPDX-License-Identifier: GPL-2.0-or-later */
/* names.c - names and telephone codes of causes, layers, stages, verdicts. */
#include "diag/diagnosis.h"

#include <string.h>

#include "base/lang.h"

static const struct {
	const char *name;
	const char *code;
	enum v6d_layer layer;
} causes[] = {
#define LETTER_HOST "H"
#define LETTER_LINK "L"
#define LETTER_CONTROL "C"
#define LETTER_GRE "G"
#define LETTER_PPP "P"
#define LETTER_RA "R"
#define LETTER_ADDR "A"
#define LETTER_ROUTE "T"
#define LETTER_MTU "M"
#define LETTER_DNS "D"
#define LETTER_FAR "F"
#define LETTER_NAPT "N"
#define LETTER_SECURITY "S"
#define CAUSE(id, name, layer, number, severity) \
	{ name, LETTER_##layer #number, V6D_LAYER_##layer },
#include "diag/causes.def"
#undef CAUSE
};

const char *
v6d_cause_name(enum v6d_cause c)
{
	return causes[c].name;
}

const char *
v6d_cause_code(enum v6d_cause c)
{
	return causes[c].code;
}

enum v6d_layer
v6d_cause_layer(enum v6d_cause c)
{
	return causes[c].layer;
}

bool
v6d_cause_by_name(const char *name, enum v6d_cause *ret_c)
{
	for (int i = 0; i < V6D_N_CAUSES; i++)
		if (strcmp(causes[i].name, name) == 0) {
			*ret_c = (enum v6d_cause)i;
			return true;
		}
	return false;
}

/* The letter in either case, then the number, then the end or a value. */
static bool
has_code(const char *code, const char *text)
{
	size_t n = strlen(code);

	if (text[0] != code[0] && text[0] != code[0] - 'A' + 'a')
		return false;
	return strncmp(text + 1, code + 1, n - 1) == 0 &&
	       (text[n] == '\0' || text[n] == '-');
}

bool
v6d_cause_by_code(const char *code, enum v6d_cause *ret_c)
{
	for (int i = 0; i < V6D_N_CAUSES; i++)
		if (has_code(causes[i].code, code)) {
			*ret_c = (enum v6d_cause)i;
			return true;
		}
	return false;
}

const char *
v6d_layer_name(enum v6d_layer l)
{
	static const char *const names[] = { "host", "link", "control", "gre",
		"ppp", "ra", "addr", "route", "mtu", "dns", "far", "napt",
		"security" };

	_Static_assert(sizeof(names) / sizeof(names[0]) == V6D_N_LAYERS,
	    "one name a layer");
	return l < V6D_N_LAYERS ? names[l] : "none";
}

const char *
v6d_stage_name(enum v6d_stage s)
{
	static const char *const names[] = { "control", "gre", "ppp", "ra",
		"route", "mtu", "dns" };

	_Static_assert(sizeof(names) / sizeof(names[0]) == V6D_N_STAGES,
	    "one name a stage");
	return s < V6D_N_STAGES ? names[s] : "none";
}

const char *
v6d_verdict_name(enum v6d_verdict v)
{
	switch (v) {
	case V6D_VERDICT_HEALTHY:
		return N_("healthy");
	case V6D_VERDICT_DEGRADED:
		return N_("degraded");
	case V6D_VERDICT_FAULTY:
		return N_("faulty");
	case V6D_VERDICT_UNDETERMINED:
		return N_("undetermined");
	}
	return N_("undetermined");
}

const char *
v6d_certainty_name(enum v6d_certainty c)
{
	switch (c) {
	case V6D_POSSIBLE:
		return N_("possible");
	case V6D_LIKELY:
		return N_("likely");
	case V6D_CERTAIN:
		return N_("certain");
	}
	return N_("possible");
}

const char *
v6d_severity_name(enum v6d_severity s)
{
	switch (s) {
	case V6D_SEV_ADVICE:
		return N_("advice");
	case V6D_SEV_WARNING:
		return N_("warning");
	case V6D_SEV_FAULT:
		return N_("fault");
	}
	return N_("fault");
}

int
v6d_verdict_exit(enum v6d_verdict v)
{
	switch (v) {
	case V6D_VERDICT_HEALTHY:
		return 0;
	case V6D_VERDICT_DEGRADED:
		return 1;
	case V6D_VERDICT_FAULTY:
		return 2;
	case V6D_VERDICT_UNDETERMINED:
		return 3;
	}
	return 3;
}
