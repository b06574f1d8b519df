// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of rests: which instructions they are made of, and what these do. */

#include <kunit/test.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/string.h>

#include "../classifier.h"
#include "../rest.h"
#include "../table.h"
#include "kunit_prog.h"

/* Longer than what any rest here is compared with: evaluating it pays. */
#define NR_PREFIX	250
#define MAX_INSNS	640

/* In seccomp_rest_scan(): not to be evaluated */
#define NONE		U16_MAX

#define LOAD(field)	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
				 offsetof(struct seccomp_data, field))
#define OTHER_HALF	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
				 offsetof(struct seccomp_data, args[0]) + sizeof(u32))
#define RET(k)		BPF_STMT(BPF_RET | BPF_K, k)
#define RET_A		BPF_STMT(BPF_RET | BPF_A, 0)
#define JUMP(op, k, jt, jf) \
			BPF_JUMP(BPF_JMP | BPF_K | (op), k, jt, jf)

/**
 * struct rest_test - a filter
 * @insns: its instructions
 * @len: number of them
 * @rest: what seccomp_rest_scan() says of them; it takes one more
 * @prog: its program
 * @own: its outcomes
 * @table: its table
 */
struct rest_test {
	struct sock_filter insns[MAX_INSNS];
	unsigned int len;
	struct seccomp_rest rest[MAX_INSNS + 1];
	struct bpf_prog *prog;
	struct seccomp_results *own;
	struct seccomp_table *table;
};

static int rest_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct rest_test), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

/* Also starts with another filter, in the same test. */
static void forget(struct rest_test *t)
{
	seccomp_table_put(t->table);
	kfree(t->own);
	if (t->prog)
		bpf_prog_destroy(t->prog);
	memset(t, 0, sizeof(*t));
}

static void rest_exit(struct kunit *test)
{
	if (test->priv)
		forget(test->priv);
}

static void add(struct rest_test *t, const struct sock_filter *insns,
		unsigned int n)
{
	memcpy(t->insns + t->len, insns, n * sizeof(*insns));
	t->len += n;
}

static void add_many(struct rest_test *t, struct sock_filter insn, unsigned int n)
{
	while (n--)
		add(t, &insn, 1);
}

static void open(struct kunit *test)
{
	struct rest_test *t = test->priv;

	t->prog = kunit_prog(test, t->insns, t->len);
	t->own = seccomp_results_alloc();
	KUNIT_ASSERT_NOT_NULL(test, t->own);
}

static void freeze(struct kunit *test)
{
	struct rest_test *t = test->priv;

	t->table = seccomp_table_freeze(t->own, t->prog, false, NULL);
	KUNIT_ASSERT_NOT_NULL(test, t->table);
}

/* The step of a native call that has just one. */
static const struct seccomp_step *step_of(struct kunit *test, int nr)
{
	const struct rest_test *t = test->priv;
	const struct seccomp_class *class;
	unsigned int id;

	id = seccomp_table_class_id(t->table, seccomp_row(SECCOMP_ARCH_NATIVE, nr));
	KUNIT_ASSERT_GE(test, id, SECCOMP_NR_FIXED_CLASSES);
	class = seccomp_table_class(t->table, id);
	KUNIT_ASSERT_EQ(test, class->nr_steps, 1);
	return seccomp_table_steps(t->table) + class->first_step;
}

/* In both halves: whichever is the one that a filter loads. */
static u64 argument(u32 value)
{
	return (u64)value << 32 | value;
}

/* --- What rests are made of --- */

static void expect_longest(struct kunit *test, const struct sock_filter *insns,
			   const u16 *expected, unsigned int len)
{
	struct rest_test *t = test->priv;
	unsigned int pc;

	seccomp_rest_scan(insns, 0, len, t->rest);
	for (pc = 0; pc < len; pc++)
		KUNIT_EXPECT_EQ_MSG(test, t->rest[pc].longest, expected[pc], "at %u", pc);
}

static void rest_test_scan(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		LOAD(args),
		JUMP(BPF_JEQ, 1, 0, 2),
		JUMP(BPF_JGT, 1, 4, 3),
		JUMP(BPF_JGE, 1, 0, 0),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 1),
		BPF_STMT(BPF_ALU | BPF_OR | BPF_K, 1),
		RET_A,
		BPF_STMT(BPF_JMP | BPF_JA, 1),
		RET(0),
		JUMP(BPF_JSET, 1, 1, 0),
		BPF_STMT(BPF_JMP | BPF_JA, 0),
		RET(2),
	};
	static const u16 expected[] = { 4, 4, 3, 4, 3, 2, 1, 2, 1, 2, 1, 1 };

	expect_longest(test, insns, expected, ARRAY_SIZE(insns));
}

/* A way through what is not evaluated spoils all that lead there, and no other. */
static void rest_test_scan_spoilt(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		JUMP(BPF_JEQ, 1, 0, 1),
		JUMP(BPF_JEQ, 2, 1, 2),
		JUMP(BPF_JEQ, 3, 2, 1),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		RET(0),
		BPF_STMT(BPF_JMP | BPF_JA, 1),
		BPF_STMT(BPF_MISC | BPF_TXA, 0),
		RET_A,
	};
	static const u16 expected[] = { NONE, NONE, 2, NONE, 1, 1, NONE, 1 };

	expect_longest(test, insns, expected, ARRAY_SIZE(insns));
}

static void rest_test_scan_long(struct kunit *test)
{
	struct rest_test *t = test->priv;
	unsigned int i;

	add_many(t, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 1), 300);
	add(t, &(struct sock_filter)RET_A, 1);
	seccomp_rest_scan(t->insns, 0, t->len, t->rest);
	for (i = 0; i < t->len; i++)
		KUNIT_EXPECT_EQ_MSG(test, t->rest[i].longest, t->len - i, "at %u", i);
}

static void rest_test_pays(struct kunit *test)
{
	const struct seccomp_rest shortest = { .longest = 1 };
	const struct seccomp_rest longest = { .longest = BPF_MAXINSNS };
	const struct seccomp_rest none = { .longest = NONE };

	KUNIT_EXPECT_TRUE(test, seccomp_rest_pays(&shortest, NR_PREFIX));
	KUNIT_EXPECT_FALSE(test, seccomp_rest_pays(&longest, 0));
	/* However long the prefix is: what is not evaluated does not pay. */
	KUNIT_EXPECT_FALSE(test, seccomp_rest_pays(&none, BPF_MAXINSNS));
	KUNIT_EXPECT_FALSE(test, seccomp_rest_pays(&none, INT_MAX / 64));
}

/* All that seccomp accepts and rests do not have, on a way to RET A. */
static const struct sock_filter unsupported[] = {
	BPF_STMT(BPF_LD | BPF_IMM, 1),
	BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
	BPF_STMT(BPF_LD | BPF_MEM, 1),
	BPF_STMT(BPF_LDX | BPF_IMM, 1),
	BPF_STMT(BPF_LDX | BPF_W | BPF_LEN, 0),
	BPF_STMT(BPF_LDX | BPF_MEM, 1),
	BPF_STMT(BPF_ST, 1),
	BPF_STMT(BPF_STX, 1),
	BPF_STMT(BPF_MISC | BPF_TAX, 0),
	BPF_STMT(BPF_MISC | BPF_TXA, 0),
	BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 1),
	BPF_STMT(BPF_ALU | BPF_SUB | BPF_K, 1),
	BPF_STMT(BPF_ALU | BPF_MUL | BPF_K, 1),
	BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 1),
	BPF_STMT(BPF_ALU | BPF_XOR | BPF_K, 1),
	BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 1),
	BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 1),
	BPF_STMT(BPF_ALU | BPF_NEG, 0),
	BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_SUB | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_MUL | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_DIV | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_AND | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_OR | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_LSH | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_RSH | BPF_X, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 1),
	BPF_JUMP(BPF_JMP | BPF_JGT | BPF_X, 0, 0, 1),
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_X, 0, 0, 1),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_X, 0, 0, 1),
};

static void rest_test_unsupported(struct kunit *test)
{
	const u16 expected[] = { NONE, NONE, 1, 1 };
	struct rest_test *t = test->priv;
	unsigned int i;
	u8 id;

	for (i = 0; i < ARRAY_SIZE(unsupported); i++) {
		const struct sock_filter insns[] = {
			LOAD(args), unsupported[i], RET_A, RET(2),
		};

		expect_longest(test, insns, expected, ARRAY_SIZE(insns));

		/* Nor does the classifier find a rest. X and M[1] are not 0. */
		forget(t);
		add_many(t, (struct sock_filter)BPF_STMT(BPF_LDX | BPF_IMM, 3), NR_PREFIX);
		add_many(t, (struct sock_filter)BPF_STMT(BPF_STX, 1), 1);
		add(t, insns, ARRAY_SIZE(insns));
		open(test);
		KUNIT_EXPECT_EQ(test, seccomp_symbolic.classify(t->prog, true, t->own), 0);
		id = seccomp_results_row(t->own, seccomp_row(SECCOMP_ARCH_NATIVE, NATIVE(0)));
		KUNIT_EXPECT_NE_MSG(test, t->own->outcome[id].kind, SECCOMP_REST,
				    "instruction %#x", unsupported[i].code);
	}
}

/* --- What instructions do --- */

/* All of the filter is the rest; its program must give the same. */
static void expect_ret(struct kunit *test, const struct seccomp_data *sd, u32 ret)
{
	struct rest_test *t = test->priv;
	const struct sock_filter *insn = &t->insns[1];
	struct seccomp_verdict verdict;

	open(test);
	seccomp_results_set_row(t->own, seccomp_row(sd->arch, sd->nr),
				seccomp_results_id(t->own, SECCOMP_REST, 0));
	freeze(test);
	KUNIT_EXPECT_NULL(test, step_of(test, sd->nr)->prog);

	KUNIT_ASSERT_TRUE(test, seccomp_table_decide(t->table, sd, &verdict));
	KUNIT_EXPECT_EQ_MSG(test, verdict.ret, ret, "instruction %#x, %#x, argument %#llx",
			    insn->code, insn->k, sd->args[0]);
	KUNIT_EXPECT_EQ_MSG(test, bpf_prog_run_pin_on_cpu(t->prog, sd), ret,
			    "instruction %#x, %#x, argument %#llx: the program",
			    insn->code, insn->k, sd->args[0]);
	forget(t);
}

static void expect_ret_of_argument(struct kunit *test, u32 a, u32 ret)
{
	const struct seccomp_data sd = {
		.nr = NATIVE(0), .arch = SECCOMP_ARCH_NATIVE, .args = { argument(a) },
	};

	expect_ret(test, &sd, ret);
}

static void expect_ret_of_halves(struct kunit *test, u32 half, u32 other, u32 ret)
{
	const u32 halves[] = { half, other };
	struct seccomp_data sd = { .nr = NATIVE(0), .arch = SECCOMP_ARCH_NATIVE };

	memcpy(&sd.args[0], halves, sizeof(halves));
	expect_ret(test, &sd, ret);
}

static const struct jump {
	u32 k, a;
	u16 op;
	bool taken;
} jumps[] = {
	{ 5, 5, BPF_JEQ, true },
	{ 5, 4, BPF_JEQ, false },
	{ 5, 6, BPF_JEQ, false },
	{ 0, 0, BPF_JEQ, true },
	{ 0x80000000, 0, BPF_JEQ, false },
	{ 0xffffffff, 0xffffffff, BPF_JEQ, true },
	{ 5, 4, BPF_JGT, false },
	{ 5, 5, BPF_JGT, false },
	{ 5, 6, BPF_JGT, true },
	{ 0, 0, BPF_JGT, false },
	{ 0, 1, BPF_JGT, true },
	{ 0x7fffffff, 0x80000000, BPF_JGT, true },
	{ 0x80000000, 0x7fffffff, BPF_JGT, false },
	{ 0xffffffff, 0xffffffff, BPF_JGT, false },
	{ 5, 4, BPF_JGE, false },
	{ 5, 5, BPF_JGE, true },
	{ 5, 6, BPF_JGE, true },
	{ 0, 0, BPF_JGE, true },
	{ 0x7fffffff, 0x80000000, BPF_JGE, true },
	{ 0x80000000, 0x7fffffff, BPF_JGE, false },
	{ 0xffffffff, 0xfffffffe, BPF_JGE, false },
	{ 0xffffffff, 0xffffffff, BPF_JGE, true },
	{ 1, 1, BPF_JSET, true },
	{ 1, 2, BPF_JSET, false },
	{ 6, 3, BPF_JSET, true },
	{ 0, 0xffffffff, BPF_JSET, false },
	{ 0xffffffff, 0, BPF_JSET, false },
	{ 0x80000000, 0x80000000, BPF_JSET, true },
	{ 0x80000000, 0x7fffffff, BPF_JSET, false },
};

static void rest_test_jumps(struct kunit *test)
{
	const struct jump *jump;

	for (jump = jumps; jump < &jumps[ARRAY_SIZE(jumps)]; jump++) {
		const struct sock_filter insns[] = {
			LOAD(args),
			JUMP(jump->op, jump->k, 2, 1),
			RET(SECCOMP_RET_KILL_PROCESS),
			RET(SECCOMP_RET_ERRNO | 1),
			RET(SECCOMP_RET_ERRNO | 2),
		};

		add(test->priv, insns, ARRAY_SIZE(insns));
		expect_ret_of_argument(test, jump->a,
				       SECCOMP_RET_ERRNO | (jump->taken ? 2 : 1));
	}
}

static void rest_test_alu(struct kunit *test)
{
	static const struct {
		u16 op;
		u32 k, ret;
	} cases[] = {
		{ BPF_AND, 0xffffffff, 0x8005a0f1 },
		{ BPF_AND, 0x00ffff00, 0x0005a000 },
		{ BPF_AND, 0x80000000, 0x80000000 },
		{ BPF_AND, 0, 0 },
		{ BPF_OR, 0, 0x8005a0f1 },
		{ BPF_OR, 0x00000f0e, 0x8005afff },
		{ BPF_OR, 0xffffffff, 0xffffffff },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct sock_filter insns[] = {
			LOAD(args),
			BPF_STMT(BPF_ALU | BPF_K | cases[i].op, cases[i].k),
			RET_A,
		};

		add(test->priv, insns, ARRAY_SIZE(insns));
		expect_ret_of_argument(test, 0x8005a0f1, cases[i].ret);
	}
}

/* As far as they reach; A is 0 at first. */
static void rest_test_far(struct kunit *test)
{
	struct rest_test *t = test->priv;
	bool taken;

	for (taken = false;; taken = true) {
		add(t, &(struct sock_filter)LOAD(args), 1);
		add(t, &(struct sock_filter)JUMP(BPF_JEQ, SECCOMP_RET_TRAP | 1, 255, 254), 1);
		add_many(t, (struct sock_filter)RET(SECCOMP_RET_KILL_PROCESS), 254);
		add(t, &(struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 301), 1);
		add(t, &(struct sock_filter)RET_A, 1);
		add_many(t, (struct sock_filter)RET(SECCOMP_RET_KILL_PROCESS), 300);
		add(t, &(struct sock_filter)RET(SECCOMP_RET_ERRNO | 2), 1);
		expect_ret_of_argument(test, SECCOMP_RET_TRAP | taken,
				       taken ? SECCOMP_RET_TRAP | 1 : SECCOMP_RET_ERRNO | 2);
		if (taken)
			break;
	}

	add(t, &(struct sock_filter)RET_A, 1);
	expect_ret_of_argument(test, SECCOMP_RET_TRAP, 0);
}

/* --- What takes no operation of its own --- */

static void expect_ops(struct kunit *test, const struct sock_filter *insns,
		       unsigned int expected)
{
	struct seccomp_op ops[SECCOMP_MAX_OPS];

	KUNIT_EXPECT_EQ(test, seccomp_rest_decode(insns, 0, ops), expected);
}

/* So many loads that decoding gives up at a jump, of which only the offset is checked. */
static void rest_test_beyond(struct kunit *test)
{
	const struct sock_filter jump = { .code = BPF_JMP | BPF_JA, .jt = 255, .jf = 255 };
	const unsigned int nr_loads = 8 * SECCOMP_MAX_OPS + 1;
	struct sock_filter *insns;
	unsigned int i;

	insns = kunit_kmalloc_array(test, nr_loads + 2, sizeof(*insns), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, insns);
	for (i = 0; i < nr_loads; i++)
		insns[i] = (struct sock_filter)LOAD(args[0]);
	insns[i++] = jump;
	insns[i++] = (struct sock_filter)RET(SECCOMP_RET_ALLOW);
	expect_ops(test, insns, 0);
	/* The same without some of the loads */
	expect_ops(test, &insns[nr_loads / 2], 1);
}

/* Nothing is left of a high half that is masked with 0; all returns of a value are one. */
static void rest_test_masked(struct kunit *test)
{
	const struct sock_filter insns[] = {
		LOAD(args[0]),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0),
		JUMP(BPF_JEQ, 0, 0, 3),
		OTHER_HALF,
		JUMP(BPF_JEQ, 70, 0, 3),
		RET(SECCOMP_RET_ERRNO | 1),
		RET(SECCOMP_RET_KILL_PROCESS),
		RET(SECCOMP_RET_ERRNO | 2),
		LOAD(args[0]),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0),
		JUMP(BPF_JEQ, 1, 0, 1),
		RET(SECCOMP_RET_KILL_PROCESS),
		JUMP(BPF_JEQ, 0, 0, 1),
		RET(SECCOMP_RET_ERRNO | 1),
		RET(SECCOMP_RET_ERRNO | 2),
	};
	unsigned int i;
	u32 half, other;

	/* The second mask is an operation: A is compared again. */
	expect_ops(test, insns, 7);
	for (i = 0; i < 4; i++) {
		half = i & 1 ? 0x10000 : 0;
		other = i & 2 ? 70 : 71;
		add(test->priv, insns, ARRAY_SIZE(insns));
		expect_ret_of_halves(test, half, other, SECCOMP_RET_ERRNO | 1);
	}
}

/* Lists of values; the last one is too large. */
static void rest_test_values(struct kunit *test)
{
	const struct sock_filter insns[] = {
		LOAD(args[0]),
		JUMP(BPF_JEQ, 0, 4, 0),
		JUMP(BPF_JEQ, 31, 3, 0),
		JUMP(BPF_JEQ, 2, 3, 0),
		JUMP(BPF_JEQ, 16, 2, 0),
		JUMP(BPF_JEQ, 32, 1, 2),
		RET(SECCOMP_RET_ERRNO | 1),
		RET(SECCOMP_RET_ERRNO | 2),
		RET(SECCOMP_RET_ERRNO | 3),
	};
	unsigned int a, ret;

	expect_ops(test, insns, 6);
	for (a = 0; a < 70; a++) {
		switch (a) {
		case 0:
		case 31:
			ret = 1;
			break;
		case 2:
		case 16:
		case 32:
			ret = 2;
			break;
		default:
			ret = 3;
			break;
		}
		add(test->priv, insns, ARRAY_SIZE(insns));
		expect_ret_of_argument(test, a, SECCOMP_RET_ERRNO | ret);
	}
}

static u32 int_ret(u32 half, u32 other, u32 positive)
{
	if (half && half != U32_MAX)
		return 3;
	if (half && !(other & BIT(31)))
		return positive;
	return other == 0x80000005 ? 1 : 2;
}

/* Is the other half an int, with this one as the high half? Else, and if it is positive? */
static void expect_int(struct kunit *test, u8 jf, u32 positive, unsigned int ops)
{
	static const u32 halves[] = { 0, 1, BIT(31), U32_MAX };
	static const u32 others[] = { 0, 5, 0x7fffffff, 0x80000000, 0x80000005, U32_MAX };
	const struct sock_filter insns[] = {
		LOAD(args[0]),
		JUMP(BPF_JEQ, 0, 3, 0),
		JUMP(BPF_JEQ, U32_MAX, 0, 6),
		OTHER_HALF,
		JUMP(BPF_JSET, BIT(31), 1, jf),
		OTHER_HALF,
		JUMP(BPF_JEQ, 0x80000005, 0, 1),
		RET(SECCOMP_RET_ERRNO | 1),
		RET(SECCOMP_RET_ERRNO | 2),
		RET(SECCOMP_RET_ERRNO | 3),
	};
	unsigned int i, j;

	expect_ops(test, insns, ops);
	for (i = 0; i < ARRAY_SIZE(halves); i++) {
		for (j = 0; j < ARRAY_SIZE(others); j++) {
			add(test->priv, insns, ARRAY_SIZE(insns));
			expect_ret_of_halves(test, halves[i], others[j], SECCOMP_RET_ERRNO |
					     int_ret(halves[i], others[j], positive));
		}
	}
}

static void rest_test_int(struct kunit *test)
{
	expect_int(test, 4, 3, 5);
	/* Not the same: a positive number of 64 bits is another one. */
	expect_int(test, 3, 2, 7);
}

/* All 16 words: nr, the architecture, two of the pointer and of each argument. */
static void rest_test_words(struct kunit *test)
{
	u32 words[sizeof(struct seccomp_data) / sizeof(u32)];
	struct seccomp_data sd;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		words[i] = SECCOMP_RET_ERRNO | i;
	words[offsetof(struct seccomp_data, nr) / sizeof(u32)] = NATIVE(7);
	words[offsetof(struct seccomp_data, arch) / sizeof(u32)] = SECCOMP_ARCH_NATIVE;
	memcpy(&sd, words, sizeof(sd));

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		const struct sock_filter insns[] = {
			LOAD(args),
			BPF_STMT(BPF_LD | BPF_W | BPF_ABS, i * sizeof(u32)),
			RET_A,
		};

		add(test->priv, insns, ARRAY_SIZE(insns));
		expect_ret(test, &sd, words[i]);
	}
}

static struct kunit_case rest_cases[] = {
	KUNIT_CASE(rest_test_scan),
	KUNIT_CASE(rest_test_scan_spoilt),
	KUNIT_CASE(rest_test_scan_long),
	KUNIT_CASE(rest_test_pays),
	KUNIT_CASE(rest_test_unsupported),
	KUNIT_CASE(rest_test_jumps),
	KUNIT_CASE(rest_test_alu),
	KUNIT_CASE(rest_test_far),
	KUNIT_CASE(rest_test_beyond),
	KUNIT_CASE(rest_test_masked),
	KUNIT_CASE(rest_test_values),
	KUNIT_CASE(rest_test_int),
	KUNIT_CASE(rest_test_words),
	{}
};

static struct kunit_suite rest_suite = {
	.name = "seccomp_bitmap_rest",
	.init = rest_init,
	.exit = rest_exit,
	.test_cases = rest_cases,
};

kunit_test_suite(rest_suite);
