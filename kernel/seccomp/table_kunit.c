// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of the tables, and of what else is kept with a filter. */

#include <kunit/test.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include "bitmap.h"

/* Tables only compare filters: any two addresses do. */
static char filters[2];
#define NEWER	((struct seccomp_filter *)&filters[0])
#define OLDER	((struct seccomp_filter *)&filters[1])

/* The strongest action first. */
static const u32 by_precedence[] = {
	SECCOMP_RET_KILL_PROCESS,
	0xfffe0000,				/* unknown, kills */
	SECCOMP_RET_KILL_THREAD,
	0x00010000,				/* unknown, kills */
	SECCOMP_RET_TRAP,
	SECCOMP_RET_ERRNO,
	SECCOMP_RET_USER_NOTIF,
	SECCOMP_RET_TRACE,
	SECCOMP_RET_LOG,
	SECCOMP_RET_ALLOW,
};

static struct seccomp_table *new_draft(struct kunit *test)
{
	struct seccomp_table *draft = seccomp_table_draft();

	KUNIT_ASSERT_NOT_NULL(test, draft);
	return draft;
}

static struct seccomp_table *finish(struct seccomp_table *draft)
{
	struct seccomp_table *table = seccomp_table_seal(draft);

	seccomp_table_put(draft);
	return table;
}

static void expect(struct kunit *test, const struct seccomp_table *table, int nr,
		   u32 ret, const struct seccomp_filter *match)
{
	const struct seccomp_plan *plan;

	plan = seccomp_table_lookup(table, SECCOMP_ARCH_NATIVE, nr);
	KUNIT_ASSERT_TRUE_MSG(test, seccomp_plan_constant(plan),
			      "nr %d is not constant", nr);
	KUNIT_EXPECT_EQ_MSG(test, plan->ret, ret, "nr %d", nr);
	KUNIT_EXPECT_PTR_EQ_MSG(test, plan->match, match, "nr %d", nr);
}

static void expect_filter(struct kunit *test, const struct seccomp_table *table,
			  u32 arch, int nr)
{
	KUNIT_EXPECT_NULL_MSG(test, seccomp_table_lookup(table, arch, nr),
			      "arch %#x nr %d is constant", arch, nr);
}

static void seccomp_test_decide(struct kunit *test)
{
	struct seccomp_table *draft = new_draft(test), *table;

	seccomp_table_decide(draft, 0, SECCOMP_RET_ALLOW | 77, NEWER);
	seccomp_table_decide(draft, 1, SECCOMP_RET_ERRNO | 1, NEWER);
	seccomp_table_decide(draft, 2, SECCOMP_RET_ERRNO | 2, NEWER);
	seccomp_table_decide(draft, 3, 0x12345678, NEWER);
	/* The last word counts, and leaves an empty class behind. */
	seccomp_table_decide(draft, 4, SECCOMP_RET_TRAP, NEWER);
	seccomp_table_decide(draft, 4, SECCOMP_RET_KILL_THREAD, NEWER);
	table = finish(draft);
	KUNIT_ASSERT_NOT_NULL(test, table);

	expect(test, table, 0, SECCOMP_RET_ALLOW, NULL);
	expect(test, table, 1, SECCOMP_RET_ERRNO | 1, NEWER);
	expect(test, table, 2, SECCOMP_RET_ERRNO | 2, NEWER);
	expect(test, table, 3, 0x12345678, NEWER);
	expect(test, table, 4, SECCOMP_RET_KILL_THREAD, NEWER);
	expect_filter(test, table, SECCOMP_ARCH_NATIVE, 5);
	KUNIT_EXPECT_EQ(test, table->nr_classes, SECCOMP_NR_FIXED_CLASSES + 4);

	seccomp_table_put(table);
}

static void seccomp_test_nothing_constant(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, finish(new_draft(test)));
}

static void seccomp_test_bounds(struct kunit *test)
{
	struct seccomp_table *draft = new_draft(test), *table;
	const struct seccomp_abi *abi;
	unsigned int i, row;

	for (row = 0; row < SECCOMP_TABLE_ROWS; row++)
		seccomp_table_decide(draft, row, SECCOMP_RET_ALLOW, NEWER);
	table = finish(draft);
	KUNIT_ASSERT_NOT_NULL(test, table);

	for (i = 0; i < SECCOMP_NR_ABIS; i++) {
		abi = &seccomp_abis[i];
		KUNIT_EXPECT_NOT_NULL(test, seccomp_table_lookup(table, abi->arch, 0));
		KUNIT_EXPECT_NOT_NULL(test, seccomp_table_lookup(table, abi->arch,
								 abi->size - 1));
		expect_filter(test, table, abi->arch, abi->size);
		expect_filter(test, table, abi->arch, -1);
		expect_filter(test, table, abi->arch, INT_MIN);
		expect_filter(test, table, abi->arch, INT_MAX);
		expect_filter(test, table, abi->arch, 0x40000000);
		expect_filter(test, NULL, abi->arch, 0);
	}
	expect_filter(test, table, 0, 0);
	expect_filter(test, table, ~SECCOMP_ARCH_NATIVE, 0);

	seccomp_table_put(table);
}

/* A number that is constant in one ABI says nothing about the others. */
static void seccomp_test_abis_apart(struct kunit *test)
{
	const struct seccomp_plan *plan;
	struct seccomp_table *draft, *table;
	unsigned int i, other, last;

	for (i = 0; i < SECCOMP_NR_ABIS; i++) {
		last = seccomp_abis[i].size - 1;
		draft = new_draft(test);
		seccomp_table_decide(draft, seccomp_row(seccomp_abis[i].arch, last),
				     SECCOMP_RET_TRAP | 9, NEWER);
		table = finish(draft);
		KUNIT_ASSERT_NOT_NULL(test, table);

		for (other = 0; other < SECCOMP_NR_ABIS; other++) {
			plan = seccomp_table_lookup(table,
						    seccomp_abis[other].arch,
						    last);
			KUNIT_EXPECT_EQ(test, !!plan, i == other);
		}
		seccomp_table_put(table);
	}
}

/* One number a pair of actions; then a row of what is not constant. */
#define NR_ACTIONS	((int)ARRAY_SIZE(by_precedence))
#define PAIR(i, j)	((i) * (NR_ACTIONS + 1) + (j))

static void decide(struct seccomp_table *draft, int nr, int action,
		   struct seccomp_filter *filter)
{
	if (action < NR_ACTIONS)
		seccomp_table_decide(draft, nr, by_precedence[action] | action,
				     filter);
}

static void expect_pair(struct kunit *test, const struct seccomp_table *all,
			int i, int j)
{
	bool newer = i <= j;
	int winner = newer ? i : j;

	if (i == NR_ACTIONS || (j == NR_ACTIONS && i != 0))
		expect_filter(test, all, SECCOMP_ARCH_NATIVE, PAIR(i, j));
	else if (by_precedence[winner] == SECCOMP_RET_ALLOW)
		expect(test, all, PAIR(i, j), SECCOMP_RET_ALLOW, NULL);
	else
		expect(test, all, PAIR(i, j), by_precedence[winner] | winner,
		       newer ? NEWER : OLDER);
}

static void seccomp_test_precedence(struct kunit *test)
{
	struct seccomp_table *newer = new_draft(test), *older = new_draft(test);
	struct seccomp_table *all;
	int i, j;

	for (i = 0; i <= NR_ACTIONS; i++) {
		for (j = 0; j <= NR_ACTIONS; j++) {
			decide(newer, PAIR(i, j), i, NEWER);
			decide(older, PAIR(i, j), j, OLDER);
		}
	}
	newer = finish(newer);
	older = finish(older);
	all = seccomp_table_merge(newer, older);
	KUNIT_ASSERT_NOT_NULL(test, all);

	for (i = 0; i <= NR_ACTIONS; i++)
		for (j = 0; j <= NR_ACTIONS; j++)
			expect_pair(test, all, i, j);

	seccomp_table_put(all);
	seccomp_table_put(older);
	seccomp_table_put(newer);
}

static struct seccomp_table *allow_all_but(struct kunit *test, int nr, u32 ret,
					   struct seccomp_filter *filter)
{
	struct seccomp_table *draft = new_draft(test);
	unsigned int row;

	for (row = 0; row < SECCOMP_TABLE_ROWS; row++)
		seccomp_table_decide(draft, row, SECCOMP_RET_ALLOW, filter);
	if (nr >= 0)
		seccomp_table_decide(draft, nr, ret, filter);
	return finish(draft);
}

static void seccomp_test_sharing(struct kunit *test)
{
	struct seccomp_table *allow, *deny, *same, *all;

	allow = allow_all_but(test, -1, 0, NEWER);
	deny = allow_all_but(test, 3, SECCOMP_RET_ERRNO | 1, OLDER);
	same = allow_all_but(test, 3, SECCOMP_RET_ERRNO | 1, NEWER);

	all = seccomp_table_merge(allow, deny);
	KUNIT_EXPECT_PTR_EQ(test, all, deny);
	KUNIT_EXPECT_EQ(test, refcount_read(&deny->refs), 2);
	seccomp_table_put(all);

	all = seccomp_table_merge(deny, allow);
	KUNIT_EXPECT_PTR_EQ(test, all, deny);
	seccomp_table_put(all);

	/* The same answer from another filter is another result. */
	all = seccomp_table_merge(same, deny);
	KUNIT_EXPECT_PTR_NE(test, all, deny);
	expect(test, all, 3, SECCOMP_RET_ERRNO | 1, NEWER);
	seccomp_table_put(all);

	KUNIT_EXPECT_EQ(test, refcount_read(&deny->refs), 1);
	KUNIT_EXPECT_NULL(test, seccomp_table_merge(NULL, deny));
	KUNIT_EXPECT_NULL(test, seccomp_table_merge(deny, NULL));

	seccomp_table_put(same);
	seccomp_table_put(deny);
	seccomp_table_put(allow);
}

/* Stacking again, as after a race, drops what was stacked before. */
static void seccomp_test_stack_again(struct kunit *test)
{
	struct seccomp_table *deny = allow_all_but(test, 3, SECCOMP_RET_TRAP, OLDER);
	struct seccomp_bitmap older = { .own = deny, .all = deny };
	struct seccomp_bitmap newer = {
		.own = allow_all_but(test, 4, SECCOMP_RET_LOG, NEWER),
	};

	seccomp_bitmap_stack(&newer, NULL);
	KUNIT_EXPECT_PTR_EQ(test, newer.all, newer.own);
	seccomp_bitmap_stack(&newer, &older);
	KUNIT_EXPECT_EQ(test, refcount_read(&newer.own->refs), 1);
	expect(test, newer.all, 3, SECCOMP_RET_TRAP, OLDER);
	expect(test, newer.all, 4, SECCOMP_RET_LOG, NEWER);

	seccomp_bitmap_free(&newer);
	seccomp_table_put(deny);
}

/* Results beyond what a table holds are not constant, rather than wrong. */
static void seccomp_test_many_results(struct kunit *test)
{
	struct seccomp_table *newer = new_draft(test), *older = new_draft(test);
	struct seccomp_table *all;
	const struct seccomp_plan *plan;
	int nr, known = 0;

	for (nr = 0; nr < 100; nr++) {
		seccomp_table_decide(newer, nr, nr % 2 ? SECCOMP_RET_ALLOW :
				     SECCOMP_RET_ERRNO | nr, NEWER);
		seccomp_table_decide(older, nr, nr % 2 ? SECCOMP_RET_ERRNO | nr :
				     SECCOMP_RET_ALLOW, OLDER);
	}
	newer = finish(newer);
	older = finish(older);
	all = seccomp_table_merge(newer, older);
	KUNIT_ASSERT_NOT_NULL(test, all);

	for (nr = 0; nr < 100; nr++) {
		plan = seccomp_table_lookup(all, SECCOMP_ARCH_NATIVE, nr);
		if (!plan)
			continue;
		known++;
		expect(test, all, nr, SECCOMP_RET_ERRNO | nr,
		       nr % 2 ? OLDER : NEWER);
	}
	KUNIT_EXPECT_EQ(test, known, SECCOMP_MAX_CLASSES - SECCOMP_NR_FIXED_CLASSES);

	seccomp_table_put(all);
	seccomp_table_put(older);
	seccomp_table_put(newer);
}

static void seccomp_test_no_memory(struct kunit *test)
{
	struct seccomp_table *newer, *older, *all;
	unsigned int nth;

	newer = allow_all_but(test, 4, SECCOMP_RET_LOG, NEWER);
	older = allow_all_but(test, 3, SECCOMP_RET_TRAP, OLDER);

	/* A merge allocates twice: a draft, and the table that comes of it. */
	for (nth = 1; nth <= 3; nth++) {
		seccomp_table_fail_nth = nth;
		all = seccomp_table_merge(newer, older);
		KUNIT_EXPECT_EQ(test, !all, nth < 3);
		KUNIT_EXPECT_EQ(test, seccomp_table_fail_nth, nth == 3);
		seccomp_table_put(all);
	}
	seccomp_table_fail_nth = 0;
	KUNIT_EXPECT_EQ(test, refcount_read(&newer->refs), 1);
	KUNIT_EXPECT_EQ(test, refcount_read(&older->refs), 1);

	seccomp_table_put(older);
	seccomp_table_put(newer);
}

/*
 * Numbers whose result depends on arguments know where the filter first looks
 * at one, in the user's instructions; one that does not use it looks, too.
 */
static void seccomp_test_first_look(struct kunit *test)
{
	struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 3, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 4, 2, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, instruction_pointer)),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args)),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};
	struct sock_fprog_kern fprog = { .len = ARRAY_SIZE(insns), .filter = insns };
	struct bpf_prog *prog = kunit_kzalloc(test, sizeof(*prog), GFP_KERNEL);
	u16 *first_look = kunit_kzalloc(test, SECCOMP_FIRST_LOOK_SIZE, GFP_KERNEL);
	struct seccomp_table *draft = new_draft(test), *table;
	int row = seccomp_row(SECCOMP_ARCH_NATIVE, 0);

	KUNIT_ASSERT_NOT_NULL(test, prog);
	KUNIT_ASSERT_NOT_NULL(test, first_look);
	prog->orig_prog = &fprog;
	KUNIT_EXPECT_EQ(test, 0, seccomp_symbolic.classify(prog, NEWER, draft,
							   first_look));
	table = finish(draft);
	KUNIT_ASSERT_NOT_NULL(test, table);

	expect(test, table, 2, SECCOMP_RET_ALLOW, NULL);
	expect_filter(test, table, SECCOMP_ARCH_NATIVE, 3);
	expect_filter(test, table, SECCOMP_ARCH_NATIVE, 4);
	KUNIT_EXPECT_EQ(test, first_look[row + 3], 4);
	KUNIT_EXPECT_EQ(test, first_look[row + 4], 5);

	seccomp_table_put(table);
}

static struct kunit_case seccomp_bitmap_cases[] = {
	KUNIT_CASE(seccomp_test_decide),
	KUNIT_CASE(seccomp_test_nothing_constant),
	KUNIT_CASE(seccomp_test_bounds),
	KUNIT_CASE(seccomp_test_abis_apart),
	KUNIT_CASE(seccomp_test_precedence),
	KUNIT_CASE(seccomp_test_sharing),
	KUNIT_CASE(seccomp_test_stack_again),
	KUNIT_CASE(seccomp_test_many_results),
	KUNIT_CASE(seccomp_test_no_memory),
	KUNIT_CASE(seccomp_test_first_look),
	{}
};

static struct kunit_suite seccomp_bitmap_suite = {
	.name = "seccomp_bitmap",
	.test_cases = seccomp_bitmap_cases,
};

kunit_test_suite(seccomp_bitmap_suite);
