/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trail.c - two places of one path compared. A packet keeps its numbers and
 * its first bytes through every NAT and router (RFC 2637 4.1, RFC 9293 3.1);
 * addresses, ports, call ids and checksums it does not.
 */
#include "flow/trail.h"

#include "flow/demux.h"

#define PRINT_BYTES 16 /* of a frame, where the capture kept so many */
/* How far a clock is trusted where packets of one way only were seen. */
#define ONE_WAY_DOUBT V6D_MS(500)

/* ---- a packet's print ---- */

/* splitmix64's finalizer: every bit of what went in moves half of them. */
static uint64_t
mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) + 0x9e3779b97f4a7c15u;
	h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
	h = (h ^ h >> 27) * 0x94d049bb133111ebu;
	return h ^ h >> 31;
}

static void
pass(struct v6d_flow *f, const struct v6d_tunnel *t, struct v6d_pass *p)
{
	p->tunnel = t->number;
	f->watch(f->watch_arg, p);
}

void
v6d_trail_gre(struct v6d_flow *f, const struct v6d_tunnel *t, enum v6d_dir dir,
    const struct v6d_gre *g, const struct v6d_wire *payload, size_t outer,
    bool stranger, v6d_ns at)
{
	struct v6d_pass p = { .at = at,
		.outer = v6d_len16(outer),
		.kind = V6D_PASS_GRE,
		.dir = (uint8_t)dir,
		.stranger = stranger };
	size_t n = v6d_wire_left(payload);

	if (!f->watch)
		return;
	p.rich = g->has_seq && n >= PRINT_BYTES;
	p.print = mix(V6D_PASS_GRE, (uint64_t)g->payload_len << 2 |
					(uint64_t)g->has_seq << 1 | g->has_ack);
	p.print = mix(p.print, (uint64_t)(g->has_seq ? g->seq : 0) << 32 |
				   (g->has_ack ? g->ack : 0));
	for (size_t i = 0; i < n && i < PRINT_BYTES; i++)
		p.print = mix(p.print, payload->p[i]);
	pass(f, t, &p);
}

void
v6d_trail_segment(struct v6d_flow *f, const struct v6d_tunnel *t,
    enum v6d_dir dir, const struct v6d_tcp *tcp, size_t len, size_t outer,
    v6d_ns at)
{
	unsigned marks = tcp->flags & (V6D_TCP_SYN | V6D_TCP_FIN | V6D_TCP_RST);
	struct v6d_pass p = { .at = at,
		.outer = v6d_len16(outer),
		.kind = V6D_PASS_CONTROL,
		.rich = true,
		.dir = (uint8_t)dir };

	/* Many pure acks look alike. */
	if (!f->watch || (len == 0 && marks == 0))
		return;
	p.print = mix(mix(V6D_PASS_CONTROL, (uint64_t)len << 8 | marks),
	    (uint64_t)tcp->seq << 32 | (marks & V6D_TCP_SYN ? 0 : tcp->ack));
	pass(f, t, &p);
}

void
v6d_flow_watch(struct v6d_flow *f,
    void (*each)(void *arg, const struct v6d_pass *p), void *arg)
{
	f->watch = each;
	f->watch_arg = arg;
}

/* ---- order ---- */

static bool
before(const struct v6d_pass *a, const struct v6d_pass *b)
{
	return a->print != b->print ? a->print < b->print : a->at < b->at;
}

static void
sift(struct v6d_pass *p, size_t i, size_t n)
{
	struct v6d_pass moved = p[i];

	for (size_t child = 2 * i + 1; child < n; child = 2 * i + 1) {
		if (child + 1 < n && before(&p[child], &p[child + 1]))
			child++;
		if (!before(&moved, &p[child]))
			break;
		p[i] = p[child];
		i = child;
	}
	p[i] = moved;
}

/* A heap's: no memory, and never more than n log n steps. */
void
v6d_trail_sort(struct v6d_trail *t)
{
	for (size_t i = t->n / 2; i > 0; i--)
		sift(t->p, i - 1, t->n);
	for (size_t n = t->n; n > 1; n--) {
		struct v6d_pass last = t->p[n - 1];

		t->p[n - 1] = t->p[0];
		t->p[0] = last;
		sift(t->p, 0, n - 1);
	}
}

/* ---- what two have in common ---- */

/* One past the passes from i on that have its print. */
static size_t
run_end(const struct v6d_trail *t, size_t i)
{
	size_t end = i;

	while (end < t->n && t->p[end].print == t->p[i].print)
		end++;
	return end;
}

/* The next print that both have: from *i and *j on. False: there is none. */
static bool
meet(const struct v6d_trail *a, const struct v6d_trail *b, size_t *i, size_t *j)
{
	while (*i < a->n && *j < b->n) {
		if (a->p[*i].print == b->p[*j].print)
			return true;
		if (a->p[*i].print < b->p[*j].print)
			++*i;
		else
			++*j;
	}
	return false;
}

/* Rich frames of GRE of a way, each print once. */
static unsigned
count_rich(const struct v6d_trail *t, unsigned dir)
{
	unsigned n = 0;

	for (size_t i = 0; i < t->n; i = run_end(t, i))
		n += t->p[i].rich && t->p[i].kind == V6D_PASS_GRE &&
		     t->p[i].dir == dir;
	return n;
}

#define FEW 3 /* frames, fewer of which may be alike by chance */

bool
v6d_trail_related(const struct v6d_trail *a, const struct v6d_trail *b)
{
	unsigned common[V6D_N_DIRS] = { 0 };
	size_t i = 0, j = 0;

	for (; meet(a, b, &i, &j); i = run_end(a, i), j = run_end(b, j)) {
		if (a->p[i].kind == V6D_PASS_CONTROL)
			return true;
		common[a->p[i].dir] += a->p[i].rich;
	}
	for (unsigned d = 0; d < V6D_N_DIRS; d++) {
		/* who is the client may have been guessed otherwise there */
		unsigned in_b = count_rich(b, d), turned = count_rich(b, !d);
		unsigned least = in_b < turned ? in_b : turned;
		unsigned in_a = count_rich(a, d);

		least = least > 0 && least < in_a ? least : in_a;
		if (common[d] >= FEW && common[d] >= least / 2)
			return true;
	}
	return false;
}

/* The first of a run that is of this tunnel; `end` where none is. */
static size_t
of_tunnel(const struct v6d_trail *t, size_t i, size_t end, uint32_t tunnel)
{
	while (i < end && t->p[i].tunnel != tunnel)
		i++;
	return i;
}

/* By majority vote (Boyer and Moore), of packets of that kind. */
static long
vote(const struct v6d_trail *a, uint32_t tunnel, const struct v6d_trail *b,
    enum v6d_pass_kind kind)
{
	size_t i = 0, j = 0;
	long twin = -1;
	unsigned votes = 0;

	for (; meet(a, b, &i, &j); i = run_end(a, i), j = run_end(b, j)) {
		size_t end = run_end(b, j);

		if (a->p[i].kind != kind || !a->p[i].rich ||
		    of_tunnel(a, i, run_end(a, i), tunnel) == run_end(a, i))
			continue;
		for (size_t k = j; k < end; k++) {
			if (votes == 0)
				twin = (long)b->p[k].tunnel;
			if (twin == (long)b->p[k].tunnel)
				votes++;
			else
				votes--;
		}
	}
	return twin;
}

long
v6d_trail_twin(
    const struct v6d_trail *a, uint32_t tunnel, const struct v6d_trail *b)
{
	long twin = vote(a, tunnel, b, V6D_PASS_CONTROL);

	return twin >= 0 ? twin : vote(a, tunnel, b, V6D_PASS_GRE);
}

/* Of what both have: more goes the same way than the other. */
static bool
same_ways(const struct v6d_trail *a, uint32_t tunnel_a,
    const struct v6d_trail *b, uint32_t tunnel_b)
{
	unsigned same = 0, other = 0;
	size_t i = 0, j = 0;

	for (; meet(a, b, &i, &j); i = run_end(a, i), j = run_end(b, j)) {
		if (a->p[i].tunnel != tunnel_a || b->p[j].tunnel != tunnel_b)
			continue;
		if (a->p[i].dir == b->p[j].dir)
			same++;
		else
			other++;
	}
	return same >= other;
}

void
v6d_trail_align(const struct v6d_trail *a, uint32_t tunnel_a,
    struct v6d_trail *b, uint32_t tunnel_b)
{
	if (same_ways(a, tunnel_a, b, tunnel_b))
		return;
	for (size_t i = 0; i < b->n; i++)
		if (b->p[i].tunnel == tunnel_b)
			b->p[i].dir ^= 1;
}

/* ---- the comparison ---- */

/* A tunnel of a trail. */
struct side {
	struct v6d_trail *t;
	uint32_t tunnel;
};

struct clocks {
	bool seen[V6D_N_DIRS];
	int64_t min, max; /* far less near: of in at most, of out at least */
	int64_t ahead, doubt; /* the difference, give or take */
	int64_t slowest; /* the longest any packet took, after that */
};

static int64_t
difference(const struct v6d_pass *near_, const struct v6d_pass *far_)
{
	return (int64_t)(far_->at - near_->at);
}

static void
note_clock(struct clocks *c, const struct v6d_pass *n, const struct v6d_pass *f)
{
	int64_t d = difference(n, f);
	bool first = !c->seen[n->dir];

	c->seen[n->dir] = true;
	if (n->dir == V6D_DIR_OUT && (first || d < c->max))
		c->max = d;
	else if (n->dir == V6D_DIR_IN && (first || d > c->min))
		c->min = d;
}

/* Marks the passes of one print that were seen at both, in order of time. */
static unsigned
match_run(struct side *a, size_t i, struct side *b, size_t j, struct clocks *c)
{
	size_t end_i = run_end(a->t, i), end_j = run_end(b->t, j);
	unsigned n = 0;
	struct v6d_pass *first_a = NULL, *first_b = NULL;

	i = of_tunnel(a->t, i, end_i, a->tunnel);
	j = of_tunnel(b->t, j, end_j, b->tunnel);
	while (i < end_i && j < end_j) {
		first_a = first_a ? first_a : &a->t->p[i];
		first_b = first_b ? first_b : &b->t->p[j];
		a->t->p[i].matched = b->t->p[j].matched = true;
		n++;
		i = of_tunnel(a->t, i + 1, end_i, a->tunnel);
		j = of_tunnel(b->t, j + 1, end_j, b->tunnel);
	}
	/* of copies it is open which is which */
	if (n == 1 && i == end_i && j == end_j && first_a->dir == first_b->dir)
		note_clock(c, first_a, first_b);
	return n;
}

static unsigned
match(struct side *near_, struct side *far_, struct clocks *c)
{
	unsigned n = 0;
	size_t i = 0, j = 0;

	while (meet(near_->t, far_->t, &i, &j)) {
		n += match_run(near_, i, far_, j, c);
		i = run_end(near_->t, i);
		j = run_end(far_->t, j);
	}
	return n;
}

static void
settle_clocks(struct clocks *c)
{
	bool out = c->seen[V6D_DIR_OUT], in = c->seen[V6D_DIR_IN];

	if (out && in) {
		c->ahead = c->min + (c->max - c->min) / 2;
		c->doubt =
		    (c->max > c->min ? c->max - c->min : c->min - c->max) / 2;
	} else {
		c->ahead = out ? c->max : in ? c->min : 0;
		c->doubt = (int64_t)ONE_WAY_DOUBT;
	}
}

/* The longest that a packet was under way, of those seen at both. */
static void
find_slowest(
    const struct side *near_, const struct side *far_, struct clocks *c)
{
	size_t i = 0, j = 0;

	for (; meet(near_->t, far_->t, &i, &j);
	     i = run_end(near_->t, i), j = run_end(far_->t, j)) {
		const struct v6d_pass *n = &near_->t->p[i];
		const struct v6d_pass *f = &far_->t->p[j];
		int64_t d = difference(n, f) - c->ahead;

		if (n->tunnel != near_->tunnel || !n->matched || !f->matched)
			continue;
		d = n->dir == V6D_DIR_OUT ? d : -d;
		if (d > c->slowest)
			c->slowest = d;
	}
}

/* The other place looked when this packet should have come by. */
static bool
looked(const struct v6d_pass *p, const struct v6d_trail *other, int64_t ahead,
    const struct clocks *c)
{
	int64_t at = (int64_t)p->at + ahead;

	return at >= (int64_t)other->first + c->doubt &&
	       at + c->slowest + c->doubt <= (int64_t)other->last;
}

static void
note_sent(struct v6d_crossing *w, const struct v6d_pass *p)
{
	if (w->sent == 0 || p->at < w->first_sent)
		w->first_sent = p->at;
	if (w->sent == 0 || p->at > w->last_sent)
		w->last_sent = p->at;
	w->sent++;
}

static void
note_lost(struct v6d_crossing *w, const struct v6d_pass *p)
{
	if (w->lost == 0 || p->at < w->first_lost)
		w->first_lost = p->at;
	if (w->lost == 0 || p->at > w->last_lost)
		w->last_lost = p->at;
	if (w->lost == 0 || p->outer < w->smallest_lost)
		w->smallest_lost = p->outer;
	if (p->outer > w->largest_lost)
		w->largest_lost = p->outer;
	w->lost++;
}

/* What a side has. from: the way on which it is the sender's. */
static void
count(const struct side *s, enum v6d_dir from, const struct v6d_trail *other,
    int64_t ahead, const struct clocks *c, struct v6d_between *b)
{
	for (size_t i = 0; i < s->t->n; i++) {
		const struct v6d_pass *p = &s->t->p[i];
		struct v6d_crossing *w = &b->way[p->kind][p->dir];
		bool sender = p->dir == from;

		if (p->tunnel != s->tunnel)
			continue;
		if (!sender) {
			w->stranger += p->matched && p->stranger;
			w->stray += !p->matched && looked(p, other, ahead, c);
			continue;
		}
		if (!p->matched && !looked(p, other, ahead, c))
			continue;
		note_sent(w, p);
		if (!p->matched)
			note_lost(w, p);
		else if (p->outer > w->largest_passed)
			w->largest_passed = p->outer;
	}
}

void
v6d_trail_compare(struct v6d_trail *near_, uint32_t near_tunnel,
    struct v6d_trail *far_, uint32_t far_tunnel, struct v6d_between *ret_b)
{
	struct side n = { near_, near_tunnel }, f = { far_, far_tunnel };
	struct clocks c = { 0 };

	memset(ret_b, 0, sizeof(*ret_b));
	ret_b->n_both = match(&n, &f, &c);
	settle_clocks(&c);
	find_slowest(&n, &f, &c);
	ret_b->clock_known = c.seen[V6D_DIR_OUT] && c.seen[V6D_DIR_IN];
	ret_b->drifts = ret_b->clock_known && c.min > c.max;
	ret_b->ahead_min = c.min < c.max ? c.min : c.max;
	ret_b->ahead_max = c.min < c.max ? c.max : c.min;
	count(&n, V6D_DIR_OUT, far_, c.ahead, &c, ret_b);
	count(&f, V6D_DIR_IN, near_, -c.ahead, &c, ret_b);
}
