/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ppp_options.c - options files of pppd, and ls -l of one. */
#include "paste/impl.h"

#include <string.h>

/* strong: such a line is of an options file wherever it stands */
static const struct {
	const char *word;
	bool strong;
	uint8_t values;
} options[] = {
	{ "pty", true, 9 },
	{ "name", false, 1 },
	{ "user", false, 1 },
	{ "password", false, 1 },
	{ "remotename", true, 1 },
	{ "ifname", true, 1 },
	{ "linkname", true, 1 },
	{ "ipparam", true, 1 },
	{ "plugin", true, 9 },
	{ "pptp_server", true, 1 },
	{ "file", false, 1 },
	{ "mtu", false, 1 },
	{ "mru", false, 1 },
	{ "unit", false, 1 },
	{ "maxfail", true, 1 },
	{ "holdoff", true, 1 },
	{ "idle", false, 1 },
	{ "ipv6", false, 1 },
	{ "+ipv6", true, 0 },
	{ "noipv6", true, 0 },
	{ "ipv6cp-use-persistent", true, 0 },
	{ "ipv6cp-use-ipaddr", true, 0 },
	{ "ipv6cp-accept-local", true, 0 },
	{ "ipv6cp-accept-remote", true, 0 },
	{ "noip", true, 0 },
	{ "noipdefault", true, 0 },
	{ "defaultroute", true, 0 },
	{ "nodefaultroute", true, 0 },
	{ "defaultroute6", true, 0 },
	{ "replacedefaultroute", true, 0 },
	{ "usepeerdns", true, 0 },
	{ "lock", false, 0 },
	{ "auth", false, 0 },
	{ "noauth", true, 0 },
	{ "persist", false, 0 },
	{ "debug", false, 0 },
	{ "nodetach", true, 0 },
	{ "logfd", true, 1 },
	{ "logfile", true, 1 },
	{ "noccp", true, 0 },
	{ "nopcomp", true, 0 },
	{ "noaccomp", true, 0 },
	{ "nobsdcomp", true, 0 },
	{ "nodeflate", true, 0 },
	{ "novj", true, 0 },
	{ "novjccomp", true, 0 },
	{ "nomppe", true, 0 },
	{ "require-mppe", true, 0 },
	{ "require-mppe-40", true, 0 },
	{ "require-mppe-128", true, 0 },
	{ "mppe", true, 9 },
	{ "require-mschap-v2", true, 0 },
	{ "require-mschap", true, 0 },
	{ "require-chap", true, 0 },
	{ "require-pap", true, 0 },
	{ "require-eap", true, 0 },
	{ "refuse-pap", true, 0 },
	{ "refuse-chap", true, 0 },
	{ "refuse-eap", true, 0 },
	{ "refuse-mschap", true, 0 },
	{ "refuse-mschap-v2", true, 0 },
	{ "lcp-echo-interval", true, 1 },
	{ "lcp-echo-failure", true, 1 },
	{ "asyncmap", true, 1 },
	{ "hide-password", true, 0 },
	{ "silent", false, 0 },
	{ "crtscts", true, 0 },
	{ "nobsdcomp", true, 0 },
};

/* "-rw-r--r-- 1 root root 560 .. options": may others read it? */
static int
listing(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_setup *s = &p->setup;
	const char *name = t->t[t->n - 1];

	if (t->n < 8 || strlen(t->t[0]) < 10 || t->t[0][0] != '-' ||
	    t->t[0][strspn(t->t[0], "-rwxsStT.+")] != '\0' ||
	    !(v6d_has(name, "options") || v6d_has(name, "ppp/peers") ||
		v6d_has(name, "secrets") || v6d_has(t->line, "/ppp/")))
		return 0;
	s->mode_seen = true;
	s->mode_open = s->mode_open || t->t[0][7] == 'r' || t->t[0][4] == 'r';
	s->mode_at = t->at;
	return (int)t->n;
}

static void
value(struct v6d_paste_setup *s, const struct v6d_tok *t)
{
	const char *w = t->t[0], *v = t->n > 1 ? t->t[1] : "";
	int64_t n;

	if (strcmp(w, "noccp") == 0) {
		s->noccp = true;
		s->noccp_at = t->at;
	} else if (v6d_starts(w, "require-mppe") ||
		   (strcmp(w, "mppe") == 0 && v6d_has(v, "required"))) {
		s->require_mppe = true;
		s->mppe_at = t->at;
	} else if (strcmp(w, "noip") == 0) {
		s->noip = true;
	} else if (strcmp(w, "ipv6") == 0 || strcmp(w, "+ipv6") == 0) {
		s->ipv6 = true;
	} else if (strcmp(w, "noauth") == 0) {
		s->noauth = true;
	} else if (strcmp(w, "password") == 0) {
		s->password = true;
		s->password_at = t->at;
	} else if (strcmp(w, "mtu") == 0) {
		s->mtu = true;
	} else if (strcmp(w, "mru") == 0) {
		s->mru = true;
	} else if (strcmp(w, "defaultroute6") == 0) {
		s->defaultroute6 = true;
	} else if (strcmp(w, "ifname") == 0) {
		v6d_copy(s->ifname, sizeof(s->ifname), v);
	} else if (strcmp(w, "lcp-echo-interval") == 0 && v6d_lead(v, &n)) {
		s->echo_interval = n;
		s->echo_at = t->at;
	} else if (strcmp(w, "lcp-echo-failure") == 0 && v6d_lead(v, &n)) {
		s->echo_failure = n;
	}
}

int
v6d_take_ppp_options(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_setup *s = &p->setup;
	bool here = p->place.format == V6D_PF_PPP_OPTIONS ||
		    p->place.cmd == V6D_PF_PPP_OPTIONS;
	int n = listing(p, t);

	if (n > 0 || p->place.script)
		return n;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		unsigned values = options[i].values;

		if (!v6d_tok_is(t, 0, options[i].word))
			continue;
		/* a sentence that begins so has more words */
		if ((values == 9 ? t->n < 2 : t->n != values + 1) &&
		    !(t->n > values + 1 && t->t[values + 1][0] == '#'))
			return 0;
		if (!options[i].strong && !here && values == 0)
			return 0;
		if (!s->has_options)
			s->options = t->at;
		s->has_options = true;
		value(s, t);
		return (int)t->n;
	}
	return 0;
}
