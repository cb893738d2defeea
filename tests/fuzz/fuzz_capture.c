/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_capture.c - libFuzzer: a capture file of a stranger (pcap, pcapng,
 * packed or not), read to its end, packet by packet into the sessions.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow/flow.h"
#include "io/capture.h"
#include "io/input.h"
#include "io/unpack.h"

enum {
	TUNNELS = 2,
	PACKETS_MAX = 5000, /* a few packed bytes can be many */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

/* A copy of the exact size, so that reading too far is noticed. */
static void
packet(struct v6d_flow *f, const struct v6d_captured *p)
{
	uint8_t *copy = malloc(p->caplen > 0 ? p->caplen : 1);

	must(copy && p->caplen <= p->wirelen);
	memcpy(copy, p->bytes, p->caplen);
	v6d_flow_packet(f, p->linktype, copy, p->caplen, p->wirelen, p->at);
	free(copy);
}

static void
packets(struct v6d_capture *c, struct v6d_flow *f)
{
	char message[V6D_CAPTURE_MESSAGE] = "";
	struct v6d_captured p = { 0 };
	int r = 1;

	for (unsigned n = 0; n < PACKETS_MAX && r > 0; n++) {
		r = v6d_capture_next(c, &p, message, sizeof(message));
		if (r > 0)
			packet(f, &p);
	}
	must(r >= 0 || (message[0] && memchr(message, '\0', sizeof(message))));
	v6d_flow_end(f, p.at);
}

/* NULL: it cannot be opened at all. */
static FILE *
stream(const uint8_t *data, size_t size)
{
	uint8_t magic[V6D_UNPACK_MAGIC];
	FILE *f = fmemopen((void *)(uintptr_t)data, size, "rb");

	must(f);
	return v6d_unpack(f, magic, v6d_input_peek(f, magic, sizeof(magic)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char message[V6D_CAPTURE_MESSAGE] = "";
	struct v6d_capture *c = NULL;
	FILE *file = size > 0 ? stream(data, size) : NULL;
	void *mem;

	if (!file)
		return 0;
	if (v6d_capture_of(file, &c, message, sizeof(message)) < 0) {
		must(message[0] && memchr(message, '\0', sizeof(message)));
		return 0;
	}
	mem = malloc(v6d_flow_size(TUNNELS));
	must(mem);
	packets(c, v6d_flow_init(mem, TUNNELS));
	v6d_capture_close(c);
	free(mem);
	return 0;
}
