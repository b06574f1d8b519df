/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs for tests, as they are when a filter is attached. */
#ifndef _KERNEL_SECCOMP_KUNIT_PROG_H
#define _KERNEL_SECCOMP_KUNIT_PROG_H

#include <kunit/test.h>
#include <linux/filter.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../program.h"
#include "../results.h"

/* The number of a native call, counted from the first one. */
#define NATIVE(n)	(SECCOMP_ARCH_NATIVE_FIRST + (n))

/* As seccomp_check_filter() does with programs that it accepts. */
static inline int kunit_check_filter(struct sock_filter *insns, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len; i++)
		if (insns[i].code == (BPF_LD | BPF_W | BPF_ABS))
			insns[i].code = BPF_LDX | BPF_W | BPF_ABS;
	return 0;
}

static inline struct bpf_prog *kunit_prog(struct kunit *test,
					  const struct sock_filter *insns, u16 len)
{
	struct sock_filter *text = kmemdup(insns, len * sizeof(*insns), GFP_KERNEL);
	struct bpf_prog *prog = NULL;

	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_ASSERT_EQ(test, bpf_prog_create_from_insns(&prog, text, len,
							 kunit_check_filter), 0);
	return prog;
}

/* A program that nothing shares, with results that need not be its own, or NULL. */
static inline struct seccomp_program *
kunit_program(struct kunit *test, const struct sock_filter *insns, u16 len,
	      const struct seccomp_results *own)
{
	struct seccomp_program *program = kzalloc(sizeof(*program), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, program);
	refcount_set(&program->shared.refs, 1);
	program->prog = kunit_prog(test, insns, len);
	if (own) {
		program->own = seccomp_results_pack(own);
		KUNIT_ASSERT_NOT_NULL(test, program->own);
	}
	return program;
}

#endif /* _KERNEL_SECCOMP_KUNIT_PROG_H */
