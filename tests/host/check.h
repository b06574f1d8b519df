/* SPDX-License-Identifier: GPL-2.0-only */
/* Compare the tables of filters with the oracle. */
#ifndef CHECK_H
#define CHECK_H

#include "mutate.h"

#define MAX_STACK	48

struct stats {
	uint64_t programs;
	uint64_t decisions;	/* one for a stack, an ABI and a number */
	uint64_t constant;	/* found constant */
	uint64_t despite;	/* ... by argument-dependent ways */
	uint64_t rests;		/* evaluated in part */
	uint64_t missed;	/* seems constant despite arguments; not found */
	uint64_t runs;		/* of the oracle */
};

/* Where checks are counted. */
extern struct stats *stats;

/* Also count what is missed: those numbers are run for all arguments, too. */
extern bool check_counts_missed;

/*
 * How many argument sets to try for a number that is constant despite them, and
 * for one that is not constant.
 */
extern unsigned int check_trials, check_plain_trials;

/*
 * How many of 100 filters lose what is known of them, or their table, or both,
 * before another one is attached.
 */
extern unsigned int check_losses;

/*
 * Attach a stack of filters, the oldest one first, and check the table; if it is
 * wrong say why to @out. The filters' log flags follow from @seed, and so does
 * what is lost.
 */
bool check_stack(const struct program *const *stack, unsigned int depth,
		 uint64_t seed, FILE *out);

/* The same for a single filter. */
bool check_program(const struct program *p, uint64_t seed, FILE *out);

/* The same when allocations fail: the table has to be right, not complete. */
bool check_failing(const struct program *const *stack, unsigned int depth,
		   uint64_t seed, FILE *out);

/* Remove from programs what is not needed for check_stack() to fail. */
void check_shrink(struct program *const *stack, unsigned int depth, uint64_t seed);

#endif
