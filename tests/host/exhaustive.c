// SPDX-License-Identifier: GPL-2.0-only
#include "exhaustive.h"
#include "rows.h"

/* --- All programs of a small instruction set ---------------------------- */

#define WORD	ARG_LO(0)

/* Every class of instruction, with few operands. */
static const struct sock_filter wide[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DATA(nr)),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DATA(arch)),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, WORD),
	BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
	BPF_STMT(BPF_LD | BPF_IMM, 1),
	BPF_STMT(BPF_LD | BPF_MEM, 0),
	BPF_STMT(BPF_LDX | BPF_IMM, 2),
	BPF_STMT(BPF_LDX | BPF_IMM, 32),
	BPF_STMT(BPF_LDX | BPF_MEM, 0),
	BPF_STMT(BPF_ST, 0),
	BPF_STMT(BPF_STX, 0),
	BPF_STMT(BPF_MISC | BPF_TAX, 0),
	BPF_STMT(BPF_MISC | BPF_TXA, 0),
	BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 1),
	BPF_STMT(BPF_ALU | BPF_SUB | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_MUL | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 2),
	BPF_STMT(BPF_ALU | BPF_DIV | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 1),
	BPF_STMT(BPF_ALU | BPF_OR | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_LSH | BPF_X, 0),
	BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 1),
	BPF_STMT(BPF_ALU | BPF_NEG, 0),
	BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 1, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 1),
	BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 1, 1, 0),
	BPF_JUMP(BPF_JMP | BPF_JGT | BPF_X, 0, 1, 0),
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 2, 0, 1),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 2, 1, 0),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_X, 0, 0, 1),
	BPF_STMT(BPF_RET | BPF_A, 0),
	BPF_STMT(BPF_RET | BPF_K, 1),
};

/* What states are made of: loads, moves, branches that go on, and returns. */
static const struct sock_filter deep[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DATA(nr)),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, WORD),
	BPF_STMT(BPF_LD | BPF_IMM, 1),
	BPF_STMT(BPF_LD | BPF_MEM, 0),
	BPF_STMT(BPF_ST, 0),
	BPF_STMT(BPF_MISC | BPF_TAX, 0),
	BPF_STMT(BPF_MISC | BPF_TXA, 0),
	BPF_STMT(BPF_ALU | BPF_DIV | BPF_X, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 2, 0),
	BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 1, 0, 1),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 1, 0),
	BPF_STMT(BPF_RET | BPF_A, 0),
	BPF_STMT(BPF_RET | BPF_K, 1),
};

/* The next number of a counter in base @n, its digits in @digit. */
static bool count(unsigned int *digit, unsigned int len, unsigned int n)
{
	for (unsigned int i = 0; i < len; i++) {
		if (++digit[i] < n)
			return true;
		digit[i] = 0;
	}
	return false;
}

/*
 * All programs of @len instructions of a set, whose last two return; @part of 4
 * of them.
 */
static bool all_programs(const struct sock_filter *set, unsigned int n,
			 unsigned int len, unsigned int part, try_program *try)
{
	unsigned int digit[8] = { 0 }, found = 0, i;
	struct program p = { .len = len };

	do {
		for (i = 0; i < len - 1; i++)
			p.insn[i] = set[digit[i + 1]];
		p.insn[i] = set[n - 2 + digit[0] % 2];
		if (digit[0] >= 2 || !program_valid(&p))
			continue;
		if (found++ % 4 == part && !try(&p))
			return false;
	} while (count(digit, len, n));
	return true;
}

bool exhaustive_short(unsigned int shorter, unsigned int part, try_program *try)
{
	unsigned int len;

	seccomp_abis[0].size = 4;
	seccomp_abis[1].size = 2;
	seccomp_abis[1].first = 1;
	for (len = 1; len <= 5 - shorter; len++)
		if (!all_programs(wide, ARRAY_SIZE(wide), len, part, try))
			return false;
	for (len = 5; len <= 7 - shorter; len++)
		if (!all_programs(deep, ARRAY_SIZE(deep), len, part, try))
			return false;
	return true;
}

/* --- All values that a number can become -------------------------------- */

#define BITS	5	/* of the numbers, and of most constants */
#define INSN(...)	((struct sock_filter)__VA_ARGS__)

static const u16 alu[] = {
	BPF_ADD, BPF_SUB, BPF_MUL, BPF_DIV, BPF_AND, BPF_OR, BPF_XOR, BPF_LSH, BPF_RSH,
	BPF_NEG,
};

static const u16 jumps[] = { BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };

static void append(struct program *p, struct sock_filter insn)
{
	p->insn[p->len++] = insn;
}

/* An operation of A and @k, in each of the ways in which the two can be known. */
static bool all_operands(const struct program *number, u16 class, u16 op, unsigned int k,
			 try_program *try)
{
	const struct sock_filter end[] = {
		BPF_STMT(BPF_RET | BPF_A, 0),
		BPF_STMT(BPF_RET | BPF_K, 1),
	};
	enum { WITH_K, WITH_X, AS_X, NR_WAYS };

	for (unsigned int way = WITH_K; way < NR_WAYS; way++) {
		struct program p = *number;

		if (way == AS_X) {
			append(&p, INSN(BPF_STMT(BPF_MISC | BPF_TAX, 0)));
			append(&p, INSN(BPF_STMT(BPF_LD | BPF_IMM, k)));
		} else if (way == WITH_X) {
			append(&p, INSN(BPF_STMT(BPF_LDX | BPF_IMM, k)));
		}
		if (way == WITH_K)
			append(&p, INSN(BPF_JUMP(class | op | BPF_K, k, 0, 1)));
		else
			append(&p, INSN(BPF_JUMP(class | op | BPF_X, 0, 0, 1)));
		append(&p, end[0]);
		append(&p, end[1]);
		if (program_valid(&p) && !try(&p))
			return false;
	}
	return true;
}

static bool all_operations(const struct program *number, unsigned int k, try_program *try)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(alu); i++)
		if (!all_operands(number, BPF_ALU, alu[i], k, try))
			return false;
	for (unsigned int i = 0; i < ARRAY_SIZE(jumps); i++)
		if (!all_operands(number, BPF_JMP, jumps[i], k, try))
			return false;
	return true;
}

bool exhaustive_words(try_program *try)
{
	/* Where numbers end before the last one that their bits could be, too */
	seccomp_abis[0].size = BIT(BITS);
	seccomp_abis[1].first = 3;
	seccomp_abis[1].size = 8;
	for (unsigned int shift = 0; shift <= BITS; shift++) {
		for (unsigned int bits = 0; bits < BIT(BITS); bits++) {
			struct program number = { 0 };

			append(&number, INSN(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DATA(nr))));
			append(&number, INSN(BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, shift)));
			append(&number, INSN(BPF_STMT(BPF_ALU | BPF_OR | BPF_K, bits)));
			/* And shifts by one more than all engines do alike */
			for (unsigned int k = 0; k <= BIT(BITS); k++)
				if (!all_operations(&number, k, try))
					return false;
		}
	}
	return true;
}
