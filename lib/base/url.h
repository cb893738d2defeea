/* SPDX-License-Identifier: GPL-2.0-or-later */
/* url.h - http URLs with an address or a name in them (RFC 3986 3.2.2). */
#ifndef V6D_BASE_URL_H
#define V6D_BASE_URL_H

#include "base/addr.h"

#define V6D_URL_TEXT 256

struct v6d_url {
	struct v6d_addr addr; /* family 0: the host is a name */
	char host[V6D_URL_TEXT]; /* as written, without brackets */
	uint16_t port; /* 0: none is given */
	char path[V6D_URL_TEXT]; /* "/" where none is given */
	bool bare; /* an IPv6 address without the brackets it needs */
};

/*
 * Reads http://HOST[:PORT][/PATH] or https://...; an IPv6 address may lack
 * its brackets, then all up to the path is taken for the address. A zone
 * ("%25eth0") is left out. False leaves *ret untouched.
 */
bool v6d_url_parse(const char *s, struct v6d_url *ret);

/* The URL as it has to be written. Writes at most n bytes; returns buf. */
const char *v6d_url_text(const struct v6d_url *u, char *buf, size_t n);

#endif
