/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_savefile.c - a file is there whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/savefile.h"

static char dir[] = "/tmp/v6d-save-XXXXXX";
static char path[64];

static int
setup(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/report", dir);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static int
n_files(void)
{
	DIR *d = opendir(dir);
	int n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static void
check_content(const char *want)
{
	char buf[64] = "";
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_true(fread(buf, 1, sizeof(buf) - 1, f) == strlen(want));
	fclose(f);
	assert_string_equal(buf, want);
}

static void
test_written(void **state)
{
	struct v6d_savefile s;
	struct stat st;

	(void)state;
	umask(0);
	assert_int_equal(v6d_savefile_open(path, &s), 0);
	assert_int_equal(access(path, F_OK), -1); /* not before the end */
	assert_int_equal(v6d_savefile_end(&s, "first", 5), 0);
	check_content("first");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(v6d_savefile_open(path, &s), 0);
	check_content("first"); /* still */
	assert_int_equal(v6d_savefile_end(&s, "second", 6), 0);
	check_content("second");
	assert_int_equal(n_files(), 1);
}

static void
test_dropped(void **state)
{
	struct v6d_savefile s;

	(void)state;
	assert_int_equal(v6d_savefile_open(path, &s), 0);
	assert_int_equal(n_files(), 2);
	v6d_savefile_drop(&s);
	v6d_savefile_drop(&s);
	assert_int_equal(n_files(), 1);
	check_content("second");
}

/* Another child that holds everything open does not hold it up. */
static void
test_held(void **state)
{
	struct v6d_savefile s;
	pid_t pid;

	(void)state;
	assert_int_equal(v6d_savefile_open(path, &s), 0);
	pid = fork();
	if (pid == 0)
		for (;;)
			pause();
	alarm(30); /* or this test hangs */
	v6d_savefile_drop(&s);
	alarm(0);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_int_equal(n_files(), 1);
}

static void
test_refused(void **state)
{
	struct v6d_savefile s;
	char sub[96];

	(void)state;
	assert_int_equal(v6d_savefile_open("", &s), -ENOENT);
	assert_int_equal(v6d_savefile_open(dir, &s), -EISDIR);
	assert_int_equal(v6d_savefile_open("/dev/null", &s), -EINVAL);
	snprintf(sub, sizeof(sub), "%s/none/report", dir);
	assert_int_equal(v6d_savefile_open(sub, &s), -ENOENT);
	snprintf(sub, sizeof(sub), "%s/sub", path);
	assert_int_equal(v6d_savefile_open(sub, &s), -ENOTDIR);
	v6d_savefile_drop(&s);
	assert_int_equal(n_files(), 1);
}

/* No room: what was there stays, nothing else is left. */
static void
test_full(void **state)
{
	struct rlimit old, small = { 4, 4 };
	struct v6d_savefile s;
	int err;

	(void)state;
	assert_int_equal(v6d_savefile_open(path, &s), 0);
	getrlimit(RLIMIT_FSIZE, &old);
	small.rlim_max = old.rlim_max;
	sigaction(SIGXFSZ, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
	setrlimit(RLIMIT_FSIZE, &small);
	err = v6d_savefile_end(&s, "too long", 8);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(err, -EFBIG);
	assert_int_equal(n_files(), 1);
	check_content("second");
}

/* The program is killed: the keeper takes the half-made file away. */
static void
test_killed(void **state)
{
	struct v6d_savefile s;
	int ready[2], gone[2], status;
	char byte;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(gone), 0);
	pid = fork();
	if (pid == 0) {
		/* the keeper keeps gone[1] open as long as it lives */
		if (v6d_savefile_open(path, &s) == 0 &&
		    write(ready[1], "r", 1) == 1)
			for (;;)
				pause();
		_exit(1);
	}
	close(gone[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(n_files(), 2);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	assert_int_equal(read(gone[0], &byte, 1), 0); /* the keeper is gone */
	assert_int_equal(n_files(), 1);
	check_content("second");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_dropped),
		cmocka_unit_test(test_held),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_killed),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
