// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of results: what one filter does with each number. */

#include <kunit/test.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/seccomp_bitmap.h>

#include "../table.h"
#include "kunit_prog.h"

/**
 * struct results_test - what two classifiers have found about one filter
 * @own: what one has found
 * @other: what the other has found
 * @prog: the filter's program, where it is attached
 * @below: table of the filters below it
 */
struct results_test {
	struct seccomp_results *own;
	struct seccomp_results *other;
	struct bpf_prog *prog;
	struct seccomp_table *below;
};

static int results_init(struct kunit *test)
{
	struct results_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	test->priv = t;
	t->own = seccomp_results_alloc();
	t->other = seccomp_results_alloc();
	KUNIT_ASSERT_NOT_NULL(test, t->own);
	KUNIT_ASSERT_NOT_NULL(test, t->other);
	return 0;
}

static void results_exit(struct kunit *test)
{
	struct results_test *t = test->priv;

	if (!t)
		return;
	kfree(t->own);
	kfree(t->other);
	seccomp_table_put(t->below);
	if (t->prog)
		bpf_prog_destroy(t->prog);
}

static u8 constant(struct seccomp_results *results, u32 ret)
{
	return seccomp_results_id(results, SECCOMP_CONSTANT, ret);
}

static void set(struct seccomp_results *results, unsigned int row, u32 ret)
{
	seccomp_results_set_row(results, row, constant(results, ret));
}

static void results_test_ids(struct kunit *test)
{
	struct results_test *t = test->priv;
	struct seccomp_results *own = t->own;
	u8 id = constant(own, SECCOMP_RET_ERRNO | 5);

	KUNIT_EXPECT_EQ(test, constant(own, SECCOMP_RET_ALLOW), SECCOMP_OUTCOME_ALLOW);
	KUNIT_EXPECT_EQ(test, constant(own, SECCOMP_RET_ALLOW | 77), SECCOMP_OUTCOME_ALLOW);
	KUNIT_EXPECT_EQ(test, id, SECCOMP_NR_FIXED_OUTCOMES);
	KUNIT_EXPECT_EQ(test, own->outcome[id].kind, SECCOMP_CONSTANT);
	KUNIT_EXPECT_EQ(test, own->outcome[id].value, SECCOMP_RET_ERRNO | 5);

	/* The same value is another outcome as a place in the program. */
	id = seccomp_results_id(own, SECCOMP_REST, 5);
	KUNIT_EXPECT_NE(test, seccomp_results_id(own, SECCOMP_RUN, 5), id);
	KUNIT_EXPECT_NE(test, constant(own, 5), id);
	KUNIT_EXPECT_EQ(test, seccomp_results_id(own, SECCOMP_REST, 5), id);
	KUNIT_EXPECT_EQ(test, own->outcome[id].kind, SECCOMP_REST);
	KUNIT_EXPECT_EQ(test, own->nr_outcomes, SECCOMP_NR_FIXED_OUTCOMES + 4);
}

/* Outcomes beyond what there is room for run the filter; the others stay. */
static void results_test_too_many(struct kunit *test)
{
	struct results_test *t = test->priv;
	struct seccomp_results *own = t->own;
	const unsigned int room = SECCOMP_MAX_CLASSES - SECCOMP_NR_FIXED_OUTCOMES;
	unsigned int i;

	for (i = 0; i < room; i++)
		KUNIT_ASSERT_EQ(test, constant(own, SECCOMP_RET_ERRNO | i),
				SECCOMP_NR_FIXED_OUTCOMES + i);
	KUNIT_EXPECT_EQ(test, constant(own, SECCOMP_RET_ERRNO | room), SECCOMP_OUTCOME_RUN);
	KUNIT_EXPECT_EQ(test, constant(own, SECCOMP_RET_ALLOW), SECCOMP_OUTCOME_ALLOW);
	for (i = 0; i < room; i++)
		KUNIT_ASSERT_EQ(test, constant(own, SECCOMP_RET_ERRNO | i),
				SECCOMP_NR_FIXED_OUTCOMES + i);
}

static void results_test_rows(struct kunit *test)
{
	struct results_test *t = test->priv;
	struct seccomp_results *own = t->own;
	u8 id = constant(own, SECCOMP_RET_TRAP);
	unsigned int row;

	for (row = 0; row < SECCOMP_TABLE_ROWS; row++)
		KUNIT_ASSERT_EQ(test, seccomp_results_row(own, row), SECCOMP_OUTCOME_RUN);

	for (row = 30; row < 34; row++)
		seccomp_results_set_row(own, row, id);
	for (row = 62; row < 66; row++)
		seccomp_results_set_row(own, row, SECCOMP_OUTCOME_ALLOW);
	seccomp_results_set_row(own, 63, id);
	seccomp_results_set_row(own, 31, SECCOMP_OUTCOME_ALLOW);

	for (row = 0; row < SECCOMP_TABLE_ROWS; row++) {
		u8 expected = SECCOMP_OUTCOME_RUN;

		if (row == 30 || row == 32 || row == 33 || row == 63)
			expected = id;
		else if (row == 31 || row == 62 || row == 64 || row == 65)
			expected = SECCOMP_OUTCOME_ALLOW;
		KUNIT_EXPECT_EQ_MSG(test, seccomp_results_row(own, row), expected,
				    "row %u", row);
	}
}

/* Both must say the same; the numbers of outcomes say nothing. */
static void results_test_intersect(struct kunit *test)
{
	struct results_test *t = test->priv;
	struct seccomp_results *own = t->own, *other = t->other;

	constant(other, SECCOMP_RET_TRAP);
	set(own, 0, SECCOMP_RET_ERRNO | 1);
	set(other, 0, SECCOMP_RET_ERRNO | 1);
	set(own, 1, SECCOMP_RET_ALLOW);
	set(other, 1, SECCOMP_RET_ALLOW);
	set(own, 2, SECCOMP_RET_ALLOW);
	set(other, 3, SECCOMP_RET_ALLOW);
	seccomp_results_set_row(own, 4, seccomp_results_id(own, SECCOMP_REST, 7));
	set(other, 4, SECCOMP_RET_ERRNO | 1);
	KUNIT_EXPECT_EQ(test, seccomp_results_intersect(own, other), -1);

	KUNIT_EXPECT_EQ(test, seccomp_results_row(own, 0),
			constant(own, SECCOMP_RET_ERRNO | 1));
	KUNIT_EXPECT_EQ(test, seccomp_results_row(own, 1), SECCOMP_OUTCOME_ALLOW);
	KUNIT_EXPECT_EQ(test, seccomp_results_row(own, 2), SECCOMP_OUTCOME_RUN);
	KUNIT_EXPECT_EQ(test, seccomp_results_row(own, 3), SECCOMP_OUTCOME_RUN);
	KUNIT_EXPECT_EQ(test, seccomp_results_row(own, 4),
			seccomp_results_id(own, SECCOMP_REST, 7));

	set(own, 5, SECCOMP_RET_ERRNO | 1);
	set(other, 5, SECCOMP_RET_ERRNO | 2);
	set(own, 6, SECCOMP_RET_ALLOW);
	set(other, 6, SECCOMP_RET_ERRNO | 2);
	KUNIT_EXPECT_EQ(test, seccomp_results_intersect(own, other), 5);
	KUNIT_EXPECT_EQ(test, seccomp_results_row(own, 5), SECCOMP_OUTCOME_RUN);
	KUNIT_EXPECT_EQ(test, seccomp_results_row(own, 6), SECCOMP_OUTCOME_RUN);
}

/* --- Calls that no filter can expect --- */

/* They are allowed, or left to seccomp_run_filters(), which allows them. */
static int count_exempt(struct kunit *test, const struct seccomp_table *table)
{
	struct seccomp_data sd = { .arch = SECCOMP_ARCH_NATIVE };
	struct seccomp_verdict verdict;
	int exempt = 0;

	for (sd.nr = 0; sd.nr < SECCOMP_ARCH_NATIVE_NR; sd.nr++) {
		if (!seccomp_exempt(sd.arch, sd.nr))
			continue;
		exempt++;
		if (seccomp_table_decide(table, &sd, &verdict))
			KUNIT_EXPECT_EQ_MSG(test, verdict.ret, SECCOMP_RET_ALLOW,
					    "nr %d", sd.nr);
	}
	return exempt;
}

/* On top of @below, with what is known of the filter or without. */
static int freeze_exempt(struct kunit *test, const struct seccomp_results *own,
			 const struct seccomp_table *below)
{
	static const struct sock_filter insn =
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1);
	struct seccomp_bitmap bitmap = {
		.program = kunit_program(test, &insn, 1, own),
	};
	int exempt;

	seccomp_bitmap_freeze(&bitmap, false, below);
	exempt = count_exempt(test, bitmap.table);
	seccomp_bitmap_free(&bitmap);
	return exempt;
}

static void results_test_exempt(struct kunit *test)
{
	struct results_test *t = test->priv;
	unsigned int row;

	for (row = 0; row < SECCOMP_TABLE_ROWS; row++)
		set(t->own, row, SECCOMP_RET_ERRNO | 1);
	if (!freeze_exempt(test, t->own, NULL))
		kunit_skip(test, "there are none");
	freeze_exempt(test, NULL, NULL);

	/* On filters whose table has been lost. */
	t->below = seccomp_table_of_programs(1);
	KUNIT_ASSERT_NOT_NULL(test, t->below);
	t->prog = kunit_prog(test, &(struct sock_filter)
			     BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1), 1);
	seccomp_table_set_program(t->below, 0, t->prog, false);
	freeze_exempt(test, t->own, t->below);
	freeze_exempt(test, NULL, t->below);
}

/* What is packed comes out again, whatever the length of runs. */
static void results_test_packed(struct kunit *test)
{
	struct results_test *t = test->priv;
	struct seccomp_results *again;
	struct seccomp_own *packed;
	unsigned int row, run = 1, end = 1;
	u8 id = SECCOMP_OUTCOME_RUN;

	for (row = 0; row < SECCOMP_TABLE_ROWS; row++) {
		if (row == end) {
			/* Long ones of each kind */
			end += run;
			run += min(run, 150);
			if (t->own->outcome[id].kind == SECCOMP_CONSTANT)
				id = seccomp_results_id(t->own, SECCOMP_REST, row);
			else
				id = constant(t->own, row % 4 ? SECCOMP_RET_ALLOW :
							SECCOMP_RET_ERRNO | row);
		}
		seccomp_results_set_row(t->own, row, id);
	}
	packed = seccomp_results_pack(t->own);
	KUNIT_ASSERT_NOT_NULL(test, packed);
	again = seccomp_results_unpack(packed);
	kfree(packed);
	KUNIT_ASSERT_NOT_NULL(test, again);

	KUNIT_EXPECT_EQ(test, again->nr_outcomes, t->own->nr_outcomes);
	for (id = 0; id < again->nr_outcomes; id++) {
		KUNIT_EXPECT_EQ(test, again->outcome[id].kind, t->own->outcome[id].kind);
		KUNIT_EXPECT_EQ(test, again->outcome[id].value, t->own->outcome[id].value);
	}
	for (row = 0; row < SECCOMP_TABLE_ROWS; row++)
		KUNIT_EXPECT_EQ(test, seccomp_results_row(again, row),
				seccomp_results_row(t->own, row));
	kfree(again);
}

static struct kunit_case results_cases[] = {
	KUNIT_CASE(results_test_ids),
	KUNIT_CASE(results_test_too_many),
	KUNIT_CASE(results_test_rows),
	KUNIT_CASE(results_test_intersect),
	KUNIT_CASE(results_test_exempt),
	KUNIT_CASE(results_test_packed),
	{}
};

static struct kunit_suite results_suite = {
	.name = "seccomp_bitmap_results",
	.init = results_init,
	.exit = results_exit,
	.test_cases = results_cases,
};

kunit_test_suite(results_suite);
