/* SPDX-License-Identifier: GPL-2.0-or-later */
/* file.c - a report in pcapng (draft-ietf-opsawg-pcapng 4.1, 4.2, 4.3). */
#include "trace/file.h"

#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/lang.h"
#include "proto/link.h"

#define BLOCK_SECTION 0x0a0d0d0au
#define BLOCK_INTERFACE 1
#define BLOCK_PACKET 6
#define ORDER 0x1a2b3c4du
#define OPT_END 0
#define OPT_COMMENT 1
#define OPT_USERAPPL 4
#define OPT_TSRESOL 9
#define FIRST_OPTION 24 /* in the file: behind the section's fixed part */
#define CHUNK 16000 /* bytes of text in one comment, of 65,535 at most */
#define SUM_DIGITS 16

/* A comment of ours: this, its number, the text's sum, a newline, text. */
#define MARK "v6doctor-report "
#define MARK_HEADER 48 /* room for all of that */

/* ---- bytes that grow ---- */

static void
put(struct v6d_trace_bytes *b, const void *p, size_t n)
{
	size_t cap = b->cap ? b->cap : 4096;
	uint8_t *more;

	while (cap - b->n < n)
		cap *= 2;
	if (cap != b->cap && !b->failed) {
		more = realloc(b->p, cap);
		b->failed = more == NULL;
		if (more) {
			b->p = more;
			b->cap = cap;
		}
	}
	if (b->failed || n == 0)
		return;
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

static void
put16(struct v6d_trace_bytes *b, uint16_t v)
{
	const uint8_t p[2] = { (uint8_t)v, (uint8_t)(v >> 8) };

	put(b, p, sizeof(p));
}

static void
put32(struct v6d_trace_bytes *b, uint32_t v)
{
	put16(b, (uint16_t)v);
	put16(b, (uint16_t)(v >> 16));
}

static void
pad(struct v6d_trace_bytes *b)
{
	static const uint8_t zero[4];

	put(b, zero, (4 - b->n % 4) % 4);
}

static void
put_option(struct v6d_trace_bytes *b, uint16_t code, const void *p, size_t n)
{
	put16(b, code);
	put16(b, (uint16_t)n);
	put(b, p, n);
	pad(b);
}

/* Type and room for the length; returns where the block begins. */
static size_t
begin(struct v6d_trace_bytes *b, uint32_t type)
{
	size_t start = b->n;

	put32(b, type);
	put32(b, 0);
	return start;
}

static void
finish(struct v6d_trace_bytes *b, size_t start)
{
	uint32_t n = (uint32_t)(b->n - start + 4);

	put32(b, n);
	if (b->failed)
		return;
	for (int i = 0; i < 4; i++)
		b->p[start + 4 + (size_t)i] = (uint8_t)(n >> 8 * i);
}

/* ---- the sum of a comment ---- */

static void
sum_of(const uint8_t *p, size_t n, char ret[SUM_DIGITS + 1])
{
	struct sha256_ctx c;
	uint8_t d[SUM_DIGITS / 2];

	sha256_init(&c);
	sha256_update(&c, n, p);
	sha256_digest(&c, sizeof(d), d);
	for (size_t i = 0; i < sizeof(d); i++)
		snprintf(ret + 2 * i, 3, "%02x", d[i]);
}

/* ---- writing ---- */

/* How much of the text goes into one comment: whole lines, if they fit. */
static size_t
chunk_of(const char *text, size_t n)
{
	size_t k = CHUNK;

	if (n <= CHUNK)
		return n;
	while (k > 0 && text[k - 1] != '\n')
		k--;
	return k > 0 ? k : CHUNK;
}

static void
comments(struct v6d_trace_bytes *b, const char *text, size_t n)
{
	char comment[MARK_HEADER + CHUNK], sum[SUM_DIGITS + 1];
	unsigned number = 0;

	while (n > 0) {
		size_t k = chunk_of(text, n);
		int head;

		sum_of((const uint8_t *)text, k, sum);
		head = snprintf(
		    comment, MARK_HEADER, MARK "%u %s\n", ++number, sum);
		memcpy(comment + head, text, k);
		put_option(b, OPT_COMMENT, comment, (size_t)head + k);
		text += k;
		n -= k;
	}
}

static void
section(
    struct v6d_trace_bytes *b, const char *text, size_t n, const char *program)
{
	size_t start = begin(b, BLOCK_SECTION);

	put32(b, ORDER);
	put16(b, 1); /* version 1.0 */
	put16(b, 0);
	put32(b, UINT32_MAX); /* the section's length is not said */
	put32(b, UINT32_MAX);
	comments(b, text, n);
	put_option(b, OPT_USERAPPL, program, strlen(program));
	put_option(b, OPT_END, NULL, 0);
	finish(b, start);
}

static void
interface(struct v6d_trace_bytes *b)
{
	static const uint8_t nanoseconds = 9;
	size_t start = begin(b, BLOCK_INTERFACE);

	put16(b, V6D_LINK_IPV4);
	put16(b, 0);
	put32(b, 0); /* no snap length */
	put_option(b, OPT_TSRESOL, &nanoseconds, 1);
	put_option(b, OPT_END, NULL, 0);
	finish(b, start);
}

static void
packet(struct v6d_trace_bytes *b, const struct v6d_packet *p, v6d_ns epoch)
{
	size_t start = begin(b, BLOCK_PACKET);
	uint64_t at = p->at + epoch;

	put32(b, 0); /* the interface */
	put32(b, (uint32_t)(at >> 32));
	put32(b, (uint32_t)at);
	put32(b, p->len);
	put32(b, p->wire_len);
	put(b, p->bytes, p->len);
	pad(b);
	finish(b, start);
}

bool
v6d_trace_file_write(const char *text, size_t n, const char *program,
    const struct v6d_packets *packets, v6d_ns epoch,
    struct v6d_trace_bytes *ret)
{
	section(ret, text, n, program);
	interface(ret);
	for (size_t i = 0; packets && i < packets->n; i++)
		packet(ret, &packets->packet[i], epoch);
	return !ret->failed;
}

/* ---- reading ---- */

struct reader {
	const uint8_t *p;
	size_t n;
	bool swapped;
	struct v6d_trace_bytes text;
	unsigned comments;
	char *message;
	size_t n_message;
};

static uint32_t
get32(const struct reader *r, size_t at)
{
	const uint8_t *p = r->p + at;

	if (r->swapped)
		return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		       (uint32_t)p[2] << 8 | p[3];
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[1] << 8 | p[0];
}

static uint16_t
get16(const struct reader *r, size_t at)
{
	const uint8_t *p = r->p + at;

	return (uint16_t)(r->swapped ? p[0] << 8 | p[1] : p[1] << 8 | p[0]);
}

static void
damage(struct reader *r, const char *what)
{
	if (r->message[0] == '\0')
		snprintf(r->message, r->n_message, "%s", what);
}

/* The length of the header of a comment of ours, 0: it is another's. */
static size_t
header_of(
    const uint8_t *p, size_t n, unsigned *ret_number, const uint8_t **ret_sum)
{
	size_t at = strlen(MARK);
	unsigned number = 0;

	if (n < at || memcmp(p, MARK, at) != 0)
		return 0;
	while (at < n && at < MARK_HEADER && p[at] >= '0' && p[at] <= '9')
		number = number * 10 + (unsigned)(p[at++] - '0');
	if (at + 1 + SUM_DIGITS + 1 > n || p[at] != ' ' ||
	    p[at + 1 + SUM_DIGITS] != '\n')
		return 0;
	*ret_number = number;
	*ret_sum = p + at + 1;
	return at + 1 + SUM_DIGITS + 1;
}

/* A comment of which `have` bytes of n are there. False: nothing follows. */
static bool
take_comment(struct reader *r, const uint8_t *p, size_t n, size_t have)
{
	unsigned number = 0;
	const uint8_t *sum = NULL;
	size_t head = header_of(p, have, &number, &sum);
	char is[SUM_DIGITS + 1];

	if (head == 0)
		return have == n;
	if (number != r->comments + 1) {
		damage(r, N_("a part of the report is missing"));
		return false;
	}
	if (have == n) {
		sum_of(p + head, n - head, is);
		if (memcmp(is, sum, SUM_DIGITS) != 0) {
			damage(r, N_("a part of the report was changed"));
			return false;
		}
	}
	r->comments++;
	put(&r->text, p + head, have - head);
	return have == n;
}

/* The section's options, as far as the file goes. */
static void
options(struct reader *r, size_t end)
{
	size_t at = FIRST_OPTION, stop = end < r->n ? end : r->n;

	while (at + 4 <= stop) {
		uint16_t code = get16(r, at), len = get16(r, at + 2);
		size_t left = stop - at - 4, have = len < left ? len : left;

		if (code == OPT_END)
			return;
		if (code == OPT_COMMENT &&
		    !take_comment(r, r->p + at + 4, len, have))
			break;
		at += 4 + (((size_t)len + 3) & ~(size_t)3);
	}
	damage(r, N_("it ends within the report"));
}

/* The other blocks hold together: no packet was lost. */
static void
blocks(struct reader *r, size_t at)
{
	while (at < r->n) {
		size_t len = r->n - at < 12 ? 0 : get32(r, at + 4);

		if (len < 12 || len % 4 || len > r->n - at ||
		    get32(r, at + len - 4) != len) {
			damage(r, N_("its packets are damaged or cut; the "
				     "diagnosis does not need them"));
			return;
		}
		at += len;
	}
}

bool
v6d_trace_file_is(const uint8_t *p, size_t n)
{
	static const uint8_t section[4] = { 0x0a, 0x0d, 0x0d, 0x0a };
	size_t mark = strlen(MARK);

	return n >= FIRST_OPTION + 4 + mark &&
	       memcmp(p, section, sizeof(section)) == 0 &&
	       memcmp(p + FIRST_OPTION + 4, MARK, mark) == 0;
}

char *
v6d_trace_file_read(const uint8_t *p, size_t n, size_t *ret_len, char *message,
    size_t n_message)
{
	struct reader r = {
		.p = p, .n = n, .message = message, .n_message = n_message
	};
	size_t end;

	message[0] = '\0';
	if (!v6d_trace_file_is(p, n))
		return NULL;
	r.swapped = p[8] == 0x1a; /* the byte-order magic */
	end = get32(&r, 4);
	if (end > n)
		end = n;
	options(&r, end);
	if (message[0] == '\0')
		blocks(&r, end);
	put(&r.text, "", 1);
	if (r.text.failed) {
		free(r.text.p);
		return NULL;
	}
	*ret_len = r.text.n - 1;
	return (char *)r.text.p;
}
