/* SPDX-License-Identifier: GPL-2.0-or-later */
/* owner.c - the process that owns a lab: PID 1 of all that lives in it. */
#include "lab/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd.h"
#include "lab/serve.h"

#define CLIENTS 8

/* Sends the list of faults with a descriptor of every node. */
static void
send_up(const struct v6d_lab_plan *plan, int sock)
{
	char text[V6D_LAB_ERR] = { V6D_LAB_MSG_UP };
	struct v6d_text t = v6d_text_to(text + 1, sizeof(text) - 1);
	_Alignas(struct cmsghdr) char ctl[CMSG_SPACE(sizeof(plan->ns))] = { 0 };
	struct iovec iov = { .iov_base = text };
	struct msghdr m = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = ctl,
		.msg_controllen = sizeof(ctl) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	for (size_t i = 0; i < plan->n_faults; i++) {
		v6d_fault_text(&t, &plan->faults[i]);
		v6d_text_add(&t, "\n");
	}
	iov.iov_len = 1 + t.len;
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(plan->ns));
	memcpy(CMSG_DATA(c), plan->ns, sizeof(plan->ns));
	sendmsg(sock, &m, MSG_NOSIGNAL);
}

static void
send_fail(const struct v6d_lab_plan *plan, int sock, int status)
{
	char text[V6D_LAB_ERR + 2];
	size_t n = strlen(plan->err);

	text[0] = V6D_LAB_MSG_FAIL;
	text[1] = (char)status;
	memcpy(text + 2, plan->err, n);
	send(sock, text, n + 2, MSG_NOSIGNAL);
}

/* Ends every process of the lab but this one, and waits for that. */
static void
end_all(void)
{
	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
}

static _Noreturn void
take_down(int sock)
{
	char gone = V6D_LAB_MSG_GONE;

	end_all();
	send(sock, &gone, 1, MSG_NOSIGNAL);
	_exit(0);
}

/* The same user, or root. */
static bool
may_talk(int sock)
{
	struct ucred peer;
	socklen_t n = sizeof(peer);

	return getsockopt(sock, SOL_SOCKET, SO_PEERCRED, &peer, &n) == 0 &&
	       (peer.uid == 0 || peer.uid == geteuid());
}

static void
welcome(const struct v6d_lab_plan *plan, int listener, struct pollfd *clients)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	size_t i = 0;

	while (i < CLIENTS && clients[i].fd >= 0)
		i++;
	if (fd < 0)
		return;
	if (i == CLIENTS || !may_talk(fd)) {
		close(fd);
		return;
	}
	clients[i].fd = fd;
	send_up(plan, fd);
}

static void
listen_to(struct pollfd *client)
{
	char msg = 0;

	if (recv(client->fd, &msg, 1, MSG_DONTWAIT) == 1 &&
	    msg == V6D_LAB_MSG_DOWN)
		take_down(client->fd);
	if (msg == 0) {
		close(client->fd);
		client->fd = -1;
	}
}

static int
end_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static void
reap_by_itself(void)
{
	struct sigaction sa = { .sa_handler = SIG_IGN };

	sigaction(SIGCHLD, &sa, NULL);
}

_Noreturn void
v6d_owner_run(struct v6d_lab_plan *plan, int sock, int listener)
{
	struct pollfd p[2 + CLIENTS];
	int rc = v6d_net_build(plan);

	if (rc == V6D_EXIT_OK)
		rc = v6d_serve_start(plan);
	if (rc != V6D_EXIT_OK) {
		end_all();
		send_fail(plan, sock, rc);
		_exit(rc);
	}
	reap_by_itself();
	/* Only now, and here: who connects sees this process as its peer. */
	if (listener >= 0)
		listen(listener, CLIENTS);
	for (size_t i = 0; i < 2 + CLIENTS; i++)
		p[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
	p[0].fd = listener;
	p[1].fd = end_signals();
	p[2].fd = sock;
	send_up(plan, sock);
	for (;;) {
		if (poll(p, 2 + CLIENTS, -1) < 0)
			continue;
		if (p[1].revents)
			take_down(-1);
		for (size_t i = 2; i < 2 + CLIENTS; i++)
			if (p[i].fd >= 0 && p[i].revents)
				listen_to(&p[i]);
		if (listener < 0 && p[2].fd < 0)
			take_down(-1);
		if (p[0].revents)
			welcome(plan, listener, p + 2);
	}
}
