/* SPDX-License-Identifier: GPL-2.0-only */
/* What ABIs and actions are called, and how the program ends. */
#ifndef NAMES_H
#define NAMES_H

#include <err.h>
#include <linux/audit.h>
#include <stdbool.h>
#include <stdint.h>

#define EXIT_REQUIRED	1	/* a call that has to be constant is not */
#define EXIT_TROUBLE	2	/* wrong use, wrong input */
#define fail(...)	errx(EXIT_TROUBLE, __VA_ARGS__)

/* The machines that are spoken of have Linux 6.12 */
#define KERNEL_MAJOR	6
#define KERNEL_MINOR	12
#define ABI_SIZE	463	/* system calls, in the table of each ABI */
#define NR_ABIS		8

/**
 * struct abi - one way into the kernel
 * @name: in /proc/<pid>/seccomp_cache
 * @arch: AUDIT_ARCH value, libseccomp's token as well
 * @profile: in the conditions of profiles
 */
struct abi {
	const char *name;
	uint32_t arch;
	const char *profile;
};

extern const struct abi abis[NR_ABIS];

/**
 * abi_find() - find an ABI by its name
 * @name: name; if no ABI has it, the program ends with a message
 */
const struct abi *abi_find(const char *name);

/**
 * abi_native() - the ABI of this machine
 */
const struct abi *abi_native(void);

static inline bool abi_big_endian(const struct abi *abi)
{
	return !(abi->arch & __AUDIT_ARCH_LE);
}

/**
 * action_find() - find an action by its name
 * @name: as in seccomp_cache, or as in profiles without SCMP_ACT_
 * @ret: where to put what a filter returns for it, without data
 *
 * Return: is there such an action?
 */
bool action_find(const char *name, uint32_t *ret);

/**
 * action_name() - the name of an action
 * @ret: what a filter returns
 */
const char *action_name(uint32_t ret);

/**
 * action_has_data() - do the data say something, for this action?
 * @ret: what a filter returns
 */
bool action_has_data(uint32_t ret);

#endif
