/* SPDX-License-Identifier: GPL-2.0-or-later */
/* radvd.c - radvd.conf, as a file or written by a script. */
#include "paste/impl.h"

#include <string.h>

static const char *const words[] = { "AdvSendAdvert", "MinRtrAdvInterval",
	"MaxRtrAdvInterval", "MinDelayBetweenRAs", "AdvManagedFlag",
	"AdvOtherConfigFlag", "AdvLinkMTU", "AdvReachableTime",
	"AdvRetransTimer", "AdvCurHopLimit", "AdvDefaultLifetime",
	"AdvDefaultPreference", "AdvSourceLLAddress", "AdvOnLink",
	"AdvAutonomous", "AdvRouterAddr", "AdvValidLifetime",
	"AdvPreferredLifetime", "AdvRDNSSLifetime", "AdvRDNSSPreference",
	"AdvDNSSLLifetime", "IgnoreIfMissing", "UnicastOnly", "DeprecatePrefix",
	"DecrementLifetimes", "AdvRAMTU", "AdvHomeAgentFlag", "Base6to4" };

static void
begin(struct v6d_paste_setup *s, const struct v6d_tok *t)
{
	if (!s->has_radvd)
		s->radvd = t->at;
	s->has_radvd = true;
}

int
v6d_take_radvd(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_setup *s = &p->setup;
	bool here = p->place.format == V6D_PF_RADVD ||
		    p->place.cmd == V6D_PF_RADVD || p->place.script;
	int64_t v;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!v6d_tok_is(t, 0, words[i]))
			continue;
		begin(s, t);
		if (i == 0 && t->n > 1)
			s->adv_send = v6d_starts(t->t[1], "on");
		if (v6d_tok_is(t, 0, "AdvLinkMTU") && t->n > 1 &&
		    v6d_lead(t->t[1], &v) && v < 1 << 24) {
			s->adv_mtu = true;
			s->radvd_mtu = (unsigned)v;
		}
		return (int)t->n;
	}
	if (!here || t->n > 6)
		return 0;
	if (v6d_tok_is(t, 0, "interface") && t->n >= 2) {
		begin(s, t);
		v6d_copy(s->radvd_dev, sizeof(s->radvd_dev), t->t[1]);
		s->radvd_dev[strcspn(s->radvd_dev, "{;")] = '\0';
		return (int)t->n;
	}
	if (v6d_tok_is(t, 0, "prefix") && t->n >= 2) {
		begin(s, t);
		v6d_copy(s->radvd_prefix, sizeof(s->radvd_prefix), t->t[1]);
		s->radvd_prefix_at = t->at;
		return (int)t->n;
	}
	if (v6d_tok_is(t, 0, "RDNSS") && t->n >= 2) {
		begin(s, t);
		s->adv_rdnss = true;
		return (int)t->n;
	}
	if (v6d_tok_is(t, 0, "DNSSL") || v6d_tok_is(t, 0, "route") ||
	    v6d_tok_is(t, 0, "clients"))
		return p->place.script ? 0 : (int)t->n;
	return t->n == 1 && t->line[strspn(t->line, "{};")] == '\0' ? 1 : 0;
}
