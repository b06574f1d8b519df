// SPDX-License-Identifier: GPL-2.0-only
/* What kernel/seccomp.c asks for when a filter is attached, and when it goes. */

#include <linux/err.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/seccomp_bitmap.h>
#include <linux/slab.h>

#include "program.h"
#include "results.h"
#include "table.h"

/**
 * seccomp_bitmap_prepare() - find or make the program of a filter
 * @bitmap: of a filter that is not visible to any task yet
 * @text: the filter's instructions, from kmalloc(); taken over
 * @len: their number, not 0
 * @check: what seccomp demands of a program, and does to it
 *
 * Without the memory to find out what the filter does it is always run.
 *
 * Context: process context, no locks held, may sleep.
 * Return: the program, or an ERR_PTR: see seccomp_program_get().
 */
struct bpf_prog *seccomp_bitmap_prepare(struct seccomp_bitmap *bitmap,
					struct sock_filter *text, u16 len,
					bpf_aux_classic_check_t check)
{
	struct seccomp_program *program = seccomp_program_get(text, len, check);

	if (IS_ERR(program))
		return ERR_CAST(program);
	bitmap->program = program;
	bitmap->table = seccomp_table_get(&seccomp_unknown_table);
	return program->prog;
}

/* Without the memory to look at what is known of a program, nothing is. */
static struct seccomp_table *
bitmap_build_table(const struct seccomp_program *program, bool log,
		   const struct seccomp_table *older)
{
	struct seccomp_results *own = seccomp_results_unpack(program->own);
	struct seccomp_table *table;

	if (!own)
		return NULL;
	table = seccomp_table_freeze(own, program->prog, log, older);
	kfree(own);
	return table;
}

/**
 * seccomp_bitmap_freeze() - find or make the table of a filter and those below it
 * @bitmap: of a filter that is not visible to any task yet
 * @log: its log flag
 * @older: table of the filters that it goes on top of, NULL when there are none
 *
 * May be called again when the filters below have changed meanwhile.
 *
 * Context: process context, may sleep; the caller keeps @older alive.
 */
void seccomp_bitmap_freeze(struct seccomp_bitmap *bitmap, bool log,
			   const struct seccomp_table *older)
{
	const struct seccomp_program *program = bitmap->program;
	const u64 key = seccomp_table_key(program->id, log);
	struct seccomp_table *table = NULL;

	if (program->own || older) {
		table = seccomp_table_find(older, key);
		if (!table) {
			table = bitmap_build_table(program, log, older);
			table = seccomp_table_share(table, older, key);
		}
	}
	seccomp_table_put(bitmap->table);
	bitmap->table = table ?: seccomp_table_get(&seccomp_unknown_table);
}

/**
 * seccomp_bitmap_forget() - have a filter and all those below it be run
 * @bitmap: of a filter that is not visible to any task yet
 *
 * Context: any.
 */
void seccomp_bitmap_forget(struct seccomp_bitmap *bitmap)
{
	seccomp_table_put(bitmap->table);
	bitmap->table = seccomp_table_get(&seccomp_unknown_table);
}

/**
 * seccomp_bitmap_known() - is there a table?
 * @bitmap: of the newest filter of a task
 *
 * Context: any.
 * Return: false when all filters are always run.
 */
bool seccomp_bitmap_known(const struct seccomp_bitmap *bitmap)
{
	return bitmap->table != &seccomp_unknown_table;
}

/**
 * seccomp_bitmap_users() - how many filters have the same program?
 * @bitmap: of a filter
 *
 * Context: any.
 * Return: their number, this one included.
 */
unsigned int seccomp_bitmap_users(const struct seccomp_bitmap *bitmap)
{
	return refcount_read(&bitmap->program->shared.refs);
}

/**
 * seccomp_bitmap_free() - drop the program and the table of a filter
 * @bitmap: of a filter that no task can reach any more; zeroed if
 *	seccomp_bitmap_prepare() has failed
 *
 * Context: any.
 */
void seccomp_bitmap_free(struct seccomp_bitmap *bitmap)
{
	if (bitmap->program)
		seccomp_program_put(bitmap->program);
	seccomp_table_put(bitmap->table);
}
