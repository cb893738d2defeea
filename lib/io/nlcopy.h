/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nlcopy.h - netlink messages as they are: dumped in one namespace, changed
 * a little, sent in another; for mirror*.c.
 */
#ifndef V6D_IO_NLCOPY_H
#define V6D_IO_NLCOPY_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Messages one behind the other, each aligned, on the heap. */
struct v6d_nlstore {
	uint8_t *buf;
	size_t len, cap, max; /* max: bytes at most, or 0: V6D_NLSTORE_MAX */
	unsigned n;
};

#define V6D_NLSTORE_MAX (8u << 20)

/* The message at an offset; NULL at the end. */
struct nlmsghdr *v6d_nlstore_at(const struct v6d_nlstore *s, size_t at);
#define V6D_NLSTORE_EACH(s, at, h)                                \
	for ((at) = 0; ((h) = v6d_nlstore_at((s), (at))) != NULL; \
	     (at) += NLMSG_ALIGN((h)->nlmsg_len))
void v6d_nlstore_free(struct v6d_nlstore *s);
/* The last becomes the first. 0 or -ENOMEM. */
int v6d_nlstore_reverse(struct v6d_nlstore *s);

/* Appends a message of a header and no attributes. -EFBIG: the ceiling. */
int v6d_nlstore_open(struct v6d_nlstore *s, int type, int flags,
    const void *header, size_t len, size_t *ret_at);
/* Appends an attribute to the last message, which begins at `at`. */
int v6d_nlstore_put(struct v6d_nlstore *s, size_t at, uint16_t type,
    const void *data, size_t len);

/* The next attribute behind a (NULL: the first), or NULL. */
const struct nlattr *
v6d_nlattr_next(const void *payload, size_t len, const struct nlattr *a);
/* The attribute of that type in a message with such a header, or NULL. */
const struct nlattr *
v6d_nlattr_of(const struct nlmsghdr *h, size_t header, uint16_t type);
const void *v6d_nlattr_data(const struct nlattr *a);
size_t v6d_nlattr_len(const struct nlattr *a);
uint32_t v6d_nlattr_u32(const struct nlattr *a); /* 0 where absent */

/*
 * A copy of h behind what s has, with its first `header` bytes and those
 * attributes whose bit is set in `keep` (bit 0: type 0).
 */
int v6d_nlstore_copy(struct v6d_nlstore *s, const struct nlmsghdr *h,
    size_t header, uint64_t keep, size_t *ret_at);

/*
 * One dump: a request of this type with this header and attributes. What the
 * kernel sends gets sequence and port 0, so that two dumps can be compared.
 */
int v6d_nlcopy_dump(
    int fd, const void *request, size_t len, int type, struct v6d_nlstore *ret);

/* Sends one message and waits for its acknowledgment: 0 or -errno. */
int v6d_nlcopy_send(int fd, struct nlmsghdr *h, int type, int flags);

#endif
