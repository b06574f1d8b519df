// SPDX-License-Identifier: GPL-2.0-only
/* Working out the tables of a filter: which classifier, when, and checked how. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/seccomp.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "bitmap.h"

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
	&seccomp_both,
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

static void seccomp_decide_exempt(struct seccomp_table *draft,
				  struct seccomp_filter *filter)
{
	const struct seccomp_abi *abi;
	unsigned int i, nr;

	for (i = 0; i < SECCOMP_NR_ABIS; i++) {
		abi = &seccomp_abis[i];
		for (nr = 0; nr < abi->size; nr++)
			if (seccomp_exempt(abi->arch, nr))
				seccomp_table_decide(draft,
						     seccomp_row(abi->arch, nr),
						     SECCOMP_RET_ALLOW, filter);
	}
}

/**
 * seccomp_bitmap_classify() - find what is known of a filter alone
 * @bitmap: of @filter, zeroed; to be freed also after an error
 * @filter: filter that is not visible to any task yet
 * @prog: its program
 *
 * Without memory there is simply no plan, and the filter is always run.
 *
 * Context: process context, no locks held, may sleep.
 * Return: 0, or -EINTR when a fatal signal is pending.
 */
int seccomp_bitmap_classify(struct seccomp_bitmap *bitmap,
			    struct seccomp_filter *filter,
			    const struct bpf_prog *prog)
{
	struct seccomp_table *draft;
	u16 *first_look;
	int err;

	if (!seccomp_classifier->classify)
		return 0;

	draft = seccomp_table_draft();
	if (!draft)
		return 0;

	first_look = kzalloc(SECCOMP_FIRST_LOOK_SIZE, GFP_KERNEL | __GFP_NOWARN);
	err = seccomp_classifier->classify(prog, filter, draft, first_look);
	if (!err) {
		seccomp_decide_exempt(draft, filter);
		bitmap->entries = seccomp_entry_build(draft, filter, prog,
						      first_look);
		seccomp_table_run(draft, draft->bitmap[SECCOMP_CLASS_FILTER],
				  prog, filter);
		bitmap->own = seccomp_table_seal(draft);
	}
	kfree(first_look);
	seccomp_table_put(draft);
	return err;
}

/**
 * seccomp_bitmap_stack() - combine a filter's results with those below it
 * @bitmap: tables of a filter that is not visible to any task yet
 * @older: tables of the filter that it goes on top of, NULL when there is none
 *
 * May be called again when the filter below has changed meanwhile.
 *
 * Context: process context, may sleep; the caller keeps @older alive.
 */
void seccomp_bitmap_stack(struct seccomp_bitmap *bitmap,
			  const struct seccomp_bitmap *older)
{
	seccomp_table_put(bitmap->all);
	bitmap->older = older;
	bitmap->all = older ? seccomp_table_merge(bitmap->own, older->all) :
			      seccomp_table_get(bitmap->own);
}

/**
 * seccomp_bitmap_settle() - drop what only seccomp_bitmap_stack() needs
 * @bitmap: of a filter that is about to be attached
 *
 * Context: any.
 */
void seccomp_bitmap_settle(struct seccomp_bitmap *bitmap)
{
	seccomp_table_put(bitmap->own);
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
	seccomp_table_put(bitmap->own);
	seccomp_table_put(bitmap->all);
	seccomp_entry_free(bitmap->entries);
}

/**
 * seccomp_bitmap_verify() - check a plan against the filters
 * @plan: what the table says, NULL when it says nothing
 * @sd: the system call
 * @ret: what running the filters returned
 * @match: the filter that it came from, NULL for SECCOMP_RET_ALLOW
 *
 * Context: any.
 */
void seccomp_bitmap_verify(const struct seccomp_plan *plan,
			   const struct seccomp_data *sd, u32 ret,
			   const struct seccomp_filter *match)
{
	struct seccomp_filter *known_match = NULL;
	u32 known;

	if (!plan)
		return;

	known = seccomp_plan_run(plan, sd, &known_match);
	WARN_ONCE(known != ret || known_match != match,
		  "%s %d of arch %#x: plan %#x, filters %#x%s\n",
		  KBUILD_MODNAME, sd->nr, sd->arch, known, ret,
		  known_match != match ? ", of another filter" : "");
}
