// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of plans: what is left of running three filters. */

#include <kunit/test.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include "bitmap.h"

static const u32 results[] = {
	SECCOMP_RET_KILL_PROCESS | 1,
	SECCOMP_RET_KILL_PROCESS | 2,
	SECCOMP_RET_KILL_THREAD | 3,
	SECCOMP_RET_ERRNO | 4,
	SECCOMP_RET_ERRNO | 5,
	SECCOMP_RET_LOG | 6,
	SECCOMP_RET_ALLOW | 7,
};

/* A filter returns each of them, as a constant or because of arguments. */
#define NR_RESULTS	((int)ARRAY_SIZE(results))
#define NR_KINDS	(2 * NR_RESULTS)
#define NR_LAYERS	3

/* Plans only name filters: any addresses do. */
static char filters[NR_LAYERS];
#define FILTER(layer)	((struct seccomp_filter *)&filters[layer])

struct plan_test {
	struct bpf_prog *prog[NR_RESULTS];
	struct seccomp_table *own[NR_LAYERS][NR_KINDS];
};

static bool depends(int kind)
{
	return kind >= NR_RESULTS;
}

static u32 result(int kind)
{
	return results[kind % NR_RESULTS];
}

static struct seccomp_table *make_own(struct kunit *test, int layer, int kind)
{
	struct plan_test *t = test->priv;
	DECLARE_BITMAP(rows, SECCOMP_TABLE_ROWS);
	struct seccomp_table *draft = seccomp_table_draft(), *own;

	KUNIT_ASSERT_NOT_NULL(test, draft);
	bitmap_zero(rows, SECCOMP_TABLE_ROWS);
	__set_bit(0, rows);
	if (depends(kind))
		seccomp_table_run(draft, rows, t->prog[kind % NR_RESULTS],
				  FILTER(layer));
	else
		seccomp_table_decide(draft, 0, result(kind), FILTER(layer));
	own = seccomp_table_seal(draft);
	seccomp_table_put(draft);
	KUNIT_ASSERT_NOT_NULL(test, own);
	return own;
}

static int plan_init(struct kunit *test)
{
	struct plan_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	int i, layer;

	KUNIT_ASSERT_NOT_NULL(test, t);
	test->priv = t;
	for (i = 0; i < NR_RESULTS; i++) {
		struct sock_filter insn = BPF_STMT(BPF_RET | BPF_K, results[i]);
		struct sock_fprog_kern fprog = { .len = 1, .filter = &insn };

		KUNIT_ASSERT_EQ(test, 0, bpf_prog_create(&t->prog[i], &fprog));
	}
	for (layer = 0; layer < NR_LAYERS; layer++)
		for (i = 0; i < NR_KINDS; i++)
			t->own[layer][i] = make_own(test, layer, i);
	return 0;
}

static void plan_exit(struct kunit *test)
{
	struct plan_test *t = test->priv;
	int i, layer;

	for (layer = 0; layer < NR_LAYERS; layer++)
		for (i = 0; i < NR_KINDS; i++)
			seccomp_table_put(t->own[layer][i]);
	for (i = 0; i < NR_RESULTS; i++)
		if (t->prog[i])
			bpf_prog_destroy(t->prog[i]);
}

/* As seccomp_run_filters() does it; the newest filter has the highest layer. */
static u32 run_all(const int *kinds, struct seccomp_filter **match)
{
	u32 ret = SECCOMP_RET_ALLOW;
	int layer;

	for (layer = NR_LAYERS - 1; layer >= 0; layer--) {
		u32 cur = result(kinds[layer]);

		if ((s32)(cur & SECCOMP_RET_ACTION_FULL) <
		    (s32)(ret & SECCOMP_RET_ACTION_FULL)) {
			ret = cur;
			*match = FILTER(layer);
		}
	}
	return ret;
}

static void check_plan(struct kunit *test, const struct seccomp_table *all,
		       const int *kinds)
{
	struct seccomp_filter *match = NULL, *expected_match = NULL;
	const struct seccomp_plan *plan, *step;
	int layer, left = 0;
	u32 expected;

	plan = seccomp_table_lookup(all, SECCOMP_ARCH_NATIVE, 0);
	KUNIT_ASSERT_NOT_NULL(test, plan);
	expected = run_all(kinds, &expected_match);
	KUNIT_EXPECT_EQ_MSG(test, seccomp_plan_run(plan, NULL, &match), expected,
			    "%d on %d on %d", kinds[2], kinds[1], kinds[0]);
	KUNIT_EXPECT_PTR_EQ_MSG(test, match, expected_match,
				"%d on %d on %d", kinds[2], kinds[1], kinds[0]);

	for (layer = 0; layer < NR_LAYERS; layer++)
		left += depends(kinds[layer]);
	for (step = plan; step; step = step->older)
		left -= !!step->prog;
	KUNIT_EXPECT_GE_MSG(test, left, 0, "constant filters are run");
}

static void plan_test_stacks(struct kunit *test)
{
	struct plan_test *t = test->priv;
	struct seccomp_table *two, *three;
	int kinds[NR_LAYERS];
	int i, j, k;

	for (i = 0; i < NR_KINDS; i++) {
		for (j = 0; j < NR_KINDS; j++) {
			two = seccomp_table_merge(t->own[1][j], t->own[0][i]);
			KUNIT_ASSERT_NOT_NULL(test, two);
			for (k = 0; k < NR_KINDS; k++) {
				three = seccomp_table_merge(t->own[2][k], two);
				kinds[0] = i;
				kinds[1] = j;
				kinds[2] = k;
				check_plan(test, three, kinds);
				seccomp_table_put(three);
			}
			seccomp_table_put(two);
		}
	}
}

/* Filters that always allow leave the plans, and even the table, as they were. */
static void plan_test_sharing(struct kunit *test)
{
	struct plan_test *t = test->priv;
	struct seccomp_table *allow = t->own[2][NR_RESULTS - 1];
	struct seccomp_table *checks = t->own[1][NR_KINDS - 1], *all;

	all = seccomp_table_merge(allow, checks);
	KUNIT_EXPECT_PTR_EQ(test, all, checks);
	seccomp_table_put(all);

	all = seccomp_table_merge(checks, allow);
	KUNIT_EXPECT_PTR_EQ(test, all, checks);
	seccomp_table_put(all);
}

/* Plans beyond what a table holds run all filters, and so do those on top. */
static void plan_test_many(struct kunit *test)
{
	struct plan_test *t = test->priv;
	struct seccomp_table *draft = seccomp_table_draft(), *own, *all;
	DECLARE_BITMAP(rest, SECCOMP_TABLE_ROWS);
	int nr, planned = 0;

	KUNIT_ASSERT_NOT_NULL(test, draft);
	for (nr = 0; nr < 2 * SECCOMP_MAX_CLASSES; nr++)
		seccomp_table_decide(draft, nr, SECCOMP_RET_ERRNO | nr, FILTER(0));
	bitmap_fill(rest, SECCOMP_TABLE_ROWS);
	seccomp_table_run(draft, rest, t->prog[0], FILTER(0));
	own = seccomp_table_seal(draft);
	seccomp_table_put(draft);
	KUNIT_ASSERT_NOT_NULL(test, own);

	all = seccomp_table_merge(t->own[1][NR_RESULTS], own);
	KUNIT_EXPECT_NOT_NULL(test, seccomp_table_lookup(all, SECCOMP_ARCH_NATIVE, 0));
	for (nr = 0; nr < SECCOMP_ARCH_NATIVE_NR; nr++)
		planned += !!seccomp_table_lookup(own, SECCOMP_ARCH_NATIVE, nr);
	KUNIT_EXPECT_EQ(test, planned, SECCOMP_MAX_CLASSES - SECCOMP_NR_FIXED_CLASSES);

	seccomp_table_put(all);
	seccomp_table_put(own);
}

static struct kunit_case plan_cases[] = {
	KUNIT_CASE(plan_test_stacks),
	KUNIT_CASE(plan_test_sharing),
	KUNIT_CASE(plan_test_many),
	{}
};

static struct kunit_suite plan_suite = {
	.name = "seccomp_plan",
	.init = plan_init,
	.exit = plan_exit,
	.test_cases = plan_cases,
};

kunit_test_suite(plan_suite);
