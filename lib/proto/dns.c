/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns.c - DNS messages (RFC 1035 4). */
#include "proto/dns.h"

enum {
	HEADER = 12,
	FLAG_RESPONSE = 0x8000,
	FLAG_AA = 0x0400,
	FLAG_TC = 0x0200,
	FLAG_RD = 0x0100,
	RCODE = 0x000f,

	LABEL_MAX = 63,
	NAME_MAX_LEN = 253, /* as text, without the final dot */
	POINTER = 0xc0, /* both bits of RFC 1035 4.1.4 */

	CLASS_IN = 1,
	TYPE_CNAME = 5,
	TYPE_OPT = 41,
};

/* What cannot stand in a host name is shown as '?', so that text is safe. */
static char
name_char(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c + ('a' - 'A'));
	return c > 0x20 && c < 0x7f && c != '.' ? (char)c : '?';
}

/* Appends one label to name, which holds *len characters. */
static bool
put_label(char *name, size_t *len, const uint8_t *label, size_t n)
{
	size_t dot = *len > 0 ? 1 : 0;

	if (*len + dot + n > NAME_MAX_LEN)
		return false;
	if (dot)
		name[(*len)++] = '.';
	for (size_t i = 0; i < n; i++)
		name[(*len)++] = name_char(label[i]);
	name[*len] = '\0';
	return true;
}

/* Moves r to offset `at` of the message, which must lie before *ret_limit. */
static bool
jump(struct v6d_wire *r, const uint8_t *start, const uint8_t **ret_limit,
    size_t at)
{
	/* Each jump goes further back than the one before: it must end. */
	if (at >= (size_t)(*ret_limit - start))
		return false;
	r->p = start + at;
	*ret_limit = r->p;
	return true;
}

/*
 * Reads a name, w being left behind it. `name` has V6D_DNS_NAME bytes.
 * `start`: the message's first byte, which pointers count from.
 */
static void
read_name(struct v6d_wire *w, const uint8_t *start, char *name)
{
	const uint8_t *limit = w->p;
	struct v6d_wire r = *w;
	bool jumped = false;
	size_t len = 0;

	name[0] = '\0';
	for (;;) {
		uint8_t n = v6d_wire_u8(&r);
		const uint8_t *label;

		if ((n & POINTER) == POINTER) {
			size_t at = (size_t)(n & ~POINTER & 0xff) << 8;

			at |= v6d_wire_u8(&r);
			if (!jumped)
				*w = r;
			jumped = true;
			if (r.err || !jump(&r, start, &limit, at))
				break;
			continue;
		}
		if (n == 0 && !r.err) {
			if (!jumped)
				*w = r;
			return;
		}
		if (r.err || n > LABEL_MAX)
			break;
		label = v6d_wire_take(&r, n);
		if (!label || !put_label(name, &len, label, n))
			break;
	}
	v6d_wire_fail(w, r.err ? r.err : V6D_WIRE_MALFORMED);
}

static void
read_address(struct v6d_wire *w, struct v6d_dns *d, uint16_t type, size_t n)
{
	size_t want = type == V6D_DNS_A ? 4 : 16;
	const uint8_t *p;

	if (n != want) {
		v6d_wire_fail(w, V6D_WIRE_MALFORMED);
		return;
	}
	p = v6d_wire_take(w, n);
	if (!p)
		return;
	if (d->n_addrs == V6D_DNS_ADDRS)
		d->n_dropped++;
	else
		d->addrs[d->n_addrs++] = n == 4 ? v6d_addr_4(p) : v6d_addr_6(p);
}

/* One resource record of the answer section (RFC 1035 4.1.3). */
static void
read_answer(struct v6d_wire *w, const uint8_t *start, struct v6d_dns *d)
{
	char owner[V6D_DNS_NAME];
	uint16_t type, class, n;

	read_name(w, start, owner);
	type = v6d_wire_be16(w);
	class = v6d_wire_be16(w);
	v6d_wire_be32(w); /* TTL */
	n = v6d_wire_be16(w);
	if (w->err)
		return;
	if (class == CLASS_IN && (type == V6D_DNS_A || type == V6D_DNS_AAAA)) {
		read_address(w, d, type, n);
		return;
	}
	if (class == CLASS_IN && type == TYPE_CNAME)
		d->has_cname = true;
	v6d_wire_take(w, n);
}

enum v6d_wire_err
v6d_dns_decode(struct v6d_wire *w, struct v6d_dns *d)
{
	const uint8_t *start = w->p, *h = v6d_wire_take(w, HEADER);
	unsigned questions, answers, flags;

	*d = (struct v6d_dns){ 0 };
	if (!h)
		return w->err;
	d->id = v6d_be16(h);
	flags = v6d_be16(h + 2);
	d->response = flags & FLAG_RESPONSE;
	d->authoritative = flags & FLAG_AA;
	d->truncated = flags & FLAG_TC;
	d->rcode = flags & RCODE;
	questions = v6d_be16(h + 4);
	answers = v6d_be16(h + 6);
	for (unsigned i = 0; i < questions && !w->err; i++) {
		char other[V6D_DNS_NAME];
		uint16_t type;

		read_name(w, start, i == 0 ? d->qname : other);
		type = v6d_wire_be16(w);
		v6d_wire_be16(w); /* class */
		if (i == 0)
			d->qtype = type;
	}
	for (unsigned i = 0; i < answers && !w->err; i++)
		read_answer(w, start, d);
	return w->err;
}

/* Characters of the label at s, or 0: not a host name's. */
static size_t
label_len(const char *s)
{
	size_t n = 0;

	while ((s[n] >= 'a' && s[n] <= 'z') || (s[n] >= 'A' && s[n] <= 'Z') ||
	       (s[n] >= '0' && s[n] <= '9') || s[n] == '-' || s[n] == '_')
		n++;
	return n <= LABEL_MAX && (s[n] == '.' || s[n] == '\0') ? n : 0;
}

static bool
is_name(const char *s)
{
	size_t len = strlen(s), i = 0;

	if (len > 0 && s[len - 1] == '.')
		len--;
	if (len > NAME_MAX_LEN)
		return false;
	while (i < len) {
		size_t n = label_len(s + i);

		if (n == 0)
			return false;
		i += n + 1;
	}
	return i == len + 1;
}

static void
put_opt(struct v6d_out *o, uint16_t size)
{
	v6d_out_u8(o, 0); /* the root's name */
	v6d_out_be16(o, TYPE_OPT);
	v6d_out_be16(o, size);
	v6d_out_be32(o, 0); /* version 0, no flags */
	v6d_out_be16(o, 0); /* no options */
}

bool
v6d_dns_encode_query(struct v6d_out *o, uint16_t id, const char *name,
    uint16_t type, uint16_t edns)
{
	size_t n;

	if (!is_name(name))
		return false;
	v6d_out_be16(o, id);
	v6d_out_be16(o, FLAG_RD);
	v6d_out_be16(o, 1); /* question */
	v6d_out_fill(o, 0, 4); /* no answers, no authority */
	v6d_out_be16(o, edns ? 1 : 0);
	for (; *name; name += n + (name[n] == '.' ? 1 : 0)) {
		n = label_len(name);
		v6d_out_u8(o, (uint8_t)n);
		v6d_out_bytes(o, name, n);
	}
	v6d_out_u8(o, 0);
	v6d_out_be16(o, type);
	v6d_out_be16(o, CLASS_IN);
	if (edns)
		put_opt(o, edns);
	return true;
}
