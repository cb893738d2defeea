/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ip.c - an IP packet of either version, by its version field. */
#include "proto/ip.h"

enum v6d_wire_err
v6d_ip_decode(
    struct v6d_wire *w, struct v6d_ip *ip, struct v6d_wire *ret_payload)
{
	unsigned version = v6d_wire_left(w) > 0 ? w->p[0] >> 4 : 0;

	if (version == 4)
		return v6d_ip4_decode(w, ip, ret_payload);
	if (version == 6)
		return v6d_ip6_decode(w, ip, ret_payload);
	*ip = (struct v6d_ip){ 0 };
	if (v6d_wire_left(w) > 0)
		v6d_wire_fail(w, V6D_WIRE_MALFORMED);
	else
		v6d_wire_take(w, 1); /* fails, and knows whether it was cut */
	*ret_payload = v6d_wire_none(w);
	return w->err;
}
