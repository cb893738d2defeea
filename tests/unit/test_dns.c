/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_dns.c - DNS messages. */
#include "sweep.h"

#include "proto/dns.h"

/* "www.example.net" as a question at offset 12, type and class. */
#define QUESTION(type) "03777777 076578616d706c65 036e6574 00" type "0001"

static enum v6d_wire_err
decode(struct v6d_wire *w, const void *arg)
{
	struct v6d_dns d;

	(void)arg;
	return v6d_dns_decode(w, &d);
}

static enum v6d_wire_err
decode_hex(const char *hex, struct v6d_dns *d)
{
	uint8_t buf[1024], *heap;
	size_t n = unhex(hex, buf, sizeof(buf));
	struct v6d_wire w;

	heap = exact(buf, n);
	w = v6d_wire_from(heap, n, n);
	v6d_dns_decode(&w, d);
	free(heap);
	return w.err;
}

static void
test_query(void **state)
{
	static const char want[] =
	    "1234 0100 0001 0000 0000 0000" QUESTION("001c");
	uint8_t buf[512];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_dns d;

	(void)state;
	assert_true(v6d_dns_encode_query(
	    &o, 0x1234, "www.example.net", V6D_DNS_AAAA, 0));
	assert_hex(&o, want);
	sweep(buf, o.len, o.len, decode, NULL);
	o = v6d_out_to(buf, sizeof(buf));
	assert_true(v6d_dns_encode_query(
	    &o, 0x1234, "www.example.net.", V6D_DNS_AAAA, 0));
	assert_hex(&o, want);
	assert_int_equal(decode_hex(want, &d), V6D_WIRE_OK);
	assert_int_equal(d.id, 0x1234);
	assert_false(d.response);
	assert_int_equal(d.qtype, V6D_DNS_AAAA);
	assert_string_equal(d.qname, "www.example.net");
}

static void
test_edns(void **state)
{
	static const char want[] =
	    "1234 0100 0001 0000 0000 0001" QUESTION("001c") "00 0029 04d0 "
							     "00000000 0000";
	uint8_t buf[512];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_dns d;

	(void)state;
	assert_true(v6d_dns_encode_query(
	    &o, 0x1234, "www.example.net", V6D_DNS_AAAA, 1232));
	assert_hex(&o, want);
	assert_int_equal(decode_hex(want, &d), V6D_WIRE_OK);
	assert_int_equal(d.qtype, V6D_DNS_AAAA);
}

static void
test_no_name(void **state)
{
	char label[65], name[256];
	uint8_t buf[512];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	const char *const bad[] = { "", ".", "..", "a..b", ".a", "a b", "a.b..",
		"[::1]", "caf\xc3\xa9.example", label };

	(void)state;
	memset(label, 'a', 64);
	label[64] = '\0';
	for (size_t i = 0; i < V6D_ARRAY_LEN(bad); i++)
		if (v6d_dns_encode_query(&o, 1, bad[i], 1, 0) || o.len > 0)
			fail_msg("took \"%s\"", bad[i]);
	assert_true(v6d_dns_encode_query(&o, 1, label + 1, 1, 0));
	for (size_t i = 0; i < 254; i++)
		name[i] = i % 2 ? '.' : 'a';
	name[254] = '\0'; /* 127 labels and a final dot: the longest name */
	o = v6d_out_to(buf, sizeof(buf));
	assert_true(v6d_dns_encode_query(&o, 1, name, 1, 0));
	assert_int_equal(o.len, 12 + 255 + 4);
	memcpy(name + 253, "aa", 3); /* 255 characters */
	assert_false(v6d_dns_encode_query(&o, 1, name, 1, 0));
}

static void
test_answer(void **state)
{
	/* A CNAME by pointer, then two addresses of its target. */
	static const char hex[] = "1234 8580 0001 0003 0000 0000" QUESTION(
	    "001c") "c00c 0005 0001 00000e10 0006 0357454Ac010"
		    "c02d 001c 0001 00000e10 0010 "
		    "20010db8000000000000000000000010"
		    "c02d 0001 0001 00000e10 0004 c000020a";
	uint8_t buf[256];
	size_t n = unhex(hex, buf, sizeof(buf));
	char text[V6D_ADDR_TEXT];
	struct v6d_dns d;

	(void)state;
	assert_int_equal(decode_hex(hex, &d), V6D_WIRE_OK);
	assert_true(d.response && d.authoritative && d.has_cname);
	assert_false(d.truncated);
	assert_int_equal(d.rcode, V6D_DNS_NOERROR);
	assert_int_equal(d.n_addrs, 2);
	assert_string_equal(
	    v6d_addr_text(&d.addrs[0], text, 48), "2001:db8::10");
	assert_string_equal(v6d_addr_text(&d.addrs[1], text, 48), "192.0.2.10");
	sweep(buf, n, n, decode, NULL);
}

static void
test_header(void **state)
{
	struct v6d_dns d;

	(void)state;
	assert_int_equal(
	    decode_hex("0001 8383 0000 0000 0000 0000", &d), V6D_WIRE_OK);
	assert_true(d.response && d.truncated && !d.authoritative);
	assert_int_equal(d.rcode, V6D_DNS_NXDOMAIN);
	assert_string_equal(d.qname, "");
}

static void
test_names(void **state)
{
#define ONE_QUESTION "0001 0000 0001 0000 0000 0000"
	static const struct {
		const char *hex; /* the name, at offset 12 */
		enum v6d_wire_err err;
		const char *name;
	} t[] = {
		{ "00", V6D_WIRE_OK, "" }, { "0141 00", V6D_WIRE_OK, "a" },
		{ "032e0920 00", V6D_WIRE_OK, "???" }, /* not text of ours */
		{ "c00c", V6D_WIRE_MALFORMED, "" }, /* itself */
		{ "c00d", V6D_WIRE_MALFORMED, "" }, /* forwards */
		{ "c0ff", V6D_WIRE_MALFORMED, "" },
		{ "ffff", V6D_WIRE_MALFORMED, "" },
		{ "0141 c00c", V6D_WIRE_MALFORMED, "a" },
		{ "4141 00", V6D_WIRE_MALFORMED, "" }, /* reserved label type */
		{ "8041 00", V6D_WIRE_MALFORMED, "" },
		{ "3f41 00", V6D_WIRE_MALFORMED, "" },
		{ "c00a", V6D_WIRE_OK, "" }, /* into the header: a zero */
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		char hex[128];
		struct v6d_dns d;

		snprintf(
		    hex, sizeof(hex), "%s%s00010001", ONE_QUESTION, t[i].hex);
		if (decode_hex(hex, &d) != t[i].err ||
		    strcmp(d.qname, t[i].name) != 0)
			fail_msg("%s: \"%s\"", t[i].hex, d.qname);
	}
}

/* 254 characters are one too many; pointers cannot make a name longer. */
static void
test_long_name(void **state)
{
	uint8_t buf[400] = { [5] = 1 };
	size_t at = 12;
	struct v6d_wire w;
	struct v6d_dns d;

	(void)state;
	for (int i = 0; i < 4; i++, at += 64) {
		buf[at] = 63;
		memset(buf + at + 1, 'a', 63);
	}
	w = v6d_wire_from(buf, sizeof(buf), sizeof(buf));
	assert_int_equal(v6d_dns_decode(&w, &d), V6D_WIRE_MALFORMED);
	assert_int_equal(strlen(d.qname), 191);
	buf[at - 64] = 61; /* 253 */
	buf[at - 2] = 0;
	w = v6d_wire_from(buf, sizeof(buf), sizeof(buf));
	assert_int_equal(v6d_dns_decode(&w, &d), V6D_WIRE_OK);
	assert_int_equal(strlen(d.qname), 253);
}

static void
test_lengths(void **state)
{
#define ONE_ANSWER "0001 8000 0000 0001 0000 0000 00"
	static const struct {
		const char *hex; /* from the type on */
		enum v6d_wire_err err;
		unsigned n_addrs;
	} t[] = {
		{ "0001 0001 00000000 0004 c0000201", V6D_WIRE_OK, 1 },
		{ "0001 0001 00000000 0003 c00002", V6D_WIRE_MALFORMED, 0 },
		{ "0001 0001 00000000 0005 c000020100", V6D_WIRE_MALFORMED, 0 },
		{ "0001 0001 00000000 0000", V6D_WIRE_MALFORMED, 0 },
		{ "0001 0001 00000000 ffff", V6D_WIRE_MALFORMED, 0 },
		{ "001c 0001 00000000 0004 c0000201", V6D_WIRE_MALFORMED, 0 },
		{ "0001 0003 00000000 0003 c00002", V6D_WIRE_OK, 0 },
		{ "0010 0001 00000000 0003 027878", V6D_WIRE_OK, 0 },
		{ "0010 0001 00000000 0004 027878", V6D_WIRE_MALFORMED, 0 },
		{ "0010 0001 00000000 ffff 027878", V6D_WIRE_MALFORMED, 0 },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		char hex[128];
		struct v6d_dns d;

		snprintf(hex, sizeof(hex), "%s%s", ONE_ANSWER, t[i].hex);
		if (decode_hex(hex, &d) != t[i].err ||
		    d.n_addrs != t[i].n_addrs)
			fail_msg("%s: %u", t[i].hex, d.n_addrs);
	}
}

/* Counts larger than the message holds end with its last byte. */
static void
test_counts(void **state)
{
	char hex[1024] = "0001 8000 0000 000a 0000 0000";
	struct v6d_dns d;

	(void)state;
	for (int i = 0; i < 10; i++)
		strncat(hex, "00 0001 0001 00000000 0004 c0000201",
		    sizeof(hex) - strlen(hex) - 1);
	assert_int_equal(decode_hex(hex, &d), V6D_WIRE_OK);
	assert_int_equal(d.n_addrs, V6D_DNS_ADDRS);
	assert_int_equal(d.n_dropped, 2);
	assert_int_equal(decode_hex("0001 8000 ffff ffff 0000 0000", &d),
	    V6D_WIRE_MALFORMED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_edns),
		cmocka_unit_test(test_no_name),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
