/* SPDX-License-Identifier: GPL-2.0-or-later */
/* auth.c - PAP (RFC 1334) and CHAP (RFC 1994, RFC 2759) packets. */
#include "proto/auth.h"

enum {
	PART_MAX = 255, /* a part's length is one octet */
};

/* One length octet and as many bytes. */
static const uint8_t *
part(struct v6d_wire *w, uint8_t *ret_len)
{
	uint8_t n = v6d_wire_u8(w);
	const uint8_t *p = v6d_wire_take(w, n);

	*ret_len = p ? n : 0;
	return p;
}

enum v6d_wire_err
v6d_pap_decode(struct v6d_wire *w, struct v6d_pap *p)
{
	struct v6d_wire data;

	*p = (struct v6d_pap){ 0 };
	v6d_cp_decode(w, &p->cp, &data);
	if (p->cp.code == V6D_PAP_REQ) {
		p->id = part(&data, &p->id_len);
		p->password = part(&data, &p->password_len);
	} else if ((p->cp.code == V6D_PAP_ACK || p->cp.code == V6D_PAP_NAK) &&
		   (v6d_wire_left(&data) > 0 || data.cut)) {
		/* Some leave out even the message's length. */
		p->id = part(&data, &p->id_len);
	}
	v6d_wire_fail(w, data.err);
	return w->err;
}

/* A string as one length octet and at most 255 bytes. */
static void
put_part(struct v6d_out *o, const char *s)
{
	size_t n = strlen(s);

	if (n > PART_MAX)
		n = PART_MAX;
	v6d_out_u8(o, (uint8_t)n);
	v6d_out_bytes(o, s, n);
}

/* Code, id and room for the length; returns where the packet starts. */
static size_t
put_header(struct v6d_out *o, uint8_t code, uint8_t id)
{
	size_t start = o->len;

	v6d_out_u8(o, code);
	v6d_out_u8(o, id);
	v6d_out_be16(o, 0);
	return start;
}

static void
put_length(struct v6d_out *o, size_t start)
{
	v6d_out_patch16(o, start + 2, (uint16_t)(o->len - start));
}

void
v6d_pap_encode_req(
    struct v6d_out *o, uint8_t id, const char *user, const char *password)
{
	size_t start = put_header(o, V6D_PAP_REQ, id);

	put_part(o, user);
	put_part(o, password);
	put_length(o, start);
}

void
v6d_pap_encode_reply(
    struct v6d_out *o, uint8_t code, uint8_t id, const char *message)
{
	size_t start = put_header(o, code, id);

	put_part(o, message);
	put_length(o, start);
}

enum v6d_wire_err
v6d_chap_decode(struct v6d_wire *w, struct v6d_chap *c)
{
	struct v6d_wire data;
	uint8_t n;

	*c = (struct v6d_chap){ 0 };
	v6d_cp_decode(w, &c->cp, &data);
	if (c->cp.code == V6D_CHAP_CHALLENGE ||
	    c->cp.code == V6D_CHAP_RESPONSE) {
		c->value = part(&data, &n);
		c->value_len = n;
		c->name = v6d_wire_rest(&data, &c->name_len);
	} else if (c->cp.code == V6D_CHAP_SUCCESS ||
		   c->cp.code == V6D_CHAP_FAILURE) {
		c->message = v6d_wire_rest(&data, &c->message_len);
	}
	v6d_wire_fail(w, data.err);
	return w->err;
}

void
v6d_chap_encode_value(struct v6d_out *o, uint8_t code, uint8_t id,
    const uint8_t *value, uint8_t value_len, const char *name)
{
	size_t start = put_header(o, code, id);

	v6d_out_u8(o, value_len);
	v6d_out_bytes(o, value, value_len);
	v6d_out_bytes(o, name, strlen(name));
	put_length(o, start);
}

void
v6d_chap_encode_message(
    struct v6d_out *o, uint8_t code, uint8_t id, const char *message)
{
	v6d_cp_encode(o, code, id, (const uint8_t *)message, strlen(message));
}

unsigned
v6d_mschap_error(const uint8_t *message, size_t n)
{
	unsigned e = 0;
	size_t i = 0;

	while (i + 1 < n && (message[i] != 'E' || message[i + 1] != '=' ||
				(i > 0 && message[i - 1] != ' ')))
		i++;
	for (i += 2; i < n && message[i] >= '0' && message[i] <= '9'; i++)
		if (e < 100000) /* real ones have three digits */
			e = e * 10 + (unsigned)(message[i] - '0');
	return e;
}

const char *
v6d_mschap_error_text(unsigned e)
{
	switch (e) {
	case 646:
		return "logon not allowed at this time";
	case 647:
		return "account disabled";
	case 648:
		return "password expired";
	case 649:
		return "no permission to dial in";
	case 691:
		return "authentication failure";
	case 709:
		return "changing the password failed";
	}
	return NULL;
}
