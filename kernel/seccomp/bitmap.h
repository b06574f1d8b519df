/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the seccomp bitmaps share among themselves. */
#ifndef _KERNEL_SECCOMP_BITMAP_H
#define _KERNEL_SECCOMP_BITMAP_H

#include <linux/seccomp_bitmap.h>

/* Plans beyond these run all filters: it bounds the memory of a table. */
#define SECCOMP_MAX_CLASSES	64

/* Bytes of first_look, in struct seccomp_bitmap. */
#define SECCOMP_FIRST_LOOK_SIZE	(SECCOMP_TABLE_ROWS * sizeof(u16))

/**
 * struct seccomp_classifier - a way to find a filter's constant results
 * @name: value of the boot parameter
 * @usable: can it be used on this machine? Called once at boot, may sleep.
 * @classify: decide in the draft every row that is constant for the program.
 *	What it leaves out, for want of memory too, runs the filters. If it can,
 *	and @first_look is not NULL, fill that in: see struct seccomp_bitmap;
 *	it has an entry for each row, 0 at first. @classify is NULL when nothing
 *	is ever constant. Process context, no locks held, may sleep. Returns 0,
 *	or -EINTR when a fatal signal is pending.
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

#ifdef CONFIG_SECCOMP_BITMAP_KUNIT_TEST
extern unsigned int seccomp_table_fail_nth;
extern bool seccomp_probe_flushes;
#endif

#endif /* _KERNEL_SECCOMP_BITMAP_H */
