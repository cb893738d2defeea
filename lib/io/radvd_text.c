/* SPDX-License-Identifier: GPL-2.0-or-later */
/* radvd_text.c - radvd's configuration from what shall be advertised. */
#include "io/radvd_text.h"

static void
add_prefix(struct v6d_text *t, const struct v6d_ra_prefix *p)
{
	char addr[V6D_ADDR_TEXT];
	uint32_t preferred =
	    p->preferred_s < p->valid_s ? p->preferred_s : p->valid_s;

	v6d_text_add(t, "\tprefix %s/%u {\n",
	    v6d_addr_text(&p->prefix.addr, addr, sizeof(addr)), p->prefix.len);
	v6d_text_add(t, "\t\tAdvOnLink %s;\n\t\tAdvAutonomous %s;\n",
	    p->on_link ? "on" : "off", p->autonomous ? "on" : "off");
	v6d_text_add(t, "\t\tAdvValidLifetime %u;\n", p->valid_s);
	v6d_text_add(t, "\t\tAdvPreferredLifetime %u;\n\t};\n", preferred);
}

static void
add_resolvers(struct v6d_text *t, const struct v6d_ra *ra)
{
	v6d_text_add(t, "\tRDNSS");
	for (unsigned i = 0; i < ra->n_rdnss; i++) {
		char addr[V6D_ADDR_TEXT];

		v6d_text_add(
		    t, " %s", v6d_addr_text(&ra->rdnss[i], addr, sizeof(addr)));
	}
	v6d_text_add(t, " { };\n");
}

void
v6d_radvd_text(struct v6d_text *t, const char *ifname, unsigned interval_s,
    bool only_asked, const struct v6d_ra *ra)
{
	unsigned min = interval_s / 3;

	v6d_text_add(t, "interface %s {\n\tAdvSendAdvert on;\n", ifname);
	/* RFC 4861 6.2.1: at least 3 s, at most three quarters of the other */
	v6d_text_add(t, "\tMinRtrAdvInterval %u;\n\tMaxRtrAdvInterval %u;\n",
	    min < 3 ? 3 : min, interval_s);
	if (only_asked)
		v6d_text_add(t, "\tUnicastOnly on;\n");
	v6d_text_add(t, "\tAdvDefaultLifetime %u;\n", ra->lifetime_s);
	if (ra->mtu)
		v6d_text_add(t, "\tAdvLinkMTU %u;\n", ra->mtu);
	for (unsigned i = 0; i < ra->n_prefixes; i++)
		add_prefix(t, &ra->prefixes[i]);
	if (ra->n_rdnss)
		add_resolvers(t, ra);
	v6d_text_add(t, "};\n");
}
