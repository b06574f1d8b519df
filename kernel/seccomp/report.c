// SPDX-License-Identifier: GPL-2.0-only
/* What /proc shows of a table. */

#include <linux/seccomp.h>
#include <linux/seq_file.h>

#include "bitmap.h"

static const char *seccomp_action_name(u32 ret)
{
	switch (ret & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
		return "ALLOW";
	case SECCOMP_RET_LOG:
		return "LOG";
	case SECCOMP_RET_TRACE:
		return "TRACE";
	case SECCOMP_RET_USER_NOTIF:
		return "USER_NOTIF";
	case SECCOMP_RET_ERRNO:
		return "ERRNO";
	case SECCOMP_RET_TRAP:
		return "TRAP";
	case SECCOMP_RET_KILL_THREAD:
		return "KILL_THREAD";
	default:
		/* Unknown actions kill the process, too. */
		return "KILL_PROCESS";
	}
}

static bool seccomp_action_has_data(u32 ret)
{
	switch (ret & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_ERRNO:
	case SECCOMP_RET_TRAP:
		return true;
	default:
		return ret & SECCOMP_RET_DATA;
	}
}

static void seccomp_report_status(struct seq_file *m,
				  const struct seccomp_plan *plan)
{
	if (!seccomp_plan_constant(plan)) {
		seq_puts(m, " FILTER\n");
		return;
	}

	seq_printf(m, " %s", seccomp_action_name(plan->ret));
	if (seccomp_action_has_data(plan->ret))
		seq_printf(m, " %u", plan->ret & SECCOMP_RET_DATA);
	seq_putc(m, '\n');
}

static void seccomp_report_range(struct seq_file *m,
				 const struct seccomp_table *table,
				 const struct seccomp_abi *abi,
				 unsigned int nr, unsigned int end)
{
	const struct seccomp_plan *plan;

	plan = seccomp_table_lookup(table, abi->arch, nr);
	seq_printf(m, "%s %u", abi->name, nr);
	if (end - nr > 1)
		seq_printf(m, "-%u", end - 1);
	seccomp_report_status(m, plan);
}

static bool seccomp_same_result(const struct seccomp_plan *a,
				const struct seccomp_plan *b)
{
	if (!seccomp_plan_constant(a) || !seccomp_plan_constant(b))
		return seccomp_plan_constant(a) == seccomp_plan_constant(b);
	return a->ret == b->ret;
}

/* Returns the first number behind @nr with another result. */
static unsigned int seccomp_range_end(const struct seccomp_table *table,
				      const struct seccomp_abi *abi,
				      unsigned int nr)
{
	const struct seccomp_plan *first, *next;

	first = seccomp_table_lookup(table, abi->arch, nr);
	while (++nr < abi->size) {
		next = seccomp_table_lookup(table, abi->arch, nr);
		if (!seccomp_same_result(first, next))
			break;
	}
	return nr;
}

/* What the stack takes, a table that filters share being counted once. */
static void seccomp_report_memory(struct seq_file *m,
				  const struct seccomp_bitmap *bitmap)
{
	unsigned int filters = 0, programs = 0;
	size_t tables = 0, code = 0;
	struct bpf_prog **entry;

	for (; bitmap; bitmap = bitmap->older) {
		filters++;
		if (bitmap->all && !(bitmap->older && bitmap->all == bitmap->older->all))
			tables += seccomp_table_size(bitmap->all->nr_classes);
		for (entry = bitmap->entries; entry && *entry; entry++) {
			programs++;
			code += (*entry)->pages * PAGE_SIZE + (*entry)->jited_len;
		}
	}
	seq_printf(m, "# %u filters: %zu bytes of tables, %zu of %u entry programs\n",
		   filters, tables, code, programs);
}

/**
 * seccomp_report_cache() - one line for each number of each ABI
 * @m: where to print
 * @bitmap: of the filter to show, with those below it
 *
 * Context: may sleep; the caller keeps the filter alive.
 */
void seccomp_report_cache(struct seq_file *m, const struct seccomp_bitmap *bitmap)
{
	unsigned int i, nr;

	for (i = 0; i < SECCOMP_NR_ABIS; i++)
		for (nr = 0; nr < seccomp_abis[i].size; nr++)
			seccomp_report_range(m, bitmap->all, &seccomp_abis[i],
					     nr, nr + 1);
}

/**
 * seccomp_report_coverage() - the memory, and a line for each range of results
 * @m: where to print
 * @bitmap: of the filter to show, with those below it
 *
 * Context: may sleep; the caller keeps the filter alive.
 */
void seccomp_report_coverage(struct seq_file *m,
			     const struct seccomp_bitmap *bitmap)
{
	const struct seccomp_abi *abi;
	unsigned int i, nr, end;

	seccomp_report_memory(m, bitmap);
	for (i = 0; i < SECCOMP_NR_ABIS; i++) {
		abi = &seccomp_abis[i];
		for (nr = 0; nr < abi->size; nr = end) {
			end = seccomp_range_end(bitmap->all, abi, nr);
			seccomp_report_range(m, bitmap->all, abi, nr, end);
		}
	}
}
