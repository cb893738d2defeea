/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rehearse_impl.h - between the parts of a rehearsal. */
#ifndef V6D_GATEWAY_REHEARSE_IMPL_H
#define V6D_GATEWAY_REHEARSE_IMPL_H

#include <sys/types.h>

#include "base/time.h"
#include "gateway/rehearse.h"
#include "probe/ask.h"
#include "proto/dns.h"
#include "proto/nd.h"
#include "proto/tcp.h"

#define V6D_REHEARSE_NAME "rehearsal"
#define V6D_REHEARSE_LAN "lan0" /* where the profile names none */
#define V6D_REHEARSE_HOST "eth0" /* the LAN host's interface */

struct v6d_rehearsal {
	struct v6d_rehearse_conf conf;
	struct v6d_rehearse_report *report;
	int gw, lan; /* namespaces */
	char tunnel[16];
	int lan_ear, tun_ear; /* packet sockets */
	int out[2]; /* packets for the tunnel's end: ours, the set-up's */
	int raw; /* of somebody outside, or -1 */
	int ready, words; /* pipes from the set-up */
	pid_t pid;
	char folder[64]; /* for files of the run */
	char *before; /* snapshot of gw */

	/* What was learned on the way. */
	bool early_ra; /* seen before the packet filter stood */
	bool have_ra;
	struct v6d_ra ra; /* as the LAN hears it */
	struct v6d_addr host; /* of the LAN host */
	struct v6d_addr gw_addr; /* of the gateway on the LAN */
	struct v6d_addr router; /* link-local, of the gateway */
	struct v6d_addr target; /* a web server outside */
	struct v6d_addr outside; /* whose packets come from outside */
	bool reachable; /* what is sent from outside gets as far as the LAN */
	uint16_t mss; /* of a SYN as it left through the tunnel */
	uint16_t port; /* of the next connection from outside */
};

/* rehearse_net.c */
int v6d_rehearse_ear(int ns, const char *ifname);
/* One packet heard until then: its length, 0: none. */
size_t v6d_rehearse_hear(int ear, uint8_t *buf, size_t n, v6d_ns until);
void v6d_rehearse_drain(int ear);
int
v6d_rehearse_outside(struct v6d_rehearsal *r, const uint8_t *packet, size_t n);
/* A TCP connection from a namespace; -errno. */
int v6d_rehearse_connect(
    int ns, const struct v6d_addr *to, uint16_t port, v6d_ns until);
/* Bytes of body that came, or -errno; *ret_want: as announced, or -1. */
long v6d_rehearse_get(
    int fd, const char *host, const char *path, v6d_ns until, long *ret_want);
int v6d_rehearse_put(int fd, const char *host, size_t n, v6d_ns until);

/* rehearse_dns.c: AAAA, of one server; three tries. 0 or -errno. */
int v6d_rehearse_ask(int ns, const struct v6d_addr *server, const char *name,
    struct v6d_dns *ret);
/* rehearse_ra.c */
/* An interface's address that is in use, not only tried. */
bool v6d_rehearse_link_local(int ns, const char *ifname, struct v6d_addr *ret);
void v6d_rehearse_solicit(struct v6d_rehearsal *r);
/* A valid one until then: kept in r->ra, r->router. */
bool v6d_rehearse_hear_ra(struct v6d_rehearsal *r, v6d_ns until);

/* rehearse_break.c: 0, or -errno. */
int v6d_rehearse_break(struct v6d_rehearsal *r);

#define V6D_REHEARSE_HTTP 80
#define V6D_REHEARSE_ADDRS 32
#define V6D_REHEARSE_FETCH V6D_S(3)

typedef enum v6d_rehearse_state (*check_fn)(
    struct v6d_rehearsal *r, struct v6d_rehearse_row *row);

enum v6d_rehearse_state
v6d_rehearse_say(struct v6d_rehearse_row *row, enum v6d_rehearse_state st,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* For a check: its result and what was seen. */
#define PASS(...) v6d_rehearse_say(row, V6D_REHEARSE_PASS, __VA_ARGS__)
#define FAIL(...) v6d_rehearse_say(row, V6D_REHEARSE_FAIL, __VA_ARGS__)
#define UNKNOWN(...) v6d_rehearse_say(row, V6D_REHEARSE_UNKNOWN, __VA_ARGS__)
#define SKIP(...) v6d_rehearse_say(row, V6D_REHEARSE_SKIPPED, __VA_ARGS__)

/* A global address of an interface that is not deprecated, in a; or NULL. */
const struct v6d_answer_addr *
v6d_rehearse_addr(int ns, const char *ifname, struct v6d_answer_addr *a);

/* rehearse_outside.c */
enum v6d_rehearse_state
v6d_rehearse_echo(struct v6d_rehearsal *r, struct v6d_rehearse_row *row);
enum v6d_rehearse_state
v6d_rehearse_syn(struct v6d_rehearsal *r, struct v6d_rehearse_row *row);
enum v6d_rehearse_state
v6d_rehearse_udp(struct v6d_rehearsal *r, struct v6d_rehearse_row *row);
enum v6d_rehearse_state
v6d_rehearse_ack(struct v6d_rehearsal *r, struct v6d_rehearse_row *row);
enum v6d_rehearse_state
v6d_rehearse_input(struct v6d_rehearsal *r, struct v6d_rehearse_row *row);
enum v6d_rehearse_state
v6d_rehearse_too_big(struct v6d_rehearsal *r, struct v6d_rehearse_row *row);
enum v6d_rehearse_state
v6d_rehearse_dns_name(struct v6d_rehearsal *r, struct v6d_rehearse_row *row);
enum v6d_rehearse_state
v6d_rehearse_dns_gone(struct v6d_rehearsal *r, struct v6d_rehearse_row *row);

/* rehearse_checks.c */
void v6d_rehearse_checks(struct v6d_rehearsal *r);
void v6d_rehearse_check_after(struct v6d_rehearsal *r);

#endif
