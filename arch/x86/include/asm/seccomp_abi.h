/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_X86_SECCOMP_ABI_H
#define _ASM_X86_SECCOMP_ABI_H

#include <asm/cpufeature.h>
#include <asm/unistd.h>

#ifdef CONFIG_X86_64
/* x32 calls carry this bit and AUDIT_ARCH_X86_64. */
# define SECCOMP_ARCH_NATIVE_NR_MASK	__X32_SYSCALL_BIT
#endif

/* See emit_spectre_bhb_barrier(). */
static inline bool arch_seccomp_clears_branch_history(void)
{
#ifdef X86_FEATURE_CLEAR_BHB_LOOP
	return boot_cpu_has(X86_FEATURE_CLEAR_BHB_LOOP) ||
	       boot_cpu_has(X86_FEATURE_CLEAR_BHB_HW);
#else
	return true;
#endif
}

#define arch_seccomp_clears_branch_history arch_seccomp_clears_branch_history

#include <asm-generic/seccomp_abi.h>

#endif /* _ASM_X86_SECCOMP_ABI_H */
