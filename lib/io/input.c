/* SPDX-License-Identifier: GPL-2.0-or-later */
/* input.c - files to read, unpacked where they are packed. */
#include "io/input.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/unpack.h"

#define READ_FIRST 65536 /* bytes; doubled as they are needed */
#define PEEK_MAX 64
#define BUFFER 65536 /* bytes read at a time */

static FILE *
open_path(const char *path)
{
	struct stat st;
	FILE *f;

	if (strcmp(path, "-") == 0)
		return stdin;
	f = fopen(path, "rbe");
	if (f)
		setvbuf(f, NULL, _IOFBF, BUFFER);
	if (f && fstat(fileno(f), &st) == 0 && S_ISDIR(st.st_mode)) {
		fclose(f);
		errno = EISDIR;
		return NULL;
	}
	return f;
}

FILE *
v6d_input_open(const char *path)
{
	FILE *f = open_path(path);
	uint8_t magic[V6D_UNPACK_MAGIC];

	return f ? v6d_unpack(f, magic, v6d_input_peek(f, magic, sizeof(magic)))
		 : NULL;
}

/* What was just read goes back into the stream's own buffer. */
size_t
v6d_input_peek(FILE *f, uint8_t *buf, size_t n)
{
	size_t got = fread(buf, 1, n < PEEK_MAX ? n : PEEK_MAX, f);

	for (size_t i = got; i-- > 0;)
		if (ungetc(buf[i], f) == EOF)
			return 0;
	return got;
}

int
v6d_input_all(FILE *f, size_t ceiling, uint8_t **ret, size_t *ret_n)
{
	size_t cap = READ_FIRST, n = 0;
	uint8_t *p = malloc(cap), *more;

	while (p) {
		n += fread(p + n, 1, cap - n, f);
		if ((ferror(f) && n == 0) || n > ceiling) {
			free(p);
			return n > ceiling ? -EFBIG : -EBADMSG;
		}
		if (n < cap)
			break;
		cap *= 2;
		more = realloc(p, cap);
		if (!more)
			free(p);
		p = more;
	}
	if (!p)
		return -ENOMEM;
	*ret = p;
	*ret_n = n;
	return 0;
}

void
v6d_input_close(FILE *f)
{
	if (f != stdin)
		fclose(f);
}
