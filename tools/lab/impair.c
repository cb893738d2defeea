/* SPDX-License-Identifier: GPL-2.0-or-later */
/* impair.c - what a bad line does to each frame. */
#include "lab/impair.h"

#include <stdlib.h>
#include <string.h>

#include "base/wire.h"

#define ETH_HEADER 14u
#define IP6_HEADER 40u
#define PROTO_ICMP6 58
#define ND_FIRST 133 /* RFC 4861 4: router solicitation ... */
#define ND_LAST 137 /* ... redirect */
/* Bytes: what is longer lies in other memory, as network cards' drivers copy
 * small frames. Only that memory is bad, so that a call still comes up. */
#define SMALL_BUFFER 256
#define HOLD V6D_MS(5) /* a reordered frame is so late */
#define TOKEN 1000000u /* parts of a bit, so that slow rates add up */

enum die {
	DIE_LOSS,
	DIE_JITTER,
	DIE_REORDER,
	DIE_DUPLICATE,
	DIE_CORRUPT,
	DIE_BIT,
};

struct key {
	const char *name;
	size_t at;
	unsigned max;
};

#define AT(field) offsetof(struct v6d_impair_conf, field)

static const struct key keys[] = {
	{ "delay", AT(delay_ms), 10000 },
	{ "jitter", AT(jitter_ms), 10000 },
	{ "loss-out", AT(loss[V6D_WAY_OUT]), 100 },
	{ "loss-in", AT(loss[V6D_WAY_IN]), 100 },
	{ "reorder", AT(reorder), 100 },
	{ "duplicate", AT(duplicate), 100 },
	{ "corrupt", AT(corrupt), 100 },
	{ "rate", AT(rate_kbit), 10000000 },
	{ "queue", AT(queue_ms), 10000 },
	{ "police", AT(police_kbit), 10000000 },
	{ "burst", AT(burst_bytes), 10000000 },
	{ "proto", AT(proto), 255 },
	{ "seed", AT(seed), 4294967295u },
};

static void
set(struct v6d_impair_conf *conf, size_t at, unsigned value)
{
	memcpy((uint8_t *)conf + at, &value, sizeof(value));
}

static const struct key *
find_key(const char *name, size_t n)
{
	for (size_t i = 0; i < V6D_ARRAY_LEN(keys); i++)
		if (strlen(keys[i].name) == n &&
		    memcmp(keys[i].name, name, n) == 0)
			return &keys[i];
	return NULL;
}

const char *
v6d_impair_read(const char *word, struct v6d_impair_conf *conf)
{
	const char *eq = strchr(word, '=');
	const struct key *k;
	unsigned long long v;
	char *end;

	if (!eq)
		return "is not KEY=VALUE";
	k = find_key(word, (size_t)(eq - word));
	if (!k)
		return "has a key that there is not";
	if (eq[1] < '0' || eq[1] > '9')
		return "has no number behind the '='";
	v = strtoull(eq + 1, &end, 10);
	if (*end)
		return "has no number behind the '='";
	if (v > k->max)
		return "has too large a number";
	set(conf, k->at, (unsigned)v);
	return NULL;
}

/* splitmix64 (Steele, Lea, Flood 2014): any seed will do. */
static uint64_t
roll(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static bool
chance(struct v6d_impair *m, enum die die, unsigned percent)
{
	return percent > 0 && roll(&m->dice[die]) % 100 < percent;
}

void
v6d_impair_init(
    struct v6d_impair *m, const struct v6d_impair_conf *conf, enum v6d_way way)
{
	*m = (struct v6d_impair){ .conf = conf, .way = way };
	for (unsigned i = 0; i < V6D_ARRAY_LEN(m->dice); i++) {
		uint64_t s =
		    ((uint64_t)conf->seed << 8) + i * 2 + (way == V6D_WAY_IN);

		m->dice[i] = roll(&s);
	}
	m->tokens = (uint64_t)conf->burst_bytes * 8 * TOKEN;
}

/* Where the IP payload starts, and its protocol. 0: this is not IP. */
static size_t
payload(const uint8_t *f, size_t n, unsigned *ret_proto)
{
	size_t ip;

	if (n < ETH_HEADER + 20)
		return 0;
	if (f[12] == 0x08 && f[13] == 0x00) {
		ip = (size_t)(f[ETH_HEADER] & 0xf) * 4;
		*ret_proto = f[ETH_HEADER + 9];
		return ip >= 20 && ETH_HEADER + ip < n ? ETH_HEADER + ip : 0;
	}
	if (f[12] == 0x86 && f[13] == 0xdd && n > ETH_HEADER + IP6_HEADER) {
		*ret_proto = f[ETH_HEADER + 6];
		return ETH_HEADER + IP6_HEADER;
	}
	return 0;
}

/* Is it a packet that routers forward, and of the protocol that is meant? */
static bool
concerns(const struct v6d_impair *m, const uint8_t *f, size_t n)
{
	unsigned proto = 0;
	size_t at = payload(f, n, &proto);

	if (at == 0)
		return false;
	if (m->conf->proto)
		return proto == m->conf->proto;
	return proto != PROTO_ICMP6 || f[12] == 0x08 || f[at] < ND_FIRST ||
	       f[at] > ND_LAST;
}

/* A token bucket: false when this frame comes too fast. */
static bool
within_police(struct v6d_impair *m, size_t n, v6d_ns now)
{
	uint64_t rate = m->conf->police_kbit, full, need;

	if (rate == 0)
		return true;
	full = (uint64_t)m->conf->burst_bytes * 8 * TOKEN;
	need = (uint64_t)n * 8 * TOKEN;
	/* kbit/s is bits times 10^6 in a nanosecond. */
	if (m->tokens_at && (now - m->tokens_at) > full / rate)
		m->tokens = full;
	else if (m->tokens_at)
		m->tokens += (now - m->tokens_at) * rate;
	if (m->tokens > full)
		m->tokens = full;
	m->tokens_at = now;
	if (m->tokens < need)
		return false;
	m->tokens -= need;
	return true;
}

/* When the line has sent it; V6D_NEVER when its queue is full. */
static v6d_ns
through_line(struct v6d_impair *m, size_t n, v6d_ns now)
{
	v6d_ns start = m->line_free > now ? m->line_free : now;

	if (m->conf->rate_kbit == 0)
		return now;
	if (start - now > V6D_MS(m->conf->queue_ms))
		return V6D_NEVER;
	m->line_free = start + (v6d_ns)n * 8 * 1000000u / m->conf->rate_kbit;
	return m->line_free;
}

static v6d_ns
delay(struct v6d_impair *m)
{
	v6d_ns d = V6D_MS(m->conf->delay_ms) / 2;

	if (m->conf->jitter_ms)
		d += roll(&m->dice[DIE_JITTER]) % V6D_MS(m->conf->jitter_ms);
	return d;
}

struct v6d_fate
v6d_impair_frame(
    struct v6d_impair *m, const uint8_t *frame, size_t n, v6d_ns now)
{
	const struct v6d_impair_conf *c = m->conf;
	struct v6d_fate f = { .copies = 1, .at = now };

	if (!concerns(m, frame, n))
		return f;
	if (!within_police(m, n, now) || chance(m, DIE_LOSS, c->loss[m->way]))
		return (struct v6d_fate){ 0 };
	f.at = through_line(m, n, now);
	if (f.at == V6D_NEVER)
		return (struct v6d_fate){ 0 };
	f.at += delay(m);
	if (chance(m, DIE_REORDER, c->reorder)) {
		f.at += HOLD;
	} else {
		if (f.at < m->last)
			f.at = m->last;
		m->last = f.at;
	}
	f.copies += chance(m, DIE_DUPLICATE, c->duplicate);
	f.flips = n > SMALL_BUFFER && chance(m, DIE_CORRUPT, c->corrupt);
	if (f.flips)
		f.flip_bit = (size_t)(roll(&m->dice[DIE_BIT]) >> 1);
	return f;
}

void
v6d_impair_flip(const struct v6d_fate *f, uint8_t *frame, size_t n)
{
	unsigned proto;
	size_t at = payload(frame, n, &proto), bit;

	if (!f->flips || at == 0)
		return;
	bit = f->flip_bit % ((n - at) * 8);
	frame[at + bit / 8] ^= (uint8_t)(1u << bit % 8);
}
