/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pcapfile.c - pcap files as they are written today, without copies. */
#include "io/pcapfile.h"

#include <errno.h>
#include <string.h>

#include "proto/link.h"

#define MICRO 0xa1b2c3d4u
#define NANO 0xa1b23c4du
#define RECORD 16 /* bytes before a packet */
#define SNAP_MAX 262144u /* bytes; more is taken for damage, as by libpcap */

static uint32_t
u32(bool swapped, const uint8_t *p)
{
	if (swapped)
		return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		       (uint32_t)p[2] << 8 | p[3];
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[1] << 8 | p[0];
}

bool
v6d_pcapfile_is(const uint8_t *p, size_t n, struct v6d_pcapfile *ret_file)
{
	struct v6d_pcapfile c = { .swapped = n > 0 && p[0] == 0xa1 };
	uint32_t magic, version;

	if (n < V6D_PCAPFILE_HEAD)
		return false;
	magic = u32(c.swapped, p);
	version = u32(c.swapped, p + 4);
	c.nano = magic == NANO;
	c.snaplen = u32(c.swapped, p + 16);
	if (c.snaplen == 0 || c.snaplen > INT32_MAX)
		c.snaplen = SNAP_MAX;
	c.linktype = u32(c.swapped, p + 20);
	if ((magic != MICRO && magic != NANO) ||
	    version != (c.swapped ? 0x00020004u : 0x00040002u) ||
	    !v6d_link_known(c.linktype))
		return false;
	*ret_file = c;
	return true;
}

/* What follows is less than a packet: is that the end, or damage? */
static int
ends(const struct v6d_window *w, char *message, size_t n)
{
	if (w->held)
		return -EAGAIN;
	if (w->no_memory)
		return -ENOMEM;
	if (ferror(w->f))
		snprintf(message, n, "its packing is damaged or cut");
	else if (v6d_window_left(w) > 0)
		snprintf(message, n, "it ends within a packet");
	else
		return 0;
	return -EBADMSG;
}

int
v6d_pcapfile_next(const struct v6d_pcapfile *c, struct v6d_window *w,
    struct v6d_captured *ret_p, char *message, size_t n)
{
	const uint8_t *p = v6d_window_see(w, RECORD);
	uint32_t len, wire, kept;

	if (!p)
		return ends(w, message, n);
	len = u32(c->swapped, p + 8);
	wire = u32(c->swapped, p + 12);
	if (len > SNAP_MAX) {
		snprintf(message, n,
		    "invalid packet capture length %u, bigger than maximum "
		    "of %u",
		    len, SNAP_MAX);
		return -EBADMSG;
	}
	p = v6d_window_see(w, RECORD + (size_t)len);
	if (!p)
		return ends(w, message, n);
	kept = len < c->snaplen ? len : c->snaplen;
	*ret_p = (struct v6d_captured){
		.bytes = p + RECORD,
		.caplen = kept,
		.wirelen = wire >= kept ? wire : kept,
		.linktype = c->linktype,
		.at = u32(c->swapped, p) * V6D_S(1) +
		      u32(c->swapped, p + 4) * (c->nano ? 1 : V6D_US(1)),
	};
	v6d_window_step(w, RECORD + (size_t)len);
	return 1;
}
