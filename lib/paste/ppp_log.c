/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ppp_log.c - logs of pppd, pptp (pptpclient), pptpd and accel-ppp, with or
 * without a syslog head, and the numbered errors of Windows. A table of what
 * they write and what that shows; nothing else is concluded.
 */
#include "paste/impl.h"

#include <string.h>

#include "base/wire.h"

#define NONE V6D_N_FACTS

/* `with`: a second part that must stand in the line too. */
static const struct row {
	const char *part, *with;
	enum v6d_fact fact;
	enum v6d_state state;
	const char *word;
} rows[] = {
	/* pptp */
	{ "connect: Connection timed out", NULL, V6D_FACT_CONTROL_TCP, V6D_BAD,
	    "timeout" },
	{ "connect: Connection refused", NULL, V6D_FACT_CONTROL_TCP, V6D_BAD,
	    "refused" },
	{ "connect: No route to host", NULL, V6D_FACT_CONTROL_TCP, V6D_BAD,
	    "unreachable" },
	{ "connect: Network is unreachable", NULL, V6D_FACT_CONTROL_TCP,
	    V6D_BAD, "unreachable" },
	{ "Negative reply received to our Start Control", NULL,
	    V6D_FACT_CONTROL_START, V6D_BAD, "refused" },
	{ "Received Start Control Connection Reply", NULL,
	    V6D_FACT_CONTROL_START, V6D_OK, NULL },
	{ "Client connection established.", NULL, V6D_FACT_CONTROL_START,
	    V6D_OK, NULL },
	{ "Our outgoing call request", "not been accepted",
	    V6D_FACT_CONTROL_CALL, V6D_BAD, "refused" },
	{ "Outgoing call established", NULL, V6D_FACT_CONTROL_CALL, V6D_OK,
	    NULL },
	{ "Received Outgoing Call Reply", NULL, V6D_FACT_CONTROL_CALL, V6D_OK,
	    NULL },
	{ "Call disconnect notification received", NULL,
	    V6D_FACT_CONTROL_HANGUP, V6D_BAD, "disconnect" },
	{ "missing echo reply", NULL, V6D_FACT_CONTROL_ECHO, V6D_BAD,
	    "timeout" },
	{ "gre", "Operation not permitted", V6D_FACT_GRE_SEND, V6D_BAD,
	    "denied" },
	{ "GRE", "Operation not permitted", V6D_FACT_GRE_SEND, V6D_BAD,
	    "denied" },
	{ "Sent control packet type is", NULL, NONE, V6D_OK, NULL },
	{ "Could not open control connection", NULL, NONE, V6D_OK, NULL },
	{ "The synchronous pptp option is", NULL, NONE, V6D_OK, NULL },
	{ "Call manager exited with error", NULL, NONE, V6D_OK, NULL },
	{ "fragmentation needed, or exceeds the MTU", NULL, NONE, V6D_OK,
	    NULL },
	{ "IP_MTU:", NULL, NONE, V6D_OK, NULL },
	/* pppd */
	{ "LCP: timeout sending Config-Requests", NULL, V6D_FACT_PPP_LCP,
	    V6D_BAD, "timeout" },
	{ "IPV6CP: timeout sending Config-Requests", NULL, V6D_FACT_PPP_IPV6CP,
	    V6D_BAD, "timeout" },
	{ "CHAP authentication succeeded", NULL, V6D_FACT_PPP_AUTH, V6D_OK,
	    NULL },
	{ "PAP authentication succeeded", NULL, V6D_FACT_PPP_AUTH, V6D_OK,
	    NULL },
	{ "CHAP authentication failed", NULL, V6D_FACT_PPP_AUTH, V6D_BAD,
	    "rejected" },
	{ "PAP authentication failed", NULL, V6D_FACT_PPP_AUTH, V6D_BAD,
	    "rejected" },
	{ "peer refused to authenticate", NULL, V6D_FACT_PPP_AUTH, V6D_BAD,
	    "demanded" },
	{ "MPPE required but peer", NULL, V6D_FACT_PPP_CCP, V6D_BAD,
	    "refused" },
	{ "MPPE disabled by peer", NULL, V6D_FACT_PPP_CCP, V6D_BAD, "refused" },
	{ "MPPE 128-bit", "enabled", V6D_FACT_PPP_CCP, V6D_OK, NULL },
	{ "MPPE 40-bit", "enabled", V6D_FACT_PPP_CCP, V6D_OK, NULL },
	{ "LCP terminated by peer", NULL, V6D_FACT_PPP_TERMINATED, V6D_BAD,
	    "peer" },
	{ "No response to", "echo-requests", V6D_FACT_GRE_IN, V6D_WAS_OK,
	    "none" },
	{ "Protocol-Reject for", "0x8057", V6D_FACT_PPP_IPV6CP, V6D_BAD,
	    "rejected" },
	{ "Protocol-Reject for", "IPV6CP", V6D_FACT_PPP_IPV6CP, V6D_BAD,
	    "rejected" },
	{ "Protocol-Reject for", "0x8021", V6D_FACT_PPP_IPCP, V6D_OK, NULL },
	{ "rcvd [LCP ProtRej", " 80 57", V6D_FACT_PPP_IPV6CP, V6D_BAD,
	    "rejected" },
	{ "rcvd [LCP ProtRej", " 80 21", V6D_FACT_PPP_IPCP, V6D_OK, NULL },
	{ "rcvd [LCP TermReq", NULL, V6D_FACT_PPP_TERMINATED, V6D_BAD, "peer" },
	{ "rcvd [CHAP Success", NULL, V6D_FACT_PPP_AUTH, V6D_OK, NULL },
	{ "rcvd [LCP ", NULL, V6D_FACT_GRE_IN, V6D_OK, NULL },
	{ "local and remote LL addresses are equal", NULL, V6D_FACT_PPP_IPV6CP,
	    V6D_BAD, "clash" },
	{ "remote LL address", NULL, V6D_FACT_PPP_IPV6CP, V6D_OK, NULL },
	{ "local  LL address", NULL, V6D_FACT_PPP_IPV6CP, V6D_OK, NULL },
	{ "local LL address", NULL, V6D_FACT_PPP_IPV6CP, V6D_OK, NULL },
	/* pptpd, accel-ppp */
	{ "control connection started", "CTRL: Client", V6D_FACT_CONTROL_TCP,
	    V6D_OK, NULL },
	{ "CTRL: Starting call", NULL, V6D_FACT_CONTROL_CALL, V6D_OK, NULL },
	{ "send [PPTP Start-Ctrl-Conn-Reply", NULL, V6D_FACT_CONTROL_START,
	    V6D_OK, NULL },
	{ "send [PPTP Outgoing-Call-Reply", NULL, V6D_FACT_CONTROL_CALL, V6D_OK,
	    NULL },
	{ "recv [LCP ", NULL, V6D_FACT_GRE_IN, V6D_OK, NULL },
	/* nothing by themselves */
	{ "No network protocols running", NULL, NONE, V6D_OK, NULL },
	{ "Using interface ppp", NULL, NONE, V6D_OK, NULL },
	{ "Serial link appears to be disconnected", NULL, NONE, V6D_OK, NULL },
	{ "Connection terminated.", NULL, NONE, V6D_OK, NULL },
	{ "Connect: ppp", NULL, NONE, V6D_OK, NULL },
	{ "Modem hangup", NULL, NONE, V6D_OK, NULL },
	{ "Terminating on signal", NULL, NONE, V6D_OK, NULL },
	{ "short read (-1)", NULL, NONE, V6D_OK, NULL },
	{ "pppd may have shutdown", NULL, NONE, V6D_OK, NULL },
	{ "sent [", NULL, NONE, V6D_OK, NULL },
	{ "rcvd [", NULL, NONE, V6D_OK, NULL },
	{ "recv [", NULL, NONE, V6D_OK, NULL },
	{ "send [", NULL, NONE, V6D_OK, NULL },
	{ "CTRL:", NULL, NONE, V6D_OK, NULL },
	{ "MGR:", NULL, NONE, V6D_OK, NULL },
	{ "GRE: ", NULL, NONE, V6D_OK, NULL },
	{ "pppd[", NULL, NONE, V6D_OK, NULL },
	{ "pptp[", NULL, NONE, V6D_OK, NULL },
	{ "pptpd[", NULL, NONE, V6D_OK, NULL },
	{ "pptp_callmgr.c", NULL, NONE, V6D_OK, NULL },
	{ "pptp_ctrl.c", NULL, NONE, V6D_OK, NULL },
};

/* Windows: the number tells, in every language (RAS error codes). */
static const struct {
	int64_t number;
	enum v6d_fact fact;
	const char *word;
} numbered[] = {
	{ 619, V6D_FACT_PPP_LCP, "timeout" },
	{ 649, V6D_FACT_PPP_AUTH, "rejected" },
	{ 678, V6D_FACT_CONTROL_TCP, "timeout" },
	{ 691, V6D_FACT_PPP_AUTH, "rejected" },
	{ 718, V6D_FACT_PPP_LCP, "timeout" },
	{ 721, V6D_FACT_PPP_LCP, "timeout" },
	{ 734, V6D_FACT_PPP_LCP, "terminated" },
	{ 741, V6D_FACT_PPP_CCP, "refused" },
	{ 742, V6D_FACT_PPP_CCP, "required" },
	{ 806, V6D_FACT_GRE_IN, "none" },
	{ 809, V6D_FACT_CONTROL_TCP, "timeout" },
};

/* The number behind "part", or V6D_NO_VALUE. */
static int64_t
number_behind(const char *line, const char *part)
{
	const char *s = strstr(line, part);
	int64_t v;

	if (!s)
		return V6D_NO_VALUE;
	s += strlen(part);
	s += strspn(s, " :=");
	return v6d_lead(s, &v) ? v : V6D_NO_VALUE;
}

static int
windows(struct v6d_paste *p, const struct v6d_tok *t)
{
	/* the last three: the event log's, of RasClient's event 20227 */
	static const char *const words[] = { "Error ", "error ", "エラー ",
		"エラー", "Fehler ", "returned on failure is ",
		"エラー コードは ", "Fehlercode lautet" };
	int64_t n = V6D_NO_VALUE;

	for (size_t i = 0; i < V6D_ARRAY_LEN(words) && n == V6D_NO_VALUE; i++)
		n = number_behind(t->line, words[i]);
	for (size_t i = 0; i < sizeof(numbered) / sizeof(numbered[0]); i++) {
		if (numbered[i].number != n)
			continue;
		v6d_say_fact(p, t->at, numbered[i].fact, V6D_BAD,
		    numbered[i].word,
		    numbered[i].fact == V6D_FACT_PPP_AUTH ? n : V6D_NO_VALUE,
		    NULL);
		return 2;
	}
	return n >= 600 && n < 1000 ? 2 : 0;
}

static bool
was_said(const struct v6d_paste *p, enum v6d_fact fact, enum v6d_state state)
{
	for (unsigned i = 0; i < p->n_said; i++)
		if (p->said[i].fact == fact && p->said[i].state == state)
			return true;
	return false;
}

/* "GRE statistics:", then "rx accepted  = 0": a count of what came. */
static int
counters(struct v6d_paste *p, const struct v6d_tok *t)
{
	int64_t v = number_behind(t->line, "rx accepted");

	if (v == V6D_NO_VALUE)
		return v6d_has(t->line, "GRE statistics:") ||
			       number_behind(t->line, "rx lost") >= 0 ||
			       number_behind(t->line, "tx sent") >= 0 ||
			       v6d_has(t->line, "rx under win") ||
			       v6d_has(t->line, "rx over  win") ||
			       v6d_has(t->line, "rx buffered") ||
			       v6d_has(t->line, "round trip   =")
			   ? (int)t->n
			   : 0;
	v6d_say_fact(p, t->at, V6D_FACT_GRE_IN, v > 0 ? V6D_OK : V6D_BAD,
	    v > 0 ? NULL : "none", v, NULL);
	return (int)t->n;
}

/* "Result code is 4 'Busy'": of the refusal in the line before. */
static int
result_code(struct v6d_paste *p, const struct v6d_tok *t)
{
	int64_t code = number_behind(t->line, "Result code is");

	if (code == V6D_NO_VALUE)
		return 0;
	for (unsigned i = p->n_said; i-- > 0;)
		if (p->said[i].state == V6D_BAD &&
		    (p->said[i].fact == V6D_FACT_CONTROL_CALL ||
			p->said[i].fact == V6D_FACT_CONTROL_START)) {
			p->said[i].value = code;
			break;
		}
	return (int)t->n;
}

static int
closed(struct v6d_paste *p, const struct v6d_tok *t)
{
	bool called = was_said(p, V6D_FACT_CONTROL_CALL, V6D_OK);
	bool started = was_said(p, V6D_FACT_CONTROL_START, V6D_OK);

	if (!v6d_has(t->line, "read returned zero, peer has closed"))
		return 0;
	v6d_say_fact(p, t->at,
	    called    ? V6D_FACT_CONTROL_HANGUP
	    : started ? V6D_FACT_CONTROL_CALL
		      : V6D_FACT_CONTROL_START,
	    V6D_BAD, "closed", V6D_NO_VALUE, NULL);
	return (int)t->n;
}

static void
interface(struct v6d_paste *p, const struct v6d_tok *t)
{
	const char *s = v6d_tok_after(t, "interface");
	int i;

	if (!v6d_has(t->line, "Using interface") || !s[0])
		return;
	i = v6d_put_if(p, s, t->at);
	if (i >= 0)
		p->ifs[i].ppp = true;
}

int
v6d_take_ppp_log(struct v6d_paste *p, const struct v6d_tok *t)
{
	int n = closed(p, t);

	if (n == 0)
		n = result_code(p, t);
	if (n == 0)
		n = counters(p, t);
	if (n == 0)
		n = windows(p, t);
	if (n > 0)
		return n;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		int64_t value = V6D_NO_VALUE;

		if (!v6d_has(t->line, r->part) ||
		    (r->with && !v6d_has(t->line, r->with)))
			continue;
		if (r->fact == V6D_FACT_PPP_AUTH)
			value = number_behind(t->line, "E=");
		if (r->fact != NONE)
			v6d_say_fact(
			    p, t->at, r->fact, r->state, r->word, value, NULL);
		interface(p, t);
		return (int)t->n;
	}
	return 0;
}
