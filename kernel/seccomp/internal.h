/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of this directory share among themselves. */
#ifndef _KERNEL_SECCOMP_INTERNAL_H
#define _KERNEL_SECCOMP_INTERNAL_H

#include <linux/gfp_types.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seccomp_bitmap.h>

#include "limits.h"
#include "table.h"

/*
 * Memory for what only saves time: without it filters are run. So nothing is
 * killed or retried for it.
 */
#define SECCOMP_GFP_OPTIONAL	(GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY)

/* Actions compare as seccomp_run_filters() compares them: signed. */
static __always_inline s32 seccomp_action(u32 ret)
{
	return ret & SECCOMP_RET_ACTION_FULL;
}

/* Is it of no use to go on attaching? Lets others run, too. */
static inline bool seccomp_killed(void)
{
	cond_resched();
	return fatal_signal_pending(current);
}

/* --- What one filter does with a number: results.c --- */

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

/* --- Classifiers --- */

/**
 * struct seccomp_classifier - a way to find a filter's constant results
 * @name: value of the boot parameter
 * @usable: can it be used on this machine? Called once at boot, may sleep.
 * @classify: set the outcome of each row that it can find out. The others stay
 *	at %SECCOMP_OUTCOME_RUN, also for want of memory; there is no rest if not
 *	@rests. @classify is NULL when nothing is ever constant. Process context,
 *	no locks held, may sleep. Returns 0; -ENOMEM if there might have been more
 *	to find out; or -EINTR when a fatal signal is pending.
 */
struct seccomp_classifier {
	const char *name;
	bool (*usable)(void);
	int (*classify)(const struct bpf_prog *prog, bool rests,
			struct seccomp_results *results);
};

extern const struct seccomp_classifier seccomp_crosscheck;
extern const struct seccomp_classifier seccomp_probe;
extern const struct seccomp_classifier seccomp_symbolic;

int seccomp_classify(const struct bpf_prog *prog, bool rests,
		     struct seccomp_results *results);

bool seccomp_probe_usable(void);
const char *seccomp_probe_fault(void);

#ifdef CONFIG_SECCOMP_BITMAP_KUNIT_TEST
extern bool seccomp_probe_flushes;
#endif

#endif /* _KERNEL_SECCOMP_INTERNAL_H */
