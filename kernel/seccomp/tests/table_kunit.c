// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of tables: bounds, precedence, memory. */

#include <kunit/test.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/seccomp_bitmap.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../table.h"
#include "kunit_prog.h"

/* What running either filter gives: no test sets this as a constant. */
#define WHEN_RUN	(SECCOMP_RET_KILL_PROCESS | 0xbad)

#define OLDER		0
#define NEWER		1

/**
 * struct table_test - two filters, of which the newer one logs
 * @prog: program of both
 * @own: their outcomes
 * @below: table of the older one
 * @table: table of both, or of the newer one alone
 * @bitmap: for tests of what seccomp_bitmap_freeze() does
 */
struct table_test {
	struct bpf_prog *prog;
	struct seccomp_results *own[2];
	struct seccomp_table *below;
	struct seccomp_table *table;
	struct seccomp_bitmap bitmap;
};

static int table_init(struct kunit *test)
{
	struct sock_filter insn = BPF_STMT(BPF_RET | BPF_K, WHEN_RUN);
	struct sock_fprog_kern fprog = { .len = 1, .filter = &insn };
	struct table_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, t);
	test->priv = t;
	for (i = 0; i < ARRAY_SIZE(t->own); i++) {
		t->own[i] = seccomp_results_alloc();
		KUNIT_ASSERT_NOT_NULL(test, t->own[i]);
	}
	KUNIT_ASSERT_EQ(test, bpf_prog_create(&t->prog, &fprog), 0);
	return 0;
}

static void table_exit(struct kunit *test)
{
	struct table_test *t = test->priv;
	unsigned int i;

	if (!t)
		return;
	seccomp_bitmap_free(&t->bitmap);
	seccomp_table_put(t->table);
	seccomp_table_put(t->below);
	for (i = 0; i < ARRAY_SIZE(t->own); i++)
		kfree(t->own[i]);
	if (t->prog)
		bpf_prog_destroy(t->prog);
}

static u8 constant(struct seccomp_results *own, u32 ret)
{
	return seccomp_results_id(own, SECCOMP_CONSTANT, ret);
}

/* A native call, counted from the first one, has a constant result. */
static void set(struct seccomp_results *own, int nr, u32 ret)
{
	seccomp_results_set_row(own, seccomp_row(SECCOMP_ARCH_NATIVE, NATIVE(nr)),
				constant(own, ret));
}

static void allow_all(struct seccomp_results *own)
{
	const struct seccomp_abi *abi;
	unsigned int nr;

	for (abi = seccomp_abis; abi < &seccomp_abis[SECCOMP_NR_ABIS]; abi++)
		for (nr = abi->first; nr < seccomp_abi_end(abi); nr++)
			seccomp_results_set_row(own, seccomp_row(abi->arch, nr),
						SECCOMP_OUTCOME_ALLOW);
}

static void freeze_newer(struct kunit *test)
{
	struct table_test *t = test->priv;

	seccomp_table_put(t->table);
	t->table = seccomp_table_freeze(t->own[NEWER], t->prog, true, t->below);
	KUNIT_ASSERT_NOT_NULL(test, t->table);
}

static void freeze_both(struct kunit *test)
{
	struct table_test *t = test->priv;

	t->below = seccomp_table_freeze(t->own[OLDER], t->prog, false, NULL);
	KUNIT_ASSERT_NOT_NULL(test, t->below);
	freeze_newer(test);
}

static bool decide(const struct seccomp_table *table, u32 arch, int nr,
		   struct seccomp_verdict *verdict)
{
	const struct seccomp_data sd = { .nr = nr, .arch = arch };

	return seccomp_table_decide(table, &sd, verdict);
}

/* The table has a verdict of the filter at @place, of which @log tells. */
static void expect(struct kunit *test, const struct seccomp_table *table, int nr,
		   u32 ret, unsigned int place, bool log)
{
	struct seccomp_verdict verdict;

	if (!decide(table, SECCOMP_ARCH_NATIVE, NATIVE(nr), &verdict)) {
		KUNIT_FAIL(test, "nr %d is not decided", nr);
		return;
	}
	KUNIT_EXPECT_EQ_MSG(test, verdict.ret, ret, "nr %d", nr);
	if (ret == SECCOMP_RET_ALLOW)
		return;
	KUNIT_EXPECT_EQ_MSG(test, verdict.place, place, "nr %d", nr);
	KUNIT_EXPECT_EQ_MSG(test, verdict.log, log, "nr %d", nr);
}

static void expect_allow(struct kunit *test, const struct seccomp_table *table,
			 u32 arch, int nr)
{
	struct seccomp_verdict verdict = { .ret = WHEN_RUN };

	KUNIT_EXPECT_TRUE(test, decide(table, arch, nr, &verdict));
	KUNIT_EXPECT_EQ_MSG(test, verdict.ret, SECCOMP_RET_ALLOW,
			    "arch %#x nr %d", arch, nr);
}

static void expect_filters(struct kunit *test, const struct seccomp_table *table,
			   u32 arch, int nr)
{
	struct seccomp_verdict verdict;

	KUNIT_EXPECT_FALSE_MSG(test, decide(table, arch, nr, &verdict),
			       "arch %#x nr %d is decided", arch, nr);
}

/* --- Verdicts --- */

static void table_test_constants(struct kunit *test)
{
	struct table_test *t = test->priv;
	struct seccomp_results *own = t->own[NEWER];

	set(own, 0, SECCOMP_RET_ALLOW | 77);
	set(own, 1, SECCOMP_RET_ERRNO | 1);
	set(own, 2, SECCOMP_RET_ERRNO | 2);
	set(own, 3, 0x12345678);
	/* The last word counts, and takes no class for the first. */
	set(own, 4, SECCOMP_RET_TRAP);
	set(own, 4, SECCOMP_RET_KILL_THREAD);
	freeze_newer(test);

	expect_allow(test, t->table, SECCOMP_ARCH_NATIVE, NATIVE(0));
	KUNIT_EXPECT_TRUE(test, seccomp_table_allows(t->table, 0));
	expect(test, t->table, 1, SECCOMP_RET_ERRNO | 1, 0, true);
	KUNIT_EXPECT_FALSE(test, seccomp_table_allows(t->table, 1));
	expect(test, t->table, 2, SECCOMP_RET_ERRNO | 2, 0, true);
	expect(test, t->table, 3, 0x12345678, 0, true);
	expect(test, t->table, 4, SECCOMP_RET_KILL_THREAD, 0, true);
	expect(test, t->table, 5, WHEN_RUN, 0, true);
	KUNIT_EXPECT_EQ(test, t->table->nr_classes, 5);
}

static void table_test_bounds(struct kunit *test)
{
	static const int outside[] = { -1, INT_MIN, INT_MAX, 0x40000000 };
	struct table_test *t = test->priv;
	const struct seccomp_abi *abi;
	unsigned int i;

	allow_all(t->own[NEWER]);
	freeze_newer(test);

	for (abi = seccomp_abis; abi < &seccomp_abis[SECCOMP_NR_ABIS]; abi++) {
		expect_allow(test, t->table, abi->arch, abi->first);
		expect_allow(test, t->table, abi->arch, seccomp_abi_end(abi) - 1);
		expect_filters(test, t->table, abi->arch, seccomp_abi_end(abi));
		expect_filters(test, t->table, abi->arch, abi->first - 1);
		if (abi->first)
			expect_filters(test, t->table, abi->arch, 0);
		for (i = 0; i < ARRAY_SIZE(outside); i++)
			expect_filters(test, t->table, abi->arch, outside[i]);
		expect_filters(test, NULL, abi->arch, abi->first);
	}
	expect_filters(test, t->table, 0, NATIVE(0));
	expect_filters(test, t->table, ~SECCOMP_ARCH_NATIVE, NATIVE(0));
}

/* A result in one ABI says nothing about the others. */
static void table_test_abis_apart(struct kunit *test)
{
	struct table_test *t = test->priv;
	const struct seccomp_abi *abi = seccomp_abis;
	struct seccomp_verdict verdict;
	unsigned int i, other, last;

	for (i = 0; i < SECCOMP_NR_ABIS; i++) {
		last = abi[i].size - 1;
		allow_all(t->own[NEWER]);
		seccomp_results_set_row(t->own[NEWER],
					seccomp_row(abi[i].arch, abi[i].first + last),
					constant(t->own[NEWER], SECCOMP_RET_TRAP | 9));
		freeze_newer(test);

		for (other = 0; other < SECCOMP_NR_ABIS; other++) {
			if (last >= abi[other].size)
				continue;
			KUNIT_ASSERT_TRUE(test, decide(t->table, abi[other].arch,
						       abi[other].first + last, &verdict));
			KUNIT_EXPECT_EQ(test, verdict.ret,
					i == other ? SECCOMP_RET_TRAP | 9 :
						     SECCOMP_RET_ALLOW);
		}
	}
}

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

/* One number for each pair of actions, with data that tells the filters apart. */
static void table_test_precedence(struct kunit *test)
{
	const int nr_actions = ARRAY_SIZE(by_precedence);
	struct table_test *t = test->priv;
	int i, j, nr;

	for (i = 0; i < nr_actions; i++) {
		for (j = 0; j < nr_actions; j++) {
			set(t->own[NEWER], i * nr_actions + j, by_precedence[i] | 1);
			set(t->own[OLDER], i * nr_actions + j, by_precedence[j] | 2);
		}
	}
	freeze_both(test);

	for (nr = 0, i = 0; i < nr_actions; i++) {
		for (j = 0; j < nr_actions; j++, nr++) {
			if (by_precedence[min(i, j)] == SECCOMP_RET_ALLOW)
				expect_allow(test, t->table, SECCOMP_ARCH_NATIVE, NATIVE(nr));
			else if (i <= j)
				expect(test, t->table, nr, by_precedence[i] | 1, 1, true);
			else
				expect(test, t->table, nr, by_precedence[j] | 2, 0, false);
		}
	}
}

/* Classes beyond what a table holds run the filters, rather than be wrong. */
static void table_test_too_many(struct kunit *test)
{
	struct table_test *t = test->priv;
	struct seccomp_verdict verdict;
	int nr, known = 0;

	for (nr = 0; nr < 400; nr++) {
		set(t->own[NEWER], nr, nr % 2 ? SECCOMP_RET_ALLOW : SECCOMP_RET_ERRNO | nr);
		set(t->own[OLDER], nr, nr % 2 ? SECCOMP_RET_ERRNO | nr : SECCOMP_RET_ALLOW);
	}
	freeze_both(test);

	for (nr = 0; nr < 400; nr++) {
		if (seccomp_exempt(SECCOMP_ARCH_NATIVE, NATIVE(nr)))
			continue;
		if (!decide(t->table, SECCOMP_ARCH_NATIVE, NATIVE(nr), &verdict))
			continue;
		known++;
		expect(test, t->table, nr, SECCOMP_RET_ERRNO | nr, !(nr % 2), !(nr % 2));
	}
	KUNIT_EXPECT_EQ(test, known, SECCOMP_MAX_CLASSES - SECCOMP_NR_FIXED_CLASSES);
}

/* --- Memory --- */

/* A filter with these results. */
static void set_program(struct kunit *test, const struct seccomp_results *own)
{
	static const struct sock_filter insn = BPF_STMT(BPF_RET | BPF_K, WHEN_RUN);
	struct table_test *t = test->priv;

	t->bitmap.program = kunit_program(test, &insn, 1, own);
}

/* Freezing again, as after a race, drops the table that was made before. */
static void table_test_freeze_again(struct kunit *test)
{
	struct table_test *t = test->priv;
	struct seccomp_table *first;

	allow_all(t->own[OLDER]);
	allow_all(t->own[NEWER]);
	set(t->own[OLDER], 3, SECCOMP_RET_TRAP);
	set(t->own[NEWER], 4, SECCOMP_RET_LOG);
	freeze_both(test);
	set_program(test, t->own[NEWER]);

	seccomp_bitmap_freeze(&t->bitmap, false, NULL);
	first = seccomp_table_get(t->bitmap.table);
	KUNIT_ASSERT_NOT_NULL(test, first);
	expect_allow(test, first, SECCOMP_ARCH_NATIVE, NATIVE(3));
	expect(test, first, 4, SECCOMP_RET_LOG, 0, false);

	seccomp_bitmap_freeze(&t->bitmap, true, t->below);
	KUNIT_EXPECT_EQ(test, refcount_read(&first->shared.refs), 1);
	seccomp_table_put(first);
	KUNIT_EXPECT_EQ(test, refcount_read(&t->below->shared.refs), 1);
	expect(test, t->bitmap.table, 3, SECCOMP_RET_TRAP, 0, false);
	expect(test, t->bitmap.table, 4, SECCOMP_RET_LOG, 1, true);
}

/* A filter of which nothing is known is run, on top of what is known. */
static void table_test_nothing_known(struct kunit *test)
{
	struct table_test *t = test->priv;
	struct seccomp_verdict verdict;
	const struct seccomp_abi *abi;

	set_program(test, NULL);
	seccomp_bitmap_freeze(&t->bitmap, true, NULL);
	KUNIT_EXPECT_FALSE(test, seccomp_bitmap_known(&t->bitmap));

	allow_all(t->own[OLDER]);
	set(t->own[OLDER], 3, SECCOMP_RET_ERRNO | 1);
	freeze_both(test);
	seccomp_bitmap_freeze(&t->bitmap, true, t->below);
	KUNIT_ASSERT_NOT_NULL(test, t->bitmap.table);
	expect(test, t->bitmap.table, 3, WHEN_RUN, 1, true);
	expect(test, t->bitmap.table, 4, WHEN_RUN, 1, true);
	for (abi = seccomp_abis; abi < &seccomp_abis[SECCOMP_NR_ABIS]; abi++) {
		KUNIT_EXPECT_TRUE(test, decide(t->bitmap.table, abi->arch,
					       seccomp_abi_end(abi) - 1, &verdict));
		KUNIT_EXPECT_EQ(test, verdict.ret, WHEN_RUN);
	}
}

/* Leaves are one if that gives no row that is not allowed two classes. */
static void table_test_leaves(struct kunit *test)
{
	enum { LEAF = SECCOMP_LEAF_ROWS };
	struct table_test *t = test->priv;
	const u8 *leaf;

	allow_all(t->own[NEWER]);
	set(t->own[NEWER], 3, SECCOMP_RET_ERRNO | 1);
	set(t->own[NEWER], LEAF + 5, SECCOMP_RET_ERRNO | 2);
	set(t->own[NEWER], 2 * LEAF + 3, SECCOMP_RET_ERRNO | 2);
	set(t->own[NEWER], 3 * LEAF + 3, SECCOMP_RET_ERRNO | 1);
	freeze_newer(test);

	leaf = &t->table->leaf[seccomp_row(SECCOMP_ARCH_NATIVE, NATIVE(0)) / LEAF];
	KUNIT_EXPECT_EQ(test, leaf[1], leaf[0]);
	KUNIT_EXPECT_NE(test, leaf[2], leaf[0]);
	KUNIT_EXPECT_EQ(test, leaf[3], leaf[0]);
	/* Classes come behind the leaves. */
	KUNIT_EXPECT_EQ(test, t->table->classes, offsetof(struct seccomp_table, rows[2]));

	expect(test, t->table, 3, SECCOMP_RET_ERRNO | 1, 0, true);
	expect(test, t->table, LEAF + 5, SECCOMP_RET_ERRNO | 2, 0, true);
	expect(test, t->table, 2 * LEAF + 3, SECCOMP_RET_ERRNO | 2, 0, true);
	expect(test, t->table, 3 * LEAF + 3, SECCOMP_RET_ERRNO | 1, 0, true);
	expect_allow(test, t->table, SECCOMP_ARCH_NATIVE, NATIVE(5));
	expect_allow(test, t->table, SECCOMP_ARCH_NATIVE, NATIVE(LEAF + 3));
	expect_allow(test, t->table, SECCOMP_ARCH_NATIVE, NATIVE(3 * LEAF + 5));
}

static void table_test_size(struct kunit *test)
{
	struct table_test *t = test->priv;

	if (SECCOMP_NR_ABIS != 2 || !IS_ENABLED(CONFIG_64BIT))
		kunit_skip(test, "the size is that of two ABIs and 64-bit pointers");

	allow_all(t->own[NEWER]);
	set(t->own[NEWER], 3, SECCOMP_RET_ERRNO | 1);
	freeze_newer(test);
	KUNIT_EXPECT_LE(test, ksize(t->table), 256);
}

static void table_test_refs(struct kunit *test)
{
	struct table_test *t = test->priv;

	freeze_both(test);
	KUNIT_EXPECT_EQ(test, refcount_read(&t->below->shared.refs), 1);
	KUNIT_EXPECT_EQ(test, refcount_read(&t->table->shared.refs), 1);
	KUNIT_EXPECT_PTR_EQ(test, seccomp_table_get(t->table), t->table);
	KUNIT_EXPECT_EQ(test, refcount_read(&t->table->shared.refs), 2);
	seccomp_table_put(t->table);
	KUNIT_EXPECT_EQ(test, refcount_read(&t->table->shared.refs), 1);

	KUNIT_EXPECT_NULL(test, seccomp_table_get(NULL));
	seccomp_table_put(NULL);
}

/*
 * Nothing of the table below is used any more. KASAN would tell of it; what is
 * written there first tells on every kernel.
 */
static void table_test_self_contained(struct kunit *test)
{
	struct table_test *t = test->priv;
	size_t size;

	allow_all(t->own[OLDER]);
	allow_all(t->own[NEWER]);
	set(t->own[OLDER], 3, SECCOMP_RET_ERRNO | 1);
	seccomp_results_set_row(t->own[OLDER], 4, SECCOMP_OUTCOME_RUN);
	set(t->own[NEWER], 5, SECCOMP_RET_TRAP);
	freeze_both(test);

	size = t->below->ops;
	memset(t->below->allow, 0xa5, sizeof(t->below->allow));
	memset(t->below->leaf, 0, sizeof(t->below->leaf));
	memset(t->below->rows, 0xa5, size - offsetof(struct seccomp_table, rows));
	seccomp_table_put(t->below);
	t->below = NULL;

	expect(test, t->table, 3, SECCOMP_RET_ERRNO | 1, 0, false);
	expect(test, t->table, 4, WHEN_RUN, 0, false);
	expect(test, t->table, 5, SECCOMP_RET_TRAP, 1, true);
	expect_allow(test, t->table, SECCOMP_ARCH_NATIVE, NATIVE(6));
}

static struct kunit_case table_cases[] = {
	KUNIT_CASE(table_test_constants),
	KUNIT_CASE(table_test_bounds),
	KUNIT_CASE(table_test_abis_apart),
	KUNIT_CASE(table_test_precedence),
	KUNIT_CASE(table_test_too_many),
	KUNIT_CASE(table_test_freeze_again),
	KUNIT_CASE(table_test_nothing_known),
	KUNIT_CASE(table_test_leaves),
	KUNIT_CASE(table_test_size),
	KUNIT_CASE(table_test_refs),
	KUNIT_CASE(table_test_self_contained),
	{}
};

static struct kunit_suite table_suite = {
	.name = "seccomp_bitmap_table",
	.init = table_init,
	.exit = table_exit,
	.test_cases = table_cases,
};

kunit_test_suite(table_suite);
