// SPDX-License-Identifier: GPL-2.0-only
/* lookup.cocci: numbers from user space that are not bounded. */
#include <linux/seccomp_bitmap.h>

static bool seccomp_find_row(u32 arch, unsigned long nr, unsigned long *row)
{
	if (arch == SECCOMP_ARCH_COMPAT) {
		*row = array_index_nospec(nr, SECCOMP_ABI_ROWS);	/* bad */
		return true;
	}
	if (nr >= SECCOMP_ABI_ROWS)
		return false;
	if (arch == 1)
		return true;						/* bad */
	if (arch != SECCOMP_ARCH_NATIVE) {
		*row = nr;						/* bad */
		return true;
	}
	*row = SECCOMP_ABI_ROWS + array_index_nospec(nr, SECCOMP_ABI_ROWS);
	return true;
}

static int seccomp_row(u32 arch, unsigned long nr)
{
	unsigned long row;

	return seccomp_find_row(arch, nr, &row) ? row : -1;
}

static bool seccomp_allows_found(const struct seccomp_table *table, int nr)
{
	unsigned long row;

	if (seccomp_find_row(0, nr, &row) && seccomp_table_allows(table, row))
		return true;
	if (seccomp_table_allows(table, row))				/* bad */
		return true;
	if (!seccomp_find_row(0, nr, &row))
		return false;
	return seccomp_table_allows(table, row);
}

static bool seccomp_allows(const struct seccomp_table *table, u32 arch, int nr)
{
	int row = seccomp_row(arch, nr);

	if (seccomp_table_allows(table, row))				/* bad */
		return true;
	if (!table || row < 0)
		return false;
	if (seccomp_table_allows(table, nr))				/* bad */
		return true;
	if (seccomp_table_allows(table, row))
		return true;
	if (test_bit(row, table->allow))				/* bad */
		return true;
	row = nr;
	return seccomp_table_class_id(table, row);			/* bad */
}

static bool seccomp_asks(const struct seccomp_table *table, unsigned int row)
{
	return seccomp_table_class_id(table, row) == SECCOMP_CLASS_FILTER;
}

static bool seccomp_answers(const struct seccomp_table *table, u32 arch, int nr)
{
	int row = seccomp_row(arch, nr);

	if (row >= 0 && !seccomp_asks(table, row))
		return true;
	return !seccomp_asks(table, nr);				/* bad */
}

static bool seccomp_asks_on(unsigned int nr, const struct seccomp_table *table,
			    unsigned int row)
{
	return seccomp_asks(table, row);
}

static bool seccomp_find(int nr, const struct seccomp_table **table, unsigned long *row)
{
	if (!seccomp_find_row(syscall_get_arch(current), nr, row))
		return false;
	*table = current->seccomp.filter->table;
	return true;
}

static bool seccomp_late(int nr)
{
	const struct seccomp_table *table;
	unsigned long row;

	seccomp_find(nr, &table, &row);
	if (seccomp_table_allows(table, row))				/* bad */
		return true;
	if (!seccomp_find(nr, &table, &row))
		return false;
	if (seccomp_asks_on(nr, table, nr))				/* bad */
		return true;
	return seccomp_asks_on(nr, table, row);
}

static u32 seccomp_result(const struct seccomp_table *table, unsigned int id)
{
	return seccomp_table_class(table, id)->ret;
}

static u32 seccomp_errno(const struct seccomp_table *table, u32 arch, int nr)
{
	int row = seccomp_row(arch, nr);
	unsigned int id;

	if (row < 0)
		return 0;
	id = table->leaf[row / SECCOMP_LEAF_ROWS];			/* bad */
	if (seccomp_table_class(table, id)->log)			/* bad */
		return seccomp_result(table, id);			/* bad */
	id = seccomp_table_class_id(table, row);
	if (seccomp_table_class(table, id)->log)
		return seccomp_result(table, id);
	if (seccomp_table_class(table, id + 1)->log)			/* bad */
		return seccomp_result(table, nr);			/* bad */
	return seccomp_result(table, seccomp_table_class_id(table, row));
}
