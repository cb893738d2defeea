/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnel_fsm.c - the option negotiation automaton (RFC 1661 4.1). */
#include "unit/sweep.h"

#include "tunnel/fsm.h"

/* A protocol of three options: 1 is welcome, 2 is not so, 3 is refused. */
struct owner {
	char sent[64]; /* a letter for each packet, see letter_of */
	unsigned n_sent;
	uint8_t last[V6D_FSM_PACKET];
	size_t last_len;
	unsigned ups, downs, overs, accepts, refusals;
	enum v6d_fsm_end end;
	uint8_t want; /* value of option 1 in our request */
};

static char
letter_of(uint8_t code)
{
	static const char letters[] = "?qanrTtc";

	return code < sizeof(letters) - 1 ? letters[code] : '?';
}

static void
send(void *owner, const uint8_t *packet, size_t n)
{
	struct owner *o = owner;

	assert_true(o->n_sent < sizeof(o->sent) - 1);
	o->sent[o->n_sent++] = letter_of(packet[0]);
	memcpy(o->last, packet, n);
	o->last_len = n;
}

static void
request(void *owner, struct v6d_out *out)
{
	v6d_cp_put_opt(out, 1, &((struct owner *)owner)->want, 1);
}

static enum v6d_fsm_verdict
judge(void *owner, const struct v6d_cp_opt *opt, struct v6d_out *better)
{
	(void)owner;
	if (opt->type == 2)
		v6d_out_u8(better, 99);
	return opt->type == 1   ? V6D_FSM_GOOD
	       : opt->type == 2 ? V6D_FSM_NAK
				: V6D_FSM_REJ;
}

static void
accept(void *owner, struct v6d_wire *opts)
{
	(void)opts;
	((struct owner *)owner)->accepts++;
}

static void
refused(void *owner, uint8_t code, struct v6d_wire *opts)
{
	(void)code, (void)opts;
	((struct owner *)owner)->refusals++;
	((struct owner *)owner)->want++;
}

static void
up(void *owner)
{
	((struct owner *)owner)->ups++;
}

static void
down(void *owner)
{
	((struct owner *)owner)->downs++;
}

static void
over(void *owner, enum v6d_fsm_end end)
{
	((struct owner *)owner)->overs++;
	((struct owner *)owner)->end = end;
}

static const struct v6d_fsm_ops ops = {
	.send = send,
	.request = request,
	.judge = judge,
	.accept = accept,
	.refused = refused,
	.up = up,
	.down = down,
	.over = over,
};

static void
input(
    struct v6d_fsm *f, uint8_t code, uint8_t id, const uint8_t *data, size_t n)
{
	uint8_t buf[64], *heap;
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_wire w;

	v6d_cp_encode(&o, code, id, data, n);
	assert_false(o.full);
	heap = exact(buf, o.len);
	w = v6d_wire_from(heap, o.len, o.len);
	v6d_fsm_input(f, &w, V6D_S(1));
	free(heap);
}

/* The events of the table in RFC 1661 4.1. */
enum event {
	RCR_GOOD,
	RCR_BAD,
	RCA,
	RCN,
	RTR,
	RTA,
	RUC,
	RXJ,
	TIMEOUT,
	GIVE_UP
};

static void
happen(struct v6d_fsm *f, enum event e)
{
	static const uint8_t good[] = { 1, 3, 7 }, bad[] = { 2, 3, 7 };
	static const uint8_t rejected[] = { V6D_CP_CONF_REQ, 1, 0, 4 };

	switch (e) {
	case RCR_GOOD:
		input(f, V6D_CP_CONF_REQ, 40, good, sizeof(good));
		break;
	case RCR_BAD:
		input(f, V6D_CP_CONF_REQ, 40, bad, sizeof(bad));
		break;
	case RCA:
		input(f, V6D_CP_CONF_ACK, f->id, f->asked, f->asked_len);
		break;
	case RCN:
		input(f, V6D_CP_CONF_NAK, f->id, good, sizeof(good));
		break;
	case RTR:
		input(f, V6D_CP_TERM_REQ, 41, NULL, 0);
		break;
	case RTA:
		input(f, V6D_CP_TERM_ACK, 42, NULL, 0);
		break;
	case RUC:
		input(f, 77, 43, NULL, 0);
		break;
	case RXJ:
		input(f, V6D_CP_CODE_REJ, 44, rejected, sizeof(rejected));
		break;
	case GIVE_UP:
		f->tries = 0;
		v6d_fsm_tick(f, V6D_S(1));
		break;
	case TIMEOUT:
		v6d_fsm_tick(f, V6D_S(1));
		break;
	}
}

#define CLOSED V6D_FSM_CLOSED
#define STOPPED V6D_FSM_STOPPED
#define CLOSING V6D_FSM_CLOSING
#define REQ_SENT V6D_FSM_REQ_SENT
#define ACK_RCVD V6D_FSM_ACK_RCVD
#define ACK_SENT V6D_FSM_ACK_SENT
#define OPENED V6D_FSM_OPENED

static const struct row {
	enum v6d_fsm_state from;
	enum event event;
	enum v6d_fsm_state to;
	const char
	    *sent; /* q request a ack n nak r rej t term-ack c code-rej */
	const char *then; /* u up d down o over */
} rows[] = {
	{ CLOSED, RCR_GOOD, CLOSED, "t", "" },
	{ CLOSED, RCA, CLOSED, "", "" },
	{ CLOSED, RCN, CLOSED, "", "" },
	{ CLOSED, RTR, CLOSED, "t", "" },
	{ CLOSED, RXJ, CLOSED, "", "" },
	{ STOPPED, RCR_GOOD, ACK_SENT, "qa", "" },
	{ STOPPED, RCR_BAD, REQ_SENT, "qn", "" },
	{ STOPPED, RCA, STOPPED, "", "" },
	{ STOPPED, RTR, STOPPED, "t", "" },
	{ STOPPED, TIMEOUT, REQ_SENT, "q", "" }, /* opened with a delay */
	{ CLOSING, RCR_GOOD, CLOSING, "", "" },
	{ CLOSING, RTR, CLOSING, "t", "" },
	{ CLOSING, RTA, CLOSED, "", "o" },
	{ REQ_SENT, RCR_GOOD, ACK_SENT, "a", "" },
	{ REQ_SENT, RCR_BAD, REQ_SENT, "n", "" },
	{ REQ_SENT, RCA, ACK_RCVD, "", "" },
	{ REQ_SENT, RCN, REQ_SENT, "q", "" },
	{ REQ_SENT, RTR, STOPPED, "t", "o" },
	{ REQ_SENT, RTA, REQ_SENT, "", "" },
	{ REQ_SENT, RUC, REQ_SENT, "c", "" },
	{ REQ_SENT, RXJ, STOPPED, "", "o" },
	{ REQ_SENT, TIMEOUT, REQ_SENT, "q", "" },
	{ REQ_SENT, GIVE_UP, STOPPED, "", "o" },
	{ ACK_RCVD, RCR_GOOD, OPENED, "a", "u" },
	{ ACK_RCVD, RCR_BAD, ACK_RCVD, "n", "" },
	{ ACK_RCVD, RCA, ACK_RCVD, "", "" },
	{ ACK_RCVD, RTR, STOPPED, "t", "o" },
	{ ACK_RCVD, TIMEOUT, REQ_SENT, "q", "" },
	{ ACK_SENT, RCR_GOOD, ACK_SENT, "a", "" },
	{ ACK_SENT, RCR_BAD, REQ_SENT, "n", "" },
	{ ACK_SENT, RCA, OPENED, "", "u" },
	{ ACK_SENT, RCN, ACK_SENT, "q", "" },
	{ ACK_SENT, TIMEOUT, ACK_SENT, "q", "" },
	{ OPENED, RCR_GOOD, ACK_SENT, "qa", "d" },
	{ OPENED, RCR_BAD, REQ_SENT, "qn", "d" },
	{ OPENED, RCA, OPENED, "", "" },
	{ OPENED, RTR, STOPPED, "t", "o" },
	{ OPENED, RUC, OPENED, "c", "" },
	{ OPENED, RXJ, STOPPED, "", "o" },
};

static void
test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];
		struct owner o = { 0 };
		struct v6d_fsm f;

		v6d_fsm_init(&f, &ops, &o, V6D_S(3));
		v6d_fsm_open(&f, false, 0);
		f.state = r->from;
		f.answered = r->from == ACK_RCVD || r->from == OPENED;
		o.n_sent = 0;
		memset(o.sent, 0, sizeof(o.sent));
		happen(&f, r->event);
		if (f.state != r->to || strcmp(o.sent, r->sent) != 0)
			fail_msg("row %zu: state %d, sent \"%s\"", i,
			    (int)f.state, o.sent);
		assert_int_equal(o.ups, strchr(r->then, 'u') != NULL);
		assert_int_equal(o.downs, strchr(r->then, 'd') != NULL);
		assert_int_equal(o.overs, strchr(r->then, 'o') != NULL);
	}
}

/* Another id, other options, cut options: as if nothing had come. */
static void
test_strange_packets_are_ignored(void **state)
{
	static const uint8_t other[] = { 1, 3, 200 }, cut[] = { 1, 9, 0 };
	struct owner o = { 0 };
	struct v6d_fsm f;

	(void)state;
	v6d_fsm_init(&f, &ops, &o, V6D_S(3));
	v6d_fsm_open(&f, false, 0);
	input(&f, V6D_CP_CONF_ACK, (uint8_t)(f.id + 1), f.asked, f.asked_len);
	input(&f, V6D_CP_CONF_ACK, f.id, other, sizeof(other));
	input(&f, V6D_CP_CONF_NAK, (uint8_t)(f.id + 1), other, sizeof(other));
	input(&f, V6D_CP_CONF_NAK, f.id, cut, sizeof(cut));
	input(&f, V6D_CP_CONF_REQ, 9, cut, sizeof(cut));
	assert_int_equal(f.state, REQ_SENT);
	assert_string_equal(o.sent, "q");
	assert_int_equal(o.refusals, 0);
}

/* The same id again while nobody answers; another one for other options. */
static void
test_identifiers(void **state)
{
	struct owner o = { 0 };
	struct v6d_fsm f;
	uint8_t id;

	(void)state;
	v6d_fsm_init(&f, &ops, &o, V6D_S(3));
	v6d_fsm_open(&f, false, 0);
	id = f.id;
	assert_true(f.timer == V6D_S(3));
	v6d_fsm_tick(&f, V6D_S(3));
	assert_int_equal(o.last[1], id);
	assert_true(f.timer == V6D_S(6));
	happen(&f, RCN);
	assert_int_not_equal(o.last[1], id);
}

/* Where the owner wants it sooner: twice as late each time, up to the usual. */
static void
test_first_repetitions(void **state)
{
	static const unsigned ms[] = { 250, 750, 1750, 2750 };
	struct owner o = { 0 };
	struct v6d_fsm f;

	(void)state;
	v6d_fsm_init(&f, &ops, &o, V6D_S(1));
	f.first = V6D_MS(250);
	v6d_fsm_open(&f, false, 0);
	for (size_t i = 0; i < V6D_ARRAY_LEN(ms); i++) {
		assert_true(f.timer == V6D_MS(ms[i]));
		v6d_fsm_tick(&f, f.timer);
	}
	assert_true(f.wait == V6D_S(1));
	happen(&f, RCN); /* another request */
	assert_true(f.wait == V6D_MS(500));
	v6d_fsm_reset(&f);
	v6d_fsm_open(&f, false, 0);
	assert_true(f.timer == V6D_MS(250));
}

static void
test_max_configure(void **state)
{
	struct owner o = { 0 };
	struct v6d_fsm f;

	(void)state;
	v6d_fsm_init(&f, &ops, &o, V6D_S(3));
	v6d_fsm_open(&f, false, 0);
	while (f.timer != V6D_NEVER)
		v6d_fsm_tick(&f, f.timer);
	assert_string_equal(o.sent, "qqqqqqqqqq");
	assert_int_equal(o.end, V6D_FSM_END_SILENCE);
}

/* Five Naks, then the option is refused altogether. */
static void
test_max_failure(void **state)
{
	static const uint8_t bad[] = { 1, 3, 7, 2, 3, 7 };
	struct owner o = { 0 };
	struct v6d_fsm f;

	(void)state;
	v6d_fsm_init(&f, &ops, &o, V6D_S(3));
	v6d_fsm_open(&f, true, 0);
	for (uint8_t i = 0; i < 6; i++)
		input(&f, V6D_CP_CONF_REQ, i, bad, sizeof(bad));
	assert_string_equal(o.sent, "qnnnnnr");
	assert_memory_equal(o.last + 4, bad + 3, 3);
}

static void
test_no_agreement(void **state)
{
	struct owner o = { 0 };
	struct v6d_fsm f;

	(void)state;
	v6d_fsm_init(&f, &ops, &o, V6D_S(3));
	v6d_fsm_open(&f, false, 0);
	for (unsigned i = 0; i < 21; i++)
		happen(&f, RCN);
	assert_int_equal(o.overs, 1);
	assert_int_equal(o.end, V6D_FSM_END_NO_AGREEMENT);
	assert_true(f.timer == V6D_NEVER);

	o = (struct owner){ 0 };
	v6d_fsm_init(&f, &ops, &o, V6D_S(3));
	v6d_fsm_open(&f, false, 0);
	for (unsigned i = 0; i < 21; i++)
		happen(&f, RCR_BAD);
	assert_int_equal(o.overs, 1);
	assert_int_equal(o.end, V6D_FSM_END_NO_AGREEMENT);
}

/* Reject before Nak; the Nak has our value; an Ack is a copy. */
static void
test_answers(void **state)
{
	static const uint8_t all[] = { 1, 3, 7, 2, 3, 7, 3, 2 };
	struct owner o = { 0 };
	struct v6d_fsm f;

	(void)state;
	v6d_fsm_init(&f, &ops, &o, V6D_S(3));
	v6d_fsm_open(&f, false, 0);
	input(&f, V6D_CP_CONF_REQ, 5, all, 8);
	assert_memory_equal(o.last, "\x04\x05\0\x06\x03\x02", 6);
	input(&f, V6D_CP_CONF_REQ, 6, all, 6);
	assert_memory_equal(o.last, "\x03\x06\0\x07\x02\x03\x63", 7);
	input(&f, V6D_CP_CONF_REQ, 7, all, 3);
	assert_memory_equal(o.last, "\x02\x07\0\x07\x01\x03\x07", 7);
	assert_int_equal(o.accepts, 1);
}

static void
test_close(void **state)
{
	struct owner o = { 0 };
	struct v6d_fsm f;

	(void)state;
	v6d_fsm_init(&f, &ops, &o, V6D_S(3));
	v6d_fsm_close(&f); /* never opened: nothing to say */
	assert_int_equal(o.n_sent, 0);
	v6d_fsm_open(&f, false, 0);
	v6d_fsm_close(&f);
	v6d_fsm_close(&f);
	assert_string_equal(o.sent, "qT");
	happen(&f, RTA);
	assert_int_equal(o.end, V6D_FSM_END_CLOSED);
	v6d_fsm_reset(&f);
	assert_int_equal(f.state, CLOSED);
	assert_true(f.timer == V6D_NEVER);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_strange_packets_are_ignored),
		cmocka_unit_test(test_identifiers),
		cmocka_unit_test(test_first_repetitions),
		cmocka_unit_test(test_max_configure),
		cmocka_unit_test(test_max_failure),
		cmocka_unit_test(test_no_agreement),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
