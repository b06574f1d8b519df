/* SPDX-License-Identifier: GPL-2.0-only */
/* What attaching takes beyond what all kernels do: of this kernel's core, of stock. */
#ifndef SIDES_H
#define SIDES_H

#include "cbpf_program.h"
#include "classify.h"

/* Attach a stack, the oldest filter first. The caller frees the filters. */
void cost_ours(struct seccomp_filter *filter, struct program *const *stack,
	       unsigned int depth);

/* What a stock kernel does for its cache of allowed calls. */
unsigned long cost_stock(struct program *const *stack, unsigned int depth);

#endif
