/* SPDX-License-Identifier: GPL-2.0-only */
/* What the symbolic classifier knows of numbers at a point of a program. */
#ifndef _KERNEL_SECCOMP_STATE_H
#define _KERNEL_SECCOMP_STATE_H

#include "bitmap.h"
#include "insn.h"

/**
 * struct symbolic_state - a set of numbers with the registers they have in common
 * @next: another state in the same place
 * @written: registers that are no longer 0 from the start
 * @is_nr: registers that hold each number's own value
 * @regs: the registers; for those in @is_nr the value is 0
 * @set: the numbers
 */
struct symbolic_state {
	struct symbolic_state *next;
	u32 written;
	u32 is_nr;
	struct seccomp_regs regs;
	DECLARE_BITMAP(set, SECCOMP_ABI_ROWS);
};

static inline void symbolic_write(struct symbolic_state *state,
				  unsigned int reg, u32 value)
{
	state->written |= BIT(reg);
	state->is_nr &= ~BIT(reg);
	state->regs.unknown &= ~BIT(reg);
	state->regs.value[reg] = value;
}

static inline void symbolic_write_unknown(struct symbolic_state *state,
					  unsigned int reg)
{
	symbolic_write(state, reg, 0);
	state->regs.unknown |= BIT(reg);
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
	symbolic_write(state, to, state->regs.value[from]);
	if (state->is_nr & BIT(from))
		state->is_nr |= BIT(to);
	if (state->regs.unknown & BIT(from))
		state->regs.unknown |= BIT(to);
}

struct symbolic_state *symbolic_find(struct symbolic_state *list,
				     const struct symbolic_state *state, u32 live);
void symbolic_join(struct symbolic_state *state,
		   const struct symbolic_state *other, u32 live);

#endif /* _KERNEL_SECCOMP_STATE_H */
