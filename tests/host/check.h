/* SPDX-License-Identifier: GPL-2.0-only */
/* Compare the classifier with the oracle. */
#ifndef CHECK_H
#define CHECK_H

#include "program.h"

struct seccomp_filter;
struct seccomp_table;

#define MAX_STACK	3

struct stats {
	uint64_t programs;
	uint64_t decisions;	/* one for a program, an ABI and a number */
	uint64_t constant;	/* found constant */
	uint64_t despite;	/* ... by argument-dependent ways */
	uint64_t missed;	/* seems constant despite arguments; not found */
	uint64_t runs;		/* of the oracle */
};

/* Where checks are counted. */
extern struct stats *stats;

/* Also count what is missed: those numbers are run for all arguments, too. */
extern bool check_counts_missed;

/* How many argument sets to try for a number that is constant despite them. */
extern unsigned int check_trials;

/* Classify a program and check the table; if it is wrong say why to @out. */
bool check_program(const struct program *p, uint64_t seed, FILE *out);

/* The same for the merged table of a stack of filters, the oldest one first. */
bool check_stack(const struct program *const *stack, unsigned int depth,
		 uint64_t seed, FILE *out);

/* What stands for the filter @index of a stack in its tables. */
struct seccomp_filter *check_filter(int index);

/* Is a table sound for a program? It need not be complete. */
bool check_table(const struct program *p, const struct seccomp_table *table,
		 uint64_t seed, FILE *out);

/* Remove from a program what is not needed for check_program() to fail. */
void check_shrink(struct program *p, uint64_t seed);

#endif
