/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pptp.c - PPTP control messages (RFC 2637 sections 1.4 and 2). */
#include "proto/pptp.h"

enum {
	MESSAGE_CONTROL = 1, /* the only PPTP message type defined */
	COOKIE_AT = 4,
	TYPE_AT = 8,
	NAME_LEN = 64,
};

enum kind {
	KIND_U8 = 1,
	KIND_U16 = 2,
	KIND_U32 = 4,
	KIND_NAME = NAME_LEN,
	KIND_NAME_LEN, /* two bytes: the length of the name named */
};

/* One field: where in the message, and where in struct v6d_pptp. */
struct field {
	uint8_t at;
	uint8_t kind; /* enum kind */
	uint16_t member;
};

#define F(at, kind, member)                                 \
	{                                                   \
		at, kind, offsetof(struct v6d_pptp, member) \
	}
#define END             \
	{               \
		0, 0, 0 \
	}
#define WEN(i)      \
	(uint16_t)( \
	    offsetof(struct v6d_pptp, wen_errors) + (i) * sizeof(uint32_t))

/* RFC 2637 2.1, 2.2: they differ at 14, which SCCRQ reserves. */
static const struct field sccrq[] = {
	F(12, KIND_U16, version),
	F(16, KIND_U32, framing),
	F(20, KIND_U32, bearer),
	F(24, KIND_U16, max_channels),
	F(26, KIND_U16, firmware),
	F(28, KIND_NAME, host),
	F(92, KIND_NAME, vendor),
	END,
};
static const struct field sccrp[] = {
	F(12, KIND_U16, version),
	F(14, KIND_U8, result),
	F(15, KIND_U8, error),
	F(16, KIND_U32, framing),
	F(20, KIND_U32, bearer),
	F(24, KIND_U16, max_channels),
	F(26, KIND_U16, firmware),
	F(28, KIND_NAME, host),
	F(92, KIND_NAME, vendor),
	END,
};

/* 2.3, 2.4 */
static const struct field stopccrq[] = { F(12, KIND_U8, result), END };
static const struct field stopccrp[] = {
	F(12, KIND_U8, result),
	F(13, KIND_U8, error),
	END,
};

/* 2.5, 2.6 */
static const struct field echorq[] = { F(12, KIND_U32, echo_id), END };
static const struct field echorp[] = {
	F(12, KIND_U32, echo_id),
	F(16, KIND_U8, result),
	F(17, KIND_U8, error),
	END,
};

/* 2.7, 2.8 */
static const struct field ocrq[] = {
	F(12, KIND_U16, call_id),
	F(14, KIND_U16, serial),
	F(16, KIND_U32, min_bps),
	F(20, KIND_U32, max_bps),
	F(24, KIND_U32, bearer),
	F(28, KIND_U32, framing),
	F(32, KIND_U16, window),
	F(34, KIND_U16, delay),
	F(36, KIND_NAME_LEN, phone),
	F(40, KIND_NAME, phone),
	F(104, KIND_NAME, subaddress),
	END,
};
static const struct field ocrp[] = {
	F(12, KIND_U16, call_id),
	F(14, KIND_U16, peer_call_id),
	F(16, KIND_U8, result),
	F(17, KIND_U8, error),
	F(18, KIND_U16, cause),
	F(20, KIND_U32, max_bps),
	F(24, KIND_U16, window),
	F(26, KIND_U16, delay),
	F(28, KIND_U32, channel),
	END,
};

/* 2.9, 2.10, 2.11 */
static const struct field icrq[] = {
	F(12, KIND_U16, call_id),
	F(14, KIND_U16, serial),
	F(16, KIND_U32, bearer),
	F(20, KIND_U32, channel),
	F(24, KIND_NAME_LEN, phone),
	F(26, KIND_NAME_LEN, dialing),
	F(28, KIND_NAME, phone),
	F(92, KIND_NAME, dialing),
	F(156, KIND_NAME, subaddress),
	END,
};
static const struct field icrp[] = {
	F(12, KIND_U16, call_id),
	F(14, KIND_U16, peer_call_id),
	F(16, KIND_U8, result),
	F(17, KIND_U8, error),
	F(18, KIND_U16, window),
	F(20, KIND_U16, delay),
	END,
};
static const struct field iccn[] = {
	F(12, KIND_U16, peer_call_id),
	F(16, KIND_U32, max_bps),
	F(20, KIND_U16, window),
	F(22, KIND_U16, delay),
	F(24, KIND_U32, framing),
	END,
};

/* 2.12, 2.13; the call statistics of a CDN are not kept. */
static const struct field ccr[] = { F(12, KIND_U16, call_id), END };
static const struct field cdn[] = {
	F(12, KIND_U16, call_id),
	F(14, KIND_U8, result),
	F(15, KIND_U8, error),
	F(16, KIND_U16, cause),
	END,
};

/* 2.14, 2.15 */
static const struct field wen[] = {
	F(12, KIND_U16, peer_call_id),
	{ 16, KIND_U32, WEN(0) },
	{ 20, KIND_U32, WEN(1) },
	{ 24, KIND_U32, WEN(2) },
	{ 28, KIND_U32, WEN(3) },
	{ 32, KIND_U32, WEN(4) },
	{ 36, KIND_U32, WEN(5) },
	END,
};
static const struct field sli[] = {
	F(12, KIND_U16, peer_call_id),
	F(16, KIND_U32, send_accm),
	F(20, KIND_U32, recv_accm),
	END,
};

static const struct message {
	const char *name;
	const struct field *fields;
	uint8_t length;
} messages[] = {
	[V6D_PPTP_SCCRQ] = { "Start-Control-Connection-Request", sccrq, 156 },
	[V6D_PPTP_SCCRP] = { "Start-Control-Connection-Reply", sccrp, 156 },
	[V6D_PPTP_STOPCCRQ] = { "Stop-Control-Connection-Request", stopccrq,
	    16 },
	[V6D_PPTP_STOPCCRP] = { "Stop-Control-Connection-Reply", stopccrp, 16 },
	[V6D_PPTP_ECHORQ] = { "Echo-Request", echorq, 16 },
	[V6D_PPTP_ECHORP] = { "Echo-Reply", echorp, 20 },
	[V6D_PPTP_OCRQ] = { "Outgoing-Call-Request", ocrq, 168 },
	[V6D_PPTP_OCRP] = { "Outgoing-Call-Reply", ocrp, 32 },
	[V6D_PPTP_ICRQ] = { "Incoming-Call-Request", icrq, 220 },
	[V6D_PPTP_ICRP] = { "Incoming-Call-Reply", icrp, 24 },
	[V6D_PPTP_ICCN] = { "Incoming-Call-Connected", iccn, 28 },
	[V6D_PPTP_CCR] = { "Call-Clear-Request", ccr, 16 },
	[V6D_PPTP_CDN] = { "Call-Disconnect-Notify", cdn, 148 },
	[V6D_PPTP_WEN] = { "WAN-Error-Notify", wen, 40 },
	[V6D_PPTP_SLI] = { "Set-Link-Info", sli, 24 },
};

static const struct message *
message(uint16_t type)
{
	return type < V6D_ARRAY_LEN(messages) && messages[type].name
		   ? &messages[type]
		   : NULL;
}

size_t
v6d_pptp_length(uint16_t type)
{
	const struct message *k = message(type);

	return k ? k->length : 0;
}

const char *
v6d_pptp_type_name(uint16_t type)
{
	const struct message *k = message(type);

	return k ? k->name : "unknown";
}

enum v6d_wire_err
v6d_pptp_peek(const uint8_t *p, size_t n, size_t *ret_len)
{
	static const uint8_t fixed[] = { 0, MESSAGE_CONTROL, 0x1a, 0x2b, 0x3c,
		0x4d };
	size_t seen = n < TYPE_AT ? n : TYPE_AT, length, known;

	if (n > 0 && p[0] != 0)
		return V6D_WIRE_MALFORMED;
	if (n > 1 && (p[1] < V6D_PPTP_HEADER || p[1] > V6D_PPTP_MAX))
		return V6D_WIRE_MALFORMED;
	if (seen > 2 && memcmp(p + 2, fixed, seen - 2) != 0)
		return V6D_WIRE_MALFORMED;
	if (n < TYPE_AT + 2)
		return V6D_WIRE_TRUNCATED;
	length = v6d_be16(p);
	known = v6d_pptp_length(v6d_be16(p + TYPE_AT));
	if (known != 0 && known != length)
		return V6D_WIRE_MALFORMED;
	*ret_len = length;
	return V6D_WIRE_OK;
}

/* Names are padded with zeros or, by some, with what was in memory. */
static void
get_name(uint8_t *dst, const uint8_t *p)
{
	const uint8_t *nul = memchr(p, '\0', NAME_LEN);

	memcpy(dst, p, nul ? (size_t)(nul - p) : NAME_LEN);
}

static void
get_field(struct v6d_pptp *m, const struct field *f, const uint8_t *p)
{
	uint8_t *dst = (uint8_t *)m + f->member;
	uint16_t v16;
	uint32_t v32;

	switch ((enum kind)f->kind) {
	case KIND_U8:
		*dst = p[f->at];
		break;
	case KIND_U16:
		v16 = v6d_be16(p + f->at);
		memcpy(dst, &v16, sizeof(v16));
		break;
	case KIND_U32:
		v32 = v6d_be32(p + f->at);
		memcpy(dst, &v32, sizeof(v32));
		break;
	case KIND_NAME:
		get_name(dst, p + f->at);
		break;
	case KIND_NAME_LEN: /* the first NUL tells more reliably */
		break;
	}
}

static size_t
field_end(const struct field *f)
{
	return f->at + (f->kind == KIND_NAME_LEN ? 2u : f->kind);
}

/*
 * The fields of one message whose first `have` bytes are at p: those that a
 * short capture lost stay zero.
 */
static void
get_fields(
    struct v6d_pptp *m, const struct field *f, const uint8_t *p, size_t have)
{
	for (; f->at != 0; f++)
		if (field_end(f) <= have)
			get_field(m, f, p);
}

enum v6d_wire_err
v6d_pptp_decode(struct v6d_wire *w, struct v6d_pptp *m)
{
	const uint8_t *p = w->p;
	size_t have = v6d_wire_left(w), length = 0;
	const struct message *k;
	enum v6d_wire_err e = v6d_pptp_peek(p, have, &length);

	*m = (struct v6d_pptp){ 0 };
	if (w->err)
		return w->err;
	if (e == V6D_WIRE_MALFORMED || (e && !w->cut)) {
		v6d_wire_fail(w, V6D_WIRE_MALFORMED);
		return w->err;
	}
	if (e) {
		v6d_wire_fail(w, e);
		return w->err;
	}
	m->length = (uint16_t)length;
	m->type = v6d_be16(p + TYPE_AT);
	k = message(m->type);
	if (k)
		get_fields(m, k->fields, p, have < length ? have : length);
	v6d_wire_take(w, length);
	return w->err;
}

static void
put16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static size_t
name_len(const uint8_t *name)
{
	const uint8_t *nul = memchr(name, '\0', NAME_LEN);

	return nul ? (size_t)(nul - name) : NAME_LEN;
}

static void
put_field(const struct v6d_pptp *m, const struct field *f, uint8_t *p)
{
	const uint8_t *src = (const uint8_t *)m + f->member;
	uint16_t v16;
	uint32_t v32;

	switch ((enum kind)f->kind) {
	case KIND_U8:
		p[f->at] = *src;
		break;
	case KIND_U16:
		memcpy(&v16, src, sizeof(v16));
		put16(p + f->at, v16);
		break;
	case KIND_U32:
		memcpy(&v32, src, sizeof(v32));
		put16(p + f->at, v32 >> 16);
		put16(p + f->at + 2, v32 & 0xffffu);
		break;
	case KIND_NAME:
		memcpy(p + f->at, src, name_len(src));
		break;
	case KIND_NAME_LEN:
		put16(p + f->at, name_len(src));
		break;
	}
}

void
v6d_pptp_encode(struct v6d_out *o, const struct v6d_pptp *m)
{
	const struct message *k = message(m->type);
	uint8_t *p = k ? v6d_out_room(o, k->length) : NULL;

	if (!p) {
		o->full = true;
		return;
	}
	memset(p, 0, k->length);
	put16(p, k->length);
	put16(p + 2, MESSAGE_CONTROL);
	put16(p + COOKIE_AT, V6D_PPTP_COOKIE >> 16);
	put16(p + COOKIE_AT + 2, V6D_PPTP_COOKIE & 0xffffu);
	put16(p + TYPE_AT, m->type);
	for (const struct field *f = k->fields; f->at != 0; f++)
		put_field(m, f, p);
}

static const char *
word(const char *const *words, size_t n, uint8_t code)
{
	return code < n && words[code] ? words[code] : "unknown code";
}

const char *
v6d_pptp_result_text(uint16_t type, uint8_t result)
{
	/* 0 is no code of RFC 2637 2.2, but some modems mean success by it. */
	static const char *const start[] = { "success (sent as 0)", "success",
		"general error", "a control connection exists already",
		"the requester is not authorised",
		"the protocol version is not supported" };
	static const char *const stop[] = { NULL, "general request to stop",
		"protocol version not supported", "the peer is shutting down" };
	static const char *const plain[] = { NULL, "success", "general error" };
	static const char *const out[] = { NULL, "connected", "general error",
		"no carrier", "busy", "no dial tone", "timed out",
		"not accepted" };
	static const char *const in[] = { NULL, "connect", "general error",
		"not accepted" };
	static const char *const clear[] = { NULL, "lost carrier",
		"general error", "administrative shutdown", "on request" };

	switch (type) {
	case V6D_PPTP_SCCRP:
		return word(start, V6D_ARRAY_LEN(start), result);
	case V6D_PPTP_STOPCCRQ:
		return word(stop, V6D_ARRAY_LEN(stop), result);
	case V6D_PPTP_STOPCCRP:
	case V6D_PPTP_ECHORP:
		return word(plain, V6D_ARRAY_LEN(plain), result);
	case V6D_PPTP_OCRP:
		return word(out, V6D_ARRAY_LEN(out), result);
	case V6D_PPTP_ICRP:
		return word(in, V6D_ARRAY_LEN(in), result);
	case V6D_PPTP_CDN:
		return word(clear, V6D_ARRAY_LEN(clear), result);
	}
	return "unknown code";
}

const char *
v6d_pptp_error_text(uint8_t error)
{
	static const char *const words[] = { "none", "not connected",
		"bad format", "bad value", "no resource", "bad Call ID",
		"error in the server's hardware or software" };

	return word(words, V6D_ARRAY_LEN(words), error);
}
