/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * paste.h - text that people paste: what commands printed, logs, settings and
 * scripts, several in one text, quoted in mail and wrapped. Each format is
 * one file; together they fill one picture of the host, from which facts
 * (facts.def), findings (findings.def) and hypotheses are made. Nothing here
 * allocates: the caller gives all memory, tables count what did not fit.
 */
#ifndef V6D_PASTE_PASTE_H
#define V6D_PASTE_PASTE_H

#include "base/addr.h"
#include "base/text.h"
#include "diag/diagnosis.h"

enum v6d_paste_format {
#define FORMAT(id, name, take, text) V6D_PF_##id,
#include "paste/formats.def"
#undef FORMAT
	V6D_N_PFS
};

#define V6D_PASTE_NAME 64
#define V6D_PASTE_IFS 40
#define V6D_PASTE_ADDRS 96
#define V6D_PASTE_ROUTES 160
#define V6D_PASTE_SYSCTLS 64
#define V6D_PASTE_RESOLVERS 24
#define V6D_PASTE_NEIGHS 64
#define V6D_PASTE_TRIES 24
#define V6D_PASTE_PINGS 24
#define V6D_PASTE_LOOKUPS 16
#define V6D_PASTE_SAID 96
#define V6D_PASTE_CHAINS 48
#define V6D_PASTE_RULES 192
#define V6D_PASTE_URLS 8
#define V6D_PASTE_PIECES 16
#define V6D_PASTE_GAPS 32

/* Where something stands. */
struct v6d_at {
	enum v6d_paste_format format;
	uint16_t piece; /* which file or comment, from 0 */
	uint32_t line; /* of the piece, from 1 */
};

enum v6d_yes { V6D_NOT_SAID, V6D_YES, V6D_NO };

struct v6d_paste_if {
	char name[V6D_PASTE_NAME];
	uint32_t index; /* 0: not said */
	uint32_t flags; /* a number, as BSD prints it */
	bool has_flags, flags_agree; /* number and names say the same */
	bool up, ptp, loopback, ppp; /* ppp: by its name or kind */
	bool v4_shown, v6_shown; /* addresses were listed */
	bool whole; /* to the end, as far as it can be told */
	unsigned mtu; /* 0: not said */
	uint8_t mac[8], mac_len;
	enum v6d_yes active;
	uint64_t dropped, errors; /* of "ip -s link", both directions */
	struct v6d_at at;
};

enum {
	V6D_PA_AUTOCONF = 1,
	V6D_PA_TEMPORARY = 2,
	V6D_PA_DEPRECATED = 4,
	V6D_PA_TENTATIVE = 8,
	V6D_PA_DUPLICATE = 16,
	V6D_PA_DYNAMIC = 32,
	V6D_PA_SECURED = 64,
};

struct v6d_paste_addr {
	uint8_t ifi;
	struct v6d_addr addr, broadcast;
	int plen; /* -1: not said */
	unsigned flags;
	uint32_t scope_id;
	int64_t valid_s, preferred_s; /* -1: not said */
	struct v6d_at at;
};

enum v6d_gateway {
	V6D_GW_NONE, /* on-link */
	V6D_GW_ADDR,
	V6D_GW_LINK, /* link#N */
	V6D_GW_MAC,
};

struct v6d_paste_route {
	struct v6d_prefix dst;
	bool is_default;
	enum v6d_gateway gw;
	struct v6d_addr gateway;
	uint32_t link; /* of link#N */
	uint32_t dev_index; /* where dev is a number only */
	uint8_t mac[6];
	char dev[V6D_PASTE_NAME];
	char flags[16]; /* BSD's letters */
	bool scoped, reject, from_ra, host;
	int64_t metric, expires_s; /* -1: not said */
	unsigned mtu;
	struct v6d_at at;
};

enum v6d_origin { V6D_RUNNING, V6D_IN_FILE, V6D_IN_SCRIPT };

struct v6d_paste_sysctl {
	char key[96]; /* with dots */
	int64_t value;
	enum v6d_origin origin;
	struct v6d_at at;
};

struct v6d_paste_resolver {
	struct v6d_addr addr;
	char dev[V6D_PASTE_NAME];
	enum v6d_yes asks_a, asks_aaaa;
	struct v6d_at at;
};

struct v6d_paste_neigh {
	struct v6d_addr addr;
	uint8_t mac[6];
	bool has_mac, router;
	char dev[V6D_PASTE_NAME];
	struct v6d_at at;
};

/* How far a connection got. */
enum v6d_level {
	V6D_TRIED,
	V6D_CONNECTED, /* small packets passed both ways */
	V6D_FIRST_BYTE, /* something of the answer came */
	V6D_COMPLETE,
};

struct v6d_paste_try {
	char name[V6D_SUBJECT]; /* as it was typed */
	struct v6d_addr addr;
	unsigned port;
	enum v6d_level level;
	char word[V6D_WORD]; /* timeout refused unreachable stall, or "" */
	int64_t bytes; /* of the answer; -1: not said */
	bool fetch; /* a page was asked for, not only a connection */
	bool literal;
	struct v6d_at at;
};

struct v6d_paste_ping {
	char name[V6D_SUBJECT];
	struct v6d_addr addr;
	int64_t size; /* bytes of ICMP data; -1: not said */
	int64_t sent, received; /* -1: not said */
	bool dont_fragment;
	char word[V6D_WORD];
	struct v6d_at at;
};

enum { V6D_PASTE_A = 1, V6D_PASTE_AAAA = 2 };

/* A name that was looked up: dig, host, nslookup. */
struct v6d_paste_lookup {
	char name[V6D_SUBJECT], server[V6D_SUBJECT]; /* "": not said */
	unsigned asked, got; /* of V6D_PASTE_A, V6D_PASTE_AAAA */
	const char *word; /* of an error, as dns.aaaa has it; NULL: none */
	int64_t ms; /* V6D_NO_VALUE: not said */
	bool begun; /* some of its output was seen */
	struct v6d_at at;
};

/* An observation that a line states by itself. */
struct v6d_paste_said {
	enum v6d_fact fact;
	enum v6d_state state;
	const char *word;
	int64_t value;
	char subject[V6D_SUBJECT];
	struct v6d_at at;
};

/* What people say in their own words; claims.def. */
enum v6d_claim {
#define CLAIM(id, name, text) V6D_CLAIM_##id,
#include "paste/claims.def"
#undef CLAIM
	V6D_N_CLAIMS
};

/* ---- packet filters ---- */

enum v6d_hook { V6D_HOOK_OTHER, V6D_HOOK_IN, V6D_HOOK_FORWARD, V6D_HOOK_OUT };
enum v6d_fate { V6D_FATE_NONE, V6D_FATE_PASS, V6D_FATE_DROP, V6D_FATE_JUMP };

struct v6d_paste_chain {
	char name[V6D_PASTE_NAME];
	enum v6d_hook hook;
	enum v6d_fate policy;
	bool filter; /* of a filter table for IPv6 */
	bool whole; /* its end was seen: no rule was cut off */
	struct v6d_at at;
};

enum { V6D_CT_NEW = 1, V6D_CT_EST = 2, V6D_CT_REL = 4, V6D_CT_INVALID = 8 };
enum v6d_syn { V6D_SYN_ANY, V6D_SYN_ONLY, V6D_SYN_NOT };

struct v6d_paste_rule {
	uint8_t chain;
	enum v6d_fate fate;
	char jump[V6D_PASTE_NAME];
	char in[V6D_PASTE_NAME], out[V6D_PASTE_NAME];
	bool in_not, out_not;
	int proto; /* 6, 17, 58, ..; 0: any; -1: one not understood */
	bool proto_not;
	enum v6d_syn syn;
	unsigned states; /* 0: any */
	int icmp_type; /* -1: any */
	uint32_t icmp_types[8]; /* set of types; used when has_types */
	bool has_types;
	bool narrow; /* ports, addresses or matches not looked at */
	struct v6d_at at;
};

/* ---- settings and scripts ---- */

struct v6d_paste_setup {
	/* pppd options */
	struct v6d_at options;
	bool has_options, noccp, require_mppe, noip, ipv6, noauth, password;
	bool mtu, mru, defaultroute6;
	int64_t echo_interval, echo_failure;
	char ifname[V6D_PASTE_NAME];
	struct v6d_at noccp_at, mppe_at, password_at, echo_at;
	/* radvd.conf, alone or in a script */
	bool has_radvd, adv_mtu, adv_rdnss, adv_send;
	unsigned radvd_mtu;
	char radvd_dev[V6D_PASTE_NAME], radvd_prefix[64];
	struct v6d_at radvd, radvd_prefix_at;
	/* scripts */
	bool has_script, radvd_start, filter_seen, forwarding_on, all_accept_ra;
	bool wait_unbounded, same_prefix, default_by_hand;
	bool forwarding_before_start, filter_before_start;
	struct v6d_at radvd_start_at, forwarding_at, accept_ra_at, wait_at,
	    same_at, default_at;
	char lan_dev[V6D_PASTE_NAME];
	/* ls -l of the options file */
	bool mode_seen, mode_open;
	struct v6d_at mode_at;
	/* where the parser stands */
	bool in_loop, loop_waits, loop_bounded;
	char loop_var[V6D_PASTE_NAME];
	struct v6d_at loop_at;
};

struct v6d_paste_url {
	char line[200]; /* as it was typed */
	char mended[220];
	struct v6d_at at;
};

/* Lines that no format knows. */
struct v6d_paste_gap {
	uint16_t piece;
	uint32_t first, last;
};

/* What the line before left open; the formats' own. */
struct v6d_paste_place {
	int format; /* of the line before, -1: none */
	int cmd; /* format that a typed command announces, -1: none */
	int ifi; /* the interface that lines are about, -1: none */
	int sub; /* the format's own */
	int family; /* 4, 6 or 0 */
	int chain;
	int try_i, ping_i, lookup_i;
	int resolver;
	bool in_file; /* sysctl.conf was named just before */
	bool script; /* a shell script began in this piece */
	char word[V6D_PASTE_NAME];
	unsigned blank; /* blank lines just before */
};

struct v6d_paste {
	unsigned n_ifs, n_addrs, n_routes, n_sysctls, n_resolvers, n_neighs;
	unsigned n_tries, n_pings, n_said, n_chains, n_rules, n_urls, n_gaps;
	unsigned n_lookups, n_pieces;
	struct v6d_paste_if ifs[V6D_PASTE_IFS];
	struct v6d_paste_addr addrs[V6D_PASTE_ADDRS];
	struct v6d_paste_route routes[V6D_PASTE_ROUTES];
	struct v6d_paste_sysctl sysctls[V6D_PASTE_SYSCTLS];
	struct v6d_paste_resolver resolvers[V6D_PASTE_RESOLVERS];
	struct v6d_paste_neigh neighs[V6D_PASTE_NEIGHS];
	struct v6d_paste_try tries[V6D_PASTE_TRIES];
	struct v6d_paste_ping pings[V6D_PASTE_PINGS];
	struct v6d_paste_lookup lookups[V6D_PASTE_LOOKUPS];
	struct v6d_paste_said said[V6D_PASTE_SAID];
	struct v6d_paste_chain chains[V6D_PASTE_CHAINS];
	struct v6d_paste_rule rules[V6D_PASTE_RULES];
	struct v6d_paste_url urls[V6D_PASTE_URLS];
	struct v6d_paste_gap gaps[V6D_PASTE_GAPS];
	struct v6d_at claims[V6D_N_CLAIMS];
	bool claimed[V6D_N_CLAIMS];
	struct v6d_paste_setup setup;
	/* lines of each format, and where the first stands */
	uint32_t lines_of[V6D_N_PFS];
	struct v6d_at first_of[V6D_N_PFS];
	bool v4_lines, v6_lines; /* addresses of the family were printed */
	bool routes6_seen, routes6_whole; /* a table of IPv6 routes */
	bool curl_syntax, ends_open;
	bool filter_v6; /* the filter is known to be of IPv6 */
	struct v6d_at routes6_at, curl_syntax_at;
	unsigned n_lines, n_known; /* not blank; of them recognised */
	unsigned n_dropped; /* did not fit a table */
	struct v6d_paste_place place;
};

/* One line, cleaned: no quotes, no full-width forms, no blanks around. */
struct v6d_paste_line {
	const char *s;
	uint32_t no;
	uint8_t quote, indent;
};

/* Memory for one piece while it is read. */
struct v6d_paste_mem {
	char *text;
	size_t cap; /* v6d_paste_room(n) is enough for n bytes */
	struct v6d_paste_line *lines;
	size_t n_lines; /* room for so many; the rest is counted as lost */
};

size_t v6d_paste_room(size_t n);

/* True for the beginning of a text: printable bytes, or UTF-16 with a mark. */
bool v6d_paste_is_text(const uint8_t *b, size_t n);

void v6d_paste_init(struct v6d_paste *p);

/*
 * Reads one piece (a file, a comment) into the picture; pieces are parts of
 * one piece of evidence. Returns how many of its lines were recognised.
 */
unsigned v6d_paste_add(struct v6d_paste *p, const uint8_t *text, size_t n,
    struct v6d_paste_mem *mem);

/* "paste: ifconfig, line 7"; with several pieces "paste 2: ..". */
void v6d_paste_source(
    const struct v6d_paste *p, const struct v6d_at *at, char *buf, size_t n);

const char *v6d_paste_format_name(enum v6d_paste_format f);

/* The tunnel's interface, or -1. */
int v6d_paste_tunnel(const struct v6d_paste *p);

/* Everything that follows by itself, as facts; f->source is changed. */
void v6d_paste_facts(const struct v6d_paste *p, struct v6d_facts *f);

/* What text of this kind can show of the stages. */
void v6d_paste_scope(const struct v6d_paste *p, const struct v6d_facts *f,
    struct v6d_scope *ret_s);

/*
 * After the diagnosis: what people only tell makes nothing certain, nor does
 * a text that did not fit; and says what no text of this kind showed.
 */
void v6d_paste_temper(
    const struct v6d_paste *p, struct v6d_diagnosis *d, struct v6d_scope *s);

/* ---- findings ---- */

enum v6d_grade {
	V6D_GRADE_CRITICAL,
	V6D_GRADE_HIGH,
	V6D_GRADE_MEDIUM,
	V6D_GRADE_LOW,
	V6D_GRADE_INFO,
	V6D_GRADE_GOOD,
};

enum v6d_note_id {
#define NOTE(id, name, grade) V6D_NOTE_##id,
#include "paste/notes.def"
#undef NOTE
	V6D_N_NOTES
};

#define V6D_NOTE_TEXT 400
#define V6D_PASTE_NOTES 64

struct v6d_note {
	enum v6d_note_id id;
	enum v6d_grade grade;
	struct v6d_at at;
	char text[V6D_NOTE_TEXT];
};

struct v6d_notes {
	unsigned n, n_dropped;
	struct v6d_note note[V6D_PASTE_NOTES];
};

/* All findings: of addresses and sizes, settings, filters, commands. */
void v6d_paste_notes(const struct v6d_paste *p, struct v6d_notes *ret_n);
const char *v6d_note_name(enum v6d_note_id id);
const char *v6d_grade_name(enum v6d_grade g);

/* ---- hypotheses ---- */

enum v6d_hypothesis {
#define HYPOTHESIS(id, name, weight, text) V6D_HYP_##id,
#include "paste/hypotheses.def"
#undef HYPOTHESIS
	V6D_N_HYPOTHESES
};

enum v6d_standing {
	V6D_STANDS,
	V6D_CLAIMED_AGAINST, /* somebody believes it is not so */
	V6D_REFUTED, /* something observed contradicts */
};

#define V6D_RANK_TESTS 4

struct v6d_ranked {
	enum v6d_hypothesis hypothesis;
	enum v6d_standing standing;
	int weight;
	char why[160];
};

struct v6d_ranking {
	unsigned n; /* of those that stand, the best first, then refuted */
	unsigned n_standing;
	struct v6d_ranked ranked[V6D_N_HYPOTHESES];
	unsigned n_tests;
	const char *tests[V6D_RANK_TESTS]; /* names of tests, best first */
};

/*
 * Orders what may be behind the trouble, as far as it is known; n is 0 when
 * nothing abnormal is known.
 */
void v6d_paste_rank(const struct v6d_paste *p, const struct v6d_facts *f,
    struct v6d_ranking *ret_r);
const char *v6d_hypothesis_name(enum v6d_hypothesis h);
const char *v6d_hypothesis_text(enum v6d_hypothesis h);
/* What to do for a test of that name; never NULL. */
const char *v6d_rank_test_text(const char *name);

#endif
