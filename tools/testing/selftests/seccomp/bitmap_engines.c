// SPDX-License-Identifier: GPL-2.0-only
/*
 * A BPF program runs as compiled code or in the interpreter, and the two do not
 * agree in everything: of a shift by 32 or more each processor makes something of
 * its own. So only a filter's own program, on the engine that it has got, may say
 * what the filter returns; anything else that the kernel makes of the filter may
 * have got the other engine.
 *
 * What a task without privileges attaches is interpreted when there is no room
 * for it under net.core.bpf_jit_limit. These tests walk that limit from next to
 * nothing up, so that at some steps a filter is compiled and what is made of it
 * afterwards is not, or the other way round.
 *
 * Nothing here knows what an engine does. Every filter sends a number that tables
 * know, and one that no table has, through the same instructions; for the latter
 * the kernel always runs the whole filter. The two must get the same.
 */
#include "observe.h"

#define JIT_ENABLE	"/proc/sys/net/core/bpf_jit_enable"
#define JIT_LIMIT	"/proc/sys/net/core/bpf_jit_limit"
/* To read it is to have a worker on each processor do something, and to wait. */
#define WORKERS		"/proc/sys/vm/stat_refresh"

/* Beyond the tables of all ABIs; the call fails with ENOSYS. */
#define OUTSIDE		0x3ff
/* What a kernel without interpreter says when it cannot compile. */
#define ENOTSUPP	524
/* Compiled, as long as this takes more pages than what is made of its end. */
#define LONG		2000
#define VALUE		0x80000005

static const unsigned int operands[] = {
	0, 1, 31, 32, 33, 63, 64, 65, 255, 256, 257, 0x80000001,
};

static struct prog prog;

/* Two numbers go on behind as many instructions as @skipped. */
static void begin(unsigned int skipped)
{
	prog.len = 0;
	emit(&prog, LD(DATA(nr)));
	emit(&prog, JEQ(__NR_getppid, 2, 0));
	emit(&prog, JEQ(OUTSIDE, 1, 0));
	emit(&prog, RET(SECCOMP_RET_ALLOW));
	emit(&prog, BPF_STMT(BPF_JMP | BPF_JA, skipped));
	while (skipped--)
		emit(&prog, BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 0x12345678));
}

static void shift(unsigned int op)
{
	emit(&prog, BPF_STMT(BPF_LD | BPF_IMM, VALUE));
	emit(&prog, BPF_STMT(BPF_ALU | op | BPF_X, 0));
}

/* Argument 0 says how far, argument 1 whether to the right. */
static void shift_by_argument(void)
{
	emit(&prog, LD(ARG_LO(0)));
	emit(&prog, BPF_STMT(BPF_MISC | BPF_TAX, 0));
	emit(&prog, LD(ARG_LO(1)));
	emit(&prog, JEQ(0, 0, 3));
	shift(BPF_LSH);
	emit(&prog, BPF_STMT(BPF_JMP | BPF_JA, 2));
	shift(BPF_RSH);
}

/* End with an errno in which the high bits of A are seen as well. */
static void end(void)
{
	emit(&prog, BPF_STMT(BPF_MISC | BPF_TAX, 0));
	emit(&prog, BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 20));
	emit(&prog, BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0));
	emit(&prog, BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xfff));
	emit(&prog, BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO));
	emit(&prog, BPF_STMT(BPF_RET | BPF_A, 0));
}

static bool get_sysctl(const char *path, char *text, int size)
{
	FILE *f = fopen(path, "r");
	bool done = f && fgets(text, size, f);

	if (f)
		fclose(f);
	if (done)
		text[strcspn(text, "\n")] = '\0';
	return done;
}

static bool set_sysctl(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	ssize_t len = write(fd, text, strlen(text));

	close(fd);
	return len > 0;
}

FIXTURE(engines) {
	char enable[32], limit[32];
};

FIXTURE_SETUP(engines)
{
	if (geteuid())
		SKIP(return, "only root can set the limit");
	if (!get_sysctl(JIT_LIMIT, self->limit, sizeof(self->limit)) ||
	    !get_sysctl(JIT_ENABLE, self->enable, sizeof(self->enable)) ||
	    !set_sysctl(JIT_ENABLE, "1"))
		SKIP(return, "nothing is compiled (CONFIG_BPF_JIT)");
}

FIXTURE_TEARDOWN(engines)
{
	set_sysctl(JIT_LIMIT, self->limit);
	set_sysctl(JIT_ENABLE, self->enable);
}

/* Returns the filter's own answer. */
static long compare(const char *limit, unsigned long operand, unsigned long right)
{
	const unsigned long args[6] = { operand, right };
	long own = call6(OUTSIDE, args), got = call6(__NR_getppid, args);

	CHECK(got == own, "limit %s, arguments %#lx, %lu: %ld, by the filter itself %ld",
	      limit, operand, right, got, own);
	return own;
}

/* The checks return one such answer that engines may not agree on. */
static long check_constant(const char *limit)
{
	return compare(limit, 0, 0);
}

static long check_operands(const char *limit)
{
	for (int i = 0; i < (int)ARRAY_SIZE(operands); i++)
		for (int right = 0; right < 2; right++)
			compare(limit, operands[i], right);
	return compare(limit, 33, 0);
}

/* Filters that kill or allow; what dies is a thread of a child. */
static long check_fates(const char *limit)
{
	static const unsigned long few[] = { 1, 31, 64, 33 };
	struct seen own = { 0 }, got;

	for (int i = 0; i < (int)ARRAY_SIZE(few); i++) {
		const unsigned long args[6] = { few[i] };

		own = observe(OUTSIDE, args, false);
		got = observe(__NR_getppid, args, false);
		CHECK(got.how == own.how, "limit %s, argument %lu: %s, by the filter itself %s",
		      limit, few[i], show(got), show(own));
	}
	return own.how;
}

/* A task without privileges under prog; it stays, and so does its prog. */
static pid_t start_user(const char *limit, long (*check)(const char *limit), long *own)
{
	pid_t pid = start_child();
	long ret;

	if (pid)
		return pid;
	drop_privileges();
	no_new_privs();
	ret = attach(&prog, 0);
	CHECK(!ret || ret == -ENOTSUPP, "limit %s: attach: %ld", limit, ret);
	if (!ret)
		*own = check(limit);
	if (!failures)
		raise(SIGSTOP);
	finish();
}

/*
 * Code takes room in pages, or where programs share one, in pieces of 64 bytes.
 * What is taken already is not known, but nothing is given back during the walk:
 * each step adds one piece, until they are just enough for one program more.
 */
static const struct {
	int piece, steps;
} walk[] = { { 64, 48 }, { 4096, 16 } };

static bool check_limit(const char *limit, long (*check)(const char *limit),
			pid_t *pid, long *own)
{
	long before = *own;
	int status = 0;

	CHECK(set_sysctl(JIT_LIMIT, limit), "cannot set limit %s", limit);
	*pid = start_user(limit, check, own);
	waitpid(*pid, &status, WUNTRACED);
	CHECK(WIFSTOPPED(status), "limit %s: status %#x", limit, status);
	/* Where engines differ this shows which of them there have been. */
	if (*own != before)
		fprintf(stderr, "# from limit %s on the filter itself gives %ld\n",
			limit, *own);
	return WIFSTOPPED(status);
}

static void check_limits(const char *plenty, long (*check)(const char *limit))
{
	long *own = mmap(NULL, sizeof(*own), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool equal = true;
	pid_t user[128];
	char limit[32];
	int users = 0;

	/* Workers free the programs of tasks that have ended, one after another. */
	get_sysctl(WORKERS, limit, sizeof(limit));
	*own = LONG_MAX;
	for (int i = 0; i < (int)ARRAY_SIZE(walk); i++) {
		for (int step = 1; equal && step <= walk[i].steps; step++) {
			snprintf(limit, sizeof(limit), "%d", step * walk[i].piece);
			equal = check_limit(limit, check, &user[users++], own);
		}
	}
	if (equal)
		check_limit(plenty, check, &user[users++], own);
	while (users--) {
		kill(user[users], SIGKILL);
		waitpid(user[users], NULL, 0);
	}
	munmap(own, sizeof(*own));
}

TEST_F(engines, shift_by_argument)
{
	begin(0);
	shift_by_argument();
	end();
	check_limits(self->limit, check_operands);
	EXPECT_EQ(0, failures);
}

/* The filter takes more room than what is made of the end of it. */
TEST_F(engines, shift_by_argument_in_long_filter)
{
	begin(LONG);
	shift_by_argument();
	end();
	check_limits(self->limit, check_operands);
	EXPECT_EQ(0, failures);
}

/* No argument is looked at: and yet the engine decides. */
TEST_F(engines, shift_left_by_constant)
{
	begin(0);
	emit(&prog, BPF_STMT(BPF_LDX | BPF_IMM, 33));
	shift(BPF_LSH);
	end();
	check_limits(self->limit, check_constant);
	EXPECT_EQ(0, failures);
}

TEST_F(engines, shift_right_by_constant)
{
	begin(LONG);
	emit(&prog, BPF_STMT(BPF_LDX | BPF_IMM, 33));
	shift(BPF_RSH);
	end();
	check_limits(self->limit, check_constant);
	EXPECT_EQ(0, failures);
}

/* Whether a comparison holds is all that the shift decides. */
TEST_F(engines, shift_and_compare)
{
	begin(0);
	shift_by_argument();
	emit(&prog, JEQ(0, 0, 1));
	emit(&prog, RET(ERRNO(71)));
	emit(&prog, RET(ERRNO(72)));
	check_limits(self->limit, check_operands);
	EXPECT_EQ(0, failures);
}

/* Shifted by 1 this is ALLOW, shifted to nothing KILL_THREAD. */
TEST_F(engines, shifted_verdict)
{
	begin(0);
	emit(&prog, LD(ARG_LO(0)));
	emit(&prog, BPF_STMT(BPF_MISC | BPF_TAX, 0));
	emit(&prog, BPF_STMT(BPF_LD | BPF_IMM, SECCOMP_RET_ALLOW >> 1));
	emit(&prog, BPF_STMT(BPF_ALU | BPF_LSH | BPF_X, 0));
	emit(&prog, BPF_STMT(BPF_RET | BPF_A, 0));
	check_limits(self->limit, check_fates);
	EXPECT_EQ(0, failures);
}

TEST_HARNESS_MAIN
