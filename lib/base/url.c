/* SPDX-License-Identifier: GPL-2.0-or-later */
/* url.c - http URLs with an address or a name in them (RFC 3986 3.2.2). */
#include "base/url.h"

#include <stdio.h>
#include <string.h>

#define PORT_MAX 65535

/* What stands behind "http://", or NULL: another scheme, or none. */
static const char *
behind_scheme(const char *s)
{
	static const char *const schemes[] = { "http://", "https://" };

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t n = strlen(schemes[i]);

		if (strncmp(s, schemes[i], n) == 0)
			return s + n;
	}
	return NULL;
}

/* All n characters as a port. */
static bool
read_port(const char *s, size_t n, uint16_t *ret)
{
	unsigned v = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		v = v * 10 + (unsigned)(s[i] - '0');
		if (v > PORT_MAX)
			return false;
	}
	*ret = (uint16_t)v;
	return n > 0 && v > 0;
}

static void
put(char *to, const char *s, size_t n)
{
	memcpy(to, s, n);
	to[n] = '\0';
}

/* "[ADDRESS]" or "[ADDRESS]:PORT" (RFC 6874: "[ADDRESS%25ZONE]"). */
static bool
read_bracketed(const char *s, size_t n, struct v6d_url *u)
{
	const char *end = memchr(s, ']', n);
	size_t len = end ? (size_t)(end - s) - 1 : 0, rest;

	if (!end)
		return false;
	put(u->host, s + 1, len);
	u->host[strcspn(u->host, "%")] = '\0';
	rest = n - len - 2;
	if (rest > 0 &&
	    (end[1] != ':' || !read_port(end + 2, rest - 1, &u->port)))
		return false;
	return v6d_addr_parse(u->host, &u->addr) && u->addr.family == 6;
}

static bool
is_name(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz"
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

	return n > 0 && s[n] == '\0';
}

static bool
read_host(const char *s, size_t n, struct v6d_url *u)
{
	const char *colon;

	if (n == 0 || n >= sizeof(u->host))
		return false;
	if (s[0] == '[')
		return read_bracketed(s, n, u);
	put(u->host, s, n);
	u->host[strcspn(u->host, "%")] = '\0';
	if (v6d_addr_parse(u->host, &u->addr)) {
		u->bare = u->addr.family == 6;
		return true;
	}
	colon = memchr(s, ':', n);
	if (colon) {
		size_t len = (size_t)(colon - s);

		if (!read_port(colon + 1, n - len - 1, &u->port))
			return false;
		put(u->host, s, len);
	}
	return v6d_addr_parse(u->host, &u->addr) || is_name(u->host);
}

bool
v6d_url_parse(const char *s, struct v6d_url *ret)
{
	const char *host = behind_scheme(s);
	struct v6d_url u = { .path = "/" };
	size_t n = host ? strcspn(host, "/?#") : 0;

	if (!host || !read_host(host, n, &u))
		return false;
	if (host[n] == '/') {
		size_t len = strcspn(host + n, "#");

		if (len >= sizeof(u.path))
			return false;
		put(u.path, host + n, len);
	}
	*ret = u;
	return true;
}

const char *
v6d_url_text(const struct v6d_url *u, char *buf, size_t n)
{
	bool six = u->addr.family == 6;
	char port[8] = "";

	if (u->port)
		snprintf(port, sizeof(port), ":%u", u->port);
	snprintf(buf, n, "http://%s%s%s%s%s", six ? "[" : "", u->host,
	    six ? "]" : "", port, u->path);
	return buf;
}
