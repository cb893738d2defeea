/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ask.c - the life of an ask: started, watched, timed, answered once. */
#include "io/ask.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/ask_impl.h"
#include "io/borrow.h"
#include "io/clock.h"
#include "io/netlink.h"
#include "io/tcpinfo.h"

static void
job_unlink(struct v6d_job *j)
{
	if (!j->link)
		return;
	*j->link = j->next;
	if (j->next)
		j->next->link = j->link;
	j->link = NULL;
}

static void
job_handle_closed(uv_handle_t *h)
{
	struct v6d_job *j = h->data;

	if (--j->handles > 0)
		return;
	j->asker->n_jobs--;
	free(j->x);
	free(j);
}

static void
job_close(struct v6d_job *j)
{
	job_unlink(j);
	if (j->on_close)
		j->on_close(j);
	if (j->polling)
		uv_close((uv_handle_t *)&j->poll, job_handle_closed);
	if (j->fd >= 0) {
		v6d_job_sent_tcp(j, j->fd); /* if that is what it is */
		close(j->fd);
	}
	j->fd = -1;
	uv_close((uv_handle_t *)&j->timer, job_handle_closed);
	uv_close((uv_handle_t *)&j->tick, job_handle_closed);
}

static void
deliver(uv_timer_t *t)
{
	struct v6d_job *j = t->data;
	struct v6d_asker *a = j->asker;
	v6d_ns now = v6d_clock_now();

	j->answer.at = now - a->conf.start;
	j->answer.took = now - j->asked;
	/* First, so that what it sent is counted; j goes with its handles. */
	job_close(j);
	a->conf.answered(a->conf.arg, j->who, &j->answer);
}

/* From the loop, not from here: the asker's caller is not re-entrant. */
static void
job_over(struct v6d_job *j)
{
	j->over = true;
	uv_timer_stop(&j->tick);
	if (j->polling)
		uv_poll_stop(&j->poll);
	uv_timer_start(&j->timer, deliver, 0, 0);
}

static void
expire(uv_timer_t *t)
{
	struct v6d_job *j = t->data;

	j->answer.how = V6D_ANSWER_TIMEOUT;
	j->answer.err = ETIMEDOUT;
	if (j->on_expire)
		j->on_expire(j);
	job_over(j);
}

void
v6d_job_done(struct v6d_job *j)
{
	if (j->over)
		return;
	j->answer.how = V6D_ANSWER_DONE;
	job_over(j);
}

void
v6d_job_failed(struct v6d_job *j, int err)
{
	if (j->over)
		return;
	j->answer.err = err;
	if (j->answer.text[0] == '\0')
		snprintf(j->answer.text, sizeof(j->answer.text), "%s",
		    strerror(err));
	v6d_job_done(j);
}

void
v6d_job_refuse(struct v6d_job *j, int err, const char *fmt, ...)
{
	va_list ap;

	if (j->over)
		return;
	va_start(ap, fmt);
	vsnprintf(j->answer.text, sizeof(j->answer.text), fmt, ap);
	va_end(ap);
	j->answer.how = V6D_ANSWER_REFUSED;
	j->answer.err = err;
	job_over(j);
}

int
v6d_job_ns(const struct v6d_job *j)
{
	const struct v6d_asker_conf *c = &j->asker->conf;

	if (j->ask.ns == V6D_NS_HOST || c->in_place)
		return c->ns.host_fd;
	return c->ns.private_fd;
}

void
v6d_job_sent(struct v6d_job *j, unsigned packets, size_t bytes)
{
	struct v6d_asker *a = j->asker;

	if (j->ask.ns != V6D_NS_HOST && !a->conf.in_place)
		return;
	a->sent.packets += packets;
	a->sent.bytes += bytes;
}

void
v6d_job_sent_tcp(struct v6d_job *j, int fd)
{
	struct v6d_tcp_sent s;

	/* Closing it sends one more. */
	if (v6d_tcpinfo_sent(fd, j->ask.addr.family, &s))
		v6d_job_sent(j, (unsigned)s.packets + 1, s.bytes + s.headers);
}

struct v6d_asker_sent
v6d_asker_sent(const struct v6d_asker *a)
{
	return a->sent;
}

static socklen_t
sockaddr_6(const struct v6d_job *j, uint16_t port, struct sockaddr_in6 *ret)
{
	const struct v6d_addr *a = &j->ask.addr;
	int index = 0;

	memset(ret, 0, sizeof(*ret));
	ret->sin6_family = AF_INET6;
	ret->sin6_port = htons(port);
	memcpy(&ret->sin6_addr, a->b, sizeof(ret->sin6_addr));
	if (v6d_addr_is_link_local(a) && j->asker->tunnel[0] != '\0' &&
	    v6d_netlink_ifindex(v6d_job_ns(j), j->asker->tunnel, &index) == 0)
		ret->sin6_scope_id = (uint32_t)index;
	return sizeof(*ret);
}

socklen_t
v6d_job_sockaddr(
    const struct v6d_job *j, uint16_t port, struct sockaddr_storage *ret)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons(port) };
	struct sockaddr_in6 in6;
	socklen_t n = sizeof(in);

	memset(ret, 0, sizeof(*ret));
	if (j->ask.addr.family == 6) {
		n = sockaddr_6(j, port, &in6);
		memcpy(ret, &in6, sizeof(in6));
		return n;
	}
	memcpy(&in.sin_addr, j->ask.addr.b, sizeof(in.sin_addr));
	memcpy(ret, &in, sizeof(in));
	return n;
}

int
v6d_job_watch(struct v6d_job *j, int fd, int events, uv_poll_cb cb)
{
	int r;

	if (!j->polling) {
		r = uv_poll_init(j->asker->conf.loop, &j->poll, fd);
		if (r < 0)
			return r;
		j->poll.data = j;
		j->polling = true;
		j->handles++;
	}
	return uv_poll_start(&j->poll, events, cb);
}

void
v6d_job_answered(struct v6d_job *j, const struct v6d_answer *a)
{
	if (j->over)
		return;
	j->answer = *a;
	j->answer.tag = j->ask.tag;
	job_over(j);
}

void
v6d_job_patience(struct v6d_job *j, unsigned more_ms)
{
	uv_timer_start(&j->timer, expire,
	    (j->ask.timeout + V6D_MS(1) - 1) / V6D_MS(1) + more_ms, 0);
}

static bool
wants_session(const struct v6d_ask *ask)
{
	return ask->kind == V6D_ASK_SESSION || ask->kind == V6D_ASK_BURST ||
	       ask->kind == V6D_ASK_CONTROL_ECHO;
}

static bool
wants_tunnel(const struct v6d_ask *ask)
{
	switch (ask->kind) {
	case V6D_ASK_PING:
	case V6D_ASK_TCP:
	case V6D_ASK_TRACE:
	case V6D_ASK_FLOWS:
	case V6D_ASK_DNS:
	case V6D_ASK_LIBC:
	case V6D_ASK_HTTP:
	case V6D_ASK_ADDRS_OF:
	case V6D_ASK_ROUTES_OF:
	case V6D_ASK_ROUTE_TO:
	case V6D_ASK_SYSCTL:
	case V6D_ASK_RULES:
	case V6D_ASK_FILTER:
	case V6D_ASK_COUNTER:
	case V6D_ASK_SYN_IN:
	case V6D_ASK_ICMP_IN:
		return ask->ns == V6D_NS_TUNNEL;
	case V6D_ASK_RA:
		return true;
	case V6D_ASK_SESSION:
	case V6D_ASK_BURST:
	case V6D_ASK_CONTROL_ECHO:
	case V6D_ASK_SLEEP:
	case V6D_ASK_BOOT:
	case V6D_ASK_WATCHED:
		return false;
	}
	return false;
}

static int
start(struct v6d_job *j)
{
	switch (j->ask.kind) {
	case V6D_ASK_SESSION:
		return v6d_ask_session_start(j);
	case V6D_ASK_BURST:
		return v6d_ask_burst_start(j);
	case V6D_ASK_PING:
		return v6d_ask_ping_start(j);
	case V6D_ASK_TCP:
		return v6d_ask_tcp_start(j);
	case V6D_ASK_DNS:
		return v6d_ask_dns_start(j);
	case V6D_ASK_LIBC:
		return v6d_ask_libc_start(j);
	case V6D_ASK_HTTP:
		return v6d_ask_http_start(j);
	case V6D_ASK_RA:
		return v6d_ask_ra_start(j);
	case V6D_ASK_ADDRS_OF:
	case V6D_ASK_ROUTES_OF:
	case V6D_ASK_ROUTE_TO:
	case V6D_ASK_SYSCTL:
	case V6D_ASK_RULES:
	case V6D_ASK_FILTER:
	case V6D_ASK_BOOT:
		return v6d_ask_kernel_start(j);
	case V6D_ASK_TRACE:
		return v6d_ask_trace_start(j);
	case V6D_ASK_COUNTER:
		return v6d_ask_counter_start(j);
	case V6D_ASK_SYN_IN:
		return v6d_ask_syn_in_start(j);
	case V6D_ASK_ICMP_IN:
		return v6d_ask_icmp_in_start(j);
	case V6D_ASK_FLOWS:
		return v6d_ask_flows_start(j);
	case V6D_ASK_CONTROL_ECHO:
		return v6d_ask_control_echo_start(j);
	case V6D_ASK_SLEEP:
	case V6D_ASK_WATCHED:
		return 0;
	}
	return -EINVAL;
}

static void
slept(struct v6d_job *j)
{
	j->answer.how = V6D_ANSWER_DONE;
	j->answer.err = 0;
}

static struct v6d_job *
job_new(struct v6d_asker *a, const struct v6d_ask *ask, void *who)
{
	struct v6d_job *j = calloc(1, sizeof(*j));

	if (!j)
		return NULL;
	j->asker = a;
	j->who = who;
	j->ask = *ask;
	j->fd = -1;
	j->asked = v6d_clock_now();
	j->answer.kind = ask->kind;
	j->answer.tag = ask->tag;
	j->answer.first_byte = V6D_NEVER;
	j->answer.n_frames = ask->n_frames;
	uv_timer_init(a->conf.loop, &j->timer);
	uv_timer_init(a->conf.loop, &j->tick);
	j->timer.data = j->tick.data = j;
	j->handles = 2;
	j->next = a->jobs;
	j->link = &a->jobs;
	if (j->next)
		j->next->link = &j->next;
	a->jobs = j;
	a->n_jobs++;
	return j;
}

void
v6d_asker_put(struct v6d_asker *a, const struct v6d_ask *ask, void *who)
{
	struct v6d_job *j = job_new(a, ask, who);
	uint64_t ms = (ask->timeout + V6D_MS(1) - 1) / V6D_MS(1);
	int r;

	if (!j)
		abort(); /* a few kilobytes: the machine is beyond help */
	uv_update_time(a->conf.loop);
	uv_timer_start(&j->timer, expire, ms, 0);
	if (ask->kind == V6D_ASK_SLEEP || ask->kind == V6D_ASK_WATCHED)
		j->on_expire = slept;
	if (wants_tunnel(ask) && a->conf.no_tunnel) {
		v6d_job_refuse(j, ENETDOWN, "%s", a->conf.no_tunnel);
		return;
	}
	r = a->borrow && wants_session(ask) ? v6d_ask_borrow_start(j)
					    : start(j);
	if (r < 0)
		v6d_job_refuse(j, -r, "%s", strerror(-r));
}

void
v6d_asker_news(struct v6d_asker *a, const struct v6d_ask_news *n)
{
	if (n->kind == V6D_NEWS_RA)
		v6d_ask_ra_keep(a, n);
	if (n->kind == V6D_NEWS_STATE)
		v6d_ask_session_keep(a);
	for (struct v6d_job *j = a->jobs; j; j = j->next)
		if (j->on_news && !j->over)
			j->on_news(j, n);
}

void
v6d_asker_set_dial(struct v6d_asker *a, struct v6d_dial *dial)
{
	a->conf.dial = dial;
}

void
v6d_asker_hold(struct v6d_asker *a, bool held)
{
	struct v6d_ask_news n = { .kind = V6D_NEWS_STATE };

	a->held = held;
	if (!held)
		v6d_asker_news(a, &n);
}

void
v6d_asker_set_tunnel(
    struct v6d_asker *a, const char *ifname, const char *no_tunnel)
{
	snprintf(a->tunnel, sizeof(a->tunnel), "%s", ifname ? ifname : "");
	a->conf.no_tunnel = no_tunnel;
}

int
v6d_asker_new(const struct v6d_asker_conf *conf, struct v6d_asker **ret)
{
	struct v6d_asker *a = calloc(1, sizeof(*a));

	if (!a)
		return -ENOMEM;
	a->conf = *conf;
	/* Echoes to an asker before us on the same session are not ours. */
	a->bursts = (uint32_t)(v6d_clock_now() / V6D_US(1));
	v6d_asker_set_tunnel(a, conf->tunnel, conf->no_tunnel);
	*ret = a;
	return 0;
}

void
v6d_asker_stop(struct v6d_asker *a)
{
	a->stopped = true;
	v6d_borrow_free(a->borrow);
	a->borrow = NULL;
	while (a->jobs)
		job_close(a->jobs);
	v6d_ask_http_done(a);
}

void
v6d_asker_free(struct v6d_asker *a)
{
	free(a);
}
