/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_paste_setup.c - settings and scripts: exactly which findings. Covers
 * paste/setup.c, paste/ppp_options.c, paste/radvd.c, paste/script.c and
 * paste/sysctl.c. */
#include "paste_help.h"

/* "name grade" of each finding, sorted by the table, blanks between. */
static const char *
found(const struct pasted *q, char *buf, size_t n)
{
	struct v6d_text t = v6d_text_to(buf, n);

	for (int id = 0; id < V6D_N_NOTES; id++)
		for (unsigned i = 0; i < q->notes.n; i++)
			if (q->notes.note[i].id == (enum v6d_note_id)id)
				v6d_text_add(&t, "%s=%s ",
				    v6d_note_name(q->notes.note[i].id),
				    v6d_grade_name(q->notes.note[i].grade));
	return buf;
}

/* The published layout: these findings, and no other. */
static void
test_published(void **state)
{
	struct pasted *q = calloc(1, sizeof(*q));
	char buf[1024];

	(void)state;
	assert_non_null(q);
	v6d_paste_init(&q->p);
	paste_file(q, "captures/text/setup-all.txt");
	assert_string_equal(found(q, buf, sizeof(buf)),
	    "noccp-defeats-mppe=critical "
	    "ra-ignored-after-forwarding=high "
	    "radvd-without-filter=high "
	    "no-mtu-option=high "
	    "same-prefix-twice=medium "
	    "unbounded-wait=medium "
	    "radvd-says-too-little=medium "
	    "default-route-by-hand=low "
	    "password-in-file=low "
	    "all-accept-ra-no-effect=info "
	    "lcp-echo-keeps-alive=good ");
	assert_int_equal(q->d.findings[0].cause, V6D_CAUSE_MPPE_NOT_NEGOTIATED);
	free(q);
}

static void
test_one(void **state)
{
	static const struct {
		const char *text, *want;
	} t[] = {
		{ "noccp\nrequire-mppe-128\nmtu 1400\n",
		    "noccp-defeats-mppe=critical " },
		{ "noccp\nmtu 1400\n", "" },
		{ "require-mppe\nmtu 1400\n", "" },
		{ "noip\n", "no-mtu-option=high " },
		{ "noip\nmru 1400\n", "" },
		{ "noip\nmtu 1400\nlcp-echo-interval 300\n"
		  "lcp-echo-failure 3\n",
		    "" },
		{ "noip\nmtu 1400\nlcp-echo-interval 30\nlcp-echo-failure 3\n",
		    "lcp-echo-keeps-alive=good " },
		{ "#!/bin/sh\nsysctl -w net.ipv6.conf.all.accept_ra=0\n",
		    "all-accept-ra-no-effect=info " },
		{ "#!/bin/sh\necho 1 > /proc/sys/net/ipv6/conf/all/"
		  "forwarding\n",
		    "ra-ignored-after-forwarding=high " },
		{ "#!/bin/sh\necho 2 > /proc/sys/net/ipv6/conf/default/"
		  "accept_ra\necho 1 > /proc/sys/net/ipv6/conf/all/"
		  "forwarding\n",
		    "" },
		{ "#!/bin/sh\n/etc/init.d/radvd start\n",
		    "radvd-without-filter=high " },
		{ "#!/bin/sh\nip6tables -P FORWARD DROP\nsystemctl start "
		  "radvd\n",
		    "" },
		{ "#!/bin/sh\nsystemctl stop radvd\n", "" },
		{ "#!/bin/sh\nuntil ip -6 addr show dev ppp0 scope global | "
		  "grep -q inet6; do sleep 1; done\n",
		    "unbounded-wait=medium " },
		{ "#!/bin/sh\nwhile [ $N -lt 30 ]; do\nA=$(ip addr show dev "
		  "ppp0 scope global)\ndone\n",
		    "" },
		{ "#!/bin/sh\nwhile read line; do\necho $line\ndone\n", "" },
		{ "#!/bin/sh\nip -6 route add default dev ppp0\n",
		    "default-route-by-hand=low " },
		{ "#!/bin/sh\nip -6 route del default dev ppp0\n", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct pasted *q = pasted(t[i].text);
		char buf[512];

		if (strcmp(found(q, buf, sizeof(buf)), t[i].want) != 0)
			fail_msg(
			    "%s\ngives %s\nnot %s", t[i].text, buf, t[i].want);
		free(q);
	}
}

/* A sentence is no options file, a comment no command. */
static void
test_prose(void **state)
{
	struct pasted *q = pasted("I lock my bike.\nuser of a Mac\n"
				  "file a report please\nauth\n");

	(void)state;
	assert_false(q->p.setup.has_options);
	free(q);
	q = pasted("#!/bin/sh\n# sysctl -w net.ipv6.conf.all.forwarding=1\n");
	assert_int_equal(q->p.n_sysctls, 0);
	free(q);
}

/* Running, and in the file or not. */
static void
test_persistence(void **state)
{
	struct pasted *q =
	    pasted("$ sysctl net.inet6.ip6.accept_rtadv\n"
		   "net.inet6.ip6.accept_rtadv: 1\n$ cat /etc/sysctl.conf\n"
		   "net.inet6.ip6.accept_rtadv=1\n");
	char buf[256];

	(void)state;
	assert_string_equal(found(q, buf, sizeof(buf)), "");
	assert_int_equal(q->p.sysctls[0].origin, V6D_RUNNING);
	assert_int_equal(q->p.sysctls[1].origin, V6D_IN_FILE);
	free(q);
	q = pasted("$ sysctl net.inet6.ip6.accept_rtadv\n"
		   "net.inet6.ip6.accept_rtadv: 1\n$ cat /etc/sysctl.conf\n"
		   "net.inet6.ip6.use_tempaddr=1\n");
	assert_string_equal(found(q, buf, sizeof(buf)), "not-persistent=low ");
	free(q);
}

RUN(cmocka_unit_test(test_published), cmocka_unit_test(test_one),
    cmocka_unit_test(test_prose), cmocka_unit_test(test_persistence))
