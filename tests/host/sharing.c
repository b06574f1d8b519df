// SPDX-License-Identifier: GPL-2.0-only
/* Which filters share a program and a table, and which must not. */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/siphash.h>
#include <string.h>
#include "check.h"
#include "classify.h"
#include "generate.h"
#include "runner.h"
#include "sharing.h"
#include "../../kernel/seccomp/program.h"

static bool as_expected;

static void expect(bool holds, unsigned int line, const char *what)
{
	if (!holds)
		printf("# line %u: %s\n", line, what);
	as_expected &= holds;
}

#define EXPECT(holds)	expect(holds, __LINE__, #holds)

static const struct sock_filter deny_1[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

static const struct sock_filter deny_2[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 2, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 2),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

/* Of the native ABI. */
static u32 result(const struct seccomp_filter *filter, int nr)
{
	const struct seccomp_data sd = { .nr = nr, .arch = seccomp_abis[0].arch };
	struct seccomp_verdict verdict = { 0 };

	return seccomp_table_decide(filter->bitmap.table, &sd, &verdict) ?
	       verdict.ret : 0;
}

/* Do all tables have the same hash, while programs have not? */
static bool tables_collide;

static void put(struct seccomp_filter *filter, const struct sock_filter *insns,
		bool log, struct seccomp_filter *older)
{
	bool collides = seccomp_share_collides;

	filter_prepare(filter, insns, 4, log);
	seccomp_share_collides |= tables_collide;
	filter_freeze(filter, older);
	seccomp_share_collides = collides;
}

static bool same_program(const struct seccomp_filter *a, const struct seccomp_filter *b)
{
	return a->bitmap.program == b->bitmap.program && a->prog == b->prog;
}

static bool same_table(const struct seccomp_filter *a, const struct seccomp_filter *b)
{
	return a->bitmap.table == b->bitmap.table;
}

/* Is nothing left that filters could share? */
static bool none_left(void)
{
	return !seccomp_programs.nelems && !seccomp_tables.nelems;
}

static void equal_filters_share(void)
{
	struct seccomp_filter a, b, other;

	put(&a, deny_1, false, NULL);
	put(&b, deny_1, false, NULL);
	put(&other, deny_2, false, NULL);
	EXPECT(same_program(&a, &b) && same_table(&a, &b));
	EXPECT(seccomp_bitmap_users(&a.bitmap) == 2);
	EXPECT(!same_program(&a, &other) && !same_table(&a, &other));
	EXPECT(result(&other, 2) == (SECCOMP_RET_ERRNO | 2));
	filter_free(&a);
	EXPECT(result(&b, 1) == (SECCOMP_RET_ERRNO | 1));
	filter_free(&b);
	filter_free(&other);
	EXPECT(none_left());
}

/* Other texts with the same hash. */
static void hashes_are_not_believed(void)
{
	struct seccomp_filter a, b, on_a, on_b, other_user;

	seccomp_share_collides = true;
	put(&a, deny_1, false, NULL);
	put(&b, deny_2, false, NULL);
	put(&on_a, deny_2, false, &a);
	put(&on_b, deny_1, false, &b);
	shim_uid++;
	put(&other_user, deny_1, false, NULL);
	shim_uid--;
	seccomp_share_collides = false;
	EXPECT(!same_program(&a, &other_user));
	EXPECT(!same_program(&a, &b) && !same_table(&a, &b));
	EXPECT(!same_table(&on_a, &on_b));
	EXPECT(result(&a, 1) == (SECCOMP_RET_ERRNO | 1) && !result(&a, 0x7fff));
	EXPECT(result(&b, 1) == SECCOMP_RET_ALLOW);
	EXPECT(result(&b, 2) == (SECCOMP_RET_ERRNO | 2));
	EXPECT(result(&on_a, 1) == (SECCOMP_RET_ERRNO | 1));
	EXPECT(result(&on_b, 2) == (SECCOMP_RET_ERRNO | 2));
	filter_free(&other_user);
	filter_free(&on_a);
	filter_free(&on_b);
	filter_free(&a);
	filter_free(&b);
	EXPECT(none_left());
}

/* The same, of tables: the newest filter may differ, an older one, or the depth. */
static void tables_are_compared(void)
{
	struct seccomp_filter a, b, on_a, on_b, alone;

	put(&a, deny_1, false, NULL);
	put(&b, deny_1, true, NULL);
	tables_collide = true;
	put(&on_a, deny_2, false, &a);
	put(&alone, deny_1, false, NULL);
	EXPECT(!same_table(&alone, &on_a));
	EXPECT(result(&alone, 2) == SECCOMP_RET_ALLOW);
	put(&on_b, deny_2, false, &b);
	EXPECT(!same_table(&on_a, &on_b));
	filter_free(&on_b);
	put(&on_b, deny_1, false, &a);
	EXPECT(!same_table(&on_a, &on_b));
	tables_collide = false;
	filter_free(&on_a);
	filter_free(&on_b);
	filter_free(&alone);
	filter_free(&a);
	filter_free(&b);
	EXPECT(none_left());
}

/* Does @set keep the filters that are attached before and after it apart? */
static bool apart(void (*set)(bool on))
{
	struct seccomp_filter a, b, c;
	bool ok;

	put(&a, deny_1, false, NULL);
	set(true);
	put(&b, deny_1, false, NULL);
	put(&c, deny_1, false, NULL);
	set(false);
	ok = !same_program(&a, &b) && !same_table(&a, &b) && same_program(&b, &c);
	filter_free(&a);
	filter_free(&b);
	filter_free(&c);
	return ok && none_left();
}

static void set_user(bool on)
{
	shim_uid = on;
}

static void set_admin(bool on)
{
	shim_capable = on ? 1ULL << CAP_SYS_ADMIN : 0;
}

static void set_bpf(bool on)
{
	shim_capable = on ? 1ULL << CAP_BPF : 0;
}

/* Who has CAP_SYS_ADMIN needs no CAP_BPF, but gets other code. */
static void set_admin_or_bpf(bool on)
{
	shim_capable = 1ULL << (on ? CAP_SYS_ADMIN : CAP_BPF);
}

static void set_interpreter(bool on)
{
	bpf_jit_enable = !on;
}

static void set_harden(bool on)
{
	bpf_jit_harden = on;
}

static void attachers_are_kept_apart(void)
{
	EXPECT(apart(set_user));
	EXPECT(apart(set_admin));
	EXPECT(apart(set_bpf));
	EXPECT(apart(set_interpreter));
	EXPECT(apart(set_harden));

	set_bpf(true);
	EXPECT(apart(set_admin_or_bpf));
	set_bpf(false);
}

/* What the JIT compiler has refused is for the one who asked. */
static void refused_is_not_shared(void)
{
	struct seccomp_filter a, b, c, on_a, on_b;

	shim_jit_refuses = true;
	put(&a, deny_1, false, NULL);
	put(&b, deny_1, false, NULL);
	shim_jit_refuses = false;
	put(&c, deny_1, false, NULL);
	EXPECT(!same_program(&a, &b) && !same_table(&a, &b));
	EXPECT(!same_program(&a, &c) && c.prog->jited);
	put(&on_a, deny_2, false, &a);
	put(&on_b, deny_2, false, &b);
	EXPECT(same_program(&on_a, &on_b) && !same_table(&on_a, &on_b));
	filter_free(&on_a);
	filter_free(&on_b);
	filter_free(&a);
	filter_free(&b);
	filter_free(&c);
	EXPECT(none_left());
}

static int harden_now(struct sock_filter *insns, unsigned int len)
{
	bpf_jit_harden = 1;
	return 0;
}

/* A setting changes while the JIT compiler is at work. */
static void settings_are_looked_at_again(void)
{
	struct sock_filter *text = kmemdup(deny_1, sizeof(deny_1), GFP_KERNEL);
	struct seccomp_program *program = seccomp_program_get(text, 4, harden_now);
	struct seccomp_filter before, after;

	put(&after, deny_1, false, NULL);
	bpf_jit_harden = 0;
	put(&before, deny_1, false, NULL);
	EXPECT(program != before.bitmap.program && program != after.bitmap.program);
	EXPECT(!program->id);
	seccomp_program_put(program);
	filter_free(&before);
	filter_free(&after);
	EXPECT(none_left());
}

static void log_flag_stays_with_its_filter(void)
{
	struct seccomp_filter a, b, on_a, on_b;
	const struct seccomp_data sd = { .nr = 1, .arch = seccomp_abis[0].arch };
	struct seccomp_verdict verdict;

	put(&a, deny_1, false, NULL);
	put(&b, deny_1, true, NULL);
	EXPECT(same_program(&a, &b) && !same_table(&a, &b));
	EXPECT(seccomp_table_decide(b.bitmap.table, &sd, &verdict) && verdict.log);
	put(&on_a, deny_2, false, &a);
	put(&on_b, deny_2, false, &b);
	EXPECT(!same_table(&on_a, &on_b));
	EXPECT(seccomp_table_decide(on_a.bitmap.table, &sd, &verdict) && !verdict.log);
	EXPECT(seccomp_table_decide(on_b.bitmap.table, &sd, &verdict) && verdict.log);
	filter_free(&on_a);
	filter_free(&on_b);
	filter_free(&a);
	filter_free(&b);
	EXPECT(none_left());
}

/* The table of a stack depends on the order, and on all of it. */
static void equal_stacks_share(void)
{
	const struct sock_filter *text[] = { deny_1, deny_2, deny_1 };
	struct seccomp_filter a[3], b[3], swapped[2];

	for (int i = 0; i < 3; i++)
		put(&a[i], text[i], false, i ? &a[i - 1] : NULL);
	for (int i = 0; i < 2; i++)
		filter_supersede(&a[i]);
	for (int i = 0; i < 3; i++) {
		put(&b[i], text[i], false, i ? &b[i - 1] : NULL);
		if (i)
			filter_supersede(&b[i - 1]);
	}
	put(&swapped[0], deny_2, false, NULL);
	put(&swapped[1], deny_1, false, &swapped[0]);
	EXPECT(same_table(&a[2], &b[2]));
	EXPECT(!same_table(&swapped[1], &b[2]));
	EXPECT(seccomp_bitmap_users(&a[0].bitmap) == 5);
	for (int i = 2; i >= 0; i--) {
		filter_free(&a[i]);
		filter_free(&b[i]);
	}
	filter_free(&swapped[1]);
	filter_free(&swapped[0]);
	EXPECT(none_left());
}

/* Lookups may come across what has just lost its last user. */
static void dead_are_not_found(void)
{
	struct seccomp_filter a, b, c;

	put(&a, deny_1, false, NULL);
	a.bitmap.program->shared.refs = 0;
	a.bitmap.table->shared.refs = 0;
	put(&b, deny_1, false, NULL);
	EXPECT(!same_program(&a, &b) && !same_table(&a, &b));
	EXPECT(seccomp_bitmap_users(&b.bitmap) == 1);
	put(&c, deny_1, false, NULL);
	EXPECT(same_program(&b, &c) && same_table(&b, &c));
	a.bitmap.program->shared.refs = 1;
	a.bitmap.table->shared.refs = 1;
	filter_free(&a);
	filter_free(&b);
	filter_free(&c);
	EXPECT(none_left());
}

/* Beyond a certain depth there are no keys. */
static void deep_stacks_work(void)
{
	static struct seccomp_filter filter[SECCOMP_MAX_SHARED + 40];
	const unsigned int n = ARRAY_SIZE(filter);

	for (unsigned int i = 0; i < n; i++) {
		put(&filter[i], i % 2 ? deny_1 : deny_2, false,
		    i ? &filter[i - 1] : NULL);
		if (i)
			filter_supersede(&filter[i - 1]);
	}
	EXPECT(seccomp_tables.nelems == 0);
	EXPECT(result(&filter[n - 1], 1) == (SECCOMP_RET_ERRNO | 1));
	EXPECT(result(&filter[n - 1], 2) == (SECCOMP_RET_ERRNO | 2));
	EXPECT(result(&filter[n - 1], 3) == SECCOMP_RET_ALLOW);
	for (unsigned int i = n; i-- > 0;)
		filter_free(&filter[i]);
	EXPECT(none_left());
}

static struct seccomp_filter meanwhile;

static int attach_meanwhile(struct sock_filter *insns, unsigned int len)
{
	put(&meanwhile, deny_1, false, NULL);
	return 0;
}

/* Another task attaches the same text while the JIT compiler is at work. */
static void the_first_one_wins(void)
{
	struct sock_filter *text = kmemdup(deny_1, sizeof(deny_1), GFP_KERNEL);
	struct seccomp_program *program = seccomp_program_get(text, 4, attach_meanwhile);

	EXPECT(program == meanwhile.bitmap.program);
	EXPECT(seccomp_bitmap_users(&meanwhile.bitmap) == 2);
	seccomp_program_put(program);
	EXPECT(result(&meanwhile, 1) == (SECCOMP_RET_ERRNO | 1));
	filter_free(&meanwhile);
	EXPECT(none_left());
}

/* What one has lost for want of memory, the next one does not get. */
static void sharing_can_fail(void)
{
	struct seccomp_filter a, b;
	unsigned int nth = 0;

	do {
		shim_fail_nth = ++nth;
		put(&a, deny_1, false, NULL);
		if (shim_fail_nth)
			break;
		put(&b, deny_1, false, NULL);
		EXPECT(!seccomp_bitmap_known(&a.bitmap) ||
		       result(&a, 1) == (SECCOMP_RET_ERRNO | 1));
		EXPECT(result(&b, 1) == (SECCOMP_RET_ERRNO | 1));
		/* Nor is it run */
		EXPECT(!b.bitmap.table->nr_steps);
		EXPECT(test_bit(2, b.bitmap.table->allow));
		filter_free(&a);
		filter_free(&b);
		EXPECT(none_left());
	} while (true);
	shim_fail_nth = 0;
	filter_free(&a);
	EXPECT(nth > 5 && none_left());
}

bool test_sharing(const struct test *test, uint64_t seed)
{
	void (*const tests[])(void) = {
		equal_filters_share, hashes_are_not_believed,
		tables_are_compared,
		attachers_are_kept_apart, refused_is_not_shared,
		settings_are_looked_at_again, log_flag_stays_with_its_filter,
		equal_stacks_share, dead_are_not_found, deep_stacks_work,
		the_first_one_wins, sharing_can_fail,
	};

	filters_share = true;
	as_expected = true;
	for (unsigned int i = 0; as_expected && i < ARRAY_SIZE(tests); i++)
		tests[i]();
	return as_expected;
}

/* --- Random stacks, some of which others have had before ----------------- */

#define NR_PROGRAMS	6
#define NR_KEPT		8

/* A stack that some task has while others are checked. */
struct kept {
	struct seccomp_filter filter[4];
	unsigned int depth;
};

static void keep(struct kept *kept, const struct program *programs, struct rng *rng)
{
	unsigned int i;

	while (kept->depth)
		filter_free(&kept->filter[--kept->depth]);
	kept->depth = 1 + rng_below(rng, ARRAY_SIZE(kept->filter));
	for (i = 0; i < kept->depth; i++) {
		const struct program *p = &programs[rng_below(rng, NR_PROGRAMS)];
		struct seccomp_filter *older = i ? &kept->filter[i - 1] : NULL;

		filter_prepare(&kept->filter[i], p->insn, p->len, rng_below(rng, 2));
		filter_freeze(&kept->filter[i], older);
		if (older && rng_below(rng, 2))
			filter_supersede(older);
	}
}

/* The oracle judges tables that are found, too. */
bool test_shared_stacks(const struct test *test, uint64_t seed)
{
	static struct program programs[NR_PROGRAMS];
	static struct kept kept[NR_KEPT];
	const struct program *stack[4];
	struct rng rng = { .state = seed };
	unsigned int depth, round, i;
	bool ok = true;

	filters_share = true;
	for (round = 0; ok && stats->decisions < test->decisions; round++) {
		if (round % 64 == 0)
			for (i = 0; i < NR_PROGRAMS; i++)
				test->make(&programs[i], &rng);
		keep(&kept[rng_below(&rng, NR_KEPT)], programs, &rng);
		depth = 1 + rng_below(&rng, ARRAY_SIZE(stack));
		for (i = 0; i < depth; i++)
			stack[i] = &programs[rng_below(&rng, NR_PROGRAMS)];
		ok = check_stack(stack, depth, rng_next(&rng), stdout);
	}
	for (i = 0; i < NR_KEPT; i++)
		while (kept[i].depth)
			filter_free(&kept[i].filter[--kept[i].depth]);
	return ok && none_left();
}
