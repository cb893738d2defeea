/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * preflight.c - everything that can be told to go wrong before anything is
 * touched: rights, programs, interfaces, others that are in the way.
 */
#include "base/lang.h"
#include "gateway/gateway_impl.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/wire.h"
#include "gateway/boot.h"
#include "io/clock.h"
#include "io/netlink.h"
#include "io/netns.h"
#include "io/nft.h"
#include "io/place.h"
#include "io/privileges.h"
#include "io/resolver.h"
#include "io/sysctl.h"

#define PPTP_PORT 1723
#define LOOKUP V6D_S(5)
#define MAX_ROUTES 64

static int
config(struct v6d_gw *g, const char *what)
{
	g->end = V6D_GW_CONFIG;
	return v6d_change_told(&g->c, -EINVAL, "%s: %s", g->p->path, what);
}

/* ---- the profile ---- */

/* What stands behind the prefix; nothing is everybody's (RFC 4291 2.6.1). */
static int
check_suffix(struct v6d_gw *g)
{
	static const uint8_t nothing[8];
	const struct v6d_addr *s = &g->p->lan.suffix;

	if (memcmp(s->b, nothing, 8) != 0)
		return config(g,
		    "[lan] suffix is more than the last 64 bits of an address: "
		    "\"::64\" is one");
	if (memcmp(s->b + 8, nothing, 8) == 0)
		return config(g,
		    "[lan] suffix is that of the routers' anycast address: "
		    "name another, like \"::64\"");
	return 0;
}

static int
check_profile(struct v6d_gw *g)
{
	const struct v6d_profile_dns_update *d = &g->p->dns_update;

	if (g->p->tunnel.server[0] == '\0')
		return config(g, "[tunnel] names no server");
	if (g->p->tunnel.user[0] == '\0')
		return config(g, "[tunnel] names no user");
	if (g->p->lan.interface.n > 0 && check_suffix(g) < 0)
		return -EINVAL;
	if (d->name[0] != '\0' && d->server[0] == '\0')
		return config(g, "[dns-update] has a name but no server");
	if (d->name[0] == '\0' &&
	    (d->server[0] || d->zone[0] || d->key_file[0]))
		return config(g, "[dns-update] has no name to update");
	if (d->key_file[0] && access(d->key_file, R_OK) < 0) {
		g->end = V6D_GW_CONFIG;
		return v6d_change_told(&g->c, -EINVAL,
		    "%s: [dns-update] key-file %s cannot be read: %s",
		    g->p->path, d->key_file, strerror(errno));
	}
	return 0;
}

/* ---- interfaces ---- */

struct flags {
	const char *ifname;
	short flags;
};

static int
read_flags(void *arg)
{
	struct flags *f = arg;
	struct ifreq r;
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0), err;

	if (fd < 0)
		return -errno;
	memset(&r, 0, sizeof(r));
	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", f->ifname);
	err = ioctl(fd, SIOCGIFFLAGS, &r) < 0 ? -errno : 0;
	f->flags = r.ifr_flags;
	close(fd);
	return err;
}

static int
check_lan(struct v6d_gw *g, const char *ifname)
{
	struct flags f = { ifname, 0 };
	char path[96];
	int64_t off = 1;

	if (strcmp(ifname, g->tunnel) == 0)
		return config(g, "[lan] names the tunnel's own interface");
	if (v6d_netns_run(g->c.ns_fd, read_flags, &f) < 0)
		return v6d_change_told(&g->c, -ENODEV,
		    "there is no interface %s; \"ip link\" lists what there is",
		    ifname);
	if (!(f.flags & IFF_UP))
		return v6d_change_told(&g->c, -ENETDOWN,
		    "%s is down: \"ip link set %s up\" first", ifname, ifname);
	snprintf(path, sizeof(path), "net/ipv6/conf/%s/disable_ipv6", ifname);
	if (v6d_sysctl_read(g->c.ns_fd, path, &off) < 0 || off != 0)
		return v6d_change_told(&g->c, -EAFNOSUPPORT,
		    "IPv6 is switched off on %s: \"sysctl %s=0\" first", ifname,
		    path);
	return 0;
}

static int
check_lans(struct v6d_gw *g)
{
	const struct v6d_text_list *l = &g->p->lan.interface;
	int err = 0;

	for (unsigned i = 0; err == 0 && i < l->n; i++) {
		for (unsigned k = 0; k < i; k++)
			if (strcmp(l->s[i], l->s[k]) == 0)
				return config(
				    g, "[lan] names an interface twice");
		err = check_lan(g, l->s[i]);
		snprintf(g->lan[i].ifname, sizeof(g->lan[i].ifname), "%.15s",
		    l->s[i]);
	}
	g->n_lan = l->n;
	return err;
}

static int
check_tunnel(struct v6d_gw *g)
{
	int index;

	if (v6d_netlink_ifindex(g->c.ns_fd, g->tunnel, &index) < 0)
		return 0;
	return v6d_change_told(&g->c, -EBUSY,
	    "there is an interface %s already: another tunnel? Name another "
	    "one in [tunnel], or end that one",
	    g->tunnel);
}

/* ---- rights and programs ---- */

static int
check_rights(struct v6d_gw *g)
{
	struct v6d_rights r;
	char text[512];

	v6d_rights_look(g->conf.ns.host_fd, &r);
	if (v6d_gw_by_pppd(g))
		r.tun = 0; /* its interface is of another kind */
	v6d_rights_text(&r, text, sizeof(text));
	text[strcspn(text, "\n")] = '\0';
	if (text[0] == '\0')
		return 0;
	return v6d_change_told(&g->c, -EPERM, "%s", text);
}

static int
check_programs(struct v6d_gw *g)
{
	int err = v6d_gw_pppd_check(g);

	if (err < 0)
		return err;
	if (g->n_lan > 0 && g->p->lan.radvd && v6d_program_look("radvd") < 0)
		return v6d_change_told(&g->c, -ENOENT,
		    "radvd is not installed (Debian: radvd); or say \"radvd = "
		    "no\" in [lan]");
	if (g->p->dns_update.name[0] && v6d_program_look("nsupdate") < 0)
		return v6d_change_told(&g->c, -ENOENT,
		    "nsupdate is not installed (Debian: bind9-dnsutils), and "
		    "[dns-update] wants it");
	return 0;
}

/* ---- others in the way ---- */

/* A radvd in the namespace that the LAN is in, not one of our instances'. */
static bool
is_radvd(const struct v6d_gw *g, const char *pid, const char *netns)
{
	char path[64], text[1024];
	FILE *f;
	size_t n;
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%.16s/ns/net", pid);
	len = readlink(path, text, sizeof(text) - 1);
	text[len > 0 ? len : 0] = '\0';
	if (strcmp(text, netns) != 0)
		return false;
	snprintf(path, sizeof(path), "/proc/%.16s/cmdline", pid);
	f = fopen(path, "re");
	n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
	if (f)
		fclose(f);
	text[n] = '\0';
	n = n > 0 ? strlen(text) : 0;
	if (n < 5 || strcmp(text + n - 5, "radvd") != 0)
		return false;
	return !memmem(
	    text, sizeof(text), g->conf.run_dir, strlen(g->conf.run_dir));
}

static int
check_radvd(struct v6d_gw *g)
{
	char netns[64];
	struct dirent *e;
	long pid = 0;
	DIR *d;

	if (g->n_lan == 0 || !g->p->lan.radvd)
		return 0;
	v6d_netns_name(g->c.ns_fd, netns, sizeof(netns));
	d = opendir("/proc");
	while (d && pid == 0 && (e = readdir(d)))
		if (isdigit((unsigned char)e->d_name[0]) &&
		    is_radvd(g, e->d_name, netns))
			pid = strtol(e->d_name, NULL, 10);
	if (d)
		closedir(d);
	if (pid == 0)
		return 0;
	return v6d_change_told(&g->c, -EBUSY,
	    "a radvd runs already (process %ld): end it, or say \"radvd = no\" "
	    "in [lan]",
	    pid);
}

/* What another instance of ours has in use. */
struct other {
	bool serves_lan, same_server;
	char name[64];
};

static void
look_at(const struct v6d_gw *g, const char *file, struct other *o)
{
	static struct v6d_journal j; /* large; one at a time */
	char name[64];
	struct v6d_boot b;

	snprintf(name, sizeof(name), "%.*s", (int)(strlen(file) - 8), file);
	if (strcmp(name, g->conf.name) == 0 ||
	    v6d_journal_peek(&j, g->conf.state_dir, name) < 0)
		return;
	b = v6d_boot_of(&j, g->c.ns_fd);
	if (b.known && b.same_boot && b.same_netns &&
	    strcmp(b.server, g->p->tunnel.server) == 0)
		o->same_server = true;
	for (unsigned i = 0; b.same_boot && b.same_netns && i < j.n; i++)
		for (unsigned k = 0; k < g->n_lan; k++)
			if (!j.e[i].undone &&
			    strcmp(j.e[i].r.word[0], "address") == 0 &&
			    strcmp(j.e[i].r.word[1], g->lan[k].ifname) == 0) {
				o->serves_lan = true;
				snprintf(o->name, sizeof(o->name), "%s", name);
			}
	v6d_journal_close(&j);
}

static void
look_at_others(const struct v6d_gw *g, struct other *ret)
{
	DIR *d = g->conf.state_dir ? opendir(g->conf.state_dir) : NULL;
	struct dirent *e;

	while (d && (e = readdir(d))) {
		size_t n = strlen(e->d_name);

		if (n > 8 && strcmp(e->d_name + n - 8, ".journal") == 0)
			look_at(g, e->d_name, ret);
	}
	if (d)
		closedir(d);
}

/*
 * A second call from the same address can kill the first one behind a simple
 * router; two instances of ours are meant to be two.
 */
static int
check_session(struct v6d_gw *g, const struct other *o)
{
	const char *name = g->p->tunnel.server;
	struct v6d_place_calls calls;
	int err = 0;

	if (!v6d_addr_parse(name, &g->server))
		err = v6d_resolver_lookup(g->conf.ns.host_fd, name, 4,
		    v6d_clock_now() + LOOKUP, &g->server);
	if (err < 0) {
		g->end = V6D_GW_FAULT;
		return v6d_change_told(&g->c, err,
		    "no IPv4 address of %.100s can be found: %s", name,
		    err == -ETIMEDOUT ? N_("the resolver does not answer")
				      : strerror(-err));
	}
	if (o->same_server ||
	    v6d_place_calls(g->conf.ns.host_fd, &g->server, PPTP_PORT, &calls) <
		0 ||
	    calls.n == 0)
		return 0;
	return v6d_change_told(&g->c, -EBUSY,
	    "a PPTP session to %s is up already, of another program: a second "
	    "one could kill it. End that one first",
	    name);
}

static int
check_default(struct v6d_gw *g)
{
	struct v6d_answer_route r[MAX_ROUTES];
	unsigned n = 0;

	if (v6d_netlink_routes(g->c.ns_fd, 6, NULL, r, MAX_ROUTES, &n) < 0)
		return 0;
	for (unsigned i = 0; i < n && i < MAX_ROUTES; i++)
		for (unsigned k = 0; k < g->n_lan; k++)
			if (r[i].from_ra &&
			    strcmp(r[i].ifname, g->lan[k].ifname) == 0)
				return v6d_change_told(&g->c, -EEXIST,
				    "%s has another router for IPv6 already: "
				    "a LAN needs one that knows the way",
				    r[i].ifname);
	for (unsigned i = 0; i < n && i < MAX_ROUTES; i++)
		if (r[i].dst.len == 0 && !r[i].reject &&
		    g->p->tunnel.table == 0)
			return v6d_change_told(&g->c, -EEXIST,
			    "there is a default route for IPv6 already, "
			    "through %s: name a table in [tunnel] (\"table = "
			    "100\"), and what comes from the tunnel's prefix "
			    "will use the tunnel",
			    r[i].ifname);
	return 0;
}

/* ---- the packet filter that is there ---- */

/* Where a listing of chains is. */
struct place {
	char table[96], chain[96];
};

/* A base chain of another table that drops what it does not know. */
static void
tell_chain(struct v6d_gw *g, const struct place *p, bool forward)
{
	v6d_gw_say(g, V6D_GW_WARN,
	    "the packet filter has a table \"%s\" of its own that drops %s "
	    "packets by default (chain %s): what this program lets through "
	    "must be accepted there too",
	    p->table, forward ? N_("forwarded") : N_("incoming"), p->chain);
}

/* A rule for all that came so far: "[counter ...] drop" or "reject ...". */
static bool
is_end(const char *rule)
{
	static const char counter[] = "counter packets ";

	rule += strspn(rule, " \t");
	if (strncmp(rule, counter, sizeof(counter) - 1) == 0) {
		rule += sizeof(counter) - 1;
		rule += strspn(rule, "0123456789");
		rule += strncmp(rule, " bytes ", 7) == 0 ? 7 : 0;
		rule += strspn(rule, "0123456789");
		rule += strspn(rule, " ");
	} else if (strncmp(rule, "counter ", 8) == 0) {
		rule += 8;
	}
	return strncmp(rule, "drop", 4) == 0 || strncmp(rule, "reject", 6) == 0;
}

/* Its policy is to accept, but its last words are others (firewalld's are). */
static bool
ends_all(struct v6d_gw *g, const struct place *p)
{
	char what[224], *text = NULL;
	bool found = false;

	snprintf(what, sizeof(what), "chain %s %s", p->table, p->chain);
	if (v6d_nft_list(g->c.ns_fd, what, &text) < 0)
		return false;
	for (char *l = text; l && !found; l = strchr(l, '\n')) {
		l += *l == '\n';
		found = is_end(l);
	}
	free(text);
	return found;
}

static void
look_at_chain(struct v6d_gw *g, const struct place *p, const char *l)
{
	bool forward = strstr(l, "hook forward") != NULL;

	if (!forward && !strstr(l, "hook input"))
		return;
	if (forward && g->n_lan == 0)
		return;
	if (strstr(l, "policy drop") || ends_all(g, p))
		tell_chain(g, p, forward);
}

/*
 * "list chains" prints a table's line, then a line with each chain's name and
 * for each base chain one with its hook and policy.
 */
static void
tell_line(struct v6d_gw *g, const char *l, struct place *p)
{
	l += strspn(l, " \t");
	if (strncmp(l, "table ", 6) == 0)
		snprintf(p->table, sizeof(p->table), "%.*s",
		    (int)strcspn(l + 6, "{") - 1, l + 6);
	else if (strncmp(l, "chain ", 6) == 0)
		snprintf(p->chain, sizeof(p->chain), "%.*s",
		    (int)strcspn(l + 6, " {"), l + 6);
	else if (strncmp(p->table, "ip6 ", 4) == 0 ||
		 strncmp(p->table, "inet ", 5) == 0)
		look_at_chain(g, p, l);
}

static void
tell_chains(struct v6d_gw *g, char *text)
{
	struct place p = { "", "" };

	for (char *l = text, *end; l; l = end) {
		end = strchr(l, '\n');
		if (end)
			*end++ = '\0';
		tell_line(g, l, &p);
	}
}

static int
look_at_filter(struct v6d_gw *g)
{
	char *text = NULL;
	int err = v6d_nft_list(g->c.ns_fd, "chains", &text);

	if (err < 0)
		return v6d_change_told(&g->c, err,
		    "the packet filter (nftables) cannot be used: %s",
		    strerror(-err));
	tell_chains(g, text);
	free(text);
	return 0;
}

static int
look_at_forwarding(struct v6d_gw *g)
{
	int64_t now = 0;
	int err =
	    v6d_sysctl_read(g->c.ns_fd, "net/ipv6/conf/all/forwarding", &now);

	g->was_forwarding = now != 0;
	if (err < 0)
		return v6d_change_told(&g->c, err,
		    "this kernel has no IPv6, or /proc/sys is not there: %s",
		    strerror(-err));
	return 0;
}

int
v6d_gw_preflight(struct v6d_gw *g)
{
	struct other others = { 0 };
	int err = check_profile(g);

	if (err == 0)
		err = check_rights(g);
	if (err == 0)
		err = look_at_forwarding(g);
	if (err == 0)
		err = check_lans(g);
	if (err == 0)
		err = check_tunnel(g);
	if (err == 0)
		err = check_programs(g);
	if (err < 0)
		return err;
	look_at_others(g, &others);
	if (others.serves_lan)
		return v6d_change_told(&g->c, -EBUSY,
		    "an interface of [lan] is in use by '%s'; \"v6doctor "
		    "status %s\" tells more",
		    others.name, others.name);
	err = check_radvd(g);
	if (err == 0)
		err = check_default(g);
	if (err == 0)
		err = check_session(g, &others);
	if (err == 0)
		err = look_at_filter(g);
	return err;
}
