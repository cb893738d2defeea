/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_capture.c - pcap and pcapng files, whole, odd and damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/wire.h"
#include "io/capture.h"

/* A file in the making, in either byte order. */
struct file {
	bool big;
	size_t n;
	uint8_t b[1024];
};

static void
put(struct file *f, uint64_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++) {
		unsigned shift = 8 * (f->big ? bytes - 1 - i : i);

		f->b[f->n++] = (uint8_t)(v >> shift);
	}
}

static void
block(struct file *f, uint32_t type, const struct file *body)
{
	uint32_t len = (uint32_t)body->n + 12;

	put(f, type, 4);
	put(f, len, 4);
	memcpy(f->b + f->n, body->b, body->n);
	f->n += body->n;
	put(f, len, 4);
}

static void
section(struct file *f)
{
	struct file body = { .big = f->big };

	put(&body, 0x1a2b3c4d, 4);
	put(&body, 1, 2);
	put(&body, 0, 2);
	put(&body, UINT64_MAX, 8);
	block(f, 0x0a0d0d0a, &body);
}

/* tsresol 0: no such option (microseconds). */
static void
interface(struct file *f, uint16_t linktype, uint32_t snap, uint8_t tsresol,
    int64_t offset_s)
{
	struct file body = { .big = f->big };

	put(&body, linktype, 2);
	put(&body, 0, 2);
	put(&body, snap, 4);
	if (tsresol) {
		put(&body, 9, 2);
		put(&body, 1, 2);
		body.b[body.n] = tsresol;
		body.n += 4;
	}
	if (offset_s) {
		put(&body, 14, 2);
		put(&body, 8, 2);
		put(&body, (uint64_t)offset_s, 8);
	}
	put(&body, 0, 4);
	block(f, 1, &body);
}

static void
packet(struct file *f, uint32_t iface, uint64_t units, uint32_t wire)
{
	struct file body = { .big = f->big };

	put(&body, iface, 4);
	put(&body, units >> 32, 4);
	put(&body, units, 4);
	put(&body, 5, 4);
	put(&body, wire, 4);
	memcpy(body.b + body.n, "hello\0\0\0", 8);
	body.n += 8;
	block(f, 6, &body);
}

static void
simple(struct file *f, uint32_t wire)
{
	struct file body = { .big = f->big };

	put(&body, wire, 4);
	memcpy(body.b + body.n, "simple\0\0", 8);
	body.n += 8;
	block(f, 3, &body);
}

/* ---- reading back ---- */

struct got {
	int opened, last; /* what open and the last next returned */
	unsigned n;
	struct v6d_captured p[8];
	uint8_t first[8]; /* byte of each packet */
	char message[V6D_CAPTURE_MESSAGE];
};

static void
write_file(const char *path, const uint8_t *p, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void
read_back(const uint8_t *p, size_t n, struct got *g)
{
	char path[] = "/tmp/v6d-test-capture-XXXXXX";
	struct v6d_capture *c = NULL;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	write_file(path, p, n);
	memset(g, 0, sizeof(*g));
	g->opened = v6d_capture_open(path, &c, g->message, sizeof(g->message));
	unlink(path);
	if (g->opened)
		return;
	while (g->n < 8 && (g->last = v6d_capture_next(c, &g->p[g->n],
				g->message, sizeof(g->message))) > 0) {
		g->first[g->n] = g->p[g->n].bytes[0];
		g->n++;
	}
	v6d_capture_close(c);
}

/* Two interfaces of different kind and clock, two sections, both orders. */
static struct file
sample(bool big)
{
	struct file f = { .big = big };

	section(&f);
	interface(&f, 1, 65535, 0, 0);
	interface(&f, 101, 128, 9, 0);
	packet(&f, 0, 1700000000000001u, 5);
	packet(&f, 1, 1700000000000000002u, 500);
	section(&f);
	interface(&f, 113, 6, 0x80 | 10, 100); /* 1/1024 s */
	packet(&f, 0, 1024 + 512, 5);
	simple(&f, 900);
	return f;
}

static void
test_pcapng(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct file f = sample(big);
		struct got g;

		read_back(f.b, f.n, &g);
		assert_int_equal(g.opened, 0);
		assert_int_equal(g.last, 0);
		assert_int_equal(g.n, 4);
		assert_int_equal(g.p[0].linktype, 1);
		assert_int_equal(g.p[0].at, 1700000000000001000u);
		assert_int_equal(g.p[0].caplen, 5);
		assert_int_equal(g.p[1].linktype, 101);
		assert_int_equal(g.p[1].at, 1700000000000000002u);
		assert_int_equal(g.p[1].wirelen, 500);
		assert_int_equal(g.p[2].linktype, 113);
		assert_int_equal(g.p[2].at, V6D_S(101) + V6D_MS(500));
		assert_int_equal(g.p[3].caplen, 6);
		assert_int_equal(g.p[3].wirelen, 900);
		assert_int_equal(g.first[3], 's');
	}
}

/* Cut anywhere: what stood before is read, and the damage is told. */
static void
test_cut(void **state)
{
	struct file f = sample(false);

	(void)state;
	for (size_t n = 0; n < f.n; n++) {
		struct got g;

		read_back(f.b, n, &g);
		if (g.opened) {
			assert_int_equal(g.opened, -EBADMSG);
			assert_true(g.message[0] != '\0');
		} else {
			assert_true(g.last == 0 || g.last == -EBADMSG);
			assert_true(g.last == 0 || g.message[0] != '\0');
		}
	}
}

/* Every byte changed to the worst: an error or not, but no more than that. */
static void
test_changed(void **state)
{
	struct file f = sample(false);

	(void)state;
	for (size_t at = 0; at < f.n; at++) {
		static const uint8_t to[] = { 0, 0xff, 0x7f };

		for (size_t k = 0; k < sizeof(to); k++) {
			struct file g = f;
			struct got r;

			g.b[at] = to[k];
			read_back(g.b, g.n, &r);
			for (unsigned i = 0; i < r.n; i++)
				assert_true(r.p[i].caplen <= r.p[i].wirelen);
		}
	}
}

static void
test_pcap_ns(void **state)
{
	struct file f = { 0 };
	struct got g;

	(void)state;
	put(&f, 0xa1b23c4d, 4); /* nanoseconds */
	put(&f, 2, 2);
	put(&f, 4, 2);
	put(&f, 0, 8);
	put(&f, 65535, 4);
	put(&f, 1, 4);
	put(&f, 7, 4);
	put(&f, 123456789, 4);
	put(&f, 2, 4);
	put(&f, 60, 4);
	put(&f, 0x4241, 2);
	read_back(f.b, f.n, &g);
	assert_int_equal(g.opened, 0);
	assert_int_equal(g.n, 1);
	assert_int_equal(g.p[0].at, V6D_S(7) + 123456789);
	assert_int_equal(g.p[0].wirelen, 60);
	read_back(f.b, f.n - 1, &g);
	assert_int_equal(g.n, 0);
	assert_int_equal(g.last, -EBADMSG);
	assert_non_null(strstr(g.message, "after packet 0"));
}

/* An old-fashioned file with four packets in one of the two orders. */
static struct file
classic(bool big, uint32_t snap)
{
	struct file f = { .big = big };

	put(&f, 0xa1b2c3d4, 4);
	put(&f, 2, 2);
	put(&f, 4, 2);
	put(&f, 0, 8);
	put(&f, snap, 4);
	put(&f, 1, 4);
	for (unsigned i = 0; i < 4; i++) {
		put(&f, 4000000000u + i, 4); /* after 2038 */
		put(&f, i, 4);
		put(&f, i + 1, 4);
		put(&f, 60, 4);
		for (unsigned k = 0; k <= i; k++)
			put(&f, 'a' + i, 1);
	}
	return f;
}

static void
test_pcap(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct file f = classic(big, 3);
		struct got g;

		read_back(f.b, f.n, &g);
		assert_int_equal(g.opened, 0);
		assert_int_equal(g.last, 0);
		assert_int_equal(g.n, 4);
		assert_int_equal(g.p[2].at, V6D_S(4000000002) + V6D_US(2));
		assert_int_equal(g.p[2].caplen, 3);
		assert_int_equal(g.p[3].caplen, 3); /* by the snap length */
		assert_int_equal(g.p[3].wirelen, 60);
		assert_int_equal(g.first[3], 'd');
	}
}

/* Everything that next says is what some says, damage and its place too. */
static void
same_by_rows(const uint8_t *p, size_t n)
{
	char message[V6D_CAPTURE_MESSAGE];
	struct v6d_captured row[3];
	struct v6d_capture *c = NULL;
	struct got g;
	unsigned at = 0;
	int r = 0;
	FILE *f = fmemopen((void *)(uintptr_t)p, n, "rb");

	assert_non_null(f);
	read_back(p, n, &g);
	assert_int_equal(
	    v6d_capture_of(f, &c, message, sizeof(message)), g.opened);
	while (!g.opened &&
	       (r = v6d_capture_some(c, row, 3, message, sizeof(message))) > 0)
		for (int i = 0; i < r; i++, at++) {
			assert_true(at < g.n);
			assert_int_equal(row[i].at, g.p[at].at);
			assert_int_equal(row[i].caplen, g.p[at].caplen);
			assert_int_equal(row[i].bytes[0], g.first[at]);
		}
	assert_int_equal(r, g.last);
	assert_int_equal(at, g.n);
	if (g.opened || r < 0)
		assert_string_equal(message, g.message);
	v6d_capture_close(c);
}

static void
test_rows(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct file pcap = classic(big, 65535), ng = sample(big);
		struct file bad = ng;

		for (size_t n = 1; n <= pcap.n; n++)
			same_by_rows(pcap.b, n);
		for (size_t n = 1; n <= ng.n; n++)
			same_by_rows(ng.b, n);
		packet(&bad, 7, 0, 5); /* an interface that is not there */
		packet(&bad, 0, 0, 5);
		same_by_rows(bad.b, bad.n);
	}
}

static void
test_cannot_open(void **state)
{
	struct v6d_capture *c = NULL;
	char why[V6D_CAPTURE_MESSAGE];

	(void)state;
	assert_int_equal(
	    v6d_capture_open("/nonexistent/x", &c, why, sizeof(why)), -ENOENT);
	assert_string_equal(why, "");
	assert_int_equal(v6d_capture_open("/", &c, why, sizeof(why)), -EISDIR);
	assert_null(c);
	v6d_capture_close(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pcapng),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_pcap_ns),
		cmocka_unit_test(test_pcap),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_cannot_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
