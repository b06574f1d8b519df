/* SPDX-License-Identifier: GPL-2.0-only */
/* What the symbolic classifier knows of numbers at an instruction. */
#ifndef _KERNEL_SECCOMP_STATE_H
#define _KERNEL_SECCOMP_STATE_H

#include <linux/bitmap.h>
#include <linux/bitops.h>

#include "cbpf.h"
#include "internal.h"

/**
 * struct symbolic_state - a set of numbers with the registers they have in common
 * @id: number of the state in its worklist, from 1 on
 * @next: another state at the same instruction, or 0
 * @steps: instructions on the shortest way here
 * @written: registers that are no longer 0 from the start
 * @is_nr: registers that hold each number's own value; @value is 0
 * @unknown: registers that nr and arch do not determine; @value is 0
 * @value: the registers
 * @set: the numbers
 */
struct symbolic_state {
	u16 id;
	u16 next;
	u16 steps;
	u32 written;
	u32 is_nr;
	u32 unknown;
	u32 value[NR_REGS];
	DECLARE_BITMAP(set, SECCOMP_ABI_ROWS);
};

static inline void symbolic_write(struct symbolic_state *state,
				  unsigned int reg, u32 value)
{
	state->written |= BIT(reg);
	state->is_nr &= ~BIT(reg);
	state->unknown &= ~BIT(reg);
	state->value[reg] = value;
}

static inline void symbolic_write_unknown(struct symbolic_state *state,
					  unsigned int reg)
{
	symbolic_write(state, reg, 0);
	state->unknown |= BIT(reg);
}

static inline void symbolic_write_nr(struct symbolic_state *state,
				     unsigned int reg)
{
	symbolic_write(state, reg, 0);
	state->is_nr |= BIT(reg);
}

static inline void symbolic_copy(struct symbolic_state *state, unsigned int to,
				 unsigned int from)
{
	symbolic_write(state, to, state->value[from]);
	if (state->is_nr & BIT(from))
		state->is_nr |= BIT(to);
	if (state->unknown & BIT(from))
		state->unknown |= BIT(to);
}

/* In a set of one, registers that hold the number have its value. */
static inline void symbolic_resolve(struct symbolic_state *state, u32 nr)
{
	u32 regs = state->is_nr;

	for (; regs; regs &= regs - 1)
		state->value[__ffs(regs)] = nr;
	state->is_nr = 0;
}

/* Are the registers the same, of those in @live? */
static inline bool symbolic_equal(const struct symbolic_state *a,
				  const struct symbolic_state *b, u32 live)
{
	u32 regs = (a->written | b->written) & live;

	if (((a->is_nr ^ b->is_nr) | (a->unknown ^ b->unknown)) & live)
		return false;

	for (; regs; regs &= regs - 1)
		if (a->value[__ffs(regs)] != b->value[__ffs(regs)])
			return false;
	return true;
}

/* Keep what two states agree on, of the registers in @live. */
static inline void symbolic_join(struct symbolic_state *state,
				 const struct symbolic_state *other, u32 live)
{
	u32 differ = (state->is_nr ^ other->is_nr) | other->unknown;
	unsigned int reg;

	for (; live; live &= live - 1) {
		reg = __ffs(live);
		if (differ & BIT(reg) || state->value[reg] != other->value[reg])
			symbolic_write_unknown(state, reg);
	}
}

#endif /* _KERNEL_SECCOMP_STATE_H */
