/* SPDX-License-Identifier: GPL-2.0-only */
/* What the symbolic classifier finds out about the numbers of an ABI. */
#ifndef _KERNEL_SECCOMP_NUMBERS_H
#define _KERNEL_SECCOMP_NUMBERS_H

#include "internal.h"
#include "state.h"

/* Sets of numbers are allocated as they are needed: as many at a time. */
#define NUMBERS_CHUNK	64

struct symbolic_set {
	DECLARE_BITMAP(numbers, SECCOMP_ABI_ROWS);
};

/**
 * struct symbolic_numbers - what is known of the numbers so far
 * @results: the outcomes that there are; where they go in the end
 * @insns: the program
 * @rest: what seccomp_rest_scan() says of it
 * @rests: may rests be evaluated?
 * @used: outcomes that have a set
 * @chunk: for each outcome the numbers that can have it, %NUMBERS_CHUNK a piece
 * @varies: numbers that can have more than one result
 * @forked: numbers that have been sent both ways at some jump; those that have
 *	not are in one state and will return once
 * @loaded: numbers that have come to an instruction whose result nr and arch do
 *	not determine
 * @last_ret: what numbers_return_one() was last asked for, if @last
 * @last: the numbers that can return it
 */
struct symbolic_numbers {
	struct seccomp_results *results;
	const struct sock_filter *insns;
	const struct seccomp_rest *rest;
	bool rests;
	DECLARE_BITMAP(used, SECCOMP_MAX_CLASSES);
	struct symbolic_set *chunk[SECCOMP_MAX_CLASSES / NUMBERS_CHUNK];
	DECLARE_BITMAP(varies, SECCOMP_ABI_ROWS);
	DECLARE_BITMAP(forked, SECCOMP_ABI_ROWS);
	DECLARE_BITMAP(loaded, SECCOMP_ABI_ROWS);
	u32 last_ret;
	unsigned long *last;
};

void numbers_destroy(struct symbolic_numbers *numbers);
void numbers_next_abi(struct symbolic_numbers *numbers);
unsigned long *numbers_returning(struct symbolic_numbers *numbers, u32 ret);
bool numbers_load(struct symbolic_numbers *numbers,
		  const struct symbolic_state *state, unsigned int pc);
void numbers_conclude(struct symbolic_numbers *numbers, unsigned int first_row);

static inline void numbers_add(unsigned long *to, const unsigned long *set)
{
	bitmap_or(to, to, set, SECCOMP_ABI_ROWS);
}

/* A number can return a value; the last ones often returned the same. */
static inline void numbers_return_one(struct symbolic_numbers *numbers,
				      unsigned int nr, u32 ret)
{
	if (!numbers->last || numbers->last_ret != ret) {
		numbers->last = numbers_returning(numbers, ret);
		numbers->last_ret = ret;
	}
	__set_bit(nr, numbers->last);
}

static inline void numbers_return(struct symbolic_numbers *numbers,
				  const unsigned long *set, u32 ret)
{
	numbers_add(numbers_returning(numbers, ret), set);
}

#endif /* _KERNEL_SECCOMP_NUMBERS_H */
