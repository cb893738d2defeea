/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ask_fields.c - every field of an ask and of an answer (probe/ask.h). */
#include "probe/ask.h"
#include "trace/macros.h"
#include "trace/tables.h"

/* ---- words; never changed, only added to ---- */

static const char *const kinds[] = {
	[V6D_ASK_SESSION] = "session",
	[V6D_ASK_BURST] = "burst",
	[V6D_ASK_PING] = "ping",
	[V6D_ASK_TCP] = "tcp",
	[V6D_ASK_DNS] = "dns",
	[V6D_ASK_LIBC] = "libc",
	[V6D_ASK_HTTP] = "http",
	[V6D_ASK_RA] = "ra",
	[V6D_ASK_ADDRS_OF] = "addrs",
	[V6D_ASK_ROUTES_OF] = "routes",
	[V6D_ASK_ROUTE_TO] = "route-to",
	[V6D_ASK_SYSCTL] = "sysctl",
	[V6D_ASK_COUNTER] = "counter",
	[V6D_ASK_SYN_IN] = "syn-in",
	[V6D_ASK_ICMP_IN] = "icmp-in",
	[V6D_ASK_TRACE] = "trace",
	[V6D_ASK_FLOWS] = "flows",
	[V6D_ASK_SLEEP] = "sleep",
	[V6D_ASK_CONTROL_ECHO] = "control-echo",
	[V6D_ASK_WATCHED] = "watched",
	[V6D_ASK_RULES] = "rules",
	[V6D_ASK_FILTER] = "filter",
	[V6D_ASK_BOOT] = "boot",
};

static const char *const places[] = {
	[V6D_NS_HOST] = "host",
	[V6D_NS_TUNNEL] = "tunnel",
};

static const char *const frame_kinds[] = {
	[V6D_FRAME_LCP_ECHO] = "echo",
	[V6D_FRAME_LCP_DISCARD] = "discard",
};

static const char *const hows[] = {
	[V6D_ANSWER_DONE] = "done",
	[V6D_ANSWER_TIMEOUT] = "timeout",
	[V6D_ANSWER_REFUSED] = "refused",
};

static const char *const states[] = {
	[V6D_SESSION_IDLE] = "idle",
	[V6D_SESSION_CONNECTING] = "connecting",
	[V6D_SESSION_WAIT_START] = "wait-start",
	[V6D_SESSION_WAIT_CALL] = "wait-call",
	[V6D_SESSION_LCP] = "lcp",
	[V6D_SESSION_AUTH] = "auth",
	[V6D_SESSION_NETWORK] = "network",
	[V6D_SESSION_UP] = "up",
	[V6D_SESSION_CLOSING] = "closing",
	[V6D_SESSION_DEAD] = "dead",
};

static const char *const whys[] = {
	[V6D_WHY_NONE] = "none",
	[V6D_WHY_STOPPED] = "stopped",
	[V6D_WHY_TCP_FAILED] = "tcp-failed",
	[V6D_WHY_TIMEOUT] = "timeout",
	[V6D_WHY_CLOSED] = "closed",
	[V6D_WHY_RESET] = "reset",
	[V6D_WHY_NOT_PPTP] = "not-pptp",
	[V6D_WHY_START_REFUSED] = "start-refused",
	[V6D_WHY_CALL_REFUSED] = "call-refused",
	[V6D_WHY_DISCONNECTED] = "disconnected",
	[V6D_WHY_STOP_RECEIVED] = "stop-received",
	[V6D_WHY_ECHO_LOST] = "echo-lost",
	[V6D_WHY_LCP_FAILED] = "lcp-failed",
	[V6D_WHY_AUTH_METHOD] = "auth-method",
	[V6D_WHY_AUTH_REJECTED] = "auth-rejected",
	[V6D_WHY_AUTH_BAD_PEER] = "auth-bad-peer",
	[V6D_WHY_LOOPED] = "looped",
	[V6D_WHY_MPPE] = "mppe",
	[V6D_WHY_IPV6CP_REJECTED] = "ipv6cp-rejected",
	[V6D_WHY_IPV6CP_FAILED] = "ipv6cp-failed",
	[V6D_WHY_TERMINATED] = "terminated",
	[V6D_WHY_HUNG_UP] = "hung-up",
};

/* ---- the ask ---- */

#define T struct v6d_ask_frame
static const struct v6d_field ask_frame[] = {
	UINT(outer_len),
	WORD(frame, frame_kinds),
	BOOL(reuse),
	UINT(of),
	BOOL(closes),
	UINT(hops),
};
static const struct v6d_fields ask_frame_table = TABLE(ask_frame);
#undef T

#define T struct v6d_ask
static const struct v6d_field ask[] = {
	WORD(kind, kinds),
	UINT(tag),
	TIME(timeout),
	WORD(ns, places),
	ADDR(addr),
	UINT(port),
	WORD(until, states),
	STRUCTS(frames, n_frames, ask_frame_table),
	TIME(gap),
	TIME(grace),
	BOOL(df),
	UINT(piece),
	TEXT(name, NAME), /* of HTTP: a path; of SYSCTL, BOOT: kept */
	TEXT(host, NAME),
	UINT(qtype),
	UINT(qtype2),
	UINT(edns),
	BOOL(addrconfig),
	BOOL(tcp),
	BOOL(put),
	UINT(size),
	TIME(stall),
	ADDR(addr2),
	UINT(port2),
	UINT(maxseg),
	UINT(flows),
	UINT(udp_flows),
	ADDR(udp_addr),
	ADDR(udp_addr2),
	UINT(udp_port),
};
const struct v6d_fields v6d_fields_ask = TABLE(ask);
#undef T

/* ---- the answer ---- */

#define T struct v6d_session_times
static const struct v6d_field times[] = {
	TIME(start),
	TIME(tcp),
	TIME(sccrp),
	TIME(ocrp),
	TIME(first_gre),
	TIME(lcp),
	TIME(auth),
	TIME(ipv6cp),
};
static const struct v6d_fields times_table = TABLE(times);
#undef T

#define T struct v6d_answer_frame
static const struct v6d_field answer_frame[] = {
	BOOL(sent),
	BOOL(answered),
	UINT(len),
	BOOL(changed),
	TIME(rtt),
	UINT(error),
	ADDR(error_from),
	UINT(error_mtu),
	UINT(piece),
};
static const struct v6d_fields answer_frame_table = TABLE(answer_frame);
#undef T

#define T struct v6d_answer_addr
static const struct v6d_field answer_addr[] = {
	TEXT(ifname, NOTHING),
	PREFIX(addr),
	BOOL(tunnel),
	BOOL(tentative),
	BOOL(dadfailed),
	BOOL(deprecated),
	BOOL(temporary),
	UINT(valid_s),
	UINT(preferred_s),
};
static const struct v6d_fields answer_addr_table = TABLE(answer_addr);
#undef T

#define T struct v6d_answer_route
static const struct v6d_field answer_route[] = {
	TEXT(ifname, NOTHING),
	PREFIX(dst),
	ADDR(gateway),
	ADDR(src),
	UINT(metric),
	UINT(expires_s),
	BOOL(tunnel),
	BOOL(reject),
	BOOL(from_ra),
};
static const struct v6d_fields answer_route_table = TABLE(answer_route);
#undef T

#define T struct v6d_ra_prefix
static const struct v6d_field ra_prefix[] = {
	PREFIX(prefix),
	BOOL(on_link),
	BOOL(autonomous),
	UINT(valid_s),
	UINT(preferred_s),
};
static const struct v6d_fields ra_prefix_table = TABLE(ra_prefix);
#undef T

#define T struct v6d_ra_route
static const struct v6d_field ra_route[] = {
	PREFIX(prefix),
	INT(preference),
	UINT(lifetime_s),
};
static const struct v6d_fields ra_route_table = TABLE(ra_route);
#undef T

#define T struct v6d_ra
static const struct v6d_field ra[] = {
	UINT(cur_hop_limit),
	BOOL(managed),
	BOOL(other),
	BOOL(home_agent),
	BOOL(proxy),
	INT(preference),
	UINT(lifetime_s),
	UINT(reachable_ms),
	UINT(retrans_ms),
	UINT(mtu),
	BOOL(has_link_addr),
	UINT(n_dropped),
	BOOL(bad_option),
	STRUCTS(prefixes, n_prefixes, ra_prefix_table),
	ADDRS(rdnss, n_rdnss),
	UINT(rdnss_lifetime_s),
	STRUCTS(routes, n_routes, ra_route_table),
	UINT(n_search),
	TEXT(search, NAME),
	UINT(search_lifetime_s),
	TEXT(portal, PATH),
	BOOL(has_pref64),
	PREFIX(pref64),
	UINT(pref64_lifetime_s),
	BOOL(source_link_local),
	BOOL(hop_limit_255),
	BOOL(code_0),
	BOOL(checksum_ok),
};
static const struct v6d_fields ra_table = TABLE(ra);
#undef T

#define T struct v6d_answer
static const struct v6d_field answer[] = {
	WORD(kind, kinds),
	UINT(tag),
	WORD(how, hows),
	TIME(at),
	TIME(took),
	INT(err),
	TEXT(text, TEXT),
	WORD(state, states),
	WORD(failed_in, states),
	WORD(why, whys),
	INT(code),
	INT(code2),
	STRUCT(times, times_table),
	UINT(peer_mru),
	ADDR(peer),
	STRUCTS(frames, n_frames, answer_frame_table),
	BOOL(in_gaps_known),
	UINT(in_gaps),
	UINT(in_late),
	UINT(in_twice),
	BOOL(acked_valid),
	UINT(acked),
	UINT(first_seq),
	INT(mss),
	UINT(peer_mss),
	UINT(packet),
	UINT(segments),
	UINT(again),
	TIME(rtt_min),
	TIME(rtt_max),
	UINT(in_frames),
	UINT(in_largest),
	UINT(unacked),
	BOOL(connected),
	INT(status),
	UINT(via),
	UINT(bytes),
	BOOL(stalled),
	TIME(first_byte),
	ADDR(error_from),
	UINT(rcode),
	BOOL(truncated),
	UINT(dns_len),
	UINT(dns_answered),
	ADDRS(addrs, n_addrs),
	BOOL(ra_seen),
	STRUCT(ra, ra_table),
	ADDR(ra_from),
	BOOL(cut),
	STRUCTS(kernel_addrs, n_kernel_addrs, answer_addr_table),
	STRUCTS(routes, n_routes, answer_route_table),
	BOOL(cut),
	UINT(flows),
	UINT(flows_failed),
	UINT(flows_asked),
	UINT(flows_alive),
	BOOL(other_asked),
	BOOL(other_up),
	BOOL(more_asked),
	BOOL(more_up),
	UINT(udp),
	UINT(udp_failed),
	UINT(udp_asked),
	UINT(udp_alive),
	BOOL(udp_other_asked),
	BOOL(udp_other_up),
	INT(value),
};
const struct v6d_fields v6d_fields_answer = TABLE(answer);
#undef T
