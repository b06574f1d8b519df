// SPDX-License-Identifier: GPL-2.0-only
/* CONFIG_SECCOMP_BITMAP_VERIFY: is a table right about a system call? */

#include <linux/bug.h>
#include <linux/seccomp.h>
#include <linux/seccomp_bitmap.h>

#include "internal.h"
#include "table.h"

/* Running filters drops the data of an ALLOW, and names no filter. */
static bool verify_same(const struct seccomp_verdict *a,
			const struct seccomp_verdict *b)
{
	if (seccomp_action(a->ret) == SECCOMP_RET_ALLOW)
		return seccomp_action(b->ret) == SECCOMP_RET_ALLOW;
	return a->ret == b->ret && a->place == b->place && a->log == b->log;
}

static void verify(int nr, u32 arch, const char *who,
		   const struct seccomp_verdict *known,
		   const struct seccomp_verdict *filters)
{
	WARN_ONCE(!verify_same(known, filters),
		  "%s %d of arch %#x: %s %#x, filters %#x%s\n",
		  KBUILD_MODNAME, nr, arch, who, known->ret, filters->ret,
		  known->ret == filters->ret ? ", of another filter" : "");
}

/**
 * seccomp_verify() - check a table against the filters
 * @table: table of the calling task's newest filter
 * @sd: the system call
 * @filters: what running the filters gave
 *
 * Warns when @table would have given anything else, here or in seccomp_early().
 *
 * Context: system call entry: process context, preemptible.
 */
void seccomp_verify(const struct seccomp_table *table,
		    const struct seccomp_data *sd,
		    const struct seccomp_verdict *filters)
{
	struct seccomp_verdict known;

	if (!seccomp_table_decide(table, sd, &known))
		return;
	verify(sd->nr, sd->arch, "table", &known, filters);
	if (seccomp_early_verdict(table, &known))
		verify(sd->nr, sd->arch, "early", &known, filters);
}
