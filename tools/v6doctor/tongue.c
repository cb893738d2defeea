/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tongue.c - which language: --lang, else the environment. */
#include "tongue.h"

#include <stdlib.h>
#include <string.h>

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
