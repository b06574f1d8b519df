/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_SECCOMP_H
#define SHIM_LINUX_SECCOMP_H

#include <kernel.h>
#include_next <linux/seccomp.h>

struct seccomp {
	int mode;
	int filter_count;
	void *filter;
};

#endif
