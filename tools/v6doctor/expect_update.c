/* SPDX-License-Identifier: GPL-2.0-or-later */
/* expect_update.c - the lines of a .expect file, made right one by one. */
#include "expect_update.h"

#include <string.h>

struct update {
	const struct v6d_expect_of *of;
	struct v6d_expect_update *out;
	struct v6d_text text, diff;
	unsigned said;
};

static bool
is_there(const char *text, const char *line)
{
	size_t n = strlen(line);

	for (const char *p = text; *p; p = strchr(p, '\n') + 1)
		if (strncmp(p, line, n) == 0 && p[n] == '\n')
			return true;
	return false;
}

static void
change(struct update *u, const char *old, const char *now)
{
	if (old)
		v6d_text_add(&u->diff, "    - %s\n", old);
	if (now[0])
		v6d_text_add(&u->diff, "    + %s\n", now);
	if (now[0])
		v6d_text_add(&u->text, "%s\n", now);
	u->out->changes = true;
}

static void
mend(struct update *u, const char *line)
{
	char now[V6D_EXPECT_LINE] = "";
	struct v6d_text t = v6d_text_to(now, sizeof(now));

	if (!v6d_expect_now(u->of, line, &t)) {
		v6d_text_add(&u->text, "%s\n", line);
		v6d_text_add(&u->diff, "    ? %s\n", line);
		u->out->by_hand++;
		return;
	}
	now[strcspn(now, "\n")] = '\0';
	change(u, line, is_there(u->out->text, now) ? "" : now);
}

static bool
holds(const struct update *u, const char *line)
{
	char copy[V6D_EXPECT_LINE], differs[V6D_EXPECT_LINE];
	struct v6d_text t = v6d_text_to(differs, sizeof(differs));

	memcpy(copy, line, strlen(line) + 1);
	return v6d_expect_line(u->of, copy, &t) && t.len == 0;
}

static void
take(struct update *u, const char *line)
{
	bool says = line[0] != '\0' && line[0] != '#';

	u->said += says;
	if (says && !holds(u, line))
		mend(u, line);
	else if (says && is_there(u->out->text, line))
		change(u, line, ""); /* what was mended says it already */
	else
		v6d_text_add(&u->text, "%s\n", line);
}

static void
add_all(struct update *u)
{
	char all[V6D_EXPECT_BYTES] = "";
	struct v6d_text t = v6d_text_to(all, sizeof(all));
	char *save = NULL;

	v6d_expect_all(u->of, &t);
	for (char *l = strtok_r(all, "\n", &save); l;
	     l = strtok_r(NULL, "\n", &save))
		change(u, NULL, l);
}

void
v6d_expect_update(
    FILE *f, const struct v6d_expect_of *of, struct v6d_expect_update *ret)
{
	struct update u = { .of = of, .out = ret };
	char line[V6D_EXPECT_LINE];

	memset(ret, 0, sizeof(*ret));
	u.text = v6d_text_to(ret->text, sizeof(ret->text));
	u.diff = v6d_text_to(ret->diff, sizeof(ret->diff));
	while (f && fgets(line, sizeof(line), f)) {
		ret->too_long =
		    ret->too_long || (!strchr(line, '\n') && !feof(f));
		line[strcspn(line, "\r\n")] = '\0';
		take(&u, line);
	}
	if (u.said == 0)
		add_all(&u);
	ret->too_long = ret->too_long || u.text.cut || u.diff.cut;
}
