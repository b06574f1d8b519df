/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Constant seccomp results, worked out when a filter is attached and answered
 * from bitmaps afterwards. See Documentation/userspace-api/seccomp_bitmap.rst.
 */
#ifndef _LINUX_SECCOMP_BITMAP_H
#define _LINUX_SECCOMP_BITMAP_H

#include <linux/seccomp.h>

struct bpf_prog;
struct seccomp_filter;
struct seq_file;
struct sock_filter;

/**
 * struct seccomp_verdict - what running filters gives for a system call
 * @ret: return value, as seccomp_run_filters() gives it
 * @match: the filter that it comes from, NULL for SECCOMP_RET_ALLOW
 */
struct seccomp_verdict {
	u32 ret;
	struct seccomp_filter *match;
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

/* The classes that every table has; one more for each other constant result. */
enum {
	SECCOMP_CLASS_ALLOW,
	SECCOMP_CLASS_FILTER,	/* not constant: run the filters */
	SECCOMP_NR_FIXED_CLASSES,
};

/**
 * struct seccomp_table - the constant results of one filter or of a stack
 * @refs: number of owners
 * @nr_classes: number of distinct results, the fixed classes included
 * @verdict: the result of each class; unused for SECCOMP_CLASS_FILTER
 * @class: for each row the class that it is in, so that a lookup takes the same
 *	time for any number of classes
 * @bitmap: for each class the rows that are in it
 *
 * Immutable once it is reachable from a filter, but for @refs.
 */
struct seccomp_table {
	refcount_t refs;
	unsigned int nr_classes;
	struct seccomp_verdict *verdict;
	u8 class[SECCOMP_TABLE_ROWS];
	unsigned long bitmap[][SECCOMP_TABLE_WORDS];
};

/**
 * struct seccomp_bitmap - what is known of one filter
 * @own: constant results of the filter alone
 * @all: constant results of the filter and all older ones
 * @first_look: for each row that is not constant in @own, the instruction of
 *	the user's program (an index in prog->orig_prog->filter) up to which nr
 *	and arch determine everything: the first that loads an argument or the
 *	instruction pointer, used or not, or whose result is up to the JIT
 *	compiler. 0 when it is the program's start or is not known: then all of
 *	the filter has to be run. Meaningless for other rows.
 *
 * NULL stands for a table without any constant result and for a @first_look of
 * 0 only. All are immutable once the filter can be seen by a task, and go with
 * it; whoever holds the filter may read them without a lock.
 */
struct seccomp_bitmap {
	struct seccomp_table *own;
	struct seccomp_table *all;
	u16 *first_look;
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
static __always_inline int seccomp_row(u32 arch, unsigned int nr)
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
 * seccomp_table_lookup() - constant result of a system call
 * @table: table of the calling task's newest filter, or NULL
 * @arch: AUDIT_ARCH value of the calling ABI
 * @nr: system call number
 *
 * Context: any; the caller keeps the filter that owns @table alive.
 * Return: the result that running the filters would give for any arguments, or
 * NULL when they have to be run.
 */
static __always_inline const struct seccomp_verdict *
seccomp_table_lookup(const struct seccomp_table *table, u32 arch, int nr)
{
	int row = seccomp_row(arch, nr);
	unsigned int class;

	if (!table || row < 0)
		return NULL;

	class = table->class[row];
	return class == SECCOMP_CLASS_FILTER ? NULL : &table->verdict[class];
}

/**
 * seccomp_bitmap_lookup() - constant result of a system call
 * @bitmap: tables of the calling task's newest filter
 * @arch: AUDIT_ARCH value of the calling ABI
 * @nr: system call number
 *
 * Context: any; the caller keeps the filter that owns @bitmap alive.
 * Return: see seccomp_table_lookup().
 */
static __always_inline const struct seccomp_verdict *
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
seccomp_bitmap_allows(const struct seccomp_bitmap *bitmap, u32 arch, int nr)
{
	int row = seccomp_row(arch, nr);

	return bitmap->all && row >= 0 &&
	       test_bit(row, bitmap->all->bitmap[SECCOMP_CLASS_ALLOW]);
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

int seccomp_bitmap_classify(struct seccomp_bitmap *bitmap,
			    struct seccomp_filter *filter,
			    const struct bpf_prog *prog);
void seccomp_bitmap_stack(struct seccomp_bitmap *bitmap,
			  const struct seccomp_bitmap *older);
void seccomp_bitmap_free(struct seccomp_bitmap *bitmap);
void seccomp_bitmap_verify(const struct seccomp_verdict *known,
			   const struct seccomp_data *sd, u32 ret,
			   const struct seccomp_filter *match);

#define SECCOMP_PIN_INSNS	8	/* instructions in a pin's program */

int seccomp_pin_program(struct sock_filter *insns, u32 action);

void seccomp_report_cache(struct seq_file *m, const struct seccomp_table *table);
void seccomp_report_coverage(struct seq_file *m,
			     const struct seccomp_table *table);

#else /* !CONFIG_SECCOMP_BITMAP */

struct seccomp_bitmap { };

static inline const struct seccomp_verdict *
seccomp_bitmap_lookup(const struct seccomp_bitmap *bitmap, u32 arch, int nr)
{
	return NULL;
}

static inline bool
seccomp_bitmap_allows(const struct seccomp_bitmap *bitmap, u32 arch, int nr)
{
	return false;
}

static inline bool seccomp_exempt(u32 arch, int nr)
{
	return false;
}

static inline int seccomp_bitmap_classify(struct seccomp_bitmap *bitmap,
					  struct seccomp_filter *filter,
					  const struct bpf_prog *prog)
{
	return 0;
}

static inline void seccomp_bitmap_free(struct seccomp_bitmap *bitmap) { }

static inline void seccomp_bitmap_verify(const struct seccomp_verdict *known,
					 const struct seccomp_data *sd, u32 ret,
					 const struct seccomp_filter *match)
{
}

#endif /* CONFIG_SECCOMP_BITMAP */

#endif /* _LINUX_SECCOMP_BITMAP_H */
