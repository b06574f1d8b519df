/* SPDX-License-Identifier: GPL-2.0-only */
/* A filter's program, which filters with the same text share: see program.c. */
#ifndef _KERNEL_SECCOMP_PROGRAM_H
#define _KERNEL_SECCOMP_PROGRAM_H

#include <linux/build_bug.h>
#include <linux/filter.h>
#include <linux/types.h>

#include "share.h"

struct seccomp_own;

/**
 * struct seccomp_program_key - what programs must have in common to be shared
 * @text: hash of the instructions, which must be equal besides
 * @uid: who attaches, in the initial user namespace
 * @len: number of instructions
 * @admin: has the task CAP_SYS_ADMIN in the initial user namespace?
 * @bpf: has it CAP_BPF there, or @admin?
 * @jit: is the JIT compiler to be used?
 * @blinds: is it to blind constants?
 * @unused: 0
 *
 * The code that the JIT compiler makes depends on the latter four: behind programs
 * of tasks without CAP_SYS_ADMIN it clears the branch history, and those without
 * CAP_BPF have their constants blinded, and a limit to memory for code. Users do not
 * share, so that none can find out by time what another one has attached.
 */
struct seccomp_program_key {
	u32 text;
	u32 uid;
	u16 len;
	u8 admin : 1;
	u8 bpf : 1;
	u8 jit : 1;
	u8 blinds : 1;
	u8 unused;
};

static_assert(sizeof(struct seccomp_program_key) == 12); /* memcmp(): no padding */

/**
 * struct seccomp_program - a program with all that depends on it alone
 * @shared: how it is shared; its count is the number of filters
 * @key: see there
 * @id: never used again for another program; 0 if filters must not share it
 * @prog: the BPF program, with its text
 * @own: what it does with each number, or NULL if that is not known
 * @rcu: to free it when the others are gone
 */
struct seccomp_program {
	struct seccomp_shared shared;
	struct seccomp_program_key key;
	u64 id;
	union {
		struct {
			struct bpf_prog *prog;
			struct seccomp_own *own;
		};
		struct rcu_head rcu;
	};
};

struct seccomp_program *seccomp_program_get(struct sock_filter *text, u16 len,
					    bpf_aux_classic_check_t check);
void seccomp_program_put(struct seccomp_program *program);

#endif /* _KERNEL_SECCOMP_PROGRAM_H */
