/* SPDX-License-Identifier: GPL-2.0-or-later */
/* progress.c - one line on a terminal, drawn again and again in place. */
#include "progress.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"

#define WIPE "\r\033[K"

static const char *
mark(enum v6d_probe_status s)
{
	switch (s) {
	case V6D_PROBE_WAITING:
		return "\xc2\xb7"; /* middle dot */
	case V6D_PROBE_RUNNING:
		return "\xe2\x80\xa6"; /* ellipsis */
	case V6D_PROBE_PASS:
		return "\xe2\x9c\x93"; /* check mark */
	case V6D_PROBE_WARN:
		return "!";
	case V6D_PROBE_FAIL:
		return "\xe2\x9c\x97"; /* ballot x */
	case V6D_PROBE_UNKNOWN:
		return "?";
	case V6D_PROBE_SKIPPED:
		return "-";
	case V6D_PROBE_BROKEN:
		return "!!";
	}
	return "?";
}

static size_t
columns(void)
{
	struct winsize w;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 20)
		return w.ws_col;
	return 80;
}

void
v6d_progress_show(void *arg, const struct v6d_graph *g)
{
	struct v6d_progress *p = arg;
	char line[512];
	struct v6d_text t = v6d_text_to(line, sizeof(line));
	size_t width = 0, room = columns() - 1;

	if (!p->on)
		return;
	for (size_t i = 0; i < v6d_graph_n(g); i++) {
		const struct v6d_probe_run *r = v6d_graph_run(g, i);
		char one[48];
		int n = snprintf(one, sizeof(one), "%s", r->probe->name);

		width += (size_t)n + 4; /* blanks, mark */
		if (width > room)
			break;
		v6d_text_add(&t, "  %s %s", one, mark(r->status));
	}
	fprintf(stderr, WIPE "%s", line);
	fflush(stderr);
	p->shown = true;
}

void
v6d_progress_say(struct v6d_progress *p, const char *what)
{
	if (!p->on)
		return;
	fprintf(stderr, WIPE "  %s", what);
	fflush(stderr);
	p->shown = true;
}

void
v6d_progress_end(struct v6d_progress *p)
{
	if (p->shown)
		fputs(WIPE, stderr);
	fflush(stderr);
	p->shown = false;
}
