/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view.h - what was seen of one tunnel, both directions, outer path to inner
 * IPv6. Counts, times and codes only: nothing here is a judgement. A time is
 * V6D_NEVER where the thing was not seen. Tables have n entries, stand in the
 * memory of the flow that filled them, and are NULL while they have none.
 *
 * There may be a hundred thousand of them: members stand so that they leave no
 * holes, and those that every packet touches stand together (track.h). Most
 * packets of one tunnel are counted in 32 bits, bytes in 64.
 */
#ifndef V6D_FLOW_VIEW_H
#define V6D_FLOW_VIEW_H

#include "base/addr.h"
#include "base/time.h"
#include "proto/nd.h"
#include "proto/ppp.h"

/* Out is towards the server, in is towards the client. */
enum v6d_dir { V6D_DIR_OUT, V6D_DIR_IN };

#define V6D_N_DIRS 2
#define V6D_VIEW_MSGS 16 /* control message types 1..15; 0: unknown ones */
#define V6D_VIEW_ICMPS 8 /* different ICMP errors that are kept */
#define V6D_VIEW_SIZES 1601 /* outer lengths told apart; more is the last */
#define V6D_VIEW_REJECTS 8 /* rejected PPP protocols, each direction */
#define V6D_VIEW_ROUTERS 4 /* senders of router advertisements */
#define V6D_VIEW_TCPS 32 /* inner TCP connections that are kept */
#define V6D_VIEW_PTBS 8 /* packet-too-big messages that are kept */
#define V6D_VIEW_ECHOES 64 /* inner echo requests that are kept */
#define V6D_VIEW_LOOKUPS 64 /* names looked up that are kept */
#define V6D_VIEW_GAPS 64 /* holes in GRE numbers that are kept */
#define V6D_VIEW_LOADS 64 /* loads told apart, four an octave */
#define V6D_VIEW_TEXT 48 /* peers' texts that are kept, NUL included */

/* The TCP connection to port 1723. */
struct v6d_view_tcp {
	v6d_ns syn, synack, up; /* up: data or the handshake's last ack */
	v6d_ns fin[V6D_N_DIRS]; /* by who sent it */
	v6d_ns rst[V6D_N_DIRS];
	uint64_t bytes[V6D_N_DIRS]; /* of the stream, seen */
	uint32_t missing[V6D_N_DIRS]; /* acknowledged and never seen */
	uint32_t unread[V6D_N_DIRS]; /* cut away by the capture */
	unsigned n_syn;
	unsigned n_again[V6D_N_DIRS]; /* segments sent again */
	/* sent before the FIN, neither seen here nor acknowledged, bytes */
	uint32_t swallowed[V6D_N_DIRS];
	unsigned n_split[V6D_N_DIRS]; /* messages over several segments */
	unsigned n_joined[V6D_N_DIRS]; /* segments with several messages */
	bool unacked[V6D_N_DIRS]; /* data that the other end never acked */
	bool midway; /* seen from its middle on: no SYN */
	bool timeout, unreachable; /* live: what connect() said */
};

/* One control message type in one direction. */
struct v6d_view_msg {
	v6d_ns first, last;
	unsigned n;
	uint8_t result, error; /* of the last; StopCCRQ: reason in result */
};

/* The control connection's messages. */
struct v6d_view_control {
	/* of each type: which one of msgs[], + 1; 0: not seen */
	uint8_t msg[V6D_N_DIRS][V6D_VIEW_MSGS];
	struct v6d_view_msg *msgs; /* ask v6d_view_msg() */
	v6d_ns not_pptp_at[V6D_N_DIRS];
	const uint8_t *not_pptp_text; /* its first bytes, a NUL behind */
	v6d_ns call_up; /* Outgoing-Call-Reply with success */
	const uint8_t *host, *vendor; /* the server's, as texts; or NULL */
	uint16_t n_msgs, cap_msgs;
	unsigned n_calls;
	unsigned n_echo_lost[V6D_N_DIRS]; /* requests sent there, no reply */
	bool not_pptp[V6D_N_DIRS]; /* bytes that are no PPTP came from there */
	bool call_id_known[V6D_N_DIRS];
	uint16_t call_id[V6D_N_DIRS]; /* that GRE in that direction carries */
};

/* One kind of ICMP error about this tunnel's outer packets. */
struct v6d_view_icmp {
	bool gre; /* about GRE; else about TCP 1723 */
	enum v6d_dir dir; /* of the packet that it complains about */
	uint8_t type, code;
	uint32_t mtu; /* of type 3 code 4, bytes */
	struct v6d_addr from;
	uint8_t ttl; /* with which it arrived; 0: not known */
	unsigned n;
	v6d_ns first;
};

/* What became of frames of one outer IPv4 length. Saturates at 255. */
struct v6d_view_size {
	uint16_t len; /* bytes; V6D_VIEW_SIZES - 1: so long or longer */
	uint8_t seen; /* passed here */
	uint8_t acked; /* acknowledged by exactly its number: arrived */
	/* the newest for longer than an ack takes, no ack came, and nothing
	   that would have carried one was lost */
	uint8_t silent;
};

/* Numbers passed over between two frames that were seen. */
struct v6d_view_gap {
	v6d_ns from, to;
	uint32_t first;
	uint32_t n; /* never seen later either */
};

/* Frames while so much was carried in the second before. */
struct v6d_view_busy {
	uint32_t seen;
	uint32_t ms; /* how long it was so high */
	uint8_t load; /* v6d_load_class() */
};

/* What was lost at that load, and since. */
struct v6d_view_busy_loss {
	uint32_t lost; /* frames */
	/* since the first were lost: how long, and what came then */
	uint32_t since_ms;
	uint64_t since_bytes;
	uint16_t gaps; /* times that some were lost */
};

/* A row of round trips. */
struct v6d_view_waits {
	unsigned n;
	uint64_t us, load; /* sums: of them, of bytes a second */
};

struct v6d_view_rows {
	struct v6d_view_waits longest, now;
};

/* What became of frames by load; and of inner TCP's round trips (RFC 7323). */
struct v6d_view_load {
	struct v6d_view_busy *busy; /* by load, the lowest first */
	uint32_t rtt_min_us; /* of any; 0: none */
	uint8_t n_busy, newest;
	bool any_lost;
	uint16_t cap_busy, cap_loss;
	struct v6d_view_busy_loss *loss; /* beside busy[], if any_lost */
	/* the longest row of long ones, each ended by a packet that came
	   this way in an unbroken stream when this was the busy way; and
	   the row under way. NULL: there was none; ask v6d_view_waits() */
	struct v6d_view_rows *rows;
};

/* What was lost at the load of busy[i]; never NULL. */
const struct v6d_view_busy_loss *
v6d_view_loss(const struct v6d_view_load *l, unsigned i);

/* The longest row of long round trips; never NULL. */
const struct v6d_view_waits *v6d_view_waits(const struct v6d_view_load *l);

/* Class of a load of so many bytes a second; and the load of a class. */
unsigned v6d_load_class(uint32_t load);
uint32_t v6d_load_of_class(unsigned c);

/* GRE in one direction: what most tunnels have nothing of. */
struct v6d_view_odd {
	uint64_t gaps; /* numbers passed over and never seen */
	struct v6d_view_gap *gap;
	uint16_t n_gap, cap_gap; /* of gap[]; later ones are counted */
	unsigned uncaptured; /* acks of numbers that were not seen here */
	uint64_t cut; /* by the snap length */
	uint32_t late, duplicates;
	unsigned silent; /* waited for an ack that never came */
	uint32_t first_frags, later_frags; /* outer IPv4 fragments */
	uint32_t lone_frags; /* first fragments whose rest never came */
	uint32_t foreign; /* packets of other call ids, same ends */
	uint32_t not_pptp; /* GRE of other versions or protocols */
	uint32_t malformed; /* unreadable */
	uint16_t foreign_id; /* of the first of `foreign` */
};

/*
 * GRE in one direction, this call only. What every packet touches stands
 * first, so that few lines of memory hold it.
 */
struct v6d_view_gre {
	uint64_t bytes; /* outer IPv4, seen */
	v6d_ns first, last; /* frames with payload */
	/* frames since anything came the other way, from when on, and how
	   long nothing went either way before them */
	v6d_ns since, idle_before;
	uint32_t frames; /* with payload */
	unsigned n_since;
	uint32_t first_seq, last_seq;
	uint32_t highest_ack; /* that packets of this direction carry */
	uint32_t acks; /* packets without payload */
	unsigned exact_acks; /* frames whose very number was acked */
	uint32_t gap_events; /* times that numbers were passed over */
	unsigned n_df; /* whole packets with DF set */
	uint16_t largest; /* outer IPv4 bytes, of packets seen */
	uint16_t n_sizes, cap_sizes, newest_size;
	bool has_seq, has_ack;
	struct v6d_view_size *sizes; /* by length, the shortest first */
	struct v6d_view_load load;
	struct v6d_view_odd *odd; /* NULL: nothing; ask v6d_view_odd() */
};

/* One control protocol's requests in one direction, and the answers. */
struct v6d_view_neg {
	v6d_ns first_req, last_req;
	v6d_ns acked; /* first Configure-Ack to the newest request */
	v6d_ns term_req; /* the first */
	/* these stop at the most that they hold; answers: to these requests */
	uint16_t n_req, n_ack, n_nak, n_rej;
	uint16_t n_term_req;
	bool agreed; /* the newest request was acknowledged */
};

enum v6d_view_proto {
	V6D_VIEW_LCP,
	V6D_VIEW_IPV6CP,
	V6D_VIEW_IPCP,
	V6D_VIEW_CCP,
	V6D_VIEW_PROTOS,
};

enum v6d_view_auth_result {
	V6D_VIEW_AUTH_NONE, /* nothing seen */
	V6D_VIEW_AUTH_ASKED, /* begun, no result seen */
	V6D_VIEW_AUTH_OK,
	V6D_VIEW_AUTH_FAILED,
};

struct v6d_view_method {
	uint16_t proto; /* V6D_PPP_PAP, _CHAP, _EAP, ... */
	uint8_t alg; /* of CHAP */
	bool known;
};

/* A Protocol-Reject (RFC 1661 5.7). */
struct v6d_view_prot_rej {
	uint16_t proto;
	v6d_ns at;
};

struct v6d_view_ppp {
	/* [dir]: requests travelling that way; ask v6d_view_neg() */
	struct v6d_view_neg *neg[V6D_VIEW_PROTOS];
	v6d_ns opened[V6D_VIEW_PROTOS]; /* agreed both ways */
	v6d_ns auth_first, auth_done;
	v6d_ns last_echo_req[V6D_N_DIRS];
	const uint8_t *term_text[V6D_N_DIRS]; /* NUL behind; or NULL */
	/* sent that way, each protocol once */
	struct v6d_view_prot_rej *prot_rej[V6D_N_DIRS];
	uint16_t n_prot_rej[V6D_N_DIRS], cap_prot_rej[V6D_N_DIRS];
	unsigned n_echo_req[V6D_N_DIRS], n_echo_rep[V6D_N_DIRS];
	uint32_t n_opaque[V6D_N_DIRS], n_ip4[V6D_N_DIRS];
	uint32_t malformed;
	enum v6d_view_auth_result auth;
	unsigned n_auth_try;
	unsigned auth_code; /* MS-CHAP error number, or 0 */
	uint16_t mru[V6D_N_DIRS]; /* asked for by that sender; 0: none */
	struct v6d_view_method demand[V6D_N_DIRS]; /* newest, by its sender */
	struct v6d_view_method counter[V6D_N_DIRS]; /* Nak by that sender */
	struct v6d_view_method method; /* the client's proof of identity */
	bool withdrawn[V6D_N_DIRS]; /* a later request left it out */
	bool auth_refused[V6D_N_DIRS]; /* Reject by that sender */
	uint8_t eap_asked, eap_declined; /* the method that the server
					    wanted, and if the client
					    declined it; 0: none */
	bool mppe_asked[V6D_N_DIRS]; /* in CCP, by that sender */
	bool opaque; /* a CCP-agreed or MPPE payload was seen */
	bool has_ifid[V6D_N_DIRS];
	uint8_t ifid[V6D_N_DIRS][8]; /* newest asked for by that sender */
};

/* What a router advertisement says that anybody asks for (RFC 4861 4.2). */
struct v6d_view_advert {
	/* what RFC 4861 6.1.2 wants of the packet around it */
	bool source_link_local, hop_limit_255, code_0, checksum_ok;
	bool has_rdnss;
	struct v6d_addr rdnss; /* the first */
	uint16_t lifetime_s; /* 0: not a default router */
	uint32_t mtu; /* bytes; 0: no MTU option */
	unsigned n_prefixes;
	struct v6d_ra_prefix prefixes[];
};

struct v6d_view_ra {
	unsigned n;
	v6d_ns first, last;
	v6d_ns first_solicit, last_solicit;
	unsigned n_solicits;
	unsigned n_unsolicited; /* more than 1 s after any solicitation */
	struct v6d_view_advert *ra; /* the newest; NULL: none */
	enum v6d_wire_err err; /* of the newest */
	struct v6d_addr from;
	uint8_t n_routers; /* different senders, V6D_VIEW_ROUTERS at most */
	/* V6D_VIEW_ROUTERS of them; NULL: `from` is the only one */
	struct v6d_addr *routers;
};

/* One direction of an inner TCP connection. Lengths of IPv6 packets. */
struct v6d_view_tcp_dir {
	uint32_t isn, next; /* next: one past the highest byte seen */
	uint32_t acked; /* by the other side */
	uint32_t cont; /* all below was seen or acknowledged */
	unsigned n_data, n_again; /* segments with data; of these again */
	uint64_t data; /* bytes seen, sent again or not */
	v6d_ns last_progress; /* when `acked` last grew */
	uint16_t mss; /* announced; 0: none */
	uint16_t largest; /* largest packet with data seen */
	uint16_t largest_acked; /* largest that the other side acked */
	bool syn : 1; /* seen */
	bool has_next : 1, has_acked : 1;
	bool fin : 1, rst : 1;
};

struct v6d_view_flow {
	struct v6d_addr addr[2]; /* [0]: who opened it */
	uint16_t port[2];
	uint8_t dir; /* of the opener's packets */
	bool up; /* SYN and SYN-ACK, or data both ways */
	v6d_ns first, last;
	struct v6d_view_tcp_dir d[2]; /* [0]: what the opener sends */
};

struct v6d_view_ptb {
	enum v6d_dir dir; /* in which it travelled */
	uint32_t mtu;
	struct v6d_addr from, to;
	unsigned n;
};

/* One inner ICMPv6 echo request, and whether its reply was seen. */
struct v6d_view_echo {
	enum v6d_dir dir; /* of the request */
	struct v6d_addr to;
	uint16_t id, seq;
	uint16_t inner_len; /* IPv6 packet, bytes */
	uint16_t outer_len; /* outer IPv4 packet, bytes */
	uint16_t reply_outer; /* 0: no reply */
	bool fragment; /* in fragments: how long its reply is is not known */
	uint32_t gre_seq;
	bool reached; /* its GRE number was acked exactly */
	bool later; /* something came the other way afterwards */
	bool gap; /* and a number before that was passed over */
	v6d_ns sent, replied;
};

/*
 * A name's A or AAAA record, asked of a resolver by UDP. What came of it is
 * the newest answer's.
 */
struct v6d_view_lookup {
	struct v6d_addr server;
	uint32_t name; /* a hash: alike for one name's A and AAAA */
	uint16_t type; /* V6D_DNS_A or V6D_DNS_AAAA */
	uint16_t port; /* it was last asked from */
	unsigned n_asked, n_answered, n_slow; /* slow: longer than a second */
	unsigned alone; /* asked from a port that did not ask the other type */
	bool paired; /* the newest question was not */
	bool has_addr, truncated;
	uint8_t rcode;
	v6d_ns asked, answered; /* the newest */
	v6d_ns took;
};

struct v6d_view_inner {
	uint32_t frames[V6D_N_DIRS]; /* that carried IPv6 */
	uint32_t packets[V6D_N_DIRS]; /* that could be read */
	uint64_t bytes[V6D_N_DIRS];
	uint16_t largest[V6D_N_DIRS]; /* inner IPv6 packet, bytes */
	uint16_t n_flows, cap_flows;
	struct v6d_view_flow **flows;
	bool has_global; /* a global source address of the client */
	struct v6d_addr global;

	uint16_t n_ptb, cap_ptb, n_echoes, cap_echoes;
	uint16_t n_lookups, cap_lookups;
	unsigned n_flows_dropped, n_echoes_dropped;
	unsigned n_lookups_dropped;
	struct v6d_view_ptb *ptb;
	struct v6d_view_echo *echoes;
	struct v6d_view_lookup *lookups;
	/* cut so short by the capture that it cannot be told what they are */
	uint32_t unread[V6D_N_DIRS];
	uint32_t corrupt[V6D_N_DIRS]; /* wrong TCP, UDP, ICMPv6 checksum */
	uint32_t malformed;
};

/*
 * What the client did over IPv4 beside the tunnel while it was watched: TCP
 * connections to other ports and hosts, and echoes. "Lost": asked twice or
 * more, for seconds, and not a word came back.
 */
struct v6d_view_outside {
	unsigned n_up, n_refused, n_lost;
	unsigned n_dropped; /* more than are kept */
	bool server_answers; /* another port of the server's, in any way */
	struct v6d_addr up, lost; /* targets of the newest of these */
	v6d_ns up_at, up_took; /* when the newest came up, and how long it
				  took */
	v6d_ns first_lost; /* when the first that was lost was tried */
	unsigned standing; /* how many stood then */
	unsigned n_lost_hosts; /* 1 or 2: at least so many */
	/* tried after the first that was lost, and up: */
	bool again_same, again_other; /* at the same host, at another */
	unsigned pings_after, pongs_after;
	bool old_lives; /* one that stood then said something later */
};

struct v6d_view {
	struct v6d_view_gre gre[V6D_N_DIRS];
	struct v6d_view_control control;
	struct v6d_addr client, server; /* as seen at this place */
	uint8_t ttl[V6D_N_DIRS]; /* of the newest outer packet; 0: unknown */
	uint16_t client_port;
	bool live; /* from a session's own sockets */
	bool roles_guessed; /* GRE alone: who is the client is a guess */
	bool gre_only; /* no control connection seen */
	bool turned; /* both: and at the end the guess was changed */
	bool gre_denied; /* live: this host refuses to send GRE */
	bool wire_seen; /* live: the wire is watched as well */
	v6d_ns first, last; /* packets of this tunnel */
	v6d_ns end; /* of the whole observation, and its beginning */
	struct v6d_view_inner inner;
	v6d_ns begin;
	uint32_t wire_in, wire_out; /* GRE seen there: of our call, and ours */
	struct v6d_view_tcp tcp;
	struct v6d_view_ra ra;
	struct v6d_view_ppp ppp;
	uint16_t n_icmp, cap_icmp;
	struct v6d_view_icmp *icmp;
	const struct v6d_view_outside *outside; /* ask v6d_view_outside() */
	/* the server otherwise: IPv4 echoes that were answered, or not */
	unsigned n_ping, n_pong;
};

/* What was seen of a message type; never NULL: n is 0 where nothing was. */
const struct v6d_view_msg *
v6d_view_msg(const struct v6d_view_control *c, enum v6d_dir dir, unsigned type);

/* A protocol's requests in one direction; never NULL. */
const struct v6d_view_neg *v6d_view_neg(
    const struct v6d_view_ppp *p, enum v6d_view_proto proto, enum v6d_dir dir);

/* What went on beside it; never NULL. */
const struct v6d_view_outside *v6d_view_outside(const struct v6d_view *v);

/* What is rare in GRE; never NULL. */
const struct v6d_view_odd *v6d_view_odd(const struct v6d_view_gre *g);

/* Bytes of that direction that were neither seen nor acknowledged. */
uint32_t v6d_view_hole(const struct v6d_view_tcp_dir *d);

/* Bytes that were seen and are not acknowledged, where anything ever was. */
uint32_t v6d_view_waiting(const struct v6d_view_tcp_dir *d);

/*
 * The smallest packet that one end of a connection sent twice or more and that
 * is not acknowledged, bytes; 0: none. ret_outer, or NULL: its outer IPv4
 * length, 0 where that is not known.
 */
uint16_t
v6d_view_lost(const struct v6d_view_flow *f, unsigned end, uint16_t *ret_outer);

/* Which of sizes[] is the first of that length or longer; n_sizes: none. */
unsigned v6d_view_size_at(const struct v6d_view_gre *g, unsigned len);
/* Frames of that length; never NULL. */
const struct v6d_view_size *
v6d_view_size(const struct v6d_view_gre *g, unsigned len);

#endif
