/* SPDX-License-Identifier: GPL-2.0-only */
/* What entry code can ask of seccomp before it prepares for anything else. */
#ifndef _LINUX_SECCOMP_EARLY_H
#define _LINUX_SECCOMP_EARLY_H

#include <linux/compiler.h>

struct pt_regs;

/* Not decided: the call goes the usual way. No table has a call of this number. */
#define SECCOMP_EARLY_NONE	(-2L)

#ifdef CONFIG_SECCOMP_BITMAP
long seccomp_early(struct pt_regs *regs, long nr);
#else
static __always_inline long seccomp_early(struct pt_regs *regs, long nr)
{
	return SECCOMP_EARLY_NONE;
}
#endif

#endif /* _LINUX_SECCOMP_EARLY_H */
