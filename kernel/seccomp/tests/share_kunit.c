// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of what filters share, and of how it ends. */

#include <kunit/test.h>
#include <linux/seccomp_bitmap.h>

#include "../table.h"
#include "kunit_prog.h"

#define NR_FILTERS	4

static const struct sock_filter share_deny_1[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE(1), 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

static const struct sock_filter share_deny_2[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE(2), 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 2),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

/**
 * struct share_test - filters
 * @bitmap: what is known of each
 */
struct share_test {
	struct seccomp_bitmap bitmap[NR_FILTERS];
};

static int share_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct share_test), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, test->priv);
	if (!seccomp_share_enabled())
		kunit_skip(test, "nothing is shared");
	return 0;
}

static void share_exit(struct kunit *test)
{
	struct share_test *t = test->priv;
	unsigned int i;

	seccomp_share_collides = false;
	for (i = 0; t && i < NR_FILTERS; i++)
		seccomp_bitmap_free(&t->bitmap[i]);
}

/* Attach a filter of four instructions on top of another one, or NULL. */
static struct seccomp_bitmap *attach(struct kunit *test, unsigned int i,
				     const struct sock_filter *insns, bool log,
				     const struct seccomp_bitmap *older)
{
	struct share_test *t = test->priv;
	struct seccomp_bitmap *bitmap = &t->bitmap[i];
	struct sock_filter *text = kmemdup(insns, 4 * sizeof(*insns), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_ASSERT_FALSE(test, IS_ERR(seccomp_bitmap_prepare(bitmap, text, 4,
							       kunit_check_filter)));
	seccomp_bitmap_freeze(bitmap, log, older ? older->table : NULL);
	if (!seccomp_bitmap_known(bitmap))
		kunit_skip(test, "the classifier finds nothing");
	return bitmap;
}

static u32 result(const struct seccomp_bitmap *bitmap, int nr)
{
	const struct seccomp_data sd = { .nr = NATIVE(nr), .arch = SECCOMP_ARCH_NATIVE };
	struct seccomp_verdict verdict = {};

	return seccomp_table_decide(bitmap->table, &sd, &verdict) ? verdict.ret : 0;
}

static void share_test_equal(struct kunit *test)
{
	struct seccomp_bitmap *a = attach(test, 0, share_deny_1, false, NULL);
	struct seccomp_bitmap *b = attach(test, 1, share_deny_1, false, NULL);
	struct seccomp_bitmap *c = attach(test, 2, share_deny_2, false, NULL);

	KUNIT_EXPECT_PTR_EQ(test, a->program, b->program);
	KUNIT_EXPECT_PTR_EQ(test, a->table, b->table);
	KUNIT_EXPECT_EQ(test, seccomp_bitmap_users(a), 2);
	KUNIT_EXPECT_PTR_NE(test, a->program, c->program);
	KUNIT_EXPECT_PTR_NE(test, a->table, c->table);
	KUNIT_EXPECT_EQ(test, result(b, 1), SECCOMP_RET_ERRNO | 1);
	KUNIT_EXPECT_EQ(test, result(c, 1), SECCOMP_RET_ALLOW);
	KUNIT_EXPECT_EQ(test, result(c, 2), SECCOMP_RET_ERRNO | 2);
}

/* A hash alone is not believed. */
static void share_test_collision(struct kunit *test)
{
	struct seccomp_bitmap *a, *b;

	seccomp_share_collides = true;
	a = attach(test, 0, share_deny_1, false, NULL);
	b = attach(test, 1, share_deny_2, false, NULL);
	KUNIT_EXPECT_PTR_NE(test, a->program, b->program);
	KUNIT_EXPECT_PTR_NE(test, a->table, b->table);
	KUNIT_EXPECT_EQ(test, result(b, 2), SECCOMP_RET_ERRNO | 2);
}

/* The log flag is the filter's own. */
static void share_test_log(struct kunit *test)
{
	struct seccomp_bitmap *a = attach(test, 0, share_deny_1, false, NULL);
	struct seccomp_bitmap *b = attach(test, 1, share_deny_1, true, NULL);
	const struct seccomp_data sd = { .nr = NATIVE(1), .arch = SECCOMP_ARCH_NATIVE };
	struct seccomp_verdict verdict = {};

	KUNIT_EXPECT_PTR_EQ(test, a->program, b->program);
	KUNIT_EXPECT_PTR_NE(test, a->table, b->table);
	KUNIT_EXPECT_TRUE(test, seccomp_table_decide(a->table, &sd, &verdict));
	KUNIT_EXPECT_FALSE(test, verdict.log);
	KUNIT_EXPECT_TRUE(test, seccomp_table_decide(b->table, &sd, &verdict));
	KUNIT_EXPECT_TRUE(test, verdict.log);
}

static void share_test_stacks(struct kunit *test)
{
	struct seccomp_bitmap *a = attach(test, 0, share_deny_1, false, NULL);
	struct seccomp_bitmap *on_a = attach(test, 1, share_deny_2, false, a);
	struct seccomp_bitmap *b = attach(test, 2, share_deny_1, false, NULL);
	struct seccomp_bitmap *on_b = attach(test, 3, share_deny_2, false, b);

	KUNIT_EXPECT_PTR_EQ(test, on_a->table, on_b->table);
	KUNIT_EXPECT_PTR_NE(test, on_a->table, a->table);
	KUNIT_EXPECT_EQ(test, result(on_b, 1), SECCOMP_RET_ERRNO | 1);
	KUNIT_EXPECT_EQ(test, result(on_b, 2), SECCOMP_RET_ERRNO | 2);
}

/* Lookups may come across what has just lost its last user. */
static void share_test_dead(struct kunit *test)
{
	struct seccomp_bitmap *a = attach(test, 0, share_deny_1, false, NULL);
	struct seccomp_shared *program = &a->program->shared;
	struct seccomp_shared *table = &a->table->shared;
	struct seccomp_bitmap *b;

	refcount_set(&program->refs, 0);
	refcount_set(&table->refs, 0);
	KUNIT_EXPECT_NULL(test, seccomp_share_get(&seccomp_programs, program->hash));
	KUNIT_EXPECT_NULL(test, seccomp_share_get(&seccomp_tables, table->hash));
	b = attach(test, 1, share_deny_1, false, NULL);
	KUNIT_EXPECT_PTR_NE(test, b->program, a->program);
	KUNIT_EXPECT_PTR_NE(test, b->table, a->table);
	KUNIT_EXPECT_EQ(test, result(b, 1), SECCOMP_RET_ERRNO | 1);
	refcount_set(&program->refs, 1);
	refcount_set(&table->refs, 1);
}

static struct kunit_case share_cases[] = {
	KUNIT_CASE(share_test_equal),
	KUNIT_CASE(share_test_collision),
	KUNIT_CASE(share_test_log),
	KUNIT_CASE(share_test_stacks),
	KUNIT_CASE(share_test_dead),
	{}
};

static struct kunit_suite share_suite = {
	.name = "seccomp_bitmap_share",
	.init = share_init,
	.exit = share_exit,
	.test_cases = share_cases,
};

kunit_test_suite(share_suite);
