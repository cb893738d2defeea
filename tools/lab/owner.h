/* SPDX-License-Identifier: GPL-2.0-or-later */
/* owner.h - the process that owns a lab: PID 1 of all that lives in it. */
#ifndef V6D_TOOLS_LAB_OWNER_H
#define V6D_TOOLS_LAB_OWNER_H

#include "lab/net.h"

/*
 * Messages between a lab's owner and those who hold a handle, one per
 * datagram of a SOCK_SEQPACKET socket. The first byte tells which.
 */
enum v6d_lab_msg {
	V6D_LAB_MSG_UP = 'u', /* from the owner: it stands; the faults as
				   text, the nodes' namespaces as rights */
	V6D_LAB_MSG_FAIL = 'f', /* from the owner: status byte, text; the end */
	V6D_LAB_MSG_DOWN = 'd', /* to the owner: take it down */
	V6D_LAB_MSG_GONE = 'g', /* from the owner: every process is gone */
};

/* The name of a lab's socket; abstract, so nothing stays behind. */
#define V6D_LAB_SOCKET "v6doctor-lab-"

/*
 * The life of a lab's owner; never returns. sock: to the one who started it.
 * listener: where later ones come, or -1 for an anonymous lab, which ends
 * when sock is closed by the other side.
 */
_Noreturn void v6d_owner_run(struct v6d_lab_plan *plan, int sock, int listener);

#endif
