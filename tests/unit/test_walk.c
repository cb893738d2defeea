/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_walk.c - the tables of a walk, and where it stands after answers.
 * Covers walk/steps.c, walk/model.c, walk/gain.c, walk/choose.c and
 * walk/read.c. */
#include "diag_help.h"

#include <stdlib.h>

#include "base/wire.h"
#include "walk/impl.h"
#include "walk/walk.h"

#define COMMON_KEYS "?csdfbwqpre"

static struct v6d_walk
walk(const char *seen)
{
	struct v6d_walk w;

	memset(&w, 0, sizeof(w));
	w.seen = symptoms(seen);
	return w;
}

static void
say(struct v6d_walk *w, enum v6d_walk_step step, char key)
{
	w->said[w->n_said++] = (struct v6d_walk_said){ step, key };
}

static unsigned
share(const struct v6d_walk_state *s, enum v6d_cause c)
{
	for (unsigned i = 0; i < s->n_left; i++)
		if (s->left[i].cause == c)
			return s->left[i].permille;
	return 0;
}

/* ---- tables ---- */

static void
test_steps(void **state)
{
	(void)state;
	for (int i = 0; i < V6D_N_STEPS; i++) {
		enum v6d_walk_step s = (enum v6d_walk_step)i, same;
		enum v6d_walk_kind kind = v6d_walk_step_kind(s);
		const char *label, *text = v6d_walk_step_text(s);
		unsigned n = 0;
		char key, before = 0;

		assert_true(
		    v6d_walk_step_by_name(v6d_walk_step_name(s), &same));
		assert_int_equal(same, s);
		assert_in_range(v6d_walk_step_effort(s), 1, 5);
		/* with what stands around it, on 24 lines of 80 */
		assert_in_range(strlen(text), 20, 300);
		assert_in_range(strlen(v6d_walk_step_why(s)), 20, 200);
		assert_non_null(strchr(".?", text[strlen(text) - 1]));
		for (; (key = v6d_walk_answer(s, n, &label)) != 0; n++) {
			if (strchr(COMMON_KEYS, key))
				fail_msg("%s: %c is taken",
				    v6d_walk_step_name(s), key);
			assert_true(key == 'n' || key > before);
			assert_in_range(strlen(label), 2, 76);
			assert_int_equal(label[strlen(label) - 1], '.');
			before = key;
		}
		if (kind == V6D_WALK_ASK || kind == V6D_WALK_TRY)
			assert_in_range(n, 2, 9);
		else
			assert_int_equal(n, 0);
	}
	assert_false(
	    v6d_walk_step_by_name("nonsense", &(enum v6d_walk_step){ 0 }));
}

/* An answer that tells nothing would waste a person's time. */
static void
test_answers(void **state)
{
	(void)state;
	for (int i = 0; i < V6D_N_STEPS; i++) {
		unsigned telling = 0, n = 0;

		for (size_t k = 0; k < v6d_walk_n_rows; k++) {
			const struct v6d_walk_row *r = &v6d_walk_rows[k];

			if (r->step != (enum v6d_walk_step)i)
				continue;
			n++;
			assert_in_range(r->usual, 1, 9);
			telling += r->sets->words || r->speaks_for->kind ||
				   r->rules_out->kind;
			for (const struct v6d_term *t = r->sets; t->words; t++)
				assert_int_not_equal(
				    v6d_walk_told(t), V6D_SYM_OTHER);
		}
		if (n > 0 && telling == 0)
			fail_msg("%s tells nothing",
			    v6d_walk_step_name((enum v6d_walk_step)i));
	}
}

/* Every cause has its place, and what is more than advice a family. */
static void
test_causes(void **state)
{
	struct v6d_symptoms none = symptoms("");
	unsigned members[V6D_N_FAMILIES] = { 0 };

	(void)state;
	for (int i = 0; i < V6D_N_CAUSES; i++) {
		enum v6d_cause c = (enum v6d_cause)i;
		enum v6d_walk_family f = v6d_walk_family_of(c);

		assert_in_range(v6d_walk_usual(c), 1, 9);
		assert_in_range(v6d_walk_places(c), 1, V6D_AT_ALL);
		if (f < V6D_N_FAMILIES)
			members[f]++;
		else if (v6d_cause_severity(c, &none) > V6D_SEV_ADVICE)
			fail_msg("%s is in no family", v6d_cause_name(c));
	}
	for (int f = 0; f < V6D_N_FAMILIES; f++)
		assert_int_not_equal(members[f], 0);
}

/* ---- from where it begins ---- */

static void
test_beginnings(void **state)
{
	struct v6d_walk w = walk("");
	struct v6d_walk_state s;

	(void)state;
	/* what costs a person nothing comes first */
	w.can_check = true;
	v6d_walk_look(&w, &s);
	assert_int_equal(s.end, V6D_WALK_ON);
	assert_int_equal(s.next[0], V6D_STEP_CHECKS);
	/* at a distance, the report that holds everything */
	w.can_check = false;
	v6d_walk_look(&w, &s);
	assert_int_equal(s.next[0], V6D_STEP_REPORT);
	say(&w, V6D_STEP_REPORT, V6D_WALK_CANNOT);
	v6d_walk_look(&w, &s);
	assert_int_equal(s.next[0], V6D_STEP_COMPLAINT);
	assert_int_equal(s.n_asked, 0);
}

static struct v6d_diagnosis
judge(struct v6d_walk *w)
{
	struct v6d_diagnosis d;

	v6d_diagnose_symptoms(&w->seen, NULL, &d);
	return d;
}

static void
test_from_a_report(void **state)
{
	struct v6d_walk w = walk(UP "gre.size.in=limit v6.get=stall");
	struct v6d_diagnosis d = judge(&w);
	struct v6d_walk_state s;

	(void)state;
	w.judged = &d;
	w.looked = true;
	v6d_walk_look(&w, &s);
	assert_int_equal(s.end, V6D_WALK_SURE);
	assert_int_equal(s.left[0].cause, V6D_CAUSE_GRE_SIZE_LIMIT);
	assert_int_equal(s.n_asked, 0);
	/* nothing wrong was seen, and nobody says that something is */
	w = walk(UP BULK SIZE DNS);
	d = judge(&w);
	w.judged = &d;
	w.looked = true;
	v6d_walk_look(&w, &s);
	assert_int_equal(s.end, V6D_WALK_WELL);
}

/* Checks that saw no fault and not all: what is the trouble? */
static void
test_undetermined(void **state)
{
	struct v6d_walk w = walk("v4.control=ok lan.addr=ok");
	struct v6d_diagnosis d = judge(&w);
	struct v6d_walk_state s;

	(void)state;
	assert_int_equal(d.verdict, V6D_VERDICT_UNDETERMINED);
	w.judged = &d;
	w.looked = true;
	say(&w, V6D_STEP_REPORT, V6D_WALK_FIRST);
	v6d_walk_look(&w, &s);
	assert_int_equal(s.end, V6D_WALK_ON);
	assert_int_equal(s.next[0], V6D_STEP_COMPLAINT);
	/* what was seen counts */
	assert_int_equal(share(&s, V6D_CAUSE_LAN_DOWN), 0);
	say(&w, V6D_STEP_COMPLAINT, '1');
	v6d_walk_look(&w, &s);
	assert_int_equal(s.next[0], V6D_STEP_MESSAGE);
}

/* Only those that the report left are asked about. */
static void
test_undecided(void **state)
{
	struct v6d_walk w = walk(CONTROL "gre.in=none ppp.lcp=timeout "
					 "gre.send=ok");
	struct v6d_diagnosis d = judge(&w);
	struct v6d_walk_state s;

	(void)state;
	w.judged = &d;
	w.looked = true;
	v6d_walk_look(&w, &s);
	assert_int_equal(s.end, V6D_WALK_ON);
	for (unsigned i = 0; i < s.n_left; i++) {
		bool among = false;

		for (unsigned k = 0; k < d.undecided[0].n; k++)
			among = among ||
				d.undecided[0].between[k] == s.left[i].cause;
		assert_true(among);
	}
	say(&w, V6D_STEP_OTHER_SESSION, 'n');
	say(&w, V6D_STEP_PASSTHROUGH, '1');
	v6d_walk_look(&w, &s);
	assert_int_equal(s.end, V6D_WALK_LIKELY);
	assert_int_equal(s.left[0].cause, V6D_CAUSE_NAPT_NO_HELPER);
}

/* ---- answers ---- */

static void
test_dont_know_tells_nothing(void **state)
{
	struct v6d_walk w = walk("v6.small=ok v6.get=stall");
	struct v6d_walk_state before, after;

	(void)state;
	v6d_walk_look(&w, &before);
	say(&w, V6D_STEP_OTHER_LINE, V6D_WALK_DONT_KNOW);
	say(&w, V6D_STEP_ADDRESSES, V6D_WALK_CANNOT);
	v6d_walk_look(&w, &after);
	assert_int_equal(after.n_left, before.n_left);
	for (unsigned i = 0; i < after.n_left; i++)
		assert_int_equal(
		    after.left[i].permille, before.left[i].permille);
	assert_int_equal(after.n_asked, 1);
	for (unsigned i = 0; i < after.n_next; i++) {
		assert_int_not_equal(after.next[i], V6D_STEP_OTHER_LINE);
		assert_int_not_equal(after.next[i], V6D_STEP_ADDRESSES);
	}
}

/* Another line that works narrows: several things changed, none is proven. */
static void
test_other_line(void **state)
{
	struct v6d_walk w = walk("v6.small=ok v6.get=stall");
	struct v6d_walk_state s;

	(void)state;
	say(&w, V6D_STEP_OTHER_LINE, 'y');
	v6d_walk_look(&w, &s);
	assert_int_equal(s.places, V6D_AT_LAN | V6D_AT_ROUTER | V6D_AT_LINE);
	assert_int_equal(share(&s, V6D_CAUSE_FAR_END), 0);
	assert_int_equal(s.end, V6D_WALK_ON);
	/* where only one thing changed, that one is left */
	say(&w, V6D_STEP_ONE_ROUTER_LESS, 'y');
	v6d_walk_look(&w, &s);
	assert_int_equal(s.places, V6D_AT_ROUTER);
	w.n_said = 0;
	say(&w, V6D_STEP_OTHER_LINE, 'n');
	v6d_walk_look(&w, &s);
	assert_int_equal(s.places, V6D_AT_HOST | V6D_AT_SERVER | V6D_AT_BEYOND);
}

/* What a probe saw outweighs what somebody says. */
static void
test_seen_outweighs_told(void **state)
{
	struct v6d_walk w = walk("v4.control=ok v6.small=timeout");
	struct v6d_walk_state s;

	(void)state;
	say(&w, V6D_STEP_ORDINARY, 'n');
	v6d_walk_look(&w, &s);
	assert_int_equal(s.symptoms.v[V6D_SYM_V4_CONTROL], V6D_SYM_OK);
}

static void
test_at_odds(void **state)
{
	struct v6d_walk w = walk("");
	struct v6d_walk_state s;

	(void)state;
	say(&w, V6D_STEP_OTHER_LINE, 'y');
	say(&w, V6D_STEP_OTHER_COMPUTER, 'y');
	say(&w, V6D_STEP_ONE_ROUTER_LESS, 'y');
	say(&w, V6D_STEP_DIRECT_CABLE, 'y');
	say(&w, V6D_STEP_FIREWALL_OFF, 'y');
	v6d_walk_look(&w, &s);
	assert_int_equal(s.end, V6D_WALK_AT_ODDS);
}

static unsigned
dice(unsigned *state)
{
	*state = *state * 1103515245u + 12345u;
	return *state >> 16;
}

/*
 * Whatever is answered: it ends, asks eight times at most, asks nothing
 * twice, is never sure of what was only told, and shares make a whole.
 */
static void
test_any_answers(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed < 400; seed++) {
		struct v6d_walk w = walk("");
		struct v6d_walk_state s;
		unsigned r = seed, sum;

		for (v6d_walk_look(&w, &s); s.end == V6D_WALK_ON;
		     v6d_walk_look(&w, &s)) {
			enum v6d_walk_step step = s.next[dice(&r) % s.n_next];
			const char *label;
			unsigned n = 0;
			char key;

			for (unsigned i = 0; i < w.n_said; i++)
				assert_int_not_equal(w.said[i].step, step);
			while (v6d_walk_answer(step, n, &label))
				n++;
			key = n ? v6d_walk_answer(step, dice(&r) % n, &label)
				: V6D_WALK_CANNOT;
			say(&w, step, dice(&r) % 5 ? key : V6D_WALK_DONT_KNOW);
			assert_true(w.n_said < V6D_WALK_SAID);
		}
		assert_int_not_equal(s.end, V6D_WALK_SURE);
		assert_true(s.n_asked <= V6D_WALK_PERSON);
		sum = 0;
		for (unsigned i = 0; i < s.n_left; i++)
			sum += s.left[i].permille;
		assert_in_range(sum, 850, 1000);
	}
}

/* Steps that are useful: the least effort first, none that was given. */
static void
test_useful(void **state)
{
	struct v6d_walk w = walk(UP "gre.size.in=limit v6.get=stall");
	struct v6d_diagnosis d = judge(&w);
	enum v6d_walk_step steps[V6D_N_STEPS];
	struct v6d_walk_state s;
	unsigned n;

	(void)state;
	w.judged = &d;
	w.looked = true;
	v6d_walk_look(&w, &s);
	n = v6d_walk_useful(&w, &s, steps);
	/* the cause is sure; which box it is, an experiment tells */
	assert_int_equal(n, 2);
	assert_int_equal(steps[0], V6D_STEP_DIRECT_CABLE);
	assert_int_equal(steps[1], V6D_STEP_ONE_ROUTER_LESS);
	say(&w, V6D_STEP_DIRECT_CABLE, 'y');
	v6d_walk_look(&w, &s);
	n = v6d_walk_useful(&w, &s, steps);
	for (unsigned i = 0; i < n; i++)
		assert_int_not_equal(steps[i], V6D_STEP_DIRECT_CABLE);
}

/* The answer to the message that a line is; 0: none. */
static char
alias(enum v6d_walk_step asked, const char *line)
{
	enum v6d_walk_step step = asked;
	char key = 0;

	if (!v6d_walk_alias(&step, line, &key)) {
		assert_int_equal(step, asked);
		return 0;
	}
	assert_int_equal(step, V6D_STEP_MESSAGE);
	return key;
}

static void
test_aliases(void **state)
{
	const char *label;

	(void)state;
	assert_int_equal(alias(V6D_STEP_MESSAGE, "691"), '5');
	assert_int_equal(alias(V6D_STEP_MESSAGE, "Error 800:"), '1');
	assert_int_equal(alias(V6D_STEP_MESSAGE, "exit status 19"), '5');
	assert_int_equal(alias(V6D_STEP_MESSAGE, "5"), 0);
	assert_int_equal(alias(V6D_STEP_MESSAGE, ""), 0);
	assert_int_equal(alias(V6D_STEP_MESSAGE, "no number"), 0);
	assert_int_equal(alias(V6D_STEP_MESSAGE, "9999999999999999999999"), 0);
	/* who is asked what the trouble is may answer with the number */
	assert_int_equal(alias(V6D_STEP_COMPLAINT, "Error 691"), '5');
	assert_int_equal(alias(V6D_STEP_COMPLAINT, "1"), 0);
	assert_int_equal(alias(V6D_STEP_NEWS, "691"), 0);
	/* each is an answer that there is */
	for (unsigned n = 1; n < 1000; n++) {
		char text[16], k, key;
		unsigned i = 0;

		snprintf(text, sizeof(text), "%u", n);
		key = alias(V6D_STEP_MESSAGE, text);
		if (!key)
			continue;
		while ((k = v6d_walk_answer(V6D_STEP_MESSAGE, i, &label)) &&
		       k != key)
			i++;
		assert_int_not_equal(k, 0);
	}
}

/* A message says that it does not connect: that is not asked any more. */
static void
test_message_implies_complaint(void **state)
{
	struct v6d_walk w = walk(""), both = walk("");
	struct v6d_walk_state s, t;

	(void)state;
	say(&w, V6D_STEP_MESSAGE, '4');
	say(&both, V6D_STEP_COMPLAINT, '1');
	say(&both, V6D_STEP_MESSAGE, '4');
	v6d_walk_look(&w, &s);
	v6d_walk_look(&both, &t);
	assert_int_equal(s.n_asked, 1);
	assert_int_equal(t.n_asked, 2);
	assert_int_equal(s.n_left, t.n_left);
	assert_int_equal(s.left[0].cause, t.left[0].cause);
	assert_int_equal(s.left[0].permille, t.left[0].permille);
	for (unsigned i = 0; i < s.n_next; i++)
		assert_int_not_equal(s.next[i], V6D_STEP_COMPLAINT);
}

/* What helps against all that is left ends the walk, where nothing but
 * answers can be had; where something was seen, the cause is looked for. */
static void
test_one_cure(void **state)
{
	struct v6d_walk w = walk("");
	struct v6d_walk_state s;

	(void)state;
	say(&w, V6D_STEP_REPORT, V6D_WALK_CANNOT);
	say(&w, V6D_STEP_COMPLAINT, '3');
	v6d_walk_look(&w, &s);
	assert_int_equal(s.end, V6D_WALK_ON);
	say(&w, V6D_STEP_MTU_1280, 'y');
	v6d_walk_look(&w, &s);
	assert_int_equal(s.end, V6D_WALK_ALIKE);
	assert_int_equal(s.cure, V6D_CURE_SMALLER);
	assert_in_range(s.cure_permille, 900, 1000);
	assert_non_null(strstr(v6d_walk_cure_text(s.cure), "1280"));
	w.can_check = true;
	v6d_walk_look(&w, &s);
	assert_int_not_equal(s.end, V6D_WALK_ALIKE);
	for (int i = 0; i < V6D_N_CURES; i++) {
		unsigned n = 0;

		for (int c = 0; c < V6D_N_CAUSES; c++)
			n += v6d_walk_cure_of((enum v6d_cause)c) ==
			     (enum v6d_walk_cure)i;
		assert_true(n > 1);
	}
}

/* What would help is tried before the walk ends with it; where it did not
 * help, the cause is looked for. */
static void
test_cure_is_tried(void **state)
{
	struct v6d_walk w = walk("");
	struct v6d_walk_state s;
	enum v6d_walk_step test;

	(void)state;
	say(&w, V6D_STEP_REPORT, V6D_WALK_CANNOT);
	say(&w, V6D_STEP_COMPLAINT, '8');
	/* of what is left most is a full table */
	say(&w, V6D_STEP_ORDINARY, 'y');
	say(&w, V6D_STEP_OTHER_COMPUTER, 'n');
	v6d_walk_look(&w, &s);
	assert_int_equal(s.end, V6D_WALK_ON);
	assert_int_equal(s.cure, V6D_CURE_FEWER);
	assert_int_equal(s.next[0], V6D_STEP_FEWER);
	say(&w, V6D_STEP_FEWER, 'y');
	v6d_walk_look(&w, &s);
	assert_int_equal(s.end, V6D_WALK_ALIKE);
	assert_int_equal(s.cure, V6D_CURE_FEWER);
	w.said[w.n_said - 1].key = 'n';
	v6d_walk_look(&w, &s);
	assert_int_not_equal(s.end, V6D_WALK_ALIKE);
	for (int i = 0; i < V6D_N_CURES; i++)
		if (v6d_walk_cure_test((enum v6d_walk_cure)i, &test))
			assert_int_equal(
			    v6d_walk_step_kind(test), V6D_WALK_TRY);
	assert_false(v6d_walk_cure_test(V6D_N_CURES, &test));
}

/* Who agrees to go on is asked more, and never more than eight times. */
static void
test_patience(void **state)
{
	struct v6d_walk w = walk("");
	struct v6d_walk_state s;
	unsigned before;

	(void)state;
	for (v6d_walk_look(&w, &s); s.end == V6D_WALK_ON; v6d_walk_look(&w, &s))
		say(&w, s.next[0],
		    v6d_walk_step_kind(s.next[0]) == V6D_WALK_LOOK
			? V6D_WALK_CANNOT
			: V6D_WALK_DONT_KNOW);
	before = s.n_asked;
	assert_int_equal(s.end, V6D_WALK_OPEN);
	assert_in_range(before, 1, V6D_WALK_PERSON - 1);
	w.patient = true;
	for (v6d_walk_look(&w, &s); s.end == V6D_WALK_ON; v6d_walk_look(&w, &s))
		say(&w, s.next[0], V6D_WALK_DONT_KNOW);
	assert_int_equal(s.n_asked, V6D_WALK_PERSON);
}

/* What stood in one text is not asked for again. */
static void
test_shown(void **state)
{
	static const enum v6d_walk_step parts[] = { V6D_STEP_ADDRESSES,
		V6D_STEP_ROUTES, V6D_STEP_SETTINGS, V6D_STEP_TUNNEL_ADDRESS,
		V6D_STEP_DEFAULT_ROUTE, V6D_STEP_HEEDS };
	struct v6d_walk w = walk("");
	struct v6d_walk_state s;
	unsigned asked = 0;

	(void)state;
	w.patient = true;
	say(&w, V6D_STEP_COMPLAINT, '2');
	for (int given = 0; given < 2; given++) {
		enum v6d_walk_step steps[V6D_N_STEPS];
		unsigned n;

		if (given)
			say(&w, V6D_STEP_LOOK_AROUND, V6D_WALK_DONE);
		v6d_walk_look(&w, &s);
		n = v6d_walk_useful(&w, &s, steps);
		asked = 0;
		for (unsigned i = 0; i < n; i++)
			for (size_t k = 0; k < V6D_ARRAY_LEN(parts); k++)
				asked += steps[i] == parts[k];
		assert_true(given ? asked == 0 : asked > 2);
	}
}

RUN(cmocka_unit_test(test_aliases), cmocka_unit_test(test_cure_is_tried),
    cmocka_unit_test(test_patience), cmocka_unit_test(test_shown),
    cmocka_unit_test(test_message_implies_complaint),
    cmocka_unit_test(test_one_cure), cmocka_unit_test(test_steps),
    cmocka_unit_test(test_answers), cmocka_unit_test(test_causes),
    cmocka_unit_test(test_beginnings), cmocka_unit_test(test_from_a_report),
    cmocka_unit_test(test_undetermined), cmocka_unit_test(test_undecided),
    cmocka_unit_test(test_dont_know_tells_nothing),
    cmocka_unit_test(test_other_line),
    cmocka_unit_test(test_seen_outweighs_told), cmocka_unit_test(test_at_odds),
    cmocka_unit_test(test_any_answers), cmocka_unit_test(test_useful))
