// SPDX-License-Identifier: GPL-2.0-only
/* published_table.cocci: tasks read these tables while they are written. */
#include <linux/seccomp_bitmap.h>

static void seccomp_allow(struct seccomp_bitmap *bitmap, unsigned int row)
{
	const unsigned long *rows = bitmap->table->allow;
	const struct seccomp_step *first = seccomp_table_steps(bitmap->table);
	struct seccomp_table *table = bitmap->table;
	unsigned long *allow = table->allow;				/* bad */
	struct seccomp_step *steps = seccomp_table_steps(table);	/* bad */
	struct seccomp_class *class = (void *)table + table->classes;	/* bad */

	table->leaf[row / SECCOMP_LEAF_ROWS] = 0;			/* bad */
	table->rows[0][row % SECCOMP_LEAF_ROWS] |= 1;			/* bad */
	bitmap->table->nr_classes++;					/* bad */
	bitmap_copy(table->allow, rows, row);				/* bad */
	clear_bit(row, bitmap->table->allow);				/* bad */
	seccomp_table_steps(table)[0].log = first->log;			/* bad */
	memset(seccomp_table_steps(table), 0, sizeof(*first));		/* bad */
	seccomp_table_set_program(bitmap->table, 0, NULL, false);	/* bad */
	*table = (struct seccomp_table) { };				/* bad */
	memcpy((void *)table + table->classes, class, row);		/* bad */
	table_lay_out(table, 1);					/* bad */
	refcount_set(&table->refs, 1);					/* bad */
	refcount_inc(&table->refs);
}

static void seccomp_publish(struct seccomp_bitmap *bitmap)
{
	struct seccomp_table *table = seccomp_table_of_programs(1);
	struct seccomp_table layout = *table;
	struct seccomp_step *steps;

	table_lay_out(&layout, 1);
	seccomp_table_set_program(table, 0, NULL, false);
	steps = seccomp_table_steps(table);
	steps->log = true;
	table->nr_filters = 1;
	bitmap->table = table;
	table->nr_filters = 2;						/* bad */
	seccomp_table_set_program(table, 0, NULL, true);		/* bad */
}
