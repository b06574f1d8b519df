/* SPDX-License-Identifier: GPL-2.0-only */
/* What entry code can ask of seccomp before it prepares for anything else. */
#ifndef _LINUX_SECCOMP_EARLY_H
#define _LINUX_SECCOMP_EARLY_H

#include <linux/types.h>

#ifdef CONFIG_SECCOMP_BITMAP
bool seccomp_allows_early(long nr);
#else
static inline bool seccomp_allows_early(long nr)
{
	return false;
}
#endif

#endif /* _LINUX_SECCOMP_EARLY_H */
