// SPDX-License-Identifier: GPL-2.0-only
/* Which classifier finds out what a filter does. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/filter.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/seccomp.h>
#include <linux/sysfs.h>

#include "classifier.h"
#include "rows.h"

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

/**
 * seccomp_classify() - find out what a program does with each number
 * @prog: the program
 * @rests: may rests of it be evaluated?
 * @results: of which nothing is known
 *
 * Context: process context, no locks held, may sleep.
 * Return: as the member of struct seccomp_classifier, or -EOPNOTSUPP if nothing is
 * ever found out.
 */
int seccomp_classify(const struct bpf_prog *prog, bool rests,
		     struct seccomp_results *results)
{
	if (!seccomp_classifier->classify)
		return -EOPNOTSUPP;
	return seccomp_classifier->classify(prog, rests, results);
}
