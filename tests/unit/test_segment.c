/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_segment.c - TCP and UDP data of many packets cut into packets. */
#include "offload_help.h"

static uint8_t big[BIG + 100], out[BIG + 100];

/*
 * Takes a finished packet back to what a kernel hands over: the checksum
 * field holds the pseudo-header's sum, for the length of the whole.
 */
static struct v6d_vnet
unfinish(uint8_t *p, size_t n, size_t start, size_t offset, uint8_t gso,
    uint16_t size)
{
	struct v6d_ip ip =
	    ip_of(offset == 16 ? V6D_IPPROTO_TCP : V6D_IPPROTO_UDP);
	uint16_t sum = (uint16_t)~v6d_cksum_fold(v6d_cksum_pseudo(
	    0, &ip.src, &ip.dst, ip.proto, (uint32_t)(n - start)));

	p[start + offset] = (uint8_t)(sum >> 8);
	p[start + offset + 1] = (uint8_t)sum;
	return (struct v6d_vnet){ .needs_csum = true,
		.gso = gso,
		.gso_size = size,
		.csum_start = (uint16_t)start,
		.csum_offset = (uint16_t)offset };
}

/* Every segment of a TCP packet with n bytes of data, in pieces of `size`. */
static void
cut_tcp(size_t n, uint16_t size, uint8_t flags, uint32_t first)
{
	struct v6d_tcp t = tcp_of(1), got;
	struct v6d_segment s;
	struct v6d_vnet how;
	struct v6d_ip ip;
	struct v6d_wire w;
	size_t len, whole, at = 0;

	t.flags = flags;
	whole = tcp_packet(big, sizeof(big), t, first, 0, n);
	how = unfinish(big, whole, 40, 16, V6D_VNET_TCP6, size);
	how.ecn = true;
	assert_true(v6d_segment_start(&s, &how, big, whole));
	while ((len = v6d_segment_next(&s, out, sizeof(out))) > 0) {
		size_t data = n - at < size ? n - at : size;
		bool last = at + data == n;

		assert_int_equal(len, 72 + data);
		assert_finished(out, len, &ip, &w);
		assert_int_equal(v6d_tcp_decode(&w, &got), V6D_WIRE_OK);
		assert_int_equal(got.seq, first + (uint32_t)at);
		assert_int_equal(got.ack, t.ack);
		assert_int_equal(got.window, t.window);
		assert_int_equal(got.tsval, t.tsval);
		assert_int_equal(got.flags & 0x09, last ? flags & 0x09 : 0);
		assert_int_equal(got.flags & 0x80, at == 0 ? flags & 0x80 : 0);
		assert_int_equal(got.flags & 0x76, flags & 0x76);
		assert_int_equal(v6d_wire_left(&w), data);
		for (size_t i = 0; i < data; i++)
			assert_int_equal(w.p[i], data_byte(at + i));
		at += data;
		if (last)
			break;
	}
	assert_int_equal(at, n);
	assert_true(s.over);
	assert_int_equal(v6d_segment_next(&s, out, sizeof(out)), 0);
}

static void
test_tcp(void **state)
{
	static const size_t n[] = { 1, 2, 1371, 1372, 1373, 2744, 2745, 40001,
		65400 };

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(n); i++) {
		cut_tcp(n[i], 1372, V6D_TCP_ACK, 1);
		cut_tcp(n[i], 1372, V6D_TCP_ACK | V6D_TCP_PSH, 0xfffffff0);
		cut_tcp(n[i], 1371, 0xc0 | V6D_TCP_ACK | V6D_TCP_FIN, 7);
	}
	for (uint16_t size = 1; size < 40; size++)
		cut_tcp(100, size, V6D_TCP_ACK | V6D_TCP_PSH, 0);
}

/* No data at all: the packet itself. */
static void
test_tcp_without_data(void **state)
{
	size_t whole = tcp_packet(big, sizeof(big), tcp_of(1), 5, 0, 0);
	struct v6d_vnet how = unfinish(big, whole, 40, 16, V6D_VNET_TCP6, 1000);
	struct v6d_segment s;
	struct v6d_ip ip;
	struct v6d_wire w;

	(void)state;
	assert_true(v6d_segment_start(&s, &how, big, whole));
	assert_int_equal(v6d_segment_next(&s, out, sizeof(out)), whole);
	assert_finished(out, whole, &ip, &w);
	assert_int_equal(v6d_segment_next(&s, out, sizeof(out)), 0);
}

static void
test_udp(void **state)
{
	struct v6d_ip ip = ip_of(V6D_IPPROTO_UDP);
	struct v6d_udp u = { .sport = 5, .dport = 6 }, got;
	struct v6d_out o = v6d_out_to(big, sizeof(big));
	static uint8_t data[2500];
	struct v6d_segment s;
	struct v6d_vnet how;
	struct v6d_wire w, d;
	size_t len, at = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = data_byte(i);
	v6d_ip6_encode(&o, &ip, 8 + sizeof(data));
	v6d_udp_encode(&o, &u, &ip, data, sizeof(data));
	how = unfinish(big, o.len, 40, 6, V6D_VNET_UDP, 1200);
	assert_true(v6d_segment_start(&s, &how, big, o.len));
	while ((len = v6d_segment_next(&s, out, sizeof(out))) > 0) {
		assert_finished(out, len, &ip, &w);
		assert_int_equal(v6d_udp_decode(&w, &got, &d), V6D_WIRE_OK);
		assert_int_equal(got.length, len - 40);
		assert_memory_equal(d.p, data + at, v6d_wire_left(&d));
		at += v6d_wire_left(&d);
	}
	assert_int_equal(at, sizeof(data));
}

/* A sum of zero is written as ffff: UDP's zero would say "none". */
static void
test_udp_sum_of_zero(void **state)
{
	struct v6d_ip ip = ip_of(V6D_IPPROTO_UDP);
	struct v6d_udp u = { .sport = 5, .dport = 6 };
	struct v6d_segment s;
	struct v6d_vnet how;
	uint8_t data[2] = { 0, 0 };
	bool seen = false;

	(void)state;
	for (unsigned i = 0; i < 65536; i++) {
		struct v6d_out o = v6d_out_to(big, sizeof(big));

		data[0] = (uint8_t)(i >> 8);
		data[1] = (uint8_t)i;
		v6d_ip6_encode(&o, &ip, 10);
		v6d_udp_encode(&o, &u, &ip, data, 2);
		how = unfinish(big, o.len, 40, 6, V6D_VNET_WHOLE, 0);
		assert_true(v6d_segment_start(&s, &how, big, o.len));
		assert_int_equal(v6d_segment_next(&s, out, 50), 50);
		assert_true(out[46] != 0 || out[47] != 0);
		seen |= out[46] == 0xff && out[47] == 0xff;
	}
	assert_true(seen);
}

/*
 * Behind extension headers: destination options and a routing header. The
 * kernel's sum is of the final destination, which is not the header's.
 */
static void
test_extension_headers(void **state)
{
	static const uint8_t ext[] = { 43, 0, 1, 4, 0, 0, 0, 0, /* options */
		6, 2, 0, 1, 0, 0, 0, 0, /* routing, to 2001:db8::9 */
		0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9 };
	struct v6d_ip ip = ip_of(V6D_IPPROTO_TCP), final = ip;
	struct v6d_tcp t = tcp_of(1);
	uint8_t data[3000];
	struct v6d_out o = v6d_out_to(big, sizeof(big));
	struct v6d_segment s;
	struct v6d_vnet how;
	struct v6d_wire w, payload;
	size_t start = 40 + sizeof(ext), len, n = 0;
	uint32_t sum;

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = data_byte(i);
	final.dst.b[15] = 9;
	ip.proto = 60;
	v6d_ip6_encode(&o, &ip, sizeof(ext) + 32 + sizeof(data));
	v6d_out_bytes(&o, ext, sizeof(ext));
	v6d_tcp_encode(&o, &t, &final, data, sizeof(data));
	assert_false(o.full);
	sum = v6d_cksum_pseudo(0, &final.src, &final.dst, V6D_IPPROTO_TCP,
	    (uint32_t)(o.len - start));
	v6d_out_patch16(&o, start + 16, (uint16_t)~v6d_cksum_fold(sum));
	how = (struct v6d_vnet){ .needs_csum = true,
		.gso = V6D_VNET_TCP6,
		.gso_size = 1400,
		.csum_start = (uint16_t)start,
		.csum_offset = 16 };
	assert_true(v6d_segment_start(&s, &how, big, o.len));
	while ((len = v6d_segment_next(&s, out, sizeof(out))) > 0) {
		w = v6d_wire_from(out, len, len);
		assert_int_equal(
		    v6d_ip6_decode(&w, &ip, &payload), V6D_WIRE_OK);
		assert_int_equal(ip.proto, V6D_IPPROTO_TCP);
		assert_int_equal(ip.header_len, start);
		assert_memory_equal(out + 40, ext, sizeof(ext));
		sum = v6d_cksum_pseudo(0, &final.src, &final.dst,
		    V6D_IPPROTO_TCP, (uint32_t)(len - start));
		assert_int_equal(v6d_cksum_fold(v6d_cksum_add(
				     sum, out + start, len - start)),
		    0);
		n += len - start - 32;
	}
	assert_int_equal(n, sizeof(data));
}

/* Nothing to do: the very same bytes. */
static void
test_whole(void **state)
{
	struct v6d_vnet how = { 0 };
	struct v6d_segment s;
	size_t n = tcp_packet(big, sizeof(big), tcp_of(1), 5, 0, 1000);

	(void)state;
	assert_true(v6d_segment_start(&s, &how, big, n));
	assert_int_equal(v6d_segment_next(&s, out, n - 1), 0);
	assert_false(s.over);
	assert_int_equal(v6d_segment_next(&s, out, n), n);
	assert_memory_equal(out, big, n);
	assert_true(s.over);
	assert_true(v6d_segment_start(&s, &how, big, 40));
	big[0] = 0x45;
	assert_false(v6d_segment_start(&s, &how, big, n));
}

/* Every shortening, and each number off. */
static void
test_what_does_not_fit(void **state)
{
	size_t n = tcp_packet(big, sizeof(big), tcp_of(1), 5, 0, 100);
	struct v6d_vnet good = unfinish(big, n, 40, 16, V6D_VNET_TCP6, 30);
	struct v6d_vnet h;
	struct v6d_segment s;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		uint8_t *heap = exact(big, i);
		bool ok = v6d_segment_start(&s, &good, heap, i);

		assert_int_equal(ok, i >= 72);
		while (ok && v6d_segment_next(&s, out, sizeof(out)) > 0)
			continue;
		free(heap);
	}
	h = good;
	h.gso_size = 0;
	assert_false(v6d_segment_start(&s, &h, big, n));
	h = good;
	h.needs_csum = false;
	assert_false(v6d_segment_start(&s, &h, big, n));
	h = good;
	h.csum_offset = 6;
	assert_false(v6d_segment_start(&s, &h, big, n));
	h = good;
	h.csum_start = 39;
	assert_false(v6d_segment_start(&s, &h, big, n));
	h.csum_start = UINT16_MAX;
	assert_false(v6d_segment_start(&s, &h, big, n));
	for (unsigned gso = 1; gso < 128; gso++) {
		h = good;
		h.gso = (uint8_t)gso;
		assert_int_equal(
		    v6d_segment_start(&s, &h, big, n), gso == V6D_VNET_TCP6);
	}
	big[52] = 0x40; /* a TCP header of 16 bytes */
	assert_false(v6d_segment_start(&s, &good, big, n));
	big[52] = 0xf0; /* 60 bytes are there */
	assert_true(v6d_segment_start(&s, &good, big, n));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_tcp_without_data),
		cmocka_unit_test(test_udp),
		cmocka_unit_test(test_udp_sum_of_zero),
		cmocka_unit_test(test_extension_headers),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_what_does_not_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
