// SPDX-License-Identifier: GPL-2.0-only
/* CONFIG_SECCOMP_BITMAP_VERIFY: is a table right about a system call? */

#include <linux/bug.h>
#include <linux/seccomp.h>
#include <linux/seccomp_bitmap.h>

#include "internal.h"
#include "rows.h"
#include "table.h"

static void verify_same(const struct seccomp_data *sd, const char *who,
			const struct seccomp_verdict *known,
			const struct seccomp_verdict *filters)
{
	bool same_filter = seccomp_action(known->ret) == SECCOMP_RET_ALLOW ||
			   (known->place == filters->place &&
			    known->log == filters->log);

	WARN_ONCE(known->ret != filters->ret || !same_filter,
		  "%s %d of arch %#x: %s %#x, filters %#x%s\n",
		  KBUILD_MODNAME, sd->nr, sd->arch, who, known->ret, filters->ret,
		  same_filter ? "" : ", of another filter");
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
	unsigned int id;

	if (!seccomp_table_decide(table, sd, &known))
		return;
	verify_same(sd, "table", &known, filters);

	id = seccomp_table_class_id(table, seccomp_row(sd->arch, sd->nr));
	if (id == SECCOMP_CLASS_ALLOW)
		return;
	known = seccomp_early_verdict(table, seccomp_table_class(table, id));
	verify_same(sd, "early", &known, filters);
}
