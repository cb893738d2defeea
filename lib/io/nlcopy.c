/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nlcopy.c - netlink messages as they are, from one namespace to another. */
#include "io/nlcopy.h"

#include <errno.h>
#include <netlink/msg.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define ANSWER_MS 1000
#define TRIES 4 /* dumps that changed under way are done again */

struct nlmsghdr *
v6d_nlstore_at(const struct v6d_nlstore *s, size_t at)
{
	struct nlmsghdr *h;

	if (at + sizeof(*h) > s->len)
		return NULL;
	h = (struct nlmsghdr *)(void *)(s->buf + at);
	return h->nlmsg_len < sizeof(*h) || at + h->nlmsg_len > s->len ? NULL
								       : h;
}

void
v6d_nlstore_free(struct v6d_nlstore *s)
{
	free(s->buf);
	*s = (struct v6d_nlstore){ .max = s->max };
}

int
v6d_nlstore_reverse(struct v6d_nlstore *s)
{
	uint8_t *to = s->len ? malloc(s->len) : NULL;
	struct nlmsghdr *h;
	size_t at;

	if (s->len == 0)
		return 0;
	if (!to)
		return -ENOMEM;
	V6D_NLSTORE_EACH(s, at, h)
	{
		size_t n = NLMSG_ALIGN(h->nlmsg_len);

		memcpy(to + s->len - at - n, h, n);
	}
	free(s->buf);
	s->buf = to;
	s->cap = s->len;
	return 0;
}

static size_t
aligned(size_t n)
{
	return (n + 3) & ~(size_t)3; /* NLA_ALIGN, of unsigned numbers */
}

static unsigned
type_of(const struct nlattr *a)
{
	return a->nla_type & (unsigned)NLA_TYPE_MASK;
}

/* Room for n more bytes, zeroed and counted. */
static int
grow(struct v6d_nlstore *s, size_t n)
{
	size_t max = s->max ? s->max : V6D_NLSTORE_MAX;
	size_t cap = s->cap ? s->cap : 8192;
	uint8_t *p;

	if (s->len + n > max)
		return -EFBIG;
	while (cap < s->len + n)
		cap *= 2;
	if (cap != s->cap) {
		p = realloc(s->buf, cap);
		if (!p)
			return -ENOMEM;
		s->buf = p;
		s->cap = cap;
	}
	memset(s->buf + s->len, 0, n);
	s->len += n;
	return 0;
}

int
v6d_nlstore_open(struct v6d_nlstore *s, int type, int flags, const void *header,
    size_t len, size_t *ret_at)
{
	size_t at = s->len;
	struct nlmsghdr h = { .nlmsg_type = (uint16_t)type,
		.nlmsg_flags = (uint16_t)flags,
		.nlmsg_len = (uint32_t)(sizeof(h) + NLMSG_ALIGN(len)) };
	int err = grow(s, h.nlmsg_len);

	if (err < 0)
		return err;
	memcpy(s->buf + at, &h, sizeof(h));
	memcpy(s->buf + at + sizeof(h), header, len);
	s->n++;
	*ret_at = at;
	return 0;
}

int
v6d_nlstore_put(struct v6d_nlstore *s, size_t at, uint16_t type,
    const void *data, size_t len)
{
	struct nlattr a = { .nla_type = type,
		.nla_len = (uint16_t)(sizeof(a) + len) };
	size_t to = s->len;
	int err;

	if (len > UINT16_MAX - sizeof(a))
		return -EMSGSIZE;
	err = grow(s, aligned(a.nla_len));
	if (err < 0)
		return err;
	memcpy(s->buf + to, &a, sizeof(a));
	if (len)
		memcpy(s->buf + to + sizeof(a), data, len);
	v6d_nlstore_at(s, at)->nlmsg_len = (uint32_t)(s->len - at);
	return 0;
}

const struct nlattr *
v6d_nlattr_next(const void *payload, size_t len, const struct nlattr *a)
{
	const uint8_t *p = payload;
	size_t at = 0;

	if (a)
		at = (size_t)((const uint8_t *)a - p) + aligned(a->nla_len);
	if (at + sizeof(*a) > len)
		return NULL;
	a = (const struct nlattr *)(const void *)(p + at);
	return a->nla_len < sizeof(*a) || at + a->nla_len > len ? NULL : a;
}

const struct nlattr *
v6d_nlattr_of(const struct nlmsghdr *h, size_t header, uint16_t type)
{
	size_t skip = NLMSG_HDRLEN + NLMSG_ALIGN(header);
	const uint8_t *p = (const uint8_t *)h + skip;
	const struct nlattr *a = NULL;

	if (h->nlmsg_len < skip)
		return NULL;
	while ((a = v6d_nlattr_next(p, h->nlmsg_len - skip, a)))
		if (type_of(a) == type)
			return a;
	return NULL;
}

const void *
v6d_nlattr_data(const struct nlattr *a)
{
	return (const uint8_t *)a + sizeof(*a);
}

size_t
v6d_nlattr_len(const struct nlattr *a)
{
	return a->nla_len - sizeof(*a);
}

uint32_t
v6d_nlattr_u32(const struct nlattr *a)
{
	uint32_t v = 0;

	if (a && v6d_nlattr_len(a) >= sizeof(v))
		memcpy(&v, v6d_nlattr_data(a), sizeof(v));
	return v;
}

int
v6d_nlstore_copy(struct v6d_nlstore *s, const struct nlmsghdr *h, size_t header,
    uint64_t keep, size_t *ret_at)
{
	size_t skip = NLMSG_HDRLEN + NLMSG_ALIGN(header);
	const uint8_t *p = (const uint8_t *)h + skip;
	const struct nlattr *a = NULL;
	int err;

	if (h->nlmsg_len < skip)
		return -EINVAL;
	err = v6d_nlstore_open(s, h->nlmsg_type, 0,
	    (const uint8_t *)h + NLMSG_HDRLEN, header, ret_at);
	while (err == 0 && (a = v6d_nlattr_next(p, h->nlmsg_len - skip, a))) {
		unsigned type = type_of(a);

		if (type < 64 && (keep >> type & 1))
			err = v6d_nlstore_put(s, *ret_at, a->nla_type,
			    v6d_nlattr_data(a), v6d_nlattr_len(a));
	}
	return err;
}

static ssize_t
receive(int fd, void *buf, size_t n)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int r = poll(&p, 1, ANSWER_MS);
	ssize_t got;

	if (r <= 0)
		return r == 0 ? -ETIMEDOUT : -errno;
	got = recv(fd, buf, n, 0);
	return got < 0 ? -errno : got;
}

static int
error_of(const struct nlmsghdr *h)
{
	int err;

	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(err)))
		return -EBADMSG;
	memcpy(&err, NLMSG_DATA(h), sizeof(err));
	return err;
}

static int
keep(struct v6d_nlstore *s, const struct nlmsghdr *h)
{
	size_t at = s->len;
	int err = grow(s, NLMSG_ALIGN(h->nlmsg_len));

	if (err < 0)
		return err;
	memcpy(s->buf + at, h, h->nlmsg_len);
	v6d_nlstore_at(s, at)->nlmsg_seq = 0;
	v6d_nlstore_at(s, at)->nlmsg_pid = 0;
	s->n++;
	return 0;
}

/* 1: the end of the dump. */
static int
take(struct v6d_nlstore *s, struct nlmsghdr *h, int left, bool *torn)
{
	for (; nlmsg_ok(h, left); h = nlmsg_next(h, &left)) {
		int err = 0;

		*torn |= (h->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
		if (h->nlmsg_type == NLMSG_DONE)
			return 1;
		if (h->nlmsg_type == NLMSG_ERROR)
			err = error_of(h);
		else if (h->nlmsg_type != NLMSG_NOOP)
			err = keep(s, h);
		if (err < 0)
			return err;
	}
	return 0;
}

static int
dump_once(
    int fd, const void *request, size_t len, int type, struct v6d_nlstore *s)
{
	_Alignas(16) uint8_t buf[65536];
	struct v6d_nlstore q = { 0 };
	bool torn = false;
	size_t at;
	ssize_t n;
	int err = v6d_nlstore_open(
	    &q, type, NLM_F_REQUEST | NLM_F_DUMP, request, len, &at);

	if (err == 0 && send(fd, q.buf, q.len, 0) < 0)
		err = -errno;
	v6d_nlstore_free(&q);
	while (err == 0) {
		n = receive(fd, buf, sizeof(buf));
		err = n < 0 ? (int)n
			    : take(s, (struct nlmsghdr *)(void *)buf, (int)n,
				  &torn);
	}
	if (err < 0)
		return err;
	return torn ? -EAGAIN : 0;
}

int
v6d_nlcopy_dump(
    int fd, const void *request, size_t len, int type, struct v6d_nlstore *ret)
{
	int err = -EAGAIN;

	for (int i = 0; i < TRIES && err == -EAGAIN; i++) {
		v6d_nlstore_free(ret);
		err = dump_once(fd, request, len, type, ret);
	}
	return err;
}

int
v6d_nlcopy_send(int fd, struct nlmsghdr *h, int type, int flags)
{
	_Alignas(16) uint8_t buf[4096];
	struct nlmsghdr *a = (struct nlmsghdr *)(void *)buf;
	ssize_t n;

	h->nlmsg_type = (uint16_t)type;
	h->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
	if (send(fd, h, h->nlmsg_len, 0) < 0)
		return -errno;
	n = receive(fd, buf, sizeof(buf));
	if (n < 0)
		return (int)n;
	if (!NLMSG_OK(a, (unsigned)n) || a->nlmsg_type != NLMSG_ERROR)
		return -EBADMSG;
	return error_of(a);
}
