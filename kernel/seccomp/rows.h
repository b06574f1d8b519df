/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows: where tables have a system call, whatever its ABI. */
#ifndef _KERNEL_SECCOMP_ROWS_H
#define _KERNEL_SECCOMP_ROWS_H

#include <linux/array_size.h>
#include <linux/nospec.h>
#include <asm/seccomp_abi.h>

/* Rows of one ABI: a cache line of bits, room for every system call table. */
#define SECCOMP_ABI_ROWS	512

#define SECCOMP_NR_ABIS		ARRAY_SIZE(seccomp_abis)
#define SECCOMP_TABLE_ROWS	(SECCOMP_NR_ABIS * SECCOMP_ABI_ROWS)

/**
 * seccomp_find_row() - row of a system call in every table
 * @arch: AUDIT_ARCH value of the calling ABI
 * @nr: system call number
 * @row: where to put the row, also bounded under speculation
 *
 * Context: any.
 * Return: false for a number outside the ABI's table or an unknown ABI.
 */
static __always_inline bool seccomp_find_row(u32 arch, unsigned long nr,
					     unsigned long *row)
{
	const struct seccomp_abi *abi;
	unsigned int i;

	for (i = 0; i < SECCOMP_NR_ABIS; i++) {
		abi = &seccomp_abis[i];
		if (arch != abi->arch)
			continue;
		if (nr >= abi->size)
			return false;
		*row = i * SECCOMP_ABI_ROWS + array_index_nospec(nr, abi->size);
		return true;
	}
	return false;
}

/* The same, -1 if there is none. */
static inline int seccomp_row(u32 arch, unsigned long nr)
{
	unsigned long row;

	return seccomp_find_row(arch, nr, &row) ? row : -1;
}

#endif /* _KERNEL_SECCOMP_ROWS_H */
