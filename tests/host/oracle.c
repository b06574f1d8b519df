// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "oracle.h"

static uint32_t wild_value(enum wild_shift wild, uint32_t masked)
{
	switch (wild) {
	case WILD_MASKED:
		return masked;
	case WILD_ZERO:
		return 0;
	default:
		return masked ^ 0x9e3779b9;
	}
}

/* The scratch memory, then the registers: which of them are tainted? */
#define TAINT_A		0x10000
#define TAINT_X		0x20000

static uint32_t copy_taint(uint32_t taint, uint32_t to, uint32_t from)
{
	return taint & from ? taint | to : taint & ~to;
}

static uint32_t shift(enum wild_shift wild, uint32_t *taint, bool left,
		      uint32_t a, uint32_t by)
{
	uint32_t masked = left ? a << (by & 31) : a >> (by & 31);

	if (by <= 31)
		return masked;
	*taint |= TAINT_A;
	return wild_value(wild, masked);
}

static void note_look(struct oracle_run *run, unsigned int pc, unsigned int steps)
{
	if (!run->looked) {
		run->first_look = pc;
		run->steps = steps;
	}
	run->looked = true;
}

static void note_branch(struct oracle_run *run, uint32_t a, uint32_t operand,
			unsigned int word)
{
	run->depends = true;
	if (word && run->nr_branches < ORACLE_BRANCHES)
		run->branch[run->nr_branches++] = (struct oracle_branch) {
			.a = a, .operand = operand, .word = word,
		};
}

/* Every case is one of the codes that seccomp accepts, by its whole value. */
void oracle_run(const struct sock_filter *insns, unsigned int len,
		const struct seccomp_data *sd, enum wild_shift wild,
		struct oracle_run *run)
{
	uint32_t a = 0, x = 0, mem[BPF_MEMWORDS] = { 0 }, taint = 0;
	unsigned int pc, word = 0, steps = 0;

	run->depends = false;
	run->looked = false;
	run->first_look = 0;
	run->nr_branches = 0;

	for (pc = 0; pc < len; pc++) {
		const struct sock_filter *i = &insns[pc];
		uint32_t operand = i->code & BPF_X ? x : i->k;
		uint32_t read = i->code & BPF_X ? TAINT_A | TAINT_X : TAINT_A;
		bool jump;

		steps++;
		switch (i->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			memcpy(&a, (const char *)sd + i->k, sizeof(a));
			taint &= ~TAINT_A;
			if (i->k >= offsetof(struct seccomp_data,
					     instruction_pointer)) {
				taint |= TAINT_A;
				word = i->k;
				note_look(run, pc, steps);
			}
			continue;
		case BPF_LD | BPF_W | BPF_LEN:
			a = 64;
			taint &= ~TAINT_A;
			continue;
		case BPF_LDX | BPF_W | BPF_LEN:
			x = 64;
			taint &= ~TAINT_X;
			continue;
		case BPF_LD | BPF_IMM:
			a = i->k;
			taint &= ~TAINT_A;
			continue;
		case BPF_LDX | BPF_IMM:
			x = i->k;
			taint &= ~TAINT_X;
			continue;
		case BPF_LD | BPF_MEM:
			a = mem[i->k];
			taint = copy_taint(taint, TAINT_A, 1U << i->k);
			continue;
		case BPF_LDX | BPF_MEM:
			x = mem[i->k];
			taint = copy_taint(taint, TAINT_X, 1U << i->k);
			continue;
		case BPF_ST:
			mem[i->k] = a;
			taint = copy_taint(taint, 1U << i->k, TAINT_A);
			continue;
		case BPF_STX:
			mem[i->k] = x;
			taint = copy_taint(taint, 1U << i->k, TAINT_X);
			continue;
		case BPF_MISC | BPF_TAX:
			x = a;
			taint = copy_taint(taint, TAINT_X, TAINT_A);
			continue;
		case BPF_MISC | BPF_TXA:
			a = x;
			taint = copy_taint(taint, TAINT_A, TAINT_X);
			continue;

		case BPF_ALU | BPF_ADD | BPF_K:
		case BPF_ALU | BPF_ADD | BPF_X:
			a += operand;
			break;
		case BPF_ALU | BPF_SUB | BPF_K:
		case BPF_ALU | BPF_SUB | BPF_X:
			a -= operand;
			break;
		case BPF_ALU | BPF_MUL | BPF_K:
		case BPF_ALU | BPF_MUL | BPF_X:
			a *= operand;
			break;
		case BPF_ALU | BPF_DIV | BPF_K:
		case BPF_ALU | BPF_DIV | BPF_X:
			if (i->code & BPF_X && taint & TAINT_X)
				note_branch(run, operand, 0, word);
			if (!operand) {
				run->ret = 0;
				return;
			}
			a /= operand;
			break;
		case BPF_ALU | BPF_AND | BPF_K:
		case BPF_ALU | BPF_AND | BPF_X:
			a &= operand;
			break;
		case BPF_ALU | BPF_OR | BPF_K:
		case BPF_ALU | BPF_OR | BPF_X:
			a |= operand;
			break;
		case BPF_ALU | BPF_XOR | BPF_K:
		case BPF_ALU | BPF_XOR | BPF_X:
			a ^= operand;
			break;
		case BPF_ALU | BPF_LSH | BPF_K:
		case BPF_ALU | BPF_LSH | BPF_X:
			if (operand > 31)
				note_look(run, pc, steps);
			a = shift(wild, &taint, true, a, operand);
			break;
		case BPF_ALU | BPF_RSH | BPF_K:
		case BPF_ALU | BPF_RSH | BPF_X:
			if (operand > 31)
				note_look(run, pc, steps);
			a = shift(wild, &taint, false, a, operand);
			break;
		case BPF_ALU | BPF_NEG:
			a = 0 - a;
			break;

		case BPF_JMP | BPF_JA:
			pc += i->k;
			continue;
		case BPF_JMP | BPF_JEQ | BPF_K:
		case BPF_JMP | BPF_JEQ | BPF_X:
			jump = a == operand;
			goto branch;
		case BPF_JMP | BPF_JGT | BPF_K:
		case BPF_JMP | BPF_JGT | BPF_X:
			jump = a > operand;
			goto branch;
		case BPF_JMP | BPF_JGE | BPF_K:
		case BPF_JMP | BPF_JGE | BPF_X:
			jump = a >= operand;
			goto branch;
		case BPF_JMP | BPF_JSET | BPF_K:
		case BPF_JMP | BPF_JSET | BPF_X:
			jump = (a & operand) != 0;
branch:
			if (taint & read && i->jt != i->jf)
				note_branch(run, a, operand, word);
			pc += jump ? i->jt : i->jf;
			continue;

		case BPF_RET | BPF_K:
			run->ret = i->k;
			return;
		case BPF_RET | BPF_A:
			run->depends |= (taint & TAINT_A) != 0;
			run->ret = a;
			return;
		default:
			fprintf(stderr, "oracle: code %#x at %u\n", i->code, pc);
			abort();
		}

		/* Arithmetic: a result is tainted when an operand is */
		if (taint & read)
			taint |= TAINT_A;
	}
	fprintf(stderr, "oracle: ran off the end\n");
	abort();
}
