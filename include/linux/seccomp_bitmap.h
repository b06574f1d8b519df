/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Constant seccomp results, worked out when a filter is attached and answered
 * from bitmaps afterwards. See Documentation/userspace-api/seccomp_bitmap.rst.
 */
#ifndef _LINUX_SECCOMP_BITMAP_H
#define _LINUX_SECCOMP_BITMAP_H

#include <linux/filter.h>
#include <linux/seccomp.h>

struct seccomp_filter;
struct seq_file;

/**
 * struct seccomp_plan - what is left to do of running filters for a system call
 * @ret: without @prog, what one of the filters returns for any arguments
 * @match: the filter that returns @ret, or that @prog is of; NULL for
 *	%SECCOMP_RET_ALLOW
 * @prog: program to run instead, because what it returns depends on arguments
 * @older: what is left to do of the older filters, NULL when it is nothing
 *
 * A plan without @prog and @older is a constant result. In the others a filter
 * occurs at most once; those that can have no influence do not occur.
 */
struct seccomp_plan {
	u32 ret;
	struct seccomp_filter *match;
	const struct bpf_prog *prog;
	const struct seccomp_plan *older;
};

#ifdef CONFIG_SECCOMP_BITMAP
#include <linux/array_size.h>
#include <linux/bitmap.h>
#include <linux/nospec.h>
#include <linux/refcount.h>
#include <asm/seccomp_bitmap.h>
#include <asm/unistd.h>

/* Rows of one ABI in a table: room for the largest system call table. */
#define SECCOMP_ABI_ROWS	512

#define SECCOMP_NR_ABIS		ARRAY_SIZE(seccomp_abis)
#define SECCOMP_TABLE_ROWS	(SECCOMP_NR_ABIS * SECCOMP_ABI_ROWS)
#define SECCOMP_TABLE_WORDS	BITS_TO_LONGS(SECCOMP_TABLE_ROWS)

/* The classes that every table has; one more for each other plan. */
enum {
	SECCOMP_CLASS_ALLOW,
	SECCOMP_CLASS_FILTER,	/* no plan: run all filters */
	SECCOMP_NR_FIXED_CLASSES,
};

/**
 * struct seccomp_table - the plans for one filter or for a stack
 * @refs: number of owners
 * @nr_classes: number of distinct plans, the fixed classes included
 * @plan: the plan of each class; unused for %SECCOMP_CLASS_FILTER
 * @class: for each row the class that it is in, so that a lookup takes the same
 *	time for any number of classes
 * @bitmap: for each class the rows that are in it
 *
 * Immutable once it is reachable from a filter, but for @refs. Plans point to
 * those of the filter below, which lives longer.
 */
struct seccomp_table {
	refcount_t refs;
	unsigned int nr_classes;
	struct seccomp_plan *plan;
	u8 class[SECCOMP_TABLE_ROWS];
	unsigned long bitmap[][SECCOMP_TABLE_WORDS];
};

/**
 * struct seccomp_bitmap - what is known of one filter
 * @older: of the filter below it, NULL when there is none
 * @own: plans for the filter alone; only until it is attached
 * @all: plans for the filter and all older ones
 * @entries: programs that plans run in place of all of the filter, up to a NULL
 *
 * NULL stands for a table without any plan and for no @entries. All are immutable
 * once the filter can be seen by a task, and go with it; whoever holds the filter
 * may read them without a lock.
 */
struct seccomp_bitmap {
	const struct seccomp_bitmap *older;
	struct seccomp_table *own;
	struct seccomp_table *all;
	struct bpf_prog **entries;
};

/**
 * seccomp_row() - row of a system call in every table
 * @arch: AUDIT_ARCH value of the calling ABI
 * @nr: system call number
 *
 * Context: any.
 * Return: the row, also bounded under speculation, or -1 for a number outside
 * the ABI's table or an unknown ABI.
 */
static __always_inline int seccomp_row(u32 arch, unsigned long nr)
{
	const struct seccomp_abi *abi;
	unsigned int i;

	for (i = 0; i < SECCOMP_NR_ABIS; i++) {
		abi = &seccomp_abis[i];
		if (arch != abi->arch)
			continue;
		if (nr >= abi->size)
			return -1;
		return i * SECCOMP_ABI_ROWS + array_index_nospec(nr, abi->size);
	}
	return -1;
}

/**
 * seccomp_table_lookup() - plan for a system call
 * @table: table of the calling task's newest filter, or NULL
 * @arch: AUDIT_ARCH value of the calling ABI
 * @nr: system call number
 *
 * Context: any; the caller keeps the filter that owns @table alive.
 * Return: the plan, or NULL when all filters have to be run.
 */
static __always_inline const struct seccomp_plan *
seccomp_table_lookup(const struct seccomp_table *table, u32 arch, int nr)
{
	int row = seccomp_row(arch, nr);
	unsigned int class;

	if (!table || row < 0)
		return NULL;

	class = table->class[row];
	return class == SECCOMP_CLASS_FILTER ? NULL : &table->plan[class];
}

/**
 * seccomp_bitmap_lookup() - plan for a system call
 * @bitmap: tables of the calling task's newest filter
 * @arch: AUDIT_ARCH value of the calling ABI
 * @nr: system call number
 *
 * Context: any; the caller keeps the filter that owns @bitmap alive.
 * Return: see seccomp_table_lookup().
 */
static __always_inline const struct seccomp_plan *
seccomp_bitmap_lookup(const struct seccomp_bitmap *bitmap, u32 arch, int nr)
{
	return seccomp_table_lookup(bitmap->all, arch, nr);
}

/**
 * seccomp_bitmap_allows() - is a system call always allowed?
 * @bitmap: tables of the calling task's newest filter
 * @arch: AUDIT_ARCH value of the calling ABI
 * @nr: system call number
 *
 * The short way to one of the answers of seccomp_bitmap_lookup().
 *
 * Context: any; the caller keeps the filter that owns @bitmap alive.
 * Return: true when all filters would allow the call, with any arguments.
 */
static __always_inline bool
seccomp_bitmap_allows(const struct seccomp_bitmap *bitmap, u32 arch, long nr)
{
	int row = seccomp_row(arch, nr);

	return bitmap->all && row >= 0 &&
	       bitmap->all->class[row] == SECCOMP_CLASS_ALLOW;
}

/**
 * seccomp_plan_constant() - is the result the same for any arguments?
 * @plan: plan, or NULL
 *
 * Context: any.
 * Return: true when running @plan gives its @ret and its @match.
 */
static __always_inline bool
seccomp_plan_constant(const struct seccomp_plan *plan)
{
	return plan && !plan->prog && !plan->older;
}

/**
 * seccomp_plan_reads_data() - does somebody look at struct seccomp_data?
 * @plan: plan, or NULL when all filters are run
 *
 * Context: any.
 * Return: false when only the number matters to @plan and to its result.
 */
static __always_inline bool
seccomp_plan_reads_data(const struct seccomp_plan *plan)
{
	return !seccomp_plan_constant(plan) ||
	       (plan->ret & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_USER_NOTIF;
}

/**
 * seccomp_plan_run() - get the result of all filters
 * @plan: plan for the system call
 * @sd: the system call; may be NULL if @plan is constant
 * @match: where to put the filter that the result comes from; it is not
 *	changed for %SECCOMP_RET_ALLOW
 *
 * The lowest action has priority, and the newest filter among equal ones.
 *
 * Context: any where BPF programs can run.
 * Return: what seccomp_run_filters() would return.
 */
static __always_inline u32 seccomp_plan_run(const struct seccomp_plan *plan,
					    const struct seccomp_data *sd,
					    struct seccomp_filter **match)
{
	u32 ret = SECCOMP_RET_ALLOW, cur;

	for (; plan; plan = plan->older) {
		cur = plan->prog ? bpf_prog_run_pin_on_cpu(plan->prog, sd) :
				   plan->ret;
		if ((s32)(cur & SECCOMP_RET_ACTION_FULL) <
		    (s32)(ret & SECCOMP_RET_ACTION_FULL)) {
			ret = cur;
			*match = plan->match;
		}
	}
	return ret;
}

/**
 * seccomp_exempt() - is a system call never filtered?
 * @arch: AUDIT_ARCH value of the calling ABI
 * @nr: system call number
 *
 * The kernel itself makes tasks call these, so that no filter can expect them.
 *
 * Context: any.
 * Return: true when every filter has to be taken to allow the call.
 */
static __always_inline bool seccomp_exempt(u32 arch, int nr)
{
#ifdef __NR_uretprobe
	if (arch == SECCOMP_ARCH_NATIVE && nr == __NR_uretprobe)
		return true;
#endif
#ifdef __NR_uprobe
	if (arch == SECCOMP_ARCH_NATIVE && nr == __NR_uprobe)
		return true;
#endif
	return false;
}

/* In kernel/seccomp.c */
int seccomp_prog_create(struct bpf_prog **prog, const struct sock_filter *insns,
			u16 len);

int seccomp_bitmap_classify(struct seccomp_bitmap *bitmap,
			    struct seccomp_filter *filter,
			    const struct bpf_prog *prog);
void seccomp_bitmap_stack(struct seccomp_bitmap *bitmap,
			  const struct seccomp_bitmap *older);
void seccomp_bitmap_settle(struct seccomp_bitmap *bitmap);
void seccomp_bitmap_free(struct seccomp_bitmap *bitmap);
void seccomp_bitmap_verify(const struct seccomp_plan *plan,
			   const struct seccomp_data *sd, u32 ret,
			   const struct seccomp_filter *match);

#define SECCOMP_PIN_INSNS	8	/* instructions in a pin's program */

int seccomp_pin_program(struct sock_filter *insns, u32 action);

void seccomp_report_cache(struct seq_file *m,
			  const struct seccomp_bitmap *bitmap);
void seccomp_report_coverage(struct seq_file *m,
			     const struct seccomp_bitmap *bitmap);

#else /* !CONFIG_SECCOMP_BITMAP */

struct seccomp_bitmap { };

static inline const struct seccomp_plan *
seccomp_bitmap_lookup(const struct seccomp_bitmap *bitmap, u32 arch, int nr)
{
	return NULL;
}

static inline bool seccomp_plan_reads_data(const struct seccomp_plan *plan)
{
	return true;
}

static inline u32 seccomp_plan_run(const struct seccomp_plan *plan,
				   const struct seccomp_data *sd,
				   struct seccomp_filter **match)
{
	return SECCOMP_RET_KILL_PROCESS;
}

static inline bool seccomp_exempt(u32 arch, int nr)
{
	return false;
}

static inline int seccomp_prog_create(struct bpf_prog **prog,
				      const struct sock_filter *insns, u16 len)
{
	return -EINVAL;
}

static inline int seccomp_bitmap_classify(struct seccomp_bitmap *bitmap,
					  struct seccomp_filter *filter,
					  const struct bpf_prog *prog)
{
	return 0;
}

static inline void seccomp_bitmap_free(struct seccomp_bitmap *bitmap) { }

static inline void seccomp_bitmap_verify(const struct seccomp_plan *plan,
					 const struct seccomp_data *sd, u32 ret,
					 const struct seccomp_filter *match)
{
}

#endif /* CONFIG_SECCOMP_BITMAP */

#endif /* _LINUX_SECCOMP_BITMAP_H */
