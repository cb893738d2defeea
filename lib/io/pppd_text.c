/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pppd_text.c - options for pppd, and its words and exit status (pppd(8)). */
#include "io/pppd_text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/wire.h"

#define ECHOES 5 /* unanswered, and the session is over: as our own engine */

/*
 * Between quotation marks a backslash and three octal digits are a character
 * of any kind (pppd's getword).
 */
static void
add_quoted(struct v6d_text *t, const char *key, const char *value)
{
	v6d_text_add(t, "%s \"", key);
	for (const char *c = value; *c; c++)
		if (isalnum((unsigned char)*c) || strchr("@._-", *c))
			v6d_text_add(t, "%c", *c);
		else
			v6d_text_add(t, "\\%03o", (unsigned char)*c);
	v6d_text_add(t, "\"\n");
}

static void
add_auth(struct v6d_text *t, unsigned auth)
{
	static const struct {
		unsigned mask;
		const char *refusal;
	} ways[] = { { V6D_AUTH_PAP, "refuse-pap" },
		{ V6D_AUTH_CHAP, "refuse-chap" },
		{ V6D_AUTH_MSCHAPV2, "refuse-mschap-v2" },
		{ V6D_AUTH_EAP, "refuse-eap" } };

	v6d_text_add(t, "refuse-mschap\n"); /* the first one: broken */
	for (size_t i = 0; i < V6D_ARRAY_LEN(ways); i++)
		if (!(auth & ways[i].mask))
			v6d_text_add(t, "%s\n", ways[i].refusal);
}

/* How the server is reached. An address in figures: a shell reads it. */
static void
add_carrier(struct v6d_text *t, const struct v6d_pppd_wish *w)
{
	char server[V6D_ADDR_TEXT];

	v6d_addr_text(&w->server, server, sizeof(server));
	if (w->plugin)
		v6d_text_add(t, "plugin pptp.so\npptp_server %s\n", server);
	else
		v6d_text_add(
		    t, "pty \"exec pptp %s --nolaunchpppd\"\n", server);
}

bool
v6d_pppd_options(const struct v6d_pppd_wish *w, char *buf, size_t n)
{
	struct v6d_text t = v6d_text_to(buf, n);
	const uint8_t *i = w->ifid;

	v6d_text_add(&t, "# written by v6doctor; changes here are lost\n"
			 "debug\nnodetach\nnoauth\nnopersist\nnolock\n"
			 "noip\n+ipv6\nnodefaultroute\n"
			 "nobsdcomp\nnodeflate\nnopredictor1\nnovj\n");
	v6d_text_add(&t, "ipv6 ::%x:%x:%x:%x,\n", i[0] << 8 | i[1],
	    i[2] << 8 | i[3], i[4] << 8 | i[5], i[6] << 8 | i[7]);
	add_carrier(&t, w);
	add_quoted(&t, "user", w->user);
	add_quoted(&t, "password", w->password);
	add_auth(&t, w->auth);
	v6d_text_add(&t, "%s\n", w->mppe ? "require-mppe-128" : "nomppe");
	v6d_text_add(&t, "mtu %u\nmru %u\n", w->mtu, w->mru);
	v6d_text_add(&t, "lcp-echo-interval %u\nlcp-echo-failure %u\n",
	    w->echo_s, ECHOES);
	v6d_text_add(&t, "ifname %s\n", w->ifname);
	return !t.cut;
}

/* ---- what it says ---- */

/* `at` CLOSING, why NONE: left as they are. */
static const struct row {
	const char *part, *with;
	enum v6d_session_state at;
	enum v6d_session_why why;
} rows[] = {
	/* pptp, whose complaints come through pppd */
	{ "Could not open control connection", NULL, V6D_SESSION_CONNECTING,
	    V6D_WHY_TCP_FAILED },
	{ "Could not launch call manager", NULL, V6D_SESSION_WAIT_START,
	    V6D_WHY_CLOSED },
	{ "Negative reply received to our Start Control", NULL,
	    V6D_SESSION_WAIT_START, V6D_WHY_START_REFUSED },
	{ "outgoing call request", "not been accepted", V6D_SESSION_WAIT_CALL,
	    V6D_WHY_CALL_REFUSED },
	{ "missing echo reply", NULL, V6D_SESSION_CLOSING, V6D_WHY_ECHO_LOST },
	/* pppd: how far */
	{ "Connect: ", NULL, V6D_SESSION_CONNECTING, V6D_WHY_NONE },
	{ "rcvd [LCP ConfReq", NULL, V6D_SESSION_LCP, V6D_WHY_NONE },
	{ "rcvd [CHAP Challenge", NULL, V6D_SESSION_AUTH, V6D_WHY_NONE },
	{ "rcvd [EAP Request", NULL, V6D_SESSION_AUTH, V6D_WHY_NONE },
	{ "sent [PAP AuthReq", NULL, V6D_SESSION_AUTH, V6D_WHY_NONE },
	{ "rcvd [EAP Success", NULL, V6D_SESSION_NETWORK, V6D_WHY_NONE },
	{ "sent [IPV6CP ConfReq", NULL, V6D_SESSION_NETWORK, V6D_WHY_NONE },
	{ "authentication succeeded", NULL, V6D_SESSION_NETWORK, V6D_WHY_NONE },
	{ "MPPE 128-bit", "enabled", V6D_SESSION_NETWORK, V6D_WHY_NONE },
	{ "remote LL address", NULL, V6D_SESSION_UP, V6D_WHY_NONE },
	/* pppd: why not */
	{ "Looped back", NULL, V6D_SESSION_LCP, V6D_WHY_LOOPED },
	{ "loopback detected", NULL, V6D_SESSION_LCP, V6D_WHY_LOOPED },
	{ "IPV6CP: timeout", NULL, V6D_SESSION_NETWORK, V6D_WHY_TIMEOUT },
	{ "LCP: timeout", NULL, V6D_SESSION_LCP, V6D_WHY_TIMEOUT },
	{ "AP authentication failed", NULL, V6D_SESSION_AUTH,
	    V6D_WHY_AUTH_REJECTED },
	{ "rcvd [EAP Failure", NULL, V6D_SESSION_AUTH, V6D_WHY_AUTH_REJECTED },
	{ "EAP: peer reports authentication failure", NULL, V6D_SESSION_AUTH,
	    V6D_WHY_AUTH_REJECTED },
	{ "MS-CHAPv2 mutual authentication failed", NULL, V6D_SESSION_AUTH,
	    V6D_WHY_AUTH_BAD_PEER },
	{ "No auth is possible", NULL, V6D_SESSION_LCP, V6D_WHY_AUTH_METHOD },
	{ "MPPE required", NULL, V6D_SESSION_NETWORK, V6D_WHY_MPPE },
	{ "rcvd [LCP ProtRej", " 80 57", V6D_SESSION_NETWORK,
	    V6D_WHY_IPV6CP_REJECTED },
	{ "Protocol-Reject for", "0x8057", V6D_SESSION_NETWORK,
	    V6D_WHY_IPV6CP_REJECTED },
	{ "LL addresses are equal", NULL, V6D_SESSION_NETWORK,
	    V6D_WHY_IPV6CP_FAILED },
	{ "LCP terminated by peer", NULL, V6D_SESSION_CLOSING,
	    V6D_WHY_TERMINATED },
	{ "No response to", "echo-requests", V6D_SESSION_CLOSING,
	    V6D_WHY_ECHO_LOST },
	{ "Terminating on signal", NULL, V6D_SESSION_CLOSING, V6D_WHY_STOPPED },
};

/* Ends of every session, whatever it died of. */
static bool
says_nothing(const char *line)
{
	static const char *const parts[] = { "Modem hangup",
		"Connection terminated", "Connect time", "Sent ", "MPPE dis",
		"Renamed interface", "Using interface", "Call manager exited",
		"sent [", "rcvd [", "using channel", "Script ", "Waiting for" };

	for (size_t i = 0; i < V6D_ARRAY_LEN(parts); i++)
		if (strstr(line, parts[i]))
			return true;
	return line[0] == '\0';
}

void
v6d_pppd_hear(struct v6d_pppd_tale *t, const char *line)
{
	if (strstr(line, "MPPE 128-bit") && strstr(line, "enabled"))
		t->encrypted = true;
	if (strstr(line, "rcvd [CCP Conf") && strstr(line, "<mppe "))
		t->mppe_wanted = true;
	if (strstr(line, "sent [LCP ConfRej") && strstr(line, "<auth "))
		t->no_auth = true;
	if (!says_nothing(line))
		snprintf(t->last, sizeof(t->last), "%.*s",
		    (int)sizeof(t->last) - 1, line);
	for (size_t i = 0; i < V6D_ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];

		if (!strstr(line, r->part) ||
		    (r->with && !strstr(line, r->with)))
			continue;
		if (t->why == V6D_WHY_NONE && r->at != V6D_SESSION_CLOSING)
			t->at = r->at;
		if (t->why == V6D_WHY_NONE)
			t->why = r->why;
		return;
	}
}

/* ---- how it ended ---- */

/* pppd(8), EXIT STATUS: those that say of what the session died. */
void
v6d_pppd_ended(struct v6d_pppd_tale *t, int status)
{
	enum v6d_session_why why = V6D_WHY_NONE;

	switch (status) {
	case 5: /* a signal, ours most likely */
		why = V6D_WHY_STOPPED;
		break;
	case 10: /* PPP negotiation failed */
		why = t->at >= V6D_SESSION_NETWORK ? V6D_WHY_IPV6CP_FAILED
						   : V6D_WHY_LCP_FAILED;
		break;
	case 15: /* echoes unanswered */
		why = V6D_WHY_ECHO_LOST;
		break;
	case 16: /* the carrier went: pptp has ended */
		why = V6D_WHY_CLOSED;
		break;
	case 17:
		why = V6D_WHY_LOOPED;
		break;
	case 19: /* we could not show who we are */
		why = V6D_WHY_AUTH_REJECTED;
		t->at = V6D_SESSION_AUTH;
		break;
	}
	if (t->why == V6D_WHY_NONE)
		t->why = why;
	if (t->why != V6D_WHY_CLOSED && t->why != V6D_WHY_TERMINATED)
		return;
	/* The peer does not say of what: it was what it could not have. */
	if (t->no_auth && t->at == V6D_SESSION_LCP)
		t->why = V6D_WHY_AUTH_METHOD;
	if (t->mppe_wanted && !t->encrypted && t->at == V6D_SESSION_NETWORK)
		t->why = V6D_WHY_MPPE;
}
