// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of what is decided in system call entry, and of what must not be. */

#include <kunit/test.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/seccomp_bitmap.h>
#include <linux/seccomp_early.h>
#include <asm/syscall.h>

#include "../rows.h"
#include "kunit_prog.h"

#define ALLOWED		NATIVE(0)
#define DENIED		NATIVE(1)
#define TRAPPED		NATIVE(2)

static const struct sock_filter early_insns[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, DENIED, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 5),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TRAPPED, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

/**
 * struct early_test - a filter that current pretends to have
 * @bitmap: all that entry code looks at of a filter
 * @regs: of a system call
 * @mode: what seccomp does with current
 * @suspended: does a tracer let everything pass?
 */
struct early_test {
	struct seccomp_bitmap bitmap;
	struct pt_regs regs;
	int mode;
	bool suspended;
};

static int early_init(struct kunit *test)
{
	struct early_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	struct sock_filter *text = kmemdup(early_insns, sizeof(early_insns), GFP_KERNEL);

	test->priv = t;
	KUNIT_ASSERT_NOT_NULL(test, t);
	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_ASSERT_FALSE(test, IS_ERR(seccomp_bitmap_prepare(&t->bitmap, text,
							       ARRAY_SIZE(early_insns),
							       kunit_check_filter)));
	seccomp_bitmap_freeze(&t->bitmap, false, NULL);
	t->mode = SECCOMP_MODE_FILTER;

	if (IS_ENABLED(CONFIG_SECCOMP_BITMAP_VERIFY))
		kunit_skip(test, "filters are run for every call");
	if (syscall_get_arch(current) != SECCOMP_ARCH_NATIVE)
		kunit_skip(test, "this thread is of no ABI that is known");
	if (!seccomp_bitmap_known(&t->bitmap))
		kunit_skip(test, "the classifier finds nothing");
	return 0;
}

static void early_exit(struct kunit *test)
{
	struct early_test *t = test->priv;

	if (t)
		seccomp_bitmap_free(&t->bitmap);
}

/* This thread is not one that ever has filters: only for the time of a call. */
static void expect_early(struct kunit *test, long nr, long want)
{
	struct early_test *t = test->priv;
	const struct seccomp saved = current->seccomp;
	const unsigned int ptrace = current->ptrace;
	long got;

	current->seccomp.filter = (struct seccomp_filter *)&t->bitmap;
	current->seccomp.mode = t->mode;
	if (t->suspended)
		current->ptrace |= PT_SUSPEND_SECCOMP;
	got = seccomp_early(&t->regs, nr);
	current->seccomp = saved;
	current->ptrace = ptrace;
	KUNIT_EXPECT_EQ_MSG(test, got, want, "nr %ld, mode %d", nr, t->mode);
}

static void early_test_decides(struct kunit *test)
{
	struct early_test *t = test->priv;
	struct pt_regs denied = t->regs;

	expect_early(test, ALLOWED, ALLOWED);
	expect_early(test, TRAPPED, SECCOMP_EARLY_NONE);
	expect_early(test, DENIED, -1);
	/* Not syscall_get_error(): on powerpc that is of a call which is over. */
	syscall_set_return_value(current, &denied, -5, 0);
	KUNIT_EXPECT_EQ(test, syscall_get_return_value(current, &t->regs),
			syscall_get_return_value(current, &denied));
}

/* Not the task's own business only */
static void early_test_logged(struct kunit *test)
{
	struct early_test *t = test->priv;

	seccomp_bitmap_freeze(&t->bitmap, true, NULL);
	expect_early(test, ALLOWED, ALLOWED);
	expect_early(test, DENIED, SECCOMP_EARLY_NONE);
}

static void early_test_outside(struct kunit *test)
{
	expect_early(test, NATIVE(SECCOMP_ARCH_NATIVE_NR), SECCOMP_EARLY_NONE);
	expect_early(test, NATIVE(-1), SECCOMP_EARLY_NONE);
	expect_early(test, 0x40000000, SECCOMP_EARLY_NONE);
	expect_early(test, -1, SECCOMP_EARLY_NONE);
}

/* A task that seccomp is killing makes no more calls, allowed or not. */
static void early_test_other_modes(struct kunit *test)
{
	static const int modes[] = {
		SECCOMP_MODE_DISABLED, SECCOMP_MODE_STRICT, SECCOMP_MODE_FILTER + 1,
	};
	struct early_test *t = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		t->mode = modes[i];
		expect_early(test, ALLOWED, SECCOMP_EARLY_NONE);
		expect_early(test, DENIED, SECCOMP_EARLY_NONE);
	}
}

/* Everything passes then: that is for kernel/seccomp.c to find out. */
static void early_test_suspended(struct kunit *test)
{
	struct early_test *t = test->priv;

	if (!IS_ENABLED(CONFIG_CHECKPOINT_RESTORE))
		kunit_skip(test, "no PTRACE_O_SUSPEND_SECCOMP");
	t->suspended = true;
	expect_early(test, ALLOWED, ALLOWED);
	expect_early(test, DENIED, SECCOMP_EARLY_NONE);
}

static struct kunit_case early_cases[] = {
	KUNIT_CASE(early_test_decides),
	KUNIT_CASE(early_test_logged),
	KUNIT_CASE(early_test_outside),
	KUNIT_CASE(early_test_other_modes),
	KUNIT_CASE(early_test_suspended),
	{}
};

static struct kunit_suite early_suite = {
	.name = "seccomp_bitmap_early",
	.init = early_init,
	.exit = early_exit,
	.test_cases = early_cases,
};

kunit_test_suite(early_suite);
