/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * redact.h - a record without what tells whose it is. The same address or
 * name gets the same pseudonym everywhere in one report; addresses that share
 * a prefix still do, and keep their kind: private, link-local, unique local,
 * global, of a closed network, made of a MAC or not. Without the key, which
 * is never stored, there is no way back.
 */
#ifndef V6D_TRACE_REDACT_H
#define V6D_TRACE_REDACT_H

#include "trace/packets.h"
#include "trace/trace.h"

#define V6D_REDACT_KEY 32
#define V6D_REDACT_NAMES 64
#define V6D_REDACT_NAME 256
#define V6D_REDACT_ADDRS 512

struct v6d_redact_pair {
	struct v6d_addr real, pseudonym;
};

struct v6d_redact {
	uint8_t key[V6D_REDACT_KEY];
	unsigned n_names;
	char names[V6D_REDACT_NAMES][V6D_REDACT_NAME]; /* as they were */
	/* Of addresses that came up; beyond these they are made again. */
	unsigned n_addrs;
	struct v6d_redact_pair addrs[V6D_REDACT_ADDRS];
};

/* key: new for every report. */
void v6d_redact_init(struct v6d_redact *r, const uint8_t key[V6D_REDACT_KEY]);

/* A name that is to be looked for in texts: of the user, of this host. */
void v6d_redact_learn(struct v6d_redact *r, const char *name);

struct v6d_addr v6d_redact_addr(struct v6d_redact *r, const struct v6d_addr *a);
struct v6d_prefix
v6d_redact_prefix(struct v6d_redact *r, const struct v6d_prefix *p);
void v6d_redact_mac(const struct v6d_redact *r, uint8_t mac[6]);
void v6d_redact_ifid(const struct v6d_redact *r, uint8_t ifid[8]);

/* The pseudonym of a host's name, of the same number of labels; of an
 * address, that of the address. At most n bytes. */
void
v6d_redact_name(struct v6d_redact *r, const char *name, char *ret, size_t n);

/* Replaces what it finds in a text of room for n bytes: addresses, MACs and
 * names that were learned. */
void v6d_redact_text(struct v6d_redact *r, char *text, size_t n);

/* All of a trace. Learns the names that its plan and asks hold. */
void v6d_redact_trace(struct v6d_redact *r, struct v6d_trace *t);

/* All packets: addresses are replaced, names and texts are zero. */
void v6d_redact_packets(struct v6d_redact *r, struct v6d_packets *p);

/*
 * What stands for what, a line each: pseudonym, blank, real. free() it. NULL:
 * no memory.
 */
char *v6d_redact_map(struct v6d_redact *r);

#endif
