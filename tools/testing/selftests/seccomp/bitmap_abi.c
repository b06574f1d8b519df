// SPDX-License-Identifier: GPL-2.0-only
/*
 * One number means different calls in different ABIs, and filters judge each
 * by itself. From 64-bit code, through int $0x80 from 64-bit code, from 32-bit
 * and x32 programs: the verdict is that of the ABI that the call came through.
 *
 * On MIPS each ABI has numbers of its own, and a program of any of them reaches all
 * three tables by these, while filters see the program's AUDIT_ARCH value.
 */
#include "bpf_eval.h"
#include "programs.h"

#ifdef __x86_64__

#define X32		0x40000000
#define NR32_GETPPID	64
#define NR32_GETUID	199

enum abi { NATIVE, COMPAT };

/* Errnos that no call returns, another one for each number and ABI. */
static const int base[] = { 1000, 2000 };

static const int numbers[] = {
	/* Calls with other meanings: getppid, getppid of i386, getpid of i386 ... */
	__NR_getppid, NR32_GETPPID, 20, 24, 102, NR32_GETUID, 340,
	/* Inside one table and outside the other, the edges of both. */
	LAST_NR - 1, LAST_NR, LAST_NR + 1, LAST_NR + 2,
	OTHER_LAST_NR - 1, OTHER_LAST_NR, OTHER_LAST_NR + 1, OTHER_LAST_NR + 2,
	511, 512, 513, 527, 528, 546, 547, 548, 1023, 1024, 4096, 65536,
	0x3fffffff, X32, X32 | __NR_getppid, X32 | 39, X32 | 511, X32 | 512,
	X32 | 547, X32 | 548, INT_MAX - 1, INT_MAX, INT_MIN, INT_MIN + 39, -2, -1,
};

#define NNUMBERS	((int)ARRAY_SIZE(numbers))

static struct prog prog;

/* The tables may end at the same number: its first place in the list. */
static int errno_of(enum abi abi, int nr)
{
	int i = 0;

	while (numbers[i] != nr)
		i++;
	return base[abi] + i;
}

static void deny(enum abi abi, bool denied)
{
	for (int i = 0; denied && i < NNUMBERS; i++) {
		emit(&prog, JEQ((unsigned int)numbers[i], 0, 1));
		emit(&prog, RET(ERRNO(errno_of(abi, numbers[i]))));
	}
	emit(&prog, RET(SECCOMP_RET_ALLOW));
}

/* Allowed by default. Two sections, one for each AUDIT_ARCH value. */
static long attach_by_abi(bool native, bool compat)
{
	unsigned int start;

	prog.len = 0;
	emit(&prog, LD(DATA(arch)));
	emit(&prog, JEQ(AUDIT_ARCH_X86_64, 1, 0));
	emit(&prog, BPF_STMT(BPF_JMP | BPF_JA, 0));
	start = prog.len;
	emit(&prog, LD(DATA(nr)));
	deny(NATIVE, native);
	prog.insn[start - 1].k = prog.len - start;
	emit(&prog, LD(DATA(nr)));
	deny(COMPAT, compat);
	return attach(&prog, 0);
}

/* Arguments that make any call fail at once, should it come to execution. */
static const unsigned long bad[6] = { ~0UL, ~0UL, ~0UL, ~0UL, ~0UL, ~0UL };

static long call_compat(int nr)
{
	return int80(nr, ~0U, ~0U, ~0U, ~0U, ~0U);
}

/* A denied call gives exactly its errno, an allowed one none of ours. */
static void check(const char *who, int i, enum abi abi, bool denied, long got)
{
	long want = -errno_of(abi, numbers[i]);

	if (denied)
		CHECK(got == want, "%s %#x: %ld, not %ld", who, numbers[i], got, want);
	else
		CHECK(got >= -999 || got < -3000, "%s %#x: %ld, but it is allowed",
		      who, numbers[i], got);
}

/* Not where an allowed one would exit, or wait for ever: none of them does. */
static void check_calls(bool native, bool compat)
{
	for (int i = 0; i < NNUMBERS; i++) {
		check("native", i, NATIVE, native, call6(numbers[i], bad));
		check("int80", i, COMPAT, compat, call_compat(numbers[i]));
		/* Once more, one right after the other. */
		check("native", i, NATIVE, native, call6(numbers[i], bad));
	}
}

static void check_program(bool compat)
{
	static char text[NNUMBERS][16];
	const char *args[NNUMBERS + 1] = { 0 };
	struct run run;

	for (int i = 0; i < NNUMBERS; i++) {
		snprintf(text[i], sizeof(text[i]), "%d", numbers[i]);
		args[i] = text[i];
	}
	run = run_args("bitmap_helper32", args);
	CHECK_EQ(0, run.status);
	CHECK_EQ(NNUMBERS, run.count);
	for (int i = 0; i < run.count; i++)
		check("32-bit program", i, COMPAT, compat, run.result[i]);
}

FIXTURE(verdicts) { int unused; };

FIXTURE_VARIANT(verdicts) {
	bool native, compat;
};

FIXTURE_VARIANT_ADD(verdicts, none_denied) {};
FIXTURE_VARIANT_ADD(verdicts, native_denied) { .native = true };
FIXTURE_VARIANT_ADD(verdicts, compat_denied) { .compat = true };
FIXTURE_VARIANT_ADD(verdicts, both_denied) { .native = true, .compat = true };

FIXTURE_SETUP(verdicts)
{
	if (!can_run("bitmap_helper32"))
		SKIP(return, "no 32-bit programs here");
	no_new_privs();
	ASSERT_EQ(0, attach_by_abi(variant->native, variant->compat));
}

FIXTURE_TEARDOWN(verdicts) {}

TEST_F(verdicts, from_64_bit_code)
{
	check_calls(variant->native, variant->compat);
	EXPECT_EQ(0, failures);
}

TEST_F(verdicts, from_32_bit_program)
{
	check_program(variant->compat);
	/* The program's calls have changed nothing for ours. */
	check_calls(variant->native, variant->compat);
	EXPECT_EQ(0, failures);
}

/* Two filters, one judges one ABI only: their answers are not mixed up. */
TEST_F(verdicts, under_another_filter)
{
	ASSERT_EQ(0, attach_by_abi(false, false));
	ASSERT_EQ(0, attach_rule(__NR_close, SECCOMP_RET_LOG, true, 0));
	check_calls(variant->native, variant->compat);
	check_program(variant->compat);
	EXPECT_EQ(0, failures);
}

/* The same number, allowed through one ABI and answered through the other. */
TEST(same_number_means_two_calls)
{
	no_new_privs();
	prog.len = 0;
	emit(&prog, LD(DATA(arch)));
	emit(&prog, JEQ(AUDIT_ARCH_X86_64, 0, 4));
	emit(&prog, LD(DATA(nr)));
	emit(&prog, JEQ(NR32_GETPPID, 0, 1));
	emit(&prog, RET(ERRNO(501)));
	emit(&prog, RET(SECCOMP_RET_ALLOW));
	emit(&prog, LD(DATA(nr)));
	emit(&prog, JEQ(__NR_getppid, 0, 1));
	emit(&prog, RET(ERRNO(502)));
	emit(&prog, RET(SECCOMP_RET_ALLOW));
	ASSERT_EQ(0, attach(&prog, 0));
	for (int i = 0; i < 100; i++) {
		ASSERT_EQ(-501, call(NR32_GETPPID, 0));
		ASSERT_EQ(getppid(), call_compat(NR32_GETPPID));
		ASSERT_EQ(getppid(), call(__NR_getppid, 0));
		ASSERT_EQ(-502, call_compat(__NR_getppid));
	}
}

/* An argument decides in one ABI, the number alone in the other. */
TEST(argument_matters_in_compat_only)
{
	no_new_privs();
	prog.len = 0;
	emit(&prog, LD(DATA(nr)));
	emit(&prog, JEQ(NR32_GETPPID, 1, 0));
	emit(&prog, RET(SECCOMP_RET_ALLOW));
	emit(&prog, LD(DATA(arch)));
	emit(&prog, JEQ(AUDIT_ARCH_I386, 1, 0));
	emit(&prog, RET(ERRNO(503)));
	emit(&prog, LD(ARG_LO(0)));
	emit(&prog, JEQ(MAGIC, 1, 0));
	emit(&prog, RET(ERRNO(504)));
	emit(&prog, RET(SECCOMP_RET_ALLOW));
	ASSERT_EQ(0, attach(&prog, 0));
	for (int i = 0; i < 4; i++) {
		EXPECT_EQ(getppid(), int80(NR32_GETPPID, MAGIC, 0, 0, 0, 0));
		EXPECT_EQ(-504, int80(NR32_GETPPID, MAGIC + 1, 0, 0, 0, 0));
		EXPECT_EQ(-503, call(NR32_GETPPID, MAGIC));
	}
}

/* An allowed x32 call is executed where the kernel knows x32, else ENOSYS. */
static bool have_x32(void)
{
	return call(X32 | __NR_getppid, 0) == getppid();
}

TEST(x32_number_is_not_the_native_one)
{
	bool x32 = have_x32();
	pid_t parent = getppid();

	no_new_privs();
	prog.len = 0;
	/* A filter that knows nothing of x32, as most do not. */
	emit(&prog, LD(DATA(nr)));
	emit(&prog, JEQ(__NR_getppid, 0, 1));
	emit(&prog, RET(ERRNO(601)));
	emit(&prog, JEQ(X32 | NR_GETUID, 0, 1));
	emit(&prog, RET(ERRNO(602)));
	emit(&prog, RET(SECCOMP_RET_ALLOW));
	ASSERT_EQ(0, attach(&prog, 0));
	for (int i = 0; i < 4; i++) {
		EXPECT_EQ(-601, call(__NR_getppid, 0));
		EXPECT_EQ(x32 ? parent : -ENOSYS, call(X32 | __NR_getppid, 0));
		EXPECT_EQ(getuid(), (uid_t)call(NR_GETUID, 0));
		EXPECT_EQ(-602, call(X32 | NR_GETUID, 0));
	}
}

/* Every x32 number reaches the filters, which may look at anything. */
TEST(x32_numbers_run_the_filters)
{
	no_new_privs();
	prog.len = 0;
	emit(&prog, LD(DATA(nr)));
	emit(&prog, BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32, 1, 0));
	emit(&prog, RET(SECCOMP_RET_ALLOW));
	emit(&prog, LD(ARG_LO(0)));
	emit(&prog, JEQ(MAGIC, 0, 1));
	emit(&prog, RET(ERRNO(603)));
	emit(&prog, LD(DATA(nr)));
	emit(&prog, BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x3ff));
	emit(&prog, BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 1000));
	emit(&prog, BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO));
	emit(&prog, BPF_STMT(BPF_RET | BPF_A, 0));
	ASSERT_EQ(0, attach(&prog, 0));
	for (int nr = 0; nr < 560; nr++) {
		ASSERT_EQ(-(1000 + nr), call(X32 | nr, 5));
		ASSERT_EQ(-603, call(X32 | nr, MAGIC));
	}
}

TEST(x32_program)
{
	uid_t uid = getuid();
	struct run run;

	if (!can_run("bitmap_helperx32"))
		SKIP(return, "this kernel runs no x32 programs (CONFIG_X86_X32_ABI)");
	no_new_privs();
	ASSERT_EQ(0, attach_by_abi(true, true));
	/* Native and x32 share an AUDIT_ARCH; the x32 bit makes them differ. */
	run = run_program("bitmap_helperx32", "0x40000000", "0x4000006e", "0x40000066",
			  "0x6e", "-1", NULL);
	EXPECT_EQ(0, run.status);
	ASSERT_EQ(5, run.count);
	EXPECT_EQ(-errno_of(NATIVE, X32), run.result[0]);
	EXPECT_EQ(-errno_of(NATIVE, X32 | __NR_getppid), run.result[1]);
	EXPECT_EQ(-errno_of(NATIVE, __NR_getppid), run.result[3]);
	EXPECT_EQ(-errno_of(NATIVE, -1), run.result[4]);
	/* The list has getuid as a native number and not as an x32 one. */
	EXPECT_EQ(uid, (uid_t)run.result[2]);
}

#endif /* __x86_64__ */

#ifdef __mips__

#define NR_ABIS		3

static struct prog prog;

/* What each ABI calls getppid and seccomp. */
static const struct {
	const char *helper;
	unsigned int arch;
	int getppid, seccomp;
} abis[NR_ABIS] = {
	{ "bitmap_helper64", MIPS_ARCH(AUDIT_ARCH_MIPS64), 5108, 5312 },
	{ "bitmap_helper32", MIPS_ARCH(AUDIT_ARCH_MIPS), 4064, 4352 },
	{ "bitmap_helpern32", MIPS_ARCH(AUDIT_ARCH_MIPS64N32), 6108, 6316 },
};

static const char *text_of(int nr)
{
	static char text[8][16];
	static unsigned int turn;

	snprintf(text[++turn % 8], sizeof(text[0]), "%d", nr);
	return text[turn % 8];
}

/* A program that makes one call gets its result, or is killed. */
static void expect_run(int program, int nr, bool killed)
{
	struct run run = run_program(abis[program].helper, text_of(nr), NULL);

	if (killed)
		CHECK(killed_by(run.status, SIGSYS) && !run.count,
		      "%s, call %d: not killed", abis[program].helper, nr);
	else
		CHECK(!run.status && run.count == 1 && run.result[0] == getpid(),
		      "%s, call %d: status %#x, %d results", abis[program].helper, nr,
		      run.status, run.count);
}

static void expect_all_run(void)
{
	for (int i = 0; i < NR_ABIS; i++)
		CHECK(can_run(abis[i].helper), "%s does not run", abis[i].helper);
}

/* One of the three gets @verdict for the number that is its getppid, or @nr. */
static long attach_for(int program, int nr, unsigned int verdict)
{
	prog.len = 0;
	emit(&prog, LD(DATA(arch)));
	emit(&prog, JEQ(abis[program].arch, 0, 3));
	emit(&prog, LD(DATA(nr)));
	emit(&prog, JEQ((unsigned int)nr, 0, 1));
	emit(&prog, RET(verdict));
	emit(&prog, RET(SECCOMP_RET_ALLOW));
	return attach(&prog, 0);
}

/* Killed in one ABI, allowed in the two others: each of them in turn. */
TEST(killed_in_one_abi)
{
	expect_all_run();
	no_new_privs();
	for (int victim = 0; victim < NR_ABIS; victim++) {
		if (!in_child()) {
			EXPECT_EQ(0, child_status);
			continue;
		}
		CHECK_EQ(0, attach_for(victim, abis[victim].getppid,
				       SECCOMP_RET_KILL_PROCESS));
		for (int i = 0; i < NR_ABIS; i++)
			expect_run(i, abis[i].getppid, i == victim);
		finish();
	}
	EXPECT_EQ(0, failures);
}

/* The same place in two tables, 64 numbers behind the first one, is two calls. */
TEST(same_row_means_two_calls)
{
	no_new_privs();
	ASSERT_EQ(0, attach_for(0, FIRST_NR + 64, ERRNO(701)));
	ASSERT_EQ(0, attach_for(1, 4064, ERRNO(702)));
	EXPECT_EQ(-701, call(FIRST_NR + 64, -1UL));
	for (int i = 0; i < 4; i++) {
		struct run run = run_program(abis[1].helper, "4064", NULL);

		EXPECT_EQ(0, run.status);
		ASSERT_EQ(1, run.count);
		EXPECT_EQ(-702, run.result[0]);
	}
	expect_run(2, abis[2].getppid, false);
	/* Rows are no numbers: 64 is in no table, and no call. */
	EXPECT_EQ(-ENOSYS, call(64, 0));
	EXPECT_EQ(0, failures);
}

/* A number of another table makes that table's call, and has the filters run. */
TEST(numbers_of_other_tables)
{
	no_new_privs();
	for (int i = 1; i < NR_ABIS; i++) {
		int nr = abis[i].getppid;

		EXPECT_EQ(getppid(), call(nr, 0));
		ASSERT_EQ(0, attach_for(0, nr, ERRNO(710 + i)));
		EXPECT_EQ(-(710 + i), call(nr, 0));
		/* In its own ABI the number is another's. */
		expect_run(i, nr, false);
	}
	EXPECT_EQ(getppid(), call(__NR_getppid, 0));
	EXPECT_EQ(0, failures);
}

/* From each ABI: the other two are gone then, both as programs and as numbers. */
TEST(pins)
{
	if (geteuid() || !has_pins())
		SKIP(return, "no pins");
	no_new_privs();
	for (int mine = 0; mine < NR_ABIS; mine++) {
		for (int i = 0; i < NR_ABIS; i++) {
			char text[32];
			struct run run;

			snprintf(text, sizeof(text), "%d:%d:0:0", abis[mine].seccomp,
				 SECCOMP_PIN_ARCHITECTURE);
			run = run_program(abis[mine].helper, text,
					  text_of(abis[mine].getppid), "-1",
					  text_of(abis[i].getppid), NULL);
			EXPECT_EQ(i == mine, !run.status);
			EXPECT_EQ(i != mine, killed_by(run.status, SIGSYS));
			ASSERT_EQ(i == mine ? 4 : 3, run.count);
			EXPECT_EQ(0, run.result[0]);
			EXPECT_EQ(getpid(), run.result[1]);
			EXPECT_EQ(-ENOSYS, run.result[2]);
		}
	}
	if (in_child()) {
		CHECK_EQ(0, sec(SECCOMP_PIN_ARCHITECTURE, 0, NULL));
		expect_run(0, abis[0].getppid, false);
		for (int i = 1; i < NR_ABIS; i++)
			expect_run(i, abis[i].getppid, true);
		finish();
	}
	EXPECT_EQ(0, child_status);
}

#endif /* __mips__ */

/* A filter that allows all here and denies through another ABI, and only so. */
TEST(other_abi_denied_altogether)
{
	struct prog p = { 0 };

	if (!can_run("bitmap_helper32"))
		SKIP(return, "no 32-bit programs here");
	no_new_privs();
	emit(&p, LD(DATA(arch)));
	emit(&p, JEQ(MY_ARCH, 0, 1));
	emit(&p, RET(SECCOMP_RET_ALLOW));
	emit(&p, RET(SECCOMP_RET_KILL_PROCESS));
	ASSERT_EQ(0, attach(&p, 0));
	EXPECT_TRUE(killed_by(run_program("bitmap_helper32", NULL).status, SIGSYS));
	EXPECT_EQ(0, run_program("bitmap_helper64", NULL).status);
	EXPECT_EQ(getppid(), call(__NR_getppid, MAGIC));
}

/* The reverse: nothing is left here once the filter is on, all is there. */
TEST(this_abi_denied_for_a_number)
{
	/* It is 64 on i386 and arm, and as far behind the first number on MIPS. */
	const int their_getppid = OTHER_FIRST_NR + 64;
	struct prog p = { 0 };
	char twice[2][16];
	struct run run;

	if (!can_run("bitmap_helper32"))
		SKIP(return, "no 32-bit programs here");
	no_new_privs();
	emit(&p, LD(DATA(arch)));
	emit(&p, JEQ(MY_ARCH, 1, 0));
	emit(&p, RET(SECCOMP_RET_ALLOW));
	emit(&p, LD(DATA(nr)));
	emit(&p, JEQ(__NR_getppid, 1, 0));
	emit(&p, JEQ(their_getppid, 0, 1));
	emit(&p, RET(ERRNO(701)));
	emit(&p, RET(SECCOMP_RET_ALLOW));
	ASSERT_EQ(0, attach(&p, 0));
	snprintf(twice[0], sizeof(twice[0]), "%d", their_getppid);
	snprintf(twice[1], sizeof(twice[1]), "%d:1", their_getppid);
	run = run_program("bitmap_helper32", twice[0], twice[1], NULL);
	EXPECT_EQ(0, run.status);
	ASSERT_EQ(2, run.count);
	EXPECT_EQ(getpid(), run.result[0]);
	EXPECT_EQ(getpid(), run.result[1]);
	EXPECT_EQ(-701, call(__NR_getppid, 0));
#ifndef __aarch64__
	EXPECT_EQ(-701, call(their_getppid, 0));
#endif
}

TEST_HARNESS_MAIN
