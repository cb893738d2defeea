/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_lab.c - "v6doctor lab": the practice network from the command line. */
#include "cmd.h"
#include "nearest.h"
#include "say.h"
#include "tongue.h"

#include <errno.h>
#include <ifaddrs.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>

#include "lab/fault.h"
#include "lab/lab.h"
#include "lab/owner.h"
#include "lab/relay.h"
#include "lab/resolver.h"

#define DEFAULT_NAME "lab"

struct args {
	const char *name;
	const char *faults[V6D_LAB_FAULTS];
	size_t n_faults;
};

static const struct v6d_item subcommands[] = {
	{ "up [NAME] [--fault F]...", N_("build it (NAME: \"lab\")") },
	{ "down [NAME]", N_("take it away, all of it") },
	{ "status [NAME]", N_("its nodes, addresses, faults") },
	{ "list", N_("the practice networks that are up") },
	{ "exec NAME NODE -- CMD...",
	    N_("run a command in a node; its exit status is the command's") },
	{ "faults", N_("the faults that there are, with values and places") },
	{ "relay NEAR FAR KEY=N...",
	    N_("carry frames between two interfaces as a bad line would; the "
	       "practice network runs it inside") },
	{ "resolver HOW ADDRESS...",
	    N_("answer questions to port 53 of these addresses with a response "
	       "code (nxdomain, servfail, refused, notimp, formerr), or late "
	       "(MS:RESOLVER)") },
	{ NULL, NULL },
};

const struct v6d_usage v6d_usage_lab = {
	.words = "up|down|status|list|exec|faults|relay|resolver ...",
	.takes = V6D_TAKES_ITEM,
	.text = { N_("A practice network in namespaces, with real servers. "
		     "\"v6doctor run-all --lab\" needs none of this: it "
		     "builds one of its own and takes it away again.") },
	.picture =
	    "  c1, c2 --[nat1]--[nat2]--[isp]--[srv]--[r6]--[web]\n"
	    "    home    WLAN   broad-  IPv4   PPTP   IPv6   www.example.net\n"
	    "    hosts   router band    only   server router and a resolver\n",
	.lists = { { N_("Commands:"), subcommands, NULL } },
	.options = { V6D_OPT_FAULT, V6D_OPT_HELP },
	.status = { { V6D_EXIT_OK, N_("done") },
	    { V6D_EXIT_USAGE, N_("wrong usage") },
	    { V6D_EXIT_NOINPUT,
		N_("there is no such practice network or command") },
	    { V6D_EXIT_UNAVAILABLE,
		N_("a right or program is missing; says which") } },
	.examples = { { "sudo v6doctor lab up --fault delay=100", NULL },
	    { "sudo v6doctor lab exec lab c1 -- ping -c 1 203.0.113.10",
		NULL } },
};

static int
wrong(const char *what, const char *word)
{
	return v6d_say("lab", V6D_EXIT_USAGE,
	    "%s '%s'; \"v6doctor lab --help\" tells more", _(what), word);
}

static int
failed(int status, const char *err)
{
	return v6d_say("lab", status, "%s", v6d_retold(err));
}

static int
no_option(const char *word, bool faults)
{
	static const struct option longs[] = {
		{ "fault", required_argument, NULL, 'f' },
		{ NULL, 0, NULL, 0 },
	};
	bool bare = faults && strcmp(word, "--fault") == 0;

	return v6d_say_option(
	    "lab", bare ? ':' : '?', word, longs + (faults ? 0 : 1));
}

static int
add_fault(struct args *a, const char *fault)
{
	if (a->n_faults == V6D_LAB_FAULTS)
		return wrong(N_("too many faults at"), fault);
	a->faults[a->n_faults++] = fault;
	return V6D_EXIT_OK;
}

/* [NAME] and options, in any order; up to "--" or the end. */
static int
read_args(int argc, char **argv, struct args *a, bool faults)
{
	*a = (struct args){ .name = DEFAULT_NAME };
	for (int i = 2, names = 0; i < argc; i++) {
		const char *w = argv[i];
		int rc = V6D_EXIT_OK;

		if (faults && strcmp(w, "--fault") == 0 && i + 1 < argc)
			rc = add_fault(a, argv[++i]);
		else if (faults && strncmp(w, "--fault=", 8) == 0)
			rc = add_fault(a, w + 8);
		else if (w[0] == '-')
			return no_option(w, faults);
		else if (names++ == 0)
			a->name = w;
		else
			return wrong(N_("one name is enough, not also"), w);
		if (rc != V6D_EXIT_OK)
			return rc;
	}
	return V6D_EXIT_OK;
}

static int
cmd_up(int argc, char **argv)
{
	char err[V6D_LAB_ERR];
	struct v6d_lab *lab;
	struct timespec t0, t1;
	struct args a;
	int rc = read_args(argc, argv, &a, true);
	struct v6d_lab_opts o = { a.name, a.faults, a.n_faults };

	if (rc != V6D_EXIT_OK)
		return rc;
	clock_gettime(CLOCK_MONOTONIC, &t0);
	rc = v6d_lab_start(&o, &lab, err);
	clock_gettime(CLOCK_MONOTONIC, &t1);
	if (rc != V6D_EXIT_OK)
		return failed(rc, err);
	printf(_("lab '%s' is up after %ld ms\n"), a.name,
	    (long)(t1.tv_sec - t0.tv_sec) * 1000 +
		(t1.tv_nsec - t0.tv_nsec) / 1000000);
	printf("  v6doctor lab exec %s c1 -- ping -c 1 203.0.113.10\n"
	       "  v6doctor lab status %s\n"
	       "  v6doctor lab down %s\n",
	    a.name, a.name, a.name);
	v6d_lab_detach(lab);
	return V6D_EXIT_OK;
}

static int
cmd_down(int argc, char **argv)
{
	char err[V6D_LAB_ERR];
	struct v6d_lab *lab;
	struct args a;
	int rc = read_args(argc, argv, &a, false);

	if (rc == V6D_EXIT_OK) {
		rc = v6d_lab_attach(a.name, &lab, err);
		if (rc != V6D_EXIT_OK)
			return failed(rc, err);
		v6d_lab_stop(lab);
		printf(_("lab '%s' is gone\n"), a.name);
	}
	return rc;
}

/* Returns the column after it. */
static int
print_address(const struct ifaddrs *p, int column)
{
	char text[INET6_ADDRSTRLEN] = "";
	int family = p->ifa_addr ? p->ifa_addr->sa_family : 0;
	struct sockaddr_in s4;
	struct sockaddr_in6 s6;

	if (family == AF_INET) {
		memcpy(&s4, p->ifa_addr, sizeof(s4));
		inet_ntop(AF_INET, &s4.sin_addr, text, sizeof(text));
	} else if (family == AF_INET6) {
		memcpy(&s6, p->ifa_addr, sizeof(s6));
		if (!IN6_IS_ADDR_LINKLOCAL(&s6.sin6_addr))
			inet_ntop(AF_INET6, &s6.sin6_addr, text, sizeof(text));
	}
	if (!text[0] || (p->ifa_flags & IFF_LOOPBACK))
		return column;
	if (column + (int)(strlen(p->ifa_name) + strlen(text)) + 3 > 79)
		column = printf("\n%7s", "") - 1;
	return column + printf("  %s %s", p->ifa_name, text);
}

static int
print_node(const struct v6d_lab *lab, enum v6d_lab_node node)
{
	const char *name = v6d_lab_node_name(node);
	struct ifaddrs *all = NULL;
	int column;

	if (setns(v6d_lab_node_fd(lab, name), CLONE_NEWNET) != 0 ||
	    getifaddrs(&all) != 0)
		return v6d_say("lab", V6D_EXIT_UNAVAILABLE,
		    "cannot look into %s: %s", name,
		    v6d_retold(strerror(errno)));
	column = printf("  %-5s", name);
	for (const struct ifaddrs *p = all; p; p = p->ifa_next)
		column = print_address(p, column);
	putchar('\n');
	freeifaddrs(all);
	return V6D_EXIT_OK;
}

static int
cmd_status(int argc, char **argv)
{
	char err[V6D_LAB_ERR];
	struct v6d_lab *lab;
	struct args a;
	int rc = read_args(argc, argv, &a, false);

	if (rc != V6D_EXIT_OK)
		return rc;
	rc = v6d_lab_attach(a.name, &lab, err);
	if (rc != V6D_EXIT_OK)
		return failed(rc, err);
	printf(_("lab '%s' is up; process %ld owns it\n"), a.name,
	    v6d_lab_owner(lab));
	for (unsigned i = 0; i < V6D_LAB_NODES && rc == V6D_EXIT_OK; i++)
		rc = print_node(lab, (enum v6d_lab_node)i);
	printf(_("faults: %s\n"), v6d_lab_faults(lab)[0] ? "" : _("none"));
	printf("%s", v6d_lab_faults(lab));
	v6d_lab_detach(lab);
	return rc;
}

static int
print_faults(void)
{
	static char text[32768];
	struct v6d_paint p = { .t = v6d_tongue_text(text, sizeof(text)),
		.columns = v6d_say_columns() };

	v6d_fault_list(&p);
	printf(_("Faults, with their usual value and their places (the first "
		 "is the usual one):\n%s"),
	    text);
	return V6D_EXIT_OK;
}

/* Labs show by their sockets; an accepted connection bears no listen flag. */
static int
cmd_list(int argc, char **argv)
{
	char line[512];
	bool any = false;
	FILE *f;

	if (argc > 2)
		return wrong(N_("list takes no"), argv[2]);
	f = fopen("/proc/net/unix", "re");
	if (!f)
		return failed(
		    V6D_EXIT_UNAVAILABLE, "cannot read /proc/net/unix");
	while (fgets(line, sizeof(line), f)) {
		const char *name = strstr(line, " @" V6D_LAB_SOCKET);

		if (!name || !strstr(line, " 00010000 "))
			continue;
		printf("%s", name + 2 + strlen(V6D_LAB_SOCKET));
		any = true;
	}
	fclose(f);
	if (!any)
		v6d_say("lab", 0, "none is up; \"v6doctor lab up\" builds one");
	return V6D_EXIT_OK;
}

static int
cmd_exec(int argc, char **argv)
{
	char err[V6D_LAB_ERR];
	struct v6d_lab *lab;
	int cmd = argc > 4 && strcmp(argv[4], "--") == 0 ? 5 : 4;
	int rc;

	if (argc <= cmd)
		return wrong(N_("exec needs NAME NODE -- CMD, not"),
		    argc > 2 ? argv[argc - 1] : "nothing");
	rc = v6d_lab_attach(argv[2], &lab, err);
	if (rc != V6D_EXIT_OK)
		return failed(rc, err);
	if (v6d_lab_node_fd(lab, argv[3]) < 0)
		rc = wrong(N_("there is no node"), argv[3]);
	else if (setns(v6d_lab_node_fd(lab, argv[3]), CLONE_NEWNET) != 0)
		rc = failed(V6D_EXIT_UNAVAILABLE, strerror(errno));
	v6d_lab_detach(lab);
	if (rc != V6D_EXIT_OK)
		return rc;
	execvp(argv[cmd], argv + cmd);
	return v6d_say("lab", V6D_EXIT_NOINPUT, "%s cannot be run: %s",
	    argv[cmd], v6d_retold(strerror(errno)));
}

static int
cmd_faults(int argc, char **argv)
{
	(void)argv;
	return argc > 2 ? wrong(N_("unknown word"), argv[2]) : print_faults();
}

/* argv[0] is its own name there. */
static int
cmd_relay(int argc, char **argv)
{
	return v6d_relay_main(argc - 1, argv + 1);
}

static int
cmd_resolver(int argc, char **argv)
{
	return v6d_resolver_main(argc - 1, argv + 1);
}

int
v6d_cmd_lab(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} subs[] = {
		{ "up", cmd_up },
		{ "down", cmd_down },
		{ "status", cmd_status },
		{ "list", cmd_list },
		{ "exec", cmd_exec },
		{ "faults", cmd_faults },
		{ "relay", cmd_relay },
		{ "resolver", cmd_resolver },
	};
	struct v6d_nearest near = { .n = 0 };

	if (argc < 2 || strcmp(argv[1], "--help") == 0 ||
	    strcmp(argv[1], "-h") == 0) {
		v6d_usage_print(v6d_cmd_by_name("lab"), stdout);
		return V6D_EXIT_OK;
	}
	for (size_t i = 0; i < sizeof(subs) / sizeof(*subs); i++)
		if (strcmp(argv[1], subs[i].name) == 0)
			return subs[i].run(argc, argv);
	for (size_t i = 0; i < sizeof(subs) / sizeof(*subs); i++)
		v6d_nearest_offer(&near, argv[1], subs[i].name);
	return v6d_say("lab", V6D_EXIT_USAGE,
	    "unknown command '%s'%s%s%s \"v6doctor lab --help\" lists the "
	    "commands",
	    argv[1], near.n > 0 ? "; did you mean \"" : ";",
	    near.n > 0 ? near.names[0] : "", near.n > 0 ? "\"?" : "");
}
