/* SPDX-License-Identifier: GPL-2.0-or-later */
/* eap.c - EAP packets in PPP (RFC 3748 4, 5), with MD5-Challenge. */
#include "proto/eap.h"

enum { DATA_MAX = 512 };

static void
md5_parts(struct v6d_wire *data, struct v6d_eap *e)
{
	uint8_t n = v6d_wire_u8(data);

	e->value = v6d_wire_take(data, n);
	e->value_len = e->value ? n : 0;
	e->name = v6d_wire_rest(data, &e->name_len);
}

enum v6d_wire_err
v6d_eap_decode(struct v6d_wire *w, struct v6d_eap *e)
{
	struct v6d_wire data, parts;

	*e = (struct v6d_eap){ 0 };
	v6d_cp_decode(w, &e->cp, &data);
	if (e->cp.code == V6D_EAP_REQUEST || e->cp.code == V6D_EAP_RESPONSE) {
		e->type = v6d_wire_u8(&data);
		parts = data;
		e->data = v6d_wire_rest(&data, &e->data_len);
		if (e->type == V6D_EAP_MD5)
			md5_parts(&parts, e);
		v6d_wire_fail(&data, parts.err);
	}
	v6d_wire_fail(w, data.err);
	return w->err;
}

void
v6d_eap_encode(struct v6d_out *o, uint8_t code, uint8_t id, uint8_t type,
    const void *data, size_t n)
{
	uint8_t buf[DATA_MAX];
	struct v6d_out d = v6d_out_to(buf, sizeof(buf));

	v6d_out_u8(&d, type);
	v6d_out_bytes(&d, data, n);
	if (d.full)
		o->full = true;
	else
		v6d_cp_encode(o, code, id, buf, d.len);
}

void
v6d_eap_encode_md5(struct v6d_out *o, uint8_t code, uint8_t id,
    const uint8_t *value, uint8_t value_len, const char *name)
{
	uint8_t buf[DATA_MAX];
	struct v6d_out d = v6d_out_to(buf, sizeof(buf));

	v6d_out_u8(&d, value_len);
	v6d_out_bytes(&d, value, value_len);
	v6d_out_bytes(&d, name, strlen(name));
	if (d.full)
		o->full = true;
	else
		v6d_eap_encode(o, code, id, V6D_EAP_MD5, buf, d.len);
}
