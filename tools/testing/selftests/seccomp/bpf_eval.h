/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The oracle: a plain interpreter of the classic BPF that seccomp accepts, and
 * the rule by which the kernel combines a stack of filters. It shares nothing
 * with what it judges.
 */
#ifndef BPF_EVAL_H
#define BPF_EVAL_H

#include "filter.h"

static inline uint32_t bpf_alu(unsigned int op, uint32_t a, uint32_t b)
{
	switch (op) {
	case BPF_ADD: return a + b;
	case BPF_SUB: return a - b;
	case BPF_MUL: return a * b;
	case BPF_DIV: return a / b;
	case BPF_AND: return a & b;
	case BPF_OR:  return a | b;
	case BPF_XOR: return a ^ b;
	/* A run-time shift uses the low five bits, as the CPUs do. */
	case BPF_LSH: return a << (b & 31);
	case BPF_RSH: return a >> (b & 31);
	case BPF_NEG: return -a;
	}
	abort();
}

static inline bool bpf_jump(unsigned int op, uint32_t a, uint32_t b)
{
	switch (op) {
	case BPF_JEQ:  return a == b;
	case BPF_JGT:  return a > b;
	case BPF_JGE:  return a >= b;
	case BPF_JSET: return a & b;
	}
	abort();
}

static inline uint32_t bpf_load(const struct sock_filter *i, const uint32_t *mem,
				const struct seccomp_data *sd)
{
	switch (BPF_MODE(i->code)) {
	case BPF_IMM: return i->k;
	case BPF_LEN: return sizeof(*sd);
	case BPF_MEM: return mem[i->k];
	case BPF_ABS: return *(const uint32_t *)((const char *)sd + i->k);
	}
	abort();
}

static inline uint32_t bpf_eval(const struct prog *p, const struct seccomp_data *sd)
{
	uint32_t a = 0, x = 0, mem[BPF_MEMWORDS] = { 0 };
	const struct sock_filter *i;

	for (i = p->insn; ; i++) {
		uint32_t src = BPF_SRC(i->code) == BPF_X ? x : i->k;

		switch (BPF_CLASS(i->code)) {
		case BPF_LD:
			a = bpf_load(i, mem, sd);
			break;
		case BPF_LDX:
			x = bpf_load(i, mem, sd);
			break;
		case BPF_ST:
			mem[i->k] = a;
			break;
		case BPF_STX:
			mem[i->k] = x;
			break;
		case BPF_ALU:
			if (BPF_OP(i->code) == BPF_DIV && !src)
				return 0;
			a = bpf_alu(BPF_OP(i->code), a, src);
			break;
		case BPF_JMP:
			if (BPF_OP(i->code) == BPF_JA)
				i += i->k;
			else
				i += bpf_jump(BPF_OP(i->code), a, src) ? i->jt : i->jf;
			break;
		case BPF_RET:
			return BPF_RVAL(i->code) == BPF_A ? a : i->k;
		case BPF_MISC:
			if (BPF_MISCOP(i->code) == BPF_TAX)
				x = a;
			else
				a = x;
			break;
		}
	}
}

/*
 * Oldest filter first in @stack. The newest filter is asked first, and another
 * one is heard only when its action (a signed number) is lower. @match is the
 * index of the filter that decided, -1 for an allowed call.
 */
static inline uint32_t eval_stack(const struct prog *stack, int depth,
				  const struct seccomp_data *sd, int *match)
{
	uint32_t ret = SECCOMP_RET_ALLOW;

	*match = -1;
	while (depth--) {
		uint32_t cur = bpf_eval(&stack[depth], sd);

		if ((int32_t)(cur & SECCOMP_RET_ACTION_FULL) <
		    (int32_t)(ret & SECCOMP_RET_ACTION_FULL)) {
			ret = cur;
			*match = depth;
		}
	}
	return ret;
}

static inline struct seccomp_data data_of(int nr, const unsigned long a[6])
{
	struct seccomp_data sd = { .nr = nr, .arch = MY_ARCH };

	for (int i = 0; i < 6; i++)
		sd.args[i] = SEEN_ARG(a[i]);
	return sd;
}

#endif
