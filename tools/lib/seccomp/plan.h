/* SPDX-License-Identifier: GPL-2.0-only */
/* What a kernel with seccomp bitmaps makes of a stack of filters: its own tables. */
#ifndef PLAN_H
#define PLAN_H

#include "abi.h"
#include "cbpf_program.h"

struct plan;

enum plan_kind {
	PLAN_CONSTANT,	/* one result, whatever the arguments are */
	PLAN_ASKS,	/* evaluates rests of filters, or runs some of them */
	PLAN_RUNS,	/* runs all filters */
};

/**
 * struct plan_call - what is left to do for a system call
 * @kind: see above
 * @ret: if constant: the result
 * @place: of the filter that it is from, counted from the oldest
 * @rests: how many rests are evaluated
 * @programs: how many filters are run
 */
struct plan_call {
	enum plan_kind kind;
	uint32_t ret;
	unsigned int place;
	unsigned int rests;
	unsigned int programs;
};

enum plan_op { PLAN_OP_EQUAL, PLAN_OP_BITS, PLAN_OP_ORDER, PLAN_OP_MASK, PLAN_OP_RETURN,
	NR_PLAN_OPS };

/**
 * struct plan_cost - what a call takes with some arguments
 * @op: operations of rests, of each kind
 * @rests: how many rests
 * @programs: how many filters are run
 * @steps: their instructions
 * @all: are all filters run, since the table does not have the call?
 */
struct plan_cost {
	unsigned int op[NR_PLAN_OPS], rests, programs, steps;
	bool all;
};

/* What a table takes, and what there is of it. */
struct plan_limits {
	unsigned int classes, max_classes;
	unsigned int steps, max_steps;
	unsigned int insns, max_insns;	/* as the kernel counts the stack's */
};

/**
 * plan_build() - attach filters, one on top of the other
 * @stack: the filters, the oldest first
 * @depth: their number
 * @abi: the machine's own ABI; the other one that it has comes with it
 * @kernel: whose system call tables
 *
 * Return: the plan; NULL without memory. All plans that there are at a time must be for
 * the same machine and kernel.
 */
struct plan *plan_build(const struct program *const *stack, unsigned int depth,
			const struct abi *abi, unsigned int kernel);
void plan_free(struct plan *plan);

/* @nr: from the ABI's first one on, and in its table. */
struct plan_call plan_look(const struct plan *plan, const struct abi *abi, uint32_t nr);
struct plan_cost plan_measure(const struct plan *plan, const struct abi *abi,
			      const uint32_t *words);
struct plan_limits plan_limits(const struct plan *plan);

/* The instruction where a filter loads an argument first, -1 if it does not. */
int plan_first_look(const struct plan *plan, unsigned int place, const struct abi *abi,
		    uint32_t nr);

#endif
