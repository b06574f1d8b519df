// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cross-check: both classifiers look at a filter, and only what they agree
 * on counts. Two different constants for one call cannot both be right: that is
 * a bug, and is reported with the program.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bug.h>
#include <linux/filter.h>
#include <linux/kernel.h>
#include <linux/once_lite.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include "classifier.h"
#include "results.h"

/* As people write programs in C, and as other tools read them. */
static void crosscheck_print(const struct sock_fprog_kern *fprog)
{
	const struct sock_filter *insn;

	for (insn = fprog->filter; insn < &fprog->filter[fprog->len]; insn++)
		pr_warn("{ %#04x, %u, %u, %#010x },\n", insn->code, insn->jt,
			insn->jf, insn->k);
}

static int crosscheck_classify(const struct bpf_prog *prog, bool rests,
			       struct seccomp_results *results)
{
	struct seccomp_results *other = seccomp_results_alloc();
	const struct seccomp_abi *abi;
	int err, row = -1;

	/* Without memory for the other opinion nothing is agreed on. */
	if (!other)
		return -ENOMEM;

	err = seccomp_symbolic.classify(prog, rests, results);
	if (err != -EINTR)
		err = seccomp_probe.classify(prog, false, other) ?: err;
	if (err != -EINTR)
		row = seccomp_results_intersect(results, other);
	kfree(other);

	if (row < 0)
		return err;
	abi = &seccomp_abis[row / SECCOMP_ABI_ROWS];
	if (WARN_ONCE(true, "%s: classifiers disagree about %s %u\n", KBUILD_MODNAME,
		      abi->name, abi->first + row % SECCOMP_ABI_ROWS))
		DO_ONCE_LITE(crosscheck_print, prog->orig_prog);
	return err;
}

const struct seccomp_classifier seccomp_crosscheck = {
	.name = "both",
	.usable = seccomp_probe_usable,
	.classify = crosscheck_classify,
};
