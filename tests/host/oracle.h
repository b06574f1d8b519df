/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The oracle: one system call through one program, instruction by instruction.
 * It shares nothing with what it judges.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>

#define ORACLE_BRANCHES	64

/* A branch that depends on an argument, probably on the one loaded last. */
struct oracle_branch {
	uint32_t a, operand;
	unsigned int word;	/* offset of the latter */
};

struct oracle_run {
	uint32_t ret;
	/*
	 * Did anything derived from an argument, from the instruction pointer
	 * or from a wild shift decide which way it went, or what it returned?
	 */
	bool depends;
	/*
	 * Was there an instruction that loads an argument or the instruction
	 * pointer, or a wild shift, and which one was the first? How many have
	 * been run then, with that one?
	 */
	bool looked;
	unsigned int first_look, steps;
	unsigned int nr_branches;
	struct oracle_branch branch[ORACLE_BRANCHES];
};

/* What a shift by more than 31 gives is up to the JIT compiler: try some. */
enum wild_shift { WILD_MASKED, WILD_ZERO, WILD_JUNK, NR_WILD };

void oracle_run(const struct sock_filter *insns, unsigned int len,
		const struct seccomp_data *sd, enum wild_shift wild,
		struct oracle_run *run);

#endif
