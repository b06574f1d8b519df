/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows: where tables have a system call, whatever its ABI. */
#ifndef _KERNEL_SECCOMP_ROWS_H
#define _KERNEL_SECCOMP_ROWS_H

#include <linux/array_size.h>
#include <linux/nospec.h>
#include <asm/seccomp_abi.h>

/*
 * Rows of one ABI, counted from its first number: a cache line of bits, room for every
 * system call table.
 */
#define SECCOMP_ABI_ROWS	512

#define SECCOMP_NR_ABIS		ARRAY_SIZE(seccomp_abis)
#define SECCOMP_TABLE_ROWS	(SECCOMP_NR_ABIS * SECCOMP_ABI_ROWS)

/* The first number of an ABI: no load where all tables start at 0. */
static __always_inline unsigned int seccomp_abi_first(const struct seccomp_abi *abi)
{
	return IS_ENABLED(CONFIG_HAVE_SPARSE_SYSCALL_NR) ? abi->first : 0;
}

/* Behind the last number of an ABI. */
static inline unsigned int seccomp_abi_end(const struct seccomp_abi *abi)
{
	return seccomp_abi_first(abi) + abi->size;
}

/**
 * seccomp_find_row() - row of a system call in every table
 * @arch: AUDIT_ARCH value of the calling ABI
 * @nr: system call number
 * @row: where to put the row, also bounded under speculation
 *
 * Context: any.
 * Return: false for a number outside the ABI's table, on either side, or an unknown
 * ABI.
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
		nr -= seccomp_abi_first(abi);
		if (nr >= abi->size)
			return false;
		*row = i * SECCOMP_ABI_ROWS + array_index_nospec(nr, abi->size);
		return true;
	}
	return false;
}

/* The row of a number, -1 if there is none. */
static inline int seccomp_row(u32 arch, unsigned long nr)
{
	unsigned long row;

	return seccomp_find_row(arch, nr, &row) ? row : -1;
}

#endif /* _KERNEL_SECCOMP_ROWS_H */
