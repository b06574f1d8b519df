/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Constant seccomp results, worked out when a filter is attached and answered
 * from tables afterwards. See Documentation/userspace-api/seccomp_bitmap.rst.
 */
#ifndef _LINUX_SECCOMP_BITMAP_H
#define _LINUX_SECCOMP_BITMAP_H

#include <linux/filter.h>
#include <linux/seccomp.h>

struct seccomp_program;
struct seccomp_table;
struct seq_file;

/**
 * struct seccomp_verdict - what a stack of filters says to a system call
 * @ret: the result, as seccomp_run_filters() returns it
 * @place: place of the filter that it comes from, counted from the oldest; of no
 *	meaning for %SECCOMP_RET_ALLOW
 * @log: was that filter attached with %SECCOMP_FILTER_FLAG_LOG?
 */
struct seccomp_verdict {
	u32 ret;
	u16 place;
	bool log;
};

/**
 * struct seccomp_bitmap - what is known of a filter
 * @table: classes under this filter and all older ones; NULL if no task can have
 *	this filter as its newest any more
 * @program: its program, and what is known of this filter alone
 *
 * The first member of struct seccomp_filter. A task may read the @table of its
 * newest filter without a lock, others with a reference that is taken under the
 * task's siglock. Other filters can have the same @table and @program.
 */
struct seccomp_bitmap {
#ifdef CONFIG_SECCOMP_BITMAP
	struct seccomp_table *table;
	struct seccomp_program *program;
#endif
};

struct bpf_prog *seccomp_bitmap_prepare(struct seccomp_bitmap *bitmap,
					struct sock_filter *text, u16 len,
					bpf_aux_classic_check_t check);
void seccomp_bitmap_freeze(struct seccomp_bitmap *bitmap, bool log,
			   const struct seccomp_table *older);
void seccomp_bitmap_forget(struct seccomp_bitmap *bitmap);
bool seccomp_bitmap_known(const struct seccomp_bitmap *bitmap);
unsigned int seccomp_bitmap_users(const struct seccomp_bitmap *bitmap);
void seccomp_bitmap_free(struct seccomp_bitmap *bitmap);

struct seccomp_table *seccomp_table_of_programs(unsigned int nr_filters);
void seccomp_table_set_program(struct seccomp_table *table, unsigned int place,
			       const struct bpf_prog *prog, bool log);
struct seccomp_table *seccomp_table_get(struct seccomp_table *table);
void seccomp_table_put(struct seccomp_table *table);
bool seccomp_table_decide(const struct seccomp_table *table,
			  const struct seccomp_data *sd,
			  struct seccomp_verdict *verdict);
unsigned int seccomp_table_newer(const struct seccomp_table *table,
				 const struct seccomp_verdict *verdict);
bool seccomp_exempt(u32 arch, int nr);
void seccomp_verify(const struct seccomp_table *table,
		    const struct seccomp_data *sd,
		    const struct seccomp_verdict *filters);

#define SECCOMP_PIN_INSNS	12	/* instructions that a pin's program may have */

int seccomp_pin_program(struct sock_filter *insns, u32 action);

void seccomp_report_cache(struct seq_file *m, const struct seccomp_table *table,
			  unsigned int users);
void seccomp_report_coverage(struct seq_file *m, const struct seccomp_table *table,
			     unsigned int users);

#endif /* _LINUX_SECCOMP_BITMAP_H */
