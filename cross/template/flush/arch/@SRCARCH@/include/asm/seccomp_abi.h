/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_SECCOMP_ABI_H
#define _ASM_SECCOMP_ABI_H

#include <asm/tlbflush.h>

/* As flush_tlb_kernel_range(), but for this CPU only; preemption is off. */
static inline void local_flush_tlb_kernel_range(unsigned long start,
						unsigned long end)
{
	/* PORT: drop the translations of these pages from this TLB */
}

/* PORT: arch_seccomp_probe_usable() if some CPUs do not set the flag */

#include <asm-generic/seccomp_abi.h>

#endif /* _ASM_SECCOMP_ABI_H */
