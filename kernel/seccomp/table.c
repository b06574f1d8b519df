// SPDX-License-Identifier: GPL-2.0-only
/* Tables of plans: how they are built, merged and shared. */

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

/**
 * seccomp_table_size() - memory of a table
 * @nr_classes: number of classes that it has room for
 *
 * Context: any.
 * Return: bytes.
 */
size_t seccomp_table_size(unsigned int nr_classes)
{
	const struct seccomp_table *table;

	return sizeof(*table) + array_size(nr_classes, sizeof(*table->bitmap) +
						       sizeof(*table->plan));
}

/*
 * Tables are freed under spinlocks (a filter can lose its last reference in
 * seccomp_sync_threads()), hence kmalloc memory. It is charged to its user.
 */
static struct seccomp_table *seccomp_table_alloc(unsigned int nr_classes)
{
	struct seccomp_table *table;

	if (seccomp_table_fails())
		return NULL;

	table = kzalloc(seccomp_table_size(nr_classes),
			GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!table)
		return NULL;

	refcount_set(&table->refs, 1);
	table->plan = (void *)table->bitmap[nr_classes];
	return table;
}

/**
 * seccomp_table_draft() - start a table in which no row has a plan
 *
 * Context: may sleep.
 * Return: a table with room for %SECCOMP_MAX_CLASSES classes, to be filled by
 * seccomp_table_decide() and others, sealed and put; or NULL without memory.
 */
struct seccomp_table *seccomp_table_draft(void)
{
	struct seccomp_table *draft = seccomp_table_alloc(SECCOMP_MAX_CLASSES);

	if (!draft)
		return NULL;

	draft->nr_classes = SECCOMP_NR_FIXED_CLASSES;
	draft->plan[SECCOMP_CLASS_ALLOW].ret = SECCOMP_RET_ALLOW;
	bitmap_fill(draft->bitmap[SECCOMP_CLASS_FILTER], SECCOMP_TABLE_ROWS);
	return draft;
}

static bool seccomp_plan_equal(const struct seccomp_plan *a,
			       const struct seccomp_plan *b)
{
	return a->ret == b->ret && a->match == b->match &&
	       a->prog == b->prog && a->older == b->older;
}

/* The first class from @class on that has a plan; nr_classes if there is none. */
static unsigned int seccomp_find_class(const struct seccomp_table *table,
				       unsigned int class,
				       const struct seccomp_plan *plan)
{
	while (class < table->nr_classes &&
	       !seccomp_plan_equal(&table->plan[class], plan))
		class++;
	return class;
}

static bool seccomp_plan_allows(const struct seccomp_plan *plan)
{
	return !plan->prog && plan->ret == SECCOMP_RET_ALLOW;
}

/* FILTER's is never looked for. */
static unsigned int seccomp_class(struct seccomp_table *draft,
				  const struct seccomp_plan *plan)
{
	unsigned int class;

	if (seccomp_plan_allows(plan))
		return SECCOMP_CLASS_ALLOW;

	class = seccomp_find_class(draft, SECCOMP_NR_FIXED_CLASSES, plan);
	if (class < draft->nr_classes)
		return class;
	if (class == SECCOMP_MAX_CLASSES)
		return SECCOMP_CLASS_FILTER;

	draft->plan[class] = *plan;
	return draft->nr_classes++;
}

/* Rows that no other class has come to a class. */
static void seccomp_classify(struct seccomp_table *draft,
			     const unsigned long *rows, unsigned int class)
{
	bitmap_andnot(draft->bitmap[SECCOMP_CLASS_FILTER],
		      draft->bitmap[SECCOMP_CLASS_FILTER], rows,
		      SECCOMP_TABLE_ROWS);
	bitmap_or(draft->bitmap[class], draft->bitmap[class], rows,
		  SECCOMP_TABLE_ROWS);
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
	struct seccomp_plan plan = { .ret = ret, .match = filter };

	/* Running filters drops the data of an ALLOW, and names no filter. */
	if (seccomp_action(ret) == SECCOMP_RET_ALLOW)
		plan = draft->plan[SECCOMP_CLASS_ALLOW];
	return seccomp_class(draft, &plan);
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

/**
 * seccomp_table_run() - have rows that are not constant run a program
 * @draft: table that is not sealed yet
 * @rows: bitmap of rows; those that are decided already stay as they are
 * @prog: program that returns for them what @filter does
 * @filter: the filter that @draft is about
 *
 * Context: any.
 */
void seccomp_table_run(struct seccomp_table *draft, const unsigned long *rows,
		       const struct bpf_prog *prog, struct seccomp_filter *filter)
{
	const struct seccomp_plan plan = { .match = filter, .prog = prog };
	DECLARE_BITMAP(undecided, SECCOMP_TABLE_ROWS);

	if (bitmap_and(undecided, rows, draft->bitmap[SECCOMP_CLASS_FILTER],
		       SECCOMP_TABLE_ROWS))
		seccomp_classify(draft, undecided, seccomp_class(draft, &plan));
}

/* The index starts out with class 0, where most rows are. */
static void seccomp_table_index(struct seccomp_table *draft)
{
	unsigned int row, class;

	BUILD_BUG_ON(SECCOMP_CLASS_ALLOW != 0);
	for (class = 1; class < draft->nr_classes; class++)
		for_each_set_bit(row, draft->bitmap[class], SECCOMP_TABLE_ROWS)
			draft->class[row] = class;
}

/**
 * seccomp_table_seal() - the immutable form of a draft
 * @draft: finished table; the caller still has to put it
 *
 * Context: may sleep.
 * Return: a table that holds only classes in use, or NULL when no row has a
 * plan or there is no memory: the filters are run in both cases.
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
		table->plan[to] = draft->plan[from];
		bitmap_copy(table->bitmap[to], draft->bitmap[from],
			    SECCOMP_TABLE_ROWS);
		to++;
	}
	seccomp_table_index(table);
	return table;
}

/* The rows with a plan, or NULL where @table has no class for it. */
static const unsigned long *seccomp_rows(const struct seccomp_table *table,
					 const struct seccomp_plan *plan)
{
	unsigned int class = seccomp_find_class(table, 0, plan);

	return class < table->nr_classes ? table->bitmap[class] : NULL;
}

/* Same plans for the same rows; the order of the classes does not matter. */
static bool seccomp_table_equal(const struct seccomp_table *a,
				const struct seccomp_table *b)
{
	const unsigned long *rows;
	unsigned int i;

	if (a->nr_classes != b->nr_classes)
		return false;

	for (i = 0; i < a->nr_classes; i++) {
		rows = seccomp_rows(b, &a->plan[i]);
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
		same = other ? seccomp_rows(other, &draft->plan[class]) : NULL;
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

static bool seccomp_plan_kills(const struct seccomp_plan *plan)
{
	return seccomp_plan_constant(plan) &&
	       seccomp_action(plan->ret) == (s32)SECCOMP_RET_KILL_PROCESS;
}

/*
 * A filter's plan on top of that of the older filters. Constants come together:
 * the lower action wins and among equal ones the newer filter. Nothing is lower
 * than KILL_PROCESS, and an ALLOW changes nothing.
 */
static struct seccomp_plan seccomp_plan_stack(const struct seccomp_plan *own,
					      const struct seccomp_plan *older)
{
	struct seccomp_plan plan = *own;

	if (seccomp_plan_kills(own))
		return *own;
	if (seccomp_plan_allows(own))
		return *older;
	if (seccomp_plan_allows(older))
		return *own;

	plan.older = older;
	if (own->prog || older->prog)
		return plan;

	plan.older = older->older;
	return seccomp_action(own->ret) <= seccomp_action(older->ret) ? plan :
									*older;
}

/* The class of rows that are in class @i of @own and in class @j of @older. */
static unsigned int seccomp_merged_class(struct seccomp_table *draft,
					 const struct seccomp_table *own,
					 unsigned int i,
					 const struct seccomp_table *older,
					 unsigned int j)
{
	struct seccomp_plan plan;

	if (i == SECCOMP_CLASS_FILTER)
		return SECCOMP_CLASS_FILTER;
	if (j == SECCOMP_CLASS_FILTER && !seccomp_plan_kills(&own->plan[i]))
		return SECCOMP_CLASS_FILTER;

	plan = seccomp_plan_stack(&own->plan[i], &older->plan[j]);
	return seccomp_class(draft, &plan);
}

static void seccomp_merge_classes(struct seccomp_table *draft,
				  const struct seccomp_table *own, unsigned int i,
				  const struct seccomp_table *older,
				  unsigned int j)
{
	DECLARE_BITMAP(both, SECCOMP_TABLE_ROWS);

	if (bitmap_and(both, own->bitmap[i], older->bitmap[j], SECCOMP_TABLE_ROWS))
		seccomp_classify(draft, both,
				 seccomp_merged_class(draft, own, i, older, j));
}

/**
 * seccomp_table_merge() - stack a filter's table on that of the older filters
 * @own: plans for the newest filter, or NULL
 * @older: combined plans for the filters below it, or NULL; what is returned
 *	may point to them
 *
 * Context: may sleep.
 * Return: the combined table, @own or @older itself where nothing else comes
 * out, or NULL when all filters have to be run or there is no memory.
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
