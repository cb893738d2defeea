/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile_keys.c - every section and key that a profile may have. */
#include "io/profile_keys.h"

#include <stddef.h>
#include <string.h>

#include "base/wire.h"

/* clang-format off: a table reads by its columns */
#define AT(f) offsetof(struct v6d_profile, f)
#define K(sec, name, form, field, standard, meaning)                         \
	{                                                                    \
		sec, name, V6D_FORM_##form, AT(field), 0, 0, NULL, standard, \
		    meaning, ""                                              \
	}
#define NUM(sec, name, unit, field, min, max, standard, meaning)       \
	{                                                              \
		sec, name, V6D_FORM_NUMBER, AT(field), min, max, NULL, \
		    standard, meaning, unit                            \
	}
#define WORD(sec, name, field, words, standard, meaning)                    \
	{                                                                   \
		sec, name, V6D_FORM_WORD, AT(field), 0, 0, words, standard, \
		    meaning, ""                                             \
	}

const struct v6d_key v6d_keys[] = {
	K("tunnel", "server", HOST, tunnel.server, "",
	    "PPTP server, name or IPv4 address"),
	K("tunnel", "user", TEXT, tunnel.user, "",
	    "name to log in with, realm included"),
	K("tunnel", "password-file", FILE, tunnel.password_file, "",
	    "file whose first line is the password; mode 0600"),
	K("tunnel", "auth", AUTH, tunnel.auth, "any",
	    "how to prove who we are"),
	WORD("tunnel", "mppe", tunnel.mppe, "allow require refuse", "allow",
	    "encryption (128 bits, stateless); \"require\" needs MS-CHAPv2"),
	NUM("tunnel", "mtu", "bytes", tunnel.mtu, 1280, 1500, "1444",
	    "largest IPv6 packet to send"),
	NUM("tunnel", "mru", "bytes", tunnel.mru, 1280, 1500, "1500",
	    "largest PPP payload to accept; below 1500 the size of "
	    "GRE packets is measured only so far"),
	WORD("tunnel", "engine", tunnel.engine, "builtin pppd", "builtin",
	    "who speaks PPP in \"connect\": this program, or the system's "
	    "pppd with pptp"),
	K("tunnel", "interface", IFNAME, tunnel.interface, "v6tun0",
	    "the tunnel's interface"),
	NUM("tunnel", "table", "", tunnel.table, 0, 2147483647, "0",
	    "routing table for what comes from the tunnel's prefix; 0: the "
	    "main table, with a default route for all of this host"),
	WORD("tunnel", "accept-ra", tunnel.accept_ra, "follow once", "follow",
	    "whether the server's later advertisements count, or only each "
	    "session's first"),
	NUM("tunnel", "echo", "seconds", tunnel.echo_s, 1, 3600, "20",
	    "time between LCP echoes; routers forget an idle session "
	    "after 30"),
	K("tunnel", "offload", BOOL, tunnel.offload, "yes",
	    "no: packets pass the kernel one by one, each as it goes"),

	K("probe", "ipv6-target", ADDRS6, probe.ipv6_target, "",
	    "hosts to reach through the tunnel"),
	K("probe", "page", TEXT, probe.page, "/",
	    "path of a large page at the first of them; it is not stored"),
	K("probe", "ipv4-target", ADDR4, probe.ipv4_target, "",
	    "a host to reach without the tunnel"),
	K("probe", "name", HOST, probe.name, "",
	    "a name that has A and AAAA records"),
	K("probe", "literal", ADDR6, probe.literal, "",
	    "what its AAAA record should say"),
	K("probe", "dns-server", ADDRS, probe.dns_server, "",
	    "resolvers to ask; without it, the host's own"),
	K("probe", "napt-target", HOSTPORT, probe.napt_target, "",
	    "where to open many sessions; never the PPTP server"),
	NUM("probe", "max-sessions", "sessions", probe.max_sessions, 1, 4096,
	    "128", "at most so many sessions at a time"),
	NUM("probe", "deadline", "seconds", probe.deadline_s, 1, 3600, "30",
	    "the whole run ends after so long"),

	K("lan", "interface", IFNAMES, lan.interface, "",
	    "interfaces that get IPv6 from this host"),
	K("lan", "suffix", ADDR6, lan.suffix, "::1",
	    "this host's address in their prefix"),
	K("lan", "radvd", BOOL, lan.radvd, "yes", "advertise the prefix there"),
	K("lan", "rdnss", ADDRS6, lan.rdnss, "", "resolvers to advertise"),

	K("firewall", "policy", POLICY, firewall.no_syn, "stateful",
	    "what may come in from the tunnel"),
	K("firewall", "allow", SERVICES, firewall.allow, "",
	    "services of this host that are open to the tunnel"),

	K("dns-update", "server", HOST, dns_update.server, "",
	    "name server that takes updates"),
	K("dns-update", "zone", HOST, dns_update.zone, "", "zone to update"),
	K("dns-update", "name", HOST, dns_update.name, "", "this host's name"),
	K("dns-update", "key-file", FILE, dns_update.key_file, "",
	    "TSIG key; mode 0600"),
	NUM("dns-update", "ttl", "seconds", dns_update.ttl_s, 1, 604800, "300",
	    "how long others may keep the record"),

	K("peer", "listen", ADDR4, peer.listen, "0.0.0.0",
	    "address to listen on"),
	NUM("peer", "port", "", peer.port, 1, 65535, "1723", "TCP port"),
	K("peer", "user", TEXT, peer.user, "",
	    "the one who may log in; without it, [tunnel]'s"),
	K("peer", "password-file", FILE, peer.password_file, "",
	    "the password; without it, [tunnel]'s"),
	K("peer", "auth", AUTH, peer.auth, "mschapv2",
	    "how clients must prove who they are"),
	WORD("peer", "mppe", peer.mppe, "allow require refuse", "allow",
	    "encryption; \"allow\" waits for the client to ask for it"),
	K("peer", "wrong-password", BOOL, peer.wrong_password, "no",
	    "refuse every password"),
	K("peer", "prefix", POOL, peer.prefix, "2001:db8:118::/48",
	    "pool; each session in turn gets a /64 of it"),
	WORD("peer", "lcp", peer.lcp, "eager silent", "eager",
	    "silent: say nothing in LCP until spoken to"),
	NUM("peer", "refuse-start", "", peer.refuse_start, 0, 255, "0",
	    "result code to refuse control connections with; 0: accept"),
	NUM("peer", "refuse-call", "", peer.refuse_call, 0, 255, "0",
	    "result code to refuse calls with; 0: accept"),
	K("peer", "drop-call", BOOL, peer.drop_call, "no",
	    "close the connection at the request for a call"),
	K("peer", "ipv6", BOOL, peer.ipv6, "yes", "no: reject IPV6CP"),
	K("peer", "offer-ipcp", BOOL, peer.offer_ipcp, "no",
	    "ask for IPv4 in the tunnel too"),
	K("peer", "ignore-icmp", BOOL, peer.ignore_icmp, "no",
	    "do not hang up when ICMP says that GRE is unreachable"),
	K("peer", "gre-ack", BOOL, peer.gre_ack, "yes",
	    "no: never send a GRE packet for its acknowledgment alone"),
	K("peer", "offload", BOOL, peer.offload, "yes",
	    "no: packets pass the kernel one by one, each as it goes"),
	NUM("peer", "mtu", "bytes", peer.mtu, 1280, 1500, "1444",
	    "largest IPv6 packet to send"),
	NUM("peer", "mru", "bytes", peer.mru, 1280, 1500, "1500",
	    "largest PPP payload to accept"),
	K("peer", "ifid", IFID, peer.ifid, "::1",
	    "the server's interface identifier"),
	K("peer", "client-ifid", IFID, peer.client_ifid, "::2",
	    "suggested to clients that have none"),
	NUM("peer", "max-sessions", "sessions", peer.max_sessions, 0, 1024,
	    "64", "more are turned away as they connect"),
	K("peer", "radvd", BOOL, peer.radvd, "yes",
	    "run radvd for each session"),
	NUM("peer", "ra-lifetime", "seconds", peer.ra_lifetime_s, 0, 9000,
	    "1800", "router lifetime; 0: no default router"),
	NUM("peer", "ra-interval", "seconds", peer.ra_interval_s, 4, 1800, "10",
	    "most time between advertisements"),
	NUM("peer", "ra-mtu", "bytes", peer.ra_mtu, 0, 65535, "0",
	    "MTU to advertise; 0: none"),
	K("peer", "ra-prefix", BOOL, peer.ra_prefix, "yes",
	    "advertise the prefix at all"),
	K("peer", "ra-unsolicited", BOOL, peer.ra_unsolicited, "yes",
	    "advertise without being asked as well"),
	K("peer", "ra-autonomous", BOOL, peer.ra_autonomous, "yes",
	    "clients may make addresses in the prefix"),
	K("peer", "ra-on-link", BOOL, peer.ra_on_link, "yes",
	    "the prefix is on the link"),
	NUM("peer", "ra-prefix-length", "bits", peer.ra_prefix_length, 1, 128,
	    "64", "length to advertise; only 64 works"),
	NUM("peer", "ra-valid", "seconds", peer.ra_valid_s, 0, 4294967295u,
	    "86400", "valid lifetime of the prefix"),
	NUM("peer", "ra-preferred", "seconds", peer.ra_preferred_s, 0,
	    4294967295u, "14400", "preferred lifetime of the prefix"),
	K("peer", "ra-rdnss", ADDRS6, peer.ra_rdnss, "",
	    "resolvers to advertise"),
};
/* clang-format on */

/* In the order of the table. */
static const struct {
	const char *name, *meaning;
} sections[] = {
	{ "tunnel", "The session to the PPTP server." },
	{ "probe", "What the checks ask, and how long." },
	{ "lan",
	    "Used by connect and rehearse: who gets IPv6 from this host." },
	{ "firewall", "Used by connect and rehearse: what may come in." },
	{ "dns-update", "Used by connect: the name whose AAAA record follows "
			"this host's address (RFC 2136)." },
	{ "peer", "Used by the practice server: whom it plays." },
};

const size_t v6d_n_keys = V6D_ARRAY_LEN(v6d_keys);

const struct v6d_key *
v6d_key_find(const char *section, const char *name, bool *ret_section)
{
	*ret_section = false;
	for (size_t i = 0; i < v6d_n_keys; i++) {
		const struct v6d_key *k = &v6d_keys[i];

		if (strcmp(k->section, section) != 0)
			continue;
		*ret_section = true;
		if (strcmp(k->name, name) == 0)
			return k;
	}
	return NULL;
}

const char *
v6d_section_meaning(const char *section)
{
	for (size_t i = 0; i < V6D_ARRAY_LEN(sections); i++)
		if (strcmp(sections[i].name, section) == 0)
			return sections[i].meaning;
	return NULL;
}
