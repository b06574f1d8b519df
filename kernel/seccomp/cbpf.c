// SPDX-License-Identifier: GPL-2.0-only
/* What the instructions of classic BPF do, as far as seccomp accepts them. */

#include <linux/kernel.h>
#include <linux/seccomp.h>
#include <linux/string.h>

#include "cbpf.h"

/**
 * seccomp_cbpf_alu() - the result of arithmetic
 * @op: BPF_OP() of the instruction
 * @a: A
 * @operand: X or the constant: not 0 to divide by, at most 31 to shift by
 *
 * Context: any.
 * Return: the new A.
 */
u32 seccomp_cbpf_alu(u16 op, u32 a, u32 operand)
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

static void batch_swap(struct seccomp_cbpf_batch *batch, unsigned int i,
		       unsigned int j)
{
	swap(batch->nr[i], batch->nr[j]);
	swap(batch->a[i], batch->a[j]);
	swap(batch->x[i], batch->x[j]);
}

/*
 * Sort those for which a comparison holds behind the others; returns the first of
 * them. Numbers come in ascending order, so that many are sorted already.
 */
static __always_inline unsigned int
batch_split_by(struct seccomp_cbpf_batch *batch, unsigned int first,
	       unsigned int end, u16 op, bool uses_x, u32 k)
{
	for (;;) {
		while (first < end &&
		       !seccomp_cbpf_jumps(op, batch->a[first],
					   uses_x ? batch->x[first] : k))
			first++;
		while (first < end &&
		       seccomp_cbpf_jumps(op, batch->a[end - 1],
					  uses_x ? batch->x[end - 1] : k))
			end--;
		if (first == end)
			return first;
		batch_swap(batch, first, end - 1);
	}
}

/* A loop of its own for each comparison that filters search a number with. */
static unsigned int batch_split(struct seccomp_cbpf_batch *batch,
				unsigned int first, unsigned int end,
				const struct sock_filter *insn)
{
	switch (insn->code) {
	case BPF_JMP | BPF_JEQ | BPF_K:
		return batch_split_by(batch, first, end, BPF_JEQ, false, insn->k);
	case BPF_JMP | BPF_JGT | BPF_K:
		return batch_split_by(batch, first, end, BPF_JGT, false, insn->k);
	case BPF_JMP | BPF_JGE | BPF_K:
		return batch_split_by(batch, first, end, BPF_JGE, false, insn->k);
	case BPF_JMP | BPF_JSET | BPF_K:
		return batch_split_by(batch, first, end, BPF_JSET, false, insn->k);
	default:
		return batch_split_by(batch, first, end, BPF_OP(insn->code), true, 0);
	}
}

/* Returns false, with nothing done, if that is to be decided one by one. */
static bool batch_alu(struct seccomp_cbpf_batch *batch, unsigned int first,
		      unsigned int end, const struct sock_filter *insn)
{
	bool uses_x = seccomp_cbpf_uses_x(insn);
	u16 op = BPF_OP(insn->code);
	u32 *a = batch->a, *x = batch->x;
	unsigned int i;

	if (uses_x && (op == BPF_LSH || op == BPF_RSH || op == BPF_DIV))
		for (i = first; i < end; i++)
			if (op == BPF_DIV ? !x[i] : x[i] > 31)
				return false;

	if (op == BPF_AND && !uses_x) {
		for (i = first; i < end; i++)
			a[i] &= insn->k;
	} else if (op == BPF_RSH && !uses_x) {
		for (i = first; i < end; i++)
			a[i] >>= insn->k;
	} else if (op == BPF_LSH && uses_x) {
		for (i = first; i < end; i++)
			a[i] <<= x[i];
	} else {
		for (i = first; i < end; i++)
			a[i] = seccomp_cbpf_alu(op, a[i], uses_x ? x[i] : insn->k);
	}
	return true;
}

/* Loads, moves and arithmetic; returns false if the numbers have to stop. */
static bool batch_step(struct seccomp_cbpf_batch *batch, unsigned int first,
		       unsigned int end, const struct sock_filter *insn, u32 arch)
{
	unsigned int i;

	switch (insn->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		if (insn->k == offsetof(struct seccomp_data, nr))
			for (i = first; i < end; i++)
				batch->a[i] = batch->nr[i];
		else if (insn->k == offsetof(struct seccomp_data, arch))
			memset32(&batch->a[first], arch, end - first);
		else
			return false;
		return true;
	case BPF_LD | BPF_W | BPF_LEN:
		memset32(&batch->a[first], sizeof(struct seccomp_data), end - first);
		return true;
	case BPF_LD | BPF_IMM:
		memset32(&batch->a[first], insn->k, end - first);
		return true;
	case BPF_LDX | BPF_W | BPF_LEN:
		memset32(&batch->x[first], sizeof(struct seccomp_data), end - first);
		return true;
	case BPF_LDX | BPF_IMM:
		memset32(&batch->x[first], insn->k, end - first);
		return true;
	case BPF_MISC | BPF_TAX:
		memcpy(&batch->x[first], &batch->a[first],
		       (end - first) * sizeof(*batch->x));
		return true;
	case BPF_MISC | BPF_TXA:
		memcpy(&batch->a[first], &batch->x[first],
		       (end - first) * sizeof(*batch->a));
		return true;
	default:
		return BPF_CLASS(insn->code) == BPF_ALU &&
		       batch_alu(batch, first, end, insn);
	}
}

/**
 * seccomp_cbpf_run() - run a program as far as nr and arch determine everything
 * @insns: a program that seccomp accepts
 * @pc: instruction to start at
 * @arch: AUDIT_ARCH value of the system calls
 * @batch: their numbers, with the registers at @pc; they are changed
 *
 * Numbers that are at the same instruction take it together. They stop where
 * something else is loaded, where the scratch memory is used, and where a result
 * differs between engines or ends the program.
 *
 * Context: any.
 * Return: instructions that were run, each counted for each number.
 */
unsigned int seccomp_cbpf_run(const struct sock_filter *insns, unsigned int pc,
			      u32 arch, struct seccomp_cbpf_batch *batch)
{
	unsigned int first = 0, end = batch->n, nr_groups = 0, steps = 0, mid;
	const struct sock_filter *insn;

	batch->nr_splits = 0;
	for (;;) {
		insn = &insns[pc];
		steps += end - first;

		if (BPF_CLASS(insn->code) == BPF_JMP) {
			if (BPF_OP(insn->code) == BPF_JA) {
				pc += 1 + insn->k;
				continue;
			}
			mid = batch_split(batch, first, end, insn);
			if (mid > first && mid < end) {
				batch->nr_splits++;
				batch->group[nr_groups].pc = pc + 1 + insn->jt;
				batch->group[nr_groups].first = mid;
				batch->group[nr_groups].end = end;
				nr_groups++;
				end = mid;
			}
			pc += 1 + (mid == first ? insn->jt : insn->jf);
			continue;
		}
		if (BPF_CLASS(insn->code) != BPF_RET &&
		    batch_step(batch, first, end, insn, arch)) {
			pc++;
			continue;
		}

		memset16(&batch->stop[first],
			 BPF_CLASS(insn->code) == BPF_RET ? CBPF_RETURNED : pc,
			 end - first);
		if (insn->code == (BPF_RET | BPF_K))
			memset32(&batch->a[first], insn->k, end - first);
		if (!nr_groups)
			return steps;
		nr_groups--;
		pc = batch->group[nr_groups].pc;
		first = batch->group[nr_groups].first;
		end = batch->group[nr_groups].end;
	}
}

/* Registers that an instruction reads; it is not a jump. */
static u32 cbpf_reads(const struct sock_filter *insn)
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
		return seccomp_cbpf_operands(insn);
	case BPF_RET:
		return BPF_RVAL(insn->code) == BPF_A ? BIT(REG_A) : 0;
	default:	/* BPF_MISC */
		return BPF_MISCOP(insn->code) == BPF_TAX ? BIT(REG_A) : BIT(REG_X);
	}
}

/* Registers that an instruction gives a new value; it is not a jump. */
static u32 cbpf_writes(const struct sock_filter *insn)
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
static u32 cbpf_live_jump(const struct sock_filter *insn, const u32 *next)
{
	if (BPF_OP(insn->code) == BPF_JA)
		return next[insn->k];
	return next[insn->jt] | next[insn->jf] | seccomp_cbpf_operands(insn);
}

/**
 * seccomp_cbpf_liveness() - which registers are live where
 * @insns: a program that seccomp accepts
 * @len: its number of instructions
 * @live: for each instruction, the registers that it or a later one may read
 *	before they get a new value
 *
 * Context: any.
 */
void seccomp_cbpf_liveness(const struct sock_filter *insns, unsigned int len,
			   u32 *live)
{
	const struct sock_filter *insn;
	u32 after = 0;
	int pc;

	for (pc = len - 1; pc >= 0; pc--) {
		insn = &insns[pc];
		if (BPF_CLASS(insn->code) == BPF_JMP)
			after = cbpf_live_jump(insn, &live[pc + 1]);
		else
			after = (after & ~cbpf_writes(insn)) | cbpf_reads(insn);
		live[pc] = after;
	}
}
