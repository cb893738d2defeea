/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view.c - looking into a view's tables. */
#include "flow/view.h"

const struct v6d_view_msg *
v6d_view_msg(const struct v6d_view_control *c, enum v6d_dir dir, unsigned type)
{
	static const struct v6d_view_msg none = { .first = V6D_NEVER,
		.last = V6D_NEVER };
	unsigned i = type < V6D_VIEW_MSGS ? c->msg[dir][type] : 0;

	return i > 0 ? &c->msgs[i - 1] : &none;
}

const struct v6d_view_neg *
v6d_view_neg(
    const struct v6d_view_ppp *p, enum v6d_view_proto proto, enum v6d_dir dir)
{
	static const struct v6d_view_neg none = { .first_req = V6D_NEVER,
		.last_req = V6D_NEVER,
		.acked = V6D_NEVER,
		.term_req = V6D_NEVER };

	return p->neg[proto] ? &p->neg[proto][dir] : &none;
}

unsigned
v6d_view_size_at(const struct v6d_view_gre *g, unsigned len)
{
	unsigned low = 0, high = g->n_sizes;

	while (low < high) {
		unsigned mid = (low + high) / 2;

		if (g->sizes[mid].len < len)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct v6d_view_size *
v6d_view_size(const struct v6d_view_gre *g, unsigned len)
{
	static const struct v6d_view_size none = { 0 };
	unsigned i = v6d_view_size_at(g, len);

	return i < g->n_sizes && g->sizes[i].len == len ? &g->sizes[i] : &none;
}

const struct v6d_view_odd *
v6d_view_odd(const struct v6d_view_gre *g)
{
	static const struct v6d_view_odd none = { 0 };

	return g->odd ? g->odd : &none;
}

const struct v6d_view_waits *
v6d_view_waits(const struct v6d_view_load *l)
{
	static const struct v6d_view_waits none = { 0 };

	return l->rows ? &l->rows->longest : &none;
}

uint32_t
v6d_view_hole(const struct v6d_view_tcp_dir *d)
{
	int32_t open = (int32_t)(d->next - d->cont);

	return open > 0 ? (uint32_t)open : 0;
}

uint32_t
v6d_view_waiting(const struct v6d_view_tcp_dir *d)
{
	int32_t open = (int32_t)(d->next - d->acked);

	return d->has_acked && open > 0 ? (uint32_t)open : 0;
}

const struct v6d_view_busy_loss *
v6d_view_loss(const struct v6d_view_load *l, unsigned i)
{
	static const struct v6d_view_busy_loss none = { 0 };

	return l->loss ? &l->loss[i] : &none;
}

const struct v6d_view_outside *
v6d_view_outside(const struct v6d_view *v)
{
	static const struct v6d_view_outside none = { .up_at = V6D_NEVER,
		.first_lost = V6D_NEVER };

	return v->outside ? v->outside : &none;
}
