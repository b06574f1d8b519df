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
#include <linux/filter.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/seccomp.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "internal.h"
#include "limits.h"
#include "rest.h"
#include "results.h"
#include "table.h"

#define PAIR_SLOTS	(2 * SECCOMP_MAX_CLASSES)
#define LEAF_MASK	GENMASK(SECCOMP_LEAF_ROWS - 1, 0)
#define LEAF_WORDS	(SECCOMP_LEAF_ROWS / sizeof(u64))

/* An outcome of the newest filter on top of a class of the older ones. */
union pair {
	struct {
		u8 outcome;
		u8 class;
	};
	u16 both;	/* 0: always allowed */
};

/* The classes of a leaf's rows, 0 for those that are allowed. */
union leaf {
	u8 row[SECCOMP_LEAF_ROWS];
	u64 word[LEAF_WORDS];
};

/**
 * struct table_build - a table that is being built
 * @own: outcomes of the newest filter
 * @orig: its instructions
 * @older: table of the older filters, or NULL
 * @step: what running the newest filter takes
 * @allow: as in the table
 * @nr_classes: number of classes, the fixed ones included
 * @nr_leaves: number of different leaves
 * @nr_steps: number of steps of all classes
 * @nr_ops: number of operations
 * @ops_end: what their masks reach
 * @class: classes that are not fixed
 * @steps: their steps
 * @ops: the operations of these
 * @decoded: a rest of the newest filter
 * @slot: hash table of classes by pair, 0 where empty
 * @pair: what each class is made of
 * @leaf: as in the table
 * @rows: as in the table
 * @class_above: for each class of @older the class that it is if the newest filter
 *	allows the call; 0 if that is not known
 * @leaf_above: for leaves of @older the same, as far as @rows_above
 * @rows_above: rows of each leaf that @leaf_above is good for
 */
struct table_build {
	const struct seccomp_results *own;
	const struct sock_fprog_kern *orig;
	const struct seccomp_table *older;
	struct seccomp_step step;
	DECLARE_BITMAP(allow, SECCOMP_TABLE_ROWS);
	unsigned int nr_classes;
	unsigned int nr_leaves;
	unsigned int nr_steps;
	unsigned int nr_ops;
	unsigned int ops_end;
	struct seccomp_class class[SECCOMP_MAX_CLASSES];
	struct seccomp_step *steps;
	struct seccomp_op *ops;
	struct seccomp_op decoded[SECCOMP_MAX_OPS];
	u8 slot[PAIR_SLOTS];
	union pair pair[SECCOMP_MAX_CLASSES];
	u8 leaf[SECCOMP_TABLE_LEAVES];
	union leaf rows[SECCOMP_TABLE_LEAVES];
	u8 class_above[SECCOMP_MAX_CLASSES];
	u8 leaf_above[SECCOMP_TABLE_LEAVES];
	u16 rows_above[SECCOMP_TABLE_LEAVES];
};

static_assert(SECCOMP_LEAF_ROWS <= 16);

/* --- What a pair means --- */

static const struct seccomp_class *pair_class(const struct table_build *build,
					      union pair pair)
{
	static const struct seccomp_class allow = { .ret = SECCOMP_RET_ALLOW };

	return pair.class == SECCOMP_CLASS_ALLOW ? &allow :
	       seccomp_table_class(build->older, pair.class);
}

/*
 * One of the pairs that mean the same. Nothing is lower than KILL_PROCESS, ALLOW
 * changes nothing, and of two constants one wins: the lower action, and of equal
 * ones the newer filter's.
 */
static union pair pair_simplify(const struct table_build *build, union pair pair)
{
	const struct seccomp_outcome *own = &build->own->outcome[pair.outcome];
	const union pair older = { .class = pair.class };
	union pair newer = { .outcome = pair.outcome };
	const struct seccomp_class *class;
	bool constant = own->kind == SECCOMP_CONSTANT;

	/* Where it first loads an argument does not matter to running it. */
	if (own->kind == SECCOMP_RUN)
		newer.outcome = SECCOMP_OUTCOME_RUN;
	if (constant &&
	    seccomp_action(own->value) == (s32)SECCOMP_RET_KILL_PROCESS)
		return newer;
	if (pair.outcome == SECCOMP_OUTCOME_ALLOW ||
	    pair.class == SECCOMP_CLASS_FILTER)
		return older;
	if (pair.class == SECCOMP_CLASS_ALLOW)
		return newer;

	class = pair_class(build, pair);
	pair.outcome = newer.outcome;
	if (class->nr_steps || !constant)
		return pair;
	return seccomp_action(own->value) <= seccomp_action(class->ret) ? newer :
									 older;
}

/* The constant part of a pair; that of the class if the filter has none. */
static void pair_constant(const struct table_build *build, union pair pair,
			  struct seccomp_class *to)
{
	const struct seccomp_outcome *own = &build->own->outcome[pair.outcome];
	const struct seccomp_class *class = pair_class(build, pair);

	*to = (struct seccomp_class) {
		.ret = class->ret, .place = class->place, .log = class->log,
	};
	if (own->kind != SECCOMP_CONSTANT || !pair.outcome ||
	    seccomp_action(own->value) > seccomp_action(class->ret))
		return;
	to->ret = own->value;
	to->place = build->step.place;
	to->log = build->step.log;
}

/* --- Steps --- */

/* Find operations among those of the steps so far, or add them. False: no room. */
static bool build_ops(struct table_build *build, const struct seccomp_op *ops,
		      struct seccomp_step *step, const struct seccomp_step *last)
{
	const size_t size = step->nr_ops * sizeof(*ops);
	const struct seccomp_step *other;
	unsigned int end;

	for (other = build->steps; other < last; other++) {
		if (other->nr_ops == step->nr_ops && !other->prog &&
		    !memcmp(&build->ops[other->first_op], ops, size)) {
			step->first_op = other->first_op;
			return true;
		}
	}

	step->first_op = build->nr_ops;
	end = step->first_op + step->mask + 1;
	if (end > SECCOMP_MAX_OPS_ALL)
		return false;
	memcpy(&build->ops[step->first_op], ops, size);
	build->nr_ops += step->nr_ops;
	memset(&build->ops[build->nr_ops], 0,
	       (end - build->nr_ops) * sizeof(*ops));
	build->ops_end = max(build->ops_end, end);
	return true;
}

/*
 * Add a step to a class, behind newer ones. A rest that is just like that of a
 * newer filter gives the same result, and loses. False: no room.
 */
static bool build_step(struct table_build *build, struct seccomp_class *class,
		       struct seccomp_step step, const struct seccomp_op *ops)
{
	struct seccomp_step *steps = &build->steps[class->first_step];
	unsigned int i;

	if (class->first_step + class->nr_steps == SECCOMP_MAX_STEPS)
		return false;
	if (!step.prog) {
		if (!build_ops(build, ops, &step, &steps[class->nr_steps]))
			return false;
		for (i = 0; i < class->nr_steps; i++)
			if (!steps[i].prog && steps[i].first_op == step.first_op)
				return true;
	}
	steps[class->nr_steps++] = step;
	return true;
}

/* What the newest filter takes for an outcome that is not constant. */
static bool build_own_step(struct table_build *build, struct seccomp_class *class,
			   const struct seccomp_outcome *own)
{
	struct seccomp_step step = build->step;

	if (own->kind == SECCOMP_REST)
		step.nr_ops = seccomp_rest_decode(build->orig->filter, own->value,
						  build->decoded);
	if (step.nr_ops) {
		step.prog = NULL;
		step.mask = roundup_pow_of_two(step.nr_ops) - 1;
	}
	class->reads_all = step.prog ||
			   seccomp_rest_reads_all(build->decoded, step.nr_ops);
	return build_step(build, class, step, build->decoded);
}

static bool build_steps(struct table_build *build, union pair pair,
			struct seccomp_class *class)
{
	const struct seccomp_outcome *own = &build->own->outcome[pair.outcome];
	const struct seccomp_class *below = pair_class(build, pair);
	const struct seccomp_step *step, *end;

	class->first_step = build->nr_steps;
	if (own->kind != SECCOMP_CONSTANT && !build_own_step(build, class, own))
		return false;
	if (!below->nr_steps)
		return true;

	class->reads_all |= below->reads_all;
	step = seccomp_table_steps(build->older) + below->first_step;
	for (end = step + below->nr_steps; step < end; step++)
		if (!build_step(build, class, *step,
				seccomp_table_ops(build->older) + step->first_op))
			return false;
	return true;
}

/* --- Classes and leaves --- */

/* Is there room for one more class, with all that has been added for it? */
static bool build_fits(const struct table_build *build,
		       const struct seccomp_class *class)
{
	size_t size = struct_size_t(struct seccomp_table, rows,
				    SECCOMP_TABLE_LEAVES);

	size += (build->nr_classes + 1) * sizeof(*class);
	size += (class->first_step + class->nr_steps) * sizeof(*build->steps);
	size += build->ops_end * sizeof(*build->ops);
	/* Keys, and what may be needed to align them */
	size += seccomp_keys_size(build->step.place + 1) + sizeof(u64);
	return build->nr_classes < SECCOMP_MAX_CLASSES && size <= SECCOMP_MAX_TABLE;
}

/* Find or make the class of a pair that is not always allowed. */
static u8 build_class(struct table_build *build, union pair pair)
{
	const unsigned int nr_ops = build->nr_ops, ops_end = build->ops_end;
	struct seccomp_class class;
	unsigned int slot;

	pair = pair_simplify(build, pair);
	if (pair.class == SECCOMP_CLASS_FILTER)
		return SECCOMP_CLASS_FILTER;

	slot = hash_32(pair.both, ilog2(PAIR_SLOTS));
	while (build->slot[slot]) {
		if (build->pair[build->slot[slot]].both == pair.both)
			return build->slot[slot];
		slot = (slot + 1) % PAIR_SLOTS;
	}

	pair_constant(build, pair, &class);
	if (!build_steps(build, pair, &class) || !build_fits(build, &class)) {
		build->nr_ops = nr_ops;
		build->ops_end = ops_end;
		return SECCOMP_CLASS_FILTER;
	}

	if (class.nr_steps == 1 && class.ret == SECCOMP_RET_ALLOW) {
		class.one_prog = !!build->steps[class.first_step].prog;
		class.one_rest = !class.one_prog;
	}
	build->nr_steps += class.nr_steps;
	build->class[build->nr_classes - SECCOMP_NR_FIXED_CLASSES] = class;
	build->pair[build->nr_classes] = pair;
	build->slot[slot] = build->nr_classes;
	return build->nr_classes++;
}

/* What becomes of a class of the older filters if the newest one allows the call. */
static u8 build_class_above(struct table_build *build, u8 older)
{
	u8 *class = &build->class_above[older];

	if (!*class)
		*class = build_class(build, (union pair) { .class = older });
	return *class;
}

static union pair build_pair(const struct table_build *build, unsigned int row)
{
	return (union pair) {
		.outcome = seccomp_results_row(build->own, row),
		.class = build->older ? seccomp_table_class_id(build->older, row) :
					SECCOMP_CLASS_ALLOW,
	};
}

/* The highest bit of each byte that is not 0. */
static u64 leaf_set(u64 bytes)
{
	const u64 low = 0x7f7f7f7f7f7f7f7f;

	return (((bytes & low) + low) | bytes) & ~low;
}

/* Can both leaves be one? */
static bool leaf_fits(const union leaf *a, const union leaf *b)
{
	unsigned int i;

	for (i = 0; i < LEAF_WORDS; i++)
		if (leaf_set(a->word[i]) & leaf_set(b->word[i]) &
		    leaf_set(a->word[i] ^ b->word[i]))
			return false;
	return true;
}

static u8 build_new_leaf(struct table_build *build, const union leaf *rows)
{
	build->rows[build->nr_leaves] = *rows;
	return build->nr_leaves++;
}

/* Find a leaf that can be one with @rows, or add one. Most are like the last one. */
static u8 build_leaf(struct table_build *build, const union leaf *rows)
{
	unsigned int leaf = build->nr_leaves, i;

	while (leaf-- > 0)
		if (leaf_fits(&build->rows[leaf], rows))
			break;
	if (leaf == UINT_MAX)
		return build_new_leaf(build, rows);
	for (i = 0; i < LEAF_WORDS; i++)
		build->rows[leaf].word[i] |= rows->word[i];
	return leaf;
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
	union pair pair, last = { .both = 0 };
	unsigned int i;
	u8 class = 0;

	for (; open; open &= open - 1) {
		i = __ffs(open);
		pair = build_pair(build, first + i);
		if (pair.both != last.both)
			class = build_class(build, pair);
		rows.row[i] = class;
		last = pair;
	}
	return build_leaf(build, &rows);
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
		rows.row[i] = build_class_above(build, older[i]);
	}
	/* Leaves of the older table differ from each other: they still do. */
	build->leaf_above[id] = build->rows_above[id] ? build_leaf(build, &rows) :
							build_new_leaf(build, &rows);
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

/* Pages for what a table has the most of; false without memory. */
static bool build_open(struct table_build *build)
{
	build->steps = kmalloc_array(SECCOMP_MAX_STEPS, sizeof(*build->steps),
				     SECCOMP_GFP_OPTIONAL);
	build->ops = kmalloc_array(SECCOMP_MAX_OPS_ALL, sizeof(*build->ops),
				   SECCOMP_GFP_OPTIONAL);
	return build->steps && build->ops;
}

static void build_close(struct table_build *build)
{
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
 * Return: the table, or NULL without memory.
 */
struct seccomp_table *seccomp_table_freeze(const struct seccomp_results *own,
					   const struct bpf_prog *prog, bool log,
					   const struct seccomp_table *older)
{
	struct table_build *build;
	struct seccomp_table *table = NULL;
	unsigned int i;

	build = kmalloc(sizeof(*build), SECCOMP_GFP_OPTIONAL);
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
	/* One there must be, even if all rows are allowed: it is read by speculation. */
	build->nr_leaves = 1;
	build->rows[0] = (union leaf) {};
	memset(build->slot, 0, sizeof(build->slot));
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
