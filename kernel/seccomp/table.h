/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables: what is left to do for each system call under a stack of filters. */
#ifndef _KERNEL_SECCOMP_TABLE_H
#define _KERNEL_SECCOMP_TABLE_H

#include <linux/bitmap.h>
#include <linux/filter.h>
#include <linux/nospec.h>
#include <linux/rcupdate.h>
#include <linux/seccomp_bitmap.h>

#include "limits.h"
#include "rest.h"
#include "rows.h"
#include "share.h"

/* Rows that find their class in one leaf of a table. */
#define SECCOMP_LEAF_ROWS	16

struct seccomp_results;

#define SECCOMP_TABLE_WORDS	BITS_TO_LONGS(SECCOMP_TABLE_ROWS)
#define SECCOMP_TABLE_LEAVES	(SECCOMP_TABLE_ROWS / SECCOMP_LEAF_ROWS)

/* The classes that need no entry in a table; one more for each other one. */
enum {
	SECCOMP_CLASS_ALLOW,
	SECCOMP_CLASS_FILTER,	/* run all filters */
	SECCOMP_NR_FIXED_CLASSES,
};

/**
 * struct seccomp_step - a filter that a system call still has to ask
 * @prog: its program, or NULL to evaluate a rest of it
 * @first_op: the first operation of the rest
 * @nr_ops: how many it has
 * @mask: what bounds them under speculation: the least 2^n - 1 that they fit
 * @place: the filter's place in the stack, counted from the oldest
 * @log: the filter's log flag
 */
struct seccomp_step {
	const struct bpf_prog *prog;
	u16 first_op;
	u8 nr_ops;
	u8 mask;
	u16 place;
	bool log;
};

/**
 * struct seccomp_class - what is left to do for a system call
 * @ret: the strongest constant result of all filters
 * @place: place of the newest filter with @ret
 * @log: log flag of that filter
 * @reads_all: do steps read more than arguments?
 * @one_rest: is there just one step, a rest, which alone decides?
 * @first_step: index of the first step
 * @nr_steps: how many filters must be asked besides
 */
struct seccomp_class {
	u32 ret;
	u16 place : 13;
	u16 log : 1;
	u16 reads_all : 1;
	u16 one_rest : 1;
	u8 first_step;
	u8 nr_steps;
};

static_assert(SECCOMP_MAX_STEPS <= U8_MAX && SECCOMP_MAX_FILTERS <= BIT(13));
/* What is taken for one by speculation, see seccomp_table_class(), lies in a leaf. */
static_assert(SECCOMP_NR_FIXED_CLASSES * sizeof(struct seccomp_class) <= SECCOMP_LEAF_ROWS);

/* Is there just one step, which alone decides? */
static inline bool seccomp_class_is_one(const struct seccomp_class *class)
{
	return class->nr_steps == 1 && class->ret == SECCOMP_RET_ALLOW;
}

/**
 * struct seccomp_table - the classes of all system calls under a stack of filters
 * @allow: the rows that are always allowed: all that the fast path reads
 * @rcu: to free it when there are no users any more
 * @leaf: for each %SECCOMP_LEAF_ROWS rows the leaf with their classes
 * @shared: how it is shared; its count is the number of owners
 * @nr_filters: depth of the stack
 * @nr_classes: number of entries at @classes
 * @nr_steps: number of entries at @steps
 * @classes: offset of the array of struct seccomp_class
 * @steps: offset of the array of struct seccomp_step. Right before it are the keys,
 *	from the oldest filter to the newest.
 * @ops: offset of the operations of all rests; there is always one to read
 * @rows: the leaves. What one says of an allowed row has no meaning, so that
 *	leaves which differ there only are one.
 *
 * Immutable once a task can see it, but for @shared. Steps point to programs of the
 * stack; a table never points to another one. It lies in ordinary heap
 * memory, as the bitmaps of the cache that it replaces do.
 */
struct seccomp_table {
	union {
		unsigned long allow[SECCOMP_TABLE_WORDS];
		struct rcu_head rcu;
	};
	u8 leaf[SECCOMP_TABLE_LEAVES];
	struct seccomp_shared shared;
	u16 nr_filters;
	u16 nr_classes;
	u16 nr_steps;
	u16 classes;
	u16 steps;
	u16 ops;
	u8 rows[][SECCOMP_LEAF_ROWS] __aligned(4);
};

/**
 * seccomp_table_allows() - is a system call always allowed?
 * @table: table of the calling task's newest filter
 * @row: the row of the call
 *
 * Context: any.
 * Return: true when all filters would allow the call, with any arguments.
 */
static __always_inline bool
seccomp_table_allows(const struct seccomp_table *table, unsigned long row)
{
	return test_bit(row, table->allow);
}

/* The class of a row that is not always allowed. */
static __always_inline unsigned int
seccomp_table_other_class_id(const struct seccomp_table *table,
			     unsigned long row)
{
	return table->rows[table->leaf[row / SECCOMP_LEAF_ROWS]]
			  [row % SECCOMP_LEAF_ROWS];
}

/**
 * seccomp_table_class_id() - class of a row
 * @table: table
 * @row: the row of the call
 *
 * Context: any.
 * Return: the number of the row's class.
 */
static __always_inline unsigned int
seccomp_table_class_id(const struct seccomp_table *table, unsigned long row)
{
	return seccomp_table_allows(table, row) ?
		SECCOMP_CLASS_ALLOW : seccomp_table_other_class_id(table, row);
}

/*
 * The entry of a class that is not one of the fixed ones. Signed: by speculation one of
 * these may get here. Then leaves are taken for an entry, which is harmless: steps are
 * looked for among those of @table.
 */
static __always_inline const struct seccomp_class *
seccomp_table_class(const struct seccomp_table *table, unsigned int id)
{
	const struct seccomp_class *classes = (void *)table + table->classes;

	return &classes[(long)id - SECCOMP_NR_FIXED_CLASSES];
}

static inline struct seccomp_step *
seccomp_table_steps(const struct seccomp_table *table)
{
	return (void *)table + table->steps;
}

/* Bytes that the keys of a stack take; deeper ones are not shared. */
static inline size_t seccomp_keys_size(unsigned int nr_filters)
{
	return nr_filters > SECCOMP_MAX_SHARED ? 0 : nr_filters * sizeof(u64);
}

/*
 * What of each filter the table depends on: the number of its program, and its log
 * flag. All are 0 if others must not share the program of one.
 */
static inline u64 *seccomp_table_keys(const struct seccomp_table *table)
{
	return (void *)table + table->steps - seccomp_keys_size(table->nr_filters);
}

/**
 * seccomp_table_step() - a step of a class
 * @table: table
 * @index: its index
 *
 * By speculation a class without steps may get here, or what is none, and a loop over
 * steps may go on too long: what lies behind the steps must not be taken for one.
 *
 * Context: any.
 * Return: the step; under speculation NULL if there is none, where nothing can be read.
 */
static __always_inline const struct seccomp_step *
seccomp_table_step(const struct seccomp_table *table, unsigned int index)
{
	unsigned long mask = array_index_mask_nospec(index, table->nr_steps);

	return (void *)((unsigned long)(seccomp_table_steps(table) + index) & mask);
}

static inline u64 seccomp_table_key(u64 program, bool log)
{
	return program ? program << 1 | log : 0;
}

static inline struct seccomp_op *
seccomp_table_ops(const struct seccomp_table *table)
{
	return (void *)table + table->ops;
}

/* The operations of a rest. */
static __always_inline const struct seccomp_op *
seccomp_step_ops(const struct seccomp_table *table,
		 const struct seccomp_step *step)
{
	const struct seccomp_op *ops = seccomp_table_ops(table) + step->first_op;

	OPTIMIZER_HIDE_VAR(ops);	/* one register for their place */
	return ops;
}

extern struct seccomp_table seccomp_unknown_table;

void seccomp_allow_exempt(unsigned long *allow);
struct seccomp_table *seccomp_table_alloc(const struct seccomp_table *counts,
					  unsigned int nr_leaves,
					  unsigned int nr_ops);
struct seccomp_verdict seccomp_class_run(const struct seccomp_table *table,
					 const struct seccomp_class *class,
					 struct seccomp_input *input);
bool seccomp_early_verdict(const struct seccomp_table *table,
			   struct seccomp_verdict *verdict);
struct seccomp_table *seccomp_table_freeze(const struct seccomp_results *own,
					   const struct bpf_prog *prog, bool log,
					   const struct seccomp_table *older);
struct seccomp_table *seccomp_table_find(const struct seccomp_table *older, u64 key);
struct seccomp_table *seccomp_table_share(struct seccomp_table *table,
					  const struct seccomp_table *older, u64 key);

#endif /* _KERNEL_SECCOMP_TABLE_H */
