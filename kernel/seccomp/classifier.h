/* SPDX-License-Identifier: GPL-2.0-only */
/* Classifiers: how to find out what a filter does with each system call. */
#ifndef _KERNEL_SECCOMP_CLASSIFIER_H
#define _KERNEL_SECCOMP_CLASSIFIER_H

#include <linux/types.h>

struct bpf_prog;
struct seccomp_results;

/**
 * struct seccomp_classifier - a way to find a filter's constant results
 * @name: value of the boot parameter
 * @usable: can it be used on this machine? Called once at boot, may sleep.
 * @classify: set the outcome of each row that it can find out. The others stay
 *	at %SECCOMP_OUTCOME_RUN, also for want of memory; there is no rest if not
 *	@rests. @classify is NULL when nothing is ever constant. Process context,
 *	no locks held, may sleep. Returns 0; -ENOMEM if there might have been more
 *	to find out; or -EINTR when a fatal signal is pending.
 */
struct seccomp_classifier {
	const char *name;
	bool (*usable)(void);
	int (*classify)(const struct bpf_prog *prog, bool rests,
			struct seccomp_results *results);
};

extern const struct seccomp_classifier seccomp_crosscheck;
extern const struct seccomp_classifier seccomp_probe;
extern const struct seccomp_classifier seccomp_symbolic;

int seccomp_classify(const struct bpf_prog *prog, bool rests,
		     struct seccomp_results *results);

bool seccomp_probe_usable(void);
const char *seccomp_probe_fault(void);

#ifdef CONFIG_SECCOMP_BITMAP_KUNIT_TEST
extern bool seccomp_probe_flushes;
#endif

#endif /* _KERNEL_SECCOMP_CLASSIFIER_H */
