/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session_impl.h - the inside of the session machine, for its own files and
 * for tests that look inside. Each part has its struct and its functions
 * here, in the order of the layers; session.c puts them together.
 */
#ifndef V6D_TUNNEL_SESSION_IMPL_H
#define V6D_TUNNEL_SESSION_IMPL_H

#include "proto/gre.h"
#include "proto/pptp.h"
#include "tunnel/fsm.h"
#include "tunnel/mppe.h"
#include "tunnel/mschap.h"
#include "tunnel/reorder.h"
#include "tunnel/session.h"

/* PPTP control connection: control.c */
struct v6d_ctl {
	size_t in_len;
	uint8_t in[V6D_PPTP_MAX]; /* the start of the next message */
	bool started; /* Start-Control-Connection done */
	bool call; /* a call stands */
	uint16_t call_id, peer_call_id;
	v6d_ns timer; /* next Echo-Request, or patience for its reply */
	bool waits_echo;
	uint32_t echo_id;
};

/* Enhanced GRE: carrier.c */
struct v6d_carrier {
	uint32_t next_seq;
	uint32_t peer_seq; /* highest received, when heard */
	uint32_t acked; /* highest of ours that the peer acknowledged */
	v6d_ns ack_at; /* pure ack due; V6D_NEVER: nothing to ack */
	bool heard;
	size_t early_len; /* one frame that overtook Outgoing-Call-Reply */
	uint8_t early[V6D_SESSION_FRAME];
};

/* Link Control Protocol: lcp.c */
struct v6d_lcp {
	struct v6d_fsm fsm;
	uint32_t magic, peer_magic;
	uint16_t mru; /* that we announce; 0: nothing */
	uint16_t peer_mru;
	enum v6d_auth_mask demand; /* server: of the client */
	enum v6d_auth_mask perform; /* client: what the server demanded */
	bool no_magic; /* the peer rejected the option */
	uint16_t strange_proto; /* authentication that we refused, */
	uint8_t strange_alg;
	unsigned strange_count; /* and how often in a row */
	unsigned own_magic; /* times that the peer had our number */
};

/* LCP echoes, ours and theirs: echo.c */
struct v6d_echo {
	v6d_ns timer; /* of the keepalive */
	unsigned unanswered;
	uint8_t id;
	uint8_t cookie[8]; /* the data of a keepalive, to know its reply */
	size_t gre_len; /* of the packet whose frame is being handled */
};

/* Authentication: auth.c, chap.c, eap.c */
struct v6d_auth {
	enum v6d_auth_mask method;
	bool done;
	bool judged; /* server: verdict on `id` is in `accepted` */
	bool accepted;
	bool responded; /* client: `value` answers challenge `id` */
	bool named; /* EAP server: the client has said who it is */
	uint8_t declined; /* EAP client: the type that we refused last, or 0 */
	uint8_t id;
	v6d_ns timer; /* sends the last packet again */
	uint8_t challenge_len;
	uint8_t challenge[UINT8_MAX];
	uint8_t value_len;
	uint8_t value[V6D_MSCHAP_RESPONSE]; /* the client's proof */
	char proof[V6D_MSCHAP_PROOF + 1]; /* MS-CHAPv2: the server's */
};

/* Compression Control Protocol, which here means encryption: ccp.c */
struct v6d_ccp {
	struct v6d_fsm fsm;
	bool asked; /* the peer has asked for MPPE */
	unsigned insisted; /* times that the peer wanted another kind */
	struct v6d_mppe send, receive; /* valid while the fsm is open */
};

/* IPv6 Control Protocol: ipv6cp.c */
struct v6d_ipv6cp {
	struct v6d_fsm fsm;
	uint8_t ifid[8], peer_ifid[8];
	bool no_ifid; /* the peer rejected the option */
};

/* The orderly end: closing.c */
enum v6d_closing_step {
	V6D_CLOSING_NONE,
	V6D_CLOSING_LINK, /* Terminate-Request sent */
	V6D_CLOSING_CALL, /* Call-Clear-Request sent */
	V6D_CLOSING_CONTROL, /* Stop-Control-Connection-Request sent */
	V6D_CLOSING_LINGER, /* server: the peer may finish */
};

/* Actions waiting to be taken: queue.c */
struct v6d_queue {
	unsigned head, len;
	bool lent; /* the oldest one is with the caller */
	bool close, dead; /* the last two actions, never crowded out */
	unsigned long lost; /* for want of room */
	struct v6d_session_act last;
	struct v6d_session_act act[V6D_SESSION_QUEUE];
};

struct v6d_session {
	struct v6d_session_conf conf;
	v6d_ns now;
	enum v6d_session_state state, failed_in;
	enum v6d_session_why why;
	int code, code2;
	bool tcp; /* a connection is there, or asked for */
	v6d_ns step; /* patience of the state ends */
	uint32_t n_random; /* blocks drawn from conf.random */
	struct v6d_session_times times;
	struct v6d_ctl control;
	struct v6d_carrier carrier;
	struct v6d_lcp lcp;
	struct v6d_echo echo;
	struct v6d_auth auth;
	struct v6d_ccp ccp;
	struct v6d_ipv6cp ipv6cp;
	enum v6d_closing_step closing;
	/* During v6d_session_receive: where packets go, and what is ours to
	 * write in. Else NULL. */
	struct v6d_session_packets *sink;
	uint8_t *writable;
	struct v6d_queue queue; /* large; this and the next keep last */
	struct v6d_reorder reorder; /* used where conf.reorder is not 0 */
};

#define V6D_MD5 16

static inline bool
v6d_session_is_server(const struct v6d_session *s)
{
	return s->conf.role == V6D_ROLE_SERVER;
}

/* session.c */

/* Changes state and gives the new one its patience. */
void v6d_session_enter(struct v6d_session *s, enum v6d_session_state st);

/* Notes when a milestone was first reached. */
static inline void
v6d_session_mark(const struct v6d_session *s, v6d_ns *milestone)
{
	if (*milestone == V6D_NEVER)
		*milestone = s->now;
}

/* n bytes out of conf.random, never the same twice. */
void v6d_session_random(struct v6d_session *s, uint8_t *ret, size_t n);

/* queue.c */

/* Room for one more action, or NULL: the queue is full or s is dead. */
struct v6d_session_act *
v6d_queue_add(struct v6d_session *s, enum v6d_session_act_kind kind);
void v6d_queue_bytes(struct v6d_session *s, enum v6d_session_act_kind kind,
    const uint8_t *bytes, size_t n);
bool v6d_queue_full(const struct v6d_session *s);

/* control.c */
void v6d_ctl_tcp_up(struct v6d_session *s);
void v6d_ctl_bytes(struct v6d_session *s, const uint8_t *p, size_t n);
void v6d_ctl_tick(struct v6d_session *s);
/* Call-Clear-Request or, from a server, Call-Disconnect-Notify. */
void v6d_ctl_end_call(struct v6d_session *s, uint8_t result);
void v6d_ctl_stop(struct v6d_session *s);
/* Set-Link-Info: the client's word that the link is established. */
void v6d_ctl_link_info(struct v6d_session *s);

/* carrier.c */

/* What became of a received GRE packet. */
enum v6d_carrier_got {
	V6D_CARRIER_NOTHING, /* not ours, damaged, or an acknowledgment alone */
	V6D_CARRIER_FRAME,
	V6D_CARRIER_LATE, /* a frame that came too late, or twice */
};

void v6d_carrier_start(struct v6d_session *s);
/* ret_frame: the PPP frame; ret_len: bytes of GRE packet, header included. */
enum v6d_carrier_got
v6d_carrier_receive(struct v6d_session *s, const uint8_t *p, size_t n,
    struct v6d_wire *ret_frame, size_t *ret_len, uint32_t *ret_seq);
void v6d_carrier_send(
    struct v6d_session *s, uint16_t proto, const uint8_t *info, size_t n);
/* Writes the headers before n bytes of info; returns where they begin. */
uint8_t *v6d_carrier_wrap(struct v6d_session *s, uint16_t proto, uint8_t *info,
    size_t n, size_t *ret_n);
/* Bytes of GRE and PPP header that v6d_carrier_send_probe puts before info. */
size_t v6d_carrier_probe_overhead(const struct v6d_session *s);
/* As send, but under a number of the caller's, and always with an ack. */
void v6d_carrier_send_probe(
    struct v6d_session *s, const uint8_t *info, size_t n, uint32_t seq);
void v6d_carrier_tick(struct v6d_session *s);

/* phase.c: who gets a frame when, and what follows what (RFC 1661 3.2) */
void v6d_phase_call_up(struct v6d_session *s);
void v6d_phase_gre(struct v6d_session *s, const uint8_t *p, size_t n);
void v6d_phase_tun(struct v6d_session *s, const uint8_t *p, size_t n);
/* Releases packets that waited for others long enough. */
void v6d_phase_tick(struct v6d_session *s);
void v6d_phase_lcp_up(struct v6d_session *s);
void v6d_phase_lcp_down(struct v6d_session *s);
/* Our proof is under way: the first IPV6CP request may travel with it. */
void v6d_phase_identified(struct v6d_session *s);
void v6d_phase_authenticated(struct v6d_session *s);
void v6d_phase_ccp_up(struct v6d_session *s);
void v6d_phase_ipv6cp_up(struct v6d_session *s);
void v6d_phase_ipv6cp_down(struct v6d_session *s);

/* lcp.c */
void v6d_lcp_init(struct v6d_session *s);
void v6d_lcp_open(struct v6d_session *s);
bool v6d_lcp_is_open(const struct v6d_session *s);
/* frame: the rejected frame from its information field on. */
void v6d_lcp_protocol_reject(
    struct v6d_session *s, uint16_t proto, struct v6d_wire frame);

/* echo.c */
void v6d_echo_start(struct v6d_session *s);
void v6d_echo_stop(struct v6d_session *s);
void v6d_echo_request(struct v6d_session *s, uint8_t id, struct v6d_wire *data);
void v6d_echo_reply(struct v6d_session *s, struct v6d_wire *data);
void v6d_echo_tick(struct v6d_session *s);

/* auth.c */
void v6d_auth_reset(struct v6d_session *s);
void v6d_auth_start(struct v6d_session *s);
void v6d_auth_pap(struct v6d_session *s, struct v6d_wire *w);
void v6d_auth_tick(struct v6d_session *s);
/* Sends what the other side has to react to, and again if it does not. */
void v6d_auth_ask(struct v6d_session *s);
void
v6d_auth_send(struct v6d_session *s, uint16_t proto, const struct v6d_out *o);
void v6d_auth_succeed(struct v6d_session *s);
/* Server: the link goes with the verdict; the client may still hang up. */
void v6d_auth_turn_away(struct v6d_session *s);
bool v6d_auth_is_text(const char *text, const uint8_t *p, size_t n);

/* chap.c */
void v6d_auth_chap(struct v6d_session *s, struct v6d_wire *w);
void v6d_chap_ask(struct v6d_session *s);
/* MD5(identifier, password, challenge): RFC 1994 4.1, RFC 3748 5.4. */
void v6d_chap_md5(const struct v6d_session *s, uint8_t id,
    const uint8_t *challenge, size_t n, uint8_t ret[V6D_MD5]);
/* Server: is this what a client with our password would say? */
bool v6d_chap_verify_md5(const struct v6d_session *s, const uint8_t *value,
    size_t n, const uint8_t *name, size_t name_len);

/* eap.c */
void v6d_auth_eap(struct v6d_session *s, struct v6d_wire *w);
void v6d_eap_ask(struct v6d_session *s);
/* Client: the peer went on to the next phase; its Success must be lost. */
void v6d_eap_passed_by(struct v6d_session *s);

/* ccp.c */
void v6d_ccp_init(struct v6d_session *s);
/* Authentication is done: asks for encryption where we require it. */
void v6d_ccp_start(struct v6d_session *s);
void v6d_ccp_reset(struct v6d_session *s);
bool v6d_ccp_is_open(const struct v6d_session *s);
void v6d_ccp_input(struct v6d_session *s, struct v6d_wire w);
void v6d_ccp_rejected(struct v6d_session *s);
/* Wraps an IPv6 packet, encrypted in place where that is agreed; or NULL. */
uint8_t *
v6d_ccp_wrap(struct v6d_session *s, uint8_t *p, size_t n, size_t *ret_n);
/*
 * Decrypts a frame into ret, which has room for V6D_SESSION_FRAME or is where
 * the frame's own encrypted bytes are; false: nothing to be had from it.
 */
bool v6d_ccp_decrypt(struct v6d_session *s, struct v6d_wire w, uint8_t *ret,
    struct v6d_wire *ret_frame);

/* ipv6cp.c */
void v6d_ipv6cp_init(struct v6d_session *s);
/* Starts; where a first request is out already, asks again soon. */
void v6d_ipv6cp_open(struct v6d_session *s);

/* closing.c */

/* Our own wish: Terminate, Clear, Stop, each with a short wait. */
void v6d_closing_stop(struct v6d_session *s);
/* The peer ended it and a server lets it finish; a client says good-bye. */
void v6d_closing_linger(
    struct v6d_session *s, enum v6d_session_why why, int code, int code2);
/* The awaited answer of this step came. */
void v6d_closing_answered(struct v6d_session *s, enum v6d_closing_step step);
void v6d_closing_tick(struct v6d_session *s);
/* Says good-bye without waiting for answers, and dies. */
void v6d_closing_fail(
    struct v6d_session *s, enum v6d_session_why why, int code, int code2);
/* Dies at once, without a word. */
void v6d_closing_die(
    struct v6d_session *s, enum v6d_session_why why, int code, int code2);

#endif
