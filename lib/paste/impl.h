/* SPDX-License-Identifier: GPL-2.0-or-later */
/* impl.h - what the files of lib/paste share. */
#ifndef V6D_PASTE_IMPL_H
#define V6D_PASTE_IMPL_H

#include "paste/paste.h"

#define V6D_TOK_MAX 48
#define V6D_TOK_TEXT 1024

/* The words of one line; longer ones are cut. */
struct v6d_tok {
	const char *line; /* the whole of it, cleaned */
	struct v6d_at at;
	uint8_t indent;
	unsigned n;
	const char *t[V6D_TOK_MAX];
	char buf[V6D_TOK_TEXT];
};

void v6d_tok_split(struct v6d_tok *t, const char *s);
/* Where a word stands, from i on; or -1. */
int v6d_tok_find(const struct v6d_tok *t, unsigned i, const char *word);
bool v6d_tok_is(const struct v6d_tok *t, unsigned i, const char *word);
/* The word behind another one, or "". */
const char *v6d_tok_after(const struct v6d_tok *t, const char *word);

bool v6d_starts(const char *s, const char *with);
bool v6d_ends(const char *s, const char *with);
bool v6d_has(const char *s, const char *part);
/* The same without regard to the case of ASCII letters. */
bool v6d_has_word(const char *s, const char *part);
bool v6d_is_digit(char c);
bool v6d_is_alpha(char c);
void v6d_copy(char *to, size_t cap, const char *from);

/* Digits at the beginning; false when there is none. */
bool v6d_lead(const char *s, int64_t *ret);
/* Nothing but digits; with 0x before them hexadecimal. */
bool v6d_whole(const char *s, int64_t *ret);
/* Hexadecimal digits at the beginning, without 0x. */
bool v6d_hex(const char *s, uint32_t *ret);

/*
 * An address with what may hang on it: %zone, /length, brackets, a tail such
 * as "(Preferred)" or a comma. Zone goes to zone (may be NULL).
 */
bool v6d_ip(const char *s, struct v6d_addr *ret, int *ret_plen, char *zone,
    size_t zone_n);
/* Colons or dashes, leading zeros may be missing; six or eight octets. */
bool v6d_mac(const char *s, uint8_t mac[8], uint8_t *ret_len);

/* What is behind a prompt, or NULL where there is none. */
const char *v6d_prompt(const char *s);
/* Takes note of a command: what it announces, and what is wrong with it. */
void v6d_command(struct v6d_paste *p, const char *cmd, struct v6d_at at);
/* An IPv6 literal without brackets in a URL. */
void v6d_url_lint(struct v6d_paste *p, const char *s, struct v6d_at at);

/* ---- the picture; NULL or -1 when a table is full ---- */

int v6d_put_if(struct v6d_paste *p, const char *name, struct v6d_at at);
struct v6d_paste_addr *v6d_put_addr(
    struct v6d_paste *p, int ifi, const struct v6d_addr *a, struct v6d_at at);
/* Equal in destination, gateway and device: the same route. */
struct v6d_paste_route *
v6d_put_route(struct v6d_paste *p, const struct v6d_paste_route *like);
void v6d_put_sysctl(struct v6d_paste *p, const char *key, int64_t value,
    enum v6d_origin origin, struct v6d_at at);
struct v6d_paste_resolver *v6d_put_resolver(
    struct v6d_paste *p, const struct v6d_addr *a, struct v6d_at at);
struct v6d_paste_neigh *
v6d_put_neigh(struct v6d_paste *p, const struct v6d_addr *a, struct v6d_at at);
struct v6d_paste_try *
v6d_put_try(struct v6d_paste *p, const char *name, struct v6d_at at);
struct v6d_paste_ping *
v6d_put_ping(struct v6d_paste *p, const char *name, struct v6d_at at);
void v6d_say_fact(struct v6d_paste *p, struct v6d_at at, enum v6d_fact fact,
    enum v6d_state state, const char *word, int64_t value, const char *subject);
void v6d_put_claim(struct v6d_paste *p, enum v6d_claim c, struct v6d_at at);
struct v6d_paste_lookup *v6d_put_lookup(struct v6d_paste *p, struct v6d_at at);
/* dig, host or nslookup was typed. */
void v6d_lookup_begin(
    struct v6d_paste *p, const struct v6d_tok *t, struct v6d_at at);
/* The rules that were read are all there are: their end was seen. */
void v6d_chains_whole(struct v6d_paste *p);
int v6d_put_chain(struct v6d_paste *p, const char *name, struct v6d_at at);
struct v6d_paste_rule *
v6d_put_rule(struct v6d_paste *p, int chain, struct v6d_at at);

/* A route's table was printed: v6 routes are known from here on. */
void v6d_routes_seen(struct v6d_paste *p, struct v6d_at at);

/*
 * The formats: each takes one line and returns how many of its words were
 * understood, 0 for a line of another kind. Taking a longer version of the
 * same line again (it was wrapped) adds to what the first left.
 */
#define FORMAT(id, name, take, text) \
	int v6d_take_##take(struct v6d_paste *p, const struct v6d_tok *t);
#include "paste/formats.def"
#undef FORMAT

/* ---- setup.c and filter.c, for notes.c ---- */

void v6d_note(struct v6d_notes *n, enum v6d_note_id id, struct v6d_at at,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* It runs, and does not stand in the file that was shown. */
bool
v6d_lost_at_boot(const struct v6d_paste *p, const struct v6d_paste_sysctl *s);
void v6d_notes_setup(const struct v6d_paste *p, struct v6d_notes *n);
void v6d_notes_filter(const struct v6d_paste *p, struct v6d_notes *n);

/* The kind of packet that a question is about. */
struct v6d_probe_packet {
	bool inbound; /* from the tunnel into the LAN, else the other way */
	int proto;
	bool syn; /* TCP: a first SYN */
	unsigned state; /* one of V6D_CT_* */
	int icmp_type;
};

enum v6d_answer { V6D_ANSWER_UNKNOWN, V6D_ANSWER_PASS, V6D_ANSWER_DROP };

/* What the rules for a hook do with a packet. */
enum v6d_answer v6d_filter_ask(const struct v6d_paste *p, enum v6d_hook hook,
    const struct v6d_probe_packet *k);
/* The forward chain's answer for a packet into the LAN. */
enum v6d_answer v6d_filter_inbound(
    const struct v6d_paste *p, int proto, bool syn, unsigned state, int type);
/* The text shows that this host forwards IPv6, or advertises to a LAN. */
bool v6d_forwards(const struct v6d_paste *p);
/* A chain of that hook in an IPv6 filter, or -1. */
int v6d_filter_chain(const struct v6d_paste *p, enum v6d_hook hook);

/* The EUI-64 identifier's hardware address; false when it is none. */
bool v6d_eui64_mac(const struct v6d_addr *a, uint8_t mac[6]);
/* Which interface has it, or -1. */
int v6d_mac_owner(const struct v6d_paste *p, const uint8_t mac[6]);

#endif
