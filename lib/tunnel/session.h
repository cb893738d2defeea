/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.h - one PPTP call with PPP in it (RFC 2637, RFC 1661, RFC 5072),
 * client or server, as a machine without sockets, clocks or threads: events
 * and time go in, actions and a deadline come out.
 */
#ifndef V6D_TUNNEL_SESSION_H
#define V6D_TUNNEL_SESSION_H

#include "base/addr.h"
#include "base/time.h"
#include "base/wire.h"

#define V6D_SESSION_FRAME 1600 /* room for one action's bytes */
#define V6D_SESSION_QUEUE 256 /* actions that may wait to be taken */
#define V6D_SESSION_NAME 256

enum v6d_role { V6D_ROLE_CLIENT, V6D_ROLE_SERVER };

/* A mask: what a client is willing to do, what a server demands. */
enum v6d_auth_mask {
	V6D_AUTH_NONE = 1,
	V6D_AUTH_PAP = 2,
	V6D_AUTH_MSCHAPV2 = 4,
	V6D_AUTH_CHAP = 8, /* with MD5 */
	V6D_AUTH_EAP = 16, /* with MD5-Challenge */
};

#define V6D_AUTH_ANY \
	(V6D_AUTH_PAP | V6D_AUTH_MSCHAPV2 | V6D_AUTH_CHAP | V6D_AUTH_EAP)

/* Encryption, 128 bit and stateless; it needs MS-CHAPv2. */
enum v6d_mppe_wish {
	V6D_MPPE_ALLOW, /* when the peer asks for it */
	V6D_MPPE_REQUIRE,
	V6D_MPPE_REFUSE,
};

enum v6d_session_state {
	V6D_SESSION_IDLE,
	V6D_SESSION_CONNECTING, /* client: TCP to port 1723 asked for */
	V6D_SESSION_WAIT_START, /* for SCCRP (client) or SCCRQ (server) */
	V6D_SESSION_WAIT_CALL, /* for OCRP (client) or OCRQ (server) */
	V6D_SESSION_LCP, /* call up, link being established */
	V6D_SESSION_AUTH,
	V6D_SESSION_NETWORK, /* IPV6CP being negotiated */
	V6D_SESSION_UP, /* IPv6 packets may flow */
	V6D_SESSION_CLOSING, /* orderly end under way */
	V6D_SESSION_DEAD, /* see failed_in, why, code */
};

/* Why a machine is dead. Every dead machine has one. */
enum v6d_session_why {
	V6D_WHY_NONE,
	V6D_WHY_STOPPED, /* by our own V6D_EV_STOP */
	V6D_WHY_TCP_FAILED, /* connect() failed: code is an errno */
	V6D_WHY_TIMEOUT, /* no answer in the state's patience */
	V6D_WHY_CLOSED, /* peer closed TCP */
	V6D_WHY_RESET, /* peer or a middlebox reset TCP */
	V6D_WHY_NOT_PPTP, /* bytes on 1723 that are not PPTP */
	V6D_WHY_START_REFUSED, /* SCCRP result in code */
	V6D_WHY_CALL_REFUSED, /* OCRP result in code, error in code2 */
	V6D_WHY_DISCONNECTED, /* Call-Disconnect-Notify, result in code */
	V6D_WHY_STOP_RECEIVED, /* Stop-Control-Connection-Request */
	V6D_WHY_ECHO_LOST, /* control or LCP echo unanswered */
	V6D_WHY_LCP_FAILED, /* never converged, or option refused */
	V6D_WHY_AUTH_METHOD, /* no common method; theirs: the PPP protocol
				   in code, the CHAP algorithm in code2 */
	V6D_WHY_AUTH_REJECTED, /* MS-CHAP error number in code, or 0 */
	V6D_WHY_AUTH_BAD_PEER, /* authenticator response did not verify */
	V6D_WHY_LOOPED, /* LCP: our own magic number comes back */
	V6D_WHY_MPPE, /* one end demands encryption, the other refuses it:
			 our enum v6d_mppe_wish in code */
	V6D_WHY_IPV6CP_REJECTED, /* Protocol-Reject of IPV6CP */
	V6D_WHY_IPV6CP_FAILED,
	V6D_WHY_TERMINATED, /* LCP Terminate-Request from the peer */
	V6D_WHY_HUNG_UP, /* server role: on ICMP protocol-unreachable */
};

struct v6d_session_conf {
	enum v6d_role role;
	uint8_t random[64]; /* fresh: magic, challenges, suggestions */
	uint16_t call_id; /* ours; 0 is legal */
	uint16_t serial;
	char user[V6D_SESSION_NAME]; /* client's name; server: the only one */
	char password[V6D_SESSION_NAME];
	unsigned auth; /* enum v6d_auth_mask */
	enum v6d_mppe_wish mppe;
	uint16_t mru; /* ours, bytes; 1500 is not announced */
	uint8_t ifid[8]; /* ours; zero: ask the peer for one */
	v6d_ns step_timeout; /* patience per step; 0: 10 s */
	v6d_ns restart; /* RFC 1661 4.6 restart timer; 0: 3 s */
	/*
	 * Client: a Configure-Request is repeated first after so long and
	 * twice what TCP took to connect, then each time twice as late, up to
	 * `restart`; 0: always after that.
	 */
	v6d_ns first_restart;
	/*
	 * Client: until IPV6CP is open each frame is sent so often more, at
	 * once and under its number. A peer drops what it has (RFC 2637 4);
	 * where only one comes through, nobody waits for a timer.
	 */
	unsigned copies;
	v6d_ns lcp_echo; /* interval of own LCP echoes; 0: none */
	/*
	 * Packets that overtook others wait so long for their turn; 0: they
	 * do not wait, and the others come too late. Only IPv6 waits, so
	 * that LCP measures what happened.
	 */
	v6d_ns reorder;
	uint32_t first_seq; /* of GRE: 0 or 1 */
	/* Server role. */
	struct {
		bool silent; /* says nothing in LCP until spoken to */
		bool no_ipv6; /* Protocol-Reject to IPV6CP */
		bool offer_ipcp; /* asks for IPCP too */
		uint8_t refuse_start; /* SCCRP result; 0 or 1: accept */
		uint8_t refuse_call; /* OCRP result; 0 or 1: accept */
		bool drop_call; /* closes TCP instead of an OCRP */
		bool ignore_icmp; /* does not hang up on ICMP 3/2 */
		bool no_gre_ack; /* never sends pure acks */
		bool late_echo; /* answers late LCP echoes, as Linux's
					   own PPTP driver; pptpd does not */
		uint8_t peer_ifid[8]; /* suggested to a client that asks */
	} server;
};

enum v6d_session_ev {
	V6D_EV_START, /* client: dial. server: a TCP client came */
	V6D_EV_TCP_UP,
	V6D_EV_TCP_FAILED, /* code: errno of connect() */
	V6D_EV_TCP_BYTES, /* any split of the stream */
	V6D_EV_TCP_CLOSED,
	V6D_EV_TCP_RESET,
	V6D_EV_GRE, /* bytes: one IP payload, GRE header first */
	V6D_EV_GRE_ICMP, /* code: ICMP type << 8 | code, about our GRE */
	V6D_EV_TUN, /* bytes: one IPv6 packet to send */
	V6D_EV_STOP, /* orderly end: Terminate, Clear, Stop */
	V6D_EV_TICK, /* time passed, nothing else */
};

enum v6d_session_act_kind {
	V6D_ACT_TCP_CONNECT,
	V6D_ACT_TCP_SEND, /* exactly one control message: one segment */
	V6D_ACT_TCP_CLOSE,
	V6D_ACT_GRE_SEND, /* bytes: GRE header and payload */
	V6D_ACT_TUN_WRITE, /* bytes: one IPv6 packet */
	V6D_ACT_UP, /* IPV6CP opened: bring the TUN device up;
				   again after a renegotiation */
	V6D_ACT_LCP_ECHO_REPLY, /* bytes: data behind the magic number;
				   gre_len: received GRE bytes, header too */
	V6D_ACT_ACKED, /* seq: highest sequence the peer acknowledged */
	V6D_ACT_CONTROL_ECHO_REPLY, /* to the newest control Echo-Request */
	V6D_ACT_DEAD, /* the machine stopped; last action */
};

struct v6d_session_act {
	enum v6d_session_act_kind kind;
	size_t len;
	size_t gre_len;
	uint32_t seq;
	uint8_t bytes[V6D_SESSION_FRAME];
};

/* Milestones with their times (V6D_NEVER: not reached). */
struct v6d_session_times {
	v6d_ns start, tcp, sccrp, ocrp, first_gre, lcp, auth, ipv6cp;
};

struct v6d_session; /* opaque; see session_impl.h */

/* Bytes of memory that v6d_session_init needs, aligned as malloc aligns. */
size_t v6d_session_size(void);

/* Starts an idle machine in mem (v6d_session_size() bytes, the caller's). */
struct v6d_session *
v6d_session_init(void *mem, const struct v6d_session_conf *conf);

/*
 * Feeds one event that happened at `now`. bytes are borrowed for the call;
 * code as the event says, else 0. A dead machine ignores everything.
 */
void v6d_session_feed(struct v6d_session *s, enum v6d_session_ev ev,
    const uint8_t *bytes, size_t len, int code, v6d_ns now);

/*
 * The next action, oldest first, or NULL. It stays valid until the next call
 * of feed or take.
 */
const struct v6d_session_act *v6d_session_take(struct v6d_session *s);

/*
 * The data path: what V6D_EV_TUN and V6D_EV_GRE do, without a copy. Timers do
 * not run: V6D_EV_TICK is to be fed when the deadline is over.
 */
#define V6D_SESSION_HEADROOM 24 /* bytes before a packet to be wrapped */
#define V6D_SESSION_PACKETS 72 /* more than one GRE packet can set free */

/*
 * Makes a GRE packet of an IPv6 packet: headers go into the HEADROOM bytes
 * before it, encryption is done in place. Returns the GRE packet, which ends
 * where the IPv6 packet ends if it is not NULL: the session is not up, or it
 * is no packet that the peer would take. What waits to be taken is to be sent
 * first.
 */
uint8_t *v6d_session_wrap(struct v6d_session *s, uint8_t *packet, size_t n,
    v6d_ns now, size_t *ret_n);

/* IPv6 packets that a GRE packet brought, in order. */
struct v6d_session_packets {
	unsigned n;
	bool held; /* some had waited: valid until the next call only */
	struct {
		uint8_t *p;
		size_t n;
	} packet[V6D_SESSION_PACKETS];
};

/*
 * Takes a received GRE packet, whose bytes are changed: what it brings is in
 * them, decrypted in place. Other effects are actions, as ever.
 */
void v6d_session_receive(struct v6d_session *s, uint8_t *gre, size_t n,
    v6d_ns now, struct v6d_session_packets *ret);

/* When V6D_EV_TICK is next wanted; V6D_NEVER if not at all. */
v6d_ns v6d_session_deadline(const struct v6d_session *s);

enum v6d_session_state v6d_session_state(const struct v6d_session *s);
enum v6d_session_state v6d_session_failed_in(const struct v6d_session *s);
enum v6d_session_why v6d_session_why(const struct v6d_session *s);
int v6d_session_code(const struct v6d_session *s);
int v6d_session_code2(const struct v6d_session *s);
const struct v6d_session_times *v6d_session_times(const struct v6d_session *s);
uint16_t v6d_session_call_id(const struct v6d_session *s); /* ours */
uint16_t v6d_session_peer_call_id(const struct v6d_session *s); /* theirs */
const uint8_t *v6d_session_ifid(const struct v6d_session *s); /* [8] */
const uint8_t *v6d_session_peer_ifid(const struct v6d_session *s); /* [8] */
uint16_t v6d_session_peer_mru(const struct v6d_session *s);
bool v6d_session_encrypted(const struct v6d_session *s);
/* The largest IPv6 packet that the peer takes now, bytes. */
uint16_t v6d_session_mtu(const struct v6d_session *s);
uint32_t v6d_session_next_seq(const struct v6d_session *s);
uint32_t v6d_session_acked(const struct v6d_session *s); /* highest */

/*
 * One of the session's own GRE packets as it would be without encryption:
 * received (to be asked before it is fed), or just sent (out). Returns its
 * length, or 0 where it is not encrypted or cannot be read.
 */
size_t v6d_session_plain(const struct v6d_session *s, bool out,
    const uint8_t *gre, size_t n, uint8_t ret[V6D_SESSION_FRAME]);

/* "waiting for Outgoing-Call-Reply", "no answer in time", ...: English. */
const char *v6d_session_state_text(enum v6d_session_state st);
const char *v6d_session_why_text(enum v6d_session_why why);

/*
 * Queues a control Echo-Request (RFC 2637 2.5) before its time; where one
 * waits for its reply already, that one counts. False: there is no control
 * connection, or the queue is full.
 */
bool v6d_session_control_echo(struct v6d_session *s, v6d_ns now);

enum v6d_probe_frame {
	V6D_FRAME_LCP_ECHO, /* answered by the peer's LCP */
	V6D_FRAME_LCP_DISCARD, /* never answered: a pure ack must come */
};

/*
 * The byte at position `at` behind the magic number of a probing frame,
 * where the caller's own data have ended.
 */
uint8_t v6d_session_pattern(size_t at);

/*
 * Queues one probing frame whose outer IPv4 packet is outer_len bytes (20 +
 * GRE + PPP): an Echo-Request or Discard-Request with `data` behind its
 * magic number, padded by v6d_session_pattern. The GRE header always has an
 * acknowledgment, so that a reply is never longer than its request: the
 * shortest outer_len is 48 + data_len, the longest 1620. reuse: send under
 * seq, a number used before; else the next number is taken and consumed.
 * Returns the number used in *ret_seq, and false when LCP is not open, the
 * length or the number is impossible, or the queue is full.
 */
bool v6d_session_probe(struct v6d_session *s, enum v6d_probe_frame frame,
    size_t outer_len, const uint8_t *data, size_t data_len, bool reuse,
    uint32_t seq, uint32_t *ret_seq, v6d_ns now);

#endif
