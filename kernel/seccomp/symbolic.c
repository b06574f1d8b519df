// SPDX-License-Identifier: GPL-2.0-only
/*
 * The symbolic classifier: an abstract interpreter of classic BPF that takes all
 * numbers of an ABI through a filter in one pass.
 *
 * Classic BPF only jumps forward. So the instructions are taken in order, and
 * the states enqueued at each one are the sets of numbers that can reach it, each
 * with what is known of the registers. A comparison with the number splits a
 * set; a comparison with anything that depends on arguments forks it, which
 * sends it both ways; sets with the same live registers are merged. A number is
 * constant when every return that it can reach returns the same.
 *
 * Where a filter computes with the number, a set no longer has registers in
 * common. Its numbers are then followed one by one, which is no dearer than to
 * run the filter, up to a fork, where they join the others. Numbers that have
 * forked already are not: what they compute is taken as unknown. The same is done
 * when there are too many states to keep apart. So no number goes without its
 * result that has one because its way does not depend on arguments, and the work
 * for any program grows with its length.
 */

#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seccomp.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cbpf.h"
#include "internal.h"
#include "numbers.h"
#include "transfer.h"
#include "worklist.h"

#define SCRATCH_MEMORY	GENMASK(BPF_MEMWORDS - 1, 0)

/* Numbers to try, and what those and sets cost: instructions of x86. */
#define NR_SAMPLES	4
#define COST_NUMBER	40
#define COST_STEP	6
#define COST_SET	200

/**
 * struct symbolic_pass - the pass of an ABI's numbers through a program
 * @insns: the program
 * @len: its number of instructions
 * @live: for each instruction, the registers that are live there
 * @arch: AUDIT_ARCH value of the ABI
 * @killed: a fatal signal was pending; give up
 * @list: the states
 * @single: the state of a number that is followed alone
 * @batch: numbers that are run side by side
 * @numbers: what is known of the numbers
 */
struct symbolic_pass {
	const struct sock_filter *insns;
	unsigned int len;
	u32 *live;
	u32 arch;
	bool killed;
	struct worklist list;
	struct symbolic_state single;
	struct seccomp_cbpf_batch batch;
	struct symbolic_numbers numbers;
};

/* Lets others run, too. */
static bool symbolic_killed(struct symbolic_pass *pass)
{
	cond_resched();
	if (fatal_signal_pending(current))
		pass->killed = true;
	return pass->killed;
}

/* --- Sending states on --- */

/* Merge numbers into a state with the same registers, if one is at @pc. */
static bool symbolic_merge(struct symbolic_pass *pass,
			   const struct symbolic_state *state,
			   const unsigned long *set, unsigned int pc)
{
	struct symbolic_state *there;

	there = worklist_find(&pass->list, pc, state, pass->live[pc]);
	if (!there)
		return false;
	numbers_add(there->set, set);
	there->steps = min(there->steps, state->steps);
	return true;
}

/*
 * There is no room for more states at @pc. The numbers of @set, which have all
 * forked, are joined to a state of such numbers; without one they vary.
 */
static void symbolic_squeeze(struct symbolic_pass *pass,
			     const struct symbolic_state *state,
			     const unsigned long *set, unsigned int pc)
{
	struct symbolic_state *there = worklist_first(&pass->list, pc);

	while (there && !bitmap_subset(there->set, pass->numbers.forked, SECCOMP_ABI_ROWS))
		there = worklist_next(&pass->list, there);

	if (there) {
		numbers_add(there->set, set);
		symbolic_join(there, state, pass->live[pc]);
	} else {
		numbers_add(pass->numbers.varies, set);
	}
}

/* Have numbers of @state wait at @pc. Returns false if there is no room. */
static bool symbolic_enqueue_copy(struct symbolic_pass *pass,
				  const struct symbolic_state *state,
				  const unsigned long *set, unsigned int pc)
{
	struct symbolic_state *copy;

	if (symbolic_merge(pass, state, set, pc))
		return true;

	copy = worklist_copy(&pass->list, state, set);
	if (!copy)
		return false;
	if (worklist_enqueue(&pass->list, copy, pc))
		return true;
	worklist_release(&pass->list, copy);
	return false;
}

/* Where a number's way comes to depend on arguments, it waits for others. */
static void symbolic_stop(struct symbolic_pass *pass,
			  const struct symbolic_state *single, unsigned int pc)
{
	numbers_add(pass->numbers.forked, single->set);
	if (!symbolic_enqueue_copy(pass, single, single->set, pc))
		symbolic_squeeze(pass, single, single->set, pc);
}

/* Follow a single number on, whose registers may be unknown, up to a fork. */
static void symbolic_go_on(struct symbolic_pass *pass,
			   struct symbolic_state *single, u32 nr, unsigned int pc)
{
	const struct sock_filter *insn;
	int target;

	for (;; pc = target) {
		insn = &pass->insns[pc];
		target = pc + 1;
		symbolic_resolve(single, nr);

		switch (BPF_CLASS(insn->code)) {
		case BPF_RET:
			transfer_return(&pass->numbers, single, insn);
			return;
		case BPF_JMP:
			target = transfer_target(single, insn, pc);
			if (target < 0) {
				symbolic_stop(pass, single, pc);
				return;
			}
			break;
		default:
			if (!transfer_insn(&pass->numbers, pass->arch, single, insn, pc))
				return;
			/* A division by an unknown X has two ways. */
			if (test_bit(nr, pass->numbers.forked)) {
				symbolic_stop(pass, single, target);
				return;
			}
			break;
		}
	}
}

/* Take one number on from @pc, with what @state knows, but for A and X. */
static void symbolic_go_alone(struct symbolic_pass *pass,
			      const struct symbolic_state *state, u32 unknown,
			      u32 nr, unsigned int pc, u32 a, u32 x)
{
	struct symbolic_state *single = &pass->single;

	*single = *state;
	symbolic_resolve(single, nr);
	single->unknown = unknown;
	single->value[REG_A] = a;
	single->value[REG_X] = x;
	single->written = ~0;
	bitmap_zero(single->set, SECCOMP_ABI_ROWS);
	__set_bit(nr, single->set);
	symbolic_go_on(pass, single, nr, pc);
}

/* Give a register of all numbers of a batch the value that it has in @state. */
static void symbolic_fill(const struct seccomp_cbpf_batch *batch, u32 *to,
			  const struct symbolic_state *state, unsigned int reg)
{
	unsigned int i;

	if (!(state->is_nr & BIT(reg))) {
		memset32(to, state->value[reg], batch->n);
		return;
	}
	for (i = 0; i < batch->n; i++)
		to[i] = batch->nr[i];
}

/*
 * Run the numbers of a batch from @pc on. If that depends on more than A and X,
 * which are the number or known, they go on alone from the start.
 */
static void symbolic_run_batch(struct symbolic_pass *pass,
			       const struct symbolic_state *state, unsigned int pc)
{
	struct seccomp_cbpf_batch *batch = &pass->batch;
	u32 unknown = state->unknown;
	unsigned int i;

	symbolic_fill(batch, batch->a, state, REG_A);
	symbolic_fill(batch, batch->x, state, REG_X);
	if (pass->live[pc] & (state->unknown | SCRATCH_MEMORY)) {
		memset16(batch->stop, pc, batch->n);
	} else {
		seccomp_cbpf_run(pass->insns, pc, pass->arch, batch);
		unknown = 0;	/* what was is not live */
	}

	for (i = 0; i < batch->n; i++) {
		if (batch->stop[i] == CBPF_RETURNED)
			numbers_return_one(&pass->numbers, batch->nr[i],
					   batch->a[i]);
		else
			symbolic_go_alone(pass, state, unknown, batch->nr[i],
					  batch->stop[i], batch->a[i],
					  batch->x[i]);
	}
	batch->n = 0;
}

/*
 * The numbers of @set cannot go on as a set. Those that have not forked go on
 * one by one, and are removed; true if there are others.
 */
static bool symbolic_concretize(struct symbolic_pass *pass,
				const struct symbolic_state *state,
				unsigned long *set, unsigned int pc)
{
	struct seccomp_cbpf_batch *batch = &pass->batch;
	DECLARE_BITMAP(alone, SECCOMP_ABI_ROWS);
	unsigned int nr;

	bitmap_andnot(alone, set, pass->numbers.forked, SECCOMP_ABI_ROWS);
	for_each_set_bit(nr, alone, SECCOMP_ABI_ROWS) {
		batch->nr[batch->n] = nr;
		if (++batch->n < CBPF_BATCH)
			continue;
		symbolic_run_batch(pass, state, pc);
		if (symbolic_killed(pass))
			break;
	}
	if (batch->n)
		symbolic_run_batch(pass, state, pc);
	return bitmap_andnot(set, set, alone, SECCOMP_ABI_ROWS);
}

/* Have numbers of a state, which is left as it is, wait at @pc. */
static void symbolic_send_copy(struct symbolic_pass *pass,
			       const struct symbolic_state *state,
			       const unsigned long *set, unsigned int pc)
{
	DECLARE_BITMAP(others, SECCOMP_ABI_ROWS);

	if (symbolic_enqueue_copy(pass, state, set, pc))
		return;

	bitmap_copy(others, set, SECCOMP_ABI_ROWS);
	if (symbolic_concretize(pass, state, others, pc))
		symbolic_squeeze(pass, state, others, pc);
}

/* Have a state wait at @pc. */
static void symbolic_send(struct symbolic_pass *pass, struct symbolic_state *state,
			  unsigned int pc)
{
	if (!symbolic_merge(pass, state, state->set, pc)) {
		if (worklist_enqueue(&pass->list, state, pc))
			return;
		if (symbolic_concretize(pass, state, state->set, pc))
			symbolic_squeeze(pass, state, state->set, pc);
	}
	worklist_release(&pass->list, state);
}

/* --- Jumps --- */

/* The numbers of @set for which a comparison with @k holds, to @taken. */
static void symbolic_taken(unsigned long *taken, const unsigned long *set, u16 op,
			   u32 k)
{
	unsigned int nr;

	bitmap_zero(taken, SECCOMP_ABI_ROWS);
	switch (op) {
	case BPF_JEQ:
		if (k < SECCOMP_ABI_ROWS && test_bit(k, set))
			__set_bit(k, taken);
		break;
	case BPF_JSET:
		for_each_set_bit(nr, set, SECCOMP_ABI_ROWS)
			if (nr & k)
				__set_bit(nr, taken);
		break;
	default:	/* BPF_JGT, BPF_JGE: all from some number on */
		nr = min_t(u32, k, SECCOMP_ABI_ROWS);
		if (op == BPF_JGT && nr < SECCOMP_ABI_ROWS)
			nr++;
		bitmap_set(taken, nr, SECCOMP_ABI_ROWS - nr);
		bitmap_and(taken, taken, set, SECCOMP_ABI_ROWS);
	}
}

/* A comparison of the number with a constant. */
static void symbolic_split(struct symbolic_pass *pass,
			   struct symbolic_state *state, u16 op, u32 k,
			   unsigned int yes, unsigned int no)
{
	DECLARE_BITMAP(taken, SECCOMP_ABI_ROWS);

	/* What lists of numbers are made of: most do not hold for the set. */
	if (op == BPF_JEQ && (k >= SECCOMP_ABI_ROWS || !test_bit(k, state->set))) {
		symbolic_send(pass, state, no);
		return;
	}

	symbolic_taken(taken, state->set, op, k);
	if (bitmap_andnot(state->set, state->set, taken, SECCOMP_ABI_ROWS)) {
		if (!bitmap_empty(taken, SECCOMP_ABI_ROWS))
			symbolic_send_copy(pass, state, taken, yes);
		symbolic_send(pass, state, no);
	} else {
		bitmap_copy(state->set, taken, SECCOMP_ABI_ROWS);
		symbolic_send(pass, state, yes);
	}
}

static void symbolic_branch(struct symbolic_pass *pass,
			    struct symbolic_state *state,
			    const struct sock_filter *insn, unsigned int pc)
{
	int target = transfer_target(state, insn, pc);

	if (target < 0) {
		numbers_add(pass->numbers.forked, state->set);
		symbolic_send_copy(pass, state, state->set, pc + 1 + insn->jt);
		symbolic_send(pass, state, pc + 1 + insn->jf);
	} else if (BPF_OP(insn->code) != BPF_JA && insn->jt != insn->jf &&
		   state->is_nr & BIT(REG_A)) {
		symbolic_split(pass, state, BPF_OP(insn->code),
			       seccomp_cbpf_operand(insn, state->value[REG_X]),
			       pc + 1 + insn->jt, pc + 1 + insn->jf);
	} else {
		symbolic_send(pass, state, target);
	}
}

/* --- The pass --- */

/* Returns false when the state is not to go on with the next instruction. */
static bool symbolic_step(struct symbolic_pass *pass,
			  struct symbolic_state *state, unsigned int pc)
{
	const struct sock_filter *insn = &pass->insns[pc];
	u32 nrs = state->is_nr & transfer_computes_with(insn);

	if (nrs) {
		if (!symbolic_concretize(pass, state, state->set, pc)) {
			worklist_release(&pass->list, state);
			return false;
		}
		state->is_nr &= ~nrs;
		state->unknown |= nrs;
	}
	state->steps++;

	switch (BPF_CLASS(insn->code)) {
	case BPF_JMP:
		symbolic_branch(pass, state, insn, pc);
		return false;
	case BPF_RET:
		transfer_return(&pass->numbers, state, insn);
		break;
	default:
		if (transfer_insn(&pass->numbers, pass->arch, state, insn, pc))
			return true;
	}
	worklist_release(&pass->list, state);
	return false;
}

/* Take the numbers of @state, which are at the start, through the program. */
static int symbolic_run(struct symbolic_pass *pass)
{
	struct symbolic_state *state;
	unsigned int pc;

	for (pc = 0; pc < pass->list.end; pc++) {
		if (!worklist_first(&pass->list, pc))
			continue;
		if (symbolic_killed(pass))
			return -EINTR;
		while ((state = worklist_dequeue(&pass->list, pc)))
			if (symbolic_step(pass, state, pc))
				symbolic_send(pass, state, pc + 1);
	}
	return pass->killed ? -EINTR : 0;
}

enum symbolic_way {
	SYMBOLIC_SETS,
	SYMBOLIC_ONE_BY_ONE,
	SYMBOLIC_ALL_DIFFERENT,
};

/*
 * Sets cost something for each instruction that any number comes to, and one by
 * one for each that each number comes to: the latter is less where a filter
 * searches for the number. A short filter that returns something else for each
 * number, as one does that hands it to a tracer, is best a rest as a whole. Some
 * numbers tell what is best: a mistake costs only time.
 */
static enum symbolic_way symbolic_sample(struct symbolic_pass *pass,
					 unsigned int size)
{
	struct seccomp_cbpf_batch *batch = &pass->batch;
	unsigned int i, steps, differ = 0;

	for (i = 0; i < NR_SAMPLES; i++)
		batch->nr[i] = size / NR_SAMPLES * i;
	memset32(batch->a, 0, NR_SAMPLES);
	memset32(batch->x, 0, NR_SAMPLES);
	batch->n = NR_SAMPLES;
	steps = seccomp_cbpf_run(pass->insns, 0, pass->arch, batch);
	for (i = 1; i < NR_SAMPLES; i++)
		differ += batch->stop[i] == CBPF_RETURNED &&
			  batch->a[i] != batch->a[i - 1];
	batch->n = 0;

	if (differ == NR_SAMPLES - 1 && pass->numbers.rests &&
	    seccomp_rest_pays(&pass->numbers.rest[0], 0))
		return SYMBOLIC_ALL_DIFFERENT;
	/* All go one way, most likely. */
	if (!batch->nr_splits)
		return SYMBOLIC_SETS;
	return size * (COST_NUMBER + COST_STEP * steps / NR_SAMPLES) <
	       COST_SET * pass->len ? SYMBOLIC_ONE_BY_ONE : SYMBOLIC_SETS;
}

static int symbolic_classify_abi(struct symbolic_pass *pass,
				 const struct seccomp_abi *abi)
{
	struct seccomp_results *results = pass->numbers.results;
	unsigned int row = seccomp_row(abi->arch, 0);
	struct symbolic_state *state;
	u16 id;
	int err;

	state = worklist_alloc(&pass->list);
	if (!state)
		return 0;
	id = state->id;
	memset(state, 0, sizeof(*state));
	state->id = id;
	bitmap_set(state->set, 0, abi->size);
	pass->arch = abi->arch;
	numbers_next_abi(&pass->numbers);
	pass->list.end = 0;

	switch (symbolic_sample(pass, abi->size)) {
	case SYMBOLIC_ALL_DIFFERENT:
		seccomp_results_set(results, row, state->set,
				    seccomp_results_id(results, SECCOMP_REST, 0));
		worklist_release(&pass->list, state);
		return 0;
	case SYMBOLIC_ONE_BY_ONE:
		symbolic_concretize(pass, state, state->set, 0);
		worklist_release(&pass->list, state);
		break;
	case SYMBOLIC_SETS:
		worklist_enqueue(&pass->list, state, 0);
	}
	err = symbolic_run(pass);
	if (!err)
		numbers_conclude(&pass->numbers, row);
	return err;
}

static void symbolic_close(struct symbolic_pass *pass)
{
	worklist_destroy(&pass->list);
	numbers_destroy(&pass->numbers);
	kvfree(pass->list.head);
	kvfree(pass->numbers.rest);
	kvfree(pass->live);
	kfree(pass);
}

/* Memory in proportion to the program's length; NULL without it. */
static struct symbolic_pass *symbolic_open(const struct sock_fprog_kern *fprog,
					   bool rests,
					   struct seccomp_results *results)
{
	struct symbolic_pass *pass = kzalloc(sizeof(*pass), SECCOMP_GFP_OPTIONAL);
	struct seccomp_rest *rest;

	if (!pass)
		return NULL;

	/* One more, which nothing comes of: behind the last RET. */
	rest = kvmalloc_array(fprog->len + 1, sizeof(*rest), SECCOMP_GFP_OPTIONAL);
	pass->insns = fprog->filter;
	pass->len = fprog->len;
	pass->live = kvmalloc_array(fprog->len, sizeof(*pass->live),
				    SECCOMP_GFP_OPTIONAL);
	pass->list.head = kvcalloc(fprog->len, sizeof(*pass->list.head),
				   SECCOMP_GFP_OPTIONAL);
	pass->numbers.results = results;
	pass->numbers.insns = fprog->filter;
	pass->numbers.rest = rest;
	pass->numbers.rests = rests;
	if (!rest || !pass->live || !pass->list.head) {
		symbolic_close(pass);
		return NULL;
	}
	seccomp_cbpf_liveness(fprog->filter, fprog->len, pass->live);
	seccomp_rest_scan(fprog->filter, fprog->len, rest);
	return pass;
}

static int symbolic_classify(const struct bpf_prog *prog, bool rests,
			     struct seccomp_results *results)
{
	struct symbolic_pass *pass = symbolic_open(prog->orig_prog, rests, results);
	unsigned int i;
	int err = 0;

	if (!pass)
		return 0;

	for (i = 0; i < SECCOMP_NR_ABIS && !err; i++)
		err = symbolic_classify_abi(pass, &seccomp_abis[i]);

	symbolic_close(pass);
	return err;
}

const struct seccomp_classifier seccomp_symbolic = {
	.name = "symbolic",
	.classify = symbolic_classify,
};
