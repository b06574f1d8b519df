/* SPDX-License-Identifier: GPL-2.0-only */
/* What an instruction does to a state of the symbolic classifier. */
#ifndef _KERNEL_SECCOMP_TRANSFER_H
#define _KERNEL_SECCOMP_TRANSFER_H

#include "numbers.h"
#include "state.h"

bool transfer_insn(struct symbolic_numbers *numbers, u32 arch,
		   struct symbolic_state *state, const struct sock_filter *insn,
		   unsigned int pc);
void transfer_return(struct symbolic_numbers *numbers,
		     const struct symbolic_state *state,
		     const struct sock_filter *insn);
int transfer_target(const struct symbolic_state *state,
		    const struct sock_filter *insn, unsigned int pc);
u32 transfer_computes_with(const struct sock_filter *insn);

#endif /* _KERNEL_SECCOMP_TRANSFER_H */
