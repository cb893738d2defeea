/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_link.c - link layers of captures. */
#include "sweep.h"

#include "proto/link.h"

#define MACS "025250935302 02525079a101"

static enum v6d_wire_err
decode(struct v6d_wire *w, const void *arg)
{
	const uint32_t *linktype = arg;
	struct v6d_link l;

	return v6d_link_decode(w, *linktype, &l);
}

static void
test_headers(void **state)
{
	static const struct {
		uint32_t linktype;
		const char *hex;
		uint16_t ethertype;
	} t[] = {
		{ V6D_LINK_ETHERNET, MACS "0800", 0x0800 },
		{ V6D_LINK_ETHERNET, MACS "86dd", 0x86dd },
		{ V6D_LINK_ETHERNET, MACS "0806", 0x0806 },
		{ V6D_LINK_ETHERNET, MACS "0026", 0x0026 }, /* 802.3 length */
		{ V6D_LINK_ETHERNET, MACS "8100 0064 0800", 0x0800 },
		{ V6D_LINK_ETHERNET, MACS "88a8 0001 8100 0064 86dd", 0x86dd },
		{ V6D_LINK_ETHERNET, MACS "8864 1100 0001 0016 0021", 0x0800 },
		{ V6D_LINK_ETHERNET, MACS "8864 1100 0001 0016 c021", 0xc021 },
		{ V6D_LINK_LINUX_SLL, "0000 0001 0006 0252509353020000 0800",
		    0x0800 },
		{ V6D_LINK_LINUX_SLL2,
		    "86dd 0000 00000002 0001 00 06 0252509353020000", 0x86dd },
		{ V6D_LINK_PPP, "ff03 0021", 0x0800 },
		{ V6D_LINK_PPP, "57", 0x86dd },
		{ V6D_LINK_PPP_HDLC, "ff03 0057", 0x86dd },
		{ V6D_LINK_PPP_HDLC, "0f00 0800", 0x0800 },
		{ V6D_LINK_PPP_HDLC, "8f00 86dd", 0x86dd },
		{ V6D_LINK_PPP_ETHER, "1100 0001 0016 0057", 0x86dd },
		{ V6D_LINK_NULL, "02000000", 0x0800 },
		{ V6D_LINK_NULL, "00000002", 0x0800 },
		{ V6D_LINK_NULL, "1e000000", 0x86dd },
		{ V6D_LINK_LOOP, "0000001c", 0x86dd },
		{ V6D_LINK_NULL, "07000000", 0 },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		uint8_t buf[64];
		size_t n = unhex(t[i].hex, buf, sizeof(buf));
		struct v6d_wire w = v6d_wire_from(buf, n + 4, n + 4);
		struct v6d_link l;

		assert_true(v6d_link_known(t[i].linktype));
		assert_int_equal(
		    v6d_link_decode(&w, t[i].linktype, &l), V6D_WIRE_OK);
		if (l.ethertype != t[i].ethertype || v6d_wire_left(&w) != 4)
			fail_msg("%s: %04x", t[i].hex, l.ethertype);
		sweep(buf, n, n, decode, &t[i].linktype);
	}
}

/* Without a header the packet itself tells, and is left whole. */
static void
test_raw(void **state)
{
	static const struct {
		uint32_t linktype;
		uint8_t first;
		uint16_t ethertype;
	} t[] = {
		{ V6D_LINK_RAW, 0x45, 0x0800 },
		{ V6D_LINK_RAW_OLD, 0x60, 0x86dd },
		{ V6D_LINK_RAW_OPENBSD, 0x45, 0x0800 },
		{ V6D_LINK_RAW, 0x15, 0 },
		{ V6D_LINK_IPV4, 0, 0x0800 },
		{ V6D_LINK_IPV6, 0, 0x86dd },
	};
	struct v6d_link l;
	struct v6d_wire w;

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		w = v6d_wire_from(&t[i].first, 1, 1);
		assert_true(v6d_link_known(t[i].linktype));
		assert_int_equal(
		    v6d_link_decode(&w, t[i].linktype, &l), V6D_WIRE_OK);
		assert_int_equal(l.ethertype, t[i].ethertype);
		assert_int_equal(v6d_wire_left(&w), 1);
		w = v6d_wire_from(&t[i].first, 0, 0);
		assert_int_equal(
		    v6d_link_decode(&w, t[i].linktype, &l), V6D_WIRE_OK);
	}
	w = v6d_wire_from((const uint8_t *)"x", 1, 1);
	assert_false(v6d_link_known(105)); /* 802.11 */
	assert_int_equal(v6d_link_decode(&w, 105, &l), V6D_WIRE_MALFORMED);
	/* PPPoE discovery is no session. */
	w = v6d_wire_from((const uint8_t *)"\x11\x09\0\0\0\0\xc0\x21", 8, 8);
	assert_int_equal(
	    v6d_link_decode(&w, V6D_LINK_PPP_ETHER, &l), V6D_WIRE_MALFORMED);
}

static void
test_direction(void **state)
{
	uint8_t sll[16] = { 0, 4 }, sll2[20] = { [10] = 4 };
	struct v6d_wire w = v6d_wire_from(sll, 16, 16);
	struct v6d_link l;

	(void)state;
	v6d_link_decode(&w, V6D_LINK_LINUX_SLL, &l);
	assert_true(l.has_outgoing && l.outgoing);
	sll[1] = 0;
	w = v6d_wire_from(sll, 16, 16);
	v6d_link_decode(&w, V6D_LINK_LINUX_SLL, &l);
	assert_true(l.has_outgoing && !l.outgoing);
	w = v6d_wire_from(sll2, 20, 20);
	v6d_link_decode(&w, V6D_LINK_LINUX_SLL2, &l);
	assert_true(l.has_outgoing && l.outgoing);
}

static void
test_ether(void **state)
{
	uint8_t buf[14];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_link l = { .ethertype = 0x86dd,
		.src = { 1, 2, 3, 4, 5, 6 },
		.dst = { 7, 8, 9, 10, 11, 12 } };
	struct v6d_link back;
	struct v6d_wire w;

	(void)state;
	v6d_ether_encode(&o, &l);
	assert_hex(&o, "0708090a0b0c 010203040506 86dd");
	w = v6d_wire_from(buf, o.len, o.len);
	v6d_link_decode(&w, V6D_LINK_ETHERNET, &back);
	assert_memory_equal(back.src, l.src, 6);
	assert_memory_equal(back.dst, l.dst, 6);
	assert_false(back.has_outgoing);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_direction),
		cmocka_unit_test(test_ether),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
