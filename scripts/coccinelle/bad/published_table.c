// SPDX-License-Identifier: GPL-2.0-only
/* published_table.cocci: tasks read these tables while they are written. */
#include <linux/seccomp_bitmap.h>

static void seccomp_fill(struct seccomp_table *draft)
{
	draft->nr_classes = 2;
}

static void seccomp_allow(struct seccomp_bitmap *bitmap, unsigned int row)
{
	const unsigned long *rows = bitmap->all->bitmap[SECCOMP_CLASS_FILTER];
	struct seccomp_table *table = bitmap->all;
	unsigned long *allow = table->bitmap[SECCOMP_CLASS_ALLOW];	/* bad */

	table->class[row] = SECCOMP_CLASS_ALLOW;			/* bad */
	bitmap->own->nr_classes++;					/* bad */
	bitmap_copy(table->bitmap[SECCOMP_CLASS_ALLOW], rows, row);	/* bad */
	clear_bit(row, bitmap->all->bitmap[SECCOMP_CLASS_FILTER]);	/* bad */
	seccomp_fill(table);						/* bad */
	refcount_inc(&table->refs);
}

static void seccomp_publish(struct seccomp_bitmap *bitmap)
{
	struct seccomp_table *table = seccomp_table_draft();
	struct seccomp_table *draft = seccomp_table_draft();

	table->nr_classes = draft->nr_classes++;
	bitmap->own = table;
	table->nr_classes = 1;						/* bad */
	bitmap->all = draft;						/* bad */
	draft = bitmap->own;						/* bad */
}
