/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rehearse.c - the whole set-up tried in private namespaces: "connect" itself
 * runs in a process of its own, as on a host; this one looks at its effects.
 * When either ends, however it ends, the kernel takes all of it away.
 */
#include "gateway/rehearse_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <netinet/in.h>

#include "base/text.h"
#include "gateway/gateway.h"
#include "gateway/snapshot.h"
#include "io/clock.h"
#include "io/mirror.h"
#include "io/netlink.h"
#include "io/nft.h"
#include "io/nlgate.h"
#include "io/sysctl.h"

#define UP_PATIENCE V6D_S(40)
#define DOWN_PATIENCE V6D_S(10)
#define FIRST_PORT 41000

static int
trouble(struct v6d_rehearsal *r, int err, const char *what)
{
	snprintf(r->report->trouble, sizeof(r->report->trouble), "%s: %s", what,
	    strerror(-err));
	return err;
}

/* ---- the place ---- */

/* One interface of the LAN has a host; others only exist. */
static int
make_lan(struct v6d_rehearsal *r)
{
	const struct v6d_text_list *l = &r->conf.profile->lan.interface;
	int err = 0;

	for (unsigned i = 0; err == 0 && i < l->n; i++) {
		char other[16] = V6D_REHEARSE_HOST;

		if (i > 0)
			snprintf(other, sizeof(other), "eth%u", i);
		err = v6d_nlgate_veth(r->gw, l->s[i], r->lan, other);
	}
	return err;
}

/*
 * The LAN host does not wait before it solicits, and does not go by the MTU
 * that is advertised: the clamp must do without it.
 */
static void
prepare_host(struct v6d_rehearsal *r)
{
	static const struct {
		const char *key;
		int value;
	} settings[] = {
		{ "accept_dad", 0 },
		{ "router_solicitation_delay", 0 },
		{ "accept_ra_mtu", 0 },
	};
	char path[96];

	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "net/ipv6/conf/default/%s",
		    settings[i].key);
		v6d_sysctl_write(r->lan, path, settings[i].value);
	}
}

/* "Before" must not change by itself: the kernel gives these a moment later. */
static void
wait_for_addresses(const struct v6d_rehearsal *r)
{
	const struct v6d_text_list *l = &r->conf.profile->lan.interface;
	v6d_ns until = v6d_clock_now() + V6D_S(2);
	struct v6d_addr a;

	for (unsigned i = 0; i < l->n; i++)
		while (!v6d_rehearse_link_local(r->gw, l->s[i], &a) &&
		       v6d_clock_now() < until)
			poll(NULL, 0, 2);
}

static int
make_place(struct v6d_rehearsal *r)
{
	struct v6d_mirror m;
	int err = v6d_netns_private(&r->gw);

	if (err == 0)
		err = v6d_netns_private(&r->lan);
	if (err == 0)
		err =
		    v6d_sysctl_mirror_ipv6(r->conf.host_fd, r->gw, NULL, NULL);
	if (err < 0)
		return trouble(r, err, N_("no private network namespaces"));
	v6d_mirror_only_filter(r->conf.host_fd, r->gw, &m);
	prepare_host(r);
	/* The gateway's end: no wait for duplicates where there are none. */
	v6d_sysctl_write(r->gw, "net/ipv6/conf/default/accept_dad", 0);
	err = make_lan(r);
	if (err < 0)
		return trouble(r, err, N_("the LAN cannot be made"));
	wait_for_addresses(r);
	r->lan_ear = v6d_rehearse_ear(r->lan, V6D_REHEARSE_HOST);
	return r->lan_ear < 0 ? trouble(r, r->lan_ear, N_("no packet socket"))
			      : 0;
}

static int
make_outside(struct v6d_rehearsal *r)
{
	static const uint8_t stranger[16] = { 0x20, 0x01, 0x0d, 0xb8,
		0xff, [15] = 0x66 };
	int err = 0;

	r->outside = v6d_addr_6(stranger);
	if (r->conf.outside_ns >= 0)
		err = v6d_netns_socket(r->conf.outside_ns, AF_INET6, SOCK_RAW,
		    IPPROTO_RAW, &r->raw);
	if (err == 0 && r->raw >= 0 && r->conf.profile->probe.literal.family)
		r->outside = r->conf.profile->probe.literal;
	if (err == 0 &&
	    socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, r->out) < 0)
		err = -errno;
	return err < 0 ? trouble(r, err, N_("nobody outside")) : 0;
}

/* ---- the set-up in its process ---- */

static void
say(void *arg, enum v6d_gw_level level, const char *line)
{
	struct v6d_rehearsal *r = arg;
	char text[1100];
	int n = snprintf(text, sizeof(text), "%c%s\n", "iwe"[level], line);

	if (n > 0 && write(r->words, text, (size_t)n) < 0)
		_exit(70);
}

static _Noreturn void
be_gateway(struct v6d_rehearsal *r, int ready, int words)
{
	struct v6d_gw_conf c = { .profile = r->conf.profile,
		.password = r->conf.password,
		.name = V6D_REHEARSE_NAME,
		.run_dir = r->folder,
		.ns = { r->conf.host_fd, r->gw },
		.outside_fd = r->out[1],
		.own_engine = true, /* packets from outside come in by it */
		.hands_off = r->conf.broken != NULL,
		.ready_fd = ready,
		.arg = r,
		.say = say };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	r->words = words;
	_exit(v6d_gw_run(&c) == V6D_GW_OK ? 0 : 1);
}

static int
start(struct v6d_rehearsal *r)
{
	int ready[2], words[2];

	if (pipe2(ready, O_CLOEXEC) < 0 || pipe2(words, O_CLOEXEC) < 0)
		return trouble(r, -errno, N_("no pipe"));
	r->pid = fork();
	if (r->pid == 0)
		be_gateway(r, ready[1], words[1]);
	close(ready[1]);
	close(words[1]);
	r->ready = ready[0];
	r->words = words[0];
	fcntl(r->words, F_SETFL, O_NONBLOCK);
	return r->pid < 0 ? trouble(r, -errno, N_("no process")) : 0;
}

/* Its last complaint is why it did not come up. */
static void
read_words(struct v6d_rehearsal *r)
{
	char buf[8192], *line = buf, *end;
	ssize_t n = read(r->words, buf, sizeof(buf) - 1);

	if (n <= 0)
		return;
	buf[n] = '\0';
	for (; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		if (r->conf.verbose)
			fprintf(stderr, "  %s\n", line + 1);
		if (line[0] == 'e')
			snprintf(r->report->trouble, sizeof(r->report->trouble),
			    "%s", line + 1);
	}
}

/* The first advertisement: does the packet filter stand? */
static void
watch_lan(struct v6d_rehearsal *r)
{
	uint8_t buf[2048];
	char *listed = NULL;
	size_t n = v6d_rehearse_hear(r->lan_ear, buf, sizeof(buf), 0);

	if (n <= 40 || buf[6] != 58 || buf[40] != 134)
		return;
	if (v6d_nft_list(r->gw,
		"chain ip6 v6doctor_" V6D_REHEARSE_NAME " forward",
		&listed) < 0 ||
	    !strstr(listed, "drop"))
		r->early_ra = true;
	free(listed);
}

/* 1: all stands; 0: it has ended. */
static int
wait_up(struct v6d_rehearsal *r)
{
	v6d_ns until = v6d_clock_now() + UP_PATIENCE;
	struct pollfd p[3] = { { r->ready, POLLIN, 0 }, { r->words, POLLIN, 0 },
		{ r->lan_ear, POLLIN, 0 } };
	char line[8];

	while (v6d_clock_now() < until) {
		poll(p, 3, 200);
		if (p[1].revents)
			read_words(r);
		if (p[2].revents)
			watch_lan(r);
		if (p[0].revents)
			return read(r->ready, line, sizeof(line)) > 0;
	}
	snprintf(r->report->trouble, sizeof(r->report->trouble),
	    N_("it did not come up in %d s"), (int)(UP_PATIENCE / V6D_S(1)));
	return 0;
}

static void
end(struct v6d_rehearsal *r)
{
	v6d_ns until = v6d_clock_now() + DOWN_PATIENCE;
	struct pollfd p = { r->words, POLLIN, 0 };
	int status = 0;
	pid_t got;

	if (r->pid <= 0)
		return;
	kill(r->pid, SIGTERM);
	while ((got = waitpid(r->pid, &status, WNOHANG)) == 0 &&
	       v6d_clock_now() < until) {
		poll(&p, 1, 50);
		read_words(r);
	}
	if (got == 0) {
		kill(r->pid, SIGKILL);
		waitpid(r->pid, &status, 0);
	}
	r->pid = 0;
	r->report->exit_status =
	    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* ---- the whole ---- */

static int
go(struct v6d_rehearsal *r)
{
	v6d_ns t0 = v6d_clock_now();
	int err = make_place(r);

	if (err == 0)
		err = make_outside(r);
	if (err < 0)
		return err;
	r->before = v6d_snapshot(r->gw);
	err = start(r);
	if (err < 0)
		return err;
	if (!wait_up(r)) {
		end(r);
		return 0;
	}
	r->report->trouble[0] = '\0';
	r->report->up_ms = (unsigned)((v6d_clock_now() - t0) / V6D_MS(1));
	r->tun_ear = v6d_rehearse_ear(r->gw, r->tunnel);
	if (r->tun_ear < 0)
		return trouble(
		    r, r->tun_ear, N_("the tunnel has no interface"));
	err = v6d_rehearse_break(r);
	if (err < 0)
		return trouble(r, err, N_("it cannot be broken"));
	v6d_rehearse_checks(r);
	end(r);
	v6d_rehearse_check_after(r);
	return 0;
}

static void
fill_in(struct v6d_rehearsal *r)
{
	struct v6d_profile *p = r->conf.profile;

	if (p->lan.interface.n == 0) {
		p->lan.interface.n = 1;
		snprintf(p->lan.interface.s[0], sizeof(p->lan.interface.s[0]),
		    V6D_REHEARSE_LAN);
	}
	snprintf(r->tunnel, sizeof(r->tunnel), "%s",
	    p->tunnel.interface[0] ? p->tunnel.interface : "v6tun0");
}

static void
close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

int
v6d_rehearse(
    const struct v6d_rehearse_conf *conf, struct v6d_rehearse_report *ret)
{
	struct v6d_rehearsal r = { .conf = *conf,
		.report = ret,
		.gw = -1,
		.lan = -1,
		.lan_ear = -1,
		.tun_ear = -1,
		.out = { -1, -1 },
		.raw = -1,
		.ready = -1,
		.words = -1,
		.port = FIRST_PORT };
	const char *tmp = getenv("TMPDIR");
	v6d_ns t0 = v6d_clock_now();
	int err;

	*ret = (struct v6d_rehearse_report){ 0 };
	fill_in(&r);
	snprintf(r.folder, sizeof(r.folder), "%.40s/v6doctor.XXXXXX",
	    tmp && tmp[0] ? tmp : "/tmp");
	if (!mkdtemp(r.folder))
		return trouble(&r, -errno, r.folder);
	err = go(&r);
	end(&r);
	rmdir(r.folder);
	close_fd(r.gw);
	close_fd(r.lan);
	close_fd(r.lan_ear);
	close_fd(r.tun_ear);
	close_fd(r.out[0]);
	close_fd(r.out[1]);
	close_fd(r.raw);
	close_fd(r.ready);
	close_fd(r.words);
	free(r.before);
	ret->duration_ms = (unsigned)((v6d_clock_now() - t0) / V6D_MS(1));
	return err;
}
