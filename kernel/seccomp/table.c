// SPDX-License-Identifier: GPL-2.0-only
/* Tables of constant results: how they are built, merged and shared. */

#include <linux/seccomp.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "bitmap.h"

static_assert(SECCOMP_MAX_CLASSES <= 256); /* a class fits a u8 */
static_assert(SECCOMP_ARCH_NATIVE_NR <= SECCOMP_ABI_ROWS);
#ifdef SECCOMP_ARCH_COMPAT
static_assert(SECCOMP_ARCH_COMPAT_NR <= SECCOMP_ABI_ROWS);
#endif

#ifdef CONFIG_SECCOMP_BITMAP_KUNIT_TEST
/* Lets the tests make the nth allocation from now fail. */
unsigned int seccomp_table_fail_nth;

static bool seccomp_table_fails(void)
{
	return seccomp_table_fail_nth && !--seccomp_table_fail_nth;
}
#else
static bool seccomp_table_fails(void)
{
	return false;
}
#endif

/*
 * Tables are freed under spinlocks (a filter can lose its last reference in
 * seccomp_sync_threads()), hence kmalloc memory. It is charged to its user.
 */
static struct seccomp_table *seccomp_table_alloc(unsigned int nr_classes)
{
	size_t bitmaps = array_size(nr_classes, sizeof_field(struct seccomp_table,
							     bitmap[0]));
	struct seccomp_table *table;

	if (seccomp_table_fails())
		return NULL;

	table = kzalloc(sizeof(*table) + bitmaps +
			nr_classes * sizeof(*table->verdict),
			GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!table)
		return NULL;

	refcount_set(&table->refs, 1);
	table->verdict = (void *)table->bitmap[nr_classes];
	return table;
}

/**
 * seccomp_table_draft() - start a table in which no row is constant
 *
 * Context: may sleep.
 * Return: a table with room for %SECCOMP_MAX_CLASSES classes, to be filled by
 * seccomp_table_decide(), sealed and put; or NULL without memory.
 */
struct seccomp_table *seccomp_table_draft(void)
{
	struct seccomp_table *draft = seccomp_table_alloc(SECCOMP_MAX_CLASSES);

	if (!draft)
		return NULL;

	draft->nr_classes = SECCOMP_NR_FIXED_CLASSES;
	draft->verdict[SECCOMP_CLASS_ALLOW].ret = SECCOMP_RET_ALLOW;
	bitmap_fill(draft->bitmap[SECCOMP_CLASS_FILTER], SECCOMP_TABLE_ROWS);
	return draft;
}

/* Every result but ALLOW has a filter, so that FILTER's is never found. */
static unsigned int seccomp_class(struct seccomp_table *draft,
				  struct seccomp_verdict verdict)
{
	unsigned int class;

	if (verdict.ret == SECCOMP_RET_ALLOW)
		return SECCOMP_CLASS_ALLOW;

	for (class = SECCOMP_NR_FIXED_CLASSES; class < draft->nr_classes; class++)
		if (draft->verdict[class].ret == verdict.ret &&
		    draft->verdict[class].match == verdict.match)
			return class;

	if (class == SECCOMP_MAX_CLASSES)
		return SECCOMP_CLASS_FILTER;

	draft->verdict[class] = verdict;
	return draft->nr_classes++;
}

/* Actions compare as seccomp_run_filters() compares them: signed. */
static s32 seccomp_action(u32 ret)
{
	return ret & SECCOMP_RET_ACTION_FULL;
}

/* The class of what @filter returns as @ret. */
static unsigned int seccomp_class_of(struct seccomp_table *draft, u32 ret,
				     struct seccomp_filter *filter)
{
	struct seccomp_verdict verdict = { .ret = ret, .match = filter };

	/* Running filters drops the data of an ALLOW, and names no filter. */
	if (seccomp_action(ret) == SECCOMP_RET_ALLOW)
		verdict = draft->verdict[SECCOMP_CLASS_ALLOW];
	return seccomp_class(draft, verdict);
}

/**
 * seccomp_table_decide() - make a row constant
 * @draft: table that is not sealed yet
 * @row: row to decide
 * @ret: what @filter returns for it
 * @filter: the filter that @draft is about
 *
 * Context: any.
 */
void seccomp_table_decide(struct seccomp_table *draft, unsigned int row,
			  u32 ret, struct seccomp_filter *filter)
{
	unsigned int class;

	for (class = 0; class < draft->nr_classes; class++)
		__clear_bit(row, draft->bitmap[class]);
	__set_bit(row, draft->bitmap[seccomp_class_of(draft, ret, filter)]);
}

/**
 * seccomp_table_decide_set() - make rows of one ABI constant
 * @draft: table that is not sealed yet
 * @first: row of the ABI's number 0
 * @set: bitmap of SECCOMP_ABI_ROWS numbers, none of them decided yet
 * @ret: what @filter returns for them
 * @filter: the filter that @draft is about
 *
 * Context: any.
 */
void seccomp_table_decide_set(struct seccomp_table *draft, unsigned int first,
			      const unsigned long *set, u32 ret,
			      struct seccomp_filter *filter)
{
	unsigned int class = seccomp_class_of(draft, ret, filter);
	unsigned long *undecided, *decided;

	BUILD_BUG_ON(SECCOMP_ABI_ROWS % BITS_PER_LONG);
	undecided = &draft->bitmap[SECCOMP_CLASS_FILTER][BIT_WORD(first)];
	decided = &draft->bitmap[class][BIT_WORD(first)];

	bitmap_andnot(undecided, undecided, set, SECCOMP_ABI_ROWS);
	bitmap_or(decided, decided, set, SECCOMP_ABI_ROWS);
}

/* The index starts out with class 0, where most rows are. */
static void seccomp_table_index(struct seccomp_table *table)
{
	unsigned int row, class;

	BUILD_BUG_ON(SECCOMP_CLASS_ALLOW != 0);
	for (class = 1; class < table->nr_classes; class++)
		for_each_set_bit(row, table->bitmap[class], SECCOMP_TABLE_ROWS)
			table->class[row] = class;
}

/**
 * seccomp_table_seal() - the immutable form of a draft
 * @draft: finished table; the caller still has to put it
 *
 * Context: may sleep.
 * Return: a table that holds only classes in use, or NULL when no row is
 * constant or there is no memory: the filters are run in both cases.
 */
struct seccomp_table *seccomp_table_seal(const struct seccomp_table *draft)
{
	unsigned int from, to, used = SECCOMP_NR_FIXED_CLASSES;
	struct seccomp_table *table;

	if (bitmap_full(draft->bitmap[SECCOMP_CLASS_FILTER], SECCOMP_TABLE_ROWS))
		return NULL;

	for (from = used; from < draft->nr_classes; from++)
		used += !bitmap_empty(draft->bitmap[from], SECCOMP_TABLE_ROWS);

	table = seccomp_table_alloc(used);
	if (!table)
		return NULL;

	table->nr_classes = used;
	for (from = 0, to = 0; from < draft->nr_classes; from++) {
		if (from >= SECCOMP_NR_FIXED_CLASSES &&
		    bitmap_empty(draft->bitmap[from], SECCOMP_TABLE_ROWS))
			continue;
		table->verdict[to] = draft->verdict[from];
		bitmap_copy(table->bitmap[to], draft->bitmap[from],
			    SECCOMP_TABLE_ROWS);
		to++;
	}
	seccomp_table_index(table);
	return table;
}

/* The rows with a result, or NULL where @table has no class for it. */
static const unsigned long *seccomp_rows(const struct seccomp_table *table,
					 const struct seccomp_verdict *verdict)
{
	unsigned int class;

	for (class = 0; class < table->nr_classes; class++)
		if (table->verdict[class].ret == verdict->ret &&
		    table->verdict[class].match == verdict->match)
			return table->bitmap[class];
	return NULL;
}

/* Same results for the same rows; the order of the classes does not matter. */
static bool seccomp_table_equal(const struct seccomp_table *a,
				const struct seccomp_table *b)
{
	const unsigned long *rows;
	unsigned int i;

	if (a->nr_classes != b->nr_classes)
		return false;

	for (i = 0; i < a->nr_classes; i++) {
		rows = seccomp_rows(b, &a->verdict[i]);
		if (!rows || !bitmap_equal(a->bitmap[i], rows, SECCOMP_TABLE_ROWS))
			return false;
	}
	return true;
}

/**
 * seccomp_table_agree() - keep what two drafts agree on
 * @draft: draft to change
 * @other: another draft about the same filter; NULL agrees to nothing
 *
 * Context: any.
 * Return: the first row for which both have a result, but not the same one, or
 * -1 when there is none.
 */
int seccomp_table_agree(struct seccomp_table *draft,
			const struct seccomp_table *other)
{
	unsigned long *filter = draft->bitmap[SECCOMP_CLASS_FILTER];
	DECLARE_BITMAP(both, SECCOMP_TABLE_ROWS);
	const unsigned long *same;
	unsigned int class, row;

	bitmap_zero(both, SECCOMP_TABLE_ROWS);
	if (other) {
		bitmap_fill(both, SECCOMP_TABLE_ROWS);
		bitmap_andnot(both, both, filter, SECCOMP_TABLE_ROWS);
		bitmap_andnot(both, both, other->bitmap[SECCOMP_CLASS_FILTER],
			      SECCOMP_TABLE_ROWS);
	}

	for (class = 0; class < draft->nr_classes; class++) {
		if (class == SECCOMP_CLASS_FILTER)
			continue;
		same = other ? seccomp_rows(other, &draft->verdict[class]) : NULL;
		if (!same)
			bitmap_zero(draft->bitmap[class], SECCOMP_TABLE_ROWS);
		else
			bitmap_and(draft->bitmap[class], draft->bitmap[class],
				   same, SECCOMP_TABLE_ROWS);
		bitmap_andnot(both, both, draft->bitmap[class],
			      SECCOMP_TABLE_ROWS);
	}

	bitmap_fill(filter, SECCOMP_TABLE_ROWS);
	for (class = 0; class < draft->nr_classes; class++)
		if (class != SECCOMP_CLASS_FILTER)
			bitmap_andnot(filter, filter, draft->bitmap[class],
				      SECCOMP_TABLE_ROWS);

	row = find_first_bit(both, SECCOMP_TABLE_ROWS);
	return row < SECCOMP_TABLE_ROWS ? row : -1;
}

/*
 * The class of rows that are in class @i of @own and in class @j of @older. The
 * lower action wins and among equal ones the newer filter. Nothing is lower
 * than KILL_PROCESS, so there the older filters need not be constant.
 */
static unsigned int seccomp_merged_class(struct seccomp_table *draft,
					 const struct seccomp_table *own,
					 unsigned int i,
					 const struct seccomp_table *older,
					 unsigned int j)
{
	s32 action = seccomp_action(own->verdict[i].ret);

	if (i == SECCOMP_CLASS_FILTER)
		return SECCOMP_CLASS_FILTER;
	if (action == (s32)SECCOMP_RET_KILL_PROCESS)
		return seccomp_class(draft, own->verdict[i]);
	if (j == SECCOMP_CLASS_FILTER)
		return SECCOMP_CLASS_FILTER;
	if (action <= seccomp_action(older->verdict[j].ret))
		return seccomp_class(draft, own->verdict[i]);
	return seccomp_class(draft, older->verdict[j]);
}

static void seccomp_merge_classes(struct seccomp_table *draft,
				  const struct seccomp_table *own, unsigned int i,
				  const struct seccomp_table *older,
				  unsigned int j)
{
	DECLARE_BITMAP(both, SECCOMP_TABLE_ROWS);
	unsigned int class;

	if (!bitmap_and(both, own->bitmap[i], older->bitmap[j],
			SECCOMP_TABLE_ROWS))
		return;

	class = seccomp_merged_class(draft, own, i, older, j);
	bitmap_andnot(draft->bitmap[SECCOMP_CLASS_FILTER],
		      draft->bitmap[SECCOMP_CLASS_FILTER], both,
		      SECCOMP_TABLE_ROWS);
	bitmap_or(draft->bitmap[class], draft->bitmap[class], both,
		  SECCOMP_TABLE_ROWS);
}

/**
 * seccomp_table_merge() - stack a filter's table on that of the older filters
 * @own: constant results of the newest filter, or NULL
 * @older: combined constant results of the filters below it, or NULL
 *
 * A row is constant when it is in both tables; which result it gets follows
 * seccomp_run_filters().
 *
 * Context: may sleep.
 * Return: the combined table, @own or @older itself where nothing else comes
 * out, or NULL when nothing is constant or there is no memory.
 */
struct seccomp_table *seccomp_table_merge(struct seccomp_table *own,
					  struct seccomp_table *older)
{
	struct seccomp_table *draft, *merged;
	unsigned int i, j;

	if (!own || !older)
		return NULL;

	draft = seccomp_table_draft();
	if (!draft)
		return NULL;

	for (i = 0; i < own->nr_classes; i++)
		for (j = 0; j < older->nr_classes; j++)
			seccomp_merge_classes(draft, own, i, older, j);

	if (seccomp_table_equal(draft, older))
		merged = seccomp_table_get(older);
	else if (seccomp_table_equal(draft, own))
		merged = seccomp_table_get(own);
	else
		merged = seccomp_table_seal(draft);

	seccomp_table_put(draft);
	return merged;
}

/**
 * seccomp_table_get() - take a reference to a table
 * @table: table, or NULL
 *
 * Context: any.
 * Return: @table.
 */
struct seccomp_table *seccomp_table_get(struct seccomp_table *table)
{
	if (table)
		refcount_inc(&table->refs);
	return table;
}

/**
 * seccomp_table_put() - drop a reference to a table
 * @table: table, or NULL
 *
 * Context: any; the last reference frees it.
 */
void seccomp_table_put(struct seccomp_table *table)
{
	if (table && refcount_dec_and_test(&table->refs))
		kfree(table);
}
