/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * retell.c - an English sentence that was finished elsewhere, in another
 * language. Probes and traces hold finished sentences, so that a report that
 * was saved once can be read in any language: a sentence is looked for among
 * the messages, and then among what messages with conversions ("%u of %u")
 * can have made.
 */
#include "base/text.h"

#include <string.h>

#define ARGS 10
#define DEPTH 2 /* arguments that are sentences themselves */
#define LITERALS 4 /* letters that a message must have in common with it */

struct arg {
	const char *s;
	size_t n;
};

struct match {
	const char *end; /* of the sentence */
	unsigned n;
	struct arg args[ARGS];
	unsigned literals; /* characters of the message that are no arguments */
};

/* One conversion; s stands on its '%'. */
struct conversion {
	size_t len;
	unsigned position; /* of "%2$s", from 1; 0: the next one */
	char kind; /* 's' 'd' 'f' 'c' '%' */
	bool left_out; /* "%2$.0s": the other language needs it not */
};

static struct conversion
conversion(const char *s)
{
	struct conversion c = { 1, 0, '%', false };
	size_t digits = strspn(s + 1, "0123456789");

	if (digits == 1 && s[2] == '$') {
		c.position = (unsigned)(s[1] - '0');
		c.len = 3;
	}
	c.left_out = strncmp(s + c.len, ".0s", 3) == 0;
	c.len += strspn(s + c.len, "-+ #0123456789.*");
	c.len += strspn(s + c.len, "hlzj");
	switch (s[c.len]) {
	case 'd':
	case 'i':
	case 'u':
	case 'x':
		c.kind = 'd';
		break;
	case 'f':
		c.kind = 'f';
		break;
	case 's':
	case 'c':
		c.kind = s[c.len];
		break;
	default:
		break;
	}
	c.len += s[c.len] != '\0';
	return c;
}

/* Bytes of s that an argument of this kind takes at most. */
static size_t
reach(char kind, const char *s, const char *end)
{
	size_t n;

	switch (kind) {
	case 'd':
		n = strspn(s, "-0123456789abcdef");
		break;
	case 'f':
		n = strspn(s, "-0123456789.");
		break;
	case 'c':
		return s < end ? 1 : 0;
	default:
		return (size_t)(end - s);
	}
	return n < (size_t)(end - s) ? n : (size_t)(end - s);
}

/* fmt can have made s up to m->end; then m holds the arguments. */
static bool
fits(const char *fmt, const char *s, struct match *m)
{
	struct match before = *m;
	struct conversion c;

	while (*fmt && *fmt != '%') {
		if (s == m->end || *s != *fmt)
			return false;
		m->literals++;
		s++;
		fmt++;
	}
	if (!*fmt)
		return s == m->end;
	c = conversion(fmt);
	if (c.kind == '%')
		return s < m->end && *s == '%' && fits(fmt + c.len, s + 1, m);
	if (m->n == ARGS)
		return false;
	before = *m;
	for (size_t n = reach(c.kind, s, m->end);; n--) {
		*m = before;
		m->args[m->n++] = (struct arg){ s, n };
		if (fits(fmt + c.len, s + n, m))
			return true;
		if (n == 0 || (n == 1 && c.kind != 's'))
			break;
	}
	return false;
}

static bool
is_pattern(const char *s)
{
	return strchr(s, '%') != NULL;
}

/* The message that has most in common with it; NULL: none. */
static const struct v6d_message *
made_by(const struct v6d_lang *l, struct arg a, struct match *ret_m)
{
	const struct v6d_message *best = NULL;

	ret_m->literals = LITERALS;
	for (size_t i = 0; i < l->n; i++) {
		const struct v6d_message *msg = &l->messages[i];
		struct match m = { .end = a.s + a.n };

		if (a.n == 0 ||
		    (msg->english[0] != '%' && msg->english[0] != a.s[0]))
			continue;
		if (is_pattern(msg->english) && fits(msg->english, a.s, &m) &&
		    m.literals > ret_m->literals) {
			*ret_m = m;
			best = msg;
		}
	}
	return best;
}

static const struct v6d_message *
exactly(const struct v6d_lang *l, struct arg a)
{
	for (size_t i = 0; i < l->n; i++)
		if (strncmp(l->messages[i].english, a.s, a.n) == 0 &&
		    l->messages[i].english[a.n] == '\0')
			return &l->messages[i];
	return NULL;
}

/* It calls itself by way of two_parts. */
static void retell(struct v6d_text *t, struct arg a, unsigned depth);

/* What stands between two parts of a sentence, and goes with neither. */
static const char *const joints[] = { ": ", "; ", ", ", N_(" and ") };

static const char *
joint_at(struct arg a, size_t n)
{
	for (size_t i = 0; i < sizeof(joints) / sizeof(joints[0]); i++)
		if (a.n - n > strlen(joints[i]) &&
		    strncmp(a.s + n, joints[i], strlen(joints[i])) == 0)
			return joints[i];
	return NULL;
}

/*
 * Two parts that a message put one behind the other ("%s%s", "%s: %s"): the
 * longest message that stands at the end, and what is before it.
 */
static bool
two_parts(struct v6d_text *t, struct arg a, unsigned depth)
{
	for (size_t n = 1; n < a.n; n++) {
		const char *joint = joint_at(a, n);
		size_t skip = joint ? strlen(joint) : 0;
		const struct v6d_message *end;

		if (!joint && a.s[n] != ' ')
			continue;
		end = exactly(t->lang, (struct arg){ a.s + n, a.n - n });
		if (end)
			joint = NULL;
		else if (joint)
			end = exactly(t->lang,
			    (struct arg){ a.s + n + skip, a.n - n - skip });
		if (!end)
			continue;
		retell(t, (struct arg){ a.s, n }, depth);
		v6d_text_add(t, "%s%s",
		    joint ? v6d_lang_get(t->lang, joint) : "", end->own);
		return true;
	}
	return false;
}

/* "user name rejected (691)": what is in brackets at the end stays. */
static bool
bracketed(struct v6d_text *t, struct arg a, unsigned depth)
{
	size_t n = a.n;

	if (n < 4 || a.s[n - 1] != ')')
		return false;
	while (n > 1 && (a.s[n - 1] != '(' || a.s[n - 2] != ' '))
		n--;
	if (n < 3)
		return false;
	retell(t, (struct arg){ a.s, n - 2 }, depth);
	v6d_text_add(t, "%.*s", (int)(a.n - n + 2), a.s + n - 2);
	return true;
}

static void
retell(struct v6d_text *t, struct arg a, unsigned depth)
{
	const struct v6d_message *msg = exactly(t->lang, a);
	struct match m = { .n = 0 };
	unsigned next = 0;

	if (msg) {
		v6d_text_add(t, "%s", msg->own);
		return;
	}
	if (depth > 0)
		msg = made_by(t->lang, a, &m);
	if (!msg) {
		if (!two_parts(t, a, depth) && !bracketed(t, a, depth))
			v6d_text_add(t, "%.*s", (int)a.n, a.s);
		return;
	}
	for (const char *s = msg->own; *s;) {
		struct conversion c;
		unsigned at;

		if (*s != '%') {
			v6d_text_add(t, "%c", *s++);
			continue;
		}
		c = conversion(s);
		s += c.len;
		if (c.kind == '%') {
			v6d_text_add(t, "%%");
			continue;
		}
		at = c.position ? c.position - 1 : next++;
		if (c.left_out)
			continue;
		if (at < m.n && c.kind == 's')
			retell(t, m.args[at], depth - 1);
		else if (at < m.n)
			v6d_text_add(
			    t, "%.*s", (int)m.args[at].n, m.args[at].s);
	}
}

void
v6d_text_retell(struct v6d_text *t, const char *sentence)
{
	if (!t->lang || t->lang->n == 0)
		v6d_text_add(t, "%s", sentence);
	else
		retell(t, (struct arg){ sentence, strlen(sentence) }, DEPTH);
}
