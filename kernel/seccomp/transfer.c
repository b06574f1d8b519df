// SPDX-License-Identifier: GPL-2.0-only
/* What an instruction does to a state of the symbolic classifier. */

#include <linux/filter.h>
#include <linux/seccomp.h>

#include "cbpf.h"
#include "transfer.h"

/* Returns false when what comes of the state is known already. */
static bool transfer_load(struct symbolic_numbers *numbers, u32 arch,
			  struct symbolic_state *state,
			  const struct sock_filter *insn, unsigned int pc,
			  unsigned int reg)
{
	switch (BPF_MODE(insn->code)) {
	case BPF_IMM:
		symbolic_write(state, reg, insn->k);
		return true;
	case BPF_LEN:
		symbolic_write(state, reg, sizeof(struct seccomp_data));
		return true;
	case BPF_MEM:
		symbolic_copy(state, reg, insn->k);
		return true;
	}
	switch (insn->k) {	/* BPF_ABS */
	case offsetof(struct seccomp_data, nr):
		symbolic_write_nr(state, reg);
		return true;
	case offsetof(struct seccomp_data, arch):
		symbolic_write(state, reg, arch);
		return true;
	default:
		symbolic_write_unknown(state, reg);
		return numbers_load(numbers, state, pc);
	}
}

/*
 * Division by an X of 0 ends a filter with 0. Returns false if it does for sure.
 * If X is unknown it may, which is a fork.
 */
static bool transfer_divide(struct symbolic_numbers *numbers,
			    struct symbolic_state *state)
{
	if (state->value[REG_X])
		return true;

	numbers_return(numbers, state->set, 0);
	if (!(state->unknown & BIT(REG_X)))
		return false;
	numbers_add(numbers->forked, state->set);
	return true;
}

/* Operands are no numbers of sets any more. Returns false if that was the end. */
static bool transfer_calculate(struct symbolic_numbers *numbers,
			       struct symbolic_state *state,
			       const struct sock_filter *insn, unsigned int pc)
{
	u32 operand = seccomp_cbpf_operand(insn, state->value[REG_X]);
	u16 op = BPF_OP(insn->code);

	if (op == BPF_DIV && seccomp_cbpf_uses_x(insn) &&
	    !transfer_divide(numbers, state))
		return false;

	if (state->unknown & seccomp_cbpf_operands(insn)) {
		symbolic_write_unknown(state, REG_A);
	} else if (seccomp_cbpf_engines_differ(op, operand)) {
		numbers_load(numbers, state, pc);
		symbolic_write_unknown(state, REG_A);
	} else {
		symbolic_write(state, REG_A,
			       seccomp_cbpf_alu(op, state->value[REG_A], operand));
	}
	return true;
}

/**
 * transfer_insn() - apply an instruction that neither jumps nor returns
 * @numbers: what is known of the numbers
 * @arch: AUDIT_ARCH value of their ABI
 * @state: the state at @insn; it is changed
 * @insn: the instruction; of the registers in transfer_computes_with() none
 *	holds the number
 * @pc: its place
 *
 * Context: may sleep.
 * Return: false when @state does not get to the next instruction. If some of its
 * numbers may not, they are in @numbers->forked afterwards.
 */
bool transfer_insn(struct symbolic_numbers *numbers, u32 arch,
		   struct symbolic_state *state, const struct sock_filter *insn,
		   unsigned int pc)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
		return transfer_load(numbers, arch, state, insn, pc, REG_A);
	case BPF_LDX:
		return transfer_load(numbers, arch, state, insn, pc, REG_X);
	case BPF_ST:
		symbolic_copy(state, insn->k, REG_A);
		return true;
	case BPF_STX:
		symbolic_copy(state, insn->k, REG_X);
		return true;
	case BPF_ALU:
		return transfer_calculate(numbers, state, insn, pc);
	default:	/* BPF_MISC */
		if (BPF_MISCOP(insn->code) == BPF_TAX)
			symbolic_copy(state, REG_X, REG_A);
		else
			symbolic_copy(state, REG_A, REG_X);
		return true;
	}
}

/**
 * transfer_return() - the end of a way
 * @numbers: what is known of the numbers
 * @state: the state at @insn
 * @insn: the return; if it returns A, that does not hold the number
 *
 * Context: may sleep.
 */
void transfer_return(struct symbolic_numbers *numbers,
		     const struct symbolic_state *state,
		     const struct sock_filter *insn)
{
	if (BPF_RVAL(insn->code) != BPF_A)
		numbers_return(numbers, state->set, insn->k);
	else if (!(state->unknown & BIT(REG_A)))
		numbers_return(numbers, state->set, state->value[REG_A]);
	else
		numbers_add(numbers->varies, state->set);
}

/**
 * transfer_target() - where a jump leads
 * @state: the state at @insn
 * @insn: the jump
 * @pc: its place
 *
 * Context: any.
 * Return: the instruction, or -1 if that depends on unknown registers. Of no
 * meaning if the jump compares with the number.
 */
int transfer_target(const struct symbolic_state *state,
		    const struct sock_filter *insn, unsigned int pc)
{
	if (BPF_OP(insn->code) == BPF_JA)
		return pc + 1 + insn->k;
	if (insn->jt == insn->jf)
		return pc + 1 + insn->jt;
	if (state->unknown & seccomp_cbpf_operands(insn))
		return -1;
	if (seccomp_cbpf_jumps(BPF_OP(insn->code), state->value[REG_A],
			       seccomp_cbpf_operand(insn, state->value[REG_X])))
		return pc + 1 + insn->jt;
	return pc + 1 + insn->jf;
}

/**
 * transfer_computes_with() - registers with which sets cannot go on
 * @insn: an instruction
 *
 * Context: any.
 * Return: registers that must not hold the number when @insn is applied to a
 * set of several.
 */
u32 transfer_computes_with(const struct sock_filter *insn)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
		return seccomp_cbpf_operands(insn);
	case BPF_JMP:
		return BPF_OP(insn->code) != BPF_JA && insn->jt != insn->jf &&
		       seccomp_cbpf_uses_x(insn) ? BIT(REG_X) : 0;
	case BPF_RET:
		return BPF_RVAL(insn->code) == BPF_A ? BIT(REG_A) : 0;
	default:
		return 0;
	}
}
