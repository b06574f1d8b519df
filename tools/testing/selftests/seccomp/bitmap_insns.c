// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs of every kind that seccomp accepts: each instruction, each word of
 * struct seccomp_data, very long ones, random ones. A classifier that gets one
 * of them wrong answers some number with a verdict that the filter never gave.
 */
#include "observe.h"

/* Numbers that do nothing, whatever their arguments: and one that is none. */
static const int harmless[] = {
	__NR_getppid, NR_GETUID, NR_GETEUID, NR_GETGID, NR_GETEGID,
	__NR_sched_yield, UNUSED_NRS, 7000, 0x12345678, INT_MAX, INT_MIN, -1,
};

#define NHARMLESS	((int)ARRAY_SIZE(harmless))

static const unsigned long arg_sets[][6] = {
	{ 0 },
	{ 1, 2, 3, 4, 5, 6 },
	{ ~0UL, ~0UL, ~0UL, ~0UL, ~0UL, ~0UL },
	{ 0x80000000, 33, 0x7fffffff, 0xdeadbeef, 0x10000, 7 },
};

static struct prog prog;

/* Calls that a test needs to go on are allowed, whatever the program does. */
static void begin(void)
{
	prog.len = 0;
	emit(&prog, LD(DATA(nr)));
	for (int i = 0; i < NHARMLESS; i++)
		emit(&prog, JEQ((unsigned int)harmless[i], NHARMLESS - i, 0));
	emit(&prog, RET(SECCOMP_RET_ALLOW));
}

/* End with an errno that depends on A. */
static void end(void)
{
	emit(&prog, BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xfff));
	emit(&prog, BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO));
	emit(&prog, BPF_STMT(BPF_RET | BPF_A, 0));
}

/* A division by zero ends a program with KILL_THREAD: too dear for every call. */
static void check_kill(int nr, const unsigned long *args, int *budget)
{
	if (--*budget >= 0)
		CHECK(observe(nr, args, false).how == THREAD_DIED,
		      "number %d survives a division by zero", nr);
}

/* Each number with each set of arguments, twice. */
static void check_calls(void)
{
	int kills = 2;

	for (int i = 0; i < 2 * NHARMLESS * (int)ARRAY_SIZE(arg_sets); i++) {
		int set = i % ARRAY_SIZE(arg_sets);
		int nr = harmless[i / ARRAY_SIZE(arg_sets) % NHARMLESS];
		const unsigned long *args = arg_sets[set];
		struct seccomp_data sd = data_of(nr, args);
		uint32_t verdict = bpf_eval(&prog, &sd);
		long want = -(long)(verdict & 0xfff), got;

		if (verdict == SECCOMP_RET_KILL_THREAD) {
			check_kill(nr, args, &kills);
			continue;
		}
		if (verdict == SECCOMP_RET_ALLOW)
			continue;
		got = call6(nr, args);
		CHECK(got == want, "number %#x, arguments %d: %ld, not %ld",
		      nr, set, got, want);
	}
}

/* Attach the program that stands in prog in a child, and make the calls. */
static void check_prog(const char *name)
{
	if (in_child()) {
		long ret = attach(&prog, 0);

		CHECK(!ret, "attach: %ld", ret);
		if (!ret)
			check_calls();
		finish();
	}
	CHECK(!child_status, "%s: status %#x", name, child_status);
}

#define ALU(op)								\
	{ #op " K", BPF_STMT(BPF_ALU | (op) | BPF_K, 7) },		\
	{ #op " X", BPF_STMT(BPF_ALU | (op) | BPF_X, 0) }
#define JMP(op, k)							\
	{ #op " K", BPF_JUMP(BPF_JMP | (op) | BPF_K, k, 0, 1) },	\
	{ #op " X", BPF_JUMP(BPF_JMP | (op) | BPF_X, 0, 0, 1) }

/* Run with A = nr or an argument, X and M[3] = another argument or constant. */
static const struct {
	const char *name;
	struct sock_filter insn;
} insns[] = {
	ALU(BPF_ADD), ALU(BPF_SUB), ALU(BPF_MUL), ALU(BPF_DIV), ALU(BPF_AND),
	ALU(BPF_OR), ALU(BPF_XOR), ALU(BPF_LSH), ALU(BPF_RSH),
	{ "NEG", BPF_STMT(BPF_ALU | BPF_NEG, 0) },
	{ "LD IMM", BPF_STMT(BPF_LD | BPF_IMM, 0x345) },
	{ "LD LEN", BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0) },
	{ "LD MEM", BPF_STMT(BPF_LD | BPF_MEM, 3) },
	{ "LD ABS", LD(DATA(arch)) },
	{ "LDX IMM", BPF_STMT(BPF_LDX | BPF_IMM, 0x777) },
	{ "LDX LEN", BPF_STMT(BPF_LDX | BPF_W | BPF_LEN, 0) },
	{ "LDX MEM", BPF_STMT(BPF_LDX | BPF_MEM, 3) },
	{ "ST", BPF_STMT(BPF_ST, 3) },
	{ "STX", BPF_STMT(BPF_STX, 4) },
	{ "TAX", BPF_STMT(BPF_MISC | BPF_TAX, 0) },
	{ "TXA", BPF_STMT(BPF_MISC | BPF_TXA, 0) },
	{ "JA", BPF_STMT(BPF_JMP | BPF_JA, 1) },
	JMP(BPF_JEQ, __NR_getppid), JMP(BPF_JGT, 300), JMP(BPF_JGE, 0x7fffffff),
	JMP(BPF_JSET, 0x80000024),
	{ "RET K", RET(ERRNO(0x123)) },
	{ "RET A", BPF_STMT(BPF_RET | BPF_A, 0) },
};

static void load(int word)
{
	emit(&prog, LD((unsigned int)word * 4));
}

/* @a: the word that A starts as; @x: the one for X, or -1 for a constant. */
static void check_insn(int index, int a, int x)
{
	begin();
	if (x >= 0)
		load(x);
	else
		emit(&prog, BPF_STMT(BPF_LD | BPF_IMM, 5));
	emit(&prog, BPF_STMT(BPF_ST, 3));
	emit(&prog, BPF_STMT(BPF_MISC | BPF_TAX, 0));
	emit(&prog, BPF_STMT(BPF_STX, 4));
	load(a);
	/* RET A must return what is surely not fatal. */
	if (insns[index].insn.code == (BPF_RET | BPF_A)) {
		emit(&prog, BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xff0));
		emit(&prog, BPF_STMT(BPF_ALU | BPF_OR | BPF_K, ERRNO(3)));
	}
	prog.insn[prog.len++] = insns[index].insn;
	/* Where a jump goes is seen in A, what else happened in X and M. */
	emit(&prog, BPF_STMT(BPF_ALU | BPF_XOR | BPF_K, 0x800));
	emit(&prog, BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0));
	for (int m = 3; m < 5; m++) {
		emit(&prog, BPF_STMT(BPF_LDX | BPF_MEM, m));
		emit(&prog, BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0));
	}
	end();
	check_prog(insns[index].name);
}

TEST(each_instruction_on_number)
{
	no_new_privs();
	for (int i = 0; i < (int)ARRAY_SIZE(insns); i++)
		check_insn(i, 0, -1);
	EXPECT_EQ(0, failures);
}

TEST(each_instruction_on_arguments)
{
	no_new_privs();
	for (int i = 0; i < (int)ARRAY_SIZE(insns); i++)
		check_insn(i, 4 + i % 12, 4 + (i + 2) % 12);
	EXPECT_EQ(0, failures);
}

TEST(each_instruction_on_number_by_argument)
{
	no_new_privs();
	for (int i = 0; i < (int)ARRAY_SIZE(insns); i++)
		check_insn(i, 0, 6);
	EXPECT_EQ(0, failures);
}

/*
 * Soundness, word by word: a verdict that depends on a word of an argument
 * follows it at every call, however often it went the other way.
 */
TEST(each_argument_word)
{
	no_new_privs();
	for (int word = 4; word < 16; word++) {
		unsigned int shift = ARG_LO(0) % 8 == word * 4U % 8 ? 0 : 32;
		unsigned long args[6] = { 0 };
		pid_t parent;

		if (shift >= sizeof(long) * 8)
			continue;
		if (!in_child()) {
			EXPECT_EQ(0, child_status);
			continue;
		}
		parent = getppid();
		prog.len = 0;
		emit(&prog, LD(DATA(nr)));
		emit(&prog, JEQ(__NR_getppid, 0, 3));
		load(word);
		emit(&prog, JEQ(MAGIC, 1, 0));
		emit(&prog, RET(ERRNO(33)));
		emit(&prog, RET(SECCOMP_RET_ALLOW));
		CHECK_EQ(0, attach(&prog, 0));
		for (int i = 0; i < 9; i++) {
			unsigned int value = i % 3 ? MAGIC : MAGIC ^ (1U << i * 3);

			args[word / 2 - 2] = (unsigned long)value << shift;
			CHECK(call6(__NR_getppid, args) == (i % 3 ? parent : -33),
			      "word %d, call %d", word, i);
		}
		finish();
	}
	EXPECT_EQ(0, failures);
}

/* Two places that make the same call with the same argument. */
static long __attribute__((noinline)) call_here(int nr)
{
	long ret;

	ENTER(ret, nr, MAGIC);
	return ret;
}

static long __attribute__((noinline)) call_there(int nr)
{
	long ret;

	ENTER(ret, nr, MAGIC);
	/* Not the same function to an optimizing compiler. */
	asm volatile("" : "+r" (ret));
	return ret;
}

static uint64_t ip_of(long (*site)(int nr))
{
	site(__NR_sched_yield);
	return (uintptr_t)observation->info.si_call_addr;
}

static void check_ip_word(int word, uint32_t here_word, long (*here)(int nr),
			  long (*there)(int nr))
{
	prog.len = 0;
	emit(&prog, LD(DATA(nr)));
	emit(&prog, JEQ(__NR_getppid, 0, 2));
	load(word);
	emit(&prog, JEQ(here_word, 1, 0));
	emit(&prog, RET(SECCOMP_RET_ALLOW));
	emit(&prog, RET(ERRNO(44)));
	CHECK_EQ(0, attach(&prog, 0));
	for (int i = 0; i < 4; i++) {
		CHECK_EQ(-44, here(__NR_getppid));
		CHECK_EQ(getpgrp(), there(__NR_getppid));
	}
}

TEST(instruction_pointer_low_word)
{
	struct observation place = { 0 };
	uint64_t here, there;

	no_new_privs();
	observation = &place;
	catch_sigsys();
	attach_rule(__NR_sched_yield, SECCOMP_RET_TRAP, false, 0);
	here = ip_of(call_here);
	there = ip_of(call_there);
	ASSERT_NE(here, there);
	if (in_child()) {
		setpgid(0, getppid());
		/* The low word is the first or the second of the two. */
		check_ip_word(2 + ARG_LO(0) % 8 / 4, here, call_here, call_there);
		finish();
	}
	EXPECT_EQ(0, child_status);
	EXPECT_EQ(0, failures);
}

#ifdef __x86_64__
TEST(instruction_pointer_high_word)
{
	/* mov %edi,%eax; syscall; ret: in a page far from this program. */
	static const unsigned char code[] = { 0x89, 0xf8, 0x0f, 0x05, 0xc3 };
	struct observation place = { 0 };
	void *far = mmap((void *)0x123400000000, 4096,
			 PROT_READ | PROT_WRITE | PROT_EXEC,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	ASSERT_NE(MAP_FAILED, far);
	memcpy(far, code, sizeof(code));
	no_new_privs();
	observation = &place;
	catch_sigsys();
	attach_rule(__NR_sched_yield, SECCOMP_RET_TRAP, false, 0);
	ASSERT_EQ(0x1234, ip_of((long (*)(int))far) >> 32);
	ASSERT_NE(0x1234, ip_of(call_here) >> 32);
	if (in_child()) {
		setpgid(0, getppid());
		check_ip_word(3, 0x1234, (long (*)(int))far, call_here);
		finish();
	}
	EXPECT_EQ(0, child_status);
	EXPECT_EQ(0, failures);
}
#endif

/* To read an argument is not to depend on it. */
TEST(argument_read_and_not_used)
{
	no_new_privs();
	for (int word = 2; word < 16; word++) {
		begin();
		load(word);
		emit(&prog, BPF_STMT(BPF_MISC | BPF_TAX, 0));
		emit(&prog, BPF_STMT(BPF_ALU | BPF_SUB | BPF_X, 0));
		emit(&prog, JEQ((unsigned int)word, 0, 0));
		emit(&prog, BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 20U + word));
		end();
		check_prog("unused argument");
	}
	EXPECT_EQ(0, failures);
}

/* Only some numbers, or only another ABI, look at the argument. */
TEST(argument_read_on_one_path)
{
	no_new_privs();
	begin();
	emit(&prog, LD(DATA(arch)));
	emit(&prog, JEQ(MY_ARCH, 1, 0));
	emit(&prog, RET(ERRNO(1)));
	emit(&prog, LD(DATA(nr)));
	emit(&prog, JEQ(__NR_getppid, 1, 0));
	emit(&prog, JEQ(NR_GETEUID, 0, 3));
	load(ARG_LO(1) / 4);
	emit(&prog, JEQ(33, 0, 1));
	emit(&prog, RET(ERRNO(2)));
	emit(&prog, RET(ERRNO(3)));
	check_prog("argument on one path");
	EXPECT_EQ(0, failures);
}

/* The longest program there may be, run to its end, and jumped over. */
TEST(longest_program)
{
	no_new_privs();
	for (int jump = 0; jump < 2; jump++) {
		begin();
		if (jump) {
			emit(&prog, JEQ(__NR_getppid, 0, 1));
			emit(&prog, BPF_STMT(BPF_JMP | BPF_JA,
					     BPF_MAXINSNS - 3 - prog.len - 1));
		}
		while (prog.len < BPF_MAXINSNS - 3)
			emit(&prog, BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 0x1003));
		end();
		ASSERT_TRUE(prog.len == BPF_MAXINSNS);
		check_prog("longest");
	}
	EXPECT_EQ(0, failures);
}

/*
 * As long, and with as many ways through it as there can be: each step adds to
 * a word of memory or not, by a bit of the number or of an argument.
 */
TEST(longest_with_forks)
{
	static const unsigned int words[] = { DATA(nr), ARG_LO(0) };

	no_new_privs();
	for (int w = 0; w < (int)ARRAY_SIZE(words); w++) {
		begin();
		for (int m = 0; m < BPF_MEMWORDS; m++)
			emit(&prog, BPF_STMT(BPF_ST, m));
		for (int i = 0; prog.len < BPF_MAXINSNS - 3 - 6; i++) {
			emit(&prog, LD(words[w]));
			emit(&prog, BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K,
					     1U << i % 9, 0, 3));
			emit(&prog, BPF_STMT(BPF_LD | BPF_MEM, i % BPF_MEMWORDS));
			emit(&prog, BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, i));
			emit(&prog, BPF_STMT(BPF_ST, i % BPF_MEMWORDS));
		}
		while (prog.len < BPF_MAXINSNS - 3)
			emit(&prog, BPF_STMT(BPF_LD | BPF_MEM, 7));
		end();
		check_prog("longest with forks");
	}
	EXPECT_EQ(0, failures);
}

/* 2000 comparisons, as a compiler makes of a long list. */
TEST(long_chain)
{
	no_new_privs();
	begin();
	for (int i = 0; i < 2000; i++) {
		emit(&prog, JEQ((unsigned int)(1999 - i), 0, 1));
		emit(&prog, RET(ERRNO(1 + i % 4000)));
	}
	emit(&prog, RET(ERRNO(4094)));
	check_prog("chain");
	EXPECT_EQ(0, failures);
}

/* One that ends in X = 0 for one number only, and one that does so always. */
TEST(division_by_zero)
{
	no_new_privs();
	for (int always = 0; always < 2; always++) {
		begin();
		emit(&prog, LD(DATA(nr)));
		emit(&prog, BPF_STMT(BPF_ALU | BPF_SUB | BPF_K, __NR_getppid));
		if (always)
			emit(&prog, BPF_STMT(BPF_LD | BPF_IMM, 0));
		emit(&prog, BPF_STMT(BPF_MISC | BPF_TAX, 0));
		emit(&prog, BPF_STMT(BPF_LD | BPF_IMM, 0x7654321));
		emit(&prog, BPF_STMT(BPF_ALU | BPF_DIV | BPF_X, 0));
		end();
		check_prog("division");
	}
	EXPECT_EQ(0, failures);
}

/* What the kernel refuses it still refuses, with nothing attached. */
TEST(refused)
{
	static const struct sock_filter bad[] = {
		LD(64), LD(2), LD(~3U),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0),
		BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 3),
		BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0),
		BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 32),
		BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 32),
		BPF_STMT(BPF_LD | BPF_MEM, 2),
		BPF_STMT(BPF_ST, BPF_MEMWORDS),
		BPF_STMT(BPF_JMP | BPF_JA, ~0U),
		JEQ(0, 1, 0),
		BPF_STMT(BPF_RET | BPF_X, 0),
	};

	no_new_privs();
	for (int i = 0; i < (int)ARRAY_SIZE(bad); i++) {
		prog.len = 0;
		prog.insn[prog.len++] = bad[i];
		emit(&prog, RET(SECCOMP_RET_ALLOW));
		EXPECT_EQ(-EINVAL, attach(&prog, 0)) TH_LOG("program %d", i);
	}
	EXPECT_EQ(0, filter_count());
}

#define INSN(...)	((struct sock_filter)__VA_ARGS__)

/* One instruction that is valid where @left more follow before end(). */
static struct sock_filter random_insn(unsigned int left)
{
	static const unsigned short alu[] = {
		BPF_ADD, BPF_SUB, BPF_MUL, BPF_DIV, BPF_AND, BPF_OR, BPF_XOR,
		BPF_LSH, BPF_RSH,
	};
	static const unsigned short jump[] = { BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	unsigned short x = rnd() % 2 ? BPF_X : BPF_K;
	unsigned int mem = rnd() % BPF_MEMWORDS, op;

	switch (rnd() % 12) {
	case 0:
		op = rnd() % 4;
		return INSN(LD(op < 2 ? DATA(nr) : op == 2 ? DATA(arch) :
			       DATA(args) + rnd() % 12 * 4));
	case 1:
		return INSN(BPF_STMT(BPF_LD | BPF_IMM, rnd() % 500));
	case 2:
		return INSN(BPF_STMT(BPF_LD | BPF_MEM, mem));
	case 3:
		return INSN(BPF_STMT(BPF_LDX | BPF_MEM, mem));
	case 4:
		return INSN(BPF_STMT(BPF_LDX | BPF_IMM, rnd() % 40));
	case 5:
		return INSN(BPF_STMT(rnd() % 2 ? BPF_ST : BPF_STX, mem));
	case 6:
		op = rnd() % 2 ? BPF_TAX : BPF_TXA;
		return INSN(BPF_STMT(BPF_MISC | op, 0));
	case 7:
		return INSN(BPF_STMT(BPF_ALU | BPF_NEG, 0));
	case 8:
	case 9:
		op = alu[rnd() % ARRAY_SIZE(alu)];
		return INSN(BPF_STMT(BPF_ALU | op | x, x ? 0 : 1 + rnd() % 31));
	default:
		op = jump[rnd() % ARRAY_SIZE(jump)];
		mem = harmless[rnd() % NHARMLESS];
		return INSN(BPF_JUMP(BPF_JMP | op | x, x ? 0 : mem,
				     rnd() % (left + 1) % 256,
				     rnd() % (left + 1) % 256));
	}
}

TEST(random_programs)
{
	TH_LOG("seed %d", SEED);
	no_new_privs();
	for (int i = 0; i < 48; i++) {
		unsigned int body = 4 + rnd() % (i < 40 ? 40 : 600);

		begin();
		/* All memory is written first: a read of other is refused. */
		for (int m = 0; m < BPF_MEMWORDS; m++)
			emit(&prog, BPF_STMT(BPF_ST, m));
		/* Half of the programs do not read what an argument holds. */
		while (body--) {
			struct sock_filter insn = random_insn(body);

			if (i % 2 && insn.code == (BPF_LD | BPF_W | BPF_ABS))
				insn.k &= 4;
			prog.insn[prog.len++] = insn;
		}
		end();
		check_prog("random program");
		if (child_status)
			TH_LOG("random program %d", i);
	}
	EXPECT_EQ(0, failures);
}

TEST_HARNESS_MAIN
