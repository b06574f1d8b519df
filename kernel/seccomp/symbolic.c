// SPDX-License-Identifier: GPL-2.0-only
/*
 * The symbolic classifier: one pass over a program for all numbers of an ABI.
 *
 * Classic BPF only jumps forward. So the instructions are taken in order, and
 * at each one wait the sets of numbers that can reach it, each set with what is
 * known of the registers. A comparison with the number splits a set; a
 * comparison with anything that depends on arguments sends the set both ways;
 * where sets with the same registers meet, they become one. A number is constant
 * when every return that it can reach returns the same.
 *
 * There may be more different states than can be kept apart, and arithmetic on
 * the number itself is not followed for sets. Numbers that have had one way only
 * then go on alone: as long as that lasts, it takes no more than to execute the
 * program. States of numbers that have been sent both ways are joined: they keep
 * what both agree on. So no number goes without its result that has one because
 * its way does not depend on arguments, and the work for a program of any kind
 * grows with its length.
 */

#include <linux/bitmap.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seccomp.h>
#include <linux/slab.h>

#include "bitmap.h"
#include "symbolic.h"

/**
 * symbolic_killed() - is the pass to be given up? Lets others run, too
 * @pass: the pass
 *
 * Context: may sleep.
 * Return: true when a fatal signal is, or was, pending.
 */
bool symbolic_killed(struct symbolic_pass *pass)
{
	cond_resched();
	if (fatal_signal_pending(current))
		pass->killed = true;
	return pass->killed;
}

static void symbolic_load(struct symbolic_pass *pass,
			  struct symbolic_state *state,
			  const struct sock_filter *insn, unsigned int pc,
			  unsigned int reg)
{
	switch (BPF_MODE(insn->code)) {
	case BPF_IMM:
		symbolic_write(state, reg, insn->k);
		break;
	case BPF_LEN:
		symbolic_write(state, reg, sizeof(struct seccomp_data));
		break;
	case BPF_MEM:
		symbolic_copy(state, reg, insn->k);
		break;
	default:	/* BPF_ABS */
		if (insn->k == offsetof(struct seccomp_data, arch)) {
			symbolic_write(state, reg, pass->arch);
		} else if (insn->k != offsetof(struct seccomp_data, nr)) {
			symbolic_look(pass, state->set, pc);
			symbolic_write_unknown(state, reg);
		} else {
			symbolic_write_nr(state, reg);
		}
	}
}

/*
 * The instruction at @pc does with @regs what sets cannot follow where they hold
 * each number's own value. Returns false when nothing is left of the state.
 */
static bool symbolic_resolve(struct symbolic_pass *pass,
			     struct symbolic_state *state, u32 regs,
			     unsigned int pc)
{
	regs &= state->is_nr;
	if (!regs)
		return true;

	if (!symbolic_detach(pass, state, state->set, pc)) {
		symbolic_drop(pass, state);
		return false;
	}
	state->is_nr &= ~regs;
	state->regs.unknown |= regs;
	return true;
}

/* Division by an X of 0 ends the filter with 0. Returns false if it must. */
static bool symbolic_divide(struct symbolic_pass *pass,
			    struct symbolic_state *state)
{
	if (state->regs.value[REG_X])
		return true;

	symbolic_return(pass, state->set, 0);
	if (state->regs.unknown & BIT(REG_X)) {
		symbolic_fork(pass, state->set);
		return true;
	}
	symbolic_drop(pass, state);
	return false;
}

/* Returns false when the state does not get to the next instruction. */
static bool symbolic_calculate(struct symbolic_pass *pass,
			       struct symbolic_state *state,
			       const struct sock_filter *insn, unsigned int pc)
{
	u32 operands = seccomp_insn_operands(insn), operand;
	u16 op = BPF_OP(insn->code);

	if (!symbolic_resolve(pass, state, operands, pc))
		return false;
	if (op == BPF_DIV && seccomp_insn_uses_x(insn) &&
	    !symbolic_divide(pass, state))
		return false;

	operand = seccomp_insn_operand(insn, &state->regs);
	if (state->regs.unknown & operands) {
		symbolic_write_unknown(state, REG_A);
	} else if (seccomp_insn_wild(op, operand)) {
		symbolic_look(pass, state->set, pc);
		symbolic_write_unknown(state, REG_A);
	} else {
		symbolic_write(state, REG_A,
			       seccomp_insn_alu(op, state->regs.value[REG_A],
						operand));
	}
	return true;
}

/* A jump that only some numbers of a set take, to @yes. */
static void symbolic_split(struct symbolic_pass *pass,
			   struct symbolic_state *state, u16 op, u32 k,
			   unsigned int yes)
{
	DECLARE_BITMAP(taken, SECCOMP_ABI_ROWS);
	unsigned int nr;

	bitmap_zero(taken, SECCOMP_ABI_ROWS);
	if (op == BPF_JSET) {
		for_each_set_bit(nr, state->set, SECCOMP_ABI_ROWS)
			if (nr & k)
				__set_bit(nr, taken);
	} else {
		/* From the first number on that jumps, if there is one */
		nr = min_t(u32, k, SECCOMP_ABI_ROWS);
		if (op == BPF_JGT && nr < SECCOMP_ABI_ROWS)
			nr++;
		bitmap_set(taken, nr, SECCOMP_ABI_ROWS - nr);
		bitmap_and(taken, taken, state->set, SECCOMP_ABI_ROWS);
	}
	bitmap_andnot(state->set, state->set, taken, SECCOMP_ABI_ROWS);

	if (!bitmap_empty(taken, SECCOMP_ABI_ROWS))
		symbolic_send_copy(pass, state, taken, yes);
}

/* The same for one number alone: what long lists of numbers are made of. */
static void symbolic_split_equal(struct symbolic_pass *pass,
				 struct symbolic_state *state, u32 k,
				 unsigned int yes)
{
	DECLARE_BITMAP(taken, SECCOMP_ABI_ROWS);
	struct symbolic_state *there;

	if (k >= SECCOMP_ABI_ROWS || !__test_and_clear_bit(k, state->set))
		return;

	there = symbolic_twin(pass, state, yes);
	if (there) {
		__set_bit(k, there->set);
		return;
	}
	bitmap_zero(taken, SECCOMP_ABI_ROWS);
	__set_bit(k, taken);
	symbolic_send_copy(pass, state, taken, yes);
}

static void symbolic_branch(struct symbolic_pass *pass,
			    struct symbolic_state *state,
			    const struct sock_filter *insn, unsigned int pc)
{
	u32 operand = seccomp_insn_operand(insn, &state->regs);
	unsigned int yes = pc + 1 + insn->jt, no = pc + 1 + insn->jf;
	u32 operands = seccomp_insn_operands(insn);
	u16 op = BPF_OP(insn->code);

	if (op == BPF_JA) {
		symbolic_send(pass, state, pc + 1 + insn->k);
	} else if (yes == no) {
		symbolic_send(pass, state, yes);
	} else if (!symbolic_resolve(pass, state, operands & BIT(REG_X), pc)) {
		return;
	} else if (state->regs.unknown & operands) {
		symbolic_fork(pass, state->set);
		symbolic_send_copy(pass, state, state->set, yes);
		symbolic_send(pass, state, no);
	} else if (!(state->is_nr & BIT(REG_A))) {
		symbolic_send(pass, state,
			      seccomp_insn_jumps(op, state->regs.value[REG_A],
						 operand) ? yes : no);
	} else {
		if (op == BPF_JEQ)
			symbolic_split_equal(pass, state, operand, yes);
		else
			symbolic_split(pass, state, op, operand, yes);
		if (bitmap_empty(state->set, SECCOMP_ABI_ROWS))
			symbolic_drop(pass, state);
		else
			symbolic_send(pass, state, no);
	}
}

/* The end of a set's way. */
static void symbolic_end(struct symbolic_pass *pass, struct symbolic_state *state,
			 const struct sock_filter *insn, unsigned int pc)
{
	bool returns_a = BPF_RVAL(insn->code) == BPF_A;

	if (returns_a && !symbolic_resolve(pass, state, BIT(REG_A), pc))
		return;

	if (!returns_a)
		symbolic_return(pass, state->set, insn->k);
	else if (!(state->regs.unknown & BIT(REG_A)))
		symbolic_return(pass, state->set, state->regs.value[REG_A]);
	else
		symbolic_vary(pass, state->set);
	symbolic_drop(pass, state);
}

static void symbolic_step(struct symbolic_pass *pass,
			  struct symbolic_state *state, unsigned int pc)
{
	const struct sock_filter *insn = &pass->insns[pc];

	switch (BPF_CLASS(insn->code)) {
	case BPF_JMP:
		symbolic_branch(pass, state, insn, pc);
		return;
	case BPF_RET:
		symbolic_end(pass, state, insn, pc);
		return;
	case BPF_LD:
		symbolic_load(pass, state, insn, pc, REG_A);
		break;
	case BPF_LDX:
		symbolic_load(pass, state, insn, pc, REG_X);
		break;
	case BPF_ST:
		symbolic_copy(state, insn->k, REG_A);
		break;
	case BPF_STX:
		symbolic_copy(state, insn->k, REG_X);
		break;
	case BPF_ALU:
		if (!symbolic_calculate(pass, state, insn, pc))
			return;
		break;
	default:	/* BPF_MISC */
		if (BPF_MISCOP(insn->code) == BPF_TAX)
			symbolic_copy(state, REG_X, REG_A);
		else
			symbolic_copy(state, REG_A, REG_X);
		break;
	}
	symbolic_send(pass, state, pc + 1);
}

/* Take the numbers of @set through the program. */
static int symbolic_run(struct symbolic_pass *pass, const unsigned long *set)
{
	struct symbolic_state *state = pass->pool;
	unsigned int pc;

	pass->nr_states = 1;
	pass->free = NULL;
	memset(state, 0, sizeof(*state));
	bitmap_copy(state->set, set, SECCOMP_ABI_ROWS);
	pass->end = 0;
	symbolic_wait(pass, state, 0);

	for (pc = 0; pc < pass->end; pc++) {
		if (!pass->waiting[pc])
			continue;
		if (symbolic_killed(pass))
			return -EINTR;

		while ((state = pass->waiting[pc])) {
			pass->waiting[pc] = state->next;
			symbolic_step(pass, state, pc);
		}
	}
	return pass->killed ? -EINTR : 0;
}

static int symbolic_classify_abi(struct symbolic_pass *pass,
				 const struct seccomp_abi *abi,
				 struct seccomp_filter *filter,
				 struct seccomp_table *draft, u16 *first_look)
{
	DECLARE_BITMAP(set, SECCOMP_ABI_ROWS);
	unsigned int row = seccomp_row(abi->arch, 0), i;
	int err;

	pass->arch = abi->arch;
	pass->first_look = first_look ? &first_look[row] : NULL;
	pass->nr_outcomes = 0;
	bitmap_zero(pass->varies, SECCOMP_ABI_ROWS);
	bitmap_zero(pass->forked, SECCOMP_ABI_ROWS);
	bitmap_zero(pass->looked, SECCOMP_ABI_ROWS);

	bitmap_zero(set, SECCOMP_ABI_ROWS);
	bitmap_set(set, 0, abi->size);
	err = symbolic_run(pass, set);
	if (err)
		return err;

	symbolic_compare(pass);
	for (i = 0; i < pass->nr_outcomes; i++)
		seccomp_table_decide_set(draft, row, pass->outcome[i].set,
					 pass->outcome[i].ret, filter);
	return 0;
}

static void symbolic_close(struct symbolic_pass *pass)
{
	if (!pass)
		return;
	kvfree(pass->live);
	kvfree(pass->waiting);
	kvfree(pass->pool);
	kvfree(pass);
}

/* Memory for a program, in proportion to its length; NULL without it. */
static struct symbolic_pass *symbolic_open(const struct sock_fprog_kern *fprog)
{
	struct symbolic_pass *pass = kvzalloc(sizeof(*pass), GFP_KERNEL | __GFP_NOWARN);

	if (!pass)
		return NULL;

	pass->insns = fprog->filter;
	pass->len = fprog->len;
	pass->max_states = min_t(unsigned int, 2 * fprog->len, MAX_STATES);
	pass->live = kvmalloc_array(pass->len, sizeof(*pass->live),
				    GFP_KERNEL | __GFP_NOWARN);
	pass->waiting = kvcalloc(pass->len, sizeof(*pass->waiting),
				 GFP_KERNEL | __GFP_NOWARN);
	pass->pool = kvmalloc_array(pass->max_states, sizeof(*pass->pool),
				    GFP_KERNEL | __GFP_NOWARN);
	if (pass->live && pass->waiting && pass->pool)
		return pass;

	symbolic_close(pass);
	return NULL;
}

static int symbolic_classify(const struct bpf_prog *prog,
			     struct seccomp_filter *filter,
			     struct seccomp_table *draft, u16 *first_look)
{
	struct symbolic_pass *pass = symbolic_open(prog->orig_prog);
	unsigned int i;
	int err = 0;

	if (!pass)
		return 0;

	seccomp_insn_live(pass->insns, pass->len, pass->live);
	for (i = 0; i < SECCOMP_NR_ABIS && !err; i++)
		err = symbolic_classify_abi(pass, &seccomp_abis[i], filter,
					    draft, first_look);

	symbolic_close(pass);
	return err;
}

const struct seccomp_classifier seccomp_symbolic = {
	.name = "symbolic",
	.classify = symbolic_classify,
};
