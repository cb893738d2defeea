/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_program.c - other programs: output, status, deadline, no remains. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/program.h"

#define SOON (v6d_clock_now() + V6D_S(20))

static int
run(const char *script, const char *in, char *out, size_t n, v6d_ns until)
{
	const char *argv[] = { "sh", "-c", script, NULL };
	int status = -1, err;

	err = v6d_program_run(-1, argv, in, out, n, until, &status);
	return err < 0 ? err : status;
}

static void
gives_output_and_status(void **state)
{
	char out[64];

	(void)state;
	assert_int_equal(
	    run("cat; echo err >&2; exit 3", "in\n", out, sizeof(out), SOON),
	    3);
	assert_string_equal(out, "in\nerr\n");
	assert_int_equal(
	    run("kill -9 $$", NULL, out, sizeof(out), SOON), 128 + SIGKILL);
	assert_string_equal(out, "");
}

static void
drops_what_does_not_fit(void **state)
{
	char out[8];

	(void)state;
	assert_int_equal(run("i=0; while [ $i -lt 9999 ]; do echo $i; "
			     "i=$((i+1)); done",
			     NULL, out, sizeof(out), SOON),
	    0);
	assert_string_equal(out, "0\n1\n2\n3");
}

static void
has_a_deadline(void **state)
{
	char out[64];

	(void)state;
	assert_int_equal(run("echo here; exec sleep 1000", NULL, out,
			     sizeof(out), v6d_clock_now() + V6D_MS(50)),
	    -ETIMEDOUT);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void
says_what_is_missing(void **state)
{
	const char *argv[] = { "v6d-no-such-program", NULL };
	char out[8];
	int status;

	(void)state;
	assert_int_equal(
	    v6d_program_run(-1, argv, NULL, out, sizeof(out), SOON, &status),
	    -ENOENT);
}

/* Nothing but the named descriptors gets through, at their places. */
static void
passes_only_what_is_named(void **state)
{
	const char *argv[] = { "sh", "-c",
		"read -r x <&3; [ \"$x\" = hello ] || exit 1;"
		"for f in /proc/self/fd/*; do case ${f##*/} in [0123]) ;;"
		" *) [ -e \"$f\" ] && exit 2;; esac; done; exit 0",
		NULL };
	struct v6d_program_conf conf = { .ns_fd = -1,
		.argv = argv,
		.in_fd = -1,
		.out_fd = -1,
		.err_fd = -1,
		.n_keep = 1 };
	struct v6d_program p;
	int pipes[2], status, extra = dup(1);

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(write(pipes[1], "hello\n", 6), 6);
	conf.keep[0] = pipes[0];
	assert_int_equal(v6d_program_start(&conf, &p), 0);
	assert_int_equal(v6d_program_wait(&p, SOON, &status), 0);
	assert_int_equal(status, 0);
	assert_int_equal(p.pid, 0);
	close(pipes[0]);
	close(pipes[1]);
	close(extra);
}

static void
ends_what_ignores_it(void **state)
{
	const char *argv[] = { "sh", "-c", "trap '' TERM; sleep 1000", NULL };
	struct v6d_program_conf conf = { .ns_fd = -1,
		.argv = argv,
		.in_fd = -1,
		.out_fd = -1,
		.err_fd = -1 };
	struct v6d_program p;
	pid_t pid;

	(void)state;
	v6d_program_end(NULL, 0);
	assert_int_equal(v6d_program_start(&conf, &p), 0);
	pid = p.pid;
	v6d_program_end(&p, V6D_MS(20));
	assert_int_equal(p.pid, 0);
	assert_int_equal(kill(pid, 0), -1);
	v6d_program_end(&p, 0); /* a second time is no error */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_output_and_status),
		cmocka_unit_test(drops_what_does_not_fit),
		cmocka_unit_test(has_a_deadline),
		cmocka_unit_test(says_what_is_missing),
		cmocka_unit_test(passes_only_what_is_named),
		cmocka_unit_test(ends_what_ignores_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
