/* SPDX-License-Identifier: GPL-2.0-only */
/* What entry code can ask of seccomp before it prepares for anything else. */
#ifndef _LINUX_SECCOMP_EARLY_H
#define _LINUX_SECCOMP_EARLY_H

#include <linux/compiler.h>
#include <linux/types.h>

#ifdef CONFIG_SECCOMP_BITMAP
bool seccomp_always_allows(long nr);
#else
static __always_inline bool seccomp_always_allows(long nr)
{
	return false;
}
#endif

/**
 * seccomp_allows_early() - does a system call need no further look?
 * @alone: seccomp is all that entry code has to ask
 * @nr: the number that the task has entered the kernel with
 *
 * Context: system call entry, before the call.
 * Return: true if the call need not go through secure_computing().
 */
static __always_inline bool seccomp_allows_early(bool alone, long nr)
{
	return alone && seccomp_always_allows(nr);
}

#endif /* _LINUX_SECCOMP_EARLY_H */
