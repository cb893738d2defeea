/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nd.h - Router Solicitation and Advertisement (RFC 4861 4.1, 4.2). */
#ifndef V6D_PROTO_ND_H
#define V6D_PROTO_ND_H

#include "proto/ip.h"

#define V6D_RA_PREFIXES 8
#define V6D_RA_RDNSS 8
#define V6D_RA_ROUTES 8
#define V6D_RA_TEXT 64 /* of names and addresses; longer ones are cut */
#define V6D_LIFETIME_FOREVER UINT32_MAX

struct v6d_ra_prefix {
	struct v6d_prefix prefix;
	bool on_link, autonomous;
	uint32_t valid_s, preferred_s; /* seconds */
};

/* A route that the router knows (RFC 4191 2.3). */
struct v6d_ra_route {
	struct v6d_prefix prefix;
	int8_t preference;
	uint32_t lifetime_s;
};

struct v6d_ra {
	uint8_t cur_hop_limit;
	bool managed, other, home_agent, proxy;
	int8_t preference; /* 1 high, 0 medium, -1 low (RFC 4191 2.1) */
	uint16_t lifetime_s; /* 0: not a default router */
	uint32_t reachable_ms, retrans_ms; /* 0: not said */
	uint32_t mtu; /* bytes; 0: no MTU option */
	bool has_link_addr; /* of the router; none on PPP */
	unsigned n_prefixes, n_rdnss;
	unsigned n_routes;
	unsigned n_dropped; /* prefixes, resolvers, routes beyond the tables */
	bool bad_option; /* an option contradicts itself (a finding) */
	struct v6d_ra_prefix prefixes[V6D_RA_PREFIXES];
	struct v6d_addr rdnss[V6D_RA_RDNSS];
	uint32_t rdnss_lifetime_s;
	struct v6d_ra_route routes[V6D_RA_ROUTES];
	unsigned n_search; /* search domains (RFC 8106 5.2); the first: */
	char search[V6D_RA_TEXT];
	uint32_t search_lifetime_s;
	char portal[V6D_RA_TEXT]; /* captive portal's URI (RFC 8910 2.3) */
	bool has_pref64; /* NAT64 (RFC 8781 4) */
	struct v6d_prefix pref64;
	uint32_t pref64_lifetime_s;
	/* What RFC 4861 6.1.2 wants of the packet around it. */
	bool source_link_local, hop_limit_255, code_0, checksum_ok;
};

/*
 * Reads the ICMPv6 message (w spans it whole, type byte first) that ip
 * carried. On error *ra holds what was read before it. A zero-length option
 * is MALFORMED (RFC 4861 4.6), a bad one is skipped and sets bad_option.
 */
enum v6d_wire_err
v6d_ra_decode(struct v6d_wire *w, const struct v6d_ip *ip, struct v6d_ra *ra);

/* True when every condition of RFC 4861 6.1.2 holds: a host may use it. */
bool v6d_ra_valid(const struct v6d_ra *ra);

/*
 * Writes a whole RA message with its checksum: prefixes, MTU, RDNSS, routes,
 * PREF64. Names (search domains, portal) and link addresses are not written.
 */
void v6d_ra_encode(
    struct v6d_out *o, const struct v6d_ra *ra, const struct v6d_ip *ip);

/*
 * Writes a whole IPv6 packet: a Router Solicitation from src to ff02::2,
 * hop limit 255, without options.
 */
void v6d_rs_encode_packet(struct v6d_out *o, const struct v6d_addr *src);

#endif
