/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_FILTER_H
#define SHIM_LINUX_FILTER_H

#include <kernel.h>
#include_next <linux/filter.h>

struct sock_fprog_kern {
	u16 len;
	struct sock_filter *filter;
};

struct bpf_prog {
	struct sock_fprog_kern *orig_prog;
};

struct seccomp_data;

/* A program that makes and runs filters has to say how. */
u32 bpf_prog_run_pin_on_cpu(const struct bpf_prog *prog,
			    const struct seccomp_data *sd);

/* Does the JIT compiler hide constants from the task that attaches? */
extern bool shim_jit_blinds;

#define bpf_jit_blinding_enabled(prog)	(shim_jit_blinds)

#endif
