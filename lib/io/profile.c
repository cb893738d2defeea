/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile.c - reads a profile, and says which line is wrong and why. */
#include "io/profile.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <ini.h>

#include "base/text.h"
#include "base/url.h"
#include "io/profile_keys.h"

#define MAX_KEYS 128
#define MAX_BYTES (256 * 1024) /* of a profile; more is not one */

/* The state of one reading. */
struct reading {
	FILE *f;
	struct v6d_profile *p;
	struct v6d_profile_error *err;
	unsigned line; /* that inih was given last */
	size_t bytes;
	bool failed;
	bool seen[MAX_KEYS]; /* by index in v6d_keys */
};

__attribute__((format(printf, 3, 4))) static void
fail(struct reading *r, unsigned line, const char *fmt, ...)
{
	va_list ap;

	if (r->failed) /* the first is the one to mend first */
		return;
	r->failed = true;
	r->err->line = line;
	va_start(ap, fmt);
	vsnprintf(r->err->reason, sizeof(r->err->reason), fmt, ap);
	va_end(ap);
}

/* What is printed of a word from the file: short, and no control bytes. */
static const char *
shown(const char *s, char *buf, size_t n)
{
	struct v6d_text t = v6d_text_to(buf, n);

	v6d_text_add_foreign(&t, (const uint8_t *)s, strlen(s));
	return buf;
}

static void
unknown(struct reading *r, const char *section, const char *name,
    bool section_known)
{
	char a[48], b[48];

	shown(section, a, sizeof(a));
	shown(name, b, sizeof(b));
	if (!section[0])
		fail(r, r->line, "'%s' stands before the first [section]", b);
	else if (!section_known)
		fail(r, r->line,
		    "unknown section [%s]; there are tunnel, probe, lan, "
		    "firewall, dns-update and peer",
		    a);
	else if (strcmp(name, "password") == 0)
		fail(r, r->line,
		    "a password does not belong here; put it into a file of "
		    "its own (mode 0600) and name that as password-file");
	else
		fail(r, r->line,
		    "unknown key '%s' in [%s]; \"v6doctor peer --keys\" "
		    "lists the keys",
		    b, a);
}

/* inih says nothing of a section without keys. */
static void
check_section(struct reading *r, const char *line)
{
	char name[64];
	size_t n = strcspn(line + 1, "]\n");
	bool known;

	if (line[1 + n] != ']') {
		fail(r, r->line, "a section's name has no ']' behind it");
		return;
	}
	snprintf(name, sizeof(name), "%.*s", n < 63 ? (int)n : 63, line + 1);
	v6d_key_find(name, "", &known);
	if (!known)
		unknown(r, name, "", false);
	if (strcmp(name, "peer") == 0)
		r->p->peer.given = true;
}

/* inih goes on behind a line that it did not understand. */
static void
check_line(struct reading *r, const char *line)
{
	if (line[0] == '[')
		check_section(r, line);
	else if (!strchr("#;\r\n", line[0]) && !strpbrk(line, "=:"))
		fail(r, r->line,
		    "is neither [section] nor key = value nor a # comment");
}

/*
 * inih tells its handler no line numbers, but asks for one line at a time:
 * the last one that it got is the one that it speaks about. Indented lines
 * would be more of the value before; here they are keys as others are.
 */
static char *
next_line(char *buf, int n, void *arg)
{
	struct reading *r = arg;
	size_t len;

	if (r->failed || !fgets(buf, n, r->f))
		return NULL;
	len = strlen(buf);
	r->line++;
	r->bytes += len;
	if (r->bytes > MAX_BYTES)
		fail(r, 0, "is too long to be a profile");
	else if (len == 0 || (buf[len - 1] != '\n' && !feof(r->f)))
		fail(r, r->line, "the line is too long (or holds a NUL byte)");
	if (r->failed)
		return NULL;
	memmove(buf, buf + strspn(buf, " \t"), len + 1 - strspn(buf, " \t"));
	check_line(r, buf);
	return r->failed ? NULL : buf;
}

/* Paths in a profile are relative to its own folder. */
static const char *
resolve(struct reading *r, const char *value, char *buf, size_t n)
{
	const char *slash = strrchr(r->p->path, '/');
	int len;

	if (value[0] == '/' || !slash)
		return value;
	len = snprintf(
	    buf, n, "%.*s%s", (int)(slash - r->p->path + 1), r->p->path, value);
	return len < 0 || (size_t)len >= n ? value : buf;
}

/* A URL that no browser would take is understood, and put right. */
static void
note_bare(
    struct reading *r, const char *section, const char *name, const char *value)
{
	char text[2 * V6D_URL_TEXT];
	struct v6d_url u;

	if (!v6d_url_parse(value, &u) || !u.bare)
		return;
	snprintf(r->p->note, sizeof(r->p->note),
	    "line %u: [%s] %s: an IPv6 address in a URL needs brackets, read "
	    "as %.200s",
	    r->line, section, name, v6d_url_text(&u, text, sizeof(text)));
}

static int
on_key(void *arg, const char *section, const char *name, const char *value)
{
	struct reading *r = arg;
	char path[V6D_PROFILE_TEXT], shown_value[48];
	bool section_known;
	const struct v6d_key *k = v6d_key_find(section, name, &section_known);
	const char *bad;
	char form[64];
	bool listed;

	if (r->failed)
		return 1;
	if (!k) {
		unknown(r, section, name, section_known);
		return 1;
	}
	listed = k->form == V6D_FORM_NUMBER || k->form == V6D_FORM_WORD;
	if (k->form == V6D_FORM_FILE)
		value = resolve(r, value, path, sizeof(path));
	bad = v6d_key_set(k, r->p, value, r->seen[k - v6d_keys]);
	r->seen[k - v6d_keys] = true;
	if (!bad)
		note_bare(r, section, name, value);
	shown(value, shown_value, sizeof(shown_value));
	if (bad && listed)
		fail(r, r->line, "[%s] %s %s: %s; found '%s'", section, name,
		    bad, v6d_key_form_text(k, form, sizeof(form)), shown_value);
	else if (bad)
		fail(r, r->line, "[%s] %s %s; found '%s'", section, name, bad,
		    shown_value);
	return 1;
}

void
v6d_profile_defaults(struct v6d_profile *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < v6d_n_keys; i++)
		if (v6d_keys[i].standard[0])
			v6d_key_set(
			    &v6d_keys[i], ret, v6d_keys[i].standard, false);
}

/* The peer's one user is the tunnel's, unless the file says otherwise. */
static void
inherit(struct v6d_profile *p)
{
	if (!p->peer.user[0])
		memcpy(p->peer.user, p->tunnel.user, sizeof(p->peer.user));
	if (!p->peer.password_file[0])
		memcpy(p->peer.password_file, p->tunnel.password_file,
		    sizeof(p->peer.password_file));
}

static int
read_stream(FILE *f, const char *name, struct v6d_profile *ret,
    struct v6d_profile_error *ret_err)
{
	struct v6d_profile p;
	struct v6d_profile_error err = { 0 };
	struct reading r = { .f = f, .p = &p, .err = &err };
	int bad;

	_Static_assert(sizeof(p.path) == sizeof(err.file), "paths");
	v6d_profile_defaults(&p);
	snprintf(p.path, sizeof(p.path), "%s", name);
	snprintf(err.file, sizeof(err.file), "%s", name);
	bad = ini_parse_stream(next_line, &r, on_key, &r);
	if (bad > 0)
		fail(
		    &r, (unsigned)bad, "is not a line that a profile may have");
	else if (bad < 0)
		fail(&r, 0, "cannot be read: out of memory");
	if (!r.failed && ferror(f))
		fail(&r, 0, "cannot be read");
	if (r.failed) {
		*ret_err = err;
		return -EINVAL;
	}
	inherit(&p);
	*ret = p;
	return 0;
}

static int
cannot_open(const char *path, struct v6d_profile_error *ret_err)
{
	int err = errno;

	ret_err->line = 0;
	snprintf(ret_err->file, sizeof(ret_err->file), "%s", path);
	snprintf(ret_err->reason, sizeof(ret_err->reason),
	    N_("cannot be opened: %s"), strerror(err));
	return -err;
}

int
v6d_profile_read(const char *path, struct v6d_profile *ret,
    struct v6d_profile_error *ret_err)
{
	FILE *f = fopen(path, "re");
	struct stat st;
	int err;

	if (f && fstat(fileno(f), &st) == 0 && S_ISDIR(st.st_mode)) {
		fclose(f);
		f = NULL;
		errno = EISDIR;
	}
	if (!f)
		return cannot_open(path, ret_err);
	err = read_stream(f, path, ret, ret_err);
	fclose(f);
	return err;
}

int
v6d_profile_parse(const char *text, const char *name, struct v6d_profile *ret,
    struct v6d_profile_error *ret_err)
{
	FILE *f;
	int err;

	/* fmemopen takes no empty buffer; a newline changes nothing. */
	f = fmemopen((void *)(uintptr_t)(text[0] ? text : "\n"),
	    text[0] ? strlen(text) : 1, "r");
	if (!f)
		return cannot_open(name, ret_err);
	err = read_stream(f, name, ret, ret_err);
	fclose(f);
	return err;
}

const char *
v6d_profile_error_text(const struct v6d_profile_error *e, char *buf, size_t n)
{
	struct v6d_text t = v6d_text_to(buf, n);

	v6d_text_add(&t, "%s", e->file);
	if (e->line)
		v6d_text_add(&t, ":%u", e->line);
	v6d_text_add(&t, ": %s", e->reason);
	return buf;
}

/* In the right column, lines broken between words at 80 columns. */
static void
print_wrapped(FILE *f, const char *s)
{
	enum { LEFT = 20, RIGHT = 79 };

	while (*s) {
		size_t n = strlen(s), room = RIGHT - LEFT;

		if (n > room)
			for (n = room; n > 1 && s[n] != ' ';)
				n--;
		fprintf(f, "%*s%.*s\n", LEFT, "", (int)n, s);
		s += n;
		s += strspn(s, " ");
	}
}

void
v6d_profile_print_keys(FILE *f)
{
	const char *section = "";

	for (size_t i = 0; i < v6d_n_keys; i++) {
		const struct v6d_key *k = &v6d_keys[i];
		char form[64];

		if (strcmp(section, k->section) != 0)
			fprintf(
			    f, "%s[%s]\n", *section ? "\n" : "", k->section);
		section = k->section;
		v6d_key_form_text(k, form, sizeof(form));
		fprintf(f, "  %-17s %s%s%s%s%s%s\n", k->name, form,
		    k->unit[0] ? " " : "", k->unit, k->standard[0] ? " (" : "",
		    k->standard, k->standard[0] ? ")" : "");
		print_wrapped(f, k->meaning);
	}
}
