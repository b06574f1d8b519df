// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include "sides.h"

/* What attaching does beyond what the stock kernel does, too. */
noinline void cost_ours(struct seccomp_filter *filter,
			struct program *const *stack, unsigned int depth)
{
	for (unsigned int i = 0; i < depth; i++) {
		struct seccomp_filter *older = i ? &filter[i - 1] : NULL;

		if (filter_prepare(&filter[i], stack[i]->insn, stack[i]->len, false))
			abort();
		filter_freeze(&filter[i], older);
		if (older)
			filter_supersede(older);
	}
}

/*
 * The cache of allowed calls of a stock kernel: for each number that the older
 * filters always allow, the filter is followed until it looks at anything but
 * number and architecture, or does what its small interpreter does not know.
 */
static bool stock_allows(const struct program *p, uint32_t arch, uint32_t nr)
{
	const struct sock_filter *insn = p->insn;
	uint32_t a = 0;

	for (;; insn++) {
		switch (insn->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (insn->k == DATA(nr))
				a = nr;
			else if (insn->k == DATA(arch))
				a = arch;
			else
				return false;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
			insn += a == insn->k ? insn->jt : insn->jf;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			insn += a >= insn->k ? insn->jt : insn->jf;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			insn += a > insn->k ? insn->jt : insn->jf;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			insn += a & insn->k ? insn->jt : insn->jf;
			break;
		case BPF_JMP | BPF_JA:
			insn += insn->k;
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= insn->k;
			break;
		case BPF_RET | BPF_K:
			return insn->k == SECCOMP_RET_ALLOW;
		default:
			return false;
		}
	}
}

noinline unsigned long cost_stock(struct program *const *stack,
				  unsigned int depth)
{
	DECLARE_BITMAP(allow, SECCOMP_ABI_ROWS);
	const struct seccomp_abi *abi;
	unsigned long some = 0;

	for (abi = seccomp_abis; abi < &seccomp_abis[SECCOMP_NR_ABIS]; abi++) {
		memset(allow, 0xff, sizeof(allow));
		for (unsigned int i = 0; i < depth; i++)
			for (unsigned int nr = 0; nr < abi->size; nr++)
				if (test_bit(nr, allow) &&
				    !stock_allows(stack[i], abi->arch, nr))
					__clear_bit(nr, allow);
		some ^= allow[0];
	}
	return some;	/* or there would be nothing to do it for */
}
