/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture.c - capture files: pcap by pcapfile.c, or through libpcap where it
 * is an old or odd one; pcapng by pcapng.c.
 */
#include "io/capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>

#include "base/lang.h"
#include "io/input.h"
#include "io/pcapfile.h"
#include "io/pcapng.h"
#include "proto/link.h"

struct v6d_capture {
	/* One of the three; of the last two f and what was read of it. */
	pcap_t *pcap;
	struct v6d_pcapng *ng;
	struct v6d_pcapfile file;
	FILE *f;
	struct v6d_window window;
	uint32_t linktype; /* of libpcap's: the only one */
	uint64_t n; /* packets so far */
	/* pcapng tells what it is by its first packet: it waits here */
	bool waiting;
	struct v6d_captured first;
	int failed; /* sticks: what was returned, and why */
	char why[V6D_CAPTURE_MESSAGE / 2];
};

static const char damaged_packing[] = N_("its packing is damaged or cut");

/* libpcap's words for what went wrong, as a person needs them. */
static void
explain(const char *err, char *message, size_t n)
{
	if (strstr(err, "tried to read"))
		snprintf(message, n, N_("it ends within a packet"));
	else if (strstr(err, "error reading dump file"))
		snprintf(message, n, "%s", damaged_packing);
	else if (strstr(err, "unknown file format"))
		snprintf(message, n,
		    N_("it is no pcap or pcapng file; those are what "
		       "\"tcpdump -w FILE\" and Wireshark write"));
	else
		snprintf(message, n, "%s", err);
}

int
v6d_capture_unknown_link(uint32_t linktype, char *message, size_t n)
{
	const char *name = pcap_datalink_val_to_name((int)linktype);

	snprintf(message, n,
	    N_("its link type %u (%s) is none that v6doctor reads; capture on "
	       "an Ethernet, PPP, \"any\" or raw IP interface"),
	    linktype, name ? name : "unknown");
	return -ENOTSUP;
}

/* ---- the formats ---- */

/* libpcap owns the file from here on, where it takes it. */
static int
open_libpcap(struct v6d_capture *c, FILE *f, char *message, size_t n)
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
	type = (uint32_t)pcap_datalink(c->pcap);
	if (!v6d_link_known(type))
		return v6d_capture_unknown_link(type, message, n);
	c->linktype = type;
	return 0;
}

static int
open_pcapng(struct v6d_capture *c, char *message, size_t n)
{
	int r;

	c->ng = v6d_pcapng_new();
	if (!c->ng)
		return -ENOMEM;
	r = v6d_pcapng_next(c->ng, &c->window, &c->first, message, n);
	c->waiting = r > 0;
	return r < 0 ? r : 0;
}

static int
open_any(struct v6d_capture *c, FILE *f, char *message, size_t n)
{
	uint8_t head[V6D_PCAPFILE_HEAD];
	size_t got = v6d_input_peek(f, head, sizeof(head));
	bool ng = got > 0 && head[0] == V6D_PCAPNG_FIRST;

	if (got == 0) {
		snprintf(message, n, "%s",
		    ferror(f) ? damaged_packing
			      : N_("it is empty; capture again, and end "
				   "tcpdump with Ctrl-C so that it writes all "
				   "it has"));
		v6d_input_close(f);
		return -EBADMSG;
	}
	if (!ng && !v6d_pcapfile_is(head, got, &c->file))
		return open_libpcap(c, f, message, n);
	c->f = f;
	v6d_window_init(&c->window, f);
	if (ng)
		return open_pcapng(c, message, n);
	if (v6d_window_see(&c->window, V6D_PCAPFILE_HEAD))
		v6d_window_step(&c->window, V6D_PCAPFILE_HEAD);
	return c->window.no_memory ? -ENOMEM : 0;
}

int
v6d_capture_of(FILE *f, struct v6d_capture **ret_c, char *message, size_t n)
{
	struct v6d_capture *c = calloc(1, sizeof(*c));
	int r;

	message[0] = '\0';
	if (!c) {
		v6d_input_close(f);
		return -ENOMEM;
	}
	r = open_any(c, f, message, n);
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
next_libpcap(
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

static int
next_any(struct v6d_capture *c, struct v6d_captured *ret_p)
{
	int r = c->failed;

	if (r)
		return r;
	if (c->pcap)
		r = next_libpcap(c, ret_p, c->why, sizeof(c->why));
	else if (c->ng)
		r = v6d_pcapng_next(
		    c->ng, &c->window, ret_p, c->why, sizeof(c->why));
	else
		r = v6d_pcapfile_next(
		    &c->file, &c->window, ret_p, c->why, sizeof(c->why));
	if (r < 0 && r != -EAGAIN)
		c->failed = r;
	c->n += r > 0;
	return r;
}

int
v6d_capture_next(
    struct v6d_capture *c, struct v6d_captured *ret_p, char *message, size_t n)
{
	int r;

	if (c->waiting) {
		c->waiting = false;
		*ret_p = c->first;
		c->n = 1;
		return 1;
	}
	r = next_any(c, ret_p);
	if (r < 0)
		snprintf(message, n, "after packet %llu: %s",
		    (unsigned long long)c->n, c->why);
	return r;
}

int
v6d_capture_some(struct v6d_capture *c, struct v6d_captured *ret_p, size_t most,
    char *message, size_t n)
{
	size_t got = 0;
	int r = v6d_capture_next(c, ret_p, message, n);

	/* What comes after the first must not move it; libpcap's would. */
	c->window.held = true;
	while (r > 0 && ++got < most && !c->pcap)
		r = next_any(c, &ret_p[got]);
	c->window.held = false;
	return got > 0 ? (int)got : r;
}

void
v6d_capture_close(struct v6d_capture *c)
{
	if (!c)
		return;
	if (c->pcap)
		pcap_close(c->pcap);
	if (c->f)
		v6d_input_close(c->f);
	v6d_window_done(&c->window);
	v6d_pcapng_free(c->ng);
	free(c);
}
