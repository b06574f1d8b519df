// SPDX-License-Identifier: GPL-2.0-only
/* What the instructions of classic BPF do, as far as seccomp accepts them. */

#include <linux/minmax.h>
#include <linux/seccomp.h>

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

static void insn_write(struct seccomp_regs *regs, unsigned int reg, u32 value)
{
	regs->value[reg] = value;
	regs->unknown &= ~BIT(reg);
}

static void insn_write_unknown(struct seccomp_regs *regs, unsigned int reg)
{
	regs->value[reg] = 0;
	regs->unknown |= BIT(reg);
}

static void insn_copy(struct seccomp_regs *regs, unsigned int to,
		      unsigned int from)
{
	insn_write(regs, to, regs->value[from]);
	if (regs->unknown & BIT(from))
		regs->unknown |= BIT(to);
}

static void insn_load(const struct sock_filter *insn, unsigned int pc, u32 arch,
		      u32 nr, struct seccomp_regs *regs, unsigned int reg)
{
	switch (BPF_MODE(insn->code)) {
	case BPF_IMM:
		insn_write(regs, reg, insn->k);
		break;
	case BPF_LEN:
		insn_write(regs, reg, sizeof(struct seccomp_data));
		break;
	case BPF_MEM:
		insn_copy(regs, reg, insn->k);
		break;
	default:	/* BPF_ABS */
		if (insn->k == offsetof(struct seccomp_data, nr)) {
			insn_write(regs, reg, nr);
		} else if (insn->k == offsetof(struct seccomp_data, arch)) {
			insn_write(regs, reg, arch);
		} else {
			regs->first_look = min(regs->first_look, pc);
			insn_write_unknown(regs, reg);
		}
	}
}

static void insn_calculate(const struct sock_filter *insn, unsigned int pc,
			   struct seccomp_regs *regs)
{
	u32 operand = seccomp_insn_operand(insn, regs);
	u32 *a = &regs->value[REG_A];
	u16 op = BPF_OP(insn->code);

	if (regs->unknown & seccomp_insn_operands(insn)) {
		insn_write_unknown(regs, REG_A);
	} else if (seccomp_insn_wild(op, operand)) {
		regs->first_look = min(regs->first_look, pc);
		insn_write_unknown(regs, REG_A);
	} else {
		*a = seccomp_insn_alu(op, *a, operand);
	}
}

/* Do unknown registers decide what comes next, or what is returned? */
static bool insn_depends(const struct sock_filter *insn,
			 const struct seccomp_regs *regs)
{
	if (!regs->unknown)
		return false;

	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
		return BPF_OP(insn->code) == BPF_DIV &&
		       seccomp_insn_uses_x(insn) && regs->unknown & BIT(REG_X);
	case BPF_JMP:
		return BPF_OP(insn->code) != BPF_JA && insn->jt != insn->jf &&
		       regs->unknown & seccomp_insn_operands(insn);
	case BPF_RET:
		return BPF_RVAL(insn->code) == BPF_A && regs->unknown & BIT(REG_A);
	default:
		return false;
	}
}

/* Where the jump at @pc leads; the registers that it reads are known. */
static unsigned int insn_target(const struct sock_filter *insn, unsigned int pc,
				const struct seccomp_regs *regs)
{
	if (BPF_OP(insn->code) == BPF_JA)
		return pc + 1 + insn->k;
	if (seccomp_insn_jumps(BPF_OP(insn->code), regs->value[REG_A],
			       seccomp_insn_operand(insn, regs)))
		return pc + 1 + insn->jt;
	return pc + 1 + insn->jf;
}

/**
 * seccomp_insn_follow() - run a program as far as nr and arch determine its way
 * @insns: a program that seccomp accepts
 * @pc: instruction to start at
 * @end: instruction to stop at in any case
 * @arch: AUDIT_ARCH value of the system call
 * @nr: its number
 * @regs: the registers at @pc; they are changed
 * @ret: what the program returns, when it does
 *
 * Context: any.
 * Return: -1 when the program has returned @ret. Otherwise @end, or the earlier
 * instruction that returns, or goes on, depending on registers that are unknown.
 */
int seccomp_insn_follow(const struct sock_filter *insns, unsigned int pc,
			unsigned int end, u32 arch, u32 nr,
			struct seccomp_regs *regs, u32 *ret)
{
	for (;;) {
		const struct sock_filter *insn = &insns[pc];

		if (pc == end || insn_depends(insn, regs))
			return pc;

		switch (BPF_CLASS(insn->code)) {
		case BPF_LD:
			insn_load(insn, pc, arch, nr, regs, REG_A);
			break;
		case BPF_LDX:
			insn_load(insn, pc, arch, nr, regs, REG_X);
			break;
		case BPF_ST:
			insn_copy(regs, insn->k, REG_A);
			break;
		case BPF_STX:
			insn_copy(regs, insn->k, REG_X);
			break;
		case BPF_ALU:
			if (BPF_OP(insn->code) == BPF_DIV &&
			    !seccomp_insn_operand(insn, regs)) {
				*ret = 0;
				return -1;
			}
			insn_calculate(insn, pc, regs);
			break;
		case BPF_JMP:
			pc = insn_target(insn, pc, regs);
			continue;
		case BPF_RET:
			*ret = BPF_RVAL(insn->code) == BPF_A ?
			       regs->value[REG_A] : insn->k;
			return -1;
		default:	/* BPF_MISC */
			if (BPF_MISCOP(insn->code) == BPF_TAX)
				insn_copy(regs, REG_X, REG_A);
			else
				insn_copy(regs, REG_A, REG_X);
			break;
		}
		pc++;
	}
}

/* Registers that an instruction reads; it is not a jump. */
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
	case BPF_RET:
		return BPF_RVAL(insn->code) == BPF_A ? BIT(REG_A) : 0;
	default:	/* BPF_MISC */
		return BPF_MISCOP(insn->code) == BPF_TAX ? BIT(REG_A) : BIT(REG_X);
	}
}

/* Registers that an instruction gives a new value; it is not a jump. */
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
	case BPF_RET:
		return ~0;	/* what they are does not matter any more */
	default:	/* BPF_MISC */
		return BPF_MISCOP(insn->code) == BPF_TAX ? BIT(REG_X) : BIT(REG_A);
	}
}

/* Registers that a jump reads, and those that matter where it leads. */
static u32 insn_live_jump(const struct sock_filter *insn, const u32 *next)
{
	if (BPF_OP(insn->code) == BPF_JA)
		return next[insn->k];
	return next[insn->jt] | next[insn->jf] | seccomp_insn_operands(insn);
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
	u32 after = 0;
	int pc;

	for (pc = len - 1; pc >= 0; pc--) {
		insn = &insns[pc];
		if (BPF_CLASS(insn->code) == BPF_JMP)
			after = insn_live_jump(insn, &live[pc + 1]);
		else
			after = (after & ~insn_writes(insn)) | insn_reads(insn);
		live[pc] = after;
	}
}
