/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's core as a library: filters are attached as kernel/seccomp.c does it. */
#ifndef CLASSIFY_H
#define CLASSIFY_H

#include <linux/filter.h>
#include <linux/seccomp_bitmap.h>
#include "oracle.h"
#include "table.h"

/* The ABIs are variable: seccomp_abis[] is a program's to fill in. */

/**
 * struct seccomp_filter - a filter as the kernel keeps it
 * @prog: its program
 * @prev: the filter that it is on top of, or NULL
 * @orig: the program's text
 * @log: its log flag
 * @bitmap: what is known of it
 * @engine: what runs its program
 */
struct seccomp_filter {
	struct bpf_prog prog;
	struct seccomp_filter *prev;
	struct sock_fprog_kern orig;
	bool log;
	struct seccomp_bitmap bitmap;
	enum wild_shift engine;
};

int filter_prepare(struct seccomp_filter *filter, const struct sock_filter *insns,
		   unsigned int len, bool log);
void filter_freeze(struct seccomp_filter *filter, struct seccomp_filter *older);
void filter_supersede(struct seccomp_filter *filter);
void filter_free(struct seccomp_filter *filter);

#endif
