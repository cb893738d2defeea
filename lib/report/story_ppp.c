/* SPDX-License-Identifier: GPL-2.0-or-later */
/* story_ppp.c - PPP inside a tunnel: what was asked, answered and refused. */
#include "proto/auth.h"
#include "proto/ppp.h"
#include "report/story.h"

static const struct {
	enum v6d_view_proto proto;
	uint16_t number;
	const char *name;
} protos[] = {
	{ V6D_VIEW_LCP, V6D_PPP_LCP, "LCP" },
	{ V6D_VIEW_IPV6CP, V6D_PPP_IPV6CP, "IPV6CP" },
	{ V6D_VIEW_IPCP, V6D_PPP_IPCP, "IPCP" },
	{ V6D_VIEW_CCP, V6D_PPP_CCP, "CCP" },
};

static enum v6d_dir
other(enum v6d_dir d)
{
	return d == V6D_DIR_OUT ? V6D_DIR_IN : V6D_DIR_OUT;
}

static const char *
method(const struct v6d_view_method *m)
{
	if (m->proto == V6D_PPP_PAP)
		return "PAP";
	if (m->proto == V6D_PPP_EAP)
		return "EAP";
	if (m->alg == V6D_CHAP_MS)
		return "MS-CHAP";
	return m->alg == V6D_CHAP_MSV2 ? "MS-CHAPv2" : "CHAP";
}

/* ---- negotiation ---- */

static bool
rejected(const struct v6d_view_ppp *p, enum v6d_dir by, uint16_t number)
{
	for (unsigned i = 0; i < p->n_prot_rej[by]; i++)
		if (p->prot_rej[by][i].proto == number)
			return true;
	return false;
}

static void
say_lcp(struct v6d_text *t, const struct v6d_view_ppp *p, enum v6d_dir d)
{
	if (p->mru[d] > 0)
		v6d_text_add(t, ", MRU %u", p->mru[d]);
	if (p->demand[d].known)
		v6d_text_say(t, ", wants %s", method(&p->demand[d]));
}

/* How the other end took the requests that went in direction d. */
static void
answers(struct v6d_story *s, size_t i, enum v6d_dir d)
{
	const struct v6d_view_ppp *p = &s->v->ppp;
	const struct v6d_view_neg *n = v6d_view_neg(p, protos[i].proto, d);
	struct v6d_text t;

	if (n->acked != V6D_NEVER) {
		t = v6d_story_add(s, n->acked, V6D_EVENT_SENT, other(d));
		v6d_text_add(&t, "%s Configure-Ack", protos[i].name);
	} else if (n->n_nak + n->n_rej == 0 &&
		   !rejected(p, other(d), protos[i].number)) {
		v6d_story_silence(s, n->first_req, other(d));
	}
}

static void
negotiation(struct v6d_story *s, size_t i, enum v6d_dir d)
{
	const struct v6d_view_ppp *p = &s->v->ppp;
	const struct v6d_view_neg *n = v6d_view_neg(p, protos[i].proto, d);
	struct v6d_text t;

	if (n->n_req > 0) {
		t = v6d_story_add(s, n->first_req, V6D_EVENT_SENT, d);
		v6d_text_add(&t, "%s Configure-Request", protos[i].name);
		if (protos[i].proto == V6D_VIEW_LCP)
			say_lcp(&t, p, d);
		v6d_story_times(s, &t, n->n_req, n->last_req);
		if (n->n_nak > 0)
			v6d_text_say(&t, "; Configure-Nak: %u", n->n_nak);
		if (n->n_rej > 0)
			v6d_text_say(&t, "; Configure-Reject: %u", n->n_rej);
		answers(s, i, d);
	}
	if (n->n_term_req == 0)
		return;
	t = v6d_story_add(s, n->term_req, V6D_EVENT_SENT, d);
	v6d_text_add(&t, "%s Terminate-Request", protos[i].name);
	if (protos[i].proto == V6D_VIEW_LCP && p->term_text[d]) {
		v6d_text_add(&t, ": \"");
		v6d_text_add_foreign(&t, p->term_text[d], V6D_VIEW_TEXT);
		v6d_text_add(&t, "\"");
	}
}

static void
opened(struct v6d_story *s, size_t i)
{
	v6d_ns at = s->v->ppp.opened[protos[i].proto];
	struct v6d_text t;

	if (at == V6D_NEVER)
		return;
	t = v6d_story_add(s, at, V6D_EVENT_STATE, V6D_DIR_OUT);
	v6d_text_say(&t, "%s is agreed", protos[i].name);
}

/* ---- LCP's other packets ---- */

static void
rejects(struct v6d_story *s, enum v6d_dir d)
{
	const struct v6d_view_ppp *p = &s->v->ppp;

	for (unsigned i = 0; i < p->n_prot_rej[d]; i++) {
		const struct v6d_view_prot_rej *r = &p->prot_rej[d][i];
		struct v6d_text t = v6d_story_add(s, r->at, V6D_EVENT_SENT, d);

		v6d_text_say(&t,
		    "LCP Protocol-Reject: this end does not do %s (0x%04x)",
		    v6d_ppp_proto_name(r->proto), r->proto);
	}
}

static void
echoes(struct v6d_story *s, enum v6d_dir d)
{
	const struct v6d_view_ppp *p = &s->v->ppp;
	struct v6d_text t;

	if (p->n_echo_rep[other(d)] >= p->n_echo_req[d])
		return;
	t = v6d_story_add(s, p->last_echo_req[d], V6D_EVENT_MISSING, other(d));
	v6d_text_say(&t, "LCP Echo-Requests without reply: %u of %u",
	    p->n_echo_req[d] - p->n_echo_rep[other(d)], p->n_echo_req[d]);
}

/* ---- authentication, encryption ---- */

static void
result(struct v6d_story *s)
{
	const struct v6d_view_ppp *p = &s->v->ppp;
	struct v6d_text t =
	    v6d_story_add(s, p->auth_done, V6D_EVENT_SENT, V6D_DIR_IN);

	if (p->auth == V6D_VIEW_AUTH_OK)
		v6d_text_say(&t, "%s: accepted", method(&p->method));
	else
		v6d_text_say(&t, "%s: refused", method(&p->method));
	if (p->auth == V6D_VIEW_AUTH_FAILED && p->auth_code > 0)
		v6d_text_add(&t, " (%u: %s)", p->auth_code,
		    v6d_lang_get(t.lang, v6d_mschap_error_text(p->auth_code)));
}

static void
auth(struct v6d_story *s)
{
	const struct v6d_view_ppp *p = &s->v->ppp;
	bool pap = p->method.proto == V6D_PPP_PAP;
	struct v6d_text t;

	if (p->auth_first == V6D_NEVER)
		return;
	t = v6d_story_add(
	    s, p->auth_first, V6D_EVENT_SENT, pap ? V6D_DIR_OUT : V6D_DIR_IN);
	v6d_text_say(&t, "%s begins", method(&p->method));
	if (p->n_auth_try > 1)
		v6d_text_say(&t, "; tries: %u", p->n_auth_try);
	if (p->auth_done != V6D_NEVER)
		result(s);
	else
		v6d_story_silence(s, p->auth_first, V6D_DIR_IN);
}

static void
encrypted(struct v6d_story *s)
{
	const struct v6d_view_ppp *p = &s->v->ppp;
	v6d_ns ccp = p->opened[V6D_VIEW_CCP];
	struct v6d_text t;

	if (!p->opaque)
		return;
	t = v6d_story_add(s, ccp == V6D_NEVER ? s->v->first : ccp,
	    V6D_EVENT_STATE, V6D_DIR_OUT);
	v6d_text_say(&t,
	    "encrypted (MPPE), so not to be read: %llu frames to the server, "
	    "%llu to the client",
	    (unsigned long long)p->n_opaque[V6D_DIR_OUT],
	    (unsigned long long)p->n_opaque[V6D_DIR_IN]);
}

void
v6d_story_ppp(struct v6d_story *s)
{
	for (size_t i = 0; i < sizeof(protos) / sizeof(protos[0]); i++) {
		negotiation(s, i, V6D_DIR_OUT);
		negotiation(s, i, V6D_DIR_IN);
		opened(s, i);
	}
	auth(s);
	encrypted(s);
	for (int i = 0; i < V6D_N_DIRS; i++) {
		rejects(s, i ? V6D_DIR_IN : V6D_DIR_OUT);
		echoes(s, i ? V6D_DIR_IN : V6D_DIR_OUT);
	}
}
