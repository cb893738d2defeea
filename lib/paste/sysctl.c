/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sysctl.c - kernel settings: "key = value" (Linux), "key: value" and "key:
 * old -> new" (BSD, macOS), a sysctl.conf, "sysctl -w key=value", steps of a
 * numbered list, and echo VALUE > /proc/sys/...
 */
#include "paste/impl.h"

#include <string.h>

static bool
is_key(const char *s)
{
	return v6d_starts(s, "net.ipv6.") || v6d_starts(s, "net.ipv4.") ||
	       v6d_starts(s, "net.inet6.") || v6d_starts(s, "net.inet.") ||
	       v6d_starts(s, "net.netfilter.") || v6d_starts(s, "net.core.") ||
	       v6d_starts(s, "net.nf_conntrack") || v6d_starts(s, "net/ipv6/");
}

/* "key=value", "key = value", "key: value -> value"; the last one counts. */
static int
pair(struct v6d_paste *p, const char *s, enum v6d_origin origin,
    struct v6d_at at)
{
	char key[96];
	size_t n = strcspn(s, " =:");
	int64_t v;
	const char *arrow;

	if (n == 0 || n >= sizeof(key))
		return 0;
	memcpy(key, s, n);
	key[n] = '\0';
	for (char *k = key; *k; k++)
		if (*k == '/')
			*k = '.';
	s += n;
	s += strspn(s, " ");
	if (*s != '=' && *s != ':')
		return 0;
	s++;
	s += strspn(s, " \"'");
	arrow = strstr(s, "-> ");
	if (arrow)
		s = arrow + 3;
	if (!v6d_lead(s, &v))
		return 2; /* not a number: nothing of use here */
	v6d_put_sysctl(p, key, v, origin, at);
	return 3;
}

int
v6d_take_sysctl(struct v6d_paste *p, const struct v6d_tok *t)
{
	enum v6d_origin origin = p->place.in_file ? V6D_IN_FILE : V6D_RUNNING;
	unsigned i = 0;
	bool command = false;
	int64_t step;

	/* "3. net.ipv6.conf.all.accept_ra = 1": somebody's list of steps */
	if (t->n > 1 && v6d_lead(t->t[0], &step) &&
	    (v6d_ends(t->t[0], ".") || v6d_ends(t->t[0], ")")) &&
	    is_key(t->t[1])) {
		i = 1;
		origin = V6D_IN_SCRIPT;
	}
	for (; i < t->n &&
	       (v6d_tok_is(t, i, "sudo") || v6d_ends(t->t[i], "sysctl") ||
		   (command && t->t[i][0] == '-'));
	     i++)
		command = command || v6d_ends(t->t[i], "sysctl");
	if (command && p->place.script)
		return 0; /* the script's own business */
	if (i >= t->n || !is_key(t->t[i])) {
		if (v6d_has(t->line, "sysctl.conf") && strlen(t->line) < 90) {
			p->place.in_file = true;
			return 1;
		}
		return 0;
	}
	return pair(p, strstr(t->line, t->t[i]), origin, t->at);
}
