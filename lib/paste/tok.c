/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tok.c - words, numbers and addresses as commands print them. */
#include "paste/impl.h"

#include <stdio.h>
#include <string.h>

bool
v6d_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
v6d_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool
v6d_starts(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

bool
v6d_ends(const char *s, const char *with)
{
	size_t n = strlen(s), k = strlen(with);

	return n >= k && strcmp(s + n - k, with) == 0;
}

bool
v6d_has(const char *s, const char *part)
{
	return strstr(s, part) != NULL;
}

bool
v6d_has_word(const char *s, const char *part)
{
	size_t k = strlen(part);

	for (; *s; s++) {
		size_t i = 0;

		while (i < k && lower(s[i]) == lower(part[i]))
			i++;
		if (i == k)
			return true;
	}
	return false;
}

void
v6d_copy(char *to, size_t cap, const char *from)
{
	size_t n = strlen(from);

	n = n < cap ? n : cap - 1;
	/* not through the middle of a character of UTF-8 */
	while (n > 0 && ((uint8_t)from[n] & 0xc0) == 0x80)
		n--;
	memcpy(to, from, n);
	to[n] = '\0';
}

void
v6d_tok_split(struct v6d_tok *t, const char *s)
{
	char *p = t->buf;

	t->line = s;
	t->n = 0;
	v6d_copy(t->buf, sizeof(t->buf), s);
	while (t->n < V6D_TOK_MAX) {
		p += strspn(p, " ");
		if (*p == '\0')
			return;
		t->t[t->n++] = p;
		p += strcspn(p, " ");
		if (*p == '\0')
			return;
		*p++ = '\0';
	}
}

bool
v6d_tok_is(const struct v6d_tok *t, unsigned i, const char *word)
{
	return i < t->n && strcmp(t->t[i], word) == 0;
}

int
v6d_tok_find(const struct v6d_tok *t, unsigned i, const char *word)
{
	for (; i < t->n; i++)
		if (strcmp(t->t[i], word) == 0)
			return (int)i;
	return -1;
}

const char *
v6d_tok_after(const struct v6d_tok *t, const char *word)
{
	int i = v6d_tok_find(t, 0, word);

	return i >= 0 && (unsigned)i + 1 < t->n ? t->t[i + 1] : "";
}

bool
v6d_lead(const char *s, int64_t *ret)
{
	int64_t v = 0;
	unsigned n = 0;

	for (; v6d_is_digit(*s) && n < 18; s++, n++)
		v = v * 10 + (*s - '0');
	if (n == 0)
		return false;
	*ret = v;
	return true;
}

static int
hex_digit(char c)
{
	c = lower(c);
	if (v6d_is_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
v6d_hex(const char *s, uint32_t *ret)
{
	uint32_t v = 0;
	unsigned n = 0;

	for (; hex_digit(*s) >= 0 && n < 8; s++, n++)
		v = v << 4 | (uint32_t)hex_digit(*s);
	if (n == 0)
		return false;
	*ret = v;
	return true;
}

bool
v6d_whole(const char *s, int64_t *ret)
{
	uint32_t v;

	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		if (strlen(s) > 10 || !v6d_hex(s + 2, &v))
			return false;
		for (const char *p = s + 2; *p; p++)
			if (hex_digit(*p) < 0)
				return false;
		*ret = v;
		return true;
	}
	if (*s == '\0' || s[strspn(s, "0123456789")] != '\0')
		return false;
	return v6d_lead(s, ret);
}

bool
v6d_ip(const char *s, struct v6d_addr *ret, int *ret_plen, char *zone,
    size_t zone_n)
{
	char buf[64];
	size_t n, k;
	int64_t plen = -1;

	if (zone && zone_n > 0)
		zone[0] = '\0';
	s += *s == '[' || *s == '(' || *s == '<';
	n = strspn(s, "0123456789abcdefABCDEF:.");
	if (n < 2 || n >= sizeof(buf))
		return false;
	memcpy(buf, s, n);
	buf[n] = '\0';
	s += n;
	/* "1.2.3.4:" and "fe80::1...": a mark of the sentence around it */
	while (n > 0 && (buf[n - 1] == '.' ||
			    (buf[n - 1] == ':' && n > 1 && buf[n - 2] != ':')))
		buf[--n] = '\0';
	if (!v6d_addr_parse(buf, ret))
		return false;
	if (*s == '%') {
		s++;
		k = strcspn(s, "/ ,)](>");
		if (zone && zone_n > 0) {
			char c[V6D_PASTE_NAME];

			v6d_copy(c, sizeof(c), s);
			if (k < sizeof(c))
				c[k] = '\0';
			v6d_copy(zone, zone_n, c);
		}
		s += k;
	}
	if (*s == '/' && !(v6d_lead(s + 1, &plen) && plen <= 128))
		plen = -1;
	if (ret_plen)
		*ret_plen = (int)plen;
	return true;
}

bool
v6d_mac(const char *s, uint8_t mac[8], uint8_t *ret_len)
{
	uint8_t b[8] = { 0 };
	uint8_t n = 0;
	char sep = '\0';

	for (;;) {
		unsigned v = 0, k = 0;

		for (; k < 2 && hex_digit(*s) >= 0; k++)
			v = v << 4 | (unsigned)hex_digit(*s++);
		if (k == 0 || n == 8)
			return false;
		b[n++] = (uint8_t)v;
		if (*s == '\0' || (*s != ':' && *s != '-') ||
		    (sep && *s != sep))
			break;
		sep = *s++;
	}
	if (*s != '\0' || (n != 6 && n != 8))
		return false;
	memcpy(mac, b, sizeof(b));
	*ret_len = n;
	return true;
}
