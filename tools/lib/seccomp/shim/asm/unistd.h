/* SPDX-License-Identifier: GPL-2.0-only */
#include_next <asm/unistd.h>

/* Known to the kernel, if not to the C library's headers yet */
#ifndef __NR_uretprobe
#define __NR_uretprobe	335
#endif
