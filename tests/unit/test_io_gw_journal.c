/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_gw_journal.c - what has to be undone, through crashes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/journal.h"

static char dir[64], path[96];

static const struct v6d_record first = { 2, { "v6doctor", "1" } };
static const struct v6d_record change = { 3, { "address", "br0", "::1/64" } };

static int
fresh(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/v6d-journal.XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/x.journal", dir);
	return 0;
}

static int
gone(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static struct v6d_journal *
opened(bool make)
{
	static struct v6d_journal j;

	assert_int_equal(v6d_journal_open(&j, dir, "x", make), 0);
	return &j;
}

static void
survives(void **state)
{
	struct v6d_journal *j = opened(true);

	(void)state;
	assert_int_equal(j->n, 0);
	assert_int_equal(v6d_journal_begin(j, &first), 0);
	assert_int_equal(v6d_journal_add(j, &change), 0);
	assert_int_equal(v6d_journal_add(j, &change), 0);
	assert_int_equal(v6d_journal_undone(j, 2), 0);
	v6d_journal_close(j);
	j = opened(false);
	assert_int_equal(j->n, 3);
	assert_string_equal(j->e[1].r.word[2], "::1/64");
	assert_false(j->e[1].undone);
	assert_true(j->e[2].undone);
	assert_false(j->damaged);
	assert_int_equal(v6d_journal_remove(j), 0);
	v6d_journal_close(j);
	assert_int_equal(v6d_journal_open(j, dir, "x", false), -ENOENT);
}

/* Whatever part of the last line was written: it was not done then. */
static void
torn_line(void **state)
{
	struct v6d_journal *j = opened(true);
	char text[256];
	size_t n = v6d_record_encode(&change, text, sizeof(text));
	off_t at;

	(void)state;
	assert_int_equal(v6d_journal_begin(j, &first), 0);
	at = j->at;
	v6d_journal_close(j);
	for (size_t cut = 1; cut < n; cut++) {
		int fd = open(path, O_WRONLY);

		assert_true(fd >= 0);
		assert_int_equal(pwrite(fd, text, cut, at), (ssize_t)cut);
		close(fd);
		j = opened(false);
		assert_int_equal(j->n, 1);
		assert_true(j->damaged);
		/* What comes next stands behind the good part. */
		assert_int_equal(v6d_journal_add(j, &change), 0);
		v6d_journal_close(j);
		j = opened(false);
		assert_int_equal(j->n, 2);
		assert_false(j->damaged);
		assert_int_equal(ftruncate(j->fd, at), 0);
		v6d_journal_close(j);
	}
}

static void
one_at_a_time(void **state)
{
	struct v6d_journal *j = opened(true);
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		static struct v6d_journal other;
		int err = v6d_journal_open(&other, dir, "x", true);

		_exit(err == -EBUSY && other.owner == getppid() ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	v6d_journal_close(j);
}

static void
refused_places(void **state)
{
	struct v6d_journal j;

	(void)state;
	assert_int_equal(
	    v6d_journal_open(&j, "/proc/no-such", "x", true), -ENOENT);
	assert_int_equal(v6d_journal_open(&j, "/proc", "x", true), -ENOENT);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_int_equal(v6d_journal_open(&j, dir, "x", true), -ELOOP);
}

/* What is undone makes room, in memory and on disk. */
static void
many(void **state)
{
	struct v6d_journal *j = opened(true);
	char number[16];
	struct v6d_record r = { 3, { "address", "br0", number } };
	bool kept = false;

	(void)state;
	assert_int_equal(v6d_journal_begin(j, &first), 0);
	assert_int_equal(v6d_journal_add(j, &change), 0);
	for (int i = 0; i < 5 * V6D_JOURNAL_RECORDS; i++) {
		snprintf(number, sizeof(number), "%d", i);
		assert_int_equal(v6d_journal_add(j, &r), 0);
		assert_int_equal(v6d_journal_undone(j, j->n - 1), 0);
	}
	v6d_journal_close(j);
	j = opened(false);
	assert_int_equal(strcmp(j->e[0].r.word[0], "v6doctor"), 0);
	for (unsigned i = 1; i < j->n; i++)
		kept = kept || (!j->e[i].undone &&
				   strcmp(j->e[i].r.word[2], "::1/64") == 0);
	assert_true(kept);
	assert_false(j->damaged);
	v6d_journal_close(j);
}

/* Nothing undone: it is full at last, and says so. */
static void
full(void **state)
{
	struct v6d_journal *j = opened(true);
	int err = v6d_journal_begin(j, &first);
	unsigned n = 0;

	(void)state;
	while (err == 0 && n++ <= V6D_JOURNAL_RECORDS)
		err = v6d_journal_add(j, &change);
	assert_int_equal(err, -ENOSPC);
	v6d_journal_close(j);
	j = opened(false);
	assert_int_equal(j->n, V6D_JOURNAL_RECORDS);
	v6d_journal_close(j);
}

static void
in_memory(void **state)
{
	static struct v6d_journal j;

	(void)state;
	assert_int_equal(v6d_journal_open(&j, NULL, NULL, true), 0);
	assert_int_equal(v6d_journal_begin(&j, &first), 0);
	assert_int_equal(v6d_journal_add(&j, &change), 0);
	assert_int_equal(v6d_journal_remove(&j), 0);
	v6d_journal_close(&j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(survives, fresh, gone),
		cmocka_unit_test_setup_teardown(torn_line, fresh, gone),
		cmocka_unit_test_setup_teardown(one_at_a_time, fresh, gone),
		cmocka_unit_test_setup_teardown(refused_places, fresh, gone),
		cmocka_unit_test_setup_teardown(many, fresh, gone),
		cmocka_unit_test_setup_teardown(full, fresh, gone),
		cmocka_unit_test_setup_teardown(in_memory, fresh, gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
