/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ppptrack.c - PPP as a bystander reads it: each protocol's negotiation, who
 * refused what, authentication, and what ends the link (RFC 1661, RFC 5072).
 */
#include "flow/track.h"
#include "proto/auth.h"
#include "proto/ccp.h"
#include "proto/eap.h"

/* ---- Configure packets ---- */

static void
lcp_request(struct v6d_view_ppp *p, enum v6d_dir dir, struct v6d_wire w)
{
	struct v6d_lcp_opts o = { 0 };

	if (v6d_lcp_opts_decode(&w, &o) == V6D_WIRE_MALFORMED)
		p->malformed++;
	p->mru[dir] = o.has_mru ? o.mru : 0;
	p->withdrawn[dir] = p->demand[dir].known && !o.has_auth;
	if (o.has_auth)
		p->demand[dir] =
		    (struct v6d_view_method){ o.auth_proto, o.auth_alg, true };
}

static void
lcp_answer(
    struct v6d_view_ppp *p, enum v6d_dir dir, uint8_t code, struct v6d_wire w)
{
	struct v6d_lcp_opts o = { 0 };

	if (v6d_lcp_opts_decode(&w, &o) == V6D_WIRE_MALFORMED)
		p->malformed++;
	if (!o.has_auth)
		return;
	if (code == V6D_CP_CONF_NAK)
		p->counter[dir] =
		    (struct v6d_view_method){ o.auth_proto, o.auth_alg, true };
	else if (code == V6D_CP_CONF_REJ)
		p->auth_refused[dir] = true;
}

static void
ipv6cp_request(struct v6d_view_ppp *p, enum v6d_dir dir, struct v6d_wire w)
{
	struct v6d_ipv6cp_opts o = { 0 };

	if (v6d_ipv6cp_opts_decode(&w, &o) == V6D_WIRE_MALFORMED)
		p->malformed++;
	p->has_ifid[dir] = o.has_ifid;
	memcpy(p->ifid[dir], o.ifid, sizeof(o.ifid));
}

static void
ccp_request(struct v6d_view_ppp *p, enum v6d_dir dir, struct v6d_wire w)
{
	struct v6d_ccp_opts o = { 0 };

	if (v6d_ccp_opts_decode(&w, &o) == V6D_WIRE_MALFORMED)
		p->malformed++;
	if (o.has_mppe)
		p->mppe_asked[dir] = true;
}

/* Both directions' record of a protocol; NULL: no memory. */
static struct v6d_view_neg *
neg_of(struct v6d_tunnel *t, enum v6d_view_proto proto)
{
	struct v6d_view_neg **neg = &t->v.ppp.neg[proto];

	if (*neg)
		return *neg;
	*neg = v6d_pool_take(t->pool, V6D_N_DIRS * sizeof(**neg));
	for (int d = 0; *neg && d < V6D_N_DIRS; d++)
		(*neg)[d] = (struct v6d_view_neg){ .first_req = V6D_NEVER,
			.last_req = V6D_NEVER,
			.acked = V6D_NEVER,
			.term_req = V6D_NEVER };
	return *neg;
}

static void
conf_request(struct v6d_tunnel *t, enum v6d_view_proto proto, enum v6d_dir dir,
    const struct v6d_cp *cp, struct v6d_wire w, v6d_ns at)
{
	struct v6d_view_neg *n = &t->v.ppp.neg[proto][dir];
	struct v6d_negtrack *k = &t->neg[proto][dir];

	v6d_once(&n->first_req, at);
	n->last_req = at;
	v6d_one_more(&n->n_req);
	n->agreed = false;
	k->id = cp->id;
	k->has_id = true;
	switch (proto) {
	case V6D_VIEW_LCP:
		lcp_request(&t->v.ppp, dir, w);
		break;
	case V6D_VIEW_IPV6CP:
		ipv6cp_request(&t->v.ppp, dir, w);
		break;
	case V6D_VIEW_CCP:
		ccp_request(&t->v.ppp, dir, w);
		break;
	case V6D_VIEW_IPCP:
	case V6D_VIEW_PROTOS:
		break;
	}
}

static void
note_opened(struct v6d_view_ppp *p, enum v6d_view_proto proto, v6d_ns at)
{
	if (p->neg[proto][V6D_DIR_OUT].agreed &&
	    p->neg[proto][V6D_DIR_IN].agreed)
		v6d_once(&p->opened[proto], at);
}

/* An answer travels against the request that it belongs to. */
static void
conf_answer(struct v6d_tunnel *t, enum v6d_view_proto proto, enum v6d_dir dir,
    const struct v6d_cp *cp, struct v6d_wire w, v6d_ns at)
{
	enum v6d_dir asker = v6d_dir_other(dir);
	struct v6d_view_neg *n = &t->v.ppp.neg[proto][asker];
	struct v6d_negtrack *k = &t->neg[proto][asker];

	if (cp->code == V6D_CP_CONF_ACK) {
		v6d_one_more(&n->n_ack);
		if (!k->has_id || k->id == cp->id) {
			n->agreed = true;
			v6d_once(&n->acked, at);
			note_opened(&t->v.ppp, proto, at);
		}
		return;
	}
	v6d_one_more(cp->code == V6D_CP_CONF_NAK ? &n->n_nak : &n->n_rej);
	if (proto == V6D_VIEW_LCP)
		lcp_answer(&t->v.ppp, dir, cp->code, w);
}

/* ---- LCP's own codes ---- */

static void
prot_reject(
    struct v6d_tunnel *t, enum v6d_dir dir, struct v6d_wire *w, v6d_ns at)
{
	struct v6d_view_ppp *p = &t->v.ppp;
	uint16_t proto = v6d_wire_be16(w), i = p->n_prot_rej[dir];

	if (w->err)
		return;
	for (unsigned j = 0; j < i; j++)
		if (p->prot_rej[dir][j].proto == proto)
			return;
	p->prot_rej[dir] = v6d_pool_room(t->pool, p->prot_rej[dir], i,
	    &p->cap_prot_rej[dir], V6D_VIEW_REJECTS, sizeof(*p->prot_rej[dir]));
	if (i == p->cap_prot_rej[dir])
		return;
	p->prot_rej[dir][i] = (struct v6d_view_prot_rej){ proto, at };
	p->n_prot_rej[dir]++;
}

static void
lcp_other(struct v6d_tunnel *t, enum v6d_dir dir, uint8_t code,
    struct v6d_wire *w, v6d_ns at)
{
	struct v6d_view_ppp *p = &t->v.ppp;

	if (code == V6D_LCP_PROTO_REJ) {
		prot_reject(t, dir, w, at);
	} else if (code == V6D_LCP_ECHO_REQ) {
		p->n_echo_req[dir]++;
		p->last_echo_req[dir] = at;
	} else if (code == V6D_LCP_ECHO_REP) {
		p->n_echo_rep[dir]++;
	}
}

static void
control_packet(struct v6d_tunnel *t, enum v6d_view_proto proto,
    enum v6d_dir dir, struct v6d_wire w, v6d_ns at)
{
	struct v6d_view_ppp *p = &t->v.ppp;
	struct v6d_view_neg *n = neg_of(t, proto);
	struct v6d_wire data;
	struct v6d_cp cp = { 0 };

	if (!n)
		return;
	if (v6d_cp_decode(&w, &cp, &data) == V6D_WIRE_MALFORMED) {
		p->malformed++;
		return;
	}
	if (cp.code == V6D_CP_CONF_REQ) {
		conf_request(t, proto, dir, &cp, data, at);
	} else if (cp.code >= V6D_CP_CONF_ACK && cp.code <= V6D_CP_CONF_REJ) {
		conf_answer(t, proto, dir, &cp, data, at);
	} else if (cp.code == V6D_CP_TERM_REQ) {
		v6d_one_more(&n[dir].n_term_req);
		v6d_once(&n[dir].term_req, at);
		if (proto == V6D_VIEW_LCP && !p->term_text[dir])
			p->term_text[dir] =
			    v6d_tunnel_text(t, data.p, v6d_wire_left(&data));
	} else if (proto == V6D_VIEW_LCP) {
		lcp_other(t, dir, cp.code, &data, at);
	}
}

/* ---- authentication ---- */

static void
auth_result(struct v6d_view_ppp *p, bool ok, v6d_ns at)
{
	if (p->auth == V6D_VIEW_AUTH_OK)
		return;
	p->auth = ok ? V6D_VIEW_AUTH_OK : V6D_VIEW_AUTH_FAILED;
	p->auth_done = at;
}

static void
auth_asked(struct v6d_view_ppp *p, v6d_ns at)
{
	v6d_once(&p->auth_first, at);
	if (p->auth == V6D_VIEW_AUTH_NONE)
		p->auth = V6D_VIEW_AUTH_ASKED;
}

static void
pap_packet(struct v6d_tunnel *t, enum v6d_dir dir, struct v6d_wire w, v6d_ns at)
{
	struct v6d_view_ppp *p = &t->v.ppp;
	struct v6d_pap m = { 0 };

	if (v6d_pap_decode(&w, &m) == V6D_WIRE_MALFORMED) {
		p->malformed++;
		return;
	}
	if (m.cp.code == V6D_PAP_REQ) {
		t->role_hint += dir == V6D_DIR_OUT ? 1 : -1;
		auth_asked(p, at);
		p->n_auth_try++;
		p->method = (struct v6d_view_method){ V6D_PPP_PAP, 0, true };
	} else if (m.cp.code == V6D_PAP_ACK || m.cp.code == V6D_PAP_NAK) {
		p->method = (struct v6d_view_method){ V6D_PPP_PAP, 0, true };
		auth_result(p, m.cp.code == V6D_PAP_ACK, at);
	}
}

/* A challenge travels against the proof that it asks for. */
static uint8_t
chap_alg(const struct v6d_view_ppp *p, enum v6d_dir challenger,
    const struct v6d_chap *m)
{
	if (p->demand[challenger].known &&
	    p->demand[challenger].proto == V6D_PPP_CHAP)
		return p->demand[challenger].alg;
	if (m->cp.code == V6D_CHAP_RESPONSE && m->value_len == 49)
		return V6D_CHAP_MSV2;
	if (m->cp.code == V6D_CHAP_RESPONSE && m->value_len == 16)
		return V6D_CHAP_MD5;
	return 0;
}

static void
chap_packet(
    struct v6d_tunnel *t, enum v6d_dir dir, struct v6d_wire w, v6d_ns at)
{
	struct v6d_view_ppp *p = &t->v.ppp;
	struct v6d_chap m = { 0 };
	enum v6d_dir challenger;
	uint8_t alg;

	if (v6d_chap_decode(&w, &m) == V6D_WIRE_MALFORMED) {
		p->malformed++;
		return;
	}
	challenger = m.cp.code == V6D_CHAP_RESPONSE ? v6d_dir_other(dir) : dir;
	t->role_hint += challenger == V6D_DIR_IN ? 1 : -1;
	if (challenger != V6D_DIR_IN && !t->v.roles_guessed)
		return; /* the server proves itself too: not our question */
	alg = chap_alg(p, challenger, &m);
	if (alg || !p->method.known)
		p->method = (struct v6d_view_method){ V6D_PPP_CHAP, alg, true };
	auth_asked(p, at);
	if (m.cp.code == V6D_CHAP_RESPONSE)
		p->n_auth_try++;
	else if (m.cp.code == V6D_CHAP_SUCCESS)
		auth_result(p, true, at);
	else if (m.cp.code == V6D_CHAP_FAILURE) {
		auth_result(p, false, at);
		p->auth_code = v6d_mschap_error(m.message, m.message_len);
	}
}

static void
eap_packet(struct v6d_tunnel *t, enum v6d_dir dir, struct v6d_wire w, v6d_ns at)
{
	struct v6d_view_ppp *p = &t->v.ppp;
	struct v6d_eap e = { 0 };

	if (v6d_eap_decode(&w, &e) == V6D_WIRE_MALFORMED) {
		p->malformed++;
		return;
	}
	p->method = (struct v6d_view_method){ V6D_PPP_EAP, 0, true };
	auth_asked(p, at);
	if (e.cp.code == V6D_EAP_REQUEST && dir == V6D_DIR_IN &&
	    e.type > V6D_EAP_NAK)
		p->eap_asked = e.type;
	if (e.cp.code == V6D_EAP_RESPONSE && e.type == V6D_EAP_NAK)
		p->eap_declined = p->eap_asked;
	else if (e.cp.code == V6D_EAP_RESPONSE && e.type == p->eap_asked)
		p->eap_declined = 0;
	if (e.cp.code == V6D_EAP_RESPONSE && e.type > V6D_EAP_NAK)
		p->n_auth_try++;
	if (e.cp.code == V6D_EAP_SUCCESS || e.cp.code == V6D_EAP_FAILURE)
		auth_result(p, e.cp.code == V6D_EAP_SUCCESS, at);
}

/* ---- frames ---- */

/* Of a live session only what came too late cannot be read. */
static void
opaque(struct v6d_tunnel *t, enum v6d_dir dir)
{
	if (!t->v.live)
		t->v.ppp.opaque = true;
	t->v.ppp.n_opaque[dir]++;
}

void
v6d_ppptrack_frame(
    struct v6d_tunnel *t, const struct v6d_carrier *c, struct v6d_wire w)
{
	struct v6d_view_ppp *p = &t->v.ppp;
	struct v6d_ppp h = { 0 };
	enum v6d_wire_err err = v6d_ppp_decode(&w, &h);

	if (err) {
		p->malformed += err == V6D_WIRE_MALFORMED;
		t->v.inner.unread[c->dir] += err == V6D_WIRE_TRUNCATED;
		return;
	}
	if (h.proto == V6D_PPP_LCP)
		control_packet(t, V6D_VIEW_LCP, c->dir, w, c->at);
	else if (h.proto == V6D_PPP_IPV6CP)
		control_packet(t, V6D_VIEW_IPV6CP, c->dir, w, c->at);
	else if (h.proto == V6D_PPP_IPCP)
		control_packet(t, V6D_VIEW_IPCP, c->dir, w, c->at);
	else if (h.proto == V6D_PPP_CCP)
		control_packet(t, V6D_VIEW_CCP, c->dir, w, c->at);
	else if (h.proto == V6D_PPP_PAP)
		pap_packet(t, c->dir, w, c->at);
	else if (h.proto == V6D_PPP_CHAP)
		chap_packet(t, c->dir, w, c->at);
	else if (h.proto == V6D_PPP_EAP)
		eap_packet(t, c->dir, w, c->at);
	else if (h.proto == V6D_PPP_COMP)
		opaque(t, c->dir);
	else if (h.proto == V6D_PPP_IP)
		p->n_ip4[c->dir]++;
	else if (h.proto == V6D_PPP_IPV6) {
		t->v.inner.frames[c->dir]++;
		v6d_inner_packet(t, c, w);
	}
}
