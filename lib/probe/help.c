/* SPDX-License-Identifier: GPL-2.0-or-later */
/* help.c - what several probes say and ask in the same way. */
#include "probe/help.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define RESTART V6D_S(1) /* no negotiation takes so long by itself */
#define SMALL 84 /* bytes of an IP packet: what ping sends */

const char *
v6d_help_raw(void)
{
	return "raw sockets are not allowed: run as root (or give v6doctor "
	       "the right, \"setcap cap_net_raw+ep\")";
}

const char *
v6d_help_no_session(const struct v6d_plan *p)
{
	if (p->in_place && !p->lent)
		return "a session is up already and is judged in place "
		       "(--dial makes a second one)";
	if (p->server.family == 0)
		return p->server_name[0] ? "the server's name has no address"
					 : "no server is named";
	return NULL;
}

static const char *
no_tun(int err)
{
	switch (err) {
	case ENOENT:
	case ENODEV:
	case ENXIO:
		return "there is no /dev/net/tun: load the module with "
		       "\"modprobe tun\"";
	case EACCES:
		return "/dev/net/tun is not open to this user: run as root";
	}
	return "no TUN device can be made in a namespace: run as root";
}

const char *
v6d_help_no_tunnel(const struct v6d_plan *p)
{
	if (p->in_place)
		return p->interface[0] ? NULL : "no tunnel interface is up";
	if (p->server.family == 0)
		return p->server_name[0]
			   ? "no tunnel: the server's name has no address"
			   : "no tunnel: no server is named and no tunnel is "
			     "up";
	if (!p->have_raw)
		return v6d_help_raw();
	return p->have_tun ? NULL : no_tun(p->tun_err);
}

bool
v6d_help_reached(const struct v6d_answer *a, enum v6d_session_state state)
{
	if (a->state == V6D_SESSION_DEAD || a->state == V6D_SESSION_CLOSING)
		return a->state == V6D_SESSION_DEAD && a->failed_in >= state &&
		       a->failed_in < V6D_SESSION_CLOSING;
	return a->state >= state;
}

v6d_ns
v6d_help_handshake(const struct v6d_answer *a)
{
	const struct v6d_session_times *t = &a->times;

	if (t->tcp == V6D_NEVER || t->start == V6D_NEVER || t->tcp < t->start)
		return 0;
	return t->tcp - t->start;
}

void
v6d_help_session(struct v6d_probe_run *r, enum v6d_session_state until,
    v6d_ns timeout, unsigned tag)
{
	struct v6d_ask q = { .kind = V6D_ASK_SESSION,
		.tag = tag,
		.until = until,
		.timeout = timeout };

	v6d_probe_ask(r, &q);
}

void
v6d_help_ra(struct v6d_probe_run *r, v6d_ns timeout, unsigned tag)
{
	struct v6d_ask q = { .kind = V6D_ASK_RA,
		.tag = tag,
		.ns = V6D_NS_TUNNEL,
		.timeout = timeout };

	v6d_probe_ask(r, &q);
}

void
v6d_help_ping(struct v6d_probe_run *r, enum v6d_ns_kind ns,
    const struct v6d_addr *to, unsigned n, v6d_ns timeout, unsigned tag)
{
	struct v6d_ask q = { .kind = V6D_ASK_PING,
		.tag = tag,
		.ns = ns,
		.addr = *to,
		.n_frames = n,
		.timeout = timeout,
		.gap = V6D_MS(10),
		.df = to->family == 6 };

	for (unsigned i = 0; i < n; i++) {
		q.frames[i].outer_len = SMALL;
		q.frames[i].closes = true;
	}
	v6d_probe_ask(r, &q);
}

const struct v6d_answer_frame *
v6d_help_pong(const struct v6d_answer *a)
{
	for (unsigned i = 0; i < a->n_frames; i++)
		if (a->frames[i].answered)
			return &a->frames[i];
	return NULL;
}

void
v6d_help_tcp(struct v6d_probe_run *r, enum v6d_ns_kind ns,
    const struct v6d_addr *to, uint16_t port, v6d_ns timeout, unsigned tag)
{
	struct v6d_ask q = { .kind = V6D_ASK_TCP,
		.tag = tag,
		.ns = ns,
		.addr = *to,
		.port = port,
		.timeout = timeout };

	v6d_probe_ask(r, &q);
}

bool
v6d_help_tcp_answered(const struct v6d_answer *a)
{
	return a->how == V6D_ANSWER_DONE &&
	       (a->connected || a->err == ECONNREFUSED);
}

void
v6d_help_sysctl(struct v6d_probe_run *r, enum v6d_ns_kind ns, const char *where,
    const char *what, unsigned tag)
{
	struct v6d_ask q = { .kind = V6D_ASK_SYSCTL,
		.tag = tag,
		.ns = ns,
		.timeout = V6D_S(1) };

	snprintf(q.name, sizeof(q.name), "net/ipv6/conf/%s/%s", where, what);
	v6d_probe_ask(r, &q);
}

const char *
v6d_help_text(const struct v6d_addr *a, char *buf)
{
	return v6d_addr_text(a, buf, V6D_ADDR_TEXT);
}

bool
v6d_help_is_private(const struct v6d_addr *a)
{
	const uint8_t *b = a->b;

	return a->family == 4 &&
	       (b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) ||
		   (b[0] == 192 && b[1] == 168) ||
		   (b[0] == 100 && (b[1] & 0xc0) == 64));
}

unsigned
v6d_help_ms(v6d_ns t)
{
	return (unsigned)((t + V6D_US(500)) / V6D_MS(1));
}

/* RFC-wise a router does not listen to routers; Linux wants accept_ra 2. */
static void
accept_ra_fact(struct v6d_probe_run *r, int64_t accept_ra, int64_t forwarding)
{
	const char *word = NULL;

	if (accept_ra < 0 || forwarding < 0)
		return;
	if (accept_ra == 0)
		word = "off";
	else if (forwarding != 0 && accept_ra != 2)
		word = "forwarding";
	v6d_probe_fact(r, V6D_FACT_HOST_ACCEPT_RA, NULL,
	    word ? V6D_BAD : V6D_OK, word, accept_ra);
}

void
v6d_help_host_facts(
    struct v6d_probe_run *r, const int64_t values[3], bool absent)
{
	if (absent) {
		v6d_probe_fact(r, V6D_FACT_HOST_IPV6, NULL, V6D_BAD, "absent",
		    V6D_NO_VALUE);
		return;
	}
	if (values[0] >= 0)
		v6d_probe_fact(r, V6D_FACT_HOST_IPV6, NULL,
		    values[0] ? V6D_BAD : V6D_OK, values[0] ? "disabled" : NULL,
		    V6D_NO_VALUE);
	if (values[2] >= 0)
		v6d_probe_fact(
		    r, V6D_FACT_HOST_FORWARDING, NULL, V6D_OK, NULL, values[2]);
	accept_ra_fact(r, values[1], values[2]);
}

bool
v6d_help_repeated(const struct v6d_answer *a)
{
	const struct v6d_session_times *t = &a->times;
	v6d_ns up = t->ipv6cp != V6D_NEVER ? t->ipv6cp : t->lcp;

	return t->ocrp != V6D_NEVER && up != V6D_NEVER &&
	       up >= t->ocrp + RESTART;
}

static bool
is_heavy(const struct v6d_facts *f, enum v6d_fact fact)
{
	const struct v6d_obs *o = v6d_facts_last(f, fact);

	return o && o->state == V6D_BAD && o->value > V6D_GRE_LOSS_HEAVY;
}

bool
v6d_help_heavy(const struct v6d_facts *f)
{
	return is_heavy(f, V6D_FACT_GRE_LOSS) ||
	       is_heavy(f, V6D_FACT_GRE_LOSS_IN) ||
	       is_heavy(f, V6D_FACT_GRE_LOSS_OUT);
}

bool
v6d_help_lossy(const struct v6d_probe_run *r)
{
	return v6d_help_heavy(r->facts);
}

v6d_ns
v6d_help_patience(
    const struct v6d_probe_run *r, v6d_ns usual, v6d_ns until, v6d_ns least)
{
	v6d_ns left = until > r->now ? until - r->now : 0;

	if (!v6d_help_lossy(r) || left >= usual)
		return usual;
	return left > least ? left : least;
}
