/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile.h - the INI file that says which tunnel, whom to ask, and (for the
 * practice server) whom to play. profile_keys.c holds the one table of keys
 * that reader and manual are made from.
 */
#ifndef V6D_IO_PROFILE_H
#define V6D_IO_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/addr.h"
#include "tunnel/session.h"

#define V6D_PROFILE_TEXT 256
#define V6D_PROFILE_LIST 8

enum v6d_engine { V6D_ENGINE_BUILTIN, V6D_ENGINE_PPPD };
enum v6d_accept_ra { V6D_RA_FOLLOW, V6D_RA_ONCE };
enum v6d_lcp_start { V6D_LCP_EAGER, V6D_LCP_SILENT };

struct v6d_addr_list {
	unsigned n;
	struct v6d_addr a[V6D_PROFILE_LIST];
};

struct v6d_text_list {
	unsigned n;
	char s[V6D_PROFILE_LIST][64];
};

struct v6d_profile_tunnel {
	char server[V6D_PROFILE_TEXT]; /* address or name; "": none */
	char user[V6D_PROFILE_TEXT];
	char password_file[V6D_PROFILE_TEXT];
	unsigned auth; /* enum v6d_auth_mask */
	enum v6d_mppe_wish mppe;
	unsigned mtu, mru; /* bytes */
	enum v6d_engine engine;
	char interface[16];
	unsigned table; /* of routes; 0: the main one */
	enum v6d_accept_ra accept_ra;
	unsigned echo_s; /* between LCP echoes */
	bool offload; /* no: packets pass the kernel one by one */
};

struct v6d_profile_probe {
	struct v6d_addr_list ipv6_target;
	char page[V6D_PROFILE_TEXT]; /* "/big" */
	struct v6d_addr ipv4_target;
	char name[V6D_PROFILE_TEXT];
	struct v6d_addr literal;
	struct v6d_addr_list dns_server;
	char napt_target[V6D_PROFILE_TEXT]; /* host, or host:port */
	unsigned max_sessions;
	unsigned deadline_s;
};

struct v6d_profile_lan {
	struct v6d_text_list interface;
	struct v6d_addr suffix; /* ::1 */
	bool radvd;
	struct v6d_addr_list rdnss;
};

struct v6d_profile_firewall {
	bool no_syn; /* policy = no-syn; else stateful */
	struct v6d_text_list allow; /* "tcp/22" */
};

struct v6d_profile_dns_update {
	char server[V6D_PROFILE_TEXT];
	char zone[V6D_PROFILE_TEXT];
	char name[V6D_PROFILE_TEXT];
	char key_file[V6D_PROFILE_TEXT];
	unsigned ttl_s;
};

struct v6d_profile_peer {
	bool given; /* there is a [peer] section */
	struct v6d_addr listen; /* 0.0.0.0: every address */
	unsigned port;
	char user[V6D_PROFILE_TEXT];
	char password_file[V6D_PROFILE_TEXT];
	unsigned auth;
	enum v6d_mppe_wish mppe;
	bool wrong_password; /* every password is wrong */
	struct v6d_prefix prefix; /* call n gets the n-th /64 of it */
	enum v6d_lcp_start lcp;
	unsigned refuse_start; /* SCCRP result code, 0: accept */
	unsigned refuse_call; /* OCRP result code, 0: accept */
	bool drop_call; /* the connection ends instead of an OCRP */
	bool ipv6; /* no: IPV6CP is rejected */
	bool offer_ipcp;
	bool ignore_icmp;
	bool gre_ack; /* no: never a pure acknowledgment */
	bool offload; /* no: packets pass the kernel one by one */
	unsigned mtu, mru;
	uint8_t ifid[8], client_ifid[8];
	unsigned max_sessions;
	bool radvd;
	unsigned ra_lifetime_s, ra_interval_s, ra_mtu; /* mtu 0: no option */
	bool ra_prefix, ra_autonomous, ra_on_link;
	bool ra_unsolicited; /* no: only who asks gets one */
	unsigned ra_prefix_length;
	unsigned ra_valid_s, ra_preferred_s;
	struct v6d_addr_list ra_rdnss;
};

struct v6d_profile {
	char path[4096];
	char note[2 * V6D_PROFILE_TEXT]; /* what was read otherwise than
					    written, a sentence; or "" */
	struct v6d_profile_tunnel tunnel;
	struct v6d_profile_probe probe;
	struct v6d_profile_lan lan;
	struct v6d_profile_firewall firewall;
	struct v6d_profile_dns_update dns_update;
	struct v6d_profile_peer peer;
};

/* What is wrong, where, and what to do; line 0: the file as a whole. */
struct v6d_profile_error {
	char file[4096];
	unsigned line;
	char reason[2 * V6D_PROFILE_TEXT];
};

/* Everything as it is when a key is not given. */
void v6d_profile_defaults(struct v6d_profile *ret);

/*
 * Reads a file. -EINVAL: see *ret_err; -ENOENT, -EACCES, ...: it cannot be
 * opened (*ret_err says so too). *ret holds defaults where keys are missing.
 */
int v6d_profile_read(const char *path, struct v6d_profile *ret,
    struct v6d_profile_error *ret_err);

/*
 * The same from text in memory; `name` stands for the file in errors, and
 * relative paths in it belong to the current folder.
 */
int v6d_profile_parse(const char *text, const char *name,
    struct v6d_profile *ret, struct v6d_profile_error *ret_err);

/*
 * Finds the file: a path where `name` has a slash, else NAME.conf (NULL:
 * v6doctor.conf) in $XDG_CONFIG_HOME/v6doctor (~/.config/v6doctor), then in
 * /etc/v6doctor. -ENOENT: nowhere; ret_path then lists where it was sought.
 */
int v6d_profile_find(const char *name, char *ret_path, size_t n);

/*
 * The first line of a password file. It must be a regular file of ours or
 * root's that only its owner can read: -EPERM otherwise, and *ret_err says
 * how to mend it. What was read never goes into *ret_err.
 */
int v6d_profile_password(
    const char *file, char *ret, size_t n, struct v6d_profile_error *ret_err);

/* Asks on the terminal, without echo. -ENOTTY: there is none. */
int v6d_profile_ask_password(const char *prompt, char *ret, size_t n);

/* "FILE:LINE: REASON" (or "FILE: REASON"). Returns buf. */
const char *
v6d_profile_error_text(const struct v6d_profile_error *e, char *buf, size_t n);

/* The manual's table: section, key, form of the value, default, meaning. */
void v6d_profile_print_keys(FILE *f);

#endif
