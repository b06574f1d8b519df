/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_ARM64_SECCOMP_ABI_H
#define _ASM_ARM64_SECCOMP_ABI_H

#include <linux/bits.h>
#include <asm/barrier.h>
#include <asm/pgtable-hwdef.h>
#include <asm/spectre.h>
#include <asm/sysreg.h>
#include <asm/tlbflush.h>

/* See build_bhb_mitigation(). */
static inline bool arch_seccomp_clears_branch_history(void)
{
	return arm64_get_spectre_bhb_state() != SPECTRE_UNAFFECTED;
}

#define arch_seccomp_clears_branch_history arch_seccomp_clears_branch_history

/* A CPU that leaves the accessed flag to software faults where it is clear. */
static inline bool arch_seccomp_probe_usable(void)
{
	return read_sysreg(tcr_el1) & TCR_HA;
}

#define arch_seccomp_probe_usable arch_seccomp_probe_usable

/* As flush_tlb_kernel_range(), but for this CPU only. */
static inline void local_flush_tlb_kernel_range(unsigned long start,
						unsigned long end)
{
	unsigned long addr;

	dsb(nshst);
	/* Of an address it takes the bits 55 to 12. */
	for (addr = start; addr < end; addr += PAGE_SIZE)
		__tlbi(vaale1, addr >> 12 & GENMASK_ULL(43, 0));
	dsb(nsh);
	isb();
}

#include <asm-generic/seccomp_abi.h>

#endif /* _ASM_ARM64_SECCOMP_ABI_H */
