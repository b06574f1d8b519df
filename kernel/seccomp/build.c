// SPDX-License-Identifier: GPL-2.0-only
/*
 * Building the table of a stack, from that of the older filters.
 *
 * The class of a row under a stack is made of two things: what the newest filter
 * does with it (its outcome) and the class that it has under the older filters.
 * A table is built from all such pairs that occur, and holds no reference to the
 * table below, so that this can go.
 */

#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "build.h"
#include "internal.h"

#define LEAF_MASK	GENMASK(SECCOMP_LEAF_ROWS - 1, 0)

static_assert(SECCOMP_LEAF_ROWS <= 16);

static union pair build_pair(const struct table_build *build, unsigned int row)
{
	return (union pair) {
		.outcome = seccomp_results_row(build->own, row),
		.class = build->older ? seccomp_table_class_id(build->older, row) :
					SECCOMP_CLASS_ALLOW,
	};
}

/* All bits of each byte that is not 0. */
static u64 leaf_set(u64 bytes)
{
	const u64 low = 0x7f7f7f7f7f7f7f7f;
	u64 high = (((bytes & low) + low) | bytes) & ~low;

	return (high >> 7) * 0xff;
}

static void leaf_add(union leaf *to, const union leaf *from)
{
	unsigned int i;

	for (i = 0; i < LEAF_WORDS; i++)
		to->word[i] |= from->word[i];
}

/* Can @rows be one with a leaf: are the same those that both have? */
static bool build_leaf_fits(const struct table_build *build, unsigned int leaf,
			    const union leaf *rows, const union leaf *set)
{
	unsigned int i;

	for (i = 0; i < LEAF_WORDS; i++)
		if ((build->rows[leaf].word[i] ^ rows->word[i]) &
		    build->set[leaf].word[i] & set->word[i])
			return false;
	return true;
}

/*
 * Find a leaf that can be one with @rows, unless it @is_new, or add one. Most are like
 * the last one.
 */
static u8 build_leaf(struct table_build *build, const union leaf *rows, bool is_new)
{
	unsigned int leaf = is_new ? 0 : build->nr_leaves, i;
	union leaf set;

	for (i = 0; i < LEAF_WORDS; i++)
		set.word[i] = leaf_set(rows->word[i]);
	while (leaf-- > 0) {
		if (!build_leaf_fits(build, leaf, rows, &set))
			continue;
		leaf_add(&build->rows[leaf], rows);
		leaf_add(&build->set[leaf], &set);
		return leaf;
	}
	build->rows[build->nr_leaves] = *rows;
	build->set[build->nr_leaves] = set;
	return build->nr_leaves++;
}

/* Those of a leaf's rows that a bitmap has. */
static unsigned long leaf_bits(const unsigned long *bitmap, unsigned int first)
{
	BUILD_BUG_ON(BITS_PER_LONG % SECCOMP_LEAF_ROWS);
	return bitmap[BIT_WORD(first)] >> first % BITS_PER_LONG & LEAF_MASK;
}

/* Does a leaf come out as that of the rows before it? */
static bool leaf_repeats(const struct table_build *build, unsigned int first)
{
	const unsigned int before = first - SECCOMP_LEAF_ROWS;
	const struct seccomp_table *older = build->older;

	if (memcmp(&build->own->row[first], &build->own->row[before],
		   SECCOMP_LEAF_ROWS) ||
	    leaf_bits(build->own->allow, first) !=
	    leaf_bits(build->own->allow, before) ||
	    /* Which has exempt calls besides. */
	    leaf_bits(build->allow, first) != leaf_bits(build->allow, before))
		return false;
	return !older ||
	       (older->leaf[first / SECCOMP_LEAF_ROWS] ==
		older->leaf[before / SECCOMP_LEAF_ROWS] &&
		leaf_bits(older->allow, first) == leaf_bits(older->allow, before));
}

/* The leaf of the rows from @first on, of which those in @open are not allowed. */
static u8 build_rows(struct table_build *build, unsigned int first,
		     unsigned long open)
{
	union leaf rows = {};
	union pair pair;
	unsigned int i;
	u8 *class;

	for (; open; open &= open - 1) {
		i = __ffs(open);
		pair = build_pair(build, first + i);
		class = &build->last_class[pair.outcome];
		if (build->last[pair.outcome].both != pair.both)
			*class = seccomp_build_class(build, pair);
		build->last[pair.outcome] = pair;
		rows.row[i] = *class;
	}
	return build_leaf(build, &rows, false);
}

/* The same where the newest filter allows all, which is most often. */
static u8 build_rows_above(struct table_build *build, unsigned int first,
			   unsigned long open)
{
	const unsigned int id = build->older->leaf[first / SECCOMP_LEAF_ROWS];
	const unsigned long seen = open | build->rows_above[id];
	const u8 *older = build->older->rows[id];
	union leaf rows = {};
	unsigned int i;

	if (!(open & ~build->rows_above[id]))
		return build->leaf_above[id];

	for (open = seen; open; open &= open - 1) {
		i = __ffs(open);
		rows.row[i] = seccomp_build_class_above(build, older[i]);
	}
	/* Leaves of the older table differ from each other: they still do. */
	build->leaf_above[id] = build_leaf(build, &rows, !build->rows_above[id]);
	build->rows_above[id] |= seen;
	return build->leaf_above[id];
}

static bool own_allows(const struct table_build *build, unsigned int first)
{
	return leaf_bits(build->own->allow, first) == LEAF_MASK;
}

static void build_abi(struct table_build *build, const struct seccomp_abi *abi)
{
	unsigned int first = seccomp_row(abi->arch, abi->first), nr, rows;
	u8 *leaf = &build->leaf[first / SECCOMP_LEAF_ROWS];
	unsigned long open;

	for (nr = 0; nr < abi->size; nr += rows, first += rows, leaf++) {
		rows = min(abi->size - nr, SECCOMP_LEAF_ROWS);
		open = ~leaf_bits(build->allow, first) & GENMASK(rows - 1, 0);
		if (!open)
			continue;
		if (build->older && own_allows(build, first))
			*leaf = build_rows_above(build, first, open);
		else if (nr && rows == SECCOMP_LEAF_ROWS && leaf_repeats(build, first))
			*leaf = leaf[-1];
		else
			*leaf = build_rows(build, first, open);
	}
}

static struct seccomp_table *build_finish(const struct table_build *build)
{
	const struct seccomp_table counts = {
		.nr_filters = build->step.place + 1,
		.nr_classes = build->nr_classes - SECCOMP_NR_FIXED_CLASSES,
		.nr_steps = build->nr_steps,
	};
	struct seccomp_table *table = seccomp_table_alloc(&counts, build->nr_leaves,
							  build->ops_end);

	if (!table)
		return NULL;

	bitmap_copy(table->allow, build->allow, SECCOMP_TABLE_ROWS);
	memcpy(table->leaf, build->leaf, sizeof(table->leaf));
	memcpy(table->rows, build->rows, build->nr_leaves * sizeof(*table->rows));
	memcpy((void *)table + table->classes, build->class,
	       table->nr_classes * sizeof(*build->class));
	memcpy(seccomp_table_steps(table), build->steps,
	       table->nr_steps * sizeof(*build->steps));
	memcpy(seccomp_table_ops(table), build->ops,
	       build->ops_end * sizeof(*build->ops));
	return table;
}

static bool own_has_rests(const struct seccomp_results *own)
{
	unsigned int i;

	for (i = SECCOMP_NR_FIXED_OUTCOMES; i < own->nr_outcomes; i++)
		if (own->outcome[i].kind == SECCOMP_REST)
			return true;
	return false;
}

/* Memory for what a table has the most of; false without it. */
static bool build_open(struct table_build *build)
{
	build->class = kmalloc_array(SECCOMP_MAX_CLASSES, sizeof(*build->class),
				     SECCOMP_GFP_OPTIONAL);
	build->steps = kmalloc_array(SECCOMP_MAX_STEPS, sizeof(*build->steps),
				     SECCOMP_GFP_OPTIONAL);
	build->ops = kmalloc_array(SECCOMP_MAX_OPS_ALL, sizeof(*build->ops),
				   SECCOMP_GFP_OPTIONAL);
	return build->class && build->steps && build->ops;
}

static void build_close(struct table_build *build)
{
	kfree(build->class);
	kfree(build->steps);
	kfree(build->ops);
	kfree(build);
}

/**
 * seccomp_table_freeze() - make the table of a stack
 * @own: outcomes of the newest filter
 * @prog: its program
 * @log: its log flag
 * @older: table of the older filters, or NULL if there are none
 *
 * Context: process context, may sleep; the caller keeps @older alive.
 * Return: the table, or NULL without memory, or for too many filters.
 */
struct seccomp_table *seccomp_table_freeze(const struct seccomp_results *own,
					   const struct bpf_prog *prog, bool log,
					   const struct seccomp_table *older)
{
	struct table_build *build;
	struct seccomp_table *table = NULL;
	unsigned int i;

	if (older && older->nr_filters == SECCOMP_MAX_FILTERS)
		return NULL;
	build = kmalloc_obj(*build, SECCOMP_GFP_OPTIONAL);
	if (!build)
		return NULL;
	if (!build_open(build))
		goto out;

	build->own = own;
	build->orig = prog->orig_prog;
	build->older = older;
	build->step = (struct seccomp_step) {
		.prog = prog, .place = older ? older->nr_filters : 0, .log = log,
	};
	bitmap_copy(build->allow, own->allow, SECCOMP_TABLE_ROWS);
	if (older)
		bitmap_and(build->allow, build->allow, older->allow,
			   SECCOMP_TABLE_ROWS);
	seccomp_allow_exempt(build->allow);
	build->nr_classes = SECCOMP_NR_FIXED_CLASSES;
	build->nr_steps = 0;
	build->nr_ops = 0;
	build->ops_end = 0;
	build->full = false;
	build->own_rests = own_has_rests(own);
	/* One there must be, even if all rows are allowed: it is read by speculation. */
	build->nr_leaves = 1;
	build->rows[0] = (union leaf) {};
	build->set[0] = (union leaf) {};
	memset(build->slot, 0, sizeof(build->slot));
	memset(build->rest_slot, 0, sizeof(build->rest_slot));
	memset(build->rest_class, 0, sizeof(build->rest_class));
	memset(build->own_class, 0, sizeof(build->own_class));
	if (older && older->nr_steps)
		memset(build->ops_above, 0, sizeof(build->ops_above));
	memset(build->last, 0, sizeof(build->last));
	memset(build->last_class, 0, sizeof(build->last_class));
	memset(build->leaf, 0, sizeof(build->leaf));
	memset(build->class_above, 0, sizeof(build->class_above));
	memset(build->rows_above, 0, sizeof(build->rows_above));
	for (i = 0; i < SECCOMP_NR_ABIS; i++)
		build_abi(build, &seccomp_abis[i]);
	table = build_finish(build);
out:
	build_close(build);
	return table;
}
