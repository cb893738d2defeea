/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile_find.c - where profiles and passwords are. */
#include "io/profile.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/text.h"

#define FOLDERS 3

/* Who called sudo, or NULL. */
static const struct passwd *
sudo_caller(void)
{
	const char *uid = geteuid() == 0 ? getenv("SUDO_UID") : NULL;
	char *end;
	unsigned long n;

	if (!uid || !uid[0])
		return NULL;
	n = strtoul(uid, &end, 10);
	return *end == '\0' ? getpwuid((uid_t)n) : NULL;
}

/* Where profiles may be, the first one first. sudo makes HOME root's. */
static size_t
folders(char list[FOLDERS][1024])
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	const struct passwd *caller = sudo_caller();
	size_t n = 0;

	if (xdg && xdg[0] == '/') {
		snprintf(list[n++], sizeof(list[0]), "%s/v6doctor", xdg);
	} else {
		if (caller)
			snprintf(list[n++], sizeof(list[0]),
			    "%s/.config/v6doctor", caller->pw_dir);
		if (home && home[0] == '/' &&
		    !(caller && strcmp(home, caller->pw_dir) == 0))
			snprintf(list[n++], sizeof(list[0]),
			    "%s/.config/v6doctor", home);
	}
	snprintf(list[n++], sizeof(list[0]), "/etc/v6doctor");
	return n;
}

int
v6d_profile_find(const char *name, char *ret_path, size_t n)
{
	char folder[FOLDERS][1024], path[1400];
	size_t n_folders;
	struct v6d_text t;

	if (name && strchr(name, '/')) {
		t = v6d_text_to(ret_path, n);
		v6d_text_add(&t, "%s", name);
		return t.cut ? -ENAMETOOLONG : 0;
	}
	if (!name)
		name = "v6doctor";
	n_folders = folders(folder);
	t = v6d_text_to(ret_path, n);
	for (size_t i = 0; i < n_folders; i++) {
		struct v6d_text one = v6d_text_to(path, sizeof(path));

		v6d_text_add(&one, "%s/%s.conf", folder[i], name);
		v6d_text_add(&t, "%s%s", i ? ", " : "", path);
		if (one.cut || access(path, F_OK) < 0)
			continue;
		t = v6d_text_to(ret_path, n);
		v6d_text_add(&t, "%s", path);
		return t.cut ? -ENAMETOOLONG : 0;
	}
	return -ENOENT;
}

__attribute__((format(printf, 3, 4))) static int
refuse(struct v6d_profile_error *e, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->reason, sizeof(e->reason), fmt, ap);
	va_end(ap);
	return err;
}

/* Ours, root's, or of the one who called sudo. */
static bool
is_owner_fine(uid_t owner)
{
	const char *sudo = getenv("SUDO_UID");

	return owner == geteuid() || owner == getuid() || owner == 0 ||
	       (geteuid() == 0 && sudo &&
		   strtoul(sudo, NULL, 10) == (unsigned long)owner);
}

static int
check_mode(int fd, struct v6d_profile_error *e)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return refuse(e, -errno, "cannot be read: %s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		return refuse(
		    e, -EPERM, "the password file is not a regular file");
	if (!is_owner_fine(st.st_uid))
		return refuse(e, -EPERM,
		    "the password file belongs to another user (uid %u); "
		    "make it yours: sudo chown \"$USER\" %s",
		    (unsigned)st.st_uid, e->file);
	if (st.st_mode & 077)
		return refuse(e, -EPERM,
		    "the password file can be read by others (mode %04o); "
		    "mend it: chmod 600 %s",
		    (unsigned)(st.st_mode & 07777), e->file);
	return 0;
}

static int
read_first_line(int fd, char *ret, size_t n, struct v6d_profile_error *e)
{
	char buf[V6D_PROFILE_TEXT + 2];
	ssize_t got = read(fd, buf, sizeof(buf) - 1);
	size_t len;

	if (got < 0)
		return refuse(e, -errno, "cannot be read: %s", strerror(errno));
	buf[got] = '\0';
	len = strcspn(buf, "\r\n");
	if (len == 0)
		return refuse(e, -EINVAL,
		    "the password file is empty; its first line must be the "
		    "password");
	if (len >= V6D_PROFILE_TEXT || len >= n)
		return refuse(e, -EINVAL, "the password is too long");
	memcpy(ret, buf, len);
	ret[len] = '\0';
	explicit_bzero(buf, sizeof(buf));
	return 0;
}

int
v6d_profile_password(
    const char *file, char *ret, size_t n, struct v6d_profile_error *ret_err)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK), err;

	ret_err->line = 0;
	snprintf(ret_err->file, sizeof(ret_err->file), "%s", file);
	if (fd < 0)
		return refuse(ret_err, -errno,
		    "the password file cannot be opened: %s", strerror(errno));
	err = check_mode(fd, ret_err);
	if (err == 0)
		err = read_first_line(fd, ret, n, ret_err);
	close(fd);
	return err;
}

/* One line from the terminal; echo is already off. */
static int
read_answer(int fd, char *ret, size_t n)
{
	size_t len = 0;
	char c;

	for (;;) {
		ssize_t got = read(fd, &c, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0 || c == '\n')
			break;
		if (len + 1 >= n)
			return -EINVAL;
		ret[len++] = c;
	}
	ret[len] = '\0';
	return len ? 0 : -EINVAL;
}

int
v6d_profile_ask_password(const char *prompt, char *ret, size_t n)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY), err;
	struct termios was, quiet;

	if (fd < 0)
		return -ENOTTY;
	if (tcgetattr(fd, &was) < 0) {
		close(fd);
		return -ENOTTY;
	}
	quiet = was;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	if (write(fd, prompt, strlen(prompt)) < 0 ||
	    tcsetattr(fd, TCSAFLUSH, &quiet) < 0) {
		err = -errno;
		close(fd);
		return err;
	}
	err = read_answer(fd, ret, n);
	tcsetattr(fd, TCSAFLUSH, &was);
	if (write(fd, "\n", 1) < 0 && err == 0)
		err = -errno;
	close(fd);
	return err;
}
