/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netblock.c - well-known IPv6 blocks that look global and are not. */
#include "base/netblock.h"

#include "base/wire.h"

/* The FLET'S lines of NTT's two companies, as their holders number them. */
static const struct {
	uint8_t b[4];
	uint8_t len;
	const char *name;
} closed[] = {
	{ { 0x20, 0x01, 0x0c, 0x90 }, 32, "NTT East, FLET'S.Net" },
	{ { 0x24, 0x04, 0x01, 0xa8 }, 32, "NTT East NGN" },
	{ { 0x24, 0x08, 0x00, 0x00 }, 22, "NTT East NGN" },
	{ { 0x20, 0x01, 0x0d, 0x70 }, 30, "NTT West" },
	{ { 0x20, 0x01, 0xa0, 0x00 }, 21, "NTT West NGN" },
};

/* Which of them it is in; their number: in none. */
static size_t
find(const struct v6d_addr *a)
{
	size_t i;

	for (i = 0; i < V6D_ARRAY_LEN(closed); i++) {
		struct v6d_prefix p = { .addr.family = 6,
			.len = closed[i].len };

		for (size_t j = 0; j < sizeof(closed[i].b); j++)
			p.addr.b[j] = closed[i].b[j];
		if (v6d_prefix_has(&p, a))
			break;
	}
	return i;
}

const char *
v6d_netblock_closed(const struct v6d_addr *a)
{
	size_t i = find(a);

	return i < V6D_ARRAY_LEN(closed) ? closed[i].name : NULL;
}

uint8_t
v6d_netblock_closed_bits(const struct v6d_addr *a)
{
	size_t i = find(a);

	return i < V6D_ARRAY_LEN(closed) ? closed[i].len : 0;
}
