/* SPDX-License-Identifier: GPL-2.0-or-later */
/* change_table.c - our table of the packet filter, written and taken away. */
#include "gateway/change_impl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/netns.h"
#include "io/nft.h"

static int
list(int ns_fd, const char *table, char **ret)
{
	char what[96];

	snprintf(what, sizeof(what), "table %s", table);
	return v6d_nft_list(ns_fd, what, ret);
}

/*
 * How the kernel tells what we wrote depends on its version and nft's. The
 * way to know is to write the same text in a namespace that has nothing else.
 */
static int
list_as_written(const char *table, const char *text, char **ret)
{
	char words[160];
	int ns, err = v6d_netns_private(&ns);

	if (err < 0)
		return err;
	err = v6d_nft_run(ns, text, words, sizeof(words));
	if (err == 0)
		err = list(ns, table, ret);
	close(ns);
	return err;
}

/* 1: it stands as text wrote it; 0: it differs; -ENOENT: none is there. */
static int
stands(struct v6d_changes *c, const char *table, const char *text)
{
	char *now = NULL, *ours = NULL;
	int err = list(c->ns_fd, table, &now);

	if (err == 0)
		err = list_as_written(table, text, &ours);
	if (err == 0)
		err = strcmp(now, ours) == 0;
	free(now);
	free(ours);
	return err;
}

/* The text that this run's journal says stands in the table, or NULL. */
static const char *
noted(const struct v6d_journal *j, const char *table)
{
	for (unsigned i = j->n; i-- > 0;) {
		const struct v6d_journal_entry *e = &j->e[i];

		if (!e->undone && strcmp(e->r.word[0], "table") == 0 &&
		    e->r.n >= 4 && strcmp(e->r.word[1], table) == 0)
			return e->r.word[3];
	}
	return NULL;
}

static int
write_table(struct v6d_changes *c, const char *table, const char *text)
{
	size_t n = strlen(text) + 2 * strlen(table) + 64;
	char *commands = malloc(n), words[200] = "";
	int err;

	if (!commands)
		return v6d_change_told(c, -ENOMEM, "out of memory");
	snprintf(commands, n, "table %s {\n}\ndelete table %s\n%s", table,
	    table, text);
	err = v6d_nft_run(c->ns_fd, commands, words, sizeof(words));
	free(commands);
	if (err < 0)
		v6d_change_told(c, err, "the packet filter refuses: %s",
		    words[0] ? words : strerror(-err));
	return err;
}

static int
check_name(struct v6d_changes *c, const char *table)
{
	char *now = NULL;
	int err = list(c->ns_fd, table, &now);

	free(now);
	if (err == -ENOENT)
		return 0;
	if (err == 0)
		return v6d_change_told(c, -EEXIST,
		    "there is a table %s already, of nobody known: look at "
		    "\"nft list table %s\", and delete it if it is of no use",
		    table, table);
	return v6d_change_told(
	    c, err, "the packet filter cannot be read: %s", strerror(-err));
}

/* table NAME OLD NEW */
int
v6d_change_table(struct v6d_changes *c, const char *table, const char *text)
{
	const char *old = noted(c->j, table);
	struct v6d_record r = { 4, { "table", table, old ? old : "", text } };
	int err = old ? 0 : check_name(c, table);

	if (old && strcmp(old, text) == 0)
		return 0;
	if (err == 0)
		err = v6d_change_note(c, &r);
	if (err < 0)
		return err;
	err = write_table(c, table, text);
	return err < 0 ? v6d_change_not_made(c, err) : 0;
}

int
v6d_change_table_again(struct v6d_changes *c, const char *table)
{
	const char *text = noted(c->j, table);

	return text ? write_table(c, table, text) : -ENOENT;
}

static enum v6d_undo
take_away(struct v6d_changes *c, const char *table, const char *old)
{
	char command[128], words[200] = "";
	int err;

	if (old[0]) {
		err = write_table(c, table, old);
		return err < 0 ? V6D_UNDO_FAILED : V6D_UNDO_DONE;
	}
	snprintf(command, sizeof(command), "delete table %s", table);
	err = v6d_nft_run(c->ns_fd, command, words, sizeof(words));
	if (err == 0 || err == -ENOENT)
		return V6D_UNDO_DONE;
	return v6d_change_stuck(
	    c, "the table %s cannot be deleted: %s", table, words);
}

/*
 * A crash between the journal and the packet filter leaves the older text
 * standing: nothing is to be undone then.
 */
enum v6d_undo
v6d_undo_table(struct v6d_changes *c, const struct v6d_record *r)
{
	const char *table = r->word[1], *old = r->word[2];
	int is = stands(c, table, r->word[3]);

	if (is == 1)
		return take_away(c, table, old);
	if (is == -ENOENT)
		return V6D_UNDO_DONE;
	if (is == 0 && old[0] && stands(c, table, old) == 1)
		return V6D_UNDO_DONE;
	if (is == 0)
		return v6d_change_left(c,
		    "somebody has changed the table %s: left as it is; "
		    "\"nft delete table %s\" takes it away",
		    table, table);
	return v6d_change_stuck(
	    c, "the packet filter cannot be read: %s", strerror(-is));
}
