/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lang.c - finds messages. */
#include "base/lang.h"

#include <string.h>

const struct v6d_lang v6d_lang_en = { "en", 0, NULL };

const char *
v6d_lang_tag(const struct v6d_lang *l)
{
	return l ? l->tag : v6d_lang_en.tag;
}

const char *
v6d_lang_get(const struct v6d_lang *l, const char *s)
{
	size_t from = 0, to = l ? l->n : 0;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int d = strcmp(s, l->messages[mid].english);

		if (d == 0)
			return l->messages[mid].own;
		if (d < 0)
			to = mid;
		else
			from = mid + 1;
	}
	return s;
}
