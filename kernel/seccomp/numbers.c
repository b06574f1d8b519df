// SPDX-License-Identifier: GPL-2.0-only
/* What the symbolic classifier finds out about the numbers of an ABI. */

#include <linux/bitmap.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "numbers.h"

/**
 * numbers_destroy() - free the sets
 * @numbers: numbers
 *
 * Context: any.
 */
void numbers_destroy(struct symbolic_numbers *numbers)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(numbers->chunk); i++)
		kfree(numbers->chunk[i]);
}

/**
 * numbers_next_abi() - forget what is known of the last ABI's numbers
 * @numbers: numbers
 *
 * Context: any.
 */
void numbers_next_abi(struct symbolic_numbers *numbers)
{
	bitmap_zero(numbers->used, SECCOMP_MAX_CLASSES);
	bitmap_zero(numbers->varies, SECCOMP_ABI_ROWS);
	bitmap_zero(numbers->forked, SECCOMP_ABI_ROWS);
	bitmap_zero(numbers->loaded, SECCOMP_ABI_ROWS);
	numbers->last = NULL;
}

/* The numbers that can have an outcome, none at first; NULL without memory. */
static unsigned long *numbers_set(struct symbolic_numbers *numbers, u8 id)
{
	struct symbolic_set **chunk = &numbers->chunk[id / NUMBERS_CHUNK];
	unsigned long *set;

	if (!*chunk)
		*chunk = kmalloc_array(NUMBERS_CHUNK, sizeof(**chunk),
				       SECCOMP_GFP_OPTIONAL);
	if (!*chunk)
		return NULL;

	set = (*chunk)[id % NUMBERS_CHUNK].numbers;
	if (!__test_and_set_bit(id, numbers->used))
		bitmap_zero(set, SECCOMP_ABI_ROWS);
	return set;
}

/* Where numbers go that can have an outcome. */
static unsigned long *numbers_with(struct symbolic_numbers *numbers, u8 id)
{
	unsigned long *set = NULL;

	if (id != SECCOMP_OUTCOME_RUN)
		set = numbers_set(numbers, id);
	return set ?: numbers->varies;
}

/**
 * numbers_returning() - the numbers that can return a value
 * @numbers: numbers
 * @ret: the value
 *
 * Context: may sleep.
 * Return: a set to add numbers to, until the next ABI.
 */
unsigned long *numbers_returning(struct symbolic_numbers *numbers, u32 ret)
{
	return numbers_with(numbers, seccomp_results_id(numbers->results,
							SECCOMP_CONSTANT, ret));
}

/**
 * numbers_load() - an instruction has a result that nr and arch do not determine
 * @numbers: numbers
 * @state: the state that has come to it
 * @pc: the instruction
 *
 * Up to the first of these each number has had one way only. So the first that
 * is found is the first, and what is left of the filter from there on does not
 * depend on how it was reached. A rest may start there. If nothing but arguments
 * decides what comes of it, that is known already.
 *
 * Context: may sleep.
 * Return: false when @state need not be followed any further.
 */
bool numbers_load(struct symbolic_numbers *numbers,
		  const struct symbolic_state *state, unsigned int pc)
{
	const struct seccomp_rest *rest = &numbers->rest[pc];
	enum seccomp_outcome_kind kind = SECCOMP_RUN;
	DECLARE_BITMAP(first, SECCOMP_ABI_ROWS);
	u8 id;

	if (bitmap_andnot(first, state->set, numbers->loaded, SECCOMP_ABI_ROWS)) {
		if (numbers->rests && seccomp_rest_pays(rest, state->steps))
			kind = SECCOMP_REST;
		id = seccomp_results_id(numbers->results, kind, pc);
		numbers_add(numbers->loaded, first);
		numbers_add(numbers_with(numbers, id), first);
	}

	if (rest->returns == SECCOMP_RETURNS_UNKNOWN)
		return true;
	if (rest->returns == SECCOMP_RETURNS_SEVERAL)
		numbers_add(numbers->varies, state->set);
	else
		numbers_return(numbers, state->set, numbers->insns[rest->returns].k);
	return false;
}

/**
 * numbers_conclude() - tell what each number does for sure
 * @numbers: numbers; the pass is finished
 * @first_row: row of the ABI's number 0
 *
 * A number that can return two values is left with what numbers_load() found.
 *
 * Context: any.
 */
void numbers_conclude(struct symbolic_numbers *numbers, unsigned int first_row)
{
	const struct seccomp_outcome *outcome = numbers->results->outcome;
	DECLARE_BITMAP(seen, SECCOMP_ABI_ROWS);
	DECLARE_BITMAP(part, SECCOMP_ABI_ROWS);
	unsigned int id;

	bitmap_zero(seen, SECCOMP_ABI_ROWS);
	for_each_set_bit(id, numbers->used, SECCOMP_MAX_CLASSES) {
		if (outcome[id].kind != SECCOMP_CONSTANT)
			continue;
		bitmap_and(part, seen, numbers_set(numbers, id), SECCOMP_ABI_ROWS);
		numbers_add(numbers->varies, part);
		numbers_add(seen, numbers_set(numbers, id));
	}

	for_each_set_bit(id, numbers->used, SECCOMP_MAX_CLASSES) {
		if (outcome[id].kind == SECCOMP_CONSTANT)
			bitmap_andnot(part, numbers_set(numbers, id),
				      numbers->varies, SECCOMP_ABI_ROWS);
		else
			bitmap_and(part, numbers_set(numbers, id),
				   numbers->varies, SECCOMP_ABI_ROWS);
		seccomp_results_set(numbers->results, first_row, part, id);
	}
}
