/* SPDX-License-Identifier: GPL-2.0-or-later */
/* captured.h - a packet as a capture has it. */
#ifndef V6D_BASE_CAPTURED_H
#define V6D_BASE_CAPTURED_H

#include <stddef.h>
#include <stdint.h>

#include "base/time.h"

struct v6d_captured {
	const uint8_t *bytes; /* borrowed from whoever read it */
	size_t caplen, wirelen; /* kept; on the wire, never fewer */
	uint32_t linktype; /* of the LINKTYPE_ registry, or libpcap's DLT_ */
	v6d_ns at; /* since the epoch */
};

#endif
