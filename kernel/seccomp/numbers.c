// SPDX-License-Identifier: GPL-2.0-only
/* What the symbolic classifier finds out about the numbers of an ABI. */

#include <linux/array_size.h>
#include <linux/bitops.h>
#include <linux/string.h>

#include "numbers.h"
#include "rest.h"

/**
 * seccomp_numbers_start() - start with an ABI of whose numbers nothing is known
 * @numbers: numbers
 * @first_row: row of the ABI's first number
 *
 * Context: any.
 */
void seccomp_numbers_start(struct seccomp_numbers *numbers, unsigned int first_row)
{
	numbers->first_row = first_row;
	bitmap_zero(numbers->returned, SECCOMP_ABI_ROWS);
	bitmap_zero(numbers->varies, SECCOMP_ABI_ROWS);
	bitmap_zero(numbers->loaded, SECCOMP_ABI_ROWS);
	memset(numbers->first_load, SECCOMP_OUTCOME_RUN, sizeof(numbers->first_load));
	numbers->last_ret = SECCOMP_RET_ALLOW;
	numbers->last_id = SECCOMP_OUTCOME_ALLOW;
}

/* The outcome of returning a value; often it is that of the last one. */
static u8 numbers_id(struct seccomp_numbers *numbers, u32 ret)
{
	if (numbers->last_ret != ret) {
		numbers->last_id = seccomp_results_id(numbers->results,
						      SECCOMP_CONSTANT, ret);
		numbers->last_ret = ret;
	}
	return numbers->last_id;
}

/**
 * seccomp_numbers_return_one() - a number can return a value
 * @numbers: numbers
 * @nr: the number, counted from the ABI's first one
 * @ret: the value
 *
 * Context: any.
 */
void seccomp_numbers_return_one(struct seccomp_numbers *numbers, unsigned int nr,
				u32 ret)
{
	struct seccomp_set set;

	set.first = BIT_WORD(nr);
	set.end = set.first + 1;
	set.word[set.first] = BIT_MASK(nr);
	seccomp_numbers_return(numbers, &set, ret);
}

/* Some numbers of a word return something again: the same? */
static unsigned long numbers_vary(const u8 *row, unsigned long allow,
				  unsigned long word, u8 id)
{
	unsigned long same = 0, left = word;

	if (id == SECCOMP_OUTCOME_ALLOW)
		return word & ~allow;
	for (; left; left &= left - 1)
		if (row[__ffs(left)] == id)
			same |= left & -left;
	return word & (~same | allow);
}

/**
 * seccomp_numbers_return() - some numbers can return a value
 * @numbers: numbers
 * @set: those
 * @ret: the value
 *
 * Context: any.
 */
void seccomp_numbers_return(struct seccomp_numbers *numbers,
			    const struct seccomp_set *set, u32 ret)
{
	unsigned long *allow = &numbers->results->allow[BIT_WORD(numbers->first_row)];
	u8 *row = &numbers->results->row[numbers->first_row];
	u8 id = numbers_id(numbers, ret);
	unsigned long first, again;
	unsigned int i;

	for (i = set->first; i < set->end; i++) {
		again = set->word[i] & numbers->returned[i];
		first = set->word[i] & ~again;
		numbers->returned[i] |= first;
		if (again) {
			numbers->work -= BITS_PER_LONG;
			numbers->varies[i] |= numbers_vary(&row[i * BITS_PER_LONG],
							   allow[i], again, id);
		}
		if (id == SECCOMP_OUTCOME_ALLOW)
			allow[i] |= first;
		else
			seccomp_results_fill(&row[i * BITS_PER_LONG], first, id);
	}
}

/**
 * seccomp_numbers_rest() - what is left of the program from some instruction on
 * @numbers: numbers
 * @pc: the instruction
 *
 * Context: any.
 * Return: that rest.
 */
const struct seccomp_rest *seccomp_numbers_rest(struct seccomp_numbers *numbers,
						unsigned int pc)
{
	if (pc < numbers->scanned) {
		seccomp_rest_scan(numbers->insns, pc, numbers->scanned, numbers->rest);
		numbers->scanned = pc;
	}
	return &numbers->rest[pc];
}

/**
 * seccomp_numbers_load() - an instruction has a result that nr and arch do not
 * determine
 * @numbers: numbers
 * @set: those that have come to it
 * @pc: the instruction
 * @steps: how many the filter has run then
 *
 * Up to the first of these each number has had one way only. So the first that
 * is found is the first, and what is left of the filter from there on does not
 * depend on how it was reached. A rest may start there. If nothing but arguments
 * decides what comes of it, that is known already.
 *
 * Context: any.
 * Return: false when @set need not be followed any further.
 */
bool seccomp_numbers_load(struct seccomp_numbers *numbers,
			  const struct seccomp_set *set, unsigned int pc,
			  unsigned int steps)
{
	const struct seccomp_rest *rest = seccomp_numbers_rest(numbers, pc);
	enum seccomp_outcome_kind kind = SECCOMP_RUN;
	unsigned long first;
	unsigned int i;

	if (numbers->rests && seccomp_rest_pays(rest, steps))
		kind = SECCOMP_REST;
	for (i = set->first; i < set->end; i++) {
		first = set->word[i] & ~numbers->loaded[i];
		if (!first)
			continue;
		numbers->loaded[i] |= first;
		seccomp_results_fill(&numbers->first_load[i * BITS_PER_LONG], first,
				     seccomp_results_id(numbers->results, kind, pc));
	}

	if (rest->returns == SECCOMP_RETURNS_UNKNOWN)
		return true;
	if (rest->returns == SECCOMP_RETURNS_SEVERAL)
		seccomp_set_mark(numbers->varies, set);
	else
		seccomp_numbers_return(numbers, set, numbers->insns[rest->returns].k);
	return false;
}

/**
 * seccomp_numbers_restart() - some numbers are best evaluated from the start
 * @numbers: numbers
 * @set: those
 *
 * Context: any.
 */
void seccomp_numbers_restart(struct seccomp_numbers *numbers,
			     const struct seccomp_set *set)
{
	u8 id = seccomp_results_id(numbers->results, SECCOMP_REST, 0);
	unsigned int i;

	for (i = set->first; i < set->end; i++)
		seccomp_results_fill(&numbers->first_load[i * BITS_PER_LONG],
				     set->word[i], id);
	seccomp_set_mark(numbers->varies, set);
}

/**
 * seccomp_numbers_finish() - all ways of all numbers have been followed
 * @numbers: numbers
 *
 * Those that can return two values are left with what they load first.
 *
 * Context: any.
 */
void seccomp_numbers_finish(struct seccomp_numbers *numbers)
{
	struct seccomp_results *results = numbers->results;
	unsigned long *allow = &results->allow[BIT_WORD(numbers->first_row)];
	const u8 *first_load = numbers->first_load;
	u8 *row = &results->row[numbers->first_row];
	unsigned long bits;
	unsigned int word;

	bitmap_andnot(allow, allow, numbers->varies, SECCOMP_ABI_ROWS);
	for (word = 0; word < BITS_TO_LONGS(SECCOMP_ABI_ROWS); word++) {
		if (numbers->varies[word] == ~0UL)
			memcpy(row, first_load, BITS_PER_LONG);
		else
			for (bits = numbers->varies[word]; bits; bits &= bits - 1)
				row[__ffs(bits)] = first_load[__ffs(bits)];
		row += BITS_PER_LONG;
		first_load += BITS_PER_LONG;
	}
}
