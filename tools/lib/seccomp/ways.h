/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All the ways that a system call can take through filters, each with arguments that
 * lead there. Nothing of the kernel's classifier is used: this is about what filters
 * mean, whether or not a kernel finds it out.
 */
#ifndef WAYS_H
#define WAYS_H

#include "cbpf_program.h"

#define WAYS_WORDS	(sizeof(struct seccomp_data) / sizeof(uint32_t))
#define WAYS_LAYERS	128
#define WAYS_MAX	2000	/* that are followed */

/**
 * struct way - one of them
 * @words: struct seccomp_data, as the filters see it, of a call that goes there
 * @ret: what each filter returns
 * @steps: how many instructions each filter runs
 * @looked: did any filter load an argument or the instruction pointer?
 * @exact: are @words known to go this way, and is @ret known? Not if a filter
 *	calculates with arguments.
 */
struct way {
	uint32_t words[WAYS_WORDS];
	uint32_t ret[WAYS_LAYERS];
	unsigned int steps[WAYS_LAYERS];
	bool looked;
	bool exact;
};

/**
 * ways_follow() - call a function for each way of a system call
 * @stack: the filters
 * @depth: their number, at most WAYS_LAYERS
 * @arch: AUDIT_ARCH value
 * @nr: number of the call
 * @see: the function; returns false to stop
 * @data: for it
 *
 * Return: false if there were too many ways, of which some were not seen.
 */
bool ways_follow(const struct program *const *stack, unsigned int depth, uint32_t arch,
		 uint32_t nr, bool (*see)(const struct way *way, void *data), void *data);

/* The result of a stack of filters, the oldest first; @place: of the one it is from. */
uint32_t ways_result(const uint32_t *ret, unsigned int depth, unsigned int *place);

/* Does the action of @a win over that of @b, in a stack? */
bool ways_stricter(uint32_t a, uint32_t b);

#endif
