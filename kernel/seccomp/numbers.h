/* SPDX-License-Identifier: GPL-2.0-only */
/* What the symbolic classifier finds out about the numbers of an ABI. */
#ifndef _KERNEL_SECCOMP_NUMBERS_H
#define _KERNEL_SECCOMP_NUMBERS_H

#include <linux/bitmap.h>
#include <linux/bitops.h>

#include "internal.h"

/**
 * struct seccomp_numbers - what is known of the numbers so far
 * @results: where it goes; rows have what the number has returned first
 * @first_row: row of the ABI's number 0
 * @insns: the program
 * @rest: what seccomp_rest_scan() says of it
 * @rests: may rests be evaluated?
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
	bool rests;
	DECLARE_BITMAP(returned, SECCOMP_ABI_ROWS);
	DECLARE_BITMAP(varies, SECCOMP_ABI_ROWS);
	DECLARE_BITMAP(loaded, SECCOMP_ABI_ROWS);
	u8 first_load[SECCOMP_ABI_ROWS];
	u32 last_ret;
	u8 last_id;
};

void seccomp_numbers_start(struct seccomp_numbers *numbers, unsigned int first_row);
void seccomp_numbers_return(struct seccomp_numbers *numbers,
			    const unsigned long *set, u32 ret);
void seccomp_numbers_return_one(struct seccomp_numbers *numbers, unsigned int nr,
				u32 ret);
bool seccomp_numbers_load(struct seccomp_numbers *numbers,
			  const unsigned long *set, unsigned int pc,
			  unsigned int steps);
void seccomp_numbers_restart(struct seccomp_numbers *numbers,
			     const unsigned long *set);
void seccomp_numbers_finish(struct seccomp_numbers *numbers);

static inline void seccomp_numbers_add(unsigned long *to, const unsigned long *set)
{
	bitmap_or(to, to, set, SECCOMP_ABI_ROWS);
}

#endif /* _KERNEL_SECCOMP_NUMBERS_H */
