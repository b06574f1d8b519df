// SPDX-License-Identifier: GPL-2.0-only
/* arguments.cocci: the answer would hold for these arguments only. */
#include <linux/seccomp_bitmap.h>

static bool seccomp_allows_some(const struct seccomp_bitmap *bitmap,
				const struct seccomp_data *sd)
{
	if (!seccomp_bitmap_allows(bitmap, sd->arch, sd->nr))
		return false;
	return !sd->args[0];				/* bad */
}

static bool seccomp_allows_late(const struct seccomp_bitmap *bitmap)
{
	struct seccomp_data sd;

	populate_seccomp_data(&sd);			/* bad */
	return seccomp_bitmap_allows(bitmap, sd.arch, sd.nr);
}

static bool seccomp_first_argument(const struct seccomp_data *sd)
{
	return sd->args[0];
}

static int seccomp_too_early(int this_syscall)
{
	struct seccomp_data sd;

	populate_seccomp_data(&sd);			/* bad */
	if (!seccomp_current_plan(this_syscall))
		populate_seccomp_data(&sd);
	return sd.nr;
}
