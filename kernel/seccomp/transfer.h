/* SPDX-License-Identifier: GPL-2.0-only */
/* The symbolic classifier: what registers hold, and what instructions make of it. */
#ifndef _KERNEL_SECCOMP_TRANSFER_H
#define _KERNEL_SECCOMP_TRANSFER_H

#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/filter.h>

#include "cbpf.h"
#include "numbers.h"

enum seccomp_value_kind {
	VALUE_KNOWN,
	VALUE_NR,	/* the number, shifted right, with bits set */
	VALUE_EACH,	/* one for each number: see struct seccomp_values */
	VALUE_UNKNOWN,	/* not determined by nr and arch */
};

/**
 * struct seccomp_value - what a register holds
 * @kind: what is known of it, of enum seccomp_value_kind
 * @value: its value if it is known, the bits that are set in the number, else 0
 * @shift: by how much the number is shifted, else 0
 */
struct seccomp_value {
	u16 kind;
	u16 shift;
	u32 value;
};

static_assert(sizeof(struct seccomp_value) == sizeof(u64));	/* for memcmp() */

/**
 * struct seccomp_state - numbers at an instruction
 * @next: the next one that is free
 * @set: the numbers
 * @reg: what A and X hold
 * @steps: instructions on the shortest way here
 */
struct seccomp_state {
	struct seccomp_state *next;
	struct seccomp_set set;
	struct seccomp_value reg[REG_X + 1];
	unsigned int steps;
};

/**
 * struct seccomp_values - what the numbers of an ABI hold in registers
 * @abi: that ABI
 * @bits: the bits that its numbers have
 * @each: for each register the value of each number
 * @unknown: for each register the numbers whose value is unknown instead
 * @forked: numbers that have been sent both ways at some jump; those that have
 *	not are in one state only
 * @numbers: what is known of the numbers
 */
struct seccomp_values {
	const struct seccomp_abi *abi;
	u32 bits;
	u32 (*each)[SECCOMP_ABI_ROWS];
	DECLARE_BITMAP(unknown[NR_REGS], SECCOMP_ABI_ROWS);
	DECLARE_BITMAP(forked, SECCOMP_ABI_ROWS);
	struct seccomp_numbers numbers;
};

void seccomp_values_spread(struct seccomp_values *values,
			   const struct seccomp_set *set, unsigned int reg,
			   struct seccomp_value value);
void seccomp_values_sort(const struct seccomp_values *values,
			 const struct seccomp_set *set, u32 regs,
			 struct seccomp_set *known, struct seccomp_set *unknown);
bool seccomp_transfer(struct seccomp_values *values, struct seccomp_state *state,
		      const struct sock_filter *insn, unsigned int pc);

/**
 * seccomp_values_hold() - compare what some numbers hold
 * @op: BPF_OP() of the comparison
 * @a: A of each number
 * @x: X of each number, or NULL to compare with @k
 * @k: the constant
 * @word: word of a set of numbers; @a and @x are of the first one in it
 *
 * Context: any.
 * Return: those numbers in @word for which the comparison holds.
 */
static __always_inline unsigned long
seccomp_values_hold(u16 op, const u32 *a, const u32 *x, u32 k, unsigned long word)
{
	unsigned long hold = 0;
	unsigned int nr;

	for (; word; word &= word - 1) {
		nr = __ffs(word);
		if (seccomp_cbpf_jumps(op, a[nr], x ? x[nr] : k))
			hold |= word & -word;
	}
	return hold;
}

/* The second operand of arithmetic or of a comparison. */
static inline struct seccomp_value seccomp_operand(const struct seccomp_state *state,
						   const struct sock_filter *insn)
{
	if (seccomp_cbpf_uses_x(insn))
		return state->reg[REG_X];
	return (struct seccomp_value) { .kind = VALUE_KNOWN, .value = insn->k };
}

#endif /* _KERNEL_SECCOMP_TRANSFER_H */
