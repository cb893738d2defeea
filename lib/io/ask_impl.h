/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ask_impl.h - one ask under way, as the executors (ask_*.c) see it. */
#ifndef V6D_IO_ASK_IMPL_H
#define V6D_IO_ASK_IMPL_H

#include <curl/curl.h>
#include <sys/socket.h>

#include "io/ask.h"

struct v6d_job {
	struct v6d_asker *asker;
	void *who;
	struct v6d_job *next, **link; /* list of those not yet answered */
	v6d_ns asked;
	struct v6d_ask ask;
	struct v6d_answer answer;
	uv_timer_t timer; /* the deadline; later: deliver the answer */
	uv_timer_t tick; /* the executor's own */
	uv_poll_t poll;
	bool polling;
	unsigned handles; /* not yet closed */
	int fd; /* closed with the job; -1: none */
	bool over; /* the answer stands */
	unsigned borrowed; /* its number at who lends the session; 0: not */
	/* Bursts and echoes: frames sent, and what sends more of them. */
	unsigned n_sent;
	bool closing;
	void (*send)(struct v6d_job *j, unsigned first, unsigned end);
	void *x; /* the executor's own, freed with the job */
	void (*on_expire)(struct v6d_job *j); /* fills in what there is */
	void (*on_close)(struct v6d_job *j); /* gives back what x holds */
	void (*on_news)(struct v6d_job *j, const struct v6d_ask_news *n);
};

#define V6D_ASK_RA_MAX 1500

struct v6d_asker {
	struct v6d_asker_conf conf;
	char tunnel[V6D_ASK_IFNAME];
	struct v6d_job *jobs;
	unsigned n_jobs; /* answered or not, with open handles */
	CURLM *multi;
	uv_timer_t curl_timer;
	bool stopped, held;
	struct v6d_asker_sent sent;
	enum v6d_session_state reached; /* the furthest before the end */
	uint32_t bursts; /* numbers them, so that late echoes are known */
	size_t ra_len; /* the newest advertisement, 0: none yet */
	v6d_ns ra_at;
	uint8_t ra[V6D_ASK_RA_MAX];
	struct v6d_borrow *borrow; /* the session is another's; or NULL */
	bool borrow_over;
	unsigned n_borrowed; /* asks that were put to it */
};

/* The descriptor of the ask's namespace, -1: our own. */
int v6d_job_ns(const struct v6d_job *j);

/* The socket address of an ask's target; link-local ones get the tunnel. */
socklen_t v6d_job_sockaddr(
    const struct v6d_job *j, uint16_t port, struct sockaddr_storage *ret);

/* Calls cb when fd is readable (or writable); fd must stay open till then. */
int v6d_job_watch(struct v6d_job *j, int fd, int events, uv_poll_cb cb);

/*
 * Counts what was sent, where it left by the host's namespace: packets of so
 * many bytes in all; all of a TCP socket, which is about to be closed.
 */
void v6d_job_sent(struct v6d_job *j, unsigned packets, size_t bytes);
void v6d_job_sent_tcp(struct v6d_job *j, int fd);

/* The answer stands: done, or refused with an errno and words. */
void v6d_job_done(struct v6d_job *j);
void v6d_job_failed(struct v6d_job *j, int err); /* done, with this errno */
void v6d_job_refuse(struct v6d_job *j, int err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The answer is this one, of another asker. */
void v6d_job_answered(struct v6d_job *j, const struct v6d_answer *a);
/* Waits so much longer than the ask says. */
void v6d_job_patience(struct v6d_job *j, unsigned more_ms);

/*
 * Has `send` send all frames now, or one each gap; and, after answers, ends
 * the ask when it is to end.
 */
void v6d_frames_start(struct v6d_job *j,
    void (*send)(struct v6d_job *j, unsigned first, unsigned end));
void v6d_frames_check(struct v6d_job *j);

/* One entry of a socket's error queue (IP_RECVERR, IPV6_RECVERR). */
struct v6d_sock_error {
	int err;
	bool local; /* this host's own */
	uint8_t type, code;
	uint32_t mtu;
	struct v6d_addr from;
	size_t len; /* quoted bytes from our transport header on */
	uint8_t quote[64];
};

/* True: *ret holds the next one. */
bool v6d_sock_error_next(int fd, struct v6d_sock_error *ret);

/* Switches the error queue on. */
void v6d_sock_error_want(int fd, int family);

/* Executors. Each starts one ask; 0, or -errno where it cannot be asked. */
int v6d_ask_borrow_start(struct v6d_job *j);
int v6d_ask_session_start(struct v6d_job *j);
int v6d_ask_control_echo_start(struct v6d_job *j);
int v6d_ask_burst_start(struct v6d_job *j);
int v6d_ask_ra_start(struct v6d_job *j);
void v6d_ask_session_keep(struct v6d_asker *a);
void v6d_ask_ra_keep(struct v6d_asker *a, const struct v6d_ask_news *n);
int v6d_ask_ping_start(struct v6d_job *j);
int v6d_ask_tcp_start(struct v6d_job *j);
int v6d_ask_dns_start(struct v6d_job *j);
int v6d_ask_counter_start(struct v6d_job *j);
int v6d_ask_syn_in_start(struct v6d_job *j);
int v6d_ask_icmp_in_start(struct v6d_job *j);
int v6d_ask_trace_start(struct v6d_job *j);
int v6d_ask_libc_start(struct v6d_job *j);
int v6d_ask_http_start(struct v6d_job *j);
int v6d_ask_kernel_start(struct v6d_job *j);
int v6d_ask_flows_start(struct v6d_job *j);

/* libcurl on the loop, made on first use. */
int v6d_ask_http_init(struct v6d_asker *a);
void v6d_ask_http_done(struct v6d_asker *a);

#endif
