/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fsm.c - the option negotiation automaton (RFC 1661 4). */
#include "tunnel/fsm.h"

#define MAX_CONFIGURE 10 /* RFC 1661 4.6 */
#define MAX_FAILURE 5 /* RFC 1661 4.6 */
#define MAX_ROUNDS 20 /* refusals until we believe in no agreement */
#define LAST_BASIC_CODE V6D_CP_CODE_REJ

static void
send_packet(
    struct v6d_fsm *f, uint8_t code, uint8_t id, const uint8_t *data, size_t n)
{
	uint8_t buf[V6D_FSM_PACKET];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_cp_encode(&o, code, id, data, n);
	if (!o.full)
		f->ops->send(f->owner, buf, o.len);
}

/* Sends the same request again, under the same identifier. */
static void
repeat_request(struct v6d_fsm *f, v6d_ns now)
{
	f->answered = false;
	f->timer = now + f->wait;
	f->wait = 2 * f->wait < f->restart ? 2 * f->wait : f->restart;
	if (f->tries > 0)
		f->tries--;
	send_packet(f, V6D_CP_CONF_REQ, f->id, f->asked, f->asked_len);
}

static void
new_request(struct v6d_fsm *f, v6d_ns now)
{
	struct v6d_out o = v6d_out_to(f->asked, sizeof(f->asked));

	f->ops->request(f->owner, &o);
	f->asked_len = o.len;
	f->id++;
	f->tries = MAX_CONFIGURE;
	f->wait = f->first;
	repeat_request(f, now);
}

static void
end(struct v6d_fsm *f, enum v6d_fsm_end why)
{
	f->state = why == V6D_FSM_END_CLOSED ? V6D_FSM_CLOSED : V6D_FSM_STOPPED;
	f->timer = V6D_NEVER;
	f->ops->over(f->owner, why);
}

static void
opened(struct v6d_fsm *f)
{
	f->state = V6D_FSM_OPENED;
	f->timer = V6D_NEVER;
	f->naks = 0;
	f->rounds = 0;
	f->ops->up(f->owner);
}

/* True when the options can be walked to their end. */
static bool
well_formed(struct v6d_wire opts)
{
	struct v6d_cp_opt opt;

	while (v6d_cp_next_opt(&opts, &opt))
		;
	return opts.err == V6D_WIRE_OK;
}

/* Sorts the peer's options into what we Reject and what we Nak. */
static void
weigh(struct v6d_fsm *f, struct v6d_wire opts, struct v6d_out *rej,
    struct v6d_out *nak)
{
	struct v6d_wire all = opts;
	struct v6d_cp_opt opt;

	while (v6d_cp_next_opt(&opts, &opt)) {
		uint8_t value[UINT8_MAX];
		struct v6d_out better = v6d_out_to(value, sizeof(value) - 2);
		enum v6d_fsm_verdict v = f->ops->judge(f->owner, &opt, &better);

		/* Who cannot be convinced is refused (RFC 1661 4.6). */
		if (v == V6D_FSM_NAK && f->naks >= MAX_FAILURE)
			v = V6D_FSM_REJ;
		if (v == V6D_FSM_NAK)
			v6d_cp_put_opt(
			    nak, opt.type, value, (uint8_t)better.len);
		else if (v == V6D_FSM_REJ)
			v6d_cp_put_opt(rej, opt.type, opt.data, opt.len);
	}
	if (f->ops->missing && f->naks < MAX_FAILURE)
		f->ops->missing(f->owner, &all, nak);
}

/* Answers a Configure-Request; true when that was an Ack. */
static bool
answer(struct v6d_fsm *f, uint8_t id, struct v6d_wire opts)
{
	uint8_t rej_buf[V6D_FSM_PACKET], nak_buf[V6D_FSM_PACKET];
	struct v6d_out rej = v6d_out_to(rej_buf, sizeof(rej_buf));
	struct v6d_out nak = v6d_out_to(nak_buf, sizeof(nak_buf));

	weigh(f, opts, &rej, &nak);
	if (rej.len > 0) {
		send_packet(f, V6D_CP_CONF_REJ, id, rej_buf, rej.len);
	} else if (nak.len > 0) {
		f->naks++;
		send_packet(f, V6D_CP_CONF_NAK, id, nak_buf, nak.len);
	} else {
		f->naks = 0;
		send_packet(
		    f, V6D_CP_CONF_ACK, id, opts.p, v6d_wire_left(&opts));
		f->ops->accept(f->owner, &opts);
		return true;
	}
	f->rounds++;
	return false;
}

/* The states in which the peer's request is answered, after RFC 1661 4.1. */
static void
on_negotiating_request(struct v6d_fsm *f, uint8_t id, struct v6d_wire opts)
{
	bool good = answer(f, id, opts);

	if (f->rounds > MAX_ROUNDS)
		end(f, V6D_FSM_END_NO_AGREEMENT);
	else if (good && f->state == V6D_FSM_ACK_RCVD)
		opened(f);
	else if (f->state != V6D_FSM_ACK_RCVD)
		f->state = good ? V6D_FSM_ACK_SENT : V6D_FSM_REQ_SENT;
}

static void
on_request(struct v6d_fsm *f, uint8_t id, struct v6d_wire opts, v6d_ns now)
{
	if (!well_formed(opts))
		return;
	switch (f->state) {
	case V6D_FSM_CLOSED:
		send_packet(f, V6D_CP_TERM_ACK, id, NULL, 0);
		return;
	case V6D_FSM_CLOSING:
		return;
	case V6D_FSM_OPENED:
		f->state = V6D_FSM_REQ_SENT;
		f->ops->down(f->owner);
		new_request(f, now);
		break;
	case V6D_FSM_STOPPED:
		f->state = V6D_FSM_REQ_SENT;
		new_request(f, now);
		break;
	case V6D_FSM_REQ_SENT:
	case V6D_FSM_ACK_RCVD:
	case V6D_FSM_ACK_SENT:
		break;
	}
	on_negotiating_request(f, id, opts);
}

/* True for the first answer to our last request; duplicates are not. */
static bool
answers_us(struct v6d_fsm *f, uint8_t id)
{
	if (f->state < V6D_FSM_REQ_SENT || id != f->id || f->answered)
		return false;
	f->answered = true;
	return true;
}

static void
on_ack(struct v6d_fsm *f, uint8_t id, struct v6d_wire opts, v6d_ns now)
{
	size_t n = v6d_wire_left(&opts);

	if (n != f->asked_len || memcmp(opts.p, f->asked, n) != 0)
		return;
	if (!answers_us(f, id))
		return;
	if (f->state == V6D_FSM_ACK_SENT) {
		opened(f);
	} else if (f->state == V6D_FSM_REQ_SENT) {
		f->state = V6D_FSM_ACK_RCVD;
		f->tries = MAX_CONFIGURE;
		f->timer = now + f->restart;
	}
}

static void
on_refusal(struct v6d_fsm *f, uint8_t code, uint8_t id, struct v6d_wire opts,
    v6d_ns now)
{
	if (!well_formed(opts) || !answers_us(f, id))
		return;
	if (++f->rounds > MAX_ROUNDS) {
		end(f, V6D_FSM_END_NO_AGREEMENT);
		return;
	}
	f->ops->refused(f->owner, code, &opts);
	if (f->state == V6D_FSM_ACK_RCVD)
		f->state = V6D_FSM_REQ_SENT;
	if (f->state >= V6D_FSM_REQ_SENT)
		new_request(f, now);
}

static void
on_terminate(struct v6d_fsm *f, uint8_t id)
{
	send_packet(f, V6D_CP_TERM_ACK, id, NULL, 0);
	if (f->state >= V6D_FSM_REQ_SENT)
		end(f, V6D_FSM_END_TERMINATED);
}

/* data: the rejected packet. Without the basic codes there is no hope. */
static void
on_code_reject(struct v6d_fsm *f, struct v6d_wire data)
{
	uint8_t code = v6d_wire_u8(&data);

	if (!data.err && code <= LAST_BASIC_CODE &&
	    f->state >= V6D_FSM_REQ_SENT)
		end(f, V6D_FSM_END_NO_AGREEMENT);
}

static void
on_other(struct v6d_fsm *f, const struct v6d_cp *c, const uint8_t *packet,
    struct v6d_wire *data)
{
	size_t n = c->length;

	if (f->ops->other && f->ops->other(f->owner, c, data))
		return;
	if (n > V6D_FSM_PACKET - 4)
		n = V6D_FSM_PACKET - 4;
	send_packet(f, V6D_CP_CODE_REJ, ++f->side_id, packet, n);
}

void
v6d_fsm_init(struct v6d_fsm *f, const struct v6d_fsm_ops *ops, void *owner,
    v6d_ns restart)
{
	*f = (struct v6d_fsm){
		.ops = ops,
		.owner = owner,
		.restart = restart,
		.first = restart,
		.timer = V6D_NEVER,
	};
}

void
v6d_fsm_open(struct v6d_fsm *f, bool passive, v6d_ns now)
{
	if (passive) {
		f->state = V6D_FSM_STOPPED;
		return;
	}
	f->state = V6D_FSM_REQ_SENT;
	new_request(f, now);
}

void
v6d_fsm_close(struct v6d_fsm *f)
{
	if (f->state < V6D_FSM_REQ_SENT)
		return;
	f->state = V6D_FSM_CLOSING;
	f->timer = V6D_NEVER;
	send_packet(f, V6D_CP_TERM_REQ, ++f->side_id, NULL, 0);
}

void
v6d_fsm_reset(struct v6d_fsm *f)
{
	uint8_t id = f->id;
	v6d_ns first = f->first;

	v6d_fsm_init(f, f->ops, f->owner, f->restart);
	f->id = id;
	f->first = first;
}

void
v6d_fsm_input(struct v6d_fsm *f, struct v6d_wire *w, v6d_ns now)
{
	const uint8_t *packet = w->p;
	struct v6d_wire data;
	struct v6d_cp c;

	if (v6d_cp_decode(w, &c, &data) != V6D_WIRE_OK)
		return;
	switch (c.code) {
	case V6D_CP_CONF_REQ:
		on_request(f, c.id, data, now);
		break;
	case V6D_CP_CONF_ACK:
		on_ack(f, c.id, data, now);
		break;
	case V6D_CP_CONF_NAK:
	case V6D_CP_CONF_REJ:
		on_refusal(f, c.code, c.id, data, now);
		break;
	case V6D_CP_TERM_REQ:
		on_terminate(f, c.id);
		break;
	case V6D_CP_TERM_ACK:
		if (f->state == V6D_FSM_CLOSING)
			end(f, V6D_FSM_END_CLOSED);
		break;
	case V6D_CP_CODE_REJ:
		on_code_reject(f, data);
		break;
	default:
		on_other(f, &c, packet, &data);
		break;
	}
}

void
v6d_fsm_tick(struct v6d_fsm *f, v6d_ns now)
{
	if (f->state == V6D_FSM_STOPPED) { /* opened with a delay */
		v6d_fsm_open(f, false, now);
		return;
	}
	if (f->tries == 0) {
		end(f, V6D_FSM_END_SILENCE);
		return;
	}
	if (f->state == V6D_FSM_ACK_RCVD)
		f->state = V6D_FSM_REQ_SENT;
	repeat_request(f, now);
}
