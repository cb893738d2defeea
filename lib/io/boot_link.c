/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boot_link.c - what systemd-networkd (systemd.network(5)) and NetworkManager
 * (nm-settings(5)) will make of an interface's IPv6 settings. They come after
 * systemd-sysctl and have the last word.
 */
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/wire.h"
#include "io/boot.h"

#define LATE 1000000 /* behind any line of sysctl.d */

static const char *const network_folders[] = { "/etc/systemd/network",
	"/run/systemd/network", "/usr/local/lib/systemd/network",
	"/usr/lib/systemd/network" };
static const char *const nm_folders[] = {
	"/etc/NetworkManager/system-connections",
	"/run/NetworkManager/system-connections",
	"/usr/lib/NetworkManager/system-connections"
};

struct link {
	const char *ifname, *key;
	const char *file;
	char section[32];
	bool ours; /* the file is about this interface */
	bool over; /* networkd: the first file that is about it counts */
	unsigned order;
	struct v6d_boot in_file, b;
};

static bool
is_yes(const char *s)
{
	return strcasecmp(s, "yes") == 0 || strcasecmp(s, "true") == 0 ||
	       strcasecmp(s, "on") == 0 || strcmp(s, "1") == 0;
}

static bool
is_no(const char *s)
{
	return strcasecmp(s, "no") == 0 || strcasecmp(s, "false") == 0 ||
	       strcasecmp(s, "off") == 0 || strcmp(s, "0") == 0;
}

static void
say(struct link *l, int64_t value, unsigned number)
{
	l->in_file.said = true;
	l->in_file.value = value;
	l->in_file.order = LATE + l->order++;
	snprintf(l->in_file.where, sizeof(l->in_file.where), "%.140s:%u",
	    l->file, number);
}

/* One of several patterns with blanks between; "!" turns them round. */
static bool
matches(const char *list, const char *ifname)
{
	bool inverted = *list == '!', any = false;
	char pattern[64];
	size_t n;

	for (list += inverted; *list; list += n) {
		list += strspn(list, " \t");
		n = strcspn(list, " \t");
		snprintf(pattern, sizeof(pattern), "%.*s", (int)n, list);
		any = any || fnmatch(pattern, ifname, 0) == 0;
	}
	return any != inverted;
}

static bool
take_section(struct link *l, const char *line)
{
	size_t n = strcspn(line, "]");

	if (line[0] != '[' || line[n] != ']')
		return false;
	snprintf(l->section, sizeof(l->section), "%.*s", (int)n - 1, line + 1);
	return true;
}

/* The value behind '=', and the key cut off before it; NULL: no such line. */
static const char *
take_value(char *line)
{
	char *value = strchr(line, '='), *end = value;

	if (!value)
		return NULL;
	while (end > line && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	return value + 1 + strspn(value + 1, " \t");
}

static bool
wants(const struct link *l, const char *key)
{
	return strcmp(l->key, key) == 0;
}

/* ---- systemd-networkd ---- */

static void
network_key(struct link *l, const char *key, const char *v, unsigned number)
{
	if (wants(l, "accept_ra") && is_no(v) &&
	    (strcmp(key, "IPv6AcceptRA") == 0 ||
		strcmp(key, "IPv6AcceptRouterAdvertisements") == 0))
		say(l, 0, number);
	if (wants(l, "disable_ipv6") &&
	    strcmp(key, "LinkLocalAddressing") == 0 &&
	    (is_no(v) || strcasecmp(v, "ipv4") == 0))
		say(l, 1, number);
	if (!wants(l, "forwarding"))
		return;
	if ((strcmp(key, "IPForward") == 0 &&
		(is_yes(v) || strcasecmp(v, "ipv6") == 0)) ||
	    (strcmp(key, "IPv6Forwarding") == 0 && is_yes(v)))
		say(l, 1, number);
}

static void
on_network_line(void *arg, char *line, unsigned number)
{
	struct link *l = arg;
	const char *v;

	if (take_section(l, line))
		return;
	v = take_value(line);
	if (!v)
		return;
	if (strcmp(l->section, "Match") == 0 && strcmp(line, "Name") == 0)
		l->ours = matches(v, l->ifname);
	else if (strcmp(l->section, "Network") == 0)
		network_key(l, line, v, number);
}

/* IPForward= is for all interfaces, whichever file it stands in. */
static void
on_network(void *arg, const char *root, const char *path)
{
	struct link *l = arg;

	l->file = path;
	l->ours = false;
	l->section[0] = '\0';
	l->in_file.said = false;
	v6d_boot_lines(root, path, on_network_line, l);
	if (l->in_file.said &&
	    (wants(l, "forwarding") || (l->ours && !l->over)))
		l->b = l->in_file;
	l->over = l->over || l->ours;
}

/* ---- NetworkManager ---- */

static void
on_nm_line(void *arg, char *line, unsigned number)
{
	struct link *l = arg;
	const char *v;

	if (take_section(l, line))
		return;
	v = take_value(line);
	if (!v)
		return;
	if (strcmp(l->section, "connection") == 0 &&
	    strcmp(line, "interface-name") == 0)
		l->ours = strcmp(v, l->ifname) == 0;
	if (strcmp(l->section, "ipv6") != 0 || strcmp(line, "method") != 0)
		return;
	if (wants(l, "disable_ipv6") && strcmp(v, "disabled") == 0)
		say(l, 1, number);
	if (wants(l, "accept_ra") && strcmp(v, "link-local") == 0)
		say(l, 0, number);
}

static void
on_nm(void *arg, const char *root, const char *path)
{
	struct link *l = arg;

	l->file = path;
	l->ours = false;
	l->section[0] = '\0';
	l->in_file.said = false;
	v6d_boot_lines(root, path, on_nm_line, l);
	if (l->in_file.said && l->ours)
		l->b = l->in_file;
}

void
v6d_boot_link(
    const char *root, const char *ifname, const char *key, struct v6d_boot *b)
{
	static const char networkd[] = "/etc/systemd/networkd.conf";
	struct link l = { .ifname = ifname, .key = key };

	if (wants(&l, "forwarding")) { /* for all interfaces, since 256 */
		l.file = networkd;
		v6d_boot_lines(root, networkd, on_network_line, &l);
		l.b = l.in_file;
	}
	v6d_boot_files(root, network_folders, V6D_ARRAY_LEN(network_folders),
	    ".network", on_network, &l);
	v6d_boot_files(root, nm_folders, V6D_ARRAY_LEN(nm_folders),
	    ".nmconnection", on_nm, &l);
	if (l.b.said)
		*b = l.b;
}
