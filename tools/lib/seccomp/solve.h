/* SPDX-License-Identifier: GPL-2.0-only */
/* Is there a word that all of some comparisons hold for? */
#ifndef SOLVE_H
#define SOLVE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct condition - a comparison of some bits of a word
 * @word: which word
 * @code: BPF_JEQ, BPF_JGT, BPF_JGE or BPF_JSET
 * @mask: the bits
 * @k: what they are compared with
 * @holds: does the comparison hold, or not?
 */
struct condition {
	unsigned int word;
	uint16_t code;
	uint32_t mask;
	uint32_t k;
	bool holds;
};

enum solution { SOLVED, NO_SOLUTION, TOO_HARD };

bool condition_met(const struct condition *condition, uint32_t value);

/**
 * solve() - find a value for a word
 * @conditions: of any words; those of others are skipped
 * @nr: their number
 * @word: which word
 * @value: where to put it
 */
enum solution solve(const struct condition *conditions, unsigned int nr,
		    unsigned int word, uint32_t *value);

#endif
