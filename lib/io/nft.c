/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft.c - the packet filter of a namespace, by libnftables. */
#include "io/nft.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nftables/libnftables.h>

#include "io/netns.h"

struct call {
	const char *commands;
	char *text; /* nft's words about what is wrong */
	size_t n;
	char *listed; /* heap; NULL: nothing is listed */
	bool list;
	unsigned flags; /* NFT_CTX_OUTPUT_... */
};

/* nft's first line says it; what follows draws arrows below the input. */
static void
keep_words(struct call *c, const char *words)
{
	size_t n = strcspn(words, "\n");

	if (c->n > 0)
		snprintf(c->text, c->n, "%.*s", (int)n, words);
}

static int
reason_of(const char *words)
{
	if (strstr(words, "not permitted") || strstr(words, "ermission denied"))
		return -EPERM;
	if (strstr(words, "No such file"))
		return -ENOENT;
	return -EINVAL;
}

/* Its socket is opened here, in the namespace. */
static int
run_here(void *arg)
{
	struct call *c = arg;
	struct nft_ctx *nft = nft_ctx_new(NFT_CTX_DEFAULT);
	const char *words;
	int err = 0;

	if (!nft)
		return -ENOMEM;
	nft_ctx_buffer_output(nft);
	nft_ctx_buffer_error(nft);
	nft_ctx_output_set_flags(nft, c->flags);
	if (nft_run_cmd_from_buffer(nft, c->commands) != 0) {
		words = nft_ctx_get_error_buffer(nft);
		keep_words(c, words);
		err = reason_of(words);
	} else if (c->list) {
		c->listed = strdup(nft_ctx_get_output_buffer(nft));
		err = c->listed ? 0 : -ENOMEM;
	}
	nft_ctx_free(nft);
	return err;
}

int
v6d_nft_run(int ns_fd, const char *commands, char *text, size_t n)
{
	struct call c = { .commands = commands,
		.text = text,
		.n = n,
		.flags = NFT_CTX_OUTPUT_STATELESS };

	return v6d_netns_run(ns_fd, run_here, &c);
}

int
v6d_nft_list(int ns_fd, const char *what, char **ret)
{
	char command[128], text[160] = "";
	struct call c = { .commands = command,
		.text = text,
		.n = sizeof(text),
		.list = true,
		.flags = NFT_CTX_OUTPUT_STATELESS };
	int n = snprintf(command, sizeof(command), "list %s", what), err;

	if (n < 0 || (size_t)n >= sizeof(command))
		return -ENAMETOOLONG;
	err = v6d_netns_run(ns_fd, run_here, &c);
	if (err == 0)
		*ret = c.listed;
	return err;
}

int
v6d_nft_rules(int ns_fd, bool counters, char **ret)
{
	char text[160] = "";
	struct call c = { .commands = "list ruleset",
		.text = text,
		.n = sizeof(text),
		.list = true,
		.flags = NFT_CTX_OUTPUT_TERSE |
			 (counters ? 0 : NFT_CTX_OUTPUT_STATELESS) };
	int err = v6d_netns_run(ns_fd, run_here, &c);

	if (err == 0)
		*ret = c.listed;
	return err;
}
