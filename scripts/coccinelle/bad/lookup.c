// SPDX-License-Identifier: GPL-2.0-only
/* lookup.cocci: numbers from user space that are not bounded. */
#include <linux/seccomp_bitmap.h>

static int seccomp_row(u32 arch, unsigned int nr)
{
	if (arch == SECCOMP_ARCH_COMPAT)
		return array_index_nospec(nr, SECCOMP_ABI_ROWS);	/* bad */
	if (nr >= SECCOMP_ABI_ROWS)
		return -1;
	if (arch != SECCOMP_ARCH_NATIVE)
		return nr;						/* bad */
	return array_index_nospec(nr, SECCOMP_ABI_ROWS);
}

static bool seccomp_errno(const struct seccomp_table *table, u32 arch, int nr)
{
	int row = seccomp_row(arch, nr);
	unsigned int class;

	if (!table->class[row])						/* bad */
		return false;
	if (!table || row < 0)
		return false;
	if (test_bit(nr, table->bitmap[SECCOMP_CLASS_ALLOW]))		/* bad */
		return false;
	class = table->class[row];
	row = nr;
	return table->plan[class].ret & table->class[row];		/* bad */
}
