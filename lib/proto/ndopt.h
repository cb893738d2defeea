/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ndopt.h - the options of a router advertisement; for nd.c. */
#ifndef V6D_PROTO_NDOPT_H
#define V6D_PROTO_NDOPT_H

#include "proto/nd.h"

/*
 * Reads one option (o: what follows type and length); false where it
 * contradicts itself. One of a type that is not known is true, and ignored.
 */
bool v6d_ndopt_read(uint8_t type, struct v6d_wire *o, struct v6d_ra *ra);

/* All options that ra has and that can be written (nd.h). */
void v6d_ndopt_write(struct v6d_out *o, const struct v6d_ra *ra);

/* Two bits of a flags byte, 0x18 (RFC 4191 2.1): 1, 0 or -1, and back. */
int8_t v6d_ndopt_preference(uint8_t flags);
uint8_t v6d_ndopt_preference_bits(int8_t preference);

#endif
