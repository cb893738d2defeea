/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_paste_filter.c - packet filters: what a packet meets. Covers
 * paste/filter.c, paste/filter_words.c, paste/ip6tables.c and paste/nft.c. */
#include "paste_help.h"

#include "paste/filter_words.h"

#define SAVE "*filter\n:FORWARD DROP [0:0]\n:LAN - [0:0]\n"
#define NFT                                                              \
	"table inet f {\nchain fw {\ntype filter hook forward priority " \
	"0; policy drop;\n"

/* Answers for: syn, ack, UDP reply, packet-too-big related, echo; + pass,
 * - drop, u unknown. */
static void
check(const char *rules, const char *end, const char *want)
{
	char text[1024], got[8];
	struct pasted *q;
	static const struct {
		int proto;
		bool syn;
		unsigned state;
		int type;
	} k[] = {
		{ 6, true, V6D_CT_NEW, -1 },
		{ 6, false, V6D_CT_INVALID, -1 },
		{ 17, false, V6D_CT_EST, -1 },
		{ 58, false, V6D_CT_REL, 2 },
		{ 58, false, V6D_CT_NEW, 128 },
	};

	snprintf(text, sizeof(text), "%s%s", rules, end);
	q = pasted(text);
	for (size_t i = 0; i < 5; i++)
		got[i] = "u+-"[v6d_filter_inbound(
		    &q->p, k[i].proto, k[i].syn, k[i].state, k[i].type)];
	got[5] = '\0';
	if (strcmp(got, want) != 0)
		fail_msg("%s gives %s, not %s", rules, got, want);
	free(q);
}

static void
test_ip6tables(void **state)
{
	static const struct {
		const char *rules, *want;
	} t[] = {
		{ "", "-----" },
		{ "-A FORWARD -j ACCEPT\n", "+++++" },
		{ "-A FORWARD -i ppp0 -p tcp ! --syn -j ACCEPT\n", "-+---" },
		{ "-A FORWARD -i ppp+ -p tcp ! --tcp-flags "
		  "FIN,SYN,RST,ACK SYN -j ACCEPT\n",
		    "-+---" },
		{ "-A FORWARD -m state --state RELATED,ESTABLISHED -j "
		  "ACCEPT\n",
		    "--++-" },
		{ "-A FORWARD -m conntrack ! --ctstate NEW -j ACCEPT\n",
		    "-+++-" },
		{ "-A FORWARD -p ipv6-icmp --icmpv6-type 2 -j ACCEPT\n",
		    "---+-" },
		{ "-A FORWARD -p icmpv6 --icmpv6-type packet-too-big -j "
		  "ACCEPT\n",
		    "---+-" },
		{ "-A FORWARD -i br0 -j ACCEPT\n", "-----" },
		{ "-A FORWARD ! -i br0 -j ACCEPT\n", "+++++" },
		{ "-A FORWARD -i mystery -j ACCEPT\n", "uuuuu" },
		{ "-A FORWARD -p tcp --dport 22 -j ACCEPT\n", "uu---" },
		{ "-A FORWARD -s ::/0 -j ACCEPT\n", "+++++" },
		{ "-A FORWARD -j LAN\n-A LAN -p udp -j ACCEPT\n", "--+--" },
		{ "-A FORWARD -i ppp0 -j LAN\n-A LAN -j RETURN\n-A FORWARD "
		  "-j ACCEPT\n",
		    "+++++" },
		{ "-A FORWARD -j LOG\n-A FORWARD -p udp -j ACCEPT\n", "--+--" },
		{ "-A FORWARD -p ! tcp -j ACCEPT\n", "--+++" },
		/* chains that call each other: the walk ends */
		{ "-A FORWARD -j LAN\n-A LAN -j LAN\n", "-----" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		char rules[512];

		snprintf(rules, sizeof(rules), SAVE "%s", t[i].rules);
		check(rules, "COMMIT\n", t[i].want);
	}
	/* without its end, what no rule decides is not known */
	check(SAVE "-A FORWARD -p udp -j ACCEPT\n", "", "uu+uu");
}

static void
test_nft(void **state)
{
	static const struct {
		const char *rules, *want;
	} t[] = {
		{ "", "-----" },
		{ "ct state established,related accept\n", "--++-" },
		{ "ct state { established, related } counter packets 1 bytes "
		  "2 accept\n",
		    "--++-" },
		{ "ct state vmap { established : accept, related : accept }\n",
		    "--++-" },
		{ "iifname \"ppp0\" tcp flags & (fin|syn|rst|ack) != syn "
		  "accept\n",
		    "-+---" },
		{ "iifname \"ppp0\" tcp flags & syn == 0x0 accept\n", "-+---" },
		{ "icmpv6 type { packet-too-big, echo-request } accept\n",
		    "---++" },
		{ "icmpv6 type packet-too-big accept\n", "---+-" },
		{ "meta l4proto udp accept\n", "--+--" },
		{ "ip6 nexthdr != tcp accept\n", "--+++" },
		{ "iifname \"br0\" accept\n", "-----" },
		{ "iifname != \"br0\" accept\n", "+++++" },
		{ "tcp dport 22 accept\n", "uu---" },
		{ "ip saddr 192.0.2.0/24 accept\n", "-----" },
		{ "meta nfproto ipv4 accept\n", "-----" },
		{ "counter accept\n", "+++++" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		char rules[512];

		snprintf(rules, sizeof(rules), NFT "%s", t[i].rules);
		check(rules, "}\n}\n", t[i].want);
	}
	/* two chains: both must let it pass */
	check(NFT "accept\n}\nchain more {\ntype filter hook forward priority "
		  "1; policy drop;\nmeta l4proto udp accept\n",
	    "}\n}\n", "--+--");
	/* an other table's hook, and IPv4's */
	check("table ip f {\nchain fw {\ntype filter hook forward priority 0; "
	      "policy accept;\n",
	    "}\n}\n", "uuuuu");
	check("table ip6 n {\nchain fw {\ntype nat hook postrouting priority "
	      "0; policy accept;\n",
	    "}\n}\n", "uuuuu");
}

static void
test_tables(void **state)
{
	struct pasted *q = pasted("*mangle\n:FORWARD ACCEPT [0:0]\nCOMMIT\n"
				  "*filter\n:FORWARD DROP [0:0]\nCOMMIT\n");
	int c = v6d_filter_chain(&q->p, V6D_HOOK_FORWARD);

	(void)state;
	assert_int_equal(q->p.n_chains, 2);
	assert_int_equal(c, 1);
	assert_int_equal(q->p.chains[c].policy, V6D_FATE_DROP);
	free(q);
}

static void
test_words(void **state)
{
	(void)state;
	assert_int_equal(v6d_filter_icmp("packet-too-big"), 2);
	assert_int_equal(v6d_filter_icmp("1/0"), 1);
	assert_int_equal(v6d_filter_icmp("999"), -1);
	assert_int_equal(v6d_filter_icmp("huh"), -1);
	assert_int_equal(v6d_filter_proto("ipv6-icmp"), 58);
	assert_int_equal(v6d_filter_proto("all"), 0);
	assert_int_equal(v6d_filter_proto("47"), 47);
	assert_int_equal(v6d_filter_proto("huh"), -1);
	assert_int_equal(
	    v6d_filter_states("RELATED,ESTABLISHED"), V6D_CT_REL | V6D_CT_EST);
	assert_int_equal(v6d_filter_fate("REJECT"), V6D_FATE_DROP);
	assert_int_equal(v6d_filter_fate("LOG"), V6D_FATE_NONE);
	assert_int_equal(v6d_filter_hook("forward"), V6D_HOOK_FORWARD);
}

RUN(cmocka_unit_test(test_ip6tables), cmocka_unit_test(test_nft),
    cmocka_unit_test(test_tables), cmocka_unit_test(test_words))
