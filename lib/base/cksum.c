/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cksum.c - the Internet checksum (RFC 1071). */
#include "base/cksum.h"

#include <string.h>

/*
 * The sum does not depend on byte order but for a final swap (RFC 1071 2 B),
 * so words are added as the machine reads them.
 */
uint32_t
v6d_cksum_add(uint32_t sum, const uint8_t *p, size_t n)
{
	uint64_t acc = 0, more = 0, words[4];
	uint32_t word;
	uint16_t half;
	uint8_t b[2];

	for (; n >= sizeof(words); p += sizeof(words), n -= sizeof(words)) {
		memcpy(words, p, sizeof(words));
		acc += (words[0] & 0xffffffffu) + (words[0] >> 32);
		acc += (words[1] & 0xffffffffu) + (words[1] >> 32);
		more += (words[2] & 0xffffffffu) + (words[2] >> 32);
		more += (words[3] & 0xffffffffu) + (words[3] >> 32);
	}
	acc += more;
	for (; n >= sizeof(word); p += sizeof(word), n -= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		acc += word;
	}
	if (n > 0) {
		word = 0;
		memcpy(&word, p, n);
		acc += word;
	}
	acc = (acc & 0xffffffffu) + (acc >> 32);
	acc = (acc & 0xffffu) + (acc >> 16 & 0xffffu) + (acc >> 32);
	acc = (acc & 0xffffu) + (acc >> 16);
	acc = (acc & 0xffffu) + (acc >> 16);
	half = (uint16_t)acc;
	memcpy(b, &half, sizeof(b));
	sum = (sum & 0xffffu) + (sum >> 16);
	return sum + ((uint32_t)b[0] << 8 | b[1]);
}

uint32_t
v6d_cksum_pseudo(uint32_t sum, const struct v6d_addr *src,
    const struct v6d_addr *dst, uint8_t proto, uint32_t len)
{
	size_t n = src->family == 4 ? 4 : 16;

	sum = v6d_cksum_add(sum, src->b, n);
	sum = v6d_cksum_add(sum, dst->b, n);
	return sum + proto + (len >> 16) + (len & 0xffffu);
}

uint16_t
v6d_cksum_fold(uint32_t sum)
{
	sum = (sum & 0xffffu) + (sum >> 16);
	sum = (sum & 0xffffu) + (sum >> 16);
	return (uint16_t)~sum;
}
