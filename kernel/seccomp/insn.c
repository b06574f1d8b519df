// SPDX-License-Identifier: GPL-2.0-only
/* What the instructions of classic BPF do, as far as seccomp accepts them. */

#include "insn.h"

/**
 * seccomp_insn_alu() - the result of arithmetic
 * @op: BPF_OP() of the instruction
 * @a: A
 * @operand: X or the constant: not 0 to divide by, at most 31 to shift by
 *
 * Context: any.
 * Return: the new A.
 */
u32 seccomp_insn_alu(u16 op, u32 a, u32 operand)
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

/**
 * seccomp_insn_jumps() - does a comparison hold?
 * @op: BPF_OP() of the instruction
 * @a: A
 * @operand: X or the constant
 *
 * Context: any.
 * Return: true when the jump goes to @jt.
 */
bool seccomp_insn_jumps(u16 op, u32 a, u32 operand)
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

/* Registers that an instruction reads. */
static u32 insn_reads(const struct sock_filter *insn)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
	case BPF_LDX:
		return BPF_MODE(insn->code) == BPF_MEM ? BIT(insn->k) : 0;
	case BPF_ST:
		return BIT(REG_A);
	case BPF_STX:
		return BIT(REG_X);
	case BPF_ALU:
		return seccomp_insn_operands(insn);
	case BPF_JMP:
		return BPF_OP(insn->code) == BPF_JA ? 0 :
						      seccomp_insn_operands(insn);
	case BPF_RET:
		return BPF_RVAL(insn->code) == BPF_A ? BIT(REG_A) : 0;
	default:	/* BPF_MISC */
		return BPF_MISCOP(insn->code) == BPF_TAX ? BIT(REG_A) : BIT(REG_X);
	}
}

/* Registers that an instruction gives a new value. */
static u32 insn_writes(const struct sock_filter *insn)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
	case BPF_ALU:
		return BIT(REG_A);
	case BPF_LDX:
		return BIT(REG_X);
	case BPF_ST:
	case BPF_STX:
		return BIT(insn->k);
	case BPF_MISC:
		return BPF_MISCOP(insn->code) == BPF_TAX ? BIT(REG_X) : BIT(REG_A);
	default:
		return 0;
	}
}

/**
 * seccomp_insn_live() - find which registers still matter where
 * @insns: a program that seccomp accepts
 * @len: its number of instructions
 * @live: for each instruction, the registers that it or a later one may read
 *	before they get a new value
 *
 * Context: any.
 */
void seccomp_insn_live(const struct sock_filter *insns, unsigned int len,
		       u32 *live)
{
	const struct sock_filter *insn;
	int pc;
	u32 after;

	for (pc = len - 1; pc >= 0; pc--) {
		insn = &insns[pc];
		if (BPF_CLASS(insn->code) == BPF_RET)
			after = 0;
		else if (BPF_CLASS(insn->code) != BPF_JMP)
			after = live[pc + 1];
		else if (BPF_OP(insn->code) == BPF_JA)
			after = live[pc + 1 + insn->k];
		else
			after = live[pc + 1 + insn->jt] | live[pc + 1 + insn->jf];
		live[pc] = (after & ~insn_writes(insn)) | insn_reads(insn);
	}
}
