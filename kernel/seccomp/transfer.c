// SPDX-License-Identifier: GPL-2.0-only
/* The symbolic classifier: what an instruction does to a state, unless it jumps. */

#include <linux/array_size.h>
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/string.h>

#include "cbpf.h"
#include "numbers.h"
#include "rest.h"
#include "transfer.h"

/* More numbers that each return something else are better evaluated. */
#define NR_DIFFERENT	32

/* To keep something else for each takes as long as that many instructions. */
#define KEEP_DIFFERENT	4

/* --- Values of each number --- */

/**
 * seccomp_values_spread() - give each number what a register holds
 * @values: what numbers hold
 * @set: the numbers
 * @reg: the register
 * @value: what it holds for all of @set
 *
 * Context: any.
 */
void seccomp_values_spread(struct seccomp_values *values,
			   const struct seccomp_set *set, unsigned int reg,
			   struct seccomp_value value)
{
	unsigned long *unknown = values->unknown[reg], word;
	const u32 first = seccomp_abi_first(values->abi);
	u32 *each = values->each[reg];
	unsigned int i, nr;

	if (value.kind == VALUE_EACH)
		return;
	if (value.kind == VALUE_UNKNOWN) {
		seccomp_set_mark(unknown, set);
		return;
	}
	seccomp_numbers_charge(&values->numbers, set);
	for (i = set->first; i < set->end; i++) {
		unknown[i] &= ~set->word[i];
		for (word = set->word[i]; word; word &= word - 1) {
			nr = i * BITS_PER_LONG + __ffs(word);
			each[nr] = value.kind == VALUE_NR ?
				   (first + nr) >> value.shift | value.value : value.value;
		}
	}
}

/* Copy what each number of @set holds in a register to another one. */
static void transfer_copy(struct seccomp_values *values, const struct seccomp_set *set,
			  unsigned int to, unsigned int from)
{
	unsigned long *unknown = values->unknown[to], word;
	const u32 *source;
	unsigned int i;
	u32 *each;

	for (i = set->first; i < set->end; i++) {
		word = set->word[i];
		unknown[i] = (unknown[i] & ~word) | (values->unknown[from][i] & word);
		source = &values->each[from][i * BITS_PER_LONG];
		each = &values->each[to][i * BITS_PER_LONG];
		if (word == ~0UL) {
			memcpy(each, source, BITS_PER_LONG * sizeof(*each));
			continue;
		}
		values->numbers.work -= hweight_long(word);
		for (; word; word &= word - 1)
			each[__ffs(word)] = source[__ffs(word)];
	}
}

/**
 * seccomp_values_sort() - sort numbers by what is known of their registers
 * @values: what numbers hold
 * @set: numbers, with which @regs have been spread
 * @regs: A, X or both
 * @known: where to put those whose value is known in all of @regs
 * @unknown: where to put the others
 *
 * Both have the words of @set, even if they are empty.
 *
 * Context: any.
 */
void seccomp_values_sort(const struct seccomp_values *values,
			 const struct seccomp_set *set, u32 regs,
			 struct seccomp_set *known, struct seccomp_set *unknown)
{
	unsigned long mask;
	unsigned int i;

	seccomp_set_copy(known, set);
	seccomp_set_copy(unknown, set);
	for (i = set->first; i < set->end; i++) {
		mask = values->forked[i];
		if (regs & BIT(REG_A))
			mask |= values->unknown[REG_A][i];
		if (regs & BIT(REG_X))
			mask |= values->unknown[REG_X][i];
		known->word[i] &= ~mask;
		unknown->word[i] &= mask;
	}
}

/* --- Instructions --- */

/* What is known of a load of anything else symbolic_ends() has found. */
static void transfer_load(struct seccomp_values *values, struct seccomp_state *state,
			  const struct sock_filter *insn)
{
	unsigned int reg = BPF_CLASS(insn->code) == BPF_LD ? REG_A : REG_X;
	struct seccomp_value value = { .kind = VALUE_KNOWN };

	if (BPF_MODE(insn->code) == BPF_IMM) {
		value.value = insn->k;
	} else if (BPF_MODE(insn->code) == BPF_LEN) {
		value.value = sizeof(struct seccomp_data);
	} else if (BPF_MODE(insn->code) == BPF_MEM) {
		transfer_copy(values, &state->set, reg, REG_MEM(insn->k));
		value.kind = VALUE_EACH;
	} else if (insn->k == offsetof(struct seccomp_data, nr)) {
		value.kind = VALUE_NR;
	} else if (insn->k == offsetof(struct seccomp_data, arch)) {
		value.value = values->abi->arch;
	} else {
		value.kind = VALUE_UNKNOWN;
	}
	state->reg[reg] = value;
}

/* What a register holds, to another one. */
static void transfer_store(struct seccomp_values *values, struct seccomp_state *state,
			   unsigned int to, unsigned int from)
{
	if (state->reg[from].kind == VALUE_EACH)
		transfer_copy(values, &state->set, to, from);
	if (to < ARRAY_SIZE(state->reg))
		state->reg[to] = state->reg[from];
	else
		seccomp_values_spread(values, &state->set, to, state->reg[from]);
}

/*
 * Division by 0 ends a filter with 0, and by an unknown X it may. Of those that go on,
 * the result of @unknown is not known. Returns false if there are none.
 */
static bool transfer_mind_x(struct seccomp_values *values, struct seccomp_state *state,
			    const struct sock_filter *insn, unsigned int pc,
			    struct seccomp_set *unknown)
{
	const bool divides = BPF_OP(insn->code) == BPF_DIV;
	struct seccomp_set *set = &state->set, minded;
	const u32 *x;
	unsigned int i;

	seccomp_numbers_charge(&values->numbers, set);
	seccomp_values_spread(values, set, REG_X, state->reg[REG_X]);
	seccomp_values_sort(values, set, BIT(REG_X), &minded, unknown);
	for (i = set->first; i < set->end; i++) {
		x = &values->each[REG_X][i * BITS_PER_LONG];
		minded.word[i] = divides ?
			seccomp_values_hold(BPF_JEQ, x, NULL, 0, minded.word[i]) :
			seccomp_values_hold(BPF_JGT, x, NULL, 31, minded.word[i]);
	}

	if (divides) {
		seccomp_numbers_return(&values->numbers, unknown, 0);
		seccomp_numbers_return(&values->numbers, &minded, 0);
	} else if (seccomp_numbers_load(&values->numbers, &minded, pc, state->steps)) {
		seccomp_set_add(unknown, &minded);
		return true;
	}
	for (i = minded.first; i < minded.end; i++)
		set->word[i] &= ~minded.word[i];
	return seccomp_set_trim(set);
}

/* For numbers in a word of a set; @a and @x are of the first one. */
static __always_inline void transfer_alu_word(u16 op, u32 *a, const u32 *x, u32 k,
					      unsigned long word)
{
	unsigned int nr;

	for (; word; word &= word - 1) {
		nr = __ffs(word);
		a[nr] = seccomp_cbpf_alu(op, a[nr], x ? x[nr] : k);
	}
}

/* Arithmetic with what each number holds, but for those of @unknown. */
static void transfer_alu_each(struct seccomp_values *values, struct seccomp_state *state,
			      const struct sock_filter *insn,
			      const struct seccomp_set *unknown)
{
	const bool uses_x = seccomp_cbpf_uses_x(insn);
	struct seccomp_set *set = &state->set, known, others;
	unsigned int i;
	const u32 *x;
	u32 *a;

	seccomp_numbers_charge(&values->numbers, set);
	seccomp_values_spread(values, set, REG_A, state->reg[REG_A]);
	if (uses_x)
		seccomp_values_spread(values, set, REG_X, state->reg[REG_X]);
	seccomp_set_mark(values->unknown[REG_A], unknown);
	seccomp_values_sort(values, set, seccomp_cbpf_operands(insn), &known, &others);
	seccomp_set_mark(values->unknown[REG_A], &others);

	for (i = set->first; i < set->end; i++) {
		a = &values->each[REG_A][i * BITS_PER_LONG];
		x = &values->each[REG_X][i * BITS_PER_LONG];
		/* A loop of its own for what filters do most. */
		if (insn->code == (BPF_ALU | BPF_AND | BPF_K))
			transfer_alu_word(BPF_AND, a, NULL, insn->k, known.word[i]);
		else if (insn->code == (BPF_ALU | BPF_LSH | BPF_X))
			transfer_alu_word(BPF_LSH, a, x, 0, known.word[i]);
		else
			transfer_alu_word(BPF_OP(insn->code), a, uses_x ? x : NULL,
					  insn->k, known.word[i]);
	}
	state->reg[REG_A] = (struct seccomp_value) { .kind = VALUE_EACH };
}

/* Arithmetic with the number that need not be done for each. */
static bool transfer_alu_nr(const struct seccomp_values *values,
			    struct seccomp_value *nr, const struct sock_filter *insn)
{
	switch (insn->code) {
	case BPF_ALU | BPF_AND | BPF_K:
		return !nr->value && !(~insn->k & (values->bits >> nr->shift));
	case BPF_ALU | BPF_RSH | BPF_K:
		if (nr->value || nr->shift + insn->k > 31)
			return false;
		nr->shift += insn->k;
		return true;
	case BPF_ALU | BPF_OR | BPF_K:
		nr->value |= insn->k;
		return true;
	default:
		return false;
	}
}

/* Returns false when the state is not to go on. */
static bool transfer_alu(struct seccomp_values *values, struct seccomp_state *state,
			 const struct sock_filter *insn, unsigned int pc)
{
	const struct seccomp_value operand = seccomp_operand(state, insn);
	struct seccomp_value *a = &state->reg[REG_A];
	struct seccomp_set unknown = { .end = 0 };

	if (a->kind == VALUE_NR && transfer_alu_nr(values, a, insn))
		return true;

	if (seccomp_cbpf_minds_x(insn) &&
	    !transfer_mind_x(values, state, insn, pc, &unknown))
		return false;

	if (a->kind == VALUE_UNKNOWN || operand.kind == VALUE_UNKNOWN)
		*a = (struct seccomp_value) { .kind = VALUE_UNKNOWN };
	else if (a->kind == VALUE_KNOWN && operand.kind == VALUE_KNOWN &&
		 !seccomp_set_trim(&unknown))
		a->value = seccomp_cbpf_alu(BPF_OP(insn->code), a->value, operand.value);
	else
		transfer_alu_each(values, state, insn, &unknown);
	return true;
}

/* How often does a number of @set hold something else than the one before? */
static unsigned int transfer_differences(struct seccomp_values *values,
					 const struct seccomp_set *set,
					 struct seccomp_value a)
{
	const u32 *each = values->each[REG_A];
	unsigned int i, nr, differ = 0;
	unsigned long word;
	u32 last = 0;

	if (a.kind == VALUE_NR && !a.shift && !(a.value & values->bits)) {
		for (i = set->first; i < set->end; i++)
			differ += hweight_long(set->word[i]);
		return differ;
	}
	seccomp_values_spread(values, set, REG_A, a);
	for (i = set->first; i < set->end; i++) {
		for (word = set->word[i]; word; word &= word - 1) {
			nr = i * BITS_PER_LONG + __ffs(word);
			differ += each[nr] != last;
			last = each[nr];
		}
	}
	return differ;
}

/* A return of A, which is not the same for all of the numbers. */
static void transfer_return_each(struct seccomp_values *values,
				 const struct seccomp_set *set, struct seccomp_value a)
{
	struct seccomp_numbers *numbers = &values->numbers;
	unsigned long word;
	unsigned int i, nr;

	if (numbers->rests && seccomp_rest_pays(seccomp_numbers_rest(numbers, 0), 0) &&
	    transfer_differences(values, set, a) > NR_DIFFERENT) {
		seccomp_numbers_restart(numbers, set);
		return;
	}
	for (i = 0; i < KEEP_DIFFERENT; i++)
		seccomp_numbers_charge(numbers, set);
	if (seccomp_numbers_tired(numbers)) {
		seccomp_set_mark(numbers->varies, set);
		return;
	}
	seccomp_values_spread(values, set, REG_A, a);
	for (i = set->first; i < set->end; i++) {
		for (word = set->word[i]; word; word &= word - 1) {
			nr = i * BITS_PER_LONG + __ffs(word);
			seccomp_numbers_return_one(numbers, nr, values->each[REG_A][nr]);
		}
	}
}

/* A return of A: for constants see symbolic_ends(). */
static void transfer_return(struct seccomp_values *values,
			    const struct seccomp_state *state)
{
	const struct seccomp_value a = state->reg[REG_A];
	struct seccomp_numbers *numbers = &values->numbers;
	struct seccomp_set known, unknown;

	if (a.kind == VALUE_KNOWN) {
		seccomp_numbers_return(numbers, &state->set, a.value);
	} else if (a.kind == VALUE_UNKNOWN) {
		seccomp_set_mark(numbers->varies, &state->set);
	} else {
		seccomp_values_sort(values, &state->set,
				    a.kind == VALUE_EACH ? BIT(REG_A) : 0,
				    &known, &unknown);
		seccomp_set_mark(numbers->varies, &unknown);
		transfer_return_each(values, &known, a);
	}
}

/**
 * seccomp_transfer() - apply an instruction to a state
 * @values: what numbers hold
 * @state: the state, which is at it; it is changed
 * @insn: the instruction: not a jump, nor the return of a constant
 * @pc: its place
 *
 * Context: any.
 * Return: false when the state does not go on.
 */
bool seccomp_transfer(struct seccomp_values *values, struct seccomp_state *state,
		      const struct sock_filter *insn, unsigned int pc)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
	case BPF_LDX:
		transfer_load(values, state, insn);
		return true;
	case BPF_ST:
		transfer_store(values, state, REG_MEM(insn->k), REG_A);
		return true;
	case BPF_STX:
		transfer_store(values, state, REG_MEM(insn->k), REG_X);
		return true;
	case BPF_ALU:
		return transfer_alu(values, state, insn, pc);
	case BPF_RET:
		transfer_return(values, state);
		return false;
	default:	/* BPF_MISC */
		if (BPF_MISCOP(insn->code) == BPF_TAX)
			transfer_store(values, state, REG_X, REG_A);
		else
			transfer_store(values, state, REG_A, REG_X);
		return true;
	}
}
