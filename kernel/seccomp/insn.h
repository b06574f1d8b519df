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

/**
 * struct seccomp_regs - the registers at a point of a program
 * @value: their values; 0 for those in @unknown
 * @unknown: registers that nr and arch do not determine
 * @first_look: the first instruction so far whose result nr and arch do not
 *	determine; a large number when there was none
 */
struct seccomp_regs {
	u32 value[NR_REGS];
	u32 unknown;
	u32 first_look;
};

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

/* The second operand. */
static __always_inline u32 seccomp_insn_operand(const struct sock_filter *insn,
						const struct seccomp_regs *regs)
{
	return seccomp_insn_uses_x(insn) ? regs->value[REG_X] : insn->k;
}

/* What a shift by more than 31 does differs between JIT compilers. */
static __always_inline bool seccomp_insn_wild(u16 op, u32 operand)
{
	return (op == BPF_LSH || op == BPF_RSH) && operand > 31;
}

u32 seccomp_insn_alu(u16 op, u32 a, u32 operand);
bool seccomp_insn_jumps(u16 op, u32 a, u32 operand);
int seccomp_insn_follow(const struct sock_filter *insns, unsigned int pc,
			unsigned int end, u32 arch, u32 nr,
			struct seccomp_regs *regs, u32 *ret);
void seccomp_insn_live(const struct sock_filter *insns, unsigned int len,
		       u32 *live);

#endif /* _KERNEL_SECCOMP_INSN_H */
