// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the symbolic classifier: where the rest of a filter starts, and
 * whether the table gives what the filter does.
 */

#include <kunit/test.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/string.h>

#include "../classifier.h"
#include "../numbers.h"
#include "../table.h"
#include "kunit_prog.h"

/* Longer than what any rest here is compared with: evaluating it pays. */
#define NR_PREFIX	250
#define NR_CHECKED	40	/* numbers whose argument is checked */
#define MAX_INSNS	400

#define LOAD(field)	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
				 offsetof(struct seccomp_data, field))
#define RET(k)		BPF_STMT(BPF_RET | BPF_K, k)
#define RET_A		BPF_STMT(BPF_RET | BPF_A, 0)

/**
 * struct symbolic_test - a filter
 * @insns: its instructions
 * @len: number of them
 * @prog: its program
 * @own: its outcomes
 * @table: its table
 */
struct symbolic_test {
	struct sock_filter insns[MAX_INSNS];
	unsigned int len;
	struct bpf_prog *prog;
	struct seccomp_results *own;
	struct seccomp_table *table;
};

static int symbolic_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct symbolic_test), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void symbolic_exit(struct kunit *test)
{
	struct symbolic_test *t = test->priv;

	seccomp_symbolic_tireless = false;
	if (!t)
		return;
	seccomp_table_put(t->table);
	kfree(t->own);
	if (t->prog)
		bpf_prog_destroy(t->prog);
}

static void add(struct kunit *test, const struct sock_filter *insns,
		unsigned int n)
{
	struct symbolic_test *t = test->priv;

	KUNIT_ASSERT_LE(test, t->len + n, MAX_INSNS);
	memcpy(t->insns + t->len, insns, n * sizeof(*insns));
	t->len += n;
}

static void add_many(struct kunit *test, struct sock_filter insn, unsigned int n)
{
	while (n--)
		add(test, &insn, 1);
}

/* As when the filter is attached, below no other. */
static void classify(struct kunit *test, bool rests)
{
	struct symbolic_test *t = test->priv;

	t->prog = kunit_prog(test, t->insns, t->len);
	t->own = seccomp_results_alloc();
	KUNIT_ASSERT_NOT_NULL(test, t->own);
	KUNIT_ASSERT_EQ(test, seccomp_symbolic.classify(t->prog, rests, t->own), 0);
	t->table = seccomp_table_freeze(t->own, t->prog, false, NULL);
	KUNIT_ASSERT_NOT_NULL(test, t->table);
}

/* What a call does in each ABI in which it has this number. */
static void expect_outcome(struct kunit *test, int nr,
			   enum seccomp_outcome_kind kind, u32 value)
{
	struct symbolic_test *t = test->priv;
	const struct seccomp_outcome *outcome;
	const struct seccomp_abi *abi;
	int row;

	for (abi = seccomp_abis; abi < &seccomp_abis[SECCOMP_NR_ABIS]; abi++) {
		if (abi->first != SECCOMP_ARCH_NATIVE_FIRST)
			continue;
		row = seccomp_row(abi->arch, NATIVE(nr));
		outcome = &t->own->outcome[seccomp_results_row(t->own, row)];
		KUNIT_EXPECT_EQ_MSG(test, outcome->kind, kind, "%s %d", abi->name, nr);
		KUNIT_EXPECT_EQ_MSG(test, outcome->value, value, "%s %d", abi->name, nr);
	}
}

/* The table gives what the filter does, with @arg in both halves of args[0]. */
static void expect_same(struct kunit *test, int nr, u32 arg)
{
	struct symbolic_test *t = test->priv;
	const struct seccomp_abi *abi;
	struct seccomp_verdict verdict;
	struct seccomp_data sd = {
		.nr = NATIVE(nr), .args = { (u64)arg << 32 | arg },
	};

	for (abi = seccomp_abis; abi < &seccomp_abis[SECCOMP_NR_ABIS]; abi++) {
		if (abi->first != SECCOMP_ARCH_NATIVE_FIRST)
			continue;
		sd.arch = abi->arch;
		KUNIT_ASSERT_TRUE(test, seccomp_table_decide(t->table, &sd, &verdict));
		KUNIT_EXPECT_EQ_MSG(test, verdict.ret, bpf_prog_run_pin_on_cpu(t->prog, &sd),
				    "%s %d, argument %#x", abi->name, nr, arg);
	}
}

/* Is what is left of the filter for a native call evaluated? */
static bool is_rest(const struct symbolic_test *t, int nr)
{
	const struct seccomp_class *class;
	unsigned int id;

	id = seccomp_table_class_id(t->table, seccomp_row(SECCOMP_ARCH_NATIVE, NATIVE(nr)));
	if (id < SECCOMP_NR_FIXED_CLASSES)
		return false;
	class = seccomp_table_class(t->table, id);
	return class->nr_steps == 1 && !(seccomp_table_steps(t->table) + class->first_step)->prog;
}

/* --- Where rests start --- */

/* An argument that is not used is loaded, too. */
static void add_first_loads(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE(3), 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE(4), 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE(5), 2, 0),
		RET(SECCOMP_RET_ERRNO | 9),
		LOAD(instruction_pointer),
		LOAD(args),
		RET_A,
	};

	add_many(test, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 0), NR_PREFIX);
	add(test, insns, ARRAY_SIZE(insns));
}

static void symbolic_test_rests(struct kunit *test)
{
	const struct symbolic_test *t = test->priv;
	int nr;

	add_first_loads(test);
	classify(test, true);
	expect_outcome(test, 2, SECCOMP_CONSTANT, SECCOMP_RET_ERRNO | 9);
	expect_outcome(test, 3, SECCOMP_REST, NR_PREFIX + 5);
	expect_outcome(test, 4, SECCOMP_REST, NR_PREFIX + 6);
	expect_outcome(test, 5, SECCOMP_REST, NR_PREFIX + 6);
	KUNIT_EXPECT_FALSE(test, is_rest(t, 2));
	for (nr = 2; nr <= 5; nr++) {
		KUNIT_EXPECT_EQ(test, is_rest(t, nr), nr > 2);
		expect_same(test, nr, SECCOMP_RET_TRACE | nr);
	}
}

/* Where they are not allowed, the first load is known nevertheless. */
static void symbolic_test_no_rests(struct kunit *test)
{
	const struct symbolic_test *t = test->priv;
	int nr;

	add_first_loads(test);
	classify(test, false);
	expect_outcome(test, 2, SECCOMP_CONSTANT, SECCOMP_RET_ERRNO | 9);
	expect_outcome(test, 3, SECCOMP_RUN, NR_PREFIX + 5);
	expect_outcome(test, 4, SECCOMP_RUN, NR_PREFIX + 6);
	expect_outcome(test, 5, SECCOMP_RUN, NR_PREFIX + 6);
	for (nr = 2; nr <= 5; nr++) {
		KUNIT_EXPECT_FALSE(test, is_rest(t, nr));
		expect_same(test, nr, SECCOMP_RET_TRACE | nr);
	}
}

/* It would take longer to evaluate this than to run the filter. */
static void symbolic_test_long_rest(struct kunit *test)
{
	add(test, &(struct sock_filter)LOAD(args), 1);
	add_many(test, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, -1), 300);
	add(test, &(struct sock_filter)RET_A, 1);
	classify(test, true);
	expect_outcome(test, 0, SECCOMP_RUN, 0);
	expect_same(test, 0, SECCOMP_RET_TRACE | 1);
}

/*
 * Arguments are looked at, but what comes of it does not depend on them: it is
 * the same on all ways, or the number decides in the end.
 */
static void symbolic_test_no_matter(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE(3), 0, 4),
		LOAD(args),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 1),
		RET(SECCOMP_RET_ERRNO | 1),
		RET(SECCOMP_RET_ERRNO | 1),
		LOAD(args),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 1, 0),
		LOAD(nr),
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE(4), 0, 1),
		RET(SECCOMP_RET_ERRNO | 2),
		RET(SECCOMP_RET_ERRNO | 3),
	};
	int nr;

	add_many(test, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 0), NR_PREFIX);
	add(test, insns, ARRAY_SIZE(insns));
	classify(test, true);
	expect_outcome(test, 3, SECCOMP_CONSTANT, SECCOMP_RET_ERRNO | 1);
	expect_outcome(test, 4, SECCOMP_CONSTANT, SECCOMP_RET_ERRNO | 2);
	expect_outcome(test, 5, SECCOMP_CONSTANT, SECCOMP_RET_ERRNO | 3);
	for (nr = 3; nr <= 5; nr++)
		expect_same(test, nr, 1);
}

/* A short filter that hands the number on is a rest from its start. */
static void symbolic_test_all_different(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		LOAD(nr),
		BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_TRACE),
		RET_A,
	};
	struct seccomp_data sd = { .arch = SECCOMP_ARCH_NATIVE };
	struct symbolic_test *t = test->priv;
	struct seccomp_verdict verdict;
	unsigned int nr;

	add(test, insns, ARRAY_SIZE(insns));
	classify(test, true);
	for (nr = 0; nr < SECCOMP_ARCH_NATIVE_NR; nr++) {
		sd.nr = NATIVE(nr);
		if (seccomp_exempt(sd.arch, sd.nr))
			continue;
		KUNIT_ASSERT_TRUE(test, is_rest(t, nr));
		KUNIT_ASSERT_TRUE(test, seccomp_table_decide(t->table, &sd, &verdict));
		KUNIT_ASSERT_EQ(test, verdict.ret, SECCOMP_RET_TRACE | sd.nr);
	}
	KUNIT_EXPECT_EQ(test, t->table->nr_classes, 1);
}

/* --- Whole filters --- */

/* A check for each number; @on: calls that it does not reject go on to the next. */
static void classify_checks(struct kunit *test, bool on)
{
	unsigned int nr;

	add(test, &(struct sock_filter)LOAD(nr), 1);
	for (nr = 0; nr < NR_CHECKED; nr++) {
		const struct sock_filter insns[] = {
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE(nr), 0, 4),
			LOAD(args),
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1 + on),
			RET(SECCOMP_RET_ERRNO | nr),
			RET(SECCOMP_RET_ALLOW),
		};

		add(test, insns, ARRAY_SIZE(insns));
	}
	add(test, &(struct sock_filter)RET(SECCOMP_RET_ALLOW), 1);
	classify(test, true);
}

static void expect_checks(struct kunit *test)
{
	int nr;

	for (nr = 0; nr < NR_CHECKED; nr++) {
		expect_same(test, nr, nr);
		expect_same(test, nr, nr + 1);
		expect_same(test, nr, NR_CHECKED);
	}
	expect_outcome(test, NR_CHECKED, SECCOMP_CONSTANT, SECCOMP_RET_ALLOW);
}

static void symbolic_test_checks(struct kunit *test)
{
	classify_checks(test, false);
	expect_checks(test);
	KUNIT_EXPECT_TRUE(test, is_rest(test->priv, NR_CHECKED - 1));
}

/* Where checks lead to others, the first have rests that are too long. */
static void symbolic_test_chained_checks(struct kunit *test)
{
	classify_checks(test, true);
	expect_checks(test);
	KUNIT_EXPECT_TRUE(test, is_rest(test->priv, NR_CHECKED - 1));
	KUNIT_EXPECT_FALSE(test, is_rest(test->priv, 0));
}

/* What a number has left in X and in scratch memory counts: no rests. */
static void symbolic_test_registers(struct kunit *test)
{
	/* X and M[3]: the argument to reject and how, by the number */
	static const struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_IMM, SECCOMP_RET_ERRNO | 7),
		BPF_STMT(BPF_ST, 3),
		BPF_STMT(BPF_LDX | BPF_IMM, 1),
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, NATIVE(10), 0, 3),
		BPF_STMT(BPF_LD | BPF_IMM, SECCOMP_RET_ERRNO | 8),
		BPF_STMT(BPF_ST, 3),
		BPF_STMT(BPF_LDX | BPF_IMM, 2),
		LOAD(args),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 2),
		BPF_STMT(BPF_LD | BPF_MEM, 3),
		RET_A,
		RET(SECCOMP_RET_ALLOW),
	};
	int nr;

	add_many(test, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 0), NR_PREFIX);
	add(test, insns, ARRAY_SIZE(insns));
	classify(test, true);

	for (nr = 0; nr < 20; nr++) {
		expect_same(test, nr, 1);
		expect_same(test, nr, 2);
		expect_same(test, nr, 3);
		expect_outcome(test, nr, SECCOMP_RUN, NR_PREFIX + 8);
	}
}

/* --- How much work that may be --- */

/* Each instruction has to be looked at for each number, and none matters. */
static void classify_arithmetic(struct kunit *test)
{
	add(test, (struct sock_filter[]){ LOAD(nr) }, 1);
	add_many(test, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_MUL | BPF_K, 3), 300);
	add(test, (struct sock_filter[]){ RET(SECCOMP_RET_ERRNO | 9) }, 1);
	classify(test, true);
}

static bool is_constant(const struct symbolic_test *t, int nr)
{
	int row = seccomp_row(SECCOMP_ARCH_NATIVE, NATIVE(nr));

	return t->own->outcome[seccomp_results_row(t->own, row)].kind == SECCOMP_CONSTANT;
}

static void symbolic_test_tireless(struct kunit *test)
{
	seccomp_symbolic_tireless = true;
	classify_arithmetic(test);
	KUNIT_EXPECT_TRUE(test, is_constant(test->priv, 3));
	expect_same(test, 3, 0);
}

static void symbolic_test_tired(struct kunit *test)
{
	classify_arithmetic(test);
	KUNIT_EXPECT_FALSE(test, is_constant(test->priv, 3));
	expect_same(test, 3, 0);
}

static struct kunit_case symbolic_cases[] = {
	KUNIT_CASE(symbolic_test_rests),
	KUNIT_CASE(symbolic_test_no_rests),
	KUNIT_CASE(symbolic_test_long_rest),
	KUNIT_CASE(symbolic_test_no_matter),
	KUNIT_CASE(symbolic_test_all_different),
	KUNIT_CASE(symbolic_test_checks),
	KUNIT_CASE(symbolic_test_chained_checks),
	KUNIT_CASE(symbolic_test_registers),
	KUNIT_CASE(symbolic_test_tireless),
	KUNIT_CASE(symbolic_test_tired),
	{}
};

static struct kunit_suite symbolic_suite = {
	.name = "seccomp_bitmap_symbolic",
	.init = symbolic_init,
	.exit = symbolic_exit,
	.test_cases = symbolic_cases,
};

kunit_test_suite(symbolic_suite);
