// SPDX-License-Identifier: GPL-2.0-only
/*
 * A port seen from outside: the AUDIT_ARCH value that filters get, the ABIs
 * that the report names, and what happens where a table ends.
 */
#include "programs.h"

#define CACHE	"/proc/self/seccomp_cache"

/* How many lines the report has for an ABI. */
static int lines_of(const char *name)
{
	FILE *f = fopen(CACHE, "r");
	char line[128], abi[16];
	int count = 0;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%15s", abi) == 1 && !strcmp(abi, name))
			count++;
	if (f)
		fclose(f);
	return count;
}

FIXTURE(port) {
	struct prog prog;
};

FIXTURE_SETUP(port)
{
	no_new_privs();
}

FIXTURE_TEARDOWN(port) {}

/* The filter returns those eight bits of arch that argument 0 asks for. */
TEST_F(port, arch_that_filters_see)
{
	struct prog *p = &self->prog;
	unsigned int arch = 0;

	emit(p, LD(DATA(nr)));
	emit(p, JEQ(__NR_getppid, 1, 0));
	emit(p, RET(SECCOMP_RET_ALLOW));
	emit(p, LD(ARG_LO(0)));
	emit(p, BPF_STMT(BPF_MISC | BPF_TAX, 0));
	emit(p, LD(DATA(arch)));
	emit(p, BPF_STMT(BPF_ALU | BPF_RSH | BPF_X, 0));
	emit(p, BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xff));
	emit(p, BPF_STMT(BPF_ALU | BPF_OR | BPF_K, ERRNO(0)));
	emit(p, BPF_STMT(BPF_RET | BPF_A, 0));
	ASSERT_EQ(0, attach(p, 0));
	for (int shift = 0; shift < 32; shift += 8)
		arch |= (unsigned int)-call(__NR_getppid, shift) << shift;
	EXPECT_EQ(MY_ARCH, arch);
}

/* A call that the table answers gets the answer of its own ABI. */
TEST_F(port, answers_are_of_this_abi)
{
	struct prog *p = &self->prog;

	emit(p, LD(DATA(nr)));
	emit(p, JEQ(__NR_getppid, 1, 0));
	emit(p, RET(SECCOMP_RET_ALLOW));
	emit(p, LD(DATA(arch)));
	emit(p, JEQ(MY_ARCH, 0, 1));
	emit(p, RET(ERRNO(611)));
	emit(p, RET(ERRNO(612)));
	ASSERT_EQ(0, attach(p, 0));
	for (int i = 0; i < 4; i++)
		EXPECT_EQ(-611, call(__NR_getppid, i));
}

TEST_F(port, report_names_the_abis)
{
	const char *helper = sizeof(long) == 8 ? "bitmap_helper32" : "bitmap_helper64";
	bool other = can_run(helper);

	if (access(CACHE, F_OK))
		SKIP(return, "no seccomp_cache (CONFIG_SECCOMP_CACHE_DEBUG)");
	if (geteuid())
		SKIP(return, "for root only");
	ASSERT_EQ(0, attach_rule(__NR_getppid, ERRNO(1), false, 0));
	EXPECT_LT(0, lines_of(MY_ABI));
#ifdef OTHER_ABI
	if (other)
		EXPECT_LT(0, lines_of(OTHER_ABI));
#else
	EXPECT_FALSE(other);
#endif
}

/* Numbers outside the table, on either side, run the filters, whatever they are. */
TEST_F(port, beyond_the_table)
{
	struct prog *p = &self->prog;
	const int before = FIRST_NR ? 100 : 0;
	int end;

	if (access(CACHE, F_OK))
		SKIP(return, "no seccomp_cache (CONFIG_SECCOMP_CACHE_DEBUG)");
	if (geteuid())
		SKIP(return, "for root only");
	ASSERT_EQ(0, attach_rule(__NR_getppid, ERRNO(1), false, 0));
	end = FIRST_NR + lines_of(MY_ABI);
	ASSERT_LT(FIRST_NR, end);

	emit(p, LD(DATA(nr)));
	emit(p, BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, end, 2, 0));
	emit(p, BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_NR, 0, 1));
	emit(p, RET(SECCOMP_RET_ALLOW));
	emit(p, LD(ARG_LO(0)));
	emit(p, JEQ(MAGIC, 0, 1));
	emit(p, RET(ERRNO(621)));
	emit(p, RET(ERRNO(622)));
	ASSERT_EQ(0, attach(p, 0));
	for (int nr = end; nr < end + 100; nr++) {
		ASSERT_EQ(-621, call(nr, MAGIC));
		ASSERT_EQ(-622, call(nr, 0));
	}
	for (int nr = FIRST_NR - before; nr < FIRST_NR; nr++) {
		ASSERT_EQ(-621, call(nr, MAGIC));
		ASSERT_EQ(-622, call(nr, 0));
	}
}

TEST_HARNESS_MAIN
