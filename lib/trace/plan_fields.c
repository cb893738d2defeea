/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_fields.c - every field of a run's plan (probe/probe.h). */
#include "probe/probe.h"
#include "trace/macros.h"
#include "trace/tables.h"

#define T struct v6d_plan
static const struct v6d_field plan[] = {
	TEXT(server_name, NAME),
	ADDR(server),
	BOOL(in_place),
	BOOL(watched),
	BOOL(lent),
	TEXT(interface, NOTHING),
	UINT(mtu),
	UINT(mru),
	ADDRS(targets, n_targets),
	ADDR(v4_target),
	TEXT(page, PATH),
	TEXT(name, NAME),
	ADDR(literal),
	ADDRS(resolvers, n_resolvers),
	BOOL(libc),
	TEXT(napt_name, NAME),
	ADDR(napt_target),
	UINT(napt_port),
	UINT(max_sessions),
	ADDR(gateway),
	BOOL(have_raw),
	BOOL(have_tun),
	INT(raw_err),
	INT(tun_err),
	TIME(deadline),
	TIME(idle),
};
const struct v6d_fields v6d_fields_plan = TABLE(plan);
#undef T
