/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rehearse_break.c - a step of the rehearsal made wrong on purpose: shows
 * that the checks can fail.
 */
#include "gateway/rehearse_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/lang.h"
#include "base/wire.h"
#include "io/clock.h"
#include "io/nft.h"
#include "io/sysctl.h"

#define TABLE "ip6 v6doctor_" V6D_REHEARSE_NAME
#define FORWARDING "net/ipv6/conf/all/forwarding"
#define WRONG_PREFIX "2001:db8:bad::"

static int
nft(struct v6d_rehearsal *r, const char *command)
{
	char words[200];

	return v6d_nft_run(r->gw, command, words, sizeof(words));
}

static int
no_firewall(struct v6d_rehearsal *r)
{
	return nft(r, "flush chain " TABLE " forward\n"
		      "flush chain " TABLE " input");
}

static int
no_state(struct v6d_rehearsal *r)
{
	return nft(r, "insert rule " TABLE " inbound meta l4proto icmpv6 drop");
}

static int
open_udp(struct v6d_rehearsal *r)
{
	return nft(r, "insert rule " TABLE " inbound meta l4proto udp accept");
}

static int
no_syn_only(struct v6d_rehearsal *r)
{
	return nft(r, "insert rule " TABLE
		      " inbound tcp flags & (syn | ack) == ack accept");
}

static int
no_input(struct v6d_rehearsal *r)
{
	return nft(r, "flush chain " TABLE " input");
}

static int
no_mss(struct v6d_rehearsal *r)
{
	return nft(r, "flush chain " TABLE " mss");
}

static int
no_too_big(struct v6d_rehearsal *r)
{
	return nft(r, "insert rule " TABLE " inbound icmpv6 type 2 drop");
}

static int
no_forwarding(struct v6d_rehearsal *r)
{
	return v6d_sysctl_write(r->gw, FORWARDING, 0);
}

/* The kernel throws the default route away when forwarding comes on. */
static int
accept_ra_1(struct v6d_rehearsal *r)
{
	char path[96];
	int err;

	snprintf(path, sizeof(path), "net/ipv6/conf/%s/accept_ra", r->tunnel);
	err = v6d_sysctl_write(r->gw, path, 1);
	if (err == 0)
		err = v6d_sysctl_write(r->gw, FORWARDING, 0);
	return err < 0 ? err : v6d_sysctl_write(r->gw, FORWARDING, 1);
}

static int
read_number(const char *path, pid_t *ret)
{
	char text[16] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	*ret = n > 0 ? (pid_t)strtol(text, NULL, 10) : 0;
	return *ret > 0 ? 0 : -ESRCH;
}

/* Where radvd has just begun its pid file comes in a moment. */
static int
wait_for_radvd(struct v6d_rehearsal *r, pid_t *ret)
{
	v6d_ns until = v6d_clock_now() + V6D_S(2);
	char path[160];
	uint8_t drop[64];
	int err;

	snprintf(path, sizeof(path), "%s/%s/radvd.pid", r->folder,
	    V6D_REHEARSE_NAME);
	while ((err = read_number(path, ret)) < 0 && v6d_clock_now() < until)
		v6d_rehearse_hear(r->lan_ear, drop, sizeof(drop),
		    v6d_clock_now() + V6D_MS(20));
	return err;
}

static int
write_radvd(struct v6d_rehearsal *r, const char *prefix)
{
	char path[160], text[512];
	pid_t pid;
	int fd, n, err = wait_for_radvd(r, &pid);

	if (err < 0)
		return err;
	n = snprintf(text, sizeof(text),
	    "interface %s {\nAdvSendAdvert on;\nMinRtrAdvInterval 3;\n"
	    "MaxRtrAdvInterval 10;\nprefix %s { };\n};\n",
	    r->conf.profile->lan.interface.s[0], prefix);
	snprintf(path, sizeof(path), "%s/%s/radvd.conf", r->folder,
	    V6D_REHEARSE_NAME);
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = write(fd, text, (size_t)n) == n ? 0 : -EIO;
	close(fd);
	if (err == 0 && kill(pid, SIGHUP) < 0)
		err = -errno;
	return err;
}

/* Until the LAN hears it: what was asked before is answered as before. */
static int
wrong_prefix(struct v6d_rehearsal *r)
{
	v6d_ns until = v6d_clock_now() + V6D_S(7);
	struct v6d_prefix wrong = { .len = 64 };
	int err = write_radvd(r, WRONG_PREFIX "/64");

	v6d_addr_parse(WRONG_PREFIX, &wrong.addr);
	while (err == 0 && v6d_clock_now() < until) {
		v6d_rehearse_solicit(r);
		if (v6d_rehearse_hear_ra(r, v6d_clock_now() + V6D_S(1)) &&
		    r->ra.n_prefixes > 0 &&
		    v6d_prefix_has(&wrong, &r->ra.prefixes[0].prefix.addr))
			return 0;
	}
	return err < 0 ? err : -ETIMEDOUT;
}

/* Something that the journal does not know. */
static int
residue(struct v6d_rehearsal *r)
{
	return v6d_sysctl_write(
	    r->gw, "net/ipv6/conf/default/accept_redirects", 0);
}

static const struct {
	const char *name, *what;
	int (*fn)(struct v6d_rehearsal *r);
} breaks[] = {
	{ "firewall", N_("its rules are flushed"), no_firewall },
	{ "host-firewall", N_("the rules for this host itself are flushed"),
	    no_input },
	{ "udp", N_("UDP from outside is let in"), open_udp },
	{ "stale-ack", N_("any ACK from outside is let in"), no_syn_only },
	{ "icmp", N_("no ICMPv6 is let in"), no_state },
	{ "packet-too-big", N_("packet-too-big is not let in"), no_too_big },
	{ "mss", N_("the clamp is taken away"), no_mss },
	{ "forwarding", N_("forwarding is switched off"), no_forwarding },
	{ "accept-ra", N_("accept_ra of the tunnel is 1, not 2"), accept_ra_1 },
	{ "radvd-prefix", N_("radvd advertises another prefix"), wrong_prefix },
	{ "undo", N_("a setting is changed that is in no journal"), residue },
};

const char *
v6d_rehearse_breakable(unsigned n, const char **ret_what)
{
	if (n >= V6D_ARRAY_LEN(breaks))
		return NULL;
	*ret_what = breaks[n].what;
	return breaks[n].name;
}

int
v6d_rehearse_break(struct v6d_rehearsal *r)
{
	for (size_t i = 0; r->conf.broken && i < V6D_ARRAY_LEN(breaks); i++)
		if (strcmp(breaks[i].name, r->conf.broken) == 0)
			return breaks[i].fn(r);
	return 0;
}
