/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gateway_impl.h - between the parts of a running gateway. */
#ifndef V6D_GATEWAY_GATEWAY_IMPL_H
#define V6D_GATEWAY_GATEWAY_IMPL_H

#include <uv.h>

#include "gateway/gateway.h"
#include "gateway/ruleset.h"
#include "io/dial.h"
#include "io/lend.h"
#include "io/pppd.h"
#include "io/program.h"

#define V6D_GW_TUNNEL "v6tun0" /* where the profile names none */
#define V6D_GW_OLD 4 /* prefixes still taken back, per interface */
#define V6D_GW_VALID_LIMIT 5400 /* RFC 9096 3.3: what a LAN is told at most */
#define V6D_GW_PREFERRED_LIMIT 2700 /* seconds */
#define V6D_GW_PATH 300

enum v6d_gw_step_state {
	V6D_GW_STEP_OPEN, /* not yet */
	V6D_GW_STEP_OFF, /* not wanted by the profile */
	V6D_GW_STEP_UP,
	V6D_GW_STEP_BAD, /* made, but not as it should be: its text */
};

/* A prefix that the LAN had before. */
struct v6d_gw_old {
	struct v6d_prefix prefix;
	struct v6d_addr addr; /* ours in it */
	v6d_ns since;
};

/* One interface of the LAN. */
struct v6d_gw_lan {
	char ifname[16];
	struct v6d_prefix prefix; /* family 0: none yet */
	struct v6d_addr addr; /* ours in it */
	uint32_t told_valid, told_preferred; /* seconds, in radvd.conf */
	unsigned n_old;
	struct v6d_gw_old old[V6D_GW_OLD];
};

struct v6d_gw;

/*
 * A step: check says whether it is so already (and still), make changes what
 * is needed by gateway/change.h, so that the journal undoes it.
 */
struct v6d_gw_step {
	const char *name;
	bool (*wanted)(const struct v6d_gw *g); /* NULL: always */
	/* 0: it is so; else -errno, words in g->c.why. NULL: cannot be seen */
	int (*check)(struct v6d_gw *g);
	/* 0, or -errno with words in g->c.why. */
	int (*make)(struct v6d_gw *g);
	/* A failure is told and does not stop the rest. */
	bool optional;
};

extern const struct v6d_gw_step *const v6d_gw_steps[];
extern const unsigned v6d_gw_n_steps;

#define V6D_GW_STEPS 12

struct v6d_gw {
	struct v6d_gw_conf conf;
	const struct v6d_profile *p, *next; /* next: after SIGHUP */
	char tunnel[16]; /* interface */
	char folder[V6D_GW_PATH]; /* below run_dir */
	char radvd_conf[V6D_GW_PATH + 32];
	struct v6d_journal j;
	struct v6d_changes c;
	struct {
		enum v6d_gw_step_state state;
		v6d_ns at; /* unix time */
		char text[200];
	} step[V6D_GW_STEPS];

	uv_loop_t loop;
	uv_timer_t alarm;
	uv_signal_t signals[4];
	uv_pipe_t control;
	uv_poll_t fd_poll, outside;
	bool loop_made, control_made, outside_made, fd_ready, fd_closed;
	bool down; /* on the way down: waits are not cut short */
	int stop; /* signal that asks for the end */
	bool hup, usr1;
	enum v6d_gw_end end; /* why a step failed, where not -errno says it */

	struct v6d_addr server;
	struct v6d_dial *dial; /* the session, by our own engine */
	struct v6d_pppd *pppd; /* or by pppd */
	bool encrypt; /* pppd demands it: the last try without has failed */
	bool another_try; /* at once, because of that */
	struct v6d_lend *lend; /* it to checks of this host */
	bool up, dead; /* the session; dead is told once */
	bool was_forwarding; /* before we came */
	bool no_router; /* no session for long: the LAN is told */
	unsigned mtu; /* of the tunnel */
	struct v6d_ra ra; /* the last valid one with a prefix for us */
	v6d_ns ra_at;
	bool have_ra, ra_news;
	struct v6d_addr addr; /* of the tunnel's interface */
	struct v6d_prefix prefix; /* the first that was given */
	unsigned n_lan;
	struct v6d_gw_lan lan[V6D_PROFILE_LIST];
	struct v6d_program radvd; /* pid 0: none */
	uv_poll_t radvd_poll;
	bool radvd_polled, radvd_dead;
	char dns_note[200]; /* of a record that is not ours; "" */

	/* For status. */
	v6d_ns started, up_at; /* unix time */
	unsigned n_sessions, n_radvd, n_renumbered;
	uint64_t old_in, old_out; /* packets of earlier sessions */
	char last_end[160]; /* why the last session ended */
	v6d_ns retry_at; /* or 0 */
	v6d_ns check_at;
	unsigned attempts; /* that failed since the last session */
	unsigned radvd_attempts;
	v6d_ns radvd_at; /* when radvd is started again; 0: not wanted */
	v6d_ns down_since;
	v6d_ns watchdog, watchdog_at; /* interval; 0: nobody wants it */
	bool counted; /* the session that is up is in n_sessions */
	bool radvd_wanted;
	v6d_ns radvd_since, radvd_hup_at; /* 0: nothing new to be read */
};

/* gateway.c */
void v6d_gw_say(struct v6d_gw *g, enum v6d_gw_level level, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/*
 * Turns the loop until over(g): 0; -ETIMEDOUT; on the way up -EINTR when the
 * end is asked for.
 */
int v6d_gw_wait(
    struct v6d_gw *g, bool (*over)(const struct v6d_gw *), v6d_ns until);
/* Turns the loop once, at most until then. */
void v6d_gw_turn(struct v6d_gw *g, v6d_ns until);
/* All steps; 0 or -errno (g->c.why). */
int v6d_gw_up(struct v6d_gw *g);
/* All changes undone, last first. The number that could not be undone. */
unsigned v6d_gw_undo(struct v6d_gw *g);

/* preflight.c: what can be told before anything is touched. 0 or -errno. */
int v6d_gw_preflight(struct v6d_gw *g);

/* step_firewall.c: the table as it should be now. */
int v6d_gw_write_table(struct v6d_gw *g);
int v6d_gw_mend_table(struct v6d_gw *g); /* somebody took it away */
/* step_session.c */
int v6d_gw_dial(struct v6d_gw *g);
/* What a session that has come up is worth; 0 or -errno. */
int v6d_gw_count_session(struct v6d_gw *g);
const uint8_t *v6d_gw_ifid(const struct v6d_gw *g); /* ours, of 8 bytes */
/* An IPv6 packet to the peer, as if it had come out of the interface. */
void v6d_gw_send(struct v6d_gw *g, const uint8_t *packet, size_t n);
bool v6d_gw_encrypted(const struct v6d_gw *g);
/* Packets of all sessions; dropped: of this one. */
struct v6d_pppd_counts v6d_gw_packets(struct v6d_gw *g);
void v6d_gw_new_ra(struct v6d_gw *g, const uint8_t *packet, size_t len);
void v6d_gw_hang_up(struct v6d_gw *g); /* in order, and waits for that */
void v6d_gw_drop_dial(struct v6d_gw *g); /* at once */
bool v6d_gw_session_over(const struct v6d_gw *g); /* up, or dead */
/* session_pppd.c: where the profile wants pppd. */
bool v6d_gw_by_pppd(const struct v6d_gw *g);
int v6d_gw_pppd_check(struct v6d_gw *g); /* before anything is touched */
int v6d_gw_pppd_dial(
    struct v6d_gw *g, const struct v6d_tun_sysctl *sysctls, unsigned n_sysctls);
/* step_address.c: after an advertisement, in every session. */
int v6d_gw_use_ra(struct v6d_gw *g);
bool v6d_gw_has_ra(const struct v6d_gw *g);
/* old_prefix.c: what l has is old from now on, and `next` is not any more. */
void v6d_gw_old_keep(
    struct v6d_gw *g, struct v6d_gw_lan *l, const struct v6d_prefix *next);
/* Takes away what nobody may use any more. True: there was something. */
bool v6d_gw_old_retire(struct v6d_gw *g, v6d_ns now);
/* step_radvd.c */
int v6d_gw_radvd_write(struct v6d_gw *g); /* the file; radvd rereads it */
int v6d_gw_radvd_start(struct v6d_gw *g);
void v6d_gw_radvd_reap(struct v6d_gw *g);
/* True: the lifetimes in the file promise more than we have. */
bool v6d_gw_radvd_stale(const struct v6d_gw *g);
/* Has it reread what was written, when it can. */
void v6d_gw_radvd_reread(struct v6d_gw *g);
/* step_routes.c: what a new session's device needs. */
int v6d_gw_make_routes(struct v6d_gw *g);
int v6d_gw_make_rules(struct v6d_gw *g); /* for every prefix in use */
/* step_dns.c: after a new prefix. */
int v6d_gw_dns_update(struct v6d_gw *g);

/* Our address that others should use: the LAN's, else the tunnel's. */
const struct v6d_addr *v6d_gw_public(const struct v6d_gw *g);

/* supervise.c: until the end is asked for. */
void v6d_gw_supervise(struct v6d_gw *g);

/* status.c: a heap block of JSON, NUL-terminated; NULL: no memory. */
char *v6d_gw_status_json(struct v6d_gw *g);
int v6d_gw_write_report(struct v6d_gw *g); /* FOLDER/report.json */
int v6d_gw_control_open(struct v6d_gw *g);
void v6d_gw_control_close(struct v6d_gw *g);

/* notify.c: the service manager; harmless without one. */
void v6d_gw_notify(const char *state);
v6d_ns v6d_gw_watchdog(void);

extern const struct v6d_gw_step v6d_gw_step_firewall, v6d_gw_step_accept_ra,
    v6d_gw_step_session, v6d_gw_step_address, v6d_gw_step_tunnel_ra,
    v6d_gw_step_forwarding, v6d_gw_step_radvd, v6d_gw_step_routes,
    v6d_gw_step_dns, v6d_gw_step_mss;

#endif
