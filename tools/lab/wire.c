/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wire.c - bad lines: links that lead through a relay. */
#include "lab/wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIND "relay" /* "[relay]" in a fault: KEY = VALUE of the relay */
#define LINES_MAX 1024

/* All that faults say of the relay at a node, the later ones on top. */
static void
settings(
    const struct v6d_lab_plan *plan, enum v6d_lab_node node, struct v6d_text *t)
{
	for (size_t i = 0; i < plan->n_faults; i++) {
		char usual[LINES_MAX], more[LINES_MAX];
		struct v6d_text u = v6d_text_to(usual, sizeof(usual)),
				m = v6d_text_to(more, sizeof(more));

		v6d_text_add(&u, "%s", t->p);
		v6d_fault_lines(&m, &plan->faults[i], KIND, node);
		*t = v6d_text_to(t->p, t->cap);
		v6d_sheet_merge(t, usual, more);
	}
}

static bool
has_relay(const struct v6d_lab_plan *plan, enum v6d_lab_node node)
{
	char lines[LINES_MAX];
	struct v6d_text t = v6d_text_to(lines, sizeof(lines));

	settings(plan, node, &t);
	return t.len > 0;
}

bool
v6d_wire_wanted(const struct v6d_lab_plan *plan)
{
	for (unsigned i = 0; i < V6D_LAB_NODES; i++)
		if (has_relay(plan, (enum v6d_lab_node)i))
			return true;
	return false;
}

/*
 * "link add NAME netns NODE type veth peer name PEER netns OTHER". A node's
 * link away from the client is its first.
 */
static void
split(struct v6d_text *t, char *line)
{
	const char *w[V6D_CHILD_WORDS];

	if (v6d_child_words(line, w) != 12)
		return;
	v6d_text_add(t,
	    "link add %s netns %s type veth peer name %s-near netns " V6D_WIRE
	    "\n",
	    w[2], w[4], w[4]);
	v6d_text_add(t,
	    "link add %s-far netns " V6D_WIRE
	    " type veth peer name %s netns %s\n",
	    w[4], w[9], w[11]);
}

void
v6d_wire_links(const struct v6d_lab_plan *plan, enum v6d_lab_node node,
    const char *lines, struct v6d_text *t)
{
	struct v6d_sheet s = { .body = lines, .len = strlen(lines) };
	bool bad = has_relay(plan, node);
	char line[V6D_SHEET_LINE];
	size_t pos = 0;

	while (v6d_sheet_line(&s, &pos, line)) {
		if (bad)
			split(t, line);
		else
			v6d_text_add(t, "%s\n", line);
		bad = false;
	}
}

int
v6d_wire_relay(const struct v6d_lab_plan *plan, enum v6d_lab_node node,
    int ready_fd, struct v6d_child *ret_child)
{
	char near[16], far[16], lines[LINES_MAX], line[V6D_SHEET_LINE];
	const char *words[V6D_CHILD_WORDS] = { "v6doctor", "lab", "relay",
		"--ready-fd", "3", near, far };
	char keys[V6D_CHILD_WORDS][2 * V6D_SHEET_WORD];
	struct v6d_text t = v6d_text_to(lines, sizeof(lines));
	struct v6d_sheet s = { .body = lines };
	size_t pos = 0, n = 7;
	int rc;

	snprintf(near, sizeof(near), "%s-near", v6d_lab_node_name(node));
	snprintf(far, sizeof(far), "%s-far", v6d_lab_node_name(node));
	settings(plan, node, &t);
	s.len = t.len;
	if (t.len == 0)
		return 0;
	while (v6d_sheet_line(&s, &pos, line)) {
		const char *value = v6d_sheet_split(line);

		if (!value || n == V6D_CHILD_WORDS - 1 || t.cut)
			return -EINVAL;
		snprintf(keys[n], sizeof(keys[n]), "%.20s=%.20s", line, value);
		words[n] = keys[n];
		n++;
	}
	rc = v6d_child_start(
	    ret_child, plan->wire, words, NULL, ready_fd, plan->self_fd);
	return rc < 0 ? rc : 1;
}
