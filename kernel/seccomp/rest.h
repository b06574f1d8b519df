/* SPDX-License-Identifier: GPL-2.0-only */
/* What rests are made of, and how they are evaluated: see rest.c. */
#ifndef _KERNEL_SECCOMP_REST_H
#define _KERNEL_SECCOMP_REST_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/filter.h>
#include <linux/log2.h>
#include <linux/seccomp.h>

/**
 * struct seccomp_op - an operation of a rest, see kernel/seccomp/rest.c
 * @k: constant
 * @code: what it does, and with
 * @word: which word of struct seccomp_input
 * @jt: the operation to go on with
 * @jf: the same, for comparisons that do not hold
 */
struct seccomp_op {
	u32 k;
	u8 code;
	u8 word;
	u8 jt;
	u8 jf;
};

/**
 * struct seccomp_input - what rests work on
 * @sd: the system call
 * @a: result of the last calculation
 */
struct seccomp_input {
	struct seccomp_data sd;
	u32 a;
};

enum rest_code {
	OP_JEQ,
	OP_JSET,
	OP_JGT,
	OP_JGE,
	OP_JIN,		/* is it the number of a bit that is set in the constant? */
	OP_JINT,	/* is it, with the other half of the argument, an int? */
	OP_AND,
	OP_OR,
	OP_RET_K,
	OP_RET_WORD,
};

#define WORD_A	(sizeof(struct seccomp_data) / sizeof(u32))

/* The other half of an argument; under speculation, at least one of the words. */
static __always_inline unsigned int seccomp_other_half(unsigned int word)
{
	BUILD_BUG_ON(!is_power_of_2(WORD_A));
	return (word ^ 1) & (WORD_A - 1);
}

/**
 * struct seccomp_rest - a filter from some instruction on
 * @longest: operations on the longest way, at most, as what is decoded to one operation
 *	counts as several; %U16_MAX if it cannot be evaluated
 */
struct seccomp_rest {
	u16 longest;
	/**
	 * @returns: the instruction that returns, or another one that returns the same,
	 * if the way depends on arguments only; or one of the values below
	 */
	u16 returns;
};

#define SECCOMP_RETURNS_SEVERAL	(U16_MAX - 1)	/* it depends on arguments */
#define SECCOMP_RETURNS_UNKNOWN	U16_MAX		/* it may depend on the number */

void seccomp_rest_scan(const struct sock_filter *insns, unsigned int pc,
		       unsigned int end, struct seccomp_rest *rest);
bool seccomp_rest_pays(const struct seccomp_rest *rest, unsigned int prefix);
bool seccomp_rest_reads_all(const struct seccomp_op *ops, unsigned int nr);
unsigned int seccomp_rest_decode(const struct sock_filter *insns, unsigned int pc,
				 struct seccomp_op *ops);

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
		case OP_JIN:
			holds = word < BITS_PER_TYPE(op->k) && op->k >> word & 1;
			break;
		case OP_JINT:
			holds = !word || (word == U32_MAX &&
					  words[seccomp_other_half(op->word)] & BIT(31));
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

#endif /* _KERNEL_SECCOMP_REST_H */
