/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pasted.c - the output of commands as it would stand on the screen before a
 * fault: made of the symptoms that the fixture holds, so that lib/paste reads
 * it as it reads a person's text.
 */
#include "pasted.h"

#include <string.h>

struct screen {
	const char *truth;
	const struct v6d_symptoms *sees;
	struct v6d_text *t;
};

static bool
has(const struct screen *s, enum v6d_symptom sym, const char *word)
{
	return strcmp(v6d_symptom_word(sym, s->sees->v[sym]), word) == 0;
}

static bool
bad(const struct screen *s, enum v6d_symptom sym)
{
	return s->sees->v[sym] > 0;
}

static bool
is(const struct screen *s, const char *truth)
{
	return strcmp(s->truth, truth) == 0;
}

static void
say(const struct screen *s, const char *line)
{
	v6d_text_add(s->t, "%s\n", line);
}

/* ---- the tunnel is up ---- */

/* An address was made of what was advertised. */
static bool
has_address(const struct screen *s)
{
	if (s->sees->v[V6D_SYM_ADDR_GLOBAL] != V6D_SYM_UNKNOWN)
		return !has(s, V6D_SYM_ADDR_GLOBAL, "none");
	return !bad(s, V6D_SYM_RA_RECEIVED) && !bad(s, V6D_SYM_RA_PREFIX) &&
	       !bad(s, V6D_SYM_RA_VALID) && !bad(s, V6D_SYM_RA_USED) &&
	       !bad(s, V6D_SYM_RA_INPUT);
}

static void
addresses(const struct screen *s)
{
	say(s, "$ ip addr");
	say(s, "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state "
	       "UNKNOWN group default qlen 1000");
	say(s, "    inet 127.0.0.1/8 scope host lo");
	say(s, "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc "
	       "fq_codel state UP group default qlen 1000");
	say(s, "    inet 192.168.11.2/24 brd 192.168.11.255 scope global "
	       "dynamic noprefixroute eth0");
	if (bad(s, V6D_SYM_ADDR_CLOSED) || is(s, "closed-network"))
		say(s, "    inet6 2001:a000:1234:5600:216:3eff:feb1:44d7/64 "
		       "scope global dynamic mngtmpaddr ");
	say(s, "5: ppp0: <POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP> mtu 1444 "
	       "qdisc fq_codel state UNKNOWN group default qlen 3");
	if (has(s, V6D_SYM_HOST_IPV6, "disabled"))
		return;
	if (has_address(s)) {
		v6d_text_add(s->t,
		    "    inet6 2001:db8:b:118:9cc8:7bff:fec5:d3/64 scope "
		    "global %sdynamic mngtmpaddr \n",
		    has(s, V6D_SYM_ADDR_GLOBAL, "deprecated") ? "deprecated "
							      : "");
		say(s, "       valid_lft 86398sec preferred_lft 14398sec");
	}
	say(s, "    inet6 fe80::9cc8:7bff:fec5:d3 peer fe80::1/128 scope "
	       "link ");
}

static void
routes(const struct screen *s)
{
	say(s, "$ ip -6 route");
	say(s, "fe80::/64 dev eth0 proto kernel metric 1024 pref medium");
	say(s, "fe80::1 dev ppp0 proto kernel metric 256 pref medium");
	if (has(s, V6D_SYM_ROUTE_DEFAULT, "prohibited") ||
	    is(s, "route-blackhole"))
		say(s, "unreachable default dev lo metric 1 error -113 pref "
		       "medium");
	else if (has(s, V6D_SYM_ROUTE_DEFAULT, "elsewhere") ||
		 has(s, V6D_SYM_ROUTE_TARGET, "elsewhere"))
		say(s, "default via fe80::2 dev eth0 proto ra metric 100 pref "
		       "medium");
	else if (has_address(s) && !has(s, V6D_SYM_ROUTE_DEFAULT, "none") &&
		 !bad(s, V6D_SYM_RA_LIFETIME))
		say(s, "default via fe80::1 dev ppp0 proto ra metric 1024 "
		       "expires 1698sec hoplimit 64 pref medium");
}

static void
settings(const struct screen *s)
{
	say(s, "$ sysctl -a | grep net.ipv6.conf");
	v6d_text_add(s->t, "net.ipv6.conf.ppp0.accept_ra = %d\n",
	    has(s, V6D_SYM_HOST_ACCEPT_RA, "off") ? 0 : 1);
	v6d_text_add(s->t, "net.ipv6.conf.ppp0.disable_ipv6 = %d\n",
	    has(s, V6D_SYM_HOST_IPV6, "disabled"));
	v6d_text_add(s->t, "net.ipv6.conf.ppp0.forwarding = %d\n",
	    has(s, V6D_SYM_HOST_ACCEPT_RA, "forwarding"));
}

static void
ping(const struct screen *s, unsigned size)
{
	/* outside: IPv6 and ICMPv6 48, IPv4 20, GRE 16, PPP 4 */
	bool lost =
	    size > 1232 &&
	    (bad(s, V6D_SYM_V6_PMTU) || bad(s, V6D_SYM_GRE_SIZE_IN) ||
		bad(s, V6D_SYM_GRE_SIZE_OUT) || bad(s, V6D_SYM_V6_PMTU_IN) ||
		bad(s, V6D_SYM_V6_PMTU_OUT));

	v6d_text_add(s->t, "$ ping -6 -c 2 -s %u 2001:db8:b::80\n", size);
	if (bad(s, V6D_SYM_ROUTE_DEFAULT) || bad(s, V6D_SYM_ROUTE_TARGET) ||
	    !has_address(s)) {
		say(s, "connect: Network is unreachable");
		return;
	}
	v6d_text_add(
	    s->t, "PING 2001:db8:b::80(2001:db8:b::80) %u data bytes\n", size);
	lost = lost || bad(s, V6D_SYM_V6_SMALL);
	for (unsigned i = 1; i <= 2 && !lost; i++)
		v6d_text_add(s->t,
		    "%u bytes from 2001:db8:b::80: icmp_seq=%u ttl=57 "
		    "time=8.02 ms\n",
		    size + 8, i);
	say(s, "\n--- 2001:db8:b::80 ping statistics ---");
	say(s, lost ? "2 packets transmitted, 0 received, 100% packet loss, "
		      "time 1021ms"
		    : "2 packets transmitted, 2 received, 0% packet loss, "
		      "time 1001ms");
}

static void
dig(const struct screen *s, const char *type, enum v6d_symptom sym)
{
	bool a = sym == V6D_SYM_DNS_A, silent = has(s, sym, "timeout");
	const char *word = v6d_symptom_word(sym, s->sees->v[sym]);

	v6d_text_add(s->t, "$ dig %s www.example.net @192.168.11.1\n", type);
	if (silent || is(s, "dns-unreachable")) {
		for (int i = 0; i < 3; i++)
			say(s, ";; communications error to 192.168.11.1#53: "
			       "timed out");
		say(s, ";; no servers could be reached");
		return;
	}
	v6d_text_add(s->t,
	    ";; ->>HEADER<<- opcode: QUERY, status: %s, id: 4231\n",
	    strcmp(word, "servfail") == 0   ? "SERVFAIL"
	    : strcmp(word, "refused") == 0  ? "REFUSED"
	    : strcmp(word, "nxdomain") == 0 ? "NXDOMAIN"
					    : "NOERROR");
	say(s, ";; QUESTION SECTION:");
	v6d_text_add(s->t, ";www.example.net.\t\tIN\t%s\n\n", type);
	if (!bad(s, sym) || has(s, sym, "slow") || has(s, sym, "wrong")) {
		say(s, ";; ANSWER SECTION:");
		v6d_text_add(s->t, "www.example.net.\t60\tIN\t%s\t%s\n\n", type,
		    a                      ? "192.0.2.80"
		    : has(s, sym, "wrong") ? "2001:db8:dead::80"
					   : "2001:db8:b::80");
	}
	v6d_text_add(
	    s->t, ";; Query time: %d msec\n", has(s, sym, "slow") ? 1304 : 12);
	say(s, ";; SERVER: 192.168.11.1#53(192.168.11.1) (UDP)");
}

static void
look_around(const struct screen *s)
{
	addresses(s);
	routes(s);
	settings(s);
	ping(s, 56);
	dig(s, "AAAA", V6D_SYM_DNS_AAAA);
	dig(s, "A", V6D_SYM_DNS_A);
}

/* ---- one try to dial ---- */

/* What the server made of the call; false: there was none. */
static bool
called(const struct screen *s)
{
	if (bad(s, V6D_SYM_CONTROL_TCP)) {
		say(s, has(s, V6D_SYM_CONTROL_TCP, "refused")
			   ? "pptp[1240]: anon warn[open_inetsock:"
			     "pptp_callmgr.c:329]: connect: Connection refused"
			   : "pptp[1240]: anon warn[open_inetsock:"
			     "pptp_callmgr.c:329]: connect: Connection timed "
			     "out");
		return false;
	}
	if (has(s, V6D_SYM_CONTROL_START, "refused")) {
		say(s, "pptp[1245]: anon warn[ctrlp_disp:pptp_ctrl.c:796]: "
		       "Negative reply received to our Start Control "
		       "Connection Request");
		return false;
	}
	if (bad(s, V6D_SYM_CONTROL_START)) {
		if (has(s, V6D_SYM_CONTROL_START, "closed"))
			say(s, "pptp[1245]: anon log[pptp_read_some:"
			       "pptp_ctrl.c:544]: read returned zero, peer "
			       "has closed");
		return false;
	}
	say(s, "pptp[1245]: anon log[ctrlp_disp:pptp_ctrl.c:781]: Received "
	       "Start Control Connection Reply");
	if (has(s, V6D_SYM_CONTROL_CALL, "refused")) {
		say(s, "pptp[1245]: anon warn[ctrlp_disp:pptp_ctrl.c:933]: "
		       "Our outgoing call request [callid 0] has not been "
		       "accepted.");
		say(s, "pptp[1245]: anon warn[ctrlp_error:pptp_ctrl.c:219]: "
		       "Result code is 4 'Busy Signal'. Error code is 0, "
		       "Cause code is 0");
		return false;
	}
	if (bad(s, V6D_SYM_CONTROL_CALL))
		return false;
	say(s, "pptp[1245]: anon log[ctrlp_disp:pptp_ctrl.c:939]: Outgoing "
	       "call established (call ID 4660, peer's call ID 128).");
	return true;
}

static void
ppp(const struct screen *s)
{
	if (bad(s, V6D_SYM_GRE_IN) || has(s, V6D_SYM_PPP_LCP, "timeout")) {
		say(s, "pppd[1234]: LCP: timeout sending Config-Requests");
		return;
	}
	say(s, "pppd[1234]: rcvd [LCP ConfAck id=0x1 <magic 0x1234>]");
	if (has(s, V6D_SYM_PPP_AUTH, "rejected")) {
		say(s, "pppd[1234]: CHAP authentication failed");
		return;
	}
	if (has(s, V6D_SYM_PPP_AUTH, "demanded"))
		say(s, "pppd[1234]: peer refused to authenticate: "
		       "terminating link");
	else
		say(s, "pppd[1234]: CHAP authentication succeeded");
	if (bad(s, V6D_SYM_PPP_CCP))
		say(s, "pppd[1234]: MPPE required but peer negotiation failed");
	if (has(s, V6D_SYM_PPP_IPV6CP, "rejected"))
		say(s, "pppd[1234]: Protocol-Reject for 'IPv6 Control "
		       "Protocol' (0x8057) received");
	else if (bad(s, V6D_SYM_PPP_IPV6CP))
		say(s, "pppd[1234]: IPV6CP: timeout sending Config-Requests");
	else
		say(s, "pppd[1234]: remote LL address fe80::1");
}

static void
dial_log(const struct screen *s)
{
	say(s, "pppd[1234]: Using interface ppp0");
	say(s, "pppd[1234]: Connect: ppp0 <--> /dev/pts/1");
	if (called(s))
		ppp(s);
	say(s, "pppd[1234]: Connection terminated.");
	say(s, "pppd[1234]: Modem hangup");
}

static void
size_sweep(const struct screen *s)
{
	ping(s, 1232);
	ping(s, 1362);
	ping(s, 1396);
}

static void (*const writers[V6D_N_STEPS])(const struct screen *) = {
	[V6D_STEP_LOOK_AROUND] = look_around,
	[V6D_STEP_ADDRESSES] = addresses,
	[V6D_STEP_ROUTES] = routes,
	[V6D_STEP_SETTINGS] = settings,
	[V6D_STEP_SIZE_SWEEP] = size_sweep,
	[V6D_STEP_DIAL_LOG] = dial_log,
};

bool
v6d_pasted(const char *truth, const struct v6d_symptoms *sees,
    enum v6d_walk_step step, struct v6d_text *t)
{
	if (!writers[step])
		return false;
	writers[step](&(struct screen){ truth, sees, t });
	return true;
}
