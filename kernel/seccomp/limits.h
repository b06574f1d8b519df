/* SPDX-License-Identifier: GPL-2.0-only */
/* How much a filter or a stack of them may take. Beyond that, filters are run. */
#ifndef _KERNEL_SECCOMP_LIMITS_H
#define _KERNEL_SECCOMP_LIMITS_H

/* Classes of a table, outcomes of a filter: both are counted in a u8. */
#define SECCOMP_MAX_CLASSES	256

/* Bytes of a table, which is allocated in one piece: never a page of order 2. */
#define SECCOMP_MAX_TABLE	8192

/* Operations of a rest: a longer one is the filter's to decide. */
#define SECCOMP_MAX_OPS		64

/* Operations and steps of all classes of a table: a page of each. */
#define SECCOMP_MAX_OPS_ALL	512
#define SECCOMP_MAX_STEPS	255

/* Filters of a stack: the length of a path, 32,768 instructions, allows fewer. */
#define SECCOMP_MAX_FILTERS	8192

/* Filters of a stack that can share its table with others. */
#define SECCOMP_MAX_SHARED	128

/*
 * Numbers that the symbolic classifier deals with one by one, for all ABIs: so many that
 * it does not take longer than it takes to check and compile the filter. strace's filters
 * take up to 46 for each instruction.
 */
#define SECCOMP_MAX_WORK(len)	(40 * (len) + 2048)

/* States of the symbolic classifier at a time. */
#define SECCOMP_MAX_STATES	512

#endif /* _KERNEL_SECCOMP_LIMITS_H */
