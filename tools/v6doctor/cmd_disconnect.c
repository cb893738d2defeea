/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_disconnect.c - "v6doctor disconnect": ends a gateway that runs. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cmd.h"
#include "instance.h"
#include "say.h"
#include "tongue.h"
#include "tongue.h"

#define PATIENCE_MS 30000

const struct v6d_usage v6d_usage_disconnect = {
	.words = "[PROFILE]",
	.takes = V6D_TAKES_PROFILE,
	.text = { N_(
	    "Ends a \"connect\" and waits until everything is undone.") },
	.options = { V6D_OPT_PROFILE, V6D_OPT_STATE_DIR, V6D_OPT_ERRORS_ONLY,
	    V6D_OPT_HELP },
	.status = { { V6D_EXIT_OK, N_("it has ended, and all is as before") },
	    { V6D_EXIT_FAULT, N_("something could not be undone") },
	    { V6D_EXIT_USAGE, N_("wrong usage") },
	    { V6D_EXIT_UNAVAILABLE, N_("it does not run, or does not end") } },
	.examples = { { "sudo v6doctor disconnect home", NULL } },
};

/* A descriptor first: the number may be another process's afterwards. */
static int
end_process(const struct v6d_instance *i, pid_t pid)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd p = { fd, POLLIN, 0 };
	int got;

	if (fd < 0)
		return errno == ESRCH ? 0 : -errno;
	got = (int)syscall(SYS_pidfd_send_signal, fd, SIGTERM, NULL, 0);
	if (got < 0 && errno != ESRCH) {
		got = -errno;
		close(fd);
		return got;
	}
	if (!i->quiet)
		printf(_("process %ld ends\n"), (long)pid);
	got = poll(&p, 1, PATIENCE_MS);
	close(fd);
	return got == 0 ? -ETIMEDOUT : 0;
}

/* Who holds the lock runs it. */
static int
find_owner(const struct v6d_instance *i, pid_t *ret)
{
	static struct v6d_journal j;
	int err = v6d_journal_open(&j, i->state_dir, i->name, false);

	if (err == -EBUSY) {
		*ret = j.owner;
		return 0;
	}
	if (err == 0) {
		err = j.n > 0 ? -EEXIST : -ENOENT;
		v6d_journal_close(&j);
	}
	return err;
}

static int
conclude(const struct v6d_instance *i)
{
	pid_t pid;
	int err = find_owner(i, &pid);

	if (err == -ENOENT) {
		if (!i->quiet)
			puts(_("everything is as it was before"));
		return V6D_EXIT_OK;
	}
	return v6d_say(i->command, V6D_EXIT_FAULT,
	    "it has ended, but not all is undone; \"v6doctor status %s\" "
	    "names what is left",
	    i->name);
}

int
v6d_cmd_disconnect(int argc, char **argv)
{
	struct v6d_instance i;
	pid_t pid = 0;
	int status = v6d_instance_options(argc, argv, &i), err;

	if (status != 0)
		return status;
	if (i.help)
		return V6D_EXIT_OK;
	err = find_owner(&i, &pid);
	if (err == -EEXIST)
		return v6d_say(i.command, V6D_EXIT_UNAVAILABLE,
		    "'%s' does not run, but left things behind; \"v6doctor "
		    "restore %s\" undoes them",
		    i.name, i.name);
	if (err == -ENOENT)
		return v6d_say(i.command, V6D_EXIT_UNAVAILABLE,
		    "'%s' does not run", i.name);
	if (err == 0)
		err = end_process(&i, pid);
	if (err == -ETIMEDOUT)
		return v6d_say(i.command, V6D_EXIT_UNAVAILABLE,
		    "process %ld does not end", (long)pid);
	if (err < 0)
		return v6d_say(i.command, V6D_EXIT_UNAVAILABLE,
		    "'%s' cannot be ended: %s", i.name,
		    v6d_retold(strerror(-err)));
	return conclude(&i);
}
