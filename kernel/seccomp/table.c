// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables: what is left to do for each system call under a stack of filters. They
 * are looked up here, and built in build.c.
 */

#include <linux/bitops.h>
#include <linux/filter.h>
#include <linux/kernel.h>
#include <linux/seccomp.h>
#include <linux/seccomp_bitmap.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/unistd.h>

#include "internal.h"
#include "limits.h"
#include "rest.h"
#include "table.h"

static_assert(SECCOMP_MAX_CLASSES - 1 <= U8_MAX);
static_assert(SECCOMP_TABLE_LEAVES <= U8_MAX);
static_assert(SECCOMP_ARCH_NATIVE_NR <= SECCOMP_ABI_ROWS);
static_assert(SECCOMP_ARCH_COMPAT_NR <= SECCOMP_ABI_ROWS);
static_assert(SECCOMP_ARCH_COMPAT2_NR <= SECCOMP_ABI_ROWS);

/* Of filters that are always run. */
struct seccomp_table seccomp_unknown_table = {
	.shared.refs = REFCOUNT_INIT(1),
	.rows = { { [0 ... SECCOMP_LEAF_ROWS - 1] = SECCOMP_CLASS_FILTER } },
};

/*
 * Native calls that the kernel itself makes tasks do, so that no filter can expect
 * them: every filter is taken to allow them.
 */
static const int seccomp_exempt_nrs[] = {
#ifdef __NR_uretprobe
	__NR_uretprobe,
#endif
#ifdef __NR_uprobe
	__NR_uprobe,
#endif
};

/**
 * seccomp_exempt() - is a system call never filtered?
 * @arch: AUDIT_ARCH value of the calling ABI
 * @nr: system call number
 *
 * Context: any.
 * Return: true when every filter has to be taken to allow the call.
 */
bool seccomp_exempt(u32 arch, int nr)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(seccomp_exempt_nrs); i++)
		if (arch == SECCOMP_ARCH_NATIVE && nr == seccomp_exempt_nrs[i])
			return true;
	return false;
}

/**
 * seccomp_allow_exempt() - allow the calls that are never filtered
 * @allow: bitmap of rows
 *
 * Context: any.
 */
void seccomp_allow_exempt(unsigned long *allow)
{
	unsigned int i;
	int row;

	for (i = 0; i < ARRAY_SIZE(seccomp_exempt_nrs); i++) {
		row = seccomp_row(SECCOMP_ARCH_NATIVE, seccomp_exempt_nrs[i]);
		if (row >= 0)
			__set_bit(row, allow);
	}
}

/*
 * Where each part of a table lies; its size in all. Speculation may read an operation even
 * from a table without steps. That has none, to save room: what it reads there are the
 * table's own counts, which make a harmless operation.
 */
static size_t table_lay_out(struct seccomp_table *table, unsigned int nr_leaves,
			    unsigned int nr_ops)
{
	/* Not struct_size(): there is no padding before the leaves. */
	size_t end = offsetof(struct seccomp_table, rows[nr_leaves]);

	table->classes = end;
	end += table->nr_classes * sizeof(struct seccomp_class);
	end = ALIGN(end, sizeof(u64)) + seccomp_keys_size(table->nr_filters);
	table->steps = end;
	table->ops = offsetof(struct seccomp_table, nr_filters);
	if (!table->nr_steps)
		return end;
	end += table->nr_steps * sizeof(struct seccomp_step);
	table->ops = end;
	return end + max(nr_ops, 1U) * sizeof(struct seccomp_op);
}

/**
 * seccomp_table_alloc() - allocate a table
 * @counts: its numbers of filters, classes and steps
 * @nr_leaves: its number of leaves
 * @nr_ops: its number of operations
 *
 * It is charged to the task. Tables are freed under spinlocks, hence kmalloc memory.
 *
 * Context: process context, may sleep.
 * Return: a table with one reference, whose header and keys are zeroed but for its
 * numbers and the offsets that follow from them, or NULL without memory.
 */
struct seccomp_table *seccomp_table_alloc(const struct seccomp_table *counts,
					  unsigned int nr_leaves,
					  unsigned int nr_ops)
{
	struct seccomp_table layout = *counts;
	struct seccomp_table *table;

	table = kmalloc(table_lay_out(&layout, nr_leaves, nr_ops),
			SECCOMP_GFP_OPTIONAL | __GFP_ACCOUNT);
	if (!table)
		return NULL;
	*table = layout;
	if (table->nr_steps)
		memset(seccomp_table_ops(table), 0, sizeof(struct seccomp_op));
	memset(seccomp_table_keys(table), 0, seccomp_keys_size(table->nr_filters));
	refcount_set(&table->shared.refs, 1);
	return table;
}

/**
 * seccomp_table_of_programs() - start a table of filters of which nothing is known
 * @nr_filters: depth of the stack, each of which the caller still has to set
 *
 * What is attached on top of filters without a table is built on this.
 *
 * Context: process context, may sleep.
 * Return: a table in which each row runs all filters, or NULL without memory.
 */
struct seccomp_table *seccomp_table_of_programs(unsigned int nr_filters)
{
	const struct seccomp_table counts = {
		.nr_filters = nr_filters, .nr_classes = 1, .nr_steps = nr_filters,
	};
	struct seccomp_table *table;
	struct seccomp_class *class;

	if (nr_filters > SECCOMP_MAX_STEPS)
		return NULL;
	table = seccomp_table_alloc(&counts, 1, 0);
	if (!table)
		return NULL;

	seccomp_allow_exempt(table->allow);
	memset(table->rows, SECCOMP_NR_FIXED_CLASSES, sizeof(*table->rows));
	class = (void *)table + table->classes;
	*class = (struct seccomp_class) {
		.ret = SECCOMP_RET_ALLOW, .nr_steps = nr_filters, .reads_all = true,
	};
	return table;
}

/**
 * seccomp_table_set_program() - set a filter of seccomp_table_of_programs()
 * @table: the table
 * @place: the filter's place, counted from the oldest
 * @prog: its program
 * @log: its log flag
 *
 * Context: any.
 */
void seccomp_table_set_program(struct seccomp_table *table, unsigned int place,
			       const struct bpf_prog *prog, bool log)
{
	seccomp_table_steps(table)[table->nr_filters - 1 - place] =
		(struct seccomp_step) { .prog = prog, .place = place, .log = log };
}

/* What a filter returns that has to be asked. */
static u32 step_run(const struct seccomp_table *table,
		    const struct seccomp_step *step, struct seccomp_input *input)
{
	if (step->prog)
		return bpf_prog_run_pin_on_cpu(step->prog, &input->sd);
	input->a = 0;
	return seccomp_rest_run(seccomp_step_ops(table, step), step->mask, input);
}

/* The lower action wins, and of equal ones the newer filter. */
static void class_consider(struct seccomp_verdict *verdict, u32 ret,
			   const struct seccomp_step *step)
{
	s32 action = seccomp_action(ret), so_far = seccomp_action(verdict->ret);

	if (action > so_far || action == SECCOMP_RET_ALLOW)
		return;
	if (action == so_far && step->place < verdict->place)
		return;
	verdict->ret = ret;
	verdict->place = step->place;
	verdict->log = step->log;
}

/**
 * seccomp_class_run() - verdict on a system call, given its class
 * @table: table of the calling task's newest filter
 * @class: class of the system call in it
 * @input: the system call; not read if @class has no steps
 *
 * Context: system call entry: process context, preemptible.
 * Return: what running all filters would give.
 */
struct seccomp_verdict seccomp_class_run(const struct seccomp_table *table,
					 const struct seccomp_class *class,
					 struct seccomp_input *input)
{
	const struct seccomp_step *step;
	struct seccomp_verdict verdict = {
		.ret = class->ret, .place = class->place, .log = class->log,
	};
	unsigned int i;

	for (i = 0; i < class->nr_steps; i++) {
		step = seccomp_table_step(table, class->first_step + i);
		class_consider(&verdict, step_run(table, step, input), step);
	}
	return verdict;
}

/**
 * seccomp_table_decide() - verdict of a stack by its table
 * @table: table of the calling task's newest filter, or NULL
 * @sd: the system call
 * @verdict: where to put what running all filters would give
 *
 * Context: system call entry: process context, preemptible.
 * Return: false when all filters have to be run.
 */
bool seccomp_table_decide(const struct seccomp_table *table,
			  const struct seccomp_data *sd,
			  struct seccomp_verdict *verdict)
{
	int row = seccomp_row(sd->arch, sd->nr);
	struct seccomp_input input;
	unsigned int id;

	if (!table || row < 0)
		return false;

	id = seccomp_table_class_id(table, row);
	if (id == SECCOMP_CLASS_FILTER)
		return false;
	if (id == SECCOMP_CLASS_ALLOW) {
		*verdict = (struct seccomp_verdict) { .ret = SECCOMP_RET_ALLOW };
		return true;
	}
	input = (struct seccomp_input) { .sd = *sd };
	*verdict = seccomp_class_run(table, seccomp_table_class(table, id), &input);
	return true;
}

/**
 * seccomp_table_newer() - how far is it to the filter of a verdict?
 * @table: table of the calling task's newest filter
 * @verdict: what seccomp_table_decide() said
 *
 * Context: any.
 * Return: the number of newer filters.
 */
unsigned int seccomp_table_newer(const struct seccomp_table *table,
				 const struct seccomp_verdict *verdict)
{
	return table->nr_filters - 1 - verdict->place;
}

/**
 * seccomp_table_get() - take a reference to a table
 * @table: table, or NULL
 *
 * Context: any.
 * Return: @table.
 */
struct seccomp_table *seccomp_table_get(struct seccomp_table *table)
{
	if (table)
		refcount_inc(&table->shared.refs);
	return table;
}

/**
 * seccomp_table_put() - drop a reference to a table
 * @table: table, or NULL
 *
 * Context: the last reference: as for seccomp_share_remove(). Otherwise any.
 */
void seccomp_table_put(struct seccomp_table *table)
{
	if (!table || !refcount_dec_and_test(&table->shared.refs))
		return;
	seccomp_share_remove(&seccomp_tables, &table->shared);
	kfree_rcu(table, rcu);
}

/* Hash of the keys of a stack, given that of the older filters. */
static u32 table_hash(const struct seccomp_table *older, u64 key)
{
	const u64 keys[] = { older ? older->shared.hash : 0, key };

	return seccomp_share_hash(keys, sizeof(keys));
}

/* Are all filters such that others can have the same? */
static bool table_sharable(const struct seccomp_table *older, u64 key)
{
	if (!seccomp_share_enabled() || !key)
		return false;
	/* If one cannot be shared its table has no keys at all. */
	return !older || (older->nr_filters < SECCOMP_MAX_SHARED &&
			  seccomp_table_keys(older)[0]);
}

/* Note what @table is for. Returns false if it is not to be shared. */
static bool table_set_keys(struct seccomp_table *table,
			   const struct seccomp_table *older, u64 key)
{
	u64 *keys = seccomp_table_keys(table);

	if (!table_sharable(older, key))
		return false;
	if (older)
		memcpy(keys, seccomp_table_keys(older),
		       seccomp_keys_size(older->nr_filters));
	keys[table->nr_filters - 1] = key;
	table->shared.hash = table_hash(older, key);
	return true;
}

/* Keeps a table, of which it has a reference, only if it is the one looked for. */
static struct seccomp_table *table_match(struct seccomp_shared *shared,
					 const struct seccomp_table *older, u64 key)
{
	struct seccomp_table *table = container_of(shared, struct seccomp_table, shared);
	const unsigned int depth = older ? older->nr_filters : 0;
	const u64 *keys = seccomp_table_keys(table);

	if (table->nr_filters == depth + 1 && keys[depth] == key &&
	    (!older || !memcmp(keys, seccomp_table_keys(older), depth * sizeof(*keys))))
		return table;
	seccomp_table_put(table);
	return NULL;
}

/**
 * seccomp_table_find() - find the table of a stack that another task has, too
 * @older: table of the older filters, or NULL if there are none
 * @key: of the newest filter: see seccomp_table_keys()
 *
 * Context: process context; the caller keeps @older alive, and holds references
 * to all programs of the stack.
 * Return: a reference to the table, or NULL.
 */
struct seccomp_table *seccomp_table_find(const struct seccomp_table *older, u64 key)
{
	struct seccomp_shared *shared;

	if (!table_sharable(older, key))
		return NULL;
	shared = seccomp_share_get(&seccomp_tables, table_hash(older, key));
	return shared ? table_match(shared, older, key) : NULL;
}

/**
 * seccomp_table_share() - let others find a new table
 * @table: the table, or NULL
 * @older: table of the older filters, or NULL if there are none
 * @key: of the newest filter
 *
 * Context: as for seccomp_table_find().
 * Return: @table, or in its place an equal one that was there before.
 */
struct seccomp_table *seccomp_table_share(struct seccomp_table *table,
					  const struct seccomp_table *older, u64 key)
{
	struct seccomp_shared *shared;
	struct seccomp_table *other;

	if (!table || !table_set_keys(table, older, key))
		return table;

	shared = seccomp_share_add(&seccomp_tables, &table->shared);
	other = shared ? table_match(shared, older, key) : NULL;
	if (!other)
		return table;	/* it was added, or another one has just its hash */
	seccomp_table_put(table);
	return other;
}
