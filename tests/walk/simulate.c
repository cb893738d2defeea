/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * simulate.c - walks over every fixture whose truth is known, with a person
 * who answers as somebody would before that fault. Reads the lines of
 * cases.py on standard input; writes one line a walk:
 * MODE, FILE, TRUTH, END, QUESTIONS, first CAUSE, right|alike|open|WRONG, the
 * steps.
 * Modes: report (begins with the fixture), checks (begins with nothing; the
 * program's checks see what the fixture holds), helper (the person can send
 * the fixture when asked), pastes (what commands print is pasted when asked
 * for, pasted.c), questions (nothing but answers), patient (the same, and the
 * person agrees to go on where it would end undecided). With an argument N one
 * answer of ten is "don't know", in N walks each, seeded; 0: none is. A second
 * argument names the only mode.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "judge.h"
#include "pasted.h"
#include "read_text.h"
#include "walk/walk.h"

struct person {
	const char *truth, *place, *fault;
	struct v6d_symptoms sees; /* all that the fixture holds */
	unsigned seed; /* 0: knows everything */
};

static bool
is(const struct person *p, enum v6d_symptom sym, const char *words)
{
	const char *word = v6d_symptom_word(sym, p->sees.v[sym]);
	size_t n = strlen(word);

	for (const char *w = words; *w;) {
		size_t k = strcspn(w, " ");

		if (k == n && memcmp(w, word, n) == 0)
			return true;
		w += k;
		w += *w == ' ';
	}
	return false;
}

static bool
bad(const struct person *p, enum v6d_symptom sym)
{
	return p->sees.v[sym] > 0;
}

static bool
truth(const struct person *p, const char *words)
{
	size_t n = strlen(p->truth);

	for (const char *w = words; *w;) {
		size_t k = strcspn(w, " ");

		if (k == n && memcmp(w, p->truth, n) == 0)
			return true;
		w += k;
		w += *w == ' ';
	}
	return false;
}

static bool
lies(const struct person *p, const char *places)
{
	return strstr(places, p->place) != NULL;
}

/* ---- what somebody before this fault would answer ---- */

static bool
comes_up(const struct person *p)
{
	return is(p, V6D_SYM_PPP_IPV6CP, "ok") ||
	       is(p, V6D_SYM_ADDR_GLOBAL, "ok");
}

/* Nobody complains of it. */
static bool
unfelt(const struct person *p)
{
	return truth(p, "healthy gateway-exposed icmpv6-over-filtered ra-mtu "
			"call-id-collision addr-deprecated");
}

static char
complaint(const struct person *p)
{
	if (truth(p, "gre-idle-timeout ra-solicited-only "
		     "control-lost-after-sli"))
		return '5';
	if (truth(p, "gre-loss policer gre-corruption dns-aaaa-slow "
		     "dns-one-answer-per-port server-slow"))
		return '6';
	if (truth(p, "ipcp-required"))
		return '1';
	if (bad(p, V6D_SYM_V6_PUT) && is(p, V6D_SYM_V6_GET, "ok"))
		return '4';
	if (truth(p, "outer-mtu gre-size-limit path-mtu-blackhole-in "
		     "path-mtu-blackhole-out gre-fragments"))
		return '3';
	if (truth(p, "libc-resolver"))
		return '7';
	if (!comes_up(p) && !is(p, V6D_SYM_V6_SMALL, "ok"))
		return '1';
	if (truth(p, "napt-exhausted napt-limit-low napt-ports-per-target "
		     "conntrack-full"))
		return '8';
	if (is(p, V6D_SYM_V6_SMALL, "ok") &&
	    (bad(p, V6D_SYM_V6_GET) || bad(p, V6D_SYM_V6_PUT)))
		return '3';
	if (bad(p, V6D_SYM_DNS_A) || bad(p, V6D_SYM_DNS_AAAA) ||
	    bad(p, V6D_SYM_DNS_NAME) || bad(p, V6D_SYM_V6_SITE))
		return '7';
	if (unfelt(p))
		return V6D_WALK_DONT_KNOW;
	return is(p, V6D_SYM_V6_GET, "ok") ? '6' : '2';
}

static char
message(const struct person *p)
{
	if (bad(p, V6D_SYM_SERVER_NAME))
		return '3';
	if (is(p, V6D_SYM_CONTROL_TCP, "refused"))
		return '2';
	if (bad(p, V6D_SYM_CONTROL_TCP))
		return '1';
	if (is(p, V6D_SYM_PPP_AUTH, "rejected"))
		return '5';
	if (bad(p, V6D_SYM_PPP_AUTH) || bad(p, V6D_SYM_PPP_CCP))
		return '6';
	if (bad(p, V6D_SYM_PPP_IPV6CP))
		return '7';
	if (is(p, V6D_SYM_CONTROL_START, "closed reset refused not-pptp") ||
	    is(p, V6D_SYM_CONTROL_CALL, "closed reset refused") ||
	    is(p, V6D_SYM_CONTROL_HANGUP, "at-once"))
		return '8';
	return '4';
}

/* The number that a dial-up program shows with a message; NULL: words only. */
static const char *
number_of(char key)
{
	static const struct {
		char key;
		const char *number;
	} shown[] = { { '1', "800" }, { '3', "868" }, { '4', "619" },
		{ '5', "691" }, { '6', "742" }, { '7', "720" },
		{ '8', "807" } };

	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (shown[i].key == key)
			return shown[i].number;
	return NULL;
}

/* The limit of the tunnel is below what IPv6 needs. */
static bool
very_small(const struct person *p)
{
	const char *n;

	if (!truth(p, "gre-size-limit outer-mtu"))
		return false;
	n = strstr(p->fault, truth(p, "outer-mtu") ? "mtu=" : "gre-size");
	n = n ? strpbrk(n, "0123456789") : NULL;
	return n && strtol(n, NULL, 10) < 1320;
}

/* The packet size 1280 helps, unless the limit is below even that. */
static char
mtu_1280(const struct person *p)
{
	if (very_small(p))
		return 'n';
	if (truth(p, "gre-size-limit outer-mtu"))
		return 'y';
	return truth(p, "gre-fragments path-mtu-blackhole-in "
			"path-mtu-blackhole-out ptb-filtered-local "
			"tunnel-mtu-too-big")
		   ? 'y'
		   : 'n';
}

static char
ping_sizes(const struct person *p)
{
	if (very_small(p))
		return '3';
	if (truth(p, "gre-size-limit outer-mtu gre-fragments "
		     "path-mtu-blackhole-in path-mtu-blackhole-out "
		     "ptb-filtered-local"))
		return '2';
	return bad(p, V6D_SYM_V6_SMALL) || bad(p, V6D_SYM_ADDR_GLOBAL) ? '4'
								       : '1';
}

/* What its own command shows of it. */
static char
tunnel_address(const struct person *p)
{
	char text[8192];
	struct v6d_text t = v6d_text_to(text, sizeof(text));

	v6d_pasted(p->truth, &p->sees, V6D_STEP_ADDRESSES, &t);
	if (strstr(text, "2001:a000:"))
		return '4';
	if (strstr(text, "2001:db8:"))
		return '1';
	return strstr(text, "inet6 fe80:") ? '2' : '3';
}

static char
default_route(const struct person *p)
{
	char text[8192];
	struct v6d_text t = v6d_text_to(text, sizeof(text));

	v6d_pasted(p->truth, &p->sees, V6D_STEP_ROUTES, &t);
	if (strstr(text, "unreachable default"))
		return '4';
	if (strstr(text, "default via fe80::2 dev eth0"))
		return '2';
	return strstr(text, "default via fe80::1 dev ppp0") ? '1' : '3';
}

static char
load_or_send(const struct person *p)
{
	bool get = bad(p, V6D_SYM_V6_GET), put = bad(p, V6D_SYM_V6_PUT);

	if (get && put)
		return '3';
	if (get || put)
		return get ? '1' : '2';
	return V6D_WALK_DONT_KNOW;
}

static char
other_resolver(const struct person *p)
{
	if (is(p, V6D_SYM_DNS_AAAA, "timeout"))
		return '1';
	if (truth(p, "dns-aaaa-missing"))
		return '4';
	if (is(p, V6D_SYM_DNS_AAAA, "wrong"))
		return '3';
	return bad(p, V6D_SYM_DNS_AAAA) && !is(p, V6D_SYM_DNS_AAAA, "slow")
		   ? '2'
		   : '5';
}

static char
yes(bool b)
{
	return b ? 'y' : 'n';
}

static char
knows(const struct person *p, enum v6d_walk_step step)
{
	switch (step) {
	case V6D_STEP_COMPLAINT:
		return complaint(p);
	case V6D_STEP_ORDINARY:
		return yes(!bad(p, V6D_SYM_V4_CONTROL) &&
			   !truth(p, "lan-down napt-exhausted"));
	case V6D_STEP_MESSAGE:
		return message(p);
	case V6D_STEP_OTHER_SESSION:
		return yes(truth(p, "napt-one-session call-id-collision"));
	case V6D_STEP_TWO_ROUTERS:
		return strstr(p->fault, "no-nat") || strstr(p->fault, "one-nat")
			   ? '1'
			   : '2';
	case V6D_STEP_WHEN_IDLE:
		return yes(truth(p, "gre-idle-timeout"));
	case V6D_STEP_OTHER_SITE:
		return yes(truth(p, "far-end dns-aaaa-missing dns-aaaa-wrong "
				    "dns-aaaa-slow dns-one-answer-per-port") ||
			   (is(p, V6D_SYM_V6_GET, "ok") &&
			       strncmp(p->truth, "dns-", 4) != 0));
	case V6D_STEP_BY_ADDRESS:
		/* it is another site's */
		return yes(strncmp(p->truth, "dns-", 4) == 0 ||
			   truth(p, "far-end libc-resolver") ||
			   is(p, V6D_SYM_V6_GET, "ok"));
	case V6D_STEP_SLOW_HOW:
		if (truth(p, "dns-aaaa-slow dns-one-answer-per-port "
			     "dns-truncation"))
			return '1';
		if (truth(p, "policer"))
			return '2';
		return truth(p, "gre-loss gre-corruption ra-several-routers")
			   ? '3'
			   : '4';
	case V6D_STEP_SINGLE_REQUEST:
		return yes(truth(p, "dns-one-answer-per-port"));
	case V6D_STEP_LOAD_OR_SEND:
		return load_or_send(p);
	case V6D_STEP_SERVER_PING:
		return yes(!bad(p, V6D_SYM_SERVER_ALIVE) &&
			   !truth(p, "server-unreachable lan-down"));
	case V6D_STEP_NEWS:
		return yes(lies(p, "server beyond") &&
			   !truth(p, "auth-rejected auth-method"));
	case V6D_STEP_FRAGMENT_PING:
		return yes(!truth(p, "gre-fragments"));
	case V6D_STEP_UNCUT_PING:
		return truth(p, "outer-mtu") ? '2' : '1';
	case V6D_STEP_MTU_1280:
		return mtu_1280(p);
	case V6D_STEP_DIRECT_CABLE:
	case V6D_STEP_ONE_ROUTER_LESS:
		/* the first router is the one at the wall */
		return yes(strstr(p->fault, "nat1") != NULL);
	case V6D_STEP_OTHER_LINE:
		return yes(lies(p, "router line"));
	case V6D_STEP_OTHER_COMPUTER:
		return yes(lies(p, "host"));
	case V6D_STEP_PASSTHROUGH:
		return truth(p, "napt-no-helper") ? '1' : '2';
	case V6D_STEP_INSPECTION:
		return yes(
		    truth(p, "control-reset-inspection") && lies(p, "router"));
	case V6D_STEP_FIREWALL_OFF:
		return yes(truth(p, "gre-blocked-local ipv6-filtered-local "
				    "ra-filtered-local ptb-filtered-local "
				    "icmpv6-over-filtered"));
	case V6D_STEP_RESTART:
		return yes(truth(p, "napt-exhausted napt-one-session "
				    "call-id-collision"));
	case V6D_STEP_WATCH_TABLE:
		return yes(truth(p, "napt-exhausted napt-limit-low"));
	case V6D_STEP_PASSWORD:
		return 'n'; /* it is the account, not a slip */
	case V6D_STEP_OTHER_RESOLVER:
		return other_resolver(p);
	case V6D_STEP_A_RECORD:
		return yes(!bad(p, V6D_SYM_DNS_A));
	case V6D_STEP_WAIT_TEN:
		return yes(truth(p, "server-closes-early call-limit"));
	case V6D_STEP_HISTORY:
		/* the others are of a line or a server that changed */
		return yes(!truth(p, "control-not-pptp auth-method "
				     "ipcp-required ipv6cp-refused "
				     "napt-no-helper"));
	case V6D_STEP_HEEDS:
		return is(p, V6D_SYM_HOST_ACCEPT_RA, "off")          ? '2'
		       : is(p, V6D_SYM_HOST_ACCEPT_RA, "forwarding") ? '3'
								     : '1';
	case V6D_STEP_TUNNEL_ADDRESS:
		return tunnel_address(p);
	case V6D_STEP_DEFAULT_ROUTE:
		return default_route(p);
	case V6D_STEP_PING_LOSS:
		return truth(p, "gre-loss gre-corruption") ? '2' : '1';
	case V6D_STEP_PING_SIZES:
		return ping_sizes(p);
	case V6D_STEP_FEWER:
		return yes(truth(p, "napt-exhausted napt-limit-low "
				    "napt-ports-per-target "
				    "conntrack-full"));
	case V6D_STEP_KEEP_ALIVE:
		return yes(truth(p, "gre-idle-timeout"));
	case V6D_STEP_LOOK_AROUND:
	case V6D_STEP_CHECKS:
	case V6D_STEP_REPORT:
	case V6D_STEP_CAPTURE:
	case V6D_STEP_ADDRESSES:
	case V6D_STEP_ROUTES:
	case V6D_STEP_SIZE_SWEEP:
	case V6D_STEP_LITERAL_FETCH:
	case V6D_STEP_DIAL_LOG:
	case V6D_STEP_SETTINGS:
	case V6D_N_STEPS:
		return V6D_WALK_CANNOT;
	}
	return V6D_WALK_DONT_KNOW;
}

static unsigned
dice(unsigned *state)
{
	*state = *state * 1103515245u + 12345u;
	return *state >> 16;
}

static char
answers(struct person *p, enum v6d_walk_step step)
{
	char key = knows(p, step);

	if (p->seed && key != V6D_WALK_CANNOT && dice(&p->seed) % 10 == 0)
		return V6D_WALK_DONT_KNOW;
	return key;
}

/* ---- one walk ---- */

enum mode { REPORT, CHECKS, HELPER, PASTES, QUESTIONS, N_MODES };
static const char *const modes[] = { "report", "checks", "helper", "pastes",
	"questions" };

static const char *
end_name(enum v6d_walk_end e)
{
	static const char *const names[] = { "on", "sure", "likely", "alike",
		"open", "well", "at-odds" };

	return names[e];
}

/* What helps against all that is left helps against the truth; a smaller
 * packet does not where the limit is below what IPv6 needs. */
static bool
helped(const struct person *p, const struct v6d_walk_state *s)
{
	enum v6d_cause c;

	return v6d_cause_by_name(p->truth, &c) &&
	       v6d_walk_cure_of(c) == s->cure &&
	       (s->cure != V6D_CURE_SMALLER || !very_small(p));
}

/* "right"; "alike": the same helps against the truth; "open": undecided
 * and the truth is among them, or "WRONG". */
static const char *
grade(const struct person *p, const struct v6d_walk *w,
    const struct v6d_walk_state *s)
{
	if (strcmp(p->truth, "healthy") == 0)
		return s->end == V6D_WALK_WELL || s->end == V6D_WALK_OPEN ||
			       w->judged->verdict == V6D_VERDICT_UNDETERMINED
			   ? "right"
			   : "WRONG";
	if (s->end == V6D_WALK_ALIKE)
		return helped(p, s) ? "alike" : "WRONG";
	for (unsigned i = 0; i < s->n_left; i++) {
		if (strcmp(v6d_cause_name(s->left[i].cause), p->truth) != 0)
			continue;
		if (s->end == V6D_WALK_OPEN || s->end == V6D_WALK_AT_ODDS)
			return "open";
		if (i == 0)
			return "right";
	}
	return "WRONG";
}

static void
learn(struct v6d_walk *w, const struct v6d_diagnosis *d)
{
	w->judged = d;
	w->seen = d->symptoms;
	w->looked = true;
}

/* What was asked for is pasted, and read as a text. */
static bool
paste(const struct person *p, enum v6d_walk_step step,
    struct v6d_text_judgement *j, struct v6d_walk *w)
{
	char text[16384];
	struct v6d_text t = v6d_text_to(text, sizeof(text));

	if (!v6d_pasted(p->truth, &p->sees, step, &t) ||
	    v6d_text_add_bytes(j, (const uint8_t *)text, strlen(text)) != 0)
		return false;
	v6d_text_judge(j);
	w->judged = &j->diagnosis;
	w->seen = j->diagnosis.symptoms;
	return true;
}

/* One walk under way. */
struct way {
	struct v6d_walk w;
	struct v6d_walk_state s;
	struct v6d_text_judgement *pasted;
	char steps[1024];
	struct v6d_text t;
};

static void
step(struct way *way, struct person *p, const struct v6d_diagnosis *d,
    enum mode mode)
{
	struct v6d_walk *w = &way->w;
	enum v6d_walk_step next = way->s.next[0];
	char key = answers(p, next);
	const char *number;

	if (next == V6D_STEP_CHECKS ||
	    (next == V6D_STEP_REPORT && mode == HELPER)) {
		key = V6D_WALK_DONE;
		learn(w, d);
	}
	if (mode == PASTES && paste(p, next, way->pasted, w))
		key = V6D_WALK_DONE;
	v6d_text_add(&way->t, " %s=", v6d_walk_step_name(next));
	if (next == V6D_STEP_COMPLAINT && key == '1' &&
	    (number = number_of(message(p)))) {
		v6d_text_add(&way->t, "%s", number);
		v6d_walk_alias(&next, number, &key);
	} else {
		v6d_text_add(&way->t, "%c", key);
	}
	w->said[w->n_said++] = (struct v6d_walk_said){ next, key };
}

static void
go(struct way *way, const char *path, struct person *p,
    const struct v6d_diagnosis *d, enum mode mode)
{
	const struct v6d_walk_state *s = &way->s;

	for (v6d_walk_look(&way->w, &way->s); s->end == V6D_WALK_ON;
	     v6d_walk_look(&way->w, &way->s))
		step(way, p, d, mode);
	printf("%s\t%s\t%s\t%s\t%u\t%s\t%s\t%s\n",
	    way->w.patient ? "patient" : modes[mode], strrchr(path, '/') + 1,
	    p->truth, end_name(s->end), s->n_asked,
	    s->n_left ? v6d_cause_name(s->left[0].cause) : "-",
	    grade(p, &way->w, s), way->steps);
}

static void
walk(const char *path, struct person *p, const struct v6d_diagnosis *d,
    enum mode mode, bool report)
{
	struct way *way = calloc(1, sizeof(*way));
	struct v6d_walk *w;

	if (!way || !(way->pasted = v6d_text_new()))
		abort();
	way->t = v6d_text_to(way->steps, sizeof(way->steps));
	w = &way->w;
	memset(w->seen.v, V6D_SYM_UNKNOWN, sizeof(w->seen.v));
	w->can_check = mode == CHECKS;
	if (mode == REPORT) {
		learn(w, d);
		/* what was given from the start is not asked for */
		w->said[w->n_said++] =
		    (struct v6d_walk_said){ report ? V6D_STEP_REPORT
						   : V6D_STEP_CAPTURE,
			    V6D_WALK_FIRST };
	}
	go(way, path, p, d, mode);
	if (mode == QUESTIONS) {
		w->patient = true;
		go(way, path, p, d, mode);
	}
	v6d_text_free(way->pasted);
	free(way);
}

/* What stands before the next tab or line end; "" behind the last. */
static char *
field(char **rest)
{
	char *s = *rest;
	size_t n = strcspn(s, "\t\n");

	*rest = s[n] ? s + n + 1 : s + n;
	s[n] = '\0';
	return s;
}

int
main(int argc, char **argv)
{
	unsigned times = argc > 1 ? (unsigned)strtol(argv[1], NULL, 10) : 0;
	const char *only = argc > 2 ? argv[2] : "";
	char line[1024];

	while (fgets(line, sizeof(line), stdin)) {
		char *rest = line, *path = field(&rest), *cause = field(&rest),
		     *place = field(&rest), *fault = field(&rest);
		struct v6d_judgement j;
		const struct v6d_diagnosis *d;
		struct person p = {
			.truth = cause, .place = place, .fault = fault
		};

		if (!*place || v6d_judge_file(path, &j) != 0 ||
		    !(d = v6d_judgement_diagnosis(&j))) {
			fprintf(stderr, "simulate: %s cannot be read\n", line);
			return 1;
		}
		p.sees = d->symptoms;
		for (unsigned i = 0; i < (times ? times : 1); i++)
			for (int m = 0; m < N_MODES; m++) {
				p.seed = times ? 1 + i * 7919u +
						     (unsigned)m * 104729u
					       : 0;
				if ((m == CHECKS && j.report == NULL) ||
				    (m >= PASTES && unfelt(&p)) ||
				    (*only && strcmp(only, modes[m]) != 0))
					continue;
				walk(path, &p, d, (enum mode)m,
				    j.report != NULL);
			}
		v6d_judgement_done(&j);
	}
	return 0;
}
