/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile_values.c - turns the text of a value into its field. */
#include "io/profile_keys.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/lang.h"
#include "base/text.h"
#include "base/url.h"
#include "base/wire.h"

static const char too_long[] = "is too long";
static const char too_many[] = "has too many values (8 are allowed)";

static const char *
set_text(char *field, size_t n, const char *v)
{
	size_t len = strlen(v);

	if (len >= n)
		return too_long;
	memcpy(field, v, len + 1);
	return NULL;
}

static const char *
set_host(char *field, const char *v)
{
	for (const char *c = v; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr(".-_:[]", *c))
			return N_("must be a host name or an address");
	return set_text(field, V6D_PROFILE_TEXT, v);
}

static const char *
set_number(unsigned *field, const char *v, unsigned min, unsigned max)
{
	static const char bad[] = "must be a whole number";
	unsigned long long n;
	char *end;

	if (!isdigit((unsigned char)v[0]))
		return bad;
	errno = 0;
	n = strtoull(v, &end, 10);
	if (errno || *end || n < min || n > max)
		return bad;
	*field = (unsigned)n;
	return NULL;
}

/* HOST, HOST:PORT, [ADDRESS]:PORT; an address alone has more colons. */
static const char *
set_hostport(char *field, const char *v)
{
	const char *colon = strrchr(v, ':');
	unsigned port;

	if (colon && (strchr(v, ':') == colon || colon[-1] == ']') &&
	    set_number(&port, colon + 1, 1, 65535))
		return N_("must be HOST or HOST:PORT");
	return set_host(field, v);
}

static bool
is_ifname(const char *v)
{
	size_t n = strlen(v);

	if (n < 1 || n > 15 || strcmp(v, ".") == 0 || strcmp(v, "..") == 0)
		return false;
	for (const char *c = v; *c; c++)
		if (!isgraph((unsigned char)*c) || strchr("/:%", *c))
			return false;
	return true;
}

static const char *
set_ifname(char *field, const char *v)
{
	if (!is_ifname(v))
		return N_("must be an interface name (at most 15 characters)");
	return set_text(field, 16, v);
}

/* Calls set for every word of v; blanks and commas stand between. */
static const char *
each_word(const char *v, void *list, const char *(*set)(void *, const char *))
{
	static const char between[] = " \t,";
	char word[64];

	for (;;) {
		size_t n;
		const char *bad;

		v += strspn(v, between);
		n = strcspn(v, between);
		if (n == 0)
			return NULL;
		if (n >= sizeof(word))
			return too_long;
		memcpy(word, v, n);
		word[n] = '\0';
		bad = set(list, word);
		if (bad)
			return bad;
		v += n;
	}
}

static const char *
add_text(struct v6d_text_list *l, const char *word)
{
	if (l->n == V6D_PROFILE_LIST)
		return too_many;
	return set_text(l->s[l->n++], sizeof(l->s[0]), word);
}

static const char *
add_ifname(void *list, const char *word)
{
	if (!is_ifname(word))
		return N_("must be interface names (at most 15 characters)");
	return add_text(list, word);
}

static const char *
add_service(void *list, const char *word)
{
	unsigned port;

	if ((strncmp(word, "tcp/", 4) != 0 && strncmp(word, "udp/", 4) != 0) ||
	    set_number(&port, word + 4, 1, 65535))
		return N_("must be services like tcp/22 or udp/53");
	return add_text(list, word);
}

/* People paste the URL that they tried: its address is what is meant. */
static bool
read_addr(const char *v, struct v6d_addr *ret)
{
	struct v6d_url u;

	if (v6d_addr_parse(v, ret))
		return true;
	if (!v6d_url_parse(v, &u) || u.addr.family == 0)
		return false;
	*ret = u.addr;
	return true;
}

static const char *
set_addr(struct v6d_addr *field, const char *v, unsigned family)
{
	struct v6d_addr a;

	if (!read_addr(v, &a) || (family && a.family != family))
		return family == 4   ? "must be an IPv4 address"
		       : family == 6 ? "must be an IPv6 address"
				     : "must be an address";
	*field = a;
	return NULL;
}

static const char *
add_addr(struct v6d_addr_list *l, const char *word, unsigned family)
{
	const char *bad;

	if (l->n == V6D_PROFILE_LIST)
		return too_many;
	bad = set_addr(&l->a[l->n], word, family);
	if (!bad)
		l->n++;
	return bad;
}

static const char *
add_addr6(void *list, const char *word)
{
	return add_addr(list, word, 6);
}

static const char *
add_any_addr(void *list, const char *word)
{
	return add_addr(list, word, 0);
}

static const char *
set_pool(struct v6d_prefix *field, const char *v)
{
	struct v6d_prefix p;

	if (!v6d_prefix_parse(v, &p) || p.addr.family != 6 || p.len > 64)
		return N_("must be an IPv6 prefix of at most 64 bits, like "
			  "2001:db8:118::/48");
	*field = p;
	return NULL;
}

static const char *
set_ifid(uint8_t *field, const char *v)
{
	static const uint8_t zero[8];
	struct v6d_addr a;

	if (!v6d_addr_parse(v, &a) || a.family != 6 ||
	    memcmp(a.b, zero, 8) != 0 || memcmp(a.b + 8, zero, 8) == 0)
		return N_("must be an interface identifier, like ::1");
	memcpy(field, a.b + 8, 8);
	return NULL;
}

static const char *
set_bool(bool *field, const char *v, const char *yes, const char *no,
    const char *bad)
{
	if (strcmp(v, yes) == 0)
		*field = true;
	else if (strcmp(v, no) == 0)
		*field = false;
	else
		return bad;
	return NULL;
}

static const char *
add_auth(void *field, const char *word)
{
	static const struct {
		const char *word;
		unsigned mask;
	} words[] = {
		{ "any", V6D_AUTH_ANY },
		{ "none", V6D_AUTH_NONE },
		{ "pap", V6D_AUTH_PAP },
		{ "chap", V6D_AUTH_CHAP },
		{ "mschapv2", V6D_AUTH_MSCHAPV2 },
		{ "eap", V6D_AUTH_EAP },
	};
	unsigned *mask = field;

	for (size_t i = 0; i < V6D_ARRAY_LEN(words); i++)
		if (strcmp(words[i].word, word) == 0) {
			*mask |= words[i].mask;
			return NULL;
		}
	return N_("must be any, none, pap, chap, mschapv2 or eap");
}

static const char *
set_auth(unsigned *field, const char *v)
{
	unsigned mask = 0;
	const char *bad = each_word(v, &mask, add_auth);

	if (!bad)
		*field = mask;
	return bad;
}

/* words: "eager silent"; the value is the place of v among them. */
static const char *
set_word(unsigned *field, const char *v, const char *words)
{
	size_t len = strlen(v);

	for (unsigned i = 0; *words; i++) {
		size_t n = strcspn(words, " ");

		if (n == len && memcmp(words, v, n) == 0) {
			*field = i;
			return NULL;
		}
		words += n + (words[n] == ' ');
	}
	return N_("must be one of these words");
}

static bool
is_list(enum v6d_form f)
{
	return f == V6D_FORM_IFNAMES || f == V6D_FORM_SERVICES ||
	       f == V6D_FORM_ADDRS6 || f == V6D_FORM_ADDRS;
}

/* The enums of struct v6d_profile are filled in as unsigned. */
_Static_assert(sizeof(enum v6d_mppe_wish) == sizeof(unsigned), "enum size");
_Static_assert(V6D_MPPE_REFUSE == 2 && V6D_LCP_SILENT == 1, "words");

static const char *
set_field(const struct v6d_key *k, void *f, const char *v)
{
	switch (k->form) {
	case V6D_FORM_TEXT:
	case V6D_FORM_FILE:
		return set_text(f, V6D_PROFILE_TEXT, v);
	case V6D_FORM_HOST:
		return set_host(f, v);
	case V6D_FORM_HOSTPORT:
		return set_hostport(f, v);
	case V6D_FORM_IFNAME:
		return set_ifname(f, v);
	case V6D_FORM_IFNAMES:
		return each_word(v, f, add_ifname);
	case V6D_FORM_SERVICES:
		return each_word(v, f, add_service);
	case V6D_FORM_ADDR4:
		return set_addr(f, v, 4);
	case V6D_FORM_ADDR6:
		return set_addr(f, v, 6);
	case V6D_FORM_ADDRS6:
		return each_word(v, f, add_addr6);
	case V6D_FORM_ADDRS:
		return each_word(v, f, add_any_addr);
	case V6D_FORM_POOL:
		return set_pool(f, v);
	case V6D_FORM_IFID:
		return set_ifid(f, v);
	case V6D_FORM_NUMBER:
		return set_number(f, v, k->min, k->max);
	case V6D_FORM_BOOL:
		return set_bool(f, v, "yes", "no", "must be yes or no");
	case V6D_FORM_AUTH:
		return set_auth(f, v);
	case V6D_FORM_WORD:
		return set_word(f, v, k->words);
	case V6D_FORM_POLICY:
		return set_bool(
		    f, v, "no-syn", "stateful", "must be stateful or no-syn");
	}
	return N_("cannot be read");
}

const char *
v6d_key_set(const struct v6d_key *k, struct v6d_profile *p, const char *value,
    bool again)
{
	if (again && !is_list(k->form))
		return N_("is given twice");
	if (!value[0])
		return N_("has no value");
	return set_field(k, (uint8_t *)p + k->offset, value);
}

static const char *
form_name(enum v6d_form f)
{
	switch (f) {
	case V6D_FORM_TEXT:
		return "TEXT";
	case V6D_FORM_FILE:
		return "FILE";
	case V6D_FORM_HOST:
		return "HOST";
	case V6D_FORM_HOSTPORT:
		return "HOST[:PORT]";
	case V6D_FORM_IFNAME:
		return "INTERFACE";
	case V6D_FORM_IFNAMES:
		return "INTERFACE...";
	case V6D_FORM_SERVICES:
		return "tcp/PORT udp/PORT...";
	case V6D_FORM_ADDR4:
		return "IPv4 ADDRESS";
	case V6D_FORM_ADDR6:
		return "IPv6 ADDRESS";
	case V6D_FORM_ADDRS6:
		return "IPv6 ADDRESS...";
	case V6D_FORM_ADDRS:
		return "ADDRESS...";
	case V6D_FORM_POOL:
		return "IPv6 PREFIX";
	case V6D_FORM_IFID:
		return "::IDENTIFIER";
	case V6D_FORM_BOOL:
		return "yes | no";
	case V6D_FORM_AUTH:
		return "any | none | pap | chap | mschapv2 | eap";
	case V6D_FORM_POLICY:
		return "stateful | no-syn";
	case V6D_FORM_NUMBER:
	case V6D_FORM_WORD:
		break;
	}
	return "";
}

const char *
v6d_key_form_text(const struct v6d_key *k, char *buf, size_t n)
{
	struct v6d_text t = v6d_text_to(buf, n);

	if (k->form == V6D_FORM_NUMBER) {
		v6d_text_add(&t, "%u to %u", k->min, k->max);
		return buf;
	}
	if (k->form != V6D_FORM_WORD) {
		v6d_text_add(&t, "%s", form_name(k->form));
		return buf;
	}
	for (const char *w = k->words; *w;) {
		size_t len = strcspn(w, " ");

		v6d_text_add(&t, "%s%.*s", t.len ? " | " : "", (int)len, w);
		w += len + (w[len] == ' ');
	}
	return buf;
}
