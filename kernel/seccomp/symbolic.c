// SPDX-License-Identifier: GPL-2.0-only
/*
 * The symbolic classifier: an abstract interpreter of classic BPF that takes all
 * numbers of an ABI through a filter in one pass.
 *
 * Classic BPF only jumps forward. So the instructions are taken in order, and the
 * state at each one is the set of numbers that can reach it, with what is known of
 * A and X. A comparison with the number splits a set; one with anything that
 * depends on arguments forks it, which sends it both ways; sets that come to the
 * same instruction become one. A number is constant when every return that it can
 * reach returns the same.
 *
 * Where a filter computes with the number, uses scratch memory or brings different
 * values together, each number has a value of its own. There is only one for each:
 * a number that has not forked is in one state. For a number that has, such a value
 * is unknown. So no number goes without its result that has one because its way does
 * not depend on arguments, and the work for any program grows with its length, at
 * most as if it was run for each number.
 *
 * That would still be many times what it takes to compile the program, as others cost
 * nothing of the kind. So there is a limit to it, which leaves room for what filters are
 * known to do. Numbers that are on their way then are said to vary, like those for which
 * there is no state.
 */

#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/filter.h>
#include <linux/minmax.h>
#include <linux/seccomp.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cbpf.h"
#include "classifier.h"
#include "internal.h"
#include "limits.h"
#include "numbers.h"
#include "rest.h"
#include "transfer.h"

#define STATES_CHUNK	16	/* states in one piece of memory: less than a page */

/**
 * struct symbolic_pass - the pass of an ABI's numbers through a program
 * @insns: the program
 * @len: its number of instructions
 * @pending: instructions at which there is a state
 * @at: these states
 * @chunk: memory for states
 * @nr_states: how many have ever been used
 * @no_memory: was there none for one more?
 * @free: those that are not in use any more
 * @values: what the numbers hold in registers, and what is known of them
 */
struct symbolic_pass {
	const struct sock_filter *insns;
	unsigned int len;
	DECLARE_BITMAP(pending, BPF_MAXINSNS);
	struct seccomp_state **at;
	struct seccomp_state *chunk[SECCOMP_MAX_STATES / STATES_CHUNK];
	unsigned int nr_states;
	bool no_memory;
	struct seccomp_state *free;
	struct seccomp_values values;
};

/* --- States --- */

/* NULL for want of room or memory. */
static struct seccomp_state *symbolic_alloc(struct symbolic_pass *pass)
{
	struct seccomp_state *state = pass->free, **chunk;

	if (state) {
		pass->free = state->next;
		return state;
	}
	if (pass->nr_states == SECCOMP_MAX_STATES)
		return NULL;

	chunk = &pass->chunk[pass->nr_states / STATES_CHUNK];
	if (!*chunk)
		*chunk = kmalloc_array(STATES_CHUNK, sizeof(*state), SECCOMP_GFP_OPTIONAL);
	if (!*chunk) {
		pass->no_memory = true;
		return NULL;
	}
	return &(*chunk)[pass->nr_states++ % STATES_CHUNK];
}

static void symbolic_release(struct symbolic_pass *pass, struct seccomp_state *state)
{
	state->next = pass->free;
	pass->free = state;
}

/* Have the numbers of @set join those that are at @pc already. */
static void symbolic_join(struct symbolic_pass *pass,
			  const struct seccomp_state *state,
			  const struct seccomp_set *set, unsigned int pc)
{
	struct seccomp_state *there = pass->at[pc];
	struct seccomp_value *value = there->reg;
	unsigned int reg;

	for (reg = 0; reg < ARRAY_SIZE(there->reg); reg++, value++) {
		if (!memcmp(value, &state->reg[reg], sizeof(*value)))
			continue;
		seccomp_values_spread(&pass->values, &there->set, reg, *value);
		seccomp_values_spread(&pass->values, set, reg, state->reg[reg]);
		*value = (struct seccomp_value) { .kind = VALUE_EACH };
	}
	seccomp_set_add(&there->set, set);
	there->steps = min(there->steps, state->steps);
}

static void symbolic_place(struct symbolic_pass *pass, struct seccomp_state *state,
			   unsigned int pc)
{
	__set_bit(pc, pass->pending);
	pass->at[pc] = state;
}

/* Is it known what comes of a set at @pc? Most go to a return or to an argument. */
static bool symbolic_ends(struct symbolic_pass *pass,
			  const struct seccomp_set *set, unsigned int pc,
			  unsigned int steps)
{
	const struct sock_filter *insn = &pass->insns[pc];

	if (insn->code == (BPF_RET | BPF_K)) {
		seccomp_numbers_return(&pass->values.numbers, set, insn->k);
		return true;
	}
	return insn->code == (BPF_LD | BPF_W | BPF_ABS) &&
	       insn->k > offsetof(struct seccomp_data, arch) &&
	       !seccomp_numbers_load(&pass->values.numbers, set, pc, steps + 1);
}

/* Send numbers of a state, which is left as it is, to @pc. */
static void symbolic_send(struct symbolic_pass *pass,
			  const struct seccomp_state *state,
			  const struct seccomp_set *set, unsigned int pc)
{
	struct seccomp_state *copy;

	if (symbolic_ends(pass, set, pc, state->steps))
		return;
	if (test_bit(pc, pass->pending)) {
		symbolic_join(pass, state, set, pc);
		return;
	}
	copy = symbolic_alloc(pass);
	if (!copy) {
		seccomp_set_mark(pass->values.numbers.varies, set);
		return;
	}
	memcpy(copy->reg, state->reg, sizeof(copy->reg));
	copy->steps = state->steps;
	seccomp_set_copy(&copy->set, set);
	symbolic_place(pass, copy, pc);
}

/* Send a state to @pc, all of it. */
static void symbolic_move(struct symbolic_pass *pass, struct seccomp_state *state,
			  unsigned int pc)
{
	if (!symbolic_ends(pass, &state->set, pc, state->steps)) {
		if (!test_bit(pc, pass->pending)) {
			symbolic_place(pass, state, pc);
			return;
		}
		symbolic_join(pass, state, &state->set, pc);
	}
	symbolic_release(pass, state);
}

/* --- Jumps --- */

/* Send the numbers of @taken to @yes, and what is left of the state to @no. */
static __always_inline void
symbolic_part(struct symbolic_pass *pass, struct seccomp_state *state,
	      struct seccomp_set *taken, unsigned int yes, unsigned int no)
{
	bool any_taken = seccomp_set_trim(taken);

	if (!seccomp_set_trim(&state->set)) {
		seccomp_set_copy(&state->set, taken);
		symbolic_move(pass, state, yes);
		return;
	}
	if (any_taken)
		symbolic_send(pass, state, taken, yes);
	symbolic_move(pass, state, no);
}

/* How far behind the ABI's first number is @nr? */
static u64 symbolic_behind_first(const struct symbolic_pass *pass, u64 nr)
{
	return nr - min_t(u64, nr, seccomp_abi_first(pass->values.abi));
}

/* A comparison of the number, shifted right, with @k holds for a range of them. */
static void symbolic_split(struct symbolic_pass *pass, struct seccomp_state *state,
			   u16 op, u64 k, unsigned int shift,
			   unsigned int yes, unsigned int no)
{
	struct seccomp_set *set = &state->set, taken;
	u64 first = symbolic_behind_first(pass, (op == BPF_JGT ? k + 1 : k) << shift);
	u64 end = op == BPF_JEQ ? symbolic_behind_first(pass, (k + 1) << shift) :
				  SECCOMP_ABI_ROWS;
	unsigned long mask;
	unsigned int i;

	first = max_t(u64, first, set->first * BITS_PER_LONG);
	end = min_t(u64, end, set->end * BITS_PER_LONG);
	/* What lists of numbers are made of: most are not in the set. */
	if (first >= end || (first + 1 == end && !test_bit(first, set->word))) {
		symbolic_move(pass, state, no);
		return;
	}

	taken.first = BIT_WORD(first);
	taken.end = BIT_WORD(end - 1) + 1;
	mask = BITMAP_FIRST_WORD_MASK(first);
	for (i = taken.first; i < taken.end; i++) {
		if (i == taken.end - 1)
			mask &= BITMAP_LAST_WORD_MASK(end);
		taken.word[i] = set->word[i] & mask;
		set->word[i] &= ~mask;
		mask = ~0UL;
	}
	symbolic_part(pass, state, &taken, yes, no);
}

/* A comparison of what each number holds; those that it is unknown of fork. */
static void symbolic_split_each(struct symbolic_pass *pass,
				struct seccomp_state *state,
				const struct sock_filter *insn,
				unsigned int yes, unsigned int no)
{
	const bool uses_x = seccomp_cbpf_uses_x(insn);
	struct seccomp_set *set = &state->set, known, taken;
	const u32 *a, *x;
	unsigned int i;

	seccomp_numbers_charge(&pass->values.numbers, set);
	seccomp_values_spread(&pass->values, set, REG_A, state->reg[REG_A]);
	if (uses_x)
		seccomp_values_spread(&pass->values, set, REG_X, state->reg[REG_X]);
	seccomp_values_sort(&pass->values, set, seccomp_cbpf_operands(insn), &known, &taken);
	seccomp_set_mark(pass->values.forked, &taken);

	for (i = known.first; i < known.end; i++) {
		a = &pass->values.each[REG_A][i * BITS_PER_LONG];
		x = &pass->values.each[REG_X][i * BITS_PER_LONG];
		/* A loop of its own for what filters do most. */
		if (insn->code == (BPF_JMP | BPF_JEQ | BPF_K))
			known.word[i] = seccomp_values_hold(BPF_JEQ, a, NULL, insn->k,
							    known.word[i]);
		else if (insn->code == (BPF_JMP | BPF_JSET | BPF_K))
			known.word[i] = seccomp_values_hold(BPF_JSET, a, NULL, insn->k,
							    known.word[i]);
		else
			known.word[i] = seccomp_values_hold(BPF_OP(insn->code), a,
							    uses_x ? x : NULL, insn->k,
							    known.word[i]);
		taken.word[i] |= known.word[i];
		set->word[i] &= ~known.word[i];
	}
	symbolic_part(pass, state, &taken, yes, no);
}

static void symbolic_jump(struct symbolic_pass *pass, struct seccomp_state *state,
			  const struct sock_filter *insn, unsigned int pc)
{
	const struct seccomp_value operand = seccomp_operand(state, insn);
	const struct seccomp_value a = state->reg[REG_A];
	const unsigned int yes = pc + 1 + insn->jt, no = pc + 1 + insn->jf;
	const bool of_nr = a.kind == VALUE_NR && !a.value && operand.kind == VALUE_KNOWN;
	const u16 op = BPF_OP(insn->code);

	if (of_nr && op != BPF_JSET && op != BPF_JA && yes != no) {
		symbolic_split(pass, state, op, operand.value, a.shift, yes, no);
	} else if (op == BPF_JA) {
		symbolic_move(pass, state, pc + 1 + insn->k);
	} else if (yes == no) {
		symbolic_move(pass, state, yes);
	} else if (a.kind == VALUE_UNKNOWN || operand.kind == VALUE_UNKNOWN) {
		seccomp_set_mark(pass->values.forked, &state->set);
		symbolic_send(pass, state, &state->set, yes);
		symbolic_move(pass, state, no);
	} else if (a.kind == VALUE_KNOWN && operand.kind == VALUE_KNOWN) {
		symbolic_move(pass, state,
			      seccomp_cbpf_jumps(op, a.value, operand.value) ? yes : no);
	} else if (of_nr && !(operand.value & (pass->values.bits >> a.shift))) {
		symbolic_move(pass, state, no);	/* a test for the bit of x32 */
	} else {
		symbolic_split_each(pass, state, insn, yes, no);
	}
}

/* --- The pass --- */

#ifdef CONFIG_SECCOMP_BITMAP_KUNIT_TEST
bool seccomp_symbolic_tireless;
#endif

static void symbolic_step(struct symbolic_pass *pass, unsigned int pc)
{
	const struct sock_filter *insn = &pass->insns[pc];
	struct seccomp_state *state = pass->at[pc];

	state->steps++;
	if (seccomp_numbers_tired(&pass->values.numbers)) {
		seccomp_set_mark(pass->values.numbers.varies, &state->set);
		symbolic_release(pass, state);
	} else if (BPF_CLASS(insn->code) == BPF_JMP) {
		symbolic_jump(pass, state, insn, pc);
	} else if (seccomp_transfer(&pass->values, state, insn, pc)) {
		symbolic_move(pass, state, pc + 1);
	} else {
		symbolic_release(pass, state);
	}
}

/*
 * No number of an ABI has other bits than these: all agree above the highest one in
 * which the first number and the last differ.
 */
static u32 symbolic_bits(const struct seccomp_abi *abi)
{
	const u32 last = seccomp_abi_end(abi) - 1;

	return last | (BIT(fls(seccomp_abi_first(abi) ^ last)) - 1);
}

static int symbolic_classify_abi(struct symbolic_pass *pass,
				 const struct seccomp_abi *abi)
{
	struct seccomp_state start = { .steps = 0 };
	unsigned int word, bit;

	start.set.end = BIT_WORD(abi->size - 1) + 1;
	bitmap_set(start.set.word, 0, abi->size);
	bitmap_zero(pass->values.forked, SECCOMP_ABI_ROWS);
	pass->values.abi = abi;
	pass->values.bits = symbolic_bits(abi);
	seccomp_numbers_start(&pass->values.numbers, seccomp_row(abi->arch, abi->first));
	pass->values.numbers.work = SECCOMP_MAX_WORK(pass->len) / SECCOMP_NR_ABIS;
	symbolic_send(pass, &start, &start.set, 0);

	for (word = 0; word < BITS_TO_LONGS(pass->len); word++) {
		if (seccomp_killed())
			return -EINTR;
		while (pass->pending[word]) {
			bit = __ffs(pass->pending[word]);
			pass->pending[word] &= pass->pending[word] - 1;
			symbolic_step(pass, word * BITS_PER_LONG + bit);
		}
	}
	seccomp_numbers_finish(&pass->values.numbers);
	return 0;
}

static void symbolic_close(struct symbolic_pass *pass)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pass->chunk); i++)
		kfree(pass->chunk[i]);
	kvfree(pass->values.numbers.rest);
	kvfree(pass->values.each);
	kvfree(pass->at);
	kfree(pass);
}

/* A filter has no registers but these; scratch memory is written before it is read. */
static unsigned int symbolic_nr_regs(const struct sock_fprog_kern *fprog)
{
	const struct sock_filter *insn;
	unsigned int nr_regs = REG_X + 1;

	for (insn = fprog->filter; insn < &fprog->filter[fprog->len]; insn++)
		if ((insn->code & ~1) == BPF_ST)	/* or BPF_STX */
			nr_regs = max(nr_regs, REG_MEM(insn->k) + 1);
	return nr_regs;
}

/* Memory in proportion to the program's length; NULL without it. */
static struct symbolic_pass *symbolic_open(const struct sock_fprog_kern *fprog,
					   bool rests,
					   struct seccomp_results *results)
{
	struct symbolic_pass *pass = kzalloc_obj(*pass, SECCOMP_GFP_OPTIONAL);
	struct seccomp_rest *rest;

	if (!pass)
		return NULL;

	/* One more, which nothing comes of: behind the last RET. */
	rest = kvmalloc_array(fprog->len + 1, sizeof(*rest), SECCOMP_GFP_OPTIONAL);
	pass->insns = fprog->filter;
	pass->len = fprog->len;
	pass->at = kvmalloc_array(fprog->len, sizeof(*pass->at), SECCOMP_GFP_OPTIONAL);
	pass->values.each = kvmalloc_array(symbolic_nr_regs(fprog), sizeof(*pass->values.each),
					   SECCOMP_GFP_OPTIONAL);
	pass->values.numbers.results = results;
	pass->values.numbers.insns = fprog->filter;
	pass->values.numbers.rest = rest;
	pass->values.numbers.scanned = fprog->len;
	pass->values.numbers.rests = rests;
	if (!rest || !pass->at || !pass->values.each) {
		symbolic_close(pass);
		return NULL;
	}
	return pass;
}

static int symbolic_classify(const struct bpf_prog *prog, bool rests,
			     struct seccomp_results *results)
{
	struct symbolic_pass *pass = symbolic_open(prog->orig_prog, rests, results);
	unsigned int i;
	int err = 0;

	if (!pass)
		return -ENOMEM;

	for (i = 0; i < SECCOMP_NR_ABIS && !err; i++)
		err = symbolic_classify_abi(pass, &seccomp_abis[i]);
	if (!err && pass->no_memory)
		err = -ENOMEM;

	symbolic_close(pass);
	return err;
}

const struct seccomp_classifier seccomp_symbolic = {
	.name = "symbolic",
	.classify = symbolic_classify,
};
