/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_paste_rows.c - rows of tables and lines of logs, one by one: what is
 * read of each, and that others are left alone. Covers paste/ip_addr.c,
 * paste/ip_route.c, paste/route6.c, paste/ndp.c, paste/resolvers.c,
 * paste/lookup.c, paste/ipconfig.c, paste/netsh.c, paste/route_print.c,
 * paste/ping.c, paste/ppp_log.c and paste/router_log.c.
 */
#include "paste_help.h"

/* "default? dst/len via gateway dev dev metric n" of the only route. */
static void
check_route(const char *text, const char *want)
{
	struct pasted *q = pasted(text);
	char buf[256] = "none", gw[V6D_ADDR_TEXT] = "-", d[V6D_ADDR_TEXT];
	const struct v6d_paste_route *r = &q->p.routes[0];

	if (q->p.n_routes > 0) {
		if (r->gw == V6D_GW_ADDR)
			v6d_addr_text(&r->gateway, gw, sizeof(gw));
		snprintf(buf, sizeof(buf), "%s%s/%u %s %s%s%u %lld",
		    r->is_default ? "default " : "",
		    v6d_addr_text(&r->dst.addr, d, sizeof(d)), r->dst.len, gw,
		    r->reject ? "reject " : "", r->dev[0] ? r->dev : "#",
		    r->dev_index, (long long)r->metric);
	}
	if (strcmp(buf, want) != 0)
		fail_msg("%s\ngives %s\nnot %s", text, buf, want);
	free(q);
}

/* "server asked got word" of the only look-up; asked, got: 1 A, 2 AAAA. */
static void
check_lookup(const char *text, const char *want)
{
	struct pasted *q = pasted(text);
	const struct v6d_paste_lookup *l = &q->p.lookups[0];
	char buf[256] = "none";

	if (q->p.n_lookups == 1)
		snprintf(buf, sizeof(buf), "%s %s %u %u %s", l->name,
		    l->server[0] ? l->server : "-", l->asked, l->got,
		    l->word ? l->word : "-");
	if (strcmp(buf, want) != 0)
		fail_msg("%s\ngives %s\nnot %s", text, buf, want);
	free(q);
}

static void
test_lookups(void **state)
{
	(void)state;
	check_lookup(";; ->>HEADER<<- opcode: QUERY, status: NOTIMP, id: 1\n"
		     ";a.example. IN AAAA\n"
		     ";; SERVER: 192.0.2.1#53(192.0.2.1)\n",
	    "a.example 192.0.2.1 2 0 notimp");
	check_lookup("$ dig a.example\n"
		     ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n"
		     "a.example. 60 IN A 192.0.2.80\n",
	    "a.example - 1 1 -");
	check_lookup("$ nslookup a.example 192.0.2.1\n"
		     "*** Request to UnKnown timed-out\n",
	    "a.example 192.0.2.1 3 0 timeout");
	check_lookup("Server: r\nAddress: 192.0.2.1\nName: a.example\n"
		     "Addresses: 2001:db8::1\n192.0.2.80\n",
	    "a.example 192.0.2.1 0 3 -");
	/* what was asked for is not known: an error is of no type */
	check_lookup("$ nslookup -type=AXAA a.example\n"
		     "*** r can't find a.example: Server failed\n",
	    "a.example - 0 0 servfail");
	/* the resolver's own address is no answer */
	check_lookup(
	    "Server: r\nAddress: 2001:db8::53\n", " 2001:db8::53 0 0 -");
	check_lookup(
	    "a.example has IPv6 address 2001:db8::1\n", "a.example - 0 2 -");
	check_lookup("the house has address 5\n", "none");
	check_lookup("Name: a.example\nAddress: 2001:db8::1\n", "none");
	check_lookup(";; this is no answer\n", "none");
}

static void
test_routes(void **state)
{
	(void)state;
	check_route("default via fe80::1 dev ppp0 proto ra metric 1024 "
		    "expires 8sec pref medium\n",
	    "default ::/0 fe80::1 ppp00 1024");
	check_route("2001:db8::/64 dev eth0 proto kernel metric 256 pref "
		    "medium\n",
	    "2001:db8::/64 - eth00 256");
	check_route("2001:db8::1 from :: via fe80::1 dev h0 proto ra\n",
	    "2001:db8::1/128 fe80::1 h00 -1");
	check_route("unreachable default dev lo metric 4294967295 error -101 "
		    "pref medium\n",
	    "default ::/0 - reject lo0 4294967295");
	check_route("default dev ppp0 scope link\n", "none"); /* IPv4 */
	check_route("default via 192.0.2.1 dev eth0\n", "none");
	check_route("local 2001:db8::1 dev lo table local\n", "none");
	check_route("default is what I chose\n", "none");
	check_route("::/0   fe80::1   UGDAe 1024 2 0 ppp0\n",
	    "default ::/0 fe80::1 ppp00 1024");
	check_route(
	    "[::]/0   [::]   !n -1 1 0 lo\n", "default ::/0 - reject lo0 -1");
	check_route(
	    "No Manual 256 ::/0 23 fe80::1\n", "default ::/0 fe80::1 #23 256");
	check_route("No System 256 fe80::/64 12 Local Area\n",
	    "fe80::/64 - Local Area12 256");
	check_route(" 23 26 ::/0 fe80::1\n", "default ::/0 fe80::1 #23 26");
	check_route(" 23 26 ::/0\n On-link\n", "default ::/0 - #23 26");
	check_route("default link#7 UCS ppp0\n", "default ::/0 - ppp00 -1");
	check_route("default 192.0.2.1 UGSc 20 0 en0\n", "none");
	check_route("fe80::1%en0 0:1:2:3:4:5 UHLWI en0 1147\n",
	    "fe80::1/128 - en00 -1");
}

/* "if address flags" of the only address. */
static void
check_address(const char *text, const char *want)
{
	struct pasted *q = pasted(text);
	char buf[256] = "none", a[V6D_ADDR_TEXT];
	const struct v6d_paste_addr *e = &q->p.addrs[0];

	if (q->p.n_addrs > 0)
		snprintf(buf, sizeof(buf), "%s %s/%d %u", q->p.ifs[e->ifi].name,
		    v6d_addr_text(&e->addr, a, sizeof(a)), e->plen, e->flags);
	if (strcmp(buf, want) != 0)
		fail_msg("%s\ngives %s\nnot %s", text, buf, want);
	free(q);
}

#define ETH0 "2: eth0@if3: <UP,LOWER_UP> mtu 1500 qdisc noqueue\n"

static void
test_addresses(void **state)
{
	(void)state;
	check_address(ETH0 "inet6 2001:db8::1/64 scope global temporary "
			   "dynamic\n",
	    "eth0 2001:db8::1/64 35");
	check_address(ETH0 "inet6 2001:db8::1/64 scope global dadfailed "
			   "tentative\n",
	    "eth0 2001:db8::1/64 24");
	check_address(ETH0 "inet 192.0.2.1/24 brd 192.0.2.255 scope global "
			   "eth0\n",
	    "eth0 192.0.2.1/24 0");
	check_address(ETH0 "inet6 192.0.2.1/24\n", "none");
	check_address("3: ppp0    inet6 2001:db8::1/64 scope global \\ "
		      "valid_lft 5sec\n",
	    "ppp0 2001:db8::1/64 0");
	check_address("PPP adapter X:\n\n IPv6 Address. . . : 2001:db8::1"
		      "(Deprecated)\n",
	    "X 2001:db8::1/-1 4");
	check_address("PPP アダプター X:\n\n 一時 IPv6 アドレス. . .: "
		      "2001:db8::1(優先)\n",
	    "X 2001:db8::1/-1 3");
	check_address("Interface 23: X\n\nTemporary  Deprecated  6d23h 0s "
		      "2001:db8::1\n",
	    "X 2001:db8::1/-1 7");
	check_address("inet6 2001:db8::1/64\n", "none"); /* of whom? */
	check_address("   IPv6 Address. . . : 2001:db8::1\n", "none");
}

static void
test_lifetimes(void **state)
{
	struct pasted *q =
	    pasted(ETH0 "inet6 2001:db8::1/64 scope global dynamic\n"
			"valid_lft 612sec preferred_lft 0sec\n"
			"inet6 2001:db8::2/64 scope global\n"
			"valid_lft forever preferred_lft forever\n");

	(void)state;
	assert_int_equal(q->p.addrs[0].valid_s, 612);
	assert_int_equal(q->p.addrs[0].preferred_s, 0);
	assert_int_equal(q->p.addrs[1].valid_s, -1);
	free(q);
}

static void
test_neighbours(void **state)
{
	struct pasted *q =
	    pasted("fe80::1%en0 0:a0:de:11:22:33 en0 23h59m58s S R\n"
		   "fe80::2%lo0 (incomplete) lo0 permanent R\n"
		   "fe80::3 dev eth0 lladdr 00:01:02:03:04:05 router STALE\n"
		   "fe80::4 dev eth0  FAILED\nfe80::5 dev what\n");

	(void)state;
	assert_int_equal(q->p.n_neighs, 4);
	assert_true(q->p.neighs[0].has_mac && q->p.neighs[0].router);
	assert_int_equal(q->p.neighs[0].mac[1], 0xa0);
	assert_false(q->p.neighs[1].has_mac);
	assert_true(q->p.neighs[2].router);
	assert_false(q->p.neighs[3].has_mac);
	free(q);
}

static void
test_resolvers(void **state)
{
	struct pasted *q = pasted(
	    "resolver #1\nnameserver[0] : 192.0.2.53\nif_index : 4 (en0)\n"
	    "flags    : Request A records\n"
	    "Link 2 (eth0)\nDNS Servers: 192.0.2.54\n2001:db8::53\n"
	    "DNS Domain: lan\n");

	(void)state;
	assert_int_equal(q->p.n_resolvers, 3);
	assert_int_equal(q->p.resolvers[0].asks_a, V6D_YES);
	assert_int_equal(q->p.resolvers[0].asks_aaaa, V6D_NO);
	assert_string_equal(q->p.resolvers[0].dev, "en0");
	assert_string_equal(q->p.resolvers[2].dev, "eth0");
	free(q);
}

static void
test_pings(void **state)
{
	static const struct {
		const char *text;
		int64_t size, sent, received;
	} t[] = {
		{ "PING6(56=40+8+8 bytes) 2001:db8::2 --> 2001:db8::1\n"
		  "3 packets transmitted, 2 packets received, 33.3% packet "
		  "loss\n",
		    8, 3, 2 },
		{ "PING a(b (2001:db8::1)) 1400 data bytes\n"
		  "2 packets transmitted, 0 received, 100% packet loss\n",
		    1400, 2, 0 },
		{ "Pinging a [2001:db8::1] with 32 bytes of data:\n"
		  "Packets: Sent = 4, Received = 4, Lost = 0 (0% loss),\n",
		    32, 4, 4 },
		{ "a [2001:db8::1]に ping を送信しています 32 バイトの"
		  "データ:\nパケット数: 送信 = 4、受信 = 1、損失 = 3\n",
		    32, 4, 1 },
		{ "Ping wird ausgeführt für a [2001:db8::1] mit 32 Bytes "
		  "Daten:\nPakete: Gesendet = 4, Empfangen = 3, Verloren = "
		  "1\n",
		    32, 4, 3 },
		{ "64 bytes from 2001:db8::1: icmp_seq=1 ttl=57 time=8 ms\n",
		    56, -1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct pasted *q = pasted(t[i].text);
		const struct v6d_paste_ping *g = &q->p.pings[0];

		if (q->p.n_pings != 1 || g->size != t[i].size ||
		    g->sent != t[i].sent || g->received != t[i].received)
			fail_msg("%s: %u, size %lld, %lld of %lld", t[i].text,
			    q->p.n_pings, (long long)g->size,
			    (long long)g->received, (long long)g->sent);
		free(q);
	}
}

static void
test_logs(void **state)
{
	static const struct {
		const char *line;
		enum v6d_fact fact; /* V6D_N_FACTS: none */
		enum v6d_state state;
		const char *word;
		int64_t value;
	} t[] = {
		{ "LCP: timeout sending Config-Requests", V6D_FACT_PPP_LCP,
		    V6D_BAD, "timeout", V6D_NO_VALUE },
		{ "CHAP authentication failed: E=649 R=0", V6D_FACT_PPP_AUTH,
		    V6D_BAD, "rejected", 649 },
		{ "No response to 5 echo-requests", V6D_FACT_GRE_IN, V6D_WAS_OK,
		    "none", V6D_NO_VALUE },
		{ "rcvd [LCP ProtRej id=0x2 80 57 01]", V6D_FACT_PPP_IPV6CP,
		    V6D_BAD, "rejected", V6D_NO_VALUE },
		{ "rcvd [LCP ProtRej id=0x2 80 21 01]", V6D_FACT_PPP_IPCP,
		    V6D_OK, "", V6D_NO_VALUE },
		{ "rx accepted  = 12", V6D_FACT_GRE_IN, V6D_OK, "", 12 },
		{ "Error 691: denied", V6D_FACT_PPP_AUTH, V6D_BAD, "rejected",
		    691 },
		{ "エラー 809: 応答なし", V6D_FACT_CONTROL_TCP, V6D_BAD,
		    "timeout", V6D_NO_VALUE },
		{ "Fehler 742", V6D_FACT_PPP_CCP, V6D_BAD, "required",
		    V6D_NO_VALUE },
		{ "Error 404: not found", V6D_N_FACTS, V6D_OK, "", 0 },
		{ "nat session is full", V6D_FACT_NAPT_SESSIONS, V6D_BAD,
		    "full", V6D_NO_VALUE },
		{ "nf_conntrack: table full, dropping packet",
		    V6D_FACT_NAPT_SESSIONS, V6D_BAD, "full", V6D_NO_VALUE },
		{ "the sessions were exhausting", V6D_N_FACTS, V6D_OK, "", 0 },
		{ "Jun 14 20:01:02 r dhcpd: pool full", V6D_N_FACTS, V6D_OK, "",
		    0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct pasted *q = pasted(t[i].line);

		if (t[i].fact == V6D_N_FACTS) {
			assert_int_equal(q->f.n, 0);
		} else {
			need_fact(q, t[i].fact, t[i].state, t[i].word, NULL);
			assert_int_equal(
			    v6d_facts_last(&q->f, t[i].fact)->value,
			    t[i].value);
		}
		free(q);
	}
}

/* What a closed connection means depends on how far it had come. */
static void
test_closed(void **state)
{
	static const char closed[] =
	    "anon warn: read returned zero, peer has closed\n";
	struct pasted *q = pasted(closed);
	char text[256];

	(void)state;
	need_fact(q, V6D_FACT_CONTROL_START, V6D_BAD, "closed", NULL);
	free(q);
	snprintf(
	    text, sizeof(text), "Client connection established.\n%s", closed);
	q = pasted(text);
	need_fact(q, V6D_FACT_CONTROL_CALL, V6D_BAD, "closed", NULL);
	free(q);
	snprintf(text, sizeof(text),
	    "Client connection established.\nOutgoing call established (call "
	    "ID 1, peer's call ID 2).\n%s",
	    closed);
	q = pasted(text);
	need_fact(q, V6D_FACT_CONTROL_HANGUP, V6D_BAD, "closed", NULL);
	free(q);
}

RUN(cmocka_unit_test(test_lookups), cmocka_unit_test(test_routes),
    cmocka_unit_test(test_addresses), cmocka_unit_test(test_lifetimes),
    cmocka_unit_test(test_neighbours), cmocka_unit_test(test_resolvers),
    cmocka_unit_test(test_pings), cmocka_unit_test(test_logs),
    cmocka_unit_test(test_closed))
