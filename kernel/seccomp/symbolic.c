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
 * Arithmetic on the number itself is not followed for sets. Numbers that come
 * to it, or for which there are too many states, go through the program alone:
 * then the number is a constant like any other, and one state an instruction is
 * enough, which keeps what all ways to the instruction agree on.
 */

#include <linux/bitmap.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seccomp.h>
#include <linux/slab.h>

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

struct symbolic_pass {
	const struct sock_filter *insns;
	unsigned int len;
	u32 arch;
	bool alone;			/* one number, in nr */
	u32 nr;

	struct symbolic_outcome outcome[SECCOMP_MAX_CLASSES];
	unsigned int nr_outcomes;
	DECLARE_BITMAP(varies, SECCOMP_ABI_ROWS);	/* not constant */
	DECLARE_BITMAP(set_aside, SECCOMP_ABI_ROWS);	/* to be passed alone */
	DECLARE_BITMAP(looked, SECCOMP_ABI_ROWS);	/* in first_look */
	u16 *first_look;		/* by number, or NULL */

	u32 *live;			/* by instruction: registers read later */
	struct symbolic_state **waiting;	/* by instruction */
	struct symbolic_state *pool;
	struct symbolic_state *free;
	unsigned int nr_states, max_states;
};

/* --- States ------------------------------------------------------------- */

static struct symbolic_state *symbolic_new(struct symbolic_pass *pass)
{
	struct symbolic_state *state = pass->free;

	if (state)
		pass->free = state->next;
	else if (pass->nr_states < pass->max_states)
		state = &pass->pool[pass->nr_states++];
	return state;
}

static void symbolic_drop(struct symbolic_pass *pass,
			  struct symbolic_state *state)
{
	state->next = pass->free;
	pass->free = state;
}

/* The numbers of @set are tried alone, or else are not constant. */
static void symbolic_give_up(struct symbolic_pass *pass,
			     const unsigned long *set)
{
	unsigned long *where = pass->alone ? pass->varies : pass->set_aside;

	bitmap_or(where, where, set, SECCOMP_ABI_ROWS);
}

static void symbolic_set_aside(struct symbolic_pass *pass,
			       struct symbolic_state *state)
{
	symbolic_give_up(pass, state->set);
	symbolic_drop(pass, state);
}

/* The state that waits at @pc with the registers of @state, or NULL. */
static struct symbolic_state *symbolic_twin(const struct symbolic_pass *pass,
					    const struct symbolic_state *state,
					    unsigned int pc)
{
	return symbolic_find(pass->waiting[pc], state, pass->live[pc]);
}

/*
 * Have the numbers of @set wait at @pc with the registers of @state, if this
 * takes no state of their own there. Returns false if it does.
 */
static bool symbolic_absorb(struct symbolic_pass *pass,
			    const struct symbolic_state *state,
			    const unsigned long *set, unsigned int pc)
{
	struct symbolic_state *there = symbolic_twin(pass, state, pc);
	unsigned int waiting = 0;

	if (there) {
		bitmap_or(there->set, there->set, set, SECCOMP_ABI_ROWS);
		return true;
	}

	there = pass->waiting[pc];
	if (there && pass->alone) {
		symbolic_join(there, state);
		return true;
	}

	for (; there; there = there->next)
		waiting++;
	if (waiting < MAX_WAITING)
		return false;

	symbolic_give_up(pass, set);
	return true;
}

static void symbolic_wait(struct symbolic_pass *pass,
			  struct symbolic_state *state, unsigned int pc)
{
	state->next = pass->waiting[pc];
	pass->waiting[pc] = state;
}

/* Have a state wait at a later instruction. */
static void symbolic_send(struct symbolic_pass *pass,
			  struct symbolic_state *state, unsigned int pc)
{
	if (pass->waiting[pc] && symbolic_absorb(pass, state, state->set, pc))
		symbolic_drop(pass, state);
	else
		symbolic_wait(pass, state, pc);
}

/* Have the numbers of @set wait there with the registers of @state. */
static void symbolic_send_copy(struct symbolic_pass *pass,
			       const struct symbolic_state *state,
			       const unsigned long *set, unsigned int pc)
{
	struct symbolic_state *copy;

	if (symbolic_absorb(pass, state, set, pc))
		return;

	copy = symbolic_new(pass);
	if (!copy) {
		symbolic_give_up(pass, set);
		return;
	}
	*copy = *state;
	bitmap_copy(copy->set, set, SECCOMP_ABI_ROWS);
	symbolic_wait(pass, copy, pc);
}

/* --- The pass ----------------------------------------------------------- */

/* The numbers of @set can return @ret. */
static void symbolic_return(struct symbolic_pass *pass,
			    const unsigned long *set, u32 ret)
{
	struct symbolic_outcome *outcome = pass->outcome;
	struct symbolic_outcome *end = outcome + pass->nr_outcomes;

	/* Running filters drops the data of an ALLOW. */
	if ((ret & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ALLOW)
		ret = SECCOMP_RET_ALLOW;

	while (outcome < end && outcome->ret != ret)
		outcome++;

	if (outcome < end) {
		bitmap_or(outcome->set, outcome->set, set, SECCOMP_ABI_ROWS);
	} else if (pass->nr_outcomes < SECCOMP_MAX_CLASSES) {
		pass->nr_outcomes++;
		outcome->ret = ret;
		bitmap_copy(outcome->set, set, SECCOMP_ABI_ROWS);
	} else {
		/* There may be room once the results that vary are known. */
		symbolic_give_up(pass, set);
	}
}

/* A number that can return two values is not constant: leave it out. */
static void symbolic_compare(struct symbolic_pass *pass)
{
	DECLARE_BITMAP(seen, SECCOMP_ABI_ROWS);
	DECLARE_BITMAP(twice, SECCOMP_ABI_ROWS);
	struct symbolic_outcome *outcome = pass->outcome;
	unsigned int i;

	bitmap_zero(seen, SECCOMP_ABI_ROWS);
	for (i = 0; i < pass->nr_outcomes; i++) {
		bitmap_and(twice, seen, outcome[i].set, SECCOMP_ABI_ROWS);
		bitmap_or(pass->varies, pass->varies, twice, SECCOMP_ABI_ROWS);
		bitmap_or(seen, seen, outcome[i].set, SECCOMP_ABI_ROWS);
	}

	for (i = 0; i < pass->nr_outcomes; ) {
		bitmap_andnot(outcome[i].set, outcome[i].set, pass->varies,
			      SECCOMP_ABI_ROWS);
		if (bitmap_empty(outcome[i].set, SECCOMP_ABI_ROWS))
			outcome[i] = outcome[--pass->nr_outcomes];
		else
			i++;
	}
}

/*
 * An instruction has a result that nr and arch do not determine. Up to the
 * first of these each number has only one way, so that only one can be the
 * first that is found.
 */
static void symbolic_look(struct symbolic_pass *pass, const unsigned long *set,
			  const struct sock_filter *insn)
{
	DECLARE_BITMAP(first, SECCOMP_ABI_ROWS);
	unsigned int nr;

	if (!bitmap_andnot(first, set, pass->looked, SECCOMP_ABI_ROWS))
		return;

	bitmap_or(pass->looked, pass->looked, first, SECCOMP_ABI_ROWS);
	for_each_set_bit(nr, first, SECCOMP_ABI_ROWS)
		if (pass->first_look)
			pass->first_look[nr] = insn - pass->insns;
}

static void symbolic_load(struct symbolic_pass *pass,
			  struct symbolic_state *state,
			  const struct sock_filter *insn, unsigned int reg)
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
			symbolic_look(pass, state->set, insn);
			symbolic_write_unknown(state, reg);
		} else if (pass->alone) {
			symbolic_write(state, reg, pass->nr);
		} else {
			symbolic_write_nr(state, reg);
		}
	}
}

/* Division by an X of 0 ends the filter with 0. Returns false if it must. */
static bool symbolic_divide(struct symbolic_pass *pass,
			    struct symbolic_state *state)
{
	if (state->unknown & BIT(REG_X)) {
		symbolic_return(pass, state->set, 0);
		return true;
	}
	if (state->value[REG_X])
		return true;

	symbolic_return(pass, state->set, 0);
	symbolic_drop(pass, state);
	return false;
}

/* Returns false when the state does not get to the next instruction. */
static bool symbolic_calculate(struct symbolic_pass *pass,
			       struct symbolic_state *state,
			       const struct sock_filter *insn)
{
	u32 operand = seccomp_insn_uses_x(insn) ? state->value[REG_X] : insn->k;
	u32 reads = seccomp_insn_operands(insn);
	u16 op = BPF_OP(insn->code);

	if (state->is_nr & reads) {
		symbolic_set_aside(pass, state);
		return false;
	}
	if (op == BPF_DIV && seccomp_insn_uses_x(insn) && !symbolic_divide(pass, state))
		return false;

	if (state->unknown & reads) {
		symbolic_write_unknown(state, REG_A);
	} else if ((op == BPF_LSH || op == BPF_RSH) && operand > 31) {
		/* What such a shift does differs between JIT compilers. */
		symbolic_look(pass, state->set, insn);
		symbolic_write_unknown(state, REG_A);
	} else {
		symbolic_write(state, REG_A,
			       seccomp_insn_alu(op, state->value[REG_A], operand));
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
	u32 operand = seccomp_insn_uses_x(insn) ? state->value[REG_X] : insn->k;
	unsigned int yes = pc + 1 + insn->jt, no = pc + 1 + insn->jf;
	u32 reads = seccomp_insn_operands(insn);
	u16 op = BPF_OP(insn->code);

	if (op == BPF_JA) {
		symbolic_send(pass, state, pc + 1 + insn->k);
	} else if (yes == no) {
		symbolic_send(pass, state, yes);
	} else if (state->unknown & reads) {
		symbolic_send_copy(pass, state, state->set, yes);
		symbolic_send(pass, state, no);
	} else if (!(state->is_nr & reads)) {
		symbolic_send(pass, state,
			      seccomp_insn_jumps(op, state->value[REG_A], operand) ?
			      yes : no);
	} else if (state->is_nr & reads & BIT(REG_X)) {
		symbolic_set_aside(pass, state);
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
			 const struct sock_filter *insn)
{
	if (BPF_RVAL(insn->code) == BPF_K) {
		symbolic_return(pass, state->set, insn->k);
	} else if (state->unknown & BIT(REG_A)) {
		bitmap_or(pass->varies, pass->varies, state->set,
			  SECCOMP_ABI_ROWS);
	} else if (state->is_nr & BIT(REG_A)) {
		symbolic_give_up(pass, state->set);
	} else {
		symbolic_return(pass, state->set, state->value[REG_A]);
	}
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
		symbolic_end(pass, state, insn);
		return;
	case BPF_LD:
		symbolic_load(pass, state, insn, REG_A);
		break;
	case BPF_LDX:
		symbolic_load(pass, state, insn, REG_X);
		break;
	case BPF_ST:
		symbolic_copy(state, insn->k, REG_A);
		break;
	case BPF_STX:
		symbolic_copy(state, insn->k, REG_X);
		break;
	case BPF_ALU:
		if (!symbolic_calculate(pass, state, insn))
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
	struct symbolic_state *state = symbolic_new(pass);
	unsigned int pc;

	memset(state, 0, sizeof(*state));
	bitmap_copy(state->set, set, SECCOMP_ABI_ROWS);
	pass->waiting[0] = state;

	for (pc = 0; pc < pass->len; pc++) {
		if (!pass->waiting[pc])
			continue;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();

		while ((state = pass->waiting[pc])) {
			pass->waiting[pc] = state->next;
			symbolic_step(pass, state, pc);
		}
	}
	return 0;
}

/* What the pass of the sets says about a number that was set aside is void. */
static int symbolic_run_alone(struct symbolic_pass *pass)
{
	DECLARE_BITMAP(set, SECCOMP_ABI_ROWS);
	int err = 0;
	u32 nr;

	bitmap_or(pass->varies, pass->varies, pass->set_aside, SECCOMP_ABI_ROWS);
	symbolic_compare(pass);

	pass->alone = true;
	for_each_set_bit(nr, pass->set_aside, SECCOMP_ABI_ROWS) {
		pass->nr = nr;
		__clear_bit(nr, pass->varies);
		bitmap_zero(set, SECCOMP_ABI_ROWS);
		__set_bit(nr, set);
		err = symbolic_run(pass, set);
		if (err)
			break;
		symbolic_compare(pass);
	}
	return err;
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
	pass->alone = false;
	pass->nr_outcomes = 0;
	bitmap_zero(pass->varies, SECCOMP_ABI_ROWS);
	bitmap_zero(pass->set_aside, SECCOMP_ABI_ROWS);
	bitmap_zero(pass->looked, SECCOMP_ABI_ROWS);

	bitmap_zero(set, SECCOMP_ABI_ROWS);
	bitmap_set(set, 0, abi->size);
	err = symbolic_run(pass, set);
	if (!err)
		err = symbolic_run_alone(pass);
	if (err)
		return err;

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
	pass->live = kvcalloc(pass->len, sizeof(*pass->live),
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
