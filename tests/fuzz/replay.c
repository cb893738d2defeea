/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay.c - runs a fuzz target once over each file named: without libFuzzer,
 * so that every compiler can show that what was a finding is none any more.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	INPUT_MAX = 1 << 18, /* bytes of a file that are read */
};

static int
replay(const char *path)
{
	uint8_t *buf = malloc(INPUT_MAX), *exact;
	FILE *f = fopen(path, "rb");
	size_t n;

	if (!buf || !f) {
		fprintf(stderr, "cannot read %s\n", path);
		free(buf);
		return 1;
	}
	fprintf(stderr, "%s\n", path); /* what a crash was about */
	n = fread(buf, 1, INPUT_MAX, f);
	fclose(f);
	exact = realloc(buf, n > 0 ? n : 1);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	return 0;
}

int
main(int argc, char **argv)
{
	int bad = 0;

	for (int i = 1; i < argc; i++)
		bad += replay(argv[i]);
	return bad > 0;
}
