/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scrub.h - what of a GRE packet may be kept in a report. */
#ifndef V6D_TRACE_SCRUB_H
#define V6D_TRACE_SCRUB_H

#include "base/wire.h"

/*
 * Writes the GRE packet without payload and without secrets: passwords (and
 * their lengths), CHAP and EAP challenges, responses and proofs. A secret is
 * left out or zero. n bytes are there of wire_n that passed. Returns by how
 * many bytes the packet is shorter on the wire for what was taken out of its
 * middle.
 */
size_t
v6d_scrub_gre(struct v6d_out *o, const uint8_t *gre, size_t n, size_t wire_n);

#endif
