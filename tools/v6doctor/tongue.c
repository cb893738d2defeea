/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tongue.c - which language: --lang, else the environment. */
#include "tongue.h"

#include <stdlib.h>
#include <string.h>

#include "base/wire.h"
#include "cmd.h"
#include "say.h"

const struct v6d_lang *v6d_tongue;

static const struct v6d_lang *asked;

const struct v6d_lang *
v6d_tongue_asked(void)
{
	return asked;
}

struct v6d_text
v6d_tongue_text(char *buf, size_t cap)
{
	struct v6d_text t = v6d_text_to(buf, cap);

	t.lang = v6d_tongue;
	return t;
}

/* Why opening, writing and starting fail, most of the time. */
static const char *const errors[] = {
	N_("No such file or directory"),
	N_("Permission denied"),
	N_("Operation not permitted"),
	N_("Is a directory"),
	N_("Not a directory"),
	N_("File exists"),
	N_("File name too long"),
	N_("No space left on device"),
	N_("Read-only file system"),
	N_("Too many open files"),
	N_("Input/output error"),
	N_("Broken pipe"),
	N_("No such device"),
	N_("Cannot allocate memory"),
};

const char *
v6d_retold(const char *sentence)
{
	static char bufs[4][4096];
	static unsigned next;
	struct v6d_text t = v6d_tongue_text(bufs[next++ % 4], sizeof(bufs[0]));

	for (size_t i = 0; i < V6D_ARRAY_LEN(errors); i++)
		if (strcmp(errors[i], sentence) == 0)
			return _(errors[i]);
	v6d_text_retell(&t, sentence);
	return t.p;
}

static int
ask(const char *name)
{
	if (!name)
		return v6d_say("", V6D_EXIT_USAGE, "--lang wants a value");
	asked = v6d_lang_by_name(name);
	if (asked) {
		v6d_tongue = asked;
		return 0;
	}
	return v6d_say("", V6D_EXIT_USAGE,
	    "--lang '%s': this program speaks ja and en", name);
}

int
v6d_tongue_choose(int *argc, char **argv)
{
	int left = 1, status = 0;

	v6d_tongue = v6d_lang_by_environment(getenv("LANGUAGE"),
	    getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG"));
	for (int i = 1; i < *argc; i++) {
		if (strcmp(argv[i], "--") == 0) {
			while (i < *argc)
				argv[left++] = argv[i++];
			break;
		}
		if (strcmp(argv[i], "--lang") == 0) {
			i++;
			status = ask(i < *argc ? argv[i] : NULL);
		} else if (strncmp(argv[i], "--lang=", 7) == 0) {
			status = ask(argv[i] + 7);
		} else {
			argv[left++] = argv[i];
		}
		if (status)
			return status;
	}
	argv[left] = NULL;
	*argc = left;
	return 0;
}
