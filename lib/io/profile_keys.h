/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile_keys.h - what a profile may say: one table for reader and manual. */
#ifndef V6D_IO_PROFILE_KEYS_H
#define V6D_IO_PROFILE_KEYS_H

#include "io/profile.h"

/* The form of a value, and with it the type of the field. */
enum v6d_form {
	V6D_FORM_TEXT, /* char[V6D_PROFILE_TEXT] */
	V6D_FORM_FILE, /* the same; relative to the profile's folder */
	V6D_FORM_HOST, /* the same; a name or address, no blanks */
	V6D_FORM_HOSTPORT, /* the same; HOST or HOST:PORT */
	V6D_FORM_IFNAME, /* char[16] */
	V6D_FORM_IFNAMES, /* struct v6d_text_list */
	V6D_FORM_SERVICES, /* struct v6d_text_list: tcp/22 udp/53 */
	V6D_FORM_ADDR4, /* struct v6d_addr */
	V6D_FORM_ADDR6,
	V6D_FORM_ADDRS6, /* struct v6d_addr_list */
	V6D_FORM_ADDRS, /* struct v6d_addr_list, both families */
	V6D_FORM_POOL, /* struct v6d_prefix, IPv6, at most 64 bits long */
	V6D_FORM_IFID, /* uint8_t[8]: "::1" */
	V6D_FORM_NUMBER, /* unsigned, between min and max */
	V6D_FORM_BOOL, /* bool: yes, no */
	V6D_FORM_AUTH, /* unsigned: enum v6d_auth_mask */
	V6D_FORM_WORD, /* an enum of four bytes: one of `words` */
	V6D_FORM_POLICY, /* bool: no-syn */
};

struct v6d_key {
	const char *section, *name;
	enum v6d_form form;
	size_t offset; /* in struct v6d_profile */
	unsigned min, max;
	const char *words; /* WORD: in the order of the enum's values */
	const char *standard; /* the default, as it would be written; "" */
	const char *meaning;
	const char *unit; /* of a number; "": it has none */
};

extern const struct v6d_key v6d_keys[];
extern const size_t v6d_n_keys;

/* NULL: no such key. *ret_section: is there at least such a section? */
const struct v6d_key *
v6d_key_find(const char *section, const char *name, bool *ret_section);

/* What a section is about, a sentence; NULL: there is no such section. */
const char *v6d_section_meaning(const char *section);

/*
 * Puts a value into its field; again: the key stood before, which lists take
 * as more of the same. Returns NULL, or what is wrong with it (static text).
 */
const char *v6d_key_set(const struct v6d_key *k, struct v6d_profile *p,
    const char *value, bool again);

/* "yes | no", "1..65535", "ADDRESS...": for the manual. Returns buf. */
const char *v6d_key_form_text(const struct v6d_key *k, char *buf, size_t n);

#endif
