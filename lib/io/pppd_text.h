/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pppd_text.h - what pppd is told in its options file, and what its words and
 * its exit status (pppd(8)) say of how a session went, in our own terms.
 */
#ifndef V6D_IO_PPPD_TEXT_H
#define V6D_IO_PPPD_TEXT_H

#include "tunnel/session.h"

struct v6d_pppd_wish {
	struct v6d_addr server; /* IPv4 */
	const char *user, *password;
	unsigned auth; /* enum v6d_auth_mask: what we are willing to do */
	bool mppe; /* demanded; else refused: pppd knows nothing between */
	unsigned mru, mtu; /* bytes */
	unsigned echo_s; /* between LCP echoes; 0: none */
	uint8_t ifid[8];
	const char *ifname;
	bool plugin; /* the kernel's PPTP instead of the program pptp */
};

/* The file's text, NUL-terminated; false: no room. Holds the password. */
bool v6d_pppd_options(const struct v6d_pppd_wish *w, char *buf, size_t n);

/* How far it came, and why it ended. All zero: it has just been started. */
struct v6d_pppd_tale {
	enum v6d_session_state at;
	enum v6d_session_why why; /* NONE: pppd itself, see `last` */
	bool encrypted;
	bool mppe_wanted; /* by the peer */
	bool no_auth; /* none of the ways to log in that the peer wants */
	char last[128]; /* pppd's last words that say anything */
};

/* One line of pppd, or of the pptp that it has started. */
void v6d_pppd_hear(struct v6d_pppd_tale *t, const char *line);

/* It has ended, with this exit status: why, where no word told it. */
void v6d_pppd_ended(struct v6d_pppd_tale *t, int status);

#endif
