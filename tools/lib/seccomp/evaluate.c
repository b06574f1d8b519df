// SPDX-License-Identifier: GPL-2.0-only
#include "evaluate.h"

uint32_t evaluate_alu(uint16_t code, uint32_t a, uint32_t operand, bool *stops)
{
	switch (BPF_OP(code)) {
	case BPF_ADD:
		return a + operand;
	case BPF_SUB:
		return a - operand;
	case BPF_MUL:
		return a * operand;
	case BPF_DIV:
		*stops = !operand;
		return operand ? a / operand : 0;
	case BPF_OR:
		return a | operand;
	case BPF_AND:
		return a & operand;
	case BPF_XOR:
		return a ^ operand;
	case BPF_LSH:
		return a << (operand & 31);
	case BPF_RSH:
		return a >> (operand & 31);
	default:
		return -a;
	}
}

bool evaluate_jump(uint16_t code, uint32_t a, uint32_t operand)
{
	switch (BPF_OP(code)) {
	case BPF_JEQ:
		return a == operand;
	case BPF_JGT:
		return a > operand;
	case BPF_JGE:
		return a >= operand;
	default:
		return a & operand;
	}
}

static uint32_t load(const struct sock_filter *insn, const uint32_t *words,
		     const uint32_t *memory, struct evaluation *e)
{
	switch (BPF_MODE(insn->code)) {
	case BPF_IMM:
		return insn->k;
	case BPF_MEM:
		return memory[insn->k];
	case BPF_LEN:
		return sizeof(struct seccomp_data);
	default:
		e->looked |= insn->k >= DATA(instruction_pointer);
		return words[insn->k / sizeof(uint32_t)];
	}
}

struct evaluation evaluate(const struct sock_filter *insns, unsigned int len,
			   const uint32_t *words)
{
	uint32_t a = 0, x = 0, memory[BPF_MEMWORDS] = { 0 };
	struct evaluation e = { 0 };
	bool stops = false;

	for (unsigned int pc = 0; pc < len && !stops; pc++) {
		const struct sock_filter *insn = &insns[pc];
		const uint32_t operand = insn->code & BPF_X ? x : insn->k;

		e.steps++;
		switch (BPF_CLASS(insn->code)) {
		case BPF_LD:
			a = load(insn, words, memory, &e);
			break;
		case BPF_LDX:
			x = load(insn, words, memory, &e);
			break;
		case BPF_ST:
			memory[insn->k] = a;
			break;
		case BPF_STX:
			memory[insn->k] = x;
			break;
		case BPF_ALU:
			a = evaluate_alu(insn->code, a, operand, &stops);
			break;
		case BPF_JMP:
			if (BPF_OP(insn->code) == BPF_JA)
				pc += insn->k;
			else
				pc += evaluate_jump(insn->code, a, operand) ? insn->jt : insn->jf;
			break;
		case BPF_RET:
			e.ret = BPF_RVAL(insn->code) == BPF_A ? a : insn->k;
			return e;
		default:
			if (BPF_MISCOP(insn->code) == BPF_TAX)
				x = a;
			else
				a = x;
		}
	}
	return e;
}
