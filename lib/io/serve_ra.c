/* SPDX-License-Identifier: GPL-2.0-or-later */
/* serve_ra.c - a real radvd for each session. */
#include "io/serve_ra.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

static uint64_t
high_half(const struct v6d_addr *a)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | a->b[i];
	return v;
}

bool
v6d_serve_subnet(
    const struct v6d_prefix *pool, unsigned n, struct v6d_prefix *ret)
{
	unsigned bits = 64u - pool->len; /* of the number of a subnet */
	uint64_t v = high_half(&pool->addr);

	if (bits < 32 && (uint64_t)n >> bits != 0)
		return false;
	if (bits < 64)
		v = v >> bits << bits;
	else
		v = 0;
	v += n;
	*ret = (struct v6d_prefix){ .addr.family = 6, .len = 64 };
	for (int i = 7; i >= 0; i--, v >>= 8)
		ret->addr.b[i] = (uint8_t)v;
	return true;
}

static void
add_prefix(struct v6d_text *t, const struct v6d_profile_peer *p,
    const struct v6d_prefix *prefix)
{
	char addr[V6D_ADDR_TEXT];

	v6d_text_add(t, "\tprefix %s/%u {\n",
	    v6d_addr_text(&prefix->addr, addr, sizeof(addr)),
	    p->ra_prefix_length);
	v6d_text_add(t, "\t\tAdvOnLink %s;\n\t\tAdvAutonomous %s;\n",
	    p->ra_on_link ? "on" : "off", p->ra_autonomous ? "on" : "off");
	v6d_text_add(t, "\t\tAdvValidLifetime %u;\n", p->ra_valid_s);
	v6d_text_add(t, "\t\tAdvPreferredLifetime %u;\n\t};\n",
	    p->ra_preferred_s < p->ra_valid_s ? p->ra_preferred_s
					      : p->ra_valid_s);
}

const char *
v6d_serve_radvd_conf(const struct v6d_profile_peer *p, const char *ifname,
    const struct v6d_prefix *prefix, char *buf, size_t n)
{
	struct v6d_text t = v6d_text_to(buf, n);
	unsigned max = p->ra_interval_s, min = max / 3;

	v6d_text_add(&t, "interface %s {\n\tAdvSendAdvert on;\n", ifname);
	/* RFC 4861 6.2.1: at least 3 s, at most three quarters of the other */
	v6d_text_add(&t, "\tMinRtrAdvInterval %u;\n\tMaxRtrAdvInterval %u;\n",
	    min < 3 ? 3 : min, max);
	v6d_text_add(&t, "\tAdvDefaultLifetime %u;\n", p->ra_lifetime_s);
	if (p->ra_mtu)
		v6d_text_add(&t, "\tAdvLinkMTU %u;\n", p->ra_mtu);
	add_prefix(&t, p, prefix);
	if (p->ra_rdnss.n) {
		v6d_text_add(&t, "\tRDNSS");
		for (unsigned i = 0; i < p->ra_rdnss.n; i++) {
			char addr[V6D_ADDR_TEXT];

			v6d_text_add(&t, " %s",
			    v6d_addr_text(
				&p->ra_rdnss.a[i], addr, sizeof(addr)));
		}
		v6d_text_add(&t, " { };\n");
	}
	v6d_text_add(&t, "};\n");
	return buf;
}

static int
memory_file(const char *text, int *ret_fd)
{
	size_t n = strlen(text);
	int fd = memfd_create("v6doctor-radvd", MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	/* radvd refuses a configuration that others could write. */
	if (fchmod(fd, 0600) < 0 || write(fd, text, n) != (ssize_t)n ||
	    lseek(fd, 0, SEEK_SET) < 0) {
		close(fd);
		return -EIO;
	}
	*ret_fd = fd;
	return 0;
}

int
v6d_serve_radvd(int ns_fd, const struct v6d_profile_peer *p, const char *ifname,
    const struct v6d_prefix *prefix, struct v6d_program *ret)
{
	static const char *const argv[] = { "radvd", "-n", "-m", "none", "-C",
		"/proc/self/fd/3", "-p", "/proc/self/fd/4", NULL };
	struct v6d_program_conf conf = { .ns_fd = ns_fd,
		.argv = argv,
		.in_fd = -1,
		.out_fd = -1,
		.err_fd = -1,
		.n_keep = 2 };
	char text[2048];
	int err;

	v6d_serve_radvd_conf(p, ifname, prefix, text, sizeof(text));
	err = memory_file(text, &conf.keep[0]);
	if (err < 0)
		return err;
	err = memory_file("", &conf.keep[1]);
	if (err == 0) {
		err = v6d_program_start(&conf, ret);
		close(conf.keep[1]);
	}
	close(conf.keep[0]);
	return err;
}
