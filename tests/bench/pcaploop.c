/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pcaploop.c - the least that a reader of captures can do: libpcap, and a
 * count of packets and bytes. For bench.sh: pcaploop FILE. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#include <pcap/pcap.h>

int
main(int argc, char **argv)
{
	char err[PCAP_ERRBUF_SIZE] = "";
	pcap_t *p = argc == 2 ? pcap_open_offline(argv[1], err) : NULL;
	struct pcap_pkthdr *h;
	const u_char *bytes;
	uint64_t n = 0, sum = 0;
	int r;

	if (!p) {
		fprintf(stderr, "usage: pcaploop FILE %s\n", err);
		return 64;
	}
	while ((r = pcap_next_ex(p, &h, &bytes)) == 1) {
		n++;
		sum += h->caplen;
	}
	printf("%" PRIu64 " packets, %" PRIu64 " bytes\n", n, sum);
	pcap_close(p);
	return r == PCAP_ERROR_BREAK ? 0 : 65;
}
