/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fixture.c - names of fixtures, and their files. */
#include "fixture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "io/savefile.h"

const char *
v6d_fixture_ending(const char *name)
{
	static const char *const ends[] = { ".pcap", ".pcapng", ".pcap.gz",
		".pcapng.gz", ".pcap.zst", ".pcapng.zst", ".txt" };
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t k = strlen(ends[i]);

		if (n > k && strcmp(name + n - k, ends[i]) == 0)
			return name + n - k;
	}
	return NULL;
}

bool
v6d_fixture_is_text(const char *name)
{
	const char *end = v6d_fixture_ending(name);

	return end && strcmp(end, ".txt") == 0;
}

const char *
v6d_fixture_expect(const char *path, char *buf, size_t n)
{
	snprintf(buf, n, "%.*s.expect", (int)(v6d_fixture_ending(path) - path),
	    path);
	return buf;
}

static mode_t
mode_of_new(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_mode & 07777 : mode_of_new();
}

int
v6d_fixture_share(const char *path)
{
	return chmod(path, mode_of_new()) < 0 ? -errno : 0;
}

int
v6d_fixture_write(const char *path, const void *p, size_t n)
{
	struct v6d_savefile f;
	mode_t mode = mode_of(path);
	int err = v6d_savefile_open(path, &f);

	if (err == 0)
		err = v6d_savefile_end(&f, p, n);
	if (err == 0 && chmod(path, mode) < 0)
		err = -errno;
	return err;
}
