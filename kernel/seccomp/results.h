/* SPDX-License-Identifier: GPL-2.0-only */
/* What one filter does with each system call, as classifiers find out. */
#ifndef _KERNEL_SECCOMP_RESULTS_H
#define _KERNEL_SECCOMP_RESULTS_H

#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/string.h>
#include <linux/types.h>

#include "limits.h"
#include "rows.h"

enum seccomp_outcome_kind {
	SECCOMP_CONSTANT,	/* returns @value for any arguments */
	SECCOMP_REST,		/* can be evaluated from instruction @value on */
	SECCOMP_RUN,		/* first loads an argument at @value, if not 0 */
};

struct seccomp_outcome {
	u32 value;
	u8 kind;
};

/* The outcomes that every filter has. */
enum {
	SECCOMP_OUTCOME_ALLOW,
	SECCOMP_OUTCOME_RUN,
	SECCOMP_NR_FIXED_OUTCOMES,
};

/* Twice as many slots as there can be outcomes. */
#define SECCOMP_OUTCOME_SLOTS	(2 * SECCOMP_MAX_CLASSES)

/**
 * struct seccomp_results - the outcomes of one filter, found by a classifier
 * @allow: rows with a constant ALLOW
 * @row: for each other row its outcome
 * @nr_outcomes: number of different outcomes
 * @outcome: what they are
 * @slot: hash table of outcomes by kind and value, 0 where empty
 */
struct seccomp_results {
	DECLARE_BITMAP(allow, SECCOMP_TABLE_ROWS);
	u8 row[SECCOMP_TABLE_ROWS];
	unsigned int nr_outcomes;
	struct seccomp_outcome outcome[SECCOMP_MAX_CLASSES];
	u8 slot[SECCOMP_OUTCOME_SLOTS];
};

/**
 * struct seccomp_own - results of a program, in little memory
 * @nr_outcomes: number of different outcomes
 * @nr_runs: number of runs of rows with the same outcome
 * @value: value of each outcome; then a byte with the kind of each; then two bytes for
 *	each run: its number of rows less 1, and the outcome
 */
struct seccomp_own {
	u16 nr_outcomes;
	u16 nr_runs;
	u32 value[];
};

struct seccomp_results *seccomp_results_alloc(void);
struct seccomp_own *seccomp_results_pack(const struct seccomp_results *results);
struct seccomp_results *seccomp_results_unpack(const struct seccomp_own *own);
u8 seccomp_results_id(struct seccomp_results *results,
		      enum seccomp_outcome_kind kind, u32 value);
void seccomp_results_set_row(struct seccomp_results *results, unsigned int row,
			     u8 id);
int seccomp_results_intersect(struct seccomp_results *results,
			      const struct seccomp_results *other);

/* Set the outcome, which is not ALLOW, of rows in a word of a set. */
static __always_inline void seccomp_results_fill(u8 *row, unsigned long word, u8 id)
{
	/* Many filters do the same with a whole ABI. */
	if (word == ~0UL)
		memset(row, id, BITS_PER_LONG);
	else
		for (; word; word &= word - 1)
			row[__ffs(word)] = id;
}

/* The outcome of a row. */
static inline u8 seccomp_results_row(const struct seccomp_results *results,
				     unsigned int row)
{
	return test_bit(row, results->allow) ? SECCOMP_OUTCOME_ALLOW :
					       results->row[row];
}

#endif /* _KERNEL_SECCOMP_RESULTS_H */
