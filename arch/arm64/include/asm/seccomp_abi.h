/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_ARM64_SECCOMP_ABI_H
#define _ASM_ARM64_SECCOMP_ABI_H

#include <asm/pgtable-hwdef.h>
#include <asm/spectre.h>
#include <asm/sysreg.h>

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

#include <asm-generic/seccomp_abi.h>

#endif /* _ASM_ARM64_SECCOMP_ABI_H */
