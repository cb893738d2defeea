/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - manual DOCS OUT: writes the man pages and the shells' completions
 * into OUT/man and OUT/completions, from the tables of the program and from
 * DOCS (docs/man).
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "manual.h"

static const char *docs, *out;

static FILE *
open_in(const char *dir, const char *name, const char *mode)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, mode);
	if (f || mode[0] == 'r')
		return f;
	fprintf(stderr, "manual: %s: %s\n", path, strerror(errno));
	exit(1);
}

/* A file of DOCS, whole; NULL: there is none. */
static char *
text_of(const char *name)
{
	static const size_t cap = 256 * 1024;
	FILE *f = open_in(docs, name, "re");
	char *text;

	if (!f)
		return NULL;
	text = calloc(1, cap);
	if (!text || fread(text, 1, cap - 1, f) == 0)
		exit(1);
	fclose(f);
	return text;
}

static char *
must(const char *name)
{
	char *text = text_of(name);

	if (text)
		return text;
	fprintf(stderr, "manual: %s/%s: %s\n", docs, name, strerror(errno));
	exit(1);
}

static void
done(FILE *f)
{
	if (fclose(f) == 0)
		return;
	perror("manual");
	exit(1);
}

static void
one(const char *name, void (*write)(FILE *))
{
	FILE *f = open_in(out, name, "we");

	write(f);
	done(f);
}

static void
commands(void)
{
	for (const struct v6d_cmd *c = v6d_cmds; c->name; c++) {
		char name[80];
		char *more;
		FILE *f;

		snprintf(name, sizeof(name), "%s.mdoc", c->name);
		more = text_of(name);
		snprintf(name, sizeof(name), "man/v6doctor-%s.%d", c->name,
		    c->section);
		f = open_in(out, name, "we");
		manual_command(f, c, more);
		done(f);
		free(more);
	}
}

int
main(int argc, char **argv)
{
	char *frame, *example;
	FILE *f;

	if (argc != 3) {
		fputs("manual DOCS OUT\n", stderr);
		return 64;
	}
	docs = argv[1];
	out = argv[2];
	f = open_in(out, "man/v6doctor.1", "we");
	frame = must("v6doctor.mdoc");
	manual_program(f, frame);
	done(f);
	free(frame);
	f = open_in(out, "man/v6doctor.conf.5", "we");
	frame = must("v6doctor.conf.mdoc");
	example = must("v6doctor.conf.example");
	manual_conf(f, frame, example);
	done(f);
	free(frame);
	free(example);
	commands();
	one("man/v6doctor-causes.7", manual_causes);
	one("man/v6doctor-probes.7", manual_probes);
	one("completions/v6doctor.bash", manual_bash);
	one("completions/_v6doctor", manual_zsh);
	one("completions/v6doctor.fish", manual_fish);
	return 0;
}
