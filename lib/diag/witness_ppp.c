/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * witness_ppp.c - how far PPP came, and what the router advertisement is
 * worth (RFC 1661, RFC 5072, RFC 4861 6.1.2, RFC 4862 5.5.3).
 */
#include "diag/witness_impl.h"

#include <string.h>

#include "base/text.h"
#include "proto/auth.h"

/* An end of the link this soon after a refusal is its consequence. */
#define OVER_IT V6D_S(10)
/* Three solicitations, four seconds apart, one more to answer (RFC 4861 10) */
#define SOLICITED_FOR V6D_S(10)

static const struct v6d_view_neg *
neg(const struct v6d_view *v, enum v6d_view_proto p, enum v6d_dir dir)
{
	return v6d_view_neg(&v->ppp, p, dir);
}

static bool
opened(const struct v6d_view *v, enum v6d_view_proto p)
{
	return v->ppp.opened[p] != V6D_NEVER;
}

/* The server's Terminate-Request, unless the client's came first. */
static v6d_ns
server_term(const struct v6d_view *v)
{
	v6d_ns in = neg(v, V6D_VIEW_LCP, V6D_DIR_IN)->term_req;

	return in < neg(v, V6D_VIEW_LCP, V6D_DIR_OUT)->term_req ? in
								: V6D_NEVER;
}

/* When that side rejected the protocol, or V6D_NEVER. */
static v6d_ns
prot_rejected(const struct v6d_view *v, enum v6d_dir by, uint16_t proto)
{
	for (unsigned i = 0; i < v->ppp.n_prot_rej[by]; i++)
		if (v->ppp.prot_rej[by][i].proto == proto)
			return v->ppp.prot_rej[by][i].at;
	return V6D_NEVER;
}

/* Asked at least twice, for long enough, and nothing was agreed. */
static bool
unanswered(const struct v6d_witness *w, enum v6d_view_proto p)
{
	const struct v6d_view_neg *out = neg(w->v, p, V6D_DIR_OUT);
	const struct v6d_view_neg *in = neg(w->v, p, V6D_DIR_IN);
	const struct v6d_view_neg *n = out->agreed ? in : out;

	return n->n_req >= 2 && !n->agreed &&
	       w->v->inner.unread[V6D_DIR_IN] == 0 &&
	       v6d_witness_waited(w, n->first_req);
}

/* ---- LCP ---- */

static void
lcp(struct v6d_witness *w)
{
	const struct v6d_view *v = w->v;
	const struct v6d_view_neg *out = neg(v, V6D_VIEW_LCP, V6D_DIR_OUT);
	unsigned refused = out->n_nak + out->n_rej;
	const char *word = NULL;

	if (opened(v, V6D_VIEW_LCP)) {
		v6d_witness_say(w, v->ppp.opened[V6D_VIEW_LCP],
		    V6D_FACT_PPP_LCP, NULL, V6D_OK, NULL, V6D_NO_VALUE);
		return;
	}
	/* Later protocols on the wire: it was opened before we looked. */
	if (opened(v, V6D_VIEW_IPV6CP) || v->inner.frames[V6D_DIR_IN] > 0 ||
	    v->ppp.opaque)
		return;
	if (v->gre[V6D_DIR_IN].frames == 0)
		return;
	if (server_term(v) != V6D_NEVER)
		word = "terminated";
	else if (refused >= 5)
		word = "loop";
	else if (unanswered(w, V6D_VIEW_LCP))
		word = refused > 0 ? "refused" : "timeout";
	if (word)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_PPP_LCP, NULL, V6D_BAD,
		    word, V6D_NO_VALUE);
}

/* ---- authentication ---- */

static const char *
method_name(const struct v6d_view_method *m)
{
	if (m->proto == V6D_PPP_PAP)
		return "PAP";
	if (m->proto == V6D_PPP_EAP)
		return "EAP";
	if (m->proto != V6D_PPP_CHAP)
		return "unknown";
	if (m->alg == V6D_CHAP_MD5)
		return "CHAP";
	if (m->alg == V6D_CHAP_MS)
		return "MS-CHAP";
	return m->alg == V6D_CHAP_MSV2 ? "MS-CHAPv2" : "CHAP";
}

/* The client would not do what the server wanted, and that ended it. */
static bool
method_refused(const struct v6d_witness *w)
{
	const struct v6d_view *v = w->v;
	const struct v6d_view_ppp *p = &v->ppp;

	if (!p->demand[V6D_DIR_IN].known || p->auth != V6D_VIEW_AUTH_NONE)
		return false;
	if (!p->counter[V6D_DIR_OUT].known && !p->auth_refused[V6D_DIR_OUT])
		return false;
	/* pppd gives in first, and then ends the link over it */
	if (opened(v, V6D_VIEW_LCP))
		return p->withdrawn[V6D_DIR_IN] && server_term(v) != V6D_NEVER;
	return w->over < w->end || w->live || server_term(v) != V6D_NEVER;
}

/* The client wants the server to log in, was refused, and ended it. */
static bool
demanded(const struct v6d_witness *w)
{
	const struct v6d_view_ppp *p = &w->v->ppp;

	return p->demand[V6D_DIR_OUT].known && p->auth_refused[V6D_DIR_IN] &&
	       p->auth == V6D_VIEW_AUTH_NONE && w->by_client <= w->by_server &&
	       w->by_client < w->end;
}

/* How well what was agreed on protects. */
static void
crypto(struct v6d_witness *w)
{
	const struct v6d_view_ppp *p = &w->v->ppp;
	const struct v6d_view_method *m = &p->method;
	bool ms = m->proto == V6D_PPP_CHAP &&
		  (m->alg == V6D_CHAP_MS || m->alg == V6D_CHAP_MSV2);

	if (p->auth == V6D_VIEW_AUTH_OK && m->known &&
	    (ms || m->proto == V6D_PPP_PAP))
		v6d_witness_say(w, p->auth_done, V6D_FACT_PPP_CRYPTO,
		    method_name(m), V6D_BAD, ms ? "mschap" : "pap",
		    V6D_NO_VALUE);
}

static void
auth(struct v6d_witness *w)
{
	const struct v6d_view_ppp *p = &w->v->ppp;
	const char *method = p->method.known ? method_name(&p->method) : NULL;

	if (p->auth == V6D_VIEW_AUTH_OK)
		v6d_witness_say(w, p->auth_done, V6D_FACT_PPP_AUTH, method,
		    V6D_OK, NULL, V6D_NO_VALUE);
	else if (p->auth == V6D_VIEW_AUTH_FAILED && p->eap_declined != 0)
		v6d_witness_say(w, p->auth_done, V6D_FACT_PPP_AUTH, method,
		    V6D_BAD, "method", V6D_NO_VALUE);
	else if (p->auth == V6D_VIEW_AUTH_FAILED)
		v6d_witness_say(w, p->auth_done, V6D_FACT_PPP_AUTH, method,
		    V6D_BAD, "rejected",
		    p->auth_code ? (int64_t)p->auth_code : V6D_NO_VALUE);
	else if (demanded(w))
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_PPP_AUTH,
		    method_name(&p->demand[V6D_DIR_OUT]), V6D_BAD, "demanded",
		    V6D_NO_VALUE);
	else if (method_refused(w))
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_PPP_AUTH,
		    method_name(&p->demand[V6D_DIR_IN]), V6D_BAD, "method",
		    V6D_NO_VALUE);
	else if (p->auth == V6D_VIEW_AUTH_ASKED &&
		 v6d_witness_waited(w, p->auth_first) &&
		 !opened(w->v, V6D_VIEW_IPV6CP))
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_PPP_AUTH, method,
		    V6D_BAD, "timeout", V6D_NO_VALUE);
	else if (p->auth == V6D_VIEW_AUTH_NONE && opened(w->v, V6D_VIEW_LCP) &&
		 opened(w->v, V6D_VIEW_IPV6CP))
		v6d_witness_say(w, p->opened[V6D_VIEW_LCP], V6D_FACT_PPP_AUTH,
		    "none", V6D_OK, NULL, V6D_NO_VALUE);
}

/* ---- network protocols ---- */

static bool
same_ifid(const struct v6d_view_ppp *p)
{
	return p->has_ifid[V6D_DIR_OUT] && p->has_ifid[V6D_DIR_IN] &&
	       memcmp(p->ifid[V6D_DIR_OUT], p->ifid[V6D_DIR_IN], 8) == 0;
}

/* The client talks of IPv4 only, which the server will have none of. */
static bool
never_offered(const struct v6d_witness *w)
{
	const struct v6d_view *v = w->v;
	v6d_ns refused = prot_rejected(v, V6D_DIR_IN, V6D_PPP_IPCP);

	return opened(v, V6D_VIEW_LCP) && refused != V6D_NEVER &&
	       neg(v, V6D_VIEW_IPV6CP, V6D_DIR_OUT)->n_req == 0 &&
	       (w->by_client < w->end || v6d_witness_waited(w, refused));
}

static const char *
ipv6cp_word(const struct v6d_witness *w)
{
	const struct v6d_view *v = w->v;
	v6d_ns term = neg(v, V6D_VIEW_IPV6CP, V6D_DIR_IN)->term_req;

	if (prot_rejected(v, V6D_DIR_IN, V6D_PPP_IPV6CP) != V6D_NEVER)
		return "rejected";
	if (prot_rejected(v, V6D_DIR_OUT, V6D_PPP_IPV6CP) != V6D_NEVER)
		return "not-offered";
	if (same_ifid(&v->ppp) &&
	    neg(v, V6D_VIEW_IPV6CP, V6D_DIR_OUT)->n_nak >= 5)
		return "clash";
	if (term != V6D_NEVER)
		return "terminated";
	if (never_offered(w))
		return "not-offered";
	return unanswered(w, V6D_VIEW_IPV6CP) ? "timeout" : NULL;
}

static void
ipv6cp(struct v6d_witness *w)
{
	const struct v6d_view *v = w->v;
	const char *word;

	if (opened(v, V6D_VIEW_IPV6CP)) {
		v6d_witness_say(w, v->ppp.opened[V6D_VIEW_IPV6CP],
		    V6D_FACT_PPP_IPV6CP, NULL, V6D_OK, NULL, V6D_NO_VALUE);
		return;
	}
	if (v->inner.frames[V6D_DIR_IN] > 0)
		return;
	word = ipv6cp_word(w);
	if (word)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_PPP_IPV6CP, NULL,
		    V6D_BAD, word, V6D_NO_VALUE);
}

/* The server ended the link soon after `refused`. */
static bool
ended_over(const struct v6d_view *v, v6d_ns refused)
{
	v6d_ns term = server_term(v);

	return refused != V6D_NEVER && term != V6D_NEVER && term >= refused &&
	       term - refused <= OVER_IT;
}

static v6d_ns
ccp_refused(const struct v6d_view *v)
{
	v6d_ns rejected = prot_rejected(v, V6D_DIR_OUT, V6D_PPP_CCP);
	const struct v6d_view_neg *theirs = neg(v, V6D_VIEW_CCP, V6D_DIR_IN);

	if (!v->ppp.mppe_asked[V6D_DIR_IN])
		return V6D_NEVER;

	if (rejected != V6D_NEVER)
		return rejected;
	return theirs->n_rej > 0 && !theirs->agreed ? theirs->last_req
						    : V6D_NEVER;
}

/* The client asked for encryption, was refused, and ended the link. */
static bool
client_ended_over_ccp(const struct v6d_view *v)
{
	const struct v6d_view_neg *ours = neg(v, V6D_VIEW_CCP, V6D_DIR_OUT);
	v6d_ns term = neg(v, V6D_VIEW_LCP, V6D_DIR_OUT)->term_req;
	v6d_ns refused = prot_rejected(v, V6D_DIR_IN, V6D_PPP_CCP);

	if (refused == V6D_NEVER && ours->n_rej > 0 && !ours->agreed)
		refused = ours->last_req;
	return v->ppp.mppe_asked[V6D_DIR_OUT] && refused != V6D_NEVER &&
	       !opened(v, V6D_VIEW_IPV6CP) && term != V6D_NEVER &&
	       term >= refused && term - refused <= OVER_IT;
}

static void
refusals(struct v6d_witness *w)
{
	const struct v6d_view *v = w->v;
	v6d_ns ipcp = prot_rejected(v, V6D_DIR_OUT, V6D_PPP_IPCP);
	v6d_ns ccp = ccp_refused(v);
	bool authed = v->ppp.auth != V6D_VIEW_AUTH_FAILED;

	if (authed && ended_over(v, ccp))
		v6d_witness_say(w, server_term(v), V6D_FACT_PPP_CCP, NULL,
		    V6D_BAD, "required", V6D_NO_VALUE);
	else if (authed && client_ended_over_ccp(v))
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_PPP_CCP, NULL, V6D_BAD,
		    "refused", V6D_NO_VALUE);
	else if (authed && ended_over(v, ipcp))
		v6d_witness_say(w, server_term(v), V6D_FACT_PPP_IPCP, NULL,
		    V6D_BAD, "required", V6D_NO_VALUE);
	else if (ipcp != V6D_NEVER && server_term(v) == V6D_NEVER &&
		 v6d_witness_waited(w, ipcp))
		v6d_witness_say(w, ipcp, V6D_FACT_PPP_IPCP, NULL, V6D_OK, NULL,
		    V6D_NO_VALUE);
}

static void
terminated(struct v6d_witness *w)
{
	v6d_ns term = server_term(w->v);
	char text[V6D_VIEW_TEXT];
	struct v6d_text t = v6d_text_to(text, sizeof(text));

	if (term == V6D_NEVER || term > w->by_client)
		return;
	if (w->v->ppp.term_text[V6D_DIR_IN])
		v6d_text_add_foreign(
		    &t, w->v->ppp.term_text[V6D_DIR_IN], V6D_VIEW_TEXT);
	v6d_witness_say(w, term, V6D_FACT_PPP_TERMINATED, text, V6D_BAD, "peer",
	    V6D_NO_VALUE);
}

void
v6d_witness_ppp(struct v6d_witness *w)
{
	const struct v6d_view *v = w->v;

	if (v->gre[V6D_DIR_OUT].frames + v->gre[V6D_DIR_IN].frames == 0)
		return;
	lcp(w);
	auth(w);
	crypto(w);
	ipv6cp(w);
	refusals(w);
	terminated(w);
	if (v->ppp.opaque)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_PPP_ENCRYPTED, NULL,
		    V6D_UNKNOWN, "opaque", V6D_NO_VALUE);
	if (neg(v, V6D_VIEW_LCP, V6D_DIR_IN)->agreed)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_PPP_MRU, NULL, V6D_OK,
		    NULL,
		    v->ppp.mru[V6D_DIR_IN] ? v->ppp.mru[V6D_DIR_IN] : 1500);
}

/* ---- router advertisement ---- */

static const char *
ra_fault(const struct v6d_view_ra *r)
{
	if (r->err == V6D_WIRE_MALFORMED)
		return "malformed";
	if (!r->ra->source_link_local)
		return "source";
	if (!r->ra->hop_limit_255)
		return "hop-limit";
	if (!r->ra->code_0)
		return "code";
	return r->ra->checksum_ok ? NULL : "checksum";
}

/* What keeps a prefix from making an address; NULL: nothing. */
static const char *
prefix_fault(const struct v6d_ra_prefix *p)
{
	if (!p->autonomous)
		return "no-autoconf";
	if (p->prefix.len != 64) /* RFC 4862 5.5.3 d: identifiers are 64 */
		return "length";
	return p->valid_s == 0 ? "expired" : NULL;
}

static void
prefixes(struct v6d_witness *w, const struct v6d_view_ra *r)
{
	const struct v6d_ra_prefix *p = NULL;
	const char *fault = "none";
	char addr[V6D_ADDR_TEXT], text[V6D_SUBJECT];
	struct v6d_text t = v6d_text_to(text, sizeof(text));

	for (unsigned i = 0; i < r->ra->n_prefixes && fault; i++) {
		p = &r->ra->prefixes[i];
		fault = prefix_fault(p);
	}
	if (p)
		v6d_text_add(&t, "%s/%u",
		    v6d_addr_text(&p->prefix.addr, addr, sizeof(addr)),
		    p->prefix.len);
	v6d_witness_say(w, r->first, V6D_FACT_RA_PREFIX, p ? text : NULL,
	    fault ? V6D_BAD : V6D_OK, fault,
	    p ? (int64_t)p->prefix.len : V6D_NO_VALUE);
}

/* What PPP carries inside, by what both ends agreed to (RFC 1661 6.1). */
static uint32_t
link_mtu(const struct v6d_view_ppp *p)
{
	uint32_t mtu = 1500;

	for (int d = 0; d < V6D_N_DIRS; d++)
		if (p->mru[d] >= 1280 && p->mru[d] < mtu)
			mtu = p->mru[d];
	return mtu;
}

static void
ra_mtu(struct v6d_witness *w, const struct v6d_view_ra *r)
{
	uint32_t mtu = r->ra->mtu, most = link_mtu(&w->v->ppp);

	if (mtu == 0)
		return;
	v6d_witness_say(w, r->first, V6D_FACT_RA_MTU, NULL,
	    mtu < 1280 || mtu > most ? V6D_BAD : V6D_OK,
	    mtu < 1280   ? "too-small"
	    : mtu > most ? "too-big"
			 : NULL,
	    mtu);
}

static void
unsolicited(struct v6d_witness *w, const struct v6d_view_ra *r)
{
	v6d_ns life = V6D_S(r->ra->lifetime_s);

	if (r->n_unsolicited > 0)
		v6d_witness_say(w, r->last, V6D_FACT_RA_UNSOLICITED, NULL,
		    V6D_OK, NULL, V6D_NO_VALUE);
	else if (life > 0 && r->n_solicits > 0 && w->over > r->last + life)
		v6d_witness_say(w, r->last + life, V6D_FACT_RA_UNSOLICITED,
		    NULL, V6D_BAD, "solicited-only", r->ra->lifetime_s);
}

static void
ra_content(struct v6d_witness *w, const struct v6d_view_ra *r)
{
	const char *fault = ra_fault(r);
	char text[V6D_ADDR_TEXT];

	v6d_witness_say(w, r->first, V6D_FACT_RA_VALID, NULL,
	    fault ? V6D_BAD : V6D_OK, fault, V6D_NO_VALUE);
	if (fault)
		return;
	v6d_witness_say(w, r->first, V6D_FACT_RA_LIFETIME, NULL,
	    r->ra->lifetime_s ? V6D_OK : V6D_BAD,
	    r->ra->lifetime_s ? NULL : "zero", r->ra->lifetime_s);
	prefixes(w, r);
	ra_mtu(w, r);
	if (r->ra->has_rdnss)
		v6d_witness_say(w, r->first, V6D_FACT_RA_RDNSS,
		    v6d_addr_text(&r->ra->rdnss, text, sizeof(text)), V6D_OK,
		    NULL, V6D_NO_VALUE);
	unsolicited(w, r);
	if (r->n_routers > 1)
		v6d_witness_say(w, r->last, V6D_FACT_RA_ROUTERS, NULL, V6D_BAD,
		    "several", r->n_routers);
}

void
v6d_witness_ra(struct v6d_witness *w)
{
	const struct v6d_view_ra *r = &w->v->ra;
	v6d_ns up = w->v->ppp.opened[V6D_VIEW_IPV6CP];
	v6d_ns asked = r->first_solicit;

	if (r->n > 0 && r->err == V6D_WIRE_TRUNCATED) {
		v6d_witness_say(w, r->first, V6D_FACT_RA_RECEIVED, NULL,
		    V6D_UNKNOWN, "cut", V6D_NO_VALUE);
	} else if (r->n > 0) {
		v6d_witness_say(w, r->first, V6D_FACT_RA_RECEIVED, NULL, V6D_OK,
		    NULL, v6d_witness_ms(up, r->first));
		ra_content(w, r);
	} else if (up != V6D_NEVER && asked != V6D_NEVER &&
		   w->v->inner.unread[V6D_DIR_IN] == 0 &&
		   w->over >= asked + (w->live ? w->patience : SOLICITED_FOR)) {
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_RA_RECEIVED, NULL,
		    V6D_BAD, "none", V6D_NO_VALUE);
	}
}
