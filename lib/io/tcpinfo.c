/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcpinfo.c - TCP_INFO; apart, as libuv's header brings libc's shorter one. */
#include "io/tcpinfo.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define HEADERS 60 /* IPv6 and TCP without options */
#define HEADERS_4 40 /* IPv4 and TCP */
#define SYN_OPTIONS 8 /* that only a SYN has: MSS, window scale, SACK */
#define TIMESTAMPS 12 /* RFC 7323 3.2, with two NOPs */

bool
v6d_tcpinfo_read(int fd, struct v6d_tcpinfo *ret)
{
	struct tcp_info i = { 0 };
	socklen_t n = sizeof(i);
	unsigned options;

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &i, &n) < 0)
		return false;
	options = i.tcpi_options & TCPI_OPT_TIMESTAMPS ? TIMESTAMPS : 0;
	*ret = (struct v6d_tcpinfo){
		.rtt = V6D_US((v6d_ns)i.tcpi_rtt),
		/* The kernel's word for "none yet". */
		.rtt_min = i.tcpi_min_rtt == UINT32_MAX
			       ? 0
			       : V6D_US((v6d_ns)i.tcpi_min_rtt),
		.segments = i.tcpi_data_segs_out,
		.again = i.tcpi_total_retrans,
		.unacked = i.tcpi_unacked,
		.packet = (uint16_t)(i.tcpi_snd_mss + HEADERS + options),
		.segment = (uint16_t)i.tcpi_snd_mss,
	};
	return true;
}

bool
v6d_tcpinfo_sent(int fd, unsigned family, struct v6d_tcp_sent *ret)
{
	struct tcp_info i = { 0 };
	socklen_t n = sizeof(i);
	unsigned headers = family == 6 ? HEADERS : HEADERS_4;

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &i, &n) < 0)
		return false;
	headers += i.tcpi_options & TCPI_OPT_TIMESTAMPS ? TIMESTAMPS : 0;
	*ret = (struct v6d_tcp_sent){
		.packets = i.tcpi_segs_out,
		.headers = headers,
		.bytes = i.tcpi_bytes_sent + SYN_OPTIONS +
			 (uint64_t)i.tcpi_segs_out * headers,
	};
	return true;
}
