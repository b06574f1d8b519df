/* SPDX-License-Identifier: GPL-2.0-only */
/* The ABIs are whichever the program that classifies sets at run time. */
#ifndef SHIM_ASM_SECCOMP_ABI_H
#define SHIM_ASM_SECCOMP_ABI_H

#define CONFIG_HAVE_SPARSE_SYSCALL_NR	1
#define SECCOMP_ARCH_NATIVE	seccomp_abis[0].arch
#define SECCOMP_ARCH_NATIVE_NR	SECCOMP_ABI_ROWS
#define seccomp_abis		seccomp_abis

#include <asm-generic/seccomp_abi.h>

extern struct seccomp_abi seccomp_abis[2];

#endif
