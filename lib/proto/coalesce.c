/* SPDX-License-Identifier: GPL-2.0-or-later */
/* coalesce.c - TCP segments over IPv6 (RFC 9293, RFC 8200) joined to one. */
#include "proto/coalesce.h"

#include "base/cksum.h"
#include "proto/tcp.h"

enum {
	IP6_HEADER = 40,
	IP6_LENGTH = 4, /* offsets in the packet */
	IP6_NEXT = 6,
	IP6_ADDRESSES = 8,

	TCP = IP6_HEADER,
	TCP_HEADER = 20,
	TCP_SEQ = TCP + 4,
	TCP_ACK = TCP + 8,
	TCP_OFFSET = TCP + 12,
	TCP_FLAGS = TCP + 13,
	TCP_WINDOW = TCP + 14,
	TCP_CSUM = TCP + 16,
	TCP_URGENT = TCP + 18,

	LOOK_BACK = 8, /* open groups that a packet is compared with */
};

static void
put16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

/* Of the pseudo-header, for n bytes of TCP (RFC 8200 8.1). */
static uint32_t
pseudo(const uint8_t *p, size_t n)
{
	return v6d_cksum_add(0, p + IP6_ADDRESSES, 32) + V6D_IPPROTO_TCP +
	       (uint32_t)n;
}

static bool
is_tcp(const uint8_t *p, size_t n)
{
	return n >= IP6_HEADER + TCP_HEADER && p[0] >> 4 == 6 &&
	       p[IP6_NEXT] == V6D_IPPROTO_TCP;
}

/*
 * Bytes before the data, 0 for what is not plain data. A joined packet's
 * checksum is believed: a wrong one must not be mended by joining.
 */
static size_t
joinable(const uint8_t *p, size_t n)
{
	size_t header;

	if (!is_tcp(p, n) || v6d_be16(p + IP6_LENGTH) != n - IP6_HEADER ||
	    (p[TCP_FLAGS] | V6D_TCP_PSH) != (V6D_TCP_ACK | V6D_TCP_PSH))
		return 0;
	header = TCP + (size_t)(p[TCP_OFFSET] >> 4) * 4;
	if (header < TCP + TCP_HEADER || header >= n)
		return 0;
	return v6d_cksum_fold(
		   v6d_cksum_add(pseudo(p, n - TCP), p + TCP, n - TCP)) == 0
		   ? header
		   : 0;
}

static bool
same_flow(const uint8_t *a, const uint8_t *b)
{
	return memcmp(a + IP6_ADDRESSES, b + IP6_ADDRESSES, 32) == 0 &&
	       memcmp(a + TCP, b + TCP, 4) == 0;
}

/* All but lengths, sequence number, PSH, window and checksum. */
static bool
same_headers(const uint8_t *a, const uint8_t *b, size_t header)
{
	return memcmp(a, b, IP6_LENGTH) == 0 && a[7] == b[7] &&
	       memcmp(a + TCP_ACK, b + TCP_ACK, 5) == 0 &&
	       memcmp(a + TCP_URGENT, b + TCP_URGENT, header - TCP_URGENT) == 0;
}

static bool
follows(const struct v6d_coalesce *c, const struct v6d_coalesce_group *g,
    const struct v6d_coalesce_packet *added)
{
	const struct v6d_coalesce_packet *first = &c->packet[g->first];
	size_t data = added->len - added->header;

	return added->header > 0 && added->header == first->header &&
	       v6d_be32(added->p + TCP_SEQ) == g->next_seq &&
	       data <= first->len - first->header &&
	       g->n < V6D_COALESCE_PIECES &&
	       added->header - IP6_HEADER + g->data + data <= UINT16_MAX &&
	       same_headers(first->p, added->p, added->header);
}

static void
append(struct v6d_coalesce *c, struct v6d_coalesce_group *g, unsigned at)
{
	const struct v6d_coalesce_packet *first = &c->packet[g->first];
	const struct v6d_coalesce_packet *added = &c->packet[at];
	size_t data = added->len - added->header;

	if (at != g->first)
		c->packet[g->last].next = at;
	g->last = at;
	g->n++;
	g->data += data;
	g->next_seq = v6d_be32(added->p + TCP_SEQ) + (uint32_t)data;
	/* A short one is a last one; a push is not held back. */
	g->open = data == first->len - first->header &&
		  !(added->p[TCP_FLAGS] & V6D_TCP_PSH);
}

/*
 * The open group that a TCP packet continues, or NULL. Another packet of the
 * same connection closes it, so that order is kept; so does too many newer
 * ones, as it would not be found any more.
 */
static struct v6d_coalesce_group *
find(struct v6d_coalesce *c, const struct v6d_coalesce_packet *added)
{
	unsigned looked = 0;

	for (unsigned i = c->n_groups; i > 0 && looked <= LOOK_BACK; i--) {
		struct v6d_coalesce_group *g = &c->group[i - 1];

		if (!g->open)
			continue;
		if (++looked > LOOK_BACK) {
			g->open = false;
			return NULL;
		}
		if (!same_flow(c->packet[g->first].p, added->p))
			continue;
		if (follows(c, g, added))
			return g;
		g->open = false;
		return NULL;
	}
	return NULL;
}

void
v6d_coalesce_init(struct v6d_coalesce *c)
{
	c->n_packets = c->n_groups = 0;
}

bool
v6d_coalesce_add(struct v6d_coalesce *c, uint8_t *packet, size_t n)
{
	struct v6d_coalesce_group *g = NULL;
	struct v6d_coalesce_packet *added;
	unsigned at = c->n_packets;

	if (at == V6D_COALESCE_MAX)
		return false;
	c->n_packets++;
	added = &c->packet[at];
	*added =
	    (struct v6d_coalesce_packet){ packet, n, joinable(packet, n), 0 };
	if (is_tcp(packet, n))
		g = find(c, added);
	if (!g) {
		g = &c->group[c->n_groups++];
		*g = (struct v6d_coalesce_group){ .first = at, .last = at };
	}
	if (added->header > 0)
		append(c, g, at);
	else
		g->n = 1;
	return true;
}

/* The first packet's header, made that of the whole. */
static void
join_headers(const struct v6d_coalesce *c, const struct v6d_coalesce_group *g,
    struct v6d_vnet *how)
{
	const struct v6d_coalesce_packet *first = &c->packet[g->first];
	const uint8_t *last = c->packet[g->last].p;
	size_t tcp_len = first->header - TCP + g->data;
	uint8_t *p = first->p;

	put16(p + IP6_LENGTH, tcp_len);
	p[TCP_FLAGS] |= last[TCP_FLAGS];
	memcpy(p + TCP_WINDOW, last + TCP_WINDOW, 2);
	put16(p + TCP_CSUM, (uint16_t)~v6d_cksum_fold(pseudo(p, tcp_len)));
	*how = (struct v6d_vnet){ .needs_csum = true,
		.gso = V6D_VNET_TCP6,
		.header_len = (uint16_t)first->header,
		.gso_size = (uint16_t)(first->len - first->header),
		.csum_start = TCP,
		.csum_offset = TCP_CSUM - TCP };
}

void
v6d_coalesce_get(struct v6d_coalesce *c, unsigned i, struct v6d_joined *ret)
{
	const struct v6d_coalesce_group *g = &c->group[i];
	unsigned at = g->first;

	ret->how = (struct v6d_vnet){ 0 };
	ret->n = g->n;
	ret->piece[0].p = c->packet[at].p;
	ret->piece[0].len = c->packet[at].len;
	ret->n_pieces = 1;
	if (g->n == 1)
		return;
	join_headers(c, g, &ret->how);
	for (at = c->packet[at].next; at > 0; at = c->packet[at].next) {
		const struct v6d_coalesce_packet *k = &c->packet[at];

		ret->piece[ret->n_pieces].p = k->p + k->header;
		ret->piece[ret->n_pieces].len = k->len - k->header;
		ret->n_pieces++;
	}
}
