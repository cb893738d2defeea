/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diagnose.c - how long a diagnosis takes: random symptoms, from nearly all
 * well to every fourth abnormal, which no real host shows.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/wire.h"
#include "diag/diagnosis.h"

#define VECTORS 40000u

static uint64_t seed = 88172645463325252u;

static unsigned
chance(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % n);
}

static void
invent(struct v6d_symptoms *s, unsigned one_in)
{
	for (int i = 0; i < V6D_N_SYMPTOMS; i++) {
		unsigned n = (unsigned)v6d_symptom_n_words((enum v6d_symptom)i);

		s->v[i] = chance(2) ? V6D_SYM_UNKNOWN : V6D_SYM_OK;
		if (chance(one_in) == 0)
			s->v[i] = (int8_t)(1 + chance(n));
	}
}

static double
cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

int
main(void)
{
	static const unsigned one_in[] = { 80, 20, 10, 4 };
	static struct v6d_symptoms s;
	static struct v6d_diagnosis d;

	for (size_t k = 0; k < V6D_ARRAY_LEN(one_in); k++) {
		double worst = 0, all = 0;

		for (unsigned i = 0; i < VECTORS; i++) {
			double t;

			invent(&s, one_in[k]);
			t = cpu_us();
			v6d_diagnose_symptoms(&s, NULL, &d);
			t = cpu_us() - t;
			all += t;
			worst = t > worst ? t : worst;
		}
		printf("diagnosis, one symptom of %u abnormal: %.0f us, worst "
		       "of %u %.1f ms\n",
		    one_in[k], all / VECTORS, VECTORS, worst / 1000);
	}
	return 0;
}
