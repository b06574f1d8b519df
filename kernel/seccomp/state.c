// SPDX-License-Identifier: GPL-2.0-only
/* Comparing and joining states of the symbolic classifier. */

#include <linux/bitops.h>

#include "state.h"

/* Are the registers the same, of those in @live? */
static bool symbolic_same(const struct symbolic_state *a,
			  const struct symbolic_state *b, u32 live)
{
	u32 regs = (a->written | b->written) & live;

	if (((a->is_nr ^ b->is_nr) | (a->regs.unknown ^ b->regs.unknown)) & live)
		return false;

	for (; regs; regs &= regs - 1)
		if (a->regs.value[__ffs(regs)] != b->regs.value[__ffs(regs)])
			return false;
	return true;
}

/**
 * symbolic_find() - find a state with the same registers
 * @list: states that wait in one place
 * @state: the state that comes there
 * @live: registers that are read later: others do not tell states apart
 *
 * Context: any.
 * Return: one of @list, or NULL when none is like @state.
 */
struct symbolic_state *symbolic_find(struct symbolic_state *list,
				     const struct symbolic_state *state, u32 live)
{
	for (; list; list = list->next)
		if (symbolic_same(list, state, live))
			return list;
	return NULL;
}

/**
 * symbolic_join() - keep what two states agree on
 * @state: the state to change; its set stays
 * @other: another one in the same place
 * @live: registers that are read later: others do not matter
 *
 * Context: any.
 */
void symbolic_join(struct symbolic_state *state,
		   const struct symbolic_state *other, u32 live)
{
	u32 differ = (state->is_nr ^ other->is_nr) | other->regs.unknown;
	unsigned int reg;

	for (; live; live &= live - 1) {
		reg = __ffs(live);
		if (differ & BIT(reg) ||
		    state->regs.value[reg] != other->regs.value[reg])
			symbolic_write_unknown(state, reg);
	}
}
