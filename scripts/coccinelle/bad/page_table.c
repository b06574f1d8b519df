// SPDX-License-Identifier: GPL-2.0-only
/* page_table.cocci: the table of what is watched is probe.c's own matter. */

static bool seccomp_touched(struct seccomp_watch *watch)
{
	return pte_young(*watch->pte);	/* bad */
}

static int seccomp_find(unsigned long addr)
{
	unsigned int rpte_count = pages_range(addr);

	return apply_to_page_range(&init_mm, addr, 1, seccomp_watch_pte, NULL);	/* bad */
}
