// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compare the classifier with the oracle on many programs.
 *
 *   tests [-n PERCENT] [-s SEED] [-j JOBS] [-p PREFIX] [-f DIR] [-o TEST]
 *   tests -w DIR		write seeds for the fuzzer
 *
 * PERCENT scales how much is tried; DIR has real filters, as *.bpf.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include "bitmap.h"
#include "check.h"
#include "classify.h"
#include "generate.h"
#include "runner.h"

static unsigned int percent = 100;
static const char *filters;

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

/* Mostly the sizes that kernels have, else any from 1 to all rows. */
static void vary_abis(struct rng *rng)
{
	bool usual = rng_below(rng, 8);

	for (unsigned int i = 0; i < SECCOMP_NR_ABIS; i++)
		seccomp_abis[i].size = usual ? 463 :
				       1 + rng_below(rng, SECCOMP_ABI_ROWS);
}

/* Check a program; show the smallest one that fails. */
static bool check(const struct program *p, struct rng *rng)
{
	static struct program small;
	uint64_t seed = rng_next(rng);

	if (!program_valid(p)) {
		printf("# a generator made a program that is not valid:\n");
		program_print(stdout, p);
		return false;
	}
	if (check_program(p, seed, NULL))
		return true;

	small = *p;
	check_shrink(&small, seed);
	printf("# sizes %u and %u\n", seccomp_abis[0].size,
	       seccomp_abis[1].size);
	return check_program(&small, seed, stdout);
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

static bool test_stacks(const struct test *test, uint64_t seed)
{
	static struct program p[MAX_STACK];
	const struct program *stack[MAX_STACK] = { &p[0], &p[1], &p[2] };
	struct rng rng = test_rng(test, seed);
	unsigned int depth, i;

	while (!enough(test)) {
		vary_abis(&rng);
		depth = 2 + rng_below(&rng, MAX_STACK - 1);
		for (i = 0; i < depth; i++) {
			if (rng_below(&rng, 3))
				generate_random(&p[i], 60, &rng);
			else
				generate_kind(&p[i], 120, &rng);
		}
		if (!check_stack(stack, depth, rng_next(&rng), stdout))
			return false;
	}
	return true;
}

/* --- Real filters ------------------------------------------------------- */

/* The next filter of the directory, again and again; false if there is none. */
static bool next_filter(DIR *dir, struct program *p)
{
	struct dirent *entry;
	bool rewound = false;
	char path[1024];
	size_t len;

	for (;;) {
		entry = readdir(dir);
		if (!entry) {
			if (rewound)
				return false;
			rewound = true;
			rewinddir(dir);
			continue;
		}
		len = strlen(entry->d_name);
		if (len < 4 || strcmp(entry->d_name + len - 4, ".bpf"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", filters, entry->d_name);
		if (program_read(p, path))
			return true;
		printf("# %s is not a filter\n", path);
	}
}

static bool test_filters(const struct test *test, uint64_t seed)
{
	struct rng rng = test_rng(test, seed);
	static struct program p;
	DIR *dir = filters ? opendir(filters) : NULL;
	bool ok = true;

	if (!dir || !next_filter(dir, &p)) {
		printf("# no real filters here: `make run` makes some\n");
		return true;
	}
	for (uint64_t n = 0; ok && (n < 32 || !enough(test)); n++) {
		if (n >= 32)	/* first all as they are */
			generate_mutant(&p, &rng);
		ok = check(&p, &rng);
		next_filter(dir, &p);
	}
	closedir(dir);
	return ok;
}

/* --- All programs of a small instruction set ---------------------------- */

#define WORD	ARG_LO(0)

/* Every class of instruction, with few operands. */
static const struct sock_filter wide[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DATA(nr)),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DATA(arch)),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, WORD),
	BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
	BPF_STMT(BPF_LD | BPF_IMM, 1),
	BPF_STMT(BPF_LD | BPF_MEM, 0),
	BPF_STMT(BPF_LDX | BPF_IMM, 2),
	BPF_STMT(BPF_LDX | BPF_IMM, 32),
	BPF_STMT(BPF_LDX | BPF_MEM, 0),
	BPF_STMT(BPF_ST, 0),
	BPF_STMT(BPF_STX, 0),
	BPF_STMT(BPF_MISC | BPF_TAX, 0),
	BPF_STMT(BPF_MISC | BPF_TXA, 0),
	BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 1),
	BPF_STMT(BPF_ALU | BPF_SUB | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_MUL | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 2),
	BPF_STMT(BPF_ALU | BPF_DIV | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 1),
	BPF_STMT(BPF_ALU | BPF_OR | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_LSH | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 1),
	BPF_STMT(BPF_ALU | BPF_NEG, 0),
	BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 1, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 1),
	BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 1, 1, 0),
	BPF_JUMP(BPF_JMP | BPF_JGT | BPF_X, 0, 1, 0),
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 2, 0, 1),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 2, 1, 0),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_X, 0, 0, 1),
	BPF_STMT(BPF_RET | BPF_A, 0),
	BPF_STMT(BPF_RET | BPF_K, 1),
};

/* What states are made of: loads, moves, branches that go on, and returns. */
static const struct sock_filter deep[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DATA(nr)),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, WORD),
	BPF_STMT(BPF_LD | BPF_IMM, 1),
	BPF_STMT(BPF_LD | BPF_MEM, 0),
	BPF_STMT(BPF_ST, 0),
	BPF_STMT(BPF_MISC | BPF_TAX, 0),
	BPF_STMT(BPF_MISC | BPF_TXA, 0),
	BPF_STMT(BPF_ALU | BPF_DIV | BPF_X, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 2, 0),
	BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 1, 0, 1),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 1, 0),
	BPF_STMT(BPF_RET | BPF_A, 0),
	BPF_STMT(BPF_RET | BPF_K, 1),
};

/* The next number of a counter in base @n, its digits in @digit. */
static bool count(unsigned int *digit, unsigned int len, unsigned int n)
{
	for (unsigned int i = 0; i < len; i++) {
		if (++digit[i] < n)
			return true;
		digit[i] = 0;
	}
	return false;
}

/*
 * All programs of @len instructions of a set, whose last two return; @part of 4
 * of them.
 */
static bool all_programs(const struct sock_filter *set, unsigned int n,
			 unsigned int len, unsigned int part)
{
	unsigned int digit[8] = { 0 }, found = 0, i;
	struct rng rng = { 0 };
	struct program p = { .len = len };

	do {
		for (i = 0; i < len - 1; i++)
			p.insn[i] = set[digit[i + 1]];
		p.insn[i] = set[n - 2 + digit[0] % 2];
		if (digit[0] >= 2 || !program_valid(&p))
			continue;
		if (found++ % 4 == part && !check(&p, &rng))
			return false;
	} while (count(digit, len, n));
	return true;
}

static bool test_exhaustive(const struct test *test, uint64_t seed)
{
	unsigned int shorter = (percent < 100) + (percent < 2), len;

	seccomp_abis[0].size = 4;
	seccomp_abis[1].size = 2;
	check_counts_missed = true;
	for (len = 1; len <= 5 - shorter; len++)
		if (!all_programs(wide, ARRAY_SIZE(wide), len, test->part))
			return false;
	for (len = 5; len <= 7 - shorter; len++)
		if (!all_programs(deep, ARRAY_SIZE(deep), len, test->part))
			return false;
	return true;
}

/* --- Constants that running a filter for a number does not find ---------- */

#define LD_WORD		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, WORD)
#define LD_NR		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DATA(nr))
#define LD_K(k)		BPF_STMT(BPF_LD | BPF_IMM, k)
#define IF_SET(k, t, f)	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, k, t, f)
#define IF_EQ(k, t, f)	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k, t, f)
#define SKIP(n)		BPF_STMT(BPF_JMP | BPF_JA, n)
#define RET(k)		BPF_STMT(BPF_RET | BPF_K, k)
#define DENY		(SECCOMP_RET_ERRNO | 1)

static const struct {
	const char *what;
	int nr;
	uint32_t ret;
	unsigned int len;
	struct sock_filter insn[16];
} promises[] = {
	{ "all ways return the same", 0, DENY, 4, {
		LD_WORD, IF_SET(1, 0, 1), RET(DENY), RET(DENY),
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
	/* For a way with arithmetic; then 5 meets a number that is 5 */
	{ "a number is taken alone, from the beginning", 5, DENY, 13, {
		LD_WORD, IF_SET(1, 0, 3), LD_NR,
		BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 1), RET(DENY),
		LD_WORD, IF_SET(2, 0, 2), LD_NR, SKIP(1), LD_K(5),
		IF_EQ(5, 0, 1), RET(DENY), RET(SECCOMP_RET_KILL_PROCESS),
	} },
};

static bool test_promises(const struct test *test, uint64_t seed)
{
	const struct seccomp_plan *known;
	struct seccomp_bitmap bitmap;
	struct kernel_program kp;
	bool ok = true;

	for (unsigned int i = 0; i < ARRAY_SIZE(promises); i++) {
		kernel_program_init(&kp, promises[i].insn, promises[i].len);
		classify_program(&kp, check_filter(0), &bitmap, NULL);
		known = seccomp_table_lookup(bitmap.own, seccomp_abis[0].arch,
					     promises[i].nr);
		if (!seccomp_plan_constant(known) ||
		    known->ret != promises[i].ret) {
			printf("# %s: not found\n", promises[i].what);
			ok = false;
		}
		classify_free(&bitmap);
	}
	return ok;
}

/* --- When it cannot be done --------------------------------------------- */

/* Without memory nothing is constant; nothing leaks either. */
static bool without_memory(const struct program *p, struct rng *rng)
{
	static u16 first_look[SECCOMP_TABLE_ROWS];
	struct seccomp_bitmap bitmap;
	struct kernel_program kp;
	unsigned int nth;
	bool ok = true;
	int err;

	kernel_program_init(&kp, p->insn, p->len);
	for (nth = 1; ok; nth++) {
		shim_fail_nth = nth;
		err = classify_program(&kp, check_filter(0), &bitmap, first_look);
		ok = !err && check_table(p, bitmap.own, rng_next(rng), stdout);
		classify_free(&bitmap);
		if (shim_fail_nth)
			break;
	}
	shim_fail_nth = 0;
	if (nth < 4)
		printf("# no allocation failed\n");
	return ok && nth >= 4;
}

/* A task that is killed meanwhile is not kept waiting. */
static bool when_killed(const struct program *p)
{
	struct seccomp_bitmap bitmap;
	struct kernel_program kp;
	unsigned int nth;
	bool ok = true;
	int err;

	kernel_program_init(&kp, p->insn, p->len);
	for (nth = 1; ok; nth += 1 + nth / 4) {
		shim_killed_nth = nth;
		err = classify_program(&kp, check_filter(0), &bitmap, NULL);
		if (shim_killed_nth)
			break;
		ok = err == -EINTR && !bitmap.own;
	}
	shim_killed_nth = 0;
	classify_free(&bitmap);
	if (!ok || nth < 2)
		printf("# error %d, question %u\n", err, nth);
	return ok && nth >= 2;
}

static bool test_failures(const struct test *test, uint64_t seed)
{
	struct rng rng = test_rng(test, seed);
	static struct program p;

	for (unsigned int i = 0; i < nr_kinds; i++) {
		kinds[i].build(&p, 300, &rng);
		if (!without_memory(&p, &rng) || !when_killed(&p))
			return false;
	}
	return true;
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
	{ "random-1", test_many, .make = make_random,
	  .decisions = 10 * MILLION },
	{ "random-2", test_many, .make = make_random,
	  .decisions = 10 * MILLION },
	{ "random-3", test_many, .make = make_random,
	  .decisions = 10 * MILLION },
	{ "random-4", test_many, .make = make_random,
	  .decisions = 10 * MILLION },
	{ "kinds-1", test_many, .make = make_kind,
	  .decisions = 10 * MILLION },
	{ "kinds-2", test_many, .make = make_kind,
	  .decisions = 10 * MILLION },
	{ "kinds-mutated-1", test_many, .make = make_kind_mutated,
	  .decisions = 10 * MILLION },
	{ "kinds-mutated-2", test_many, .make = make_kind_mutated,
	  .decisions = 10 * MILLION },
	/* All room for states taken up, and almost all */
	{ "crowds", test_many, .make = generate_crowd, .decisions = 2 * MILLION },
	{ "longest", test_longest },
	{ "filters-mutated", test_filters, .decisions = 10 * MILLION },
	{ "stacks", test_stacks, .decisions = 5 * MILLION },
	{ "promises", test_promises },
	{ "failures", test_failures },
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

	while ((opt = getopt(argc, argv, "n:s:j:p:f:o:w:")) != -1) {
		switch (opt) {
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
			filters = optarg;
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
			   seed, jobs);
	return failed != 0;
}
