// SPDX-License-Identifier: GPL-2.0-only
#include <linux/filter.h>
#include "evaluate.h"
#include "solve.h"

#define MAX_TRIES	1000

/**
 * struct search - values that are left: @known bits are those of @value
 * @low: none is less
 * @high: none is greater
 * @tries: how many were tried
 */
struct search {
	const struct condition *conditions;
	unsigned int nr;
	unsigned int word;
	uint32_t low, high;
	unsigned int tries;
};

bool condition_met(const struct condition *condition, uint32_t value)
{
	return evaluate_jump(BPF_JMP | condition->code, value & condition->mask,
			     condition->k) == condition->holds;
}

/* The least value from @low on with the known bits; false if there is none. */
static bool least(uint32_t low, uint32_t known, uint32_t bits, uint32_t *value)
{
	uint32_t x = (low & ~known) | bits, differ = x ^ low, below, up;

	if (!differ) {
		*value = x;
		return true;
	}
	/* The highest bit that is not as in @low, and those below it */
	below = ~0U >> __builtin_clz(differ);
	if (x > low) {
		*value = x & ~(below & ~known);
		return true;
	}
	/* Too small: a higher bit that is free has to become 1 */
	up = ~known & ~low & ~below;
	if (!up)
		return false;
	up &= -up;
	*value = ((x | up) & ~((up - 1) & ~known));
	return true;
}

static enum solution search(struct search *s, uint32_t known, uint32_t bits, uint32_t *value)
{
	const struct condition *c = s->conditions, *end = c + s->nr;
	enum solution found, hard = NO_SOLUTION;
	uint32_t x, mask;

	if (++s->tries > MAX_TRIES)
		return TOO_HARD;
	if (!least(s->low, known, bits, &x) || x > s->high)
		return NO_SOLUTION;
	while (c < end && (c->word != s->word || condition_met(c, x)))
		c++;
	if (c == end) {
		*value = x;
		return SOLVED;
	}
	/* Every solution differs from x in one of the bits that were compared */
	mask = c->mask & ~known;
	if (c->code == BPF_JSET)
		mask &= c->k;
	for (; mask; mask &= mask - 1) {
		uint32_t bit = mask & -mask;

		found = search(s, known | bit, bits | (~x & bit), value);
		if (found == SOLVED)
			return SOLVED;
		if (found == TOO_HARD)
			hard = TOO_HARD;
		if (s->tries > MAX_TRIES)
			break;
		/* What is left has that bit as x has it */
		known |= bit;
		bits |= x & bit;
	}
	return hard;
}

/* Narrow the search by a condition. Returns false if nothing is left. */
static bool narrow(struct search *s, const struct condition *c, uint32_t *known, uint32_t *bits)
{
	uint32_t mask = 0, value = 0;

	if (c->code == BPF_JEQ && c->holds) {
		mask = c->mask;
		value = c->k;
		if (c->k & ~c->mask)
			return false;
	} else if (c->code == BPF_JSET && !c->holds) {
		mask = c->mask & c->k;
	} else if (c->mask == ~0U && c->code != BPF_JEQ && c->code != BPF_JSET) {
		bool above = c->code == BPF_JGT;

		if (c->holds && above && c->k == ~0U)
			return false;
		if (!c->holds && !above && !c->k)
			return false;
		if (c->holds && c->k + above > s->low)
			s->low = c->k + above;
		if (!c->holds && c->k - !above < s->high)
			s->high = c->k - !above;
	}
	if ((*bits ^ value) & *known & mask)
		return false;
	*known |= mask;
	*bits |= value;
	return s->low <= s->high;
}

enum solution solve(const struct condition *conditions, unsigned int nr,
		    unsigned int word, uint32_t *value)
{
	struct search s = {
		.conditions = conditions, .nr = nr, .word = word, .high = ~0U,
	};
	uint32_t known = 0, bits = 0;

	for (unsigned int i = 0; i < nr; i++)
		if (conditions[i].word == word &&
		    !narrow(&s, &conditions[i], &known, &bits))
			return NO_SOLUTION;
	return search(&s, known, bits, value);
}
