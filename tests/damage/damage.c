/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * damage.c - fixtures cut short and changed at random: what is left of one is
 * never certain of a cause that the whole is not about, and nothing makes
 * the program crash or hang. All in one process.
 *
 * damage [--cuts N] [--changes N] [--seed N] FILE...
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../tools/v6doctor/judge.h"
#include "../../tools/v6doctor/read_text.h"
#include "io/input.h"

#define FILE_MAX (16u << 20) /* bytes of a fixture, unpacked */
#define PATIENCE_S 20 /* for one judgement */

static struct {
	uint64_t random;
	unsigned cuts, changes;
	int copy; /* a file in memory: what is judged */
	char path[32]; /* its name */
	const char *fixture; /* under test, for messages */
	char what[64]; /* that was done to it */
	unsigned ok, bad;
} test = { .random = 1, .cuts = 4, .changes = 10 };

/* Causes that a fixture names, or holds possible. */
struct causes {
	bool named[V6D_N_CAUSES];
	bool certain[V6D_N_CAUSES];
};

/* xorshift64*: the same damage for the same seed, everywhere. */
static uint64_t
next_random(uint64_t below)
{
	test.random ^= test.random >> 12;
	test.random ^= test.random << 25;
	test.random ^= test.random >> 27;
	return (test.random * 0x2545f4914f6cdd1dull >> 16) % below;
}

static void
fail(const char *why)
{
	printf("FAILED: %s, %s: %s\n", test.fixture, test.what, why);
	test.bad++;
}

/* A judgement that does not end is a finding as a crash is. */
static void
hangs(int number)
{
	static const char why[] = "FAILED: it does not end: ";

	(void)number;
	if (write(STDERR_FILENO, why, sizeof(why) - 1) < 0 ||
	    write(STDERR_FILENO, test.fixture, strlen(test.fixture)) < 0 ||
	    write(STDERR_FILENO, "\n", 1) < 0)
		_exit(2);
	_exit(1);
}

/* ---- one judgement ---- */

static void
collect(const struct v6d_diagnosis *d, struct causes *c)
{
	for (unsigned i = 0; d && i < d->n; i++) {
		c->named[d->findings[i].cause] = true;
		if (d->findings[i].certainty == V6D_CERTAIN)
			c->certain[d->findings[i].cause] = true;
	}
	for (unsigned i = 0; d && i < d->n_undecided; i++)
		for (unsigned k = 0; k < d->undecided[i].n; k++)
			c->named[d->undecided[i].between[k]] = true;
}

static void
judge_text(struct causes *c)
{
	struct v6d_text_judgement *j = v6d_text_new();
	int err = j ? v6d_text_add_file(j, test.path) : -ENOMEM;

	if (err == 0) {
		v6d_text_judge(j);
		collect(&j->diagnosis, c);
	} else if (err != -EBADMSG || !j->message[0]) {
		fail("no clear error");
	}
	v6d_text_free(j);
}

static void
judge_capture(struct causes *c)
{
	struct v6d_judgement j;
	int err = v6d_judge_file(test.path, &j);

	if ((err && err != -EBADMSG && err != -ENOTSUP) ||
	    ((err || j.damaged) && !j.message[0]))
		fail("no clear error");
	if (err == 0 && j.report)
		collect(&j.report->diagnosis, c);
	for (size_t i = 1; err == 0 && i <= j.n; i++)
		if (v6d_judge_choose(&j, i))
			collect(v6d_judgement_diagnosis(&j), c);
	v6d_judgement_done(&j);
}

static void
judge(bool text, const uint8_t *p, size_t n, struct causes *c)
{
	memset(c, 0, sizeof(*c));
	if (ftruncate(test.copy, 0) < 0 ||
	    pwrite(test.copy, p, n, 0) != (ssize_t)n) {
		fail("no memory for the copy");
		return;
	}
	alarm(PATIENCE_S);
	if (text)
		judge_text(c);
	else
		judge_capture(c);
	alarm(0);
}

/* ---- one fixture ---- */

/*
 * The first is the second in full: a part that does not show all of it may
 * be certain of the second.
 */
static const struct {
	enum v6d_cause whole, part;
} milder[] = {
	{ V6D_CAUSE_PTB_FILTERED_LOCAL, V6D_CAUSE_ICMPV6_OVER_FILTERED },
};

static bool
may_be_certain(const struct causes *whole, enum v6d_cause cause)
{
	for (size_t i = 0; i < sizeof(milder) / sizeof(milder[0]); i++)
		if (milder[i].part == cause && whole->named[milder[i].whole])
			return true;
	return whole->named[cause];
}

static void
compare(const struct causes *whole, const struct causes *part)
{
	char why[128];

	for (int i = 0; i < V6D_N_CAUSES; i++) {
		if (!part->certain[i] ||
		    may_be_certain(whole, (enum v6d_cause)i))
			continue;
		snprintf(why, sizeof(why), "certain of %s, the whole is not",
		    v6d_cause_name((enum v6d_cause)i));
		fail(why);
		return;
	}
	test.ok++;
}

static void
cut(bool text, const uint8_t *p, size_t n, const struct causes *whole)
{
	for (unsigned i = 0; i < test.cuts; i++) {
		size_t at = next_random(n);
		struct causes part;

		snprintf(test.what, sizeof(test.what), "cut at %zu", at);
		judge(text, p, at, &part);
		compare(whole, &part);
	}
}

static void
change(bool text, uint8_t *p, size_t n)
{
	for (unsigned i = 0; i < test.changes; i++) {
		size_t at = next_random(n);
		uint8_t was = p[at];
		struct causes any;

		p[at] = (uint8_t)next_random(256);
		snprintf(test.what, sizeof(test.what), "byte %zu is %u", at,
		    (unsigned)p[at]);
		judge(text, p, n, &any);
		p[at] = was;
		test.ok++;
	}
}

static bool
is_text(const char *path)
{
	size_t n = strlen(path);

	return n > 4 && strcmp(path + n - 4, ".txt") == 0;
}

static void
try(const char *path)
{
	FILE *f = v6d_input_open(path);
	bool text = is_text(path);
	struct causes whole;
	uint8_t *p = NULL;
	size_t n = 0;

	test.fixture = path;
	snprintf(test.what, sizeof(test.what), "whole");
	if (!f || v6d_input_all(f, FILE_MAX, &p, &n) < 0 || n == 0) {
		fail("cannot be read");
	} else {
		judge(text, p, n, &whole);
		cut(text, p, n, &whole);
		change(text, p, n);
	}
	if (f)
		v6d_input_close(f);
	free(p);
}

static int
read_options(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "cuts", required_argument, NULL, 'c' },
		{ "changes", required_argument, NULL, 'b' },
		{ "seed", required_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1)
		switch (c) {
		case 'c':
			test.cuts = (unsigned)strtoul(optarg, NULL, 10);
			break;
		case 'b':
			test.changes = (unsigned)strtoul(optarg, NULL, 10);
			break;
		case 's':
			test.random = strtoull(optarg, NULL, 10) | 1;
			break;
		default:
			return 64;
		}
	return 0;
}

int
main(int argc, char **argv)
{
	int status = read_options(argc, argv);

	if (status)
		return status;
	test.copy = memfd_create("fixture", MFD_CLOEXEC);
	if (test.copy < 0)
		return 69;
	snprintf(test.path, sizeof(test.path), "/proc/self/fd/%d", test.copy);
	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = hangs }, NULL);
	for (int i = optind; i < argc; i++)
		try(argv[i]);
	printf("damage: %u passed, %u failed\n", test.ok, test.bad);
	return test.bad > 0 || test.ok == 0;
}
