/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_captured.c - which captured packets a report keeps, and what of them. */
#include "flow_help.h"

#include "base/cksum.h"
#include "trace/captured.h"

#define SECRET "secret" /* of tape_pap */
#define PAYLOAD "PAYLOADPAYLOAD"

static struct tape t;
static struct v6d_packets *p;
static struct v6d_captured_of of;

static int
setup(void **state)
{
	(void)state;
	tape_init(&t);
	p = v6d_packets_new();
	of = (struct v6d_captured_of){ .client = t.client,
		.server = t.server,
		.client_port = t.port,
		.last = V6D_NEVER };
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	tape_done(&t);
	v6d_packets_free(p);
	return 0;
}

/* Every packet of the tape, cut to at most snap bytes in a block of its own. */
static void
pick(size_t snap)
{
	for (unsigned i = 0; i < t.n; i++) {
		struct tape_packet *k = &t.packets[i];
		size_t n = k->n < snap ? k->n : snap;
		uint8_t *cut = malloc(n + 1);

		memcpy(cut, k->p, n);
		v6d_captured_packet(p, &of, t.packets[0].at, V6D_LINK_IPV4, cut,
		    n, k->n, k->at);
		free(cut);
	}
}

static bool
holds(const char *s)
{
	for (size_t i = 0; i < p->n; i++)
		if (memmem(p->packet[i].bytes, p->packet[i].len, s, strlen(s)))
			return true;
	return false;
}

static void
long_echo(enum v6d_dir d)
{
	struct v6d_ip ip = tape_ip(&t, d, V6D_IPPROTO_ICMP);
	uint8_t m[8 + sizeof(PAYLOAD)] = { d == OUT ? 8 : 0 };

	memcpy(m + 8, PAYLOAD, sizeof(PAYLOAD));
	tape_ip4(&t, &ip, m, sizeof(m));
}

static void
inner_segment(void)
{
	struct v6d_ip ip = inner_ip(OUT, V6D_IPPROTO_TCP);
	uint8_t m[20 + sizeof(PAYLOAD)] = { 1, 2, 0, 80, [12] = 0x50 };

	memcpy(m + 20, PAYLOAD, sizeof(PAYLOAD));
	tape_ip6(&t, OUT, &ip, m, sizeof(m));
}

/* An ICMP error of a router's, that quotes packet `about` of the tape. */
static void
unreachable(unsigned about)
{
	const struct tape_packet *k = &t.packets[about];
	struct v6d_ip ip = tape_ip(&t, IN, V6D_IPPROTO_ICMP);
	uint8_t m[2048] = { 3, 13 };

	ip.src.b[3]++;
	memcpy(m + 8, k->p, k->n);
	tape_ip4(&t, &ip, m, 8 + k->n);
}

/* ---- which ---- */

static void
test_whose(void **state)
{
	unsigned session;

	(void)state;
	tape_up(&t);
	long_echo(OUT);
	long_echo(IN);
	unreachable(0);
	session = t.n;
	tape_beside_up(&t, 50000, 9); /* not our port, not our host */
	tape_beside_up(&t, 50001, 5);
	tape_ping4(&t, OUT, 9);
	t.port++; /* another connection of both ends */
	tape_handshake(&t);
	t.server.b[3]++; /* a session with another server */
	tape_call(&t);
	pick(SIZE_MAX);
	assert_int_equal(p->n, session);
	for (unsigned i = 0; i < session; i++) {
		assert_int_equal(
		    p->packet[i].at, t.packets[i].at - t.packets[0].at);
		assert_memory_equal(
		    p->packet[i].bytes + 12, t.packets[i].p + 12, 8);
	}
}

static void
test_when(void **state)
{
	(void)state;
	tape_call(&t);
	of.first = t.packets[2].at;
	of.last = t.packets[4].at;
	pick(SIZE_MAX);
	assert_int_equal(p->n, 3);
	assert_int_equal(p->packet[0].at, of.first - t.packets[0].at);
}

static void
test_not_ip4(void **state)
{
	(void)state;
	tape_call(&t);
	for (uint32_t link = 0; link < 300; link++)
		if (link != V6D_LINK_IPV4 && link != V6D_LINK_RAW &&
		    link != V6D_LINK_RAW_OLD && link != V6D_LINK_RAW_OPENBSD)
			v6d_captured_packet(p, &of, 0, link, t.packets[0].p,
			    t.packets[0].n, t.packets[0].n, 1);
	assert_int_equal(p->n, 0);
}

/* ---- what of them ---- */

static void
test_kept(void **state)
{
	(void)state;
	tape_up(&t);
	long_echo(OUT);
	inner_segment();
	unreachable(t.n - 1);
	pick(SIZE_MAX);
	assert_int_equal(p->n, t.n);
	assert_false(holds(SECRET));
	assert_false(holds(PAYLOAD));
	for (unsigned i = 0; i < p->n; i++) {
		const struct v6d_packet *k = &p->packet[i];
		const struct tape_packet *was = &t.packets[i];

		assert_true(k->len <= was->n && k->wire_len <= was->n);
		assert_int_equal(v6d_be16(k->bytes + 2), k->wire_len);
		assert_int_equal(
		    v6d_cksum_fold(v6d_cksum_add(0, k->bytes, 20)), 0);
		/* a TCP segment is whole, checksum and all */
		if (k->bytes[9] == V6D_IPPROTO_TCP)
			assert_memory_equal(k->bytes, was->p, was->n);
	}
	assert_int_equal(p->packet[p->n - 3].len, 28); /* the echo */
	assert_int_equal(p->packet[p->n - 1].len, 56); /* the error */
}

static void
test_fragments(void **state)
{
	uint8_t body[100];

	(void)state;
	memset(body, 'x', sizeof(body));
	for (uint8_t proto = 0; proto < 50; proto++) {
		struct v6d_ip ip = tape_ip(&t, OUT, proto);

		tape_ip4(&t, &ip, body, sizeof(body));
		t.packets[t.n - 1].p[6] = 0; /* a later one: at 80 */
		t.packets[t.n - 1].p[7] = 10;
	}
	pick(SIZE_MAX);
	assert_int_equal(p->n, 2); /* of TCP and GRE */
	for (unsigned i = 0; i < p->n; i++) {
		assert_int_equal(p->packet[i].len, 20);
		assert_int_equal(p->packet[i].wire_len, 120);
	}
}

/* Its GRE header says more than the first fragment has. */
static void
test_first_fragment(void **state)
{
	(void)state;
	inner_segment();
	t.packets[0].n -= 8;
	t.packets[0].p[3] = (uint8_t)t.packets[0].n;
	t.packets[0].p[6] = 0x20; /* more fragments */
	pick(SIZE_MAX);
	assert_int_equal(p->n, 1);
	assert_int_equal(p->packet[0].wire_len, t.packets[0].n);
	/* IPv4, GRE with a number, PPP, IPv6, TCP; no payload */
	assert_int_equal(p->packet[0].len, 20 + 12 + 4 + 40 + 20);
	assert_false(holds("PAY"));
}

/* Cut anywhere: nothing is read beyond, nothing secret is kept. */
static void
test_cut(void **state)
{
	(void)state;
	tape_up(&t);
	long_echo(IN);
	inner_segment();
	unreachable(t.n - 1);
	for (size_t snap = 0; snap < 300; snap++) {
		pick(snap);
		assert_false(holds(SECRET));
		assert_false(holds(PAYLOAD));
		for (unsigned i = 0; i < p->n; i++)
			assert_true(p->packet[i].len <= p->packet[i].wire_len);
		assert_true(snap < 40 || p->n > 0);
		p->n = 0;
	}
}

/* A GRE header may say that it carries more than its packet can hold. */
static void
test_gre_length(void **state)
{
	(void)state;
	tape_pap(&t, true);
	t.packets[0].p[20 + 4] = t.packets[0].p[20 + 5] = 0xff;
	for (size_t snap = 0; snap <= t.packets[0].n; snap++) {
		t.packets[0].p[6] = snap % 2 ? 0x20 : 0;
		pick(snap);
		for (size_t i = 0; i < p->n; i++)
			assert_in_range(p->packet[i].wire_len, p->packet[i].len,
			    t.packets[i].n);
		p->n = 0;
	}
}

/* A report's own packets pass it unchanged. */
static void
test_again(void **state)
{
	struct v6d_packets *twice = v6d_packets_new();

	(void)state;
	tape_up(&t);
	long_echo(IN);
	inner_segment();
	unreachable(t.n - 1);
	pick(SIZE_MAX);
	for (unsigned i = 0; i < p->n; i++)
		v6d_captured_packet(twice, &of, 0, V6D_LINK_IPV4,
		    p->packet[i].bytes, p->packet[i].len, p->packet[i].wire_len,
		    p->packet[i].at);
	assert_int_equal(twice->n, p->n);
	assert_memory_equal(
	    twice->packet, p->packet, p->n * sizeof(p->packet[0]));
	v6d_packets_free(twice);
}

/* ---- who logs in ---- */

static void
tape_frame(enum v6d_dir d, uint16_t proto, const char *packet, size_t n)
{
	uint8_t buf[64];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_ppp_encode(&o, proto);
	v6d_out_bytes(&o, packet, n);
	tape_gre(&t, d, buf, o.len);
}

static void
tape_clear(void)
{
	while (t.n > 0)
		free(t.packets[--t.n].p);
	p->n = 0;
}

static void
test_user(void **state)
{
	char user[8];

	(void)state;
	v6d_captured_user(p, &of, user, sizeof(user));
	assert_string_equal(user, "");
	/* a challenge's name is not the client's; one too long is none */
	tape_frame(IN, V6D_PPP_CHAP, "\1\1\0\10\1cpeer", 10);
	tape_frame(OUT, V6D_PPP_CHAP, "\2\1\0\16\1clongname", 14);
	pick(SIZE_MAX);
	v6d_captured_user(p, &of, user, sizeof(user));
	assert_string_equal(user, "");
	tape_frame(OUT, V6D_PPP_CHAP, "\2\1\0\11\1cbob", 9);
	pick(SIZE_MAX);
	v6d_captured_user(p, &of, user, sizeof(user));
	assert_string_equal(user, "bob");
	tape_clear();
	tape_frame(OUT, V6D_PPP_EAP, "\2\1\0\10\1eve", 8);
	pick(SIZE_MAX);
	v6d_captured_user(p, &of, user, sizeof(user));
	assert_string_equal(user, "eve");
	tape_clear();
	tape_pap(&t, true);
	pick(SIZE_MAX);
	v6d_captured_user(p, &of, user, sizeof(user));
	assert_string_equal(user, "alice");
}

static void
test_many(void **state)
{
	(void)state;
	tape_call(&t);
	while (p->left_out == 0)
		pick(SIZE_MAX);
	assert_int_equal(p->n, V6D_PACKETS_MAX);
	v6d_captured_packet(NULL, &of, 0, V6D_LINK_IPV4, t.packets[0].p,
	    t.packets[0].n, t.packets[0].n, 1);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_whose),
		TEST(test_when),
		TEST(test_not_ip4),
		TEST(test_kept),
		TEST(test_fragments),
		TEST(test_first_fragment),
		TEST(test_cut),
		TEST(test_gre_length),
		TEST(test_again),
		TEST(test_user),
		TEST(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
