// SPDX-License-Identifier: GPL-2.0-only
/* Working out what is known of a filter: with which classifier, and when. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/filter.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/seccomp.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/user_namespace.h>

#include "internal.h"

/* All that task_struct has of seccomp: a task finds its tables by its filter. */
static_assert(sizeof(struct seccomp) == 2 * sizeof(int) + sizeof(void *));

/* Every filter runs always: for comparison. */
static const struct seccomp_classifier seccomp_none = {
	.name = "none",
};

/* In order of preference. */
static const struct seccomp_classifier * const seccomp_classifiers[] = {
	&seccomp_symbolic,
#ifdef CONFIG_HAVE_ARCH_SECCOMP_PROBE
	&seccomp_probe,
	&seccomp_crosscheck,
#endif
	&seccomp_none,
};

/* Set by the boot parameter, then by seccomp_bitmap_start() to what is used. */
static const struct seccomp_classifier *seccomp_classifier __ro_after_init;

static int seccomp_classifier_set(const char *val, const struct kernel_param *kp)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(seccomp_classifiers); i++) {
		if (sysfs_streq(val, seccomp_classifiers[i]->name)) {
			seccomp_classifier = seccomp_classifiers[i];
			return 0;
		}
	}
	return -EINVAL;
}

static int seccomp_classifier_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%s\n", seccomp_classifier->name);
}

static const struct kernel_param_ops seccomp_classifier_ops = {
	.set = seccomp_classifier_set,
	.get = seccomp_classifier_get,
};

module_param_cb(classifier, &seccomp_classifier_ops, NULL, 0444);
MODULE_PARM_DESC(classifier, "how a filter's constant results are found");

static bool __init seccomp_usable(const struct seccomp_classifier *classifier)
{
	return !classifier->usable || classifier->usable();
}

static int __init seccomp_bitmap_start(void)
{
	char abis[128] = "";
	size_t len = 0;
	unsigned int i;

	if (!seccomp_classifier)
		seccomp_classifier = seccomp_classifiers[0];
	for (i = 0; !seccomp_usable(seccomp_classifier); i++)
		seccomp_classifier = seccomp_classifiers[i];

	for (i = 0; i < SECCOMP_NR_ABIS; i++)
		len += scnprintf(abis + len, sizeof(abis) - len,
				 "%s%s (%u calls)", len ? ", " : "",
				 seccomp_abis[i].name, seccomp_abis[i].size);
	pr_info("%s; classifier %s\n", abis, seccomp_classifier->name);
	return 0;
}
core_initcall(seccomp_bitmap_start);

/* What is known of a filter without the memory to find out: nothing. */
static const struct seccomp_results seccomp_nothing_known = {
	.row = { [0 ... SECCOMP_TABLE_ROWS - 1] = SECCOMP_OUTCOME_RUN },
	.nr_outcomes = SECCOMP_NR_FIXED_OUTCOMES,
	.outcome = {
		[SECCOMP_OUTCOME_ALLOW] = { SECCOMP_RET_ALLOW, SECCOMP_CONSTANT },
		[SECCOMP_OUTCOME_RUN] = { 0, SECCOMP_RUN },
	},
};

/*
 * May rests of a filter be evaluated? Not where the JIT compiler hides the
 * constants of programs or clears the branch history behind them, as it does for
 * programs of tasks that are not trusted: see bpf_jit_blinding_enabled() and,
 * on x86, emit_spectre_bhb_barrier(). That is decided here for the task that
 * attaches, as there.
 */
static bool seccomp_rests_allowed(const struct bpf_prog *prog)
{
	if (bpf_jit_blinding_enabled((struct bpf_prog *)prog))
		return false;
	return !arch_seccomp_clears_branch_history() ||
	       ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN);
}

/**
 * seccomp_bitmap_classify() - find what is known of a filter alone
 * @bitmap: of a filter that is not visible to any task yet, zeroed; to be freed
 *	also after an error
 * @prog: the filter's program
 *
 * Without memory nothing is known, and the filter is always run.
 *
 * Context: process context, no locks held, may sleep.
 * Return: 0, or -EINTR when a fatal signal is pending.
 */
int seccomp_bitmap_classify(struct seccomp_bitmap *bitmap,
			    const struct bpf_prog *prog)
{
	struct seccomp_results *results;

	bitmap->table = seccomp_table_get(&seccomp_unknown_table);
	if (!seccomp_classifier->classify)
		return 0;

	results = seccomp_results_alloc();
	if (!results)
		return 0;

	bitmap->own = results;
	return seccomp_classifier->classify(prog, seccomp_rests_allowed(prog),
					    results);
}

/**
 * seccomp_bitmap_freeze() - make the table of a filter and those below it
 * @bitmap: of a filter that is not visible to any task yet
 * @prog: the filter's program
 * @log: its log flag
 * @older: table of the filters that it goes on top of, NULL when there are none
 *
 * May be called again when the filters below have changed meanwhile.
 *
 * Context: process context, may sleep; the caller keeps @older alive.
 */
void seccomp_bitmap_freeze(struct seccomp_bitmap *bitmap,
			   const struct bpf_prog *prog, bool log,
			   const struct seccomp_table *older)
{
	struct seccomp_table *table = NULL;

	if (bitmap->own || older)
		table = seccomp_table_freeze(bitmap->own ?: &seccomp_nothing_known,
					     prog, log, older);
	seccomp_table_put(bitmap->table);
	bitmap->table = table ?: seccomp_table_get(&seccomp_unknown_table);
}

/**
 * seccomp_bitmap_forget() - have a filter and all those below it be run
 * @bitmap: of a filter that is not visible to any task yet
 *
 * Context: any.
 */
void seccomp_bitmap_forget(struct seccomp_bitmap *bitmap)
{
	seccomp_table_put(bitmap->table);
	bitmap->table = seccomp_table_get(&seccomp_unknown_table);
}

/**
 * seccomp_bitmap_known() - is there a table?
 * @bitmap: of the newest filter of a task
 *
 * Context: any.
 * Return: false when all filters are always run.
 */
bool seccomp_bitmap_known(const struct seccomp_bitmap *bitmap)
{
	return bitmap->table != &seccomp_unknown_table;
}

/**
 * seccomp_bitmap_attached() - drop what only seccomp_bitmap_freeze() needs
 * @bitmap: of a filter that has been attached
 *
 * Context: any.
 */
void seccomp_bitmap_attached(struct seccomp_bitmap *bitmap)
{
	kfree(bitmap->own);
	bitmap->own = NULL;
}

/**
 * seccomp_bitmap_free() - drop what is known of a filter
 * @bitmap: of a filter that no task can reach any more
 *
 * Context: any.
 */
void seccomp_bitmap_free(struct seccomp_bitmap *bitmap)
{
	kfree(bitmap->own);
	seccomp_table_put(bitmap->table);
}
