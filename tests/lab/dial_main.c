/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dial_main.c - a developer's client around io/dial.h: dials, waits for the
 * advertisement, sends a burst of LCP echoes, pings the server through the
 * tunnel, hangs up. What happened goes to standard output, a line each.
 *
 * dial SERVER USER PASSWORD-FILE pap|mschapv2|any [hold|control]
 *
 * control: as far as TCP goes, which needs no rights.
 */
#include <inttypes.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/wire.h"
#include "io/clock.h"
#include "io/dial.h"
#include "io/netlink.h"
#include "io/profile.h"
#include "io/program.h"
#include "io/sysctl.h"

#define LIMIT_MS 15000 /* of the whole call */

struct test {
	uv_loop_t loop;
	uv_timer_t limit, next;
	struct v6d_dial *dial;
	struct v6d_netns ns;
	struct v6d_flow *flow;
	struct v6d_program ping;
	v6d_ns start;
	unsigned n_echo, n_sent;
	bool hold, control, ra, failed;
};

static double
ms(const struct test *t)
{
	return (double)(v6d_clock_now() - t->start) / 1e6;
}

static void
show_addresses(struct test *t)
{
	struct v6d_answer_addr a[8];
	struct v6d_answer_route r[16];
	unsigned n = 0, i;
	char text[V6D_ADDR_TEXT];
	const char *tun = v6d_dial_ifname(t->dial);

	if (v6d_netlink_addrs(t->ns.private_fd, 6, tun, a, 8, &n) < 0)
		t->failed = true;
	for (i = 0; i < n && i < 8; i++)
		printf("address %s %s/%u%s%s\n", a[i].ifname,
		    v6d_addr_text(&a[i].addr.addr, text, sizeof(text)),
		    a[i].addr.len, a[i].tunnel ? " tunnel" : "",
		    a[i].tentative ? " tentative" : "");
	n = 0;
	if (v6d_netlink_routes(t->ns.private_fd, 6, tun, r, 16, &n) < 0)
		t->failed = true;
	for (i = 0; i < n && i < 16; i++)
		printf("route %s/%u dev %s%s metric %u expires %u\n",
		    v6d_addr_text(&r[i].dst.addr, text, sizeof(text)),
		    r[i].dst.len, r[i].ifname, r[i].from_ra ? " ra" : "",
		    r[i].metric, r[i].expires_s);
}

/* Runs beside the loop, which carries its packets. */
static void
start_ping(struct test *t)
{
	static const char *const argv[] = { "ping", "-c1", "-W2", "-n",
		"fe80::1%v6tun0", NULL };
	struct v6d_program_conf c = { .ns_fd = t->ns.private_fd,
		.argv = argv,
		.in_fd = -1,
		.out_fd = -1,
		.err_fd = -1 };

	if (v6d_program_start(&c, &t->ping) < 0)
		t->failed = true;
}

static void
end_ping(struct test *t)
{
	int status = -1;

	if (t->ping.pid > 0 &&
	    v6d_program_wait(&t->ping, v6d_clock_now(), &status) < 0)
		v6d_program_end(&t->ping, 0);
	printf("ping %s\n", status == 0 ? "ok" : "failed");
	t->failed |= status != 0;
}

static void
on_next(uv_timer_t *h)
{
	struct test *t = h->data;

	end_ping(t);
	printf("echoes %u of %u\n", t->n_echo, t->n_sent);
	if (!t->hold)
		v6d_dial_stop(t->dial);
	else
		puts("holding");
	fflush(stdout);
}

static void
burst(struct test *t)
{
	static uint8_t data[16][4];
	struct v6d_dial_frame f[16];

	for (unsigned i = 0; i < 16; i++) {
		data[i][3] = (uint8_t)i;
		f[i] = (struct v6d_dial_frame){ .frame = V6D_FRAME_LCP_ECHO,
			.outer_len = 100 + 96 * i,
			.df = i < 15,
			.data = data[i],
			.data_len = 4 };
	}
	t->n_sent = v6d_dial_probe(t->dial, f, 16);
	for (unsigned i = 0; i < 16; i++)
		if (f[i].err < 0)
			printf("not sent: %zu: %s\n", f[i].outer_len,
			    strerror(-f[i].err));
	/* A peer may hold back for 0.3 s what came behind a lost packet. */
	uv_timer_start(&t->next, on_next, 700, 0);
}

static void
on_ra(void *arg, const uint8_t *packet, size_t len, v6d_ns at)
{
	struct test *t = arg;

	(void)packet;
	(void)at;
	printf("advertisement, %zu bytes at %.1f ms\n", len, ms(t));
	if (t->ra)
		return;
	t->ra = true;
	show_addresses(t);
	start_ping(t);
	burst(t);
}

static void
on_echo(void *arg, const uint8_t *data, size_t len, size_t outer, v6d_ns at)
{
	struct test *t = arg;

	(void)at;
	if (len >= 4 && data[3] < 16 && outer <= 100u + 96u * data[3] &&
	    outer + 4 >= 100u + 96u * data[3])
		t->n_echo++;
	else
		printf("odd echo: %zu bytes of data, outer %zu\n", len, outer);
}

static void
on_icmp(void *arg, bool gre, const struct v6d_raw_icmp *e, v6d_ns at)
{
	char text[V6D_ADDR_TEXT];

	(void)arg;
	(void)at;
	printf("icmp %s %u/%u mtu %u from %s about %u bytes, quoted %zu\n",
	    gre ? "gre" : "tcp", e->type, e->code, e->mtu,
	    v6d_addr_text(&e->from, text, sizeof(text)), e->outer_len, e->len);
}

static void
on_limit(uv_timer_t *h)
{
	struct test *t = h->data;

	puts("time is up");
	t->failed = true;
	v6d_dial_stop(t->dial);
}

static void
on_state(void *arg, enum v6d_session_state st)
{
	struct test *t = arg;
	const struct v6d_session *s = v6d_dial_session(t->dial);

	printf("%s at %.1f ms\n", v6d_session_state_text(st), ms(t));
	fflush(stdout);
	if (st != V6D_SESSION_DEAD)
		return;
	printf("ended in %s: %s (%d)\n",
	    v6d_session_state_text(v6d_session_failed_in(s)),
	    v6d_session_why_text(v6d_session_why(s)), v6d_session_code(s));
	uv_stop(&t->loop);
}

static int
make_conf(char **argv, struct test *t, struct v6d_dial_conf *c)
{
	struct v6d_profile_error e = { 0 };
	char text[8192];

	*c = (struct v6d_dial_conf){ .ns = t->ns,
		.ifname = "v6tun0",
		.mtu = 1444,
		.stop_at =
		    t->control ? V6D_SESSION_WAIT_CALL : V6D_SESSION_DEAD,
		.flow = t->flow,
		.arg = t,
		.on_state = on_state,
		.on_echo = on_echo,
		.on_icmp = on_icmp,
		.on_ra = on_ra };
	if (!v6d_addr_parse(argv[1], &c->server))
		return -1;
	snprintf(c->session.user, sizeof(c->session.user), "%s", argv[2]);
	c->session.mru = 1500;
	c->session.step_timeout = V6D_S(3);
	c->session.auth = strcmp(argv[4], "pap") == 0 ? V6D_AUTH_PAP
			  : strcmp(argv[4], "any") == 0
			      ? V6D_AUTH_PAP | V6D_AUTH_MSCHAPV2
			      : V6D_AUTH_MSCHAPV2;
	if (v6d_profile_password(argv[3], c->session.password,
		sizeof(c->session.password), &e) < 0) {
		puts(v6d_profile_error_text(&e, text, sizeof(text)));
		return -1;
	}
	return 0;
}

static void
finish(struct test *t)
{
	const struct v6d_dial_counts *c = v6d_dial_counts(t->dial);

	printf("gre in %" PRIu64 " out %" PRIu64 " foreign %" PRIu64
	       " other %" PRIu64 " unsent %" PRIu64 "\n",
	    c->gre_in, c->gre_out, c->gre_foreign, c->gre_other, c->gre_unsent);
	printf("tun in %" PRIu64 " out %" PRIu64 " dropped %" PRIu64 "%s%s\n",
	    c->tun_in, c->tun_out, c->tun_dropped, c->tun_err ? " " : "",
	    c->tun_err ? strerror(c->tun_err) : "");
	v6d_dial_free(t->dial);
	uv_close((uv_handle_t *)&t->limit, NULL);
	uv_close((uv_handle_t *)&t->next, NULL);
	uv_run(&t->loop, UV_RUN_DEFAULT);
	if (uv_loop_close(&t->loop) < 0)
		t->failed = true;
	free(t->flow);
}

static int
prepare(struct test *t)
{
	unsigned missing;
	int err;

	t->start = v6d_clock_now();
	t->flow = malloc(v6d_flow_size(1));
	if (!t->flow)
		return -ENOMEM;
	v6d_flow_init(t->flow, 1);
	t->ns.private_fd = -1;
	err = v6d_netns_here(&t->ns.host_fd);
	if (err == 0 && !t->control)
		err = v6d_netns_private(&t->ns.private_fd);
	if (err == 0 && !t->control)
		err = v6d_sysctl_mirror_ipv6(
		    t->ns.host_fd, t->ns.private_fd, "v6tun0", &missing);
	if (err < 0)
		return err;
	uv_loop_init(&t->loop);
	uv_timer_init(&t->loop, &t->limit);
	uv_timer_init(&t->loop, &t->next);
	t->limit.data = t->next.data = t;
	if (!t->hold)
		uv_timer_start(&t->limit, on_limit, LIMIT_MS, 0);
	return 0;
}

int
main(int argc, char **argv)
{
	struct test t = {
		.hold = argc > 5 && strcmp(argv[5], "hold") == 0,
		.control = argc > 5 && strcmp(argv[5], "control") == 0,
	};
	struct v6d_dial_conf conf;
	int err;

	err = argc < 5 ? -EINVAL : prepare(&t);
	if (err < 0) /* in a chroot a user has no namespace of their own */
		printf("cannot prepare: %s\n", strerror(-err));
	if (err < 0 || make_conf(argv, &t, &conf) < 0) {
		free(t.flow);
		return 64;
	}
	err = v6d_dial_new(&t.loop, &conf, &t.dial);
	if (err < 0) {
		printf("cannot dial: %s\n", strerror(-err));
		return 69;
	}
	uv_run(&t.loop, UV_RUN_DEFAULT);
	finish(&t);
	return t.failed || (!t.ra && !t.control);
}
