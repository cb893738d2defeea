/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_offload.c - packets cut and joined: whatever header comes with
 * whatever packet, no byte is lost or made up; and what was joined can be cut
 * into the very packets that it was.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cksum.h"
#include "proto/coalesce.h"
#include "proto/segment.h"

#define ROOM 2048
#define BIG (65535 + 100)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool true_)
{
	if (!true_)
		abort();
}

static void
cut(struct v6d_wire w)
{
	static uint8_t out[BIG];
	size_t n, got, sum = 0;
	struct v6d_segment s;
	struct v6d_vnet how;
	const uint8_t *p;

	if (v6d_vnet_decode(&w, &how) != V6D_WIRE_OK)
		return;
	p = v6d_wire_rest(&w, &n);
	if (!v6d_segment_start(&s, &how, p, n))
		return;
	while ((got = v6d_segment_next(&s, out, sizeof(out))) > 0) {
		must(got >= s.header && got <= n);
		must(how.gso == V6D_VNET_WHOLE ||
		     got - s.header <= how.gso_size);
		if (how.gso != V6D_VNET_WHOLE) /* the data, as they were */
			must(memcmp(out + s.header, p + s.header + sum,
				 got - s.header) == 0);
		else if (!how.needs_csum)
			must(memcmp(out, p, got) == 0);
		sum += got - s.header;
	}
	must(s.over && sum == n - s.header);
}

static uint8_t pool[V6D_COALESCE_MAX][ROOM], copy[V6D_COALESCE_MAX][ROOM];
static size_t len[V6D_COALESCE_MAX];

/*
 * TCP packets of a few connections, most of them in order; a few bytes
 * changed behind their checksum, so that all ways out are taken.
 */
static size_t
make(struct v6d_wire *w, unsigned i, uint32_t next[4])
{
	uint8_t kind = v6d_wire_u8(w), *p = pool[i];
	size_t n = v6d_wire_u8(w) * 4u + (kind & 3), tcp = n + 20;
	unsigned flow = kind >> 2 & 3;
	uint32_t seq = next[flow] + (kind >> 6 == 1 ? v6d_wire_u8(w) : 0), sum;
	uint16_t csum;

	memset(p, 0, 60);
	p[0] = 0x60;
	p[4] = (uint8_t)(tcp >> 8);
	p[5] = (uint8_t)tcp;
	p[6] = 6;
	p[7] = 64;
	p[23] = (uint8_t)flow;
	p[44] = (uint8_t)(seq >> 24);
	p[45] = (uint8_t)(seq >> 16);
	p[46] = (uint8_t)(seq >> 8);
	p[47] = (uint8_t)seq;
	p[52] = 0x50;
	p[53] = kind & 0x10 ? 0x18 : 0x10;
	memset(p + 60, kind, n);
	if (kind & 0x20) { /* anything, anywhere */
		uint8_t at = v6d_wire_u8(w) % 60;

		p[at] = v6d_wire_u8(w);
	}
	sum = v6d_cksum_add(0, p + 8, 32) + 6 + (uint32_t)tcp;
	csum = v6d_cksum_fold(v6d_cksum_add(sum, p + 40, tcp));
	p[56] = (uint8_t)(csum >> 8);
	p[57] = (uint8_t)csum;
	if (kind >> 6 == 3)
		p[v6d_wire_u8(w)] ^= v6d_wire_u8(w);
	next[flow] = seq + (uint32_t)n;
	return 60 + n;
}

/* The window and the push of a run are the last one's. */
static void
assert_same(const uint8_t *got, const uint8_t *want, size_t n)
{
	must(memcmp(got, want, 53) == 0);
	must(((got[53] ^ want[53]) & ~8u) == 0);
	must(memcmp(got + 58, want + 58, n - 58) == 0);
}

static void
check_group(struct v6d_coalesce *c, unsigned g)
{
	static uint8_t buf[BIG], out[ROOM];
	unsigned at = c->group[g].first;
	struct v6d_segment s;
	struct v6d_joined j;
	size_t n = 0, got;

	v6d_coalesce_get(c, g, &j);
	must(j.n == j.n_pieces && j.n >= 1);
	for (unsigned i = 0; i < j.n_pieces; i++) {
		must(n + j.piece[i].len <= sizeof(buf));
		memcpy(buf + n, j.piece[i].p, j.piece[i].len);
		n += j.piece[i].len;
	}
	if (j.n == 1) {
		must(n == len[at] && memcmp(buf, copy[at], n) == 0);
		return;
	}
	must(v6d_segment_start(&s, &j.how, buf, n));
	for (unsigned i = 0; i < j.n; i++) {
		got = v6d_segment_next(&s, out, sizeof(out));
		must(got == len[at]);
		assert_same(out, copy[at], got);
		at = c->packet[at].next;
	}
	must(s.over && at == 0);
}

static void
join(struct v6d_wire w)
{
	static struct v6d_coalesce c;
	uint32_t next[4] = { 0, 0xfffffff0, 7, 8 };
	unsigned n = 0, in_groups = 0;

	v6d_coalesce_init(&c);
	while (n < V6D_COALESCE_MAX && v6d_wire_left(&w) > 1) {
		len[n] = make(&w, n, next);
		memcpy(copy[n], pool[n], len[n]);
		must(v6d_coalesce_add(&c, pool[n], len[n]));
		n++;
	}
	for (unsigned g = 0; g < c.n_groups; g++) {
		in_groups += c.group[g].n;
		check_group(&c, g);
	}
	must(in_groups == n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	if (data[0] & 1)
		join(v6d_wire_from(data + 1, size - 1, size - 1));
	else
		cut(v6d_wire_from(data + 1, size - 1, size - 1));
	return 0;
}
