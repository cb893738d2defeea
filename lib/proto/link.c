/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link.c - link layers of captures (tcpdump.org/linktypes.html). */
#include "proto/link.h"

#include "proto/ppp.h"

enum {
	TYPE_IPV4 = 0x0800,
	TYPE_IPV6 = 0x86dd,
	TYPE_VLAN = 0x8100, /* IEEE 802.1Q */
	TYPE_PROVIDER_VLAN = 0x88a8, /* IEEE 802.1ad */
	TYPE_PPPOE_SESSION = 0x8864, /* RFC 2516 4 */

	ETHER_HEADER = 14,
	VLAN_TAGS = 4, /* at most looked behind */
	PPPOE_HEADER = 6,
	SLL_HEADER = 16,
	SLL2_HEADER = 20,
	SLL_OUTGOING = 4,
	CISCO_UNICAST = 0x0f, /* addresses of Cisco HDLC */
	CISCO_MULTICAST = 0x8f,

	FAMILY_IPV4 = 2,
	FAMILY_IPV6_LINUX = 10,
	FAMILY_IPV6_NETBSD = 24,
	FAMILY_IPV6_FREEBSD = 28,
	FAMILY_IPV6_MACOS = 30,
};

bool
v6d_link_known(uint32_t linktype)
{
	switch (linktype) {
	case V6D_LINK_NULL:
	case V6D_LINK_LOOP:
	case V6D_LINK_ETHERNET:
	case V6D_LINK_PPP:
	case V6D_LINK_PPP_HDLC:
	case V6D_LINK_PPP_ETHER:
	case V6D_LINK_RAW:
	case V6D_LINK_RAW_OLD:
	case V6D_LINK_RAW_OPENBSD:
	case V6D_LINK_LINUX_SLL:
	case V6D_LINK_LINUX_SLL2:
	case V6D_LINK_IPV4:
	case V6D_LINK_IPV6:
		return true;
	}
	return false;
}

/* The Ethernet type of what a PPP frame carries; other numbers stay. */
static void
read_ppp(struct v6d_wire *w, struct v6d_link *l)
{
	struct v6d_ppp p;

	v6d_ppp_decode(w, &p);
	l->ethertype = p.proto == V6D_PPP_IP     ? TYPE_IPV4
		       : p.proto == V6D_PPP_IPV6 ? TYPE_IPV6
						 : p.proto;
}

/* RFC 2516 4: a PPP frame behind six bytes, of which a length is the last. */
static void
read_pppoe(struct v6d_wire *w, struct v6d_link *l)
{
	const uint8_t *h = v6d_wire_take(w, PPPOE_HEADER);

	if (!h)
		return;
	if (h[0] != 0x11 || h[1] != 0) /* version 1, type 1, session data */
		v6d_wire_fail(w, V6D_WIRE_MALFORMED);
	read_ppp(w, l);
}

/* What stands behind VLAN tags, and behind PPPoE. */
static void
read_tags(struct v6d_wire *w, struct v6d_link *l)
{
	const uint8_t *h;

	for (unsigned i = 0;
	     i < VLAN_TAGS &&
	     (l->ethertype == TYPE_VLAN || l->ethertype == TYPE_PROVIDER_VLAN);
	     i++) {
		h = v6d_wire_take(w, 4);
		if (!h)
			return;
		l->ethertype = v6d_be16(h + 2);
	}
	if (l->ethertype == TYPE_PPPOE_SESSION)
		read_pppoe(w, l);
}

static void
read_ether(struct v6d_wire *w, struct v6d_link *l)
{
	const uint8_t *h = v6d_wire_take(w, ETHER_HEADER);

	if (!h)
		return;
	memcpy(l->dst, h, 6);
	memcpy(l->src, h + 6, 6);
	l->ethertype = v6d_be16(h + 12);
	read_tags(w, l);
}

static void
read_sll(struct v6d_wire *w, struct v6d_link *l)
{
	const uint8_t *h = v6d_wire_take(w, SLL_HEADER);

	if (!h)
		return;
	l->has_outgoing = true;
	l->outgoing = v6d_be16(h) == SLL_OUTGOING;
	l->ethertype = v6d_be16(h + 14);
	read_tags(w, l);
}

static void
read_sll2(struct v6d_wire *w, struct v6d_link *l)
{
	const uint8_t *h = v6d_wire_take(w, SLL2_HEADER);

	if (!h)
		return;
	l->has_outgoing = true;
	l->outgoing = h[10] == SLL_OUTGOING;
	l->ethertype = v6d_be16(h);
	read_tags(w, l);
}

/* Cisco HDLC has an Ethernet type where PPP has its protocol. */
static void
read_hdlc(struct v6d_wire *w, struct v6d_link *l)
{
	const uint8_t *h;

	if (v6d_wire_left(w) > 0 &&
	    (*w->p == CISCO_UNICAST || *w->p == CISCO_MULTICAST)) {
		h = v6d_wire_take(w, 4);
		l->ethertype = h ? v6d_be16(h + 2) : 0;
		return;
	}
	read_ppp(w, l);
}

/* A family number of the capturing machine, in its own byte order. */
static void
read_null(struct v6d_wire *w, struct v6d_link *l)
{
	uint32_t family = v6d_wire_be32(w);

	if (family > 0xffff)
		family >>= 24;
	switch (family) {
	case FAMILY_IPV4:
		l->ethertype = TYPE_IPV4;
		break;
	case FAMILY_IPV6_LINUX:
	case FAMILY_IPV6_NETBSD:
	case FAMILY_IPV6_FREEBSD:
	case FAMILY_IPV6_MACOS:
		l->ethertype = TYPE_IPV6;
		break;
	}
}

/* No link header: the version field tells. */
static void
read_raw(const struct v6d_wire *w, struct v6d_link *l)
{
	unsigned version = v6d_wire_left(w) > 0 ? *w->p >> 4 : 0;

	if (version == 4)
		l->ethertype = TYPE_IPV4;
	else if (version == 6)
		l->ethertype = TYPE_IPV6;
}

enum v6d_wire_err
v6d_link_decode(struct v6d_wire *w, uint32_t linktype, struct v6d_link *l)
{
	*l = (struct v6d_link){ 0 };
	switch (linktype) {
	case V6D_LINK_ETHERNET:
		read_ether(w, l);
		break;
	case V6D_LINK_LINUX_SLL:
		read_sll(w, l);
		break;
	case V6D_LINK_LINUX_SLL2:
		read_sll2(w, l);
		break;
	case V6D_LINK_PPP:
		read_ppp(w, l);
		break;
	case V6D_LINK_PPP_HDLC:
		read_hdlc(w, l);
		break;
	case V6D_LINK_PPP_ETHER:
		read_pppoe(w, l);
		break;
	case V6D_LINK_NULL:
	case V6D_LINK_LOOP:
		read_null(w, l);
		break;
	case V6D_LINK_RAW:
	case V6D_LINK_RAW_OLD:
	case V6D_LINK_RAW_OPENBSD:
		read_raw(w, l);
		break;
	case V6D_LINK_IPV4:
		l->ethertype = TYPE_IPV4;
		break;
	case V6D_LINK_IPV6:
		l->ethertype = TYPE_IPV6;
		break;
	default: /* a number from outside, not of ours */
		v6d_wire_fail(w, V6D_WIRE_MALFORMED);
		break;
	}
	return w->err;
}

void
v6d_ether_encode(struct v6d_out *o, const struct v6d_link *l)
{
	v6d_out_bytes(o, l->dst, sizeof(l->dst));
	v6d_out_bytes(o, l->src, sizeof(l->src));
	v6d_out_be16(o, l->ethertype);
}
