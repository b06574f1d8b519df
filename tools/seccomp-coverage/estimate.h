/* SPDX-License-Identifier: GPL-2.0-only */
/* What system calls take, in instructions. */
#ifndef ESTIMATE_H
#define ESTIMATE_H

#include "options.h"
#include "subject.h"

/* Of each call that is not constant, and what constant ones take. */
void estimate(const struct subject *subject, const struct options *options);
/* Of the calls of --call, and what becomes of them. */
void estimate_calls(const struct subject *subject, const struct options *options);

/**
 * struct price - of a call with some arguments
 * @ours: instructions, with seccomp bitmaps
 * @stock: on a kernel without
 */
struct price {
	unsigned int ours, stock;
};

struct plan;
struct price price_of(const struct plan *plan, const struct subject *subject,
		      const struct abi *abi, const uint32_t *words);

#endif
