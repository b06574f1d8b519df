// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables: what is left to do for each system call under a stack of filters. They
 * are looked up here, and built in build.c.
 */

#include <linux/bitops.h>
#include <linux/filter.h>
#include <linux/kernel.h>
#include <linux/seccomp.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/unistd.h>

#include "internal.h"
#include "rest.h"

static_assert(SECCOMP_MAX_CLASSES - 1 <= U8_MAX);
static_assert(SECCOMP_TABLE_LEAVES <= U8_MAX);
static_assert(SECCOMP_ARCH_NATIVE_NR <= SECCOMP_ABI_ROWS);
#ifdef SECCOMP_ARCH_COMPAT
static_assert(SECCOMP_ARCH_COMPAT_NR <= SECCOMP_ABI_ROWS);
#endif

/* Of filters that are always run. */
struct seccomp_table seccomp_unknown_table = {
	.refs = REFCOUNT_INIT(1),
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

/* Where each part of a table lies; its size in all. */
static size_t table_lay_out(struct seccomp_table *table, unsigned int nr_leaves)
{
	size_t end = struct_size_t(struct seccomp_table, rows, nr_leaves);

	table->steps = end;
	end += table->nr_steps * sizeof(struct seccomp_step);
	table->ops = end;
	end += table->nr_ops * sizeof(struct seccomp_op);
	table->classes = end;
	return end + table->nr_classes * sizeof(struct seccomp_class);
}

/**
 * seccomp_table_alloc() - allocate a table
 * @counts: its numbers of filters, classes, steps and operations
 * @nr_leaves: its number of leaves
 *
 * It is charged to the task. Tables are freed under spinlocks, hence kmalloc memory.
 *
 * Context: process context, may sleep.
 * Return: a table with one reference, zeroed but for its numbers and the offsets that
 * follow from them, or NULL without memory.
 */
struct seccomp_table *seccomp_table_alloc(const struct seccomp_table *counts,
					  unsigned int nr_leaves)
{
	struct seccomp_table layout = *counts;
	struct seccomp_table *table;

	table = kmalloc(table_lay_out(&layout, nr_leaves),
			SECCOMP_GFP_OPTIONAL | __GFP_ACCOUNT);
	if (!table)
		return NULL;
	*table = layout;
	refcount_set(&table->refs, 1);
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
	table = seccomp_table_alloc(&counts, 1);
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
	const struct seccomp_step *step, *end;
	struct seccomp_verdict verdict = {
		.ret = class->ret, .place = class->place, .log = class->log,
	};

	step = seccomp_table_steps(table) + class->first_step;
	for (end = step + class->nr_steps; step < end; step++)
		class_consider(&verdict, step_run(table, step, input), step);
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
	struct seccomp_input input = { .sd = *sd };
	int row = seccomp_row(sd->arch, sd->nr);
	unsigned int id;

	if (!table || row < 0)
		return false;

	id = seccomp_table_class_id(table, row);
	if (id == SECCOMP_CLASS_FILTER)
		return false;
	if (id == SECCOMP_CLASS_ALLOW)
		*verdict = (struct seccomp_verdict) { .ret = SECCOMP_RET_ALLOW };
	else
		*verdict = seccomp_class_run(table, seccomp_table_class(table, id),
					     &input);
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
		refcount_inc(&table->refs);
	return table;
}

/**
 * seccomp_table_put() - drop a reference to a table
 * @table: table, or NULL
 *
 * Context: any; the last reference frees it.
 */
void seccomp_table_put(struct seccomp_table *table)
{
	if (table && refcount_dec_and_test(&table->refs))
		kfree(table);
}
