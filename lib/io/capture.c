/* SPDX-License-Identifier: GPL-2.0-or-later */
/* capture.c - capture files: pcap through libpcap, pcapng by pcapng.c. */
#include "io/capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>

#include "io/input.h"
#include "io/pcapng.h"
#include "proto/link.h"

struct v6d_capture {
	pcap_t *pcap; /* one of the two */
	struct v6d_pcapng *ng;
	uint32_t linktype; /* of pcap: the only one */
	uint64_t n; /* packets so far */
	/* pcapng tells what it is by its first packet: it waits here */
	bool waiting;
	struct v6d_captured first;
};

static const char damaged_packing[] = "its packing is damaged or cut";

/* libpcap's words for what went wrong, as a person needs them. */
static void
explain(const char *err, char *message, size_t n)
{
	if (strstr(err, "tried to read"))
		snprintf(message, n, "it ends within a packet");
	else if (strstr(err, "error reading dump file"))
		snprintf(message, n, "%s", damaged_packing);
	else if (strstr(err, "unknown file format"))
		snprintf(message, n,
		    "it is no pcap or pcapng file; those are what \"tcpdump "
		    "-w FILE\" and Wireshark write");
	else
		snprintf(message, n, "%s", err);
}

int
v6d_capture_unknown_link(uint32_t linktype, char *message, size_t n)
{
	const char *name = pcap_datalink_val_to_name((int)linktype);

	snprintf(message, n,
	    "its link type %u (%s) is none that v6doctor reads; capture on "
	    "an Ethernet, PPP, \"any\" or raw IP interface",
	    linktype, name ? name : "unknown");
	return -ENOTSUP;
}

/* ---- the two formats ---- */

static int
open_pcap(struct v6d_capture *c, FILE *f, char *message, size_t n)
{
	char err[PCAP_ERRBUF_SIZE] = "";
	uint32_t type;

	c->pcap = pcap_fopen_offline_with_tstamp_precision(
	    f, PCAP_TSTAMP_PRECISION_NANO, err);
	if (!c->pcap) {
		v6d_input_close(f);
		explain(err, message, n);
		return -EBADMSG;
	}
	/* pcap owns the file from here on */
	type = (uint32_t)pcap_datalink(c->pcap);
	if (!v6d_link_known(type))
		return v6d_capture_unknown_link(type, message, n);
	c->linktype = type;
	return 0;
}

static int
open_pcapng(struct v6d_capture *c, FILE *f, char *message, size_t n)
{
	int r;

	c->ng = v6d_pcapng_new(f);
	if (!c->ng) {
		v6d_input_close(f);
		return -ENOMEM;
	}
	r = v6d_pcapng_next(c->ng, &c->first, message, n);
	c->waiting = r > 0;
	return r < 0 ? r : 0;
}

int
v6d_capture_of(FILE *f, struct v6d_capture **ret_c, char *message, size_t n)
{
	struct v6d_capture *c;
	uint8_t first;
	int r;

	message[0] = '\0';
	if (v6d_input_peek(f, &first, 1) == 0) {
		snprintf(message, n, "%s",
		    ferror(f) ? damaged_packing
			      : "it is empty; capture again, and end tcpdump "
				"with Ctrl-C so that it writes all it has");
		v6d_input_close(f);
		return -EBADMSG;
	}
	c = calloc(1, sizeof(*c));
	if (!c) {
		v6d_input_close(f);
		return -ENOMEM;
	}
	r = first == V6D_PCAPNG_FIRST ? open_pcapng(c, f, message, n)
				      : open_pcap(c, f, message, n);
	if (r)
		v6d_capture_close(c);
	else
		*ret_c = c;
	return r;
}

int
v6d_capture_open(
    const char *path, struct v6d_capture **ret_c, char *message, size_t n)
{
	FILE *f = v6d_input_open(path);

	message[0] = '\0';
	return f ? v6d_capture_of(f, ret_c, message, n) : -errno;
}

/* ---- packets ---- */

static int
next_pcap(
    struct v6d_capture *c, struct v6d_captured *ret_p, char *why, size_t n)
{
	struct pcap_pkthdr *h;
	const u_char *bytes;
	int r = pcap_next_ex(c->pcap, &h, &bytes);

	if (r == PCAP_ERROR_BREAK)
		return 0;
	if (r != 1) {
		explain(pcap_geterr(c->pcap), why, n);
		return -EBADMSG;
	}
	/* With nanosecond precision tv_usec holds nanoseconds. */
	*ret_p = (struct v6d_captured){
		.bytes = bytes,
		.caplen = h->caplen,
		.wirelen = h->len >= h->caplen ? h->len : h->caplen,
		.linktype = c->linktype,
		.at =
		    (v6d_ns)h->ts.tv_sec * 1000000000u + (v6d_ns)h->ts.tv_usec,
	};
	return 1;
}

int
v6d_capture_next(
    struct v6d_capture *c, struct v6d_captured *ret_p, char *message, size_t n)
{
	char why[V6D_CAPTURE_MESSAGE / 2];
	int r;

	if (c->waiting) {
		c->waiting = false;
		*ret_p = c->first;
		c->n = 1;
		return 1;
	}
	r = c->ng ? v6d_pcapng_next(c->ng, ret_p, why, sizeof(why))
		  : next_pcap(c, ret_p, why, sizeof(why));
	if (r < 0)
		snprintf(message, n, "after packet %llu: %s",
		    (unsigned long long)c->n, why);
	c->n += r > 0;
	return r;
}

void
v6d_capture_close(struct v6d_capture *c)
{
	if (!c)
		return;
	if (c->pcap)
		pcap_close(c->pcap);
	v6d_pcapng_free(c->ng);
	free(c);
}
