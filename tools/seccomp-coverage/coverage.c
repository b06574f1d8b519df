// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's own classifier, applied to a filter. */
#include <classify.h>
#include "classifier.h"
#include <seccomp.h>
#include "filter.h"
#include "coverage.h"

/* One ABI at a time; the other one has a single call. To be freed. */
static struct seccomp_results *classify(const struct program *filter,
					const struct abi *abi)
{
	const struct sock_fprog_kern orig = {
		.len = filter->len, .filter = (struct sock_filter *)filter->insn,
	};
	const struct bpf_prog prog = { .orig_prog = (void *)&orig };
	struct seccomp_results *results = seccomp_results_alloc();

	static_assert(ABI_SIZE <= SECCOMP_ABI_ROWS, "no room for the ABI");
	seccomp_abis[0].arch = abi->arch;
	seccomp_abis[0].size = ABI_SIZE;
	seccomp_abis[0].name = abi->name;
	seccomp_abis[1].arch = 0;
	seccomp_abis[1].size = 1;

	if (!results || seccomp_symbolic.classify(&prog, false, results))
		fail("out of memory");
	return results;
}

static struct seccomp_outcome outcome(const struct seccomp_results *results,
				      const struct abi *abi, unsigned int nr)
{
	return results->outcome[seccomp_results_row(results, seccomp_row(abi->arch, nr))];
}

/*
 * A call is allowed for some arguments, unless it is constant, and no ALLOW, in
 * the filter that has one result in place of all those that are not ALLOW.
 */
static void find_allowed(struct coverage *coverage, const struct program *filter)
{
	struct seccomp_results *results;
	struct program copy = *filter;
	struct seccomp_outcome out;

	for (unsigned int pc = 0; pc < copy.len; pc++)
		if (copy.insn[pc].code == (BPF_RET | BPF_K) &&
		    (copy.insn[pc].k & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ALLOW)
			copy.insn[pc].k = 0;	/* as a division by 0 returns */

	results = classify(&copy, coverage->abi);
	for (unsigned int nr = 0; nr < ABI_SIZE; nr++) {
		out = outcome(results, coverage->abi, nr);
		coverage->call[nr].allowed = out.kind != SECCOMP_CONSTANT ||
					     out.value == SECCOMP_RET_ALLOW;
	}
	kfree(results);
}

static bool is_look(const struct sock_filter *insn)
{
	return insn->code == (BPF_LD | BPF_W | BPF_ABS) &&
	       insn->k >= offsetof(struct seccomp_data, instruction_pointer);
}

static void find_constants(struct coverage *coverage, const struct program *filter)
{
	struct seccomp_results *results = classify(filter, coverage->abi);
	struct seccomp_outcome out;
	struct call *call;

	for (unsigned int nr = 0; nr < ABI_SIZE; nr++) {
		call = &coverage->call[nr];
		out = outcome(results, coverage->abi, nr);
		if (out.kind == SECCOMP_CONSTANT) {
			call->constant = true;
			call->ret = out.value;
		} else if (is_look(&filter->insn[out.value])) {
			call->look = out.value;
			call->offset = filter->insn[out.value].k;
		}
	}
	kfree(results);
}

struct coverage *coverage_new(const struct abi *abi)
{
	struct coverage *coverage = calloc(1, sizeof(*coverage));

	if (!coverage)
		fail("out of memory");

	coverage->abi = abi;
	for (unsigned int nr = 0; nr < ABI_SIZE; nr++) {
		coverage->call[nr].name = seccomp_syscall_resolve_num_arch(abi->arch, nr);
		coverage->call[nr].look = -1;
	}
	return coverage;
}

struct coverage *coverage_of(const struct program *filter, const struct abi *abi)
{
	struct coverage *coverage = coverage_new(abi);

	coverage->has_filter = true;
	find_allowed(coverage, filter);
	find_constants(coverage, filter);
	return coverage;
}

void coverage_free(struct coverage *coverage)
{
	if (!coverage)
		return;
	for (unsigned int nr = 0; nr < ABI_SIZE; nr++)
		free(coverage->call[nr].name);
	free(coverage);
}
