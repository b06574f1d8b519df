/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's core as a library: filters are attached as kernel/seccomp.c does it. */
#ifndef CLASSIFY_H
#define CLASSIFY_H

#include <linux/filter.h>
#include <linux/seccomp_bitmap.h>
#include "results.h"
#include "table.h"

/* The ABIs are variable: seccomp_abis[] is a program's to fill in. */

/**
 * struct seccomp_filter - a filter as the kernel keeps it
 * @bitmap: what is known of it
 * @prog: its program
 * @prev: the filter that it is on top of, or NULL
 * @log: its log flag
 * @own: what is known of it alone, after filter_look(); NULL for nothing
 */
struct seccomp_filter {
	struct seccomp_bitmap bitmap;
	struct bpf_prog *prog;
	struct seccomp_filter *prev;
	bool log;
	struct seccomp_results *own;
};

/* Do filters share what they can? Normally each has a user of its own. */
extern bool filters_share;

int filter_prepare(struct seccomp_filter *filter, const struct sock_filter *insns,
		   unsigned int len, bool log);
void filter_look(struct seccomp_filter *filter);
void filter_lose_own(struct seccomp_filter *filter);
void filter_freeze(struct seccomp_filter *filter, struct seccomp_filter *older);
void filter_supersede(struct seccomp_filter *filter);
void filter_free(struct seccomp_filter *filter);

#endif
