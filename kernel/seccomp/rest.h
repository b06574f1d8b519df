/* SPDX-License-Identifier: GPL-2.0-only */
/* Evaluating rests, in system call entry: see rest.c for what they are. */
#ifndef _KERNEL_SECCOMP_REST_H
#define _KERNEL_SECCOMP_REST_H

#include <linux/compiler.h>
#include <linux/seccomp.h>

#include "table.h"

enum rest_code {
	OP_JEQ,
	OP_JSET,
	OP_JGT,
	OP_JGE,
	OP_AND,
	OP_OR,
	OP_RET_K,
	OP_RET_WORD,
};

#define WORD_A	(sizeof(struct seccomp_data) / sizeof(u32))

static __always_inline u32 seccomp_rest_run(const struct seccomp_op *ops,
					    unsigned int mask,
					    struct seccomp_input *input)
{
	const u32 *words = (const u32 *)input;
	const struct seccomp_op *op = ops;
	u32 word = words[op->word];
	bool holds;

	for (;;) {
		/* Most of them */
		while (op->code == OP_JEQ) {
			op = &ops[(word == op->k ? op->jt : op->jf) & mask];
			word = words[op->word];
		}

		switch (op->code) {
		case OP_JSET:
			holds = word & op->k;
			break;
		case OP_JGT:
			holds = word > op->k;
			break;
		case OP_JGE:
			holds = word >= op->k;
			break;
		case OP_AND:
			input->a = word & op->k;
			holds = true;
			break;
		case OP_OR:
			input->a = word | op->k;
			holds = true;
			break;
		case OP_RET_K:
			return op->k;
		default:	/* OP_RET_WORD */
			return word;
		}
		op = &ops[(holds ? op->jt : op->jf) & mask];
		word = words[op->word];
	}
}

/* The operations of a rest. */
static __always_inline const struct seccomp_op *
seccomp_step_ops(const struct seccomp_table *table,
		 const struct seccomp_step *step)
{
	const struct seccomp_op *ops = seccomp_table_ops(table) + step->first_op;

	OPTIMIZER_HIDE_VAR(ops);	/* one register for their place */
	return ops;
}

#endif /* _KERNEL_SECCOMP_REST_H */
