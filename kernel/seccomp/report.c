// SPDX-License-Identifier: GPL-2.0-only
/* What /proc shows of a table. */

#include <linux/seccomp.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "table.h"

static const struct {
	u32 action;
	const char *name;
	bool has_data;	/* even if that is 0 */
} report_actions[] = {
	{ SECCOMP_RET_ALLOW, "ALLOW" },
	{ SECCOMP_RET_LOG, "LOG" },
	{ SECCOMP_RET_TRACE, "TRACE", true },
	{ SECCOMP_RET_USER_NOTIF, "USER_NOTIF" },
	{ SECCOMP_RET_ERRNO, "ERRNO", true },
	{ SECCOMP_RET_TRAP, "TRAP", true },
	{ SECCOMP_RET_KILL_THREAD, "KILL_THREAD" },
	/* The last one: unknown actions kill the process, too. */
	{ SECCOMP_RET_KILL_PROCESS, "KILL_PROCESS" },
};

static void report_result(struct seq_file *m, u32 ret)
{
	unsigned int i = 0;

	while (i < ARRAY_SIZE(report_actions) - 1 &&
	       report_actions[i].action != (ret & SECCOMP_RET_ACTION_FULL))
		i++;
	seq_printf(m, " %s", report_actions[i].name);
	if (report_actions[i].has_data || ret & SECCOMP_RET_DATA)
		seq_printf(m, " %u", ret & SECCOMP_RET_DATA);
	seq_putc(m, '\n');
}

/* Class of a number that is in the ABI's table. */
static unsigned int report_class(const struct seccomp_table *table,
				 const struct seccomp_abi *abi, unsigned int nr)
{
	return seccomp_table_class_id(table, seccomp_row(abi->arch, nr));
}

/* Returns false if some filter has to be asked, else the result in @ret. */
static bool report_constant(const struct seccomp_table *table, unsigned int id,
			    u32 *ret)
{
	const struct seccomp_class *class;

	*ret = SECCOMP_RET_ALLOW;
	if (id < SECCOMP_NR_FIXED_CLASSES)
		return id == SECCOMP_CLASS_ALLOW;

	class = seccomp_table_class(table, id);
	*ret = class->ret;
	return !class->nr_steps;
}

static bool report_same(const struct seccomp_table *table, unsigned int a,
			unsigned int b)
{
	bool a_constant, b_constant;
	u32 a_ret, b_ret;

	if (a == b)
		return true;
	a_constant = report_constant(table, a, &a_ret);
	b_constant = report_constant(table, b, &b_ret);
	return a_constant == b_constant && (!a_constant || a_ret == b_ret);
}

static void report_range(struct seq_file *m, const struct seccomp_table *table,
			 const struct seccomp_abi *abi, unsigned int nr,
			 unsigned int end)
{
	u32 ret;

	seq_printf(m, "%s %u", abi->name, nr);
	if (end - nr > 1)
		seq_printf(m, "-%u", end - 1);

	if (report_constant(table, report_class(table, abi, nr), &ret))
		report_result(m, ret);
	else
		seq_puts(m, " FILTER\n");
}

/* Returns the first number behind @nr with another result. */
static unsigned int report_end(const struct seccomp_table *table,
			       const struct seccomp_abi *abi, unsigned int nr)
{
	unsigned int first = report_class(table, abi, nr);

	while (++nr < seccomp_abi_end(abi))
		if (!report_same(table, first, report_class(table, abi, nr)))
			break;
	return nr;
}

/**
 * seccomp_report_cache() - one line for each number of each ABI
 * @m: where to print
 * @table: table to show
 * @users: not shown
 *
 * Context: may sleep; the caller holds a reference to @table.
 */
void seccomp_report_cache(struct seq_file *m, const struct seccomp_table *table,
			  unsigned int users)
{
	const struct seccomp_abi *abi;
	unsigned int nr;

	for (abi = seccomp_abis; abi < &seccomp_abis[SECCOMP_NR_ABIS]; abi++)
		for (nr = abi->first; nr < seccomp_abi_end(abi); nr++)
			report_range(m, table, abi, nr, nr + 1);
}

/**
 * seccomp_report_coverage() - the memory, and a line for each range of results
 * @m: where to print
 * @table: table to show
 * @users: how many filters have the newest filter's program
 *
 * Memory is what the allocator gave. The tables of older filters are not in it:
 * they are freed, unless tasks have these filters as their newest.
 *
 * Context: may sleep; the caller holds a reference to @table.
 */
void seccomp_report_coverage(struct seq_file *m, const struct seccomp_table *table,
			     unsigned int users)
{
	const struct seccomp_abi *abi;
	unsigned int nr, end;

	if (table != &seccomp_unknown_table)
		seq_printf(m, "# %u filters, table of %zu bytes: %u classes, %u steps\n",
			   table->nr_filters, ksize(table),
			   table->nr_classes + SECCOMP_NR_FIXED_CLASSES,
			   table->nr_steps);
	else
		seq_puts(m, "# no table\n");
	seq_printf(m, "# the newest filter's program has %u users\n", users);

	for (abi = seccomp_abis; abi < &seccomp_abis[SECCOMP_NR_ABIS]; abi++) {
		for (nr = abi->first; nr < seccomp_abi_end(abi); nr = end) {
			end = report_end(table, abi, nr);
			report_range(m, table, abi, nr, end);
		}
	}
}
