/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's classifier as a library. */
#ifndef CLASSIFY_H
#define CLASSIFY_H

#include <linux/filter.h>
#include <linux/seccomp_bitmap.h>

/* The ABIs are variable: seccomp_abis[] is a program's to fill in. */

/* A program as the kernel keeps it. */
struct kernel_program {
	struct bpf_prog prog;
	struct sock_fprog_kern orig;
};

void kernel_program_init(struct kernel_program *kp,
			 const struct sock_filter *insns, unsigned int len);

int classify_program(const struct kernel_program *kp,
		     struct seccomp_filter *filter,
		     struct seccomp_bitmap *bitmap, u16 *first_look);
void classify_free(struct seccomp_bitmap *bitmap);

#endif
