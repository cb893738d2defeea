/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunport.c - IPv6 packets out of and into a TUN device. */
#include "io/tunport.h"

#include <sys/uio.h>
#include <unistd.h>

#define SKIP_MAX 16 /* packets without sense in a row */

void
v6d_tunport_open(struct v6d_tunport *t, int fd, bool offload)
{
	t->fd = fd;
	t->offload = offload;
	v6d_coalesce_init(&t->batch);
}

void
v6d_tunport_close(struct v6d_tunport *t)
{
	if (t->fd < 0)
		return;
	v6d_tunport_flush(t);
	close(t->fd);
	t->fd = -1;
}

static bool
start(struct v6d_tunport *t, const uint8_t *buf, size_t n,
    struct v6d_segment *ret)
{
	struct v6d_wire w = v6d_wire_from(buf, n, n);
	struct v6d_vnet how = { 0 };

	if (t->offload && v6d_vnet_decode(&w, &how) != V6D_WIRE_OK)
		return false;
	return v6d_segment_start(ret, &how, w.p, v6d_wire_left(&w));
}

int
v6d_tunport_read(struct v6d_tunport *t, uint8_t *buf, struct v6d_segment *ret)
{
	for (int i = 0; i < SKIP_MAX; i++) {
		ssize_t n = read(t->fd, buf, V6D_TUNPORT_READ);

		if (n <= 0)
			return 0;
		if (start(t, buf, (size_t)n, ret))
			return 1;
		t->dropped++; /* IPv4, for one */
	}
	return 0;
}

/* The header, where there is one, and the pieces behind it. */
static bool
write_out(struct v6d_tunport *t, const struct v6d_joined *j)
{
	struct iovec iov[1 + V6D_ARRAY_LEN(j->piece)];
	uint8_t head[V6D_VNET_HEADER];
	struct v6d_out o = v6d_out_to(head, sizeof(head));
	size_t len = 0;
	int n = 0;

	if (t->offload) {
		v6d_vnet_encode(&o, &j->how);
		iov[n++] = (struct iovec){ head, o.len };
		len = o.len;
	}
	for (unsigned i = 0; i < j->n_pieces; i++) {
		iov[n].iov_base = (void *)(uintptr_t)j->piece[i].p;
		iov[n++].iov_len = j->piece[i].len;
		len += j->piece[i].len;
	}
	if (t->fd < 0 || writev(t->fd, iov, n) != (ssize_t)len) {
		t->dropped += j->n;
		return false;
	}
	t->written_n += j->n;
	return true;
}

void
v6d_tunport_flush(struct v6d_tunport *t)
{
	struct v6d_joined j;
	unsigned n = t->batch.n_groups;

	if (t->flushing) /* from within written() */
		return;
	t->flushing = true;
	for (unsigned i = 0; i < n; i++) {
		v6d_coalesce_get(&t->batch, i, &j);
		if (write_out(t, &j) && j.n == 1 && t->written)
			t->written(t->arg, j.piece[0].p, j.piece[0].len);
	}
	v6d_coalesce_init(&t->batch);
	t->flushing = false;
}

void
v6d_tunport_write(struct v6d_tunport *t, const uint8_t *p, size_t n)
{
	struct v6d_joined j = { .n = 1, .n_pieces = 1 };

	v6d_tunport_flush(t);
	j.piece[0].p = p;
	j.piece[0].len = n;
	if (write_out(t, &j) && t->written)
		t->written(t->arg, p, n);
}

void
v6d_tunport_add(struct v6d_tunport *t, uint8_t *p, size_t n)
{
	if (!t->offload) {
		v6d_tunport_write(t, p, n);
		return;
	}
	if (v6d_coalesce_add(&t->batch, p, n))
		return;
	v6d_tunport_flush(t);
	v6d_coalesce_add(&t->batch, p, n);
}
