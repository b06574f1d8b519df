/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_CAPABILITY_H
#define SHIM_LINUX_CAPABILITY_H

#include <kernel.h>

#define CAP_SYS_ADMIN			21
#define CAP_BPF				39

/* What the task that attaches may do: a bit for each capability. */
extern u64 shim_capable;

#define ns_capable_noaudit(ns, cap)	(!!(shim_capable & 1ULL << (cap)))

#endif
