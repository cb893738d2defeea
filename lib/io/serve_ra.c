/* SPDX-License-Identifier: GPL-2.0-or-later */
/* serve_ra.c - a real radvd for each session. */
#include "io/serve_ra.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/radvd_text.h"

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

const char *
v6d_serve_radvd_conf(const struct v6d_profile_peer *p, const char *ifname,
    const struct v6d_prefix *prefix, char *buf, size_t n)
{
	struct v6d_text t = v6d_text_to(buf, n);
	struct v6d_ra ra = { .lifetime_s = (uint16_t)p->ra_lifetime_s,
		.mtu = p->ra_mtu,
		.n_prefixes = p->ra_prefix,
		.n_rdnss = p->ra_rdnss.n };
	struct v6d_ra_prefix *x = &ra.prefixes[0];

	x->prefix =
	    (struct v6d_prefix){ prefix->addr, (uint8_t)p->ra_prefix_length };
	x->on_link = p->ra_on_link;
	x->autonomous = p->ra_autonomous;
	x->valid_s = p->ra_valid_s;
	x->preferred_s = p->ra_preferred_s;
	for (unsigned i = 0; i < ra.n_rdnss; i++)
		ra.rdnss[i] = p->ra_rdnss.a[i];
	v6d_radvd_text(&t, ifname, p->ra_interval_s, !p->ra_unsolicited, &ra);
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
