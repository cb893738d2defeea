/* SPDX-License-Identifier: GPL-2.0-or-later */
/* step_radvd.c - radvd on the LAN: its configuration, its life, its end. */
#include "gateway/gateway_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "io/clock.h"
#include "io/radvd_text.h"

#define INTERVAL 100 /* seconds, as in the story */
#define HOP_LIMIT 64 /* radvd's own default */
#define ROUTER_LIFETIME 300 /* three of them */
#define FIRST_SECOND V6D_S(1) /* of radvd: it hears no signal yet */

static bool
is_wanted(const struct v6d_gw *g)
{
	return g->n_lan > 0 && g->p->lan.radvd;
}

/* ---- what is said ---- */

/* Not longer than we may use it ourselves. */
static uint32_t
lifetime(const struct v6d_gw *g, bool valid, const struct v6d_prefix *p)
{
	uint32_t limit = valid ? V6D_GW_VALID_LIMIT : V6D_GW_PREFERRED_LIMIT;
	v6d_ns gone = (v6d_clock_now() - g->ra_at) / V6D_S(1);

	for (unsigned i = 0; i < g->ra.n_prefixes; i++) {
		const struct v6d_ra_prefix *x = &g->ra.prefixes[i];
		uint32_t told = valid ? x->valid_s : x->preferred_s;

		if (!v6d_addr_eq(&x->prefix.addr, &p->addr) ||
		    told == V6D_LIFETIME_FOREVER)
			continue;
		told = gone < told ? told - (uint32_t)gone : 0;
		if (told < limit && g->p->tunnel.accept_ra != V6D_RA_ONCE)
			limit = told;
	}
	return limit;
}

static void
add_prefix(struct v6d_ra *ra, const struct v6d_prefix *p, uint32_t valid,
    uint32_t preferred)
{
	if (ra->n_prefixes == V6D_RA_PREFIXES)
		return;
	ra->prefixes[ra->n_prefixes++] = (struct v6d_ra_prefix){ .prefix = *p,
		.on_link = true,
		.autonomous = true,
		.valid_s = valid,
		.preferred_s = preferred };
}

/* The profile's resolvers, else those that the server told us. */
static void
add_resolvers(const struct v6d_gw *g, struct v6d_ra *ra)
{
	const struct v6d_addr_list *l = &g->p->lan.rdnss;

	for (unsigned i = 0; i < l->n && i < V6D_RA_RDNSS; i++)
		ra->rdnss[ra->n_rdnss++] = l->a[i];
	for (unsigned i = 0; l->n == 0 && i < g->ra.n_rdnss; i++)
		ra->rdnss[ra->n_rdnss++] = g->ra.rdnss[i];
}

/*
 * While there is no session for long, this host is no router (lifetime 0),
 * but the prefix is not withdrawn: it may well come back.
 */
static void
describe(const struct v6d_gw *g, const struct v6d_gw_lan *l, struct v6d_ra *ret)
{
	*ret =
	    (struct v6d_ra){ .lifetime_s = g->no_router ? 0 : ROUTER_LIFETIME,
		    .mtu = g->mtu };
	add_prefix(ret, &l->prefix, lifetime(g, true, &l->prefix),
	    lifetime(g, false, &l->prefix));
	for (unsigned i = 0; i < l->n_old; i++)
		add_prefix(ret, &l->old[i].prefix, 0, 0);
	add_resolvers(g, ret);
}

/*
 * radvd sets these two of an interface to what it advertises, and leaves
 * them so: as changes of ours they are undone.
 */
static int
set_what_radvd_sets(struct v6d_gw *g, const char *ifname)
{
	char path[96];
	int err;

	snprintf(path, sizeof(path), "net/ipv6/conf/%s/hop_limit", ifname);
	err = v6d_change_sysctl(&g->c, path, HOP_LIMIT);
	snprintf(path, sizeof(path), "net/ipv6/conf/%s/mtu", ifname);
	return err < 0 ? err : v6d_change_sysctl(&g->c, path, g->mtu);
}

bool
v6d_gw_radvd_stale(const struct v6d_gw *g)
{
	for (unsigned i = 0; i < g->n_lan; i++)
		if (lifetime(g, true, &g->lan[i].prefix) <
			g->lan[i].told_valid ||
		    lifetime(g, false, &g->lan[i].prefix) <
			g->lan[i].told_preferred)
			return true;
	return false;
}

static bool
says_already(const char *path, const char *text, size_t n)
{
	char now[8192];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, now, sizeof(now));

	if (fd >= 0)
		close(fd);
	return got == (ssize_t)n && memcmp(now, text, n) == 0;
}

/* 1: it says that already. */
static int
write_file(struct v6d_gw *g, const char *text)
{
	char tmp[V6D_GW_PATH + 40];
	size_t n = strlen(text);
	int fd, err = 0;

	if (says_already(g->radvd_conf, text, n))
		return 1;
	snprintf(tmp, sizeof(tmp), "%s.new", g->radvd_conf);
	fd = open(
	    tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return -errno;
	if (write(fd, text, n) != (ssize_t)n)
		err = -EIO;
	close(fd);
	if (err == 0 && rename(tmp, g->radvd_conf) < 0)
		err = -errno;
	return err;
}

int
v6d_gw_radvd_write(struct v6d_gw *g)
{
	char text[8192];
	struct v6d_text t = v6d_text_to(text, sizeof(text));
	int err = 0;

	v6d_text_add(&t, "# written by v6doctor; changes here are lost\n");
	for (unsigned i = 0; err == 0 && i < g->n_lan; i++) {
		struct v6d_ra ra;

		describe(g, &g->lan[i], &ra);
		g->lan[i].told_valid = ra.prefixes[0].valid_s;
		g->lan[i].told_preferred = ra.prefixes[0].preferred_s;
		v6d_radvd_text(&t, g->lan[i].ifname, INTERVAL, false, &ra);
		err = set_what_radvd_sets(g, g->lan[i].ifname);
		if (err == 0)
			err = v6d_change_advert(&g->c, g->lan[i].ifname,
			    &g->lan[i].prefix, g->radvd_conf);
	}
	if (err < 0)
		return err;
	err = write_file(g, text);
	if (err < 0)
		return v6d_change_told(&g->c, err, "%s cannot be written: %s",
		    g->radvd_conf, strerror(-err));
	if (err == 0 && g->radvd.pid > 0)
		g->radvd_hup_at = v6d_clock_now();
	return 0;
}

/* One that has only just begun would die of it. */
void
v6d_gw_radvd_reread(struct v6d_gw *g)
{
	v6d_ns now = v6d_clock_now();

	if (!g->radvd_hup_at || now < g->radvd_hup_at)
		return;
	g->radvd_hup_at = 0;
	if (g->radvd.pid <= 0 || g->radvd_dead)
		return;
	if (now - g->radvd_since < FIRST_SECOND)
		g->radvd_hup_at = g->radvd_since + FIRST_SECOND;
	else
		kill(g->radvd.pid, SIGHUP);
}

/* ---- its life ---- */

static void
on_end(uv_poll_t *h, int status, int events)
{
	struct v6d_gw *g = h->data;

	(void)status;
	(void)events;
	uv_poll_stop(h);
	g->radvd_dead = true;
}

static void
on_closed(uv_handle_t *h)
{
	struct v6d_gw *g = h->data;

	g->radvd_polled = false;
}

static bool
poll_closed(const struct v6d_gw *g)
{
	return !g->radvd_polled;
}

void
v6d_gw_radvd_reap(struct v6d_gw *g)
{
	bool down = g->down;

	if (g->radvd_polled) {
		g->down = true; /* this wait is not cut short */
		uv_close((uv_handle_t *)&g->radvd_poll, on_closed);
		v6d_gw_wait(g, poll_closed, V6D_NEVER);
		g->down = down;
	}
	v6d_program_end(&g->radvd, V6D_S(1));
	g->radvd = (struct v6d_program){ 0, -1 };
	g->radvd_dead = false;
}

int
v6d_gw_radvd_start(struct v6d_gw *g)
{
	char pid_file[V6D_GW_PATH + 32];
	const char *argv[] = { "radvd", "-n", "-m", "none", "-C", g->radvd_conf,
		"-p", pid_file, NULL };
	struct v6d_program_conf c = { .ns_fd = g->c.ns_fd,
		.argv = argv,
		.in_fd = -1,
		.out_fd = -1,
		.err_fd = -1 };
	int err;

	snprintf(pid_file, sizeof(pid_file), "%s/radvd.pid", g->folder);
	unlink(pid_file); /* of one that was killed */
	err = v6d_program_start(&c, &g->radvd);
	if (err == -ENOENT)
		return v6d_change_told(
		    &g->c, err, "radvd is not installed (Debian: radvd)");
	if (err < 0)
		return v6d_change_told(
		    &g->c, err, "radvd cannot be run: %s", strerror(-err));
	if (uv_poll_init(&g->loop, &g->radvd_poll, g->radvd.pidfd) == 0) {
		g->radvd_poll.data = g;
		g->radvd_polled = true;
		uv_poll_start(&g->radvd_poll, UV_READABLE, on_end);
	}
	g->n_radvd++;
	g->radvd_since = v6d_clock_now();
	return 0;
}

static int
make_radvd(struct v6d_gw *g)
{
	int err = v6d_gw_radvd_write(g);

	g->radvd_wanted = true;
	return err < 0 ? err : v6d_gw_radvd_start(g);
}

static int
check_radvd(struct v6d_gw *g)
{
	if (g->radvd.pid > 0 && !g->radvd_dead)
		return 0;
	return v6d_change_told(&g->c, -ESRCH, "radvd has ended");
}

const struct v6d_gw_step v6d_gw_step_radvd = { .name = "radvd",
	.wanted = is_wanted,
	.check = check_radvd,
	.make = make_radvd };
