/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * router_log.c - routers and kernels that complain of a full session table:
 * "nat session is full" (SEIL), "nf_conntrack: table full, dropping packet"
 * (Linux) and what others write for it.
 */
#include "paste/impl.h"

#include <string.h>

/* One word of each list must stand in the line. */
static const char *const tables[] = { "nat session", "conntrack", "napt",
	"nat table", "nat:", "[nat", "session table", "sessions", "masquerade",
	"セッション", "変換テーブル", "NATテーブル" };
static const char *const full[] = { "is full", "table full", "full,", "exhaust",
	"exceed", "overflow", "limit reached", "no free", "too many", "一杯",
	"いっぱい", "上限", "枯渇", "使い切", "不足" };

/* A line of a log, not somebody's sentence about one. */
static bool
like_log(const struct v6d_tok *t)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	int64_t v;

	for (size_t i = 0; i < 12; i++)
		if (v6d_tok_is(t, 0, months[i]))
			return true;
	if (t->t[0][0] == '[' || t->t[0][0] == '<')
		return true;
	/* 2011/06/13, 2011-06-13T..., 12:34:56 */
	return v6d_lead(t->t[0], &v) &&
	       (strchr(t->t[0], '/') || strchr(t->t[0], '-') ||
		   strchr(t->t[0], ':'));
}

static bool
any(const char *line, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v6d_has_word(line, words[i]))
			return true;
	return false;
}

int
v6d_take_router_log(struct v6d_paste *p, const struct v6d_tok *t)
{
	bool plain = v6d_has(t->line, "nat session is full") ||
		     v6d_has(t->line, "table full, dropping packet");

	if (!plain &&
	    !(like_log(t) &&
		any(t->line, tables, sizeof(tables) / sizeof(tables[0])) &&
		any(t->line, full, sizeof(full) / sizeof(full[0]))))
		return 0;
	v6d_say_fact(p, t->at, V6D_FACT_NAPT_SESSIONS, V6D_BAD, "full",
	    V6D_NO_VALUE, NULL);
	return (int)t->n;
}
