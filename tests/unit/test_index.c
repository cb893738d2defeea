/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_index.c - thousands of tunnels, each found by what it carries. */
#include "flow_help.h"

#include "flow/index.h"
#include "flow/track.h"

#define MANY 3000
#define MEMORY (1u << 20)

struct many {
	struct v6d_pool pool;
	struct v6d_index index;
	void *memory;
	struct v6d_tunnel *tunnels;
};

/* Every client twice, with another port; call ids are the tunnels' own. */
static void
fill(struct many *m)
{
	m->memory = malloc(MEMORY);
	m->tunnels = calloc(MANY, sizeof(*m->tunnels));
	v6d_pool_init(&m->pool, m->memory, MEMORY);
	m->index = (struct v6d_index){ .pool = &m->pool };
	for (uint32_t i = 0; i < MANY; i++) {
		struct v6d_tunnel *t = &m->tunnels[i];
		struct v6d_view *v = &t->v;
		struct v6d_index_key pair = { V6D_INDEX_PAIR, &v->client,
			&v->server, 0 };
		struct v6d_index_key port = { V6D_INDEX_PORT, &v->client,
			&v->server, (uint16_t)(i % 7) };
		struct v6d_index_key call = { V6D_INDEX_CALL, &v->server,
			&v->client, (uint16_t)(2 * i) };

		t->number = i;
		v->client = v6d_addr_4(
		    (uint8_t[4]){ 10, 0, (uint8_t)(i % (MANY / 2) / 256),
			(uint8_t)(i % (MANY / 2)) });
		v->server = v6d_addr_4((uint8_t[4]){ 203, 0, 113, 10 });
		v->client_port = port.id;
		v->control.call_id_known[V6D_DIR_IN] = true;
		v->control.call_id[V6D_DIR_IN] = call.id;
		assert_true(v6d_index_put(&m->index, &pair, t));
		assert_true(v6d_index_put(&m->index, &port, t));
		assert_true(v6d_index_put(&m->index, &call, t));
	}
}

static void
done(struct many *m)
{
	free(m->tunnels);
	free(m->memory);
}

static void
test_found(void **state)
{
	struct many m;

	(void)state;
	fill(&m);
	for (uint32_t i = 0; i < MANY; i++) {
		struct v6d_tunnel *t = &m.tunnels[i];
		struct v6d_tunnel *newest =
		    &m.tunnels[i % (MANY / 2) + MANY / 2];
		struct v6d_index_key key = { V6D_INDEX_CALL, &t->v.server,
			&t->v.client, (uint16_t)(2 * i) };

		assert_ptr_equal(v6d_index_find(&m.index, &key), t);
		key.id++;
		assert_null(v6d_index_find(&m.index, &key));
		key.kind = V6D_INDEX_PORT;
		key.from = &t->v.client;
		key.to = &t->v.server;
		key.id = t->v.client_port;
		assert_int_equal(v6d_index_find(&m.index, &key)->v.client_port,
		    t->v.client_port);
		key.kind = V6D_INDEX_PAIR;
		key.id = 0;
		assert_ptr_equal(v6d_index_find(&m.index, &key), newest);
		key.from = &t->v.server;
		key.to = &t->v.client;
		assert_ptr_equal(v6d_index_find(&m.index, &key), newest);
	}
	done(&m);
}

/* An older tunnel does not take a newer one's place. */
static void
test_newest_stays(void **state)
{
	struct many m;
	struct v6d_tunnel *t;
	struct v6d_index_key pair;
	size_t n;

	(void)state;
	fill(&m);
	t = &m.tunnels[5];
	pair = (struct v6d_index_key){ V6D_INDEX_PAIR, &t->v.client,
		&t->v.server, 0 };
	n = m.index.n;
	assert_true(v6d_index_put(&m.index, &pair, t));
	assert_ptr_equal(
	    v6d_index_find(&m.index, &pair), &m.tunnels[5 + MANY / 2]);
	assert_int_equal(m.index.n, n);
	done(&m);
}

static void
test_no_memory(void **state)
{
	struct v6d_pool none;
	struct v6d_index x = { .pool = &none };
	struct v6d_tunnel *t = calloc(1, sizeof(*t));
	struct v6d_index_key pair = { V6D_INDEX_PAIR, &t->v.client,
		&t->v.server, 0 };

	(void)state;
	v6d_pool_init(&none, NULL, 0);
	assert_null(v6d_index_find(&x, &pair));
	assert_false(v6d_index_put(&x, &pair, t));
	assert_null(v6d_index_find(&x, &pair));
	free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_newest_stays),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
