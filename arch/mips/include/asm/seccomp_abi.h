/* SPDX-License-Identifier: GPL-2.0-only */
/* Each ABI has numbers of its own: o32 from 4000, n64 from 5000, n32 from 6000 on. */
#ifndef _ASM_MIPS_SECCOMP_ABI_H
#define _ASM_MIPS_SECCOMP_ABI_H

#include <asm/unistd.h>

#ifdef CONFIG_CPU_LITTLE_ENDIAN
# define SECCOMP_ARCH_MIPS_LE		__AUDIT_ARCH_LE
#else
# define SECCOMP_ARCH_MIPS_LE		0
#endif

#ifdef CONFIG_64BIT
# define SECCOMP_ARCH_NATIVE		(AUDIT_ARCH_MIPS64 | SECCOMP_ARCH_MIPS_LE)
# define SECCOMP_ARCH_NATIVE_FIRST	__NR_64_Linux
# define SECCOMP_ARCH_NATIVE_NR		__NR_64_Linux_syscalls
# define SECCOMP_ARCH_NATIVE_NAME	"n64"
#else
# define SECCOMP_ARCH_NATIVE		(AUDIT_ARCH_MIPS | SECCOMP_ARCH_MIPS_LE)
# define SECCOMP_ARCH_NATIVE_FIRST	__NR_O32_Linux
# define SECCOMP_ARCH_NATIVE_NR		__NR_O32_Linux_syscalls
# define SECCOMP_ARCH_NATIVE_NAME	"o32"
#endif

#ifdef CONFIG_MIPS32_O32
# define SECCOMP_ARCH_COMPAT		(AUDIT_ARCH_MIPS | SECCOMP_ARCH_MIPS_LE)
# define SECCOMP_ARCH_COMPAT_FIRST	__NR_O32_Linux
# define SECCOMP_ARCH_COMPAT_NR		__NR_O32_Linux_syscalls
# define SECCOMP_ARCH_COMPAT_NAME	"o32"
#endif

#ifdef CONFIG_MIPS32_N32
# define SECCOMP_ARCH_COMPAT2		(AUDIT_ARCH_MIPS64N32 | SECCOMP_ARCH_MIPS_LE)
# define SECCOMP_ARCH_COMPAT2_FIRST	__NR_N32_Linux
# define SECCOMP_ARCH_COMPAT2_NR	__NR_N32_Linux_syscalls
# define SECCOMP_ARCH_COMPAT2_NAME	"n32"
#endif

#include <asm-generic/seccomp_abi.h>

#endif /* _ASM_MIPS_SECCOMP_ABI_H */
