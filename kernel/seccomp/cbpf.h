/* SPDX-License-Identifier: GPL-2.0-only */
/* What the instructions of classic BPF do, as far as seccomp accepts them. */
#ifndef _KERNEL_SECCOMP_CBPF_H
#define _KERNEL_SECCOMP_CBPF_H

#include <linux/bits.h>
#include <linux/filter.h>

/* Registers: the scratch memory, then A and X. Sets of them are a u32. */
#define REG_A		BPF_MEMWORDS
#define REG_X		(BPF_MEMWORDS + 1)
#define NR_REGS		(BPF_MEMWORDS + 2)

/* Is the second operand of arithmetic or of a comparison X, not a constant? */
static __always_inline bool seccomp_cbpf_uses_x(const struct sock_filter *insn)
{
	return BPF_SRC(insn->code) == BPF_X && BPF_OP(insn->code) != BPF_NEG;
}

/* Registers that arithmetic or a comparison works on. */
static __always_inline u32 seccomp_cbpf_operands(const struct sock_filter *insn)
{
	return BIT(REG_A) | (seccomp_cbpf_uses_x(insn) ? BIT(REG_X) : 0);
}

/* The second operand. */
static __always_inline u32 seccomp_cbpf_operand(const struct sock_filter *insn,
						u32 x)
{
	return seccomp_cbpf_uses_x(insn) ? x : insn->k;
}

/* JIT compilers and the interpreter differ in shifts by more than 31. */
static __always_inline bool seccomp_cbpf_engines_differ(u16 op, u32 operand)
{
	return (op == BPF_LSH || op == BPF_RSH) && operand > 31;
}

#define CBPF_BATCH	128
#define CBPF_RETURNED	U16_MAX

/**
 * struct seccomp_cbpf_batch - numbers that run through a program side by side
 * @n: how many
 * @nr_splits: how often some went another way than others
 * @nr: the numbers, in any order
 * @a: A of each; what the program has returned, where @stop says so
 * @x: X of each
 * @stop: for each, the instruction where it has stopped or %CBPF_RETURNED
 * @group: numbers from @first to @end - 1 that wait at an instruction
 */
struct seccomp_cbpf_batch {
	unsigned int n;
	unsigned int nr_splits;
	u16 nr[CBPF_BATCH];
	u32 a[CBPF_BATCH];
	u32 x[CBPF_BATCH];
	u16 stop[CBPF_BATCH];
	struct {
		u16 pc;
		u16 first;
		u16 end;
	} group[CBPF_BATCH];
};

u32 seccomp_cbpf_alu(u16 op, u32 a, u32 operand);
unsigned int seccomp_cbpf_run(const struct sock_filter *insns, unsigned int pc,
			      u32 arch, struct seccomp_cbpf_batch *batch);
void seccomp_cbpf_liveness(const struct sock_filter *insns, unsigned int len,
			   u32 *live);

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

#endif /* _KERNEL_SECCOMP_CBPF_H */
