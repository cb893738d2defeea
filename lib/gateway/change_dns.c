/* SPDX-License-Identifier: GPL-2.0-or-later */
/* change_dns.c - our AAAA record, added and removed by nsupdate (RFC 2136). */
#include "gateway/change_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "io/clock.h"
#include "io/program.h"

#define PATIENCE V6D_S(8) /* nsupdate's own is 3 s a try, two tries */

static int
wait_for(struct v6d_changes *c, int fd, v6d_ns until)
{
	struct pollfd p = { fd, POLLIN, 0 };
	v6d_ns now = v6d_clock_now();

	if (c->wait)
		return c->wait(c->wait_arg, fd, until);
	if (now >= until ||
	    poll(&p, 1, (int)((until - now) / V6D_MS(1)) + 1) == 0)
		return -ETIMEDOUT;
	return 0;
}

/* Reads all that a program says, while the session goes on. */
static int
hear(struct v6d_changes *c, int fd, char *out, size_t n, v6d_ns until)
{
	size_t len = 0;
	ssize_t got;
	char drop[512];
	int err;

	out[0] = '\0';
	while ((err = wait_for(c, fd, until)) == 0) {
		bool room = len + 1 < n;

		got = room ? read(fd, out + len, n - 1 - len)
			   : read(fd, drop, sizeof(drop));
		if (got <= 0)
			return 0;
		if (room)
			out[len += (size_t)got] = '\0';
	}
	return err;
}

static int
text_file(const char *text)
{
	size_t n = strlen(text);
	int fd = memfd_create("v6doctor-nsupdate", MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (write(fd, text, n) == (ssize_t)n && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	close(fd);
	return -EIO;
}

/* 0, or the status with which it ended, or -errno. */
static int
nsupdate(struct v6d_changes *c, const char *key, const char *script, char *out,
    size_t n)
{
	const char *argv[] = { "nsupdate", "-t", "4", "-u", "2", "-r", "1",
		key[0] ? "-k" : NULL, key, NULL };
	struct v6d_program_conf conf = { .ns_fd = c->host_fd, .argv = argv };
	v6d_ns until = v6d_clock_now() + PATIENCE;
	struct v6d_program p;
	int ends[2], err, status = 0;

	conf.in_fd = text_file(script);
	if (conf.in_fd < 0)
		return conf.in_fd;
	if (pipe2(ends, O_CLOEXEC) < 0) {
		close(conf.in_fd);
		return -errno;
	}
	conf.out_fd = conf.err_fd = ends[1];
	err = v6d_program_start(&conf, &p);
	close(conf.in_fd);
	close(ends[1]);
	if (err == 0) {
		err = hear(c, ends[0], out, n, until);
		if (err == 0)
			err = v6d_program_wait(&p, until, &status);
		if (err < 0)
			v6d_program_end(&p, 0);
	}
	close(ends[0]);
	return err < 0 ? err : status;
}

/* "add" or "delete": one record, and nothing else of the name. */
static void
write_script(const struct v6d_change_dns *d, bool add, char *buf, size_t n)
{
	struct v6d_text t = v6d_text_to(buf, n);
	char addr[V6D_ADDR_TEXT];

	v6d_text_add(&t, "server %s\n", d->server);
	if (d->zone[0])
		v6d_text_add(&t, "zone %s\n", d->zone);
	v6d_addr_text(&d->addr, addr, sizeof(addr));
	if (add)
		v6d_text_add(
		    &t, "update add %s. %u AAAA %s\n", d->name, d->ttl_s, addr);
	else
		v6d_text_add(&t, "update delete %s. AAAA %s\n", d->name, addr);
	v6d_text_add(&t, "send\n");
}

/* nsupdate's last line of any use; of a stranger, so only printable bytes. */
static void
last_line(char *out)
{
	size_t n = strlen(out);
	char *nl;

	while (n > 0 && (out[n - 1] == '\n' || out[n - 1] == ' '))
		out[--n] = '\0';
	nl = strrchr(out, '\n');
	if (nl)
		memmove(out, nl + 1, strlen(nl));
	for (char *p = out; *p; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
}

static int
update(struct v6d_changes *c, const struct v6d_change_dns *d, bool add)
{
	char script[1200], out[512] = "";
	int got;

	write_script(d, add, script, sizeof(script));
	got = nsupdate(c, d->key_file, script, out, sizeof(out));
	last_line(out);
	if (got == 0)
		return 0;
	if (got == -ENOENT)
		return v6d_change_told(c, -ENOENT,
		    "nsupdate is not installed (Debian: bind9-dnsutils)");
	if (got == -ETIMEDOUT || strstr(out, "timed out"))
		return v6d_change_told(c, -ETIMEDOUT,
		    "the name server %s did not answer the update of %s",
		    d->server, d->name);
	if (got < 0)
		return v6d_change_told(
		    c, got, "nsupdate cannot be run: %s", strerror(-got));
	return v6d_change_told(c, -EACCES,
	    "the name server %s refuses the update of %s: %.120s", d->server,
	    d->name, out[0] ? out : N_("it does not say why"));
}

/* dns SERVER ZONE NAME KEY-FILE TTL ADDRESS */
int
v6d_change_dns(struct v6d_changes *c, const struct v6d_change_dns *d)
{
	char ttl[12], addr[V6D_ADDR_TEXT];
	struct v6d_record r = { 7, { "dns", d->server, d->zone, d->name,
				       d->key_file, ttl, addr } };
	int err;

	snprintf(ttl, sizeof(ttl), "%u", d->ttl_s);
	v6d_addr_text(&d->addr, addr, sizeof(addr));
	err = v6d_change_note(c, &r);
	if (err < 0)
		return err;
	err = update(c, d, true);
	/* An update that was not answered may have been made. */
	if (err == -EACCES || err == -ENOENT)
		return v6d_change_not_made(c, err);
	return err;
}

enum v6d_undo
v6d_undo_dns(struct v6d_changes *c, const struct v6d_record *r)
{
	struct v6d_change_dns d = { r->word[1], r->word[2], r->word[3],
		r->word[4], 0, { 0 } };

	if (!v6d_addr_parse(r->word[6], &d.addr))
		return v6d_change_stuck(c, "no address: %s", r->word[6]);
	return update(c, &d, false) == 0 ? V6D_UNDO_DONE : V6D_UNDO_FAILED;
}
