/* SPDX-License-Identifier: GPL-2.0-or-later */
/* words.c - the states and ends of a session in English. */
#include "tunnel/session.h"

const char *
v6d_session_state_text(enum v6d_session_state st)
{
	switch (st) {
	case V6D_SESSION_IDLE:
		return "not started";
	case V6D_SESSION_CONNECTING:
		return "connecting to TCP port 1723";
	case V6D_SESSION_WAIT_START:
		return "starting the control connection";
	case V6D_SESSION_WAIT_CALL:
		return "asking for a call";
	case V6D_SESSION_LCP:
		return "negotiating the PPP link (LCP)";
	case V6D_SESSION_AUTH:
		return "authenticating";
	case V6D_SESSION_NETWORK:
		return "negotiating IPv6 (IPV6CP)";
	case V6D_SESSION_UP:
		return "up";
	case V6D_SESSION_CLOSING:
		return "closing";
	case V6D_SESSION_DEAD:
		return "ended";
	}
	return "unknown";
}

const char *
v6d_session_why_text(enum v6d_session_why why)
{
	switch (why) {
	case V6D_WHY_NONE:
		return "no reason";
	case V6D_WHY_STOPPED:
		return "stopped by us";
	case V6D_WHY_TCP_FAILED:
		return "TCP connection failed";
	case V6D_WHY_TIMEOUT:
		return "no answer in time";
	case V6D_WHY_CLOSED:
		return "the peer closed the control connection";
	case V6D_WHY_RESET:
		return "the control connection was reset";
	case V6D_WHY_NOT_PPTP:
		return "the peer does not speak PPTP";
	case V6D_WHY_START_REFUSED:
		return "the server refused the control connection";
	case V6D_WHY_CALL_REFUSED:
		return "the server refused the call";
	case V6D_WHY_DISCONNECTED:
		return "the peer disconnected the call";
	case V6D_WHY_STOP_RECEIVED:
		return "the peer stopped the control connection";
	case V6D_WHY_ECHO_LOST:
		return "the peer no longer answers echoes";
	case V6D_WHY_LCP_FAILED:
		return "LCP found no agreement";
	case V6D_WHY_AUTH_METHOD:
		return "no common authentication method";
	case V6D_WHY_AUTH_REJECTED:
		return "user name or password rejected";
	case V6D_WHY_AUTH_BAD_PEER:
		return "the server could not prove that it knows the password";
	case V6D_WHY_LOOPED:
		return "the link is looped back: our own LCP comes back";
	case V6D_WHY_MPPE:
		return "no agreement on encryption (MPPE)";
	case V6D_WHY_IPV6CP_REJECTED:
		return "the peer has no IPv6 (it rejected IPV6CP)";
	case V6D_WHY_IPV6CP_FAILED:
		return "IPV6CP found no agreement";
	case V6D_WHY_TERMINATED:
		return "the peer terminated the PPP link";
	case V6D_WHY_HUNG_UP:
		return "hung up: GRE was answered with protocol unreachable";
	}
	return "unknown";
}
