// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compare the tables of filters with the oracle on many programs and stacks of them.
 *
 *   tests [-x] [-n PERCENT] [-s SEED] [-j JOBS] [-p PREFIX] [-f DIRS] [-o TEST]
 *   tests -w DIR		write seeds for the fuzzer
 *
 * PERCENT scales how much is tried; DIRS have real filters, as *.bpf, and stacks
 * of them in folders. With -x the first failure is the end.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include "check.h"
#include "classify.h"
#include "exhaustive.h"
#include "flood.h"
#include "generate.h"
#include "numbers.h"
#include "real.h"
#include "runner.h"
#include "sharing.h"

static unsigned int percent = 100;
static bool all_of_them = true;
static struct real *reals;
static unsigned int nr_reals;

/* A generator of its own for each test, and for each part of one. */
static struct rng test_rng(const struct test *test, uint64_t seed)
{
	struct rng rng = { .state = seed };
	const char *c;

	for (c = test->name; *c; c++)
		rng.state = rng_next(&rng) ^ *c;
	return rng;
}

static bool enough(const struct test *test)
{
	return stats->decisions * 100 >= test->decisions * percent;
}

/*
 * Mostly the sizes that kernels have, else around where a leaf ends or any from 1
 * to all rows.
 */
static unsigned int random_size(struct rng *rng)
{
	unsigned int leaves = SECCOMP_ABI_ROWS / SECCOMP_LEAF_ROWS;

	if (rng_below(rng, 2))
		return 1 + rng_below(rng, SECCOMP_ABI_ROWS);
	return min((1 + rng_below(rng, leaves)) * SECCOMP_LEAF_ROWS - 1 +
		   rng_below(rng, 3), SECCOMP_ABI_ROWS);
}

/* As on MIPS, around a power of 2, or near 0, so that numbers and rows overlap. */
static unsigned int random_first(struct rng *rng)
{
	switch (rng_below(rng, 4)) {
	case 0:
		return 4000 + 1000 * rng_below(rng, 3);
	case 1:
		return (1U << (9 + rng_below(rng, 7))) - rng_below(rng, 512);
	default:
		return rng_below(rng, 1024);
	}
}

/* Numbers mostly start at 0, but more often elsewhere in the second ABI. */
static void vary_abis(struct rng *rng)
{
	bool usual = rng_below(rng, 8);

	for (unsigned int i = 0; i < SECCOMP_NR_ABIS; i++) {
		seccomp_abis[i].size = usual ? 463 : random_size(rng);
		seccomp_abis[i].first = rng_below(rng, i ? 2 : 4) ? 0 : random_first(rng);
	}
}

static bool all_valid(const struct program *const *stack, unsigned int depth)
{
	for (unsigned int i = 0; i < depth; i++) {
		if (program_valid(stack[i]))
			continue;
		printf("# a generator made a program that is not valid:\n");
		program_print(stdout, stack[i]);
		return false;
	}
	return true;
}

/* Check a stack; show the smallest one that fails. */
static bool check_small(const struct program *const *stack, unsigned int depth,
			struct rng *rng)
{
	static struct program copy[MAX_STACK], *small[MAX_STACK];
	uint64_t seed = rng_next(rng);

	if (!all_valid(stack, depth))
		return false;
	if (check_stack(stack, depth, seed, NULL))
		return true;

	for (unsigned int i = 0; i < depth; i++) {
		copy[i] = *stack[i];
		small[i] = &copy[i];
	}
	if (all_of_them)
		check_shrink(small, depth, seed);
	for (unsigned int i = 0; i < SECCOMP_NR_ABIS; i++)
		printf("# %u numbers from %u on\n", seccomp_abis[i].size,
		       seccomp_abis[i].first);
	return check_stack((const struct program **)small, depth, seed, stdout);
}

static bool check(const struct program *p, struct rng *rng)
{
	return check_small(&p, 1, rng);
}

/* --- Many programs ------------------------------------------------------ */

static void make_random(struct program *p, struct rng *rng)
{
	vary_abis(rng);
	generate_random(p, 120, rng);
}

static void make_kind(struct program *p, struct rng *rng)
{
	vary_abis(rng);
	generate_kind(p, rng_below(rng, 50) ? 200 : BPF_MAXINSNS, rng);
}

static void make_kind_mutated(struct program *p, struct rng *rng)
{
	vary_abis(rng);
	generate_kind(p, 160, rng);
	generate_mutant(p, rng);
}

static void make_rests(struct program *p, struct rng *rng)
{
	vary_abis(rng);
	generate_rests(p, rng);
}

static bool test_many(const struct test *test, uint64_t seed)
{
	struct rng rng = test_rng(test, seed);
	static struct program p;

	while (!enough(test)) {
		test->make(&p, &rng);
		if (!check(&p, &rng))
			return false;
	}
	return true;
}

/* The longest programs of every kind. */
static bool test_longest(const struct test *test, uint64_t seed)
{
	struct rng rng = test_rng(test, seed);
	static struct program p;

	for (unsigned int i = 0; i < nr_kinds; i++) {
		kinds[i].build(&p, BPF_MAXINSNS, &rng);
		if (!check(&p, &rng))
			return false;
	}
	return true;
}

/* --- Stacks ------------------------------------------------------------- */

/*
 * The next filter of a stack is another one, or one that is there already: as it
 * is, with another beginning, or changed.
 */
static void next_filter(struct program *p, unsigned int place,
			const struct test *test, struct rng *rng)
{
	const struct sock_filter nop = BPF_STMT(BPF_JMP | BPF_JA, 0);
	unsigned int kind = rng_below(rng, 6);

	if (!place || kind >= 3) {
		test->make(&p[place], rng);
		return;
	}
	p[place] = p[rng_below(rng, place)];
	if (kind == 1)
		program_insert(&p[place], 0, nop);
	if (kind == 2)
		generate_mutant(&p[place], rng);
}

static void make_short(struct program *p, struct rng *rng)
{
	switch (rng_below(rng, 4)) {
	case 0:
		generate_kind(p, 120, rng);
		break;
	case 1:
		generate_rests(p, rng);
		break;
	default:
		generate_random(p, 60, rng);
	}
}

static void make_real(struct program *p, struct rng *rng)
{
	const struct real *real;

	if (!nr_reals) {
		make_short(p, rng);
		return;
	}
	real = &reals[rng_below(rng, nr_reals)];
	*p = *real->filter[rng_below(rng, real->depth)];
	if (rng_below(rng, 2))
		generate_mutant(p, rng);
}

static bool test_stacks(const struct test *test, uint64_t seed)
{
	static struct program p[MAX_STACK];
	static const struct program *stack[MAX_STACK];
	struct rng rng = test_rng(test, seed);
	unsigned int depth, i;

	check_losses = test->losses;
	while (!enough(test)) {
		vary_abis(&rng);
		depth = 2 + rng_below(&rng, rng_below(&rng, 8) ? 3 : 7);
		for (i = 0; i < depth; i++) {
			next_filter(p, i, test, &rng);
			stack[i] = &p[i];
		}
		if (!check_small(stack, depth, &rng))
			return false;
	}
	return true;
}

/* --- Real filters ------------------------------------------------------- */

/* With many arguments; then, of stacks, with parts that are lost. */
static bool test_real(const struct test *test, uint64_t seed)
{
	struct rng rng = test_rng(test, seed);

	if (!nr_reals)
		printf("# no real filters here: `make filters` makes some\n");
	check_trials = 96;
	check_plain_trials = percent < 100 ? 32 : 96;
	for (unsigned int i = 0; i < nr_reals; i++) {
		real_set_abis(&reals[i]);
		for (check_losses = 0; check_losses <= 20; check_losses += 20) {
			if (!check_stack((const struct program **)reals[i].filter,
					 reals[i].depth, rng_next(&rng), stdout)) {
				printf("# %s\n", reals[i].name);
				return false;
			}
			if (reals[i].depth == 1)
				break;
		}
	}
	return true;
}

static void make_real_mutated(struct program *p, struct rng *rng)
{
	const struct real *real;

	if (!nr_reals) {
		make_kind_mutated(p, rng);
		return;
	}
	real = &reals[rng_below(rng, nr_reals)];
	real_set_abis(real);
	*p = *real->filter[rng_below(rng, real->depth)];
	generate_mutant(p, rng);
}

/* --- All programs of a kind ---------------------------------------------- */

static bool check_next(const struct program *p)
{
	static struct rng rng;

	return check(p, &rng);
}

static bool test_exhaustive(const struct test *test, uint64_t seed)
{
	unsigned int shorter = (percent < 100) + (percent < 2);

	check_counts_missed = true;
	return exhaustive_short(shorter, test->part, check_next);
}

static bool test_words(const struct test *test, uint64_t seed)
{
	check_counts_missed = true;
	return exhaustive_words(check_next);
}

/* --- What has to be found ----------------------------------------------- */

#define WORD		ARG_LO(0)
#define LD_WORD		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, WORD)
#define LD_NR		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DATA(nr))
#define LD_K(k)		BPF_STMT(BPF_LD | BPF_IMM, k)
#define IF_SET(k, t, f)	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, k, t, f)
#define IF_EQ(k, t, f)	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k, t, f)
#define SKIP(n)		BPF_STMT(BPF_JMP | BPF_JA, n)
#define RET(k)		BPF_STMT(BPF_RET | BPF_K, k)
#define DENY		(SECCOMP_RET_ERRNO | 1)

struct promise {
	const char *what;
	int nr;
	uint32_t ret;
	unsigned int len;
	struct sock_filter insn[16];
};

/* Constants, also those that running a filter for a number does not find. */
static const struct promise constants[] = {
	{ "all ways return the same", 0, DENY, 4, {
		LD_WORD, IF_SET(1, 0, 1), RET(DENY), RET(DENY),
	} },
	{ "also one that loads the number again", 0, DENY, 5, {
		LD_WORD, IF_SET(1, 0, 2), LD_NR, RET(DENY), RET(DENY),
	} },
	{ "the data of an ALLOW does not matter", 0, SECCOMP_RET_ALLOW, 4, {
		LD_WORD, IF_SET(1, 0, 1), RET(SECCOMP_RET_ALLOW | 1),
		RET(SECCOMP_RET_ALLOW | 2),
	} },
	{ "equal values meet", 0, DENY, 8, {
		LD_WORD, IF_SET(1, 0, 2), LD_K(7), SKIP(1), LD_K(7),
		IF_EQ(7, 0, 1), RET(DENY), RET(SECCOMP_RET_KILL_PROCESS),
	} },
	{ "unequal values meet and are not read", 0, DENY, 8, {
		LD_WORD, IF_SET(1, 0, 2), LD_K(7), SKIP(1), LD_K(8),
		LD_NR, IF_EQ(0, 0, 0), RET(DENY),
	} },
	{ "a register is known again once it is written", 0, DENY, 10, {
		LD_WORD, BPF_STMT(BPF_MISC | BPF_TAX, 0), LD_NR,
		BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 8),
		BPF_STMT(BPF_LDX | BPF_IMM, 0), LD_WORD,
		BPF_STMT(BPF_MISC | BPF_TXA, 0), IF_EQ(0, 0, 1), RET(DENY),
		RET(SECCOMP_RET_KILL_PROCESS),
	} },
	{ "so is a word of scratch memory", 0, DENY, 10, {
		LD_WORD, BPF_STMT(BPF_ST, 1), LD_NR,
		BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 8), BPF_STMT(BPF_ST, 1),
		LD_WORD, BPF_STMT(BPF_LD | BPF_MEM, 1), IF_EQ(0, 0, 1), RET(DENY),
		RET(SECCOMP_RET_KILL_PROCESS),
	} },
};

/* Rests that the core has to evaluate itself. */
static const struct promise rests[] = {
	{ "a condition", 0, DENY, 6, {
		LD_NR, IF_EQ(0, 0, 2), LD_WORD, IF_SET(1, 0, 1),
		RET(SECCOMP_RET_ALLOW), RET(DENY),
	} },
	{ "a condition that pays only behind a beginning", 0, DENY, 15, {
		LD_NR, SKIP(0), LD_WORD, IF_SET(0x1, 0, 10), IF_EQ(0x1, 0, 9),
		IF_EQ(0x2, 0, 8), IF_EQ(0x3, 0, 7), IF_EQ(0x4, 0, 6), IF_EQ(0x5, 0, 5),
		IF_EQ(0x6, 0, 4), IF_EQ(0x7, 0, 3), IF_EQ(0x8, 0, 2), IF_EQ(0x9, 0, 1),
		RET(SECCOMP_RET_ALLOW), RET(DENY),
	} },
	{ "many ways, but few operations", 0, DENY, 14, {
		LD_WORD, IF_SET(0x1, 0, 1), IF_SET(0x2, 1, 2), IF_SET(0x3, 0, 1),
		IF_SET(0x4, 1, 2), IF_SET(0x5, 0, 1), IF_SET(0x6, 1, 2),
		IF_SET(0x7, 0, 1), IF_SET(0x8, 1, 2), IF_SET(0x9, 0, 1),
		IF_SET(0xa, 1, 2), IF_SET(0xb, 0, 1), RET(SECCOMP_RET_ALLOW), RET(DENY),
	} },
	{ "a result for each number", 7, SECCOMP_RET_TRACE | 7, 3, {
		LD_NR, BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_TRACE),
		BPF_STMT(BPF_RET | BPF_A, 0),
	} },
};

static bool is_constant(const struct seccomp_table *table, unsigned int id)
{
	return id == SECCOMP_CLASS_ALLOW ||
	       (id != SECCOMP_CLASS_FILTER && !seccomp_table_class(table, id)->nr_steps);
}

static bool is_rest(const struct seccomp_table *table, unsigned int id)
{
	return id >= SECCOMP_NR_FIXED_CLASSES && seccomp_table_class(table, id)->one_rest;
}

static bool is_kept(const struct promise *promise,
		    bool (*is)(const struct seccomp_table *table, unsigned int id))
{
	struct seccomp_data sd = { .arch = seccomp_abis[0].arch, .nr = promise->nr };
	const struct seccomp_table *table;
	struct seccomp_verdict verdict;
	struct seccomp_filter filter;
	bool ok;

	filter_prepare(&filter, promise->insn, promise->len, false);
	filter_freeze(&filter, NULL);
	table = filter.bitmap.table;
	ok = is(table, seccomp_table_class_id(table, seccomp_row(sd.arch, sd.nr))) &&
	     seccomp_table_decide(table, &sd, &verdict) && verdict.ret == promise->ret;
	if (!ok)
		printf("# %s: not found\n", promise->what);
	filter_free(&filter);
	return ok;
}

static bool test_promises(const struct test *test, uint64_t seed)
{
	bool ok = true;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(constants); i++)
		ok &= is_kept(&constants[i], is_constant);
	for (i = 0; i < ARRAY_SIZE(rests); i++)
		ok &= is_kept(&rests[i], is_rest);
	return ok;
}

/* --- When it cannot be done --------------------------------------------- */

/*
 * What there is no memory for is not known; the rest is right, and nothing leaks.
 * Each allocation fails in turn, alone or with the @more ones that follow.
 */
static bool without_memory(const struct program *const *stack, unsigned int depth,
			   unsigned int more, struct rng *rng)
{
	unsigned int nth;
	bool ok = true;

	for (nth = 1; ok; nth++) {
		shim_fail_nth = nth;
		shim_fail_more = more;
		ok = check_failing(stack, depth, rng_next(rng), stdout);
		if (shim_fail_nth > 1)	/* as many there are not */
			break;
	}
	shim_fail_nth = 0;
	if (nth < 4)
		printf("# no allocation failed\n");
	return ok && nth >= 4;
}

/* A task that is killed meanwhile is not kept waiting: that is asked for all the time. */
static bool when_killed(const struct program *p)
{
	struct seccomp_filter filter;
	unsigned int nth;
	bool ok = true;
	int err;

	for (nth = 1; ok; nth += 1 + nth / 4) {
		shim_killed_nth = nth;
		err = filter_prepare(&filter, p->insn, p->len, false);
		filter_free(&filter);
		if (shim_killed_nth)
			break;
		ok = err == -EINTR;
	}
	shim_killed_nth = 0;
	ok &= nth > 2 * SECCOMP_NR_ABIS;
	if (!ok)
		printf("# error %d, question %u\n", err, nth);
	return ok;
}

static bool test_failures(const struct test *test, uint64_t seed)
{
	static struct program p[4];
	const struct program *stack[] = { &p[0], &p[1], &p[2], &p[3] };
	struct rng rng = test_rng(test, seed);
	unsigned int i, n;

	for (i = 0; i < nr_kinds; i++) {
		kinds[i].build(&p[0], 360, &rng);
		if (!without_memory(stack, 1, 0, &rng) || !when_killed(&p[0]))
			return false;
	}
	for (n = 0; n < 4 + percent; n++) {
		for (i = 0; i < ARRAY_SIZE(p); i++)
			next_filter(p, i, test, &rng);
		if (!without_memory(stack, ARRAY_SIZE(p), rng_below(&rng, 3) * n / 8, &rng))
			return false;
	}
	return true;
}

/* Are there numbers of which the classifier does not even know where they look? */
static bool leaves_numbers(const struct program *p, bool tireless)
{
	struct seccomp_filter filter;
	bool leaves;

	seccomp_symbolic_tireless = tireless;
	filter_prepare(&filter, p->insn, p->len, false);
	filter_look(&filter);
	leaves = memchr(filter.own->row, SECCOMP_OUTCOME_RUN, seccomp_abis[0].size);
	filter_free(&filter);
	return leaves;
}

/* What is given up for want of time is run; what is known nevertheless is right. */
static bool test_tired(const struct test *test, uint64_t seed)
{
	struct rng rng = test_rng(test, seed);
	const struct program *stack[1];
	static struct program p;
	unsigned int given_up = 0;

	stack[0] = &p;
	while (!enough(test)) {
		test->make(&p, &rng);
		given_up += !leaves_numbers(&p, true) && leaves_numbers(&p, false);
		seccomp_symbolic_tireless = false;
		if (!check_failing(stack, 1, rng_next(&rng), stdout))
			return false;
	}
	printf("# %u of %llu programs take too long\n", given_up,
	       (unsigned long long)stats->programs);
	return given_up;
}

static void make_short_or_crowded(struct program *p, struct rng *rng)
{
	if (rng_below(rng, 2))
		make_short(p, rng);
	else
		generate_crowd(p, rng);
}

/* Where the JIT compiler hides constants, none is read from the heap. */
static bool test_blinded(const struct test *test, uint64_t seed)
{
	struct rng rng = test_rng(test, seed);
	struct seccomp_filter filter;
	static struct program p;
	bool ok = true;

	bpf_jit_harden = 2;
	for (unsigned int n = 0; ok && n < 20 * percent; n++) {
		test->make(&p, &rng);
		filter_prepare(&filter, p.insn, p.len, false);
		filter_look(&filter);
		for (unsigned int i = 0; i < filter.own->nr_outcomes; i++)
			ok &= filter.own->outcome[i].kind != SECCOMP_REST;
		filter_free(&filter);
	}
	return ok;
}

/* --- Where decoding gives up --------------------------------------------- */

/*
 * Long ways to the first operation, with a jump whose other targets nobody has checked
 * lie at the end of what is passed. In memory that ends with the filter.
 */
static bool test_passed(const struct test *test, uint64_t seed)
{
	const struct sock_filter load = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DATA(args));
	const struct sock_filter skip = { .code = BPF_JMP | BPF_JA, .jt = 255, .jf = 255 };
	const struct sock_filter ret = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct seccomp_op ops[SECCOMP_MAX_OPS];
	bool ok = true;

	for (unsigned int n = 480; n < 560; n++) {
		struct sock_filter *insns = malloc((n + 2) * sizeof(*insns));
		unsigned int nr;

		for (unsigned int i = 0; i < n; i++)
			insns[i] = load;
		insns[n] = skip;
		insns[n + 1] = ret;
		nr = seccomp_rest_decode(insns, 0, ops);
		/* 512 are passed, and so is the one that shows it */
		ok &= nr == (n + 1 <= 512);
		free(insns);
	}
	return ok;
}

/* --- Does the kernel that we run on accept what we make? ---------------- */

/*
 * Returns a negative error. With a filter the child may not even be able to exit: it
 * spins until a timer of its own processor time kills it.
 */
static int attach_in_child(const struct program *p)
{
	struct sock_fprog fprog = {
		.len = p->len, .filter = (struct sock_filter *)p->insn,
	};
	const struct itimerval soon = { .it_value.tv_usec = 1000 };
	int status;
	pid_t pid = fork();

	if (!pid) {
		setitimer(ITIMER_VIRTUAL, &soon, NULL);
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
		    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &fprog))
			_exit(errno);
		for (;;)
			;
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -EAGAIN;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : 0;
}

static bool test_accepted(const struct test *test, uint64_t seed)
{
	const struct program trivial = {
		.len = 1,
		.insn = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) },
	};
	struct rng rng = test_rng(test, seed);
	static struct program p;

	if (attach_in_child(&trivial)) {
		printf("# no seccomp on this machine: not tried\n");
		return true;
	}
	for (unsigned int i = 0; i < percent; i++) {
		if (i % 4)
			generate_random(&p, 120, &rng);
		else
			generate_kind(&p, 200, &rng);
		if (i % 2)
			generate_mutant(&p, &rng);
		if (attach_in_child(&p) == -EINVAL) {
			printf("# the kernel does not accept:\n");
			program_print(stdout, &p);
			return false;
		}
	}
	return true;
}

/* --- The program -------------------------------------------------------- */

#define MILLION	1000000ULL

static const struct test tests[] = {
	{ "exhaustive-1", test_exhaustive, .part = 0 },
	{ "exhaustive-2", test_exhaustive, .part = 1 },
	{ "exhaustive-3", test_exhaustive, .part = 2 },
	{ "exhaustive-4", test_exhaustive, .part = 3 },
	{ "words", test_words },
	{ "random-1", test_many, make_random, 10 * MILLION },
	{ "random-2", test_many, make_random, 10 * MILLION },
	{ "random-3", test_many, make_random, 10 * MILLION },
	{ "kinds-1", test_many, make_kind, 10 * MILLION },
	{ "kinds-2", test_many, make_kind, 10 * MILLION },
	{ "kinds-mutated-1", test_many, make_kind_mutated, 10 * MILLION },
	{ "kinds-mutated-2", test_many, make_kind_mutated, 10 * MILLION },
	{ "rests", test_many, make_rests, 10 * MILLION },
	/* All room for states and results taken up, and almost all */
	{ "crowds", test_many, generate_crowd, 2 * MILLION },
	{ "longest", test_longest },
	{ "filters", test_real },
	{ "filters-mutated", test_many, make_real_mutated, 10 * MILLION },
	{ "stacks-1", test_stacks, make_short, 10 * MILLION },
	{ "stacks-2", test_stacks, make_short, 10 * MILLION },
	{ "stacks-rests", test_stacks, generate_rests, 10 * MILLION },
	{ "stacks-lost", test_stacks, make_short, 5 * MILLION, .losses = 20 },
	{ "stacks-crowded", test_stacks, generate_crowd, MILLION, .losses = 5 },
	{ "stacks-real", test_stacks, make_real, 5 * MILLION, .losses = 5 },
	{ "promises", test_promises },
	{ "failures", test_failures, make_short },
	{ "tired", test_tired, make_kind, 10 * MILLION },
	{ "blinded", test_blinded, make_short_or_crowded },
	{ "sharing", test_sharing },
	{ "shared-stacks", test_shared_stacks, make_short, MILLION },
	{ "flooding", test_flooding },
	{ "passed", test_passed },
	{ "accepted", test_accepted },
};

/* One file for each kind, and some random ones. */
static int write_seeds(const char *dir)
{
	static struct program p;
	struct rng rng = { 1 };
	char path[1024];
	unsigned int i;
	FILE *file;

	for (i = 0; i < 2 * nr_kinds; i++) {
		if (i < nr_kinds)
			kinds[i].build(&p, 64, &rng);
		else
			generate_random(&p, 64, &rng);
		snprintf(path, sizeof(path), "%s/%s-%u", dir,
			 i < nr_kinds ? kinds[i].name : "random", i);
		file = fopen(path, "wb");
		if (!file || fwrite(p.insn, sizeof(p.insn[0]), p.len, file) != p.len) {
			perror(path);
			return 1;
		}
		fclose(file);
	}
	return 0;
}

static const struct test *find_test(const char *name)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(tests); i++)
		if (!strcmp(tests[i].name, name))
			return &tests[i];
	fprintf(stderr, "no test is called %s\n", name);
	exit(1);
}

int main(int argc, char **argv)
{
	unsigned int jobs = sysconf(_SC_NPROCESSORS_ONLN), failed;
	const struct test *only = NULL;
	const char *prefix = "";
	uint64_t seed = 1;
	int opt;

	/* What the classifier gives up for want of time cannot be checked. */
	seccomp_symbolic_tireless = true;
	while ((opt = getopt(argc, argv, "xn:s:j:p:f:o:w:")) != -1) {
		switch (opt) {
		case 'x':
			all_of_them = false;
			break;
		case 'n':
			percent = atoi(optarg);
			break;
		case 's':
			seed = strtoull(optarg, NULL, 0);
			break;
		case 'j':
			jobs = atoi(optarg);
			break;
		case 'p':
			prefix = optarg;
			break;
		case 'f':
			nr_reals = real_read_all(&reals, optarg);
			break;
		case 'o':
			only = find_test(optarg);
			break;
		case 'w':
			return write_seeds(optarg);
		default:
			return 1;
		}
	}

	failed = run_tests(only ?: tests, only ? 1 : ARRAY_SIZE(tests), prefix,
			   seed, jobs, all_of_them);
	return failed != 0;
}
