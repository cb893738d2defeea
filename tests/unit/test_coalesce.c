/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_coalesce.c - TCP segments joined, and cut again into the same. */
#include "offload_help.h"

#include "proto/coalesce.h"

#define ROOM 2048

static uint8_t pool[V6D_COALESCE_MAX][ROOM], copy[V6D_COALESCE_MAX][ROOM];
static size_t len[V6D_COALESCE_MAX];
static unsigned n_pool;
static struct v6d_coalesce c;

static void
begin(void)
{
	n_pool = 0;
	v6d_coalesce_init(&c);
}

/* Adds a packet of the stream of this port. */
static uint8_t *
add(struct v6d_tcp t, size_t at, size_t n)
{
	uint8_t *p = pool[n_pool];

	len[n_pool] = tcp_packet(p, ROOM, t, 100, at, n);
	memcpy(copy[n_pool], p, len[n_pool]);
	n_pool++;
	return p;
}

static void
push(unsigned i)
{
	memcpy(copy[i], pool[i], len[i]);
	assert_true(v6d_coalesce_add(&c, pool[i], len[i]));
}

static void
push_all(void)
{
	for (unsigned i = 0; i < n_pool; i++)
		push(i);
}

/* Group g as one block of memory; returns its length. */
static size_t
gather(unsigned g, uint8_t *buf, struct v6d_joined *j)
{
	size_t n = 0;

	v6d_coalesce_get(&c, g, j);
	for (unsigned i = 0; i < j->n_pieces; i++) {
		memcpy(buf + n, j->piece[i].p, j->piece[i].len);
		n += j->piece[i].len;
	}
	return n;
}

/* Group g, cut again, is packets `from` to `from + n - 1`. */
static void
assert_group(unsigned g, unsigned from, unsigned n)
{
	static uint8_t buf[BIG + 100], out[ROOM];
	struct v6d_segment s;
	struct v6d_joined j;
	size_t whole = gather(g, buf, &j), got;

	assert_int_equal(j.n, n);
	assert_true(v6d_segment_start(&s, &j.how, buf, whole));
	for (unsigned i = 0; i < n; i++) {
		got = v6d_segment_next(&s, out, sizeof(out));
		assert_int_equal(got, len[from + i]);
		assert_memory_equal(out, copy[from + i], got);
	}
	assert_int_equal(v6d_segment_next(&s, out, sizeof(out)), 0);
	assert_true(s.over);
}

static void
test_a_run(void **state)
{
	struct v6d_tcp t = tcp_of(1);

	(void)state;
	begin();
	for (unsigned i = 0; i < 20; i++)
		add(t, i * 1372, 1372);
	t.flags |= V6D_TCP_PSH;
	add(t, 20 * 1372, 700); /* shorter, so the last */
	t.flags = V6D_TCP_ACK;
	add(t, 20 * 1372 + 700, 1372);
	push_all();
	assert_int_equal(c.n_groups, 2);
	assert_group(0, 0, 21);
	assert_group(1, 21, 1);
}

/* Each difference that must keep two packets apart. */
static void
test_what_is_not_joined(void **state)
{
	(void)state;
	for (unsigned what = 0; what < 12; what++) {
		struct v6d_tcp a = tcp_of(1), b = a;
		uint8_t *p;
		size_t at = 500, n = 500;

		begin();
		if (what == 1)
			a.flags |= V6D_TCP_PSH; /* not held back */
		add(a, 0, 500);
		switch (what) {
		case 0:
			break;
		case 2:
			b.ack++;
			break;
		case 3:
			b.tsval++;
			break;
		case 4:
			b.has_ts = false;
			break;
		case 5:
			at = 501; /* a hole */
			break;
		case 6:
			at = 0; /* the same again */
			break;
		case 7:
			n = 501; /* longer than the first */
			break;
		case 8:
			b.flags |= V6D_TCP_FIN;
			break;
		case 9:
			b.sport++;
			break;
		}
		p = add(b, at, n);
		if (what == 10)
			p[300] ^= 1; /* damaged on the way */
		if (what == 11)
			p[7]--; /* another way here */
		push_all();
		assert_int_equal(c.n_groups, what == 0 ? 1 : 2);
		if (what == 0) {
			assert_group(0, 0, 2);
			continue;
		}
		assert_group(0, 0, 1);
		assert_group(1, 1, 1);
	}
}

/* What stands between two that would fit keeps its place. */
static void
test_order_within_a_connection(void **state)
{
	struct v6d_tcp t = tcp_of(1);

	(void)state;
	begin();
	add(t, 0, 500);
	add(t, 0, 0); /* an acknowledgment */
	add(t, 500, 500);
	add(t, 0, 500); /* sent again */
	add(t, 1000, 500);
	push_all();
	assert_int_equal(c.n_groups, 5);
	for (unsigned i = 0; i < 5; i++)
		assert_group(i, i, 1);
}

static void
test_connections_side_by_side(void **state)
{
	(void)state;
	begin();
	for (unsigned i = 0; i < 8; i++) { /* two streams, packet by packet */
		add(tcp_of(1), i * 500, 500);
		add(tcp_of(2), i * 500, 500);
	}
	push_all();
	assert_int_equal(c.n_groups, 2);
	assert_int_equal(c.group[0].n, 8);
	assert_int_equal(c.group[1].n, 8);

	/* More of them than are looked through: apart, but in order. */
	begin();
	for (unsigned i = 0; i < 3; i++)
		for (uint16_t k = 0; k < 12; k++)
			add(tcp_of(k), i * 500, 500);
	push_all();
	assert_int_equal(c.n_groups, 36);
	for (unsigned i = 0; i < 36; i++)
		assert_group(i, i, 1);
}

/* The newest window counts, as it would have, one by one. */
static void
test_window_and_push(void **state)
{
	struct v6d_tcp t = tcp_of(1);
	static uint8_t buf[BIG];
	struct v6d_joined j;

	(void)state;
	begin();
	add(t, 0, 500);
	t.window = 900;
	t.flags |= V6D_TCP_PSH;
	add(t, 500, 500);
	push_all();
	assert_int_equal(c.n_groups, 1);
	assert_int_equal(gather(0, buf, &j), 72 + 1000);
	assert_int_equal(v6d_be16(buf + 54), 900);
	assert_int_equal(buf[53], V6D_TCP_ACK | V6D_TCP_PSH);
	assert_int_equal(j.how.gso_size, 500);
	assert_int_equal(j.how.gso, V6D_VNET_TCP6);
	assert_true(j.how.needs_csum);
}

/* IPv6's length field and our tables end a group. */
static void
test_limits(void **state)
{
	(void)state;
	begin();
	for (unsigned i = 0; i < 60; i++)
		add(tcp_of(1), i * 1900, 1900);
	push_all();
	assert_int_equal(c.n_groups, 2);
	assert_group(0, 0, 34); /* 32 + 34 * 1900 <= 65535 */
	assert_group(1, 34, 26);

	begin();
	for (unsigned i = 0; i < V6D_COALESCE_MAX; i++)
		add(tcp_of(1), i * 10, 10);
	push_all();
	assert_int_equal(c.n_groups, 2);
	assert_group(0, 0, V6D_COALESCE_PIECES);
	assert_group(1, V6D_COALESCE_PIECES, V6D_COALESCE_PIECES);
	assert_false(v6d_coalesce_add(&c, pool[0], len[0]));
}

/* Anything else goes as it came, whatever its length says. */
static void
test_other_packets(void **state)
{
	struct v6d_tcp t = tcp_of(1);

	(void)state;
	begin();
	add(t, 0, 500);
	add(t, 500, 500)[5]--; /* IPv6's length is less than what came */
	add(t, 1000, 500)[6] = 17;
	add(t, 1500, 500)[0] = 0x45;
	add(t, 2000, 500)[52] = 0x40; /* a TCP header of 16 bytes */
	add(t, 2500, 500);
	len[5] = 60; /* cut */
	push_all();
	assert_int_equal(c.n_groups, 6);
	for (unsigned i = 0; i < 6; i++) {
		static uint8_t buf[BIG];
		struct v6d_joined j;

		assert_int_equal(gather(i, buf, &j), len[i]);
		assert_memory_equal(buf, copy[i], len[i]);
		assert_int_equal(j.how.gso, V6D_VNET_WHOLE);
	}
	for (size_t n = 0; n < 120; n++) { /* no byte too many is read */
		uint8_t *heap = exact(copy[0], n);

		v6d_coalesce_init(&c);
		assert_true(v6d_coalesce_add(&c, heap, n));
		free(heap);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_run),
		cmocka_unit_test(test_what_is_not_joined),
		cmocka_unit_test(test_order_within_a_connection),
		cmocka_unit_test(test_connections_side_by_side),
		cmocka_unit_test(test_window_and_push),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_other_packets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
