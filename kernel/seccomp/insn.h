/* SPDX-License-Identifier: GPL-2.0-only */
/* What the instructions of classic BPF do, as far as seccomp accepts them. */
#ifndef _KERNEL_SECCOMP_INSN_H
#define _KERNEL_SECCOMP_INSN_H

#include <linux/bits.h>
#include <linux/filter.h>

/* Registers: the scratch memory, then A and X. Sets of them are a u32. */
#define REG_A		BPF_MEMWORDS
#define REG_X		(BPF_MEMWORDS + 1)
#define NR_REGS		(BPF_MEMWORDS + 2)

/* Is the second operand of arithmetic or of a comparison X, not a constant? */
static __always_inline bool seccomp_insn_uses_x(const struct sock_filter *insn)
{
	return BPF_SRC(insn->code) == BPF_X && BPF_OP(insn->code) != BPF_NEG;
}

/* Registers that arithmetic or a comparison works on. */
static __always_inline u32 seccomp_insn_operands(const struct sock_filter *insn)
{
	return BIT(REG_A) | (seccomp_insn_uses_x(insn) ? BIT(REG_X) : 0);
}

u32 seccomp_insn_alu(u16 op, u32 a, u32 operand);
bool seccomp_insn_jumps(u16 op, u32 a, u32 operand);
void seccomp_insn_live(const struct sock_filter *insns, unsigned int len,
		       u32 *live);

#endif /* _KERNEL_SECCOMP_INSN_H */
