/* SPDX-License-Identifier: GPL-2.0-only */
/* A filter's program, which filters with the same text share: see program.c. */
#ifndef _KERNEL_SECCOMP_PROGRAM_H
#define _KERNEL_SECCOMP_PROGRAM_H

#include <linux/filter.h>
#include <linux/types.h>

#include "share.h"

struct seccomp_own;

/**
 * struct seccomp_program_key - what programs must have in common to be shared
 * @text: hash of the instructions, which must be equal besides
 * @uid: who attaches, in the initial user namespace
 * @len: number of instructions
 * @capable: what the user may do: bit 0 CAP_SYS_ADMIN, bit 1 CAP_BPF, each in the
 *	initial user namespace
 * @jit_enable: is the JIT compiler to be used
 * @jit_harden: is it to blind constants, and for whom
 *
 * The code that the JIT compiler makes depends on all of these but @uid: it blinds
 * the constants of some, and clears the branch history behind some. Users do not
 * share, so that none can find out by time what another one has attached.
 */
struct seccomp_program_key {
	u32 text;
	u32 uid;
	u16 len;
	u8 capable;
	u8 jit_enable : 4;
	u8 jit_harden : 4;
};

/**
 * struct seccomp_program - a program with all that depends on it alone
 * @shared: how it is shared; its count is the number of filters
 * @key: see there
 * @id: never used again for another program; 0 if others must not share it
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
