// SPDX-License-Identifier: GPL-2.0-only
/* Filters are run by the oracle, on the engine that a test asks for. */
#include <linux/filter.h>
#include "oracle.h"

u32 bpf_prog_run_pin_on_cpu(const struct bpf_prog *prog, const struct seccomp_data *sd)
{
	struct oracle_run run;

	oracle_run(prog->orig_prog->filter, prog->orig_prog->len, sd, prog->engine,
		   &run);
	return run.ret;
}
