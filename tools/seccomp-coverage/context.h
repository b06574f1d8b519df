/* SPDX-License-Identifier: GPL-2.0-only */
/* What profiles are compiled for. */
#ifndef CONTEXT_H
#define CONTEXT_H

#include <abi.h>

enum runtime { RUNTIME_CRUN, RUNTIME_RUNC };

/**
 * struct context - the machine and the runtime
 * @abi: the machine's own ABI
 * @kernel: its kernel, of enum KERNEL_*
 * @caps: capabilities of the container
 * @runtime: what compiles container profiles
 */
struct context {
	const struct abi *abi;
	unsigned int kernel;
	uint64_t caps;
	enum runtime runtime;
};

#endif
