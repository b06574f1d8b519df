// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <sys/utsname.h>
#include "abi.h"

enum {
	X86_64, IA32, AARCH64, ARM, RISCV64, LOONGARCH64, S390X, S390, PPC64LE,
	MIPS, MIPS64, MIPS64N32, NR_COLUMNS,
};

#define MIPS_N32	__AUDIT_ARCH_CONVENTION_MIPS64_N32

const struct abi abis[NR_ABIS] = {
	{ "x86_64", "amd64 x86-64", AUDIT_ARCH_X86_64, "amd64", 0, X86_64, 1, true },
	{ "ia32", "i386 x86 i686 386", AUDIT_ARCH_I386, "386", 0, IA32, -1, true },
	{ "aarch64", "arm64", AUDIT_ARCH_AARCH64, "arm64", 0, AARCH64, 3, true },
	{ "arm", "armhf armel", AUDIT_ARCH_ARM, "arm", 0, ARM, -1, true },
	{ "riscv64", "", AUDIT_ARCH_RISCV64, "riscv64", 0, RISCV64, -1, true },
	{ "s390x", "", AUDIT_ARCH_S390X, "s390x", 0, S390X, 6, true },
	{ "s390", "", AUDIT_ARCH_S390, "s390", 0, S390, -1, true },
	{ "ppc64le", "ppc64el", AUDIT_ARCH_PPC64LE, "ppc64le", 0, PPC64LE, -1, true },
	{ "loongarch64", "loong64", AUDIT_ARCH_LOONGARCH64, "loong64", 0, LOONGARCH64, -1, true },
	{ "mips", "", AUDIT_ARCH_MIPS, "mips", 4000, MIPS, -1, false },
	{ "mipsel", "mipsle", AUDIT_ARCH_MIPSEL, "mipsle", 4000, MIPS, -1, false },
	{ "mips64", "", AUDIT_ARCH_MIPS64, "mips64", 5000, MIPS64, -1, false },
	{ "mipsel64", "mips64el mips64le", AUDIT_ARCH_MIPSEL64, "mips64le", 5000, MIPS64, -1,
	  false },
	{ "mips64n32", "", AUDIT_ARCH_MIPS64 | MIPS_N32, "mips64p32", 6000, MIPS64N32, -1, false },
	{ "mipsel64n32", "mips64p32le", AUDIT_ARCH_MIPSEL64 | MIPS_N32, "mips64p32le", 6000,
	  MIPS64N32, -1, false },
};

const char * const kernel_names[NR_KERNELS] = { "6.1", "6.12", "7.3" };

/* Numbers stay below 2^24; above them is the first kernel that has the call. */
#define SINCE(kernel)	((uint32_t)(kernel) << 24)
#define B		SINCE(KERNEL_6_12)
#define C		SINCE(KERNEL_7_3)
#define N		NO_CALL

static const struct {
	const char *kernel;
	unsigned int end[NR_COLUMNS];
} sizes[] = {
#define SIZES(kernel, ...)	{ kernel, { __VA_ARGS__ } },
#define CALL(name, ...)
#include "syscalls.inc"
#undef SIZES
#undef CALL
};

static const struct call {
	const char *name;
	uint32_t nr[NR_COLUMNS];
} calls[] = {
#define SIZES(kernel, ...)
#define CALL(name, ...)		{ name, { __VA_ARGS__ } },
#include "syscalls.inc"
};

#define NR_CALLS	(sizeof(calls) / sizeof(calls[0]))

static bool is_word_of(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (; *list; list += strspn(list, " ")) {
		if (len && strcspn(list, " ") == len && !strncmp(list, word, len))
			return true;
		list += strcspn(list, " ");
	}
	return false;
}

const struct abi *abi_find(const char *name)
{
	for (unsigned int i = 0; i < NR_ABIS; i++)
		if (!strcmp(abis[i].name, name) || is_word_of(abis[i].aliases, name))
			return &abis[i];
	return NULL;
}

/* What uname() calls a machine by another name, or by the same for two */
static const char *machine_abi(const char *machine)
{
	if (!strncmp(machine, "armv", 4))
		return "arm";
	if (!strncmp(machine, "mips", 4) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
		return strcmp(machine, "mips64") ? "mipsel" : "mipsel64";
	return machine;
}

const struct abi *abi_native(void)
{
	struct utsname uts;

	return uname(&uts) ? NULL : abi_find(machine_abi(uts.machine));
}

unsigned int abi_size(const struct abi *abi, unsigned int kernel)
{
	unsigned int end = sizes[kernel].end[abi->column];

	return end ? end - abi->first : 0;
}

static uint32_t number(const struct call *call, const struct abi *abi, unsigned int kernel)
{
	uint32_t nr = call->nr[abi->column];

	return nr == NO_CALL || nr >> 24 > kernel ? NO_CALL : nr & 0xffffff;
}

static const struct call *find(const char *name)
{
	unsigned int low = 0, high = NR_CALLS, middle;
	int order;

	while (low < high) {
		middle = (low + high) / 2;
		order = strcmp(name, calls[middle].name);
		if (!order)
			return &calls[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

uint32_t call_number(const struct abi *abi, unsigned int kernel, const char *name)
{
	const struct call *call = find(name);

	return call ? number(call, abi, kernel) : NO_CALL;
}

const char *call_name(const struct abi *abi, unsigned int kernel, uint32_t nr)
{
	for (unsigned int i = 0; i < NR_CALLS; i++)
		if (nr != NO_CALL && number(&calls[i], abi, kernel) == nr)
			return calls[i].name;
	return NULL;
}

bool call_exists(const char *name)
{
	return find(name);
}
