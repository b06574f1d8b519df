// SPDX-License-Identifier: GPL-2.0-only
/*
 * The classes of a table that is being built.
 *
 * A class is what a pair means: what the newest filter does with a call (its outcome)
 * on top of the class that the call has under the older filters.
 */

#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/seccomp.h>
#include <linux/string.h>

#include "build.h"
#include "internal.h"

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

/* Is there a filter to ask? */
static bool pair_has_steps(const struct table_build *build, union pair pair)
{
	return build->own->outcome[pair.outcome].kind != SECCOMP_CONSTANT ||
	       pair_class(build, pair)->nr_steps;
}

/* --- Steps --- */

/*
 * Where to look for a rest, or to put it. The hash is keyed: stacks of filters have
 * many rests, and whoever writes them must not choose what it takes to find one.
 */
static u8 *rest_slot(struct table_build *build, const struct seccomp_op *ops,
		     unsigned int nr_ops)
{
	const size_t size = nr_ops * sizeof(*ops);
	unsigned int slot = seccomp_share_hash(ops, size) % REST_SLOTS;
	const struct seccomp_step *step;

	while (build->rest_slot[slot]) {
		step = &build->steps[build->rest_slot[slot] - 1];
		if (step->nr_ops == nr_ops &&
		    !memcmp(&build->ops[step->first_op], ops, size))
			break;
		slot = (slot + 1) % REST_SLOTS;
	}
	return &build->rest_slot[slot];
}

/*
 * Find operations among those of the steps so far, or add them. Those of older filters
 * differ from each other. False: no room.
 */
static bool build_ops(struct table_build *build, const struct seccomp_op *ops,
		      struct seccomp_step *step, const struct seccomp_step *last)
{
	u8 *slot = build->own_rests ? rest_slot(build, ops, step->nr_ops) : NULL;
	unsigned int end;

	if (slot && *slot) {
		step->first_op = build->steps[*slot - 1].first_op;
		return true;
	}

	step->first_op = build->nr_ops;
	end = step->first_op + step->mask + 1;
	if (end > SECCOMP_MAX_OPS_ALL)
		return false;
	if (slot)
		*slot = last - build->steps + 1;
	memcpy(&build->ops[step->first_op], ops, step->nr_ops * sizeof(*ops));
	build->nr_ops += step->nr_ops;
	memset(&build->ops[build->nr_ops], 0,
	       (end - build->nr_ops) * sizeof(*ops));
	build->ops_end = max(build->ops_end, end);
	return true;
}

/*
 * Add a step to a class, behind newer ones. A rest that is just like that of a
 * newer filter gives the same result, and loses. False: no room.
 * @place is where @ops are in this table, counted from 1, or 0 if that is not known yet.
 */
static bool build_step(struct table_build *build, struct seccomp_class *class,
		       struct seccomp_step step, const struct seccomp_op *ops, u16 *place)
{
	struct seccomp_step *steps = &build->steps[class->first_step];
	u8 *has;

	if (class->first_step + class->nr_steps == SECCOMP_MAX_STEPS)
		return false;
	if (!step.prog) {
		if (*place)
			step.first_op = *place - 1;
		else if (!build_ops(build, ops, &step, &steps[class->nr_steps]))
			return false;
		*place = step.first_op + 1;
		has = &build->rest_class[step.first_op];
		if (*has == build->nr_classes)
			return true;
		*has = build->nr_classes;
	}
	steps[class->nr_steps++] = step;
	return true;
}

/* The step of the newest filter for an outcome; its operations are in @build->decoded. */
static struct seccomp_step build_decode(struct table_build *build,
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
	return step;
}

/* What the newest filter takes for an outcome that is not constant. */
static bool build_own_step(struct table_build *build, struct seccomp_class *class,
			   u8 outcome)
{
	const u8 like = build->own_class[outcome];
	const struct seccomp_op *ops = build->decoded;
	struct seccomp_step step;
	u16 place = 0;

	if (like) {
		step = build->steps[build->class[like - SECCOMP_NR_FIXED_CLASSES].first_step];
		place = step.first_op + 1;
		ops = &build->ops[step.first_op];
	} else {
		step = build_decode(build, &build->own->outcome[outcome]);
	}
	class->reads_all = step.prog || seccomp_rest_reads_all(ops, step.nr_ops);
	return build_step(build, class, step, ops, &place);
}

static bool build_steps(struct table_build *build, union pair pair,
			struct seccomp_class *class)
{
	const struct seccomp_class *below = pair_class(build, pair);
	const struct seccomp_step *step, *end;

	class->first_step = build->nr_steps;
	if (build->own->outcome[pair.outcome].kind != SECCOMP_CONSTANT &&
	    !build_own_step(build, class, pair.outcome))
		return false;
	if (!below->nr_steps)
		return true;

	class->reads_all |= below->reads_all;
	step = seccomp_table_steps(build->older) + below->first_step;
	for (end = step + below->nr_steps; step < end; step++)
		if (!build_step(build, class, *step,
				seccomp_table_ops(build->older) + step->first_op,
				&build->ops_above[step->first_op]))
			return false;
	return true;
}

/* --- Classes --- */

/* Is there room for one more class, with all that has been added for it? */
static bool build_fits(const struct table_build *build,
		       const struct seccomp_class *class)
{
	size_t size = struct_size_t(struct seccomp_table, rows, MAX_LEAVES);

	size += (build->nr_classes + 1) * sizeof(*class);
	size += (class->first_step + class->nr_steps) * sizeof(*build->steps);
	size += max(build->ops_end, 1U) * sizeof(*build->ops);
	/* Keys, and what may be needed to align them */
	size += seccomp_keys_size(build->step.place + 1) + sizeof(u64);
	return build->nr_classes < SECCOMP_MAX_CLASSES && size <= SECCOMP_MAX_TABLE;
}

/**
 * seccomp_build_class() - find or make the class of a pair
 * @build: the table that is being built
 * @pair: what the newest filter does, on top of what the older ones do; not ALLOW
 * on ALLOW
 *
 * Once there was no room for a class with steps no other one is tried: each takes
 * time, and as many may be wanted as there are rows. Nor do @build->rest_slot,
 * @build->rest_class and @build->ops_above hold from then on: they are not restored.
 *
 * Return: the class; %SECCOMP_CLASS_FILTER, for which the filters run, if there is no
 * room for one more.
 */
u8 seccomp_build_class(struct table_build *build, union pair pair)
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

	if (build->full && pair_has_steps(build, pair))
		return SECCOMP_CLASS_FILTER;
	pair_constant(build, pair, &class);
	if (!build_steps(build, pair, &class) || !build_fits(build, &class)) {
		build->nr_ops = nr_ops;
		build->ops_end = ops_end;
		build->full = true;
		return SECCOMP_CLASS_FILTER;
	}

	class.one_rest = seccomp_class_is_one(&class) &&
			 !build->steps[class.first_step].prog;
	build->nr_steps += class.nr_steps;
	build->class[build->nr_classes - SECCOMP_NR_FIXED_CLASSES] = class;
	if (build->own->outcome[pair.outcome].kind != SECCOMP_CONSTANT)
		build->own_class[pair.outcome] = build->nr_classes;
	build->pair[build->nr_classes] = pair;
	build->slot[slot] = build->nr_classes;
	return build->nr_classes++;
}

/**
 * seccomp_build_class_above() - find the class if the newest filter allows the call
 * @build: the table that is being built
 * @older: its class under the older filters
 *
 * Return: as seccomp_build_class().
 */
u8 seccomp_build_class_above(struct table_build *build, u8 older)
{
	u8 *class = &build->class_above[older];

	if (!*class)
		*class = seccomp_build_class(build, (union pair) { .class = older });
	return *class;
}
