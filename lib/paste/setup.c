/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * setup.c - findings of settings and scripts of a gateway: what defeats what
 * it was meant for, what expires, what waits for ever.
 */
#include "paste/impl.h"

#include <stdio.h>
#include <string.h>

#define KEEPALIVE_S 30 /* below the shortest time that routers forget GRE in */

static void
options(const struct v6d_paste_setup *s, struct v6d_notes *n)
{
	if (!s->has_options)
		return;
	if (s->noccp && s->require_mppe)
		v6d_note(n, V6D_NOTE_NOCCP, s->noccp_at,
		    "noccp defeats require-mppe (line %u): encryption is "
		    "agreed on by CCP, so the session runs in clear, without "
		    "an error. Take noccp out.",
		    s->mppe_at.line);
	if (!s->mtu && !s->mru)
		v6d_note(n, V6D_NOTE_NO_MTU, s->options,
		    "No mtu and no mru option: the MTU becomes 1500, and every "
		    "full packet (1500 + 44 = 1544 bytes outside) leaves in "
		    "two fragments. Set mtu and mru to 1410 or less.");
	if (s->password)
		v6d_note(n,
		    s->mode_seen && s->mode_open ? V6D_NOTE_PASSWORD_OPEN
						 : V6D_NOTE_PASSWORD_MODE,
		    s->password_at,
		    s->mode_seen && s->mode_open
			? "The password stands in a file that others may "
			  "read: chmod 600."
			: N_("The password stands in this file: only its "
			     "owner may read it (chmod 600)%s"),
		    s->mode_seen ? N_(", and so it is.") : ".");
	if (s->echo_interval > 0 && s->echo_interval <= KEEPALIVE_S &&
	    s->echo_failure > 0)
		v6d_note(n, V6D_NOTE_ECHO_GOOD, s->echo_at,
		    "lcp-echo-interval %lld keeps the routers' GRE entry alive "
		    "(below %d s), and lcp-echo-failure %lld notices a dead "
		    "peer.",
		    (long long)s->echo_interval, KEEPALIVE_S,
		    (long long)s->echo_failure);
}

/* The newest value that was set for a key, of any origin but only where it
 * is set on; -1: none. */
static int64_t
set_value(const struct v6d_paste *p, const char *dev, const char *what,
    struct v6d_at *ret_at)
{
	char key[V6D_PASTE_NAME + 64];

	snprintf(key, sizeof(key), "net.ipv6.conf.%s.%s", dev, what);
	for (unsigned i = p->n_sysctls; i-- > 0;)
		if (strcmp(p->sysctls[i].key, key) == 0) {
			if (ret_at)
				*ret_at = p->sysctls[i].at;
			return p->sysctls[i].value;
		}
	return -1;
}

/* forwarding=1 was set at some time, whatever a tear-down does later. */
static bool
forwards(const struct v6d_paste *p, struct v6d_at *ret_at)
{
	for (unsigned i = 0; i < p->n_sysctls; i++)
		if (p->sysctls[i].value == 1 &&
		    (strcmp(p->sysctls[i].key,
			 "net.ipv6.conf.all.forwarding") == 0)) {
			*ret_at = p->sysctls[i].at;
			return true;
		}
	return false;
}

/* accept_ra 2 on the tunnel, or as new interfaces get it. */
static bool
keeps_ra(const struct v6d_paste *p)
{
	int tunnel = v6d_paste_tunnel(p);
	const char *dev = tunnel >= 0          ? p->ifs[tunnel].name
			  : p->setup.ifname[0] ? p->setup.ifname
					       : "ppp0";

	return set_value(p, dev, "accept_ra", NULL) == 2 ||
	       set_value(p, "default", "accept_ra", NULL) == 2;
}

static void
sysctls(const struct v6d_paste *p, struct v6d_notes *n)
{
	struct v6d_at at = { 0 };

	for (unsigned i = 0; i < p->n_sysctls; i++)
		if (p->sysctls[i].origin != V6D_RUNNING &&
		    strcmp(p->sysctls[i].key, "net.ipv6.conf.all.accept_ra") ==
			0) {
			v6d_note(n, V6D_NOTE_ALL_ACCEPT_RA, p->sysctls[i].at,
			    "net.ipv6.conf.all.accept_ra has no effect: the "
			    "kernel looks at each interface's own value "
			    "(default for new ones).");
			break;
		}
	if (forwards(p, &at) && !keeps_ra(p))
		v6d_note(n, V6D_NOTE_RA_EXPIRES, at,
		    "With forwarding = 1 the kernel ignores router "
		    "advertisements unless the tunnel's accept_ra is 2: the "
		    "address expires and is not renewed, though PPP is well.");
}

/* Settings that the tunnel needs, and that somebody turns on. */
static bool
is_wanted(const struct v6d_paste_sysctl *s)
{
	return s->origin == V6D_RUNNING && s->value != 0 &&
	       (v6d_ends(s->key, "accept_rtadv") ||
		   v6d_ends(s->key, "use_tempaddr") ||
		   v6d_ends(s->key, ".forwarding") ||
		   v6d_ends(s->key, ".accept_ra"));
}

bool
v6d_lost_at_boot(const struct v6d_paste *p, const struct v6d_paste_sysctl *s)
{
	bool file = p->place.in_file, kept = false;

	for (unsigned i = 0; i < p->n_sysctls; i++) {
		const struct v6d_paste_sysctl *o = &p->sysctls[i];

		if (o->origin != V6D_IN_FILE)
			continue;
		file = true;
		kept = kept || strcmp(o->key, s->key) == 0;
	}
	/* only where a file was shown */
	return file && is_wanted(s) && !kept;
}

static void
persistence(const struct v6d_paste *p, struct v6d_notes *n)
{
	for (unsigned i = 0; i < p->n_sysctls; i++) {
		const struct v6d_paste_sysctl *s = &p->sysctls[i];

		if (v6d_lost_at_boot(p, s))
			v6d_note(n, V6D_NOTE_NOT_PERSISTENT, s->at,
			    "%s = %lld runs now and stands in no file: it "
			    "works until the next boot.",
			    s->key, (long long)s->value);
	}
}

static void
radvd(const struct v6d_paste_setup *s, struct v6d_notes *n)
{
	if (!s->has_radvd || (s->adv_mtu && s->adv_rdnss))
		return;
	v6d_note(n, V6D_NOTE_RADVD_POOR, s->radvd,
	    "radvd advertises a prefix%s%s%s: hosts of the LAN %s%s%s.",
	    s->adv_rdnss ? "" : N_(", no resolver (RDNSS)"),
	    s->adv_mtu ? "" : N_(", no AdvLinkMTU"), "",
	    s->adv_rdnss ? "" : N_("learn no IPv6 resolver"),
	    !s->adv_rdnss && !s->adv_mtu ? " and " : "",
	    s->adv_mtu ? "" : N_("send packets that the tunnel cannot carry"));
}

static void
script(const struct v6d_paste *p, struct v6d_notes *n)
{
	const struct v6d_paste_setup *s = &p->setup;

	if (!s->has_script)
		return;
	if (s->radvd_start && !s->filter_before_start)
		v6d_note(n, V6D_NOTE_RADVD_UNGUARDED, s->radvd_start_at,
		    "radvd is started without a look at the packet filter: "
		    "where none stands, every host of the LAN can be reached "
		    "from outside at once.");
	if (s->same_prefix)
		v6d_note(n, V6D_NOTE_SAME_PREFIX, s->same_at,
		    "The tunnel's own address and /64 are put on a second "
		    "interface: the same prefix stands on both, and only "
		    "metrics decide where packets go.");
	if (s->wait_unbounded)
		v6d_note(n, V6D_NOTE_WAIT, s->wait_at,
		    "This loop waits for a global address without a limit: "
		    "where no router advertisement comes it never ends.");
	if (s->default_by_hand)
		v6d_note(n, V6D_NOTE_DEFAULT_BY_HAND, s->default_at,
		    "The IPv6 default route is made by hand: where the script "
		    "dies nobody takes it away.");
}

/* An address that came by advertisement, counting down, and no such route. */
static void
falling(const struct v6d_paste *p, struct v6d_notes *n)
{
	struct v6d_at at;
	bool ra_route = false;

	if (!p->routes6_seen || !forwards(p, &at) || keeps_ra(p))
		return;
	for (unsigned i = 0; i < p->n_routes; i++)
		ra_route = ra_route ||
			   (p->routes[i].is_default && p->routes[i].from_ra);
	for (unsigned i = 0; !ra_route && i < p->n_addrs; i++) {
		const struct v6d_paste_addr *a = &p->addrs[i];
		char text[V6D_ADDR_TEXT];

		if (!(a->flags & V6D_PA_DYNAMIC) || a->valid_s < 0 ||
		    !v6d_addr_is_global(&a->addr))
			continue;
		v6d_note(n, V6D_NOTE_LIFETIME_FALLS, a->at,
		    "%s has %lld s left, and nothing renews it: no default "
		    "route came by advertisement, and forwarding is on.",
		    v6d_addr_text(&a->addr, text, sizeof(text)),
		    (long long)a->valid_s);
		return;
	}
}

void
v6d_notes_setup(const struct v6d_paste *p, struct v6d_notes *n)
{
	options(&p->setup, n);
	sysctls(p, n);
	falling(p, n);
	script(p, n);
	radvd(&p->setup, n);
	persistence(p, n);
}
