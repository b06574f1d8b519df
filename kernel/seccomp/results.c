// SPDX-License-Identifier: GPL-2.0-only
/* What the symbolic classifier finds out about numbers. */

#include <linux/bitmap.h>
#include <linux/seccomp.h>

#include "symbolic.h"

/* A number of @set will have its result for sure: others give way to it. */
static struct symbolic_outcome *symbolic_replace(struct symbolic_pass *pass,
						 const unsigned long *set)
{
	struct symbolic_outcome *outcome;

	if (symbolic_all_forked(pass, set))
		return NULL;

	for (outcome = pass->outcome;
	     outcome < &pass->outcome[SECCOMP_MAX_CLASSES]; outcome++) {
		if (symbolic_all_forked(pass, outcome->set)) {
			symbolic_vary(pass, outcome->set);
			return outcome;
		}
	}
	return NULL;
}

/**
 * symbolic_return() - numbers can return a value
 * @pass: the pass
 * @set: the numbers
 * @ret: the value
 *
 * Context: any.
 */
void symbolic_return(struct symbolic_pass *pass, const unsigned long *set,
		     u32 ret)
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
		return;
	}

	if (pass->nr_outcomes < SECCOMP_MAX_CLASSES)
		pass->nr_outcomes++;
	else
		outcome = symbolic_replace(pass, set);
	if (outcome) {
		outcome->ret = ret;
		bitmap_copy(outcome->set, set, SECCOMP_ABI_ROWS);
	} else {
		symbolic_vary(pass, set);
	}
}

/**
 * symbolic_compare() - find the numbers that can return one value only
 * @pass: the pass, finished; others are removed from its outcomes
 *
 * Context: any.
 */
void symbolic_compare(struct symbolic_pass *pass)
{
	DECLARE_BITMAP(seen, SECCOMP_ABI_ROWS);
	DECLARE_BITMAP(twice, SECCOMP_ABI_ROWS);
	struct symbolic_outcome *outcome = pass->outcome;
	unsigned int i;

	bitmap_zero(seen, SECCOMP_ABI_ROWS);
	for (i = 0; i < pass->nr_outcomes; i++) {
		bitmap_and(twice, seen, outcome[i].set, SECCOMP_ABI_ROWS);
		symbolic_vary(pass, twice);
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

/**
 * symbolic_look() - an instruction has a result that nr and arch do not determine
 * @pass: the pass
 * @set: the numbers that come to it
 * @pc: the instruction
 *
 * Up to the first of these each number has had one way only: the first that is
 * found is the first.
 *
 * Context: any.
 */
void symbolic_look(struct symbolic_pass *pass, const unsigned long *set,
		   unsigned int pc)
{
	DECLARE_BITMAP(first, SECCOMP_ABI_ROWS);
	unsigned int nr;

	if (!bitmap_andnot(first, set, pass->looked, SECCOMP_ABI_ROWS))
		return;

	bitmap_or(pass->looked, pass->looked, first, SECCOMP_ABI_ROWS);
	for_each_set_bit(nr, first, SECCOMP_ABI_ROWS)
		if (pass->first_look)
			pass->first_look[nr] = pc;
}
