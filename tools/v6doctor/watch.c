/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watch.c - repeats a run until a signal comes. */
#include "watch.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd.h"
#include "io/clock.h"

struct watching {
	const struct v6d_watch *w;
	struct v6d_seen before;
	struct v6d_seen *now; /* shared with the run's process */
	sigset_t set, usual; /* what is waited for; the mask of a run */
	bool stop;
	int status; /* of the last whole run */
};

static void
be_run(struct watching *g)
{
	int status;

	/* A watch that is killed takes its run with it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigprocmask(SIG_SETMASK, &g->usual, NULL);
	status = g->w->run(g->w->arg, &g->before, g->now);
	fflush(NULL);
	_exit(status);
}

/* The next signal, at most until then; 0: none came. */
static int
signal_until(const struct watching *g, v6d_ns then)
{
	for (;;) {
		v6d_ns now = v6d_clock_now(),
		       left = then > now ? then - now : 0;
		struct timespec t = { (time_t)(left / V6D_S(1)),
			(long)(left % V6D_S(1)) };
		int s = sigtimedwait(&g->set, NULL, &t);

		if (s > 0)
			return s;
		if (errno != EINTR)
			return 0;
	}
}

/* Until it has ended; a signal that asks to stop is handed on to it. */
static int
wait_for(struct watching *g, pid_t pid)
{
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		int s = signal_until(g, v6d_clock_now() + V6D_S(1));

		if (s == SIGINT || s == SIGTERM) {
			g->stop = true;
			kill(pid, s);
		}
	}
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	g->now->run = 0; /* killed: whatever it saw, it did not say all of it */
	return V6D_EXIT_INTERNAL;
}

/* 0, or the status or -errno that ends the watch. */
static int
one(struct watching *g)
{
	int status;
	pid_t pid;

	g->now->run = 0;
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0)
		be_run(g);
	status = wait_for(g, pid);
	if (g->now->run > 0) {
		g->before = *g->now;
		g->status = status;
	}
	if (g->stop || (g->now->run > 0 && status != V6D_EXIT_INTERNAL))
		return 0;
	/* a run that came to nothing: maybe the next one does not */
	return g->before.run == 0 || status == V6D_EXIT_INTERNAL ? status : 0;
}

static void
pause_until(struct watching *g, v6d_ns then)
{
	int s;

	while (!g->stop && (s = signal_until(g, then)) != 0)
		g->stop = s == SIGINT || s == SIGTERM;
}

int
v6d_watch_go(const struct v6d_watch *w)
{
	struct watching g = { .w = w };
	int end = 0;

	g.now = mmap(NULL, sizeof(*g.now), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (g.now == MAP_FAILED)
		return -errno;
	sigemptyset(&g.set);
	sigaddset(&g.set, SIGINT);
	sigaddset(&g.set, SIGTERM);
	sigaddset(&g.set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &g.set, &g.usual);
	while (end == 0 && !g.stop) {
		v6d_ns start = v6d_clock_now();

		end = one(&g);
		if (end == 0)
			pause_until(&g, start + w->every);
	}
	munmap(g.now, sizeof(*g.now));
	sigprocmask(SIG_SETMASK, &g.usual, NULL);
	return end != 0 ? end : g.status;
}
