// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the states of the symbolic classifier wait for their instruction. Those
 * with the same registers become one; when there are too many all the same,
 * numbers go on alone or states are joined.
 */

#include <linux/bitmap.h>
#include <linux/bitops.h>

#include "symbolic.h"

static struct symbolic_state *symbolic_new(struct symbolic_pass *pass)
{
	struct symbolic_state *state = pass->free;

	if (state)
		pass->free = state->next;
	else if (pass->nr_states < pass->max_states)
		state = &pass->pool[pass->nr_states++];
	return state;
}

static bool symbolic_crowded(const struct symbolic_pass *pass, unsigned int pc)
{
	const struct symbolic_state *there;
	unsigned int waiting = 0;

	for (there = pass->waiting[pc]; there; there = there->next)
		waiting++;
	return waiting >= MAX_WAITING;
}

/* Have the numbers of @set wait as a state of their own. False without room. */
static bool symbolic_wait_copy(struct symbolic_pass *pass,
			       const struct symbolic_state *state,
			       const unsigned long *set, unsigned int pc)
{
	struct symbolic_state *copy;

	copy = symbolic_crowded(pass, pc) ? NULL : symbolic_new(pass);
	if (!copy)
		return false;

	*copy = *state;
	bitmap_copy(copy->set, set, SECCOMP_ABI_ROWS);
	symbolic_wait(pass, copy, pc);
	return true;
}

/* The numbers of @set, all forked, share a state at @pc that was there before. */
static void symbolic_share(struct symbolic_pass *pass,
			   const struct symbolic_state *state,
			   const unsigned long *set, unsigned int pc)
{
	struct symbolic_state *there = pass->waiting[pc];

	while (there && !symbolic_all_forked(pass, there->set))
		there = there->next;

	if (there) {
		bitmap_or(there->set, there->set, set, SECCOMP_ABI_ROWS);
		symbolic_join(there, state, pass->live[pc]);
	} else {
		symbolic_vary(pass, set);
	}
}

/* Have a number wait at @pc, where its way comes to depend on arguments. */
static void symbolic_stop(struct symbolic_pass *pass,
			  const struct symbolic_state *single, unsigned int pc)
{
	struct symbolic_state *there = symbolic_twin(pass, single, pc);

	symbolic_fork(pass, single->set);
	if (there)
		bitmap_or(there->set, there->set, single->set, SECCOMP_ABI_ROWS);
	else if (!symbolic_wait_copy(pass, single, single->set, pc))
		symbolic_share(pass, single, single->set, pc);
}

/* Take one number from @pc on as far as nr and arch determine its way. */
static void symbolic_go_alone(struct symbolic_pass *pass,
			      const struct symbolic_state *state, u32 nr,
			      unsigned int pc)
{
	struct symbolic_state *single = &pass->single;
	int fork;
	u32 regs, ret;

	*single = *state;
	bitmap_zero(single->set, SECCOMP_ABI_ROWS);
	__set_bit(nr, single->set);
	single->written = ~0;
	for (regs = single->is_nr; regs; regs &= regs - 1)
		single->regs.value[__ffs(regs)] = nr;
	single->is_nr = 0;

	single->regs.first_look = pass->len;
	fork = seccomp_insn_follow(pass->insns, pc, pass->len, pass->arch, nr,
				   &single->regs, &ret);
	if (single->regs.first_look < pass->len)
		symbolic_look(pass, single->set, single->regs.first_look);
	if (fork < 0)
		symbolic_return(pass, single->set, ret);
	else
		symbolic_stop(pass, single, fork);
}

/**
 * symbolic_detach() - numbers can no longer be followed as a set
 * @pass: the pass
 * @state: their registers
 * @set: the numbers; those that have had one way only are removed
 * @pc: where they are
 *
 * Those that have had one way only go on alone: their result may be constant
 * because of it. That of the others is not, so that less may be known of them.
 *
 * Context: may sleep.
 * Return: true when there are others.
 */
bool symbolic_detach(struct symbolic_pass *pass,
		     const struct symbolic_state *state, unsigned long *set,
		     unsigned int pc)
{
	DECLARE_BITMAP(single, SECCOMP_ABI_ROWS);
	u32 nr;

	bitmap_andnot(single, set, pass->forked, SECCOMP_ABI_ROWS);
	for_each_set_bit(nr, single, SECCOMP_ABI_ROWS)
		if (!symbolic_killed(pass))
			symbolic_go_alone(pass, state, nr, pc);
	return bitmap_andnot(set, set, single, SECCOMP_ABI_ROWS);
}

/* Find room for the numbers of @set in the states that wait at @pc. */
static void symbolic_squeeze(struct symbolic_pass *pass,
			     const struct symbolic_state *state,
			     const unsigned long *set, unsigned int pc)
{
	DECLARE_BITMAP(rest, SECCOMP_ABI_ROWS);

	bitmap_copy(rest, set, SECCOMP_ABI_ROWS);
	if (symbolic_detach(pass, state, rest, pc))
		symbolic_share(pass, state, rest, pc);
}

/**
 * symbolic_meet() - have a state wait where others do
 * @pass: the pass
 * @state: the state, which may become part of another one
 * @pc: where; a later instruction
 *
 * Context: may sleep.
 */
void symbolic_meet(struct symbolic_pass *pass, struct symbolic_state *state,
		   unsigned int pc)
{
	struct symbolic_state *there = symbolic_twin(pass, state, pc);

	if (!there && !symbolic_crowded(pass, pc)) {
		symbolic_wait(pass, state, pc);
		return;
	}

	if (there)
		bitmap_or(there->set, there->set, state->set, SECCOMP_ABI_ROWS);
	else
		symbolic_squeeze(pass, state, state->set, pc);
	symbolic_drop(pass, state);
}

/**
 * symbolic_send_copy() - have some numbers of a state wait at an instruction
 * @pass: the pass
 * @state: the state, which is left as it is
 * @set: the numbers
 * @pc: where; a later instruction
 *
 * Context: may sleep.
 */
void symbolic_send_copy(struct symbolic_pass *pass,
			const struct symbolic_state *state,
			const unsigned long *set, unsigned int pc)
{
	struct symbolic_state *there = symbolic_twin(pass, state, pc);

	if (there)
		bitmap_or(there->set, there->set, set, SECCOMP_ABI_ROWS);
	else if (!symbolic_wait_copy(pass, state, set, pc))
		symbolic_squeeze(pass, state, set, pc);
}
