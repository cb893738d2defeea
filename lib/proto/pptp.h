/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pptp.h - PPTP control messages (RFC 2637 sections 1.4 and 2). */
#ifndef V6D_PROTO_PPTP_H
#define V6D_PROTO_PPTP_H

#include "base/wire.h"

#define V6D_PPTP_PORT 1723
#define V6D_PPTP_COOKIE 0x1a2b3c4du
#define V6D_PPTP_HEADER 12
#define V6D_PPTP_MAX 220 /* the longest message, Incoming-Call-Request */

enum v6d_pptp_type {
	V6D_PPTP_SCCRQ = 1,
	V6D_PPTP_SCCRP = 2,
	V6D_PPTP_STOPCCRQ = 3,
	V6D_PPTP_STOPCCRP = 4,
	V6D_PPTP_ECHORQ = 5,
	V6D_PPTP_ECHORP = 6,
	V6D_PPTP_OCRQ = 7,
	V6D_PPTP_OCRP = 8,
	V6D_PPTP_ICRQ = 9,
	V6D_PPTP_ICRP = 10,
	V6D_PPTP_ICCN = 11,
	V6D_PPTP_CCR = 12,
	V6D_PPTP_CDN = 13,
	V6D_PPTP_WEN = 14,
	V6D_PPTP_SLI = 15,
};

/*
 * One message of any type; a field is meaningful where the message's layout
 * has it. Names are cut at the first NUL and kept as raw bytes.
 */
struct v6d_pptp {
	uint16_t length; /* of the whole message, bytes */
	uint16_t type; /* enum v6d_pptp_type, or another number */
	uint16_t version; /* SCCRQ, SCCRP: 0x0100 */
	/* SCCRP StopCCRP OCRP ECHORP ICRP CDN; the reason of StopCCRQ */
	uint8_t result;
	uint8_t error; /* where there is a result; general error code */
	uint32_t framing, bearer;
	uint16_t max_channels, firmware;
	uint8_t host[64], vendor[64];
	uint32_t echo_id;
	/* The sender's own; in a CDN some servers put the receiver's. */
	uint16_t call_id;
	uint16_t peer_call_id; /* OCRP ICRP ICCN WEN SLI */
	uint16_t serial;
	uint32_t min_bps, max_bps; /* OCRP, ICCN: connect speed in max_bps */
	uint16_t window, delay;
	uint16_t cause;
	uint32_t channel;
	uint32_t send_accm, recv_accm;
	uint8_t phone[64], subaddress[64]; /* OCRQ, ICRQ: the number dialed */
	uint8_t dialing[64]; /* ICRQ */
	/* WEN: CRC, framing, hardware, buffer, time-out, alignment */
	uint32_t wen_errors[6];
};

/*
 * Tells from the start of a stream how long the next message is. OK and
 * *ret_len (12..220, exact for a known type) when the header's first 10
 * bytes are there and sound; TRUNCATED: more bytes needed; MALFORMED: not
 * PPTP (bad cookie, impossible length or message type), told by the first
 * byte that contradicts it - close the connection.
 */
enum v6d_wire_err v6d_pptp_peek(const uint8_t *p, size_t n, size_t *ret_len);

/* Reads one whole message. An unknown type is OK with only the header. */
enum v6d_wire_err v6d_pptp_decode(struct v6d_wire *w, struct v6d_pptp *m);

/* Writes one message of m->type; its length is known from the type. */
void v6d_pptp_encode(struct v6d_out *o, const struct v6d_pptp *m);

/* The length that RFC 2637 gives the type; 0 for an unknown type. */
size_t v6d_pptp_length(uint16_t type);

/* "Outgoing-Call-Request"; "unknown" for another number. */
const char *v6d_pptp_type_name(uint16_t type);

/* Codes in words (RFC 2637 2.2, 2.8, 2.13, 2.16); never NULL. */
const char *v6d_pptp_result_text(uint16_t type, uint8_t result);
const char *v6d_pptp_error_text(uint8_t error);

#endif
