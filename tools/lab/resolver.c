/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolver.c - a resolver that misbehaves (RFC 1035 4.1). */
#include "lab/resolver.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "base/addr.h"
#include "base/wire.h"
#include "cmd.h"
#include "io/clock.h"
#include "proto/dns.h"
#include "say.h"

#define PORT 53
#define ADDRESSES 4
#define MESSAGE 1500
#define HEADER 12u
#define HELD 256 /* questions that wait; the oldest makes room */

static const struct {
	const char *name;
	uint8_t code;
} rcodes[] = {
	{ "formerr", V6D_DNS_FORMERR },
	{ "servfail", V6D_DNS_SERVFAIL },
	{ "nxdomain", V6D_DNS_NXDOMAIN },
	{ "notimp", V6D_DNS_NOTIMP },
	{ "refused", V6D_DNS_REFUSED },
};

/* A question on its way to the other resolver. */
struct held {
	v6d_ns due; /* 0: none, or asked already */
	int from; /* the socket it came to */
	struct sockaddr_storage client;
	socklen_t client_len;
	uint8_t id[2], message[MESSAGE];
	size_t n;
};

struct resolver {
	uint8_t rcode;
	v6d_ns delay;
	int up; /* to the other resolver; -1: the code is the answer */
	int fd[ADDRESSES];
	size_t n_fds;
	unsigned next;
	struct held held[HELD];
};

static int
failed(const char *what)
{
	return v6d_say(
	    "lab", V6D_EXIT_UNAVAILABLE, "%s: %s", what, strerror(errno));
}

static int
open_socket(const struct v6d_addr *a, bool server)
{
	struct sockaddr_in s4 = { .sin_family = AF_INET,
		.sin_port = htons(PORT) };
	struct sockaddr_in6 s6 = { .sin6_family = AF_INET6,
		.sin6_port = htons(PORT) };
	const struct sockaddr *s = a->family == 4
				       ? (const struct sockaddr *)&s4
				       : (const struct sockaddr *)&s6;
	socklen_t n = a->family == 4 ? sizeof(s4) : sizeof(s6);
	int fd = socket(s->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(&s4.sin_addr, a->b, 4);
	memcpy(&s6.sin6_addr, a->b, 16);
	if (fd >= 0 && (server ? bind(fd, s, n) : connect(fd, s, n)) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Where the first question ends; 0: there is none in one piece. */
static size_t
question_end(const uint8_t *m, size_t n)
{
	size_t at = HEADER;

	while (at < n && m[at] != 0 && m[at] < 64)
		at += 1u + m[at];
	at += 1 + 4; /* the root, type and class */
	return n >= HEADER && at <= n && m[at - 5] == 0 ? at : 0;
}

/* The question with a code, and nothing else. */
static void
refuse(const struct resolver *r, struct held *h)
{
	size_t n = question_end(h->message, h->n);

	if (n == 0)
		return;
	h->message[2] |= 0x80; /* a response */
	h->message[3] = (uint8_t)(0x80 | r->rcode); /* recursion available */
	memset(h->message + 6, 0, 6); /* no records */
	sendto(h->from, h->message, n, 0, (struct sockaddr *)&h->client,
	    h->client_len);
}

static void
take_question(struct resolver *r, int fd)
{
	unsigned i = r->next++ % HELD;
	struct held *h = &r->held[i];
	ssize_t n;

	*h = (struct held){ .from = fd, .client_len = sizeof(h->client) };
	n = recvfrom(fd, h->message, sizeof(h->message), MSG_DONTWAIT,
	    (struct sockaddr *)&h->client, &h->client_len);
	if (n < (ssize_t)HEADER || (h->message[2] & 0x80))
		return;
	h->n = (size_t)n;
	if (r->up < 0) {
		refuse(r, h);
		return;
	}
	/* Our own number: clients may choose the same one. */
	memcpy(h->id, h->message, 2);
	h->message[0] = (uint8_t)(i >> 8);
	h->message[1] = (uint8_t)i;
	h->due = v6d_clock_now() + r->delay;
}

static void
take_answer(struct resolver *r)
{
	uint8_t m[MESSAGE];
	ssize_t n = recv(r->up, m, sizeof(m), MSG_DONTWAIT);
	unsigned i;
	struct held *h;

	if (n < (ssize_t)HEADER)
		return;
	i = (unsigned)m[0] << 8 | m[1];
	if (i >= HELD || r->held[i].n == 0 || r->held[i].due != 0)
		return;
	h = &r->held[i];
	memcpy(m, h->id, 2);
	sendto(h->from, m, (size_t)n, 0, (struct sockaddr *)&h->client,
	    h->client_len);
	h->n = 0;
}

/* Asks what is due. Returns the milliseconds until the next one, -1: none. */
static int
ask_due(struct resolver *r)
{
	v6d_ns now = v6d_clock_now(), next = V6D_NEVER;

	for (unsigned i = 0; i < HELD; i++) {
		struct held *h = &r->held[i];

		if (h->due != 0 && h->due <= now) {
			h->due = 0;
			send(r->up, h->message, h->n, MSG_DONTWAIT);
		} else if (h->due != 0 && h->due < next) {
			next = h->due;
		}
	}
	return next == V6D_NEVER ? -1 : (int)((next - now) / V6D_MS(1)) + 1;
}

static void
run(struct resolver *r)
{
	struct pollfd p[ADDRESSES + 1];

	for (;;) {
		int wait = ask_due(r);

		for (size_t i = 0; i < r->n_fds; i++)
			p[i] = (struct pollfd){ r->fd[i], POLLIN, 0 };
		p[r->n_fds] = (struct pollfd){ r->up, POLLIN, 0 };
		if (poll(p, r->n_fds + 1, wait) <= 0)
			continue;
		for (size_t i = 0; i < r->n_fds; i++)
			if (p[i].revents)
				take_question(r, p[i].fd);
		if (p[r->n_fds].revents)
			take_answer(r);
	}
}

/* A response code, or "MS:RESOLVER". */
static int
read_how(struct resolver *r, const char *how)
{
	struct v6d_addr up;
	unsigned long ms;
	char *end;

	for (size_t i = 0; i < V6D_ARRAY_LEN(rcodes); i++)
		if (strcmp(rcodes[i].name, how) == 0) {
			r->rcode = rcodes[i].code;
			return V6D_EXIT_OK;
		}
	ms = strtoul(how, &end, 10);
	if (end == how || *end != ':' || ms > 60000 ||
	    !v6d_addr_parse(end + 1, &up))
		return v6d_say("lab", V6D_EXIT_USAGE,
		    "resolver: '%s' is neither a response code nor "
		    "MS:RESOLVER",
		    how);
	r->delay = V6D_MS(ms);
	r->up = open_socket(&up, false);
	return r->up >= 0 ? V6D_EXIT_OK : failed(end + 1);
}

static int
listen_on(struct resolver *r, const char *address)
{
	struct v6d_addr a;

	if (!v6d_addr_parse(address, &a))
		return v6d_say("lab", V6D_EXIT_USAGE,
		    "resolver: '%s' is no address", address);
	if (r->n_fds == ADDRESSES)
		return v6d_say("lab", V6D_EXIT_USAGE,
		    "resolver: %d addresses are enough", ADDRESSES);
	r->fd[r->n_fds] = open_socket(&a, true);
	return r->fd[r->n_fds++] >= 0 ? V6D_EXIT_OK : failed(address);
}

static int
read_args(int argc, char **argv, struct resolver *r, int *ret_ready)
{
	static const struct option longs[] = {
		{ "ready-fd", required_argument, NULL, 'r' },
		{ NULL, 0, NULL, 0 },
	};
	int c, rc;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "+:", longs, NULL)) != -1) {
		if (c != 'r')
			return v6d_say_option(
			    "lab", c, argv[optind - 1], longs);
		*ret_ready = (int)strtol(optarg, NULL, 10);
	}
	if (argc - optind < 2)
		return v6d_say("lab", V6D_EXIT_USAGE,
		    "resolver needs HOW and an address; \"v6doctor lab "
		    "--help\" tells more");
	rc = read_how(r, argv[optind]);
	for (int i = optind + 1; i < argc && rc == V6D_EXIT_OK; i++)
		rc = listen_on(r, argv[i]);
	return rc;
}

int
v6d_resolver_main(int argc, char **argv)
{
	static struct resolver r; /* large */
	int ready = -1, rc;

	r.up = -1;
	rc = read_args(argc, argv, &r, &ready);
	if (rc != V6D_EXIT_OK)
		return rc;
	if (ready >= 0) {
		if (write(ready, "\n", 1) != 1)
			return failed("--ready-fd");
		close(ready);
	}
	run(&r);
	return V6D_EXIT_OK;
}
