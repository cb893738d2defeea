/* SPDX-License-Identifier: GPL-2.0-or-later */
/* packetsock.c - a packet socket for a PPTP server's packets (packet(7)). */
#include "io/packetsock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/wire.h"
#include "io/netns.h"
#include "proto/ip.h"

#define AT_PROTOCOL 9 /* in the IPv4 header (RFC 791 3.1) */
#define AT_SOURCE 12
#define AT_DESTINATION 16

static int
attach(int fd, const struct v6d_packetsock *what)
{
	uint32_t s = v6d_addr_number(what->server);
	/* Where ICMP and TCP lead: counts of instructions left out. */
	uint8_t icmp = what->all ? 6 : 0, tcp = what->all ? 0 : 5;
	struct sock_filter f[] = {
		{ BPF_LD | BPF_H | BPF_ABS, 0, 0,
		    (uint32_t)(SKF_AD_OFF + SKF_AD_PROTOCOL) },
		{ BPF_JMP | BPF_JEQ | BPF_K, 0, 9, ETH_P_IP },
		{ BPF_LD | BPF_B | BPF_ABS, 0, 0, AT_PROTOCOL },
		{ BPF_JMP | BPF_JEQ | BPF_K, icmp, 0, IPPROTO_ICMP },
		{ BPF_JMP | BPF_JEQ | BPF_K, 1, 0, V6D_IPPROTO_GRE },
		{ BPF_JMP | BPF_JEQ | BPF_K, tcp, 5, IPPROTO_TCP },
		{ BPF_LD | BPF_W | BPF_ABS, 0, 0, AT_SOURCE },
		{ BPF_JMP | BPF_JEQ | BPF_K, 2, 0, s },
		{ BPF_LD | BPF_W | BPF_ABS, 0, 0, AT_DESTINATION },
		{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, s },
		{ BPF_RET | BPF_K, 0, 0, what->snap },
		{ BPF_RET | BPF_K, 0, 0, 0 },
	};
	struct sock_fprog p = { V6D_ARRAY_LEN(f), f };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &p, sizeof(p)) < 0
		   ? -errno
		   : 0;
}

/* More than rmem_max is root's to ask for. */
static void
enlarge(int fd, int buffer)
{
	if (setsockopt(
		fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer));
}

int
v6d_packetsock_open(int ns_fd, const struct v6d_packetsock *what, int *ret_fd)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)what->ifindex };
	int fd = -1;
	/* Protocol 0: nothing comes before the filter stands. */
	int err = v6d_netns_socket(ns_fd, AF_PACKET, SOCK_DGRAM, 0, &fd);

	if (err < 0)
		return err;
	if (what->buffer > 0)
		enlarge(fd, what->buffer);
	err = attach(fd, what);
	if (err == 0 && bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		err = -errno;
	if (err < 0) {
		close(fd);
		return err;
	}
	*ret_fd = fd;
	return 0;
}
