/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ask_libc.c - what this host's own libc makes of a name: getaddrinfo(3), by
 * hosts file, nsswitch and resolv.conf, in a child that can be given up.
 */
#include "io/ask_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/wire.h"
#include "proto/dns.h"

#define CHILD_S 60 /* a child that nobody gave up ends by itself */
#define CANNOT 1000 /* no error of getaddrinfo: it could not be tried */

/* What the child writes, whole or not at all. */
struct said {
	int err; /* EAI_*, 0, or CANNOT + errno */
	unsigned n;
	struct v6d_addr addrs[8];
};

struct libc {
	pid_t pid;
};

/* ---- in the child ---- */

struct lookup {
	const struct v6d_ask *ask;
	struct said *said;
};

static void
keep(struct said *s, const struct sockaddr *sa)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (s->n == V6D_ARRAY_LEN(s->addrs))
		return;
	if (sa->sa_family == AF_INET) {
		memcpy(&in, sa, sizeof(in));
		s->addrs[s->n++] = v6d_addr_4((const uint8_t *)&in.sin_addr);
	} else if (sa->sa_family == AF_INET6) {
		memcpy(&in6, sa, sizeof(in6));
		s->addrs[s->n++] = v6d_addr_6(in6.sin6_addr.s6_addr);
	}
}

static int
look_up(void *arg)
{
	const struct lookup *l = arg;
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list = NULL;

	hints.ai_family = l->ask->qtype == V6D_DNS_AAAA ? AF_INET6
			  : l->ask->qtype == V6D_DNS_A  ? AF_INET
							: AF_UNSPEC;
	hints.ai_flags = l->ask->addrconfig ? AI_ADDRCONFIG : 0;
	l->said->err = getaddrinfo(l->ask->name, NULL, &hints, &list);
	for (struct addrinfo *i = list; i && l->said->err == 0; i = i->ai_next)
		keep(l->said, i->ai_addr);
	return 0;
}

static int
copy_file(const char *from, const char *to)
{
	char buf[4096];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
	ssize_t n = in < 0 || out < 0 ? -1 : read(in, buf, sizeof(buf));

	if (n < 0 || write(out, buf, (size_t)n) != n)
		return -errno;
	return 0;
}

/*
 * A host of the practice network has files of its own in the place of ours.
 * They are in another mount namespace, so they are copied into this one.
 */
static int
use_etc(const char *dir)
{
	static const char *const names[] = { "hosts", "nsswitch.conf",
		"resolv.conf" };
	int err;

	if (!dir)
		return 0;
	if (unshare(CLONE_NEWNS) < 0 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("tmpfs", "/tmp", "tmpfs", 0, NULL) < 0)
		return -errno;
	for (size_t i = 0; i < V6D_ARRAY_LEN(names); i++) {
		char from[4096], copy[64], to[64];

		snprintf(from, sizeof(from), "%s/%s", dir, names[i]);
		snprintf(copy, sizeof(copy), "/tmp/%s", names[i]);
		snprintf(to, sizeof(to), "/etc/%s", names[i]);
		err = copy_file(from, copy);
		if (err < 0)
			return err;
		if (mount(copy, to, NULL, MS_BIND, NULL) < 0)
			return -errno;
	}
	return 0;
}

__attribute__((noreturn)) static void
child(const struct v6d_job *j, int fd)
{
	struct said s = { 0 };
	struct lookup l = { &j->ask, &s };
	int err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(CHILD_S);
	err = use_etc(j->asker->conf.etc);
	if (err == 0)
		err = v6d_netns_run(v6d_job_ns(j), look_up, &l);
	if (err < 0)
		s.err = CANNOT - err;
	_exit(write(fd, &s, sizeof(s)) == (ssize_t)sizeof(s) ? 0 : 1);
}

/* ---- in the parent ---- */

static int
errno_of(int eai)
{
	switch (eai) {
	case EAI_AGAIN:
		return ETIMEDOUT;
	case EAI_NONAME:
	case EAI_NODATA:
	case EAI_ADDRFAMILY:
		return ENOENT;
	}
	return EIO;
}

static void
take(struct v6d_job *j, const struct said *s)
{
	struct v6d_answer *a = &j->answer;

	if (s->err >= CANNOT) {
		v6d_job_refuse(
		    j, s->err - CANNOT, "%s", strerror(s->err - CANNOT));
		return;
	}
	a->n_addrs = s->n;
	memcpy(a->addrs, s->addrs, sizeof(a->addrs));
	if (s->err == 0) {
		v6d_job_done(j);
		return;
	}
	snprintf(a->text, sizeof(a->text), "%s", gai_strerror(s->err));
	v6d_job_failed(j, errno_of(s->err));
}

static void
readable(uv_poll_t *h, int status, int events)
{
	struct v6d_job *j = h->data;
	struct said s;
	ssize_t n = read(j->fd, &s, sizeof(s));

	(void)status;
	(void)events;
	if (n == (ssize_t)sizeof(s))
		take(j, &s);
	else if (n >= 0 || errno != EAGAIN)
		v6d_job_refuse(j, EIO, "the child that looks names up died");
}

static void
closed(struct v6d_job *j)
{
	const struct libc *x = j->x;

	if (!x || x->pid <= 0)
		return;
	kill(x->pid, SIGKILL);
	while (waitpid(x->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

int
v6d_ask_libc_start(struct v6d_job *j)
{
	struct libc *x = calloc(1, sizeof(*x));
	int p[2];

	if (!x)
		return -ENOMEM;
	j->x = x;
	j->on_close = closed;
	if (pipe2(p, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	x->pid = fork();
	if (x->pid == 0)
		child(j, p[1]);
	close(p[1]);
	j->fd = p[0];
	if (x->pid < 0)
		return -errno;
	return v6d_job_watch(j, j->fd, UV_READABLE, readable);
}
