/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the symbolic classifier share. */
#ifndef _KERNEL_SECCOMP_SYMBOLIC_H
#define _KERNEL_SECCOMP_SYMBOLIC_H

#include "bitmap.h"
#include "insn.h"
#include "state.h"

#define MAX_STATES	512	/* in all */
#define MAX_WAITING	8	/* at one instruction */

/* Numbers that can return a value. */
struct symbolic_outcome {
	u32 ret;
	DECLARE_BITMAP(set, SECCOMP_ABI_ROWS);
};

/**
 * struct symbolic_pass - the pass of an ABI's numbers through a program
 * @insns: the program
 * @len: its number of instructions
 * @live: for each instruction the registers that are read later
 * @arch: AUDIT_ARCH value of the ABI
 * @killed: the task is to die; give up
 * @outcome: what has been returned so far, @nr_outcomes of them
 * @nr_outcomes: see there
 * @varies: numbers that are not constant, whatever else they return
 * @forked: numbers that have been sent both ways at some jump; those that have
 *	not are in one place and will return once
 * @looked: numbers that are in @first_look
 * @first_look: of the ABI's numbers, see struct seccomp_bitmap; or NULL
 * @waiting: for each instruction the states that have come to it
 * @end: behind the last instruction where any waits
 * @single: the state of a number that goes alone
 * @pool: memory for @max_states states
 * @free: states of @pool that have been used and dropped
 * @nr_states: states of @pool that have ever been used
 * @max_states: see @pool
 */
struct symbolic_pass {
	const struct sock_filter *insns;
	unsigned int len;
	u32 *live;
	u32 arch;
	bool killed;

	struct symbolic_outcome outcome[SECCOMP_MAX_CLASSES];
	unsigned int nr_outcomes;
	DECLARE_BITMAP(varies, SECCOMP_ABI_ROWS);
	DECLARE_BITMAP(forked, SECCOMP_ABI_ROWS);
	DECLARE_BITMAP(looked, SECCOMP_ABI_ROWS);
	u16 *first_look;

	struct symbolic_state **waiting;
	unsigned int end;
	struct symbolic_state single;
	struct symbolic_state *pool;
	struct symbolic_state *free;
	unsigned int nr_states;
	unsigned int max_states;
};

/* A set of numbers turns out to vary, or to go both ways. */
static inline void symbolic_vary(struct symbolic_pass *pass,
				 const unsigned long *set)
{
	bitmap_or(pass->varies, pass->varies, set, SECCOMP_ABI_ROWS);
}

static inline void symbolic_fork(struct symbolic_pass *pass,
				 const unsigned long *set)
{
	bitmap_or(pass->forked, pass->forked, set, SECCOMP_ABI_ROWS);
}

static inline bool symbolic_all_forked(const struct symbolic_pass *pass,
				       const unsigned long *set)
{
	return bitmap_subset(set, pass->forked, SECCOMP_ABI_ROWS);
}

static inline void symbolic_drop(struct symbolic_pass *pass,
				 struct symbolic_state *state)
{
	state->next = pass->free;
	pass->free = state;
}

static inline void symbolic_wait(struct symbolic_pass *pass,
				 struct symbolic_state *state, unsigned int pc)
{
	state->next = pass->waiting[pc];
	pass->waiting[pc] = state;
	if (pass->end <= pc)
		pass->end = pc + 1;
}

/* The state that waits at @pc with the registers of @state, or NULL. */
static inline struct symbolic_state *
symbolic_twin(const struct symbolic_pass *pass,
	      const struct symbolic_state *state, unsigned int pc)
{
	return symbolic_find(pass->waiting[pc], state, pass->live[pc]);
}

bool symbolic_killed(struct symbolic_pass *pass);

void symbolic_look(struct symbolic_pass *pass, const unsigned long *set,
		   unsigned int pc);
void symbolic_return(struct symbolic_pass *pass, const unsigned long *set,
		     u32 ret);
void symbolic_compare(struct symbolic_pass *pass);

bool symbolic_detach(struct symbolic_pass *pass,
		     const struct symbolic_state *state, unsigned long *set,
		     unsigned int pc);
void symbolic_meet(struct symbolic_pass *pass, struct symbolic_state *state,
		   unsigned int pc);
void symbolic_send_copy(struct symbolic_pass *pass,
			const struct symbolic_state *state,
			const unsigned long *set, unsigned int pc);

/* Have a state wait at a later instruction. */
static inline void symbolic_send(struct symbolic_pass *pass,
				 struct symbolic_state *state, unsigned int pc)
{
	if (pass->waiting[pc])
		symbolic_meet(pass, state, pc);
	else
		symbolic_wait(pass, state, pc);
}

#endif /* _KERNEL_SECCOMP_SYMBOLIC_H */
