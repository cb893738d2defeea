/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lab.c - starts labs, finds them, and holds handles on them. */
#include "lab/lab.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/embed.h"
#include "cmd.h"
#include "lab/owner.h"

#define START_MS 15000
#define DOWN_MS 5000
#define NAME_MAX_LEN 32
#define PASSWORD "secret\n"
#define PROFILE_MAX 2048

struct v6d_lab {
	int sock;
	pid_t pid; /* of an owner that is our child, else 0 */
	int ns[V6D_LAB_NODES];
	int password_fd, profile_fd;
	char faults[V6D_LAB_ERR];
	char profile[PROFILE_MAX], path[48];
};

static int
say(char *err, int status, const char *what)
{
	if (errno)
		snprintf(err, V6D_LAB_ERR, "%s: %s", what, strerror(errno));
	else
		snprintf(err, V6D_LAB_ERR, "%s", what);
	return status;
}

static void
lab_free(struct v6d_lab *lab)
{
	if (!lab)
		return;
	for (unsigned i = 0; i < V6D_LAB_NODES; i++)
		if (lab->ns[i] >= 0)
			close(lab->ns[i]);
	if (lab->sock >= 0)
		close(lab->sock);
	if (lab->password_fd >= 0)
		close(lab->password_fd);
	if (lab->profile_fd >= 0)
		close(lab->profile_fd);
	free(lab);
}

static struct v6d_lab *
lab_new(void)
{
	struct v6d_lab *lab = calloc(1, sizeof(*lab));

	if (!lab)
		return NULL;
	lab->sock = lab->password_fd = lab->profile_fd = -1;
	for (unsigned i = 0; i < V6D_LAB_NODES; i++)
		lab->ns[i] = -1;
	return lab;
}

/* A file of ours with mode 0600 that no folder shows. */
static int
private_file(const char *text)
{
	int fd = memfd_create("v6doctor-lab", MFD_CLOEXEC);
	ssize_t n = (ssize_t)strlen(text);

	if (fd < 0)
		return -1;
	if (fchmod(fd, 0600) != 0 || write(fd, text, (size_t)n) != n) {
		close(fd);
		return -1;
	}
	return fd;
}

/* What the faults that are in change of c1's profile. */
static void
profile_faults(struct v6d_text *t, const char *faults)
{
	struct v6d_sheet s = { .body = faults, .len = strlen(faults) };
	char line[V6D_SHEET_LINE], err[V6D_LAB_ERR];
	struct v6d_lab_fault f;
	size_t pos = 0;

	while (v6d_sheet_line(&s, &pos, line))
		if (v6d_fault_parse(line, 0, &f, err) == V6D_EXIT_OK)
			v6d_fault_lines(t, &f, "profile", V6D_LAB_C1);
}

static int
make_profile(struct v6d_lab *lab)
{
	char password[48], usual[PROFILE_MAX], faults[PROFILE_MAX];
	const struct v6d_sheet_var vars[] = { { "PASSWORD", password },
		{ NULL, NULL } };
	struct v6d_sheet s = { 0 };
	struct v6d_text u = v6d_text_to(usual, sizeof(usual)),
			f = v6d_text_to(faults, sizeof(faults)),
			t = v6d_text_to(lab->profile, sizeof(lab->profile));

	lab->password_fd = private_file(PASSWORD);
	snprintf(password, sizeof(password), "/proc/%ld/fd/%d", (long)getpid(),
	    lab->password_fd);
	s.body = v6d_file_text(v6d_lab_files, "topology/profile");
	s.len = strlen(s.body);
	v6d_sheet_expand(&u, &s, vars);
	profile_faults(&f, lab->faults);
	v6d_sheet_merge(&t, usual, faults);
	lab->profile_fd = private_file(lab->profile);
	snprintf(lab->path, sizeof(lab->path), "/proc/%ld/fd/%d",
	    (long)getpid(), lab->profile_fd);
	return lab->password_fd >= 0 && lab->profile_fd >= 0 ? 0 : -errno;
}

static void
take_rights(struct v6d_lab *lab, struct msghdr *m)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(m);

	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof(lab->ns)))
		memcpy(lab->ns, CMSG_DATA(c), sizeof(lab->ns));
}

/* The owner's first message: it stands, or why it does not. */
static int
await_up(struct v6d_lab *lab, char *err)
{
	char text[V6D_LAB_ERR + 2] = { 0 };
	_Alignas(struct cmsghdr) char ctl[CMSG_SPACE(sizeof(lab->ns))];
	struct iovec iov = { .iov_base = text, .iov_len = sizeof(text) - 1 };
	struct msghdr m = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = ctl,
		.msg_controllen = sizeof(ctl) };
	struct pollfd p = { .fd = lab->sock, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, START_MS) <= 0) {
		errno = ETIMEDOUT;
		return say(
		    err, V6D_EXIT_UNAVAILABLE, N_("the lab does not come"));
	}
	n = recvmsg(lab->sock, &m, MSG_CMSG_CLOEXEC);
	if (n >= 1 && text[0] == V6D_LAB_MSG_UP) {
		take_rights(lab, &m);
		memcpy(lab->faults, text + 1, (size_t)n);
		return V6D_EXIT_OK;
	}
	if (n >= 2 && text[0] == V6D_LAB_MSG_FAIL) {
		memcpy(err, text + 2, (size_t)n - 1);
		return (unsigned char)text[1];
	}
	errno = 0;
	return say(err, V6D_EXIT_INTERNAL, N_("the lab's owner died"));
}

static struct sockaddr_un
lab_address(const char *name, socklen_t *ret_len)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int n = snprintf(
	    a.sun_path + 1, sizeof(a.sun_path) - 1, V6D_LAB_SOCKET "%s", name);

	*ret_len =
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
	return a;
}

static int
check_name(const char *name, char *err)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

	if (n > 0 && n <= NAME_MAX_LEN && name[n] == '\0')
		return V6D_EXIT_OK;
	snprintf(err, V6D_LAB_ERR,
	    N_("'%.40s' cannot name a lab: take letters, digits and -_., %d "
	       "at most"),
	    name, NAME_MAX_LEN);
	return V6D_EXIT_USAGE;
}

static int
make_listener(const char *name, int *ret_fd, char *err)
{
	socklen_t len;
	struct sockaddr_un a = lab_address(name, &len);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return say(err, V6D_EXIT_UNAVAILABLE, "socket");
	if (bind(fd, (struct sockaddr *)&a, len) != 0) {
		int busy = errno == EADDRINUSE;

		close(fd);
		if (!busy)
			return say(err, V6D_EXIT_UNAVAILABLE, "socket");
		snprintf(err, V6D_LAB_ERR,
		    N_("a lab named '%s' is up already; \"v6doctor lab down "
		       "%s\" takes it down"),
		    name, name);
		return V6D_EXIT_UNAVAILABLE;
	}
	*ret_fd = fd;
	return V6D_EXIT_OK;
}

/* Keeps three descriptors, in this order from 3 on; nothing else of ours. */
static void
keep_only(int *sock, int *self, int *listener)
{
	int null = open("/dev/null", O_RDWR);
	int in[3] = { *sock, *self, *listener };

	for (int i = 0; i < 3; i++)
		if (in[i] >= 0)
			in[i] = fcntl(in[i], F_DUPFD, 32);
	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	for (int i = 0; i < 3; i++)
		if (in[i] >= 0)
			dup3(in[i], 3 + i, O_CLOEXEC);
	*sock = 3;
	*self = 4;
	*listener = in[2] >= 0 ? 5 : -1;
	syscall(SYS_close_range, in[2] >= 0 ? 6U : 5U, ~0U, 0U);
}

static _Noreturn void
be_owner(struct v6d_lab_plan *plan, int sock, int listener)
{
	static char err[V6D_LAB_ERR];

	if (listener < 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	keep_only(&sock, &plan->self_fd, &listener);
	prctl(PR_SET_NAME, "v6doctor-lab");
	setsid();
	umask(022);
	if (chdir("/") != 0 || setenv("PATH",
				   "/usr/local/sbin:/usr/local/bin:"
				   "/usr/sbin:/usr/bin:/sbin:/bin",
				   1) != 0)
		_exit(V6D_EXIT_INTERNAL);
	plan->err = err;
	v6d_owner_run(plan, sock, listener);
}

/* As fork(), with a PID and a mount namespace of its own for the child. */
static pid_t
fork_apart(void)
{
	return (pid_t)syscall(SYS_clone, CLONE_NEWPID | CLONE_NEWNS | SIGCHLD,
	    NULL, NULL, NULL, 0L);
}

static int
start_owner(
    struct v6d_lab *lab, struct v6d_lab_plan *plan, int listener, char *err)
{
	int pair[2];

	plan->self_fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (plan->self_fd < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return say(err, V6D_EXIT_UNAVAILABLE, "cannot start a lab");
	lab->pid = fork_apart();
	if (lab->pid == 0)
		be_owner(plan, pair[1], listener);
	lab->sock = pair[0];
	close(pair[1]);
	close(plan->self_fd);
	if (lab->pid < 0 && errno == EPERM)
		return say(err, V6D_EXIT_UNAVAILABLE,
		    N_("the practice network needs root (CAP_SYS_ADMIN); "
		       "try it with sudo"));
	if (lab->pid < 0)
		return say(err, V6D_EXIT_UNAVAILABLE, "cannot start a lab");
	return await_up(lab, err);
}

static int
read_faults(const struct v6d_lab_opts *o, struct v6d_lab_plan *plan, char *err)
{
	int rc = V6D_EXIT_OK;

	if (o->n_faults > V6D_LAB_FAULTS) {
		snprintf(err, V6D_LAB_ERR, N_("at most %d faults at once"),
		    V6D_LAB_FAULTS);
		return V6D_EXIT_USAGE;
	}
	plan->n_faults = o->n_faults;
	for (size_t i = 0; i < o->n_faults && rc == V6D_EXIT_OK; i++)
		rc = v6d_fault_parse(o->faults[i], i, &plan->faults[i], err);
	return rc;
}

int
v6d_lab_start(
    const struct v6d_lab_opts *opts, struct v6d_lab **ret_lab, char *err)
{
	struct v6d_lab_plan plan = { 0 };
	struct v6d_lab *lab = lab_new();
	int listener = -1, rc;

	errno = 0;
	rc = lab ? read_faults(opts, &plan, err)
		 : say(err, V6D_EXIT_INTERNAL, "no memory");
	if (rc == V6D_EXIT_OK && opts->name)
		rc = check_name(opts->name, err);
	if (rc == V6D_EXIT_OK && opts->name)
		rc = make_listener(opts->name, &listener, err);
	if (rc == V6D_EXIT_OK)
		rc = start_owner(lab, &plan, listener, err);
	if (listener >= 0)
		close(listener);
	if (rc == V6D_EXIT_OK && make_profile(lab) != 0)
		rc = say(err, V6D_EXIT_INTERNAL, "profile");
	if (rc == V6D_EXIT_OK)
		*ret_lab = lab;
	else
		v6d_lab_stop(lab);
	return rc;
}

int
v6d_lab_attach(const char *name, struct v6d_lab **ret_lab, char *err)
{
	socklen_t len;
	struct sockaddr_un a = lab_address(name, &len);
	struct v6d_lab *lab;
	int rc = check_name(name, err);

	errno = 0;
	if (rc != V6D_EXIT_OK)
		return rc;
	lab = lab_new();
	if (!lab)
		return say(err, V6D_EXIT_INTERNAL, "no memory");
	lab->sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (connect(lab->sock, (struct sockaddr *)&a, len) != 0) {
		snprintf(err, V6D_LAB_ERR,
		    N_("no lab named '%s' is up; \"v6doctor lab list\" tells "
		       "which are"),
		    name);
		rc = V6D_EXIT_NOINPUT;
	}
	if (rc == V6D_EXIT_OK)
		rc = await_up(lab, err);
	if (rc == V6D_EXIT_OK && make_profile(lab) != 0)
		rc = say(err, V6D_EXIT_INTERNAL, "profile");
	if (rc == V6D_EXIT_OK)
		*ret_lab = lab;
	else
		lab_free(lab);
	return rc;
}

int
v6d_lab_node_fd(const struct v6d_lab *lab, const char *node)
{
	enum v6d_lab_node n = v6d_lab_node_by_name(node);

	return n < V6D_LAB_NODES ? lab->ns[n] : -1;
}

const char *
v6d_lab_profile_path(const struct v6d_lab *lab)
{
	return lab->path;
}

const char *
v6d_lab_faults(const struct v6d_lab *lab)
{
	return lab->faults;
}

long
v6d_lab_owner(const struct v6d_lab *lab)
{
	struct ucred peer;
	socklen_t n = sizeof(peer);

	if (lab->pid > 0)
		return lab->pid;
	if (getsockopt(lab->sock, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0)
		return 0;
	return peer.pid;
}

/* The owner's process, to see its end; -1 where that cannot be had. */
static int
owner_pidfd(const struct v6d_lab *lab)
{
	return (int)syscall(SYS_pidfd_open, v6d_lab_owner(lab), 0);
}

void
v6d_lab_stop(struct v6d_lab *lab)
{
	char down = V6D_LAB_MSG_DOWN;
	struct pollfd p = { .fd = -1, .events = POLLIN };

	if (lab && lab->sock >= 0) {
		p.fd = owner_pidfd(lab);
		send(lab->sock, &down, 1, MSG_NOSIGNAL);
		if (p.fd >= 0 && poll(&p, 1, DOWN_MS) == 0 && lab->pid > 0)
			kill(lab->pid, SIGKILL);
		if (p.fd >= 0)
			close(p.fd);
		if (lab->pid > 0)
			waitpid(lab->pid, NULL, 0);
	}
	lab_free(lab);
}

void
v6d_lab_detach(struct v6d_lab *lab)
{
	lab_free(lab);
}
