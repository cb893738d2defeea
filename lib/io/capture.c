/* SPDX-License-Identifier: GPL-2.0-or-later */
/* capture.c - capture files through libpcap, and its messages made plain. */
#include "io/capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>

#include <pcap/pcap.h>

#include "proto/link.h"

struct v6d_capture {
	pcap_t *pcap;
	uint32_t linktype;
	uint64_t n;
};

static FILE *
open_file(const char *path)
{
	struct stat st;
	FILE *f;

	if (strcmp(path, "-") == 0)
		return stdin;
	f = fopen(path, "rbe");
	if (f && fstat(fileno(f), &st) == 0 && S_ISDIR(st.st_mode)) {
		fclose(f);
		errno = EISDIR;
		return NULL;
	}
	return f;
}

/* libpcap's words for what went wrong, as a person needs them. */
static int
explain(const char *err, char *message, size_t n)
{
	if (strstr(err, "different from the type of the first interface")) {
		snprintf(message, n,
		    "it holds several interfaces of different link types; "
		    "capture on one of them, or pick one with "
		    "\"tshark -r FILE -Y 'frame.interface_id == 0' -w "
		    "OTHER\"");
		return -ENOTSUP;
	}
	if (strstr(err, "tried to read") && strstr(err, "only got 0")) {
		snprintf(message, n, "it is empty");
		return -EBADMSG;
	}
	if (strstr(err, "unknown file format")) {
		snprintf(message, n, "it is no pcap or pcapng file");
		return -EBADMSG;
	}
	snprintf(message, n, "%s", err);
	return -EBADMSG;
}

static int
check_linktype(pcap_t *p, char *message, size_t n)
{
	int type = pcap_datalink(p);
	const char *name = pcap_datalink_val_to_name(type);

	if (type >= 0 && v6d_link_known((uint32_t)type))
		return 0;
	snprintf(message, n,
	    "its link type %d (%s) is none that v6doctor reads; capture on "
	    "an Ethernet, PPP, \"any\" or raw IP interface",
	    type, name ? name : "unknown");
	return -ENOTSUP;
}

int
v6d_capture_open(
    const char *path, struct v6d_capture **ret_c, char *message, size_t n)
{
	char err[PCAP_ERRBUF_SIZE] = "";
	struct v6d_capture *c;
	FILE *f;
	int r;

	message[0] = '\0';
	f = open_file(path);
	if (!f)
		return -errno;
	c = calloc(1, sizeof(*c));
	if (!c) {
		r = -ENOMEM;
		goto out_file;
	}
	c->pcap = pcap_fopen_offline_with_tstamp_precision(
	    f, PCAP_TSTAMP_PRECISION_NANO, err);
	if (!c->pcap) {
		r = explain(err, message, n);
		goto out_free;
	}
	/* pcap owns the file from here on */
	r = check_linktype(c->pcap, message, n);
	if (r) {
		v6d_capture_close(c);
		return r;
	}
	c->linktype = (uint32_t)pcap_datalink(c->pcap);
	*ret_c = c;
	return 0;

out_free:
	free(c);
out_file:
	if (f != stdin)
		fclose(f);
	return r;
}

int
v6d_capture_next(
    struct v6d_capture *c, struct v6d_captured *ret_p, char *message, size_t n)
{
	struct pcap_pkthdr *h;
	const u_char *bytes;
	char why[V6D_CAPTURE_MESSAGE];
	int r = pcap_next_ex(c->pcap, &h, &bytes);

	if (r == PCAP_ERROR_BREAK)
		return 0;
	if (r != 1) {
		explain(pcap_geterr(c->pcap), why, sizeof(why));
		snprintf(message, n, "after packet %llu: %s",
		    (unsigned long long)c->n, why);
		return -EBADMSG;
	}
	c->n++;
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

void
v6d_capture_close(struct v6d_capture *c)
{
	if (!c)
		return;
	pcap_close(c->pcap);
	free(c);
}
