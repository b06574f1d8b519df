// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of entry programs: compiled, run, counted. */

#include <kunit/test.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include "bitmap.h"

#define NR_CHECKED	40	/* numbers whose argument is checked */

#define LOAD(field)	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
				 offsetof(struct seccomp_data, field))
#define RET(k)		BPF_STMT(BPF_RET | BPF_K, k)

/* Names the filter in plans. */
static char name;
#define FILTER	((struct seccomp_filter *)&name)

struct entry_test {
	struct sock_filter insns[2 + 5 * NR_CHECKED];
	unsigned int len;
	struct bpf_prog *prog;
	struct bpf_prog **entries;
	struct seccomp_table *table;
};

static void add(struct entry_test *t, const struct sock_filter *insns,
		unsigned int n)
{
	memcpy(t->insns + t->len, insns, n * sizeof(*insns));
	t->len += n;
}

/* The plans of a filter as seccomp_bitmap_classify() makes them. */
static void build(struct kunit *test)
{
	u16 *first_look = kunit_kzalloc(test, SECCOMP_FIRST_LOOK_SIZE, GFP_KERNEL);
	struct seccomp_table *draft = seccomp_table_draft();
	struct entry_test *t = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, draft);
	KUNIT_ASSERT_NOT_NULL(test, first_look);
	KUNIT_ASSERT_EQ(test, 0, seccomp_prog_create(&t->prog, t->insns, t->len));
	KUNIT_EXPECT_EQ(test, 0, seccomp_symbolic.classify(t->prog, FILTER, draft,
							   first_look));
	t->entries = seccomp_entry_build(draft, FILTER, t->prog, first_look);
	seccomp_table_run(draft, draft->bitmap[SECCOMP_CLASS_FILTER], t->prog, FILTER);
	t->table = seccomp_table_seal(draft);
	seccomp_table_put(draft);
	KUNIT_ASSERT_NOT_NULL(test, t->table);
}

static const struct bpf_prog *program_of(struct kunit *test, int nr)
{
	const struct entry_test *t = test->priv;
	const struct seccomp_plan *plan;

	plan = seccomp_table_lookup(t->table, SECCOMP_ARCH_NATIVE, nr);
	KUNIT_ASSERT_NOT_NULL(test, plan);
	return plan->prog;
}

static void expect_same(struct kunit *test, int nr, u64 arg)
{
	const struct entry_test *t = test->priv;
	const struct seccomp_plan *plan;
	struct seccomp_filter *match = NULL;
	struct seccomp_data sd = {
		.nr = nr, .arch = SECCOMP_ARCH_NATIVE, .args = { arg },
	};

	plan = seccomp_table_lookup(t->table, SECCOMP_ARCH_NATIVE, nr);
	KUNIT_EXPECT_EQ_MSG(test, seccomp_plan_run(plan, &sd, &match),
			    bpf_prog_run_pin_on_cpu(t->prog, &sd),
			    "nr %d argument %#llx", nr, arg);
}

static unsigned int count(const struct entry_test *t, unsigned int *len)
{
	unsigned int n = 0;

	for (*len = 0; t->entries && t->entries[n]; n++)
		*len += t->entries[n]->orig_prog->len;
	return n;
}

/* What the number has left in registers is there; equal entries are one. */
static void entry_test_registers(struct kunit *test)
{
	/* X and M[3]: the argument to reject and how, by the number */
	static const struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_IMM, SECCOMP_RET_ERRNO | 7),
		BPF_STMT(BPF_ST, 3),
		BPF_STMT(BPF_LDX | BPF_IMM, 1),
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 10, 0, 3),
		BPF_STMT(BPF_LD | BPF_IMM, SECCOMP_RET_ERRNO | 8),
		BPF_STMT(BPF_ST, 3),
		BPF_STMT(BPF_LDX | BPF_IMM, 2),
		LOAD(args),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 2),
		BPF_STMT(BPF_LD | BPF_MEM, 3),
		BPF_STMT(BPF_RET | BPF_A, 0),
		RET(SECCOMP_RET_ALLOW),
		/* Of no use, but to have room for two entry programs */
		RET(0), RET(0), RET(0), RET(0), RET(0),
	};
	struct entry_test *t = test->priv;
	unsigned int len;
	int nr;

	add(t, insns, ARRAY_SIZE(insns));
	build(test);

	for (nr = 0; nr < 20; nr++) {
		expect_same(test, nr, 1);
		expect_same(test, nr, 2);
		expect_same(test, nr, 3);
	}
	KUNIT_EXPECT_EQ(test, count(t, &len), 2);
	KUNIT_EXPECT_PTR_EQ(test, program_of(test, 0), program_of(test, 9));
	KUNIT_EXPECT_PTR_NE(test, program_of(test, 9), program_of(test, 10));
	KUNIT_EXPECT_PTR_NE(test, program_of(test, 0), t->prog);
}

/* A check for each number; @on: calls that it does not reject go on to the next. */
static void build_checks(struct kunit *test, bool on)
{
	struct entry_test *t = test->priv;
	unsigned int nr;

	add(t, &(struct sock_filter)LOAD(nr), 1);
	for (nr = 0; nr < NR_CHECKED; nr++) {
		struct sock_filter insns[] = {
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 4),
			LOAD(args),
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1 + on),
			RET(SECCOMP_RET_ERRNO | nr),
			RET(SECCOMP_RET_ALLOW),
		};

		add(t, insns, ARRAY_SIZE(insns));
	}
	add(t, &(struct sock_filter)RET(SECCOMP_RET_ALLOW), 1);
	build(test);
}

static void expect_checks(struct kunit *test, unsigned int nr_entries)
{
	struct entry_test *t = test->priv;
	unsigned int len, whole = 0;
	int nr;

	for (nr = 0; nr < NR_CHECKED; nr++) {
		expect_same(test, nr, nr);
		expect_same(test, nr, nr + 1);
		whole += program_of(test, nr) == t->prog;
	}
	KUNIT_EXPECT_EQ(test, count(t, &len), nr_entries);
	KUNIT_EXPECT_LE(test, len, t->len);
	KUNIT_EXPECT_EQ(test, whole, NR_CHECKED - nr_entries);
}

/* More places than there may be programs: the others run all of the filter. */
static void entry_test_number(struct kunit *test)
{
	build_checks(test, false);
	expect_checks(test, 16);
}

/* The first of them takes almost all of the room. */
static void entry_test_room(struct kunit *test)
{
	build_checks(test, true);
	expect_checks(test, 1);
}

static int entry_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct entry_test), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void entry_exit(struct kunit *test)
{
	struct entry_test *t = test->priv;

	seccomp_table_put(t->table);
	seccomp_entry_free(t->entries);
	if (t->prog)
		bpf_prog_destroy(t->prog);
}

static struct kunit_case entry_cases[] = {
	KUNIT_CASE(entry_test_registers),
	KUNIT_CASE(entry_test_number),
	KUNIT_CASE(entry_test_room),
	{}
};

static struct kunit_suite entry_suite = {
	.name = "seccomp_entry",
	.init = entry_init,
	.exit = entry_exit,
	.test_cases = entry_cases,
};

kunit_test_suite(entry_suite);
