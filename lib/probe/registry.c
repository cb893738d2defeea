/* SPDX-License-Identifier: GPL-2.0-or-later */
/* registry.c - the table of probes, made from registry.def. */
#include "probe/probe.h"

#include <string.h>

#include "base/wire.h"

#define PROBE(id) extern const struct v6d_probe v6d_probe_##id;
#include "probe/registry.def"
#undef PROBE

const struct v6d_probe *const v6d_probes[] = {
#define PROBE(id) &v6d_probe_##id,
#include "probe/registry.def"
#undef PROBE
};

const size_t v6d_n_probes = V6D_ARRAY_LEN(v6d_probes);

const struct v6d_probe *
v6d_probe_by_name(const char *name)
{
	for (size_t i = 0; i < v6d_n_probes; i++)
		if (strcmp(v6d_probes[i]->name, name) == 0)
			return v6d_probes[i];
	return NULL;
}
