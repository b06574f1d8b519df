// SPDX-License-Identifier: GPL-2.0-only
/*
 * What runs a filter's program. A program that has an engine of its own, as tests do,
 * brings this function itself; then this file is left in the archive.
 */
#include <string.h>
#include <linux/filter.h>
#include "evaluate.h"

u32 bpf_prog_run_pin_on_cpu(const struct bpf_prog *prog, const struct seccomp_data *sd)
{
	uint32_t words[sizeof(*sd) / sizeof(uint32_t)];

	memcpy(words, sd, sizeof(words));
	return evaluate(prog->orig_prog->filter, prog->orig_prog->len, words).ret;
}
