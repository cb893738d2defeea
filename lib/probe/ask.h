/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ask.h - what a probe may ask of the world, and the answers, as data: a run
 * can be driven live, simulated, recorded and replayed.
 */
#ifndef V6D_PROBE_ASK_H
#define V6D_PROBE_ASK_H

#include "base/addr.h"
#include "base/time.h"
#include "proto/nd.h"
#include "tunnel/session.h"

#define V6D_ASK_FRAMES 96
#define V6D_ASK_ROUTES 64
#define V6D_ASK_ADDRS 32
#define V6D_ASK_TEXT 256
#define V6D_ASK_HOPS 24
#define V6D_ASK_IFNAME 16
#define V6D_ASK_OLD_FLOWS 8 /* so many old ones are asked if they live */

/* The identifier of an address where no host will have put itself. */
#define V6D_ASK_NOBODY                                \
	{                                             \
		0xfd, 0xde, 0xad, 0, 0, 0, 0xbe, 0xef \
	}

/* Where a socket is made. */
enum v6d_ns_kind {
	V6D_NS_HOST, /* the host: everything outer */
	V6D_NS_TUNNEL, /* the private namespace with the tunnel in it */
};

enum v6d_ask_kind {
	V6D_ASK_SESSION, /* until the session reaches a state or is dead; a
			     time-out tells the state it is in */
	V6D_ASK_BURST, /* LCP frames of chosen sizes over GRE */
	V6D_ASK_PING, /* ICMP or ICMPv6 echoes of chosen sizes */
	V6D_ASK_TCP, /* TCP handshake */
	V6D_ASK_DNS, /* one query to one server, or a pair */
	V6D_ASK_LIBC, /* getaddrinfo of this host, in a child */
	V6D_ASK_HTTP, /* GET or PUT by literal address */
	V6D_ASK_RA, /* until a router advertisement came and the kernel
			     had it, or the session is dead */
	V6D_ASK_ADDRS_OF, /* addresses of a namespace */
	V6D_ASK_ROUTES_OF, /* routes of a namespace */
	V6D_ASK_ROUTE_TO, /* the kernel's route to a target */
	V6D_ASK_SYSCTL, /* one value under /proc/sys */
	V6D_ASK_COUNTER, /* one of an interface's IPv6 counters */
	V6D_ASK_SYN_IN, /* a made-up SYN of addr2 to addr:port comes out of the
			    tunnel: by how much does a counter grow? */
	V6D_ASK_ICMP_IN, /* one datagram to `addr`; then made-up ICMPv6 errors
			    about it come out of the tunnel: which types get
			    past this host's filter? */
	V6D_ASK_TRACE, /* TCP handshakes with a TTL of 1, 2, ... `flows`: frame
			  n is hop n+1; answered: the target's own word,
			  else error_from is the router that it died at */
	V6D_ASK_FLOWS, /* many TCP connections to one target at a time, and
			  UDP sessions beside them */
	V6D_ASK_SLEEP, /* nothing but time */
	V6D_ASK_CONTROL_ECHO, /* the reply to a control Echo-Request (RFC 2637
				 2.5); one that waits already is not repeated */
	V6D_ASK_RULES, /* policy routing rules of a family (addr.family; 0:
			  both) beside the kernel's own, one behind the other
			  in `text` (cut: not all) */
	V6D_ASK_FILTER, /* the packet filter: how many rules, and in `text`
			   a number that is another where they are others;
			   counters and the elements of sets do not count */
	V6D_ASK_BOOT, /* what this host's files make of a value under
			 /proc/sys at the next start: -1: none says; `text`:
			 the file and line (cut: a file that is not read) */
	V6D_ASK_WATCHED, /* what was watched of a tunnel in place becomes
			    facts, once and after this time */
};

struct v6d_ask_frame {
	uint16_t outer_len; /* of the IPv4 packet (BURST) or of the IPv6 or
				   IPv4 packet (PING), bytes */
	uint8_t frame; /* BURST: enum v6d_probe_frame */
	bool reuse; /* BURST: use the sequence number of frame #of */
	uint8_t of;
	bool closes; /* its answer ends the ask, after `grace` */
	uint8_t hops; /* PING: hop limit (TTL); 0: as usual */
};

struct v6d_ask {
	enum v6d_ask_kind kind;
	unsigned tag; /* the probe's own; comes back in the answer */
	v6d_ns timeout; /* from the asking, not from the start */
	enum v6d_ns_kind ns;
	struct v6d_addr addr; /* target; DNS: the server. A link-local one is
				   on the tunnel's interface */
	uint16_t port;
	enum v6d_session_state until; /* SESSION: this state or a later one */
	/*
	 * BURST and PING: sent in this order, `gap` apart (0: back to back);
	 * what uses a number again goes with the frame before it.
	 * The answer comes when every frame is answered, or `grace` after the
	 * first answer to a frame that closes, or at the time-out. A Discard
	 * counts as answered when its number, or a later one, is acknowledged.
	 */
	unsigned n_frames;
	struct v6d_ask_frame frames[V6D_ASK_FRAMES];
	v6d_ns gap, grace;
	bool df; /* IPv4: don't-fragment is set. IPv6: sent whole
				   whatever was learned (probe mode); where
				   false, in fragments */
	uint16_t piece; /* IPv6 in fragments: of at most so many bytes; 0:
			   1280 */
	char name
	    [V6D_ASK_TEXT]; /* DNS, LIBC: name; HTTP: path; SYSCTL, BOOT: path
				   below /proc/sys */
	char host[V6D_ASK_TEXT]; /* HTTP: Host header; "": the address */
	uint16_t qtype; /* DNS, LIBC (0: both families) */
	uint16_t qtype2; /* DNS over UDP: from the same port, at once, as
				libc does; 0: none. Done when both are
				answered */
	uint16_t edns; /* DNS: UDP size to announce (RFC 6891), 0: none */
	bool addrconfig; /* LIBC: AI_ADDRCONFIG */
	bool tcp; /* DNS over TCP */
	/*
	 * SYN_IN: the source. FLOWS: where the limit is met, does one more
	 * come up here, at port2, while the others stand? family 0: not
	 * wanted. HTTP: an IPv4 address, outside the tunnel, that is tried too
	 * when `addr` does not connect at once (RFC 8305 5); family 0: none.
	 */
	struct v6d_addr addr2;
	bool put; /* HTTP: upload `size` bytes, else GET */
	uint64_t size; /* GET: enough after so many; 0: all of it */
	v6d_ns stall; /* HTTP: give up when no byte moved so long */
	uint16_t maxseg; /* HTTP: largest TCP segment each way, bytes; 0: as
			    the kernel likes */
	uint16_t port2;
	unsigned flows; /* FLOWS, TRACE: at most so many */
	/*
	 * FLOWS: where those all stand, up to so many DNS queries (`name`,
	 * `qtype`) beside them, each from a port of its own; where a limit is
	 * met, four. udp_addr2: does one more come up here where it is met?
	 * family 0: not wanted.
	 */
	unsigned udp_flows; /* 0: none */
	struct v6d_addr udp_addr, udp_addr2;
	uint16_t udp_port; /* of both; 0: 53 */
	/* COUNTER, SYN_IN: `name` as in /proc/net/dev_snmp6, of the interface
	 * `host` ("": the tunnel's). ICMP_IN: `size` is the tunnel's MTU. */
};

struct v6d_answer_frame {
	bool sent; /* the kernel took it */
	bool answered; /* by its own echo reply (Discard: by an ack) */
	uint16_t len; /* of the answer's outer (PING: own) IP packet */
	uint16_t piece; /* PING: of the largest fragment it came in; 0: whole */
	bool changed; /* its data came back altered */
	v6d_ns rtt;
	uint16_t error; /* ICMP type << 8 | code about it, or 0 */
	struct v6d_addr error_from;
	uint32_t error_mtu;
};

struct v6d_answer_addr {
	char ifname[V6D_ASK_IFNAME];
	struct v6d_prefix addr;
	bool tunnel; /* on the tunnel's interface */
	bool tentative, dadfailed, deprecated, temporary;
	uint32_t valid_s, preferred_s;
};

struct v6d_answer_route {
	char ifname[V6D_ASK_IFNAME];
	struct v6d_prefix dst;
	struct v6d_addr gateway, src;
	uint32_t metric, expires_s; /* 0: does not expire */
	bool tunnel;
	bool reject; /* unreachable, prohibit, blackhole */
	bool from_ra;
};

enum v6d_answer_how {
	V6D_ANSWER_DONE, /* the fields below hold what was observed */
	V6D_ANSWER_TIMEOUT, /* asked, waited, nothing more came */
	V6D_ANSWER_REFUSED, /* could not be asked: err, text say why */
};

struct v6d_answer {
	enum v6d_ask_kind kind;
	unsigned tag;
	enum v6d_answer_how how;
	v6d_ns at, took; /* since the run's start; since the asking */
	int err; /* errno, 0: none */
	char text[V6D_ASK_TEXT];
	/* SESSION */
	enum v6d_session_state state, failed_in; /* failed_in: where DEAD */
	enum v6d_session_why why;
	int code, code2; /* as v6d_session_code() */
	struct v6d_session_times times; /* since the run's start */
	uint16_t peer_mru; /* 0: not known yet */
	struct v6d_addr peer; /* its link-local address; family 0: not yet */
	/* BURST, PING */
	unsigned n_frames;
	struct v6d_answer_frame frames[V6D_ASK_FRAMES];
	/* BURST: numbers of the peer's GRE passed over meanwhile and not seen
	 * since: what it sent and this host did not get. SESSION: the same
	 * since the call. */
	bool in_gaps_known;
	uint32_t in_gaps;
	uint32_t in_late, in_twice; /* BURST: of its GRE meanwhile: behind a
				       later number; a number again */
	bool acked_valid; /* BURST: an ack came since we asked, of frame 0
				   or a later one */
	uint32_t acked, first_seq; /* highest acked; seq of frame 0 */
	/* TCP, HTTP. A refusal is an answer: DONE, not connected, err. */
	int mss; /* TCP_MAXSEG after the handshake, 0: unknown */
	/*
	 * HTTP: what the other end announced; the largest IPv6 packet with
	 * data that got there (PUT: that it acknowledged); 0: not known.
	 */
	uint16_t peer_mss, packet;
	/* HTTP: data segments that this host sent, and those of them sent
	 * again. CONTROL_ECHO: the same of the control connection so far. */
	uint32_t segments, again;
	uint32_t unacked; /* CONTROL_ECHO: the last so many of our messages
			     were not acknowledged by the server's TCP */
	v6d_ns rtt_min, rtt_max; /* HTTP: smoothed round trips seen; 0: none */
	uint32_t in_frames; /* BURST, HTTP: GRE that came meanwhile, of all
			       flows; in_gaps: what of it did not. SESSION:
			       since the call */
	uint16_t in_largest; /* PING in the tunnel: outer IPv4 bytes of the
				largest GRE of the call so far; 0: not known */
	bool connected;
	uint8_t via; /* HTTP: family of the address that connected, 0: none */
	long status; /* HTTP */
	uint64_t bytes; /* GET: body received; PUT: acknowledged */
	bool stalled; /* moved, then no byte for `stall` */
	v6d_ns first_byte; /* since the asking; V6D_NEVER: none */
	struct v6d_addr error_from; /* ICMP about it, where known */
	/* DNS: of the answer to qtype, where a pair was asked for */
	uint8_t rcode;
	bool truncated;
	uint16_t dns_len; /* bytes of the message */
	uint8_t dns_answered; /* bit 0: qtype, bit 1: qtype2 */
	unsigned n_addrs; /* LIBC as well */
	struct v6d_addr addrs[8];
	/* RA */
	bool ra_seen;
	struct v6d_ra ra;
	struct v6d_addr ra_from;
	/* ADDRS_OF, ROUTES_OF, ROUTE_TO (routes[0]; none: no route) */
	unsigned n_kernel_addrs, n_routes;
	bool cut; /* there are more: those of the tunnel are in here */
	struct v6d_answer_addr kernel_addrs[V6D_ASK_ADDRS];
	struct v6d_answer_route routes[V6D_ASK_ROUTES];
	/*
	 * FLOWS: so many stood at a time; so many more, wanted in the last
	 * step, did not come up at two tries (0: all did), err says why. Of
	 * `flows_asked` old ones then so many were alive.
	 */
	unsigned flows, flows_failed, flows_asked, flows_alive;
	bool other_asked, other_up; /* FLOWS: addr2, where some came up */
	bool more_asked, more_up; /* FLOWS: one more TCP at the limit */
	/* FLOWS: UDP, as the four above; of udp_addr2, as other_*. */
	unsigned udp, udp_failed, udp_asked, udp_alive;
	bool udp_other_asked, udp_other_up;
	/* SYSCTL, BOOT, COUNTER; SYN_IN: growth; ICMP_IN: bit n: type n got
	 * in; FILTER: rules */
	int64_t value;
};

#endif
