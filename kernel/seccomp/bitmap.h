/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the seccomp bitmaps share among themselves. */
#ifndef _KERNEL_SECCOMP_BITMAP_H
#define _KERNEL_SECCOMP_BITMAP_H

#include <linux/seccomp_bitmap.h>

/* Plans beyond these run all filters: it bounds the memory of a table. */
#define SECCOMP_MAX_CLASSES	64

/* Bytes of what a classifier knows of first looks. */
#define SECCOMP_FIRST_LOOK_SIZE	(SECCOMP_TABLE_ROWS * sizeof(u16))

/**
 * struct seccomp_classifier - a way to find a filter's constant results
 * @name: value of the boot parameter
 * @usable: can it be used on this machine? Called once at boot, may sleep.
 * @classify: decide in the draft every row that is constant for the program.
 *	What it leaves out, for want of memory too, runs the filter. @classify is
 *	NULL when nothing is ever constant. Process context, no locks held, may
 *	sleep. Returns 0, or -EINTR when a fatal signal is pending.
 *
 * If it can, and @first_look is not NULL, @classify also says for each row that
 * is not constant up to which instruction of the user's program (an index in
 * prog->orig_prog->filter) nr and arch determine everything: the first that
 * loads an argument or the instruction pointer, used or not, or whose result is
 * up to the JIT compiler. @first_look has an entry for each row, 0 at first,
 * which stands for the program's start, too; others have no meaning.
 */
struct seccomp_classifier {
	const char *name;
	bool (*usable)(void);
	int (*classify)(const struct bpf_prog *prog,
			struct seccomp_filter *filter,
			struct seccomp_table *draft, u16 *first_look);
};

extern const struct seccomp_classifier seccomp_both;
extern const struct seccomp_classifier seccomp_probe;
extern const struct seccomp_classifier seccomp_symbolic;

bool seccomp_probe_usable(void);
const char *seccomp_probe_fault(void);

size_t seccomp_table_size(unsigned int nr_classes);
struct seccomp_table *seccomp_table_draft(void);
void seccomp_table_decide(struct seccomp_table *draft, unsigned int row,
			  u32 ret, struct seccomp_filter *filter);
void seccomp_table_decide_set(struct seccomp_table *draft, unsigned int first,
			      const unsigned long *set, u32 ret,
			      struct seccomp_filter *filter);
void seccomp_table_run(struct seccomp_table *draft, const unsigned long *rows,
		       const struct bpf_prog *prog, struct seccomp_filter *filter);
struct seccomp_table *seccomp_table_seal(const struct seccomp_table *draft);
int seccomp_table_agree(struct seccomp_table *draft,
			const struct seccomp_table *other);
struct seccomp_table *seccomp_table_merge(struct seccomp_table *own,
					  struct seccomp_table *older);
struct seccomp_table *seccomp_table_get(struct seccomp_table *table);
void seccomp_table_put(struct seccomp_table *table);

#ifdef CONFIG_SECCOMP_BITMAP_ENTRY
struct bpf_prog **seccomp_entry_build(struct seccomp_table *draft,
				      struct seccomp_filter *filter,
				      const struct bpf_prog *prog,
				      const u16 *first_look);
void seccomp_entry_free(struct bpf_prog **entries);
#else
static inline struct bpf_prog **
seccomp_entry_build(struct seccomp_table *draft, struct seccomp_filter *filter,
		    const struct bpf_prog *prog, const u16 *first_look)
{
	return NULL;
}

static inline void seccomp_entry_free(struct bpf_prog **entries) { }
#endif

#ifdef CONFIG_SECCOMP_BITMAP_KUNIT_TEST
extern unsigned int seccomp_table_fail_nth;
extern bool seccomp_probe_flushes;
#endif

#endif /* _KERNEL_SECCOMP_BITMAP_H */
