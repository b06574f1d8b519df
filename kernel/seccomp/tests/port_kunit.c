// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of a port: what asm/seccomp_abi.h says of the ABIs, against
 * what the rest of the kernel says. Mistakes, made on purpose in a copy, show
 * in each run that these tests would find them.
 */

#include <kunit/test.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/string.h>
#include <asm/syscall.h>
#include <asm/unistd.h>

#include "../rows.h"

/*
 * From 424 on a call has the same number everywhere, counted from the first one, so
 * every table has it.
 */
#if defined(__NR_fchroot)
# define NEWEST_NR	__NR_fchroot
#elif defined(__NR_mseal)
# define NEWEST_NR	__NR_mseal
#elif defined(__NR_set_mempolicy_home_node)
# define NEWEST_NR	__NR_set_mempolicy_home_node
#else
# define NEWEST_NR	__NR_process_madvise
#endif

/* How many ABIs of 32-bit programs have an AUDIT_ARCH value of their own? */
#if defined(CONFIG_X86)
# define NR_COMPAT	IS_ENABLED(CONFIG_IA32_EMULATION)
#elif defined(CONFIG_RISCV)
# define NR_COMPAT	0
#elif defined(CONFIG_MIPS)
# define NR_COMPAT	(IS_ENABLED(CONFIG_MIPS32_O32) + IS_ENABLED(CONFIG_MIPS32_N32))
#else
# define NR_COMPAT	IS_ENABLED(CONFIG_COMPAT)
#endif

#if defined(CONFIG_X86_64)
# define COMPAT_NR	IA32_NR_syscalls
#elif defined(__NR_compat32_syscalls)
# define COMPAT_NR	__NR_compat32_syscalls
#elif defined(__NR_compat_syscalls)
# define COMPAT_NR	__NR_compat_syscalls
#else
# define COMPAT_NR	NR_syscalls
#endif

/* What the kernel says of the table of a 32-bit ABI, or of the native one */
#ifdef CONFIG_MIPS
static unsigned int first_of(u32 arch, bool compat)
{
	if (!compat)
		return __NR_Linux;
	return arch & __AUDIT_ARCH_CONVENTION_MIPS64_N32 ? __NR_N32_Linux : __NR_O32_Linux;
}

static unsigned int size_of(u32 arch, bool compat)
{
	if (arch & __AUDIT_ARCH_CONVENTION_MIPS64_N32)
		return __NR_N32_Linux_syscalls;
	return arch & __AUDIT_ARCH_64BIT ? __NR_64_Linux_syscalls : __NR_O32_Linux_syscalls;
}
#else
static unsigned int first_of(u32 arch, bool compat)
{
	return 0;
}

static unsigned int size_of(u32 arch, bool compat)
{
	return compat ? COMPAT_NR : NR_syscalls;
}
#endif

/**
 * struct fact - something that holds for every right descriptor
 * @name: what it is
 * @holds: does it hold for ABI @i of the @count ones in @abis?
 */
struct fact {
	const char *name;
	bool (*holds)(const struct seccomp_abi *abis, unsigned int count,
		      unsigned int i);
};

static bool native_first(const struct seccomp_abi *abis, unsigned int count,
			 unsigned int i)
{
	return (abis[i].arch == syscall_get_arch(current)) == (i == 0);
}

static bool own_arch(const struct seccomp_abi *abis, unsigned int count,
		     unsigned int i)
{
	unsigned int other;

	for (other = 0; other < i; other++)
		if (abis[other].arch == abis[i].arch)
			return false;
	return true;
}

static bool word_size(const struct seccomp_abi *abis, unsigned int count,
		      unsigned int i)
{
	bool wide = abis[i].arch & __AUDIT_ARCH_64BIT;

	/* MIPS: 32-bit programs in 64-bit registers */
	if (i && abis[i].arch & __AUDIT_ARCH_CONVENTION_MASK)
		return true;
	return wide == (i == 0 && IS_ENABLED(CONFIG_64BIT));
}

/* Some AUDIT_ARCH values have this bit wrong, but then in all of their ABIs. */
static bool byte_order(const struct seccomp_abi *abis, unsigned int count,
		       unsigned int i)
{
	return !((abis[i].arch ^ syscall_get_arch(current)) & __AUDIT_ARCH_LE);
}

static bool compat_entry(const struct seccomp_abi *abis, unsigned int count,
			 unsigned int i)
{
	return count == 1 + NR_COMPAT;
}

static bool first_number(const struct seccomp_abi *abis, unsigned int count,
			 unsigned int i)
{
	return abis[i].first == first_of(abis[i].arch, i);
}

static bool table_size(const struct seccomp_abi *abis, unsigned int count,
		       unsigned int i)
{
	return abis[i].size == size_of(abis[i].arch, i);
}

static bool newest_call(const struct seccomp_abi *abis, unsigned int count,
			unsigned int i)
{
	return abis[i].size > NEWEST_NR - SECCOMP_ARCH_NATIVE_FIRST;
}

static bool room_for_table(const struct seccomp_abi *abis, unsigned int count,
			   unsigned int i)
{
	return abis[i].size && abis[i].size <= SECCOMP_ABI_ROWS;
}

static bool mask_outside_table(const struct seccomp_abi *abis,
			       unsigned int count, unsigned int i)
{
	unsigned int nr;

	for (nr = abis[i].first; i == 0 && nr < seccomp_abi_end(&abis[i]); nr++)
		if (nr & SECCOMP_ARCH_NATIVE_NR_MASK)
			return false;
	return true;
}

static bool own_name(const struct seccomp_abi *abis, unsigned int count,
		     unsigned int i)
{
	unsigned int other;

	for (other = 0; other < i; other++)
		if (!strcmp(abis[other].name, abis[i].name))
			return false;
	return abis[i].name[0] && !strpbrk(abis[i].name, " \t\n");
}

static const struct fact facts[] = {
	{ "the native ABI, and only it, comes first", native_first },
	{ "each ABI has an AUDIT_ARCH value of its own", own_arch },
	{ "AUDIT_ARCH has the word size of the ABI", word_size },
	{ "AUDIT_ARCH has the byte order of the kernel", byte_order },
	{ "a compat ABI is there when the kernel has one", compat_entry },
	{ "the table starts where the kernel's own does", first_number },
	{ "the table is as long as the kernel's own", table_size },
	{ "the table has the newest system call", newest_call },
	{ "the table fits into SECCOMP_ABI_ROWS", room_for_table },
	{ "SECCOMP_ARCH_NATIVE_NR_MASK is outside the table", mask_outside_table },
	{ "each ABI has a name of its own, one word", own_name },
};

static void fact_name(const struct fact *fact, char *desc)
{
	strscpy(desc, fact->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(fact, facts, fact_name);

static void seccomp_port_fact(struct kunit *test)
{
	const struct fact *fact = test->param_value;
	const struct seccomp_abi *abi;
	unsigned int i;

	for (i = 0; i < SECCOMP_NR_ABIS; i++) {
		abi = &seccomp_abis[i];
		KUNIT_EXPECT_TRUE_MSG(test,
				      fact->holds(seccomp_abis, SECCOMP_NR_ABIS, i),
				      "ABI %u: %s, AUDIT_ARCH %#x, %u calls from %u on",
				      i, abi->name, abi->arch, abi->size, abi->first);
	}
}

/**
 * struct mistake - a way to get a descriptor wrong
 * @name: what it is
 * @make: make it in the @count ABIs in @abis
 * @found: the fact that must not hold any more
 * @two: takes two ABIs
 */
struct mistake {
	const char *name;
	void (*make)(struct seccomp_abi *abis, unsigned int *count);
	bool (*found)(const struct seccomp_abi *abis, unsigned int count,
		      unsigned int i);
	bool two;
};

static void one_call_less(struct seccomp_abi *abis, unsigned int *count)
{
	abis[*count - 1].size--;
}

static void one_call_more(struct seccomp_abi *abis, unsigned int *count)
{
	abis[0].size++;
}

static void one_call_later(struct seccomp_abi *abis, unsigned int *count)
{
	abis[*count - 1].first++;
}

/* Some tables are longer than they need to be. */
static void no_newest_call(struct seccomp_abi *abis, unsigned int *count)
{
	abis[*count - 1].size = NEWEST_NR - SECCOMP_ARCH_NATIVE_FIRST;
}

static void too_many_calls(struct seccomp_abi *abis, unsigned int *count)
{
	abis[*count - 1].size = SECCOMP_ABI_ROWS + 1;
}

static void swap_abis(struct seccomp_abi *abis, unsigned int *count)
{
	swap(abis[0], abis[1]);
}

static void swap_archs(struct seccomp_abi *abis, unsigned int *count)
{
	swap(abis[0].arch, abis[1].arch);
}

static void copy_arch(struct seccomp_abi *abis, unsigned int *count)
{
	abis[1].arch = abis[0].arch;
}

static void copy_name(struct seccomp_abi *abis, unsigned int *count)
{
	abis[1].name = abis[0].name;
}

static void drop_compat(struct seccomp_abi *abis, unsigned int *count)
{
	--*count;
}

static void flip_word_size(struct seccomp_abi *abis, unsigned int *count)
{
	abis[0].arch ^= __AUDIT_ARCH_64BIT;
}

static void flip_byte_order(struct seccomp_abi *abis, unsigned int *count)
{
	abis[*count - 1].arch ^= __AUDIT_ARCH_LE;
}

static const struct mistake mistakes[] = {
	{ "a table with one call less", one_call_less, table_size },
	{ "a table with one call more", one_call_more, table_size },
	{ "a table that starts one call later", one_call_later, first_number },
	{ "a table without the newest call", no_newest_call, newest_call },
	{ "a table that is too large", too_many_calls, room_for_table },
	{ "native and compat swapped", swap_abis, native_first, true },
	{ "their AUDIT_ARCH values swapped", swap_archs, native_first, true },
	{ "one AUDIT_ARCH value for both", copy_arch, own_arch, true },
	{ "one name for both", copy_name, own_name, true },
	{ "one compat ABI less", drop_compat, compat_entry, true },
	{ "AUDIT_ARCH of the other word size", flip_word_size, word_size },
	{ "AUDIT_ARCH of the other byte order", flip_byte_order, byte_order },
};

static void mistake_name(const struct mistake *mistake, char *desc)
{
	strscpy(desc, mistake->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(mistake, mistakes, mistake_name);

static void seccomp_port_mistake(struct kunit *test)
{
	const struct mistake *mistake = test->param_value;
	struct seccomp_abi abis[SECCOMP_NR_ABIS];
	unsigned int i, count = SECCOMP_NR_ABIS;
	bool found = false;

	if (mistake->two && count == 1)
		kunit_skip(test, "there is one ABI");

	memcpy(abis, seccomp_abis, sizeof(abis));
	mistake->make(abis, &count);
	for (i = 0; i < count; i++)
		found |= !mistake->found(abis, count, i);
	KUNIT_EXPECT_TRUE(test, found);
}

static struct kunit_case seccomp_port_cases[] = {
	KUNIT_CASE_PARAM(seccomp_port_fact, fact_gen_params),
	KUNIT_CASE_PARAM(seccomp_port_mistake, mistake_gen_params),
	{}
};

static struct kunit_suite seccomp_port_suite = {
	.name = "seccomp_bitmap_port",
	.test_cases = seccomp_port_cases,
};

kunit_test_suite(seccomp_port_suite);
