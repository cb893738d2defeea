/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace.c - a run's events in memory, and as lines of JSON. */
#include "trace/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/macros.h"
#include "trace/tables.h"

#define SCHEMA_NAME "v6doctor-report/"

/* ---- what there is ---- */

#define T struct v6d_trace_head
static const struct v6d_field head_fields[] = {
	TEXT(schema, NOTHING),
	TEXT(version, NOTHING),
	TEXT(kind, NOTHING),
	TEXT(source, FILE),
	TEXT(system, NOTHING),
	INT(started_unix_ms),
	BOOL(redacted),
};
static const struct v6d_fields head_table = TABLE(head_fields);
#undef T

#define T struct v6d_trace_stage
static const struct v6d_field stage_fields[] = {
	TEXT(stage, NOTHING),
	BOOL(can),
	TEXT(why_not, TEXT),
};
static const struct v6d_fields stage_table = TABLE(stage_fields);
#undef T

#define T struct v6d_trace_scope
static const struct v6d_field scope_fields[] = {
	STRUCTS(stages, n, stage_table),
	BOOL(cut),
};
static const struct v6d_fields scope_table = TABLE(scope_fields);
#undef T

#define T struct v6d_trace_probe
static const struct v6d_field probe_fields[] = {
	TEXT(name, NOTHING),
};
static const struct v6d_fields probe_table = TABLE(probe_fields);
#undef T

#define T struct v6d_trace_fact
static const struct v6d_field fact_fields[] = {
	TEXT(name, NOTHING),
	TEXT(subject, TEXT),
	TEXT(state, NOTHING),
	TEXT(word, NOTHING), /* of facts.def */
	BOOL(has_bounds),
	INT(low),
	INT(high),
	BOOL(has_value),
	INT(value),
	TEXT(source, NOTHING),
	TIME(at),
};
static const struct v6d_fields fact_table = TABLE(fact_fields);
#undef T

#define T struct v6d_trace_time
static const struct v6d_field time_fields[] = {
	TIME(at),
};
static const struct v6d_fields time_table = TABLE(time_fields);
#undef T

#define T struct v6d_trace_ask
static const struct v6d_field ask_fields[] = {
	UINT(id),
	TEXT(probe, NOTHING),
	STRUCT(ask, v6d_fields_ask),
};
static const struct v6d_fields ask_table = TABLE(ask_fields);
#undef T

#define T struct v6d_trace_answer
static const struct v6d_field answer_fields[] = {
	UINT(id),
	TIME(at),
	STRUCT(answer, v6d_fields_answer),
};
static const struct v6d_fields answer_table = TABLE(answer_fields);
#undef T

#define T struct v6d_trace_check
static const struct v6d_field check_fields[] = {
	TEXT(probe, NOTHING),
	TEXT(status, NOTHING),
	TEXT(summary, TEXT),
	UINT(ms),
};
static const struct v6d_fields check_table = TABLE(check_fields);
#undef T

#define T struct v6d_trace_end
static const struct v6d_field end_fields[] = {
	UINT(duration_ms),
	TEXT(client, NAME),
	TEXT(server, NAME),
	UINT(gre_sent),
	UINT(gre_sent_bytes),
	UINT(gre_came),
	UINT(gre_came_bytes),
	UINT(other_sent),
	UINT(other_sent_bytes),
	UINT(packets_left_out),
};
static const struct v6d_fields end_table = TABLE(end_fields);
#undef T

const struct v6d_trace_what v6d_trace_whats[V6D_N_TRACE_KINDS] = {
	[V6D_TRACE_HEAD] = { "head", &head_table },
	[V6D_TRACE_PLAN] = { "plan", &v6d_fields_plan },
	[V6D_TRACE_SCOPE] = { "scope", &scope_table },
	[V6D_TRACE_PROBE_OF] = { "probe", &probe_table },
	[V6D_TRACE_FACT] = { "fact", &fact_table },
	[V6D_TRACE_TURN] = { "turn", &time_table },
	[V6D_TRACE_ASK] = { "ask", &ask_table },
	[V6D_TRACE_ANSWER] = { "answer", &answer_table },
	[V6D_TRACE_EXPIRE] = { "expire", &time_table },
	[V6D_TRACE_CHECK] = { "check", &check_table },
	[V6D_TRACE_END] = { "end", &end_table },
};

/* ---- the list ---- */

struct v6d_trace *
v6d_trace_new(void)
{
	return calloc(1, sizeof(struct v6d_trace));
}

void
v6d_trace_free(struct v6d_trace *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n; i++)
		free(t->events[i].body);
	free(t->events);
	free(t);
}

static bool
make_room(struct v6d_trace *t)
{
	size_t cap = t->cap ? 2 * t->cap : 256;
	struct v6d_trace_event *e;

	if (t->n < t->cap)
		return true;
	e = realloc(t->events, cap * sizeof(*e));
	if (!e)
		return false;
	t->events = e;
	t->cap = cap;
	return true;
}

/* Takes over the body. */
static bool
append(struct v6d_trace *t, enum v6d_trace_kind kind, void *body)
{
	if (!body || !make_room(t)) {
		free(body);
		t->lost = true;
		return false;
	}
	t->events[t->n++] = (struct v6d_trace_event){ kind, body };
	return true;
}

void
v6d_trace_add(struct v6d_trace *t, enum v6d_trace_kind kind, const void *body)
{
	size_t size = v6d_trace_whats[kind].fields->size;
	void *copy = malloc(size);

	if (copy)
		memcpy(copy, body, size);
	append(t, kind, copy);
}

const void *
v6d_trace_next(const struct v6d_trace *t, enum v6d_trace_kind kind, size_t *at)
{
	for (size_t i = at ? *at : 0; i < t->n; i++) {
		if (t->events[i].kind != kind)
			continue;
		if (at)
			*at = i + 1;
		return t->events[i].body;
	}
	return NULL;
}

/* ---- observations ---- */

void
v6d_trace_from_obs(const struct v6d_obs *o, struct v6d_trace_fact *ret)
{
	struct v6d_trace_fact f = { .at = o->at };

	snprintf(f.name, sizeof(f.name), "%s", v6d_fact_name(o->fact));
	snprintf(f.state, sizeof(f.state), "%s", v6d_state_name(o->state));
	memcpy(f.subject, o->subject, sizeof(f.subject));
	memcpy(f.word, o->word, sizeof(f.word));
	memcpy(f.source, o->source, sizeof(f.source));
	f.has_value = o->value != V6D_NO_VALUE;
	f.value = f.has_value ? o->value : 0;
	f.has_bounds = o->low != V6D_NO_VALUE;
	f.low = f.has_bounds ? o->low : 0;
	f.high = f.has_bounds ? o->high : 0;
	*ret = f;
}

bool
v6d_trace_to_obs(const struct v6d_trace_fact *f, struct v6d_obs *ret)
{
	struct v6d_obs o = { .at = f->at };
	int s = 0;

	if (!v6d_fact_by_name(f->name, &o.fact))
		return false;
	while (strcmp(v6d_state_name((enum v6d_state)s), f->state) != 0)
		if (++s > V6D_WAS_OK)
			return false;
	o.state = (enum v6d_state)s;
	memcpy(o.subject, f->subject, sizeof(o.subject));
	memcpy(o.word, f->word, sizeof(o.word));
	memcpy(o.source, f->source, sizeof(o.source));
	o.value = f->has_value ? f->value : V6D_NO_VALUE;
	o.low = f->has_bounds ? f->low : V6D_NO_VALUE;
	o.high = f->has_bounds ? f->high : V6D_NO_VALUE;
	*ret = o;
	return true;
}

/* ---- as text ---- */

static char *
line_of(const struct v6d_trace_event *e)
{
	const struct v6d_trace_what *w = &v6d_trace_whats[e->kind];
	json_t *o = json_object(), *body = v6d_fields_write(w->fields, e->body);
	char *line;

	json_object_set_new(o, w->name, body);
	line = body ? json_dumps(o, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;
	json_decref(o);
	return line;
}

char *
v6d_trace_text(const struct v6d_trace *t, size_t *ret_n)
{
	char *text = calloc(1, 1), *more;
	size_t n = 0;

	for (size_t i = 0; text && i < t->n; i++) {
		char *line = line_of(&t->events[i]);
		size_t len = line ? strlen(line) : 0;

		more = line ? realloc(text, n + len + 2) : NULL;
		if (!more) {
			free(line);
			free(text);
			return NULL;
		}
		text = more;
		memcpy(text + n, line, len);
		n += len;
		text[n++] = '\n';
		text[n] = '\0';
		free(line);
	}
	*ret_n = n;
	return text;
}

/* ---- from text ---- */

/* The event's kind by the object's only key; false: none that we know. */
static bool
kind_of(json_t *o, enum v6d_trace_kind *ret_kind, json_t **ret_body)
{
	for (int i = 0; i < V6D_N_TRACE_KINDS; i++) {
		json_t *body = json_object_get(o, v6d_trace_whats[i].name);

		if (!body)
			continue;
		*ret_kind = (enum v6d_trace_kind)i;
		*ret_body = body;
		return true;
	}
	return false;
}

/* False, with the reason: not to be understood. */
static bool
read_line(
    struct v6d_trace *t, const char *line, size_t len, char *why, size_t n)
{
	json_error_t e;
	json_t *o = json_loadb(line, len, 0, &e), *body;
	enum v6d_trace_kind kind;
	const char *key = "";
	void *p;
	bool ok = true;

	if (!json_is_object(o)) {
		snprintf(why, n, "it is no JSON object");
		json_decref(o);
		return false;
	}
	if (kind_of(o, &kind, &body)) {
		p = calloc(1, v6d_trace_whats[kind].fields->size);
		ok = p && json_is_object(body) &&
		     v6d_fields_read(
			 v6d_trace_whats[kind].fields, body, p, &key);
		if (ok)
			ok = append(t, kind, p);
		else
			free(p);
		if (!ok)
			snprintf(why, n, "its \"%s\" cannot be read", key);
	}
	json_decref(o);
	return ok;
}

static bool
is_ours(const struct v6d_trace *t, char *message, size_t n)
{
	const struct v6d_trace_head *h;

	if (t->n == 0 || t->events[0].kind != V6D_TRACE_HEAD) {
		snprintf(message, n, "the report does not begin with a head");
		return false;
	}
	h = t->events[0].body;
	if (strcmp(h->schema, V6D_TRACE_SCHEMA) == 0)
		return true;
	if (strncmp(h->schema, SCHEMA_NAME, strlen(SCHEMA_NAME)) == 0)
		snprintf(message, n,
		    "the report's format %s is newer than this v6doctor "
		    "reads (%s); take the version %s of v6doctor for it",
		    h->schema, V6D_TRACE_SCHEMA, h->version);
	else
		snprintf(message, n, "the report's format is unknown");
	return false;
}

struct v6d_trace *
v6d_trace_read(const char *text, size_t len, char *message, size_t n)
{
	struct v6d_trace *t = v6d_trace_new();
	const char *p = text, *end = text + len;
	char why[64] = "it ends there";
	unsigned line = 0;

	message[0] = '\0';
	while (t && p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));

		line++;
		if (!nl || !read_line(t, p, (size_t)(nl - p), why, sizeof(why)))
			break;
		p = nl + 1;
		if (t->n == 1 && !is_ours(t, message, n))
			break;
	}
	if (!t || t->n == 0 || message[0] != '\0') {
		if (message[0] == '\0')
			snprintf(message, n, "the report has no head");
		v6d_trace_free(t);
		return NULL;
	}
	t->whole = p == end && t->events[t->n - 1].kind == V6D_TRACE_END;
	if (!t->whole)
		snprintf(message, n, "in line %u of the report: %s", line, why);
	return t;
}
