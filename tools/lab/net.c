/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net.c - the lab's namespaces, links, addresses and rules. */
#include "lab/net.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>

#include "base/embed.h"
#include "base/wire.h"
#include "cmd.h"
#include "lab/child.h"
#include "lab/wire.h"

#define LINES_MAX 32768
#define NETNS_DIR "/run/netns" /* in the lab's own mount namespace */
#define STEP_MS 10000

static int
fail(const struct v6d_lab_plan *plan, const char *what)
{
	snprintf(plan->err, V6D_LAB_ERR, "%s: %s", what, strerror(errno));
	return V6D_EXIT_UNAVAILABLE;
}

char *
v6d_net_lines(
    const struct v6d_lab_plan *plan, const char *kind, enum v6d_lab_node node)
{
	static const struct v6d_sheet_var none[] = { { NULL, NULL } };
	char path[64], *buf = calloc(1, LINES_MAX);
	struct v6d_text t = { .p = buf, .cap = LINES_MAX };
	struct v6d_sheet s = { 0 };

	if (!buf)
		return NULL;
	snprintf(path, sizeof(path), "topology/%s", v6d_lab_node_name(node));
	while (v6d_sheet_next(&s, v6d_file_text(v6d_lab_files, path)))
		if (strcmp(s.kind, kind) == 0 && s.arg[0] == '\0')
			v6d_sheet_expand(&t, &s, none);
	for (size_t i = 0; i < plan->n_faults; i++)
		v6d_fault_lines(&t, &plan->faults[i], kind, node);
	if (t.cut) {
		free(buf);
		return NULL;
	}
	return buf;
}

/* True when the mount at "/" would show its mounts elsewhere, too. */
static bool
root_is_shared(void)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	char line[512];
	bool shared = false;

	while (f && fgets(line, sizeof(line), f))
		if (strstr(line, " / rw") && strstr(line, " shared:"))
			shared = true;
	if (f)
		fclose(f);
	return shared;
}

/*
 * In a plain chroot "/" is no mount point and cannot be made private: it is
 * mounted on itself first. "/.." is the new mount, "/" still the old one.
 */
static int
mount_root_on_itself(const struct v6d_lab_plan *plan)
{
	if (mount("/", "/", NULL, MS_BIND | MS_REC, NULL) != 0 ||
	    chroot("/..") != 0 || chdir("/") != 0)
		return fail(plan, "cannot mount the chroot on itself");
	if (root_is_shared()) {
		umount2("/", MNT_DETACH);
		errno = EINVAL;
		return fail(plan, "a chroot whose mounts are shared with the "
				  "system; run it under \"unshare -m\"");
	}
	return V6D_EXIT_OK;
}

/* Mounts that nobody else sees and that go with the last process. */
static int
make_mounts(const struct v6d_lab_plan *plan)
{
	int rc = V6D_EXIT_OK;

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		rc = errno == EINVAL
			 ? mount_root_on_itself(plan)
			 : fail(plan, "cannot make the lab's mounts private");
	if (rc != V6D_EXIT_OK)
		return rc;
	if (mount("v6doctor-lab", "/run", "tmpfs", MS_NOSUID | MS_NODEV,
		"mode=0755,size=256m") != 0)
		return fail(plan, "cannot mount a tmpfs for the lab");
	/* Where /proc is partly hidden this is refused; the old one will do. */
	mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	if (mkdir(NETNS_DIR, 0755) != 0)
		return fail(plan, NETNS_DIR);
	return V6D_EXIT_OK;
}

/* A namespace known to ip(8) by its name inside the lab. */
static int
make_namespace(const struct v6d_lab_plan *plan, const char *name, int *ret_fd)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), NETNS_DIR "/%s", name);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0444);
	if (fd >= 0)
		close(fd);
	if (unshare(CLONE_NEWNET) != 0)
		return fail(plan, "cannot make a network namespace");
	if (mount("/proc/self/ns/net", path, NULL, MS_BIND, NULL) != 0)
		return fail(plan, path);
	*ret_fd = open(path, O_RDONLY | O_CLOEXEC);
	return *ret_fd >= 0 ? V6D_EXIT_OK : fail(plan, path);
}

static int
write_sysctl(const struct v6d_lab_plan *plan, char *line)
{
	const char *value = v6d_sheet_split(line);
	char path[V6D_SHEET_LINE + 16];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/%s", line);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = value ? write(fd, value, strlen(value)) : -1;
		close(fd);
	}
	return n > 0 ? V6D_EXIT_OK : fail(plan, path);
}

/* One per node, and one for bad lines, whose ends stay mute. */
static int
make_namespaces(struct v6d_lab_plan *plan)
{
	char mute[] = "net/ipv6/conf/default/disable_ipv6 = 1";
	int rc = V6D_EXIT_OK;

	for (unsigned i = 0; i < V6D_LAB_NODES && rc == V6D_EXIT_OK; i++)
		rc = make_namespace(plan,
		    v6d_lab_node_name((enum v6d_lab_node)i), &plan->ns[i]);
	plan->wire = -1;
	if (rc == V6D_EXIT_OK && v6d_wire_wanted(plan)) {
		rc = make_namespace(plan, V6D_WIRE, &plan->wire);
		if (rc == V6D_EXIT_OK)
			rc = write_sysctl(plan, mute);
	}
	return rc;
}

/* "[sysctl]" before there are links, so that these inherit; or "[late]". */
static int
set_sysctls(const struct v6d_lab_plan *plan, const char *kind)
{
	int rc = V6D_EXIT_OK;

	for (unsigned i = 0; i < V6D_LAB_NODES && rc == V6D_EXIT_OK; i++) {
		char *text = v6d_net_lines(plan, kind, (enum v6d_lab_node)i);
		char line[V6D_SHEET_LINE];
		struct v6d_sheet s = { .body = text };
		size_t pos = 0;

		if (!text)
			return fail(plan, "sysctl");
		s.len = strlen(text);
		if (s.len > 0 && setns(plan->ns[i], CLONE_NEWNET) != 0)
			rc = fail(plan, "setns");
		while (rc == V6D_EXIT_OK && v6d_sheet_line(&s, &pos, line))
			rc = write_sysctl(plan, line);
		free(text);
	}
	return rc;
}

static int
child_failed(const struct v6d_lab_plan *plan, struct v6d_child *c, int status)
{
	char said[V6D_LAB_ERR / 2];

	v6d_child_said(c, said, sizeof(said));
	snprintf(plan->err, V6D_LAB_ERR, "%s ended with status %d: %s", c->what,
	    status, said);
	return V6D_EXIT_UNAVAILABLE;
}

static int
finish(const struct v6d_lab_plan *plan, struct v6d_child *c, int rc)
{
	int status = v6d_child_wait(c, STEP_MS);

	if (status != 0 && rc == V6D_EXIT_OK)
		rc = child_failed(plan, c, status);
	v6d_child_forget(c);
	return rc;
}

static int
make_links(const struct v6d_lab_plan *plan)
{
	const char *argv[] = { "ip", "-batch", "-", NULL };
	char *all = calloc(1, LINES_MAX);
	struct v6d_text t = v6d_text_to(all, LINES_MAX);
	struct v6d_child c;
	int rc;

	if (!all)
		return fail(plan, "links");
	for (unsigned i = 0; i < V6D_LAB_NODES; i++) {
		char *text = v6d_net_lines(plan, "links", (enum v6d_lab_node)i);

		if (text)
			v6d_wire_links(plan, (enum v6d_lab_node)i, text, &t);
		free(text);
	}
	rc = v6d_child_start(&c, -1, argv, all, -1, -1);
	free(all);
	if (rc < 0) {
		errno = -rc;
		return fail(plan, "ip");
	}
	return finish(plan, &c, V6D_EXIT_OK);
}

static void
ethtool_set(int fd, const char *ifname, uint32_t cmd, uint32_t value)
{
	struct ethtool_value v = { .cmd = cmd, .data = value };
	struct ifreq r = { 0 };

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", ifname);
	r.ifr_data = (char *)&v;
	/* Where a device has no such switch there is nothing to turn off. */
	ioctl(fd, SIOCETHTOOL, &r);
}

/*
 * Packets look on every link as they would on a wire: finished checksums,
 * no super-packets.
 */
static int
offloads_off_in(const struct v6d_lab_plan *plan, int ns)
{
	static const uint32_t off[] = { ETHTOOL_SGRO, ETHTOOL_STSO,
		ETHTOOL_SGSO, ETHTOOL_STXCSUM };
	struct if_nameindex *all;
	int fd;

	if (setns(ns, CLONE_NEWNET) != 0)
		return fail(plan, "setns");
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	all = if_nameindex();
	for (struct if_nameindex *p = all; p && p->if_index; p++)
		for (size_t k = 0; k < sizeof(off) / sizeof(*off); k++)
			ethtool_set(fd, p->if_name, off[k], 0);
	if_freenameindex(all);
	close(fd);
	return V6D_EXIT_OK;
}

static int
offloads_off(const struct v6d_lab_plan *plan)
{
	int rc = V6D_EXIT_OK;

	for (unsigned i = 0; i < V6D_LAB_NODES && rc == V6D_EXIT_OK; i++)
		rc = offloads_off_in(plan, plan->ns[i]);
	if (rc == V6D_EXIT_OK && plan->wire >= 0)
		rc = offloads_off_in(plan, plan->wire);
	return rc;
}

/* Starts ip or nft in a node with its lines; no lines: nothing to start. */
static int
start_tool(const struct v6d_lab_plan *plan, struct v6d_child *ret_child,
    enum v6d_lab_node node, const char *const argv[], const char *kind)
{
	char *text = v6d_net_lines(plan, kind, node);
	int rc = -ENOMEM;

	if (text && text[0] == '\0') {
		free(text);
		return 0;
	}
	if (text)
		rc = v6d_child_start(
		    ret_child, plan->ns[node], argv, text, -1, -1);
	free(text);
	return rc;
}

/* Addresses, routes and rules of all nodes, side by side. */
static int
fill_nodes(const struct v6d_lab_plan *plan)
{
	static const struct {
		const char *kind, *argv[5];
	} tools[] = {
		{ "ip", { "ip", "-batch", "-", NULL } },
		{ "ip6", { "ip", "-6", "-batch", "-", NULL } },
		{ "nft", { "nft", "-f", "-", NULL } },
	};
	struct v6d_child c[V6D_ARRAY_LEN(tools) * V6D_LAB_NODES] = { 0 };
	int rc = V6D_EXIT_OK, err = 0;

	for (size_t i = 0; i < V6D_ARRAY_LEN(c) && err == 0; i++)
		err = start_tool(plan, &c[i],
		    (enum v6d_lab_node)(i % V6D_LAB_NODES),
		    tools[i / V6D_LAB_NODES].argv,
		    tools[i / V6D_LAB_NODES].kind);
	if (err < 0) {
		errno = -err;
		rc = fail(plan, "cannot start ip or nft");
	}
	for (size_t i = 0; i < V6D_ARRAY_LEN(c); i++)
		if (c[i].pid > 0)
			rc = finish(plan, &c[i], rc);
	return rc;
}

int
v6d_net_build(struct v6d_lab_plan *plan)
{
	int rc = make_mounts(plan);

	if (rc == V6D_EXIT_OK)
		rc = make_namespaces(plan);
	if (rc == V6D_EXIT_OK)
		rc = set_sysctls(plan, "sysctl");
	if (rc == V6D_EXIT_OK)
		rc = make_links(plan);
	if (rc == V6D_EXIT_OK)
		rc = set_sysctls(plan, "late");
	if (rc == V6D_EXIT_OK)
		rc = offloads_off(plan);
	if (rc == V6D_EXIT_OK)
		rc = fill_nodes(plan);
	return rc;
}
