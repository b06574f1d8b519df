/* SPDX-License-Identifier: GPL-2.0-only */
/* A table that is being built: private to build.c and classes.c. */
#ifndef _KERNEL_SECCOMP_BUILD_H
#define _KERNEL_SECCOMP_BUILD_H

#include <linux/bitmap.h>
#include <linux/filter.h>
#include <linux/types.h>

#include "limits.h"
#include "rest.h"
#include "results.h"
#include "table.h"

#define PAIR_SLOTS	(2 * SECCOMP_MAX_CLASSES)
#define REST_SLOTS	(2 * (SECCOMP_MAX_STEPS + 1))
/* One more than tables have groups of rows: the empty leaf is there from the start. */
#define MAX_LEAVES	(SECCOMP_TABLE_LEAVES + 1)
#define LEAF_WORDS	(SECCOMP_LEAF_ROWS / sizeof(u64))

/* An outcome of the newest filter on top of a class of the older ones. */
union pair {
	struct {
		u8 outcome;
		u8 class;
	};
	u16 both;	/* 0: always allowed */
};

/* The classes of a leaf's rows, 0 for those that are allowed. */
union leaf {
	u8 row[SECCOMP_LEAF_ROWS];
	u64 word[LEAF_WORDS];
};

/**
 * struct table_build - a table that is being built
 * @own: outcomes of the newest filter
 * @orig: its instructions
 * @older: table of the older filters, or NULL
 * @step: what running the newest filter takes
 * @allow: as in the table
 * @nr_classes: number of classes, the fixed ones included
 * @nr_leaves: number of different leaves
 * @nr_steps: number of steps of all classes
 * @nr_ops: number of operations
 * @ops_end: what their masks reach
 * @class: classes that are not fixed
 * @steps: their steps
 * @ops: the operations of these
 * @decoded: a rest of the newest filter
 * @own_rests: has the newest filter rests?
 * @own_class: for each outcome of @own the last class that has a step for it, which is the
 *	first one there; 0 if there is none
 * @ops_above: for each operation of @older where it is here, counted from 1, if a rest
 *	starts with it that has been added; else 0
 * @full: was there no room for a class with steps?
 * @rest_slot: hash table of rests by their operations: the step that has one, counted
 *	from 1, or 0 where empty
 * @rest_class: for the rest that starts at each operation the last class that has it
 * @slot: hash table of classes by pair, 0 where empty
 * @pair: what each class is made of
 * @last: for each outcome of @own the last pair that it was in, 0 if there is none: that
 *	of the next row is often the same
 * @last_class: the class of that pair
 * @leaf: as in the table
 * @rows: as in the table
 * @set: for each leaf all bits of those rows that it has
 * @class_above: for each class of @older the class that it is if the newest filter
 *	allows the call; 0 if that is not known
 * @leaf_above: for leaves of @older the same, as far as @rows_above
 * @rows_above: rows of each leaf that @leaf_above is good for
 */
struct table_build {
	const struct seccomp_results *own;
	const struct sock_fprog_kern *orig;
	const struct seccomp_table *older;
	struct seccomp_step step;
	DECLARE_BITMAP(allow, SECCOMP_TABLE_ROWS);
	unsigned int nr_classes;
	unsigned int nr_leaves;
	unsigned int nr_steps;
	unsigned int nr_ops;
	unsigned int ops_end;
	struct seccomp_class *class;
	struct seccomp_step *steps;
	struct seccomp_op *ops;
	struct seccomp_op decoded[SECCOMP_MAX_OPS];
	bool own_rests;
	u8 own_class[SECCOMP_MAX_CLASSES];
	u16 ops_above[SECCOMP_MAX_OPS_ALL];
	bool full;
	u8 rest_slot[REST_SLOTS];
	u8 rest_class[SECCOMP_MAX_OPS_ALL];
	u8 slot[PAIR_SLOTS];
	union pair pair[SECCOMP_MAX_CLASSES];
	union pair last[SECCOMP_MAX_CLASSES];
	u8 last_class[SECCOMP_MAX_CLASSES];
	u8 leaf[SECCOMP_TABLE_LEAVES];
	union leaf rows[MAX_LEAVES];
	union leaf set[MAX_LEAVES];
	u8 class_above[SECCOMP_MAX_CLASSES];
	u8 leaf_above[SECCOMP_TABLE_LEAVES];
	u16 rows_above[SECCOMP_TABLE_LEAVES];
};

u8 seccomp_build_class(struct table_build *build, union pair pair);
u8 seccomp_build_class_above(struct table_build *build, u8 older);

#endif /* _KERNEL_SECCOMP_BUILD_H */
