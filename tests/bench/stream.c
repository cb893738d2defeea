/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stream.c - how much one TCP connection carries.
 *
 * stream -l PORT [SECONDS]            waits for one, says "ready" before
 * stream ADDRESS PORT [SECONDS]       makes one
 *
 * Who has SECONDS sends for so long; the other one says the Mbit/s of data
 * that came, from the first byte to the last.
 */
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char buf[1 << 18];

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A socket that is connected to the address, or (NULL) listens. */
static int
make(const char *address, const char *port)
{
	struct addrinfo *a,
	    hint = { .ai_family = address ? AF_UNSPEC : AF_INET6,
		    .ai_socktype = SOCK_STREAM,
		    .ai_flags = AI_NUMERICHOST | AI_PASSIVE };
	int s, err, on = 1;

	if (getaddrinfo(address, port, &hint, &a) != 0)
		return -1;
	s = socket(a->ai_family, SOCK_STREAM, 0);
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	err = address ? connect(s, a->ai_addr, a->ai_addrlen)
		      : bind(s, a->ai_addr, a->ai_addrlen);
	if (err == 0 && !address)
		err = listen(s, 1);
	freeaddrinfo(a);
	return err == 0 ? s : -1;
}

static int
count(int s)
{
	double first = 0, last = 0, bytes = 0;
	ssize_t n;

	while ((n = recv(s, buf, sizeof(buf), 0)) > 0) {
		last = now();
		if (bytes == 0)
			first = last;
		bytes += (double)n;
	}
	if (n < 0 || last <= first) {
		perror("stream");
		return 1;
	}
	printf("%.0f\n", bytes * 8 / (last - first) / 1e6);
	return 0;
}

static int
fill(int s, double seconds)
{
	double end = now() + seconds;

	while (now() < end)
		if (send(s, buf, sizeof(buf), MSG_NOSIGNAL) < 0) {
			perror("stream");
			return 1;
		}
	return close(s) == 0 ? 0 : 1;
}

int
main(int argc, char **argv)
{
	bool waits = argc > 1 && strcmp(argv[1], "-l") == 0;
	int s;

	if (argc != 3 && argc != 4)
		return 64;
	s = make(waits ? NULL : argv[1], argv[2]);
	if (s >= 0 && waits) {
		puts("ready");
		fflush(stdout);
		s = accept(s, NULL, NULL);
	}
	if (s < 0) {
		perror("stream");
		return 69;
	}
	return argc == 4 ? fill(s, strtod(argv[3], NULL)) : count(s);
}
