/* SPDX-License-Identifier: GPL-2.0-or-later */
/* help.h - what several probes say and ask in the same way. */
#ifndef V6D_PROBE_HELP_H
#define V6D_PROBE_HELP_H

#include "probe/probe.h"

/* Why this run has no session of its own to look at, or NULL. */
const char *v6d_help_no_session(const struct v6d_plan *p);

/* Why this run can have no tunnel, its own or in place, or NULL. */
const char *v6d_help_no_tunnel(const struct v6d_plan *p);

/* How to get the right to a raw socket, for summaries. */
const char *v6d_help_raw(void);

/* The session got as far as `state`, whatever became of it then. */
bool v6d_help_reached(const struct v6d_answer *a, enum v6d_session_state state);

/* About a round trip to the server, by TCP's handshake, or 0. */
v6d_ns v6d_help_handshake(const struct v6d_answer *a);

/* Asks to wait until the session is in this state or a later one. */
void v6d_help_session(struct v6d_probe_run *r, enum v6d_session_state until,
    v6d_ns timeout, unsigned tag);

/* Asks to wait for a router advertisement. */
void v6d_help_ra(struct v6d_probe_run *r, v6d_ns timeout, unsigned tag);

/* Asks for n small echoes, 10 ms apart; any answer ends it. */
void v6d_help_ping(struct v6d_probe_run *r, enum v6d_ns_kind ns,
    const struct v6d_addr *to, unsigned n, v6d_ns timeout, unsigned tag);

/* The first echo that came back, or NULL. */
const struct v6d_answer_frame *v6d_help_pong(const struct v6d_answer *a);

void v6d_help_tcp(struct v6d_probe_run *r, enum v6d_ns_kind ns,
    const struct v6d_addr *to, uint16_t port, v6d_ns timeout, unsigned tag);

/* A TCP handshake or its refusal: somebody is there. */
bool v6d_help_tcp_answered(const struct v6d_answer *a);

void v6d_help_sysctl(struct v6d_probe_run *r, enum v6d_ns_kind ns,
    const char *where, const char *what, unsigned tag);

/* The address as text in static-free memory: buf of V6D_ADDR_TEXT. */
const char *v6d_help_text(const struct v6d_addr *a, char *buf);

/*
 * IPv4 addresses that something translates on the way out: RFC 1918, and RFC
 * 6598, since a provider's own translation is one as well.
 */
bool v6d_help_is_private(const struct v6d_addr *a);

unsigned v6d_help_ms(v6d_ns t);

/*
 * Facts about IPv6 sysctls. values: disable_ipv6, accept_ra, forwarding; -1
 * where it could not be read; absent: there is no IPv6 in the kernel.
 */
void v6d_help_host_facts(
    struct v6d_probe_run *r, const int64_t values[3], bool absent);

/* SESSION: a negotiation waited for a restart timer (RFC 1661 4.6). */
bool v6d_help_repeated(const struct v6d_answer *a);

/* GRE is lost so heavily that pages stop: it is measured, and a fault. */
bool v6d_help_lossy(const struct v6d_probe_run *r);
bool v6d_help_heavy(const struct v6d_facts *f);

/*
 * How long to wait: `usual`; but where the line is lossy, and so the fault is
 * known, only until this time of the run, and `least` at the least.
 */
v6d_ns v6d_help_patience(
    const struct v6d_probe_run *r, v6d_ns usual, v6d_ns until, v6d_ns least);

#endif
