/* SPDX-License-Identifier: GPL-2.0-or-later */
/* redact_text.c - pseudonyms of names, and what texts hold of either. */
#include <nettle/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "trace/redact.h"
#include "trace/tables.h"

#define LABEL 8 /* characters of a label's pseudonym, and its NUL */
#define LONGEST 4096 /* bytes of a text that is rewritten */
#define TOKEN 256
#define MAC_TEXT 17

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
same_name(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (a[i] == '\0' || lower(a[i]) != lower(b[i]))
			return false;
	return a[n] == '\0';
}

/* How much of a name is the host's: all but a port behind one colon. */
static size_t
host_of(const char *name)
{
	size_t n = strcspn(name, ":");

	return strchr(name + n, ':') == strrchr(name, ':') ? n : strlen(name);
}

void
v6d_redact_learn(struct v6d_redact *r, const char *name)
{
	struct v6d_addr a;
	size_t n = strlen(name);
	char host[V6D_REDACT_NAME];

	snprintf(host, sizeof(host), "%.*s", (int)host_of(name), name);
	if (n == 0 || n >= V6D_REDACT_NAME || strcmp(name, "localhost") == 0 ||
	    v6d_addr_parse(name, &a) || v6d_addr_parse(host, &a))
		return;
	for (unsigned i = 0; i < r->n_names; i++)
		if (same_name(r->names[i], name, n))
			return;
	if (r->n_names < V6D_REDACT_NAMES)
		memcpy(r->names[r->n_names++], name, n + 1);
}

/* "h" and six hexadecimal digits; the same for the same label anywhere. */
static void
label(const struct v6d_redact *r, const char *s, size_t n, char ret[LABEL])
{
	struct hmac_sha256_ctx c;
	uint8_t out[3];

	hmac_sha256_set_key(&c, sizeof(r->key), r->key);
	hmac_sha256_update(&c, 1, (const uint8_t *)"n");
	for (size_t i = 0; i < n; i++) {
		uint8_t b = (uint8_t)lower(s[i]);

		hmac_sha256_update(&c, 1, &b);
	}
	hmac_sha256_digest(&c, sizeof(out), out);
	snprintf(ret, LABEL, "h%02x%02x%02x", out[0], out[1], out[2]);
}

/* Each part between separators, which stay. */
static void
parts(const struct v6d_redact *r, const char *s, size_t n, char separator,
    struct v6d_text *t)
{
	char one[LABEL];

	for (size_t i = 0; i < n;) {
		size_t k = 0;

		while (i + k < n && s[i + k] != separator)
			k++;
		if (k > 0) {
			label(r, s + i, k, one);
			v6d_text_add(t, "%s", one);
		}
		i += k;
		if (i < n)
			v6d_text_add(t, "%c", separator);
		i++;
	}
}

void
v6d_redact_name(struct v6d_redact *r, const char *name, char *ret, size_t n)
{
	struct v6d_text t = v6d_text_to(ret, n);
	size_t host = host_of(name);
	char text[V6D_REDACT_NAME];
	struct v6d_addr a;

	snprintf(text, sizeof(text), "%.*s", (int)host, name);
	if (v6d_addr_parse(text, &a)) {
		a = v6d_redact_addr(r, &a);
		v6d_text_add(&t, "%s", v6d_addr_text(&a, text, sizeof(text)));
	} else if (strcmp(text, "localhost") == 0) {
		v6d_text_add(&t, "%s", text);
	} else {
		parts(r, name, host, '.', &t);
	}
	v6d_text_add(&t, "%s", name + host); /* ":80" */
}

/* ---- words of a text ---- */

/* What names and addresses are made of, from any script of UTF-8. */
static bool
in_token(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '.' || c == ':' || c == '-' ||
	       c == '_' || (c & 0x80);
}

static bool
put_addr(
    struct v6d_redact *r, const char *s, const char *behind, struct v6d_text *t)
{
	struct v6d_prefix p = { 0 };
	char text[V6D_ADDR_TEXT];
	unsigned len = 0;

	if (!v6d_addr_parse(s, &p.addr))
		return false;
	if (behind[0] == '/' && behind[1] >= '0' && behind[1] <= '9')
		for (behind++; *behind >= '0' && *behind <= '9' && len < 200;)
			len = len * 10 + (unsigned)(*behind++ - '0');
	p.len = (uint8_t)(len ? len : p.addr.family == 4 ? 32 : 128);
	if (p.len > (p.addr.family == 4 ? 32 : 128))
		return false;
	p = v6d_redact_prefix(r, &p);
	v6d_text_add(t, "%s", v6d_addr_text(&p.addr, text, sizeof(text)));
	return true;
}

/* "192.0.2.1:80" */
static bool
put_endpoint(struct v6d_redact *r, const char *s, struct v6d_text *t)
{
	const char *colon = strrchr(s, ':');
	char addr[TOKEN];

	if (!colon || memchr(s, ':', (size_t)(colon - s)))
		return false;
	snprintf(addr, sizeof(addr), "%.*s", (int)(colon - s), s);
	if (!put_addr(r, addr, "", t))
		return false;
	v6d_text_add(t, "%s", colon);
	return true;
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
put_mac(struct v6d_redact *r, const char *s, struct v6d_text *t)
{
	uint8_t m[6];

	if (strlen(s) != MAC_TEXT)
		return false;
	for (size_t i = 0; i < 6; i++) {
		int a = digit(s[3 * i]), b = digit(s[3 * i + 1]);

		if (a < 0 || b < 0 ||
		    (i < 5 && s[3 * i + 2] != ':' && s[3 * i + 2] != '-'))
			return false;
		m[i] = (uint8_t)(a << 4 | b);
	}
	v6d_redact_mac(r, m);
	v6d_text_add(t, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3],
	    m[4], m[5]);
	return true;
}

static bool
put_name(struct v6d_redact *r, const char *s, struct v6d_text *t)
{
	char to[V6D_REDACT_NAME];

	for (unsigned i = 0; i < r->n_names; i++) {
		if (!same_name(r->names[i], s, strlen(s)))
			continue;
		v6d_redact_name(r, s, to, sizeof(to));
		v6d_text_add(t, "%s", to);
		return true;
	}
	return false;
}

/* A name that was learned may hold what no token does: a blank, a slash. */
static size_t
long_name(struct v6d_redact *r, const char *s, struct v6d_text *t)
{
	for (unsigned i = 0; i < r->n_names; i++) {
		const char *name = r->names[i];
		size_t n = strlen(name);

		if (strcspn(name, " /@\\") == n || strncmp(s, name, n) != 0)
			continue;
		parts(r, name, n, '/', t);
		return n;
	}
	return 0;
}

/* One token, as far as it goes: what stands for it, and the rest of it. */
static void
put_token(struct v6d_redact *r, const char *s, size_t n, struct v6d_text *t)
{
	char token[TOKEN];
	size_t k = n;

	while (k > 0 &&
	       (s[k - 1] == '.' || s[k - 1] == ':' || s[k - 1] == '-') &&
	       !(k > 1 && s[k - 1] == ':' && s[k - 2] == ':'))
		k--;
	if (k >= sizeof(token)) {
		v6d_text_add(t, "%.*s", (int)n, s);
		return;
	}
	memcpy(token, s, k);
	token[k] = '\0';
	if (!put_addr(r, token, s + k, t) && !put_mac(r, token, t) &&
	    !put_endpoint(r, token, t) && !put_name(r, token, t))
		v6d_text_add(t, "%s", token);
	v6d_text_add(t, "%.*s", (int)(n - k), s + k);
}

void
v6d_redact_text(struct v6d_redact *r, char *text, size_t n)
{
	char to[LONGEST];
	struct v6d_text t = v6d_text_to(to, n < sizeof(to) ? n : sizeof(to));
	const char *s = text;

	while (*s) {
		size_t k = long_name(r, s, &t);

		if (k > 0) {
			s += k;
			continue;
		}
		while (in_token(s[k]))
			k++;
		if (k > 0)
			put_token(r, s, k, &t);
		else
			v6d_text_add(&t, "%c", s[k++]);
		s += k;
	}
	memset(text, 0, n);
	memcpy(text, to, t.len);
}

/* ---- a trace ---- */

static void
path_of(struct v6d_redact *r, char *p, size_t n)
{
	char to[V6D_REDACT_NAME * 4];
	struct v6d_text t = v6d_text_to(to, n < sizeof(to) ? n : sizeof(to));

	parts(r, p, strlen(p), '/', &t);
	memset(p, 0, n);
	memcpy(p, to, t.len);
}

static void
name_in(struct v6d_redact *r, char *p, size_t n)
{
	char to[V6D_REDACT_NAME * 4];

	v6d_redact_name(r, p, to, n < sizeof(to) ? n : sizeof(to));
	memset(p, 0, n);
	memcpy(p, to, strlen(to));
}

static void
text_field(struct v6d_redact *r, const struct v6d_field *f, char *p)
{
	if (p[0] == '\0')
		return;
	switch (f->holds) {
	case V6D_HOLDS_NOTHING:
		break;
	case V6D_HOLDS_NAME:
		name_in(r, p, f->size);
		break;
	case V6D_HOLDS_PATH:
		path_of(r, p, f->size);
		break;
	case V6D_HOLDS_FILE:
		if (strchr(p, '/')) {
			memset(p, 0, f->size);
			snprintf(p, f->size, "(a file)");
		}
		break;
	case V6D_HOLDS_TEXT:
		v6d_redact_text(r, p, f->size);
		break;
	}
}

static void
fields(struct v6d_redact *r, const struct v6d_fields *table, uint8_t *p);

static void
one(struct v6d_redact *r, const struct v6d_field *f, uint8_t *p)
{
	struct v6d_prefix prefix;
	struct v6d_addr a;

	switch (f->kind) {
	case V6D_FIELD_ADDR:
		memcpy(&a, p, sizeof(a));
		a = v6d_redact_addr(r, &a);
		memcpy(p, &a, sizeof(a));
		break;
	case V6D_FIELD_PREFIX:
		memcpy(&prefix, p, sizeof(prefix));
		prefix = v6d_redact_prefix(r, &prefix);
		memcpy(p, &prefix, sizeof(prefix));
		break;
	case V6D_FIELD_TEXT:
		text_field(r, f, (char *)p);
		break;
	case V6D_FIELD_STRUCT:
		fields(r, f->sub, p);
		break;
	case V6D_FIELD_BOOL:
	case V6D_FIELD_UINT:
	case V6D_FIELD_INT:
	case V6D_FIELD_WORD:
	case V6D_FIELD_BYTES:
		break;
	}
}

static void
fields(struct v6d_redact *r, const struct v6d_fields *table, uint8_t *p)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct v6d_field *f = &table->field[i];

		for (size_t k = 0; k < v6d_field_used(f, p); k++)
			one(r, f, p + f->at + k * f->size);
	}
}

/* `name` of an ask is one of the kernel's: a sysctl, a counter. */
static bool
kernel_name(enum v6d_ask_kind k)
{
	return k == V6D_ASK_SYSCTL || k == V6D_ASK_BOOT ||
	       k == V6D_ASK_COUNTER || k == V6D_ASK_SYN_IN;
}

/* `name` of an HTTP ask is a path; `host` of a SYN_IN an interface. */
static void
ask(struct v6d_redact *r, struct v6d_trace_ask *e)
{
	char name[sizeof(e->ask.name)], host[sizeof(e->ask.host)];

	memcpy(name, e->ask.name, sizeof(name));
	memcpy(host, e->ask.host, sizeof(host));
	fields(r, v6d_trace_whats[V6D_TRACE_ASK].fields, (uint8_t *)e);
	if (e->ask.kind == V6D_ASK_HTTP)
		path_of(r, name, sizeof(name));
	if (e->ask.kind == V6D_ASK_HTTP || kernel_name(e->ask.kind))
		memcpy(e->ask.name, name, sizeof(name));
	if (e->ask.kind == V6D_ASK_SYN_IN)
		memcpy(e->ask.host, host, sizeof(host));
}

static void
learn(struct v6d_redact *r, const struct v6d_trace_event *e)
{
	const struct v6d_plan *p = e->body;
	const struct v6d_trace_ask *a = e->body;

	if (e->kind == V6D_TRACE_PLAN) {
		v6d_redact_learn(r, p->server_name);
		v6d_redact_learn(r, p->name);
		v6d_redact_learn(r, p->napt_name);
		if (p->page[0] && p->page[1])
			v6d_redact_learn(r, p->page);
	} else if (e->kind == V6D_TRACE_ASK) {
		if (a->ask.kind != V6D_ASK_HTTP && !kernel_name(a->ask.kind))
			v6d_redact_learn(r, a->ask.name);
		if (a->ask.kind != V6D_ASK_SYN_IN)
			v6d_redact_learn(r, a->ask.host);
	}
}

void
v6d_redact_trace(struct v6d_redact *r, struct v6d_trace *t)
{
	for (size_t i = 0; i < t->n; i++)
		learn(r, &t->events[i]);
	for (size_t i = 0; i < t->n; i++) {
		struct v6d_trace_event *e = &t->events[i];

		if (e->kind == V6D_TRACE_ASK)
			ask(r, e->body);
		else
			fields(r, v6d_trace_whats[e->kind].fields, e->body);
		if (e->kind == V6D_TRACE_HEAD)
			((struct v6d_trace_head *)e->body)->redacted = true;
	}
}

/* ---- what stands for what ---- */

char *
v6d_redact_map(struct v6d_redact *r)
{
	size_t cap = 1 + r->n_addrs * 2 * (V6D_ADDR_TEXT + 1) +
		     r->n_names * 4 * V6D_REDACT_NAME;
	char *p = malloc(cap), a[V6D_ADDR_TEXT], b[V6D_ADDR_TEXT];
	char name[2 * V6D_REDACT_NAME];
	struct v6d_text t = v6d_text_to(p, cap);

	if (!p)
		return NULL;
	for (unsigned i = 0; i < r->n_addrs; i++)
		v6d_text_add(&t, "%s %s\n",
		    v6d_addr_text(&r->addrs[i].pseudonym, a, sizeof(a)),
		    v6d_addr_text(&r->addrs[i].real, b, sizeof(b)));
	for (unsigned i = 0; i < r->n_names; i++) {
		v6d_redact_name(r, r->names[i], name, sizeof(name));
		v6d_text_add(&t, "%s %s\n", name, r->names[i]);
	}
	return p;
}
