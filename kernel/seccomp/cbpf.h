/* SPDX-License-Identifier: GPL-2.0-only */
/* What the instructions of classic BPF do, as far as seccomp accepts them. */
#ifndef _KERNEL_SECCOMP_CBPF_H
#define _KERNEL_SECCOMP_CBPF_H

#include <linux/bits.h>
#include <linux/filter.h>

/* Registers, scratch memory included. Sets of them are a u32. */
#define REG_A		0
#define REG_X		1
#define REG_MEM(k)	(2 + (k))
#define NR_REGS		REG_MEM(BPF_MEMWORDS)

/* Is the second operand of arithmetic or of a comparison X, not a constant? */
static __always_inline bool seccomp_cbpf_uses_x(const struct sock_filter *insn)
{
	return BPF_SRC(insn->code) == BPF_X;
}

/* Registers that arithmetic or a comparison works on. */
static __always_inline u32 seccomp_cbpf_operands(const struct sock_filter *insn)
{
	return BIT(REG_A) | (seccomp_cbpf_uses_x(insn) ? BIT(REG_X) : 0);
}

/*
 * Is X an operand that ends a program or has engines differ? Division by 0 does
 * the former; JIT compilers and the interpreter shift by more than 31 differently.
 */
static __always_inline bool seccomp_cbpf_minds_x(const struct sock_filter *insn)
{
	u16 op = BPF_OP(insn->code);

	return seccomp_cbpf_uses_x(insn) &&
	       (op == BPF_DIV || op == BPF_LSH || op == BPF_RSH);
}

/**
 * seccomp_cbpf_jumps() - does a comparison hold?
 * @op: BPF_OP() of the instruction
 * @a: A
 * @operand: X or the constant
 *
 * Context: any.
 * Return: true when the jump goes to @jt.
 */
static __always_inline bool seccomp_cbpf_jumps(u16 op, u32 a, u32 operand)
{
	switch (op) {
	case BPF_JEQ:
		return a == operand;
	case BPF_JGT:
		return a > operand;
	case BPF_JGE:
		return a >= operand;
	default:	/* BPF_JSET */
		return a & operand;
	}
}

/**
 * seccomp_cbpf_alu() - the result of arithmetic
 * @op: BPF_OP() of the instruction
 * @a: A
 * @operand: X or the constant: not 0 to divide by, at most 31 to shift by
 *
 * Context: any.
 * Return: the new A.
 */
static inline u32 seccomp_cbpf_alu(u16 op, u32 a, u32 operand)
{
	switch (op) {
	case BPF_ADD:
		return a + operand;
	case BPF_SUB:
		return a - operand;
	case BPF_MUL:
		return a * operand;
	case BPF_DIV:
		return a / operand;
	case BPF_AND:
		return a & operand;
	case BPF_OR:
		return a | operand;
	case BPF_XOR:
		return a ^ operand;
	case BPF_LSH:
		return a << operand;
	case BPF_RSH:
		return a >> operand;
	default:	/* BPF_NEG */
		return -a;
	}
}

#endif /* _KERNEL_SECCOMP_CBPF_H */
