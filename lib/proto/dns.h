/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns.h - DNS messages (RFC 1035 4): queries, and answers with addresses. */
#ifndef V6D_PROTO_DNS_H
#define V6D_PROTO_DNS_H

#include "base/addr.h"
#include "base/wire.h"

#define V6D_DNS_NAME 256
#define V6D_DNS_ADDRS 8

enum v6d_dns_type { V6D_DNS_A = 1, V6D_DNS_AAAA = 28 };

enum v6d_dns_rcode {
	V6D_DNS_NOERROR = 0,
	V6D_DNS_FORMERR = 1,
	V6D_DNS_SERVFAIL = 2,
	V6D_DNS_NXDOMAIN = 3,
	V6D_DNS_NOTIMP = 4,
	V6D_DNS_REFUSED = 5,
};

struct v6d_dns {
	uint16_t id;
	bool response, authoritative, truncated;
	uint8_t rcode;
	uint16_t qtype; /* of the first question */
	char qname[V6D_DNS_NAME]; /* lower case, dots, no final dot */
	unsigned n_addrs, n_dropped;
	struct v6d_addr addrs[V6D_DNS_ADDRS]; /* of answers of type A, AAAA */
	bool has_cname;
};

/* Reads one message. Compression pointers may only point backwards. */
enum v6d_wire_err v6d_dns_decode(struct v6d_wire *w, struct v6d_dns *d);

/*
 * Writes a query with recursion desired; false when the name is no name.
 * edns: the UDP size that an OPT record announces (RFC 6891 6.1.2), 0: none.
 */
bool v6d_dns_encode_query(struct v6d_out *o, uint16_t id, const char *name,
    uint16_t type, uint16_t edns);

#endif
