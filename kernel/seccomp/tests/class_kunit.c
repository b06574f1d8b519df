// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of classes: what is left to do under a stack of filters, compared
 * with running all of them.
 */

#include <kunit/test.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../table.h"
#include "kunit_prog.h"

#define NR_LAYERS	3

#define LOAD(field)	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
				 offsetof(struct seccomp_data, field))
#define RET_A		BPF_STMT(BPF_RET | BPF_A, 0)

/* What filters return: data tells them apart, also within one action. */
static const u32 values[] = {
	SECCOMP_RET_KILL_PROCESS | 1,
	SECCOMP_RET_KILL_PROCESS | 2,
	0xfffe0000 | 3,				/* unknown, kills */
	SECCOMP_RET_KILL_THREAD | 4,
	SECCOMP_RET_ERRNO | 5,
	SECCOMP_RET_ERRNO | 6,
	SECCOMP_RET_LOG | 7,
	SECCOMP_RET_ALLOW | 8,
};

#define NR_VALUES	((int)ARRAY_SIZE(values))

/* A filter has one of the values for a call, or takes it from an argument. */
enum {
	KIND_REST = ARRAY_SIZE(values),
	KIND_RUN,
	NR_KINDS,
};

/* The argument of a filter that should not look at it. */
#define NOT_ASKED	(SECCOMP_RET_KILL_PROCESS | 0xbad)

/**
 * struct class_test - a stack of filters, the newest in the last layer
 * @prog: their programs
 * @own: their outcomes
 * @table: tables of each filter and those below it
 */
struct class_test {
	struct bpf_prog *prog[NR_LAYERS];
	struct seccomp_results *own[NR_LAYERS];
	struct seccomp_table *table[NR_LAYERS];
};

static bool log_flag(int layer)
{
	return layer != 1;
}

static void make_prog(struct kunit *test, int layer,
		      const struct sock_filter *insns, u16 len)
{
	struct class_test *t = test->priv;

	if (t->prog[layer])
		bpf_prog_destroy(t->prog[layer]);
	t->prog[layer] = NULL;
	t->prog[layer] = kunit_prog(test, insns, len);
}

/* Each layer has an argument of its own, and returns it. */
static int class_init(struct kunit *test)
{
	struct class_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	struct sock_filter insns[] = { LOAD(args), RET_A };
	int layer;

	KUNIT_ASSERT_NOT_NULL(test, t);
	test->priv = t;
	for (layer = 0; layer < NR_LAYERS; layer++) {
		insns[0].k = offsetof(struct seccomp_data, args[layer]);
		make_prog(test, layer, insns, ARRAY_SIZE(insns));
		t->own[layer] = seccomp_results_alloc();
		KUNIT_ASSERT_NOT_NULL(test, t->own[layer]);
	}
	return 0;
}

static void class_exit(struct kunit *test)
{
	struct class_test *t = test->priv;
	int layer;

	for (layer = 0; t && layer < NR_LAYERS; layer++) {
		seccomp_table_put(t->table[layer]);
		kfree(t->own[layer]);
		if (t->prog[layer])
			bpf_prog_destroy(t->prog[layer]);
	}
}

static void set_kind(struct kunit *test, int layer, int nr, int kind)
{
	struct class_test *t = test->priv;
	struct seccomp_results *own = t->own[layer];
	u8 id = SECCOMP_OUTCOME_RUN;

	if (kind < NR_VALUES)
		id = seccomp_results_id(own, SECCOMP_CONSTANT, values[kind]);
	else if (kind == KIND_REST)
		id = seccomp_results_id(own, SECCOMP_REST, 0);
	seccomp_results_set_row(own, seccomp_row(SECCOMP_ARCH_NATIVE, NATIVE(nr)), id);
}

static void freeze(struct kunit *test, int layer)
{
	struct class_test *t = test->priv;

	seccomp_table_put(t->table[layer]);
	t->table[layer] = seccomp_table_freeze(t->own[layer], t->prog[layer],
					       log_flag(layer),
					       layer ? t->table[layer - 1] : NULL);
	KUNIT_ASSERT_NOT_NULL(test, t->table[layer]);
}

/* The class of a native call; NULL if it is one that has no entry. */
static const struct seccomp_class *class_of(const struct seccomp_table *table,
					    int nr)
{
	unsigned int id;

	id = seccomp_table_class_id(table, seccomp_row(SECCOMP_ARCH_NATIVE, NATIVE(nr)));
	return id < SECCOMP_NR_FIXED_CLASSES ? NULL : seccomp_table_class(table, id);
}

/* In both halves: whichever is the one that a filter loads. */
static u64 argument(u32 value)
{
	return (u64)value << 32 | value;
}

/* --- Comparison with a model --- */

/* As seccomp_run_filters() does it. */
static struct seccomp_verdict run_all(const u32 *returned)
{
	struct seccomp_verdict verdict = { .ret = SECCOMP_RET_ALLOW };
	int layer;

	for (layer = NR_LAYERS - 1; layer >= 0; layer--) {
		if ((s32)(returned[layer] & SECCOMP_RET_ACTION_FULL) >=
		    (s32)(verdict.ret & SECCOMP_RET_ACTION_FULL))
			continue;
		verdict.ret = returned[layer];
		verdict.place = layer;
		verdict.log = log_flag(layer);
	}
	return verdict;
}

static bool same(const struct seccomp_verdict *a, const struct seccomp_verdict *b)
{
	if (a->ret != b->ret)
		return false;
	return a->ret == SECCOMP_RET_ALLOW ||
	       (a->place == b->place && a->log == b->log);
}

/* @choice: which value is the argument, for a kind that looks at it. */
static void check_choice(struct kunit *test, int nr, const int *kind,
			 const int *choice)
{
	struct class_test *t = test->priv;
	struct seccomp_data sd = { .nr = NATIVE(nr), .arch = SECCOMP_ARCH_NATIVE };
	struct seccomp_verdict expected, verdict;
	u32 returned[NR_LAYERS];
	int layer;

	for (layer = 0; layer < NR_LAYERS; layer++) {
		bool asked = kind[layer] >= NR_VALUES;

		returned[layer] = values[asked ? choice[layer] : kind[layer]];
		sd.args[layer] = argument(asked ? returned[layer] : NOT_ASKED);
	}

	expected = run_all(returned);
	KUNIT_ASSERT_TRUE(test, seccomp_table_decide(t->table[NR_LAYERS - 1], &sd, &verdict));
	KUNIT_ASSERT_TRUE_MSG(test, same(&verdict, &expected),
			      "kinds %d on %d on %d, values %#x %#x %#x: %#x of %u, log %d; expected %#x of %u, log %d",
			      kind[2], kind[1], kind[0], returned[2], returned[1],
			      returned[0], verdict.ret, verdict.place, verdict.log,
			      expected.ret, expected.place, expected.log);
}

/* How many look at arguments: below one that always kills, that is no use. */
static int filters_to_ask(const int *kind)
{
	int layer, n = 0;

	for (layer = NR_LAYERS - 1; layer >= 0; layer--) {
		if (kind[layer] >= NR_VALUES)
			n++;
		else if ((values[kind[layer]] & SECCOMP_RET_ACTION_FULL) ==
			 SECCOMP_RET_KILL_PROCESS)
			break;
	}
	return n;
}

/* All arguments that make a difference. */
static void check_call(struct kunit *test, int nr, const int *kind)
{
	int choice[NR_LAYERS], choices[NR_LAYERS], layer;
	const struct seccomp_class *class;
	struct class_test *t = test->priv;

	for (layer = 0; layer < NR_LAYERS; layer++)
		choices[layer] = kind[layer] < NR_VALUES ? 1 : NR_VALUES;
	for (choice[0] = 0; choice[0] < choices[0]; choice[0]++)
		for (choice[1] = 0; choice[1] < choices[1]; choice[1]++)
			for (choice[2] = 0; choice[2] < choices[2]; choice[2]++)
				check_choice(test, nr, kind, choice);

	class = class_of(t->table[NR_LAYERS - 1], nr);
	KUNIT_EXPECT_LE_MSG(test, class ? class->nr_steps : 0, filters_to_ask(kind),
			    "kinds %d on %d on %d: more steps than filters to ask",
			    kind[2], kind[1], kind[0]);
}

/* Each call has another pair of kinds below; the newest filter has one kind. */
static void class_test_stacks(struct kunit *test)
{
	int kind[NR_LAYERS], nr;

	for (nr = 0; nr < NR_KINDS * NR_KINDS; nr++) {
		set_kind(test, 0, nr, nr % NR_KINDS);
		set_kind(test, 1, nr, nr / NR_KINDS);
	}
	freeze(test, 0);
	freeze(test, 1);

	for (kind[2] = 0; kind[2] < NR_KINDS; kind[2]++) {
		for (nr = 0; nr < NR_KINDS * NR_KINDS; nr++)
			set_kind(test, 2, nr, kind[2]);
		freeze(test, 2);
		for (nr = 0; nr < NR_KINDS * NR_KINDS; nr++) {
			kind[0] = nr % NR_KINDS;
			kind[1] = nr / NR_KINDS;
			check_call(test, nr, kind);
		}
	}
}

/* --- A table that has been lost --- */

/* Filters without a table are all run, below one of any kind. */
static void class_test_lost(struct kunit *test)
{
	struct seccomp_verdict verdict, expected = { values[4], 1, log_flag(1) };
	int kind[NR_LAYERS] = { KIND_RUN, KIND_RUN };
	struct class_test *t = test->priv;
	const struct seccomp_abi *abi;
	struct seccomp_data sd = {
		.args = { argument(values[5]), argument(values[4]) },
	};
	unsigned int decided;
	int layer;

	t->table[1] = seccomp_table_of_programs(2);
	KUNIT_ASSERT_NOT_NULL(test, t->table[1]);
	for (layer = 0; layer < 2; layer++)
		seccomp_table_set_program(t->table[1], layer, t->prog[layer],
					  log_flag(layer));
	KUNIT_EXPECT_PTR_EQ(test, seccomp_table_steps(t->table[1])->prog, t->prog[1]);

	for (abi = seccomp_abis; abi < &seccomp_abis[SECCOMP_NR_ABIS]; abi++) {
		decided = 0;
		sd.arch = abi->arch;
		for (sd.nr = abi->first; sd.nr < seccomp_abi_end(abi); sd.nr++)
			decided += seccomp_exempt(sd.arch, sd.nr) ||
				   (seccomp_table_decide(t->table[1], &sd, &verdict) &&
				    same(&verdict, &expected));
		KUNIT_EXPECT_EQ(test, decided, abi->size);
	}

	for (kind[2] = 0; kind[2] < NR_KINDS; kind[2]++)
		set_kind(test, 2, kind[2], kind[2]);
	freeze(test, 2);
	KUNIT_EXPECT_EQ(test, t->table[2]->nr_filters, 3);
	for (kind[2] = 0; kind[2] < NR_KINDS; kind[2]++)
		check_call(test, kind[2], kind);
}

/* What does not fit a table runs all filters: no table takes an order-2 page. */
static void class_test_deep(struct kunit *test)
{
	enum { DEPTH = 100, NR_CALLS = 100 };
	struct class_test *t = test->priv;
	struct seccomp_data sd = {
		.arch = SECCOMP_ARCH_NATIVE, .args = { argument(SECCOMP_RET_ALLOW) },
	};
	struct seccomp_verdict verdict;
	int place, known = 0;

	KUNIT_EXPECT_NULL(test, seccomp_table_of_programs(U16_MAX));
	t->table[1] = seccomp_table_of_programs(DEPTH);
	KUNIT_ASSERT_NOT_NULL(test, t->table[1]);
	for (place = 0; place < DEPTH; place++)
		seccomp_table_set_program(t->table[1], place, t->prog[0], false);
	for (sd.nr = NATIVE(0); sd.nr < NATIVE(NR_CALLS); sd.nr++)
		seccomp_results_set_row(t->own[2], seccomp_row(sd.arch, sd.nr),
					seccomp_results_id(t->own[2], SECCOMP_CONSTANT,
							   SECCOMP_RET_ERRNO | sd.nr));
	freeze(test, 2);
	KUNIT_EXPECT_LE(test, ksize(t->table[2]), SECCOMP_MAX_TABLE);

	for (sd.nr = NATIVE(0); sd.nr < NATIVE(NR_CALLS); sd.nr++) {
		if (!seccomp_table_decide(t->table[2], &sd, &verdict))
			continue;
		known++;
		KUNIT_EXPECT_EQ(test, verdict.ret, SECCOMP_RET_ERRNO | sd.nr);
		KUNIT_EXPECT_EQ(test, verdict.place, DEPTH);
	}
	KUNIT_EXPECT_GT(test, known, 0);
	KUNIT_EXPECT_LT(test, known, NR_CALLS);
}

/* --- Rests that repeat --- */

struct text {
	u16 len;
	struct sock_filter insns[4];
};

static const struct text text = { 2, { LOAD(args[0]), RET_A } };
static const struct text different = { 2, { LOAD(args[1]), RET_A } };
static const struct text longer = { 3, { LOAD(args[0]), RET_A, RET_A } };
static const struct text later = {
	4, { LOAD(nr), BPF_STMT(BPF_JMP | BPF_JA, 0), LOAD(args[0]), RET_A },
};

/**
 * struct repetition - two filters, one on top of the other
 * @name: what they have in common
 * @newer: text of the newer one
 * @newer_rest: where its rest starts, -1 if it is run
 * @older: text of the older one
 * @older_rest: where its rest starts, -1 if it is run
 * @nr_steps: how many of them are asked
 */
struct repetition {
	const char *name;
	const struct text *newer;
	int newer_rest;
	const struct text *older;
	int older_rest;
	unsigned int nr_steps;
};

static const struct repetition repetitions[] = {
	{ "one text", &text, 0, &text, 0, 1 },
	{ "one rest, starting later in the newer", &later, 2, &text, 0, 1 },
	{ "one rest, starting later in the older", &text, 0, &later, 2, 1 },
	{ "the length only", &different, 0, &text, 0, 2 },
	{ "the start only, the newer is longer", &longer, 0, &text, 0, 1 },
	{ "the start only, the older is longer", &text, 0, &longer, 0, 1 },
	{ "one text, the newer is run", &text, -1, &text, 0, 2 },
	{ "one text, the older is run", &text, 0, &text, -1, 2 },
};

static void repetition_name(const struct repetition *repetition, char *desc)
{
	strscpy(desc, repetition->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(repetition, repetitions, repetition_name);

/* The first call of a filter whose program has been made. */
static void add_layer(struct kunit *test, int layer, int rest)
{
	struct class_test *t = test->priv;
	u8 id = SECCOMP_OUTCOME_RUN;

	if (rest >= 0)
		id = seccomp_results_id(t->own[layer], SECCOMP_REST, rest);
	seccomp_results_set_row(t->own[layer],
				seccomp_row(SECCOMP_ARCH_NATIVE, NATIVE(0)), id);
	freeze(test, layer);
}

static void expect_verdict(struct kunit *test, int layer, u32 arg0, u32 arg1,
			   const struct seccomp_verdict *expected)
{
	struct class_test *t = test->priv;
	struct seccomp_verdict verdict;
	const struct seccomp_data sd = {
		.nr = NATIVE(0), .arch = SECCOMP_ARCH_NATIVE,
		.args = { argument(arg0), argument(arg1) },
	};

	KUNIT_ASSERT_TRUE(test, seccomp_table_decide(t->table[layer], &sd, &verdict));
	KUNIT_EXPECT_TRUE_MSG(test, same(&verdict, expected), "%#x of %u, log %d",
			      verdict.ret, verdict.place, verdict.log);
}

/* Of rests that are the same the newest is asked. */
static void class_test_repetition(struct kunit *test)
{
	const struct seccomp_verdict newer = { values[4], 1, log_flag(1) };
	const struct repetition *r = test->param_value;
	const struct seccomp_step *steps;
	const struct seccomp_class *class;
	struct class_test *t = test->priv;

	make_prog(test, 0, r->older->insns, r->older->len);
	make_prog(test, 1, r->newer->insns, r->newer->len);
	add_layer(test, 0, r->older_rest);
	add_layer(test, 1, r->newer_rest);

	class = class_of(t->table[1], 0);
	KUNIT_ASSERT_NOT_NULL(test, class);
	KUNIT_ASSERT_EQ(test, class->nr_steps, r->nr_steps);
	steps = seccomp_table_steps(t->table[1]) + class->first_step;
	KUNIT_EXPECT_EQ(test, steps[0].place, 1);
	KUNIT_EXPECT_EQ(test, steps[0].log, log_flag(1));
	expect_verdict(test, 1, values[4], values[4], &newer);
}

/* Also with another filter in between, and then for good. */
static void class_test_repetition_below(struct kunit *test)
{
	const struct seccomp_verdict newest = { values[4], 2, log_flag(2) };
	const struct seccomp_verdict between = { values[5], 1, log_flag(1) };
	const struct seccomp_class *class;
	struct class_test *t = test->priv;

	make_prog(test, 0, text.insns, text.len);
	make_prog(test, 1, different.insns, different.len);
	make_prog(test, 2, later.insns, later.len);
	add_layer(test, 0, 0);
	add_layer(test, 1, 0);
	add_layer(test, 2, 2);

	class = class_of(t->table[2], 0);
	KUNIT_ASSERT_NOT_NULL(test, class);
	KUNIT_EXPECT_EQ(test, class->nr_steps, 2);
	expect_verdict(test, 2, values[4], values[5], &newest);
	expect_verdict(test, 2, SECCOMP_RET_ALLOW, values[5], &between);
}

static struct kunit_case class_cases[] = {
	KUNIT_CASE(class_test_stacks),
	KUNIT_CASE(class_test_lost),
	KUNIT_CASE(class_test_deep),
	KUNIT_CASE_PARAM(class_test_repetition, repetition_gen_params),
	KUNIT_CASE(class_test_repetition_below),
	{}
};

static struct kunit_suite class_suite = {
	.name = "seccomp_bitmap_class",
	.init = class_init,
	.exit = class_exit,
	.test_cases = class_cases,
};

kunit_test_suite(class_suite);
