/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_X86_SECCOMP_BITMAP_H
#define _ASM_X86_SECCOMP_BITMAP_H

#include <asm/unistd.h>

#ifdef CONFIG_X86_64
/* x32 calls carry this bit and AUDIT_ARCH_X86_64. */
# define SECCOMP_ARCH_NATIVE_NR_MASK	__X32_SYSCALL_BIT
#endif

#include <asm-generic/seccomp_bitmap.h>

#endif /* _ASM_X86_SECCOMP_BITMAP_H */
