/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of this directory share among themselves. */
#ifndef _KERNEL_SECCOMP_INTERNAL_H
#define _KERNEL_SECCOMP_INTERNAL_H

#include <linux/gfp_types.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seccomp.h>
#include <linux/slab.h>

/*
 * Memory for what only saves time: without it filters are run. So nothing is
 * killed or retried for it.
 */
#define SECCOMP_GFP_OPTIONAL	(GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY)

#ifndef kmalloc_obj	/* came with Linux 7.0, and with stable updates */
# define kmalloc_obj(P, flags)	kmalloc(sizeof(P), flags)
# define kzalloc_obj(P, flags)	kzalloc(sizeof(P), flags)
#endif

/* Actions compare as seccomp_run_filters() compares them: signed. */
static __always_inline s32 seccomp_action(u32 ret)
{
	return ret & SECCOMP_RET_ACTION_FULL;
}

/* Reschedule if needed. Has current been killed, so that attaching is pointless? */
static inline bool seccomp_killed(void)
{
	cond_resched();
	return fatal_signal_pending(current);
}

#endif /* _KERNEL_SECCOMP_INTERNAL_H */
