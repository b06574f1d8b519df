/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_FILTER_H
#define SHIM_LINUX_FILTER_H

#include <kernel.h>
#include_next <linux/filter.h>

struct sock_fprog_kern {
	u16 len;
	struct sock_filter *filter;
};

/* @engine: what runs it, see enum wild_shift */
struct bpf_prog {
	struct sock_fprog_kern *orig_prog;
	unsigned int engine;
	bool jit_requested;
	bool blinding_requested;
	bool jited;
};

typedef int (*bpf_aux_classic_check_t)(struct sock_filter *insns, unsigned int len);

struct seccomp_data;

/* A program that makes and runs filters has to say how. */
u32 bpf_prog_run_pin_on_cpu(const struct bpf_prog *prog,
			    const struct seccomp_data *sd);

int bpf_prog_create_from_insns(struct bpf_prog **pfp, struct sock_filter *insns,
			       u16 len, bpf_aux_classic_check_t trans);
void bpf_prog_destroy(struct bpf_prog *prog);

/* What the JIT compiler is told to do. */
#define CONFIG_BPF_JIT
extern int bpf_jit_enable, bpf_jit_harden;

#define ebpf_jit_enabled()	(bpf_jit_enable != 0)

/* Does it refuse the next programs? */
extern bool shim_jit_refuses;

#endif
