/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an architecture tells kernel/seccomp/ of its system call ABIs, with the
 * defaults that hold where asm/seccomp_abi.h says nothing else.
 */
#ifndef _ASM_GENERIC_SECCOMP_ABI_H
#define _ASM_GENERIC_SECCOMP_ABI_H

#include <linux/types.h>
#include <uapi/linux/audit.h>
#include <linux/seccomp.h>
#include <asm/syscall.h>	/* NR_syscalls, on some */

/**
 * struct seccomp_abi - one way into the kernel
 * @arch: AUDIT_ARCH value that filters see
 * @first: the first number of its system call table
 * @size: size of that table
 * @name: name in reports
 */
struct seccomp_abi {
	u32 arch;
	u16 first;
	u16 size;
	const char *name;
};

/* Most tables start at 0, and most archs have no table for a third ABI, or a second. */
#ifndef SECCOMP_ARCH_NATIVE_FIRST
# define SECCOMP_ARCH_NATIVE_FIRST	0
#endif
#ifndef SECCOMP_ARCH_COMPAT_FIRST
# define SECCOMP_ARCH_COMPAT_FIRST	0
#endif
#ifndef SECCOMP_ARCH_COMPAT_NR
# define SECCOMP_ARCH_COMPAT_NR		0
#endif
#ifndef SECCOMP_ARCH_COMPAT2_NR
# define SECCOMP_ARCH_COMPAT2_NR	0
#endif

/* Every ABI that enters the kernel, the most used one first. */
#ifndef seccomp_abis
static const struct seccomp_abi seccomp_abis[] = {
	{
		.arch = SECCOMP_ARCH_NATIVE,
		.first = SECCOMP_ARCH_NATIVE_FIRST,
		.size = SECCOMP_ARCH_NATIVE_NR,
		.name = SECCOMP_ARCH_NATIVE_NAME,
	},
#ifdef SECCOMP_ARCH_COMPAT
	{
		.arch = SECCOMP_ARCH_COMPAT,
		.first = SECCOMP_ARCH_COMPAT_FIRST,
		.size = SECCOMP_ARCH_COMPAT_NR,
		.name = SECCOMP_ARCH_COMPAT_NAME,
	},
#endif
#ifdef SECCOMP_ARCH_COMPAT2
	{
		.arch = SECCOMP_ARCH_COMPAT2,
		.first = SECCOMP_ARCH_COMPAT2_FIRST,
		.size = SECCOMP_ARCH_COMPAT2_NR,
		.name = SECCOMP_ARCH_COMPAT2_NAME,
	},
#endif
};
#endif

/*
 * The bits of a native call's number that tell apart ABIs which share one
 * AUDIT_ARCH value. Numbers with such a bit lie outside the table.
 */
#ifndef SECCOMP_ARCH_NATIVE_NR_MASK
# define SECCOMP_ARCH_NATIVE_NR_MASK	0
#endif

/*
 * Does the JIT compiler end the classic programs of unprivileged tasks by
 * clearing the branch history? What the core evaluates itself does not.
 */
#ifndef arch_seccomp_clears_branch_history
static inline bool arch_seccomp_clears_branch_history(void)
{
	return false;
}
#endif

/* Does this CPU set the accessed flag of kernel mappings? Preemption is off. */
#ifndef arch_seccomp_probe_usable
static inline bool arch_seccomp_probe_usable(void)
{
	return true;
}
#endif

#endif /* _ASM_GENERIC_SECCOMP_ABI_H */
