/* SPDX-License-Identifier: GPL-2.0-or-later */
/* embed.c - finds a text file that travels inside the program. */
#include "base/embed.h"

#include <stddef.h>
#include <string.h>

const char *
v6d_file_text(const struct v6d_file *table, const char *name)
{
	for (; table->name; table++)
		if (strcmp(table->name, name) == 0)
			return table->text;
	return NULL;
}
