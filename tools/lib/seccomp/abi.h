/* SPDX-License-Identifier: GPL-2.0-only */
/* The ways into the kernel, and what Linux calls what it does there. */
#ifndef SECCOMP_CORE_ABI_H
#define SECCOMP_CORE_ABI_H

#include <linux/audit.h>
#include <stdbool.h>
#include <stdint.h>

#ifndef AUDIT_ARCH_LOONGARCH64
#define AUDIT_ARCH_LOONGARCH64	(258 | __AUDIT_ARCH_64BIT | __AUDIT_ARCH_LE)
#endif

/**
 * struct abi - one way into the kernel
 * @name: as the kernel reports it
 * @aliases: other names of it, separated by blanks
 * @arch: AUDIT_ARCH value
 * @go: what Go, and so the conditions of container profiles, call the machine
 * @first: the number of its first call
 * @column: its numbers in the tables
 * @compat: index of the other ABI of machines that have this as theirs, or -1
 * @rows: can the core keep rows of it in its tables?
 */
struct abi {
	const char *name;
	const char *aliases;
	uint32_t arch;
	const char *go;
	uint32_t first;
	unsigned int column;
	int compat;
	bool rows;
};

enum { KERNEL_6_1, KERNEL_6_12, KERNEL_7_3, NR_KERNELS };

/* Numbers of an ABI that there is room for. */
#define ABI_MAX		512
#define NR_ABIS		15
#define NO_CALL		UINT32_MAX

extern const struct abi abis[NR_ABIS];
extern const char * const kernel_names[NR_KERNELS];

/* NULL if there is none of that name. */
const struct abi *abi_find(const char *name);
/* The ABI of this machine, or NULL. */
const struct abi *abi_native(void);

static inline bool abi_big_endian(const struct abi *abi)
{
	return !(abi->arch & __AUDIT_ARCH_LE);
}

static inline bool abi_is_64(const struct abi *abi)
{
	return abi->arch & __AUDIT_ARCH_64BIT;
}

/* The size of an ABI's system call table, from @first on; 0 if it is not there. */
unsigned int abi_size(const struct abi *abi, unsigned int kernel);

/* The number of a call in a kernel, or NO_CALL. */
uint32_t call_number(const struct abi *abi, unsigned int kernel, const char *name);
/* The name of a number, or NULL. */
const char *call_name(const struct abi *abi, unsigned int kernel, uint32_t nr);
/* Is there a call of that name in one of the kernels, for some ABI? */
bool call_exists(const char *name);

#endif
