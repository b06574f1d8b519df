/* SPDX-License-Identifier: GPL-2.0-only */
/* What the symbolic classifier finds out about the numbers of an ABI. */
#ifndef _KERNEL_SECCOMP_NUMBERS_H
#define _KERNEL_SECCOMP_NUMBERS_H

#include <linux/bitmap.h>
#include <linux/bitops.h>

#include "results.h"

/* ABIs start at whole words. */
static_assert(SECCOMP_ABI_ROWS % BITS_PER_LONG == 0);

/**
 * struct seccomp_set - a set of numbers of an ABI, which are counted from its first one
 * @first: index of the first word that counts
 * @end: index behind the last one
 * @word: a bit for each number; what is in other words does not count
 *
 * Most sets are small: a filter that searches for the number splits them again and
 * again.
 */
struct seccomp_set {
	unsigned int first;
	unsigned int end;
	unsigned long word[BITS_TO_LONGS(SECCOMP_ABI_ROWS)];
};

/* Leave out empty words at both ends. Is anything left? */
static inline bool seccomp_set_trim(struct seccomp_set *set)
{
	while (set->first < set->end && !set->word[set->first])
		set->first++;
	while (set->first < set->end && !set->word[set->end - 1])
		set->end--;
	return set->first < set->end;
}

static inline void seccomp_set_copy(struct seccomp_set *to,
				    const struct seccomp_set *from)
{
	unsigned int i;

	to->first = from->first;
	to->end = from->end;
	for (i = from->first; i < from->end; i++)
		to->word[i] = from->word[i];
}

static inline void seccomp_set_add(struct seccomp_set *to,
				   const struct seccomp_set *set)
{
	unsigned int i;

	while (to->first > set->first)
		to->word[--to->first] = 0;
	while (to->end < set->end)
		to->word[to->end++] = 0;
	for (i = set->first; i < set->end; i++)
		to->word[i] |= set->word[i];
}

/* Mark the numbers of a set in a bitmap. */
static inline void seccomp_set_mark(unsigned long *bitmap,
				    const struct seccomp_set *set)
{
	unsigned int i;

	for (i = set->first; i < set->end; i++)
		bitmap[i] |= set->word[i];
}

/**
 * struct seccomp_numbers - what is known of the numbers so far
 * @results: where it goes; rows have what the number has returned first
 * @first_row: row of the ABI's first number
 * @insns: the program
 * @rest: what seccomp_rest_scan() says of it, from instruction @scanned on
 * @scanned: lowered when more is asked for
 * @rests: may rests be evaluated?
 * @work: how many numbers may still be dealt with one by one: see SECCOMP_MAX_WORK
 * @returned: numbers that have returned
 * @varies: numbers that can return more than one value
 * @loaded: numbers that have come to an instruction whose result nr and arch do
 *	not determine
 * @first_load: what numbers are left with if they vary
 * @last_ret: the last value that was returned
 * @last_id: the outcome that this is
 */
struct seccomp_numbers {
	struct seccomp_results *results;
	unsigned int first_row;
	const struct sock_filter *insns;
	struct seccomp_rest *rest;
	unsigned int scanned;
	bool rests;
	int work;
	DECLARE_BITMAP(returned, SECCOMP_ABI_ROWS);
	DECLARE_BITMAP(varies, SECCOMP_ABI_ROWS);
	DECLARE_BITMAP(loaded, SECCOMP_ABI_ROWS);
	u8 first_load[SECCOMP_ABI_ROWS];
	u32 last_ret;
	u8 last_id;
};

#ifdef CONFIG_SECCOMP_BITMAP_KUNIT_TEST
/* Does the symbolic classifier go on, whatever it takes? */
extern bool seccomp_symbolic_tireless;
#else
#define seccomp_symbolic_tireless false
#endif

/* Numbers of a set are dealt with one by one, which takes time in any case. */
static inline void seccomp_numbers_charge(struct seccomp_numbers *numbers,
					  const struct seccomp_set *set)
{
	numbers->work -= (set->end - set->first) * BITS_PER_LONG;
}

/* Has it taken all the time that it may? Numbers that are on their way then vary. */
static inline bool seccomp_numbers_tired(const struct seccomp_numbers *numbers)
{
	return numbers->work < 0 && !seccomp_symbolic_tireless;
}

void seccomp_numbers_start(struct seccomp_numbers *numbers, unsigned int first_row);
void seccomp_numbers_return(struct seccomp_numbers *numbers,
			    const struct seccomp_set *set, u32 ret);
void seccomp_numbers_return_one(struct seccomp_numbers *numbers, unsigned int nr,
				u32 ret);
const struct seccomp_rest *seccomp_numbers_rest(struct seccomp_numbers *numbers,
						unsigned int pc);
bool seccomp_numbers_load(struct seccomp_numbers *numbers,
			  const struct seccomp_set *set, unsigned int pc,
			  unsigned int steps);
void seccomp_numbers_restart(struct seccomp_numbers *numbers,
			     const struct seccomp_set *set);
void seccomp_numbers_finish(struct seccomp_numbers *numbers);

#endif /* _KERNEL_SECCOMP_NUMBERS_H */
